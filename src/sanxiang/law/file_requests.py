"""Requests to see or copy a file 查阅、复制: by which statute somebody asks, until when they are answered, and on which grounds not.

A statute that sets no number of days sets none here either: the request then has no last day, and pages say so.
"""

from dataclasses import dataclass
from datetime import date

from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import DAY, Excluded, Limit, due
from sanxiang.law.packs import Pack
from sanxiang.law.rules import as_tuple


@dataclass(frozen=True)
class Route:
    """One statute that gives the right. `days` 0: none set; `told` says in words what the law has instead.

    `procedures` and `parties` are the kinds of cases and of parties that it speaks of; none named means all.
    """

    id: str
    label: str
    right: str
    days: int
    extend: int
    supplement: int
    review_first: bool
    told: str
    citation: str
    procedures: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()

    def due(
        self, received: date, calendar: Calendar, more: int = 0, excluded: tuple[Excluded, ...] = ()
    ) -> date | None:
        """The last day of the answer, with working days beside it that were added; None where the law sets none.

        `excluded` are days that do not count: others were asked (政府信息公开条例 第三十三条第三款).
        """
        if not self.days:
            return None
        return due(calendar, Limit(self.id, received, self.days + more, "working", excluded=excluded)).date

    def limit(self) -> str:
        """The period in words, with its article."""
        if not self.days:
            return f"未设定（{self.told}，{self.right}）"
        return f"收到申请之日起 {self.days} 个工作日（{self.citation}）"


@dataclass(frozen=True)
class Ground:
    """A reason for which a request may be refused; `says` is its sentence in the answer.

    `consult`: a third party is asked in writing first and has so many working days; `where`: the answer says where to find it.
    """

    id: str
    label: str
    routes: tuple[str, ...]
    says: str
    citation: str
    consult: int = 0
    where: bool = False

    def answer_until(self, asked: date, calendar: Calendar) -> date | None:
        """The last day on which a third party that was asked on that day may answer."""
        return due(calendar, Limit(self.id, asked, self.consult, "working")).date


@dataclass(frozen=True)
class Consulted:
    """A third party that was asked in writing: when it had the letter, and what it said when; `said` "" while it is silent."""

    third: str
    asked: date
    said: str = ""
    answered: date | None = None

    def until(self, days: int, calendar: Calendar) -> date:
        """The last day on which it may answer."""
        return due(calendar, self.asked, days, "working").date

    def excluded(self, days: int, calendar: Calendar) -> tuple[Excluded, ...]:
        """The days that asking takes: from the day after it had the letter to its answer, and never more than its own `days`."""
        until = self.until(days, calendar)
        last = min(self.answered or until, until)
        return (Excluded(self.asked + DAY, last, "征求第三方意见"),) if last > self.asked else ()


def consult_of(pack: Pack, route: str) -> int:
    """The working days that a third party has by the grounds of this route; 0 where none of them asks one."""
    return max((one.consult for one in grounds_of(pack).values() if route in one.routes), default=0)


def routes_of(pack: Pack) -> dict[str, Route]:
    """The routes by id, in the order of the pack."""
    return {
        str(b.data["id"]): Route(
            str(b.data["id"]),
            str(b.data["label"]),
            str(b.data["right"]),
            int(b.data.get("days", 0)),
            int(b.data.get("extend", 0)),
            int(b.data.get("supplement", 0)),
            bool(b.data.get("review_first")),
            str(b.data.get("told", "")),
            str(b.citation),
            as_tuple(b.data.get("procedures", ())),
            as_tuple(b.data.get("parties", ())),
        )
        for b in pack.of_kind("route")
    }


def grounds_of(pack: Pack) -> dict[str, Ground]:
    """The grounds by id."""
    return {
        str(b.data["id"]): Ground(
            str(b.data["id"]),
            str(b.data["label"]),
            as_tuple(b.data["routes"]),
            str(b.data["says"]),
            str(b.citation),
            int(b.data.get("consult", 0)),
            bool(b.data.get("where")),
        )
        for b in pack.of_kind("ground")
    }
