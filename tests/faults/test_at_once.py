"""R11: many people decide or publish the same case at the same moment: one succeeds, the others are told why not."""

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from clerks import Knocked, at_once, office_ready
from figures import count, told
from places import ENGINES, durable

from crowd import server
from installation import free_port
from sanxiang.demo import stories


def decision(people: dict[str, str]) -> dict[str, Any]:
    """What the officers decide on the spot."""
    two = [people["officer1"], people["officer2"]]
    return {"officers": two, "decision": stories.penalty("200"), "signed": "signed"}


def one_each(answers: list[Knocked]) -> dict[str, Any]:
    """One success for each case, refusals for the rest, no error of the server; the figures."""
    statuses = Counter(answer.status for answer in answers)
    faults = [(a.status, a.body) for a in answers if a.status not in (201, 422)]
    assert not faults, faults[:3]
    won = Counter(answer.case for answer in answers if answer.status == 201)
    assert set(won.values()) == {1} and set(won) == {answer.case for answer in answers}, won
    times = sorted(answer.ended - answer.began for answer in answers)
    return {
        "requests": len(answers),
        "cases": len(won),
        "done": statuses[201],
        "refused": statuses[422],
        "errors": 0,
        "p50_s": round(times[len(times) // 2], 3),
        "p99_s": round(times[int(len(times) * 0.99)], 3),
    }


@pytest.mark.deep
@pytest.mark.parametrize("engine", ENGINES)
def test_one_of_fifty_succeeds(engine: str, tmp_path: Path) -> None:
    crowd, many = 50, count("CASES", 10)
    with durable(engine, tmp_path) as (place, database):
        office = office_ready(place, many + 1)
        tokens, people = office["tokens"], office["people"]
        address = f"http://127.0.0.1:{free_port()}"
        port = urlparse(address).port or 0
        with server(place, port, "--workers", "2"):
            decide = [
                (address, tokens["officer1"], c, "decide-on-spot", decision(people)) for c in office["decide"]
            ]
            publish = [
                (address, tokens["disclosure-approver"], c, "publish", {"digest": digest})
                for c, digest in office["publish"].items()
            ]
            found = {
                "decide_one": one_each(at_once([decide[0]] * crowd, crowd)),
                "publish_one": one_each(at_once([publish[0]] * crowd, crowd)),
                "across": one_each(
                    at_once([job for _ in range(crowd // 2) for job in decide[1:] + publish[1:]], crowd)
                ),
            }
            deadlocks = (
                database.ask("SELECT sum(deadlocks)::int FROM pg_stat_database")[0][0] if database else 0
            )
        assert deadlocks == 0
        assert place.json("ledger", "verify")["valid"]
    told("R11", engine, deadlocks=deadlocks, **found)
