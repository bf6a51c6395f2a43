"""Is the machine's clock behind what the ledger knows to be past? Who signs on with a clock set back dates acts before others.

The order of a case never depends on the clock (`n` does that); periods, days of service and the times that leaves state do.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sanxiang.ledger.files import sync, write
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint

MOST = timedelta(minutes=5)
"""How far the clock may be behind the newest checkpoint (trust.md §4.2 R10); time servers correct less than that."""

ACCEPTED = "clock-accepted.json"


def latest(log: int = ACTS.row) -> datetime | None:
    """When the newest checkpoint was made, if that is to come by the machine's clock: it is certainly later than that.

    None where no clock is behind anything: every act asks this, and almost always nothing more than this need be read. None
    too where an operator has found that it was made by a clock that went ahead.
    """
    newest = Checkpoint.objects.filter(log=log).order_by("-size").values_list("created", flat=True).first()
    if newest is None or newest <= timezone.now() or newest == _accepted():
        return None
    return newest


def behind() -> timedelta:
    """How far the machine's clock is behind the ledger; zero where it is not."""
    known, now = latest(), timezone.now()
    return known - now if known is not None and known > now else timedelta()


def trusted() -> datetime:
    """The time now, and never before what the ledger knows to be past."""
    return timezone.now() + behind()


def accept() -> datetime | None:
    """From here on the machine's clock counts, though it is behind; the time that was wrong, None where there is nothing to accept."""
    wrong = latest()
    if wrong is None or wrong <= timezone.now():
        return None
    write(_file(), json.dumps({"wrong": wrong.isoformat()}).encode())
    sync(_file().parent)
    return wrong


def _file() -> Path:
    place: Path = settings.DATA / ACCEPTED
    return place


def _accepted() -> datetime | None:
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(told["wrong"])


def sentence(late: timedelta) -> str:
    """What is said where acts are refused for it."""
    minutes = max(1, round(late.total_seconds() / 60))
    told = (
        f"{minutes} 分钟"
        if minutes < 120
        else f"{minutes // 60} 小时"
        if minutes < 2880
        else f"{minutes // 1440} 天"
    )
    return (
        f"服务器时钟比账本已经记下的时间慢了 {told}，为免把后办的事记成先办，这一步没有保存。"
        "请系统管理员校准服务器时钟后再办；如果是原来的时钟快了、现在的才对，请运行 sanxiang ledger accept-clock"
    )
