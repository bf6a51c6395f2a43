"""Duties other than money: a building to be pulled down is told of, waited for, urged, taken to court, and seen to before closing."""

from datetime import date, timedelta
from typing import Any

import pytest

from demolition import DEMOLITION, executing, served, told
from play import Clock, Play, make_office
from sanxiang.demo import stories
from sanxiang.law.guards import Refused
from sanxiang.law.scope import hearing_reasons, major_reasons
from side_stories import BOOK
from told import after, due, refused

pytestmark = pytest.mark.django_db

RESULT = {"remedy": "review", "result": "upheld", "remedy_no": "复决 1 号"}


@pytest.mark.parametrize(("locality", "due_"), [("laizhou", True), ("lingchuan", True), ("kaiyuan", False)])
def test_pulling_down_is_heard_and_reviewed_where_the_branch_says_so(
    locality: str, due_: bool, clock: Clock
) -> None:
    play = told(locality, clock)
    reasons = hearing_reasons(play.pack, play.case.state)
    assert [r.citation for r in reasons] == (["《自然资源行政处罚办法》第三十四条"] if due_ else [])
    assert any("应当告知听证" in r.text for r in major_reasons(play.pack, play.case.state)) == due_


@pytest.mark.parametrize(
    ("plan", "heard"),
    [
        ({"kinds": ["suspend-licence"], "other": ""}, True),
        ({"kinds": ["revoke-licence"], "other": ""}, True),
        ({"kinds": ["confiscate-goods"], "confiscated_list": "新建的建筑物一幢", "other": ""}, True),
        ({"kinds": ["warning"], "other": ""}, False),
    ],
)
def test_the_branch_adds_kinds_to_the_statute_s(plan: dict[str, Any], heard: bool, clock: Clock) -> None:
    play = told("laizhou", clock)
    state = play.case.state
    state["facts"]["decision"] = {**DEMOLITION, **plan}
    assert bool(hearing_reasons(play.pack, state)) == heard


def test_a_decision_says_until_when_another_duty_is_performed(clock: Clock) -> None:
    play = told("laizhou", clock, perform_days=None)
    play.until("decide")
    assert refused(play, "decide", "agency-head", opinion="同意") == {"decision-items"}


def test_the_periods_of_a_demolition_are_its_own(clock: Clock) -> None:
    play = served("laizhou", clock)
    clocks = play.case.state["clocks"]
    day = date.fromisoformat(clocks["perform"]["start"])
    assert "pay" not in clocks
    assert (clocks["perform"]["n"], clocks["perform"]["unit"]) == (15, "calendar")
    assert (clocks["remedy-suit"]["n"], clocks["remedy-suit"]["unit"]) == (15, "calendar")
    assert clocks["court-application"]["start"] == str(due(play, "remedy-review")) > str(day)


def test_a_demolition_is_urged_taken_to_court_and_closed(clock: Clock) -> None:
    play = served("laizhou", clock)
    urge = {"urged": "十日内拆除", "other_duty": "拆除建筑物"}
    assert refused(play, "close", "agency-head", performed="没有拆除", exceptions_approved=True) == {
        "close.performed"
    }
    assert refused(play, "urge", "officer1", **urge) == {"urge.overdue"}
    after(play, due(play, "perform"))
    play.do("urge", "officer1", **urge)
    notice = stories.served("urge-notice", play.office, play.case)
    assert "其他义务：拆除建筑物" in said(play, "urge-notice")
    play.do("serve", "officer1", **{**notice, "served_on": play.moment.date().isoformat()})
    apply = {"court": "县人民法院", "unpaid": "拆除建筑物", "other_duty": "拆除建筑物"}
    assert refused(play, "apply-to-court", "agency-head", **apply) == {"court.urged", "court.periods-over"}
    after(play, due(play, "remedy-review"))
    play.do("apply-to-court", "agency-head", **apply)
    assert refused(play, "close", "agency-head", performed="没有拆除", exceptions_approved=True) == {
        "close.performed"
    }
    play.do("court-accepts", "officer1", court_result="granted", court_no="1 号")
    play.do("close", "agency-head", performed="法院裁定准予执行", exceptions_approved=True)
    assert play.case.stage == "closed"


def test_a_demolition_carried_out_closes_the_case(clock: Clock) -> None:
    play = served("laizhou", clock)
    play.do("record-performance", "officer1", record="拆了一半")
    assert refused(play, "close", "agency-head", performed="拆了一半", exceptions_approved=True) == {
        "close.performed"
    }
    play.do("record-performance", "officer1", record="已经全部拆除", all_performed=True)
    assert {play.case.state["clocks"][name]["ended_by"] for name in ("perform", "court-application")} == {
        "登记其他履行情况"
    }
    assert refused(play, "urge", "officer1", urged="拆除") == {"urge.overdue"}
    play.do("close", "agency-head", performed="已经拆除", exceptions_approved=True)


def test_money_paid_leaves_the_other_duty_standing(clock: Clock) -> None:
    play = served("laizhou", clock, kinds=["fine", "other"], fine="2000")
    play.do("record-payment", "officer1", amount="2000", towards="principal", receipt="1")
    clocks = play.case.state["clocks"]
    assert (bool(clocks["pay"]["ended"]), bool(clocks["court-application"]["ended"])) == (True, False)
    assert refused(play, "close", "agency-head", performed="已缴款", exceptions_approved=True) == {
        "close.performed"
    }


def test_a_fine_beside_a_demolition_goes_to_court_apart(clock: Clock) -> None:
    """The demolition is sued within fifteen days, the fine within six months: so each has three months of its own."""
    play = served("laizhou", clock, kinds=["fine", "other"], fine="2000")
    clocks = play.case.state["clocks"]
    assert (clocks["remedy-suit"]["n"], clocks["remedy-suit"]["unit"]) == (6, "month")
    assert clocks["court-application-part"]["start"] == str(due(play, "remedy-review"))
    assert clocks["court-application"]["start"] == str(due(play, "remedy-suit"))
    after(play, due(play, "perform"))
    play.do("urge", "officer1", urged="十日内拆除并缴款")
    notice = stories.served("urge-notice", play.office, play.case)
    play.do("serve", "officer1", **{**notice, "served_on": play.moment.date().isoformat()})
    part = {"court": "县人民法院", "unpaid": "拆除建筑物", "part": "special"}
    after(play, due(play, "urge"))
    assert "court.part-periods-over" in refused(play, "apply-to-court", "agency-head", **part)
    after(play, due(play, "remedy-review"))
    whole = {**part, "part": "all"}
    assert refused(play, "apply-to-court", "agency-head", **whole) == {"court.periods-over"}
    with play.branch():
        after(play, due(play, "court-application-part"))
        assert refused(play, "apply-to-court", "agency-head", **part) == {"court.part-in-time"}
    play.do("apply-to-court", "agency-head", **part)
    play.do("court-accepts", "officer1", court_result="granted", court_no="1 号")
    assert refused(play, "close", "agency-head", performed="准予拆除", exceptions_approved=True) == {
        "close.fine"
    }
    after(play, due(play, "remedy-suit"))
    play.do("apply-to-court", "agency-head", **whole)


PLANNING = {
    "other": "责令限期拆除违法建设的房屋",
    "violated": "《中华人民共和国城乡规划法》第四十条",
    "basis": "《中华人民共和国城乡规划法》第六十四条",
}
TO_COURT = {"court": "县人民法院", "unpaid": "罚款"}


def said(play: Play, kind: str) -> str:
    """All that the newest paper of that kind says."""
    content = play.case.papers.filter(kind=kind).latest("n").content
    return "".join(block["text"] for block in content["blocks"])


def urged(play: Play) -> None:
    """Urged after its period, the notice served, ten days gone by."""
    after(play, due(play, "perform"))
    play.do("urge", "officer1", urged="十日内履行", other_duty="拆除房屋")
    notice = stories.served("urge-notice", play.office, play.case)
    play.do("serve", "officer1", **{**notice, "served_on": play.moment.date().isoformat()})
    after(play, due(play, "urge"))


def test_a_demolition_under_the_planning_law_is_not_for_the_court(clock: Clock) -> None:
    """城乡规划法第六十八条: the government of the county has it pulled down; no court takes the application."""
    play = served("laizhou", clock, **PLANNING)
    decision = said(play, "penalty-decision")
    assert "县级以上地方人民政府" in decision and "人民法院强制执行" not in decision
    assert "六个月内直接向" in decision
    assert "court-application" not in play.case.state["clocks"]
    urged(play)
    notice = said(play, "urge-notice")
    assert "县级以上地方人民政府" in notice and "人民法院强制执行" not in notice
    after(play, due(play, "remedy-suit"))
    with pytest.raises(Refused) as refusal, play.branch():
        play.do("apply-to-court", "agency-head", **TO_COURT)
    (verdict,) = (v for v in refusal.value.verdicts if v.guard == "court.its-to-enforce")
    assert verdict.citation == "《行政强制法》第十三条" and "《城乡规划法》第六十八条" in verdict.fact
    assert "报请" in verdict.cure and "县级以上地方人民政府" in verdict.cure
    assert refused(play, "apply-to-court", "agency-head", **TO_COURT, part="money") >= {
        "court.its-to-enforce"
    }
    play.do("record-performance", "officer1", record="县政府组织拆除", all_performed=True)
    play.do("close", "agency-head", performed="已经拆除", exceptions_approved=True)


def test_a_fine_beside_such_a_demolition_goes_to_court_alone(clock: Clock) -> None:
    play = served("laizhou", clock, **PLANNING, kinds=["fine", "other"], fine="2000")
    decision = said(play, "penalty-decision")
    assert "县级以上地方人民政府" in decision and "对其他内容，逾期不申请行政复议" in decision
    assert play.case.state["clocks"]["court-application"]["start"] == str(due(play, "remedy-suit"))
    urged(play)
    after(play, due(play, "remedy-suit"))
    assert refused(play, "apply-to-court", "agency-head", **TO_COURT) == {"court.its-to-enforce"}
    with play.branch():
        play.do("record-payment", "officer1", amount="2000", towards="principal", receipt="1")
        assert play.case.state["clocks"]["court-application"]["ended"], "what is left is not for the court"
    play.do("apply-to-court", "agency-head", **TO_COURT, part="money")
    play.do("court-accepts", "officer1", court_result="granted", court_no="1 号")
    assert refused(play, "close", "agency-head", performed="已裁定", exceptions_approved=True) == {
        "close.performed"
    }
    play.do("record-performance", "officer1", record="县政府组织拆除", all_performed=True)
    play.do("close", "agency-head", performed="已经拆除，罚款由法院执行", exceptions_approved=True)


def test_a_decision_on_rights_to_nature_goes_to_review_first(clock: Clock) -> None:
    play = told("laizhou", clock)
    play.do("draft-decision", "officer1", decision=play.case.state["facts"]["decision"], resource_rights=True)
    executing(play)
    clocks = play.case.state["clocks"]
    assert "remedy-review" in clocks and "remedy-suit" not in clocks
    review = {"remedy": "review", "remedy_organ": "县政府", "remedy_no": "1号"}
    today = play.moment.date().isoformat()
    play.do("record-remedy", "officer1", **review, applied_on=today)
    play.do("end-remedy", "officer1", **RESULT, received_on=today)
    assert not play.case.state["clocks"]["remedy-suit-after-review"]["ended"]


def test_the_first_instalment_missed_is_urged_and_no_more(clock: Clock) -> None:
    procedure, steps = BOOK["ordinary"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("record-payment")
    first, last = (play.moment.date() + timedelta(days=days) for days in (20, 60))
    rows = [{"due": str(first), "amount": "500"}, {"due": str(last), "amount": "1500"}]
    plan = {"applied": "困难", "instalments": rows, "deferred_until": str(last)}
    play.do("grant-deferral", "agency-head", **plan)
    after(play, first, 0)
    assert refused(play, "urge", "officer1", urged="第一期") == {"urge.overdue"}
    after(play, first)
    assert refused(play, "urge", "officer1", urged="第一期") == set()
    assert "court.unperformed" in refused(play, "apply-to-court", "agency-head", court="甲", unpaid="500")
    play.do("record-payment", "officer1", amount="500", towards="principal", receipt="1")
    assert refused(play, "urge", "officer1", urged="第二期") == {"urge.overdue"}
