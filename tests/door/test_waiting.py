"""An act that waited for its case judges people as they stand when it gets it, not as they stood when it knocked."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from beside import CLIENTS, office_in
from installation import Installation

pytestmark = pytest.mark.skipif(
    not os.environ.get("SANXIANG_DATABASE_URL"),
    reason="on SQLite nobody waits for one case: the whole database is locked",
)
Sql = tuple[str, tuple[Any, ...]]


def suspend(people: dict[str, str]) -> Sql:
    """The deciding officer's certificate is suspended since yesterday."""
    change = "update people_certificate set suspended_from = current_date - 1, n = n + 1 where person_id = %s"
    return change, (people["officer1"],)


def end_posts(people: dict[str, str]) -> Sql:
    """The deciding officer's post ended yesterday."""
    change = "update people_post set valid_until = current_date - 2, n = n + 1 where person_id = %s"
    return change, (people["officer1"],)


def bar(people: dict[str, str]) -> Sql:
    """The deciding officer's account was closed."""
    return "update people_person set active = false, n = n + 1 where id = %s", (people["officer1"],)


@pytest.fixture(scope="module")
def office(installations: Callable[[], Installation]) -> tuple[Installation, dict[str, Any]]:
    """An installation with cases one step before their decision on the spot."""
    place = installations()
    return place, office_in(place, 6)


@pytest.mark.parametrize(("number", "change"), [(0, suspend), (1, end_posts), (2, bar)])
def test_what_changed_while_an_act_waited_counts(
    office: tuple[Installation, dict[str, Any]],
    tmp_path: Path,
    number: int,
    change: Callable[[dict[str, str]], Sql],
) -> None:
    """The officer decides one case, so that the people are remembered, then waits for the other, which somebody holds."""
    place, told = office
    first, held = told["cases"][2 * number : 2 * number + 2]
    url = place.env["SANXIANG_DATABASE_URL"]
    go = tmp_path / "go"
    go.touch()
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as other:
        holder.execute("select n from cases_case where id = %s for update", (held,))
        hand = subprocess.Popen(
            [sys.executable, str(CLIENTS), "decide", str(go)],
            env=place.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert hand.stdin is not None
        hand.stdin.write(json.dumps({**told, "cases": [first, held]}))
        hand.stdin.close()
        hand.stdin = None
        wait_for_the_lock(other, hand)
        statement, values = change(told["people"])
        assert other.execute(statement, values).rowcount == 1
        holder.rollback()
        said = hand.communicate(timeout=60)
        stages = dict(
            other.execute("select id::text, stage from cases_case where id in (%s, %s)", (first, held))
        )
        undo(other, told["people"]["officer1"])
    assert stages[first] == "decided", "before the change it was lawful"
    assert hand.returncode != 0 and "Refused" in said[1], said
    assert stages[held] == "scene"


def wait_for_the_lock(other: "psycopg.Connection[Any]", hand: "subprocess.Popen[str]") -> None:
    """Until the act has decided the first case and hangs on the second."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        row = other.execute(waiting).fetchone()
        if row and row[0]:
            return
        assert hand.poll() is None, hand.stderr and hand.stderr.read()
        time.sleep(0.05)
    raise AssertionError("the act never came to wait")


def undo(other: "psycopg.Connection[Any]", person: str) -> None:
    """The officer is as before."""
    for statement in (
        "update people_certificate set suspended_from = null, n = n + 1 where person_id = %s",
        "update people_post set valid_until = null, n = n + 1 where person_id = %s",
        "update people_person set active = true, n = n + 1 where id = %s",
    ):
        other.execute(statement, (person,))
