"""评价: what an inspected enterprise thinks of the inspection, once each, without a name; shown only where enough of them spoke.

The act bears neither the case nor its number, and its id is a keyed digest: whoever reads the ledger sees that somebody gave so many
marks on a day, not who. Told are sums of at least `ENOUGH`.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.inspection.plans import COURSE
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Opening

RATE = "rate-inspection"
ENOUGH = 5
"""From so many on the sum is told: fewer would tell who they were."""
MARKS = {"5": "很好", "4": "好", "3": "一般", "2": "差", "1": "很差"}
NOBODY = "被检查企业（匿名）"


@dataclass(frozen=True)
class Rating:
    """What the enterprises of an agency thought, together. `average` None: fewer than `ENOUGH` spoke."""

    average: str | None = None
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        """How many spoke; 0 while that is not told."""
        return sum(count for _, count in self.counts)


def key_of(case: UUID) -> UUID:
    """The id that the rating of an inspection has, which nobody without the installation's key can tell from the case."""
    found = hmac.new(settings.SECRET_KEY.encode(), f"{RATE} {case}".encode(), hashlib.sha256).digest()
    return UUID(bytes=found[:16], version=4)


def ratings_of(agencies: Collection[UUID]) -> dict[UUID, Rating]:
    """The sums of these agencies; of one with too few ratings nothing is told. One query."""
    rows = Opening.objects.filter(act__kind="agency", act__name=RATE, act__subject__in=agencies, name="marks")
    counted: dict[UUID, Counter[str]] = {}
    for agency, value in rows.values_list("act__subject", "value"):
        counted.setdefault(agency, Counter())[str(value)] += 1
    return {agency: summed(counts) for agency, counts in counted.items()}


def summed(counts: Counter[str]) -> Rating:
    """Average and counts, or nothing."""
    total = sum(counts.values())
    if total < ENOUGH:
        return Rating()
    average = sum(int(mark) * count for mark, count in counts.items()) / total
    return Rating(f"{average:.1f}", tuple((label, counts[mark]) for mark, label in MARKS.items()))


def from_outside(change: Change) -> list[Verdict]:
    """Only who was inspected rates, through the intake: nobody of the office does it in their place."""
    if change.stranger:
        return []
    return [unmet("stranger", COURSE, "评价只能由被检查企业在公示平台上作出", "请企业自己评价")]


@admin_act(
    RATE,
    "被检查企业评价",
    (),
    (asked("marks", "评价", "choice", options=MARKS),),
    COURSE,
    group="inspection",
    help="由被检查企业在公示平台上凭检查案件的查询码匿名评价，一次检查评价一次",
    checks=from_outside,
    secrecy="case",
)
def rate_inspection(change: Change) -> None:
    """Somebody who was inspected says what they think of it."""
