"""文书电子化率: how many papers of an agency are made in the system, and how many were still written on paper, by quarter."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import ExtractQuarter

from sanxiang.cases.models import Case, Paper
from sanxiang.ledger.models import Act

ON_PAPER, SCANNED = "register-paper", "attach-scan"


@dataclass(frozen=True)
class Rate:
    """One agency in one quarter; the share is None where it made no paper at all."""

    agency: UUID
    quarter: int
    electronic: int
    on_paper: int
    scanned: int = 0
    """Of the electronic ones, those that were signed in print, by the scans that were matched to them."""

    @property
    def share(self) -> float | None:
        """Electronic papers of all, from 0 to 1."""
        whole = self.electronic + self.on_paper
        return self.electronic / whole if whole else None


def rates(agencies: Collection[UUID], year: int) -> list[Rate]:
    """Each agency's four quarters. Five queries, whatever their number."""
    made = (
        Paper.objects.filter(case__agency__in=agencies, issued_on__year=year)
        .annotate(quarter=ExtractQuarter("issued_on"))
        .values_list("case__agency", "quarter")
        .annotate(n=Count("pk"))
    )
    electronic = {(agency, quarter): n for agency, quarter, n in made.order_by()}
    on_paper = Counter(_registered(agencies, year, ON_PAPER))
    scanned = Counter(_registered(agencies, year, SCANNED))
    return [
        Rate(
            agency,
            quarter,
            electronic.get((agency, quarter), 0),
            on_paper[(agency, quarter)],
            scanned[(agency, quarter)],
        )
        for agency in agencies
        for quarter in (1, 2, 3, 4)
    ]


def _registered(agencies: Collection[UUID], year: int, act: str) -> Iterator[tuple[UUID, int]]:
    """Agency and quarter of each time that this act was done: a paper registered as written on paper, or a scan matched."""
    acts = list(
        Act.objects.filter(kind="case", name=act, on__startswith=str(year)).values_list("subject", "on")
    )
    whose = dict(
        Case.objects.filter(pk__in={key for key, _ in acts}, agency__in=agencies).values_list("pk", "agency")
    )
    for key, on in acts:
        if key in whose:
            yield whose[key], (date.fromisoformat(str(on)[:10]).month + 2) // 3
