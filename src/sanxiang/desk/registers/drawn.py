"""Rows of a list, and what differs between two versions, as tables."""

from typing import Any

from sanxiang.law.registers.compare import Differences


def rows_shown(rows: list[dict[str, Any]], caption: str) -> dict[str, Any]:
    """Rows of a list as a table."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    drawn = [{"cells": [{"text": str(row.get(key, ""))} for key in columns]} for row in rows]
    empty = {"title": "当日没有有效的版本", "text": "换一个日期，或者看下面的全部版本。"}
    return {
        "caption": caption,
        "columns": [{"label": str(c)} for c in columns],
        "rows": drawn,
        "empty": empty,
        "total": len(drawn),
    }


def changes_table(between: Differences) -> dict[str, Any]:
    """Added, removed, changed: one line each."""
    lines = [("新增", "green", name, "", "") for name in between.added]
    lines += [("删除", "red", name, "", "") for name in between.removed]
    lines += [
        ("修改", "amber", one.entry, one.column, f"{one.before or '（空）'} → {one.after or '（空）'}")
        for one in between.changed
    ]
    rows = [
        {
            "cells": [
                {"text": "", "badge": {"tone": tone, "label": word}},
                {"text": name},
                {"text": column},
                {"text": text},
            ]
        }
        for word, tone, name, column, text in lines
    ]
    columns = [{"label": label} for label in ("变化", "条目", "栏目", "前后")]
    empty = {"title": "没有变化", "text": "两个版本的内容相同。"}
    return {"caption": "变化", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}
