"""The side tables behind the portal's search, on both databases. Derived data: `search.rebuild` makes them anew.

`cases_search` holds one row a published decision: its place in the list, what lists filter by, and its folded fields, joined by line
feeds, which no folded text contains. Grams of the fields pre-filter: on SQLite a contentless FTS5 table without positions, on PostgreSQL
a tsvector that we build ourselves, so that no locale or parser has a say. Every hit is then re-checked on the folded text, inside the
same statement.

A place is minus (day × 2³² + serial): ascending places list the newest decision first, so a page is the first rows of a walk and a span
of days is a range of places. FTS5 walks its rowids forwards faster than backwards; hence minus.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from sanxiang.cases.search import folding

SQLITE = (
    """CREATE TABLE cases_search (place integer PRIMARY KEY, publication_id char(32) NOT NULL UNIQUE,
       act_type varchar(20) NOT NULL, agency_id char(32) NOT NULL, folded text NOT NULL)""",
    "CREATE TABLE cases_search_serial (last integer NOT NULL)",
    "INSERT INTO cases_search_serial VALUES (0)",
    """CREATE VIRTUAL TABLE cases_search_grams
       USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')""",
)
POSTGRESQL = (
    """CREATE TABLE cases_search (place bigint PRIMARY KEY, publication_id uuid NOT NULL UNIQUE,
       act_type varchar(20) NOT NULL, agency_id uuid NOT NULL, folded text NOT NULL, grams tsvector NOT NULL)""",
    "CREATE SEQUENCE cases_search_serial",
    "CREATE INDEX cases_search_grams ON cases_search USING gin (grams)",
)
INDEXES = (
    "CREATE INDEX cases_search_type ON cases_search (act_type, place)",
    "CREATE INDEX cases_search_agency ON cases_search (agency_id, place)",
    "CREATE INDEX cases_search_both ON cases_search (agency_id, act_type, place)",
)
SERIALS = 1 << 32
MARK = "\uf8ff"
"""Begins the lexemes that are no grams: act type, agency, and the one of texts too long for a tsvector."""

ALL = MARK + "all"
TSVECTOR_BYTES = 900_000
"""PostgreSQL refuses a tsvector of 1 MB. A longer text carries ALL instead of its grams and is always re-checked."""

WINDOW, DENSE = 2000, 0.3
"""How many of the newest rows PostgreSQL looks through first, and from which share of hits on a term counts as dense."""

# FTS5's ascii tokeniser splits at ASCII punctuation, and a tsquery quotes with it; in grams it stands in the private use area.
SAFE = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True)
class Row:
    """What the index keeps of one published decision. Ids as the database stores them."""

    publication: Any
    agency: Any
    act_type: str
    day: date
    folded: str

    def columns(self) -> tuple[Any, str, Any, str]:
        """The row of `cases_search` after its place."""
        return self.publication, self.act_type, self.agency, self.folded

    def lexemes(self) -> set[str]:
        """Everything by which the row is found, in a form that both databases take as it stands."""
        found = {gram.translate(SAFE) for gram in folding.grams(self.folded.split("\n"))}
        if connection.vendor == "postgresql" and sum(len(gram.encode()) for gram in found) > TSVECTOR_BYTES:
            found = {ALL}
        return found | {type_lexeme(self.act_type), agency_lexeme(self.agency)}


@dataclass(frozen=True)
class Wanted:
    """A question ready for SQL: folded terms, filters, and the span of places; None means no bound."""

    terms: tuple[str, ...] = ()
    act_type: str = ""
    agency: Any = None
    first: int | None = None
    last: int | None = None
    after: int | None = None


@dataclass
class Condition:
    """A WHERE clause and its parameters, grown together."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, *values: Any) -> None:
        """One more thing that must hold."""
        self.parts.append(sql)
        self.values += values

    @property
    def sql(self) -> str:
        """The clause; true when nothing was asked."""
        return " AND ".join(self.parts) or "1 = 1"


def type_lexeme(act_type: str) -> str:
    """The lexeme of an act type."""
    return f"{MARK}t{act_type}".translate(SAFE)


def agency_lexeme(agency: Any) -> str:
    """The lexeme of an agency's key."""
    return f"{MARK}a{agency}".translate(SAFE)


def place_of(day: date, serial: int) -> int:
    """Where a decision stands in the list."""
    return -(day.toordinal() * SERIALS + serial)


def create(database: BaseDatabaseWrapper) -> list[str]:
    """The statements that make the tables."""
    return [*(POSTGRESQL if database.vendor == "postgresql" else SQLITE), *INDEXES]


def remove(database: BaseDatabaseWrapper) -> list[str]:
    """The statements that take them away."""
    if database.vendor == "postgresql":
        return ["DROP TABLE cases_search", "DROP SEQUENCE cases_search_serial"]
    return ["DROP TABLE cases_search", "DROP TABLE cases_search_grams", "DROP TABLE cases_search_serial"]


def write(cursor: CursorWrapper, rows: list[Row]) -> None:
    """Put rows in, in place of what the same publications had. Call inside the transaction that changes them."""
    erase(cursor, [row.publication for row in rows])
    serials = _serials(cursor, len(rows))
    placed = [(place_of(row.day, serial), row) for row, serial in zip(rows, serials, strict=True)]
    placed.sort(key=lambda pair: pair[0])
    if connection.vendor == "postgresql":
        cursor.executemany(
            "INSERT INTO cases_search VALUES (%s, %s, %s, %s, %s, array_to_tsvector(%s))",
            [(place, *row.columns(), list(row.lexemes())) for place, row in placed],
        )
        return
    cursor.executemany(
        "INSERT INTO cases_search VALUES (%s, %s, %s, %s, %s)",
        [(place, *row.columns()) for place, row in placed],
    )
    # Ascending: FTS5 writes out what it holds in memory whenever a rowid is smaller than the one before.
    cursor.executemany(
        "INSERT INTO cases_search_grams (rowid, grams) VALUES (%s, %s)",
        [(place, " ".join(row.lexemes())) for place, row in placed],
    )


def erase(cursor: CursorWrapper, publications: list[Any]) -> None:
    """Take rows out; ids that are not there do not matter."""
    if not publications:
        return
    places = ", ".join(["%s"] * len(publications))
    if connection.vendor != "postgresql":
        columns = "place, publication_id, agency_id, act_type, folded"
        cursor.execute(
            f"SELECT {columns} FROM cases_search WHERE publication_id IN ({places}) ORDER BY place",
            publications,
        )
        old = [
            (place, Row(one, agency, kind, date.min, folded))
            for place, one, agency, kind, folded in cursor.fetchall()
        ]
        # A contentless table forgets a row only when told every word it had (SQLite before 3.43).
        cursor.executemany(
            "INSERT INTO cases_search_grams (cases_search_grams, rowid, grams) VALUES ('delete', %s, %s)",
            [(place, " ".join(row.lexemes())) for place, row in old],
        )
    cursor.execute(f"DELETE FROM cases_search WHERE publication_id IN ({places})", publications)


def _serials(cursor: CursorWrapper, count: int) -> list[int]:
    """So many fresh numbers. Two writers at once get different ones: SQLite has one writer, PostgreSQL a sequence."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT nextval('cases_search_serial') FROM generate_series(1, %s)", [count])
        return [serial for (serial,) in cursor.fetchall()]
    cursor.execute("UPDATE cases_search_serial SET last = last + %s", [count])
    cursor.execute("SELECT last FROM cases_search_serial")
    last = cursor.fetchone()[0]
    return list(range(last - count + 1, last + 1))


@dataclass(frozen=True)
class Hits:
    """Place and publication of some hits, newest first. `dense`: so frequent that counting need not look at the grams."""

    rows: list[tuple[int, Any]]
    dense: bool = False


def page(cursor: CursorWrapper, wanted: Wanted, limit: int, offset: int) -> Hits:
    """The hits after `offset` others. On PostgreSQL the newest rows are looked through first: what is frequent is found there.

    Its planner cannot know that an index of words says nothing about order; FTS5 walks its rows in order by itself.
    """
    if wanted.terms and connection.vendor == "postgresql":
        rows, all_seen, share = _newest(cursor, wanted, limit + offset)
        if all_seen or len(rows) == limit + offset:
            return Hits(rows[offset:], share > DENSE)
    source, condition = _source(wanted)
    cursor.execute(
        f"SELECT s.place, s.publication_id FROM {source} WHERE {condition.sql} ORDER BY {_order(wanted)} LIMIT %s OFFSET %s",
        [*condition.values, limit, offset],
    )
    return Hits(list(cursor.fetchall()))


def _newest(cursor: CursorWrapper, wanted: Wanted, most: int) -> tuple[list[tuple[int, Any]], bool, float]:
    """Hits among the first rows of the list, at most so many; were these all rows there are; what share were hits."""
    _source_of_all, within = _source(replace(wanted, terms=()))
    _source_of_hits, matching = _source(Wanted(terms=wanted.terms), grams=False)
    cursor.execute(
        f"""WITH newest AS MATERIALIZED
              (SELECT place, publication_id, folded FROM cases_search s WHERE {within.sql} ORDER BY place LIMIT {WINDOW:d})
            SELECT s.place, s.publication_id, count(*) OVER (), (SELECT count(*) FROM newest)
            FROM newest s WHERE {matching.sql} ORDER BY s.place LIMIT %s""",
        [*within.values, *matching.values, most],
    )
    rows = cursor.fetchall()
    hits, seen = rows[0][2:] if rows else (0, WINDOW)
    return [(place, publication) for place, publication, *_ in rows], seen < WINDOW, hits / seen


def number(cursor: CursorWrapper, wanted: Wanted, most: int | None, dense: bool = False) -> int:
    """How many hits there are; counting stops at `most`. For `dense` terms reading the texts is quicker than the index."""
    source, condition = _source(wanted, grams=not dense)
    stop = "" if most is None else f"LIMIT {most:d}"
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {condition.sql} {stop}) AS hits",
        condition.values,
    )
    return int(cursor.fetchone()[0])


def _order(wanted: Wanted) -> str:
    if not wanted.terms:
        return "s.place"
    # An expression keeps PostgreSQL's planner from walking the whole list for a rare term.
    return "s.place + 0" if connection.vendor == "postgresql" else "cases_search_grams.rowid"


def _source(wanted: Wanted, grams: bool = True) -> tuple[str, Condition]:
    """The FROM and WHERE of a question."""
    condition = Condition()
    place = "s.place"
    source = "cases_search s"
    if wanted.terms and connection.vendor != "postgresql":
        # CROSS JOIN is SQLite's way to fix the order: the grams lead, the text follows.
        source = "cases_search_grams CROSS JOIN cases_search s ON s.place = cases_search_grams.rowid"
        place = "cases_search_grams.rowid"
        lexemes = (f'"{lexeme}"' for lexeme in (*_grams(wanted), *_filters(wanted)))
        condition.add("cases_search_grams MATCH %s", " AND ".join(lexemes))
    elif wanted.terms and grams:
        condition.add("s.grams @@ %s::tsquery", _tsquery(wanted))
    for sign, bound in ((">=", wanted.first), ("<=", wanted.last), (">", wanted.after)):
        if bound is not None:
            condition.add(f"{place} {sign} %s", bound)
    if wanted.act_type:
        condition.add("s.act_type = %s", wanted.act_type)
    if wanted.agency is not None:
        condition.add("s.agency_id = %s", wanted.agency)
    find = "strpos" if connection.vendor == "postgresql" else "instr"
    for term in wanted.terms:
        condition.add(f"{find}(s.folded, %s) > 0", term)
    return source, condition


def _grams(wanted: Wanted) -> list[str]:
    return list(dict.fromkeys(gram.translate(SAFE) for term in wanted.terms for gram in folding.needed(term)))


def _filters(wanted: Wanted) -> list[str]:
    found = [type_lexeme(wanted.act_type)] if wanted.act_type else []
    return found + ([agency_lexeme(wanted.agency)] if wanted.agency is not None else [])


def _tsquery(wanted: Wanted) -> str:
    grams = " & ".join(f"'{lexeme}'" for lexeme in _grams(wanted))
    return " & ".join([f"(({grams}) | '{ALL}')", *(f"'{lexeme}'" for lexeme in _filters(wanted))])
