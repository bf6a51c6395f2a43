"""`sanxiang demo` on an empty folder: it builds, serves, shows disclosure whole, and takes a case whose first step sets a paper."""

import contextlib
import html
import http.cookiejar
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation import free_port, new_installation, wait_for
from sanxiang.demo.people import PASSWORD

BUILD = 600
"""Seconds for the demonstration to be built and to answer."""
PATIENCE = 60
"""Seconds for one answer; two are usual, and a worker that cannot set papers never answers."""

SOURCE = {
    "source": "inspection",
    "summary": "巡查发现",
    "party-kind": "org",
    "party-name": "云溪明德建材有限公司",
    "cause": "未经批准在河道管理范围内弃置渣土",
    "occurred_on": "2020-01-06",
    "continuing": "on",
    "occurred_at": "清河左岸",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that the process serving it has just built; both tests look at the one."""
    place: Path = tmp_path_factory.mktemp("demo")
    with new_installation(place / "demo") as made:
        port, log = free_port(), place / "demo.log"
        command = [sys.executable, "-m", "sanxiang", "demo", "--port", str(port)]
        with log.open("ab") as out:
            server = subprocess.Popen(command, env=made.env, stdout=out, stderr=out)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server, log, BUILD)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()
            server.wait()


def test_a_fresh_demonstration_takes_a_new_case(demo: str) -> None:
    """Setting a paper in the server that has just built the demonstration answers, and the case is there."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def read(path: str) -> str:
        return str(browser.open(demo + path, timeout=PATIENCE).read().decode())

    def post(path: str, fields: dict[str, str]) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', read(path))
        assert token, path
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        return str(browser.open(demo + path, sent, timeout=PATIENCE).read().decode())

    post("/desk/sign-in/?next=/desk/", {"username": "ky-officer1", "password": PASSWORD, "next": "/desk/"})
    link = re.search(r'href="(/desk/cases/new/ordinary/[^"]*)"', read("/desk/cases/new/"))
    assert link
    page = post(link[1].replace("&amp;", "&"), SOURCE)
    assert "案件来源登记表" in page and "已办理：登记案源" in page

    portal = read("/party/")
    known = re.findall(
        r'查询码 <span class="mono">(\w+)</span>，代码 <span class="mono">(\w+)</span>', portal
    )
    assert len(known) == 5, "one party for each locality"
    for code, number in known:
        shown = post("/party/", {"code": code, "id_number": number, "look": "1"})
        assert "正在办理" in shown and "现场笔录、询问笔录" in shown, "its request waits"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    post("/desk/sign-in/?next=/desk/", {"username": "ky-agency-head", "password": PASSWORD, "next": "/desk/"})
    today = read("/desk/")
    assert "答复查阅、复制申请" in today and "决定是否同意调取副本" in today, "and so does the other"


KINDS = (
    "行政处罚",
    "行政许可",
    "行政强制",
    "行政检查",
    "行政征收",
    "行政收费",
    "行政征用",
    "行政确认",
    "行政裁决",
)
"""Kinds of decisions that stand on the portal."""


def test_a_fresh_demonstration_shows_disclosure_whole(demo: str) -> None:
    """Every kind of decision, lists of all five, what was withdrawn, put right and shown long enough; voices, exchange, what is late."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def read(path: str) -> str:
        return html.unescape(str(browser.open(demo + path, timeout=PATIENCE).read().decode()))

    numbers = read("/statistics/")
    assert [kind for kind in KINDS if f">{kind}<" not in numbers] == []
    assert read("/decisions/withdrawn/").count("行政复议机关撤销了原处罚决定") == 5
    organs = dict(re.findall(r'<a href="(/agencies/[0-9a-f-]+/)">([^<]*（演示）)</a>', read("/agencies/")))
    assert len([name for name in organs.values() if "司法局" not in name]) == 5
    for address in (one for one, name in organs.items() if "司法局" not in name):
        shown = read(address)
        told = re.search(r'已公开 <b class="num">(\d+)/(\d+)</b>', shown)
        assert told and told[1] == told[2], address
        assert "程序" in read(f"{address}flowchart/") and "一号窗口" in read(f"{address}window/")
        guides = read(f"{address}guide/")
        assert "没有服务指南的事项" not in guides and "这一项办的是" in guides
    rows = json.loads(read("/open-data/decisions.json"))
    firms = [one for one in rows["decisions"] if one["party"].endswith("有限公司")]
    assert firms and [one["party"] for one in firms if not one["party_code"]] == []
    texts = [read(f"/decisions/{one['id']}/") for one in rows["decisions"]]
    assert sum("本条更正过" in text for text in texts) == 5
    assert any("公开到" in text for text in texts)
    assert "已抽取" in read("/inspection/")
    [district] = re.findall(r'<a href="(/agencies/[0-9a-f-]+/)">东营区人民政府</a>', read("/agencies/"))
    assert "行政执法主体资格清单" in read(district.replace("agencies", "districts"))
