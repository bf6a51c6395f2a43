"""Files that somebody sends to do harm: none escapes, runs, fills the disk or crashes a worker."""

import hashlib
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings

from api_client import Api
from hostile import HOSTILE, KEPT, REFUSED, Hostile
from knocks import signed_in
from play import MORNING, Clock, make_office
from publishing import begun
from sanxiang.cases.models import Evidence, Film
from sanxiang.cases.recording import films
from sanxiang.cases.recording.receiving import Unacceptable, plain_name, receive
from side_stories import photo

TAKEN = [one for one in HOSTILE if one.fate == KEPT]


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of its own."""
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    return tmp_path / "evidence"


def on_disk(folder: Path) -> list[Path]:
    """Every file below."""
    return [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]


def test_there_are_many_and_each_is_another() -> None:
    assert len(HOSTILE) >= 85 and len({one.why for one in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("one", HOSTILE, ids=[one.why for one in HOSTILE])
def test_it_is_refused_or_lies_still(one: Hostile, shelf: Path, tmp_path: Path) -> None:
    """Refused with a sentence and nothing left; or kept byte for byte under its digest, unopened, and nothing beside it."""
    try:
        name = plain_name(one.name)
        if not name:
            raise Unacceptable("没有文件名")
        told = receive(io.BytesIO(one.data), name, one.mime)
    except Unacceptable as refused:
        assert one.fate == REFUSED and any("一" <= sign <= "鿿" for sign in str(refused))
        assert on_disk(tmp_path) == []
        return
    assert one.fate == KEPT, "taken in"
    digest = hashlib.sha256(one.data).hexdigest()
    (kept,) = on_disk(tmp_path)
    assert kept == shelf / digest[:2] / digest[2:4] / digest and kept.read_bytes() == one.data
    assert kept.stat().st_mode & 0o777 == 0o440, "no program of the system runs it"
    assert told["digest"] == digest and len(told["name"]) <= 200
    assert told["name"].isprintable() and not set(told["name"]) & {"/", "\\", "\0", "\r", "\n"}
    assert told["mime"] == "" or (
        len(told["mime"]) <= 100 and told["mime"].count("/") == 1 and told["mime"].isprintable()
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The wall clock of the test."""
    clock = Clock(MORNING)
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


def send(api: Api, one: Hostile) -> Any:
    """As the body of POST /files."""
    kind = one.mime if one.mime.isprintable() and one.mime else "application/octet-stream"
    answer = api.ask("POST", f"/files?name={quote(one.name)}", data=one.data, content_type=kind)
    assert answer.status_code == 201, answer.content.decode()
    return {name: value for name, value in answer.json().items() if name != "receipt"}


@pytest.mark.django_db
def test_all_that_is_kept_stands_in_one_case_and_harms_nobody(clock: Clock, shelf: Path) -> None:
    """Sent by the API, cited by an act, listed on pages, read by the worker, taken away again: always as bytes to be saved."""
    play = begun(make_office("laizhou"), "summary", clock, until="decide-on-spot")
    before = sum(path.stat().st_size for path in on_disk(shelf))
    api = Api(play.person("officer1"))
    told = [send(api, one) for one in TAKEN]
    play.do("add-evidence", "officer1", **{**photo(play.office), "title": "材料", "files": told})
    clock.now = play.clock.now
    client, case = signed_in(play.person("officer1")), f"/desk/cases/{play.case_id}/"
    grown = sum(path.stat().st_size for path in on_disk(shelf)) - before
    assert grown <= sum(len(one.data) for one in TAKEN) + (1 << 20), "what is small outside is small here"
    while films.read_next():
        pass
    states = dict(Film.objects.values_list("digest", "state"))
    claimed = {t["digest"] for t in told if films.recording(t["mime"], t["name"])}
    assert claimed <= states.keys() and set(states.values()) <= {"read", "unreadable"}
    assert list(shelf.glob(f"{films.PREFIX}*")) == []
    page = client.get(case)
    assert (
        page.status_code == 200
        and "<img src=x" not in page.content.decode()
        and "49.jpg" not in page.content.decode()
    )
    rows = list(Evidence.objects.filter(case=play.case_id, title="材料"))
    assert len(rows) == len(TAKEN)
    for row in rows:
        answer = client.get(f"{case}evidence/{row.pk}/")
        assert b"".join(answer.streaming_content) == next(
            o.data for o in TAKEN if hashlib.sha256(o.data).hexdigest() == row.digest
        )
        assert (
            answer["Content-Type"] == "application/octet-stream"
            and answer["X-Content-Type-Options"] == "nosniff"
        )
        assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert "/" not in unquote(answer["Content-Disposition"].partition("''")[2])
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for row in [row for row in rows if row.digest in states][::4]:
        played = client.get(f"{case}evidence/{row.pk}/play/")
        assert played.status_code == 200 and "<script>alert" not in played.content.decode()
