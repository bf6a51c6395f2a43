"""Goods confiscated that nobody handed over are a duty: waited for, urged, taken to court, and seen to before closing."""

from datetime import date, timedelta
from typing import Any

import pytest

from demolition import executing, served, told
from knocks import refused_everywhere
from play import Clock, Play
from sanxiang.demo import stories
from told import after, due, refused

pytestmark = pytest.mark.django_db

BUILDING = {
    "kinds": ["confiscate-goods"],
    "confiscated_list": "在非法占用的土地上新建的厂房一幢",
    "confiscated_value": "300000",
    "perform_days": 15,
    "other": "",
    "perform_by": "自收到本决定书之日起十五日内交出。",
}
ROWS = [{"name": "厂房", "quantity": "一幢", "stored": "原址"}]
PUMP = [{"name": "水泵", "quantity": "一台", "stored": "证物室"}]


def confiscated(clock: Clock, **more: Any) -> Play:
    """The building is confiscated, the decision served; nobody has handed it over."""
    return served("laizhou", clock, **{**BUILDING, **more})


def received(play: Play, rows: list[dict[str, str]] = ROWS, **more: Any) -> None:
    """What was confiscated comes into custody."""
    two = stories.two(play.office)
    play.do("receive-property", "officer1", officers=two, items=rows, ground="处罚决定书", **more)


def disposed(play: Play, how: str, **more: Any) -> None:
    """Everything in custody changes hands."""
    two = stories.two(play.office)
    play.do("dispose-property", "officer1", officers=two, disposal=how, record="当面清点交接", **more)


def urged(play: Play) -> None:
    """The notice that urges is made and served."""
    play.do("urge", "officer1", urged="十日内交出厂房")
    notice = stories.served("urge-notice", play.office, play.case)
    play.do("serve", "officer1", **{**notice, "served_on": play.moment.date().isoformat()})


CLOSE = {"performed": "当事人没有交出厂房", "exceptions_approved": True}
COURT = {"court": "县人民法院", "unpaid": "交出没收的厂房"}


def test_a_building_not_handed_over_keeps_the_case_open_and_goes_to_court(clock: Clock) -> None:
    play = confiscated(clock)
    clocks = play.case.state["clocks"]
    assert clocks["perform"]["n"] == 15 and "pay" not in clocks and "court-application" in clocks
    assert refused(play, "close", "agency-head", **CLOSE) == {"close.performed"}
    assert refused(play, "urge", "officer1", urged="交出厂房") == {"urge.overdue"}
    after(play, due(play, "perform"))
    urged(play)
    after(play, max(due(play, "remedy-suit") or clock.now.date(), due(play, "urge") or clock.now.date()))
    play.do("apply-to-court", "agency-head", **COURT)
    play.do("court-accepts", "officer1", court_result="granted", court_no="1 号")
    play.do("close", "agency-head", performed="法院裁定准予执行", exceptions_approved=True)


def test_the_refusal_to_close_names_the_goods_and_the_cure(clock: Clock) -> None:
    play = confiscated(clock)
    knock = play.attempt("close", "agency-head", **CLOSE)
    answer = refused_everywhere(knock)
    said = " ".join(f"{fact} {cure}" for _, _, fact, cure in answer.refused)
    assert "没收非法财物" in said and "接收涉案财物" in said and "登记其他履行情况" in said


def test_a_building_received_and_handed_over_closes_the_case(clock: Clock) -> None:
    play = confiscated(clock)
    received(play)
    ended = {play.case.state["clocks"][name]["ended_by"] for name in ("perform", "court-application")}
    assert ended == {"接收涉案财物"}
    assert refused(play, "urge", "officer1", urged="交出厂房") == {"urge.overdue"}
    assert refused(play, "close", "agency-head", **CLOSE) == {"close.property"}
    disposed(play, "handed-over")
    play.do("close", "agency-head", performed="厂房已移交县政府指定的部门", exceptions_approved=True)


def test_what_is_given_back_is_owed_again(clock: Clock) -> None:
    play = confiscated(clock)
    received(play)
    disposed(play, "returned")
    assert refused(play, "close", "agency-head", **CLOSE) == {"close.performed"}
    after(play, due(play, "perform"))
    assert refused(play, "urge", "officer1", urged="交出厂房") == set()


def test_part_of_the_goods_is_not_all_of_them(clock: Clock) -> None:
    play = confiscated(clock, confiscated_list="厂房一幢、水泵一台")
    received(play, PUMP, goods_left=True)
    disposed(play, "confiscated", goods_left=True)
    assert refused(play, "close", "agency-head", **CLOSE) == {"close.performed"}
    play.do("record-performance", "officer1", record="厂房已经交出", all_performed=True)
    assert refused(play, "close", "agency-head", **CLOSE) == set()


def test_goods_in_custody_before_the_decision_are_nobodys_duty(clock: Clock) -> None:
    play = told("laizhou", clock, **BUILDING)
    received(play)
    executing(play)
    assert "perform" not in play.case.state["clocks"]
    disposed(play, "confiscated")
    assert refused(play, "close", "agency-head", **CLOSE) == set()


def test_a_fine_paid_leaves_the_building_standing(clock: Clock) -> None:
    play = confiscated(clock, kinds=["fine", "confiscate-goods"], fine="2000")
    play.do("record-payment", "officer1", amount="2000", towards="principal", receipt="1")
    assert not play.case.state["clocks"]["court-application"]["ended"]
    assert refused(play, "close", "agency-head", **CLOSE) == {"close.performed"}


@pytest.mark.parametrize("locality", ["laizhou", "lingchuan"])
def test_a_confiscated_building_goes_to_the_government_within_ninety_days(
    locality: str, clock: Clock
) -> None:
    play = served(locality, clock, **BUILDING)
    state = play.case.state
    day = state["clocks"]["building-handover"]["start"]
    rule = play.pack.limits["building-handover"]
    assert (str(rule.citation), rule.side) == ("《土地管理法实施条例》第五十八条", "agency")
    assert due(play, "building-handover") == date.fromisoformat(day) + timedelta(days=90)
    received(play)
    assert not play.case.state["clocks"]["building-handover"]["ended"]
    disposed(play, "handed-over")
    assert play.case.state["clocks"]["building-handover"]["ended"]


@pytest.mark.parametrize(
    "basis",
    [
        "《中华人民共和国水法》第六十五条第二款",
        "《土地管理法》第七十五条、《中华人民共和国水法》第七十四条",
    ],
)
def test_confiscated_things_that_are_no_building_have_no_ninety_days(basis: str, clock: Clock) -> None:
    """The ninety days hang on two articles of one statute, which the pack names; another statute's 第七十四条 is not that."""
    play = confiscated(clock, basis=basis)
    assert "building-handover" not in play.case.state["clocks"]


@pytest.mark.parametrize(("how", "ended"), [("revoked", True), ("void", True), ("illegal", False)])
def test_a_building_whose_confiscation_was_revoked_goes_to_nobody(
    how: str, ended: bool, clock: Clock
) -> None:
    play = confiscated(clock)
    told = {"revoked_how": how, "revoked_by": "县人民政府", "undone_by": "review", "reason": "违反法定程序"}
    play.do("revoke-decision", "agency-head", **told)
    assert bool(play.case.state["clocks"]["building-handover"]["ended"]) is ended
