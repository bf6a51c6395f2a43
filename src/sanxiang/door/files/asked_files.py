"""The register of requests to see or copy a file, read back from the ledger: what was asked, and all that was done about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from sanxiang.door import gather
from sanxiang.door.said import Told, said_by, said_in, saying
from sanxiang.law.file_requests import Consulted, consult_of, routes_of
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act
from sanxiang.people.authority import uuid_of

REGISTER, EXTEND, CONSULT, THIRD_ANSWER, ANSWER, HAND_OVER = (
    "register-file-request", "extend-file-request", "consult-third-party", "record-third-answer", "answer-file-request", "hand-over-copy",
)  # fmt: skip
NAMES = (REGISTER, EXTEND, CONSULT, THIRD_ANSWER, ANSWER, HAND_OVER)
AGREED, OPPOSED, SILENT = "agreed", "opposed", "silent"


@dataclass(frozen=True)
class FileRequest:
    """A request with all that was done about it."""

    id: UUID
    number: str
    agency: UUID
    case: UUID | None
    route: str
    told: Mapping[str, Any]
    at: datetime
    by_name: str
    due: str
    extended: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    answered_at: datetime | None = None
    answered_by: str = ""
    handed: Mapping[str, Any] = field(default_factory=dict)
    handed_by: str = ""
    consulted: tuple[Consulted, ...] = ()
    """Third parties that were asked, each under its name."""

    @property
    def outcome(self) -> str:
        """provide, refuse, supplement; "" while there is no answer."""
        return str(self.answer.get("outcome") or "")

    @property
    def third_said(self) -> str:
        """What the third parties said together: one that opposes counts, then one that is silent; "" where none was asked."""
        said = [one.said or SILENT for one in self.consulted]
        return next((word for word in (OPPOSED, SILENT, AGREED) if word in said), "")

    def due_with(self, pack: Pack, extended: bool, consulted: Iterable[Consulted]) -> str:
        """The last day of the answer as it would be after that; "" where the law sets none."""
        route, days, calendar = routes_of(pack)[self.route], consult_of(pack, self.route), gather.calendar()
        excluded = tuple(span for one in consulted for span in one.excluded(days, calendar))
        received = date.fromisoformat(str(self.told["received"])[:10])
        last = route.due(received, calendar, route.extend if extended else 0, excluded)
        return last.isoformat() if last else ""

    def late(self, today: date) -> bool:
        """Is the answer overdue, or was it given late?"""
        until = timezone.localtime(self.answered_at).date() if self.answered_at else today
        return bool(self.due) and self.due < until.isoformat()


def requests_in(agencies: Collection[UUID] | None) -> list[FileRequest]:
    """The requests to these agencies, or to all, newest first. Two queries."""
    return folded(said_by(NAMES, agencies))


def requests_of(case: UUID) -> list[FileRequest]:
    """The requests about one case, newest first. Four queries, whatever else was ever asked."""
    return followed(said_in(saying((REGISTER,), "case_id", [str(case)])))


def followed(registered: list[Told]) -> list[FileRequest]:
    """These requests with what was done about them. Two queries, none where there are none."""
    numbers = [str(said.get("number")) for _, said in registered]
    after = said_in(saying(NAMES[1:], "request", numbers)) if numbers else []
    return folded(registered + after)


def folded(told: Iterable[Told]) -> list[FileRequest]:
    """Each request as the acts in their order made it, newest first."""
    found: dict[str, FileRequest] = {}
    for act, said in told:
        key = str(said.get("number") if act.name == REGISTER else said.get("request"))
        if act.name == REGISTER:
            found[key] = _request(act, said)
        elif key in found:
            found[key] = _after(found[key], act, said)
    return list(found.values())[::-1]


def _request(act: Act, said: Mapping[str, Any]) -> FileRequest:
    text = {name: str(said.get(name) or "") for name in ("number", "case_id", "route", "due")}
    case = uuid_of(text["case_id"])
    return FileRequest(
        act.id, text["number"], act.subject, case, text["route"], said, act.at, act.by_name, text["due"]
    )


def _after(one: FileRequest, act: Act, said: Mapping[str, Any]) -> FileRequest:
    if act.name == EXTEND:
        return replace(one, extended=said, due=str(said.get("due") or one.due))
    if act.name in (CONSULT, THIRD_ANSWER):
        return replace(one, consulted=with_third(one.consulted, said), due=str(said.get("due") or one.due))
    if act.name == ANSWER:
        return replace(one, answer=said, answered_at=act.at, answered_by=act.by_name)
    return replace(one, handed=said, handed_by=act.by_name)


def request_of(number: str, agency: UUID) -> FileRequest | None:
    """The request of that number to one agency."""
    registered = said_in(saying((REGISTER,), "number", [number]).filter(subject=agency))
    return next(iter(followed(registered)), None)


def with_third(consulted: Iterable[Consulted], said: Mapping[str, Any]) -> tuple[Consulted, ...]:
    """The third parties after one more was asked, or one of them answered."""
    third, asked, answered = (str(said.get(name) or "") for name in ("third", "third_asked", "answered_on"))
    rows = {one.third: one for one in consulted}
    if asked:
        rows[third] = Consulted(third, date.fromisoformat(asked[:10]))
    elif third in rows and answered:
        rows[third] = replace(
            rows[third], said=str(said.get("said") or ""), answered=date.fromisoformat(answered[:10])
        )
    return tuple(rows.values())
