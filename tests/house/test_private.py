"""Nothing of a person, of a machine or of a registry stands in the files that we publish."""

import re
from collections.abc import Iterator
from pathlib import Path

from source_tree import texts

MARK = "invented"
"""A test that needs an ID-card or mobile number says so with this word, and makes the number up."""
ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}[0-9Xx](?![0-9A-Za-z])"
)
MOBILE = re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z.])")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
REGISTRIES = re.compile(
    "|".join(map(re.escape, ("pypi" + ".org", "python" + "hosted", "npm" + "js", "debian" + ".org", "ubuntu" + ".com",
                             "npm" + "mirror", "tsinghua" + ".edu", "aliyun" + ".com"))))  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_valid(number: str) -> bool:
    """GB 11643: the last place is a check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def hits(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str, str]]:
    """(file, found text, whole text of the file)."""
    for path, text in texts():
        for found in pattern.findall(text):
            yield path, found, text


def may_invent(path: Path, text: str) -> bool:
    """Tests may carry made-up numbers when they say that they are."""
    return path.parts[0] == "tests" and MARK in text


def test_no_valid_id_card_number() -> None:
    found = [f"{p}: {n}" for p, n, text in hits(ID_CARD) if is_valid(n) and not may_invent(p, text)]
    assert not found, "\n".join(found)


def test_no_mobile_number() -> None:
    digests = re.compile(r"\.(?:txt|json)$")  # locks are full of digits that mean nothing
    found = [
        f"{p}: {n}" for p, n, text in hits(MOBILE) if not may_invent(p, text) and not digests.search(p.name)
    ]
    assert not found, "\n".join(found)


def test_no_path_of_a_machine() -> None:
    found = sorted({str(p) for p, _n, _t in hits(MACHINE)} - {"tests/house/test_private.py"})
    assert not found, "\n".join(found)


def test_no_registry_address() -> None:
    found = sorted({f"{p}: {n}" for p, n, _t in hits(REGISTRIES)})
    assert not found, "\n".join(found)


def test_the_check_digit_is_understood() -> None:
    """The invented number of the standard's own example kind: valid as written, not with another last place."""
    body = "11010519491231002"
    assert is_valid(body + "X") and not is_valid(body + "1")
