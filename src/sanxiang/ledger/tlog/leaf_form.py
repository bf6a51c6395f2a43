"""A leaf read without trust: is it the one canonical form, and where in which chain does it stand?

Millions are read in one verification, so the leaf v1 as this software writes it is recognised by one expression;
what does not fit that goes the long way through RFC 8785.
"""

import json
import re
from typing import Any

from sanxiang.ledger.tlog.jcs import canonical

_TEXT = rb'"[ !#-\[\]-~]*"'
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DIGESTS = rb'\[(?:"[A-Za-z0-9_-]{43}"(?:,"[A-Za-z0-9_-]{43}")*)\]'
_TIME = rb'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"'
_ACT = re.compile(
    rb'\{"a":%s,"at":%s,"c":"(%s)","d":%s,"id":"%s","n":([1-9][0-9]{0,14}),"o":%s,"p":"([0-9a-f]{64}|)","r":%s,"v":1\}'
    % (_TEXT, _TIME, _UUID, _DIGESTS, _UUID, _TEXT, _TEXT)
)
_LOOK = re.compile(rb'\{"at":%s,"d":%s,"id":"%s","o":%s,"v":1\}' % (_TIME, _DIGESTS, _UUID, _TEXT))

Step = tuple[bytes, int, bytes]
"""A place in a chain: the subject's key, the number in it, the hash in hex of the leaf before."""


def step_of(data: bytes) -> Step | None:
    """Where a leaf stands in its subject's chain; None for a leaf without one. ValueError for what is not canonical JSON."""
    found = _ACT.fullmatch(data)
    if found is not None:
        subject, n, previous = found.groups()
        return subject, int(n), previous
    return None if _LOOK.fullmatch(data) else _slowly(data)


def read_leaf(data: bytes) -> dict[str, Any]:
    """The leaf as an object. ValueError when it is none, or not in its one canonical form."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise ValueError("不是 JSON") from error
    if not isinstance(found, dict) or canonical(found) != data:
        raise ValueError("不是规范的 JSON 对象")
    return found


def _slowly(data: bytes) -> Step | None:
    leaf = read_leaf(data)
    if "c" not in leaf:
        return None
    subject, n, previous = leaf["c"], leaf.get("n"), leaf.get("p")
    if not isinstance(subject, str) or type(n) is not int or not isinstance(previous, str):
        raise ValueError("缺少对象、序号或者上一步的校验值")
    return subject.encode(), n, previous.encode()
