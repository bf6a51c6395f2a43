"""A case with a photograph, and what somebody from above writes who wants a copy of its file."""

import io

from PIL import Image

from play import Clock, Play
from publishing import begun
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo.people import Office
from side_stories import photo

ASKED = {
    "scope": "whole", "purpose": "三季度执法检查，交评查组讨论", "use": "区司法局执法监督科，柜存，评查后销毁",
    "ticket": "执法监督通知〔2026〕3号",
}  # fmt: skip


def picture() -> bytes:
    """A white photograph."""
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "PNG")
    return out.getvalue()


def with_photo(office: Office, clock: Clock) -> Play:
    """An open case with a photograph among its evidence."""
    play = begun(office, "summary", clock, until="serve-on-spot")
    kept = receive(io.BytesIO(picture()), "现场.png", "image/png")
    play.do("add-evidence", "officer1", **{**photo(office), "title": "现场照片", "files": [kept]})
    return play
