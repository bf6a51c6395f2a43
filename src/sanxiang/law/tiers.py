"""Tiers of a benchmark of discretion 裁量基准 (行政处罚法 第三十四条): which rows speak of a case, and the fines that each allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sanxiang.law import lists
from sanxiang.law.lists import Row, amount_of, cell
from sanxiang.law.numerals import SIGNS

OF = ("违法行为", *lists.ITEM)
CIRCUMSTANCE = ("违法情节", "裁量阶次", "裁量档次", "档次", "情节")
RANGE = ("裁量幅度", "裁量标准", "处罚标准", "处罚幅度")
LEAST, MOST = (lists.LEAST, "罚款下限"), (lists.MOST, "罚款上限")
"""Columns of the list, as the house and offices call them."""

SUM = f"[0-9][0-9,，]*(?:[.][0-9]+)?万?|[{SIGNS}两]+万?[{SIGNS}两]*"
BOUNDS = re.compile(
    f"(?:可以|应当)?(?:并)?(?:处)?(?:罚款)?(?:(?P<least>{SUM})元?以上)?(?:的)?(?:(?P<most>{SUM})元以下)?(?:的)?(?:罚款)?[。；]?"
)
"""What a range of fines looks like when it is nothing but that; of anything more complicated no sum is read."""


@dataclass(frozen=True)
class Tier:
    """One tier: how forms and papers call it, and the least and the most that it allows, in 元; None where it does not say."""

    name: str
    least: Decimal | None = None
    most: Decimal | None = None


def tiers_of(rows: Iterable[Row], *called: str) -> tuple[Tier, ...]:
    """The tiers of the rows that speak of this item or cause, in the list's order."""
    wanted = {_plain(name) for name in called} - {""}
    found = [_tier(row) for row in rows if _plain(cell(row, OF)) in wanted]
    return tuple({tier.name: tier for tier in found if tier.name}.values())


def _plain(name: str) -> str:
    """An item and the unlawful act that it punishes are told apart by 的处罚 alone."""
    return name.strip().removesuffix("的处罚").removesuffix("的行政处罚")


def _tier(row: Row) -> Tier:
    circumstance, told = cell(row, CIRCUMSTANCE), cell(row, RANGE)
    name = f"{circumstance}（{told}）" if circumstance and told else circumstance or told
    least, most = bounds_of(told)
    stated = [amount_of(cell(row, columns)) for columns in (LEAST, MOST)]
    return Tier(name, least, most) if stated == [None, None] else Tier(name, *stated)


def bounds_of(text: str) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most of a range like 二万元以上五万元以下; None for what it does not say or cannot be read."""
    found = BOUNDS.fullmatch(re.sub(r"\s", "", text))
    if not found:
        return None, None
    least, most = found["least"], found["most"]
    return (amount_of(least) if least else None, amount_of(most) if most else None)
