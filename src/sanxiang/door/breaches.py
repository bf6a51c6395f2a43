"""记录纪律: what came late or not at all, by officer, as the ledger and the tasks have it. Nothing is stored: it follows from the records.

late-upload    evidence that came in after the locality's limit, counted from the end of the recording, or else from the act
no-recording   a step that had to be recorded and was not, and no head let it pass; with the reason that was given
late-archive   a file bound after its last day
not-archived   a closed case whose last day for the archive is over
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from sanxiang.cases.models import Case, Evidence, Film, Handler
from sanxiang.cases.recording.films import began
from sanxiang.door import gather
from sanxiang.door.models import Task
from sanxiang.law.calendar import Calendar
from sanxiang.law.packs import Pack
from sanxiang.law.recording.book import STANDINGS, standing
from sanxiang.law.timeliness import days_over, limit_for
from sanxiang.ledger.models import Act

KINDS = {
    "late-upload": "证据逾期上传",
    "no-recording": "应当音像记录而没有",
    "late-archive": "逾期归档",
    "not-archived": "结案后逾期未归档",
}
FILMS = ("audio", "video")


@dataclass(frozen=True)
class Breach:
    """One thing: whose, in which case, how many days late, and what it is."""

    kind: str
    officer: str
    case: UUID
    on: date
    days: int
    what: str
    citation: str = ""


def breaches(cases: QuerySet[Case], since: date, until: date, today: date) -> list[Breach]:
    """Those of a stretch of days in these cases, the newest first."""
    chosen = cases.order_by()
    found = [
        *late_uploads(chosen, since, until),
        *unrecorded(chosen, since, until),
        *late_files(chosen, since, until),
        *waiting(chosen, today),
    ]
    return sorted(found, key=lambda one: (one.on, one.days), reverse=True)


def counted(rows: Iterable[Breach]) -> list[tuple[str, Counter[str]]]:
    """How many of each kind by officer, most first."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.officer, Counter())[row.kind] += 1
    return sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))


def late_uploads(cases: QuerySet[Case], since: date, until: date) -> Iterator[Breach]:
    """Evidence after its limit. Five queries."""
    rows = list(
        Evidence.objects.filter(case__in=cases.values("pk")).only(
            "case", "act", "title", "mime", "digest", "secrecy"
        )
    )
    acts = Act.objects.in_bulk({row.act for row in rows})
    taken = recorded_at([row.digest for row in rows])
    packs = {
        case.pk: gather.pack_of(case)
        for case in Case.objects.filter(pk__in={row.case_id for row in rows}).defer("state")
    }
    calendar = gather.calendar()
    for row in rows:
        act = acts.get(row.act)
        came = timezone.localtime(act.at).date() if act else None
        if act and came and since <= came <= until:
            yield from _late(row, act, came, taken.get(row.digest), packs[row.case_id], calendar)


def _late(
    row: Evidence, act: Act, came: date, taken: date | None, pack: Pack, calendar: Calendar
) -> Iterator[Breach]:
    film = row.mime.partition("/")[0] in FILMS
    limit = limit_for(pack, film, came)
    if limit is None:
        return
    when = taken or date.fromisoformat(act.on[:10])
    days = days_over(calendar, when, came, limit[0])
    if days:
        title = row.title if row.secrecy == "case" else "限定知悉范围的证据"
        yield Breach("late-upload", act.by_name, row.case_id, came, days, f"{act.label}：{title}", limit[1])


def recorded_at(digests: Iterable[str]) -> dict[str, date]:
    """By digest, the day on which a recording ended, where the recording itself says so."""
    films = Film.objects.filter(digest__in=set(digests), state="read").values_list("digest", "found")
    found = {}
    for digest, told in films:
        moment = began(told or {})
        if moment is not None:
            found[digest] = timezone.localtime(
                moment + timedelta(seconds=float(told.get("seconds") or 0))
            ).date()
    return found


def unrecorded(cases: QuerySet[Case], since: date, until: date) -> Iterator[Breach]:
    """Steps that had to be recorded and were not, as the cases keep them. Two queries."""
    missed = {
        (key, int(row["n"])): row
        for key, rows in cases.values_list("pk", "state__recordings")
        for row in rows or ()
        if broken(row) and since <= date.fromisoformat(str(row["on"])[:10]) <= until
    }
    acts = Act.objects.filter(kind="case", subject__in={key for key, _ in missed})
    for act in acts.only("subject", "n", "on", "by_name", "label"):
        row = missed.get((act.subject, act.n))
        if row:
            what = f"{act.label}：{row.get('reason') or STANDINGS[standing(row).kind]}"
            yield Breach("no-recording", act.by_name, act.subject, date.fromisoformat(act.on[:10]), 0, what)


def broken(row: Mapping[str, Any]) -> bool:
    """Was it demanded, not made, and has no head let it pass?"""
    now = standing(row)
    return now.kind in ("missing", "partial", "pending") or (
        now.kind == "excused" and now.level != "CIRCUMSTANCE"
    )


def late_files(cases: QuerySet[Case], since: date, until: date) -> Iterator[Breach]:
    """Files bound late, as the case keeps it. Two queries."""
    rows = cases.filter(stage="archived", state__file__late__days__gt=0).values_list(
        "pk", "title", "state__file__late"
    )
    found = {key: (title, late) for key, title, late in rows}
    for act in Act.objects.filter(kind="case", name="archive", subject__in=found):
        day, (title, late) = date.fromisoformat(act.on[:10]), found[act.subject]
        if since <= day <= until:
            yield Breach("late-archive", act.by_name, act.subject, day, int(late["days"]), title)


def waiting(cases: QuerySet[Case], today: date) -> Iterator[Breach]:
    """Closed cases whose last day for the archive is over. Two queries."""
    rows = list(overdue(cases, today))
    names = handlers(row.case_id for row in rows)
    for row in rows:
        yield Breach(
            "not-archived",
            names.get(row.case_id, "—"),
            row.case_id,
            row.due,
            (today - row.due).days,
            row.case.title,
            row.citation,
        )


def overdue(cases: QuerySet[Case], today: date) -> Iterable[Any]:
    """The open tasks to bind a file whose day is over."""
    rows = Task.objects.filter(kind="archive", closed_n=None, due__lt=today, case__in=cases.values("pk"))
    return rows.select_related("case").defer("case__state").order_by("due")


def handlers(cases: Iterable[UUID]) -> Mapping[UUID, str]:
    """Who handles each of these cases."""
    found: dict[UUID, list[str]] = {}
    for key, name in Handler.objects.filter(case__in=list(cases)).values_list("case", "person__name"):
        found.setdefault(key, []).append(name)
    return {key: "、".join(names) for key, names in found.items()}
