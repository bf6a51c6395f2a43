"""Numbers of papers: gapless under many hands at once, voided with a reason, reserved in blocks."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from beside import CLIENTS, client, office_in
from clockwork import Clock
from installation import Installation
from knocks import refused_everywhere, signed_in
from play import Play, make_office
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door import numbers
from sanxiang.door.admin.rules import ACTS, Change
from sanxiang.door.administer import Unreadable, administer
from sanxiang.door.models import Number
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused

HANDS, EACH, FEW = 8, 4, 3
"""So many at once; over HTTP each decides so many cases, of processes each only three: making the cases takes longest."""
PROCESSES = 4
"""Each of these starts Django by itself."""


@pytest.fixture(scope="module")
def crowded(installations: Callable[[], Installation]) -> tuple[Installation, dict[str, Any]]:
    """An installation with a case one step before its decision for each decision at once."""
    place = installations()
    return place, office_in(place, HANDS * EACH + PROCESSES * FEW)


def shares(cases: list[str], hands: int) -> list[list[str]]:
    """The cases dealt out to the hands."""
    return [cases[i::hands] for i in range(hands)]


def test_four_processes_decide_at_once(crowded: tuple[Installation, dict[str, Any]], tmp_path: Path) -> None:
    place, told = crowded
    go = tmp_path / "go"
    command = [sys.executable, str(CLIENTS), "decide", str(go)]
    hands = []
    for cases in shares(told["cases"][: PROCESSES * FEW], PROCESSES):
        hand = subprocess.Popen(
            command,
            env=place.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert hand.stdin is not None
        hand.stdin.write(json.dumps({**told, "cases": cases}))
        hand.stdin.close()
        hands.append(hand)
    for hand in hands:
        assert hand.stdout is not None and hand.stdout.readline() == "ready\n", (
            hand.stderr and hand.stderr.read()
        )
    go.touch()
    given = []
    for hand in hands:
        assert hand.stdout is not None and hand.stderr is not None
        said, trouble = hand.stdout.read(), hand.stderr.read()
        assert hand.wait(120) == 0, trouble[-2000:]
        given += json.loads(said)
    assert sorted(given) == sorted(f"开水演当罚〔{year(given)}〕{i}号" for i in range(1, PROCESSES * FEW + 1))
    assert place.json("ledger", "verify")["valid"]


def year(given: list[str]) -> str:
    """The year in the numbers; one and the same in all, or the comparison fails."""
    return given[0].split("〔")[1][:4]


def test_eight_clients_decide_at_once_over_http(crowded: tuple[Installation, dict[str, Any]]) -> None:
    place, told = crowded
    user = told["users"]["officer1"]
    token = place.json("token", "issue", user, "--name", "并发试验", "--scope", "act", "--scope", "read")[
        "token"
    ]
    decision = {"officers": [told["people"][who] for who in ("officer1", "officer2")]}
    decision |= {"decision": stories.penalty("200"), "signed": "signed"}

    def decide(address: str, cases: list[str]) -> list[dict[str, Any]]:
        return [
            post(f"{address}/api/v1/cases/{case}/acts/decide-on-spot", token, {"data": decision})
            for case in cases
        ]

    before = json.loads(client(place, "audit"))["numbers"]
    with place.serve() as address, ThreadPoolExecutor(HANDS) as hands:
        dealt = shares(told["cases"][PROCESSES * FEW :], HANDS)
        done = [one for some in hands.map(lambda cases: decide(address, cases), dealt) for one in some]
    assert len({one["act"] for one in done}) == HANDS * EACH
    given = [text for text, _ in json.loads(client(place, "audit"))["numbers"]][len(before) :]
    first = len(before) + 1
    assert given == [f"开水演当罚〔{year(given)}〕{i}号" for i in range(first, first + HANDS * EACH)]
    assert place.json("ledger", "verify")["valid"]


def post(address: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    """One POST; an answer that is no success raises with what it said."""
    data = json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=120) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


@pytest.fixture
def office(db: None) -> Office:
    """An office of 开原."""
    return make_office("kaiyuan")


def texts(office: Office) -> list[tuple[str, str]]:
    """Every number of the office, in order, with what became of it."""
    rows = Number.objects.filter(series__agency=office.agency).order_by("series", "ordinal")
    return list(rows.values_list("text", "status"))


def test_each_agency_type_and_year_counts_by_itself(office: Office) -> None:
    other = make_office("laizhou")
    with transaction.atomic():
        given = [
            numbers.take(a, s, y)
            for a in (office.agency, other.agency)
            for s in ("罚", "立")
            for y in (2026, 2027)
        ]
        again = numbers.take(office.agency, "罚", 2026)
    assert given[:4] == [
        "开水演罚〔2026〕1号",
        "开水演罚〔2027〕1号",
        "开水演立〔2026〕1号",
        "开水演立〔2027〕1号",
    ]
    assert len(set(given)) == 8 and again == "开水演罚〔2026〕2号"


def test_a_failed_act_leaves_no_gap(office: Office, clock: Clock) -> None:
    """A refusal after the number was taken (the paper cannot be printed) gives it back."""
    play = Play(office, "summary", stories.summary("200"), clock)
    play.until("decide-on-spot")
    unprintable = stories.penalty("200") | {"found": "当事人在𓀀𓀁镇"}
    with pytest.raises(Refused) as refused:
        play.step(decision=unprintable)
    assert refused.value.verdicts[0].guard == "paper-printable"
    assert texts(office) == []
    play.step()
    assert [text for text, _ in texts(office)] == ["开水演当罚〔2026〕1号"]


def reserved(office: Office, count: int = 3) -> list[str]:
    """A block for the first officer, through the door."""
    told = {"series": "当罚", "count": count, "holder": office.people["officer1"]}
    first = administer("reserve-numbers", office.agency, office.people["unit-head"], told)
    return [f"开水演当罚〔{first.series.year}〕{first.ordinal + i}号" for i in range(count)]


def test_a_block_is_used_by_its_holder_and_the_series_goes_on_behind_it(office: Office, clock: Clock) -> None:
    play = Play(office, "summary", stories.summary("200"), clock)
    block = reserved(office)
    play.until("decide-on-spot")
    with play.branch():
        play.step()
        assert play.case.state["papers"]["spot-decision"]["number"].endswith("〕4号")
    with play.branch():
        play.step(reserved_number=block[1])
        assert play.case.state["papers"]["spot-decision"]["number"] == block[1]
        assert [status for _, status in texts(office)] == ["reserved", "issued", "reserved"]
        assert list(verify_all()) == []
        again = play.other()
        again.until("decide-on-spot", start_summary={"cause": "另一违法行为"})
        assert refused_everywhere(again.knock(reserved_number=block[1])).guards == {"number-reserved"}
    stranger = reserved_for(office, "officer3")
    assert refused_everywhere(play.knock(reserved_number=stranger)).guards == {"number-reserved"}
    assert refused_everywhere(play.knock(reserved_number="开水演当罚〔2026〕99号")).guards == {
        "number-reserved"
    }


def reserved_for(office: Office, who: str) -> str:
    """One number for somebody else."""
    told = {"series": "当罚", "count": 1, "holder": office.people[who]}
    return str(administer("reserve-numbers", office.agency, office.people["unit-head"], told).text)


def test_a_spoilt_number_is_voided_once_with_its_reason(office: Office) -> None:
    block, head = reserved(office), office.people["unit-head"]
    with pytest.raises(Refused) as refused:
        administer("void-number", office.agency, head, {"number": block[0]})
    assert {v.guard for v in refused.value.verdicts} == {"field:reason"}
    administer("void-number", office.agency, head, {"number": block[0], "reason": "现场写坏"})
    with pytest.raises(Refused) as refused:
        administer("void-number", office.agency, head, {"number": block[0], "reason": "再作废"})
    assert {v.guard for v in refused.value.verdicts} == {"reserved"}
    assert Number.objects.get(text=block[0]).reason == "现场写坏"
    assert list(verify_all()) == []


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"count": 0}, "count"),
        ({"count": 51}, "count"),
        ({"holder": "legal-reviewer"}, "holder"),
    ],
)
def test_a_block_has_bounds(change: dict[str, Any], guard: str, office: Office) -> None:
    told = {"series": "当罚", "count": 50, "holder": "officer1", **change}
    told["holder"] = office.people[str(told["holder"])]
    with pytest.raises(Refused) as refused:
        administer("reserve-numbers", office.agency, office.people["unit-head"], told)
    assert {v.guard for v in refused.value.verdicts} == {guard}
    assert texts(office) == []


def test_an_officer_reserves_nothing_and_an_unknown_series_is_unreadable(office: Office) -> None:
    told = {"series": "当罚", "count": 3, "holder": office.people["officer1"]}
    with pytest.raises(Refused) as refused:
        administer("reserve-numbers", office.agency, office.people["officer1"], told)
    assert {v.guard for v in refused.value.verdicts} == {"role"}
    with pytest.raises(Unreadable) as unreadable:
        administer("reserve-numbers", office.agency, office.people["unit-head"], {**told, "series": "无"})
    assert set(unreadable.value.errors) == {"series"}


def test_a_head_reserves_and_voids_on_pages(office: Office) -> None:
    head = signed_in(office.people["unit-head"])
    told = {"series": "当罚", "count": "2", "holder": str(office.people["officer1"].pk), "nonce": "one"}
    for _ in range(2):  # the second is the same form sent again
        answer = head.post("/desk/admin/acts/reserve-numbers/", told)
        assert (answer.status_code, answer["Location"]) == (302, "/desk/numbers/")
    block = list(Number.objects.values_list("pk", flat=True))
    assert len(block) == 2
    form = head.get(f"/desk/admin/acts/void-number/?agency={office.agency.pk}&number={block[0]}")
    assert form.status_code == 200 and "开水演当罚" in form.content.decode()
    head.post(
        "/desk/admin/acts/void-number/", {"number": str(block[0]), "reason": "现场写坏", "nonce": "two"}
    )
    assert sorted(status for _, status in texts(office)) == ["reserved", "void"]


def test_the_page_shows_every_number_that_is_no_paper(office: Office) -> None:
    block, head = reserved(office), office.people["unit-head"]
    administer("void-number", office.agency, head, {"number": block[0], "reason": "现场写坏"})
    answer = signed_in(head).get("/desk/numbers/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(number in text for number in block) and "现场写坏" in text and head.name not in block
    assert (
        block[0]
        not in signed_in(make_office("laizhou").people["unit-head"]).get("/desk/numbers/").content.decode()
    )


def test_a_number_voided_without_a_reason_is_named(office: Office) -> None:
    block = reserved(office, 1)
    Number.objects.filter(text=block[0]).update(status="void", reason="")
    assert [(f.what, f.where) for f in verify_all()] == [("number", block[0])]


def test_a_number_used_since_it_was_looked_at_is_not_voided(office: Office) -> None:
    block = numbers.reserve(office.agency, "罚决", 2026, 1, office.people["officer1"])
    stale = Number.objects.get(pk=block[0].pk)
    Number.objects.filter(pk=stale.pk).update(status="issued")
    change = Change(office.agency, {"reason": "写坏"}, 1, timezone.now(), uuid4(), {"number": stale})
    with pytest.raises(ValidationError, match="刚刚被使用"):
        ACTS["void-number"].write(change)
    assert Number.objects.get(pk=stale.pk).status == "issued"
