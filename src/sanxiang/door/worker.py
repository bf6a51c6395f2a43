"""The loop beside the web: give pending acts their places, in batches of at most 200 ms."""

import logging
import threading

from django.db import Error, close_old_connections

from sanxiang.ledger.sequencer import Overtaken, sequence_once

PAUSE = 0.2
"""Seconds between batches: how long an act may wait for its index."""

log = logging.getLogger(__name__)
stop = threading.Event()


def run_forever() -> None:
    """Sequence until told to stop. A database that is away is waited for; acts stay pending and nothing is lost."""
    while not stop.is_set():
        try:
            done = sequence_once()
        except Overtaken:
            done = 0
        except (
            Error
        ) as error:  # a lost connection is no DatabaseError, and this thread has nobody to start it again
            log.warning("sequencer waits for the database: %s", error)
            close_old_connections()
            done = 0
        if not done:
            stop.wait(PAUSE)
