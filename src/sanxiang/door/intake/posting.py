"""The loop that sends letters, beside the web: a mail server may be slow or away, and must keep nothing else waiting."""

import logging
from collections.abc import Callable

from django.db import Error, close_old_connections

from sanxiang.door import beside, worker
from sanxiang.door.intake.subscriptions import Write, offered, send_due

PAUSE = 60.0
"""Seconds between looks whether letters are due."""
log = logging.getLogger(__name__)


def begin(write: Write, stop_address: Callable[[str], str]) -> None:
    """Have letters sent, in the words of whoever begins it."""

    def letters_forever() -> None:
        while not worker.stop.is_set():
            once(write, stop_address)
            worker.stop.wait(PAUSE)

    beside.LOOPS.append(letters_forever)


def once(write: Write, stop_address: Callable[[str], str]) -> int:
    """Send what is due; how many letters went. What stands in the way is logged, without any address."""
    try:
        return send_due(write, stop_address) if offered() else 0
    except OSError as trouble:  # the faults of smtplib are OSErrors; their texts may name addresses
        log.warning("letters wait for the mail server: %s", type(trouble).__name__)
    except Error as error:
        log.warning("letters wait for the database: %s", error)
        close_old_connections()
    return 0
