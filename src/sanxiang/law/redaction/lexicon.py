"""What it costs to read a run of characters as words of the language, and as a name: both in nats, from counts in lists."""

from dataclasses import dataclass
from functools import lru_cache
from math import log

from sanxiang.law.redaction.words import WORDS, lists, names, nouns, ordinary

LONGEST = 4
STRANGE = 13.5
"""What a character costs that stands in no word."""
OWN = 9.5
"""What a word of our own lists costs: frequent in papers of enforcement, whatever it is elsewhere."""
LISTED = 11.5
RARE_SURNAME = 9.5
RARE_GIVEN = 9.5
COMPOUND = 8.5


def read_costs(name: str) -> dict[str, float]:
    """The words of a list with their costs, given there in halves."""
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: int(row[0]) / 2 for row in rows for word in row[1:]}


@lru_cache(maxsize=1)
def lexicon() -> dict[str, float]:
    """Every word with its cost."""
    words = read_costs("lexicon.txt")
    for word in nouns() | ordinary():
        words.setdefault(word, LISTED)
    for group in lists().values():
        for word in group:
            if 1 < len(word) <= LONGEST:
                words[word] = min(words.get(word, OWN), OWN)
    return words


@lru_cache(maxsize=1)
def given_costs() -> dict[str, float]:
    """Characters of given names with their costs."""
    return read_costs("given.txt")


@lru_cache(maxsize=1)
def surname_costs() -> dict[str, float]:
    """Surnames with their costs: the list of the common ones is in the order of their frequency."""
    known = dict.fromkeys(names().surnames, RARE_SURNAME)
    known |= {char: 2.6 + 0.9 * log(rank + 1) for rank, char in enumerate(names().ranked)}
    return known | dict.fromkeys(names().compound, COMPOUND)


def name_cost(name: str, surname: int) -> float:
    """What it costs to read a run as a surname and a given name."""
    costs, never = given_costs(), names().never
    whole = surname_costs().get(name[:surname], RARE_SURNAME)
    return whole + sum(costs.get(char, RARE_GIVEN) + 2.5 * (char in never) for char in name[surname:])


READ = 4096
"""How many runs are remembered: the second reading of a text meets most runs of the first again."""


@dataclass(frozen=True)
class Lattice:
    """The cheapest reading of a run as words: up to each place, from each place on, and how long the word there is."""

    start: int
    left: tuple[float, ...]
    right: tuple[float, ...]
    ends: tuple[int, ...]
    begins: tuple[int, ...]

    def saved(self, start: int, end: int) -> float:
        """What is saved when the characters between two places need not be read as words."""
        return self.left[-1] - self.left[start - self.start] - self.right[end - self.start]

    def word_before(self, at: int) -> int:
        """The length of the word that ends at a place."""
        return self.ends[at - self.start]

    def word_behind(self, at: int) -> int:
        """The length of the word that begins at a place."""
        return self.begins[at - self.start]


def lattice(run: str, start: int) -> Lattice:
    """The lattice of a run of Chinese characters that begins at a place of the text."""
    return Lattice(start, *paths(run))


@lru_cache(maxsize=READ)
def paths(run: str) -> tuple[tuple[float, ...], tuple[float, ...], tuple[int, ...], tuple[int, ...]]:
    """The costs up to and from each place of a run, and the lengths of the words that end and begin there."""
    words = lexicon()
    size = len(run)
    left, right = [0.0] * (size + 1), [0.0] * (size + 1)
    ends, begins = [0] * (size + 1), [0] * (size + 1)
    get = words.get
    for at in range(1, size + 1):
        best = left[at - 1] + get(run[at - 1], STRANGE)
        length = 1
        for n in range(2, min(LONGEST, at) + 1):
            cost = get(run[at - n : at])
            if cost is not None and left[at - n] + cost < best:
                best, length = left[at - n] + cost, n
        left[at], ends[at] = best, length
    for at in range(size - 1, -1, -1):
        best = right[at + 1] + get(run[at], STRANGE)
        length = 1
        for n in range(2, min(LONGEST, size - at) + 1):
            cost = get(run[at : at + n])
            if cost is not None and right[at + n] + cost < best:
                best, length = right[at + n] + cost, n
        right[at], begins[at] = best, length
    return tuple(left), tuple(right), tuple(ends), tuple(begins)
