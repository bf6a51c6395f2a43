"""Whoever takes everything away, in a backup or an export, does an act of the installation: it has its place in the log before
the first byte is written, so that what is taken away has the act in it.
"""

import os
import pwd
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import Error

from sanxiang.door.log.installation import LABELS, record
from sanxiang.ledger.models import Act
from sanxiang.ledger.publish import TROUBLES, publish
from sanxiang.ledger.sequencer import sequence_all


def begin_backup(told: Mapping[str, Any]) -> str:
    """Record that a backup is being made; why that could not be, "" where it was. A backup is made all the same: a database
    that nobody can write needs one most. Where nothing is signed, the act waits for its place like every other."""
    try:
        taken("backed-up", told)
    except Error as error:
        return f"数据库写不进去（{str(error).splitlines()[0]}）"
    with suppress(*TROUBLES, OSError):
        sequence_all()
        publish()
    return ""


def taken(name: str, told: Mapping[str, Any]) -> Act:
    """Append the act, with the account of the machine under which the command runs. Raises django.db.Error."""
    return record(name, LABELS[name], {**told, "account": account()})


def account() -> str:
    """Who runs the command, as the machine knows it: by the process, not by what the environment says."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
