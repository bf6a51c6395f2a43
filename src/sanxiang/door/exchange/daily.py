"""What no act brings about: a list whose day came, a certificate that ended.

Once a day everything public is held against what was told last.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from sanxiang.door.exchange.connectors import covers
from sanxiang.door.exchange.lists import tell_lists
from sanxiang.door.exchange.roster import tell_rosters
from sanxiang.door.models import Connector
from sanxiang.people.models import Agency

LAST: dict[str, date] = {}
"""The day that this process has looked at; another process looks again and says nothing twice."""


def tell_daily(now: datetime) -> None:
    """On the first look of a day: every agency that a connector in use covers."""
    today = timezone.localtime(now).date()
    if LAST.get("day") == today:
        return
    connectors = list(Connector.objects.filter(active=True).select_related("agency"))
    for agency in Agency.objects.filter(active=True).order_by("pk") if connectors else ():
        if any(covers(one, agency) for one in connectors):
            tell_standing(agency, today)
    with transaction.atomic():
        tell_rosters(today)
    LAST["day"] = today


def tell_standing(agency: Agency, on: date) -> None:
    """How all that is public of one agency stands. The agency is locked, as it is by an act: no message is written twice."""
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        tell_lists(agency, on)
