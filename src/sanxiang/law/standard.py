"""The standard of file evaluation 案卷评查标准: its items as the pack states them, and which item a flaw falls under."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Protocol

from sanxiang.law.packs import Pack
from sanxiang.law.rules import as_tuple

WHOLE = Decimal(100)


class Found(Protocol):
    """What is put under an item: the rule that found it, and the condition that the rule asks."""

    @property
    def rule(self) -> str: ...
    @property
    def needs(self) -> str: ...


MEASURES = ("periods", "spans", "answers", "days", "values", "filled")
"""What the standard itself measures, where neither statute nor scheme has a rule of its own."""


@dataclass(frozen=True)
class Measure:
    """A yardstick of an item: `how` is one of MEASURES, `told` what the row of the pack says."""

    item: str
    how: str
    told: Mapping[str, Any]
    citation: str

    @property
    def rule(self) -> str:
        """What a flaw that it finds is called."""
        return f"{self.item}/{self.told['id']}" if "id" in self.told else f"late:{self.told['limit']}"


@dataclass(frozen=True)
class Item:
    """One item: a fatal one fails the file; a scored one takes `deduct` for each flaw, at most its `points`.

    `judged` items are for people alone.
    """

    id: str
    label: str
    part: str
    fatal: bool
    judged: bool
    points: Decimal
    deduct: Decimal
    guards: tuple[str, ...]
    needs: tuple[str, ...]
    citation: str
    measures: tuple["Measure", ...] = ()

    def names(self, flaw: Found) -> int:
        """How closely the item names the rule: 3 by its id, 2 by its condition, 1 by a pattern, 0 not at all."""
        if flaw.rule in self.guards or any(flaw.rule == one.rule for one in self.measures):
            return 3
        if flaw.needs in self.needs:
            return 2
        return int(any(fnmatchcase(flaw.rule, pattern) for pattern in self.guards))


def items_of(pack: Pack) -> list[Item]:
    """The items in the order of the pack."""
    return [
        Item(
            str(b.data["id"]),
            str(b.data["label"]),
            str(b.data.get("part", "基本标准")),
            bool(b.data.get("fatal")),
            bool(b.data.get("judged")),
            Decimal(str(b.data.get("points", "0"))),
            Decimal(str(b.data.get("deduct", "0"))),
            as_tuple(b.data.get("guards")),
            as_tuple(b.data.get("needs")),
            str(b.citation),
            tuple(
                Measure(str(b.data["id"]), how, row, str(row.get("article") or b.citation))
                for how in MEASURES
                for row in b.data.get(how, ())
            ),
        )
        for b in pack.of_kind("item")
    ]


def item_for(flaw: Found, items: Iterable[Item]) -> Item | None:
    """The item that names the flaw most closely; of two alike the first."""
    ranked = [(item.names(flaw), -place, item) for place, item in enumerate(items) if item.names(flaw)]
    return max(ranked, key=lambda one: one[:2])[2] if ranked else None
