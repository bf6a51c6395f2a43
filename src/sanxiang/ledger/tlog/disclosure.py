"""RFC 9901 (SD-JWT) disclosures: a field of an act stands in the ledger only as a salted digest.

The digest is over the base64url text, so any JSON spelling verifies; ours is the RFC's own in its examples: a blank
after commas and colons, characters outside ASCII unescaped in UTF-8, object members in the order given.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

_RESERVED = ("_sd", "...")
_COUNT_STEP = 8
# Made once: `dumps` would make one a call.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def disclose(salt: str, name: str, value: Any) -> tuple[str, str]:
    """The disclosure of one field and its digest, both base64url without padding.

    ValueError for an empty salt (the value could be guessed), a name the RFC reserves, or a value JSON cannot hold.
    """
    if not salt:
        raise ValueError("盐不能为空")
    if name in _RESERVED:
        raise ValueError(f"字段名 {name} 为 RFC 9901 保留，请改用别的名称")
    try:
        text = _encode([salt, name, value]).encode()
    except UnicodeEncodeError as error:
        raise ValueError("披露内容中有不成对的代理项") from error
    except ValueError as error:
        raise ValueError("披露内容中有 NaN 或无穷大，不能写成 JSON") from error
    except RecursionError as error:
        raise ValueError("披露内容嵌套过深") from error
    disclosure = _base64url(text)
    return disclosure, digest_of(disclosure)


def field_digest(salt: str, name: str, value: Any) -> str:
    """The digest that stands in a leaf for one field, the same in whatever order an object's members come.

    PostgreSQL's jsonb keeps no order: what is read back from an opening must give the digest it was written with.
    """
    return disclose(salt, name, ordered(value))[1]


def ordered(value: Any) -> Any:
    """The same JSON value with the members of every object sorted by name."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {name: ordered(value[name]) for name in sorted(value)}
    return [ordered(one) for one in value] if isinstance(value, list | tuple) else value


def digest_of(disclosure: str) -> str:
    """What stands in the leaf for this disclosure: base64url of the SHA-256 of its ASCII text."""
    return _base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def new_salt() -> str:
    """A fresh salt: 128 random bits in base64url."""
    return secrets.token_urlsafe(16)


def pad(digests: list[str]) -> list[str]:
    """The digests among random decoys, sorted, filled up to a multiple of eight and at least eight.

    Neither order nor number then tells which or how many fields an act had.
    """
    missing = -len(digests) % _COUNT_STEP if digests else _COUNT_STEP
    decoys = [_base64url(hashlib.sha256(secrets.token_bytes(32)).digest()) for _ in range(missing)]
    return sorted([*digests, *decoys])


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
