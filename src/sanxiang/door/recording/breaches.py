"""记录纪律: what came late or not at all, by officer, as the ledger and the tasks have it. Nothing is stored: it follows from the records.

late-upload    evidence that came in after the locality's limit, counted from the end of the recording as it says itself, else as its
               officer states it, else from the act
no-recording   a step that had to be recorded and was not, and no head let it pass; with the reason that was given
gap            the same, where some of a whole process was recorded
device         footage taken with a device that had not been handed out to its officers
removal        somebody tried to delete or replace what was taken in, and was refused
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
from sanxiang.door import gather, keeping
from sanxiang.door.models import Refusal, Task
from sanxiang.door.recording import footage
from sanxiang.law.calendar import Calendar
from sanxiang.law.packs import Pack
from sanxiang.law.recording.book import STANDINGS, standing
from sanxiang.law.recording.coverage import moment
from sanxiang.law.recording.means import Clip
from sanxiang.law.timeliness import days_over, limit_for
from sanxiang.ledger.models import Act

KINDS = {
    "late-upload": "证据逾期上传",
    "no-recording": "应当音像记录而没有",
    "gap": "全程记录有缺口",
    "device": "设备没有领用",
    "removal": "企图删除、替换",
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
    n: int = 0
    """Which step of the case, or which refused attempt."""


def breaches(cases: QuerySet[Case], since: date, until: date, today: date) -> list[Breach]:
    """Those of a stretch of days in these cases, the newest first."""
    chosen = cases.order_by()
    found = [
        *late_uploads(chosen, since, until),
        *unrecorded(chosen, since, until),
        *astray(chosen, since, until),
        *removals(chosen, since, until),
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
    """Evidence after its limit. Six queries, three more where clips are stated."""
    rows = list(
        Evidence.objects.filter(case__in=cases.values("pk")).only(
            "case", "act", "title", "mime", "digest", "secrecy"
        )
    )
    acts = Act.objects.in_bulk({row.act for row in rows})
    read = films_read(row.digest for row in rows)
    clips = {clip["digest"]: clip for one in footage.brought_in(cases) for clip in one.clips}
    packs = {
        case.pk: gather.pack_of(case)
        for case in Case.objects.filter(pk__in={row.case_id for row in rows}).defer("state")
    }
    calendar = gather.calendar()
    for row in rows:
        act = acts.get(row.act)
        came = timezone.localtime(act.at).date() if act else None
        if act and came and since <= came <= until:
            known = (read.get(row.digest, {}), clips.get(row.digest))
            late = came_late(row, act, *known, packs[row.case_id], calendar)
            if late and late.days:
                title = row.title if row.secrecy == "case" else "限定知悉范围的证据"
                what = f"{act.label}：{title}"
                yield Breach(
                    "late-upload", act.by_name, row.case_id, came, late.days, what, late.citation, act.n
                )


@dataclass(frozen=True)
class Late:
    """How many days after the last one a piece of evidence came in, under what."""

    days: int
    citation: str


def came_late(
    row: Evidence, act: Act, found: Mapping[str, Any], clip: Clip | None, pack: Pack, calendar: Calendar
) -> Late | None:
    """How late a piece came; None where nobody has set a limit for its kind. `found` is what was read out of it."""
    came = timezone.localtime(act.at).date()
    limit = limit_for(pack, row.mime.partition("/")[0] in FILMS, came)
    if limit is None:
        return None
    stated = moment(clip["ended"]) if clip else None
    taken = ended_on(found) or (stated.date() if stated else date.fromisoformat(act.on[:10]))
    return Late(days_over(calendar, taken, came, limit[0]), limit[1])


def ended_on(found: Mapping[str, Any]) -> date | None:
    """The day on which a recording ended, where the recording itself says so."""
    first = began(dict(found))
    return (
        None
        if first is None
        else timezone.localtime(first + timedelta(seconds=float(found.get("seconds") or 0))).date()
    )


def films_read(digests: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """What was read out of these recordings, by digest. One query."""
    rows = Film.objects.filter(digest__in=set(digests), state="read").values_list("digest", "found")
    return {digest: found or {} for digest, found in rows}


def astray(cases: QuerySet[Case], since: date, until: date) -> Iterator[Breach]:
    """Footage of devices that were with nobody, or with others."""
    for one in footage.astray(cases):
        on = timezone.localtime(one.at).date()
        if since <= on <= until:
            what = f"{one.label}：{one.name}用设备{one.device}拍摄，{one.why}"
            yield Breach("device", one.officer, one.case, on, 0, what, str(footage.NORM), one.n)


def removals(cases: QuerySet[Case], since: date, until: date) -> Iterator[Breach]:
    """Refused attempts to take away or replace what a case has taken in. One query."""
    rows = Refusal.objects.filter(act=keeping.ACT, case__in=cases.values("pk"))
    for row in rows.only("pk", "case", "by_name", "at"):
        on = timezone.localtime(row.at).date()
        if row.case_id and since <= on <= until:
            what = f"{keeping.LABEL}，没有办理"
            yield Breach("removal", row.by_name, row.case_id, on, 0, what, str(keeping.RECORDED), row.pk)


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
            kind = "gap" if standing(row).level == "FULL" and row.get("clips") else "no-recording"
            cites = "；".join(dict.fromkeys(d["cite"] for d in row.get("demands", ())))
            on = date.fromisoformat(act.on[:10])
            yield Breach(kind, act.by_name, act.subject, on, 0, what, cites, act.n)


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
            days = int(late["days"])
            yield Breach("late-archive", act.by_name, act.subject, day, days, title, "", act.n)


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
