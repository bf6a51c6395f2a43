"""Who finds out a case does not review it, who reviews it does not decide it (行政处罚法第五十八条)."""

from typing import Any

import pytest

from knocks import Knock, fact_of, refused_everywhere
from play import Clock, Play, accepted, make_office
from sanxiang.door.gather import actor_in, facts_for
from sanxiang.law.guards import judge
from side_stories import BOOK, REASON
from spoiling import make_reviewer

pytestmark = pytest.mark.django_db

AGREED = {"outcome": "agree", "opinion": "同意", "mode": "written"}


def checked(clock: Clock, story: str = "hearing") -> Play:
    """The third officer does the preliminary check and records it; the case is then filed for the first two."""
    procedure, steps = BOOK[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("file")
    both = [play.office.id(who) for who in ("officer1", "officer3")]
    play.do("preliminary-check", "officer3", officers=both, record="线索属实")
    make_reviewer(play, "officer3")
    return play


def opinion(play: Play, who: str, responsible: str = "") -> Knock:
    """The passing opinion, given by this person."""
    return play.attempt("give-opinion", who, **AGREED, responsible=play.office.id(responsible or who))


def test_who_checked_the_clue_neither_reviews_nor_hosts(clock: Clock) -> None:
    play = checked(clock)
    assert play.office.id("officer3") not in play.case.state["handlers"]
    play.until("notify-hearing")
    host = refused_everywhere(play.knock(host=play.office.id("officer3")))
    assert host.guards == {"hearing.host-uninvolved"}
    play.until("give-opinion")
    answer = refused_everywhere(opinion(play, "officer3"))
    assert answer.guards == {"review.uninvolved", "review.responsible-uninvolved"}
    assert "参与过本案调查" in fact_of(answer, "review.uninvolved")
    accepted(opinion(play, "legal-reviewer"), play)


def test_who_was_only_named_neither(clock: Clock) -> None:
    """The record is another's; who stood beside as the second officer took part all the same."""
    procedure, steps = BOOK["ordinary"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("file")
    both = [play.office.id(who) for who in ("officer1", "officer3")]
    play.do("preliminary-check", "officer1", officers=both, record="线索属实")
    play.until("give-opinion")
    make_reviewer(play, "officer3")
    assert "review.uninvolved" in refused_everywhere(opinion(play, "officer3")).guards


def test_a_case_that_keeps_no_such_list_is_read_for_who_took_part(clock: Clock) -> None:
    """Of a case begun on an older program the state names who showed a certificate, who was present and who did it last."""
    play = checked(clock)
    play.until("give-opinion")
    case = play.case
    case.state.pop("involved")
    person = play.person("officer3")
    person.refresh_from_db()
    actor = actor_in(person, case.agency, play.moment.date())
    told = {**AGREED, "responsible": str(person.pk)}

    def refusing() -> set[str]:
        facts = facts_for(case, play.pack.acts["give-opinion"], actor, told, play.moment)
        return {v.guard for v in judge(facts) if not v.met}

    both = {"review.uninvolved", "review.responsible-uninvolved"}
    assert refusing() == both
    case.state["last"].pop("preliminary-check")
    assert refusing() == set()
    case.state["shown"][str(person.pk)] = ["当事人"]
    assert refusing() == both


@pytest.mark.parametrize("act", ["decide", "decide-no-penalty", "dismiss", "transfer-agency"])
def test_the_head_who_passed_the_case_does_not_decide_it(act: str, clock: Clock) -> None:
    procedure, steps = BOOK["hearing"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("give-opinion")
    make_reviewer(play, "agency-head")
    play.do("give-opinion", "agency-head", **AGREED, responsible=play.office.id("legal-reviewer"))
    play.until("decide", without=("give-opinion",))
    told: dict[str, Any] = {
        "decide": {"opinion": "同意"},
        "decide-no-penalty": {"ground": "not-proved", "found": "查明的事实", **REASON},
        "dismiss": REASON,
        "transfer-agency": {"to_agency": "县水务局", "found": "查明的事实", **REASON},
    }[act]
    answer = refused_everywhere(play.attempt(act, "agency-head", **told))
    assert answer.guards == {"decide.not-reviewer"}
    assert "出具过审核意见" in fact_of(answer, "decide.not-reviewer")
    [citation] = {row[1] for row in answer.refused}
    assert citation == "《行政处罚法》第五十八条"
