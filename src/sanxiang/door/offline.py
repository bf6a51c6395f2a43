"""离线补报: an act that was filled in where there was no network, and came in later.

Two times are kept with it: the device's own, and the server's when it came in. How far the device's clock was off is measured at
each contact and signed, so that nobody can choose it afterwards. Guards judge by the device's time only as far as that can be
believed; for everything else the act is one entered late, as any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Verdict
from sanxiang.speech import cn_day

MARK = "field.offline"
"""The opening of an act that says so. Names with a dot are the ledger's; a form has none."""

SALT = "field.contact"
SLACK = timedelta(minutes=2)
"""So much may be lost between measuring a clock and hearing of it."""


@dataclass(frozen=True)
class Contact:
    """The last time that a device heard of the server: when by the server's clock, and how many seconds its own was behind."""

    device: str
    person: str
    at: datetime
    behind: float

    def signed(self) -> str:
        """The text that the device keeps and sends back."""
        told = [self.device, self.person, self.at.isoformat(), round(self.behind, 1)]
        return signing.dumps(told, salt=SALT)


def contact(signed: str) -> Contact | None:
    """What `signed` says; None for a text that is not ours."""
    try:
        device, person, at, behind = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Contact(device, person, datetime.fromisoformat(at), float(behind))


@dataclass(frozen=True)
class Offline:
    """How an act says that it was filled in without a network."""

    clock: datetime
    """The device's time when it was laid aside to be sent, as its clock showed it."""
    last: Contact | None = None
    form: str = ""
    """A digest of what was filled in, keyed, so that nobody guesses at it; whether a form sent again is still the same."""

    def stated(self, arrival: datetime) -> datetime:
        """When it was filled in, by the device's clock put right; never later than it came."""
        behind = timedelta(seconds=self.last.behind) if self.last else timedelta()
        return min(self.clock + behind, arrival)

    def believed(self, arrival: datetime) -> bool:
        """Can that time be believed: its clock was measured before, and not longer ago than the installation allows?"""
        if self.last is None:
            return False
        stated = self.stated(arrival)
        return self.last.at - SLACK <= stated and arrival - stated <= timedelta(hours=settings.FIELD_HOURS)

    def judged_at(self, arrival: datetime) -> datetime:
        """The present of the guards: when it was filled in, where that can be believed, else when it came."""
        return self.stated(arrival) if self.believed(arrival) else arrival

    def dated(self, raw: Mapping[str, Any], arrival: datetime) -> dict[str, Any]:
        """What was typed, with its time where none was: an act of yesterday must not pass for one of today."""
        if raw.get("on") or raw.get("ended"):
            return dict(raw)
        return {**raw, "on": timezone.localtime(self.stated(arrival)).isoformat(timespec="minutes")[:16]}

    def told(self, arrival: datetime) -> dict[str, Any]:
        """What the ledger keeps."""
        last = self.last
        return {
            "device": last.device if last else "",
            "clock": timezone.localtime(self.clock).isoformat(timespec="seconds"),
            "behind": last.behind if last else None,
            "contact": timezone.localtime(last.at).isoformat(timespec="seconds") if last else "",
            "stated": timezone.localtime(self.stated(arrival)).isoformat(),
            "arrived": timezone.localtime(arrival).isoformat(timespec="seconds"),
            "believed": self.believed(arrival),
            "form": self.form,
        }


def judged_at(said: Mapping[str, Any], at: datetime) -> datetime:
    """By which present an act of the ledger was judged: `at`, when it was entered, unless it came from a device that was believed."""
    told = said.get(MARK)
    return datetime.fromisoformat(told["stated"]) if told and told["believed"] else at


def in_order(facts: Facts) -> list[Verdict]:
    """An act that only its own day allows comes late: the case may have gone on to where it did not lead any more."""
    since = facts.state.get("since", "")
    if not facts.act.today_only or facts.on.isoformat() >= since:
        return []
    text = f"离线填写的日期{cn_day(facts.on)}早于案件进入本阶段的日期{cn_day(since)}"
    return [
        Verdict("in-order", False, "", text, "案件在此期间已经往前办理，请核对后重新办理，或者弃用这一项")
    ]
