"""The bulk file of all public decisions as it lies in the data folder: which one it is, and whether it may still be given out.

It is made beside the web (`square.bulk`), so it is older than the board. Beside it lie the id and the act of each decision in it: a
decision that an act has touched since is found there, and the file is refused until it is made anew. Only what is new does no harm.
"""

import json
import mmap
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from sanxiang.cases.disclosure.published import stands
from sanxiang.cases.models import Publication
from sanxiang.ledger.models import Act

FOLDER, SWITCH = "open-data", "bulk.json"
SLACK = timedelta(minutes=10)
"""So long may an act have been under way that was dated before a build began and committed behind it."""
LOOKED = 20_000
"""So many touched decisions are looked at one by one; where there are more the file is made anew first."""
KEY = 16


@dataclass(frozen=True)
class Bulk:
    """What is told of the file: when it was begun, up to which change of the log it goes, what is in it, its digests."""

    name: str
    built_at: str
    cursor: str
    total: int
    removed: int
    ends: str
    size: int
    sha256: str
    sm3: str
    files: tuple[dict[str, Any], ...]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return folder() / f"{self.name}.zip"

    @property
    def built(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(self.built_at)


def folder() -> Path:
    """Where the file lies, with nothing else."""
    root: Path = settings.DATA
    return root / FOLDER


def newest() -> Bulk | None:
    """The file that was made last; None where none was."""
    try:
        told = json.loads((folder() / SWITCH).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return Bulk(**{**told, "files": tuple(told["files"])})


def current() -> Bulk | None:
    """The file if it may be given out now: nothing in it has been withdrawn, ended or corrected since. One query."""
    bulk = newest()
    return bulk if bulk and bulk.path.exists() and not overtaken(bulk) else None


def overtaken(bulk: Bulk) -> bool:
    """Does it hold a text that is no longer public, or reads otherwise now?"""
    if over(bulk, timezone.localdate()):
        return True
    seen = enumerate(touched(bulk))
    return any(number == LOOKED or (act and act != row.act) for number, (row, act) in seen)


def grown(bulk: Bulk) -> bool:
    """Is there a public decision that it lacks?"""
    return any(act is None and stands(row) for row, act in touched(bulk))


def over(bulk: Bulk, today: date) -> bool:
    """Has the last public day of a decision in it passed?"""
    return bool(bulk.ends) and date.fromisoformat(bulk.ends) < today


def touched(bulk: Bulk) -> Iterator[tuple[Publication, UUID | None]]:
    """The decisions whose last act is as late as the file or later, each with the act under which it stands in the file."""
    late = Act.objects.filter(at__gte=bulk.built - SLACK).values("leaf_hash")
    rows = Publication.objects.filter(leaf_hash__in=late).only("act", "status", "display_until")
    with Held(bulk) as held:
        for row in islice(rows.iterator(), LOOKED + 1):
            yield row, held.act_of(row.pk)


class Held:
    """The ids of what is in the file, in order, each followed by its act."""

    def __init__(self, bulk: Bulk) -> None:
        self.path = bulk.path.with_suffix(".ids")

    def __enter__(self) -> "Held":
        with self.path.open("rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if _filled(self.path) else b""
        return self

    def __exit__(self, *_: object) -> None:
        if isinstance(self.bytes, mmap.mmap):
            self.bytes.close()

    def __len__(self) -> int:
        return len(self.bytes) // (2 * KEY)

    def __getitem__(self, place: int) -> bytes:
        begin = place * 2 * KEY
        return self.bytes[begin : begin + KEY]

    def act_of(self, key: UUID) -> UUID | None:
        """The act under which a decision stands in the file; None where it does not."""
        place = bisect_left(self, key.bytes)
        if place == len(self) or self[place] != key.bytes:
            return None
        begin = place * 2 * KEY + KEY
        return UUID(bytes=self.bytes[begin : begin + KEY])


def _filled(path: Path) -> bool:
    return path.stat().st_size > 0


def told(bulk: Bulk) -> dict[str, Any]:
    """What is told of it to everybody."""
    names = ("built_at", "total", "removed", "cursor", "size", "sha256", "sm3", "files")
    return {"url": "/open-data/bulk.zip", **{name: getattr(bulk, name) for name in names}}
