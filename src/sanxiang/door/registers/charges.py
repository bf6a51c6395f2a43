"""The list of charges 收费（征收）目录清单: what an assessment must know of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law.rules import Act
from sanxiang.people.models import Agency
from sanxiang.registers.releases import rows_in_force

KIND, NAMING = "charges", ("项目名称", "项目编码")


def outside(agency: Agency, act: Act, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The row of the item in the list in force that day: empty where it is not on it, None where there is no list."""
    item = str(data.get("fee_item") or "")
    if act.id != "levy-assess" or not item:
        return {}
    rows = rows_in_force(agency, KIND, on)
    found = None if rows is None else next((r for r in rows if item in (r.get(c) for c in NAMING)), {})
    return {"charges_listed": found}
