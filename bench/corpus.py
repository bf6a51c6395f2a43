"""Decisions for the bench of the search: real ones where their file lies beside the checkout, else made-up ones, varied copy by copy.

Publications are written by the thousand, without acts and leaves, and indexed by the product's own function. On PostgreSQL the index of
grams is made after the rows, by the product's own statement, as after a rebuild.
"""

import json
import random
import re
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench.made_up import PLACES, SEED, TRADES, records
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking, tables
from sanxiang.door.administer import create_agency
from sanxiang.people.models import Agency

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "real_decisions.jsonl"
TEXTS = ("doc_no", "title", "party", "party_code", "address", "facts", "basis", "result", "authority")
KINDS = {"penalty": "penalty", "permit": "licence"}
AGENCIES, BATCH = 40, 2000
SERIAL = re.compile(r"\d+(?=\D*$)")
MONEY = re.compile(r"\d+(?=(?:\.\d+)?万?元)")
FIRST, DAYS = date(2005, 1, 1), 7600
Row = dict[str, Any]


def real() -> list[Row]:
    """The real decisions by the columns of a publication; none where there is no file."""
    if not REAL.exists():
        return []
    with REAL.open(encoding="utf-8") as file:
        return [_row(json.loads(line)) for line in file]


def _row(told: dict[str, str]) -> Row:
    texts = dict(zip(asking.FIELDS, (told[name] for name in TEXTS), strict=True))
    day = date.fromisoformat(told["decision_date"] or told["publish_date"] or "2020-01-01")
    return {
        **texts,
        "act_type": KINDS[told["record_type"]],
        "party_type": told["party_type"],
        "decided_on": day,
    }


def varied(row: Row, number: int, pick: random.Random) -> Row:
    """A copy of a decision with another number, party, day, place and sum, so that copies are not found as one."""
    place, trade = pick.choice(PLACES), pick.choice(TRADES)
    more = f"涉及{place}{pick.choice(PLACES)}镇{trade}{pick.randrange(1, 999)}号，共{pick.randrange(2, 9999)}件。"
    return {
        **row,
        "number": SERIAL.sub(str(number), row["number"]) or f"演罚〔2024〕{number}号",
        "party": f"{place}{row['party']}{pick.choice(('', f'第{number % 997}分店', trade))}",
        "party_type": pick.choice(("org", "org", "org", "citizen", "individual-business")),
        "party_code": f"91{pick.randrange(10**15, 10**16)}" if pick.random() < 0.4 else "",
        "facts": f"{row['facts']}{more}" if row["facts"] or pick.random() < 0.3 else "",
        "result": MONEY.sub(lambda _: str(pick.randrange(1, 500)), row["result"]),
        "decided_on": FIRST + timedelta(days=pick.randrange(DAYS)),
    }


def rows(count: int) -> Iterator[Row]:
    """So many decisions: the real ones as they stand, then copies; without them made-up ones. The same every time."""
    originals, pick = real(), random.Random(SEED)
    if not originals:
        for one in records(count):
            yield {
                "party_code": "",
                **one.texts,
                "act_type": one.act_type,
                "party_type": "org",
                "decided_on": one.decided_on,
            }
        return
    for number in range(count):
        row = originals[number % len(originals)]
        yield row if number < len(originals) else varied(row, number, pick)


def agencies() -> list[Agency]:
    """Those among which the decisions are divided."""
    names = [f"测量{number + 1}局" for number in range(AGENCIES)]
    have = {one.name: one for one in Agency.objects.filter(name__in=names)}
    told = {"region": "990001", "locality": "kaiyuan"}
    return [have.get(name) or create_agency({"name": name, **told}) for name in names]


def load(count: int) -> int:
    """Bring the database to so many published decisions; how many were written."""
    organs, have = agencies(), Publication.objects.count()
    late = connection.vendor == "postgresql" and count - have > 50_000
    if late:
        run("DROP INDEX cases_search_grams")
    batch: list[Publication] = []
    for number, row in enumerate(rows(count)):
        if number >= have:
            organ = organs[zlib.crc32(row["authority"].encode()) % AGENCIES]
            batch.append(published(row, number, organ))
        if len(batch) == BATCH or (batch and number == count - 1):
            with transaction.atomic():
                Publication.objects.bulk_create(batch)
                asking.index(batch)
            batch = []
    if late:
        run("SET maintenance_work_mem = '1GB'", tables.POSTGRESQL[2])
    run("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return max(count - have, 0)


def published(row: Row, number: int, organ: Agency) -> Publication:
    """A published historical record."""
    day = row["decided_on"]
    return Publication(
        agency=organ, origin="import", status="published", external_id=f"M{number}", sort_on=day, n=1,
        published_on=day + timedelta(days=number % 20), **row,
    )  # fmt: skip


def run(*statements: str) -> None:
    """Send these to the database."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
