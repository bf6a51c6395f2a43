"""A long case against a short one: each page opened in turns of both, in milliseconds of the wall and of the process, with its
statements. The ratio is what the length costs; the wall time of the long one is what an officer waits for."""

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import door_modes
from sanxiang.cases.models import Case, Paper
from sanxiang.commands import serve
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.perform import perform

EVIDENCE = {"kind": "documentary", "title": "账册", "proves": "证明取水数量", "source_of": "当事人提供"}
SIZES = {"short": (50, 20), "long": (500, 200)}
"""Acts and papers."""
SLOW = {"check"}
"""Walks the whole file through again: opened a fifth as often."""


def addresses(case: UUID) -> dict[str, str]:
    """What is opened of a case."""
    desk, api = f"/desk/cases/{case}/", f"/api/v1/cases/{case}"
    return {
        "case": desk,
        "timeline": f"{desk}timeline/",
        "timeline_all": f"{desk}timeline/?all=1",
        "file": f"{desk}file/",
        "api_case": api,
        "api_acts": f"{api}/acts",
        "check": f"{desk}check/",
    }


def begun(office: Office, which: int) -> UUID:
    """A case under investigation, against another party each time."""
    steps = stories.investigated("2000", ("fine",), "org", which)[:5]
    return list(stories.play(steps, office, "ordinary", door_modes.began()))[-1].case.id


def grow(office: Office, case: UUID, acts: int, papers: int) -> None:
    """Inspections with their records and pieces of evidence in turns until there are so many papers, then acts that make none."""
    person, now = office.people["officer1"], timezone.now() - timedelta(days=100)
    told = {step.act: step for step in stories.investigated("2000", ("fine",), "org", 3)}
    plain = {name: dict(told[name].data(office, None)) for name in ("inspect", "show-certificate")}
    plain["add-evidence"] = {"officers": stories.two(office), **EVIDENCE}
    made = Paper.objects.filter(case=case).count()
    for n in range(Case.objects.get(pk=case).n, acts):
        at = now + timedelta(hours=3 * n // 5, minutes=n % 60)
        act = "show-certificate" if made >= papers else ("inspect", "add-evidence")[n % 2]
        perform(act, case, person, stories.dated(act, dict(plain[act]), at), now=at)
        made += act != "show-certificate"


def statements(client: Client, path: str) -> int:
    """How many statements one GET sends. Counted at once: the next request empties what was captured."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
        found = len(captured)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: HTTP {answer.status_code}")
    return found


def opened(client: Client, path: str) -> tuple[float, float]:
    """One GET: milliseconds of the wall and of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    client.get(path)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def in_turns(client: Client, paths: dict[str, str], rounds: int) -> dict[str, Any]:
    """One address of both cases, opened alternately after a first look that warms what is remembered."""
    for path in paths.values():
        client.get(path)
    counts = {size: statements(client, path) for size, path in paths.items()}
    took: dict[str, list[tuple[float, float]]] = {size: [] for size in paths}
    for _ in range(rounds):
        for size, path in paths.items():
            took[size].append(opened(client, path))
    found = {size: told(times) | {"queries": counts[size]} for size, times in took.items()}
    ratio = {f"{x}_ratio": round(found["long"][x] / found["short"][x], 2) for x in ("wall_p50", "cpu_p50")}
    return {**found, **ratio, "openings": rounds, "constant": counts["long"] == counts["short"]}


def told(times: list[tuple[float, float]]) -> dict[str, Any]:
    """The middle and the slowest twentieth, of the wall and of the process."""
    figures: dict[str, Callable[[list[float]], float]] = {"p50": statistics.median, "p95": slowest}
    return {
        f"{clock}_{name}": round(of([pair[n] for pair in times]), 1)
        for n, clock in enumerate(("wall", "cpu"))
        for name, of in figures.items()
    }


def slowest(times: list[float]) -> float:
    """What nineteen of twenty openings keep within."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def measure(rounds: int, part: int = 1) -> dict[str, Any]:
    """Every address of a short case and a long one, of `part` of whose length it is enough to see that it runs."""
    call_command("migrate", verbosity=0)
    office, cases = door_modes.office(), {}
    for which, (size, (acts, papers)) in enumerate(SIZES.items()):
        cases[size] = begun(office, which)
        grow(office, cases[size], acts // part, papers // part)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(office.people["officer1"], backend="sanxiang.people.signin.PersonBackend")
    serve.settle()  # as each worker is before its first request
    sizes = {
        size: {"acts": Case.objects.get(pk=case).n, "papers": Paper.objects.filter(case=case).count()}
        for size, case in cases.items()
    }
    opens = {size: addresses(case) for size, case in cases.items()}
    return {"sizes": sizes} | {
        name: in_turns(
            client,
            {size: opens[size][name] for size in cases},
            max(rounds // 5, 1) if name in SLOW else rounds,
        )
        for name in opens["long"]
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--part", type=int, default=1, help="a part of the acts and papers")
    args = parser.parse_args()
    print(json.dumps(measure(args.rounds, args.part)))
