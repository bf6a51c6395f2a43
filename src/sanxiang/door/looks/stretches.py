"""Part of a file 片段: which bytes are asked for, and when reading on in a film needs an entry of its own.

Every byte that leaves stands in an entry of its day. A player that fetches a film in a thousand pieces would bury the log,
so pieces are told together, never by leaving a part out: see `cover`, and docs/access.md.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.utils import timezone

from sanxiang.door.reading import RANGE, Reading
from sanxiang.door.reasons import Reason
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.access_row import Access
from sanxiang.people.models import Person

AGAIN = timedelta(minutes=10)
"""So long whoever was given some bytes may be given them again under the same entry."""
AHEAD = 1 << 20
"""Bytes that are told at once to whoever reads on where an entry ended."""
ASKED = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


@dataclass(frozen=True)
class Stretch:
    """The first and the last byte, counted from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """In bytes."""
        return self.last - self.first + 1


class Beyond(ValueError):
    """Bytes behind the end of the file."""


def stretch_of(asked: str, condition: str, etag: str, size: int) -> Stretch | None:
    """What a Range header asks of a file (RFC 9110, 14.2); None where the whole file is the answer. Raises Beyond.

    The whole file, as the standard lets us, for several stretches at once, for what cannot be read, and where If-Range
    (`condition`) speaks of another file than ours.
    """
    match = ASKED.fullmatch(asked.replace(" ", ""))
    if match is None or (condition and condition.strip() != etag) or not any(match.groups()):
        return None
    begin, end = match.groups()
    if not begin:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(begin), min(int(end) if end else size, size - 1)
        if end and int(end) < first:
            return None
    if first > last:
        raise Beyond
    return Stretch(first, last)


def cover(reading: Reading, part: Stretch, size: int) -> None:
    """Say which bytes the look is at; where an entry of the last minutes has them all, the look is under that entry.

    The same person, file, reason, ticket, role and address. Whoever reads on where such an entry ends gets the next
    megabyte told at once: what the entry names was given or may be fetched under it; what it does not name was not given.
    """
    before = Access.objects.filter(**_same(reading), at__gte=timezone.now() - AGAIN)
    known = before.filter(first_byte__lte=part.first, last_byte__gte=part.last).order_by("-at", "-id").first()
    if known is not None:
        reading.entry, reading.mark = known, known.watermark
        return
    reads_on = before.filter(first_byte__lte=part.first, last_byte__gte=part.first - 1).exists()
    ahead = min(part.first + AHEAD, size) - 1 if reads_on else part.last
    reading.part = (part.first, max(part.last, ahead))


def _same(reading: Reading) -> dict[str, object]:
    """What an entry must share with this look."""
    told = reading.read(RANGE, SERVED)
    reason, person = cast(Reason, reading.reason), cast(Person, reading.person)
    return {
        "case": told.case,
        "by": person.pk,
        "kind": RANGE,
        "object": told.object,
        "digest": told.digest,
        "reason": reason.code,
        "text": reason.text,
        "ticket": reason.ticket,
        "role": told.role,
        "own_agency": told.own_agency,
        "address": told.address,
        "channel": told.channel,
        "result": SERVED,
    }
