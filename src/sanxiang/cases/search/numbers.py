"""How many decisions are published: by month of the decision, act type, agency and kind of party; summed by year and for all time too.

Derived like the rest of the index, and written with it in the same transaction, so that a number never disagrees with its list.
Lists without words, the front page and the statistics ask this table instead of counting a million rows.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

Key = tuple[int, str, Any, str]
"""Month (202603), act type, key of the agency, kind of party. In the table a year stands as -2026, all time as 0."""

Group = tuple[str, Any, str, int]
"""Act type, key of the agency, kind of party, and how many."""

DROP = "DROP TABLE cases_search_numbers"


def table(database: BaseDatabaseWrapper) -> str:
    """The statement that makes the table."""
    key = "uuid" if database.vendor == "postgresql" else "char(32)"
    return f"""CREATE TABLE cases_search_numbers (month integer NOT NULL, act_type varchar(20) NOT NULL, agency_id {key} NOT NULL,
       party_type varchar(20) NOT NULL, n integer NOT NULL, PRIMARY KEY (month, act_type, agency_id, party_type))"""


def month_of(day: date) -> int:
    """2026年3月 as 202603."""
    return day.year * 100 + day.month


def add(cursor: CursorWrapper, keys: Iterable[Key], sign: int) -> None:
    """Count these rows in, or out. In one order everywhere: two writers never wait for each other in a ring."""
    counted: Counter[Key] = Counter()
    for (month, *rest), number in Counter(keys).items():
        for span in (month, -(month // 100), 0):
            counted[(span, *rest)] += number
    changes = sorted(counted.items(), key=lambda pair: tuple(map(str, pair[0])))
    cursor.executemany(
        """INSERT INTO cases_search_numbers (month, act_type, agency_id, party_type, n) VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (month, act_type, agency_id, party_type) DO UPDATE SET n = cases_search_numbers.n + excluded.n""",
        [(*key, sign * number) for key, number in changes],
    )


def whole(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last month of which all days lie between these two; the first may be later than the last."""
    first, last = since or date.min, until or date.max
    begin = month_of(first) if first.day == 1 else month_of(end_of(first)) + 1
    end = month_of(last) if last == end_of(last) else month_of(last) - 1
    return begin, end


def spans(begin: int, end: int) -> list[tuple[int, int]]:
    """Between two months the whole years, as they stand in the table, and the months before and after them."""
    first, last = begin // 100 + (begin % 100 > 1), end // 100 - (end % 100 < 12)
    if first > last:
        return [(begin, end)]
    found = [(-last, -first)]
    found += [(begin, first * 100)] if begin < first * 100 else []
    return found + ([(last * 100 + 13, end)] if end > last * 100 + 12 else [])


def end_of(day: date) -> date:
    """The last day of the month."""
    if (day.year, day.month) == (date.max.year, date.max.month):
        return date.max
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def edges(since: date | None, until: date | None) -> list[tuple[date, date]]:
    """The spans of days at both ends that are less than a month; two at most."""
    first, last = since or date.min, until or date.max
    if first > last:
        return []
    if (first.year, first.month) == (last.year, last.month):
        return [] if first.day == 1 and last == end_of(last) else [(first, last)]
    found = [] if first.day == 1 else [(first, end_of(first))]
    return found if last == end_of(last) else [*found, (last.replace(day=1), last)]


def groups(
    cursor: CursorWrapper, since: date | None, until: date | None, where: str, values: list[Any]
) -> list[Group]:
    """The numbers of the whole months between two days, narrowed by a clause and its values."""
    ranges = [(0, 0)] if since is until is None else spans(*whole(since, until))
    within = " OR ".join(["s.month BETWEEN %s AND %s"] * len(ranges))
    cursor.execute(
        f"""SELECT s.act_type, s.agency_id, s.party_type, sum(s.n) FROM cases_search_numbers s
            WHERE {where} AND s.n > 0 AND ({within}) GROUP BY s.act_type, s.agency_id, s.party_type""",
        [*values, *(bound for one in ranges for bound in one)],
    )
    return [(kind, agency, party, int(number)) for kind, agency, party, number in cursor.fetchall()]


def by_month(cursor: CursorWrapper, first: int, last: int) -> list[tuple[int, str, int]]:
    """How many decisions of each act type each month has, from one month to another."""
    cursor.execute(
        """SELECT month, act_type, sum(n) FROM cases_search_numbers WHERE n > 0 AND month BETWEEN %s AND %s
           GROUP BY month, act_type ORDER BY month, act_type""",
        [first, last],
    )
    return [(month, kind, int(number)) for month, kind, number in cursor.fetchall()]
