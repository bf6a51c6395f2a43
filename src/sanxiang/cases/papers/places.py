"""Where a paper is signed: the lines, cells and feet of pages that its template draws for it. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.cases.papers.markup import Block, Content

BLANK_DAY = re.compile(r"年[\s\u3000]+月[\s\u3000]+日")
"""A day that is still to be written in: whoever signs there has not signed."""
SIGN_LINE, FOOT_LINE = "（签名或者盖章）：", "签名："


@dataclass(frozen=True)
class Place:
    """One place to sign: what it is called, and the words with which it is found on the page, without blanks."""

    name: str
    words: str
    foot: bool = False
    """It comes again at the foot of every page."""


def places_of(content: Content) -> list[Place]:
    """Every place, in the order of the page; the feet of pages come last."""
    found = [place for block in content.blocks for place in _in_block(block)]
    found += [Place(who, f"{who}{FOOT_LINE}", True) for who in content.signed_by]
    return found


def names_of(content: Content) -> list[str]:
    """What the places are called, each once."""
    return list(dict.fromkeys(place.name for place in places_of(content)))


def is_signed(raw: Mapping[str, Any]) -> bool:
    """Has a stored paper any place to sign? Asked of whole lists of papers, so without making the paper of it."""
    cells = (cell for block in raw["blocks"] for row in block["rows"] for cell in row)
    lines = any(block["kind"] == "sign" for block in raw["blocks"])
    return (
        lines
        or bool(raw["signed_by"])
        or any(BLANK_DAY.search(cell["foot"]) for cell in cells if cell["foot"])
    )


def _in_block(block: Block) -> Iterator[Place]:
    if block.kind == "sign":
        yield Place(block.text, solid(f"{block.text}{SIGN_LINE}年月日"))
    for row in block.rows:
        for before, cell in zip((None, *row), row, strict=False):
            if BLANK_DAY.search(cell.foot):
                label = before.text if before else cell.text
                yield Place(label, solid(f"{label}{cell.text}{cell.foot}"))


def solid(text: str) -> str:
    """A text without blanks and line ends, as it is looked for on a page."""
    return re.sub(r"\s", "", text)
