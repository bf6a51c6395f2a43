"""A long case: its pages at 50 and at 500 acts, with 20 and with 200 papers; milliseconds and statements of each address."""

import argparse
import json
import statistics
import time
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
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.perform import perform

EVIDENCE = {"kind": "documentary", "title": "账册", "proves": "证明取水数量", "source_of": "当事人提供"}
SIZES = ((50, 20), (500, 200))
"""Acts and papers."""


def addresses(case: UUID) -> dict[str, str]:
    """What is opened of a case."""
    desk, api = f"/desk/cases/{case}/", f"/api/v1/cases/{case}"
    return {
        "case": desk,
        "timeline": f"{desk}timeline/",
        "older": f"{desk}timeline/?from=40",
        "file": f"{desk}file/",
        "check": f"{desk}check/",
        "api_case": api,
        "api_acts": f"{api}/acts",
    }


def begun() -> tuple[Office, UUID]:
    """A case under investigation."""
    office = door_modes.office()
    steps = stories.investigated("2000", ("fine",), "org", 3)[:5]
    return office, list(stories.play(steps, office, "ordinary", door_modes.began()))[-1].case.id


def grow(office: Office, case: UUID, acts: int, papers: int) -> None:
    """Inspections, each with its record, and pieces of evidence, until there are so many of both."""
    person, now = office.people["officer1"], timezone.now() - timedelta(days=100)
    walked = stories.investigated("2000", ("fine",), "org", 3)
    told = next(dict(step.data(office, None)) for step in walked if step.act == "inspect")
    for n in range(Case.objects.get(pk=case).n, acts):
        at = now + timedelta(hours=3 * n // 5, minutes=n % 60)
        if Paper.objects.filter(case=case).count() < papers:
            perform("inspect", case, person, stories.dated("inspect", dict(told), at), now=at)
        else:
            perform("add-evidence", case, person, {"officers": stories.two(office), **EVIDENCE}, now=at)


def timed(client: Client, path: str, rounds: int) -> dict[str, float]:
    """Milliseconds of the middle and of the slowest twentieth, and statements; a first look warms what is remembered."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: HTTP {answer.status_code}")
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        client.get(path)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    worst = took[min(len(took) - 1, int(len(took) * 0.95))]
    return {"p50": round(statistics.median(took), 1), "p95": round(worst, 1), "queries": len(captured)}


def measure(rounds: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> dict[str, Any]:
    """By number of acts, every address."""
    call_command("migrate", verbosity=0)
    office, case = begun()
    client, found = Client(SERVER_NAME="127.0.0.1"), {}
    client.force_login(office.people["officer1"], backend="sanxiang.people.signin.PersonBackend")
    for acts, papers in sizes:
        grow(office, case, acts, papers)
        pages = {name: timed(client, path, rounds) for name, path in addresses(case).items()}
        found[str(acts)] = {"papers": Paper.objects.filter(case=case).count(), **pages}
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    print(json.dumps(measure(parser.parse_args().rounds)))
