"""Lists that nothing has changed for as long as the scheme says: somebody is told in time, by nobody's hand."""

from datetime import datetime

from django.utils import timezone

from sanxiang.door.administer import administer
from sanxiang.door.registers.reviewing import REMIND, due_in, period_of
from sanxiang.law.guards import Refused
from sanxiang.people.models import Agency


def remind_reviews(now: datetime) -> int:
    """A task for each list whose period ends soon or is over, once; how many. Nothing is asked where no scheme sets a period."""
    today, told = timezone.localtime(now).date(), 0
    places = Agency.objects.filter(active=True).order_by().values_list("locality", flat=True).distinct()
    periods = {place: value for place in places if (value := period_of(place))}
    for agency in Agency.objects.filter(active=True, locality__in=periods) if periods else ():
        for release, since in due_in(agency, int(periods[agency.locality].value or 0), today):
            said = {"kind": release.register.kind, "since": since.isoformat()}
            try:
                administer(REMIND, agency, None, said, now=now, channel="clock")
            except Refused:
                continue  # released or looked over at this very moment
            told += 1
    return told
