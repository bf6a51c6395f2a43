"""How the portal compares texts: folding, the terms of a question, and the grams that an index needs.

The contract (design.md §6): NFKC, brackets of all shapes become ( ), casefold, white space removed; 《》 and other punctuation stay.
Pure functions; the index that uses them is in `search_index.py`.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

BRACKETS = str.maketrans({**dict.fromkeys("〔【［﹝（[", "("), **dict.fromkeys("〕】］﹞）]", ")")})
MOST_TERMS, MOST_CHARACTERS = 50, 2000
"""A question beyond these bounds is refused with a sentence, never cut."""

MOST_GRAMS = 16
"""A long term is looked up by so many of its grams; the re-check on the text decides anyway."""


class TooMuch(ValueError):
    """The question is longer than any search needs; the message is Chinese and says how to shorten it."""


def fold(text: str) -> str:
    """The form in which texts and terms are compared."""
    return "".join(unicodedata.normalize("NFKC", text).translate(BRACKETS).casefold().split())


def terms(question: str) -> list[str]:
    """The folded terms of a question; one that lies within another is implied by it and left out. Raises TooMuch."""
    words = list(dict.fromkeys(word for part in question.split() if (word := fold(part))))
    if len(question) > MOST_CHARACTERS or len(words) > MOST_TERMS:
        raise TooMuch(f"查询内容太长：最多 {MOST_TERMS} 个词、{MOST_CHARACTERS} 个字，请只留下关键的几个词")
    return [word for word in words if not any(word != other and word in other for other in words)]


def matches(question: str, fields: Iterable[str]) -> bool:
    """Whether each term occurs inside one of the fields: the meaning of a search, without any index."""
    folded = [fold(field) for field in fields]
    return all(any(term in field for field in folded) for term in terms(question))


def grams(fields: Iterable[str]) -> set[str]:
    """What the index keeps of folded fields: each character, each pair, and each three of which one is ASCII.

    Pairs of Chinese characters are rare enough; pairs of digits stand in every decision, so numbers need threes.
    """
    found: set[str] = set()
    for field in fields:
        found.update(field)
        found.update(map("".join, pairwise(field)))
        threes = (field[i : i + 3] for i in range(len(field) - 2))
        found.update(three for three in threes if min(three) <= "\x7f")
    return found


def needed(term: str) -> list[str]:
    """Grams that every field holding this folded term has; together they cover the term."""
    if len(term) < 3:
        return [term]
    threes = [min(term[i : i + 3]) <= "\x7f" for i in range(len(term) - 2)]
    found = [term[i : i + 3] for i, ascii_in in enumerate(threes) if ascii_in]
    found += [term[i : i + 2] for i in range(len(term) - 1) if not any(threes[max(i - 1, 0) : i + 1])]
    found = list(dict.fromkeys(found))
    step = len(found) / MOST_GRAMS
    return found if step <= 1 else [found[int(i * step)] for i in range(MOST_GRAMS)]


fold_one = lru_cache(16384)(fold)
"""Single characters come back all the time: a page of hits has some thousands."""


def spots(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where folded terms stand in the text as written: begin and end of each hit, merged, in order.

    Empty when folding joins characters across places (combining marks): then there is nothing exact to point at.
    """
    folded, pieces = fold(text), [fold_one(character) for character in text]
    words = [word for word in words if word in folded]
    if not words or "".join(pieces) != folded:
        return []
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    found = [(places[i], places[i + len(word) - 1] + 1) for word in words for i in _occurrences(folded, word)]
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _occurrences(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
