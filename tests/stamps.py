"""Replies of a time stamp authority that bear a time of our choosing; their signature is another moment's."""

import re
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from authority import authority
from sanxiang.ledger.tlog import stamping


@cache
def _reply() -> bytes:
    with tempfile.TemporaryDirectory() as place, authority(Path(place) / "tsa") as tsa:
        return stamping.stamp(tsa.url, b"some bytes")


def reply_at(when: datetime) -> bytes:
    """A reply that says it was made at `when`, to the second."""
    told = f"{when.astimezone(UTC):%Y%m%d%H%M%SZ}".encode()
    changed, count = re.subn(rb"\x18\x0f[0-9]{14}Z", b"\x18\x0f" + told, _reply())
    assert count == 1
    return changed
