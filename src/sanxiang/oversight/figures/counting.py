"""One case counted 案件统计数: what its file owes, what was recorded, how long its periods took, what came late.

A case is counted again after each of its acts, when the calendar changes, and when a recording was read that says when it was made.
Whoever opens a page counts the few that changed meanwhile; the worker counts the rest.
"""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from sanxiang.cases.models import Case, Evidence, Film, Paper
from sanxiang.door import gather
from sanxiang.door.pinned import PackLost
from sanxiang.door.recording import breaches
from sanxiang.law.blocks import PackError
from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import between, excluded_days
from sanxiang.law.clocks import due_of, limit_of, rule_of
from sanxiang.law.file_check import owed
from sanxiang.law.packs import Pack
from sanxiang.law.recording.book import standing
from sanxiang.law.timeliness import limit_for
from sanxiang.ledger.models import Act
from sanxiang.oversight.models import CaseFigures, CaseGap, CasePeriod
from sanxiang.oversight.paper_rate import ON_PAPER

EDITION = "1"
"""To be raised with every change of what is counted here: then all cases are counted again."""
LEFT_OUT = ("void", "merged")
"""Ends after which a case counts nowhere: it was none, or it goes on in another."""
ARCHIVE = "archive.limit"
MOST_BESIDE = 1000
AT_ONCE = 100
"""So many changed cases a page counts itself; what is left over it names."""
OF_STANDING = {"recorded": "recorded", "excused": "excused", "approved": "excused", "waived": "excused"}
COLUMNS = [f.name for f in CaseFigures._meta.local_fields if not f.primary_key]


@dataclass
class Counted:
    """A case's figures with the rows below them."""

    figures: CaseFigures
    gaps: Counter[tuple[str, str]] = field(default_factory=Counter)
    periods: list[CasePeriod] = field(default_factory=list)


@dataclass(frozen=True)
class Beside:
    """What of these cases stands outside their states, by case."""

    electronic: dict[UUID, int]
    on_paper: Counter[UUID]
    uploads: Counter[UUID]
    late: Counter[UUID]


def counted_by(calendar: Calendar) -> str:
    """By which rules and which calendar a row was counted."""
    return _digest(calendar.off, calendar.work)


@lru_cache(maxsize=8)
def _digest(off: frozenset[date], work: frozenset[date]) -> str:
    days = ",".join(day.isoformat() for part in (off, work) for day in sorted(part))
    return hashlib.sha256(f"{EDITION}|{days}".encode()).hexdigest()


def changed(cases: QuerySet[Case], by: str) -> QuerySet[Case]:
    """Those of which there are no figures, or older ones."""
    old = ~Q(figures__n=F("n")) | ~Q(figures__counted_by=by)
    return cases.filter(Q(figures__isnull=True) | old).order_by()


def count_changed(cases: QuerySet[Case], most: int = AT_ONCE) -> int:
    """Count what changed among these cases, `most` at the most; how many are left. Two queries where nothing changed."""
    calendar = gather.calendar()
    found = changed(cases, counted_by(calendar))
    some = list(found.select_related("agency")[:most])
    if not some:
        return 0
    count(some, calendar)
    return found.count() if len(some) == most else 0


def count_all(most: int = 0, batch: int = 200) -> int:
    """Count every case that changed, or `most` of them; how many were counted."""
    look_at_films()
    calendar, done = gather.calendar(), 0
    rows = changed(Case.objects.all(), counted_by(calendar)).select_related("agency")
    while (not most or done < most) and (some := list(rows[:batch])):
        count(some, calendar)
        done += len(some)
    return done


def count_beside() -> None:
    """What the worker counts in one turn: a few seconds' worth, so that its other work is not kept waiting."""
    count_all(MOST_BESIDE)


def look_at_films() -> None:
    """A recording was read after its case was counted: it may say that it was made on another day than its act."""
    read = Film.objects.filter(digest=OuterRef("digest"), read_at__gt=OuterRef("case__figures__counted_at"))
    cases = Evidence.objects.filter(Exists(read)).values("case")
    CaseFigures.objects.filter(case__in=cases).update(counted_by="")


def count(cases: list[Case], calendar: Calendar) -> None:
    """Count these cases and keep it. The same number of queries however many they are."""
    now, packs = timezone.now(), packs_of(cases)
    beside = beside_of(cases, packs)
    done = [counted(case, packs.get(case.pk), calendar, beside, now) for case in cases]
    keys = [one.figures.case_id for one in done]
    with transaction.atomic():
        CaseFigures.objects.bulk_create(
            [one.figures for one in done],
            update_conflicts=True,
            unique_fields=["case"],
            update_fields=COLUMNS,
        )
        CaseGap.objects.filter(figures__in=keys).delete()
        CasePeriod.objects.filter(figures__in=keys).delete()
        CaseGap.objects.bulk_create(
            [
                CaseGap(figures=one.figures, kind=kind, item=item, count=n)
                for one in done
                for (kind, item), n in one.gaps.items()
            ]
        )
        CasePeriod.objects.bulk_create([period for one in done for period in one.periods])


def packs_of(cases: Iterable[Case]) -> dict[UUID, Pack]:
    """The pack of each case; none where it cannot be read any more."""
    found = {}
    for case in cases:
        with contextlib.suppress(PackError, PackLost):
            found[case.pk] = gather.pack_of(case)
    return found


def counted(case: Case, pack: Pack | None, calendar: Calendar, beside: Beside, now: datetime) -> Counted:
    """One case. Where its pack cannot be read any more it counts as a case, and nothing of it is judged."""
    figures = CaseFigures(
        case=case,
        agency_id=case.agency_id,
        unit_id=case.unit_id,
        act_type=case.act_type,
        item=str(case.state["facts"].get("item") or ""),
        steps="|" + "|".join(case.state["last"]) + "|",
        opened_on=timezone.localtime(case.opened_at).date(),
        left_out=case.closed in LEFT_OUT,
        settled=bool(case.closed or case.decided_on),
        uploads=beside.uploads[case.pk],
        uploads_late=beside.late[case.pk],
        electronic=beside.electronic.get(case.pk, 0),
        on_paper=beside.on_paper[case.pk],
        n=case.n,
        counted_by=counted_by(calendar),
        counted_at=now,
    )
    found = Counted(figures)
    if pack is not None:
        _file(found, pack, case)
        _recordings(figures, case)
        _periods(found, pack, case, calendar)
    return found


def _file(found: Counted, pack: Pack, case: Case) -> None:
    """What the file owes and lacks; a file is asked for once the case is decided or ended, recordings at once."""
    for thing, there in owed(pack, case.state):
        if thing.kind == "recording":
            found.gaps[thing.kind, thing.item] += not there
        elif found.figures.settled:
            found.figures.papers_due += 1
            found.figures.papers_missing += not there
            found.gaps[thing.kind, thing.item] += not there
    found.gaps = +found.gaps


def _recordings(figures: CaseFigures, case: Case) -> None:
    """How the steps stand that had to be recorded in sound or film, as the page 音像记录覆盖 tells them apart."""
    groups = Counter(
        OF_STANDING.get(standing(row).kind, "unrecorded") for row in case.state.get("recordings", ())
    )
    figures.moments = groups.total()
    figures.recorded, figures.excused, figures.unrecorded = (
        groups["recorded"],
        groups["excused"],
        groups["unrecorded"],
    )


def _periods(found: Counted, pack: Pack, case: Case, calendar: Calendar) -> None:
    """The agency's periods with a last day; the one for the archive stands apart. Those in hours are left out."""
    figures, running = found.figures, []
    for name, clock in case.state["clocks"].items():
        rule = rule_of(pack, name)
        if rule is None or rule.side != "agency" or rule.unit == "hours":
            continue
        due = due_of(clock, rule, pack, calendar)
        if due is None:
            continue
        ended = day_of(clock["ended"]) if clock["ended"] else None
        if ended and ended < day_of(clock["start"]):
            continue  # it was over before it could begin
        if rule.key == ARCHIVE:
            figures.archive_due, figures.archived_on = due.date, ended
            continue
        unit = "working" if clock["unit"] == "working" else "calendar"
        days = took(clock, rule, calendar, ended) if ended else None
        stopped = due.suspended
        found.periods.append(
            CasePeriod(figures=figures, label=rule.label, unit=unit, days=days, due=due.date, ended=ended, stopped=stopped)
        )  # fmt: skip
        figures.periods += 1
        figures.periods_late += bool(ended and ended > due.date)
        if not ended and not stopped:
            running.append(due.date)
    figures.running_due = min(running, default=None)


def day_of(text: str) -> date:
    """The day, where a period runs from an hour too."""
    return date.fromisoformat(text[:10])


def took(clock: dict[str, Any], rule: Any, calendar: Calendar, ended: date) -> int:
    """Days from the start, which is not counted, to the end, which is: working days for a period in working days, else all.

    Days that the law does not count (testing, suspension) are left out.
    """
    limit = limit_of(clock, rule)
    skip = excluded_days(limit, None) if limit else frozenset()
    days = [day for day in between(day_of(clock["start"]), ended) if day not in skip]
    return sum(map(calendar.is_workday, days)) if clock["unit"] == "working" else len(days)


def beside_of(cases: Collection[Case], packs: Mapping[UUID, Pack]) -> Beside:
    """Papers made here and on paper, evidence and how much of it came late. Ten queries."""
    keys = [case.pk for case in cases]
    made = Paper.objects.filter(case__in=keys).order_by().values_list("case").annotate(n=Count("pk"))
    written = Act.objects.filter(kind="case", name=ON_PAPER, subject__in=keys).values_list(
        "subject", flat=True
    )
    late = breaches.late_uploads(Case.objects.filter(pk__in=list(packs)), date.min, date.max)
    return Beside(
        dict(made.values_list("case", "n")),
        Counter(written),
        Counter(limited(packs)),
        Counter(one.case for one in late),
    )


def limited(packs: Mapping[UUID, Pack]) -> Iterator[UUID]:
    """The case of each piece of evidence for which the scheme sets a limit to come in."""
    rows = list(Evidence.objects.filter(case__in=list(packs)).values_list("case", "mime", "act"))
    when = dict(Act.objects.filter(pk__in={act for *_, act in rows}).values_list("pk", "at"))
    for case_id, mime, act in rows:
        film = mime.partition("/")[0] in breaches.FILMS
        if act in when and limit_for(packs[case_id], film, timezone.localtime(when[act]).date()):
            yield case_id
