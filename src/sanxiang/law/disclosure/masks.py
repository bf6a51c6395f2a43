"""Why something is hidden before it goes out: a `mask` block names the kinds that the rules find, under the article that closes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sanxiang.law.blocks import Block
from sanxiang.law.packs import Pack
from sanxiang.law.rules import as_tuple, take

KEYS = {"id", "label", "types"}


@dataclass(frozen=True)
class Reason:
    """In words, and by which article; the article is blank in packs that were made before they said it."""

    label: str
    citation: str = ""

    def __str__(self) -> str:
        return f"{self.label}（{self.citation}）" if self.citation else self.label


def reasons_of(pack: Pack) -> Mapping[str, Reason]:
    """By the kind that the rules find, such as `idcard`."""
    return {
        kind: Reason(str(raw["label"]), str(block.citation))
        for block in pack.of_kind("mask")
        for raw in (read_mask(block),)
        for kind in as_tuple(raw["types"])
    }


def read_mask(block: Block) -> Mapping[str, object]:
    """The keys of a mask block; an unknown or missing one is a load error."""
    return take(block, KEYS, ("id", "label", "types"))
