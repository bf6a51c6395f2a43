"""Which decisions go to legal review, and the rounds of a review: thresholds, criteria, the switch; opinion, problems, answer."""

import html
import json

import pytest

from altered import Alter, said
from api_client import Api
from knocks import fact_of, refused_everywhere, signed_in
from page_form import form_at
from play import Clock, Play, accepted, make_office
from rows import row
from sanxiang.cases.models import Paper, Review
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.law.packs import load_pack

pytestmark = pytest.mark.django_db

UNREVIEWED = ("submit-for-review", "give-opinion", "discuss", "waive-hearing")
SUMS = tuple(
    said(f"{name}.threshold.{kind}", "500000")
    for name in ("hearing", "discussion")
    for kind in ("org", "citizen")
)
"""A locality that leaves the large sums open offers a hearing for every fine; here they are set, so that other reasons show."""


def begun(office: Office, clock: Clock, fine: str, which: int = 2, **flags: bool) -> Play:
    """An ordinary case about that fine, before its first step."""
    return Play(
        office,
        "ordinary",
        stories.ordinary(fine, which=which) if not flags else flagged(fine, which, **flags),
        clock,
    )


def flagged(fine: str, which: int, **flags: bool) -> list[stories.Step]:
    """The ordinary story of a case in which these questions were answered yes at filing."""
    plain = stories.ordinary(fine, which=which)
    opened = stories.investigated(fine, ("fine",), "org", which, **flags)
    return [*opened, *plain[len(opened) :]]


def case_page(play: Play) -> str:
    """The case as its handler sees it."""
    answer = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/")
    return html.unescape(answer.content.decode())


def is_ordinary(play: Play) -> None:
    """Decided without a review, and the page says that none is due."""
    play.until("decide", without=UNREVIEWED)
    assert "没有触发应当法制审核的情形" in case_page(play)
    accepted(play.knock(), play)


def is_major(play: Play, reason: str, without: tuple[str, ...] = UNREVIEWED) -> None:
    """The decision waits for a review, the page says why; neither handler nor reviewer can declare it ordinary."""
    play.until("decide", without=without)
    answer = refused_everywhere(play.knock())
    assert "decide.reviewed" in answer.guards and reason in fact_of(answer, "decide.reviewed")
    page = case_page(play)
    assert "属于重大执法决定" in page and reason in page
    handler = refused_everywhere(play.attempt("lower-major", "officer1", lowered_major="不重大"))
    assert handler.guards == {"role"}
    nobody = refused_everywhere(play.attempt("lower-major", "legal-reviewer", lowered_major="不重大"))
    assert nobody.guards == {"lower-major.raised"}


# Scope

BOUNDARY = [
    row(
        "LZ-062",
        values=("执法层级 所属领域 涉案金额 社会影响",),
        change=('label = "社会影响"', 'label = "影响范围"'),
    ),
    row(
        "KY-064",
        values=("行政执法行为的类别 执法层级 所属领域 涉案金额",),
        change=('label = "所属领域"', 'label = "所属行业"'),
    ),
]


@pytest.mark.parametrize(("locality", "factors"), BOUNDARY)
def test_the_amount_decides_at_the_threshold(locality: str, factors: str, clock: Clock, alter: Alter) -> None:
    """One yuan below it is ordinary, at it major with the reason.

    What the law makes major nobody lowers; what somebody raised the legal organ may.
    """
    large = SUMS if locality != "kaiyuan" else ()
    alter(locality, said("review.amount_threshold", "5000"), *large)
    office = make_office(locality)
    listed = {p["key"]: p for p in Api(office.people["officer1"]).get("/scheme")["parameters"]}
    assert [one["label"] for one in listed["review.factors"]["value"]] == factors.split()
    is_ordinary(begun(office, clock, "4999"))
    is_major(begun(office, clock, "5000", 1), "拟罚款5,000元，达到本单位5,000元审核标准")
    raised = begun(office, clock, "4998", 0)
    raised.until("notify-penalty")
    raised.do("raise-major", "officer1", raised_major="社会关注")
    assert "有人提请认定为重大：社会关注" in case_page(raised)
    told = {"lowered_major": "没有争议"}
    assert "role" in refused_everywhere(raised.attempt("lower-major", "officer1", **told)).guards
    accepted(raised.attempt("lower-major", "legal-reviewer", **told), raised)


@pytest.mark.carries("HT-035", locality="huantai", change=('label = "对当事人的影响"', 'label = "影响"'))
def test_the_impact_on_the_party_makes_a_decision_major(clock: Clock, alter: Alter) -> None:
    alter("huantai", said("review.amount_threshold", "5000"), *SUMS)
    office = make_office("huantai")
    factors = load_pack("huantai").parameter("review.factors").value
    assert [one["label"] for one in factors][-2:] == ["对当事人的影响", "对社会的影响"] and len(factors) == 6
    is_ordinary(begun(office, clock, "4999"))
    is_major(begun(office, clock, "4999", 1, major_interest=True), "涉及相对人或者第三人重大权益")
    is_major(begun(office, clock, "5000", 0), "达到本单位5,000元审核标准")


@pytest.mark.carries("KY-063", locality="kaiyuan")
def test_any_of_five_situations_makes_a_decision_major(clock: Clock, alter: Alter) -> None:
    """Four are asked for at filing; the fifth, that a hearing was held, the case knows by itself and nobody takes it back."""
    alter("kaiyuan", said("review.amount_threshold", "5000"))
    office = make_office("kaiyuan")
    asked = {
        "public_interest": "涉及重大公共利益",
        "social_risk": "可能造成重大社会影响或者引发社会风险",
        "major_interest": "涉及相对人或者第三人重大权益",
        "complex": "案件情况疑难复杂、涉及多个法律关系",
    }
    for which, (question, reason) in enumerate(asked.items()):
        play = begun(office, clock, "3000", which + 3, **{question: True})
        with play.branch():
            is_major(play, reason)
    is_ordinary(begun(office, clock, "4999", 1))
    is_major(begun(office, clock, "5000", 0), "达到本单位5,000元审核标准")
    heard = Play(office, "ordinary", [*stories.investigated("4000", ("fine",), "org", 2)], clock)
    heard.steps += [*stories.notified(), *stories.heard(), *stories.executed("4000")]
    offered = {"notify_penalty": {"offer_hearing": True}}
    heard.until("hold-hearing", **offered)
    assert "没有触发应当法制审核的情形" in case_page(heard)
    is_major(heard, "直接关系当事人或者第三人重大权益，经过听证程序")


OFF, ON = 'key = "review.all_but_summary"\nvalue = false', 'key = "review.all_but_summary"\nvalue = true'
SWITCH = [
    row("DY-062", values=("encouraged",), change=('value = "encouraged"', 'value = "exploratory"')),
    row("HT-037", values=("exploratory",), change=('value = "exploratory"', 'value = "encouraged"')),
]


@pytest.mark.parametrize(("locality", "attitude"), SWITCH)
def test_all_but_summary_is_a_switch_that_is_off_until_somebody_turns_it(
    locality: str, attitude: str, clock: Clock, alter: Alter
) -> None:
    root = alter(locality, *SUMS)
    office = make_office(locality)
    assert load_pack(locality, root).parameter("review.extension").value == attitude
    is_ordinary(begun(office, clock, "300"))
    alter(locality, *SUMS, (OFF, ON), said("review.amount_threshold", "5000"))
    is_major(begun(office, clock, "300", 1), "本单位对简易程序以外的决定全部审核")
    summary = Play(office, "summary", stories.summary("300", which=0), clock)
    summary.until("decide-on-spot")
    accepted(summary.knock(), summary)
    alter(locality, *SUMS, said("review.amount_threshold", "5000"))
    is_ordinary(begun(office, clock, "4999", 3))
    is_major(begun(office, clock, "5000", 4), "达到本单位5,000元审核标准")


# Rounds


ROUNDS = [row("LZ-068"), row("DY-067"), row("LC-060"), row("KY-068", "KY-069"), row("HT-041")]


@pytest.mark.parametrize("locality", ROUNDS)
def test_a_review_goes_through_its_states_and_rounds(locality: str, clock: Clock) -> None:
    """Submitted, answered in one of two ways, problems listed and answered, submitted again; each opinion a numbered paper on file."""
    office = make_office(locality)
    play = Play(office, "ordinary", stories.hearing("90000", which=3), clock)
    play.until("submit-for-review")
    assert refused_everywhere(play.knock("give-opinion", after=0)).guards == {"review.submitted"}
    assert "decide.reviewed" in refused_everywhere(play.knock("decide", after=0)).guards
    play.step()
    assert "decide.reviewed" in refused_everywhere(play.knock("decide", after=0)).guards
    opinions = dict(play.pack.acts["give-opinion"].field("outcome").options)  # type: ignore[union-attr]
    assert opinions == {"agree": "同意", "problems": "存在问题"}
    assert refused_everywhere(play.knock(outcome=None)).guards == {"field:outcome"}
    assert refused_everywhere(play.knock(after=0, opinion=None)).guards == {"field:opinion"}
    assert refused_everywhere(play.knock(after=0, outcome="maybe")).unreadable == ("outcome",)
    unlisted(play)
    play.step(outcome="problems", problems=PROBLEMS, opinion="请补充")
    assert "decide.reviewed" in refused_everywhere(play.knock("decide", after=0)).guards
    early = play.attempt("give-opinion", "legal-reviewer", **agreed(play))
    assert "review.submitted" in refused_everywhere(early).guards
    answer_one_by_one(play)
    play.do("give-opinion", "legal-reviewer", **agreed(play))
    check_rounds(play)
    play.until("decide")
    accepted(play.knock(), play)


PROBLEMS = [
    {"element": "裁量", "problem": "没有写明计算方法"},
    {"element": "程序", "problem": "缺少送达回证"},
]
ANSWERS = [{"no": 1, "answer": "已补充计算方法"}, {"no": 2, "answer": "已归入案卷第九页"}]


def agreed(play: Play) -> dict[str, str]:
    """The second opinion."""
    return {
        "outcome": "agree",
        "opinion": "同意",
        "mode": "joint",
        "responsible": play.office.id("legal-reviewer"),
    }


def unlisted(play: Play) -> None:
    """An opinion that finds problems and lists none is refused."""
    for none in (None, []):
        answer = refused_everywhere(play.knock(after=0, outcome="problems", problems=none))
        assert answer.guards == {"field:problems"}


def answer_one_by_one(play: Play) -> None:
    """Submitted again only when each problem has an answer of its own; each one without is named."""
    told = [
        "第 1 项审核问题还没有答复（裁量：没有写明计算方法）",
        "第 2 项审核问题还没有答复（程序：缺少送达回证）",
    ]
    lacking: list[tuple[object, list[str]]] = [
        (None, told),
        ([{"no": 1}, {"no": 2}], told),
        (ANSWERS[:1], told[1:]),
        ([ANSWERS[1], {"no": 1, "answer": "　"}], told[:1]),
        ([*ANSWERS, {"no": 3, "answer": "多出的"}], ["没有第 3 项审核问题"]),
    ]
    for answers, facts in lacking:
        answer = refused_everywhere(play.attempt("submit-for-review", "officer1", answers=answers))
        assert answer.guards == {"review.answered"}
        assert fact_of(answer, "review.answered") == "；".join(facts)
    play.do("submit-for-review", "officer1", answers=ANSWERS, note="再次送审")


def check_rounds(play: Play) -> None:
    """Both rounds are on the reviewer's page, the answers on the timeline and in the next opinion, the opinions numbered."""
    reviewer = signed_in(play.person("legal-reviewer"))
    page = html.unescape(reviewer.get(f"/desk/reviews/{play.case_id}/").content.decode())
    assert "第2轮" in page and "请补充" in page and "已归入案卷第九页" in page and "缺少送达回证" in page
    timeline = html.unescape(reviewer.get(f"/desk/cases/{play.case_id}/timeline/").content.decode())
    assert "已补充计算方法" in timeline and "没有写明计算方法" in timeline
    last = Paper.objects.filter(case=play.case_id, kind="review-opinion").latest("n")
    printed = json.dumps(last.content, ensure_ascii=False)
    assert all(
        text in printed for text in ("没有写明计算方法", "已补充计算方法", "缺少送达回证", "已归入案卷第九页")
    )
    assert list(
        Review.objects.filter(case=play.case_id).order_by("round").values_list("round", "outcome")
    ) == [
        (1, "problems"),
        (2, "agree"),
    ]
    numbers = (
        Paper.objects.filter(case=play.case_id, kind="review-opinion")
        .order_by("n")
        .values_list("number", flat=True)
    )
    assert list(numbers) == [f"{play.office.agency.short}审〔2026〕{n}号" for n in (1, 2)]
    listed = case_page(play)
    assert all(number in listed for number in numbers)


def test_the_form_has_a_field_for_each_problem_and_loses_nothing(clock: Clock) -> None:
    """What was typed stands in its field after the refusal, the blank one says so, and the API tells what is asked."""
    play = Play(make_office("kaiyuan"), "ordinary", stories.hearing("90000", which=3), clock)
    play.until("give-opinion")
    play.step(outcome="problems", problems=PROBLEMS)
    play.pass_days(0)
    listed = Api(play.person("officer1")).get(f"/cases/{play.case_id}/acts")["items"]
    asked = {act["id"]: act for act in listed}
    schema = asked["submit-for-review"]["schema"]["properties"]["answers"]
    assert schema["x-asked"] == {"1": "裁量：没有写明计算方法", "2": "程序：缺少送达回证"}
    client, address = (
        signed_in(play.person("officer1")),
        f"/desk/cases/{play.case_id}/acts/submit-for-review/",
    )
    page = html.unescape(client.get(address).content.decode())
    assert "第 1 项　裁量：没有写明计算方法" in page and "第 2 项　程序：缺少送达回证" in page
    form = form_at(client, address)
    form.values["answers-2-answer"] = ["已归入案卷第九页"]
    refused = client.post(address, form.values)
    assert refused.status_code == 422
    again = html.unescape(refused.content.decode())
    assert "已归入案卷第九页" in again and again.count("没有填写“处理情况”") == 1
    assert "第 1 项审核问题还没有答复" in again and "第 2 项审核问题还没有答复" not in again
    form.values["answers-1-answer"] = ["已补充计算方法"]
    assert client.post(address, form.values).status_code == 302
    assert [one["answer"] for one in play.case.state["review"]["answers"]] == [
        "已补充计算方法",
        "已归入案卷第九页",
    ]
    play.do("draft-decision", "officer1", decision={**play.case.state["facts"]["decision"], "fine": "85000"})
    play.do("submit-for-review", "officer1")
    assert len(play.case.state["review"]["answers"]) == 2, "overtaken before anybody looked at it"


@pytest.mark.carries("KY-073", locality="kaiyuan")
def test_an_opinion_says_how_it_was_made_and_who_answers_for_it(clock: Clock) -> None:
    """Without mode or responsible reviewer refused, in every way; both stand on the timeline and in the paper."""
    play = Play(make_office("kaiyuan"), "ordinary", stories.hearing("90000", which=3), clock)
    play.until("give-opinion")
    play.pass_days(1)
    form = form_at(signed_in(play.person("legal-reviewer")), f"/desk/cases/{play.case_id}/acts/give-opinion/")
    assert form.values["responsible"] == [play.office.id("legal-reviewer")]
    assert [c.value for c in form.choices["mode"]] == ["written", "joint"]
    assert refused_everywhere(play.knock(after=0, mode=None)).guards == {"review.mode"}
    assert refused_everywhere(play.knock(after=0, responsible=None)).guards == {"review.responsible"}
    neither = refused_everywhere(play.knock(after=0, mode=None, responsible=None))
    assert neither.guards == {"review.mode", "review.responsible"}
    assert refused_everywhere(play.knock(after=0, mode="by-phone")).unreadable == ("mode",)
    handler = play.office.id("officer2")
    assert refused_everywhere(play.knock(after=0, responsible=handler)).guards == {
        "review.responsible-uninvolved"
    }
    unlisted(play)
    play.step(mode="joint", outcome="problems", problems=PROBLEMS, opinion="请补充")
    name = play.person("legal-reviewer").name
    reviewer = signed_in(play.person("legal-reviewer"))
    timeline = html.unescape(reviewer.get(f"/desk/cases/{play.case_id}/timeline/").content.decode())
    paper = Paper.objects.get(case=play.case_id, kind="review-opinion")
    for text in (timeline, json.dumps(paper.content, ensure_ascii=False)):
        assert "审核方式" in text and "会审" in text and "审核责任人" in text and name in text
    answer_one_by_one(play)
    play.do("give-opinion", "legal-reviewer", **agreed(play))
    check_rounds(play)


@pytest.mark.parametrize("locality", ["laizhou", "dongying", "lingchuan"])
def test_elsewhere_the_mode_is_an_option(locality: str, clock: Clock) -> None:
    play = Play(make_office(locality), "ordinary", stories.hearing("90000", which=3), clock)
    play.until("give-opinion")
    accepted(play.knock(mode=None, responsible=None), play)
