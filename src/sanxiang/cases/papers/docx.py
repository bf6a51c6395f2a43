"""The same paper as .docx, for offices that want to go on in Word or WPS. Same blocks, same page, same words."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from sanxiang.cases.papers.data import version_of
from sanxiang.cases.papers.markup import Block, Cell, Content
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.casefile import OUT_OF_FILE

FANG, HEI, SONG, LATIN = "仿宋", "黑体", "方正小标宋简体", "Times New Roman"
SIZES = {"letter": 15.75, "cover": 15.75, "record": 14.0, "form": 12.0}
PITCHES = {"letter": 28.99, "cover": 28.99, "record": 25.5, "form": 19.0}
BLANK = "＿" * 8
CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd")
"""What XML cannot hold."""


def to_docx(content: Content, mark: str = "") -> bytes:
    """The paper as an editable document, with east-asian fonts named so that Word and WPS pick FangSong.

    `mark` is the watermark of whoever takes it away.
    """
    document = Document()
    _page(document, content)
    _headline(document, content)
    for block in content.blocks:
        WRITERS[block.kind](document, block, content)
    if mark:
        _mark(document, mark)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, content: Content) -> None:
    """A4 with the margins of GB/T 9704; a form takes more of the sheet."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    form = content.layout == "form"
    section.top_margin, section.bottom_margin = Mm(30 if form else 37), Mm(25 if form else 35)
    section.left_margin, section.right_margin = Mm(25 if form else 28), Mm(20 if form else 26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(SIZES[content.layout])
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(PITCHES[content.layout])
    properties = document.core_properties
    properties.title, properties.author = (
        content.title.translate(CONTROLS),
        content.agency.translate(CONTROLS),
    )
    properties.comments = ""
    properties.keywords = version_of(content.paper, content.template).translate(CONTROLS)
    if content.paper not in OUT_OF_FILE:
        _footer(section.footer.paragraphs[0], content)


def _mark(document: Any, mark: str) -> None:
    """The watermark: small at the foot of each page, and in the document's properties."""
    document.core_properties.identifier = mark
    _write(document.sections[0].footer.add_paragraph(), f"水印编号 {mark}", size=8)


def _footer(paragraph: Any, content: Content) -> None:
    """Page numbers, and where records are signed page by page the places to sign."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    signs = "　".join(f"{who}签名：{BLANK[:4]}" for who in content.signed_by)
    if content.layout in ("record", "form"):
        for text, code in ((f"{signs}　第 " if signs else "第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
            _write(paragraph, text, size=10.5)
            _counter(paragraph, code)
        _write(paragraph, " 页", size=10.5)
    else:
        _write(paragraph, "— ", size=14)
        _counter(paragraph, "PAGE")
        _write(paragraph, " —", size=14)


def _counter(paragraph: Any, code: str) -> None:
    """A field that Word counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _headline(document: Any, content: Content) -> None:
    size = 22 if content.layout in ("letter", "record", "cover") else 18
    for text in filter(None, (content.agency, content.title)):
        paragraph = _paragraph(document, WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
        _write(paragraph, text, font=SONG, size=size, bold=True)
    if content.number:
        where = WD_ALIGN_PARAGRAPH.RIGHT if content.layout == "form" else WD_ALIGN_PARAGRAPH.CENTER
        _write(_paragraph(document, where), content.number)
    if content.layout in ("letter", "cover"):
        document.add_paragraph()


def _paragraph(parent: Any, where: Any = None, indent: bool = False) -> Any:
    """A paragraph; `indent` sets its first line two characters in, whatever the size."""
    paragraph = parent.add_paragraph()
    paragraph.alignment = where
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
        paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")
    return paragraph


def _write(paragraph: Any, text: str, font: str = "", size: float = 0, bold: bool = False) -> None:
    """Text into a paragraph; a font is named for Chinese and Latin letters apart."""
    run = paragraph.add_run(text.translate(CONTROLS))
    if bold:
        run.bold = True
    if size:
        run.font.size = Pt(size)
    if font:
        run.font.name = LATIN
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _text(where: Any, indent: bool, font: str = "", size: float = 0) -> Callable[[Any, Block, Content], None]:
    def write(document: Any, block: Block, content: Content) -> None:
        _write(_paragraph(document, where, indent), block.text, font, size)

    return write


def _sign(document: Any, block: Block, content: Content) -> None:
    _write(_paragraph(document), f"{block.text}（签名或者盖章）：{BLANK}　　年　　月　　日")


def _seal(document: Any, block: Block, content: Content) -> None:
    document.add_paragraph()
    for text in (content.agency, cn_date(date.fromisoformat(content.date))):
        paragraph = _paragraph(document, WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(SIZES[content.layout] * 3)
        _write(paragraph, text)


def _table(document: Any, block: Block, content: Content) -> None:
    """A bordered table; rows with fewer cells stretch their last, columns of labels are centred."""
    table = document.add_table(rows=0, cols=len(block.widths))
    table.style = "Table Grid"
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [round(room * width / sum(block.widths)) for width in block.widths]
    for number, row in enumerate(block.rows):
        cells = list(table.add_row().cells)
        for place, item in enumerate(row):
            cells[place].width = widths[place]
            head = block.head and number == 0
            target = (
                cells[place].merge(cells[-1])
                if place == len(row) - 1 and place < len(cells) - 1
                else cells[place]
            )
            _cell(target, item, head, head or block.labels[place], content)


def _cell(cell: Any, item: Cell, head: bool, centred: bool, content: Content) -> None:
    size = 15.75 if content.layout == "cover" else 12.0
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    _write(paragraph, item.text, HEI if head else "", size)
    if item.foot:
        foot = _paragraph(cell, WD_ALIGN_PARAGRAPH.RIGHT)
        foot.paragraph_format.space_before = Pt(24)
        _write(foot, item.foot, size=size)


def _break(document: Any, block: Block, content: Content) -> None:
    document.add_page_break()


RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
WRITERS: dict[str, Callable[[Any, Block, Content], None]] = {
    "heading": _text(None, True, HEI),
    "paragraph": _text(None, True),
    "item": _text(None, True),
    "plain": _text(None, False),
    "right": _text(RIGHT, False),
    "centre": _text(CENTRE, False),
    "note": _text(None, False, "", 10.5),
    "table": _table,
    "sign": _sign,
    "seal": _seal,
    "break": _break,
    "blank": _text(None, False),
}
