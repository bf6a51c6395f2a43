"""What a page of figures is asked, and of whose cases the visitor may have figures at all.

A number never counts a case that its list would not show: both are made of the same rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from sanxiang.cases.models import Case, Handler
from sanxiang.desk.addresses import number_in, words_in
from sanxiang.desk.who import OVERSEERS, Visitor, cases_of
from sanxiang.oversight.models import CaseFigures
from sanxiang.people import roles
from sanxiang.people.authority import units_below, uuid_of

HERE = "/desk/figures/"
QUARTERS = {1: "第1季度", 2: "第2季度", 3: "第3季度", 4: "第4季度"}
NOBODY = "none"
"""In an address: cases of no unit."""


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the address."""

    year: int
    quarter: int = 0
    agency: str = ""
    unit: str = ""
    kind: str = ""
    officer: str = ""
    item: str = ""
    step: str = ""

    def href(
        self, where: str = HERE, *, view: str = "", of: str = "", after: str = "", **changed: Any
    ) -> str:
        """The address of this question with something changed; `view` and `of` say behind which number."""
        told = {key: value for key, value in vars(replace(self, **changed)).items() if value}
        told |= {key: value for key, value in (("view", view), ("of", of), ("after", after)) if value}
        return f"{where}?{urlencode(told)}"

    def behind(self, view: str, of: str = "", after: str = "", **changed: Any) -> str:
        """Where the cases behind a number are listed."""
        return self.href(f"{HERE}cases/", view=view, of=of, after=after, **changed)


def asked_of(given: QueryDict, today: date) -> Asked:
    """What the address asks; what makes no sense counts as not asked."""
    year, quarter = number_in(given, "year") or today.year, number_in(given, "quarter") or 0
    keys = {name: given.get(name, "") for name in ("agency", "unit", "officer")}
    told = {name: text if uuid_of(text) or text == NOBODY else "" for name, text in keys.items()}
    words = {name: words_in(given, name, 200) for name in ("kind", "item", "step")}
    return Asked(
        year if 1900 <= year <= 2999 else today.year, quarter if quarter in QUARTERS else 0, **told, **words
    )


def wanted(asked: Asked) -> Q:
    """The counted rows that the filters let through."""
    first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    if asked.quarter:
        begin = 3 * asked.quarter - 2
        first = date(asked.year, begin, 1)
        last = date(asked.year, begin + 2, 31 if begin in (1, 10) else 30)
    found = Q(left_out=False, opened_on__gte=first, opened_on__lte=last)
    for name in ("agency", "unit"):
        if text := getattr(asked, name):
            found &= Q(**{f"{name}__isnull": True} if text == NOBODY else {name: UUID(text)})
    if asked.kind:
        found &= Q(act_type=asked.kind)
    if asked.item:
        found &= Q(item=asked.item)
    if asked.step:
        found &= Q(steps__contains=f"|{asked.step}|")
    if asked.officer:
        found &= Q(case__in=Handler.objects.filter(person=uuid_of(asked.officer)).values("case"))
    return found


@dataclass(frozen=True)
class Sight:
    """Of whose cases somebody has figures: whole agencies that they oversee, units that they head, cases that they handle."""

    agencies: frozenset[UUID]
    units: frozenset[UUID]
    visitor: Visitor

    @property
    def overseen(self) -> bool:
        """Does the visitor oversee at least one agency?"""
        return bool(self.agencies)

    @property
    def wide(self) -> bool:
        """Does the visitor compare people: as who oversees an agency or heads a unit?"""
        return bool(self.agencies or self.units)

    def of(self) -> Q:
        """The rows in sight, as a condition on cases or on their counted rows."""
        found = Q(agency__in=self.agencies)
        if self.units:
            found |= Q(unit__in=self.units)
        if elsewhere := self.visitor.agencies - self.agencies:
            own = Handler.objects.filter(person=self.visitor.person).values("case")
            found |= Q(pk__in=own, agency__in=elsewhere)
        return found

    def cases(self) -> QuerySet[Case]:
        """The cases in sight."""
        found: QuerySet[Case] = cases_of(self.visitor).filter(self.of())
        return found

    def rows(self) -> QuerySet[CaseFigures]:
        """The counted rows in sight."""
        return CaseFigures.objects.filter(self.of())

    @property
    def words(self) -> str:
        """What the page says about whose cases these are."""
        if self.overseen:
            return "统计范围：您监督的机关的全部案件。"
        return "统计范围：您负责的机构和您承办的案件。" if self.units else "统计范围：您自己承办的案件。"


def sight_of(visitor: Visitor) -> Sight:
    """One query for each agency in which the visitor heads a unit, none for others."""
    overseen = visitor.agencies_as(OVERSEERS) & visitor.agencies
    return Sight(overseen, frozenset(_headed(visitor, overseen)), visitor)


def _headed(visitor: Visitor, overseen: frozenset[UUID]) -> Iterable[UUID]:
    """The units that the visitor heads with every unit below; of an agency without one for the post, all."""
    for post in visitor.posts:
        if post.role == roles.UNIT_HEAD and post.agency_id not in overseen:
            below = units_below(post.agency)
            yield from map(UUID, below[post.unit_id]) if post.unit_id else below
