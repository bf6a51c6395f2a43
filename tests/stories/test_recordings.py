"""Where the scheme has a step recorded in sound or film: the recording, or the reason why there is none; and never silently."""

import html
import io
import json
from typing import Any

import pytest

from knocks import fact_of, refused_everywhere, signed_in
from play import STORIES, Clock, Play, accepted, make_office
from sanxiang.cases.models import Paper
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo.stories import two

pytestmark = pytest.mark.django_db
FILM = b"\x00\x00\x00\x18ftypmp42 made-up film of a yard" * 20


def play_of(clock: Clock, until: str, locality: str = "laizhou", story: str = "summary") -> Play:
    """A story played to just before a step."""
    procedure, steps = STORIES[story]
    play = Play(make_office(locality), procedure, steps, clock)
    play.until(until)
    return play


def film() -> dict[str, Any]:
    """A file whose bytes are in the store."""
    return receive(io.BytesIO(FILM), "现场录像.mp4", "video/mp4")


def page_of(play: Play, act: str, who: str = "officer1") -> str:
    """The form of an act."""
    client = signed_in(play.person(who))
    return html.unescape(client.get(f"/desk/cases/{play.case_id}/acts/{act}/").content.decode())


@pytest.mark.parametrize("act", ["inspect", "serve-on-spot"])
@pytest.mark.parametrize("locality", ["laizhou", "huantai", "lingchuan"])
def test_the_step_asks_for_the_recording_or_the_reason(locality: str, act: str, clock: Clock) -> None:
    play = play_of(clock, act, locality)
    assert "没有音像记录的理由" in page_of(play, act)
    for blank in (None, "　"):
        answer = refused_everywhere(play.knock(after=0, no_recording=blank))
        assert answer.guards == {"recording.given"}
        assert "作音像记录" in fact_of(answer, "recording.given")
    accepted(play.knock(after=0, no_recording="执法记录仪故障"), play)
    accepted(play.knock(after=0, no_recording=None, photos=[film()]), play)


def test_a_hearing_is_recorded_too(clock: Clock) -> None:
    play = play_of(clock, "hold-hearing", "laizhou", "hearing")
    assert refused_everywhere(play.knock(no_recording=None)).guards == {"recording.given"}
    accepted(play.knock(after=0), play)


def test_where_the_scheme_leaves_it_to_circumstances_a_reason_is_asked_and_nothing_more(clock: Clock) -> None:
    play = play_of(clock, "inspect", "kaiyuan")
    assert "没有音像记录的理由" in page_of(play, "inspect")
    assert refused_everywhere(play.knock(after=0, no_recording=None)).guards == {"recording.given"}
    play.until("close", inspect={"no_recording": "当事人不在场，现场无变动"})
    play.pass_days(1)
    accepted(play.knock(after=0, exceptions_approved=None), play)


def test_no_case_closes_with_a_recording_missing_and_unapproved(clock: Clock) -> None:
    play = play_of(clock, "close")
    seen, served = play.case.state["recordings"]
    answer = refused_everywhere(play.knock(exceptions_approved=None))
    assert answer.guards == {"recording.settled"}
    said = fact_of(answer, "recording.settled")
    assert f"第{seen['n']}步现场检查（勘验）" in said and f"第{served['n']}步当场交付决定书" in said
    assert "批准音像记录例外" in page_of(play, "close", "agency-head")
    accepted(play.knock(after=0), play)
    told = {"files": [film()], "source_of": "执法记录仪采集站"}
    wrong = refused_everywhere(play.attempt("add-recording", "officer1", **told, record_of=99))
    assert wrong.guards == {"recording.of"}
    ((_, _, fact, cure),) = wrong.refused
    assert "第99步不是" in fact and f"第{seen['n']}步现场检查" in cure
    for row in (seen, served):
        play.do("add-recording", "officer1", **told, record_of=row["n"])
    accepted(play.knock(after=0, exceptions_approved=None), play)


def test_the_last_page_names_what_was_recorded_and_what_was_not(clock: Clock) -> None:
    """A recording found after the closing still comes in before the file is sealed."""
    play = play_of(clock, "archive")
    seen, served = play.case.state["recordings"]
    film_ = {"kind": "audiovisual", "title": "现场录像", "proves": "现场状况", "source_of": "执法记录仪"}
    told = {**film_, "officers": two(play.office), "files": [film()], "record_of": seen["n"]}
    play.do("add-evidence", "officer1", **told)
    play.step()
    note = json.dumps(Paper.objects.get(case=play.case_id, kind="file-note").content, ensure_ascii=False)
    assert f"第{seen['n']}步现场检查（勘验）" in note and "有音像记录" in note
    assert f"第{served['n']}步当场交付决定书" in note and served["reason"] in note
