"""Inspection in each locality, from the task to the sealed file; what it may not do; and the case that comes of it."""

from typing import Any

import pytest

from altered import Alter, said
from paper_flaws import flaws_of
from play import LOCALITIES, MORNING, Clock, Play, make_office
from sanxiang.cases.models import Case, CaseLink, Paper
from sanxiang.demo import stories
from sanxiang.demo.inspection import inspection
from sanxiang.door.linking import follow_ups
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db

LABELS = {"laizhou": "行政监督", "kaiyuan": "监督检查"}
SET = {
    "ins-plan", "ins-approval", "ins-notice", "ins-told", "ins-record", "ins-result", "ins-correction", "ins-recheck",
    "service-receipt", "file-cover", "file-index",
}  # fmt: skip


def played(locality: str, clock: Clock, outcome: str = "rectify", **how: Any) -> Play:
    """An inspection before its first step."""
    clock.now = MORNING
    return Play(make_office(locality), "inspection", inspection(outcome, **how), clock, MORNING)


def reasons(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {verdict.guard for verdict in refused.value.verdicts}


@pytest.mark.parametrize("locality", LOCALITIES)
def test_an_inspection_runs_from_its_task_to_the_sealed_file(locality: str, clock: Clock) -> None:
    pack = load_pack(locality)
    (kind,) = [one for one in pack.act_types() if one["code"] == "inspection"]
    assert kind["label"] == LABELS.get(locality, "行政检查")
    play = played(locality, clock)
    play.until()
    case = play.case
    assert (case.stage, case.closed, case.act_type) == ("archived", "closed", "inspection")
    assert flaws_of(case) == {}
    assert "检通〔2026〕1号" in case.number and case.title.endswith("检查")
    assert set(Paper.objects.filter(case=case).values_list("kind", flat=True)) >= SET
    sequence_all()
    assert not [fault for fault in verify_all() if fault.what != "log"]


def test_no_rule_of_an_inspection_cites_the_law_of_penalties() -> None:
    for locality in LOCALITIES:
        pack = load_pack(locality).read_by("inspection")
        cited = [(a.id, str(a.citation)) for a in pack.acts_of("inspection")]
        cited += [(rule.id, str(rule.citation)) for rule in pack.limits_of("inspection")]
        for act in pack.acts_of("inspection"):
            cited += [(g.id, str(g.citation)) for g in pack.guards_of(act.id, "inspection")]
        assert not [one for one in cited if "行政处罚法" in one[1] or "行政强制法" in one[1]], locality


def test_what_is_refused_on_the_way(clock: Clock) -> None:
    play = played("lingchuan", clock)
    play.until("tell-inspection", without=("serve",))
    with pytest.raises(Refused) as early:
        play.step()
    assert "ins.notice-served" in reasons(early)
    play.position = play.find("tell-inspection")
    with play.branch(), pytest.raises(Refused) as untold:
        play.until("conclude-inspection", without=("tell-inspection",))
    assert "ins.told" in reasons(untold)
    serve = next(step for step in play.steps if step.act == "serve")
    play.do("serve", "officer1", **play.data_of(serve, play.moment))
    for change, guard in (
        ({"officers": [play.office.id("officer1")]}, "ins.two-officers"),
        ({"assistants_present": 2}, "ins.assistants"),
        ({"checklist": [{"item": "现场", "content": "设施", "result": "fail"}]}, "ins.checklist"),
    ):
        with play.branch(), pytest.raises(Refused) as refused:
            play.until("conclude-inspection", inspect_site=change)
        assert guard in reasons(refused), guard
    play.until("conclude-inspection")
    with play.branch(), pytest.raises(Refused) as mild:
        play.step(result_code="01")
    assert "ins.result-fits" in reasons(mild)


@pytest.mark.parametrize("cap", [None, 1])
def test_the_year_is_counted_from_the_cases_and_the_cap_bites_where_it_is_set(
    cap: int | None, alter: Alter, clock: Clock
) -> None:
    if cap:
        alter("huantai", said("inspection.cap", str(cap)))
    first = played("huantai", clock, "none")
    first.until("archive")
    second = first.other()
    second.until("approve-inspection")
    if not cap:
        second.step()
        told = {"year": 2026, "count": 1, "free": False, "cap": "尚未公布"}
        assert second.case.state["facts"]["frequency"] == told
        return
    with pytest.raises(Refused) as often:
        second.step()
    assert reasons(often) == {"ins.frequency"} and "年度频次上限 1 次" in str(often.value)
    complained = first.other()
    complained.steps = inspection("none", origin="complaint")
    complained.until("approve-inspection")
    with pytest.raises(Refused) as same_time:
        complained.step()
    assert reasons(same_time) == {"ins.merge"}
    complained.step(separate_reason="投诉的事项须当即核实，与在办的检查内容不同")
    assert complained.case.state["facts"]["frequency"]["free"]


def test_in_an_emergency_the_approval_follows_and_nothing_is_told_before_it(clock: Clock) -> None:
    play = played("dongying", clock, origin="emergency")
    play.until("approve-inspection")
    urgent = {
        "officers": [play.office.id("officer1"), play.office.id("officer2")],
        "urgent_reason": "堤防出现险情",
    }
    play.do("start-urgent", "officer1", **urgent)
    play.position += 1
    play.until("conclude-inspection", without=("serve",))
    with pytest.raises(Refused) as early:
        play.step()
    assert "ins.approved" in reasons(early)
    play.do("approve-afterwards", "agency-head", opinion="情况属实，同意补办。")
    play.step()
    paper = Paper.objects.get(case=play.case_id, kind="ins-approval")
    assert "先行检查" in str(paper.content) and play.case.number


def test_what_should_be_penalised_closes_with_the_penalty_case_or_a_reason(clock: Clock) -> None:
    play = played("kaiyuan", clock, "penalty")
    play.until("close-inspection")
    with play.branch(), pytest.raises(Refused) as alone:
        play.step()
    assert reasons(alone) == {"ins.follow-up"}
    with play.branch():
        play.step(no_follow_up="首次违法，后果轻微并及时改正，不予处罚")
    penalty = Play(play.office, "ordinary", stories.ordinary("2000"), clock, play.moment)
    with penalty.branch(), pytest.raises(Refused) as wrong:
        penalty.step(source="inspection", source_case="开水演检通〔2026〕99号")
    assert reasons(wrong) == {"clue.source-case"}
    penalty.step(source="inspection", source_case=play.case.number)
    case = penalty.case
    assert CaseLink.objects.filter(case=case, other=play.case_id, how="source").exists()
    inherited = [piece for piece in case.state["evidence"] if piece.get("of") == play.case.number]
    assert inherited and {p["digest"] for p in inherited} <= {
        p["digest"] for p in play.case.state["evidence"]
    }
    play.moment = penalty.moment
    play.step()
    assert Case.objects.get(pk=play.case_id).closed == "closed"


def test_the_chain_from_inspection_to_coercion_is_offered_where_the_scheme_knows_the_kind(
    clock: Clock,
) -> None:
    """From an inspection a penalty and a measure may be started, from a penalty its enforcement; a void case leads nowhere."""
    play = played("dongying", clock, "penalty")
    play.until("conclude-inspection")
    pack = load_pack("dongying")
    offered = {one["procedure"] for one in follow_ups(pack, play.case, ["officer"])}
    assert {"ordinary", "coercive-measure", "inspection"} <= offered
    penalty = Play(play.office, "ordinary", stories.ordinary("2000"), clock, play.moment)
    penalty.step()
    assert {"coercive-execution", "court-enforcement"} <= {
        one["procedure"] for one in follow_ups(pack, penalty.case, ["officer"])
    }
    gone = play.case
    gone.closed = "void"
    assert follow_ups(pack, gone, ["officer"]) == [] == follow_ups(pack, penalty.case, ["archivist"])
