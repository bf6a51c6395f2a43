"""A day that does not exist: the page says so beside the field, and nothing that was typed is dropped in silence."""

import pytest
from playwright.sync_api import Page, Request, sync_playwright
from served import SITE, answer, chromium_path

from conftest import Player, SignIn

pytestmark = pytest.mark.django_db
BOXES = {"#id_occurred_until": "2026-02-28", "#id_on": "2026-02-28T09:00"}
"""Two boxes of the form, and a day for each that there is."""
KEYS = "02302026"
"""30 February as it is struck in the date box of Chromium, whose own words are English here."""


def told(page: Page, selector: str) -> str:
    """What is said of the field, as a screen reader would join it to the field."""
    box = page.locator(selector)
    names = (box.get_attribute("aria-describedby") or "").split()
    assert box.get_attribute("aria-invalid") == "true"
    return "".join(page.locator(f"#{name}").inner_text() for name in names)


@pytest.mark.browser
def test_an_impossible_day_stays_in_the_form_and_is_told(play: Player, browser: SignIn) -> None:
    """A date box sends nothing for 2 月 30 日; the form must not go out as if nobody had written anything."""
    case = play("ordinary", "file")
    address = f"/desk/cases/{case.case_id}/acts/amend/"
    pages = {address: browser(case.person("officer1")).get(address).content.decode()}
    sent: list[Request] = []
    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=chromium_path())
        page = chromium.new_context(locale="zh-CN").new_page()
        page.route("**/*", lambda route: answer(route, pages))
        page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
        page.goto(SITE + address)
        for selector in BOXES:
            page.locator(selector).focus()
            page.keyboard.type(KEYS)
        page.locator("form.form .form-end button").first.click()
        for selector in BOXES:
            assert "不是有效的日期" in told(page, selector)
        assert not sent and page.evaluate("document.activeElement.id") == "id_occurred_until"
        for selector, day in BOXES.items():
            page.locator(selector).fill(day)
        assert not page.locator(".error").count()
        page.locator("form.form .form-end button").first.click()
        page.wait_for_load_state()
        assert len(sent) == 1
        chromium.close()


def test_an_impossible_day_that_was_sent_is_named(play: Player, browser: SignIn) -> None:
    case = play("ordinary", "file")
    address = f"/desk/cases/{case.case_id}/acts/amend/"
    sent = {"occurred_until": "2026-02-30", "on": "2026-02-30T09:00", "reason": "笔误"}
    page = browser(case.person("officer1")).post(address, sent)
    shown = page.content.decode()
    assert page.status_code == 422
    assert shown.count("“2026-02-30”不是有效的日期") == 4  # told above and beside each
