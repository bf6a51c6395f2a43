"""The outbox is delivered: in order for each subject, again and again while the other side is away, each message once.

A message that was sent and not answered may have arrived; it goes out again with the same key, and the other side gives the receipt
that it gave before. Who answers no, or is away for too long, leaves a dead letter: a task for somebody, and an act that says why.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, close_old_connections, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from sanxiang.door import worker
from sanxiang.door.administer import administer
from sanxiang.door.arriving.confirming import confirmed
from sanxiang.door.exchange.outbox import WAITING
from sanxiang.door.models import Outgoing
from sanxiang.exchange.wire import Away, Rejected, send
from sanxiang.law.guards import Refused

CONFIRM = "confirm-delivery"
log = logging.getLogger(__name__)

FIRST, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
"""How long we wait after the first failure, and at most; it doubles from one to the other."""
TRIES = 80
"""After so many the message is given up: about three days."""
LEASE = timedelta(seconds=60)
"""For how long a message that was sent is nobody else's to send."""
PAUSE = 2.0
MOST = 500
"""Messages of one round."""


def deliver_forever() -> None:
    """Deliver what is due until told to stop; a database that is away is waited for."""
    while not worker.stop.is_set():
        try:
            done = deliver_due()
        except Error as error:
            log.warning("delivery waits for the database: %s", error)
            close_old_connections()
            done = 0
        if not done:
            worker.stop.wait(PAUSE)


def deliver_due(now: datetime | None = None) -> int:
    """One round: every message whose turn it is, once; how many were answered. A connector that is away rests for the round."""
    resting: set[UUID] = set()
    done = 0
    for message in due(now or timezone.now()):
        if message.connector_id in resting or worker.stop.is_set() or not claimed(message):
            continue
        if delivered(message):
            done += 1
        elif message.state == "queued":
            resting.add(message.connector_id)
    return done


def due(now: datetime) -> Iterator[Outgoing]:
    """The oldest open message of each subject on each connector, where its time has come."""
    rows = Outgoing.objects.filter(state__in=WAITING, connector__active=True)
    before = rows.filter(connector=OuterRef("connector"), subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
    turn = rows.filter(next_try__lte=now).exclude(Exists(before))
    yield from list(turn.select_related("connector", "agency").order_by("pk")[:MOST])


def claimed(message: Outgoing) -> bool:
    """Take the message for this process; False where another was quicker or it was taken back."""
    mine = Outgoing.objects.filter(pk=message.pk, state=message.state, tries=message.tries)
    message.tries += 1
    return bool(mine.update(state="sent", tries=message.tries, next_try=timezone.now() + LEASE))


def delivered(message: Outgoing) -> bool:
    """Send it and keep what was answered; True where that was a yes or a no."""
    try:
        said = {"receipt": send(message), "digest": message.digest}
        return kept(CONFIRM, message, said)
    except Rejected as rejected:
        return kept("give-up-delivery", message, {"reason": str(rejected)})
    except Away as away:
        if message.tries >= TRIES:
            return kept("give-up-delivery", message, {"reason": f"试了 {message.tries} 次：{away}"})
        wait = min(FIRST * 2 ** min(message.tries - 1, 20), LONGEST_WAIT)
        mine = Outgoing.objects.filter(pk=message.pk, state="sent")
        mine.update(state="queued", next_try=timezone.now() + wait, error=str(away))
        message.state = "queued"
        return False


def kept(act: str, message: Outgoing, said: dict[str, str]) -> bool:
    """The answer as an act on the agency. One that was taken back meanwhile is answered all the same, and nobody waits for it."""
    try:
        with transaction.atomic():
            told = {"message": str(message.pk), **said}
            row = administer(act, message.agency, None, told, channel="exchange")
            if act == CONFIRM:
                confirmed(row, timezone.now())
    except Refused:
        log.info("an answer came for message %s, which nobody waits for any more", message.pk)
    return True
