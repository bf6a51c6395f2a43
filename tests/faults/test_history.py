"""R16: what several people were told, held against what the ledger has: only permitted sequences, nothing lost, nothing extra.

After Elle: each answer is an event with its time of asking and of answering; a case is a register whose states are its acts.
"""

import json
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from clerks import Knocked, at_once, office_ready
from figures import count, told
from places import ENGINES, durable
from watching import check_history, signed_up_to, watching

from beside import client
from crowd import server
from installation import free_port
from sanxiang.demo import stories

pytestmark = pytest.mark.deep
ORDER = (
    "decide-on-spot",
    "serve-on-spot",
    "file-record",
    "prepare-publication",
    "publish",
    "record-payment",
    "close",
)
ONCE = {"decide-on-spot", "publish", "close"}
AFTER = {
    "serve-on-spot": "decide-on-spot",
    "file-record": "decide-on-spot",
    "record-payment": "decide-on-spot",
    "publish": "prepare-publication",
    "close": "decide-on-spot",
}
"""What may only come when something else has been."""
NEEDS = {"serve-on-spot": "decide-on-spot"}
WHO = {
    "prepare-publication": "disclosure-editor",
    "publish": "disclosure-approver",
    "close": "agency-head",
}


def said(act: str, office: dict[str, Any], case: str) -> dict[str, Any]:
    """What is told with an act."""
    two = {"officers": [office["people"]["officer1"], office["people"]["officer2"]]}
    return {
        "decide-on-spot": {**two, "decision": stories.penalty("200"), "signed": "signed"},
        "serve-on-spot": {**two, "receiver": "当事人的法定代表人", **stories.UNFILMED},
        "file-record": {"filed_with": "政策法规股"},
        "prepare-publication": {"plain_summary": stories.SUMMARY},
        "publish": {"digest": office["publish"].get(case, "0" * 64)},
        "record-payment": {"amount": "200", "towards": "principal", "receipt": "演示票据 0001"},
        "close": {"performed": "罚款已全部缴纳", **stories.APPROVED},
    }[act]


def check(answers: list[Knocked], held: list[list[Any]], before: Counter[str]) -> dict[str, int]:
    """Every law of the register; the figures."""
    done = [answer for answer in answers if answer.status == 201]
    by_id = {act: (case, n, name) for act, case, n, name in held}
    assert all(by_id.get(a.body["act"]) == (a.case, a.n, a.act) for a in done), (
        "told of an act that is not there"
    )
    rows = defaultdict(list)
    for _, case, n, name in held:
        rows[case].append((n, name))
    won = Counter(a.case for a in done)
    for case in {a.case for a in answers}:
        line = [name for _, name in sorted(rows[case])]
        assert [n for n, _ in sorted(rows[case])] == list(range(1, len(line) + 1)), (
            "a number twice or missing"
        )
        assert len(line) == before[case] + won[case], "an act that nobody was told of"
        twice = [name for name, times in Counter(line).items() if name in ONCE and times > 1]
        early = [name for at, name in enumerate(line) if name in AFTER and AFTER[name] not in line[:at]]
        assert not twice and not early, f"{line}: twice {twice}, too early {early}"
        mine = [a for a in done if a.case == case]
        late = [(a.n, b.n) for a in mine for b in mine if a.ended < b.began and a.n >= b.n]
        assert not late, "an act that was answered stands behind one that was asked for later"
    return {
        "requests": len(answers),
        "done": len(done),
        "refused": len(answers) - len(done),
        "cases": len(won),
    }


def unjust(answers: list[Knocked]) -> list[Knocked]:
    """Refusals of what had its ground before it was asked for and was not done by anybody until it was answered."""
    found = []
    for answer in answers:
        ground = NEEDS.get(answer.act)
        if answer.status != 422 or ground is None:
            continue
        same = [a for a in answers if a.case == answer.case and a.status == 201]
        stood = any(a.act == ground and a.ended < answer.began for a in same)
        taken = any(a.act == answer.act and a.began < answer.ended for a in same)
        found += [answer] if stood and not taken else []
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_told_is_what_is_held(engine: str, tmp_path: Path) -> None:
    many, requests, chance = count("CASES", 6), count("REQUESTS", 300), random.Random(16)
    with durable(engine, tmp_path) as (place, _):
        office = office_ready(place, many)
        address = f"http://127.0.0.1:{free_port()}"
        start = json.loads(client(place, "audit"))["acts"]
        before = Counter(case for _, case, *_ in start)
        cases = [*office["decide"], *office["publish"]]
        jobs = []
        for _ in range(requests):
            case, act = chance.choice(cases), chance.choice(ORDER)
            jobs.append(
                (address, office["tokens"][WHO.get(act, "officer1")], case, act, said(act, office, case))
            )
        with watching(address) as watcher, server(place, urlparse(address).port or 0, "--workers", "2"):
            answers = at_once(jobs, 6)
            signed_up_to(address)
        held = json.loads(client(place, "audit"))["acts"]
        odd = [(a.act, a.status, a.body) for a in answers if a.status not in (201, 422)]
        assert not odd, odd[:3]
        figures = check(answers, held, before)
        assert not unjust(answers)
        assert place.json("ledger", "verify")["valid"]
        figures |= check_history(place, watcher, {row[0] for row in held})
    assert figures["done"] > many
    told("R16", engine, violations=0, **figures)
