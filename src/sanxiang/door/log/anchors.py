"""Once a day each tree's checkpoint is written into the other, and an authority outside stamps the time (trust.md §1.6).

The act `anchor` stands in both trees, so whoever has one of them can tell that the other was not made afterwards.
"""

import hashlib
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sanxiang.door.log.installation import ID, locked, record
from sanxiang.door.rows import milestone
from sanxiang.law.packs import usable_packs
from sanxiang.ledger.files import sync, write
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Act, Checkpoint, Sequence
from sanxiang.ledger.standing import ROOTS, stamp_sizes, stamped_at, stamps_folder
from sanxiang.ledger.tlog.stamping import stamp
from sanxiang.ledger.verify import ANCHOR, ANCHOR_LABEL


def anchor_daily(now: datetime) -> Act | None:
    """Once a day, when anything was done since: the digests of both trees' newest checkpoints, in one act of the installation."""
    if _anchored(now):
        return None
    with transaction.atomic():
        locked()
        # Looked at again under the lock: another process of ours may have been faster.
        return None if _anchored(now) else _anchor(now)


def _anchored(now: datetime) -> bool:
    last = Act.objects.filter(subject=ID, name=ANCHOR).order_by("-n").first()
    return last is not None and timezone.localdate(last.at) >= timezone.localdate(now)


def _anchor(now: datetime) -> Act | None:
    signed = Checkpoint.objects.exclude(note="").exclude(note_sm3="").order_by("-size")
    newest = {log.id: signed.filter(log=log.id).first() for log in Sequence.objects.order_by("id")}
    told = {
        ("log" if number == ACTS.row else f"access-{number}"): {
            "size": row.size,
            "sha256": hashlib.sha256(row.note.encode()).hexdigest(),
            "sm3": hashlib.new("sm3", row.note_sm3.encode()).hexdigest(),
        }
        for number, row in newest.items()
        if row is not None
    }
    return record(ANCHOR, ANCHOR_LABEL, told, now=now, secrecy="public") if told else None


def authority() -> str:
    """The time stamp authority's address; "" where none is configured."""
    return os.environ.get("SANXIANG_TSA_URL", "")


def roots() -> list[str]:
    """The certificates that the authority's signature must lead to, in PEM."""
    place: Path = settings.DATA / ROOTS
    return (
        [file.read_text(encoding="utf-8") for file in sorted(place.glob("*.pem"))] if place.is_dir() else []
    )


def stamp_due(now: datetime) -> Path | None:
    """Have the newest checkpoint stamped, once a day and whenever a decision was made since the last stamp; the file.

    Raises NoStamp where the authority is away or gives none: it is asked again later, and nobody's work waits for it.
    """
    url = authority()
    row = Checkpoint.objects.filter(log=ACTS.row).exclude(note="").order_by("-size").first() if url else None
    if row is None:
        return None
    place = stamps_folder()
    last = next((size for size in stamp_sizes(place) if size <= row.size), 0)
    if row.size == last or not (_day_over(place, last, now) or _decided_since(last, row.size)):
        return None
    reply = stamp(url, row.note.encode(), roots=roots())
    file = place / f"{row.size}.tsr"
    write(file, reply)
    sync(place)
    return file


def _day_over(place: Path, last: int, now: datetime) -> bool:
    made = stamped_at(place, last)
    return made is None or timezone.localdate(made) < timezone.localdate(now)


def _decided_since(last: int, size: int) -> bool:
    deciding = {act for pack in usable_packs().values() for act in milestone(pack, "decided")}
    return Act.objects.filter(entry__idx__gte=last, entry__idx__lt=size, name__in=deciding).exists()
