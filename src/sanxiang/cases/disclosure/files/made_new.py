"""The file that goes out is a new one: what was seen is set or drawn again, and nothing else of the old file comes along.

A text (.docx, .txt) is masked and set anew, with its words; a picture or a PDF is drawn page by page into a PDF of pictures, because in
pictures nothing can be told apart, and so must hold nothing that is protected.
"""

import io
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image

from sanxiang.cases.disclosure.by_hand import Row, joined, spans_by_hand
from sanxiang.cases.disclosure.party_copy import LEFT_OUT, filled, pieces, sheet
from sanxiang.cases.dossier import sheets
from sanxiang.cases.papers.markup import Block, Cell, Content
from sanxiang.cases.papers.typeset import to_pdf
from sanxiang.law.redact import Known, fold, put, redact_parts

DOTS = 190.0
"""An inch of a drawn page, as `dossier.drawing` draws A4."""

UNTOLD = {"producer": "", "creator": "", "creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
"""A new file tells neither by what nor when it was made, and is the same whenever it is made."""

UNDATED = "1970-01-01"
"""The same for a paper, which must have a day: it is not printed on a paper without a seal."""


class NotShown(ValueError):
    """The file cannot be shown, so nothing of it can go out; the message is a Chinese sentence."""


def masked(content: Content, known: Known, hide: Sequence[Row], note: str = "") -> Content:
    """A paper as the public may read it: the case's own people and numbers, what the rules find and what the editor names hidden."""
    kept = replace(content, blocks=tuple(one for one in content.blocks if one.kind not in LEFT_OUT))
    parts = {key: text for key, text in pieces([kept]) if text.strip()}
    texts = {
        key: put(fold(parts[key]), joined(one.spans, spans_by_hand(parts[key], hide)))
        for key, one in redact_parts(parts, known).items()
    }
    made = filled(0, kept, texts)
    return replace(made, blocks=(*([Block("note", note)] if note else []), *made.blocks))


def new_file(file: Path, title: str, agency: str, day: str, known: Known, hide: Sequence[Row] = ()) -> bytes:
    """The PDF that goes out for a file that was attached. Raises NotShown, RareSign."""
    head = file.open("rb").read(16)
    if head.startswith(b"PK\x03\x04"):
        return to_pdf(masked(set_anew(file, title, agency, day), known, hide))
    if sheets.form_of(head):
        return drawn_anew(file)
    raise NotShown("只能公开 PDF、图片和 Word（.docx）文件")


def set_anew(file: Path, title: str, agency: str, day: str) -> Content:
    """The words of a Word file as a paper: paragraphs and tables in their order; neither its styles nor its pictures. Raises NotShown."""
    try:
        opened: Document = docx.Document(str(file))
        blocks = list(_blocks(opened))
    except (ValueError, KeyError, OSError) as error:
        raise NotShown("这个 Word 文件打不开") from error
    if not blocks:
        raise NotShown("这个 Word 文件里没有文字")
    return sheet("public-file", title, agency, "", day, blocks)


def _blocks(opened: Document) -> Iterator[Block]:
    for part in opened.iter_inner_content():
        if isinstance(part, Table):
            yield _table(part)
        elif text := visible(part).strip():
            kind = (
                "heading"
                if (part.style and str(part.style.name).startswith(("Heading", "标题")))
                else "paragraph"
            )
            yield Block(kind, text)


def visible(part: Paragraph) -> str:
    """The words of a paragraph without those that are marked as hidden."""
    runs: list[Run] = []
    for one in part.iter_inner_content():
        runs += [one] if isinstance(one, Run) else one.runs
    return "".join(run.text for run in runs if not run.font.hidden)


def _table(part: Table) -> Block:
    rows = tuple(
        tuple(Cell("\n".join(visible(one) for one in cell.paragraphs)) for cell in row.cells)
        for row in part.rows
    )
    width = max((len(row) for row in rows), default=0)
    even = tuple((*row, *[Cell("")] * (width - len(row))) for row in rows)
    return Block("table", rows=even, widths=(4,) * width, labels=(False,) * width)


def drawn_anew(file: Path) -> bytes:
    """Every page as a picture in a new PDF that says nothing of where it came from. Raises NotShown."""
    with tempfile.TemporaryDirectory() as folder:
        (found,) = sheets.pictures([(file, Path(folder))])
        if not found:
            raise NotShown("这个文件打不开，没有能够显示的页面")
        first, *rest = [_plain(path) for path, _, _ in found]
        made = io.BytesIO()
        first.save(made, "PDF", save_all=True, append_images=rest, resolution=DOTS, **UNTOLD)
    return made.getvalue()


def _plain(path: Path) -> Image.Image:
    """The picture without anything that was said of it."""
    with Image.open(path, formats=("JPEG",)) as picture:
        bare = Image.new("RGB", picture.size)
        bare.paste(picture)
    return bare
