"""The modes that `bench.door` compares, and the cases they work on."""

import copy
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.demo import stories
from sanxiang.demo.people import COUNTIES, Office, build_office
from sanxiang.door.perform import perform
from sanxiang.law.packs import load_pack
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.tlog.disclosure import new_salt
from sanxiang.people.models import Agency, Person

FIELDS = ("officers", "kind", "title", "proves", "source_of")


def prepare(clients: int) -> tuple[list[uuid.UUID], list[str]]:
    """An office, one case under investigation for each client, and the two officers who handle them."""
    call_command("migrate", verbosity=0)
    now, here = began(), office()
    cases = []
    for which in range(clients):
        steps = stories.investigated("2000", ("fine",), "org", which)[:5]
        steps[0] = stories.Step("register-clue", "officer1", _renamed(steps[0].data, which))
        done = list(stories.play(steps, here, "ordinary", now))
        cases.append(done[-1].case.id)
    return cases, stories.two(here)


def began() -> datetime:
    """Long enough ago for a whole case."""
    return timezone.now() - timedelta(days=130)


def office() -> Office:
    """A fresh office each time; names must be unique, so each carries a mark."""
    mark, county = uuid.uuid4().hex[:6], COUNTIES[3]
    fresh = replace(
        county,
        prefix=f"b{mark}",
        agency=f"{county.agency}{mark}",
        short=f"{county.short}{mark}",
        government=f"测量{mark}人民政府",
        uscc="",
    )
    return build_office(fresh, load_pack(county.pack), Agency.objects.count(), began(), "!")


def _renamed(data: Callable[..., Mapping[str, Any]], which: int) -> Callable[..., Mapping[str, Any]]:
    """The same clue against another party, so that no case is a duplicate."""
    mark = uuid.uuid4().hex[:8]

    def renamed(office: Any, case: Any) -> Mapping[str, Any]:
        given = dict(data(office, case))
        given["party"] = {**given["party"], "name": f"测量对象{which}{mark}"}
        return given

    return renamed


def modes(case: uuid.UUID, data: Mapping[str, Any]) -> dict[str, Callable[[], None]]:
    """One function a mode, each doing one act on this client's case; the first officer named is the one who acts."""
    person = Person.objects.get(id=data["officers"][0])

    def door() -> None:
        perform("add-evidence", case, person, data)

    def rows() -> None:
        with transaction.atomic():
            row = advanced(case, data)
            act = plain_act(row, person)
            act.save(force_insert=True)
            Opening.objects.bulk_create(contents(act.id, data))
            row.save()

    def ledger() -> None:
        with transaction.atomic():
            row = advanced(case, data)
            now = timezone.now()
            content = {name: (data[name], "case") for name in FIELDS}
            entry = Entry("case", row.id, row.n, row.head, "add-evidence", "收集证据", content)
            done = append(entry, Signed(person.id, person.name, "officer", now.date().isoformat(), now))
            row.head = done.leaf_hash
            row.save()

    def bare() -> None:
        with transaction.atomic():
            advanced(case, data).save()

    def raw() -> None:
        raw_rows(case, data, person)

    return {"door": door, "rows": rows, "ledger": ledger, "bare": bare, "raw": raw}


def advanced(case: uuid.UUID, data: Mapping[str, Any]) -> Case:
    """The case, locked, with the evidence added and its number moved on."""
    row = Case.objects.select_for_update(of=("self",)).select_related("agency", "unit").get(id=case)
    row.state = copy.deepcopy(row.state)
    row.state["evidence"].append({"id": uuid.uuid4().hex, "digest": "0" * 64, **data, "n": row.n + 1})
    row.n += 1
    row.state["n"] = row.n
    return row


def plain_act(row: Case, person: Person) -> Act:
    """The act's readable row, with nothing hashed."""
    now = timezone.now()
    return Act(
        kind="case",
        subject=row.id,
        n=row.n,
        name="add-evidence",
        label="收集证据",
        at=now,
        on=now.date().isoformat(),
        by=person.id,
        by_name=person.name,
        role="officer",
        leaf=b"",
        leaf_hash="",
    )


def contents(act: uuid.UUID, data: Mapping[str, Any]) -> list[Opening]:
    """The act's content rows: as many as the door writes."""
    names = (*FIELDS, "on", "state", "act.label", "act.on", "act.by", "act.by_name", "act.back_dated")
    return [
        Opening(act_id=act, name=n, salt=new_salt(), value=data.get(n, ""), secrecy="case") for n in names
    ]


def raw_rows(case: uuid.UUID, data: Mapping[str, Any], person: Person) -> None:
    """The statements of `rows`, sent as SQL."""
    act, now = uuid.uuid4(), timezone.now()
    postgres = connection.vendor == "postgresql"
    key: Any = case if postgres else case.hex
    with transaction.atomic(), connection.cursor() as cursor:
        lock = " FOR UPDATE" if postgres else ""
        cursor.execute(f"SELECT n, CAST(state AS text) FROM cases_case WHERE id = %s{lock}", [key])
        n, state = cursor.fetchone()
        cursor.execute(
            'INSERT INTO ledger_act (id, kind, subject, n, name, label, at, "on", "by", by_name, role, back_dated, leaf, leaf_hash) '
            "VALUES (%s,'case',%s,%s,'add-evidence','收集证据',%s,%s,%s,%s,'officer',%s,%s,'')",
            [
                act if postgres else act.hex,
                key,
                n + 1,
                now,
                now.date().isoformat(),
                person.id if postgres else person.id.hex,
                person.name,
                False,
                b"",
            ],
        )
        openings = contents(act, data)
        values = [
            v
            for o in openings
            for v in (act if postgres else act.hex, o.name, o.salt, json.dumps(o.value), "case")
        ]
        marks = ",".join(["(%s,%s,%s,%s,%s)"] * len(openings))
        cursor.execute(
            f"INSERT INTO ledger_opening (act_id, name, salt, value, secrecy) VALUES {marks}", values
        )
        cursor.execute("UPDATE cases_case SET n = n + 1, state = %s WHERE id = %s", [state, key])
