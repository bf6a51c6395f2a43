"""What all imports share: how rows are named, reasons told, troubles explained, and the end waited for."""

import errno
import time
from collections.abc import Callable

from django.db.models import Max

from sanxiang.exchange.reading import Row, Unusable
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Pending
from sanxiang.ledger.publish import TROUBLES
from sanxiang.ledger.sequencer import Overtaken, sequence_all

REJECTED = ("行号", "原因", "原始内容")
PATIENCE = 120
"""Seconds to wait for a server's sequencer that works on our acts at the same time."""

Progress = Callable[[int, int], None]
"""Told how many rows are done, of about how many."""


def place(row: Row) -> str:
    """A row's number as people look it up."""
    return f"{row.sheet}!{row.number}" if row.sheet else str(row.number)


def explained(refused: Refused) -> str:
    """A refusal as one line: each fact with its article and cure."""
    return "；".join(f"{v.fact}（{v.citation}），{v.cure}" for v in refused.verdicts)


def wait_until_sequenced() -> None:
    """Everything that is pending now has its place in the log; a server may be at the same work."""
    last = Pending.objects.aggregate(last=Max("id"))["last"]
    patience = time.monotonic() + PATIENCE
    while last is not None and Pending.objects.filter(id__lte=last).exists():
        if time.monotonic() > patience:
            raise Unusable(
                "记录已全部写入，但账本编号一直没有完成；请运行 sanxiang doctor 检查后再运行同一命令"
            )
        try:
            sequence_all()
        except Overtaken:
            time.sleep(0.05)
        except TROUBLES as error:
            raise Unusable(f"记录已全部写入，等候账本编号：{error}") from error


def trouble(error: Exception) -> str:
    """What the database or the disk complained about, in Chinese."""
    text, number = str(error).split("\n")[0], getattr(error, "errno", None)
    if "disk is full" in text or "No space left" in text or number in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满，导入停在半途，请腾出空间"
    if "disk I/O error" in text or number in (errno.EIO, errno.EFBIG):
        return "磁盘读写出错，请检查磁盘和剩余空间"
    if "readonly" in text or number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "数据目录不可写，请检查权限"
    if "locked" in text:
        return "数据库正被其他程序占用，请稍后再试"
    return f"写入时出错（{text}）"
