"""Whether a person named is at work for the agency: the words before the name, or before the list that it stands in, and behind it,
weighed together. The weights (lists/duty.txt) are written by tools/train_names.py.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sanxiang.law.redaction.context import plain
from sanxiang.law.redaction.words import WORDS, ends_with, is_han

WEIGHTS = WORDS / "duty.txt"
AGENCY = re.compile(
    "我[局委队所大中支站镇办厅]|本[局委队所镇机院厅]|该[局所]|大队|支队|中队|执法|监管所|派出所|分局"
)
JOINED = re.compile(r"(?:[（(][^（）()\n]{0,40}[)）])?[、和与及/ 　]{1,3}")
OWN = re.compile(r"[，,（(：: 　]{1,3}(?:男|女|公民|居民|身份|\d{17}|1[3-9]\d{9})")
MARKED = re.compile(r"[（(]?(?:[一-龥]{0,4}证号?|警号|工号)?[:：]?[A-Z一-龥]{0,4}[0-9\-]{6,14}[)）]")
Spans = Sequence[tuple[int, int]]


@cache
def weights() -> dict[str, float]:
    """Each feature's weight."""
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("# "))
    return {key: float(value) for value, key in rows}


def leaning(text: str, spans: Spans, regions: Spans) -> list[float]:
    """For each of the people named, in their order, what speaks for their being the agency's (above nothing) or not."""
    known = weights()
    return [
        sum(known.get(key, 0.0) for key in features(text, at, spans, regions)) for at in range(len(spans))
    ]


def features(text: str, at: int, spans: Spans, regions: Spans) -> Iterator[str]:
    """What is seen around one of the people named."""
    first = last = at
    while first and JOINED.fullmatch(text, spans[first - 1][1], spans[first][0]):
        first -= 1
    while last + 1 < len(spans) and JOINED.fullmatch(text, spans[last][1], spans[last + 1][0]):
        last += 1
    start, end = spans[first][0], spans[last][1]
    yield "bias"
    yield f"listed={min(last - first, 2)}"
    yield f"place={int(10 * start / max(1, len(text)))}"
    if any(begin <= spans[at][0] < stop for begin, stop in regions):
        yield "region"
    left, right = plain(text[max(0, start - 16) : start]), plain(text[end : end + 8]) + "$"
    yield from (f"l{n}={('^' + left)[-n:]}" for n in (1, 2, 3, 4, 5))
    yield from (f"r{n}={right[:n]}" for n in (1, 2, 3))
    bare = left.rstrip(" :|'(¶系为是,")
    mark = left[len(bare) : len(bare) + 1] or "-"
    yield from (f"b{n}={bare[-n:]}" for n in (1, 2, 3, 4))
    yield f"m={bare[-1:]}{mark}"
    label = re.search(r"[一-龥]*$", bare)
    if label and label[0]:
        yield f"w={label[0][-8:]}"
        yield from (f"g={label[0][n : n + 2]}" for n in range(max(0, len(label[0]) - 8), len(label[0]) - 1))
    for kind in ("officer", "approver", "role", "kin", "minor"):
        if is_han(bare[-1:] or " ") and ends_with(text, start - (len(left) - len(bare)), kind):
            yield f"{kind}{mark}"
    line = text[max(text.rfind("\n", 0, start), text.rfind("。", 0, start)) + 1 : start]
    if AGENCY.search(line):
        yield "agency"
    if OWN.match(text, spans[at][1]):
        yield "own"
    if MARKED.match(text, spans[at][1]):
        yield "numbered"
