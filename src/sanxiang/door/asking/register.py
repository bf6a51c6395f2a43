"""The register of applications for government information 依申请公开, read back from the ledger: what was asked, and all that was done."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from sanxiang.door import gather
from sanxiang.door.files.asked_files import with_third
from sanxiang.door.said import Told, said_by, said_in
from sanxiang.law.file_requests import Consulted, Route, consult_of, routes_of
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Post, in_force

ROUTE = "disclosure"
REGISTER, EXTEND, CONSULT, THIRD, RECEIVE, ANSWER = (
    "register-information-request", "extend-information-request", "consult-on-information", "record-opinion-on-information",
    "receive-supplement",
    "answer-information-request",
)  # fmt: skip
AFTER = (EXTEND, CONSULT, THIRD, RECEIVE, ANSWER)
NAMES = (REGISTER, *AFTER)


@dataclass(frozen=True)
class Application:
    """An application with all that was done about it."""

    id: UUID
    number: str
    agency: UUID
    told: Mapping[str, Any]
    at: datetime
    due: str
    extended: Mapping[str, Any] = field(default_factory=dict)
    consulted: tuple[Consulted, ...] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)
    answered_at: datetime | None = None
    answered_by: str = ""

    @property
    def outcome(self) -> str:
        """What was answered; "" while there is no answer."""
        return str(self.answer.get("outcome") or "")

    @property
    def received(self) -> date:
        """The day from which the period runs (第三十一条)."""
        return date.fromisoformat(str(self.told["received"])[:10])

    def due_with(self, pack: Pack, extended: bool, consulted: Iterable[Consulted]) -> str:
        """The last day of the answer as it would be after that: what third parties take does not count (第三十三条第三款)."""
        route, days, calendar = route_of(pack), consult_of(pack, ROUTE), gather.calendar()
        excluded = tuple(span for one in consulted for span in one.excluded(days, calendar))
        last = route.due(self.received, calendar, route.extend if extended else 0, excluded)
        return last.isoformat() if last else ""

    def late(self, today: date) -> bool:
        """Is the answer overdue, or was it given late?"""
        until = timezone.localtime(self.answered_at).date() if self.answered_at else today
        return bool(self.due) and self.due < until.isoformat()


def route_of(pack: Pack) -> Route:
    """The period of the Regulations as the pack has it."""
    return routes_of(pack)[ROUTE]


def answering(on: date) -> QuerySet[Post]:
    """The posts of those who answer applications; an agency without one can take none."""
    return Post.objects.filter(in_force(on), role=roles.AGENCY_HEAD, person__active=True)


def applications_in(agencies: Collection[UUID]) -> list[Application]:
    """The applications to these agencies, newest first. Two queries."""
    return folded(said_by(NAMES, agencies))


def application_of(key: UUID) -> Application | None:
    """One by its key. Four queries."""
    registered = said_in(Act.objects.filter(pk=key, kind="agency", name=REGISTER))
    if not registered:
        return None
    act, said = registered[0]
    rows = Act.objects.filter(kind="agency", subject=act.subject, name__in=AFTER)
    after = said_in(rows.filter(openings__name="request", openings__value=str(said.get("number"))))
    return folded([*registered, *after])[0]


def folded(told: Iterable[Told]) -> list[Application]:
    """Each application as the acts in their order made it, newest first."""
    found: dict[tuple[UUID, str], Application] = {}
    for act, said in told:
        key = (act.subject, str(said.get("number") if act.name == REGISTER else said.get("request")))
        if act.name == REGISTER:
            found[key] = Application(act.id, key[1], act.subject, said, act.at, str(said.get("due") or ""))
        elif key in found:
            found[key] = _after(found[key], act, said)
    return list(found.values())[::-1]


def _after(one: Application, act: Act, said: Mapping[str, Any]) -> Application:
    due = str(said.get("due") or one.due)
    if act.name == EXTEND:
        return replace(one, extended=said, due=due)
    if act.name in (CONSULT, THIRD):
        return replace(one, consulted=with_third(one.consulted, said), due=due)
    if act.name == RECEIVE:  # the same application, open again: its period runs from here (第三十条)
        whole = {**one.told, "received": said["supplemented_on"], "wants": said["supplemented"]}
        return replace(
            one, told=whole, due=due, answer={}, answered_at=None, answered_by="", extended={}, consulted=()
        )
    return replace(one, answer=said, answered_at=act.at, answered_by=act.by_name)
