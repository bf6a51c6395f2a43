"""执法流程图 as they are published: for each kind of act of the scheme, and where the scheme says so for each unit, what lacks.

A chart is drawn from the procedure that the desk executes; its publication is a release of the register `flowchart` whose rows are the
steps of that day. Where the procedure has changed since, the release is stale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.law.blocks import Citation
from sanxiang.law.flowchart import sentence, steps
from sanxiang.law.packs import Pack
from sanxiang.registers.before.told import Told

KIND = "flowchart"
TYPE, PROCEDURE, UNIT = "执法类别", "程序", "机构"


@dataclass(frozen=True)
class Missing:
    """A chart that is not published, or shows steps that are no longer those of the procedure."""

    agency: str
    unit: str
    label: str
    due: date | None
    stale: bool
    citation: str


def kinds_of(pack: Pack) -> dict[str, str]:
    """The kinds of acts of which the scheme wants a chart: label by code."""
    return {str(kind["code"]): str(kind["label"]) for kind in pack.act_types()}


def procedures_of(pack: Pack, code: str) -> list[str]:
    """The procedures of one kind of act."""
    row: dict[str, Any] = next((kind for kind in pack.act_types() if kind["code"] == code), {})
    codes = {code, *row.get("also", ())}
    return [name for name, rule in pack.procedures.items() if rule.act_type in codes]


def chart_rows(pack: Pack, code: str, unit: str = "") -> list[dict[str, str]]:
    """The steps of every procedure of one kind of act, under the columns that schemes name."""
    label = kinds_of(pack)[code]
    rows = [
        {
            TYPE: label,
            PROCEDURE: pack.procedures[name].label,
            UNIT: unit,
            "步骤": step.label,
            "承办人": step.actor,
            "时限": "；".join(step.limits),
            "文字说明": sentence(step).removeprefix(f"{step.label}。"),
        }
        for name in procedures_of(pack, code)
        for step in steps(pack, name)
    ]
    return [{name: value for name, value in row.items() if value} for row in rows]


def without(rows: Iterable[dict[str, Any]], label: str, unit: str) -> list[dict[str, Any]]:
    """What is left of a release when the chart of one kind of act, of one unit or of the agency, is taken out."""
    return [row for row in rows if (row.get(TYPE), row.get(UNIT, "")) != (label, unit)]


def published(told: Told) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows of each published chart, by unit and kind of act."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in told.rows(KIND):
        found.setdefault((str(row.get(UNIT, "")), str(row.get(TYPE, ""))), []).append(row)
    return found


def demand(pack: Pack) -> tuple[bool, date | None, Citation | None]:
    """Whether each section draws its own, until when, and who says so."""
    listed = next((block for block in pack.of_kind("list") if block.data.get("id") == KIND), None)
    for block in pack.of_kind("measure"):
        title = str(block.data.get("title"))
        about = "流程" in title and "审核" not in title
        if about and listed and block.citation == listed.citation:
            due = str(block.data.get("due", ""))
            sections = any("股室" in str(unit) for unit in block.data.get("units", ()))
            return sections, date.fromisoformat(due) if due[:1].isdigit() else None, listed.citation
    return False, None, listed.citation if listed else None


def missing(told: Told) -> list[Missing]:
    """The charts that this agency owes, unit by unit where the scheme wants each section to draw them."""
    if told.pack is None:
        return []
    sections, due, cite = demand(told.pack)
    there, kinds = published(told), kinds_of(told.pack)
    owners = told.units if sections and told.units else ("",)
    found = []
    for owner in owners:
        for code, label in kinds.items():
            rows = there.get((owner, label)) or there.get(("", label))
            if rows is None or stale(told.pack, code, rows):
                found.append(Missing(told.organ.name, owner, label, due, rows is not None, str(cite or "")))
    return found


def stale(pack: Pack, code: str, rows: list[dict[str, Any]]) -> bool:
    """Do the published steps differ from those that the desk executes today?"""
    unit = str(rows[0].get(UNIT, ""))
    return rows != chart_rows(pack, code, unit)
