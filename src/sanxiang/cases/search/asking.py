"""Search over what is published, and nothing else: the one list behind the portal, its feed, the open data and the API's twin.

Meaning: `folding.matches`. Order: newest decision first (`sort_on`, then the order of indexing). Whoever changes a publication
calls `index` in the same transaction; rows that are not published leave the index by the same call.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from sanxiang.cases.models import Publication
from sanxiang.cases.search import folding, grams

FIELDS = ("number", "title", "party", "party_code", "address", "facts", "basis", "result", "authority")
"""A term must lie inside one of these; they are never joined."""

CAP = 10_000
"""Beyond so many hits a page says 超过 10,000 and counts on demand."""

LONGEST = 500_000
"""Without words the index knows the number; only a longer list than this is not counted unasked."""

BATCH = 1000
FARTHEST = 2**31
"""No list is so long; a larger page number is as empty as this one."""


@dataclass(frozen=True)
class Query:
    """A question. `after` (the `cursor` of the page before) is quicker than a large `page` and takes its place."""

    q: str = ""
    act_type: str = ""
    agency: UUID | None = None
    since: date | None = None
    until: date | None = None
    page: int = 1
    after: int | None = None
    limit: int = 20
    exact: bool = False


@dataclass(frozen=True)
class Page:
    """Hits in order. `total` None: more than CAP. `cursor` is the place of the last row; None when there is none."""

    rows: tuple[Publication, ...]
    total: int | None
    more: bool
    cursor: int | None


def index(publications: Iterable[Publication]) -> None:
    """Bring the index in line with these rows: published ones are put in or renewed, all others taken out."""
    rows = iter(publications)
    while batch := list(islice(rows, BATCH)):
        shown = [_row(publication) for publication in batch if publication.status == "published"]
        with transaction.atomic(), connection.cursor() as cursor:
            grams.erase(cursor, [_key(p.pk) for p in batch if p.status != "published"])
            if shown:
                grams.write(cursor, shown)


def drop(ids: Iterable[UUID]) -> None:
    """Take publications out of the index, by id."""
    with transaction.atomic(), connection.cursor() as cursor:
        grams.erase(cursor, [_key(identity) for identity in ids])


def rebuild() -> int:
    """Make the whole index anew from the published rows; returns how many there are."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*grams.remove(connection), *grams.create(connection)):
            cursor.execute(statement)
        index(Publication.objects.filter(status="published").iterator(BATCH))
        return grams.number(cursor, grams.Wanted(), None)


def find(query: Query) -> Page:
    """One page of hits with their total. Three statements, whatever the size. Raises folding.TooMuch."""
    wanted = _wanted(query)
    if wanted is None:
        return Page((), 0, False, None)
    offset = 0 if query.after is not None else min((query.page - 1) * query.limit, FARTHEST)
    with connection.cursor() as cursor:
        hits = grams.page(cursor, wanted, query.limit + 1, offset)
        most = None if query.exact else (CAP if wanted.terms else LONGEST) + 1
        found = grams.number(cursor, replace(wanted, after=None), most, hits.dense)
    more, rows = len(hits.rows) > query.limit, hits.rows[: query.limit]
    total = found if most is None or found < most else None
    return Page(_publications(rows), total, more, rows[-1][0] if rows else None)


def count(query: Query) -> int:
    """The exact number of hits. Raises folding.TooMuch."""
    wanted = _wanted(query)
    if wanted is None:
        return 0
    with connection.cursor() as cursor:
        return grams.number(cursor, replace(wanted, after=None), None)


def stream(query: Query, batch: int = BATCH) -> Iterator[Publication]:
    """All hits in order, fetched by the batch, so that neither memory nor a long transaction is needed. Raises TooMuch."""
    wanted = _wanted(query)
    while wanted is not None:
        with connection.cursor() as cursor:
            rows = grams.page(cursor, wanted, batch, 0).rows
        yield from _publications(rows)
        wanted = replace(wanted, after=rows[-1][0]) if len(rows) == batch else None


def numbers_by(column: str) -> dict[Any, int]:
    """How many published decisions each act type, or each agency (by its id), has. `column`: act_type or agency."""
    name = {"act_type": "act_type", "agency": "agency_id"}[column]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}, count(*) FROM cases_search GROUP BY {name}")
        return {UUID(str(key)) if column == "agency" else key: number for key, number in cursor.fetchall()}


def _wanted(query: Query) -> grams.Wanted | None:
    """The question in the index's own terms; None when nothing can match."""
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in query.q):
        return None  # no stored text holds these, and neither database takes them as a parameter
    # The end of a day is the beginning of the next one; the last day that there is has no end.
    end = None if query.until in (None, date.max) else query.until + timedelta(days=1)
    return grams.Wanted(
        terms=tuple(folding.terms(query.q)),
        act_type=query.act_type,
        agency=None if query.agency is None else _key(query.agency),
        first=None if end is None else grams.place_of(end, -1),
        last=None if query.since is None else grams.place_of(query.since, 0),
        after=query.after,
    )


def _publications(hits: list[tuple[int, Any]]) -> tuple[Publication, ...]:
    """The rows of the hits in their order. One no longer published is left out, whatever the index says."""
    found = Publication.objects.filter(pk__in=[key for _place, key in hits]).select_related("agency")
    # Not in the statement: SQLite would then walk the index of the status instead of looking up the keys.
    by_key = {_key(publication.pk): publication for publication in found if publication.status == "published"}
    return tuple(by_key[key] for _place, key in hits if key in by_key)


def _row(publication: Publication) -> grams.Row:
    return grams.Row(
        publication=_key(publication.pk),
        agency=_key(publication.agency_id),
        act_type=publication.act_type,
        day=publication.sort_on,
        folded="\n".join(folding.fold(getattr(publication, name)) for name in FIELDS),
    )


def _key(identity: UUID) -> Any:
    """An id as the database holds it in our own statements: 32 hex digits on SQLite, a uuid on PostgreSQL."""
    return identity if connection.vendor == "postgresql" else identity.hex
