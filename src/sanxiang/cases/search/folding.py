"""How the portal compares texts: folding, the terms of a question, and the grams that an index needs.

The contract (design.md §6): NFKC, brackets of all shapes become ( ), casefold, white space removed; 《》 and other punctuation stay.
Pure functions; the index that uses them is in `search_index.py`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from sanxiang.law.numerals import SIGNS

BRACKETS = str.maketrans({**dict.fromkeys("〔【［﹝（[", "("), **dict.fromkeys("〕】］﹞）]", ")")})
MOST_TERMS, MOST_CHARACTERS = 50, 2000
"""A question beyond these bounds is refused with a sentence, never cut."""

MOST_GRAMS = 8
"""A long term is looked up by so many of its grams, taken evenly: each costs its list, and the re-check on the text decides anyway."""


NUMBER = re.compile(
    r"(?P<word>.*?[^\W\d])(?:\W+第?|第)?(?P<year>(?:19|20)\d{2})(?:年度?\W*[字第]*|\W+[字第]*|[字第]+)(?P<serial>\d{1,9})号?"
)
"""A document number however it is written: 机关代字, year and serial, with anything or 年 and 第 between them."""

SEAMS = re.compile(rf"\W+|(?=第[{SIGNS}两\d]+条)")
"""Where a text may have punctuation and a question none, or the other way round: 《防洪法》第二十二条. Wider than law.articles:
whoever searches may write 第22条 or 第两百条."""


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


def number_key(text: str) -> tuple[str, ...]:
    """What makes a document number: its words, year and serial; of any other text its folded form."""
    folded = fold(text)
    found = NUMBER.fullmatch(folded)
    return found.group("word", "year", "serial") if found else (folded,)


def number_forms(text: str) -> list[str]:
    """How a number is written on decisions, where the text can be read as one: 〔2026〕3号, 〔2026〕第3号."""
    key = number_key(text)
    return [f"{key[0]}〔{key[1]}〕{more}{key[2]}号" for more in ("", "第")] if len(key) > 1 else []


def rewritings(question: str) -> list[str]:
    """Other ways to ask that may find what this question does not: a number as decisions write it, else the question without
    punctuation and with each article apart. A search never uses them by itself (the contract); a page may offer them.
    """
    given = terms(question)
    numbers = number_forms("".join(question.split()))
    # A number that is written as numbers are and yet is not there would only fall into pieces that occur anywhere.
    pieces = " ".join(SEAMS.split(unicodedata.normalize("NFKC", question))).split()
    found = numbers or [" ".join(pieces)] * (0 < len(set(pieces)) <= MOST_TERMS)
    return [other for other in found if terms(other) != given]


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
    """Some grams that every field holding this folded term has: of a document number those of its serial, which few others have."""
    if len(term) < 3:
        return [term]
    if number := NUMBER.fullmatch(term):
        term = term[number.start("serial") - 2 :]
    threes = [min(term[i : i + 3]) <= "\x7f" for i in range(len(term) - 2)]
    found = [term[i : i + 3] for i, ascii_in in enumerate(threes) if ascii_in]
    found += [term[i : i + 2] for i in range(len(term) - 1) if not any(threes[max(i - 1, 0) : i + 1])]
    found = list(dict.fromkeys([*found[::2], found[-1]]))  # every other one: they overlap
    step = len(found) / MOST_GRAMS
    return found if step <= 1 else [found[int(i * step)] for i in range(MOST_GRAMS)]


fold_one = lru_cache(16384)(fold)
"""Single characters come back all the time: a page of hits has some thousands."""


def spots(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where folded terms stand in the text as written: begin and end of each hit, merged, in order.

    Empty when folding joins characters across places (combining marks): then there is nothing exact to point at.
    """
    folded = fold(text)
    if not (words := [word for word in words if word in folded]):
        return []
    pieces = list(map(fold_one, text))
    if "".join(pieces) != folded:
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
