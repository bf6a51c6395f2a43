"""How often somebody without an account may knock, so that an office behind one address is not shut out by one of its people.

Counted are keyed digests of where from and what about, never an address; they are forgotten after a day. One thing from one place is
counted narrowly, everything from one place widely.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from sanxiang.door.models import Knock

PAUSE = timedelta(minutes=30)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Bound:
    """So many knocks of this kind within half an hour: from one place about one thing, and from one place in all."""

    what: str
    narrow: int
    wide: int


SPEAK = Bound("voice", 5, 200)
CODE = Bound("code", 30, 30)
"""Wrong receipt codes: nobody can guess one, so that only a program tries so often."""
PROGRESS = Bound("progress", 60, 60)
"""Codes of cases with numbers that do not fit together; one case has narrower bounds of its own."""


def digest(text: str) -> str:
    """Keyed, so that nobody finds the address by trying all of them."""
    return hmac.new(settings.SECRET_KEY.encode(), f"knock {text}".encode(), hashlib.sha256).hexdigest()[:32]


def source_of(address: str) -> str:
    """The place that an address stands for: of IPv6 its network, for one line has as many addresses as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return digest(address)
    if isinstance(found, ipaddress.IPv6Address):
        return digest(str(ipaddress.ip_network((found, 64), strict=False)))
    return digest(str(found))


def too_many(bound: Bound, address: str, about: str = "") -> bool:
    """Did this place knock too often of late? One query."""
    rows = Knock.objects.filter(
        what=bound.what, source=source_of(address), at__gte=timezone.now() - PAUSE
    ).values_list("about", flat=True)
    here, found = digest(about), list(rows[: bound.wide])
    return len(found) >= bound.wide or found.count(here) >= bound.narrow


def knocked(bound: Bound, address: str, about: str = "") -> None:
    """Count one, and forget those of yesterday."""
    now = timezone.now()
    Knock.objects.filter(at__lt=now - KEPT).delete()
    Knock.objects.create(what=bound.what, source=source_of(address), about=digest(about), at=now)
