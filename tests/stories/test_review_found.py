"""What a reviewer did that the law does not allow: each of it refused, and the lawful way beside it done."""

from datetime import timedelta
from typing import Any

import pytest

from knocks import Knock, refused_everywhere
from play import STORIES, Clock, Play, accepted, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import stories
from sanxiang.law.guards import Refused
from side_stories import BOOK, FOUND, REASON, other_case

pytestmark = pytest.mark.django_db

CHANGED = {"revoked_how": "changed", "revoked_by": "本机关自行变更", **REASON}


def begun(story: str, clock: Clock, until: str = "") -> Play:
    """A story up to a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until(until)
    return play


def refused_by(knock: Knock) -> set[str]:
    """Which guards refuse it, alike on every way."""
    return refused_everywhere(knock).guards


def decided(play: Play, **other: Any) -> dict[str, Any]:
    """The decision in force, told otherwise in some respects."""
    return {**play.case.state["facts"]["decided"], **other}


def starts(play: Play, *names: str) -> dict[str, str]:
    """The days from which periods run."""
    return {name: play.case.state["clocks"][name]["start"] for name in names}


def served(play: Play, paper: str) -> None:
    """The paper reaches the party today."""
    told = {**stories.served(paper, play.office, play.case), "served_on": play.moment.date().isoformat()}
    play.do("serve", "officer1", **told)


def text_of(play: Play, kind: str) -> str:
    """What a paper of the case says, in one string."""
    return str(Paper.objects.filter(case=play.case, kind=kind).latest("n").content)


# A decision is not made heavier behind the party's back


@pytest.mark.parametrize(
    "change",
    [
        {"fine": "900000"},
        {"fine": "2000.01"},
        {"found": "另一事实"},
        {"basis": "另一部法"},
        {"other": "另责令拆除"},
    ],
)
def test_an_agency_does_not_change_its_decision_for_the_worse(change: dict[str, str], clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    knock = play.attempt(
        "revoke-decision", "agency-head", **CHANGED, changed_decision=decided(play, **change)
    )
    assert refused_by(knock) == {"revoke.not-heavier"}


def test_no_penalty_is_not_changed_into_one(clock: Clock) -> None:
    play = begun("spared", clock, "close")
    knock = play.attempt(
        "revoke-decision", "agency-head", **CHANGED, changed_decision=stories.penalty("2000")
    )
    assert refused_by(knock) == {"revoke.not-heavier"}


def test_what_the_agency_makes_lighter_is_a_decision_with_periods_of_its_own(clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    before = starts(play, "pay", "remedy-review", "remedy-suit", "court-application")
    play.pass_days(6)
    lighter = decided(play, fine="1000")
    play.do("revoke-decision", "agency-head", **CHANGED, changed_decision=lighter)
    assert starts(play, *before) == before, "nothing runs anew before the party has it"
    said = text_of(play, "change-decision")
    for words in (
        "壹仟元",
        lighter["found"],
        lighter["basis"],
        lighter["perform_by"],
        "行政复议",
        "行政诉讼",
    ):
        assert words in said, words
    play.pass_days(1)
    served(play, "change-decision")
    today = play.moment.date().isoformat()
    assert starts(play, "pay", "remedy-review", "remedy-suit") == dict.fromkeys(
        ("pay", "remedy-review", "remedy-suit"), today
    )
    assert starts(play, "court-application")["court-application"] > before["court-application"]
    play.pass_days(9)
    late = play.attempt("impose-late-fine", "agency-head", late_fine="30")
    assert refused_by(late) == {"late-fine.lawful"}


def test_a_change_takes_no_granted_time_to_pay_away(clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    until = (play.moment.date() + timedelta(days=120)).isoformat()
    plan = [{"due": until, "amount": "2000"}]
    play.do("grant-deferral", "agency-head", applied="困难", instalments=plan, deferred_until=until)
    play.do("revoke-decision", "agency-head", **CHANGED, changed_decision=decided(play, fine="1000"))
    served(play, "change-decision")
    assert starts(play, "pay") == {"pay": until}
    play.pass_days(25)
    assert refused_by(play.attempt("urge", "officer1", urged="缴纳罚款")) == {"urge.overdue"}


def test_what_a_court_made_heavier_is_recorded_once_its_judgment_is(clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    told = {
        **CHANGED, "undone_by": "court", "revoked_by": "（2026）演01行终1号", "changed_decision": decided(play, fine="3000"),
    }  # fmt: skip
    assert refused_by(play.attempt("revoke-decision", "agency-head", **told)) == {"revoke.not-heavier"}
    suit = {"remedy": "suit", "remedy_no": "1号"}
    day = play.moment.date().isoformat()
    play.do("record-remedy", "officer1", **suit, remedy_organ="县人民法院", applied_on=day)
    play.do("end-remedy", "officer1", **suit, result="changed")
    play.do("revoke-decision", "agency-head", **told)
    assert play.case.state["facts"]["decided"]["fine"] == "3000"
    assert "叁仟元" in text_of(play, "revocation")
    assert "change-decision" not in play.case.state["papers"]


def test_what_is_revoked_and_decided_anew_goes_its_whole_way_again(clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    play.do("revoke-decision", "agency-head", **{**CHANGED, "revoked_how": "revoked"})
    play.withdraw("本机关自行撤销")
    order = {"remake_order": "本机关自行纠正", "remake_ground": "substance", **REASON}
    play.do("reopen-case", "agency-head", **order)
    play.do("draft-decision", "officer1", decision=stories.penalty("3000"))
    assert "decide.told" in refused_by(play.attempt("decide", "agency-head", opinion="同意"))


@pytest.mark.parametrize(
    "slip",
    [
        {"found": "另一事实"},
        {"basis": "另一个依据"},
        {"other": "另责令拆除"},
        {"perform_by": "三日内"},
        {"correction": "限期拆除"},
    ],
)
def test_a_correction_decides_nothing(slip: dict[str, str], clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    told = {"paper": "penalty-decision", "wrong": "甲", "right": "乙", **REASON}
    knock = play.attempt("correct-paper", "agency-head", **told, corrected_decision=decided(play, **slip))
    answer = refused_everywhere(knock)
    assert answer.guards == {"correct.only-slips"}
    assert any("笔误" in cure for _, _, _, cure in answer.refused)
    mended = decided(play, evidence_text="现场检查笔录两份、照片四张。")
    accepted(play.attempt("correct-paper", "agency-head", **told, corrected_decision=mended), play)


# A hearing of which the party knows


def test_who_was_not_told_of_the_hearing_has_not_stayed_away(clock: Clock) -> None:
    play = begun("hearing", clock, "serve/2")
    play.pass_days(8)
    ended = play.attempt("end-hearing", "legal-reviewer", ground="absent", **REASON)
    assert refused_by(ended) == {"hearing.told-in-time"}
    assert refused_by(play.knock("hold-hearing", after=0)) == {"hearing.told-in-time"}


@pytest.mark.parametrize(
    ("late", "refused"), [(0, set()), (1, {"hearing.told-in-time"}), (3, {"hearing.told-in-time"})]
)
def test_seven_days_lie_between_the_service_and_the_hearing(
    late: int, refused: set[str], clock: Clock
) -> None:
    """Called eight working days ahead: seven lie between when it is served the same day, six when on the next."""
    play = begun("hearing", clock, "serve/2")
    play.pass_days(late)
    play.step()
    play.pass_days(9 - late)
    ended = play.attempt("end-hearing", "legal-reviewer", ground="absent", **REASON)
    if not refused:
        return accepted(ended, play)
    assert refused_by(ended) == refused
    play.do("notify-hearing", "legal-reviewer", **play.data_of(play.steps[play.position - 2], play.moment))
    served(play, "hearing-notice")
    play.pass_days(8)
    accepted(play.attempt("end-hearing", "legal-reviewer", ground="absent", **REASON), play)


# Who must withdraw


def test_nobody_decides_the_own_withdrawal(clock: Clock) -> None:
    play = begun("ordinary", clock, "draft-decision")
    head = play.office.id("agency-head")
    play.do("request-recusal", "officer1", recusal_of=head, recusal_by="party", **REASON)
    for granted in (True, False):
        told = {"granted": granted, **REASON}
        assert refused_by(play.attempt("decide-recusal", "agency-head", **told)) == {"recusal.not-own"}


HEADS = {
    "decide-no-penalty": {"ground": "not-proved", **FOUND, **REASON},
    "dismiss": REASON,
    "transfer-agency": {"to_agency": "邻县水务局", **FOUND, **REASON},
    "suspend": {"suspension_basis": "《水行政处罚实施办法》第四十条", **REASON},
}


def test_a_head_who_has_withdrawn_ends_nothing(clock: Clock) -> None:
    play = begun("ordinary", clock, "notify-penalty")
    withdraw(play)
    others = [
        {"person": play.office.id(who), "post": "副局长", "view": "同意"}
        for who in ("deputy-head", "archivist")
    ]
    for act, told in {**HEADS, "discuss": {"members": others, "conclusion": "同意"}}.items():
        answer = refused_everywhere(play.attempt(act, "agency-head", **told))
        assert answer.guards == {"not-recused"}, act


def withdraw(play: Play) -> None:
    """The head must withdraw; a deputy decided so."""
    deputy = play.person("archivist")
    play.administer("grant-post", person=deputy, role="agency-head", valid_from="2025-01-02")
    head = play.office.id("agency-head")
    play.do("request-recusal", "officer1", recusal_of=head, recusal_by="party", **REASON)
    play.do("decide-recusal", "archivist", granted=True, **REASON)


# A case with the police stands still


def test_the_ninety_days_rest_while_the_police_have_the_file(clock: Clock) -> None:
    play = begun("ordinary", clock, "conclude-investigation")
    team = stories.two(play.office)
    first = play.moment.date().isoformat()
    play.do("suspend", "agency-head", suspension_basis="《水行政处罚实施办法》第四十条", **REASON)
    play.do("report-crime", "officer1", special_team=team, crime="非法采矿罪", crime_report="达到标准")
    play.do("approve-crime-transfer", "agency-head", opinion="同意移送")
    to = {"police": "县公安局", "crime": "非法采矿罪", "special_team": team}
    play.do("transfer-crime", "agency-head", **to, **FOUND, **REASON)
    play.pass_days(3)
    play.do("resume", "agency-head", **REASON)
    assert clock_of(play) == (first, [])
    play.pass_days(5)
    play.do("record-police-reply", "officer1", police_reply="not-filed", police_no="不立案 1 号")
    today = play.moment.date().isoformat()
    assert clock_of(play) == ("", [(first, today)])


def test_the_ninety_days_rest_while_the_investigation_does(clock: Clock) -> None:
    play = begun("ordinary", clock, "conclude-investigation")
    team = stories.two(play.office)
    first = play.moment.date().isoformat()
    play.do("report-crime", "officer1", special_team=team, crime="非法采矿罪", crime_report="达到标准")
    play.do("approve-crime-transfer", "agency-head", opinion="同意移送")
    to = {"police": "县公安局", "crime": "非法采矿罪", "special_team": team}
    play.do("transfer-crime", "agency-head", **to, **FOUND, **REASON)
    play.do("suspend", "agency-head", suspension_basis="《水行政处罚实施办法》第四十条", **REASON)
    play.pass_days(3)
    play.do("record-police-reply", "officer1", police_reply="not-filed", police_no="不立案 1 号")
    assert clock_of(play) == (first, [])
    play.do("resume", "agency-head", **REASON)
    assert clock_of(play) == ("", [(first, play.moment.date().isoformat())])


def clock_of(play: Play) -> tuple[str, list[tuple[str, str]]]:
    """Since when the ninety days rest, and the days left out."""
    clock = play.case.state["clocks"]["decide"]
    return clock["suspended"], [(x["from"], x["to"]) for x in clock["excluded"]]


# Cases opened twice or by mistake


def test_a_case_goes_on_in_a_case_that_there_is(clock: Clock) -> None:
    play = begun("ordinary", clock, "show-certificate")
    there = other_case(play.office, play.case)
    for name in ("不存在的案件", play.case.number, play.case.code):
        knock = play.attempt("merge-case", "unit-head", merged_into=name, **REASON)
        assert refused_by(knock) == {"merge.into-a-case"}, name
    accepted(play.attempt("merge-case", "unit-head", merged_into=there, **REASON), play)


def test_no_case_goes_on_in_one_that_is_gone(clock: Clock) -> None:
    play = begun("ordinary", clock, "show-certificate")
    twin = Play(play.office, *STORIES["ordinary"], clock, play.moment)
    twin.step(party=stories.party("org", 5))
    twin.do("void-case", "unit-head", **REASON)
    knock = play.attempt("merge-case", "unit-head", merged_into=twin.case.code, **REASON)
    assert refused_by(knock) == {"merge.into-a-case"}


def test_no_case_goes_on_in_another_agency_s(clock: Clock) -> None:
    play = begun("ordinary", clock, "show-certificate")
    elsewhere = Play(make_office("huantai"), *STORIES["ordinary"], clock, play.moment)
    elsewhere.step()
    knock = play.attempt("merge-case", "unit-head", merged_into=elsewhere.case.code, **REASON)
    assert refused_by(knock) == {"merge.into-a-case"}


def test_a_case_opened_by_mistake_is_voided_until_the_party_was_told(clock: Clock) -> None:
    play = begun("ordinary", clock, "show-certificate")
    assert refused_by(play.attempt("void-case", "unit-head", **REASON)) == {"void.by-head"}
    accepted(play.attempt("void-case", "agency-head", **REASON), play)
    play.until("notify-penalty")
    accepted(play.attempt("void-case", "agency-head", **REASON), play)
    play.step()
    assert refused_by(play.attempt("void-case", "agency-head", **REASON)) == {"void.nothing-issued"}
    with pytest.raises(Refused, match="已经办理"):
        play.do("void-case", "agency-head", **REASON)
    accepted(play.attempt("dismiss", "agency-head", **REASON), play)
