"""What an address of the desk asks, read strictly: what makes no sense counts as not asked, and breaks nothing."""

from collections.abc import Mapping

LONGEST = 100
DIGITS = 18
"""No number of a page, an act or a row is longer, and both databases take every number as long as this."""


def number_in(given: Mapping[str, str], name: str) -> int | None:
    """A whole number in plain digits (² and ３ are digits to Python's `isdigit`, not here); None for anything else."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def words_in(given: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """Words to look for; without NUL, which PostgreSQL takes in no text."""
    return given.get(name, "").replace("\0", "").strip()[:longest]
