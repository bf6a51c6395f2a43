"""`sanxiang ledger verify --case`: every link of one case in order; whichever is missing or altered is named."""

import contextlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from play import Clock, Play, make_office, settle_constraints
from sanxiang.cases.models import Evidence, Paper, Publication, Review
from sanxiang.cases.papers.typeset import path_of
from sanxiang.cli import main
from sanxiang.ledger.models import Act, Entry, Opening, Pending
from sanxiang.ledger.sequencer import sequence_all
from side_stories import BOOK, photo, step

pytestmark = pytest.mark.django_db
KINDS = ["case", "act", "paper", "evidence", "review", "service", "publication"]


@pytest.fixture
def play(clock: Clock) -> Play:
    """A published case with a hearing and a file of evidence that was entered five days late."""
    procedure, steps = BOOK["hearing"]
    before = next(i for i, s in enumerate(steps) if s.act == "interview")
    steps = [*steps[:before], step("add-evidence", "officer1", photo), *steps[before:]]
    story = Play(make_office("kaiyuan"), procedure, steps, clock)
    story.until("add-evidence")
    story.pass_days(8)
    story.step(on=(story.moment - timedelta(days=5)).date().isoformat())
    story.until()
    sequence_all()
    return story


def links(play: Play, *words: str) -> tuple[int, dict[str, Any]]:
    """The command's exit code and JSON."""
    code, text = said(play, "--json", *words)
    return code, json.loads(text)


def said(play: Play, *words: str) -> tuple[int, str]:
    """The command as somebody types it."""
    folder = Path(settings.DATA)
    (folder / "secret.key").touch()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["ledger", "verify", "--case", str(play.case_id), "--data", str(folder), *words])
    return code, out.getvalue()


def broken(play: Play) -> set[tuple[str, str]]:
    """Kind and state of what is broken; the command must then say no."""
    code, told = links(play)
    assert (code, told["valid"]) == ((1, False) if told["broken"] else (0, True))
    return {(link["kind"], link["state"]) for link in told["broken"]}


@contextlib.contextmanager
def behind_the_back() -> Any:
    """Changes past the triggers, undone afterwards."""
    settle_constraints()
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT DISTINCT event_object_table FROM information_schema.triggers")
                for (table,) in cursor.fetchall():
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
        yield
        transaction.set_rollback(True)


@pytest.mark.carries("KY-051", locality="kaiyuan")
def test_all_links_of_a_case_are_listed_and_a_missing_one_is_named(play: Play) -> None:
    code, told = links(play)
    assert (code, told["valid"], told["broken"]) == (0, True, [])
    found = told["links"]
    assert list(dict.fromkeys(link["kind"] for link in found)) == KINDS
    assert [link["n"] for link in found if link["kind"] == "act"] == list(range(1, play.case.n + 1))
    for kind, model in (
        ("paper", Paper),
        ("evidence", Evidence),
        ("review", Review),
        ("publication", Publication),
    ):
        assert sum(link["kind"] == kind for link in found) == model.objects.filter(case=play.case_id).count()  # type: ignore[attr-defined]
    served = Act.objects.filter(subject=play.case_id, name="serve").count()
    assert sum(link["kind"] == "service" and link["state"] == "whole" for link in found) == served > 0
    late = [link for link in found if link["back_dated"]]
    assert len(late) == 1 and "收集证据" in late[0]["label"] and late[0]["kind"] == "act"

    names = {"paper": Paper, "evidence": Evidence, "review": Review, "publication": Publication}
    for kind, model in names.items():
        with behind_the_back():
            row = model.objects.filter(case=play.case_id)[0]  # type: ignore[attr-defined]
            model._base_manager.filter(pk=row.pk)._raw_delete(using="default")
            assert broken(play) == {(kind, "missing")}, kind
    with behind_the_back():
        Act.objects.filter(subject=play.case_id, name="decide").update(label="作出不予处罚决定")
        assert broken(play) == {("act", "altered")}
    assert broken(play) == set()


def test_a_file_that_was_overwritten_is_named(play: Play) -> None:
    paper, piece = Paper.objects.filter(case=play.case_id)[0], Evidence.objects.get(case=play.case_id)
    for kind, path in (
        ("paper", path_of(settings.PAPER_ROOT, paper.pdf)),
        ("evidence", path_of(settings.EVIDENCE_ROOT, piece.digest)),
    ):
        kept = path.read_bytes()
        path.unlink()
        path.write_bytes(kept[:-1] + b"!")
        told = broken(play)
        path.unlink()
        without = broken(play)
        path.write_bytes(kept)
        assert (told, without) == ({(kind, "altered")}, {(kind, "missing")})


@pytest.mark.parametrize("name", ["serve", "archive"])
def test_an_act_that_was_taken_out_is_named(play: Play, name: str) -> None:
    with behind_the_back():
        act = Act.objects.filter(subject=play.case_id, name=name).order_by("n")[0]
        for model in (Opening, Pending, Entry):
            model.objects.filter(act=act)._raw_delete(using="default")  # type: ignore[attr-defined]
        Act.objects.filter(pk=act.pk)._raw_delete(using="default")  # type: ignore[attr-defined]
        code, told = links(play)
        assert code == 1 and ("act", act.n, "missing") in {
            (b["kind"], b["n"], b["state"]) for b in told["broken"]
        }
        assert f"缺失 办理动作 第{act.n}步：这一步不见了" in said(play)[1]


def test_an_open_case_says_what_is_still_to_come(clock: Clock) -> None:
    play = Play(make_office("kaiyuan"), *BOOK["hearing"], clock)
    play.until("decide")
    play.step()
    code, text = said(play)
    assert code == 0 and "未到 送达 《行政处罚决定书》" in text and "核验通过" in text


def test_a_case_that_is_not_there_is_told(play: Play) -> None:
    out = io.StringIO()
    with contextlib.redirect_stderr(out):
        assert main(["ledger", "verify", "--case", "无此案", "--data", str(settings.DATA)]) == 1
    assert "无此案" in out.getvalue()
