"""The register of voices 投诉举报、异议、纠错、意见建议, read back from the ledger: what was said, and all that was done about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from sanxiang.door.said import Told, said_by, said_in, saying
from sanxiang.door.voices.subjects import KINDS
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.authority import uuid_of

REGISTER, FORWARD, ANSWER = "register-voice", "forward-voice", "answer-voice"
AFTER = (FORWARD, ANSWER)
NAMES = (REGISTER, *AFTER)
FORWARDED, ANSWERED, OPEN = "forwarded", "answered", "open"


@dataclass(frozen=True)
class Voice:
    """What somebody said, with all that was done about it. `desk` and `role` are who has to answer now."""

    id: UUID
    number: str
    agency: UUID
    desk: UUID | None
    role: str
    told: Mapping[str, Any]
    at: datetime
    due: str
    forwards: tuple[Mapping[str, Any], ...] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)
    answered_at: datetime | None = None
    answered_by: str = ""

    @property
    def kind(self) -> str:
        """complaint, objection, error or idea."""
        return str(self.told.get("kind") or "")

    @property
    def label(self) -> str:
        """The kind in words."""
        return KINDS.get(self.kind, self.kind)

    @property
    def title(self) -> str:
        """What it is about, in words."""
        return str(self.told.get("title") or "")

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about, by kind and key."""
        return str(self.told.get("about") or ""), str(self.told.get("key") or "")

    @property
    def state(self) -> str:
        """open, forwarded to an organ that is not here, or answered."""
        return ANSWERED if self.answered_at else OPEN if self.desk else FORWARDED

    @property
    def received(self) -> date:
        """The day from which its periods run."""
        return date.fromisoformat(str(self.told.get("received") or timezone.localtime(self.at).date())[:10])

    def late(self, today: date) -> bool:
        """Is the answer overdue, or was it given late?"""
        until = timezone.localtime(self.answered_at).date() if self.answered_at else today
        return bool(self.due) and self.state != FORWARDED and self.due < until.isoformat()

    def days(self) -> int | None:
        """Calendar days from its coming in to the answer; None while there is none."""
        if self.answered_at is None:
            return None
        return (timezone.localtime(self.answered_at).date() - self.received).days


def voices_in(agencies: Collection[UUID]) -> list[Voice]:
    """What was said about these agencies, or forwarded to them, newest first. Six queries at most."""
    told = {act.id: (act, said) for act, said in said_by(NAMES, agencies)}
    coming = said_in(saying((FORWARD,), "to", [str(key) for key in agencies]))
    for key in {uuid_of(str(said.get("voice_id"))) for act, said in coming if act.subject not in agencies}:
        told |= {act.id: (act, said) for act, said in history_of(key)} if key else {}
    return folded(sorted(told.values(), key=lambda one: (one[0].at, one[0].n)))


def voice_of(key: UUID) -> Voice | None:
    """One voice by its key. Six queries at most, however many others there are."""
    return next(iter(folded(history_of(key))), None)


def history_of(key: UUID) -> list[Told]:
    """The acts of one voice in their order; each agency's own acts alone are looked through."""
    registered = said_in(Act.objects.filter(pk=key, kind="agency", name=REGISTER))
    found, places = list(registered), {act.subject for act, _ in registered}
    seen: set[UUID] = set()
    while places - seen:
        here = places - seen
        rows = Act.objects.filter(kind="agency", subject__in=here, name__in=AFTER)
        after = said_in(rows.filter(openings__name="voice_id", openings__value=str(key)))
        seen |= here
        places |= {to for _, said in after if (to := uuid_of(str(said.get("to") or "")))}
        found += after
    return sorted(found, key=lambda one: (one[0].at, one[0].n))


def folded(told: Iterable[Told]) -> list[Voice]:
    """Each voice as the acts in their order made it, newest first."""
    found: dict[str, Voice] = {}
    for act, said in told:
        key = str(act.id) if act.name == REGISTER else str(said.get("voice_id"))
        if act.name == REGISTER:
            found[key] = Voice(
                act.id, str(said.get("number") or ""), act.subject, uuid_of(str(said.get("desk") or "")),
                str(said.get("role") or ""), said, act.at, str(said.get("due") or ""),
            )  # fmt: skip
        elif key in found:
            found[key] = _after(found[key], act, said)
    return list(found.values())[::-1]


def _after(one: Voice, act: Act, said: Mapping[str, Any]) -> Voice:
    if act.name == ANSWER:
        return replace(one, answer=said, answered_at=act.at, answered_by=act.by_name)
    here = {**said, "on": act.on[:10]}
    to = uuid_of(str(said.get("to") or ""))
    role = roles.AGENCY_HEAD if to else ""
    return replace(
        one, forwards=(*one.forwards, here), desk=to, role=role, due=str(said.get("due") or one.due)
    )
