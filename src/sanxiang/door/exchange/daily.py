"""What no act brings about: a list whose day came, a certificate that ended, a system that was set up after the texts were public.

Once a day, and when a connector was set up or changed, everything public is held against what was told last.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from sanxiang.cases.disclosure.published import standing
from sanxiang.cases.models import Publication
from sanxiang.door.exchange.connectors import covers
from sanxiang.door.exchange.lists import tell_lists
from sanxiang.door.exchange.outbox import goes, subject_of, tell_one, told_of
from sanxiang.door.exchange.roster import tell_rosters
from sanxiang.door.models import Connector, Outgoing
from sanxiang.people.models import Agency

DONE: set[object] = set()
"""The day and the connectors that this process has looked at; another process looks again and says nothing twice."""
MOST = 500
"""Decisions of one look for one connector; the next look goes on."""


def tell_daily(now: datetime) -> None:
    """On the first look of a day, or after a connector changed: every agency that a connector in use covers."""
    today = timezone.localtime(now).date()
    connectors = list(Connector.objects.filter(active=True).select_related("agency").order_by("pk"))
    mark = (today, *((one.pk, one.n) for one in connectors))
    if not connectors or mark in DONE:
        return
    whole = True
    for agency in Agency.objects.filter(active=True).order_by("pk"):
        if mine := [one for one in connectors if covers(one, agency)]:
            whole &= tell_standing(agency, mine, today)
    with transaction.atomic():
        tell_rosters(today)
    if whole:
        DONE.clear()
        DONE.add(mark)


def tell_standing(agency: Agency, connectors: list[Connector], on: date) -> bool:
    """How all that is public of one agency stands; False where more is left to tell.

    The agency is locked, as it is by an act: no message is written twice.
    """
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        tell_lists(agency, on)
        return all(tell_decisions(one, agency) for one in connectors if "decisions" in one.carries)


def tell_decisions(connector: Connector, agency: Agency) -> bool:
    """Decisions that are public and of which this connector was never told; False where more are left."""
    told = Outgoing.objects.filter(connector=connector, agency=agency, subject__startswith="publication:")
    known = set(told.values_list("subject", flat=True).distinct())
    rows = Publication.objects.filter(standing(), agency=agency).only("pk", "origin", "flags").order_by("pk")
    missing = [row.pk for row in rows if goes(row) and subject_of(row) not in known]
    for row in Publication.objects.filter(pk__in=missing[:MOST]).select_related("agency", "case"):
        name, more = row.title or row.number, {"act": row.act, "case": row.case}
        tell_one(connector, "decisions", agency, subject_of(row), name, told_of(row), **more)
    return len(missing) <= MOST
