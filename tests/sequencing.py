"""One of several processes that write acts, give them their places and publish, all at once: `sequencing.py NUMBER COUNT`."""

import contextlib
import os
import sys
import time
import uuid
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiang.settings")

import django

django.setup()

from django.db import transaction  # noqa: E402

from sanxiang.ledger.leaf import Entry, Signed, append  # noqa: E402
from sanxiang.ledger.models import Pending  # noqa: E402
from sanxiang.ledger.publish import publish  # noqa: E402
from sanxiang.ledger.sequencer import Overtaken, sequence_once  # noqa: E402


def main(number: int, count: int) -> None:
    """Acts of one subject, with a batch sequenced and published between them."""
    subject, head = uuid.UUID(int=1000 + number), ""
    who = Signed(None, "试验", "officer", "2026-11-02", datetime.now(UTC))
    for n in range(1, count + 1):
        with transaction.atomic():
            head = append(
                Entry("agency", subject, n, head, "note", "记事", {"text": (str(n), "case")}), who
            ).leaf_hash
        round_trip()
    while Pending.objects.exists():
        round_trip()
        time.sleep(0.01)


def round_trip() -> None:
    """What the worker does five times a second."""
    with contextlib.suppress(Overtaken):
        sequence_once()
    publish()


main(int(sys.argv[1]), int(sys.argv[2]))
