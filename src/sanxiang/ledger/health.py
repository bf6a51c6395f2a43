"""How long the log has been waiting for what it should have within a second: places, signatures, witnesses. For alarms."""

from datetime import datetime

from django.utils import timezone

from sanxiang.ledger.access_row import Access
from sanxiang.ledger.logs import ACTS, Log
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


def unplaced_look_seconds() -> float:
    """How long the oldest look has been waiting for its place in the log of its year; 0 where none waits."""
    return _since(Access.objects.filter(idx=None).order_by("at", "id").values_list("at", flat=True).first())


def unsigned_seconds(log: Log = ACTS) -> float:
    """How long there has been something in a log that no checkpoint is signed over; 0 where all is signed."""
    signed = Checkpoint.objects.filter(log=log.row).exclude(note="").order_by("-size")
    size = signed.values_list("size", flat=True).first() or 0
    later = Checkpoint.objects.filter(log=log.row, size__gt=size).order_by("size")
    return _since(later.values_list("created", flat=True).first())


def unseen_since(size: int) -> datetime | None:
    """When the first checkpoint was made that goes beyond this size, up to which a witness has come; None where none does."""
    later = Checkpoint.objects.filter(log=ACTS.row, size__gt=size).exclude(note="").order_by("size")
    return later.values_list("created", flat=True).first()


def _since(moment: datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
