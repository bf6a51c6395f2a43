"""A case of an old system is looked up by an index for every row of the list, however many cases there are."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast, make_cast
from sanxiang.cases.models import Case
from sanxiang.door.administer import administer
from sanxiang.door.arriving.takeover import Old, take_over

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for agency in (made.bureau, made.other):
        administer("open-take-over", agency, None, {"go_live": "2026-11-20"}, now=NOW)
    return made


def clue(key: str) -> Old:
    """A clue that the old system had registered."""
    fields = {
        "source": "inspection",
        "party": {"kind": "org", "name": "云溪清泉有限公司"},
        "cause": "擅自取水",
        "summary": "现场检查发现",
    }
    return Old(key=key, stage="intake", fields=fields, registered_on=date(2026, 10, 8))


def test_the_old_key_is_looked_up_by_its_index(cast: Cast) -> None:
    take_over(cast.bureau, clue("one"), now=NOW)
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert take_over(cast.bureau, clue("one"), now=NOW) is None
    asked = [query["sql"] for query in told if 'FROM "cases_case"' in query["sql"]]
    assert len(asked) == 1 and "state" not in asked[0]
    assert "cases_old_key" in plan(asked[0])


def plan(statement: str) -> str:
    """How the database would find the rows. With so few PostgreSQL would read them all, so that is forbidden."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN '}{statement}")
        return str(cursor.fetchall())


def test_a_key_is_one_case_of_its_agency(cast: Cast) -> None:
    for agency in (cast.bureau, cast.other):
        assert take_over(agency, clue("one"), now=NOW) is not None
        assert take_over(agency, clue("one"), now=NOW) is None
    assert sorted(Case.objects.values_list("old_key", flat=True)) == ["one", "one"]
