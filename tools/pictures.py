"""Take the pictures of the README from a fresh demonstration: the case page, the portal, a refusal, the figures, a proof.

Usage: .venv/bin/python tools/pictures.py [FOLDER]   (default docs/pictures). Needs Chromium and a minute; run it again when a page changes.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT, COLOURS, LIMIT = 1280, 1000, 128, 300_000
CASE = "北辰农机"
"""A case that waits for its decision."""
RECEIPT = {"place": "当事人住所", "receiver": "顾长庚（当事人的负责人）", "proof": "当面签收"}


@contextlib.contextmanager
def served(data: Path) -> Iterator[tuple[str, str]]:
    """A fresh demonstration on a free port: its address and its password."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("SANXIANG_")} | {"PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "sanxiang"]
    place = ["--data", str(data)]
    made = subprocess.run(
        [*command, "demo", "--once", "--json", *place], env=env, capture_output=True, text=True, check=True
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*command, "serve", "--port", str(port), *place], env=env)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}", json.loads(made.stdout)["password"]
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str) -> None:
    """Return when the address answers; TimeoutError after a minute."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.1)
    raise TimeoutError(address)


def page_of(browser: Browser, address: str, who: str = "", password: str = "") -> Page:
    """A window of that person, at the desk; of a stranger, at the portal."""
    size: Any = {"width": WIDTH, "height": HEIGHT}
    page = browser.new_context(locale="zh-CN", viewport=size).new_page()
    page.goto(f"{address}/desk/" if who else address)
    if who:
        page.get_by_label("账号").fill(who)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="案件", exact=True).first.click()
    return page


def keep(page: Page, file: Path, place: str = "body") -> None:
    """The window from that place on as a small PNG; ValueError when it is too big for a README."""
    page.evaluate(
        "place => { document.activeElement.blur(); document.querySelector(place).scrollIntoView() }", place
    )
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > LIMIT:
        raise ValueError(f"{file} has {file.stat().st_size} bytes")


def open_case(page: Page) -> None:
    """Open the case from the list."""
    page.get_by_role("link", name=CASE).first.click()


def send(page: Page) -> None:
    """Press the form's button."""
    page.locator("main .form-end button.button").first.click()


def done(page: Page) -> None:
    """Press the button and see that it was done; RuntimeError with what the page says when it was refused."""
    send(page)
    page.wait_for_load_state()
    if refused := page.locator(".verdict-fact, .errors li").all_inner_texts():
        raise RuntimeError("；".join(refused))


def notify_again(page: Page) -> None:
    """The officer serves the notice anew, so that its periods run from today."""
    case = page.url
    page.goto(f"{case}acts/notify-penalty/")
    page.locator("[name=defence_days]").fill("5")
    done(page)
    page.goto(f"{case}acts/serve/")
    page.locator("[name=paper]").select_option("penalty-notice")
    page.locator("[name=way][value=direct]").check()
    page.locator("[name=served_on]").fill(datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    for name, text in RECEIPT.items():
        page.locator(f"[name={name}]").fill(text)
    done(page)
    page.goto(case)


def check_proof(page: Page) -> None:
    """Somebody has a published decision's place in the log checked by the browser."""
    page.locator("main a[href^='/decisions/'][href$='/']:not([href='/decisions/'])").first.click()
    page.get_by_role("link", name="在浏览器里核验这一条").click()
    page.get_by_role("heading", name="证明成立").wait_for()


def take(browser: Browser, address: str, password: str, folder: Path) -> None:
    """The five pictures. The head has the decision open while the notice is served anew, and is refused."""
    portal = page_of(browser, address)
    keep(portal, folder / "portal.png")
    check_proof(portal)
    keep(portal, folder / "proof.png", "#check-result")
    head = page_of(browser, address, "ky-agency-head", password)
    open_case(head)
    head.goto(f"{head.url}acts/decide/")
    head.locator("[name=opinion]").fill("事实清楚，证据充分，同意处罚建议。")
    officer = page_of(browser, address, "ky-officer1", password)
    open_case(officer)
    notify_again(officer)
    keep(officer, folder / "case.png")
    send(head)
    head.get_by_role("heading", name="现在还不能办理").wait_for()
    keep(head, folder / "refusal.png")
    head.goto(f"{address}/desk/figures/")
    keep(head, folder / "figures.png")


def main() -> None:
    """Serve, take, stop."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "pictures")
    folder = words.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("SANXIANG_CHROMIUM") or shutil.which("chromium")
    if not found:
        sys.exit("no Chromium on this machine")
    with (
        tempfile.TemporaryDirectory() as data,
        served(Path(data) / "data") as (address, password),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=found)
        take(browser, address, password, folder)
        browser.close()


if __name__ == "__main__":
    main()
