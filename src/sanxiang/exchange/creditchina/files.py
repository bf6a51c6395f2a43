"""The files of 双公示, written as they are read: xlsx or csv, and beside them the rows that may not leave, with the reasons."""

import os
import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Protocol

from sanxiang.exchange.creditchina import rows
from sanxiang.exchange.creditchina.fields import TABLES, faults, shape_of
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
    """Takes one line after the other."""

    def writerow(self, row: Sequence[str], /) -> object:
        """One line."""


def export(
    table: str, first: date, last: date, path: Path, *, agency: Agency | None = None, today: date
) -> Outcome:
    """Write the file, and beside it `.refused.csv` where rows may not leave. Raises OSError.

    It holds identity numbers: nobody but its owner may read it.
    """
    fields, outcome = TABLES[table], Outcome(str(path))
    shape = shape_of(fields)
    aside = path.with_name(f"{path.name}.refused.csv")
    aside.unlink(missing_ok=True)
    with ExitStack() as stack:
        out = stack.enter_context(workbook(path) if path.suffix == ".xlsx" else commas(path))
        out.writerow([one.label for one in fields])
        refused: Writer | None = None
        for row in rows.read(table, first, last, agency):
            cells = shape.cells(row)
            wrong = faults(fields, row, today, cells)
            if not wrong:
                out.writerow(cells)
                outcome.exported += 1
                continue
            if refused is None:
                refused = stack.enter_context(commas(aside))
                refused.writerow(["文号", "公示编号", "原因"])
            told = {
                "number": row.get("WSH", ""),
                "id": row["BZ"].removeprefix(rows.MARK),
                "reason": "；".join(wrong),
            }
            refused.writerow(list(told.values()))
            outcome.refused += 1
            outcome.reasons += [told] if len(outcome.reasons) < 100 else []
    outcome.refused_file = str(aside) if outcome.refused else ""
    return outcome


def own(path: Path, mode: str) -> IO[bytes]:
    """A new file that its owner alone can read."""
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), mode)


class Lines(ABC):
    """Lines of text, handed to a file by the thousand: no row is kept."""

    def __init__(self, file: IO[bytes], begin: str) -> None:
        self.file, self.kept, self.n = file, [begin], 0

    @abstractmethod
    def line(self, row: Sequence[str]) -> str:
        """One row as it stands in the file."""

    def writerow(self, row: Sequence[str], /) -> None:
        """One line."""
        self.n += 1
        self.kept.append(self.line(row))
        if len(self.kept) >= 1000:
            self.flush()

    def flush(self, end: str = "") -> None:
        """Hand on what was written."""
        self.file.write(("".join(self.kept) + end).encode())
        self.kept = []


class Commas(Lines):
    """A csv with every cell in quotation marks."""

    def line(self, row: Sequence[str]) -> str:
        """The cells; a quotation mark is written twice."""
        return '"' + '","'.join([cell.replace('"', '""') for cell in row]) + '"\r\n'


class Sheet(Lines):
    """The one sheet of a workbook. Rows with the same columns filled have one frame, into which number and texts are put."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>')
        self.frames: dict[bytes, str] = {}

    def line(self, row: Sequence[str]) -> str:
        """The cells that are not empty."""
        if TO_ESCAPE.search("".join(row)):
            row = [NOT_XML.sub("\ufffd", cell).translate(ESCAPED) for cell in row]
        filled = bytes(map(bool, row))
        if filled not in self.frames:
            cells = "".join(
                [f"{head}#{BEGIN}%s{END}" for head, one in zip(HEADS, filled, strict=False) if one]
            )
            self.frames[filled] = f'<row r="#">{cells}</row>'
        return self.frames[filled].replace("#", str(self.n)) % tuple(filter(None, row))


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEADS = [f'<c r="{letter}' for letter in (*LETTERS, *(f"A{letter}" for letter in LETTERS))]
BEGIN, END = '" t="inlineStr"><is><t>', "</t></is></c>"


@contextmanager
def commas(path: Path) -> Iterator[Writer]:
    """A csv with a byte-order mark; no cell is changed, for rows that a spreadsheet would run do not leave."""
    with own(path, "wb") as raw:
        lines = Commas(raw, "\ufeff")
        yield lines
        lines.flush()


@contextmanager
def workbook(path: Path) -> Iterator[Writer]:
    """An xlsx of one sheet whose cells are all text: no date and no code is guessed at."""
    with own(path, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in PARTS.items():
            book.writestr(name, HEAD + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            sheet = Sheet(file)
            yield sheet
            sheet.flush("</sheetData></worksheet>")
