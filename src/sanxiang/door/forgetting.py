"""Names and contacts of whoever spoke go when their time is over, by nobody's hand."""

from datetime import datetime

from sanxiang.door.administer import administer
from sanxiang.door.voices.retention import kept_days, over, waiting_since
from sanxiang.law.guards import Refused
from sanxiang.ledger.verify import FORGETTING
from sanxiang.people.models import Agency


def forget_contacts(now: datetime) -> int:
    """One act on each agency that keeps some for too long; how many agencies."""
    done = 0
    keys = waiting_since(now).order_by().values_list("act__subject", flat=True).distinct()
    for agency in Agency.objects.filter(pk__in=list(keys)):
        if not over(agency.pk, now):
            continue
        try:
            administer(FORGETTING, agency, None, {"days": str(kept_days())}, now=now, channel="clock")
        except Refused:
            continue  # another server was quicker
        done += 1
    return done
