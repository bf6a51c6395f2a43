"""What every knock has in common: one transaction, a full disk told as such, and a refused attempt kept for supervision."""

import errno
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from sanxiang.cases.models import Case
from sanxiang.cases.shelves import StoreFault
from sanxiang.door.models import Refusal
from sanxiang.law.guards import Refused
from sanxiang.ledger import clock
from sanxiang.people.models import Person

OPERATOR = "运维人员"
"""Who acts at the console, without an account."""

FULL = frozenset({"53100", "SQLITE_FULL"})
"""What PostgreSQL (disk_full) and SQLite say when nothing more fits."""


class Unreadable(Exception):
    """Input that cannot be read at all, by field; nothing was judged yet."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("；".join(errors.values()))


class NoRoom(Unreadable):
    """The disk is full: nothing was written, what was typed is still in the form."""

    def __init__(self) -> None:
        super().__init__(
            {"": "服务器磁盘已满，这一步没有保存；请告知系统管理员清理磁盘，内容保留在表单里，稍后再提交"}
        )


class ClockBehind(Unreadable):
    """The machine's clock is behind the ledger: nothing was written, what was typed is still in the form."""

    def __init__(self, late: timedelta) -> None:
        super().__init__({"": clock.sentence(late)})


class NotKept(Unreadable):
    """The store of papers and evidence is away or says no: nothing was written, what was typed is still in the form."""

    def __init__(self, fault: StoreFault) -> None:
        super().__init__({"": f"{fault}。这一步没有保存，内容保留在表单里，稍后再提交"})


@contextmanager
def attempt(
    act: str,
    by: Person | None,
    *,
    now: datetime,
    channel: str = "page",
    case: uuid.UUID | None = None,
    agency: uuid.UUID | None = None,
) -> Iterator[None]:
    """One transaction. A refusal rolls it back, is kept with every reason, and goes on to the caller.

    `agency` is where it was tried; of a case it is the case's own. What is kept is no act, so it is not in the ledger.
    Raises NoRoom for a full disk, NotKept for a store that is away, ClockBehind.
    """
    try:
        with saved():
            if (late := clock.behind()) > clock.MOST:
                raise ClockBehind(late)
            yield
    except Refused as refused:
        Refusal.objects.create(
            case_id=case,
            agency_id=agency or agency_of(case),
            act=act,
            by=by.id if by else None,
            by_name=by.name if by else OPERATOR,
            at=now,
            channel=channel,
            verdicts=[verdict.as_json() for verdict in refused.verdicts],
        )
        raise


def agency_of(case: uuid.UUID | None) -> uuid.UUID | None:
    """Whose case it is."""
    return Case.objects.filter(id=case).values_list("agency_id", flat=True).first() if case else None


@contextmanager
def saved() -> Iterator[None]:
    """One transaction; a full disk rolls it back and comes out as NoRoom, a store that is away as NotKept, other faults as they are."""
    try:
        with transaction.atomic():
            yield
    except StoreFault as fault:
        raise NotKept(fault) from fault
    except (OSError, OperationalError) as error:
        if no_room(error):
            raise NoRoom from error
        raise


def no_room(error: OSError | OperationalError) -> bool:
    """Is it the disk? Asked by code: PostgreSQL words it in the language of its server."""
    cause = error.__cause__
    codes = (getattr(cause, "sqlstate", ""), getattr(cause, "sqlite_errorname", ""))
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or bool(FULL & {*codes})
