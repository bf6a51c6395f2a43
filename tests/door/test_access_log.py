"""The second log 调阅: an entry is written once, says nothing in its leaf, and any later change is found or refused."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from sanxiang.ledger.access import (
    MARK_LETTERS,
    Read,
    access_origin,
    check_access,
    fault_of,
    new_mark,
    record,
    told,
)
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.tlog.jcs import canonical
from sanxiang.ledger.tlog.tree import leaf_hash

pytestmark = pytest.mark.django_db

CASE, PERSON, AGENCY = (uuid.UUID(int=n) for n in (1, 2, 3))
LOOK = Read(
    by=PERSON,
    by_name="林青",
    kind="evidence",
    channel="page",
    result="served",
    reason="supervise",
    role="officer",
    own_agency=uuid.UUID(int=5),
    agency=AGENCY,
    case=CASE,
    object=uuid.UUID(int=4),
    digest="ab" * 32,
    part=(0, 99),
    text="三季度执法检查抽查",
    ticket="监督通知〔2026〕3号",
    address="10.0.0.7",
)


def entry(look: Read = LOOK) -> Access:
    """An entry as it stands in the database."""
    return Access.objects.get(pk=record(look, timezone.now()).pk)


def test_the_leaf_tells_when_and_nothing_else() -> None:
    row = entry()
    data = bytes(row.leaf)
    leaf = json.loads(data)
    assert canonical(leaf) == data and leaf_hash(data).hex() == row.leaf_hash
    assert set(leaf) == {"at", "d", "id", "o", "v"} and len(leaf["d"]) == 8
    assert leaf["o"] == access_origin(row.year) and leaf["id"] == str(row.id)
    for word in (
        "林青",
        "supervise",
        str(CASE),
        str(PERSON),
        str(AGENCY),
        LOOK.digest,
        LOOK.ticket,
        row.watermark,
    ):
        assert word not in data.decode()
    assert row.idx is None and list(check_access()) == []


def test_entries_of_two_years_are_in_two_logs() -> None:
    """By the clock of the installation: the last hours of a year in UTC belong to the next."""
    eve = timezone.now().replace(year=2026, month=12, day=31, hour=15, minute=59)
    assert [record(LOOK, eve + timedelta(minutes=m)).year for m in (0, 1)] == [2026, 2027]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", timezone.now() - timedelta(days=1)),
        ("by", uuid.UUID(int=9)),
        ("by", None),
        ("by_name", "何苇"),
        ("role", "archivist"),
        ("agency", uuid.UUID(int=9)),
        ("own_agency", uuid.UUID(int=9)),
        ("own_agency", None),
        ("first_byte", None),
        ("last_byte", 98),
        ("case", None),
        ("kind", "case"),
        ("object", uuid.UUID(int=9)),
        ("digest", "cd" * 32),
        ("copies", 2),
        ("reason", "duty"),
        ("text", ""),
        ("ticket", ""),
        ("address", "10.0.0.8"),
        ("channel", "api"),
        ("result", "withheld"),
        ("watermark", "2222222222"),
        ("year", 2031),
        ("salt", "x"),
        ("leaf_hash", "0" * 64),
    ],
)
def test_a_change_is_refused_by_the_database_and_found_where_it_is_not(column: str, value: object) -> None:
    row = entry()
    with pytest.raises(DatabaseError), transaction.atomic():
        Access.objects.filter(pk=row.pk).update(**{column: value})
    setattr(row, column, value)  # as it would be read back by whoever had dropped the trigger
    assert fault_of(row)
    (found,) = check_access([row])
    assert found.what == "access" and str(row.id) in found.where


def test_an_entry_of_the_first_release_still_verifies_and_takes_on_nothing() -> None:
    """It did not say from which agency, nor which bytes; nobody can say so in its name afterwards."""
    row = entry(replace(LOOK, own_agency=None, part=None))
    assert not {"own_agency", "first_byte", "last_byte"} & set(told(row)) and fault_of(row) == ""
    for column, value in (("own_agency", AGENCY), ("first_byte", 0), ("last_byte", 0)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Access.objects.filter(pk=row.pk).update(**{column: value})
        with pytest.raises(DatabaseError), transaction.atomic():
            Access.objects.filter(pk=row.pk).update(idx=0, **{column: value})
        setattr(row, column, value)
        assert fault_of(row)
        setattr(row, column, None)


def test_every_byte_of_a_leaf_counts() -> None:
    row = entry()
    whole = bytes(row.leaf)
    for place in range(len(whole)):
        row.leaf = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert fault_of(row), place
    row.leaf = whole
    assert fault_of(row) == ""


def test_no_entry_goes_and_its_place_is_given_once() -> None:
    row = entry()
    for statement in ("DELETE FROM ledger_access", "UPDATE ledger_access SET idx = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Access.objects.filter(pk=row.pk).update(idx=0) == 1
    for again in (1, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            Access.objects.filter(pk=row.pk).update(idx=again)
    other = entry()
    with pytest.raises(DatabaseError), transaction.atomic():
        Access.objects.filter(pk=other.pk).update(idx=1, by_name="何苇")
    with pytest.raises(DatabaseError), transaction.atomic():
        Access.objects.filter(pk=other.pk).update(idx=0)


def test_a_column_that_was_empty_cannot_be_filled_with_the_place() -> None:
    """A comparison with nothing is neither true nor false; the trigger must not take it for leave."""
    row = entry(Read(None, "运维人员", "verify", "command", "served", "console"))
    for column in ("by", "agency", "case", "object"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Access.objects.filter(pk=row.pk).update(**{"idx": 5, column: uuid.UUID(int=9)})


def test_marks_are_read_from_paper() -> None:
    marks = {new_mark() for _ in range(2000)}
    assert len(marks) == 2000
    assert all(len(mark) == 10 and set(mark) <= set(MARK_LETTERS) for mark in marks)
    assert not set("01ILO") & set(MARK_LETTERS)
