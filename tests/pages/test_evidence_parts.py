"""A film is fetched in parts: each byte that leaves stands in an entry, and a player's thousand requests do not bury the log."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knocks import BACKEND, signed_in
from play import Clock, Play, make_office
from publishing import begun
from reader import Client as Reader
from sanxiang.cases.models import Evidence
from sanxiang.cases.recording.receiving import receive
from sanxiang.cases.store import OnDisk
from sanxiang.demo.build import add_pictures
from sanxiang.demo.pictures import film as film_drawn
from sanxiang.demo.pictures import photo as photo_drawn
from sanxiang.door.looks.stretches import AGAIN, AHEAD, Beyond, Stretch, stretch_of
from sanxiang.ledger.access import check_access
from sanxiang.ledger.access_row import Access
from side_stories import photo

pytestmark = pytest.mark.django_db
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8192
"""Two megabytes and a little."""


@pytest.fixture
def film(clock: Clock) -> tuple[Play, str]:
    """A case with a film, and where it is fetched."""
    play = begun(make_office("laizhou"), "summary", clock, until="decide-on-spot")
    kept = receive(io.BytesIO(FILM), "现场录像.mp4", "video/mp4")
    play.do("add-evidence", "officer1", **{**photo(play.office), "title": "现场录像", "files": [kept]})
    row = Evidence.objects.get(case=play.case_id, title="现场录像")
    return play, f"/desk/cases/{play.case_id}/evidence/{row.pk}/"


def sha(data: bytes) -> str:
    """The digest under which bytes lie."""
    return hashlib.sha256(data).hexdigest()


def fetch(client: Any, at: str, asked: str = "", **headers: str) -> tuple[Any, bytes]:
    """The answer and all its bytes."""
    answer = client.get(at, headers={**({"Range": asked} if asked else {}), **headers})
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def entries() -> Iterator[tuple[str, int | None, int | None]]:
    """What was looked at, in the order of the film."""
    yield from Access.objects.order_by("first_byte").values_list("kind", "first_byte", "last_byte")


def test_part_of_a_film_is_sent_and_told(film: tuple[Play, str]) -> None:
    play, at = film
    client, size = signed_in(play.person("officer1")), len(FILM)
    for asked, first, last in (
        ("bytes=100-199", 100, 199), (f"bytes={size - 10}-", size - 10, size - 1),
        ("bytes=-5000", size - 5000, size - 1), (f"bytes=2000000-{size + 99}", 2_000_000, size - 1),
    ):  # fmt: skip
        answer, body = fetch(client, at, asked)
        assert answer.status_code == 206 and body == FILM[first : last + 1]
        assert answer["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert answer["Content-Length"] == str(last - first + 1) and answer["Accept-Ranges"] == "bytes"
        entry = Access.objects.get(watermark=answer["X-Watermark"])
        assert (entry.kind, entry.first_byte, entry.last_byte) == ("range", first, last)
        assert entry.watermark in answer["Content-Disposition"]
    page = client.get(f"/desk/cases/{play.case_id}/accesses/").content.decode()
    assert "证据文件片段（第 100 至 199 字节）" in page and list(check_access()) == []


def test_the_whole_film_where_no_part_can_be_sent(film: tuple[Play, str]) -> None:
    """Several parts at once, what is no range, and a condition on another file: the whole, and an entry that says so."""
    play, at = film
    client = signed_in(play.person("officer1"))
    asked = [{"Range": f"{asked}"} for asked in ("bytes=0-1,5-9", "bytes=9-5", "pages=1-2", "bytes=-")]
    others = ('"another"', "Sat, 21 Nov 2026 00:00:00 GMT")
    for headers in ({}, *asked, *({"Range": "bytes=0-9", "If-Range": other} for other in others)):
        answer, body = fetch(client, at, **headers)
        assert answer.status_code == 200 and body == FILM and answer["Content-Length"] == str(len(FILM))
    assert set(entries()) == {("evidence", None, None)} and Access.objects.count() == 7
    etag = answer["ETag"]
    answer, body = fetch(client, at, "bytes=0-9", **{"If-Range": etag})
    assert answer.status_code == 206 and body == FILM[:10]


def test_no_part_behind_the_end(film: tuple[Play, str]) -> None:
    play, at = film
    client = signed_in(play.person("officer1"))
    for asked in (f"bytes={len(FILM)}-", "bytes=-0"):
        answer, body = fetch(client, at, asked)
        assert answer.status_code == 416 and answer["Content-Range"] == f"bytes */{len(FILM)}"
        assert f"这个文件只有 {len(FILM)} 字节" in body.decode()
    assert list(entries()) == []


def test_a_head_request_takes_no_content_and_says_so(film: tuple[Play, str]) -> None:
    play, at = film
    answer = signed_in(play.person("officer1")).head(at, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 200 and answer["Content-Length"] == str(len(FILM))
    assert answer["Accept-Ranges"] == "bytes" and answer.content == b""
    assert list(entries()) == [("headers", None, None)]


def test_reading_on_is_told_by_the_megabyte_and_seeking_by_the_byte(film: tuple[Play, str]) -> None:
    play, at = film
    client, step = signed_in(play.person("officer1")), 64 << 10
    for first in range(0, len(FILM), step):
        fetch(client, at, f"bytes={first}-{first + step - 1}")
    told = [(first, last) for _, first, last in entries()]
    assert told == [(0, step - 1), (step, step + AHEAD - 1), (step + AHEAD, len(FILM) - 1)]
    answer, _ = fetch(client, at, "bytes=500000-500099")
    assert Access.objects.get(watermark=answer["X-Watermark"]).first_byte == step
    assert Access.objects.count() == 3


def test_an_entry_covers_one_person_for_some_minutes(film: tuple[Play, str], clock: Clock) -> None:
    """Nobody else, no other reason and no later look is told by it."""
    play, at = film
    clock.now = play.clock.now
    mine, other = signed_in(play.person("officer1")), Reader()
    other.force_login(play.person("officer3"), BACKEND)
    marks = {fetch(mine, at, "bytes=0-99")[0]["X-Watermark"] for _ in range(3)}
    assert len(marks) == 1 and Access.objects.count() == 1
    fetch(other, at, "bytes=0-99")
    assert Access.objects.count() == 2
    b"".join(mine.get(at, headers={"Range": "bytes=0-99"}, REMOTE_ADDR="10.9.8.7").streaming_content)
    assert Access.objects.count() == 3
    clock.now += AGAIN + AGAIN / 2
    fetch(mine, at, "bytes=0-99")
    told = sorted((one.by_name, one.first_byte, one.last_byte) for one in Access.objects.all())
    assert told == sorted(
        (play.person(who).name, 0, 99) for who in ("officer1", "officer3", *["officer1"] * 2)
    )


def test_a_lost_film_is_told_each_time(film: tuple[Play, str], settings: Any) -> None:
    play, at = film
    client = signed_in(play.person("officer1"))
    fetch(client, at, "bytes=0-99")
    OnDisk(settings.EVIDENCE_ROOT).path(Evidence.objects.get(title="现场录像").digest).unlink()
    assert client.get(at, headers={"Range": "bytes=0-99"}).status_code == 404
    assert sorted(one.result for one in Access.objects.all()) == ["missing", "served"]


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 60), st.booleans(), st.booleans())
def test_a_stretch_lies_in_the_file(size: int, begin: int, end: int, head: bool, tail: bool) -> None:
    """Whatever is asked: the whole, nothing, or bytes that there are, among those asked for."""
    asked = f"bytes={begin if head else ''}-{end if tail else ''}"
    try:
        found = stretch_of(asked, "", '"x"', size)
    except Beyond:
        assert begin >= size if head else end == 0 or size == 0
        return
    if found is None:
        assert (head and tail and end < begin) or not (head or tail)
        return
    data = bytes(range(size))
    wanted = data[begin : end + 1 if tail else None] if head else data[-end:]
    assert (
        isinstance(found, Stretch)
        and data[found.first : found.last + 1] == wanted
        and found.length == len(wanted)
    )


def test_a_case_of_the_demonstration_has_a_photo_and_a_film(clock: Clock) -> None:
    play = begun(make_office("laizhou"), "summary", clock, until="inspect")
    add_pictures(play.office, play.step(), seed=1)
    rows = list(
        Evidence.objects.filter(case=play.case_id, digest__in=[sha(photo_drawn(1)), sha(film_drawn(1))])
    )
    assert sorted(row.filename for row in rows) == ["现场录像.mp4", "现场照片.png"]
    moving = next(row for row in rows if row.filename.endswith("mp4"))
    at = f"/desk/cases/{play.case_id}/evidence/{moving.pk}/"
    answer, body = fetch(signed_in(play.person("officer1")), at, "bytes=4-7")
    assert answer.status_code == 206 and body == b"ftyp"
