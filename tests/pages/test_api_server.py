"""The API of a running server, with a token from the command line: requests that come at once and again."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from beside import office_in
from installation import Installation

AT_ONCE = 8


@dataclass(frozen=True)
class Server:
    """A served office, who works there by which account, and a token of its first officer."""

    installation: Installation
    address: str
    token: str
    users: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/api/v1{path}", text, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)

    def at_once(self, requests: list[tuple[str, Any]]) -> list[tuple[int, Any]]:
        """Several POSTs at the same time."""
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(lambda one: self.ask("POST", *one), requests))

    def clue(self, **more: Any) -> dict[str, Any]:
        """What registers a new clue."""
        party = {"kind": "org", "name": "云溪清源建材有限公司"}
        data = {
            "source": "inspection",
            "summary": "厂区内有未经批准的取水设施",
            "party": party,
            "cause": "擅自取水",
        }
        discovered = {
            "found_on": date.today().isoformat(),
            "occurred_on": (date.today() - timedelta(days=3)).isoformat(),
        }
        asked = self.ask("GET", "/procedures/ordinary")[1]["acts"]
        names = next(act for act in asked if act["first"])["schema"]["properties"]
        known = {**data, **discovered, "occurred_at": "当事人厂区"}
        return {"procedure": "ordinary", "data": {k: v for k, v in known.items() if k in names}, **more}


@pytest.fixture(scope="module")
def server(installations: Callable[[], Installation]) -> Iterator[Server]:
    """An office of 开原, served, with a token of its first officer."""
    made = installations()
    users = office_in(made, 1)["users"]
    words = ("--name", "对接测试", "--scope", "read", "--scope", "act")
    issued = made.json("token", "issue", users["officer1"], *words)
    with made.serve("--workers", "2") as address:
        yield Server(made, address, issued["token"], users)


def total(server: Server) -> int:
    """How many cases there are."""
    return int(server.ask("GET", "/cases")[1]["total"])


def test_one_key_sent_at_once_opens_one_case(server: Server) -> None:
    before = total(server)
    answers = server.at_once([("/cases", server.clue(idempotency_key="clue-1"))] * AT_ONCE)
    assert sorted(status for status, _body in answers) == [200] * (AT_ONCE - 1) + [201], answers
    assert len({body["case"] for _status, body in answers}) == 1
    assert total(server) == before + 1


def test_different_keys_sent_at_once_open_a_case_each(server: Server) -> None:
    before = total(server)
    answers = server.at_once([("/cases", server.clue(idempotency_key=f"many-{n}")) for n in range(AT_ONCE)])
    assert [status for status, _body in answers] == [201] * AT_ONCE, answers
    assert total(server) == before + AT_ONCE


def test_one_key_with_two_bodies_at_once_keeps_one_and_refuses_the_other(server: Server) -> None:
    other = server.clue(idempotency_key="fork")
    other["data"] = {**other["data"], "cause": "未按规定公示取水信息"}
    answers = server.at_once([("/cases", server.clue(idempotency_key="fork")), ("/cases", other)])
    assert sorted(status for status, _body in answers) == [201, 409]


def test_the_ledger_holds_after_all_this(server: Server) -> None:
    assert server.installation.json("ledger", "verify")["valid"] is True


def test_a_token_taken_back_holds_no_longer(server: Server) -> None:
    issued = server.installation.json(
        "token", "issue", server.users["officer2"], "--name", "短期", "--scope", "read", "--days", "1"
    )
    one = replace(server, token=issued["token"])
    assert one.ask("GET", "/me")[0] == 200
    assert one.ask("POST", "/cases", server.clue())[0] == 403
    listed = server.installation.json("token", "list")
    assert issued["id"] in {row["id"] for row in listed} and issued["token"] not in json.dumps(listed)
    assert "（执法人员，" in server.installation.run("token", "list").stdout
    server.installation.json("token", "revoke", issued["id"])
    status, answer = one.ask("GET", "/me")
    assert status == 401 and "安全管理员" in answer["error"]["message"], (
        "the system administrator issues none"
    )
    assert server.installation.run("token", "revoke", issued["id"]).returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "nobody", "--name", "x", "--scope", "read"),
        ("issue", "sysadmin", "--name", "x", "--scope", "read"),
        ("issue", "officer1", "--name", "x", "--scope", "read", "--days", "400"),
        ("issue", "officer1", "--name", "x", "--scope", "read", "--role", "agency-head"),
        ("revoke", "x"),
    ],
)
def test_a_token_that_cannot_be_is_refused_in_a_sentence(server: Server, words: tuple[str, ...]) -> None:
    done = server.installation.run("token", *(server.users.get(word, word) for word in words))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert len((done.stderr or done.stdout).strip().splitlines()) == 1


def test_a_search_too_long_is_answered_in_chinese(server: Server) -> None:
    """Five hundred characters are searched for; what no server could read gets a page that says what to do."""
    told = {}
    for many in (500, 2000):
        try:
            with urllib.request.urlopen(
                f"{server.address}/decisions/?q={quote('渣土' * (many // 2))}"
            ) as page:
                told[many] = page.status, page.read().decode()
        except urllib.error.HTTPError as answer:
            told[many] = answer.code, answer.read().decode()
    status, page = told[500]
    assert status in (200, 422) and 'maxlength="200"' in page
    status, page = told[2000]
    assert status == 414 and "查询的文字太长" in page and "<title>URI" not in page
