"""The face as a reader meets it: every part is shown, keeps to the content policy, fits a phone and satisfies axe."""

import mimetypes
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe import violations
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, sync_playwright
from seen import AXE_AT

from sanxiang.square.components import components, samples
from source_tree import ROOT

TEMPLATES = ROOT / "src" / "sanxiang" / "templates"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
SITE = "http://sanxiang.test"
ERRORS = ("400", "403", "403_csrf", "404", "405", "410", "429", "500")
INCLUDED = re.compile(r'include "(parts/\w+\.html)"')
EVIL = """'"><b>evil</b>"""
DRAWN = {"kind", "state", "unit", "draw"}
INLINE = re.compile(r"<[^>]*\s(?:style|on\w+)\s*=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def shown(query: str = "") -> str:
    """The page of components, as the view renders it."""
    request = RequestFactory().get("/components/", dict(parse_qsl(query)))
    return components(request).content.decode()


def answer(route: Route) -> None:
    """Serve the page and the static files inside this process, under the content policy of a real installation."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(address.path)[0] or "application/octet-stream"
        return route.fulfill(path=found, content_type=kind) if found else route.fulfill(status=404)
    return route.fulfill(
        body=shown(address.query),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page whose whole web is this process."""
    context = browser.new_context(locale="zh-CN")
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def test_every_part_is_shown() -> None:
    texts = {f"parts/{file.name}": file.read_text() for file in (TEMPLATES / "parts").glob("*.html")}
    seen: set[str] = set()
    waiting = ["components.html", "base.html", "desk_base.html", "square_base.html"]
    while waiting:
        name = waiting.pop()
        fresh = set(INCLUDED.findall(texts.get(name) or (TEMPLATES / name).read_text())) - seen
        seen |= fresh
        waiting += fresh
    assert set(texts) - seen == set()


@pytest.mark.parametrize("query", ["", "chrome=desk"])
def test_nothing_on_the_page_needs_an_exception_from_the_content_policy(query: str) -> None:
    assert INLINE.findall(shown(query)) == []


def test_no_template_of_the_face_writes_inline_styles_or_scripts() -> None:
    files = [*TEMPLATES.glob("*.html"), *(TEMPLATES / "parts").glob("*.html")]
    broken = {file.name: found for file in files if (found := INLINE.findall(file.read_text()))}
    assert broken == {}


def poisoned(value: Any, key: str = "") -> Any:
    """The same data with an attack in every text; only words that choose how a part is drawn stay."""
    if isinstance(value, dict):
        return {name: poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    return EVIL if isinstance(value, str) and key not in DRAWN else value


@pytest.mark.parametrize("base", ["square_base.html", "desk_base.html"])
def test_what_people_typed_is_shown_and_never_becomes_markup(base: str) -> None:
    html = render_to_string("components.html", {**poisoned(samples()), "base": base})
    assert "<b>evil" not in html
    assert html.count("&lt;b&gt;evil") > 150


@pytest.mark.browser
@pytest.mark.parametrize("query", ["", "chrome=desk"])
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_the_page_fits_and_satisfies_axe(page: Page, width: int, query: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{SITE}/components/?{query}")
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert width not in AXE_AT or violations(page) == []
    assert complaints == []


@pytest.mark.browser
def test_a_refused_form_puts_the_reader_at_the_summary_and_its_links_lead_to_the_fields(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    assert page.evaluate("document.activeElement.className") == "errors"
    for link in page.locator(".errors a").all():
        target = link.get_attribute("href") or ""
        assert page.locator(target).count() == 1, target


@pytest.mark.browser
def test_rows_are_added_and_removed_with_names_of_their_own(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    rows = page.locator("[data-rows] tbody tr")
    page.get_by_role("button", name="增加一行").click()
    page.get_by_role("button", name="增加一行").click()
    assert rows.count() == 4
    rows.nth(2).get_by_role("button").click()
    page.get_by_role("button", name="增加一行").click()
    names = [box.get_attribute("name") for box in page.locator("[data-rows] tbody input").all()]
    assert len(names) == len(set(names)) == 12


@pytest.mark.browser
def test_a_second_click_does_not_send_the_form_twice(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    sent = page.evaluate("""() => {
      let sent = 0;
      window.addEventListener("submit", (event) => { sent += !event.defaultPrevented; event.preventDefault(); });
      const button = document.querySelector(".form-end button");
      button.click();
      button.click();
      return sent;
    }""")
    assert sent == 1
