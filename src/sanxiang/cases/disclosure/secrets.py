"""What a case must not show anywhere, and whether a text shows it: judged by value, never by where the rules think a name stands."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sanxiang.law.redact import holds_protected
from sanxiang.law.redaction.orgs import inside_org

BETWEEN = re.compile(r"[\s\-‐–—]")
KINDS = {"idcard": "身份证件号码", "phone": "手机号码"}


@dataclass(frozen=True)
class Trace:
    """Something that may not go out: in which layer, and what it is; never the value itself, for refusals are kept."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}里有{self.what}"


@dataclass(frozen=True)
class Secrets:
    """What this case must not show: names, which may be part of a company's, and numbers and places, which may not be part of anything."""

    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """What the editor ordered to be hidden."""


def held(where: str, text: str, secrets: Secrets) -> Iterator[Trace]:
    """What one layer holds."""
    for span in holds_protected(text):
        yield Trace(where, KINDS.get(span.type, "受保护的号码"))
    plain = squeezed(text)
    if any(squeezed(value) in plain for value in secrets.values if len(squeezed(value)) > 3):
        yield Trace(where, "案件已登记的号码、住址")
    for name in secrets.names:
        found = re.finditer(re.escape(squeezed(name)), plain) if len(squeezed(name)) > 1 else ()
        if any(not inside_org(plain, *one.span()) for one in found):
            yield Trace(where, "案件里应当隐去的姓名")
    for number in left(text, secrets.words):
        yield Trace(where, f"第 {number} 项要隐去的文字")


def left(text: str, words: Iterable[str]) -> Iterator[int]:
    """Which of these words, counted from one, the text still says."""
    plain = squeezed(text)
    for number, word in enumerate(words, 1):
        if squeezed(word) and squeezed(word) in plain:
            yield number


def squeezed(text: str) -> str:
    """Without width, case, blanks and hyphens: however it is written, it is the same value."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def placed(text: str) -> tuple[str, list[int]]:
    """The text squeezed sign by sign, and for each of the signs that are left where in the text it stood."""
    found = [(sign, place) for place, whole in enumerate(text) for sign in squeezed(whole)]
    return "".join(sign for sign, _ in found), [place for _, place in found]
