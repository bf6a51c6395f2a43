"""The time that a draw waits for has come: by nobody's hand the ledger gets an entry, and with it a checkpoint, the public value."""

from datetime import datetime

from django.utils import timezone

from sanxiang.door.administer import administer
from sanxiang.door.inspection.drawing import time_of, value_in_log
from sanxiang.law.guards import Refused
from sanxiang.people.models import Agency
from sanxiang.registers.inspection.drawn import OPEN, plans_in, waiting_for_log


def open_draws(now: datetime) -> int:
    """Note it for each plan whose value is to come from the log and is not there; how many. Two queries where none waits."""
    waiting, done = waiting_for_log(), 0
    # The checkpoint bears the machine's time: an entry before that would be signed too early to count.
    moment = min(now, timezone.now())
    agencies = Agency.objects.in_bulk({key for key, _ in waiting}) if waiting else {}
    for plan in plans_in(list(agencies)) if agencies else ():
        if (plan.agency, plan.number) not in waiting or moment < time_of(plan) or value_in_log(plan):
            continue
        try:
            administer(OPEN, agencies[plan.agency], None, {"plan": plan.number}, now=moment, channel="clock")
        except Refused:
            continue  # drawn or taken back at this very moment
        done += 1
    return done
