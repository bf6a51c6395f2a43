"""撤回公示: why a decision was taken down, as everybody reads it."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.rules import Act

GROUND, REASON = "withdrawal_ground", "public_reason"
OTHER = "other"
"""The ground that says nothing by itself."""


def told(act: Act | None, said: Mapping[str, Any]) -> str:
    """The ground from the act's list, and what was said to it in words; the words alone where no ground was chosen."""
    item, code, reason = act.field(GROUND) if act else None, said.get(GROUND), str(said.get(REASON) or "")
    ground = dict(item.options).get(str(code), "") if item and code != OTHER else ""
    return f"{ground}：{reason}" if ground else reason
