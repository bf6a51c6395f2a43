"""A film from an officer's browser: sent by pieces with a pause and a reload between, then played from where it was marked."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from playwright.sync_api import Browser, Page, expect, sync_playwright

from beside import office_in, run_inside
from films import film_at
from installation import Installation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("SANXIANG_DATABASE_URL")), reason="runs on SQLite only"),
]
MB = 1 << 20
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    found = os.environ.get("SANXIANG_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=["--disable-quic", "--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(installations: Callable[[], Installation]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A served office with one case: its address, an officer's session, what there is."""
    place = installations()
    told = office_in(place, 1)
    session = run_inside(place, SESSION.replace("PERSON", repr(told["people"]["officer1"])))
    with place.serve() as address:
        yield address, session, told


@pytest.fixture
def page(browser: Browser, served: tuple[str, str, dict[str, Any]]) -> Iterator[Page]:
    """The officer's page; what the browser complains of fails the test."""
    address, session, _ = served
    context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    opened, said = context.new_page(), []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert not [text for text in said if "ERR_INTERNET_DISCONNECTED" not in text], said


def wait(page: Page, told: str, seconds: float = 20) -> None:
    """Until that is so. Playwright's own waiting evaluates text, which our pages forbid."""
    patience = time.monotonic() + seconds
    while not page.evaluate(told):
        assert time.monotonic() < patience, told
        time.sleep(0.1)


def test_a_film_is_sent_over_a_pause_and_a_reload(
    page: Page, served: tuple[str, str, dict[str, Any]], tmp_path: Path
) -> None:
    case = served[2]["cases"][0]
    film = film_at(tmp_path / "现场录像.mp4", seconds=12, size=80 * MB)
    form = f"/desk/cases/{case}/acts/add-evidence/"
    page.goto(form)
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 12 * MB}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    chosen = page.locator("input[type=file]").first
    chosen.set_input_files(film)
    state = page.locator(".upload-state")
    expect(state).to_contain_text("已传 2", timeout=30_000)
    page.get_by_role("button", name="暂停").click()
    expect(state).to_have_text("已暂停")
    assert violations(page) == []
    page.goto(form)
    expect(page.locator(".upload-hint")).to_contain_text("现场录像.mp4")
    line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    sent: list[int] = []
    page.on(
        "request",
        lambda one: sent.append(int(one.headers.get("upload-offset", 0))) if one.method == "PATCH" else None,
    )
    chosen.set_input_files(film)
    expect(state).to_contain_text("校验值与本机文件一致", timeout=60_000)
    assert min(sent) > MB, "what had come in was not sent again"
    page.locator("[name=kind]").first.select_option("audiovisual")
    for name in ("title", "proves", "source_of"):
        page.locator(f"[name={name}]").fill("现场录像")
    for spoken in page.locator("[name=script_said]").all():
        spoken.check()
    page.get_by_role("button", name="收集证据").click()
    page.wait_for_url(re.compile(rf"/desk/cases/{case}/$"))


@pytest.fixture
def playing(page: Page, served: tuple[str, str, dict[str, Any]]) -> Page:
    """The player of the film that has come in, read by the worker."""
    case = f"/desk/cases/{served[2]['cases'][0]}/"
    page.goto(case)
    play, patience = page.locator("#evidence .film-line").first, time.monotonic() + 30
    while "长 0:12" not in play.inner_text() and time.monotonic() < patience:
        time.sleep(1)
        page.goto(case)
    expect(play).to_contain_text("长 0:12")
    play.get_by_role("link", name="播放", exact=True).click()
    wait(page, "document.getElementById('player').readyState >= 1")
    return page


SEEK = """async (at) => {
  const player = document.getElementById("player");
  const begun = performance.now();
  const done = new Promise((resolve) => player.addEventListener("seeked", resolve, { once: true }));
  player.currentTime = at;
  await done;
  return performance.now() - begun;
}"""


def test_seeking_plays_within_a_second(playing: Page) -> None:
    """80 MB, fetched by parts; what is clicked is what is shown."""
    took = [playing.evaluate(SEEK, at) for at in (9, 2, 11, 5)]
    print(f"seeking took {max(took):.0f} ms at most")
    assert max(took) < 1000
    playing.locator(".pictures a").nth(6).click()
    wait(playing, "Math.abs(document.getElementById('player').currentTime - 6) < 1.1")
    assert violations(playing) == []


def test_a_mark_leads_from_the_paper_to_the_second(playing: Page) -> None:
    player = playing.url
    playing.evaluate(SEEK, 7)
    expect(playing.locator("#id_second")).to_have_value("0:07")
    chosen = playing.locator("#id_place option[value$=':3']").first
    playing.locator("#id_place").select_option(chosen.get_attribute("value"))
    playing.get_by_role("button", name="标注").click()
    mark = playing.locator(".marks li").first
    expect(mark).to_contain_text("0:07")
    mark.get_by_role("link", name="第3段").click()
    playing.locator(".sheet-marks a").first.click()
    wait(playing, "Math.abs(document.getElementById('player').currentTime - 7) < 0.5")
    assert playing.url.startswith(player)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_photo_taken_on_the_spot_says_where_by_its_device(
    page: Page, served: tuple[str, str, dict[str, Any]], tmp_path: Path, allowed: bool
) -> None:
    """The place as the device says it stands in the row of the photo, with the device's time; where it says none, that stands there."""
    if allowed:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 37.17761, "longitude": 119.94222, "accuracy": 12})
    photo = tmp_path / "IMG_1.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 made-up photograph")
    page.goto(f"/desk/cases/{served[2]['cases'][0]}/acts/add-evidence/")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="现场拍照").click()
    chooser.value.set_files(photo)
    place = page.locator("[name='clips-0-place']")
    said = "设备定位 37.17761,119.94222（误差 12 米）" if allowed else "设备没有给出位置（没有允许定位）"
    expect(place).to_have_value(
        re.compile(rf"^{re.escape(said)}，设备时间 \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d$"), timeout=15_000
    )
    expect(page.locator("[name='clips-0-means']")).to_have_value("photo")
    expect(page.locator("[name='clips-0-file']")).to_have_value(re.compile(r"^现场照片-\d{14}\.jpg$"))
    expect(page.locator(".upload-state")).to_contain_text("校验值与本机文件一致", timeout=30_000)
    assert violations(page) == []
