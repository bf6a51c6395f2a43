"""What acts and posts are called in Chinese, for whoever holds an entry of the log, which names them by their codes."""

import json

from sanxiang.cases.disclosure.published import PARTY_TYPES
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import load_pack
from sanxiang.ledger.verify import (
    AGAIN,
    AGAIN_LABEL,
    ANCHOR,
    ANCHOR_LABEL,
    CONFIRMED,
    CONFIRMED_LABEL,
)
from sanxiang.people.models import Agency
from sanxiang.people.roles import LABELS

IMPORTED = {
    "import-published": "导入历史公示信息",
    "prepare-imported": "提交核对后的历史公示文本",
    "release-imported": "确认并公示历史记录",
    "withdraw-imported": "撤回历史公示信息",
    "push-published": "办案系统推送公示",
    "correct-pushed": "更正办案系统推送的公示",
    "expire-pushed": "公开期满，停止公示",
}
"""Acts on records of other systems: no pack has them."""


def names() -> str:
    """JSON for the script of a page: the member of a leaf or of a public text, and what its codes mean. One query."""
    acts = {**IMPORTED, AGAIN: AGAIN_LABEL, ANCHOR: ANCHOR_LABEL, CONFIRMED: CONFIRMED_LABEL}
    for locality in Agency.objects.exclude(locality="").values_list("locality", flat=True).distinct():
        try:
            acts |= {act.id: act.label for act in load_pack(locality).acts.values()}
        except PackError:
            continue  # its codes are shown as they are; `doctor` says what is wrong with the pack
    return json.dumps(
        {"a": acts, "r": {**LABELS, "operator": "运维人员"}, "party_type": PARTY_TYPES},
        ensure_ascii=False,
        sort_keys=True,
    )
