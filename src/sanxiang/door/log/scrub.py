"""The nightly look over all files 文件巡检: a part of them is hashed again each night, so that every file is seen within N days.

Papers, evidence and what was made from it, in the order of their digests. How far it came stands in one row, so that a look that
was cut off goes on where it was. What was found is told by an act of the installation; nothing is repaired and nothing removed.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from sanxiang.cases import store
from sanxiang.cases.models import Derivative, Evidence, Paper, Scrub
from sanxiang.cases.shelves import PIECE, StoreFault
from sanxiang.door.log.installation import LABELS, record

HOUR = 2
"""Beijing time: nobody works on cases."""
BATCH = 1000
SAVE_FILES, SAVE_SECONDS = 100, 5.0
BUSY = timedelta(minutes=10)
"""How long a look that says nothing more counts as running."""
MOST_FAULTS = 1000
"""Named in one act; more than that is a lost disk, not a list."""
MISSING, ALTERED = "missing", "altered"
FIRST = store.EVIDENCE
SHELVES = (store.EVIDENCE, store.PAPERS)

log = logging.getLogger(__name__)


@dataclass
class Tally:
    """What was found since the last report."""

    read: int = 0
    bytes: int = 0
    missing: int = 0
    altered: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)

    def fault(self, shelf: str, digest: str, what: str) -> None:
        """One more file that is not what it should be."""
        setattr(self, what, getattr(self, what) + 1)
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(
                {"fault": what, "shelf": shelf, "digest": digest, "cited": cited(shelf, digest)}
            )


def due(now: datetime) -> bool:
    """Is tonight's part still to be read? True from 02:00 in Beijing until it was, but not while another process reads."""
    local = timezone.localtime(now)
    row = Scrub.objects.first()
    if local.hour < HOUR or (row and row.ran_on and row.ran_on >= local.date()):
        return False
    return not (row and row.busy_until and row.busy_until > now)


def beside(now: datetime) -> threading.Thread | None:
    """Begin tonight's part in a thread of its own where it is due: the sequencer must not wait for a disk."""
    if not due(now):
        return None
    thread = threading.Thread(target=_quietly, name="scrub", daemon=True)
    thread.start()
    return thread


def _quietly() -> None:
    """What cannot be read tonight is tried again after `BUSY`; the row keeps what was found so far."""
    try:
        run(timezone.now())
    except (StoreFault, OSError, Error) as fault:
        log.warning("scrub: %s", fault)
    finally:
        close_old_connections()


def run(now: datetime, everything: bool = False) -> dict[str, Any] | None:
    """Read tonight's part (or all, however long it takes), record and return what was found; None while another process reads.

    Raises StoreFault where the store is away: nothing is said of files that could not be asked for.
    """
    row = _claim(now)
    if row is None:
        return None
    today = timezone.localdate(now)
    if everything or row.round_on is None:
        row.shelf, row.after, row.round_on = "", "", today
    tally = Tally(**row.tally)
    try:
        _read(row, tally, None if everything else share(row, today))
    except StoreFault:
        _keep(row, tally, None)
        raise
    return _report(row, tally, today, now)


def _claim(now: datetime) -> Scrub | None:
    """The row, held for this process."""
    Scrub.objects.get_or_create(pk=1)
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    if not Scrub.objects.filter(free, pk=1).update(busy_until=now + BUSY):
        return None
    return Scrub.objects.get(pk=1)


def share(row: Scrub, today: date) -> int:
    """How many files tonight: what is left of the round by the nights that are left. What a short night left is caught up."""
    nights = settings.SCRUB_DAYS - (today - (row.round_on or today)).days
    return -(-left(row) // max(1, nights))


def left(row: Scrub) -> int:
    """How many files the round has still before it."""
    return sum(
        rows.distinct().count()
        for shelf in _shelves(row)
        for rows in _after(shelf, row.after if shelf == row.shelf else "")
    )


def _shelves(row: Scrub) -> tuple[str, ...]:
    return SHELVES[SHELVES.index(row.shelf or FIRST) :]


def _read(row: Scrub, tally: Tally, quota: int | None) -> None:
    """File after file from where the row stands; the row is saved on the way."""
    until = monotonic() + settings.SCRUB_MINUTES * 60
    saved = monotonic()
    for number, (shelf, digest) in enumerate(ahead(row), 1):
        if quota is not None and (number > quota or monotonic() > until):
            return
        _look(shelf, digest, tally)
        row.shelf, row.after = shelf, digest
        if number % SAVE_FILES == 0 or monotonic() - saved > SAVE_SECONDS:
            saved = monotonic()
            _keep(row, tally, timezone.now() + BUSY)


def ahead(row: Scrub) -> Iterator[tuple[str, str]]:
    """Shelf and digest of every file that the round has still before it, in order, asked for in batches."""
    for shelf in _shelves(row):
        digest = row.after if shelf == row.shelf else ""
        while batch := _batch(shelf, digest):
            yield from ((shelf, one) for one in batch)
            digest = batch[-1]


def _batch(shelf: str, digest: str) -> list[str]:
    first, *rest = _after(shelf, digest)
    return sorted(
        first.union(*rest).order_by("name")[:BATCH] if rest else first.distinct().order_by("name")[:BATCH]
    )


def _after(shelf: str, digest: str) -> list[Any]:
    """Where a shelf's files behind this one are named."""
    if shelf == store.PAPERS:
        places: list[Any] = [Paper.objects.annotate(name=F("pdf"))]
    else:
        places = [model._default_manager.annotate(name=F("digest")) for model in (Evidence, Derivative)]
    return [rows.filter(name__gt=digest).order_by().values_list("name", flat=True) for rows in places]


def _look(shelf: str, digest: str, tally: Tally) -> None:
    """Hash one file again. A file that the disk cannot give counts as altered."""
    found, size = hashlib.sha256(), 0
    try:
        with store.shelf(shelf).open(digest) as file:
            while piece := file.read(PIECE):
                size += len(piece)
                found.update(piece)
        fault = "" if found.hexdigest() == digest else ALTERED
    except (FileNotFoundError, ValueError):
        fault = MISSING
    except StoreFault:
        raise
    except OSError:
        fault = ALTERED
    tally.read, tally.bytes = tally.read + 1, tally.bytes + size
    if fault:
        tally.fault(shelf, digest, fault)


def cited(shelf: str, digest: str) -> list[dict[str, str]]:
    """The rows that name a file, by kind and key, each with its case. No titles: they may name people."""
    if shelf == store.PAPERS:
        return [_cite("paper", row.pk, row.case_id) for row in Paper.objects.filter(pdf=digest)]
    pieces = [_cite("evidence", row.pk, row.case_id) for row in Evidence.objects.filter(digest=digest)]
    made = Derivative.objects.filter(digest=digest).select_related("evidence")
    return pieces + [_cite("derivative", row.pk, row.evidence.case_id) for row in made]


def _cite(kind: str, key: Any, case: Any) -> dict[str, str]:
    return {"kind": kind, "id": str(key), "case": str(case)}


def _keep(row: Scrub, tally: Tally, busy_until: datetime | None) -> None:
    row.tally, row.busy_until = dict(vars(tally)), busy_until
    row.save()


def _report(row: Scrub, tally: Tally, today: date, now: datetime) -> dict[str, Any]:
    """One act with what was found; in the same transaction the row forgets it."""
    rest = left(row)
    told = {**vars(tally), "round_on": row.round_on.isoformat() if row.round_on else "", "left": rest}
    with transaction.atomic():
        if tally.read:
            record("scrub", LABELS["scrub"], {"on": today.isoformat(), "scrub": told}, now=now)
        row.ran_on, row.last = today, told
        if not rest:
            row.shelf, row.after, row.round_on = "", "", None
        _keep(row, Tally(), None)
    return told
