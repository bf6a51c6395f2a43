"""Lists in force that day, asked by the acts: a release that has begun counts, one that begins tomorrow does not."""

import html
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api_client import Api
from knocks import Knock, fact_of, refused_everywhere, signed_in
from play import Clock, Play, accepted, make_office
from sanxiang.door.administer import administer
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.registers.models import Register, Release
from side_stories import BOOK

pytestmark = pytest.mark.django_db


def begin(story: str, clock: Clock, until: str = "", **told: Any) -> Play:
    """A story of the book, played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    clock.now = play.moment
    if told:
        play.step(**told)
    if until:
        play.until(until)
    return play


def release(play: Play, kind: str, *rows: dict[str, str], day: date | None = None) -> None:
    """A release of one of the agency's lists, in force from today unless another day is named."""
    columns = {name: "—" for name, demanded in columns_of(load_pack("kaiyuan"), kind) if demanded}
    told = {
        "kind": kind,
        "in_force_from": day or play.moment.date(),
        "rows": [{**columns, **r} for r in rows],
    }
    if kind == "officers":
        return roster_of_old(play, told)
    administer("release-register", play.office.agency, None, told, now=play.moment)


def roster_of_old(play: Play, told: dict[str, Any]) -> None:
    """A roster as it was typed before rosters were made from certificates: such releases stay in force until the next."""
    agency = play.office.agency
    register, _ = Register.objects.get_or_create(
        agency=agency, kind="officers", defaults={"label": "行政执法人员清单", "n": 1, "head": ""}
    )
    version = register.releases.count() + 1
    more = {"version": version, "in_force_from": told["in_force_from"], "rows": told["rows"]}
    Release.objects.create(register=register, digest="", act=uuid4(), n=version, **more)


def tomorrow(play: Play) -> date:
    """The day after the story's."""
    return play.moment.date() + timedelta(days=1)


def page_of(play: Play, act: str, who: str = "officer1") -> str:
    """The form of an act as that person sees it."""
    where = f"/desk/cases/{play.case_id}/acts/{act}/"
    return html.unescape(signed_in(play.person(who)).get(where).content.decode())


def told_of(play: Play, act: str, who: str = "officer1") -> dict[str, Any]:
    """The act as the API offers it."""
    acts = Api(play.person(who)).get(f"/cases/{play.case_id}/acts")["items"]
    return {a["id"]: a for a in acts}[act]


# 行政执法事项清单.


@pytest.mark.parametrize(("story", "act"), [("summary", "start-summary"), ("ordinary", "file")])
def test_where_a_list_is_in_force_a_case_is_filed_for_one_of_its_items(
    story: str, act: str, clock: Clock
) -> None:
    play = begin(story, clock, until="" if story == "summary" else act)
    play.pass_days(play.next().after)
    with play.branch():
        release(play, "items", {"事项名称": "甲事项"}, day=tomorrow(play))
        accepted(play.knock(after=0), play)
    release(play, "items", {"事项名称": "甲事项"})
    answer = refused_everywhere(play.knock(after=0))
    assert answer.guards == {"item-named"}
    (refusal,) = answer.refused
    assert "《行政处罚法》第十七条" in refusal and "行政执法事项清单" in refusal[-1]
    accepted(play.knock(after=0, item="甲事项"), play)
    play.step(item="甲事项")
    assert play.case.state["facts"]["item"] == "甲事项"


def test_the_form_of_filing_asks_for_the_item_where_there_is_a_list(clock: Clock) -> None:
    play = begin("ordinary", clock, until="file")
    assert "item" not in told_of(play, "file", "agency-head")["schema"]["required"]
    release(play, "items", {"事项名称": "甲事项"})
    offered = told_of(play, "file", "agency-head")
    assert offered["open"] and "item" in offered["schema"]["required"]
    page = page_of(play, "file", "agency-head")
    assert 'value="甲事项"' in page and "现在还不能办理" not in page


# 行政处罚裁量基准.

LIGHT, ORDINARY = "轻微（一百五十元以下）", "一般（150元以上3000元以下）"
BENCHMARK = [
    {"违法行为": "甲事项", "违法情节": "轻微", "裁量幅度": "一百五十元以下"},
    {"违法行为": "甲事项", "违法情节": "一般", "裁量幅度": "150元以上3000元以下"},
    {"违法行为": "乙事项", "违法情节": "一般", "裁量幅度": "一万元以上"},
]
DRAFTING = pytest.mark.parametrize(
    ("story", "act"), [("summary", "decide-on-spot"), ("ordinary", "draft-decision")]
)


def at_the_draft(story: str, act: str, clock: Clock) -> Play:
    """A case about 甲事项, with everything ready for its draft."""
    play = begin(story, clock, item="甲事项", until=act)
    play.pass_days(play.next().after)
    return play


def drafted(play: Play, **told: str) -> Knock:
    """The draft as the story has it, with more told."""
    return play.knock(after=0, decision={**play.data_of(play.next(), play.moment)["decision"], **told})


@DRAFTING
def test_a_draft_names_the_tier_of_the_benchmark_in_force(story: str, act: str, clock: Clock) -> None:
    play = at_the_draft(story, act, clock)
    with play.branch():
        release(play, "benchmarks", *BENCHMARK, day=tomorrow(play))
        accepted(drafted(play), play)
    release(play, "benchmarks", *BENCHMARK)
    answer = refused_everywhere(drafted(play))
    assert answer.guards == {"tier-applied"} and {cite for _, cite, *_ in answer.refused} == {
        "《行政处罚法》第三十四条"
    }
    assert "没有选定" in fact_of(answer, "tier-applied")
    assert "“特别严重”" in fact_of(refused_everywhere(drafted(play, tier="特别严重")), "tier-applied")
    accepted(drafted(play, tier=ORDINARY), play)
    play.step(decision=drafted(play, tier=ORDINARY).data["decision"])
    kept = play.case.state["facts"]["decision" if act == "draft-decision" else "decided"]
    assert kept["tier"] == ORDINARY
    if act == "decide-on-spot":
        paper = play.case.papers.get(kind="spot-decision")
        assert f"适用“{ORDINARY}”一档。" in str(paper.content)


@DRAFTING
def test_a_fine_outside_the_tier_needs_a_reason(story: str, act: str, clock: Clock) -> None:
    play = at_the_draft(story, act, clock)
    release(play, "benchmarks", *BENCHMARK)
    answer = refused_everywhere(drafted(play, tier=LIGHT))
    assert answer.guards == {"tier-applied"} and "最高150元" in fact_of(answer, "tier-applied")
    accepted(drafted(play, tier=LIGHT, departure="两年内第三次违法"), play)
    accepted(drafted(play, departure="基准没有列出本案的情形"), play)


@DRAFTING
def test_the_tiers_in_force_are_offered(story: str, act: str, clock: Clock) -> None:
    play = at_the_draft(story, act, clock)

    def offered() -> dict[str, Any]:
        found: dict[str, Any] = told_of(play, act)["schema"]["properties"]["decision"]["properties"]
        return found

    assert "tier" not in offered() and "适用的裁量档次" not in page_of(play, act)
    release(play, "benchmarks", *BENCHMARK)
    assert [one["const"] for one in offered()["tier"]["oneOf"]] == [LIGHT, ORDINARY]
    page = page_of(play, act)
    assert f'value="{ORDINARY}"' in page and "一万元以上" not in page and "不按裁量基准档次处罚的理由" in page


# 行政执法人员清单 informs; 音像记录事项清单 is asked.


def said_of_officers(play: Play) -> list[str]:
    """What the API says beside an inspection of the list of officers."""
    return [one for one in told_of(play, "inspect")["notices"] if "执法人员清单" in one]


def test_who_is_not_on_the_list_of_officers_is_told_and_may_act(clock: Clock) -> None:
    play = begin("ordinary", clock, until="inspect")
    first, second = play.person("officer1"), play.person("officer2")
    with play.branch():
        release(play, "officers", {"姓名": "别人"}, day=tomorrow(play))
        assert said_of_officers(play) == []
        assert "行政执法人员清单" not in page_of(play, "inspect")
    release(play, "officers", {"姓名": first.name}, {"姓名": "别人"})
    (told,) = said_of_officers(play)
    assert told.startswith(f"{second.name}不在本机关") and "以执法证为准" in told
    page = page_of(play, "inspect")
    assert told in page and "；不在当日有效的执法人员清单上" in page
    accepted(play.knock(after=0), play)


def test_a_row_with_a_certificate_is_that_of_its_holder(clock: Clock) -> None:
    play = begin("ordinary", clock, until="inspect")
    people = [play.person(who) for who in ("officer1", "officer2")]
    own = [person.certificates.get().number for person in people]
    release(play, "officers", *({"姓名": p.name, "证件编号": n} for p, n in zip(people, own, strict=True)))
    assert said_of_officers(play) == []
    release(play, "officers", *({"姓名": p.name, "证件编号": "别的证"} for p in people))
    assert all(person.name in said_of_officers(play)[0] for person in people)


def test_an_act_on_the_list_of_recorded_matters_says_so(clock: Clock) -> None:
    play = begin("ordinary", clock, until="inspect")
    row = {"环节": "现场检查", "音像形式": "执法记录仪"}
    with play.branch():
        release(play, "av-items", row, day=tomorrow(play))
        (told,) = told_of(play, "inspect")["notices"]
        assert "视情作音像记录" in told and "清单" not in told
    release(play, "av-items", row, {"环节": "询问", "音像形式": "无"})
    (told,) = told_of(play, "inspect")["notices"]
    assert "清单所列“现场检查”" in told and "录像" in told
    assert told in page_of(play, "inspect") and "清单所列" not in page_of(play, "interview")
    accepted(play.knock(after=0), play)


def test_where_the_scheme_demands_recording_the_form_says_so(clock: Clock) -> None:
    procedure, steps = BOOK["ordinary"]
    play = Play(make_office("laizhou"), procedure, steps, clock)
    play.until("inspect")
    assert "这一步必须作音像记录：现场检查（" in page_of(play, "inspect")
