"""Slips of the person who sets an installation up: each gets a Chinese sentence with its cure, and nothing stops for it."""

import json
import os
import re
import socket
from collections.abc import Callable

import pytest

from installation import Installation

BUREAU = "某某县水务局"


@pytest.fixture(scope="module")
def county(installations: Callable[[], Installation]) -> Installation:
    """A bureau as `init` leaves it."""
    made = installations()
    made.init("kaiyuan", BUREAU)
    return made


def refused(made: Installation, *words: str, stdin: str = "") -> str:
    """What a command says that answers no; it never shows its insides."""
    done = made.run(*words, stdin=stdin)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_a_holiday_notice_mistyped_stops_nothing_and_is_named(county: Installation) -> None:
    file = county.data / "calendar" / "2027.toml"
    file.parent.mkdir()
    file.write_text('year = 2027\nnotice = "试字〔2026〕1号"\nissued_on = 2026-02-30\nstatus = "published"\n')
    try:
        (found,) = [c for c in county.json("doctor", code=1)["checks"] if not c["ok"]]
        assert found["what"] == "放假安排" and "2027.toml" in found["text"] and "第 3 行" in found["text"]
        assert "2027.toml" in refused(county, "remind")
        assert "2027.toml" in refused(county, "workday", "2027-01-04")
        with county.serve():
            pass
        assert "2027.toml" in (county.data / "serve.log").read_text()
    finally:
        file.unlink()
    assert county.json("doctor")["ok"]


def test_a_new_data_folder_is_its_owner_s_alone_and_an_open_one_is_told(county: Installation) -> None:
    assert county.data.stat().st_mode & 0o077 == 0
    county.data.chmod(0o755)
    try:
        (found,) = [c for c in county.json("doctor", code=1)["checks"] if not c["ok"]]
        assert found["what"] == "数据目录" and f"chmod 700 {county.data}" in found["text"]
    finally:
        county.data.chmod(0o700)


def test_somebody_s_own_folder_is_left_as_it_is(installation: Installation) -> None:
    (installation.data / "笔记.txt").write_text("别人的")
    installation.data.chmod(0o755)
    assert installation.run("init", "--locality", "kaiyuan", "--agency", BUREAU).returncode == 0
    assert installation.data.stat().st_mode & 0o777 == 0o755


def test_a_ledger_that_nobody_numbered_yet_is_not_called_verified_whole(installation: Installation) -> None:
    installation.init("kaiyuan", BUREAU)
    told, found = installation.run("ledger", "verify").stdout, installation.json("ledger", "verify")
    assert found["valid"] and found["entries"] == 0 and found["pending"] > 0
    assert f"另有 {found['pending']} 条还没有编号" in told


@pytest.mark.parametrize("port", ["99999999", "0", "-1", "八千"])
def test_a_port_that_is_none(port: str, county: Installation) -> None:
    for command in ("serve", "demo"):
        assert "1 到 65535" in refused(county, command, f"--port={port}")


@pytest.mark.skipif("SANXIANG_DATABASE_URL" in os.environ, reason="takes SQLite's file away")
def test_a_server_that_cannot_start_upgrades_nothing(installation: Installation) -> None:
    assert installation.run("init", "--locality", "kaiyuan", "--agency", BUREAU).returncode == 0
    for file in installation.data.glob("sanxiang.sqlite3*"):
        file.unlink()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "已被占用" in refused(installation, "serve", "--port", str(taken.getsockname()[1]))
    (found,) = [c for c in installation.json("doctor", code=1)["checks"] if c["what"] == "数据库"]
    assert not found["ok"] and "重新启动 sanxiang serve" in found["text"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("there.json", b'{"name": "a",\n bad}', "第 2 行第 2 个字符处写法有误"),
        ("gbk.json", '{"name": "某科"}'.encode("gbk"), "请用 UTF-8 另存"),
        ("missing.json", None, "没有这个文件或文件夹"),
    ],
)
def test_an_input_that_cannot_be_read_is_told_in_chinese(
    name: str, content: bytes | None, said: str, county: Installation
) -> None:
    file = county.data / name
    if content is not None:
        file.write_bytes(content)
    told = refused(county, "admin", "add-unit", "--agency", BUREAU, "--input", str(file))
    assert said in told and not re.search("[A-Za-z]{5,}", told.replace(str(file), "").replace("JSON", ""))


@pytest.mark.parametrize(
    ("kind", "named"),
    [("people", "“姓名”“单位”"), ("cases", "“当事人”“案由”"), ("decisions", "“行政相对人名称”")],
)
def test_a_table_without_our_columns_is_told_which_there_are(
    kind: str, named: str, county: Installation
) -> None:
    file = county.data / "甲乙.csv"
    file.write_text("甲,乙\n1,2\n")
    told = refused(county, "import", kind, str(file), "--agency", BUREAU)
    assert "首行是“甲,乙”" in told and named in told and "docs/" not in told


@pytest.mark.parametrize("code", ["9133010000000000001", "91330100000000000"])
def test_a_credit_code_too_long_or_too_short_is_counted_not_asked_to_be_worded_shorter(
    code: str, county: Installation
) -> None:
    words = ("admin", "change-agency", "--agency", BUREAU, "--input", "-")
    done = county.run(*words, stdin=json.dumps({"uscc": code}))
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert "18 位" in told and f"{len(code)}" in told and "写得短一些" not in told
