"""Names written wide apart (张 伟) are read as if they were not."""

import re

from sanxiang.law.redaction.names import BLANK
from sanxiang.law.redaction.words import HAN, ends_with, is_han, names, uncommon

WIDE = re.compile(
    rf"(?P<first>[{HAN}])[{BLANK}]{{1,2}}[{HAN}](?:[{BLANK}]{{1,2}}[{HAN}])?(?![{BLANK}]*[:：])"
)


def close_up(text: str) -> tuple[str, list[int]]:
    """The text without the blanks inside names written wide apart, and where each of its characters stood."""
    drop = {
        at
        for match in WIDE.finditer(text)
        if text[match.start()] in names().surnames | uncommon() and wide_name(text, *match.span())
        for at in range(*match.span())
        if text[at] in BLANK
    }
    places = [at for at in range(len(text)) if at not in drop]
    return "".join(text[at] for at in places), places


def wide_name(text: str, start: int, end: int) -> bool:
    """Whether characters with blanks between them stand where a name does: alone, or after a word for a person."""
    if start and is_han(text[start - 1]):
        return bool(ends_with(text, start, "role", "kin", "officer"))
    return end - start > 3 or not is_han(text[end : end + 1] or " ")
