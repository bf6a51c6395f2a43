"""What a list says is read by everybody: no row, no note and no reason holds a valid identity number, or somebody's mobile number."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sanxiang.door.admin.rules import unmet
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.redact import holds_protected
from sanxiang.law.registers.kinds import PUBLIC

ARTICLE = Citation("个人信息保护法", "第二十五条")
NUMBERED = re.compile("电话|手机|联系|编号|编码|代码")
"""Columns in which a number of eleven digits is an office's, or none of a telephone."""
NAMES = {"idcard": "身份证件号码", "phone": "手机号码"}
CURE = "删去这些号码再提交；对外联系用办公电话，写在“电话”一栏"


def protected_in(text: str) -> list[str]:
    """What kinds of protected numbers a text holds."""
    return list(dict.fromkeys(NAMES[span.type] for span in holds_protected(text)))


def rows_unclean(kind: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    """Rows of a public list that hold such a number, with the column."""
    for number, row in enumerate(rows, 1) if kind in PUBLIC else ():
        for column, value in row.items():
            stays = ("手机号码",) if NUMBERED.search(str(column)) else ()
            if found := [what for what in protected_in(str(value or "")) if what not in stays]:
                yield number, f"的“{column}”含有{'、'.join(found)}"


def words_unclean(kind: str, label: str, text: Any) -> list[Verdict]:
    """The same of what is said of a whole list."""
    found = protected_in(str(text or "")) if kind in PUBLIC else []
    return [unmet("clean-public-fields", ARTICLE, f"“{label}”含有{'、'.join(found)}", CURE)] if found else []
