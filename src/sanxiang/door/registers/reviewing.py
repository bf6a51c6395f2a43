"""定期核对: a list that nothing has changed for as long as the scheme says is to be looked over, and somebody is told in time."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.door.models import Task
from sanxiang.door.pinned import PackLost, current
from sanxiang.door.registers.changing import RECHECK
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.bases import BEFORE, basis_of
from sanxiang.law.rules import Value
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.registers.models import Recheck, Register, Release
from sanxiang.registers.releases import in_force_openly

KEY = "list.review_period"
PERIOD = "period"
REMIND = "remind-review"
AHEAD = timedelta(days=14)
"""So long before the period ends the task is there."""


def period_of(locality: str) -> Value | None:
    """How long a list may stand without being looked over; None where the scheme leaves that open, as all five do."""
    try:
        value = current(locality).binding(KEY)
    except PackLost:
        return None
    return value if value.is_set else None


def due_in(agency: Agency, days: int, today: date) -> Iterator[tuple[Release, date]]:
    """The lists in force that nobody is looking over, with the day since which nothing was done to them. Two queries."""
    kept = Recheck.objects.filter(register__agency=agency)
    open_ = set(kept.filter(closed_at=None, cause=PERIOD).values_list("register", flat=True))
    done = kept.filter(cause=PERIOD).order_by().values("register").annotate(last=Max("closed_at"))
    looked = {row["register"]: timezone.localtime(row["last"]).date() for row in done if row["last"]}
    lists = in_force_openly(today).filter(register__agency=agency).exclude(rows=[]).defer("rows")
    for release in lists.order_by("register__label"):
        since = max(release.in_force_from, looked.get(release.register_id, release.in_force_from))
        if release.register_id not in open_ and today >= since + timedelta(days=days) - AHEAD:
            yield release, since


def still_due(change: Change) -> list[Verdict]:
    """There is such a list, the scheme sets a period, and nobody looks it over already."""
    kind, value = str(change.data.get("kind") or ""), period_of(change.agency.locality)
    waits = value and any(
        release.register.kind == kind
        for release, _ in due_in(change.agency, int(value.value or 0), change.day)
    )
    if waits or not kind:
        return []
    return [unmet("due", basis_of(kind), "这份清单现在不需要定期核对", "不必登记")]


@admin_act(
    REMIND,
    "提醒定期核对清单",
    (),
    (asked("kind", "清单", longest=40), asked("since", "上次发布或者核对的日期", "date")),
    BEFORE,
    group="registers",
    checks=still_due,
    secrecy="case",
)
def remind_review(change: Change) -> Recheck:
    """The whole list is to be looked over: it is released anew, or somebody writes down that nothing has to change."""
    register = Register.objects.get(agency=change.agency, kind=change.data["kind"])
    value = period_of(change.agency.locality)
    assert value is not None  # `still_due` has refused
    since, days = given_day(change.data["since"]), int(value.value or 0)
    last = register.releases.order_by("-version").values_list("version", flat=True).first() or 0
    one = Recheck.objects.create(
        register=register, version=last, cause=PERIOD, subject=f"每 {days} 天一次", since=since, opened_at=change.now,
        told=f"{value.citation}：没有变动的清单每 {days} 天核对一次。核对之后不用改的，写明结论；要改的起草新的版本。", n=change.n,
    )  # fmt: skip
    Task.objects.create(
        id=one.pk, agency=change.agency, kind=RECHECK, title=f"定期核对{register.label}"[:200], role=roles.LEGAL_REVIEWER,
        due=since + timedelta(days=days), citation=str(value.citation)[:120], opened_n=change.n, opened_at=change.now,
    )  # fmt: skip
    return one
