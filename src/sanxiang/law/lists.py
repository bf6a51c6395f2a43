"""Rows of the lists 清单 that offices keep: what a row says under any of the names that offices give a column."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sanxiang.law.numerals import number

Row = Mapping[str, Any]

ITEM = ("事项名称", "name")
"""The column that names the item or matter of a row."""

NAMING = (*ITEM, "事项编码", "code")
"""The columns by which a row can be asked for, by name or by code."""

LEAST, MOST = "罚款下限（元）", "罚款上限（元）"
"""The columns in which an office states the range of a fine."""


def cell(row: Row, columns: Iterable[str]) -> str:
    """What the first of these columns that is filled in says; "" where none is. A sum of 0 is filled in."""
    return str(next((row[name] for name in columns if row.get(name) not in (None, "")), "")).strip()


def named(rows: Iterable[Row], name: str) -> Row:
    """The first row that bears this name or code; empty where none does."""
    return next((row for row in rows if name in (row.get(key) for key in NAMING)), {})


def amount_of(text: str) -> Decimal | None:
    """A sum in 元, in figures or in Chinese, with 万 or without; None when it is none."""
    plain = re.sub("[,元]", "", unicodedata.normalize("NFKC", text))
    figures, myriad = plain.removesuffix("万"), plain.endswith("万")
    if re.fullmatch("[0-9]+(?:[.][0-9]+)?", figures):
        return Decimal(figures) * (10_000 if myriad else 1)
    try:
        return Decimal(number(plain))
    except ValueError:
        return None
