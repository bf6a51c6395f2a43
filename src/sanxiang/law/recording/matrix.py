"""The recording matrix 记录环节表: what each stage records, in which form, on which carrier, as flowcharts and pages show it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sanxiang.law.lists import Row, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording.listed import STEPS, parts
from sanxiang.law.rules import Stage

MATRIX = "chart-recording"
"""The register, and the scheme's list, of that name."""

ELEMENTS = {"形式": "form", "内容": "content", "方式": "mode", "载体": "carrier"}
"""What recording.matrix may ask of each record, by the key that a stage's record states it under."""


def record_text(pack: Pack, record: Mapping[str, Any]) -> str:
    """One record in words: with the elements that the scheme wants stated, else with its form alone."""
    asked = pack.setting("recording.matrix") or ()
    told = [f"{name}：{record[key]}" for name, key in ELEMENTS.items() if name in asked and record.get(key)]
    return f"{record['label']}（{'；'.join(told) or record['form']}）"


def own_text(row: Row) -> str:
    """A row of the agency's own matrix in words."""
    told = [f"{name}：{cell(row, (name,))}" for name in ELEMENTS if row.get(name)]
    return f"本机关另定（{'；'.join(told)}）"


def rows_at(stage: Stage, pack: Pack, rows: Iterable[Row]) -> list[Row]:
    """The rows of a matrix that speak of this node of the flowchart, by its own name or by the scheme's for its link."""
    links = {
        str(link["label"])
        for link in pack.setting("recording.stages") or ()
        if stage.canonical in link.get("canonical", ())
    }
    return [row for row in rows if set(parts(cell(row, STEPS))) & {stage.label, *links}]
