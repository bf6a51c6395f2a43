"""The records of a case as a table: which links the scheme names, what each record states, and which step made it."""

from typing import Any

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.links import links_of
from sanxiang.law.packs import Pack


def table_of(case: Case, pack: Pack) -> dict[str, Any]:
    """全过程记录, link by link as the scheme names them: what each record states, how and where it is kept, which step made it."""
    rows = [
        {
            "cells": [
                {"text": link.label, "strong": True},
                {"text": record.label, "sub": record.content},
                {"text": record.mode},
                {"text": record.carrier},
                {"text": f"第{record.n}步，{cn_date(record.on)}" if record.n else "还没有"},
            ]
        }
        for link in links_of(pack, case.state)
        for record in link.records
    ]
    columns = [{"label": x} for x in ("环节", "记录", "方式", "载体", "形成")]
    return {"caption": "各环节的记录", "columns": columns, "rows": rows, "total": len(rows)}
