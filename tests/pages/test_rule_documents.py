"""Rule documents 具体办法、制度: which the scheme asks for, what they must say, and what they set."""

import html
from datetime import date, timedelta
from typing import Any, cast

import pytest
from django.test import Client

from knocks import signed_in
from page_form import form_at, send, words
from play import BUILT, MORNING, Clock, Play, make_office
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer, create_agency
from sanxiang.law.guards import Refused
from sanxiang.law.own_rules import kinds_of
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db

BEGINS = MORNING.date() - timedelta(days=9)


def chapters(locality: str, kind: str, **figures: str) -> list[dict[str, str]]:
    """Every chapter that the scheme names, with a text, and the figures given."""
    names = kinds_of(load_pack(locality))[kind].chapters
    return [
        {
            "章节": name,
            "内容": f"{name}按本局规定执行。",
            **({"数值": figures[name]} if name in figures else {}),
        }
        for name in names
    ]


def told(kind: str, rows: list[dict[str, str]], begins: date = BEGINS) -> dict[str, Any]:
    """A rule document as somebody brings it into force."""
    named = {"title": "本局具体办法", "owner": "办公室", "basis": "本地方案"}
    return {"kind": kind, "rows": rows, "in_force_from": begins.isoformat(), **named}


def lists(office: Office) -> str:
    """The page of registers and what is lacking there."""
    return html.unescape(signed_in(office.people["legal-reviewer"]).get("/desk/registers/").content.decode())


def row(locality: str, kind: str, chapter: str, *ids: str) -> Any:
    """One rule document, the chapter to be left out, and the rows that it carries."""
    return pytest.param(
        locality,
        kind,
        chapter,
        marks=pytest.mark.carries(*ids, locality=locality) if ids else (),
        id=f"{locality}-{kind}",
    )


@pytest.mark.parametrize(
    ("locality", "kind", "chapter"),
    [
        row("laizhou", "rule-disclosure", "监督方式", "LZ-006"),
        row("laizhou", "rule-recording", "载体", "LZ-039"),
        row("dongying", "rule-recording", "使用", "DY-042"),
        row("dongying", "rule-review", "程序", "DY-056"),
        row("kaiyuan", "rule-av-device", "记录要素", "KY-042"),
        row("lingchuan", "rule-disclosure", "保障措施"),
        row("lingchuan", "rule-review", "责任", "LC-050"),
    ],
)
def test_a_blank_chapter_keeps_a_rule_from_force_and_a_whole_one_clears_the_want(
    locality: str, kind: str, chapter: str
) -> None:
    """On the page: the refusal names the chapter, what was typed stays; filled in, the rule is no longer missing."""
    office = make_office(locality)
    label = kinds_of(load_pack(locality))[kind].label
    missing = f"还没有施行《{label}》"
    assert missing in lists(office)
    desk = signed_in(office.people["legal-reviewer"])
    form = form_at(desk, f"/desk/admin/acts/release-rule/?agency={office.agency.pk}&kind={kind}")
    for number, one in enumerate(chapters(locality, kind)):
        assert form.values[f"rows-{number}-章节"] == [one["章节"]]
        form.put(f"rows-{number}-内容", "" if one["章节"] == chapter else one["内容"])
    for name, text in (
        ("title", "本局办法"),
        ("owner", "办公室"),
        ("basis", "省级办法"),
        ("in_force_from", str(BEGINS)),
    ):
        form.put(name, text)
    refused = send(desk, form)
    page = html.unescape(refused.content.decode())
    assert refused.status_code == 422 and f"“{chapter}”一章没有内容" in page
    assert f"{chapters(locality, kind)[0]['章节']}按本局规定执行。" in page and missing in lists(office)
    numbered = next(n for n, one in enumerate(chapters(locality, kind)) if one["章节"] == chapter)
    form.put(f"rows-{numbered}-内容", "补写的内容。")
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    shown = html.unescape(desk.get(done["Location"]).content.decode())
    assert "补写的内容。" in shown and "省级办法" in shown and "办公室" in shown
    assert missing not in lists(office)


@pytest.mark.carries("LC-035", locality="lingchuan")
def test_in_lingchuan_the_form_is_one_of_the_four_and_no_row_of_the_matrix_is_without_it() -> None:
    """Left out of the rule or of one row of the matrix, the form is named and neither comes into force."""
    office = make_office("lingchuan")
    reviewer, wanted = office.people["legal-reviewer"], "还没有施行《执法全过程记录制度》"
    written = chapters("lingchuan", "rule-recording")
    assert [one["章节"] for one in written] == ["形式", "内容", "方式", "载体"]
    with pytest.raises(Refused, match="“形式”一章没有内容"):
        administer("release-rule", office.agency, reviewer, told("rule-recording", written[1:]))
    assert wanted in lists(office)
    administer("release-rule", office.agency, reviewer, told("rule-recording", written))
    assert wanted not in lists(office)
    line = {"环节": "送达", "形式": "文字", "内容": "送达回证", "方式": "书写", "载体": "纸质"}
    dated = {"kind": "chart-recording", "in_force_from": BEGINS.isoformat()}
    with pytest.raises(Refused, match="形式"):
        administer("release-register", office.agency, reviewer, {**dated, "rows": [{**line, "形式": ""}]})
    administer("release-register", office.agency, reviewer, {**dated, "rows": [line]})


@pytest.mark.carries("LZ-056", locality="laizhou")
def test_a_rule_of_review_is_missing_until_a_version_with_its_basis_is_in_force() -> None:
    office = make_office("laizhou")
    label = "还没有施行《重大执法决定法制审核具体办法》"
    assert label in lists(office)
    without = told("rule-review", chapters("laizhou", "rule-review")) | {"basis": ""}
    with pytest.raises(Refused, match="没有填写“制定依据”"):
        administer("release-rule", office.agency, office.people["legal-reviewer"], without)
    administer("release-rule", office.agency, office.people["legal-reviewer"], without | {"basis": "省办法"})
    assert label not in lists(office)


def overseer(office: Office) -> Person:
    """Somebody of the legal office of the office's own government."""
    above = {"name": "东营区法制办（试验）", "short": "东法验", "kind": "supervisor", "is_supervisor": True}
    place = {"parent": office.agency.parent, "region": office.agency.region, "locality": "dongying"}
    agency = create_agency({**above, **place}, now=BUILT)
    person = administer(
        "add-person", agency, None, {"username": "overseer", "name": "卫督导", "password_hash": "!"}
    )
    administer(
        "grant-post", agency, None, {"person": person, "role": "supervisor", "valid_from": date(2024, 1, 1)}
    )
    return cast(Person, person)


@pytest.mark.carries("DY-005", locality="dongying")
def test_the_districts_legal_office_sees_which_organs_lack_a_rule() -> None:
    office = make_office("dongying")
    supervisor = signed_in(overseer(office))

    def seen() -> str:
        return html.unescape(supervisor.get("/desk/registers/").content.decode())

    wanted = f"{office.agency.name}：还没有施行《行政执法公示具体办法》"
    assert wanted in seen()
    rows = chapters("dongying", "rule-disclosure")
    administer("release-rule", office.agency, office.people["legal-reviewer"], told("rule-disclosure", rows))
    assert wanted not in seen()


@pytest.mark.carries("LC-064", locality="lingchuan")
def test_a_standing_rule_is_never_overdue_and_is_recalled_each_year() -> None:
    office = make_office("lingchuan")
    rows = chapters("lingchuan", "rule-accountability")
    data = told("rule-accountability", rows, BUILT.date()) | {"owner": "党务办公室、人事教育股"}
    administer("release-rule", office.agency, office.people["legal-reviewer"], data)
    desk: Client = signed_in(office.people["legal-reviewer"])
    soon = desk.get(f"/desk/registers/?on={BUILT.date() + timedelta(days=365)}").content.decode()
    late = html.unescape(
        desk.get(f"/desk/registers/?on={BUILT.date() + timedelta(days=366)}").content.decode()
    )
    assert "已满一年" not in soon and "责任追究制度》自2025年1月2日施行以来已满一年" in late
    scheme = html.unescape(desk.get("/desk/scheme/").content.decode())
    assert "党务办公室" in scheme and "长期" in scheme


def due_days(play: Play) -> Any:
    """How many working days the case's publication clock has."""
    return play.case.state["clocks"]["publish-penalty"]["n"]


def decided(office: Office, clock: Clock, which: int) -> Play:
    """A case decided on the spot."""
    play = Play(office, "summary", stories.summary("200", which=which), clock)
    clock.now = play.moment
    play.until("serve-on-spot")
    return play


@pytest.mark.carries("LZ-029", locality="laizhou", change=('"公开期限" = [', '"公示期限" = ['))
def test_the_periods_of_an_agencys_own_rule_hold_from_its_day_on_and_not_before(clock: Clock) -> None:
    """A blank display period keeps the rule from force, a laxer period is refused; new decisions follow the new period."""
    office = make_office("laizhou")
    reviewer = office.people["legal-reviewer"]
    blank = chapters("laizhou", "rule-ex-post", 时限="5")
    with pytest.raises(Refused, match="“公开期限”没有定数值"):
        administer("release-rule", office.agency, reviewer, told("rule-ex-post", blank))
    lax = chapters("laizhou", "rule-ex-post", 时限="30", 公开期限="1095")
    with pytest.raises(Refused, match=r"比.*规定的 20 宽"):
        administer("release-rule", office.agency, reviewer, told("rule-ex-post", lax))
    before = decided(office, clock, 0)
    assert due_days(before) == 7
    rows = chapters("laizhou", "rule-ex-post", 时限="五", 公开期限="1095")
    administer("release-rule", office.agency, reviewer, told("rule-ex-post", rows))
    assert (due_days(decided(office, clock, 1)), due_days(before)) == (5, 7)


@pytest.mark.carries("DY-031", locality="dongying", change=('sets = { "时限"', 'sets = { "期限"'))
def test_where_the_scheme_sets_no_days_the_organs_own_rule_does(clock: Clock) -> None:
    ex_post_of("dongying", clock)


@pytest.mark.carries("HT-016", locality="huantai", change=("exploratory = true", "exploratory = false"))
def test_an_explored_rule_is_no_fault_and_its_trial_period_holds(clock: Clock) -> None:
    page = ex_post_of("huantai", clock)
    assert "本地方案只要求探索，没有制定不算没有落实" in page


def ex_post_of(locality: str, clock: Clock) -> str:
    """No period: the page says that nobody set one and what holds meanwhile. Five days set: new decisions are due by then."""
    office = make_office(locality)
    page = lists(office)
    unset = "《事后公开规定》的“时限”没有定数值，方案未定；在此之前按国家规定"
    assert unset in page
    assert due_days(decided(office, clock, 0)) == 7
    rows = chapters(locality, "rule-ex-post", 时限="5")
    administer("release-rule", office.agency, office.people["legal-reviewer"], told("rule-ex-post", rows))
    assert due_days(decided(office, clock, 1)) == 5
    assert unset not in lists(office)
    return page
