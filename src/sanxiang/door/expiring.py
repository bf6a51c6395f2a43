"""What was shown for as long as the agency's rule says goes from every public place on the day after its last one."""

from datetime import datetime

from django.utils import timezone

from sanxiang.cases.models import Publication
from sanxiang.door.arriving.after_push import expire_pushed
from sanxiang.door.perform import Unknown, by_the_clock
from sanxiang.law.guards import Refused

EXPIRE = "expire-publication"
MOST = 200
"""At one look: it comes round again in a minute."""


def expire_due(now: datetime) -> int:
    """Take down what is over; how many.

    What a case cannot take down (its pack has no such act) is tried again, holds nobody up,
    and no reader sees it (`published.standing`).
    """
    today = timezone.localtime(now).date()
    rows = Publication.objects.filter(status="published", display_until__lt=today).exclude(case=None)
    done = 0
    for case in rows.order_by("display_until").values_list("case", flat=True):
        if done == MOST:
            break
        try:
            by_the_clock(EXPIRE, case, now)
        except (Refused, Unknown):
            continue
        done += 1
    return done + expire_pushed(now, MOST)
