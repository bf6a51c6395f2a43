"""Confirmations and adjudications from the application to the sealed file, and what is refused where one side has more than the other."""

from typing import Any

import pytest
from django.test import Client

from paper_flaws import flaws_of
from play import MORNING, Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import rulings
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db

CONFIRMED = {
    "cfm-application", "cfm-material-receipt", "cfm-acceptance-form", "cfm-acceptance", "cfm-announcement", "cfm-report", "review-opinion",
    "cfm-approval", "cfm-decision", "cfm-certificate", "service-receipt", "cfm-closing-form", "file-cover",
}  # fmt: skip
RULED = {
    "adj-application", "adj-acceptance-form", "adj-acceptance", "adj-rights", "adj-answer-notice", "adj-answer-record", "adj-exchange",
    "adj-survey-record", "adj-mediation-record", "adj-report", "review-opinion", "adj-submission", "adj-gov-decision", "adj-receipt",
    "adj-closing-form", "file-cover",
}  # fmt: skip


def confirming(clock: Clock, outcome: str = "confirm") -> Play:
    """A confirmation before its first step, in the locality that names them."""
    clock.now = MORNING
    return Play(make_office("laizhou"), "confirmation", rulings.confirmation(0, outcome), clock, MORNING)


def disputing(clock: Clock, **how: bool) -> Play:
    """A dispute before its first step, in the locality that names adjudication."""
    clock.now = MORNING
    return Play(make_office("lingchuan"), "adjudication", rulings.adjudication(**how), clock, MORNING)


def refused(play: Play, **changes: Any) -> dict[str, tuple[str, str]]:
    """What the door says against the next step as it would be taken now: guard, with article and fact."""
    with play.branch(), pytest.raises(Refused) as said:
        play.step(**changes)
    return {v.guard: (v.citation, v.fact) for v in said.value.verdicts}


def sealed(play: Play, papers: set[str], act_type: str, number: str) -> None:
    """The case is archived with its whole set of papers, and the ledger agrees."""
    case = play.case
    assert (case.stage, case.act_type) == ("archived", act_type)
    assert number in case.number
    made = set(Paper.objects.filter(case=case).values_list("kind", flat=True))
    assert not papers - made
    assert flaws_of(case) == {}
    sequence_all()
    assert not [fault for fault in verify_all() if fault.what != "log"]


@pytest.mark.parametrize(
    ("procedure", "locality", "label"),
    [("confirmation", "laizhou", "行政确认"), ("adjudication", "lingchuan", "行政裁决")],
)
def test_the_kind_bears_the_locality_s_label_and_no_rule_cites_the_law_of_penalties(
    procedure: str, locality: str, label: str
) -> None:
    pack = load_pack(locality)
    assert [one["label"] for one in pack.act_types() if one["code"] == procedure] == [label]
    pack = pack.read_by(procedure)
    cited = [(a.id, str(a.citation)) for a in pack.acts_of(procedure)]
    cited += [(rule.id, str(rule.citation)) for rule in pack.limits_of(procedure)]
    cited += [(stage.id, str(stage.citation)) for stage in pack.stages_of(procedure)]
    for act in pack.acts_of(procedure):
        cited += [(g.id, str(g.citation)) for g in pack.guards_of(act.id, procedure)]
    assert not [one for one in cited if "行政处罚法" in one[1]]


def test_a_confirmation_runs_to_the_sealed_file(clock: Clock) -> None:
    play = confirming(clock)
    play.until()
    sealed(play, CONFIRMED, "confirmation", "确受〔2026〕1号")
    assert play.case.title.endswith("首次登记确认") and play.case.closed == "closed"
    decided = str(Paper.objects.get(case=play.case, kind="cfm-decision").content)
    assert "不动产权第0000001号" in decided and "申请行政复议" in decided
    clock_ = play.case.state["clocks"]["cfm-decide-estate"]
    assert clock_["n"] == 30 and clock_["excluded"][0]["reason"] == "公告期"


def test_a_title_in_dispute_is_not_confirmed(clock: Clock) -> None:
    play = confirming(clock, "refuse")
    play.until("cfm-refuse")
    with play.branch(), pytest.raises(Refused) as said:
        play.do(
            "cfm-confirm",
            "agency-head",
            opinion="同意",
            certificate_no="演示1号",
            registered_at="2026-05-01T09:00",
        )
    told = {v.guard: v.citation for v in said.value.verdicts}
    assert told["estate.undisputed"] == "《不动产登记暂行条例》第二十二条" and "cfm.may-confirm" in told
    play.until()
    sealed(play, {"cfm-refusal", "cfm-objection-answer"}, "confirmation", "确受")


def test_what_a_confirmation_does_not_get_past(clock: Clock) -> None:
    play = confirming(clock)
    play.until("cfm-accept")
    with play.branch():
        play.pass_days(1)
        wanting = [{"name": "宗地图", "how": "补交原件"}]
        with pytest.raises(Refused) as late:
            play.do("cfm-correct-notice", "officer1", wanting=wanting)
        told = {v.guard: v for v in late.value.verdicts}
        assert told["estate.on-spot"].citation == "《不动产登记暂行条例》第十七条"
        assert "视为受理" in told["estate.on-spot"].cure
    play.until("cfm-announce")
    assert "estate.notice-days" in refused(play, announced_to="2026-03-23")
    with play.branch(), pytest.raises(Refused) as hidden:
        play.until("cfm-close", without=("cfm-announce",))
    assert "cfm.announced" in {v.guard for v in hidden.value.verdicts}
    play.until("cfm-report")
    with play.branch(), pytest.raises(Refused) as unreviewed:
        play.until("serve", without=("submit-for-review", "give-opinion"))
    assert {"rul.reviewed"} <= {v.guard for v in unreviewed.value.verdicts}
    draft = {**rulings.CONFIRMED, "basis": "有关规定"}
    assert "cfm.basis-cited" in refused(play, decision=draft)


def test_a_work_injury_has_its_own_period_which_stands_still_while_a_court_is_awaited(clock: Clock) -> None:
    play = confirming(clock)
    injury = {"confirm_kind": "injury", "injury_applicant": "worker", "injured_on": "2025-03-02"}
    late = {**injury, "injured_on": "2025-02-28"}
    with play.branch():
        play.step(**late)
        told = refused(play)["injury.in-time"]
        assert told[0].startswith("《工伤保险条例》") and "2026年2月28日届满" in told[1]
    play.step(**injury)
    play.step(clear_case=True, needs_notice=False)
    name = "cfm-decide-injury-clear"
    assert play.case.state["clocks"][name]["n"] == 15 and "cfm-decide-injury" not in play.case.state["clocks"]
    waits = {"waits_for": "人民法院对事故责任的判决", "reason": "认定要以判决为依据。"}
    play.do("cfm-suspend", "agency-head", **waits, suspend_basis="《工伤保险条例》第二十条")
    assert play.case.state["clocks"][name]["suspended"]
    play.pass_days(10)
    play.do("cfm-resume", "officer1", waited_result="判决已经生效，演示县法判〔2026〕1号。")
    assert play.case.state["clocks"][name]["excluded"][0]["reason"] == "中止期间"


@pytest.mark.parametrize("third", [False, True], ids=["two-sides", "third-party"])
def test_an_adjudication_runs_to_the_sealed_file_with_every_side_served(third: bool, clock: Clock) -> None:
    play = disputing(clock, third=third)
    play.until()
    sealed(play, RULED, "adjudication", "裁受〔2026〕1号")
    clocks = play.case.state["clocks"]
    sides = {"applicant", "respondent", *(["third"] if third else [])}
    assert {name.removeprefix("adj-sue-") for name in clocks if name.startswith("adj-sue-")} == sides
    assert all(clocks[f"adj-sue-{side}"]["n"] == 30 for side in sides)
    text = str(Paper.objects.get(case=play.case, kind="adj-gov-decision").content)
    assert "三十日内向演示县人民法院提起行政诉讼" in text and "演示县人民政府（印章）" in text


def test_what_the_sides_agree_on_ends_the_dispute(clock: Clock) -> None:
    play = disputing(clock, mediated=True)
    play.until()
    sealed(play, {"adj-mediation"}, "adjudication", "裁受")
    assert "adj-gov-decision" not in play.case.state["papers"]


def test_whatever_one_side_has_the_other_has_too(clock: Clock, client: Client) -> None:
    play = disputing(clock)
    play.until("adj-serve/4")
    assert play.data_of(play.next(), play.moment)["paper"] == "adj-rights"
    play.position += 1  # the respondent is not told that nothing may be changed
    play.until("adj-survey")
    told = refused(play)
    assert told["adj.status-told"][0] == "《土地管理法》第十四条" and "被申请人" in told["adj.status-told"][1]
    play.do("adj-serve", "officer1", **given(play, "adj-rights", "respondent"))
    one_side = [{"side": "applicant", "told_on": str(play.moment.date()), "came": "came"}]
    assert "没有通知被申请人" in refused(play, called=one_side)["adj.all-called"][1]
    play.until("adj-propose")
    with play.branch():
        more = {"side": "applicant", "title": "证人书面陈述", "proves": "耕种事实", "record": "邻户证明"}
        play.do("adj-submit", "officer1", **more)
        told = refused(play)
        assert "“证人书面陈述”还没有给被申请人" in told["adj.equal"][1]
        client.force_login(play.person("officer1"))
        page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
        assert "被申请人" in page and "滕青禾" in page
        assert "第2项“证人书面陈述”（申请人提交，还没有转送被申请人）" in page
    play.until("adj-close")
    play.until("archive")


def given(play: Play, paper: str, side: str) -> dict[str, Any]:
    """What is told of the service of a paper on one side."""
    step = rulings.to_side(paper, side)
    return play.data_of(step, play.moment)


def test_a_decision_served_on_one_side_alone_does_not_close_the_case(clock: Clock) -> None:
    play = disputing(clock)
    play.until("adj-decide")
    play.step()
    play.step()
    play.position += 1  # the respondent has not received it
    assert play.case.state["papers"]["adj-gov-decision"]["status"] == "issued"
    play.until("adj-close")
    told = refused(play)
    assert {"adj.all-served", "adj.equal"} <= set(told)
    assert "还没有给被申请人" in told["adj.all-served"][1]


def test_the_answer_s_thirty_days_are_waited_for(clock: Clock) -> None:
    play = disputing(clock)
    play.until("adj-propose", without=("adj-respond", "adj-pass"))
    assert "被申请人的答辩期到" in refused(play)["adj.answered"][1]
    play.pass_days(20)
    play.step()
    assert play.case.stage == "adj-opinion"


def test_the_papers_of_the_side_roads(clock: Clock) -> None:
    play = confirming(clock)
    play.until("cfm-accept")
    wanting = [{"name": "宗地图", "how": "补交原件"}]
    with play.branch():
        play.do("cfm-correct-notice", "officer1", wanting=wanting)
        more = {"received_on": str(play.moment.date()), "materials": [{"name": "宗地图"}]}
        play.do("cfm-supply", "officer1", **more)
        told = {"ground": "not-competent", "told_agency": "演示市不动产登记中心", "reason": "跨县域。"}
        basis = "《不动产登记暂行条例》第十七条"
        play.do("cfm-not-accept", "agency-head", **told, refusal_basis=basis)
        issued(play, "cfm-correction", "cfm-nonacceptance")
    play.until("cfm-announce")
    with play.branch():
        others = [{"name": "邻户冉某", "relation": "相邻"}]
        play.do("cfm-third-notice", "officer1", third_parties=others, third_days=5)
        said = {"speaker": "邻户冉某", "speaker_is": "third", "record": "对界址没有意见。"}
        play.do("cfm-hear", "officer1", **said)
        play.do("cfm-give-up", "officer1", reason="申请人书面撤回。")
        issued(play, "cfm-third-notice", "cfm-statement-record", "cfm-given-up")
    play = disputing(clock)
    play.until("adj-accept")
    with play.branch():
        play.do("adj-correct-notice", "officer1", wanting=wanting)
        told = {"ground": "infringement", "told_way": "向人民法院起诉。", "reason": "没有权属争议。"}
        play.do("adj-not-accept", "agency-head", **told)
        issued(play, "adj-correction", "adj-nonacceptance")
    play.until("adj-propose")
    play.do("adj-extend", "agency-head", more_months=1, reason="案情复杂。")
    found = {"side": "respondent", "status_found": "在争议地块上砌墙。"}
    play.do("adj-status-notice", "officer1", **found, status_demand="立即停止。")
    when = {
        "hearing_at": f"{play.moment.date()}T15:00",
        "hearing_place": "听证室",
        "hearing_host": "演示主持人",
    }
    play.do("adj-call-hearing", "officer1", **when)
    for paper in ("adj-status-notice", "adj-hearing-notice"):
        for side in ("applicant", "respondent"):
            play.do("adj-serve", "officer1", **given(play, paper, side))
    sides = [
        {"side": s, "told_on": str(play.moment.date()), "came": "came"} for s in ("applicant", "respondent")
    ]
    play.do(
        "adj-hold-hearing", "legal-reviewer", called=sides, record="各方陈述、质证。", no_recording="演示"
    )
    issued(play, "adj-extension-form", "adj-status-notice", "adj-hearing-notice", "adj-hearing-record")
    with play.branch():
        play.do("adj-end", "agency-head", end_kind="settled", reason="双方和解。")
        issued(play, "adj-termination")


def test_an_award_of_the_agency_s_own_goes_to_the_court_after_every_side_s_period(clock: Clock) -> None:
    play = disputing(clock)
    own = {"adj_kind": "other", "decider": "own", "deciding_body": "演示县自然资源局"}
    play.until("adj-decide", without=("adj-report-gov",), adj_apply=own)
    play.step(gov_number=None, gov_decided_on=None)
    text = str(Paper.objects.get(case=play.case, kind="adj-award").content)
    assert "六个月内直接向演示县人民法院提起行政诉讼" in text
    for side in ("applicant", "respondent"):
        play.do("adj-serve", "officer1", **given(play, "adj-award", side))
    asked = {"court": "演示县人民法院", "object": "移走树木", "party_view": "没有意见"}
    with play.branch(), pytest.raises(Refused) as early:
        play.do("adj-court", "agency-head", **asked)
    assert "adj.court-periods" in {v.guard for v in early.value.verdicts}
    play.pass_days(135)
    play.do("adj-court", "agency-head", **asked)
    issued(play, "adj-court-application")


def test_a_confirmation_revoked_binds_nobody(clock: Clock) -> None:
    play = confirming(clock)
    play.until("cfm-close")
    why = {"undone_by": "own", "undone_basis": "《不动产登记暂行条例》第二十二条", "reason": "材料虚假。"}
    play.do("cfm-revoke", "agency-head", **why)
    assert play.case.state["papers"]["cfm-decision"]["status"] == "revoked"
    assert "cfm.close-served" in refused(play)


def issued(play: Play, *kinds: str) -> None:
    """These papers were made."""
    assert set(kinds) <= set(play.case.state["papers"])
    assert flaws_of(play.case) == {}
