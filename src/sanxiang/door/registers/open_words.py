"""What a list says is read by everybody: no row, no note and no reason holds what is shaped like a number of a person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sanxiang.door.admin.rules import unmet
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.redact import holds_protected, told_protected
from sanxiang.law.registers.kinds import PUBLIC

ARTICLE = Citation("个人信息保护法", "第二十五条")
NUMBERED = re.compile("电话|手机|联系|邮箱|编号|编码|代码|账号|账户")
"""Columns in which numbers are an office's or a thing's: only a valid identity number is none there."""
CURE = "删去这些号码再提交，数字确是文号、编码的写在该栏；对外联系用办公电话，写在“电话”一栏"


def protected_in(text: str) -> list[str]:
    """Which protected numbers a text holds: the kind and how each begins."""
    return told_protected(text)


def rows_unclean(kind: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    """Rows of a public list that hold such a number, with the column."""
    for number, row in enumerate(rows, 1) if kind in PUBLIC else ():
        for column, value in row.items():
            text = str(value or "")
            valid = any(span.type == "idcard" for span in holds_protected(text))
            if found := protected_in(text) if valid or not NUMBERED.search(str(column)) else []:
                yield number, f"的“{column}”含有{'、'.join(found)}"


def words_unclean(kind: str, label: str, text: Any) -> list[Verdict]:
    """The same of what is said of a whole list."""
    found = protected_in(str(text or "")) if kind in PUBLIC else []
    return [unmet("clean-public-fields", ARTICLE, f"“{label}”含有{'、'.join(found)}", CURE)] if found else []
