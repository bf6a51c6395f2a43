"""Walks a case through the desk as its people do: sign in, open the case, follow the act's link, fill the form, send it."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Locator, Page, expect

from sanxiang.cases.models import Case
from sanxiang.demo import stories
from sanxiang.demo.people import PASSWORD, Office
from sanxiang.demo.stories import Step
from sanxiang.law.packs import Pack

CHINA = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
PAPER = re.compile("《([^》]+)》")


def office_of(ids: Mapping[str, str]) -> Office:
    """What the stories ask of an office: who is who, by id."""
    people: Any = {who: SimpleNamespace(id=identity) for who, identity in ids.items()}
    nobody: Any = None
    return Office(nobody, nobody, nobody, people)


@dataclass
class Desk:
    """One installation's desk, with a window for everybody who has signed in."""

    browser: Browser
    address: str
    prefix: str
    pack: Pack
    office: Office
    windows: dict[str, Page] = field(default_factory=dict)

    def window(self, who: str) -> Page:
        """That person's window; the first time they sign in by the form."""
        if who not in self.windows:
            page = self.browser.new_context(
                locale="zh-CN", viewport={"width": 1440, "height": 900}
            ).new_page()
            page.set_default_timeout(15_000)
            page.goto(f"{self.address}/desk/")
            page.get_by_label("账号").fill(f"{self.prefix}-{who}")
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            expect(page.get_by_role("link", name="今日")).to_be_visible()
            self.windows[who] = page
        return self.windows[who]

    def stranger(self) -> Page:
        """A window of somebody who has no account."""
        return self.browser.new_context(locale="zh-CN").new_page()


@dataclass
class Walk:
    """One case on its way."""

    desk: Desk
    procedure: str
    case: str = ""
    last: str = ""
    """Who acted last: that window shows the case as it is."""

    @property
    def path(self) -> str:
        """Where the case lies."""
        return f"/desk/cases/{self.case}/"

    def look(self, who: str) -> Page:
        """The case page, in that person's window."""
        page = self.desk.window(who)
        if (who, page.url) != (self.last, here := self.desk.address + self.path):
            page.goto(here)
            say_why(page)
        return page

    def open(self, act: str, who: str) -> Page:
        """The form of an act, by the links that the pages offer."""
        if self.case:
            page = self.look(who)
            page.locator(f'main a[href="{self.path}acts/{act}/"]').first.click()
        else:
            page = self.desk.window(who)
            page.get_by_role("link", name="今日").click()
            page.get_by_role("link", name="登记新案件").first.click()
            page.locator(f'a[href^="/desk/cases/new/{self.procedure}/"]').click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            self.desk.pack.read_by(self.procedure).acts[act].label
        )
        return page

    def told(self, step: Step) -> dict[str, Any]:
        """What the story says in that step, today."""
        return told_at(present(), step, self.desk.office)

    def fill(self, step: Step) -> Page:
        """The act's form with what the story says, not sent yet."""
        page = self.open(step.act, step.who)
        form = page.locator("main form:has(.form-end)")
        for name, value in self.told(step).items():
            # Why nothing was filmed, and whether that stands, is asked only where the scheme demands the recording.
            if (
                name not in ("no_recording", "exceptions_approved")
                or form.locator(f'[name="{name}"]').count()
            ):
                put(form, name, value)
        return page

    def send(self, page: Page) -> None:
        """Press the form's button."""
        page.locator("main .form-end button.button").first.click()

    def heed(self, page: Page, said: Locator) -> None:
        """Where a guide remarks on the wording, which the stories do not follow, say that it was read and send again."""
        remark = page.get_by_label("已经看过，仍然这样提交")
        expect(said.or_(remark).first).to_be_visible()
        if remark.is_visible():
            remark.check()
            self.send(page)

    def step(self, step: Step) -> None:
        """One act; the page says that it is done, and links every paper that it made."""
        page = self.fill(step)
        self.send(page)
        said = page.get_by_text(f"已办理：{self.desk.pack.read_by(self.procedure).acts[step.act].label}。")
        self.heed(page, said)
        expect(said).to_be_visible()
        self.case, self.last = urlsplit(page.url).path.split("/")[3], step.who
        for title in PAPER.findall(said.inner_text()):
            expect(page.locator("#papers").get_by_role("link", name=title, exact=True).first).to_be_visible()

    def steps(self, steps: list[Step]) -> None:
        """Several acts, one after the other."""
        for step in steps:
            self.step(step)

    def stage(self, who: str, label: str) -> Locator:
        """A stage of the flow picture on the case page."""
        picture = self.look(who).locator(".flow li")
        return picture.filter(has=self.desk.window(who).get_by_text(label, exact=True))

    def stands_at(self, who: str, label: str) -> None:
        """The flow picture shows that the case is there now."""
        now = self.look(who).locator('.flow li[aria-current="step"] .flow-label')
        assert label in now.all_inner_texts()


def present() -> datetime:
    """The time now, to the minute; before the day has room for two records, when it has."""
    while (now := datetime.now(CHINA)) - midnight(now) < 3 * MINUTE:
        time.sleep(1)
    return now.replace(second=0, microsecond=0)


def day_with_room(room: timedelta) -> None:
    """Where the day ends sooner than that, wait for the next: what is told for today has to be done today."""
    day = midnight(datetime.now(CHINA)).date()
    while (now := datetime.now(CHINA)).date() == day and now + room >= midnight(now) + timedelta(days=1):
        time.sleep(1)


def midnight(now: datetime) -> datetime:
    """When that day began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def told_at(now: datetime, step: Step, office: Office, case: Case | None = None) -> dict[str, Any]:
    """What the story says in that step when it is told at that moment."""
    # An inspection is over before the interview: an officer is in one place at a time.
    began, ended = spell(now, earlier=step.act == "inspect")
    data = dict(step.data(office, case))
    if "began" in data and data["began"] is None:
        data["began"] = f"{began:%Y-%m-%dT%H:%M}"
    return stories.dated(step.act, data, ended)


def spell(now: datetime, earlier: bool = False) -> tuple[datetime, datetime]:
    """From when to when the record of a step lasted that is told now, or of one that was over before that began.

    It ended twenty minutes ago; soon after midnight it was shorter and ended later, for a record keeps to its day.
    """
    part = min(20 * MINUTE, (now - midnight(now)) // 3 // MINUTE * MINUTE)
    ended = now - (2 if earlier else 1) * part
    return ended - min(15 * MINUTE, part), ended


def say_why(page: Page) -> None:
    """Whoever has no duty in the case is asked why before it opens, and says it."""
    if "/why/" in page.url:
        page.get_by_label("监督检查", exact=True).check()
        page.get_by_label("说明", exact=True).fill("三季度执法检查抽查")
        page.get_by_label("批准文号或者通知号").fill("执法监督通知〔2026〕3号")
        page.get_by_role("button", name="记录事由并打开").click()


def put(form: Locator, name: str, value: Any) -> None:
    """Fill a field as a person would, by the kind of box it is; what the story leaves out stays as the page has it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            put(form, f"{name}-{key}", inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, row in enumerate(value):
            if form.locator(f'[name="{name}-{number}-{next(iter(row))}"]').count() == 0:
                form.locator(f"#id_{name}").get_by_role("button", name="增加一行").click()
            put(form, f"{name}-{number}", row)
    elif value not in ("", None, False):
        box(form.locator(f'[name="{name}"]'), value)


def box(boxes: Locator, value: Any) -> None:
    """Tick, choose or type."""
    kind = boxes.first.evaluate("box => box.type || box.tagName")
    if kind in ("radio", "checkbox"):
        many = [True] if value is True else value if isinstance(value, list) else [value]
        wanted = ["on" if one is True else str(one) for one in many]
        for one in boxes.all():
            if one.get_attribute("value") in wanted:
                one.check()
    elif kind == "select-one":
        boxes.first.select_option(str(value))
    else:
        boxes.first.fill(str(value))
