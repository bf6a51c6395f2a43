"""Made-up footage for tests, and a desk page as somebody reads it."""

import html
import io
import re
from typing import Any

from knocks import signed_in
from sanxiang.cases.recording.receiving import receive
from sanxiang.people.models import Person

VIDEO = b"\x00\x00\x00\x18ftypmp42 made-up film"


def film(name: str = "现场录像.mp4") -> dict[str, Any]:
    """A film whose bytes are in the store; each name other bytes."""
    return receive(io.BytesIO(VIDEO + name.encode()), name, "video/mp4")


def text_of(person: Person, address: str, status: int = 200) -> str:
    """A page without its tags."""
    answer = signed_in(person).get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return plain(answer.content.decode())


def plain(page: str) -> str:
    """Its words alone."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page)).split())
