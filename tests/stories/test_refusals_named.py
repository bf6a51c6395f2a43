"""The refusals that everybody asks about first, each with its other side: what is just lawful goes through."""

from dataclasses import replace
from datetime import timedelta

import pytest

from knocks import WAYS, fact_of, form_of, refused_everywhere, signed_in
from play import LOCALITIES, Clock, Play, accepted, make_office
from sanxiang.demo import stories
from sanxiang.door.models import Refusal, Task
from sanxiang.door.perform import perform
from sanxiang.law.identifiers import org_check, uscc_check
from sanxiang.ledger.models import Act
from sanxiang.speech import cn_day
from side_stories import BOOK, REASON
from spoiling import change_certificates, make_reviewer, yesterday

pytestmark = pytest.mark.django_db


HEAD = "91110000" + "MA000000" + org_check("MA000000")
FIRM = HEAD + uscc_check(HEAD)


def play_of(story: str, clock: Clock, locality: str = "kaiyuan", until: str = "") -> Play:
    """A story of the book, played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office(locality), procedure, steps, clock)
    if until:
        play.until(until)
    return play


def test_one_officer(clock: Clock) -> None:
    play = play_of("summary", clock)
    alone = refused_everywhere(play.knock(officers=[play.office.id("officer1")]))
    assert alone.guards == {"two-officers"}
    assert fact_of(alone, "two-officers") == "在场执法人员 1 人，不得少于 2 人"
    twice = refused_everywhere(play.knock(officers=[play.office.id("officer1")] * 2))
    assert twice.guards == {"two-officers"}, "the same officer named twice is one"
    accepted(play.knock(), play)


def test_a_party_without_an_address(clock: Clock) -> None:
    """What the form of the decision does not ask for is mended elsewhere, and the refusal says where."""
    play = play_of("summary", clock)
    play.step(party={"kind": "org", "name": "云溪长乐餐饮有限公司"})
    play.until("decide-on-spot")
    answer = refused_everywhere(play.knock())
    assert fact_of(answer, "summary.items") == "决定书缺少：当事人的地址", "the name is there"
    (cure,) = {cure for _, _, fact, cure in answer.refused if "地址" in fact}
    assert cure == "用“更正案件和当事人信息”补齐当事人的地址"


def test_expired_certificate(clock: Clock) -> None:
    play = play_of("summary", clock, until="inspect")
    knock = play.knock()
    with play.branch():
        change_certificates(play, "officer2", valid_until=play.moment.date())
        accepted(knock, play)
    change_certificates(play, "officer2", valid_until=yesterday(play))
    answer = refused_everywhere(knock)
    assert answer.guards == {"officers-certified"}
    assert f"已于{cn_day(yesterday(play))}到期" in fact_of(answer, "officers-certified")


@pytest.mark.parametrize("locality", LOCALITIES)
def test_decision_within_the_hearing_period(locality: str, clock: Clock) -> None:
    """Told on Thursday 2026-03-19: the five working days end on the 26th; the 25th is the fourth, the 27th lawful."""
    play = play_of("hearing", clock, locality, "request-hearing")
    play.do("waive-defence", "officer1", waiver="没有意见")
    hearing = ("request-hearing", "notify-hearing", "serve", "hold-hearing", "report-hearing")
    play.until("decide", without=hearing)
    for day in (25, 26):
        play.at(play.moment.replace(day=day))
        answer = refused_everywhere(play.knock(after=0))
        assert answer.guards == {"decide.hearing"}
        told = f"自2026年3月19日起 5 个工作日，到2026年3月26日届满，2026年3月{day}日尚未届满"
        assert told in fact_of(answer, "decide.hearing")
    play.at(play.moment.replace(day=27))
    accepted(play.knock(after=0), play)


def test_back_dating_does_not_shorten_the_period(clock: Clock) -> None:
    """Neither the day of the notice nor that of its service can be written as earlier than it was."""
    play = play_of("hearing", clock, until="notify-penalty")
    early = (play.moment - timedelta(days=10)).date().isoformat()
    assert refused_everywhere(play.knock(on=early)).guards == {"today-only"}
    play.until("serve")
    assert refused_everywhere(play.knock(served_on=early)).guards == {"serve.day"}
    assert refused_everywhere(play.knock(on=early)).guards == {"serve.day", "in-order"}


MAJOR = [
    pytest.param("laizhou", marks=pytest.mark.carries("LZ-055", locality="laizhou")),
    pytest.param("lingchuan", marks=pytest.mark.carries("LC-049", locality="lingchuan")),
    pytest.param("kaiyuan", marks=pytest.mark.carries("KY-057", locality="kaiyuan")),
    pytest.param("huantai", marks=pytest.mark.carries("HT-030", locality="huantai")),
    "dongying",
]


@pytest.mark.parametrize("locality", MAJOR)
def test_major_decision_needs_its_review(locality: str, clock: Clock) -> None:
    """Unreviewed, unanswered, failed, altered after it passed: all refused and kept; unaltered and passed: signed."""
    play = play_of("hearing", clock, locality, "submit-for-review")
    with play.branch():
        play.until("decide", without=("submit-for-review", "give-opinion"))
        assert "没有经过法制审核" in unreviewed(play)
    with play.branch():
        play.until("decide", without=("give-opinion",))
        assert "还没有意见" in unreviewed(play)
    with play.branch():
        play.until("give-opinion")
        play.step(outcome="problems", problems=[{"element": "裁量", "problem": "过重"}])
        play.until("decide")
        assert "存在问题" in unreviewed(play)
    play.until("discuss")
    changed_after_review(play)
    play.until("decide")
    accepted(play.knock(), play)


def unreviewed(play: Play) -> str:
    """The decision is refused for its review alone, by every way and by the door itself; what was said of it."""
    answer = refused_everywhere(play.knock())
    assert answer.guards == {"decide.reviewed"}
    return fact_of(answer, "decide.reviewed")


def changed_after_review(play: Play) -> None:
    """An edited draft, another piece of evidence: the opinion is void, and the refusal names what changed and by which act."""
    piece = {
        "officers": stories.two(play.office),
        "kind": "documentary",
        "title": "新证据",
        "proves": "水量",
        "source_of": "当事人提供",
    }
    draft = play.case.state["facts"]["decision"] | {"discretion": "适用从重档次。"}
    for act, data, part in (
        ("draft-decision", {"decision": draft}, "决定草案"),
        ("add-evidence", piece, "证据清单"),
    ):
        with play.branch():
            done = play.do(act, "officer1", **data)
            play.until("decide")
            fact = unreviewed(play)
            assert part in fact and done.act.label in fact and cn_day(done.act.on) in fact and "失效" in fact
            play.position -= 1
            again = [stories.reviewed(), stories.discussed()]
            play.steps = [
                *play.steps[: play.position],
                *again[0],
                *again[1],
                *play.steps[play.position + 1 :],
            ]
            play.until("decide")
            accepted(play.knock(), play)


def test_reviewer_has_not_handled_the_case(clock: Clock) -> None:
    play = play_of("hearing", clock, until="give-opinion")
    make_reviewer(play, "officer1")
    make_reviewer(play, "officer3")
    assert refused_everywhere(play.knock(who="officer1")).guards == {"review.uninvolved"}
    accepted(play.knock(who="officer3"), play)
    others = [play.office.id("officer2"), play.office.id("officer3")]
    play.do("assign-officers", "unit-head", officers=others, handed_over="案卷一册", **REASON)
    assert refused_everywhere(play.knock(who="officer1")).guards == {"review.uninvolved"}, (
        "former handlers too"
    )
    assert refused_everywhere(play.knock(who="officer3")).guards == {"review.uninvolved"}


@pytest.mark.parametrize(("kind", "most"), [("citizen", 200), ("org", 3000)])
def test_fine_on_the_spot(kind: str, most: int, clock: Clock) -> None:
    steps = stories.summary("100", kind)
    play = Play(make_office("laizhou"), "summary", steps, clock)
    play.until("decide-on-spot")
    play.do("tell-on-spot", "officer1", **stories.told_on_spot(play.office, str(most + 1), 0))
    answer = refused_everywhere(play.knock(decision=stories.penalty(str(most + 1))))
    assert answer.guards == {"summary.amount"}
    assert f"罚款{most + 1:,}元，当场处罚不得超过{most:,}元" in fact_of(answer, "summary.amount")
    accepted(play.knock(decision=stories.penalty(str(most))), play)


def test_no_second_decision(clock: Clock) -> None:
    """Neither in the same case, nor by a second case about the same act of the same party (一事不再罚)."""
    play = play_of("ordinary", clock, until="decide")
    twin = play.other()
    twin.until("file")
    answer = refused_everywhere(twin.knock())
    assert answer.guards == {"file.no-duplicate"}
    assert play.case.number in fact_of(answer, "file.no-duplicate")
    play.step()
    again = refused_everywhere(play.attempt("decide", "agency-head", opinion="再作一次"))
    assert {"decide.once", "stage"} == again.guards
    for act in ("decide-no-penalty", "dismiss", "transfer-agency"):
        assert "decide.once" in refused_everywhere(play.attempt(act, "agency-head", **REASON)).guards


def test_no_heavier_penalty_after_the_defence(clock: Clock) -> None:
    play = play_of("contested", clock, until="notify-penalty/2")
    answer = refused_everywhere(play.knock(new_facts=None))
    assert answer.guards == {"notice.not-heavier"}
    assert "罚款由90,000元增至95,000元，没有新的事实" in fact_of(answer, "notice.not-heavier")
    accepted(play.knock(), play)
    with play.branch():
        play.do("draft-decision", "officer1", decision=stories.penalty("80000"))
        accepted(play.knock(new_facts=None), play)
    straight = [s for s in play.steps if s.act in ("submit-for-review", "give-opinion", "discuss", "decide")]
    play.steps = [*play.steps[: play.position], *straight]
    play.until("decide")
    assert "decide.told" in refused_everywhere(play.knock()).guards, "decided heavier than told"


def test_the_standing_questions(clock: Clock) -> None:
    """Who, where in the procedure, when, how often, and blanks: asked of every act."""
    play = play_of("ordinary", clock, until="conclude-investigation")
    assert refused_everywhere(play.knock(who="archivist")).guards == {"role"}
    assert refused_everywhere(play.knock("decide")).guards >= {"stage"}
    tomorrow = (play.moment + timedelta(days=1)).date().isoformat()
    assert refused_everywhere(play.knock(after=0, on=tomorrow)).guards == {"not-in-future"}
    assert refused_everywhere(play.knock(after=0, report=None)).guards == {"field:report"}
    play.until("decide")
    early = yesterday(play).isoformat()
    assert refused_everywhere(play.knock(after=0, on=early)).guards == {"today-only"}


def test_what_cannot_be_read_is_no_refusal(clock: Clock) -> None:
    """Bad input is answered field by field, nothing is judged, nothing is written or kept."""
    play = play_of("ordinary", clock, until="conclude-investigation")
    answer = refused_everywhere(play.knock(on="2026-02-30"))
    assert answer.unreadable == ("on",) and not Refusal.objects.exists()
    answer = refused_everywhere(play.knock(report="长" * 20001))
    assert answer.unreadable == ("report",) and not Refusal.objects.exists()


def test_an_act_recorded_late_is_marked(clock: Clock) -> None:
    """Entered today, done three days ago: lawful, and marked as such on the timeline."""
    play = play_of("ordinary", clock, until="interview")
    play.pass_days(5)
    day = (play.moment - timedelta(days=3)).date()
    told = {"began": f"{day}T09:00", "ended": f"{day}T10:00", "on": day.isoformat()}
    for name, way in WAYS.items():
        with play.branch():
            assert way(play.knock(after=0, **told)).done, name
            act = Act.objects.get(subject=play.case_id, name="interview")
            assert act.back_dated and act.on == day.isoformat()
            page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/timeline/")
            assert "补录" in page.content.decode()


def test_nothing_typed_is_lost_on_a_refusal(clock: Clock) -> None:
    play = play_of("ordinary", clock, until="interview")
    knock = play.knock(officers=[play.office.id("officer2")], record="问：<b>几时</b>开始？答：三月。")
    page = signed_in(knock.by).post(
        f"/desk/cases/{knock.case}/acts/interview/", form_of(knock.rule, knock.data)
    )
    text = page.content.decode()
    assert page.status_code == 422 and "问：&lt;b&gt;几时&lt;/b&gt;开始？答：三月。" in text
    assert not Task.objects.filter(case=knock.case, closed_n=None).exclude(kind="investigate").exists()


def test_the_door_alone_refuses_too(clock: Clock) -> None:
    """A shell that calls the door has no other way in."""
    play = play_of("hearing", clock, until="submit-for-review")
    play.until("decide", without=("submit-for-review", "give-opinion"))
    knock = play.knock()
    with pytest.raises(Exception, match="没有经过法制审核"):
        perform("decide", play.case_id, knock.by, knock.data, channel="shell")
    assert Refusal.objects.get().channel == "shell"


def test_one_deed_is_fined_once(clock: Clock) -> None:
    """A fine in force for the same cause on the same days bars another one; an older deed, a reason given, a revocation do not."""
    play = play_of("summary", clock, until="decide-on-spot")
    with play.branch():
        twin = play.other()
        twin.until("serve-on-spot")
        answer = refused_everywhere(play.knock())
        assert answer.guards == {"fined-once"}
        assert twin.case.title in fact_of(answer, "fined-once")
        with play.branch():
            told = {
                name: play.case.state["facts"][name]
                for name in ("party", "cause", "occurred_on", "occurred_at")
            }
            play.do("amend", "officer1", **told, separate_act="上午、下午两处地点", **REASON)
            accepted(play.knock(), play)
        twin.until("prepare-publication")
        twin.do(
            "revoke-decision", "agency-head", revoked_how="revoked", revoked_by="县政府复决 1 号", **REASON
        )
        accepted(play.knock(), play)
    for deed, barred in (
        ({"occurred_on": "2026-02-09"}, False),
        ({"occurred_on": "2026-02-09", "occurred_until": "2026-02-10"}, True),
        ({"occurred_on": "2026-02-09", "continuing": True}, True),
        ({"cause": "另一违法行为"}, False),
    ):
        with play.branch():
            assert play.case.state["facts"]["occurred_on"] == "2026-02-10"
            play.other().until("serve-on-spot", start_summary=deed)
            if barred:
                assert refused_everywhere(play.knock()).guards == {"fined-once"}
            else:
                accepted(play.knock(), play)


@pytest.mark.parametrize(
    ("name", "code", "barred"),
    [
        ("云溪清源有限责任公司", FIRM, True),
        ("云溪清源有限公司", "", True),
        ("云溪清源有限责任公司", "", False),
    ],
)
def test_a_firm_is_itself_however_it_is_spelled(name: str, code: str, barred: bool, clock: Clock) -> None:
    """By its code, or by its name where a record has no code; two spellings without a code are not guessed to be one."""
    firm = {"kind": "org", "address": "云溪县清江路1号", "legal_rep": "陆一舟"}
    play = play_of("summary", clock)
    play.until("decide-on-spot", start_summary={"party": {**firm, "name": "云溪清源有限公司", "code": FIRM}})
    play.other().until("serve-on-spot", start_summary={"party": {**firm, "name": name, "code": code}})
    if barred:
        assert refused_everywhere(play.knock()).guards == {"fined-once"}
    else:
        accepted(play.knock(), play)


def test_another_agency_of_the_county_has_fined_already(clock: Clock) -> None:
    play = play_of("summary", clock, until="decide-on-spot")
    twin = replace(play.other(), office=replace(make_office("huantai"), remit=play.office.remit))
    twin.until("serve-on-spot")
    accepted(play.knock(), play)
    agency = twin.office.agency
    agency.refresh_from_db()
    agency.parent, agency.n = play.office.agency.parent, agency.n + 1
    agency.save()
    answer = refused_everywhere(play.knock())
    assert answer.guards == {"fined-once"} and agency.name in fact_of(answer, "fined-once")
