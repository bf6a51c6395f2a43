"""The files of 双公示, written as they are read: xlsx or csv, and beside them the rows that may not leave, with the reasons."""

import csv
import gc
import os
import re
import zipfile
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import IO, Protocol

from sanxiang.exchange.creditchina import rows
from sanxiang.exchange.creditchina.fields import TABLES, Field, Line, clean, faults, shape_of
from sanxiang.people.models import Agency

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TO_ESCAPE = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="双公示" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
"""What a workbook of one sheet consists of besides the sheet."""


@dataclass
class Outcome:
    """What left and what did not."""

    file: str
    exported: int = 0
    refused: int = 0
    refused_file: str = ""
    reasons: list[dict[str, str]] = field(default_factory=list)


class Writer(Protocol):
    """Takes many lines at a time."""

    def writerows(self, rows: Sequence[Line], /) -> object:
        """Lines in their order."""


def export(
    table: str, first: date, last: date, path: Path, *, agency: Agency | None = None, today: date
) -> Outcome:
    """Write the file, and beside it `.refused.csv` where rows may not leave. Raises OSError.

    It holds identity numbers: nobody but its owner may read it.
    """
    fields, outcome = TABLES[table], Outcome(str(path))
    aside = path.with_name(f"{path.name}.refused.csv")
    aside.unlink(missing_ok=True)
    with ExitStack() as stack:
        stack.enter_context(uncollected())
        out = stack.enter_context(workbook(path) if path.suffix == ".xlsx" else commas(path))
        out.writerows([[one.label for one in fields]])
        refused: Writer | None = None
        for lines in rows.read(table, first, last, agency):
            wrong = {} if clean(fields, lines, today) else refused_of(fields, lines, today)
            good = [line for at, line in enumerate(lines) if at not in wrong] if wrong else lines
            out.writerows(good)
            outcome.exported += len(good)
            if not wrong:
                continue
            if refused is None:
                refused = stack.enter_context(commas(aside))
                refused.writerows([["文号", "公示编号", "原因"]])
            refused.writerows([list(one.values()) for one in wrong.values()])
            outcome.refused += len(wrong)
            outcome.reasons += list(wrong.values())[: 100 - len(outcome.reasons)]
    outcome.refused_file = str(aside) if outcome.refused else ""
    return outcome


@contextmanager
def uncollected() -> Iterator[None]:
    """Rows are texts in tuples and go when they are written: to look for circles among them takes a sixth of the time and finds none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def refused_of(fields: tuple[Field, ...], lines: Sequence[Line], today: date) -> dict[int, dict[str, str]]:
    """Which of these rows may not leave, by place, each with its number, its publication and every reason."""
    codes, found = shape_of(fields).codes, {}
    for at, line in enumerate(lines):
        row = dict(zip(codes, line, strict=True))
        if wrong := faults(fields, row, today):
            told = {"number": row["WSH"], "id": row["BZ"].removeprefix(rows.MARK)}
            found[at] = {**told, "reason": "；".join(wrong)}
    return found


def own(path: Path, mode: str) -> IO[bytes]:
    """A new file that its owner alone can read."""
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), mode)


class Sheet:
    """The one sheet of a workbook, written some thousand rows at a time. Rows with the same columns filled have one frame, into
    which number and texts are put."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.n = file, 0
        self.frames: dict[bytes, str] = {}
        file.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())

    def writerows(self, rows: Sequence[Line], /) -> None:
        """The cells that are not empty. Whether anything has to be escaped is asked once of all that is said in these rows."""
        if TO_ESCAPE.search("".join(set(chain.from_iterable(rows)))):
            rows = [[NOT_XML.sub("\ufffd", cell).translate(ESCAPED) for cell in row] for row in rows]
        self.file.write("".join(map(self.line, rows)).encode())

    def line(self, row: Line) -> str:
        """One row as it stands in the file."""
        self.n += 1
        filled = bytes(map(bool, row))
        if filled not in self.frames:
            cells = "".join(
                [f"{head}#{BEGIN}%s{END}" for head, one in zip(HEADS, filled, strict=False) if one]
            )
            self.frames[filled] = f'<row r="#">{cells}</row>'
        return self.frames[filled].replace("#", str(self.n)) % tuple(filter(None, row))

    def close(self) -> None:
        """The end of the sheet."""
        self.file.write(b"</sheetData></worksheet>")


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEADS = [f'<c r="{letter}' for letter in (*LETTERS, *(f"A{letter}" for letter in LETTERS))]
BEGIN, END = '" t="inlineStr"><is><t>', "</t></is></c>"


class Commas:
    """A csv with a byte-order mark, every cell in quotation marks and none changed: what a spreadsheet would run does not leave."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        file.write(BOM_UTF8)

    def writerows(self, rows: Sequence[Line], /) -> None:
        """Put together in memory and handed to the file at once."""
        text = StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
        self.file.write(text.getvalue().encode())


@contextmanager
def commas(path: Path) -> Iterator[Writer]:
    """A csv."""
    with own(path, "wb") as raw:
        yield Commas(raw)


@contextmanager
def workbook(path: Path) -> Iterator[Writer]:
    """An xlsx of one sheet whose cells are all text: no date and no code is guessed at."""
    with own(path, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in PARTS.items():
            book.writestr(name, HEAD + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            sheet = Sheet(file)
            yield sheet
            sheet.close()
