"""What 行政强制法 forbids is refused, under its article: what may be seized, for how long, at which hour, and what must go before."""

from collections.abc import Mapping
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest

from knocks import WAYS, Answer, fact_of, signed_in
from play import CHINA, Clock, Play, make_office, play_of
from sanxiang.demo import coercion
from sanxiang.demo.stories import later
from sanxiang.door.alerts import urgency
from sanxiang.door.gather import calendar
from sanxiang.door.models import Task
from sanxiang.law.clocks import due_of
from sanxiang.law.packs import load_pack

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def begun(locality: str, story: str, clock: Clock, until: str) -> Play:
    """The story, up to just before that act."""
    play = play_of(make_office(locality), story, clock, book=coercion.STORIES)
    play.until(until)
    return play


def tried(play: Play, act: str = "", after: int | None = None, **changes: Any) -> Answer:
    """What the API says to the next step of that act, with some of its data changed; forgotten afterwards."""
    with play.branch():
        return WAYS["api"](play.knock(act, after=after, **changes))


def refuses(
    play: Play, guard: str, article: str, act: str = "", after: int | None = None, **changes: Any
) -> str:
    """The fact that a rule names in refusing, under that article of 行政强制法."""
    answer = tried(play, act, after, **changes)
    assert not answer.done and guard in answer.guards, answer
    assert f"《行政强制法》{article}" in [cite for name, cite, _, _ in answer.refused if name == guard]
    return fact_of(answer, guard)


def plan(play: Play, **changes: Any) -> dict[str, Any]:
    """The draft of the next step, changed."""
    return {"decision": {**play.data_of(play.next(), play.moment)["decision"], **changes}}


ITEM = {"name": "电饭锅", "quantity": "一个"}


def test_a_measure_reaches_what_is_involved_and_no_further(clock: Clock) -> None:
    play = begun("dongying", "measure", clock, "propose-measure")
    refuses(play, "measure.empowered", "第十条", **plan(play, basis_level="other"))
    refuses(play, "measure.empowered", "第十条", **plan(play, measure="freeze", basis_level="local"))
    assert "31日" in refuses(play, "measure.days", "第二十五条", **plan(play, days=31))
    assert tried(play, **plan(play, days=31, days_basis="《演示法》第九条")).done
    assert "1 人" in refuses(play, "coercion.staffed", "第十七条", officers=[play.office.id("officer1")])
    unlicensed = [play.office.id(who) for who in ("officer1", "unlicensed")]
    refuses(play, "coercion.certified", "第十七条", officers=unlicensed)
    play.until("take-measure")
    for use, said in (
        ("necessity", "生活必需品"),
        ("unrelated", "与违法行为无关"),
        ("sealed", "已被其他国家机关"),
    ):
        assert said in refuses(play, "measure.only-involved", "第二十三条", items=[{**ITEM, "use": use}])
    refuses(play, "measure.as-approved", "第十八条", taken="seize")
    refuses(play, "measure.listed", "第二十四条", items=None)
    refuses(play, "measure.witnessed", "第十八条", signed="absent")
    assert tried(play).done


def test_its_period_ends_and_nothing_is_held_beyond_it(clock: Clock) -> None:
    play = begun("kaiyuan", "measure", clock, "extend-measure")
    clockwork = play.case.state["clocks"]["measure-period"]
    assert [row["reason"] for row in clockwork["excluded"]] == [TESTING]
    assert clockwork["excluded"][0]["to"] == "2026-03-10"  # told until the 11th, over a day sooner
    refuses(play, "extend.measure-days", "第二十五条", more_days=31)
    refuses(play, "extend.measure-in-time", "第二十五条", after=40)
    play.step()
    again = WAYS["api"](play.attempt("extend-measure", "agency-head", more_days=5, reason="仍然复杂"))
    assert again.guards == {"once"}
    refuses(play, "close.measure-over", "第二十八条", act="close-coercion", after=0)
    refuses(play, "release.expired", "第二十八条", act="release-measure", release_ground="expired")
    with play.branch():
        play.pass_days(60)
        assert overdue(play) >= {"end-measure"}
        assert tried(play, "release-measure", 0, release_ground="expired").done


TESTING = "检测、检验、检疫或者技术鉴定期间"


def overdue(play: Play) -> set[str]:
    """Kinds of the case's open tasks whose last day is over."""
    open_ = Task.objects.filter(case=play.case, closed_n=None)
    return {task.kind for task in open_ if urgency(task, calendar(), play.moment.date()) == "late"}


def test_an_emergency_is_reported_within_the_day_and_lifted_where_the_head_disagrees(clock: Clock) -> None:
    play = begun("huantai", "urgent", clock, "approve-late")
    refuses(play, "late.approved", "第十九条", act="extend-measure", after=0)
    clock_ = play.case.state["clocks"]["urgent-report"]
    due = due_of(clock_, play.pack.limits["urgent-report"], play.pack, calendar())
    assert due and due.at and (due.at - datetime.fromisoformat(clock_["start"])).total_seconds() == 24 * 3600
    with play.branch():
        play.pass_days(2)
        assert "approve-late" in overdue(play)
    play.do("refuse-late", "agency-head", reason="责令停止即可制止")
    refuses(play, "late.not-refused", "第十九条", act="extend-measure", after=0)
    assert tried(play, "release-measure", 0, release_ground="head").done


def test_money_is_frozen_by_statute_in_measure_and_the_party_is_told_in_three_days(clock: Clock) -> None:
    play = begun("lingchuan", "freeze", clock, "freeze-funds")
    refuses(play, "freeze.fitting", "第二十九条", frozen="50000.01")
    refuses(play, "freeze.once", "第二十九条", frozen_before="yes")
    play.step()
    with play.branch():
        play.pass_days(4)
        assert "serve" in overdue(play)


HOURS = (
    ((2026, 5, 1, 10, 40), "劳动节"),
    ((2026, 4, 28, 22, 40), "夜间"),
    ((2026, 4, 29, 5, 40), "夜间"),
    ((2026, 5, 9, 10, 40), ""),  # a Saturday that is worked
    ((2026, 5, 16, 10, 40), ""),  # an ordinary one
)


def test_nothing_is_pulled_down_at_night_or_on_a_holiday(clock: Clock) -> None:
    play = begun("kaiyuan", "demolition", clock, "carry-out-execution")
    urgent: dict[str, Any] = {"urgent": True, "urgent_reason": "堤防出现险情"}
    for at, said in HOURS:
        with play.branch():
            play.at(datetime(*at, tzinfo=CHINA))
            if said:
                assert said in refuses(play, "execution.lawful-hour", "第四十三条", after=0)
            assert tried(play, after=0, **(urgent if said else {})).done


def test_a_building_falls_only_after_every_period_and_nobody_loses_water_or_power(clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), "demolition", clock, book=coercion.STORIES)
    with play.branch():
        play.step(served_on="2026-01-05", base_on="2026-01-04", duty_until="2026-01-20")
        play.until("carry-out-execution")
        fact = refuses(play, "demolition.ready", "第四十四条")
        assert "提起行政诉讼到2026年7月6日，尚未届满" in fact
    play.until("draft-execution")
    play.pass_days(12)
    for changes in ({"supply": "residents"}, {"content": "停水停电后拆除"}):
        refuses(play, "execution.no-cutting-off", "第四十三条", after=0, **plan(play, **changes))
    refuses(play, "execution.empowered", "第十三条", after=0, **plan(play, basis_level="regulation"))
    holiday = plan(play, execute_at="2026-10-01T09:30")
    assert "国庆节" in refuses(play, "execution.planned-hour", "第四十三条", after=0, **holiday)
    refuses(play, "execution.urged", "第三十七条", **late(play))
    play.until("carry-out-execution", without=("announce-demolition",))
    assert "没有公告" in refuses(play, "demolition.ready", "第四十四条")


def late(play: Play) -> Mapping[str, Any]:
    """The day before the urging's own time is over."""
    play.at(datetime(2026, 3, 13, 9, 0, tzinfo=CHINA))
    return {"after": 0}


def test_three_working_days_lie_between_the_last_urging_and_the_work(clock: Clock) -> None:
    play = begun("huantai", "substitute", clock, "urge-substitute")
    assert "2 个" in refuses(play, "substitute.three-days", "第五十一条", substitute_on=day(play, 4))
    play.until("carry-out-substitute")
    with play.branch():
        performed = {"record": "当事人自行清运", "duty_done": True}
        play.do("duty-performed", "officer1", **performed)
        assert "全部履行" in refuses(play, "execution.still-owed", "第三十六条", after=0)
        assert tried(play, "close-coercion", 0).done


def day(play: Play, working: int) -> str:
    """Some working days after now."""
    return later(play.moment, working).date().isoformat()


def test_the_court_is_asked_in_time_after_the_urging_and_with_all_papers(clock: Clock) -> None:
    play = begun("dongying", "court", clock, "apply-court")
    assert "尚未届满" in refuses(play, "court.ten-days-urged", "第五十四条", after=9)
    assert "执行标的" in refuses(
        play, "court.package-whole", "第五十五条", package=["application", "decision", "view", "urging"]
    )
    assert "届满" in refuses(play, "court.in-three-months", "第五十三条", after=50)
    play.step()
    words = "".join(b["text"] for b in play.case.papers.get(kind="court-application-paper").content["blocks"])
    assert "在法定期限内没有申请行政复议，没有提起行政诉讼" in words


@pytest.mark.parametrize("locality", ["dongying", "huantai", "lingchuan", "kaiyuan"])
def test_no_refusal_button_or_clock_of_coercion_cites_the_law_of_penalties(locality: str) -> None:
    pack, found = load_pack(locality), []
    for rule in (r for r in pack.procedures.values() if r.act_type == "coercion"):
        read = pack.read_by(rule.id)
        acts = read.acts_of(rule.id)
        cited: list[Any] = [
            *acts,
            *(g for act in acts for g in read.guards_of(act.id, rule.id)),
            *read.limits_of(rule.id),
        ]
        found += [f"{rule.id} {one.id}" for one in cited if "《行政处罚法》" in str(one.citation)]
    assert found == []


def test_who_names_no_coercion_opens_no_case_of_it(clock: Clock) -> None:
    office = make_office("laizhou")
    play = play_of(office, "measure", clock, book=coercion.STORIES)
    answer = tried(play)
    assert not answer.done and (answer.guards or answer.unreadable), answer
    assert "ordinary" in load_pack("laizhou").acts["apply-to-court"].procedures


@pytest.mark.parametrize(
    ("until", "day", "said"),
    [
        (
            "draft-execution",
            date(2026, 9, 20),
            ("不得实施的日子：", "2026年10月1日至2026年10月7日（国庆节）"),
        ),
        ("carry-out-execution", date(2026, 10, 2), ("2026年10月2日在国庆节假期内",)),
        (
            "carry-out-execution",
            date(2026, 10, 24),
            ("2026年10月24日是周末，不属于法定节假日", "30天内没有法定节假日"),
        ),
        ("carry-out-execution", date(2026, 10, 27), ("2026年10月27日是工作日",)),
    ],
)
def test_the_form_says_when_nothing_may_be_executed_before_it_is_tried(
    until: str, day: date, said: tuple[str, ...], clock: Clock
) -> None:
    """行政强制法第四十三条: night, holidays and weekends stand on the form and in the API; other forms say nothing of it."""
    play = play_of(make_office("dongying"), "demolition", clock, book=coercion.STORIES)
    play.until(until)
    play.at(datetime.combine(day, play.moment.timetz()))
    client = signed_in(play.person("officer1"))
    page = unescape(client.get(f"/desk/cases/{play.case_id}/acts/{until}/").content.decode())
    acts = client.get(f"/api/v1/cases/{play.case_id}/acts").json()
    told = {row["id"]: "".join(row["notices"]) for row in acts["items"]}
    for text in ("夜间（22:00至次日06:00", "《行政强制法》第四十三条", *said):
        assert text in page and text in told[until], (text, told[until])
    assert "夜间" not in told["amend"]
