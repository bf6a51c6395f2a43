"""The index behind the portal: it finds exactly what reading every row would find, on both databases."""

import json
import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import make_agency
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking, grams, numbers
from sanxiang.cases.search.asking import FIELDS, Query
from sanxiang.cases.search.folding import fold, matches
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real_decisions.jsonl"
ALPHABET = (
    "水务罚款字号〔〕【】（）()[]［］《》“”、。 \u3000 012345２０abAB Ａｂß'\"\\%_*&|!:-\ue028\uf8ff𠮷①"
)
WORD = st.text(ALPHABET, max_size=8)
DAY = date(2026, 3, 2)


def make_row(agency: Agency, day: date = DAY, **more: object) -> Publication:
    """A published historical record; what is not given is empty."""
    row = Publication(
        agency=agency, origin="import", external_id=str(uuid.uuid4()), decided_on=day, sort_on=day, n=1,
        **{"act_type": "penalty", "status": "published", **more},
    )  # fmt: skip
    return row


def add(rows: list[Publication]) -> None:
    Publication.objects.bulk_create(rows)
    asking.index(rows)


def texts(row: Publication) -> list[str]:
    return [getattr(row, name) for name in FIELDS]


def ids(rows: tuple[Publication, ...] | list[Publication]) -> set[uuid.UUID]:
    return {row.pk for row in rows}


@pytest.fixture(params=[3, 2000])
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """On PostgreSQL the newest rows are looked through first; with few of them most hits come from the index of grams."""
    monkeypatch.setattr(grams, "WINDOW", request.param)
    monkeypatch.setattr(grams, "FIRST", min(request.param, grams.FIRST))
    return int(request.param)


@pytest.fixture
def agency() -> Agency:
    return make_agency("云溪县水务局", "云水", None)


@pytest.fixture
def other() -> Agency:
    return make_agency("云溪县林草局", "云林", None)


@pytest.mark.usefixtures("window")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(WORD, min_size=9, max_size=9), min_size=1, max_size=6),
    question=st.text(ALPHABET, max_size=6),
    data=st.data(),
)
def test_it_finds_what_reading_every_row_finds(
    agency: Agency, rows: list[list[str]], question: str, data: st.DataObject
) -> None:
    made = [make_row(agency, **dict(zip(FIELDS, row, strict=True))) for row in rows]
    whole = data.draw(st.sampled_from([text for row in rows for text in row]))
    part = whole[data.draw(st.integers(0, len(whole))) :]
    with transaction.atomic():
        add(made)
        for asked in (question, part, f"{part} {question}"):
            expected = ids([row for row in made if matches(asked, texts(row))])
            found = asking.find(Query(q=asked, limit=100))
            assert (ids(found.rows), found.total, found.more) == (expected, len(expected), False)
            assert asking.count(Query(q=asked)) == len(expected)
        asking.drop([row.pk for row in made])
        assert asking.find(Query(q=part)).total == 0
        transaction.set_rollback(True)


@pytest.fixture
def many(agency: Agency, other: Agency) -> list[Publication]:
    """Three hundred rows of two agencies over forty days, from a fixed seed."""
    pick = random.Random(20261121)
    rows = [
        make_row(
            pick.choice((agency, other)), DAY + timedelta(pick.randrange(40)), act_type=pick.choice(("penalty", "licence")),
            party_type=pick.choice(("org", "citizen", "")), published_on=DAY + timedelta(pick.randrange(60)),
            number=f"云水罚字〔{pick.choice((2024, 2025))}〕{i}号", facts="".join(pick.choices("水务罚款采砂取土ab12", k=12)),
        )
        for i in range(300)
    ]  # fmt: skip
    add(rows)
    return rows


def sieve(rows: list[Publication], query: Query) -> list[Publication]:
    """What the query means, read row by row."""
    return [
        row for row in rows
        if matches(query.q, texts(row))
        and query.act_type in ("", row.act_type)
        and query.agency in (None, row.agency_id)
        and (query.among is None or row.agency_id in query.among)
        and query.party_type in ("", row.party_type)
        and (query.published_since or date.min) <= (row.published_on or date.min) <= (query.published_until or date.max)
        and (query.since or date.min) <= row.sort_on <= (query.until or date.max)
    ]  # fmt: skip


@pytest.mark.usefixtures("window")
def test_filters_narrow_the_list_and_both_days_count(many: list[Publication], agency: Agency) -> None:
    pick = random.Random(7)
    for _ in range(120):
        span = sorted(DAY + timedelta(pick.randrange(-2, 43)) for _ in range(2))
        query = Query(
            q=pick.choice(("", "水", "罚款", "云水罚字【2024】", "a 1", "号")), act_type=pick.choice(("", "penalty", "licence", "levy")),
            agency=pick.choice((None, agency.pk, uuid.uuid4())), since=pick.choice((None, span[0])),
            until=pick.choice((None, span[1], date.max)), limit=500, party_type=pick.choice(("", "", "org")),
            among=pick.choice((None, None, frozenset({agency.pk}), frozenset())), oldest=pick.choice((False, True)),
            published_since=pick.choice((None, None, span[0])), published_until=pick.choice((None, None, span[1])),
        )  # fmt: skip
        expected = sieve(many, query)
        found = asking.find(query)
        assert ids(found.rows) == ids(expected)
        assert found.total == asking.count(query) == len(expected)
        assert [row.sort_on for row in found.rows] == sorted(
            (row.sort_on for row in expected), reverse=not query.oldest
        )
        for name, column in (("act_type", "act_type"), ("agency", "agency_id"), ("party_type", "party_type")):
            assert found.numbers[name] == Counter(getattr(row, column) for row in expected)


def by_month() -> dict[tuple[object, ...], int]:
    """The numbers that the index keeps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, act_type, agency_id, party_type, n FROM cases_search_numbers WHERE n <> 0"
        )
        return {
            (month, kind, uuid.UUID(str(key)), party): n for month, kind, key, party, n in cursor.fetchall()
        }


def counted(rows: list[Publication]) -> dict[tuple[object, ...], int]:
    """The same, read row by row: by month, by year, and for all time."""
    keys = (
        (span, row.act_type, row.agency_id, row.party_type)
        for row in rows
        for span in (row.sort_on.year * 100 + row.sort_on.month, -row.sort_on.year, 0)
    )
    return dict(Counter(keys))


def test_the_numbers_by_month_follow_every_change(many: list[Publication]) -> None:
    assert by_month() == counted(many)
    asking.drop([row.pk for row in many[:50]])
    moved = many[50:90]
    for row in moved:
        row.sort_on, row.act_type, row.party_type = row.sort_on + timedelta(40), "levy", "citizen"
    asking.index(moved)
    asking.index(moved)
    assert by_month() == counted(many[50:])
    for row in moved:
        row.n += 1
    Publication.objects.bulk_update(moved, ["sort_on", "act_type", "party_type", "n"])
    Publication.objects.filter(pk__in=[row.pk for row in many[:50]]).update(status="withdrawn", n=2)
    assert asking.rebuild() == 250 and by_month() == counted(many[50:])


SPANS = [
    ("2024-02-10", "2024-02-29"),
    ("2024-02-01", "2024-02-29"),
    ("2023-12-31", "2024-03-01"),
    (None, "2024-02-28"),
    ("2024-02-02", None),
    (None, None),
    ("2024-03-01", "2024-02-01"),
    ("2023-01-01", "2024-12-31"),
    ("2023-02-01", "2025-01-31"),
    ("2024-01-01", "2024-12-30"),
    (None, "2023-12-31"),
]


@pytest.mark.parametrize(("since", "until"), SPANS)
def test_a_span_of_days_is_whole_months_and_what_they_leave(since: str | None, until: str | None) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    begin, end = numbers.whole(first, last)
    edges, spans = numbers.edges(first, last), numbers.spans(begin, end)
    assert len(edges) <= 2 and len(spans) <= 3
    for number in range(800):
        day = date(2023, 1, 1) + timedelta(number)
        keys = (numbers.month_of(day), -day.year, 0)
        ways = sum(a <= key <= b for key in keys for a, b in spans) + sum(a <= day <= b for a, b in edges)
        assert ways == ((first or date.min) <= day <= (last or date.max)), day


def test_an_index_of_the_version_before_learns_the_new_columns(many: list[Publication]) -> None:
    """The tables as they were, then the migration: what it fills in is what writing the rows anew would."""
    own = ("kind",) if connection.vendor == "sqlite" else ()
    with connection.cursor() as cursor:
        for index in ("cases_search_party", "cases_search_published", *("cases_search_narrow" for _ in own)):
            cursor.execute(f"DROP INDEX {index}")
        for column in ("party_type", "published", *own):
            cursor.execute(f"ALTER TABLE cases_search DROP COLUMN {column}")
        for statement in (numbers.DROP, *("DROP TABLE cases_search_kinds" for _ in own)):
            cursor.execute(statement)
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        import_module("sanxiang.cases.migrations.0017_search_numbers").install(None, editor)
        later = import_module("sanxiang.cases.migrations.0020_numbers_by_year").Migration
        for operation in later.operations[:2]:
            cursor.execute(operation.sql)
        import_module("sanxiang.cases.migrations.0021_search_kinds").install(None, editor)
    assert by_month() == counted(many)
    query = Query(
        q="水", party_type="org", published_since=DAY, published_until=DAY + timedelta(20), limit=500
    )
    assert ids(asking.find(query).rows) == ids(sieve(many, query))
    add([make_row(many[0].agency, facts="水", party_type="org", published_on=DAY)])
    assert asking.find(query).total == len(sieve(many, query)) + 1


@pytest.mark.usefixtures("window")
@pytest.mark.parametrize("question", ["", "罚", "2024"])
def test_pages_show_every_hit_once_and_the_newest_first(many: list[Publication], question: str) -> None:
    expected = sieve(many, Query(q=question))
    by_number, by_cursor = [], []
    first = page = asking.find(Query(q=question, limit=7))
    while True:
        by_cursor += page.rows
        assert page.total == len(expected)
        if not page.more:
            break
        page = asking.find(Query(q=question, limit=7, after=page.cursor))
    for number in range(1, len(expected) // 7 + 2):
        by_number += asking.find(Query(q=question, limit=7, page=number)).rows
    assert by_number == by_cursor == list(asking.stream(Query(q=question), batch=11))
    assert ids(by_cursor) == ids(expected) and len(by_cursor) == len(expected)
    days = [row.sort_on for row in by_cursor]
    assert days == sorted(days, reverse=True) and first.rows == tuple(by_cursor[:7])
    assert asking.find(Query(q=question, page=10**30)).rows == ()


def test_beyond_the_cap_a_page_says_so_and_counts_on_demand(
    many: list[Publication], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = len(sieve(many, Query(q="罚字")))
    assert expected == 300
    monkeypatch.setattr(asking, "CAP", 299)
    found = asking.find(Query(q="罚字", limit=5))
    days = [row.sort_on for row in found.rows]
    assert found.total is None and found.more and days == sorted(days, reverse=True)
    assert days[0] == max(row.sort_on for row in many)
    assert asking.find(Query(q="罚字", exact=True)).total == asking.count(Query(q="罚字")) == 300
    monkeypatch.setattr(asking, "CAP", 300)
    assert asking.find(Query(q="罚字")).total == 300


@pytest.mark.parametrize("status", ["prepared", "withdrawn", "exempt", "held"])
def test_only_what_is_published_is_ever_found(agency: Agency, status: str) -> None:
    add([make_row(agency, title="采砂案", status=status)])
    assert asking.find(Query(q="采砂")).total == asking.find(Query()).total == 0


def test_a_changed_row_is_found_by_its_new_text_alone_and_a_withdrawn_one_not_at_all(agency: Agency) -> None:
    row, neighbour = make_row(agency, title="采砂案"), make_row(agency, title="采砂案二")
    add([row, neighbour])
    row.title, row.sort_on = "取土案", DAY + timedelta(9)
    asking.index([row])
    asking.index([row])
    assert [asking.count(Query(q=word)) for word in ("采砂", "取土", "")] == [1, 1, 2]
    row.status = "withdrawn"
    asking.index([row])
    assert [asking.count(Query(q=word)) for word in ("采砂", "取土", "")] == [1, 0, 1]
    asking.drop([neighbour.pk, uuid.uuid4()])
    assert asking.count(Query()) == 0


def test_nothing_of_a_withdrawn_text_stays_in_the_grams(agency: Agency) -> None:
    row = make_row(agency, title="采砂案", facts="鼋鼍")
    add([row])
    asking.drop([row.pk])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM cases_search")
        else:
            cursor.execute(
                "SELECT count(*) FROM cases_search_grams WHERE cases_search_grams MATCH '\"鼋鼍\"'"
            )
        assert cursor.fetchone() == (0,)


def test_a_row_that_the_index_wrongly_keeps_is_not_shown(agency: Agency) -> None:
    row = make_row(agency, title="采砂案")
    add([row])
    Publication.objects.filter(pk=row.pk).update(status="withdrawn", n=2)
    assert asking.find(Query(q="采砂")).rows == ()


def test_rebuilding_gives_the_same_answers(many: list[Publication]) -> None:
    def answers() -> list[set[uuid.UUID]]:
        return [ids(asking.find(Query(q=word, limit=400)).rows) for word in ("", "水", "罚款", "2024")]

    before = answers()
    assert asking.rebuild() == 300
    assert answers() == before
    assert asking.numbers_by("act_type") == {
        kind: sum(row.act_type == kind for row in many) for kind in ("penalty", "licence")
    }
    assert sum(asking.numbers_by("agency").values()) == 300


def test_a_text_too_long_for_the_index_is_found_all_the_same(agency: Agency) -> None:
    pick = random.Random(3)
    facts = "".join(chr(pick.randrange(0x4E00, 0x9FA5)) for _ in range(120_000))
    row = make_row(agency, facts=facts, act_type="licence")
    add([row, make_row(agency, facts="采砂")])
    assert ids(asking.find(Query(q=facts[70_000:70_040])).rows) == {row.pk}
    assert asking.find(Query(q=facts[70_000:70_020] + facts[9_000:9_020])).total == 0
    assert asking.find(Query(q=facts[70_000:70_002], act_type="penalty")).total == 0


@pytest.mark.parametrize(
    "question",
    ["\0", "水\0", "\ud800", "'; DROP TABLE cases_search; --", '" OR "', "' | '水", "*", "NEAR(水 务)"],
)
def test_no_question_is_a_program(agency: Agency, question: str) -> None:
    add([make_row(agency, title="水务")])
    assert asking.find(Query(q=question)).total == asking.count(Query(q=question)) == 0


def test_filters_are_no_words(agency: Agency) -> None:
    add([make_row(agency, title="水务")])
    of_agency = grams.agency_lexeme(agency.pk.hex)
    for word in (grams.type_lexeme("penalty"), of_agency, grams.ALL):
        assert asking.count(Query(q=word)) == 0


@pytest.fixture(scope="module")
def real() -> list[dict[str, str]]:
    """The real decisions, where they lie beside the checkout."""
    if not REAL.exists():
        pytest.skip("../shared/data/real_decisions.jsonl is not on this machine")
    return [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]


def questions(rows: list[dict[str, str]], value: Callable[[dict[str, str]], list[str]]) -> list[str]:
    """Parts of what stands in the rows, some in other spelling, some of two rows at once."""
    pick = random.Random(11)
    found = [
        "罚",
        "1",
        "号",
        "〔",
        "有限公司",
        "罚款",
        "2015",
        "《",
        "）",
        "粤妆2017",
        "mA4",
        "ＭＡ４",
        "第46条",
        "水 砂",
        "不存在的词语",
    ]
    for _ in range(120):
        text = pick.choice([t for t in value(pick.choice(rows)) if t])
        begin = pick.randrange(len(text))
        part = text[begin : begin + pick.choice((1, 2, 3, 4, 6, 12, 40))]
        found.append(pick.choice((part, part.replace("〔", "【").upper(), f"{part} {pick.choice(found)}")))
    return found


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.deep)])
def test_over_the_real_decisions_it_finds_what_reading_every_row_finds(
    every: int, agency: Agency, real: list[dict[str, str]]
) -> None:
    """One in ten of them in every run."""
    real = real[::every]
    columns = {"number": "doc_no"}
    add([
        make_row(
            agency, date.fromisoformat(row["decision_date"]), act_type=row["record_type"],
            **{name: row[columns.get(name, name)] for name in FIELDS},
        )
        for row in real
    ])  # fmt: skip
    folded = [[fold(row[columns.get(name, name)]) for name in FIELDS] for row in real]
    for question in questions(real, lambda row: [row[columns.get(name, name)] for name in FIELDS]):
        words = [fold(part) for part in question.split()]
        expected = sum(all(any(word in field for field in fields) for word in words) for fields in folded)
        assert asking.count(Query(q=question)) == expected, question
