"""The logs of an installation: the acts, and for each year who looked at what (trust.md §1.3, §2.3).

Each has a row in `ledger_state`, a tree over SHA-256, its twin over SM3, and a folder of files for each tree.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

from sanxiang.ledger.keys import origin

ACTS_ROW = 1
HASHES = ("sha256", "sm3")


@dataclass(frozen=True)
class Log:
    """One log: its row in `ledger_state`, and what stands behind the installation's own name in its origin."""

    row: int
    below: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.row}年调阅账本" if self.below else "办理账本"

    @cached_property
    def origin(self) -> str:
        """The log's name."""
        return origin() + self.below

    def origin_of(self, hash: str) -> str:
        """The name of one of its two trees."""
        return self.origin if hash == "sha256" else f"{self.origin}-sm3"

    def folder(self, hash: str) -> Path:
        """Where the files of one tree lie, as they are served."""
        place: Path = settings.DATA / ("log" if hash == "sha256" else "log-sm3")
        return place / self.below.lstrip("/") if self.below else place


ACTS = Log(ACTS_ROW)


def accesses(year: int) -> Log:
    """The log of all that was looked at in a year."""
    return Log(year, f"/access/{year}")


def log_of(row: int) -> Log:
    """The log whose row in `ledger_state` that is."""
    return ACTS if row == ACTS_ROW else accesses(row)
