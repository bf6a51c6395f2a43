"""A real browser before the application of this process: the clock of the story is the clock of pages and server, and nothing listens.

Each window is one person's. What the browser asks goes to Django's test client, what that answers goes back; a redirection is
told by a page that goes on, for Playwright does not show the request that follows a redirection it was given.
"""

from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from playwright.sync_api import Browser, Page, Request, Route, expect
from served import SITE

from desk_walk import Walk
from play import Play
from reader import Client
from sanxiang.demo.stories import Step
from sanxiang.law.packs import Pack, load_pack

GO_ON = "<!doctype html><script>location.replace({address!r})</script>"
DROPPED = frozenset({"content-length", "set-cookie", "content-encoding"})


@dataclass
class Bridge:
    """The desk of one office, as desk_walk knows a desk."""

    browser: Browser
    play: Play
    address: str = SITE
    windows: dict[str, Page] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    context: Context = field(default_factory=copy_context)

    @property
    def pack(self) -> Pack:
        """What judges the case, or will."""
        return self.play.pack if self.play.case_id else load_pack(self.play.office.agency.locality)

    def window(self, who: str) -> Page:
        """That person's window, at the story's time."""
        if who not in self.windows:
            page = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
            page.set_default_timeout(60_000)
            client = self.clients[who] = Client(raise_request_exception=True)
            # In the context of the test: in one of its own Django would open another connection.
            page.route(
                "**/*", lambda route: answer(route, lambda asked: self.context.run(said_to, client, asked))
            )
            self.windows[who] = page
        page = self.windows[who]
        self.clients[who].cookies.clear()  # days have passed: the session is over
        self.clients[who].force_login(self.play.person(who))
        page.clock.set_fixed_time(self.play.clock.now)
        if page.url == "about:blank":
            page.goto(f"{self.address}/desk/")
            expect(page.get_by_role("link", name="今日")).to_be_visible()
        return page


def answer(route: Route, ask: Callable[[Request], HttpResponse]) -> None:
    """Give the browser what the application says, or the file."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        return route.fulfill(path=found) if found else route.fulfill(status=404)
    said = ask(route.request)
    if said.status_code in (301, 302, 303) and route.request.is_navigation_request():
        page = GO_ON.format(address=said["Location"])
        return route.fulfill(body=page, content_type="text/html; charset=utf-8")
    headers = {k: v for k, v in said.items() if k.lower() not in DROPPED}
    return route.fulfill(status=said.status_code, headers=headers, body=body_of(said))


def said_to(client: Client, asked: Request) -> HttpResponse:
    """What the application says to whoever is signed in."""
    address = urlsplit(asked.url)
    return client.generic(
        asked.method,
        f"{address.path}?{address.query}" if address.query else address.path,
        data=asked.post_data_buffer or b"",
        content_type=asked.headers.get("content-type", ""),
        headers={k: v for k, v in asked.headers.items() if k.startswith(("hx-", "accept"))},
    )


def body_of(said: HttpResponse) -> bytes:
    """All of it, streamed or not."""
    return b"".join(said.streaming_content) if said.streaming else said.content


@dataclass
class Road(Walk):
    """One case walked by the steps of a story, at the story's own times."""

    desk: Any

    def told(self, step: Step) -> dict[str, Any]:
        """What the story says in that step, at its time."""
        return self.desk.play.data_of(step, self.desk.play.moment)

    def go(self) -> None:
        """The story's next step, by the form that the page offers."""
        play: Play = self.desk.play
        step = play.next()
        play.pass_days(step.after)
        self.last = ""
        self.step(step)
        play.case_id = UUID(self.case)
        play.position += 1
