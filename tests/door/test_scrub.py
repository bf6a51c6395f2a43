"""The nightly look reads every file within its days, names what is missing or altered, and goes on where it was cut off."""

import contextlib
import io
import json
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from clockwork import CHINA, Clock
from filed import case_with_a_file
from play import Play
from sanxiang.cases import derived, store
from sanxiang.cases.models import Case, Derivative, Evidence, Paper
from sanxiang.cases.papers.typeset import save
from sanxiang.cases.recording.receiving import receive
from sanxiang.cases.shelves import digest_in
from sanxiang.cases.store import path_of
from sanxiang.cli import main
from sanxiang.door.log import scrub
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.models import Act, Opening
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 3, 1, 2, 0, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Shelves of its own for each test."""
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    monkeypatch.setattr(settings, "PAPER_ROOT", tmp_path / "papers")


@pytest.fixture
def play(clock: Clock) -> Play:
    """A case with papers and a photo."""
    return case_with_a_file("kaiyuan", clock)


@pytest.fixture
def rows(clock: Clock) -> None:
    """Rows with files and no acts: enough to be looked at."""
    clock.now = NIGHT
    agency = Agency.objects.create(name="某县水务局", locality="kaiyuan", kind="department", n=1)
    case = Case.objects.create(
        agency=agency, code="C1", title="案", party="某厂", act_type="penalty", procedure="ordinary",
        stage="filed", pack="kaiyuan", pack_digest="0" * 64, opened_at=NIGHT, n=1, head="0" * 64,
    )  # fmt: skip
    for number in range(8):
        kept = receive(io.BytesIO(f"{number}".encode()), "a.txt", "text/plain")
        told = {name: kept[name] for name in ("digest", "sm3", "size")}
        Evidence.objects.create(case=case, act=uuid.uuid4(), title="证据", n=1, **told)
        Paper.objects.create(
            case=case, act=uuid.uuid4(), kind="a", label="甲", template="a", content={}, digest="0" * 64,
            pdf=save(f"%PDF {number}".encode(), store.papers()), issued_on=NIGHT.date(), n=1,
        )  # fmt: skip


def files() -> set[tuple[str, str]]:
    """Every file there is, by shelf and digest."""
    return {(kind, digest) for kind in store.KINDS for digest in store.shelf(kind).digests()}


def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is read from now on, in order."""
    found: list[tuple[str, str]] = []
    look = scrub._look

    def noting(shelf: str, digest: str, tally: scrub.Tally) -> None:
        found.append((shelf, digest))
        look(shelf, digest, tally)

    monkeypatch.setattr(scrub, "_look", noting)
    return found


def command(*words: str) -> tuple[int, dict[str, Any]]:
    """`sanxiang scrub --json`, in this process."""
    (Path(settings.DATA) / "secret.key").touch()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["scrub", "--json", "--data", str(settings.DATA), *words])
    return code, json.loads(out.getvalue())


def test_every_file_is_read_within_the_days(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, read = files(), seen(monkeypatch)
    assert len(whole) > 4
    monkeypatch.setattr(settings, "SCRUB_DAYS", 3)
    for night in range(3):
        told = scrub.run(NIGHT + timedelta(days=night))
        assert told is not None and told["missing"] == told["altered"] == 0 < told["read"] < len(whole)
    assert sorted(read) == sorted(whole)
    assert told["left"] == 0
    acts = Act.objects.filter(name="scrub").order_by("n")
    opened = [Opening.objects.get(act=act, name="scrub").value["read"] for act in acts]
    assert len(opened) == 3 and sum(opened) == len(whole)
    scrub.run(NIGHT + timedelta(days=3))
    assert read[len(whole)] == min(read)


def test_nights_that_were_left_out_are_caught_up(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, read = files(), seen(monkeypatch)
    monkeypatch.setattr(settings, "SCRUB_DAYS", 5)
    scrub.run(NIGHT)
    scrub.run(NIGHT + timedelta(days=4))
    assert sorted(read) == sorted(whole)


def test_it_is_due_once_a_night_from_two_in_beijing(rows: None) -> None:
    assert not scrub.due(NIGHT - timedelta(seconds=1))
    assert scrub.due(NIGHT)
    scrub.run(NIGHT)
    assert not scrub.due(NIGHT + timedelta(hours=20))
    assert not scrub.due(NIGHT + timedelta(hours=23, minutes=59))
    assert scrub.due(NIGHT + timedelta(days=1))


def test_what_was_cut_off_goes_on_where_it_was(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, read = files(), seen(monkeypatch)
    monkeypatch.setattr(scrub, "SAVE_FILES", 1)
    noting, stop_after = scrub._look, 3

    def killed(shelf: str, digest: str, tally: scrub.Tally) -> None:
        if len(read) == stop_after:
            raise KeyboardInterrupt
        noting(shelf, digest, tally)

    with monkeypatch.context() as patch:
        patch.setattr(scrub, "_look", killed)
        with pytest.raises(KeyboardInterrupt):
            scrub.run(NIGHT, everything=True)
    assert not scrub.due(NIGHT + timedelta(minutes=1)) and scrub.run(NIGHT + timedelta(minutes=1)) is None
    monkeypatch.setattr(settings, "SCRUB_DAYS", 1)
    assert scrub.due(NIGHT + scrub.BUSY)
    told = scrub.run(NIGHT + scrub.BUSY)
    assert sorted(read) == sorted(whole)
    assert told is not None and told["read"] == len(whole)


def test_time_ends_a_night_and_the_next_goes_on(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, read = files(), seen(monkeypatch)
    monkeypatch.setattr(settings, "SCRUB_DAYS", 1)
    monkeypatch.setattr(settings, "SCRUB_MINUTES", 0)
    assert (told := scrub.run(NIGHT)) is not None and told["read"] == 0 and told["left"] == len(whole)
    monkeypatch.setattr(settings, "SCRUB_MINUTES", 1)
    scrub.run(NIGHT + timedelta(days=1))
    assert sorted(read) == sorted(whole)


def test_a_missing_and_an_altered_file_are_named_with_their_case(play: Play) -> None:
    assert command("--all")[0] == 0
    piece, paper = Evidence.objects.get(case=play.case_id), Paper.objects.filter(case=play.case_id)[0]
    path_of(settings.EVIDENCE_ROOT, piece.digest).unlink()
    file = path_of(settings.PAPER_ROOT, paper.pdf)
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    code, told = command("--all")
    case = str(play.case_id)
    assert code == 1 and (told["missing"], told["altered"]) == (1, 1)
    assert told["faults"] == [
        {
            "fault": "missing",
            "shelf": "evidence",
            "digest": piece.digest,
            "cited": [{"kind": "evidence", "id": str(piece.pk), "case": case}],
        },
        {
            "fault": "altered",
            "shelf": "papers",
            "digest": paper.pdf,
            "cited": [{"kind": "paper", "id": str(paper.pk), "case": case}],
        },
    ]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["scrub", "--all", "--data", str(settings.DATA)]) == 1
    assert (
        piece.digest in out.getvalue()
        and paper.number in out.getvalue()
        and play.case.title in out.getvalue()
    )
    with contextlib.redirect_stdout(out):
        main(["doctor", "--data", str(settings.DATA)])
    assert "注意　文件巡检" in out.getvalue()


def test_a_disk_that_cannot_read_is_a_fault_of_that_file_alone(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = Evidence.objects.get(case=play.case_id)
    opened = store.OnDisk.open

    def broken(
        self: store.OnDisk, digest: str, offset: int = 0, length: int | None = None
    ) -> io.BufferedReader:
        if digest == piece.digest:
            raise OSError(5, "Input/output error")
        return opened(self, digest, offset, length)

    monkeypatch.setattr(store.OnDisk, "open", broken)
    told = scrub.run(NIGHT, everything=True)
    assert told is not None and told["read"] == len(files())
    assert [fault["digest"] for fault in told["faults"]] == [piece.digest]
    assert any("读不出来" in fault.why for fault in verify_all())


def thumbnail(play: Play) -> Derivative:
    """A derivative that an act of the case tells of."""
    piece = Evidence.objects.get(case=play.case_id)
    made = derived.derive(
        piece, io.BytesIO(b"\x89PNG\r\n\x1a\nsmall"), kind="thumbnail", mime="image/png", tool="test 1",
        parameters={"width": 64}, at=NIGHT,
    )  # fmt: skip
    act = Act.objects.get(id=piece.act)
    derived.settle(made, act.id, act.n)
    return made


def test_a_derivative_is_kept_for_ever_and_looked_at_too(play: Play) -> None:
    made = thumbnail(play)
    assert ("evidence", made.digest) in files()
    assert made.digest != made.evidence.digest and digest_in(store.evidence(), made.digest) == made.digest
    told = scrub.run(NIGHT, everything=True)
    assert told is not None and told["read"] == len(files())
    for change in (made.delete, lambda: Derivative.objects.update(kind="redacted")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_derivative")


def test_a_derivative_that_no_act_tells_of_is_named(play: Play) -> None:
    made = thumbnail(play)
    faults = [(fault.where, fault.why) for fault in verify_all() if str(made.pk) in fault.where]
    assert [why for _, why in faults] == ["没有对应的办理动作"]


def test_an_altered_derivative_is_named(play: Play) -> None:
    made = thumbnail(play)
    Opening.objects.create(
        act_id=made.act, name=f"derivative:{made.pk}", value=derived.told_of(made), salt="00", secrecy="case"
    )
    mine = [fault for fault in verify_all() if str(made.pk) in fault.where]
    assert not [fault for fault in mine if "衍生" in fault.where or "缩略图" in fault.where]
    path_of(settings.EVIDENCE_ROOT, made.digest).unlink()
    assert [f.why for f in verify_all() if "缩略图" in f.where] == [f"文件不见了：{made.digest}"]
