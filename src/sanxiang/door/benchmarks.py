"""裁量基准 at the draft: the tiers in force that day for the item or cause of the case, to be chosen from.

Pages and the API offer them, the guard of article 34 judges them; where no tier speaks of the case nothing is asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.door import gather
from sanxiang.law.rules import Act, Field
from sanxiang.law.tiers import Tier

COLUMNS = ("tier", "departure")
"""Columns of a penalty that mean something only where there are tiers."""


def offered(act: Act, case: Case, on: date, data: Mapping[str, Any] | None = None) -> tuple[Tier, ...]:
    """The tiers that the act may choose from; none at acts that choose none. At most one query."""
    asks = act.id in gather.TIERED_ACTS and case.stage in act.stages
    return gather.tiers_in_force(case, on, data or {}) if asks else ()


def with_tiers(act: Act, tiers: tuple[Tier, ...]) -> Act:
    """The act with these tiers to choose from; without tiers it has no fields for them."""
    if not any(column.name in COLUMNS for item in act.fields for column in item.columns):
        return act
    options = tuple((tier.name, tier.name) for tier in tiers)

    def column_of(column: Field) -> Field:
        return replace(column, type="choice", options=options) if column.name == "tier" else column

    def field_of(item: Field) -> Field:
        kept = (c for c in item.columns if tiers or c.name not in COLUMNS)
        return replace(item, columns=tuple(map(column_of, kept))) if item.columns else item

    return replace(act, fields=tuple(map(field_of, act.fields)))
