"""First passwords: made by the machine, copied from paper by people, recognised so that their owners are told to change them."""

import re
import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0 1 i l o: a first password is read from a slip of paper."""
SHAPE = re.compile(rf"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{3}}")


def first_password() -> str:
    """Sixteen letters and figures in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def is_first(password: str) -> bool:
    """Does it look like one that the machine made?"""
    return SHAPE.fullmatch(password) is not None
