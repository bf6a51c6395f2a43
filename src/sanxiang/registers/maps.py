"""Which map of townships stands: the last one that an operator registered and nobody took down. The ledger is its register."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sanxiang.law import townships
from sanxiang.ledger.models import Act, Opening

ACTS = ("set-map", "remove-map")


@dataclass(frozen=True)
class Map:
    """A registered map with the number of its review, drawn."""

    review_number: str
    source: str
    shapes: tuple[townships.Drawn, ...]
    width: int
    height: int


def standing() -> Map | None:
    """The map to be shown; None where there is none. One query."""
    last = (
        Act.objects.filter(kind="agency", name__in=ACTS)
        .order_by("-at", "-n")
        .values_list("pk", "name")
        .first()
    )
    return drawn(last[0]) if last and last[1] == ACTS[0] else None


@lru_cache(4)
def drawn(act: UUID) -> Map | None:
    """The map that this act brought: acts do not change. One query, the first time."""
    told: dict[str, Any] = dict(Opening.objects.filter(act=act, erased_by=None).values_list("name", "value"))
    if not told.get("geojson"):
        return None
    shapes, width, height = townships.draw(townships.read(told["geojson"]))
    return Map(told["review_number"], told.get("source") or "", tuple(shapes), width, height)
