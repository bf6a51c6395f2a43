"""The side tables behind the portal's search, on both databases. Derived data: `search.rebuild` makes them anew.

`cases_search` holds one row a published decision: its place in the list, what lists filter by, and its folded fields, joined by line
feeds, which no folded text contains. Grams of the fields pre-filter: on SQLite a contentless FTS5 table without positions, on PostgreSQL
a tsvector that we build ourselves, so that no locale or parser has a say. Every hit is then re-checked on the folded text, inside the
same statement.

A place is minus (day × 2³² + serial): ascending places list the newest decision first, so a page is the first rows of a walk and a span
of days is a range of places. FTS5 walks its rowids forwards faster than backwards; hence minus.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from sanxiang.cases.search import folding, numbers

COLUMNS = ("publication_id", "act_type", "agency_id", "party_type", "published", "folded")
"""The columns of `cases_search` after the place, by name: a table that was made before has the later ones at its end."""

SERIALS = 1 << 32
MARK = "\uf8ff"
"""Begins the lexemes that are no grams: act type, agency, and the one of texts too long for a tsvector."""

ALL = MARK + "all"
TSVECTOR_BYTES = 900_000
"""PostgreSQL refuses a tsvector of 1 MB. A longer text carries ALL instead of its grams and is always re-checked."""

SURELY_SHORT = TSVECTOR_BYTES // 18
"""A text of fewer bytes has its grams: each character is in six of their characters at most, of three bytes where one was."""

FIRST, DENSE, WINDOW = 200, 0.3, 2000
"""How many of the newest rows tell PostgreSQL whether a term is dense, from which share of hits on, and how many it looks through for
the rows of what is frequent."""

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
    party_type: str = ""
    published: int | None = None

    def columns(self) -> tuple[Any, ...]:
        """The row of `cases_search` after its place."""
        return self.publication, self.act_type, self.agency, self.party_type, self.published, self.folded

    @property
    def key(self) -> numbers.Key:
        """What it counts as in the numbers by month."""
        return numbers.month_of(self.day), self.act_type, self.agency, self.party_type

    def lexemes(self) -> set[str]:
        """Everything by which the row is found, in a form that both databases take as it stands."""
        found = {gram.translate(SAFE) for gram in folding.grams(self.folded.split("\n"))}
        if connection.vendor == "postgresql" and sum(len(gram.encode()) for gram in found) > TSVECTOR_BYTES:
            found = {ALL}
        return found | {type_lexeme(self.act_type), agency_lexeme(self.agency)}


@dataclass(frozen=True)
class Wanted:
    """A question ready for SQL: folded terms, filters, and spans of days; None means no bound.

    `among`: the keys of several agencies. `oldest` turns the list round, and with it what `after` means.
    """

    terms: tuple[str, ...] = ()
    act_type: str = ""
    agency: Any = None
    among: tuple[Any, ...] | None = None
    party_type: str = ""
    since: date | None = None
    until: date | None = None
    published_since: date | None = None
    published_until: date | None = None
    after: int | None = None
    oldest: bool = False

    @property
    def first(self) -> int | None:
        """The first place that `until` allows. The end of a day is the beginning of the next; the last day there is has no end."""
        if self.until is None or self.until == date.max:
            return None
        return place_of(self.until + timedelta(days=1), -1)

    @property
    def last(self) -> int | None:
        """The last place that `since` allows."""
        return None if self.since is None else place_of(self.since, 0)


@dataclass
class Condition:
    """A WHERE clause and its parameters."""

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


def day_of(place: int) -> date:
    """The day of a place."""
    return date.fromordinal(-place // SERIALS)


def write(cursor: CursorWrapper, rows: list[Row]) -> None:
    """Put rows in, in place of what the same publications had. Call inside the transaction that changes them."""
    erase(cursor, [row.publication for row in rows])
    serials = _serials(cursor, len(rows))
    placed = [(place_of(row.day, serial), row) for row, serial in zip(rows, serials, strict=True)]
    placed.sort(key=lambda pair: pair[0])
    numbers.add(cursor, (row.key for row in rows), 1)
    columns = ", ".join(("place", *COLUMNS))
    if connection.vendor == "postgresql":
        cursor.executemany(
            f"INSERT INTO cases_search ({columns}, grams) VALUES (%s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s))",
            [(place, *row.columns(), list(row.lexemes())) for place, row in placed],
        )
        return
    key = "act_type, agency_id, party_type"
    kinds = {row.key[1:] for row in rows}
    cursor.executemany(f"INSERT OR IGNORE INTO cases_search_kinds ({key}) VALUES (%s, %s, %s)", list(kinds))
    kind = f"(SELECT kind FROM cases_search_kinds WHERE ({key}) = (%s, %s, %s))"
    cursor.executemany(
        f"INSERT INTO cases_search ({columns}, kind) VALUES (%s, %s, %s, %s, %s, %s, %s, {kind})",
        [(place, *row.columns(), *row.key[1:]) for place, row in placed],
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
    columns = ", ".join(("place", *COLUMNS))
    cursor.execute(
        f"SELECT {columns} FROM cases_search WHERE publication_id IN ({places}) ORDER BY place",
        publications,
    )
    old = [
        (place, Row(one, agency, kind, day_of(place), folded, party, published))
        for place, one, kind, agency, party, published, folded in cursor.fetchall()
    ]
    if connection.vendor != "postgresql":
        # A contentless table forgets a row only when told every word it had (SQLite before 3.43).
        cursor.executemany(
            "INSERT INTO cases_search_grams (cases_search_grams, rowid, grams) VALUES ('delete', %s, %s)",
            [(place, " ".join(row.lexemes())) for place, row in old],
        )
    cursor.execute(f"DELETE FROM cases_search WHERE publication_id IN ({places})", publications)
    numbers.add(cursor, (row.key for _place, row in old), -1)


def _serials(cursor: CursorWrapper, count: int) -> list[int]:
    """So many fresh numbers. Two writers at once get different ones: SQLite has one writer, PostgreSQL a sequence."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT nextval('cases_search_serial') FROM generate_series(1, %s)", [count])
        return [serial for (serial,) in cursor.fetchall()]
    cursor.execute("UPDATE cases_search_serial SET last = last + %s", [count])
    cursor.execute("SELECT last FROM cases_search_serial")
    last = cursor.fetchone()[0]
    return list(range(last - count + 1, last + 1))


Hit = tuple[int, Any]
"""Place and publication."""


def look_up(
    cursor: CursorWrapper, wanted: Wanted, limit: int, offset: int, most: int | None
) -> tuple[list[Hit], list[numbers.Group]]:
    """The hits after `offset` others, and how many each act type, agency and kind of party has, up to `most` in all: on PostgreSQL by
    one look into the index of grams, unless there are more than are counted."""
    if not wanted.terms or connection.vendor != "postgresql":
        return page(cursor, wanted, limit, offset), groups(cursor, wanted, most)
    rows, whole, share = _among(cursor, wanted, limit + offset, FIRST + 8 * offset)
    if enough := whole or len(rows) == limit + offset:
        return rows[offset:], _counted(cursor, replace(wanted, after=None), most, grams=share <= DENSE)
    if share > DENSE:
        rows, found = [], _counted(cursor, replace(wanted, after=None), most, grams=False)
    else:
        rows, found = _together(cursor, wanted, limit, offset, most)
        enough = most is None or sum(number for *_key, number in found) < most
    return rows if enough else page(cursor, wanted, limit, offset), found


def page(cursor: CursorWrapper, wanted: Wanted, limit: int, offset: int) -> list[Hit]:
    """The hits after `offset` others. On PostgreSQL the newest rows are looked through first: what is frequent is found there.

    Its planner cannot know that an index of words says nothing about order; FTS5 walks its rows in order by itself.
    """
    if wanted.terms and connection.vendor == "postgresql":
        rows, whole, _share = _among(cursor, wanted, limit + offset, WINDOW)
        if whole or len(rows) == limit + offset:
            return rows[offset:]
    source, condition = _source(wanted)
    with _by_grams(cursor, bool(wanted.terms)):
        cursor.execute(
            f"SELECT s.place, s.publication_id FROM {source} WHERE {condition.sql} ORDER BY {_order(wanted)} LIMIT %s OFFSET %s",
            [*condition.values, limit, offset],
        )
        return list(cursor.fetchall())


def _together(
    cursor: CursorWrapper, wanted: Wanted, limit: int, offset: int, most: int | None
) -> tuple[list[Hit], list[numbers.Group]]:
    """Rows and groups among `most` hits, which are all there are where there are fewer: the rows are then the first ones."""
    source, condition = _source(replace(wanted, after=None))
    way, onward, stop = _way(wanted), "<" if wanted.oldest else ">", "" if most is None else f"LIMIT {most:d}"
    behind, after = ("", []) if wanted.after is None else (f"WHERE place {onward} %s", [wanted.after])
    with _by_grams(cursor):
        cursor.execute(
            f"""WITH hits AS MATERIALIZED
                  (SELECT s.place, s.publication_id, s.act_type, s.agency_id, s.party_type FROM {source} WHERE {condition.sql} {stop})
                SELECT act_type, agency_id, party_type, count(*), NULL::bigint AS place, NULL::uuid FROM hits GROUP BY 1, 2, 3
                UNION ALL
                (SELECT NULL, NULL, NULL, 0, place, publication_id FROM hits {behind} ORDER BY place {way} LIMIT %s OFFSET %s)""",
            [*condition.values, *after, limit, offset],
        )
        found = cursor.fetchall()
    rows = sorted((row[4:] for row in found if row[4] is not None), reverse=wanted.oldest)
    return rows, [row[:4] for row in found if row[4] is None]


BITMAPS = {"enable_seqscan": "off", "enable_indexscan": "off", "work_mem": "'32MB'"}


@contextmanager
def _by_grams(cursor: CursorWrapper, words: bool = True) -> Iterator[None]:
    """PostgreSQL looks words up in the index of grams and nowhere else, with room to remember each row that it finds there.

    Its planner takes a walk through all rows or down another index for cheaper, where it unpacks the grams of each; so it does with
    too little room.
    """
    if not words or connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in BITMAPS.items()))
        yield
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in BITMAPS))


def _among(cursor: CursorWrapper, wanted: Wanted, most: int, window: int) -> tuple[list[Hit], bool, float]:
    """Hits among the first rows of the list, at most so many; were these all rows there are; what share were hits."""
    _source_of_all, within = _source(replace(wanted, terms=()))
    _source_of_hits, matching = _source(Wanted(terms=wanted.terms), grams=False)
    way = _way(wanted)
    cursor.execute(
        f"""WITH newest AS MATERIALIZED
              (SELECT place, publication_id, folded FROM cases_search s WHERE {within.sql} ORDER BY place {way} LIMIT {window:d})
            SELECT s.place, s.publication_id, count(*) OVER (), (SELECT count(*) FROM newest)
            FROM newest s WHERE {matching.sql} ORDER BY s.place {way} LIMIT %s""",
        [*within.values, *matching.values, most],
    )
    rows = cursor.fetchall()
    hits, seen = rows[0][2:] if rows else (0, window)
    return [(place, publication) for place, publication, *_ in rows], seen < window, hits / seen


def groups(cursor: CursorWrapper, wanted: Wanted, most: int | None) -> list[numbers.Group]:
    """How many hits each act type, agency and kind of party has, up to `most` in all. Without words the numbers by month know most."""
    whole = replace(wanted, after=None)
    if not whole.terms and whole.published_since is None and whole.published_until is None:
        narrowed = _filter(whole)
        found = numbers.groups(cursor, whole.since, whole.until, narrowed.sql, narrowed.values)
        for first, last in numbers.edges(whole.since, whole.until):
            found += _counted(cursor, replace(whole, since=first, until=last), most)
        return found
    if _is_narrow(whole):
        return _counted_narrow(cursor, whole, most)
    return _counted(cursor, whole, most)


def _counted(
    cursor: CursorWrapper, wanted: Wanted, most: int | None, grams: bool = True
) -> list[numbers.Group]:
    """Row by row. For what stands in every third decision reading the texts is quicker than the index."""
    source, condition = _source(wanted, grams)
    stop = "" if most is None else f"LIMIT {most:d}"
    with _by_grams(cursor, bool(wanted.terms) and grams):
        cursor.execute(
            f"""SELECT act_type, agency_id, party_type, count(*) FROM
                  (SELECT s.act_type, s.agency_id, s.party_type FROM {source} WHERE {condition.sql} {stop}) AS hits
                GROUP BY act_type, agency_id, party_type""",
            condition.values,
        )
        return list(cursor.fetchall())


def _counted_narrow(cursor: CursorWrapper, wanted: Wanted, most: int | None) -> list[numbers.Group]:
    """The same by the narrow index: the texts are read only where the grams leave a doubt."""
    source, condition = _source(wanted)
    if all(map(_certain, wanted.terms)):
        source = source.partition(TEXTS)[0]
    stop = "" if most is None else f"LIMIT {most:d}"
    cursor.execute(
        f"""SELECT k.act_type, k.agency_id, k.party_type, hits.number FROM
              (SELECT kind, count(*) AS number FROM (SELECT n.kind FROM {source} WHERE {condition.sql} {stop}) GROUP BY kind) AS hits
            JOIN cases_search_kinds k ON k.kind = hits.kind""",
        condition.values,
    )
    return list(cursor.fetchall())


def _way(wanted: Wanted) -> str:
    return "DESC" if wanted.oldest else "ASC"


def _order(wanted: Wanted) -> str:
    way = _way(wanted)
    if not wanted.terms:
        return f"n.place {way}" if _is_narrow(wanted) else f"s.place {way}"
    # An expression keeps PostgreSQL's planner from walking the whole list for a rare term.
    return f"s.place + 0 {way}" if connection.vendor == "postgresql" else f"cases_search_grams.rowid {way}"


def _filter(wanted: Wanted) -> Condition:
    """What the columns must hold, apart from days and words."""
    condition = Condition()
    for column in ("act_type", "party_type"):
        if value := getattr(wanted, column):
            condition.add(f"s.{column} = %s", value)
    if wanted.agency is not None:
        condition.add("s.agency_id = %s", wanted.agency)
    if wanted.among is not None:
        keys = ", ".join(["%s"] * len(wanted.among))
        condition.add(f"s.agency_id IN ({keys})" if keys else "1 = 0", *wanted.among)
    return condition


def _filter_beside_grams(wanted: Wanted) -> Condition:
    """What of it the grams do not hold themselves. The kind of party is no help in finding rows: half of them have the same."""
    condition = _filter(replace(wanted, act_type="", agency=None, party_type=""))
    if wanted.party_type:
        condition.add("s.party_type || '' = %s", wanted.party_type)
    return condition


NARROW_INDEX = "cases_search n INDEXED BY cases_search_narrow"
TEXTS = " CROSS JOIN cases_search s ON s.place = n.place"
"""CROSS JOIN is SQLite's way to fix the order: the grams lead, the narrow index sifts, the text follows."""


def _is_narrow(wanted: Wanted) -> bool:
    """Does the narrow index sift? For words, and for days of publication, which may be far down the list."""
    days = bool(wanted.published_since or wanted.published_until)
    agencies = wanted.agency is not None or wanted.among is not None
    return connection.vendor != "postgresql" and (bool(wanted.terms) or (days and not agencies))


def _source(wanted: Wanted, grams: bool = True) -> tuple[str, Condition]:
    """The FROM and WHERE of a question."""
    place, published, source, condition = "s.place", "s.published", "cases_search s", _filter(wanted)
    if _is_narrow(wanted):
        place, published, source, condition = "n.place", "n.published", NARROW_INDEX, _narrow(condition)
        if wanted.terms:
            place = "cases_search_grams.rowid"
            source = f"cases_search_grams CROSS JOIN {source} ON n.place = {place}"
            lexemes = (f'"{lexeme}"' for lexeme in (*_grams(wanted), *_filters(wanted)))
            condition.add("cases_search_grams MATCH %s", " AND ".join(lexemes))
        source += TEXTS
    elif wanted.terms and grams:
        condition = _filter_beside_grams(wanted)
        condition.add("s.grams @@ %s::tsquery", _tsquery(wanted))
    onward = "<" if wanted.oldest else ">"
    for sign, bound in ((">=", wanted.first), ("<=", wanted.last), (onward, wanted.after)):
        if bound is not None:
            condition.add(f"{place} {sign} %s", bound)
    for sign, day in ((">=", wanted.published_since), ("<=", wanted.published_until)):
        if day is not None:
            condition.add(f"{published} {sign} %s", day.toordinal())
    for term in wanted.terms:
        _recheck(condition, term, grams)
    return source, condition


def _narrow(filtered: Condition) -> Condition:
    """The filter of columns as one of kinds."""
    condition = Condition()
    if filtered.parts:
        kinds = f"SELECT s.kind FROM cases_search_kinds s WHERE {filtered.sql}"
        condition.add(f"+n.kind IN ({kinds})", *filtered.values)  # +: sifted, not looked up one by one
    return condition


def _recheck(condition: Condition, term: str, grams: bool) -> None:
    """Does the text hold the term? Not asked where a gram is the term; but of texts that may be too long to have grams."""
    if connection.vendor != "postgresql":
        if not _certain(term):
            condition.add("instr(s.folded, %s) > 0", term)
    elif grams and _certain(term):
        condition.add(f"(octet_length(s.folded) < {SURELY_SHORT} OR strpos(s.folded, %s) > 0)", term)
    else:
        condition.add("strpos(s.folded, %s) > 0", term)


def _certain(term: str) -> bool:
    """Is the term itself a gram that nothing else is written as? Then whatever the index finds holds it."""
    private = any("\ue000" <= character <= "\uf8ff" for character in term)
    return folding.needed(term) == [term] and not private and term.translate(SAFE) == term


def _grams(wanted: Wanted) -> list[str]:
    return list(dict.fromkeys(gram.translate(SAFE) for term in wanted.terms for gram in folding.needed(term)))


def _filters(wanted: Wanted) -> list[str]:
    found = [type_lexeme(wanted.act_type)] if wanted.act_type else []
    return found + ([agency_lexeme(wanted.agency)] if wanted.agency is not None else [])


def _tsquery(wanted: Wanted) -> str:
    grams = " & ".join(f"'{lexeme}'" for lexeme in _grams(wanted))
    return " & ".join([f"(({grams}) | '{ALL}')", *(f"'{lexeme}'" for lexeme in _filters(wanted))])
