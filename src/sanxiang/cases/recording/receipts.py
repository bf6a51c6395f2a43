"""收据: what whoever sent a file shows to cite it in an act.

Without one somebody could cite another agency's file by its digest, or misstate its size.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core import signing

SALT = "api.evidence"


def receipt_of(person: UUID, kept: Mapping[str, Any]) -> str:
    """A receipt for a file that this person sent."""
    return signing.dumps([str(person), dict(kept)], salt=SALT)


def read_receipt(receipt: str, person: UUID) -> dict[str, Any]:
    """What a receipt says about a file. Raises ValueError with a Chinese sentence."""
    try:
        sender, kept = signing.loads(receipt, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise ValueError("缺少有效的收据，请先用 POST /files 上传，再把应答原样写进来") from None
    if sender != str(person):
        raise ValueError("收据是别人上传时得到的，请自行上传")
    found: dict[str, Any] = kept
    return found
