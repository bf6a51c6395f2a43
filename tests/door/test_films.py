"""The worker reads what recordings are, and whatever they do to the reader does nothing to the worker."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from films import make_film
from sanxiang.cases import store
from sanxiang.cases.models import Film
from sanxiang.cases.recording import films
from sanxiang.cases.recording.receiving import receive
from sanxiang.cases.shelves import contents
from sanxiang.door import worker

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of its own."""
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    return tmp_path / "evidence"


def read(data: bytes, name: str = "a.mp4") -> Film:
    """The row after the worker had its turn at a file of these bytes."""
    digest = receive(io.BytesIO(data), name, "video/mp4")["digest"]
    Film.objects.create(digest=digest, state=films.WAITING)
    while films.read_next():
        pass
    return Film.objects.get(pk=digest)


@pytest.mark.parametrize(("kind", "codec"), [("mp4", "h264"), ("webm", "vp8")])
def test_a_film_is_read(kind: str, codec: str) -> None:
    row = read(make_film(12, BEGAN, kind=kind))
    found = row.found
    assert row.state == films.READ and row.tool.startswith("PyAV ") and row.read_at is not None
    assert (found["video"], found["width"], found["height"]) == (codec, 320, 180)
    assert abs(found["seconds"] - 12) < 0.2
    if kind == "mp4":
        assert films.began(found) == BEGAN
    moments = [one["at"] for one in found["frames"]]
    assert 7 <= len(moments) <= 12 and moments == sorted(moments) and moments[0] == 0 and moments[-1] > 9
    pictures = [contents(store.evidence(), one["digest"]) for one in found["frames"]]
    assert all(one.startswith(b"\xff\xd8") for one in pictures) and len(set(pictures)) == len(pictures)
    assert bytes(row.poster) == pictures[0]


HLS = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
FILM = make_film(2)
BAD = {
    "nothing of a film": b"\x00\x00\x00\x18ftypmp42" + bytes(5000),
    "cut off": FILM[: len(FILM) // 3],
    "a playlist": HLS,
    "a playlist in a film's coat": b"\x00\x00\x00\x18ftypmp42" + HLS,
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(3000),
    "noise": os.urandom(200_000),
    "holes": bytes(byte if n % 97 else 255 for n, byte in enumerate(FILM)),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_marked_so(data: bytes, shelf: Path) -> None:
    row = read(data)
    assert row.state == films.UNREADABLE and row.found["fault"] and not row.poster
    assert list(shelf.glob(f"{films.PREFIX}*")) == []


def test_a_file_that_is_gone_is_marked_so() -> None:
    Film.objects.create(digest="0" * 64, state=films.WAITING)
    assert films.read_next() and Film.objects.get().found == {"fault": "lost"}
    assert not films.read_next()


@pytest.mark.parametrize(
    ("reader", "fault"),
    [
        ("import os; os.abort()", "killed"),
        ("print('nonsense')", "killed"),
        ("print('{' * 9)", "killed"),
        ("import time; time.sleep(60)", "time"),
    ],
    ids=["dies", "raves", "opens braces", "hangs"],
)
def test_a_reader_that_fails_takes_nobody_along(
    reader: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "reader.py"
    program.write_text(reader)
    monkeypatch.setattr(films, "PROBE", program)
    monkeypatch.setattr(films, "PATIENCE", 1)
    row = read(FILM)
    assert (row.state, row.found) == (films.UNREADABLE, {"fault": fault})


def test_the_reader_has_bounds(tmp_path: Path) -> None:
    """Memory, time and the size of what it writes, held by the kernel; and no word of the server's surroundings."""
    tries = (
        "x = bytearray(3 << 30)",
        "open('big', 'wb').write(bytes(9 << 20))",
        "import os; print(os.environ['SANXIANG_S3_SECRET_KEY'])",
    )
    for text in tries:
        program = tmp_path / "p.py"
        before = f"import sys, json; sys.path.insert(0, {str(films.PROBE.parent)!r})\nimport probe\nprobe.limit(*json.loads(sys.argv[3]))\n"
        program.write_text(before + text)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(films, "PROBE", program)
            patch.setenv("SANXIANG_S3_SECRET_KEY", "geheim")
            target = tmp_path / "film"
            target.write_bytes(FILM)
            assert films.read(target, tmp_path) == {"fault": "killed"}


def test_what_took_the_machine_down_is_not_tried_for_ever() -> None:
    digest = receive(io.BytesIO(FILM), "a.mp4", "")["digest"]
    Film.objects.create(digest=digest, state=films.WAITING, tries=films.TRIES)
    assert films.read_next() and Film.objects.get().found == {"fault": "tries"}


def test_the_store_is_away_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop says so once and goes on."""
    rounds = []

    def away() -> bool:
        rounds.append(timezone.now())
        if len(rounds) == 3:
            worker.stop.set()
        raise OSError("away")

    monkeypatch.setattr(films, "read_next", away)
    monkeypatch.setattr(worker, "LOOK", 0.01)
    monkeypatch.setattr(worker, "FILMS", 0.01)
    try:
        worker.films_forever()
    finally:
        worker.stop.clear()
    assert len(rounds) == 3


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("", None),
        ("yesterday", None),
        ("2026-03-02T01:30:00.000000Z", BEGAN),
        ("2026-03-02T09:30:00+08:00", BEGAN),
    ],
    ids=["nothing", "no time", "UTC", "Beijing"],
)
def test_when_a_recording_began(told: str, shown: datetime | None) -> None:
    assert films.began({"began": told}) == shown
