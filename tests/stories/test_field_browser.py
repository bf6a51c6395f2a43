"""In a village without signal, in a real browser: a case is taken along, acts are filled in and laid aside, and arrive once."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from beside import office_in, run_inside
from installation import Installation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("SANXIANG_DATABASE_URL")), reason="runs on SQLite only"),
]
SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from sanxiang.people.idle import begin
from sanxiang.people.models import Person
person, session = Person.objects.get(pk=PERSON), SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), "sanxiang.people.signin.PersonBackend"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
begin(session)
session.save()
print(json.dumps(session.session_key))
"""
ARRIVED = """
from sanxiang.door.offline import MARK
acts = Act.objects.filter(subject=CASE, name="add-evidence", openings__name=MARK).order_by("n")
print(json.dumps([[act.openings.get(name="title").value, act.openings.get(name=MARK).value, act.at.isoformat()] for act in acts]))
"""
VOIDED = """
from sanxiang.door.perform import perform
from sanxiang.people.models import Person
perform("void-case", CASE, Person.objects.get(pk=PERSON), {"reason": "登记有误"})
print("true")
"""
LOCK = "清江月下 2026"
expect.set_options(timeout=30_000)
SECRET = "界碑旁第三棵柳树下"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with a microphone that hums."""
    found = os.environ.get("SANXIANG_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium on this machine")
    arguments = [
        "--disable-quic",
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ]
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=arguments)
        yield opened
        opened.close()


Served = tuple[str, Callable[[str], str], dict[str, Any], Installation]


@pytest.fixture(scope="module")
def served(installations: Callable[[], Installation]) -> Iterator[Served]:
    """A served office with cases: its address, sessions by part, what there is."""
    place = installations()
    told = office_in(place, 2)

    def session(who: str) -> str:
        return str(run_inside(place, SESSION.replace("PERSON", repr(told["people"][who]))))

    with place.serve() as address:
        yield address, session, told, place


def signed_in(browser: Browser, served: Served, who: str) -> BrowserContext:
    """A phone on which that person is signed in."""
    address = served[0]
    context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 390, "height": 844})
    be(context, served, who)
    return context


def be(context: BrowserContext, served: Served, who: str) -> None:
    """Sign somebody in on a phone, whoever had it before."""
    context.clear_cookies()
    context.add_cookies([{"name": "sessionid", "value": served[1](who), "url": served[0]}])


def wait(page: Page, told: str, seconds: float = 60) -> None:
    """Until that is so. Playwright's own waiting evaluates text, which our pages forbid."""
    patience = time.monotonic() + seconds
    while not page.evaluate(told):
        assert time.monotonic() < patience, told
        time.sleep(0.1)


def take_along(page: Page, case: str) -> None:
    """From the case's page onto the device; the first time a lock is set."""
    page.goto(f"/desk/cases/{case}/")
    page.get_by_role("link", name="带到现场").click()
    expect(page.get_by_label("这台设备叫什么")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("这台设备叫什么").fill("二中队手机")
    page.get_by_label("设一个现场密码").fill(LOCK)
    page.get_by_label("再输一次").fill(LOCK)
    page.get_by_role("button", name="带到现场").click()
    expect(page.get_by_role("heading", name="可以填的表单")).to_be_visible()
    wait(page, "navigator.serviceWorker.getRegistration('/desk/').then((one) => Boolean(one && one.active))")
    assert violations(page) == []


def unlocked(context: BrowserContext, at: str = "") -> Page:
    """A new tab without a network, opened with what the officer typed."""
    page = context.new_page()
    page.goto(f"/desk/field/{at}")
    page.get_by_label("现场密码").fill(LOCK)
    page.get_by_role("button", name="打开").press("Enter")
    expect(page.get_by_label("现场密码")).to_have_count(0)
    return page


def fill_in(page: Page, case: str, title: str) -> None:
    """收集证据, as far as it has to be."""
    page.goto(f"/desk/field/#form/{case}/add-evidence")
    expect(page.locator("[name=title]")).to_be_visible()
    page.locator("[name=kind]").first.select_option("statement")
    page.locator("[name=title]").fill(title)
    for name in ("proves", "source_of"):
        page.locator(f"[name={name}]").fill(SECRET)


def arrived(served: Served, case: str) -> list[Any]:
    """The pieces of evidence that came in from a device, each with its title and both times."""
    found: list[Any] = run_inside(served[3], ARRIVED.replace("CASE", repr(case)))
    return found


LYING = """
async () => {
  const asked = indexedDB.open("sanxiang-field", 1);
  const base = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const all = base.transaction("records").objectStore("records").getAll();
  const rows = await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); });
  base.close();
  const text = new TextDecoder();
  return rows.map((row) => [row.kind, JSON.stringify({ ...row, box: undefined }) + text.decode(row.box.data)]);
}
"""
"""What lies on the device, as whoever takes it apart sees it."""


def test_what_was_filled_in_without_a_network_arrives_once_with_both_times(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    case = served[2]["cases"][0]
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"))
    context = signed_in(browser, served, "officer1")
    page = context.new_page()
    take_along(page, case)
    page.close()
    context.set_offline(True)
    page = unlocked(context)
    fill_in(page, case, "没有网络时拍的")
    expect(page.locator(".draft-state")).to_contain_text("已存在本机")
    page.close()
    page = unlocked(context, f"#form/{case}/add-evidence")
    expect(page.locator("[name=title]")).to_have_value("没有网络时拍的")
    page.locator("input[type=file]").first.set_input_files(photo)
    expect(page.locator(".uploads")).to_contain_text("已存在本机")
    assert violations(page) == []
    page.get_by_role("button", name="存入待发").press("Enter")
    expect(page.locator("#view")).to_contain_text("等候发出")
    assert violations(page) == []
    assert not [kind for kind, row in page.evaluate(LYING) if SECRET in row or "没有网络时拍的" in row]
    page.close()
    page = unlocked(context, "#queue")
    expect(page.locator("#view")).to_contain_text("收集证据")
    # The answer to the act is lost on its way.
    page.evaluate(
        "() => { const real = fetch; window.fetch = async (at, how) => { const answer = await real(at, how); "
        "if (String(at).includes('/acts/')) { window.fetch = real; window.lost = true; throw new TypeError('lost'); } return answer; } }"
    )
    context.set_offline(False)
    expect(page.locator("#view")).to_contain_text("已报到服务器")
    assert page.evaluate("window.lost === true")
    assert violations(page) == []
    [(title, mark, at)] = arrived(served, case)
    assert title == "没有网络时拍的" and mark["believed"] and mark["clock"] < mark["arrived"] and at
    assert not [kind for kind, _ in page.evaluate(LYING) if kind in ("queue", "piece", "draft")]
    context.close()


def test_a_case_that_moved_on_is_told_with_its_cure_and_nothing_is_lost(
    browser: Browser, served: Served
) -> None:
    """Then somebody else takes the phone, and at last its owner signs out."""
    case = served[2]["cases"][1]
    context = signed_in(browser, served, "officer1")
    page = context.new_page()
    take_along(page, case)
    context.set_offline(True)
    fill_in(page, case, "又拍了一张")
    page.get_by_role("button", name="存入待发").click()
    expect(page.locator("#view")).to_contain_text("等候发出")
    run_inside(
        served[3],
        VOIDED.replace("CASE", repr(case)).replace("PERSON", repr(served[2]["people"]["unit-head"])),
    )
    context.set_offline(False)
    item = page.locator("li.is-wrong")
    expect(item).to_contain_text("怎么办")
    assert violations(page) == []
    item.get_by_role("link", name="修改").press("Enter")
    expect(page.locator("[name=title]")).to_have_value("又拍了一张")
    assert arrived(served, case) == []

    be(context, served, "officer2")
    page.goto("/desk/")
    page.goto("/desk/field/#queue")
    expect(page.locator("#view")).to_contain_text("没有待发的内容")
    page.goto(f"/desk/field/#case/{case}")
    expect(page.locator("#view")).to_contain_text("不在本机")
    context.clear_cookies()
    page.goto("/desk/field/")
    page.get_by_label("现场密码").fill("猜一个试试看")
    page.get_by_role("button", name="打开").click()
    expect(page.locator("#told")).to_contain_text("现场密码不对")
    assert "渣土" not in page.locator("body").inner_text()

    be(context, served, "officer1")
    page.goto("/desk/field/#queue")
    expect(page.locator("li.is-wrong")).to_contain_text("收集证据")
    page.goto("/desk/")
    asked: list[str] = []
    page.on("dialog", lambda box: (asked.append(box.message), box.accept()))
    page.locator("details.account summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("密码")).to_be_visible()
    assert "还有 1 项待发" in asked[0] and page.evaluate(LYING) == []
    context.close()


def test_what_was_typed_survives_a_reload_and_is_gone_once_the_act_is_done(
    browser: Browser, served: Served
) -> None:
    """With a recording made in the form, listened to and taken in."""
    case = served[2]["cases"][0]
    context = signed_in(browser, served, "officer2")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    form = f"/desk/cases/{case}/acts/add-evidence/"
    page.goto(form)
    page.locator("[name=kind]").first.select_option("statement")
    page.locator("[name=title]").fill("询问的录音")
    page.locator("[name=proves]").fill(SECRET)
    expect(page.locator(".draft-state")).to_contain_text("已存在本机")
    page.reload()
    page.get_by_role("button", name="接着填").press("Enter")
    expect(page.locator("[name=proves]")).to_have_value(SECRET)
    expect(page.locator("[name=title]")).to_have_value("询问的录音")
    assert not [row for _, row in page.evaluate(LYING) if SECRET in row]
    page.locator("[name=source_of]").fill("当事人同意后录制")
    page.get_by_role("button", name="录音", exact=True).press("Enter")
    expect(page.locator(".voice")).to_contain_text("正在录音 0:02")
    assert violations(page) == []
    page.get_by_role("button", name="暂停").click()
    expect(page.locator(".voice")).to_contain_text("已暂停")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="录完").click()
    page.get_by_role("button", name="听一遍").click()
    page.get_by_role("button", name="用这段录音").click()
    expect(page.locator(".upload-state")).to_contain_text("校验值与本机文件一致")
    page.get_by_role("button", name="收集证据").click()
    page.get_by_label(
        "已经看过，仍然这样提交"
    ).check()  # the locality's words to begin a recording with were not said
    page.get_by_role("button", name="收集证据").click()
    expect(page.locator("[data-done]")).to_contain_text("已办理")
    page.goto(form)
    expect(page.locator("[name=title]")).to_be_visible()
    time.sleep(1)
    assert page.get_by_role("button", name="接着填").count() == 0 and page.evaluate(LYING) == []
    assert not [text for text in said if "422" not in text], said
    context.close()
