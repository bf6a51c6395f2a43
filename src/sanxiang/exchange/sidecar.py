"""The lists that an import leaves beside its file: rows refused, rows held back. Written as they come, for any spreadsheet."""

import csv
import errno
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any


class Sidecar:
    """A csv file that comes into being with its first line. Beside the file imported, or in `spare` where that is forbidden."""

    def __init__(self, file: Path, ending: str, headers: Sequence[str], spare: Path) -> None:
        self.path = file.with_suffix(f".{ending}.csv")
        self.headers, self.spare = list(headers), spare
        self.lines = 0
        self._open: TextIOWrapper | None = None
        self._writer: Any = None

    def __enter__(self) -> "Sidecar":
        return self

    def write(self, cells: Sequence[object]) -> None:
        """One line; what is no text anywhere is written as \\x escapes, so that nothing of the row is lost."""
        if self._open is None:
            self._begin()
        self._writer.writerow([str(cell).replace("\0", "\\x00") for cell in cells])
        self.lines += 1

    def _begin(self) -> None:
        try:
            self._open = self._at(self.path)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            self.spare.mkdir(parents=True, exist_ok=True)
            self.path = self.spare / self.path.name
            self._open = self._at(self.path)
        self._writer = csv.writer(self._open)
        self._writer.writerow(self.headers)

    def _at(self, path: Path) -> TextIOWrapper:
        # A mark at the start, or Excel takes Chinese for Latin.
        return path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()
        elif kind is None:
            self._remove_stale()

    def _remove_stale(self) -> None:
        """A list of an earlier run says nothing any more; only a file with our own headers is taken away."""
        try:
            with self.path.open(encoding="utf-8-sig") as old:
                ours = next(csv.reader(old), None) == self.headers
            if ours:
                self.path.unlink()
        except (OSError, UnicodeDecodeError, csv.Error):
            return
