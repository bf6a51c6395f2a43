"""Names of other peoples, written by their sound or with known parts: what it costs to read a run as one."""

from collections.abc import Iterator
from functools import lru_cache

from sanxiang.law.redaction.lexicon import READ, Lattice, lattice, read_costs
from sanxiang.law.redaction.names import DOT
from sanxiang.law.redaction.words import names, parts

BEGINS = 5.0
"""What it costs that a name of this kind stands there at all."""
PART = 6.0
SOUND = 7.5
LONGEST = 5
MOST = 7
WORST = 2.0


@lru_cache(maxsize=1)
def sound_costs() -> dict[str, float]:
    """Characters that write sounds, and known parts of names, with their costs."""
    costs = {char: min(cost, SOUND) for char, cost in read_costs("sounds.txt").items()}
    for char in names().sounds:
        costs.setdefault(char, SOUND)
    return costs | dict.fromkeys((part for part in parts() if len(part) > 1), PART)


def foreign_names(run: str, start: int) -> Iterator[tuple[int, int, float]]:
    """(start, end, gain) of the pieces of a run that are dearer as words than as a name written by its sound."""
    return ((start + at, start + end, gain) for at, end, gain in sounding(run))


@lru_cache(maxsize=READ)
def sounding(run: str) -> tuple[tuple[int, int, float], ...]:
    """The same, by their places in the run."""
    return tuple(pieces(run, lattice(run, 0)))


def pieces(run: str, words: Lattice) -> Iterator[tuple[int, int, float]]:
    """The pieces, one after another."""
    costs = sound_costs()
    for at in range(len(run) - 1):
        best = {at: BEGINS}
        for end in range(at + 1, min(at + MOST, len(run)) + 1):
            ways = [
                best[end - n] + costs[piece]
                for n in range(1, min(LONGEST, end - at) + 1)
                if end - n in best and (piece := run[end - n : end]) in costs
            ]
            if ways:
                best[end] = min(ways)
                gain = words.saved(at, end) - best[end]
                if end - at > 1 and gain > WORST:
                    yield at, end, gain


def dotted(text: str, start: int, end: int) -> bool:
    """Whether a dot of a name stands beside a piece."""
    return text[start - 1 : start] in tuple(DOT) or text[end : end + 1] in tuple(DOT)
