"""The evidence list says of each piece what it is: a photograph is no record of the inspection, and no two rows are one."""

import html
import io
import json
from typing import Any

import pytest

from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.cases.recording.receiving import receive

pytestmark = pytest.mark.django_db


def file(name: str, mime: str) -> dict[str, Any]:
    """A file whose bytes are in the store."""
    return receive(io.BytesIO(name.encode() * 20), name, mime)


def test_pictures_are_named_by_what_they_are(clock: Clock) -> None:
    procedure, steps = STORIES["ordinary"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("inspect")
    photos = [("甲.jpg", "image/jpeg"), ("乙.jpg", "image/jpeg"), ("录像.mp4", "video/mp4")]
    play.step(photos=[file(*one) for one in photos])
    play.position -= 1
    play.step(photos=[])
    play.until("draft-decision")
    text = json.dumps(
        Paper.objects.get(case=play.case_id, kind="investigation-report").content, ensure_ascii=False
    )
    for name in ("现场检查（勘验）照片", "现场检查（勘验）照片之二", "现场检查（勘验）录像", "视听资料"):
        assert name in text, name
    pieces = [(e["kind"], e["title"]) for e in play.case.state["evidence"]]
    assert len(set(pieces)) == len(pieces) == 6
    assert ("site-record", "现场检查（勘验）之二") in pieces
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/")
    assert "现场检查（勘验）照片之二" in html.unescape(page.content.decode())
