"""How long the log has been waiting for what it should have within a second: places, signatures. For alarms."""

from datetime import datetime

from django.utils import timezone

from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint, Pending


def waiting_seconds() -> float:
    """How long the oldest act has been waiting for its place; 0 where none waits, or where nothing was ever given one.

    An act that is told later than it happened, as imports do, waits from the newest checkpoint on.
    """
    oldest = Pending.objects.order_by("id").values_list("act__at", flat=True).first()
    newest = (
        Checkpoint.objects.filter(log=ACTS.row).order_by("-size").values_list("created", flat=True).first()
    )
    return _since(max(oldest, newest)) if oldest and newest else 0.0


def unsigned_seconds() -> float:
    """How long there has been something that no checkpoint is signed over; 0 where all is signed."""
    signed = Checkpoint.objects.filter(log=ACTS.row).exclude(note="").order_by("-size")
    size = signed.values_list("size", flat=True).first() or 0
    later = Checkpoint.objects.filter(log=ACTS.row, size__gt=size).order_by("size")
    return _since(later.values_list("created", flat=True).first())


def _since(moment: datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
