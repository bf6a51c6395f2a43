"""Word lists of the redaction rules, read once: who is called what, which characters stand in names, what follows a name.

The lists are data in `words/`; every one can be read, argued with and changed. Nothing here was learned by a machine
at run time, and the same text always gives the same answer.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).parent / "lists"
HAN = "一-鿿㐀-䶿\U00020000-\U0003ffff〇"
HAN_CHAR = re.compile(f"[{HAN}]")


@dataclass(frozen=True)
class Names:
    """Characters of names; `ranked` are the common surnames by frequency.

    `weight` is 1 for likely given names, 0.5 for rare characters, 0, -1; None rules a name out."""

    common: frozenset[str]
    ranked: str
    surnames: frozenset[str]
    compound: frozenset[str]
    ambiguous: frozenset[str]
    given: frozenset[str]
    possible: frozenset[str]
    unlikely: frozenset[str]
    never: frozenset[str]
    everyday: frozenset[str]
    function: frozenset[str]
    sounds: frozenset[str]

    def weight(self, char: str) -> float | None:
        """How well a character fits a given name."""
        if char in self.never or not is_han(char):
            return None
        if char in self.given:
            return 1
        if char in self.possible:
            return 0
        return -1 if char in self.unlikely else 0.5


def is_han(char: str) -> bool:
    """Whether it is one Chinese character."""
    return bool(HAN_CHAR.fullmatch(char))


@lru_cache(maxsize=1)
def names() -> Names:
    """The characters of names.toml."""
    data = tomllib.loads((WORDS / "names.toml").read_text(encoding="utf-8"))
    sets = {
        key: frozenset("".join(text.split()))
        for key, text in data.items()
        if key not in ("compound", "everyday")
    }
    return Names(
        common=sets["common"],
        ranked="".join(data["common"].split()),
        surnames=sets["common"] | sets["rare"],
        compound=frozenset(data["compound"].split()),
        ambiguous=sets["ambiguous"],
        given=sets["given"],
        possible=sets["possible"],
        unlikely=sets["unlikely"],
        never=sets["never"],
        everyday=frozenset(data["everyday"].split()),
        function=sets["function"],
        sounds=sets["sounds"],
    )


def read_words(name: str) -> frozenset[str]:
    """The words of a plain list; lines that begin with # are remarks."""
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def uncommon() -> frozenset[str]:
    """Surnames with which only a name that is weighed may begin."""
    return read_words("uncommon.txt")


@lru_cache(maxsize=1)
def left_out() -> frozenset[str]:
    """Words that would be taken for names by their surroundings and are none."""
    return read_words("left_out.txt")


@lru_cache(maxsize=1)
def parts() -> frozenset[str]:
    """Parts of the names of other peoples."""
    return read_words("parts.txt")


@lru_cache(maxsize=1)
def ordinary() -> frozenset[str]:
    """Words that begin like a name and are none."""
    return read_words("ordinary.txt")


@lru_cache(maxsize=1)
def after() -> frozenset[str]:
    """Two characters that may follow a name directly."""
    return read_words("after.txt")


@lru_cache(maxsize=1)
def nouns() -> frozenset[str]:
    """Everyday words whose characters would do in a given name."""
    return read_words("nouns.txt")


@lru_cache(maxsize=1)
def joined() -> frozenset[str]:
    """Words in which 人, 者, 员 and the like are followed by what could be a surname (户籍, 方向)."""
    return read_words("joined.txt")


AFTER_ONE = frozenset(
    "在于与和及向对从将被由把到未已曾又再也均经不无非并但即则等称述说供购买卖销租借欠还付收开驾乘骑"
    "雇请找给让叫持用使建挖采砍捕养种占拉运倒排放投按为是系因所的之以拿取送停来去住有却仍遂便共自私"
    "携率组带擅违涉犯获受应可能会要想只都就先后家名本等同男女户虽若如或既除竟拒辩找听看见问答提交签捺正现仅均竟"
)
"""Single characters that may follow a name."""


@lru_cache(maxsize=1)
def lists() -> dict[str, tuple[str, ...]]:
    """The lists of roles.toml and labels.toml, each with its longest word first."""
    texts = [(WORDS / name).read_text(encoding="utf-8") for name in ("roles.toml", "labels.toml")]
    data = {key: words for text in texts for key, words in tomllib.loads(text).items()}
    return {
        key: tuple(sorted(dict.fromkeys(text.split()), key=len, reverse=True)) for key, text in data.items()
    }


@lru_cache(maxsize=32)
def word_set(*keys: str) -> tuple[frozenset[str], int]:
    """The words of some lists, and the length of the longest."""
    words = frozenset(word for key in keys for word in lists()[key])
    return words, max(map(len, words))


def ends_with(text: str, at: int, *keys: str) -> str:
    """The longest word of some lists that ends at a place, or an empty string."""
    words, longest = word_set(*keys)
    return next((text[at - n : at] for n in range(min(longest, at), 0, -1) if text[at - n : at] in words), "")


def any_of(*keys: str) -> str:
    """A regular expression for the words of some lists, the longest first."""
    words = sorted({word for key in keys for word in lists()[key]}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, words)) + ")"
