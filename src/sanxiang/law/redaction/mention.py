"""One mention of a person, and which of two readings of a place holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sanxiang.law.redaction.names import DOT, plain, tail_length
from sanxiang.law.redaction.words import HAN

BEFORE = re.compile(rf"(?<![{HAN}])[{HAN}]{{1,8}}[{DOT}]$|(?<![A-Za-z])[A-Z]{{2,12}} $")
BEHIND = re.compile(rf"[{DOT}](?P<tail>[{HAN}]{{2,10}})")


@dataclass(frozen=True)
class Mention:
    """One mention of a person. `kind` is officer, minor or person."""

    start: int
    end: int
    kind: str
    why: str


def settle(found: Iterable[Mention]) -> list[Mention]:
    """One reading for each place: labelled ones first, then the longer; the same name keeps its strictest kind."""
    chosen: list[Mention] = []
    ranks = {
        "frame": -1,
        "label": 0,
        "trait": 0,
        "dot": 0,
        "latin": 0,
        "strange": 0,
        "list": 1,
        "score": 2,
        "place": 3,
        "odd": 3,
        "same": 4,
    }
    for one in sorted(found, key=lambda p: (ranks[p.why.split(":")[0]], p.start - p.end, p.start)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda person: person.start)


def whole(text: str, one: Mention) -> Mention:
    """A mention with the parts of the name that a dot joins to it, or the surname in capitals before it."""
    start, end = one.start, one.end
    if found := BEFORE.search(text[max(0, start - 14) : start]):
        latin = found[0][-1] == " "
        if latin == text[start].isascii():
            start -= len(found[0])
    while found := BEHIND.match(text, end):
        end += 1 + tail_length(found["tail"])
    return replace(one, start=start, end=end)


def longest(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions, each as long as the longest name of the text that stands there: who is called 毋清和 once is no 毋清."""
    known = {plain(text[one.start : one.end]) for one in found if not one.why.startswith("same:")}
    result = []
    for one in found:
        name = text[one.start : one.end]
        more = [
            other
            for other in known
            if len(name) < len(other) < len(name) + 3 and text.startswith(other, one.start)
        ]
        result.append(
            replace(one, end=one.start + max(map(len, more))) if more and name.startswith(name) else one
        )
    return result
