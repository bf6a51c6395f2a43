"""Reading one name: where a Chinese name that starts or ends at a place would stop, and how sure that is."""

import re
from dataclasses import dataclass

from sanxiang.law.redaction.orgs import begins_company, begins_place
from sanxiang.law.redaction.words import (
    AFTER_ONE,
    HAN,
    after,
    ends_with,
    is_han,
    names,
    nouns,
    ordinary,
    word_set,
)

DOT = "·•‧・･∙．"
AFTER_DIGITS = re.compile(r"\d{4}年|\d{1,2}月|1[3-9]\d{9}|\d{15,18}")
"""A date, a telephone or an identity number may follow a name directly; other digits belong to a word before them."""
BLANK = " \t"
LISTING = "、和与及"
GIVEN_TOO = frozenset({"保安", "文书", "保民", "志士"})
"""Words for people that are given names as well."""


@dataclass(frozen=True)
class Reading:
    """A possible name. `behind` tells what follows: 3 punctuation, 2 a known word, 1 a known character, 0 nothing known.

    `likely` is the mean weight of the given name's characters; `score` ranks readings of one place.
    """

    start: int
    end: int
    behind: int
    likely: float
    ambiguous: bool

    @property
    def score(self) -> float:
        """Longer names win when nothing else decides."""
        return self.behind + self.likely + (0.2 if self.end - self.start > 2 else 0)


def surname_at(text: str, at: int) -> int:
    """The length of the surname that starts at a place, 0 for none."""
    if text[at : at + 4] in names().compound:
        return 4
    if text[at : at + 2] in names().compound:
        return 2
    return 1 if text[at : at + 1] in names().surnames else 0


def behind(text: str, at: int) -> int:
    """What a name that ends at `at` would be followed by."""
    if at >= len(text):
        return 3
    if text[at].isdigit():
        return 2 if AFTER_DIGITS.match(text, at) else 0
    if not is_han(text[at]):
        return 0 if text[at] in DOT else 3
    if text[at : at + 2] in after() or (text[at] in "于在自" and text[at + 1 : at + 2].isdigit()):
        return 2
    if (
        text[at] in "与和及"
        and text[at + 1 : at + 2] in tuple(names().common)
        and names().weight(text[at + 2 : at + 3] or "的") == 1
    ):
        return 2
    return 1 if text[at] in AFTER_ONE else 0


def behind_human(text: str, at: int) -> bool:
    """Whether something that only people do stands behind a name."""
    words, longest = word_set("human")
    return any(text[at : at + n] in words for n in range(1, longest + 1))


def titled(text: str, at: int, surname: int) -> bool:
    """Whether a surname is followed by a title only (孙科长): nothing is left to hide."""
    words, longest = word_set("role", "title")
    found = [text[at + surname : at + surname + n] for n in range(2, longest + 1)]
    return any(word in words and word not in GIVEN_TOO for word in found)


def likelihood(given: str) -> float | None:
    """The mean weight of a given name's characters; None where one never stands in a name."""
    weights = [names().weight(char) for char in given]
    known = [weight for weight in weights if weight is not None]
    return sum(known) / len(known) if given and len(known) == len(weights) else None


def readings(text: str, at: int) -> list[Reading]:
    """All names that could start at a place, the best first."""
    length = surname_at(text, at)
    found: list[Reading] = []
    if length and titled(text, at, length):
        return found
    for surname in {length, 1 if text[at : at + 1] in names().surnames else length} - {0}:
        ambiguous = surname == 1 and text[at] in names().ambiguous
        for given in (2, 1):
            end = at + surname + given
            likely = likelihood(text[at + surname : end]) if end <= len(text) else None
            if likely is not None:
                found.append(Reading(at, end, behind(text, end), likely, ambiguous))
    compound = [one for one in found if length > 1 and one.end - at > length]
    return sorted(compound or found, key=lambda one: -one.score)


def labelled(text: str, at: int, firm: bool) -> Reading | None:
    """The name after a word such as 当事人. `firm` where a colon or 系 stands between, so that little else is possible."""
    spaced = re.compile(f"([{HAN}])[{BLANK}]{{1,3}}([{HAN}])(?![{HAN}])").match(text, at)
    if spaced and firm and surname_at(text, at) == 1 and names().weight(spaced[2]) is not None:
        return Reading(at, spaced.end(), 3, 1, False)
    for one in readings(text, at):
        word = text[at : at + 2] in after() or text[at : one.end] in after()
        if firm and one.behind == 3:
            return one
        if begins_place(text, one.end) or (
            (one.behind < 2 or text[at : at + 2] in ordinary()) and begins_company(text, at)
        ):
            continue
        if word or (text[at : at + 2] in ordinary() and not proud(text, one)):
            continue
        if one.ambiguous and (one.likely < 0.75 or text[at + 1 : at + 3] in after()):
            continue
        if text[at] in names().function and (
            text[at + 1 : at + 3] in nouns() or text[at + 1 : at + 3] in after()
        ):
            continue
        if (
            one.behind == 3
            or (one.behind and one.likely > -0.75)
            or (one.end - at > 2 and one.likely >= (0.75 if one.ambiguous else 0.5))
        ):
            return one
    return None


def proud(text: str, one: Reading) -> bool:
    """Whether a word that is also a name (高峰, 江山) may stand for a person after 当事人."""
    long = one.end - one.start > 2 and one.behind > 1
    return (
        one.likely == 1
        and one.behind > 0
        and (long or text[one.start : one.start + 2] not in names().everyday)
    )


def unlabelled(text: str, at: int, taken: bool = False) -> Reading | None:
    """A name for which only its surroundings speak: a usual surname, likely characters, a word behind it, no known word."""
    rare = text[at] not in names().common and surname_at(text, at) < 2
    for one in readings(text, at):
        whole, likely = text[at : one.end], one.likely
        sure = len(whole) == 3 and likely == 1 and one.behind == 2 and text[at] not in names().function
        if surname_at(text, at) == 1 and (
            whole in ordinary()
            or text[at : at + 2] in after()
            or (text[at : at + 2] in ordinary() and not sure)
        ):
            continue
        if rare and (likely < 1 or one.behind != 2):
            continue
        if text[at] in names().function and (text[at + 1 : at + 3] in nouns() or len(whole) < 3):
            continue
        human = behind_human(text, one.end)
        plain = len(whole) == 3 and not rare and (not one.ambiguous or one.behind == 3)
        if taken and one.behind == 0 and len(whole) == 3 and likely == 1 and not (rare or one.ambiguous):
            return (
                None
                if text[at : at + 2] in ordinary() or begins_place(text, one.end) or begins_company(text, at)
                else one
            )
        if one.behind == 0 or likely < (0 if human else 0.5 if plain else 0.75):
            continue
        if (
            one.ambiguous
            and not human
            and ((one.behind < 2 and (likely < 1 or len(whole) < 3)) or likely < (0.5 if plain else 0.75))
        ):
            continue
        if text[at + 1 : at + 3] in after() and likely < 1:
            continue
        return one
    return None


def ending(text: str, end: int) -> Reading | None:
    """The name that ends at a place, its start being after punctuation or after a word that takes a person."""
    best: tuple[int, Reading] | None = None
    for length in (4, 3, 2):
        start = end - length
        if start < 0 or not (surname := surname_at(text, start)) or (length == 4 and surname < 2):
            continue
        likely = likelihood(text[start + surname : end]) if end - start > surname else None
        if likely is None and surname > 1:
            likely = likelihood(text[start + 1 : end])
        if likely is None or likely < 0 or titled(text, start, surname):
            continue
        left = before(text, start)
        rank = left * 2 + (1 if length == 3 else 0)
        if best is None or rank > best[0]:
            best = rank, Reading(start, end, 3, likely, text[start] in names().ambiguous)
    return best[1] if best else None


def before(text: str, start: int) -> int:
    """What stands left of a name: 2 punctuation or a word that takes a person, 1 some known word, 0 nothing known."""
    if start == 0 or not is_han(text[start - 1]):
        return 2
    if ends_with(text, start, "takes", "role", "kin", "officer", "minor"):
        return 2
    return 1 if text[start - 2 : start] in after() else 0


def word_of_language(name: str) -> bool:
    """Whether a word, or its first two characters, stands in the dictionary."""
    if surname_at(name, 0) > 1:
        return False
    return any(word in ordinary() or word in after() for word in (name, name[:2]))


def reads_as_name(word: str) -> bool:
    """Whether a whole word can be a surname and a given name."""
    surname = surname_at(word, 0)
    given = likelihood(word[surname:]) if surname and len(word) - surname in (1, 2) else None
    return given is not None and given >= 0


def tail_length(tail: str) -> int:
    """How much of the run after the last dot is still the name: up to the first word that may follow a name."""
    for at in range(2, len(tail)):
        if (
            tail[at : at + 2] in after()
            or tail[at] in "在于与和及向对从将被由把到未因为系是的等称持驾经已曾也均以"
        ):
            return at
    return len(tail)


def plain(name: str) -> str:
    """A name without the blanks that fill it up in tables."""
    return re.sub(rf"[{BLANK}]", "", name)
