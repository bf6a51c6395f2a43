"""法制审核目录清单: what an agency's lacks by its scheme, and the decisions that its entries make major."""

import html
from datetime import date, timedelta
from typing import Any

import pytest

from altered import Alter, said
from api_client import Api
from clockwork import MORNING
from knocks import fact_of, refused_everywhere, signed_in
from page_form import form_at, send, words
from play import Clock, Play, accepted, make_office
from rows import row
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer

pytestmark = pytest.mark.django_db

EMPTY = "还没有有效的《"
FAULT, INFO = "没有落实的要求", "供参考"
UNREVIEWED = ("submit-for-review", "give-opinion", "discuss", "waive-hearing")
OPEN = tuple(
    said(f"{name}.threshold.{kind}", "500000")
    for name in ("hearing", "discussion")
    for kind in ("org", "citizen")
)
"""A locality that leaves the large sums open offers a hearing for every fine; here they are set, so that other reasons show."""


def release(office: Office, kind: str, rows: list[dict[str, str]], day: date | None = None) -> None:
    """A new version of a list, in force since some days before the story."""
    told = {
        "kind": kind,
        "in_force_from": (day or MORNING.date() - timedelta(days=9)).isoformat(),
        "rows": rows,
    }
    administer("release-register", office.agency, None, told)


def lists(office: Office, who: str = "legal-reviewer") -> str:
    """The page of lists as somebody of the office reads it."""
    return html.unescape(signed_in(office.people[who]).get("/desk/registers/").content.decode())


def entry(name: str, kind: str, sum_from: str = "") -> dict[str, str]:
    """A line of a catalogue."""
    return {"事项名称": name, "执法类别": kind, "涉案金额": sum_from}


def story(office: Office, clock: Clock, fine: str, which: int) -> Play:
    """An ordinary case about that fine, played up to its decision with no review."""
    play = Play(office, "ordinary", stories.ordinary(fine, which=which), clock)
    clock.now = play.moment
    play.until("decide", without=UNREVIEWED, file={"item": "行政处罚事项"})
    return play


def at_the_threshold(office: Office, clock: Clock) -> None:
    """A yuan below the sum that the operator set is ordinary, at it major with the reason; the handler cannot take it back."""
    play = story(office, clock, "4999", 4)
    accepted(play.knock(), play)
    major(story(office, clock, "5000", 1), "拟罚款5,000元，达到本单位5,000元审核标准")


def major(play: Play, reason: str) -> None:
    """Refused for want of a review, with the reason on page and in refusal; nobody lowers it."""
    answer = refused_everywhere(play.knock())
    assert "decide.reviewed" in answer.guards and reason in fact_of(answer, "decide.reviewed")
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/").content.decode()
    assert "属于重大执法决定" in html.unescape(page) and reason in html.unescape(page)
    assert (
        "role" in refused_everywhere(play.attempt("lower-major", "officer1", lowered_major="不重大")).guards
    )


@pytest.mark.carries(
    "LC-055", locality="lingchuan", change=('mandatory"\nvalue = true', 'mandatory"\nvalue = false')
)
def test_without_a_catalogue_a_duty_is_not_done_and_its_entries_open_the_gate(
    clock: Clock, alter: Alter
) -> None:
    """A fault until there is one; an entry that names the item makes the decision major, from its sum if it names one."""
    alter("lingchuan", said("review.amount_threshold", "5000"), *OPEN)
    office = make_office("lingchuan")
    before = lists(office)
    assert FAULT in before and f"{EMPTY}重大执法决定法制审核目录清单》" in before and "二（三）3" in before
    assert "只要求探索" not in before
    cause = str(stories.ordinary("3000", which=3)[0].data(office, None)["cause"])
    dear = str(stories.ordinary("3000", which=2)[0].data(office, None)["cause"])
    release(office, "review-catalogue", [entry(cause, "行政处罚"), entry(dear, "行政处罚", "4000元以上")])
    after = lists(office)
    assert f"{EMPTY}重大" not in after and "行政许可" in after and "没有列入" in after
    play = story(office, clock, "3000", 3)
    major(play, f"列入法制审核目录清单：{cause}")
    play = Play(office, "ordinary", stories.ordinary("3999", which=2), clock)
    with play.branch():
        play.until("decide", without=UNREVIEWED)
        accepted(play.knock(), play)
    play.steps = stories.ordinary("4000", which=2)
    play.until("decide", without=UNREVIEWED)
    major(play, f"{dear}，拟罚款4,000元，达到目录所列4,000元")
    at_the_threshold(office, clock)


@pytest.mark.carries(
    "HT-036", locality="huantai", change=('mandatory"\nvalue = false', 'mandatory"\nvalue = true')
)
def test_where_a_catalogue_is_explored_its_want_is_no_fault(clock: Clock, alter: Alter) -> None:
    """The same empty list: worth knowing in 桓台, a duty not done in 东营区."""
    alter("huantai", said("review.amount_threshold", "5000"), *OPEN)
    office = make_office("huantai")
    assert EMPTY in lists(office) and INFO in lists(office) and FAULT not in lists(office)
    other = make_office("dongying")
    assert EMPTY in lists(other) and FAULT in lists(other) and INFO not in lists(other)
    at_the_threshold(office, clock)


@pytest.mark.carries("DY-061", locality="dongying")
def test_a_catalogue_covers_every_kind_of_act_that_the_agency_exercises(clock: Clock, alter: Alter) -> None:
    """Four kinds in the list of items, three in the catalogue: the missing one is named; a line that says none, with why, will do."""
    alter("dongying", said("review.amount_threshold", "5000"), *OPEN)
    office = make_office("dongying")
    kinds = ["行政许可", "行政处罚", "行政强制", "行政检查"]
    release(office, "items", [{"事项名称": f"{kind}事项", "事项类型": kind} for kind in kinds])
    whole = dict.fromkeys(("全程记录的现场执法活动", "全程记录的执法场所"), "无")
    release(office, "av-items", [{"执法环节": "现场检查", "记录方式": "录像", **whole}])
    told: list[dict[str, Any]] = [entry(f"重大{kind}", kind) for kind in kinds[:3]]
    release(office, "review-catalogue", told)
    page = lists(office)
    assert FAULT in page and "没有列入：行政检查；" in page and "二（三）3" in page
    release(office, "review-catalogue", [*told, entry("无（日常检查不涉及重大权益）", "行政检查")])
    assert FAULT not in lists(office) and "没有列入" not in lists(office)
    at_the_threshold(office, clock)


FACTORS = [
    row(
        "DY-060",
        values=("执法类别 执法层级 所属领域 涉案金额 社会影响",),
        change=('"社会影响"', '"影响范围"'),
    ),
    row("LC-054", values=("执法层级 所属领域 涉案金额",), change=('"所属领域"', '"所属行业"')),
]


@pytest.mark.parametrize(("locality", "factors"), FACTORS)
def test_a_catalogue_is_drawn_up_by_the_factors_of_the_scheme(
    locality: str, factors: str, clock: Clock, alter: Alter
) -> None:
    """The form asks for each factor and no other; an entry filled in there opens the gate from the sum it names."""
    alter(locality, said("review.amount_threshold", "5000"), *OPEN)
    office = make_office(locality)
    reviewer, cause = office.people["legal-reviewer"], stories.ordinary("4000", which=2)[0].data(office, None)
    listed = {p["key"]: p["value"] for p in Api(reviewer).get("/scheme")["parameters"]}
    assert [one["label"] for one in listed["review.factors"]] == factors.split()
    desk = signed_in(reviewer)
    form = form_at(
        desk, f"/desk/admin/acts/release-register/?agency={office.agency.pk}&kind=review-catalogue"
    )
    asked = [name.removeprefix("rows-0-") for name in form.values if name.startswith("rows-0-")]
    assert asked == list(dict.fromkeys(("事项名称", "执法类别", *factors.split())))
    told = {"事项名称": str(cause["cause"]), "执法类别": "行政处罚", "涉案金额": "4000元以上"}
    for name in asked:
        form.put(f"rows-0-{name}", told.get(name, f"{name}按方案"))
    form.put("in_force_from", (MORNING.date() - timedelta(days=9)).isoformat())
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    play = Play(office, "ordinary", stories.ordinary("3999", which=2), clock)
    with play.branch():
        play.until("decide", without=UNREVIEWED, file={"item": "行政处罚事项"})
        accepted(play.knock(), play)
    play.steps = stories.ordinary("4000", which=2)
    play.until("decide", without=UNREVIEWED, file={"item": "行政处罚事项"})
    major(play, f"{cause['cause']}，拟罚款4,000元，达到目录所列4,000元")
    at_the_threshold(office, clock)
