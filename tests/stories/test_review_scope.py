"""Which decisions go to legal review, and the rounds of a review: thresholds, criteria, the switch; opinion, problems, answer."""

import html

import pytest

from altered import Alter, said
from api_client import Api
from knocks import fact_of, refused_everywhere, signed_in
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
    assert {"role", "lower-major.uninvolved"} <= handler.guards
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
    problems = [{"element": "裁量", "problem": "没有写明计算方法"}]
    for none in (None, []):
        assert refused_everywhere(play.knock(after=0, outcome="problems", problems=none)).guards == {
            "field:problems"
        }
    play.step(outcome="problems", problems=problems, opinion="请补充")
    assert "decide.reviewed" in refused_everywhere(play.knock("decide", after=0)).guards
    assert (
        "review.submitted"
        in refused_everywhere(
            play.attempt("give-opinion", "legal-reviewer", outcome="agree", opinion="同意")
        ).guards
    )
    again = {"note": "再次送审"}
    assert refused_everywhere(play.attempt("submit-for-review", "officer1", **again)).guards == {
        "field:answer"
    }
    play.do("submit-for-review", "officer1", answer="已补充计算方法", **again)
    play.do("give-opinion", "legal-reviewer", outcome="agree", opinion="同意")
    check_rounds(play)
    play.until("decide")
    accepted(play.knock(), play)


def check_rounds(play: Play) -> None:
    """Both rounds are on the reviewer's page, the answer on the timeline, both opinions numbered one after the other."""
    reviewer = signed_in(play.person("legal-reviewer"))
    page = html.unescape(reviewer.get(f"/desk/reviews/{play.case_id}/").content.decode())
    assert "第2轮" in page and "请补充" in page
    timeline = html.unescape(reviewer.get(f"/desk/cases/{play.case_id}/timeline/").content.decode())
    assert "已补充计算方法" in timeline and "没有写明计算方法" in timeline
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
