"""Every way in which a `.tlog-proof` is spoiled while what it proves may still be there: whoever checks one refuses each."""

import re
from collections.abc import Callable

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

Spoiler = Callable[[str], str]


def _put(old: str, new: str, flags: int = re.MULTILINE) -> Spoiler:
    return lambda text: re.sub(old, new, text, count=1, flags=flags)


def _other_bits(text: str) -> str:
    """The last letter before the padding with a bit that decodes to nothing."""
    return text[:-2] + _LETTERS[_LETTERS.index(text[-2]) + 1] + "="


def _hash(change: Callable[[str], str]) -> Spoiler:
    """The first hash of the path changed."""
    return lambda text: re.sub(r"(?<=^index )(\d+)\n(.+)$", lambda m: f"{m[1]}\n{change(m[2])}", text, count=1, flags=re.M)  # fmt: skip


def _size(change: Callable[[str], str]) -> Spoiler:
    def spoil(text: str) -> str:
        head, body, lines = text.split("\n\n")
        origin, size, *rest = body.split("\n")
        return "\n\n".join([head, "\n".join([origin, change(size), *rest]), lines])

    return spoil


def _more(line: str) -> Spoiler:
    return lambda text: text + line


def _signature(change: Callable[[str], str]) -> Spoiler:
    """The log's own line changed."""
    return lambda text: re.sub("^\u2014 .*$", lambda m: change(m[0]), text, count=1, flags=re.M)


def _second(text: str) -> str:
    """Another line of the same key, which fails: the last letters of its signature are others."""
    line = re.search("^\u2014 .*$", text, re.M)
    assert line
    return text + line[0][:-20] + "A" * 18 + line[0][-2:] + "\n"


SPOILERS: dict[str, Spoiler] = {
    "no header": lambda text: text.partition("\n")[2],
    "another header": _put("@v1", "@v2"),
    "a header with more": _put("@v1", "@v1 "),
    "a line before the header": lambda text: "\n" + text,
    "no index": _put(r"^index \d+\n", ""),
    "a zero before the index": _put("^index ", "index 0"),
    "two zeros before the index": _put("^index ", "index 00"),
    "a sign before the index": _put("^index ", "index +"),
    "a blank before the index": _put("^index ", "index  "),
    "a blank behind the index": _put(r"^(index \d+)", r"\1 "),
    "another index": _put(r"^index (\d+)", lambda m: f"index {int(m[1]) ^ 1}"),  # type: ignore[arg-type]
    "an index in hex": _put(r"^index (\d+)", lambda m: f"index {int(m[1]):#x}"),  # type: ignore[arg-type]
    "an index beyond the log": _put(r"^index \d+", "index 1000000"),
    "an index of 2^63": _put(r"^index \d+", f"index {2**63}"),
    "an index of 2^64 more": _put(r"^index (\d+)", lambda m: f"index {int(m[1]) + 2**64}"),  # type: ignore[arg-type]
    "two indexes": _put(r"^(index \d+)", r"\1\n\1"),
    "junk before the index": _put("^index ", "junk\nindex "),
    "extra that is no base64": _put("^index ", "extra !!!\nindex "),
    "extra with other bits": _put("^index ", "extra aGVsbG9=\nindex "),
    "extra twice": _put("^index ", "extra AAAA\nextra AAAA\nindex "),
    "extra behind the index": _put(r"^(index \d+)", r"\1\nextra aGVsbG8="),
    "a hash with other bits": _hash(_other_bits),
    "a blank before a hash": _hash(lambda one: " " + one),
    "a blank behind a hash": _hash(lambda one: one + " "),
    "a hash without padding": _hash(lambda one: one[:-1]),
    "a hash broken in two": _hash(lambda one: f"{one[:20]}\n{one[20:]}"),
    "a short hash": _hash(lambda one: one + "\nAAAA"),
    "a hash too many": _hash(lambda one: f"{one}\n{one}"),
    "a blank line in the path": _hash(lambda one: one + "\n"),
    "ends of lines of another system": lambda text: text.replace("\n", "\r\n"),
    "no blank line": _put(r"=\n\n", "=\n"),
    "another size": _size(lambda size: str(int(size) + 1)),
    "a zero before the size": _size(lambda size: "0" + size),
    "another name": _put(r"\n\n(.+)\n", r"\n\n\1x\n"),
    "no end of the last line": lambda text: text[:-1],
    "a blank line at the end": _more("\n"),
    "junk among the signatures": _more("junk\n"),
    "another dash": _more("- other AAAAAAA=\n"),
    "a signature of nobody": _more("\u2014  AAAAAAA=\n"),
    "a name with a plus": _more("\u2014 a+b AAAAAAA=\n"),
    "a name with a wide blank": _more("\u2014 a\u3000b AAAAAAA=\n"),
    "a signature without base64": _more("\u2014 other\n"),
    "a signature with other bits": _more("\u2014 other AAAAAAB=\n"),
    "a signature with a blank behind": _more("\u2014 other AAAAAAA= \n"),
    "a signature too short": _more("\u2014 other AAAAAA==\n"),
    "a hundred and one signatures": _more("\u2014 other AAAAAAA=\n" * 100),
    "a control character": _more("\u2014 ot\x1bher AAAAAAA=\n"),
    "a second line of the key that fails": _second,
    "a first line of the key that fails": _signature(lambda line: f"{line[:-20]}{'A' * 18}{line[-2:]}\n{line}"),
    "no signature of the key": _signature(lambda line: "\u2014 other AAAAAAA="),
    "no signature": lambda text: text[: text.rindex("\u2014")],
}  # fmt: skip

HARMLESS: dict[str, Spoiler] = {
    "extra": _put("^index ", "extra aGVsbG8=\nindex "),
    "a stranger's line": _more("\u2014 other AAAAAAA=\n"),
    "a line of another key of the same name": _signature(lambda line: f"{line}\n{line[: line.rindex(' ')]} AAAAAAA="),
    "the same line again": _signature(lambda line: f"{line}\n{line}"),
}  # fmt: skip
"""What the formats allow: a checker that refuses one of these refuses what is good."""
