"""Reconciliation 对账: what the other side has and what it should have, subject by subject, and why something is not there."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from sanxiang.door import worker
from sanxiang.door.exchange.outbox import GONE, WAITING
from sanxiang.door.models import Connector, Outgoing
from sanxiang.exchange.wire import Away, Rejected, held

STATES = {
    "queued": "等待发送",
    "sent": "已发送，等待答复",
    "accepted": "对方已收",
    "dead": "没有送到",
    "dropped": "不再发送",
}

LOOK = 60.0
"""Seconds between looks whether the day's reconciliation is due."""
AGAIN = timedelta(hours=1)
"""After which a side that did not answer is asked once more."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """One subject on which the two sides do not agree."""

    subject: str
    label: str
    how: str
    why: str


def expected(connector: Connector) -> dict[str, Outgoing]:
    """The last message of each subject that the other side has accepted, where it leaves something there. Stages are no records.

    What we took back is ours no more from that moment, whether or not the other side was told.
    """
    counts = Q(state="accepted") | Q(event__in=GONE)
    rows = Outgoing.objects.filter(counts, connector=connector).exclude(event="stage")
    newest = rows.values("subject").annotate(newest=Max("pk")).values("newest")
    found = Outgoing.objects.filter(pk__in=newest).exclude(event__in=GONE)
    return {row.subject: row for row in found.defer("payload")}


def open_messages(connector: Connector) -> dict[str, Outgoing]:
    """The newest message of each subject that has not arrived."""
    rows = Outgoing.objects.filter(connector=connector, state__in=(*WAITING, "dead")).order_by("pk")
    return {row.subject: row for row in rows.defer("payload")}


def reconcile(connector: Connector) -> dict[str, Any]:
    """Ask the other side what it has, and keep how that differs. A side that does not answer is said to be away."""
    try:
        there = held(connector)
    except (Away, Rejected) as trouble:
        found: dict[str, Any] = {"error": str(trouble), "differences": []}
    else:
        ours = expected(connector)
        differences = list(compared(ours, open_messages(connector), there))
        found = {"ours": len(ours), "theirs": len(there), "differences": [vars(one) for one in differences]}
    connector.compared, connector.compared_at = found, timezone.now()
    connector.save(update_fields=["compared", "compared_at"])
    return found


def reconcile_forever() -> None:
    """Ask each day from the set hour on, until told to stop; a database that is away is waited for."""
    while not worker.stop.is_set():
        try:
            reconcile_due(timezone.now())
        except Error as error:
            log.warning("reconciliation waits for the database: %s", error)
            close_old_connections()
        worker.stop.wait(LOOK)


def reconcile_due(now: datetime) -> int:
    """Ask every system in use that was not asked since the hour of the day; how many. Who was away is asked again in an hour."""
    hour = timezone.localtime(now).replace(
        hour=settings.RECONCILE_HOUR % 24, minute=0, second=0, microsecond=0
    )
    since = hour if hour <= now else hour - timedelta(days=1)
    asked = 0
    for connector in Connector.objects.filter(active=True):
        last, away = connector.compared_at, "error" in (connector.compared or {})
        if last is None or last < since or (away and last < now - AGAIN):
            reconcile(connector)
            asked += 1
    return asked


def compared(
    ours: dict[str, Outgoing], waiting: dict[str, Outgoing], there: dict[str, str]
) -> Iterable[Difference]:
    """Missing there, other than ours, or there and not ours; then what has not arrived yet."""
    for subject, row in sorted(ours.items()):
        if subject not in there:
            yield Difference(subject, row.label, "missing", f"对方曾以回执 {row.receipt} 收下，现在没有")
        elif there[subject] != row.digest and subject not in waiting:
            yield Difference(subject, row.label, "different", "对方的内容和送去的不一致")
    for subject in sorted(there.keys() - ours.keys() - waiting.keys()):
        yield Difference(subject, "", "unknown", "本平台没有送过，或者已经撤回")
    for subject, row in sorted(waiting.items()):
        yield Difference(subject, row.label, row.state, row.error or STATES[row.state])


def standing(connectors: Iterable[Connector]) -> list[dict[str, Any]]:
    """Per connector how many messages stand where, and since when the oldest waits. One query."""
    counts: dict[Any, dict[str, Any]] = {}
    rows = Outgoing.objects.values("connector", "state").annotate(n=Count("pk"), oldest=Min("made_at"))
    for row in rows.order_by():
        counts.setdefault(row["connector"], {})[row["state"]] = row
    return [
        {
            "connector": one,
            "counts": {state: counts.get(one.pk, {}).get(state, {}).get("n", 0) for state in STATES},
            "oldest": min(
                (r["oldest"] for s, r in counts.get(one.pk, {}).items() if s in WAITING), default=None
            ),
        }
        for one in connectors
    ]
