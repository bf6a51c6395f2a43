"""Programs that run beside an installation, each in a process of its own: `python tests/clients.py VERB …` in its environment.

prepare N     an office of 开原 with N cases, each one step before its decision on the spot; prints who and which
decide FILE   waits for FILE, then decides the cases named on stdin, one after the other; prints the numbers
audit         every act with its case and number, what stands in the log or waits for it, and every case with its last number
"""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiang.settings")
django.setup()

from django.utils import timezone  # noqa: E402  models need the settings

from play import make_office  # noqa: E402
from sanxiang.cases.models import Case  # noqa: E402
from sanxiang.demo import stories  # noqa: E402
from sanxiang.demo.people import Office  # noqa: E402
from sanxiang.door.models import Number  # noqa: E402
from sanxiang.door.perform import perform  # noqa: E402
from sanxiang.ledger.models import Act, Entry, Pending  # noqa: E402
from sanxiang.people.models import Agency, Person, Unit  # noqa: E402
from side_stories import photo, step  # noqa: E402

EARLIER = timedelta(hours=2)
"""Each step of a story takes its minutes: late in the evening the last would be tomorrow's, and nothing could be done after it today."""


def office_of(people: dict[str, str]) -> Office:
    """The office as the stories know it, read back from the database."""

    agency = Agency.objects.get(short="开水演")
    brigade, legal = (
        Unit.objects.get(agency=agency, **{flag: True}) for flag in ("is_enforcement", "is_legal_organ")
    )
    return Office(agency, brigade, legal, {who: Person.objects.get(id=key) for who, key in people.items()})


def prepare(count: int) -> None:
    """Cases of different parties, so that none is a duplicate of another. A photo makes no paper, so it is soon done."""

    office = make_office("kaiyuan")
    steps = stories.summary("200")
    cases = []
    for which in range(count):
        party = {**stories.party(), "name": f"云溪第{which + 1}号砂场"}
        first = stories.Step(steps[0].act, steps[0].who, renamed(steps[0].data, party))
        scene = [first, steps[1], step("add-evidence", "officer1", photo), steps[3]]
        *_, last = stories.play(scene, office, "summary", timezone.now() - EARLIER)
        cases.append(str(last.case.id))
    people = {who: str(person.id) for who, person in office.people.items()}
    users = {who: person.username for who, person in office.people.items()}
    print(json.dumps({"cases": cases, "people": people, "users": users, "agency": str(office.agency.id)}))


def renamed(data: Any, party: dict[str, Any]) -> Any:
    """A step's data with another party."""
    return lambda office, case: {**data(office, case), "party": party}


def decide(go: Path) -> None:
    """Decisions at once with those of other processes: everybody waits for the same file."""

    told = json.load(sys.stdin)
    office = office_of(told["people"])
    step = stories.summary("200")[4]
    by, data = office.people[step.who], dict(step.data(office, None))
    print("ready", flush=True)
    while not go.exists():
        time.sleep(0.01)
    numbers = []
    for case in told["cases"]:
        done = perform(step.act, case, by, data, channel="test")
        numbers.append(done.case.state["papers"]["spot-decision"]["number"])
    print(json.dumps(numbers, ensure_ascii=False))


def audit() -> None:
    """What the database holds, for somebody who was told what it must hold."""

    acts = [
        [str(i), str(s), n, name] for i, s, n, name in Act.objects.values_list("id", "subject", "n", "name")
    ]
    logged = [str(i) for i in Entry.objects.order_by("idx").values_list("act_id", flat=True)]
    waiting = [str(i) for i in Pending.objects.values_list("act_id", flat=True)]
    cases = {str(i): [n, stage] for i, n, stage in Case.objects.values_list("id", "n", "stage")}
    numbers = list(Number.objects.order_by("series", "ordinal").values_list("text", "status"))
    print(
        json.dumps({"acts": acts, "logged": logged, "waiting": waiting, "cases": cases, "numbers": numbers})
    )


def main() -> None:
    """The verbs above."""
    verb, *words = sys.argv[1:]
    if verb == "prepare":
        prepare(int(words[0]))
    elif verb == "decide":
        decide(Path(words[0]))
    else:
        audit()


if __name__ == "__main__":
    main()
