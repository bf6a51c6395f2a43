"""Search over what is published, and nothing else: the one list behind the portal, its feed, the open data and the API's twin.

Meaning: `folding.matches`. Order: newest decision first (`sort_on`, then the order of indexing). Whoever changes a publication
calls `index` in the same transaction; rows that are not published leave the index by the same call.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from sanxiang.cases.disclosure.published import stands
from sanxiang.cases.models import Publication
from sanxiang.cases.search import folding, grams, numbers, tables

FIELDS = ("number", "title", "party", "party_code", "address", "facts", "basis", "result", "authority")
"""A term must lie inside one of these; they are never joined."""

CAP = 10_000
"""Beyond so many hits a page says 超过 10,000 and counts on demand."""

LONGEST = 500_000
"""So many days' rows are counted one by one where a span of days cuts a month."""

BATCH = 1000
FARTHEST = 2**31
"""No list is so long; a larger page number is as empty as this one."""


@dataclass(frozen=True)
class Query:
    """A question. `after` (the `cursor` of the page before) is quicker than a large `page` and takes its place.

    `since`, `until`: the day of the decision. `among`: agencies one of which it must be of; None means any.
    """

    q: str = ""
    act_type: str = ""
    agency: UUID | None = None
    among: frozenset[UUID] | None = None
    party_type: str = ""
    published_since: date | None = None
    published_until: date | None = None
    oldest: bool = False
    since: date | None = None
    until: date | None = None
    page: int = 1
    after: int | None = None
    limit: int = 20
    exact: bool = False


@dataclass(frozen=True)
class Page:
    """Hits in order. `total` None: more than CAP. `cursor` is the place of the last row; None when there is none.

    `numbers`: how many hits each act type, agency and kind of party has; of the first CAP hits where there are more.
    """

    rows: tuple[Publication, ...]
    total: int | None
    more: bool
    cursor: int | None
    numbers: Mapping[str, Mapping[Any, int]]


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
        for statement in (*tables.remove(connection), *tables.create(connection)):
            cursor.execute(statement)
        index(Publication.objects.filter(status="published").iterator(BATCH))
        return _sum(grams.groups(cursor, grams.Wanted(), None))


NONE: Mapping[str, Mapping[Any, int]] = {"act_type": {}, "agency": {}, "party_type": {}}


def find(query: Query) -> Page:
    """One page of hits with their numbers. Three statements, whatever the size, and one for each month that the question cuts.

    Raises folding.TooMuch.
    """
    wanted = _wanted(query)
    if wanted is None:
        return Page((), 0, False, None, NONE)
    offset = 0 if query.after is not None else min((query.page - 1) * query.limit, FARTHEST)
    with connection.cursor() as cursor:
        most = None if query.exact else (LONGEST if _by_month(wanted) else CAP) + 1
        hits, counted = grams.look_up(cursor, wanted, query.limit + 1, offset, most)
    more, rows = len(hits) > query.limit, hits[: query.limit]
    found = _sum(counted)
    total = found if most is None or _by_month(wanted) or found < most else None
    return Page(_publications(rows), total, more, rows[-1][0] if rows else None, _by_column(counted))


def _by_month(wanted: grams.Wanted) -> bool:
    """Do the numbers by month answer? Then nothing is counted row by row but the days that a span cuts off a month."""
    return not wanted.terms and wanted.published_since is None and wanted.published_until is None


def _sum(counted: list[numbers.Group]) -> int:
    return sum(number for *_key, number in counted)


def _by_column(counted: list[numbers.Group]) -> dict[str, dict[Any, int]]:
    """The same by each column alone."""
    kinds: Counter[str] = Counter()
    agencies: Counter[Any] = Counter()
    parties: Counter[str] = Counter()
    for act_type, agency, party_type, number in counted:
        kinds[act_type] += number
        agencies[agency] += number
        parties[party_type] += number
    by_id = {UUID(str(agency)): number for agency, number in agencies.items()}
    return {"act_type": kinds, "agency": by_id, "party_type": parties}


def count(query: Query) -> int:
    """The exact number of hits. Raises folding.TooMuch."""
    wanted = _wanted(query)
    if wanted is None:
        return 0
    with connection.cursor() as cursor:
        return _sum(grams.groups(cursor, wanted, None))


def numbers_by(column: str) -> dict[Any, int]:
    """How many published decisions each act type, each agency (by its id), or each kind of party has."""
    with connection.cursor() as cursor:
        return _by_column(grams.groups(cursor, grams.Wanted(), None))[column]


def stream(query: Query, batch: int = BATCH) -> Iterator[Publication]:
    """All hits in order, fetched by the batch, so that neither memory nor a long transaction is needed. Raises TooMuch."""
    wanted = _wanted(query)
    while wanted is not None:
        with connection.cursor() as cursor:
            rows = grams.page(cursor, wanted, batch, 0)
        yield from _publications(rows)
        wanted = replace(wanted, after=rows[-1][0]) if len(rows) == batch else None


def _wanted(query: Query) -> grams.Wanted | None:
    """The question in the index's own terms; None when nothing can match."""
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in query.q):
        return None  # no stored text holds these, and neither database takes them as a parameter
    return grams.Wanted(
        terms=tuple(folding.terms(query.q)),
        act_type=query.act_type,
        agency=None if query.agency is None else _key(query.agency),
        among=None if query.among is None else tuple(sorted(map(_key, query.among))),
        party_type=query.party_type,
        since=query.since,
        until=query.until,
        published_since=query.published_since,
        published_until=query.published_until,
        after=query.after,
        oldest=query.oldest,
    )


def _publications(hits: list[tuple[int, Any]]) -> tuple[Publication, ...]:
    """The rows of the hits in their order. One no longer published is left out, whatever the index says."""
    found = Publication.objects.filter(pk__in=[key for _place, key in hits]).select_related("agency")
    # Not in the statement: SQLite would then walk the index of the status instead of looking up the keys.
    by_key = {_key(publication.pk): publication for publication in found if stands(publication)}
    return tuple(by_key[key] for _place, key in hits if key in by_key)


def _row(publication: Publication) -> grams.Row:
    return grams.Row(
        publication=_key(publication.pk),
        agency=_key(publication.agency_id),
        act_type=publication.act_type,
        day=publication.sort_on,
        folded="\n".join(folding.fold(getattr(publication, name)) for name in FIELDS),
        party_type=publication.party_type,
        published=publication.published_on.toordinal() if publication.published_on else None,
    )


def meets(query: Query, publication: Publication) -> bool:
    """Whether one published decision answers the question, without any index."""
    spans = (
        (query.since, publication.sort_on, query.until),
        (query.published_since, publication.published_on, query.published_until),
    )
    return (
        folding.matches(query.q, [getattr(publication, name) for name in FIELDS])
        and query.act_type in ("", publication.act_type)
        and query.agency in (None, publication.agency_id)
        and (query.among is None or publication.agency_id in query.among)
        and query.party_type in ("", publication.party_type)
        and all(
            (first or date.min) <= (day or date.min) <= (last or date.max)
            for first, day, last in spans
            if first or last
        )
    )


def _key(identity: UUID) -> Any:
    """An id as the database holds it in our own statements: 32 hex digits on SQLite, a uuid on PostgreSQL."""
    return identity if connection.vendor == "postgresql" else identity.hex


def months(first: date, last: date) -> list[tuple[int, str, int]]:
    """How many published decisions each month (202603) and act type has, from one month to another. One query."""
    with connection.cursor() as cursor:
        return numbers.by_month(cursor, numbers.month_of(first), numbers.month_of(last))
