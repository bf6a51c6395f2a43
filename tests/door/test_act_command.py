"""`sanxiang act` as a user writes it: people by account or certificate number, and what a step asks for."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from clockwork import Clock
from play import Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.cli import main
from sanxiang.people.models import Certificate
from side_stories import BOOK

pytestmark = pytest.mark.django_db
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def play(clock: Clock) -> Play:
    """The story with a hearing, just before its filing."""
    procedure, steps = BOOK["hearing"]
    story = Play(make_office("kaiyuan"), procedure, steps, clock)
    story.until("file")
    (Path(settings.DATA) / "secret.key").write_text("a key of the tests\n")
    return story


def act(
    play: Play, shown: Shown, *words: str, who: str = "agency-head", told: Any = None
) -> tuple[int, Any, str]:
    """One `sanxiang act … --json` as that person."""
    data = Path(settings.DATA)
    file = data / "told.json"
    file.write_text(json.dumps(told or {}, ensure_ascii=False))
    user = play.person(who).username
    more = ["--input", str(file)] if words[0] == "perform" else []
    code = main(["act", *words, "--as", user, *more, "--data", str(data), "--json"])
    out, err = shown.readouterr()
    return code, json.loads(out) if out else None, err


@pytest.mark.parametrize("by", ["account", "certificate", "id"])
def test_people_are_named_as_people_know_them(play: Play, capsys: Shown, by: str) -> None:
    both = [play.person("officer1"), play.person("officer2")]
    names = {
        "account": [p.username.upper() for p in both],
        "certificate": [Certificate.objects.get(person=p).number for p in both],
        "id": [str(p.id) for p in both],
    }[by]
    data = play.data_of(play.next(), play.clock.now) | {"officers": names}
    code, said, err = act(play, capsys, "perform", str(play.case_id), "file", told=data)
    assert (code, err) == (0, "") and said["act"] == "file"
    assert play.case.state["handlers"] == [str(p.id) for p in both]


def test_a_name_that_finds_nobody_is_an_error_and_not_one_officer_less(play: Play, capsys: Shown) -> None:
    before = play.case.n
    data = play.data_of(play.next(), play.clock.now) | {
        "officers": [play.person("officer1").username, "查无此人"]
    }
    code, said, _ = act(play, capsys, "perform", str(play.case_id), "file", told=data)
    assert (
        code == 1
        and list(said["errors"]) == ["officers"]
        and "“查无此人”查无此人" in said["errors"]["officers"]
    )
    assert play.case.n == before


def test_a_list_of_acts_tells_what_each_asks_for(play: Play, capsys: Shown) -> None:
    _, rows, _ = act(play, capsys, "list", play.case.code)
    filing = next(row for row in rows if row["act"] == "file")
    assert {f["name"] for f in filing["fields"]} <= set(filing["schema"]["properties"])
    assert "officers" in filing["schema"]["required"]


def test_a_case_of_others_is_answered_like_one_that_is_not_there(play: Play, capsys: Shown) -> None:
    stranger = make_office("laizhou").people["officer1"].username
    for called in (play.case.code, "ZZZZZZZZZZ"):
        words = ["act", "list", called, "--as", stranger, "--data", str(settings.DATA)]
        assert main(words) == 1
        assert f"没有编号为“{called}”的案件" in capsys.readouterr().err


def test_an_order_before_filing_names_the_officer_who_gives_it(play: Play, capsys: Shown) -> None:
    both = [play.office.id("officer1"), play.office.id("officer2")]
    play.do("preliminary-check", "officer1", officers=both, record="取水口正在取水")
    told = {"officers": both, "correct_what": "停止取水", "correct_by": "2026-03-20"}
    code, said, _ = act(
        play, capsys, "perform", str(play.case_id), "order-correction", who="officer1", told=told
    )
    assert code == 0, said
    number = Certificate.objects.get(person=play.person("officer1")).number
    assert number in json.dumps(Paper.objects.get(kind="correction-order").content, ensure_ascii=False)
