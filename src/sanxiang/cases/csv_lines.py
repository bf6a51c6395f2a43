"""Tables as csv, line by line, for spreadsheets: with a byte-order mark, and no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator

FORMULA = tuple("=+-@\t\r＝＋－＠")
"""A cell that begins so is a formula to a spreadsheet (CWE-1236), also behind blanks."""


class Lines:
    """A file for csv.writer that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        """The line as written."""
        return line


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA) else text


def lines(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The table line by line, with a byte-order mark, without which Excel takes UTF-8 for GBK; None is an empty cell."""
    writer = csv.writer(Lines())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([safe(str(cell)) if cell is not None else "" for cell in row])
