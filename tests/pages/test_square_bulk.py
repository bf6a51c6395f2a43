"""The bulk file of the open data: what is in it, that nothing is given out that must go, and what it costs."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from api_client import Api
from board import DAY, publish, text
from cast import Cast
from clockwork import Clock
from sanxiang.cases.disclosure.published import COLUMNS
from sanxiang.cases.models import Publication
from sanxiang.custody.places import data_files
from sanxiang.door import worker
from sanxiang.door.arriving.imported import Record, import_batch, withdraw
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db

PLACE = "/open-data/bulk.zip"


def imported(agency: Agency, numbers: range) -> list[Publication]:
    """Published records as an import leaves them, with their places in the log."""
    told = [
        Record(f"O{n}", "penalty", {"title": f"旧案之{n}", "party": f"=第{n}公司"}, DAY, DAY, DAY)
        for n in numbers
    ]
    import_batch(agency, told, publish=True)
    sequence_all()
    return [Publication.objects.get(agency=agency, external_id=f"O{n}") for n in numbers]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of its own, and no other work that takes its time."""
    settings.DATA = tmp_path


def beside() -> None:
    """What the worker does once a minute beside the web."""
    for work in worker.beside.SLOW:
        work()


def opened(client: Client) -> zipfile.ZipFile:
    """The file as somebody takes it."""
    answer = client.get(PLACE)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_the_file_holds_all_decisions_twice_the_changes_and_both_digests(
    client: Client, cast: Cast, clock: Clock
) -> None:
    rows = imported(cast.bureau, range(4))
    withdraw(rows[0].pk, cast.head, "原决定被撤销")
    sequence_all()
    assert client.get(PLACE).status_code == 503 and "还没有生成" in client.get(PLACE).content.decode()
    beside()
    told = Api().get("/public/bulk")
    body = b"".join(client.get(PLACE).streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(body).hexdigest() == told["sha256"] and len(body) == told["size"]
    assert hashlib.new("sm3", body).hexdigest() == told["sm3"]
    with opened(client) as file:
        table = list(csv.reader(io.StringIO(file.read("decisions.csv").decode("utf-8-sig"))))
        lines = [json.loads(line) for line in file.read("decisions.jsonl").decode().splitlines()]
        changes = list(csv.DictReader(io.StringIO(file.read("changes.csv").decode("utf-8-sig"))))
        for name, algorithm in (("manifest-sha256.txt", "sha256"), ("manifest-sm3.txt", "sm3")):
            listed = dict(reversed(line.split("  ")) for line in file.read(name).decode().splitlines())
            assert set(listed) == set(file.namelist()) - {"manifest-sha256.txt", "manifest-sm3.txt"}
            for member, digest in listed.items():
                assert hashlib.new(algorithm, file.read(member)).hexdigest() == digest, member
        assert "共 3 条" in file.read("说明.txt").decode()
    assert table[0] == list(COLUMNS.values()) and [row[0] for row in table[1:]] == [
        row["id"] for row in lines
    ]
    assert {row["id"] for row in lines} == {str(row.pk) for row in rows[1:]} and told["total"] == 3
    assert all(row[4].startswith("'=") for row in table[1:]), "no cell is a formula"
    assert [(one["公示编号"], one["变动"], one["理由"]) for one in changes] == [
        (str(rows[0].pk), "撤回", "原决定被撤销")
    ]
    assert told["removed"] == 1 and Api().get(f"/public/changes?cursor={told['cursor']}")["items"] == []
    etag = client.get(PLACE).headers["ETag"]
    assert client.get(PLACE, headers={"if-none-match": etag}).status_code == 304


def test_a_text_that_must_go_is_refused_at_once_and_is_gone_at_the_next_look(
    client: Client, cast: Cast, clock: Clock
) -> None:
    """Withdrawn before it has a place in the log: the file is refused in that second, and the mirror is told by the cursor."""
    first, second = imported(cast.bureau, range(2))
    beside()
    cursor = Api().get("/public/bulk")["cursor"]
    clock.now += timedelta(minutes=1)
    withdraw(second.pk, cast.head, "原决定被撤销")
    for place in (PLACE, "/open-data/bulk.json"):
        answer = client.get(place)
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
        assert "撤回" in answer.content.decode() and str(second.pk) not in answer.content.decode()
    Api().get("/public/bulk", 503)
    sequence_all()
    beside()
    with opened(client) as file:
        assert str(second.pk) not in file.read("decisions.jsonl").decode()
        assert str(first.pk) in file.read("decisions.jsonl").decode()
    mine = Api().get(f"/public/changes?cursor={cursor}")["items"]
    assert [one["id"] for one in mine] == [str(second.pk)]


def test_on_the_day_after_its_last_one_a_decision_is_not_given_out(
    client: Client, cast: Cast, clock: Clock
) -> None:
    publish(cast.bureau, 1, display_until=clock.now.date() + timedelta(days=2))
    publish(cast.bureau, 2)
    beside()
    clock.now += timedelta(days=2)
    assert client.get(PLACE).status_code == 200
    clock.now += timedelta(days=1)
    assert client.get(PLACE).status_code == 503
    beside()
    assert len(opened(client).read("decisions.jsonl").splitlines()) == 1


def test_what_is_new_waits_for_its_turn_and_nothing_new_makes_no_file(
    client: Client, cast: Cast, clock: Clock, settings: Any
) -> None:
    settings.BULK_MINUTES = 30
    imported(cast.bureau, range(2))
    beside()
    built = Api().get("/public/bulk")["built_at"]
    clock.now += timedelta(hours=5)
    beside()
    assert Api().get("/public/bulk")["built_at"] == built, "nothing changed"
    imported(cast.other, range(1))
    beside()
    assert Api().get("/public/bulk")["total"] == 3
    clock.now += timedelta(minutes=29)
    imported(cast.government, range(1))
    beside()
    assert Api().get("/public/bulk")["total"] == 3, "what is only new does not stop the file"
    clock.now += timedelta(minutes=2)
    beside()
    assert Api().get("/public/bulk")["total"] == 4
    assert len(list((settings.DATA / "open-data").iterdir())) == 3, "the old one is gone"
    assert not [name for name, _ in data_files() if "open-data" in name], "no backup holds it"


def test_the_page_says_what_there_is_and_costs_the_same_however_much_there_is(
    client: Client, cast: Cast, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert "还没有生成" in text(client.get("/open-data/"))
    for count in (2, 5):
        imported(cast.bureau, range(count))
        clock.now += timedelta(hours=2)
        beside()
        with django_assert_num_queries(2):
            page = text(client.get("/open-data/"))
        assert Api().get("/public/bulk")["sm3"] in page and f'有 <b class="num">{count}</b> 条' in page
        with django_assert_num_queries(1):
            client.get(PLACE)
