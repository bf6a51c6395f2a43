"""Whole cases in a real browser: walked on the desk by the people whose turn it is, found on the portal by a stranger."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe import violations
from playwright.sync_api import Browser, Page, expect, sync_playwright

from desk_walk import Desk, Walk, day_with_room, office_of
from installation import Installation
from sanxiang.demo import coercion, licence, rulings, stories
from sanxiang.demo.inspection import inspection
from sanxiang.demo.stories import Step
from sanxiang.demo.takings import requisition
from sanxiang.law.packs import load_pack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("SANXIANG_DATABASE_URL")), reason="runs on SQLite only"),
]

LOCALITY, PREFIX = "kaiyuan", "ky"
OTHER, OTHER_PREFIX = "lingchuan", "lc"
"""An office beside it, for kinds of acts that the first one's scheme does not name."""
THIRD, THIRD_PREFIX = "laizhou", "lz"
"""One more, for confirmations."""
WIDTHS = (390, 1440)
HEARD = stories.hearing("90000", which=3)
HEARING = next(n for n, step in enumerate(HEARD) if step.act == "hold-hearing")
"""Where the story of the hearing is taken over by hand: the days before it must have passed."""
HEARING_TAKES = timedelta(minutes=4)
"""To build the offices and hold the hearing, on a busy machine."""

BUILD = """
import argparse, json
from dataclasses import replace
from datetime import timedelta
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from sanxiang.commands import django as setup

setup.start(argparse.Namespace(data=None), must_exist=False)
from sanxiang.demo import stories
from sanxiang.demo.people import COUNTIES, PASSWORD, build_office
from sanxiang.law.packs import load_pack

now = timezone.now()
county = next(c for c in COUNTIES if c.pack == LOCALITY)
office = build_office(county, load_pack(LOCALITY), 0, now - timedelta(days=400), make_password(PASSWORD))
start = (now - timedelta(days=60)).replace(hour=1, minute=30)
def for_today(step):
    told = {"hearing_at": f"{timezone.localdate(now)}T09:30"}
    return replace(step, data=lambda o, c: {**step.data(o, c), **told}) if step.act == "notify-hearing" else step

steps = [for_today(step) for step in stories.hearing("90000", which=3)]
last = [done for done in stories.play(steps, office, "ordinary", start, HEARING)][-1]
other = next(c for c in COUNTIES if c.pack == OTHER)
there = build_office(other, load_pack(OTHER), 1, now - timedelta(days=400), make_password(PASSWORD))
told = {"people": {who: str(p.id) for who, p in office.people.items()}, "case": str(last.case.id)}
told["there"] = {who: str(p.id) for who, p in there.people.items()}
third = next(c for c in COUNTIES if c.pack == THIRD)
beyond = build_office(third, load_pack(THIRD), 2, now - timedelta(days=400), make_password(PASSWORD))
print(json.dumps(told | {"beyond": {who: str(p.id) for who, p in beyond.people.items()}}))
"""
"""An office, and a case that waits for its hearing: its days have passed on a clock of the story's own, and it is told for today."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    found = os.environ.get("SANXIANG_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=found, args=["--disable-quic", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def built(installations: Callable[[], Installation]) -> tuple[Installation, dict[str, Any]]:
    """An installation with one office, and what was built in it."""
    made = installations()
    made.plant_tables()
    day_with_room(HEARING_TAKES)
    script = BUILD.replace("HEARING", str(HEARING))
    for name, pack in (("OTHER", OTHER), ("THIRD", THIRD), ("LOCALITY", LOCALITY)):
        script = script.replace(name, repr(pack))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=made.env | {"DJANGO_SETTINGS_MODULE": "sanxiang.settings"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made, json.loads(done.stdout)


@pytest.fixture(scope="module")
def address(built: tuple[Installation, dict[str, Any]]) -> Iterator[str]:
    """Where the installation is served."""
    with built[0].serve() as served:
        yield served


@pytest.fixture(scope="module")
def desk(browser: Browser, built: tuple[Installation, dict[str, Any]], address: str) -> Desk:
    """The office's desk, served."""
    return Desk(browser, address, PREFIX, load_pack(LOCALITY), office_of(built[1]["people"]))


@pytest.fixture(scope="module")
def other_desk(browser: Browser, built: tuple[Installation, dict[str, Any]], address: str) -> Desk:
    """The other office's desk, on the same server."""
    return Desk(browser, address, OTHER_PREFIX, load_pack(OTHER), office_of(built[1]["there"]))


@pytest.fixture(scope="module")
def third_desk(browser: Browser, built: tuple[Installation, dict[str, Any]], address: str) -> Desk:
    """The third office's desk, on the same server."""
    return Desk(browser, address, THIRD_PREFIX, load_pack(THIRD), office_of(built[1]["beyond"]))


def satisfies(page: Page, *paths: str) -> None:
    """axe finds nothing serious, and the page fits its window, on a phone and on a desk."""
    for path in paths or ("",):
        if path:
            page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wrong = [v for v in violations(page) if v["impact"] in ("serious", "critical")]
            assert wrong == [], f"{page.url} at {width}: {wrong}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"


def found_by_a_stranger(desk: Desk, walk: Walk, number: str, axe: bool = False) -> None:
    """Somebody without an account searches the number and reads the decision, with the act's place in the ledger."""
    page = desk.stranger()
    page.goto(desk.address)
    if axe:
        satisfies(page)
    page.get_by_role("searchbox").first.fill(number)
    page.get_by_role("button", name="查询").first.click()
    expect(page.get_by_text("共 1 条").first).to_be_visible()
    if axe:
        satisfies(page)
    page.locator('main a[href^="/decisions/"]').filter(has_text="案").first.click()
    expect(page.locator("main")).to_contain_text(number)
    act = re.search(r"账本编号\s+([0-9a-f-]{36})", page.locator("main").inner_text())
    assert act, page.locator("main").inner_text()
    if axe:
        satisfies(page)
    page.context.close()
    told = desk.window("officer1").request.get(f"{desk.address}{walk.path}timeline/").text()
    assert act[1] in told


def number_of(walk: Walk, title: str) -> str:
    """The number of a paper, as the case page prints it."""
    card = walk.look("officer1").locator("#papers article").filter(has_text=title).first
    return card.locator(".num").inner_text()


def ended(walk: Walk) -> None:
    """The case is closed and filed, and its picture says so."""
    page = walk.look("officer1")
    expect(page.locator(".flow li.is-now")).to_have_count(0)
    expect(page.locator(".flow li").last).to_have_class("is-done")
    expect(page.locator("h1 + p")).to_contain_text("已公示")


def test_an_ordinary_case_with_a_hearing(desk: Desk, built: tuple[Installation, dict[str, Any]]) -> None:
    """First of all: the hearing that was told for today is held before the day is over."""
    walk = Walk(desk, "ordinary", built[1]["case"])
    walk.stands_at("legal-reviewer", "听证")
    walk.steps(HEARD[HEARING:])
    ended(walk)
    found_by_a_stranger(desk, walk, number_of(walk, "行政处罚决定书"))


def test_a_summary_case(desk: Desk) -> None:
    walk = Walk(desk, "summary")
    steps = stories.summary("200", "org", 0)
    walk.steps(steps[:4])
    walk.stands_at("officer1", "当场决定")
    walk.steps(steps[4:])
    ended(walk)
    found_by_a_stranger(desk, walk, number_of(walk, "当场行政处罚决定书"))


def split(steps: list[Step], act: str) -> tuple[list[Step], list[Step]]:
    """The steps before the act, and from it on."""
    place = next(n for n, step in enumerate(steps) if step.act == act)
    return steps[:place], steps[place:]


@pytest.mark.deep
def test_an_ordinary_case_without_a_hearing(desk: Desk) -> None:
    walk = Walk(desk, "ordinary")
    before, rest = split(stories.ordinary("90000", "org", 4), "decide")
    walk.steps(before[:2])
    walk.stands_at("officer1", "调查取证")
    walk.steps(before[2:])
    walk.stands_at("agency-head", "作出决定")
    satisfies(desk.window("officer1"), f"{desk.address}/desk/", desk.address + walk.path)
    refused_in_the_hearing_period(walk, before, rest[0])
    walk.steps(rest)
    ended(walk)
    found_by_a_stranger(desk, walk, number_of(walk, "行政处罚决定书"), axe=True)


def refused_in_the_hearing_period(walk: Walk, before: list[Step], decide: Step) -> None:
    """The head has the decision open when the notice is served anew: the hearing period runs again, and the page says so."""
    page = walk.fill(decide)
    satisfies(page)
    again = [s for s in before if s.act in ("notify-penalty", "serve")]
    walk.steps(again)
    walk.send(page)
    expect(page.get_by_role("heading", name="现在还不能办理")).to_be_visible()
    reasons = page.locator(".verdicts ol")
    hearing = reasons.locator("li").filter(has_text="要求听证的期限")
    expect(hearing.locator(".verdict-law")).to_have_text("《行政处罚法》第六十三条")
    expect(hearing.locator(".verdict-fact")).to_contain_text(
        re.compile(r"5 个工作日，到\S+届满，\S+尚未届满")
    )
    expect(hearing.locator(".verdict-cure")).to_contain_text("期限届满之后再决定")
    expect(page.locator('[name="opinion"]')).to_have_value(walk.told(decide)["opinion"])
    satisfies(page)
    walk.steps([s for s in before if s.act.startswith("waive-")])


def test_an_inspection_and_the_penalty_that_comes_of_it(desk: Desk) -> None:
    """What was found is due a penalty: the case is started from the inspection's page, which then closes."""
    walk = Walk(desk, "inspection")
    before, (close, archive) = split(inspection("penalty", 6), "close-inspection")
    walk.steps(before[:5])
    walk.stands_at("officer1", "检查")
    satisfies(
        desk.window("officer1"), desk.address + walk.path, f"{desk.address}{walk.path}acts/inspect-site/"
    )
    walk.steps(before[5:])
    page = walk.look("officer1")
    page.locator("#related").get_by_role("link", name="行政处罚普通程序").click()
    expect(page.locator('[name="party-name"]')).to_have_value("云溪恒丰砂场有限公司")
    expect(page.locator('[name="source"][value="inspection"]')).to_be_checked()
    expect(page.locator('[name="cause"]')).to_have_value("未依照取水许可规定条件取水")
    expect(page.locator('[name="summary"]')).to_have_value("现场有未经批准的行为，涉嫌违法。")
    satisfies(page)
    walk.send(page)
    expect(page.get_by_text("已办理：登记案源。")).to_be_visible()
    expect(page.locator("#related")).to_contain_text("来源")
    expect(page.locator("#evidence")).to_contain_text("号案")
    walk.last = ""
    walk.steps([close, archive])
    page = walk.look("officer1")
    expect(page.locator("#related")).to_contain_text("派生")
    expect(page.locator(".flow li.is-now")).to_have_count(0)


@pytest.mark.deep
def test_a_sealing(desk: Desk) -> None:
    """行政强制措施: approved, carried out on the spot, lifted, given back and filed."""
    walk = Walk(desk, "coercive-measure")
    before, rest = split([*coercion.sealed(), *coercion.lifted()], "take-measure")
    walk.steps(before)
    walk.stands_at("officer1", "实施、交付决定书和清单")
    walk.steps(rest[:1])
    satisfies(desk.window("officer1"), desk.address + walk.path)
    walk.steps(rest[1:])
    expect(walk.look("archivist").get_by_text("已归档").first).to_be_visible()


@pytest.mark.deep
def test_a_requisition(other_desk: Desk) -> None:
    """行政征用: what was taken over is on the list of duties until it went back and was compensated; then the file is sealed."""
    walk = Walk(other_desk, "requisition")
    before, rest = split(requisition(), "req-call-back")
    walk.steps(before)
    walk.stands_at("officer1", "返还")
    page = walk.look("officer1")
    for duty in ("返还征用的财产", "作出征用补偿决定"):
        expect(page.get_by_text(duty).first).to_be_visible()
    satisfies(page, other_desk.address + walk.path, f"{other_desk.address}{walk.path}acts/req-return/")
    walk.steps(rest)
    page = walk.look("officer1")
    expect(page.locator(".flow li.is-now")).to_have_count(0)
    expect(page.locator("#papers")).to_contain_text("征用补偿决定书")


@pytest.mark.deep
def test_a_licence_refused(desk: Desk) -> None:
    """Applied for at the counter, accepted, examined, refused with its reasons, and filed."""
    walk = Walk(desk, "licence")
    before, rest = split(licence.plain(), "lic-draft")
    walk.steps(before[:2])
    walk.stands_at("officer1", "审查")
    walk.steps(before[2:])
    satisfies(desk.window("officer1"), desk.address + walk.path, f"{desk.address}{walk.path}acts/lic-draft/")
    walk.steps(rest)
    page = walk.look("officer1")
    expect(page.locator(".flow li.is-now")).to_have_count(0)
    assert "许受" in number_of(walk, "行政许可受理通知书")


@pytest.mark.deep
def test_a_confirmation_refused(third_desk: Desk) -> None:
    """行政确认: accepted on the spot, announced, objected to; with the title in dispute nothing is registered, and the file is sealed."""
    walk = Walk(third_desk, "confirmation")
    before, rest = split(rulings.confirmation(0, "refuse"), "cfm-report")
    walk.steps(before)
    walk.stands_at("officer1", "调查核实")
    page = walk.look("officer1")
    satisfies(page, third_desk.address + walk.path, f"{third_desk.address}{walk.path}acts/cfm-report/")
    walk.steps(rest)
    page = walk.look("officer1")
    expect(page.locator(".flow li.is-now")).to_have_count(0)
    expect(page.locator("#papers")).to_contain_text("不予确认决定书")


@pytest.mark.deep
def test_an_adjudication(other_desk: Desk) -> None:
    """行政裁决: with a paper for one side alone nothing is looked at; then both are served and the government decides."""
    walk = Walk(other_desk, "adjudication")
    before, rest = split(rulings.adjudication(), "adj-propose")
    (late,) = [s for s in before if s.act == "adj-serve" and walk.told(s)["side"] == "respondent"][1:2]
    walk.steps([s for s in before[:2] if s is not late])
    walk.stands_at("officer1", "送达副本和答辩")
    walk.steps([s for s in before[2:] if s is not late and s.act not in ("adj-survey", "adj-mediate")])
    page = walk.look("officer1")
    survey = page.locator(f'main a[href="{walk.path}acts/adj-survey/"]')
    expect(survey).to_have_count(0)
    walk.steps([late])
    expect(survey.first).to_be_visible()
    walk.steps([s for s in before if s.act in ("adj-survey", "adj-mediate")])
    satisfies(walk.look("officer1"), other_desk.address + walk.path)
    walk.steps(rest)
    page = walk.look("officer1")
    expect(page.locator(".flow li.is-now")).to_have_count(0)
    expect(page.locator("#papers")).to_contain_text("处理决定书（人民政府）")
