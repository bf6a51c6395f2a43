"""Lists that other systems hand in to a running server over a socket: cut in the middle, repeated, reconciled after a restart."""

import contextlib
import hashlib
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from beside import run_inside
from installation import Installation
from processes import soon

SUPERVISED = """
import json
from datetime import date, timedelta
from sanxiang.door.administer import administer, create_agency
from sanxiang.people.models import Agency
from sanxiang.people.tokens import issue_token
told = json.loads({told!r})
office = Agency.objects.get()
agency = create_agency({{"name": told["agency"], "short": "演示", "kind": told["kind"], "parent": office, "region": told["region"],
    "locality": office.locality}})
def post(where, username, name, role):
    person = administer("add-person", where, None, {{"username": username, "name": name, "password_hash": "!"}})
    return administer("grant-post", where, None, {{"person": person, "role": role, "valid_from": date(2025, 1, 2)}})
watch = post(office, "watch", "卫衡", "supervisor")
for username, name in told["officers"]:
    post(agency, username, name, "officer")
approver = post(agency, "approver", "申屠禾", "disclosure-approver")
now = timezone.now()
token = lambda one: issue_token(one, "对方系统", ("push",), now + timedelta(days=9), now)[0]
print(json.dumps({{"watch": token(watch), "approver": token(approver), "agency": str(agency.pk)}}))
"""


@dataclass
class Far:
    """The other system: it knows the server's address, its token and the agency."""

    made: Installation
    token: str
    approver: str
    agency: str
    address: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps({"agency": self.agency, **body}).encode()
        request = urllib.request.Request(f"{self.address}/api/v1{path}", text, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)

    def cut(self, path: str, body: Any, share: float) -> None:
        """The same with the line cut: after a share of the body, or (1) before the answer is read."""
        text = json.dumps({"agency": self.agency, **body}).encode()
        place = urlsplit(self.address)
        head = (
            f"POST /api/v1{path} HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        with socket.create_connection((place.hostname or "", place.port or 0), 10) as line:
            line.sendall(head.encode() + text[: int(len(text) * share)])
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_WR)

    def held(self, what: str) -> dict[str, str]:
        """What the server has of ours, page by page."""
        found: dict[str, str] = {}
        after = ""
        while True:
            path = f"/inbound/{what}/held?agency={self.agency}&after={quote(after, safe='')}"
            status, page = self.ask("GET", path)
            assert status == 200, page
            found |= {one["subject"]: one["digest"] for one in page["records"]}
            after = page["next"]
            if not after:
                assert len(found) == page["total"]
                return found

    def acts(self) -> int:
        """How many acts the agency's chain has."""
        code = f"print(json.dumps(Act.objects.filter(kind='agency', subject={self.agency!r}).count()))"
        return int(run_inside(self.made, code))


def digest(row: dict[str, str]) -> str:
    """As docs/exchange.md has it, worked out by the other side."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


Place = Callable[..., Far]


@pytest.fixture
def place(installations: Callable[[], Installation]) -> Iterator[Place]:
    """An installation of a locality with a supervisor whose token the other system has."""

    def made(
        locality: str,
        agency: str,
        region: str,
        kind: str = "department",
        officers: tuple[tuple[str, str], ...] = (),
    ) -> Far:
        found = installations()
        found.init(locality, "演示司法局")
        told = json.dumps({"agency": agency, "region": region, "kind": kind, "officers": officers})
        said = run_inside(found, SUPERVISED.format(told=told))
        return Far(found, said["watch"], said["approver"], said["agency"])

    yield made


def broken(far: Far, path: str, body: dict[str, Any], mine: dict[str, str]) -> None:
    """Half a package does nothing, nor does one without its source; one whose answer is lost is done."""
    what, before = path.rpartition("/")[2], far.acts()
    far.cut(path, body, 0.5)
    status, said = far.ask("POST", path, {**body, "source": ""})
    assert status == 400 and "source" in said["error"]["fields"]
    assert not mine.items() & far.held(what).items() and far.acts() == before
    far.cut(path, body, 1)
    soon(lambda: mine.items() <= far.held(what).items(), 60, "the package whose answer was lost is not here")


def repeated(far: Far, path: str, body: dict[str, Any], mine: dict[str, str]) -> None:
    """The same again, with its key or without, adds nothing, and the other side finds all of its own by subject and digest."""
    done = far.acts()
    for again in (body, {name: value for name, value in body.items() if name != "idempotency_key"}):
        status, said = far.ask("POST", path, again)
        assert status == 200 and {one["subject"]: one["digest"] for one in said["records"]} == mine
    assert mine.items() <= far.held(path.rpartition("/")[2]).items() and far.acts() == done


def test_the_police_hand_in_sums_over_a_line_that_breaks(place: Place) -> None:
    """Two sums arrive once; a column with a party's name is refused by row, a period to come too; nobody else's agency takes sums."""
    far = place("huantai", "桓台县公安局（试）", "370321", "police")
    rows = [
        {"period": "2026-03", "kind": "治安管理处罚", "count": 41, "amount": "8200"},
        {"period": "2026-03", "kind": "户籍许可", "count": 7, "amount": ""},
    ]
    mine = {
        f"{row['period']}/{row['kind']}": digest({**row, "count": str(row["count"])})  # type: ignore[dict-item]
        for row in rows
    }
    body = {"source": "公安系统网络", "rows": rows, "idempotency_key": "s-1"}
    with far.made.serve() as far.address:
        broken(far, "/inbound/summaries", body, mine)
    with far.made.serve() as far.address:
        repeated(far, "/inbound/summaries", body, mine)
        wrong = [{**rows[0], "party": "苏禾"}, {**rows[1], "count": -1}, {**rows[1], "period": "2026-13"}]
        status, said = far.ask("POST", "/inbound/summaries", {"source": "公安系统网络", "rows": wrong})
        fields = said["error"]["fields"]
        assert status == 400 and set(fields) == {"rows.0.party", "rows.1.count", "rows.2.period"}
        assert "没有这一项" in fields["rows.0.party"] and far.held("summaries") == mine
        ahead = [{**rows[0], "period": "2999-01"}]
        status, said = far.ask("POST", "/inbound/summaries", {"source": "公安系统网络", "rows": ahead})
        assert status == 400 and "还没有到" in said["error"]["message"]
        more = {"source": "公安系统网络", "rows": [{**rows[0], "count": 42}]}
        assert far.ask("POST", "/inbound/summaries", more)[0] == 201
        assert len(far.held("summaries")) == 2 and far.held("summaries") != mine


def test_the_power_network_hands_in_its_numbers_over_a_line_that_breaks(place: Place) -> None:
    """Numbers of two items arrive once; one item twice in a package is refused, and so is a token whose post may not."""
    far = place("dongying", "东营区水务局（试）", "370502")
    rows = [
        {"name": "取水许可", "number": "3700000101001"},
        {"name": "擅自取水的处罚", "number": "3700000202001"},
    ]
    mine = {row["name"]: digest(row) for row in rows}
    body = {"source": "行政权力网络运行系统", "rows": rows, "idempotency_key": "items-1"}
    with far.made.serve() as far.address:
        broken(far, "/inbound/items", body, mine)
    with far.made.serve() as far.address:
        repeated(far, "/inbound/items", body, mine)
        twice = {"source": "行政权力网络运行系统", "rows": [*rows, {**rows[0], "number": "9"}]}
        status, said = far.ask("POST", "/inbound/items", twice)
        assert status == 400 and set(said["error"]["fields"]) == {"rows.2"}
        moved = {
            "source": "行政权力网络运行系统",
            "rows": [{**rows[0], "number": "9"}],
            "idempotency_key": "items-1",
        }
        assert far.ask("POST", "/inbound/items", moved)[0] == 409 and far.held("items") == mine
        far.token = far.approver
        status, said = far.ask("POST", "/inbound/items", {"source": "甲系统", "rows": rows})
        assert (status, said["error"]["code"]) == (403, "post")
        far.token = "sx_none"
        assert far.ask("GET", "/inbound/items/held")[0] == 401


def test_certificates_and_inspections_come_from_the_provincial_platform(place: Place) -> None:
    """Rows for themselves: who has no account is refused by name and taken when repeated; an inspection takes somebody off the roster."""
    officers = (("99030001", "冉秋水"), ("99030002", "苏禾青"))
    far = place("dongying", "东营区水务局（试）", "370502", officers=officers)
    year = date.today().year
    line = {"categories": ["行政处罚"], "area": ["370500"], "valid_from": "2024-03-01", "valid_until": f"{year + 3}-02-28",
            "inspected_until": f"{year}-12-31", "exam_passed_on": "2024-02-01"}  # fmt: skip
    rows = [{"number": number, "name": name, **line} for number, name in officers]
    told = ("number", "name", "valid_until", "inspected_until", "exam_passed_on")
    mine = {str(row["number"]): digest({name: str(row[name]) for name in told}) for row in rows}
    source = "山东省行政执法监督管理平台"
    cards = {"source": source, "rows": rows}
    outcomes = [("99030001", "合格"), ("99030002", "不合格")]
    body = {
        "source": source,
        "year": str(year),
        "inspected_until": f"{year + 1}-12-31",
        "rows": [{"number": number, "outcome": outcome} for number, outcome in outcomes],
        "idempotency_key": "i-1",
    }
    results = {
        f"{year}/{number}": digest({"year": str(year), "number": number, "outcome": outcome})
        for number, outcome in outcomes
    }
    with far.made.serve() as far.address:
        broken(far, "/inbound/certificates", cards, mine)
        repeated(far, "/inbound/certificates", cards, mine)
        broken(far, "/inbound/inspections", body, results)
    with far.made.serve() as far.address:
        repeated(far, "/inbound/inspections", body, results)
        stranger = {"number": "99030003", "name": "顾清和", **line}
        later = {**rows[0], "valid_until": f"{year + 5}-02-28"}
        status, said = far.ask("POST", "/inbound/certificates", {"source": source, "rows": [stranger, later]})
        assert (status, said["updated"], said["added"]) == (201, 1, 0)
        (refused,) = said["rejected"]
        assert (refused["row"], refused["number"]) == (1, "99030003") and "还没有账号" in refused["reason"]
        assert set(far.held("certificates")) == {"99030001", "99030002"}
        wrong = {**body, "rows": [{"number": "99030009", "outcome": "合格"}], "idempotency_key": "i-2"}
        status, said = far.ask("POST", "/inbound/inspections", wrong)
        assert status == 422 and "99030009" in said["error"]["refused"][0]["fact"]
    code = (
        "from sanxiang.registers.before.roster import roster\n"
        "print(json.dumps([line.name for line in roster(timezone.localdate())]))"
    )
    assert run_inside(far.made, code) == ["冉秋水"]
