"""The draw itself, as docs/draw.md publishes it: digests decide, so whoever has lists, seed and value gets the same.

Every line of a list is one token (or two, apart by a blank), in UTF-8, sorted bytewise, with a line feed after each.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

RULE = "sanxiang-draw-1"
LEAST = 2
"""So many officers go to every object at least."""
TOKEN = re.compile(r"[^\s|]{1,80}")
"""What a token may be: no blank and no bar, for these set it apart from others."""

Pair = tuple[str, str]


class Short(ValueError):
    """Objects for which conflicts leave too few officers; its arguments are their tokens."""


def digest(text: str) -> str:
    """SHA-256 in hex of a text in UTF-8, as `sha256sum` prints it."""
    return hashlib.sha256(text.encode()).hexdigest()


def listed(tokens: Iterable[str]) -> str:
    """A list as it is committed to and handed out."""
    return "".join(f"{token}\n" for token in sorted(set(tokens), key=str.encode))


def paired(pairs: Iterable[Pair]) -> str:
    """A list of pairs: an object, a blank, an officer who may not go there."""
    return listed(f"{one} {other}" for one, other in pairs)


def key_of(seed: str, value: str) -> str:
    """What orders everything: the seed kept secret until the draw, and the value that nobody knew when it was kept."""
    return digest(f"{seed}|{value}")


def how_many(total: int, percent: Decimal) -> int:
    """So many of the total are drawn: the ratio, rounded up, and one at least."""
    return min(total, max(1, int((total * percent / 100).to_integral_value(ROUND_CEILING))))


def ordered(key: str, kind: str, tokens: Collection[str], of: str = "") -> list[str]:
    """Tokens by the digest of key, kind and token; those of officers by the object's token as well."""
    before = f"{key}|{kind}|{of}|" if of else f"{key}|{kind}|"
    return sorted(tokens, key=lambda token: (digest(before + token), token.encode()))


def drawn(key: str, objects: Collection[str], count: int) -> list[str]:
    """The objects drawn, in their order."""
    return ordered(key, "object", objects)[:count]


def assigned(
    key: str, objects: Sequence[str], officers: Collection[str], barred: Collection[Pair], each: int
) -> list[tuple[str, ...]]:
    """Each object with its officers; whoever is barred from one is passed over there. Raises Short."""
    short = too_few(objects, officers, barred, each)
    if short:
        raise Short(*short)
    return [
        (one, *[who for who in ordered(key, "officer", officers, one) if (one, who) not in barred][:each])
        for one in objects
    ]


def too_few(
    objects: Iterable[str], officers: Collection[str], barred: Collection[Pair], each: int
) -> list[str]:
    """Objects to which not enough officers may go."""
    return [one for one in objects if sum((one, who) not in barred for who in officers) < each]


def commitment(plan: str, seed: str, source: str, lists: Sequence[str], count: int, each: int) -> str:
    """What is made public before the value exists: the digests of seed and lists, whence the value comes, how many are drawn."""
    names = ("objects-sha256", "officers-sha256", "barred-sha256")
    lines = [("rule", RULE), ("plan", plan), ("source", source), ("seed-sha256", digest(seed))]
    lines += [(name, digest(text)) for name, text in zip(names, lists, strict=True)]
    lines += [("count", str(count)), ("each", str(each))]
    return "".join(f"{name} {text}\n" for name, text in lines)


def told_in(text: str) -> dict[str, str]:
    """The lines of a commitment by their first word."""
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
