"""`sanxiang admin`: the same acts from the command line, in an installation of its own, several at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from installation import Installation

BUREAU = "云溪县水务局"
AT_ONCE = 6


@pytest.fixture(scope="module")
def county(installations: Callable[[], Installation]) -> Installation:
    """A fresh installation with one agency and three administrators."""
    made = installations()
    made.init("huantai", BUREAU)
    return made


def admin(county: Installation, act: str, told: dict[str, Any], *words: str, code: int = 0) -> Any:
    """One act on the bureau."""
    text = json.dumps(told, ensure_ascii=False)
    return county.json("admin", act, "--agency", BUREAU, "--input", "-", *words, code=code, stdin=text)


def test_the_list_names_every_act_with_its_fields(county: Installation) -> None:
    acts = {row["act"]: row for row in county.json("admin", "list")}
    assert {"register-agency", "grant-post", "issue-certificate", "release-register"} <= set(acts)
    assert acts["grant-post"]["by"] == ["security-admin"]
    role = next(f for f in acts["grant-post"]["fields"] if f["name"] == "role")
    assert role["required"] and role["options"]["officer"] == "执法人员"
    began = acts["record-qualification"]["fields"][-1]
    assert began["name"] == "started_review_on" and "2017年12月31日及以前" in began["help"]
    told = county.run("admin", "list").stdout
    assert f"started_review_on：{began['help']}" in told and acts["record-qualification"]["help"] in told


def test_an_account_is_made_and_its_password_is_told_once(county: Installation) -> None:
    made = admin(county, "add-person", {"username": "linqing", "name": "林青"}, "--as", "sysadmin")
    assert len(made["password"]) == 19 and made["act"] == "add-person"
    post = {"person": "linqing", "role": "officer", "valid_from": "2024-01-01"}
    refused = admin(county, "grant-post", post, "--as", "sysadmin", code=1)["refused"]
    assert [v["guard"] for v in refused] == ["role"] and "由安全管理员办理" in refused[0]["fact"]
    assert "password" not in admin(county, "grant-post", post, "--as", "secadmin")
    wrong = {**post, "valid_from": "2026-02-30", "x": 1, "unit": "没有的股"}
    errors = admin(county, "grant-post", wrong, "--as", "secadmin", code=1)["errors"]
    assert set(errors) == {"valid_from", "x", "unit"} and "不是有效的日期" in errors["valid_from"]
    files = [
        path for path in county.data.rglob("*") if path.is_file()
    ]  # the database too, where it is a file
    assert files and not any(made["password"].encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("admin", "dance", "--agency", BUREAU), 1, "没有“dance”这个管理动作"),
        (("admin", "add-unit", "--agency", "没有局"), 1, "没有机关“没有局”"),
        (("admin", "add-unit", "--agency", BUREAU, "--as", "nobody"), 1, "没有在用的账号"),
        (("admin", "add-unit"), 2, "缺少参数"),
    ],
)
def test_a_mistake_is_a_sentence(county: Installation, words: tuple[str, ...], code: int, said: str) -> None:
    done = county.run(*words)
    assert done.returncode == code and said in done.stderr and "Traceback" not in done.stderr


def test_an_agency_below_begins_its_own_chain(county: Installation) -> None:
    town = {"name": "清江镇人民政府", "kind": "town", "region": "370321", "locality": "huantai"}
    admin(county, "register-agency", town, "--as", "sysadmin")
    unit = json.dumps({"name": "综合执法队", "kind": "brigade"})
    words = ("admin", "add-unit", "--agency", town["name"], "--as", "sysadmin", "--input", "-")
    assert county.json(*words, stdin=unit)["n"] == 2
    taken = admin(county, "register-agency", town, "--as", "sysadmin", code=1)["refused"]
    assert [v["guard"] for v in taken] == ["taken:name"]


@pytest.mark.storage
def test_acts_at_once_take_numbers_without_a_gap(county: Installation) -> None:
    def add(number: int) -> dict[str, Any]:
        return dict(admin(county, "add-unit", {"name": f"第{number}中队", "kind": "brigade"}))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(add, range(AT_ONCE)))
    numbers = sorted(one["n"] for one in done)
    assert numbers == list(range(numbers[0], numbers[0] + AT_ONCE))
    assert not county.json("ledger", "verify")["faults"]


def test_init_says_what_to_do_next(county: Installation) -> None:
    """A second run changes nothing, and tells whoever sits before it where to go on."""
    told = county.run("init", "--locality", "huantai", "--agency", BUREAU).stdout
    assert f"sanxiang serve --data {county.data}" in told and "“管理”页" in told


def test_no_first_passwords_are_promised_where_every_row_was_refused(county: Installation) -> None:
    sheet = county.data / "officers.csv"
    sheet.write_bytes("姓名,单位,证件编号\r\n林远舟,云溪县水务局,\r\n".encode("gbk"))
    secrets = county.data / "first.csv"
    words = ("import", "people", str(sheet), "--agency", BUREAU, "--passwords", str(secrets))
    told = county.run(*words).stdout
    assert "退回 1" in told and "初始密码写在" not in told
