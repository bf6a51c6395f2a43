"""Queries a page (issue: bench d): the same for a small case and a large one, for few cases and many."""

import json
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import door_modes
from sanxiang.demo import stories
from sanxiang.door.perform import perform

EVIDENCE = {"kind": "documentary", "title": "账册", "proves": "证明取水数量", "source_of": "当事人提供"}


def measure() -> dict[str, Any]:
    """Queries of the case page with few acts and with many, and of the list with few cases and with many."""
    call_command("migrate", verbosity=0)
    office = door_modes.office()
    steps = stories.investigated("2000", ("fine",), "org", 3)[:5]
    case = list(stories.play(steps, office, "ordinary", door_modes.began()))[-1].case
    client, person = Client(SERVER_NAME="127.0.0.1"), office.people["officer1"]
    client.force_login(person, backend="sanxiang.people.signin.PersonBackend")
    page, listing = f"/desk/cases/{case.id}/", "/desk/cases/"
    found = {"case_small": queries(client, page), "list_small": queries(client, listing)}
    evidence = {"officers": stories.two(office), **EVIDENCE}
    for _ in range(120):
        perform("add-evidence", case.id, person, evidence, now=timezone.now())
    for which in range(4, 8):
        list(stories.play(stories.summary("200", "org", which), office, "summary", door_modes.began(), 3))
    return {**found, "case_large": queries(client, page), "list_large": queries(client, listing)}


def queries(client: Client, path: str) -> int:
    """How many statements one GET sends, after a first one has warmed what is remembered."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: HTTP {answer.status_code}")
    return len(captured)


if __name__ == "__main__":
    print(json.dumps(measure()))
