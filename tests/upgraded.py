"""A program beside an installation: fill a database of an older version, bring it to this one, print what became of the rows."""

import json
import os
import uuid
from datetime import UTC, date, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiang.settings")
django.setup()

from django.apps.registry import Apps  # noqa: E402  models need the settings
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from sanxiang.cases.models import Case  # noqa: E402
from sanxiang.door.models import Refusal  # noqa: E402
from sanxiang.ledger.access import fault_of  # noqa: E402
from sanxiang.ledger.models import Access  # noqa: E402

BEFORE = [
    ("ledger", "0002_triggers"),
    ("people", "0004_edition_triggers"),
    ("cases", "0005_same_party"),
    ("door", "0002_people_growing"),
]
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def older() -> Apps:
    """The database of the version before; its models."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    return executor.loader.project_state(BEFORE).apps


def fill(apps: Apps) -> None:
    """Two agencies, people of each kind, a case of an old system and one of our own, and what was refused to whom."""
    make: dict[str, Any] = {
        name: apps.get_model(room, name).objects.create
        for room, name in (
            ("people", "Agency"), ("people", "Person"), ("people", "Post"), ("cases", "Case"), ("door", "Refusal"),
        )
    }  # fmt: skip
    bureau, other = (
        make["Agency"](name=name, short=name, region="371100", locality="kaiyuan") for name in ("水", "林")
    )
    people = {name: make["Person"](username=name, name=name) for name in ("one", "both", "above")}
    posts = [
        ("one", bureau, "officer"),
        ("both", bureau, "officer"),
        ("both", other, "officer"),
        ("above", bureau, "supervisor"),
    ]
    for name, agency, role in posts:
        make["Post"](person=people[name], agency=agency, role=role, valid_from=date(2021, 1, 1))
    cases = [
        make["Case"](id=uuid.uuid4(), agency=other, code=key, party="", title=key, act_type="penalty", procedure="ordinary",
                     stage="intake", pack="kaiyuan", pack_digest="", origin=origin, opened_at=NOW, n=1, head="",
                     state={"facts": {"taken_over": {"key": key}}} if origin == "taken-over" else {"facts": {}})
        for key, origin in (("old", "taken-over"), ("own", "case"))
    ]  # fmt: skip
    make["Refusal"](case=cases[0], act="decide", by=people["both"].pk, by_name="case", at=NOW, channel="page")
    for name in people:
        make["Refusal"](act="start-summary", by=people[name].pk, by_name=name, at=NOW, channel="page")
    make["Refusal"](act="add-unit", by_name="console", at=NOW, channel="command")


PRINTS = [("door", "0009_erased_empty"), ("cases", "0009_taken_over"), ("ledger", "0004_access")]


def printed() -> str:
    """A version on the way kept copies in a table of its own: three copies of one paper; the paper's key."""
    executor = MigrationExecutor(connection)
    executor.migrate(PRINTS)
    apps = executor.loader.project_state(PRINTS).apps
    case = apps.get_model("cases", "Case").objects.get(title="own")
    paper = apps.get_model("cases", "Paper").objects.create(
        case=case, act=uuid.uuid4(), kind="filing-form", label="立案审批表", template="", content={}, digest="",
        pdf="", issued_on=date(2026, 11, 20), n=1,
    )  # fmt: skip
    apps.get_model("door", "Printout").objects.create(
        paper=paper, by=uuid.uuid4(), by_name="one", at=NOW, copies=3
    )
    return str(paper.pk)


def main() -> None:
    """Before, over, and what is there then."""
    fill(older())
    paper = printed()
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    where = dict(Refusal.objects.values_list("by_name", "agency__name"))
    keys = dict(Case.objects.values_list("title", "old_key"))
    try:
        with transaction.atomic():
            Case.objects.filter(title="old").update(party="别人")
        guarded = False
    except DatabaseError:
        guarded = True
    looks = Access.objects.filter(object=paper, kind="print")
    prints = [[row.copies, row.by_name, row.text, fault_of(row)] for row in looks]
    print(json.dumps({"where": where, "keys": keys, "guarded": guarded, "prints": prints}))


if __name__ == "__main__":
    main()
