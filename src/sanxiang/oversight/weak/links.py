"""薄弱环节清单: the shares of each unit that fall short, the largest gap first. Nothing is stored: it follows from the figures.

How much may fail, and how many there must be before a share says anything, is the locality's (`weak.…`); where it is not set,
nothing is tolerated and the list says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum

from sanxiang.door.pinned import current
from sanxiang.law.rules import Value
from sanxiang.oversight.evaluation.results import Result
from sanxiang.oversight.figures.measures import MEASURES
from sanxiang.oversight.figures.sums import Cell, Sums, by
from sanxiang.oversight.models import CaseFigures, CaseGap

EVALUATION, LEAST = "evaluation", "weak.least"
LABELS = {key: one.label for key, one in MEASURES.items()} | {EVALUATION: "案卷评查"}
"""What a weak link is about."""
SORTS = {"papers": ("record", "service", "thing", "signature"), "recordings": ("recording",)}
"""Which gaps of cases lie behind a share."""
MOST = 3
"""So many of the things lacking are named with a weak link."""

Place = tuple[UUID, UUID | None]
"""Agency and unit."""


@dataclass(frozen=True)
class Link:
    """One weak link: whose, in what, how many fail of how many, and what the locality tolerates (None: not set)."""

    agency: UUID
    unit: UUID | None
    measure: str
    item: str
    fails: int
    whole: int
    tolerated: int | None
    most: tuple[tuple[str, int], ...] = ()

    @property
    def label(self) -> str:
        """What falls short, in words."""
        return f"{LABELS[self.measure]}：{self.item}" if self.item else LABELS[self.measure]

    @property
    def share(self) -> float:
        """How many of a hundred fail."""
        return 100 * self.fails / self.whole

    @property
    def gap(self) -> float:
        """How far beyond what is tolerated, in points of a hundred: by this the list is ranked."""
        return self.share - (self.tolerated or 0)


@dataclass(frozen=True)
class Rule:
    """What a locality says of weak links: the value of each parameter as its pack has it."""

    values: Mapping[str, Value]

    def tolerated(self, measure: str) -> int | None:
        """How many of a hundred may fail; None where nobody set it."""
        value = self.values[f"weak.{measure}"]
        return int(value.value) if value.is_set else None

    @property
    def least(self) -> int:
        """How many there must be at least; one where nobody set it."""
        value = self.values[LEAST]
        return int(value.value) if value.is_set else 1


def rule_of(locality: str) -> Rule:
    """The rule of the locality's pack of today."""
    pack = current(locality)
    return Rule({key: pack.binding(key) for key in (*(f"weak.{name}" for name in LABELS), LEAST)})


def links(
    cells: Mapping[Cell, Sums],
    results: Iterable[Result],
    rows: QuerySet[CaseFigures],
    rules: Mapping[UUID, Rule],
) -> list[Link]:
    """Every weak link of these cases, the largest gap first; `rules` by agency. Two queries."""
    told = [*_shares(cells, rules, _most(rows)), *_evaluated(results, rows, rules)]
    return sorted(told, key=lambda one: (-one.gap, -one.fails, one.label, str(one.agency), str(one.unit)))


def _shares(
    cells: Mapping[Cell, Sums], rules: Mapping[UUID, Rule], most: Mapping[Place, Counter[tuple[str, str]]]
) -> Iterable[Link]:
    for place, sums in by(cells, lambda cell: (cell[0], cell[1])).items():
        for key, measure in MEASURES.items():
            named = [
                (item, n)
                for (kind, item), n in most.get(place, Counter()).most_common()
                if kind in SORTS.get(key, ())
            ]
            fails, whole = measure.fails_of(sums), measure.whole_of(sums)
            yield from _link(rules[place[0]], place, key, "", (fails, whole), tuple(named[:MOST]))


def _link(
    rule: Rule,
    place: Place,
    measure: str,
    item: str,
    parts: tuple[int, int],
    most: tuple[tuple[str, int], ...] = (),
) -> Iterable[Link]:
    """The weak link, where there is one."""
    fails, whole = parts
    tolerated = rule.tolerated(measure)
    if fails and whole >= rule.least and 100 * fails > whole * (tolerated or 0):
        yield Link(*place, measure, item, fails, whole, tolerated, most)


def _most(rows: QuerySet[CaseFigures]) -> dict[Place, Counter[tuple[str, str]]]:
    """What is lacking in each unit and how often. One query."""
    found: dict[Place, Counter[tuple[str, str]]] = defaultdict(Counter)
    gaps = CaseGap.objects.filter(figures__in=rows.values("pk")).order_by()
    told = gaps.values_list("figures__agency", "figures__unit", "kind", "item").annotate(n=Sum("count"))
    for agency, unit, kind, item, n in told:
        found[agency, unit][kind, item] += n
    return found


def _evaluated(
    results: Iterable[Result], rows: QuerySet[CaseFigures], rules: Mapping[UUID, Rule]
) -> Iterable[Link]:
    """What evaluations found in more files of a unit than is tolerated. One query."""
    by_case = {one.case_id: one for one in results}
    places = rows.filter(pk__in=list(by_case)).values_list("pk", "agency", "unit") if by_case else ()
    files: Counter[Place] = Counter()
    wanting: Counter[tuple[Place, str]] = Counter()
    for key, agency, unit in places:
        files[agency, unit] += 1
        for item in {str(one.get("item")) for one in by_case[str(key)].findings}:
            wanting[(agency, unit), item] += 1
    for (place, item), n in wanting.items():
        yield from _link(rules[place[0]], place, EVALUATION, item, (n, files[place]))
