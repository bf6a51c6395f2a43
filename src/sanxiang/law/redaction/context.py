"""What stands around a candidate for a name, letter by letter: short strings on both sides, and the label of its cell."""

from collections.abc import Iterator

from sanxiang.law.redaction.words import is_han

PLAIN = (
    dict.fromkeys(range(48, 58), "0")
    | dict.fromkeys(range(97, 123), "a")
    | dict.fromkeys(range(65, 91), "A")
    | {ord(a): b for a, b in zip("｜\t　“”‘’（）：，；\n", "|  ''''():,;¶", strict=True)}
)
"""Digits, letters, brackets and blanks stand for all of their kind."""
MARKS = frozenset(" :|'(),;¶、。[]【】《》/-—>＞")


def plain(text: str) -> str:
    """The text, character by character, with what does not matter for a name made alike."""
    return text.translate(PLAIN)


def around(text: str, start: int, end: int) -> Iterator[str]:
    """The strings around a candidate in a text made plain, each with a word for its place."""
    left = ("^^^" + text[max(0, start - 14) : start])[-14:]
    right = (text[end : end + 8] + "$$$")[:8]
    yield from (f"l{n}={left[-n:]}" for n in (1, 2, 3, 4))
    yield from (f"r{n}={right[:n]}" for n in (1, 2, 3, 4))
    yield f"p={left[-1]}_{right[0]}"
    yield f"q={left[-2:]}_{right[:2]}"
    bare = left.rstrip(" :|'(¶系为是")
    if len(bare) < len(left) and bare and is_han(bare[-1]):
        yield from (f"b{n}={bare[-n:]}" for n in (1, 2, 3))
    if right[0] in ",(、 |:":
        yield from (f"c{n}={right[1 : 1 + n]}" for n in (1, 2))
    before = max((at for at, char in enumerate(left) if char in MARKS), default=-1)
    if left[-1] not in MARKS:
        yield f"w={left[before + 1 :]}"
