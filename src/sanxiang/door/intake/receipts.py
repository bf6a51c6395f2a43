"""查询码: what somebody without an account gets for what they handed in, and the forms that they hand in with.

A code has 75 bits and a check sign, in letters and digits that are not mistaken for each other when read aloud. The act of what was
handed in has the code's digest as its id: the code itself is kept nowhere, and to look one up is one step whether it is right or wrong.
"""

import hashlib
import hmac
import secrets
import unicodedata
import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
LENGTH = 15
SHORTEST, LONGEST = timedelta(seconds=3), timedelta(hours=24)
"""Nobody reads and fills in a form in less than that; and a form that was left open for longer is drawn anew."""
SALT = "sanxiang.intake"


def form_token() -> str:
    """What a form carries: when it was drawn, and which code its receipt will have."""
    told = [secrets.token_urlsafe(12), int(timezone.now().timestamp())]
    return signing.dumps(told, salt=SALT)


def flaw_of(token: str) -> str:
    """What is wrong with a form that came back, as a sentence; "" where nothing is."""
    try:
        _, drawn = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return "这张表单不是从本页打开的，请再提交一次。"
    age = timezone.now().timestamp() - drawn
    if age < SHORTEST.total_seconds():
        return "提交得太快，系统要分辨是不是程序在填写，请稍等几秒再提交。"
    return "表单打开的时间太长，请再提交一次。" if age > LONGEST.total_seconds() else ""


def ours(token: str) -> bool:
    """Did we give this token, however long ago? A code must never follow from what somebody else could make up."""
    try:
        signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return False
    return True


def code_of(token: str) -> str:
    """The code that a form's receipt has: sent twice, it is the same."""
    found = hmac.new(settings.SECRET_KEY.encode(), f"{SALT} {token}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(found, "big")
    signs = [SIGNS[(number >> (5 * place)) & 31] for place in range(LENGTH)]
    return spelt("".join(signs) + check_of("".join(signs)))


def check_of(text: str) -> str:
    """The last sign: it differs when one sign was mistaken for another."""
    return SIGNS[sum((2 * place + 1) * SIGNS.index(sign) for place, sign in enumerate(text)) % 32]


def spelt(code: str) -> str:
    """In groups of four, as people read it to each other."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def read(text: str) -> str:
    """The code that somebody wrote, whatever stands between its signs; "" for what is none."""
    wide = unicodedata.normalize("NFKC", text).upper()
    folded = "".join(sign for sign in wide.translate(ALIKE) if sign.isalnum())
    if len(folded) != LENGTH + 1 or any(sign not in SIGNS for sign in folded):
        return ""
    return folded if check_of(folded[:-1]) == folded[-1] else ""


def key_of(code: str) -> uuid.UUID:
    """The id of the act that the code stands for."""
    return uuid.UUID(bytes=hashlib.sha256(f"{SALT} {read(code)}".encode()).digest()[:16])
