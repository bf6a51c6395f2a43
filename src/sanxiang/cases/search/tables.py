"""The statements that make the tables of the search, on both databases, and those that take them away. What they hold: `grams.py`."""

from django.db.backends.base.base import BaseDatabaseWrapper

from sanxiang.cases.search import numbers

SQLITE = (
    """CREATE TABLE cases_search (place integer PRIMARY KEY, publication_id char(32) NOT NULL UNIQUE,
       act_type varchar(20) NOT NULL, agency_id char(32) NOT NULL, party_type varchar(20) NOT NULL DEFAULT '', published integer,
       folded text NOT NULL, kind integer NOT NULL DEFAULT 0)""",
    "CREATE TABLE cases_search_serial (last integer NOT NULL)",
    "INSERT INTO cases_search_serial VALUES (0)",
    """CREATE VIRTUAL TABLE cases_search_grams
       USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')""",
)
POSTGRESQL = (
    """CREATE TABLE cases_search (place bigint PRIMARY KEY, publication_id uuid NOT NULL UNIQUE,
       act_type varchar(20) NOT NULL, agency_id uuid NOT NULL, party_type varchar(20) NOT NULL DEFAULT '', published integer,
       folded text NOT NULL, grams tsvector NOT NULL)""",
    "CREATE SEQUENCE cases_search_serial",
    "CREATE INDEX cases_search_grams ON cases_search USING gin (grams)",
)
WALK = "CREATE INDEX cases_search_walk ON cases_search (place, published)"
"""PostgreSQL's alone: decisions of some days of publication are found on the walk without a look at the rows between."""

INDEXES = (
    "CREATE INDEX cases_search_type ON cases_search (act_type, place)",
    "CREATE INDEX cases_search_agency ON cases_search (agency_id, place)",
    "CREATE INDEX cases_search_both ON cases_search (agency_id, act_type, place)",
)
NARROW = (
    """CREATE TABLE cases_search_kinds (kind integer PRIMARY KEY, act_type varchar(20) NOT NULL, agency_id char(32) NOT NULL,
       party_type varchar(20) NOT NULL, UNIQUE (act_type, agency_id, party_type))""",
    "CREATE INDEX cases_search_narrow ON cases_search (place, kind, published)",
)
"""SQLite's alone: act type, agency and kind of party as one small number, so that ten thousand hits are counted without their texts."""

LATER = (
    "CREATE INDEX cases_search_party ON cases_search (party_type, place)",
    "CREATE INDEX cases_search_published ON cases_search (published, place)",
)
"""Indexes of the columns that came with the filters by kind of party and by day of publication."""


def create(database: BaseDatabaseWrapper) -> list[str]:
    """The statements that make the tables."""
    tables = (*POSTGRESQL, WALK) if database.vendor == "postgresql" else (*SQLITE, *NARROW)
    return [*tables, *INDEXES, *LATER, numbers.table(database)]


def remove(database: BaseDatabaseWrapper) -> list[str]:
    """The statements that take them away."""
    if database.vendor == "postgresql":
        return ["DROP TABLE cases_search", "DROP SEQUENCE cases_search_serial", numbers.DROP]
    gone = ("cases_search", "cases_search_kinds", "cases_search_grams", "cases_search_serial")
    return [*(f"DROP TABLE {table}" for table in gone), numbers.DROP]
