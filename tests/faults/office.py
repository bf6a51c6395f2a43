"""A program beside an installation: `python tests/faults/office.py ready N`.

An office of 开原 with N cases whose decision waits for its publication and N whose decision on the spot is the next step; prints who,
which, and the digest that the approver confirms.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiang.settings")
django.setup()

from django.utils import timezone  # noqa: E402  models need the settings

from clients import renamed  # noqa: E402
from play import make_office  # noqa: E402
from sanxiang.cases.models import Case  # noqa: E402
from sanxiang.demo import stories  # noqa: E402
from sanxiang.demo.people import Office  # noqa: E402


def cases(office: Office, count: int, until: str, mark: str) -> Iterator[Case]:
    """Cases of different parties, played to just before an act, some weeks ago."""
    steps = stories.summary("200")
    last = next(at for at, step in enumerate(steps) if step.act == until)
    for which in range(count):
        party = {**stories.party(), "name": f"云溪{mark}{which + 1}号砂场"}
        first = replace(steps[0], data=renamed(steps[0].data, party))
        *_, done = stories.play(
            [first, *steps[1:last]], office, "summary", timezone.now() - timedelta(days=20)
        )
        yield done.case


def main() -> None:
    """The verb above."""
    count = int(sys.argv[2])
    office = make_office("kaiyuan")
    publish = {str(c.id): stories.digest_of(c) for c in cases(office, count, "publish", "公")}
    decide = [str(c.id) for c in cases(office, count, "decide-on-spot", "决")]
    people = {who: str(person.id) for who, person in office.people.items()}
    users = {who: person.username for who, person in office.people.items()}
    print(json.dumps({"publish": publish, "decide": decide, "people": people, "users": users}))


if __name__ == "__main__":
    main()
