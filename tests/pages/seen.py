"""Pages that were rendered already, seen in a browser at every width: each is loaded once, then the window changes."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from axe import violations
from playwright.sync_api import Page, sync_playwright
from served import SITE, answer, chromium_path

WIDTHS = (320, 390, 768, 1440)
AXE_AT = (390, 1440)
"""One width on either side of where the layout turns: axe sees no more at others, and takes longest of all."""

THOROUGH = pytest.mark.parametrize("thorough", [False, pytest.param(True, marks=pytest.mark.deep)])
"""For tests that look at many pages: in every run axe sees each at one of the two widths, in turn, in `make deep` at both."""

Look = Callable[[Page, str, int], Iterator[str]]
"""What else to ask of a page by its address at a width; yields what is wrong."""


def faults_seen(pages: Mapping[str, str], look: Look | None = None, thorough: bool = True) -> list[str]:
    """What is wrong with these pages: wider than the window, refused by axe, complained of in the console, or by `look`."""
    wrong: list[str] = []
    with sync_playwright() as play:
        arguments = ["--disable-quic", "--disable-background-networking"]
        chromium = play.chromium.launch(executable_path=chromium_path(), args=arguments)
        context = chromium.new_context(locale="zh-CN")
        context.route("**/*", lambda route: answer(route, dict(pages)))
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"{message.location}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        for number, address in enumerate(pages):
            axe_at = AXE_AT if thorough else (AXE_AT[number % len(AXE_AT)],)
            page.goto(SITE + address)
            page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found = _at(page, address, width, look, width in axe_at)
                wrong += [f"{address} at {width}: {fault}" for fault in found]
        context.close()
        chromium.close()
    return wrong


def _at(page: Page, address: str, width: int, look: Look | None, axe: bool) -> Iterator[str]:
    """One page at one width."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"{wide} wide"
    if axe:
        yield from map(str, violations(page))
    if look:
        yield from look(page, address, width)
