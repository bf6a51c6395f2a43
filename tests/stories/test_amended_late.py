"""What is amended after the review and the notice: what is decided about voids them, a telephone number does not."""

import html
from typing import Any

import pytest

from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play, accepted, make_office
from sanxiang.demo import stories
from sanxiang.door.gather import actor_in, facts_for
from sanxiang.law.dossier import digest
from sanxiang.law.guards import judge
from side_stories import BOOK, REASON

pytestmark = pytest.mark.django_db

VOIDED = {"decide.reviewed", "decide.told"}
KEPT = ("party", "cause", "item", "occurred_on", "occurred_until", "continuing", "occurred_at", "found_on")


def ready(clock: Clock, until: str = "decide") -> Play:
    """A major case, reviewed, told and heard."""
    procedure, steps = BOOK["hearing"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until(until)
    return play


def amended(play: Play, **changes: Any) -> None:
    """The form as the page fills it in beforehand, with one thing written otherwise."""
    known = play.case.state["facts"]
    told = {name: known[name] for name in KEPT if known.get(name)}
    play.do("amend", "officer1", **{**told, **REASON, **changes})


def at_the_decision(play: Play) -> Any:
    """The head's try to decide now, on every way."""
    return refused_everywhere(play.attempt("decide", "agency-head", opinion="同意"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cause": "未经批准采砂"}, "案由"),
        ({"item": "对未经批准取水的处罚"}, "执法事项"),
        ({"occurred_on": "2025-12-31"}, "违法行为的时间、地点"),
        ({"occurred_until": "2026-03-01"}, "违法行为的时间、地点"),
        ({"continuing": True}, "违法行为的时间、地点"),
        ({"occurred_at": "演示县另一处"}, "违法行为的时间、地点"),
    ],
)
def test_what_is_decided_about_voids_opinion_and_notice(
    changes: dict[str, Any], said: str, clock: Clock
) -> None:
    play = ready(clock)
    amended(play, **changes)
    answer = at_the_decision(play)
    assert answer.guards >= VOIDED
    assert f"送审之后{said}有变动（更正案件和当事人信息，" in fact_of(answer, "decide.reviewed")
    assert f"{said}与告知的不同" in fact_of(answer, "decide.told")
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/")
    assert f"之后{said}有变动（更正案件和当事人信息，" in html.unescape(page.content.decode())


def test_what_only_the_reviewers_judge_by_voids_the_opinion_alone(clock: Clock) -> None:
    play = ready(clock)
    amended(play, found_on="2026-02-27")
    answer = at_the_decision(play)
    assert answer.guards == {"decide.reviewed"}
    assert "送审之后发现日期有变动" in fact_of(answer, "decide.reviewed")


def test_a_telephone_number_voids_nothing(clock: Clock) -> None:
    play = ready(clock)
    party = play.case.state["facts"]["party"]
    amended(play, party={**party, "phone": "0000-7654321", "contact": "代理人甲"})
    accepted(play.attempt("decide", "agency-head", opinion="同意"), play)
    amended(play, party={**party, "address": "演示县另一条路"})
    assert at_the_decision(play).guards == VOIDED


def test_told_and_reviewed_again_the_case_goes_on(clock: Clock) -> None:
    play = ready(clock)
    amended(play, cause="未经批准采砂")
    play.do("notify-penalty", "officer1", defence_days=5)
    play.do("serve", "officer1", **day_of(play, stories.served("penalty-notice", play.office, play.case)))
    for act in ("waive-defence", "waive-hearing"):
        play.do(act, "officer1", waiver="书面表示放弃")
    play.do("submit-for-review", "officer1")
    agreed = {"outcome": "agree", "opinion": "同意", "mode": "written"}
    play.do("give-opinion", "legal-reviewer", **agreed, responsible=play.office.id("legal-reviewer"))
    accepted(play.attempt("decide", "agency-head", opinion="同意"), play)


def day_of(play: Play, told: dict[str, Any]) -> dict[str, Any]:
    """With today as the day of receipt."""
    return {**told, "served_on": play.moment.date().isoformat()}


def test_an_opinion_given_before_more_was_pinned_goes_on_holding(clock: Clock) -> None:
    """Cases of running installations carry the pin and the notice as they were made: five parts, the party in one piece."""
    play = ready(clock)
    case = play.case
    whole = digest(case.state["facts"]["party"])
    older = ("draft", "evidence", "defence", "hearing")
    pins = {name: case.state["review"]["parts"][name] for name in older} | {"party": whole}
    case.state["review"] |= {"parts": pins, "dossier": digest(pins)}
    case.state["facts"]["notified"].pop("about")
    case.state["facts"]["notified"]["to"] = whole
    facts = facts_of(play, case)
    assert [v for v in judge(facts) if not v.met] == []
    case.state["facts"]["party"] |= {"name": "另一当事人"}
    assert {v.guard for v in judge(facts) if not v.met} == VOIDED


def facts_of(play: Play, case: Any) -> Any:
    """What the door would judge, of the case as it stands in memory."""
    actor = actor_in(play.person("agency-head"), case.agency, play.moment.date())
    return facts_for(case, play.pack.acts["decide"], actor, {"opinion": "同意"}, play.moment)
