"""Acts on the installation itself: anchors of the twin trees, keys changed, files looked over, backups tried, history restored.

They have a chain of their own, so that what the operator and the machine did to the whole stands beside what officers did.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from sanxiang.door.attempts import OPERATOR
from sanxiang.door.models import Installation
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act
from sanxiang.ledger.verify import ANCHOR, ANCHOR_LABEL, INSTALLATION
from sanxiang.people.models import Person

ID = uuid.UUID("00000000-0000-4000-8000-000000000003")

LABELS = {
    "restored": "从备份恢复",
    "recovered": "补回恢复时缺失的账本条目",
    "recovered-looks": "补回恢复时缺失的调阅记录",
    "nobody-saw-more": "确认没有人见过比备份更多的账本",
    "witness-wrong": "确认见证人错了",
    "drilled": "恢复演练",
    "scrub": "文件巡检",
    ANCHOR: ANCHOR_LABEL,
    "change-log-key": "更换账本签名密钥",
    "accept-clock": "照现在的时钟继续办理",
    "backed-up": "备份整个安装",
    "exported": "导出账本",
}
"""What each of these acts is called."""


def record(
    name: str,
    label: str,
    content: Mapping[str, Any],
    by: Person | None = None,
    now: datetime | None = None,
    secrecy: str = "case",
) -> Act:
    """Append one act to the installation's chain. `by` None is the operator at the console, or the machine by itself."""
    moment = now or timezone.now()
    with transaction.atomic():
        row = locked()
        who = Signed(
            by.id if by else None,
            by.name if by else OPERATOR,
            "operator",
            timezone.localtime(moment).date().isoformat(),
            moment,
        )
        told = {key: (value, secrecy) for key, value in content.items()}
        act = append(Entry(INSTALLATION, row.id, row.n + 1, row.head, name, label, told), who)
        row.n, row.head = act.n, act.leaf_hash
        row.save()
        return act


def locked() -> Installation:
    """The row, locked until the caller's transaction ends: who looks and then records does both under it."""
    Installation.objects.get_or_create(id=ID)
    rows = Installation.objects.filter(id=ID)
    return rows.select_for_update().get() if connection.features.has_select_for_update else rows.get()
