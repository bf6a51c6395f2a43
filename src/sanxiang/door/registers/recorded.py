"""What the agency itself has recorded: its list of matters in force on the day, its standard of what recordings say of themselves,
and its matrix in force when a case begins."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.door.registers.notices import RECORDED, as_listed
from sanxiang.law.recording.duty import recordable
from sanxiang.law.recording.matrix import MATRIX
from sanxiang.law.recording.metadata import STANDARD
from sanxiang.law.rules import Act
from sanxiang.people.models import Agency
from sanxiang.registers.models import Release
from sanxiang.registers.releases import begun
from sanxiang.speech import cn_day

MONITORS = "monitor-sites"
"""The list of electronic monitoring equipment and where it stands (行政处罚法 第四十一条)."""


def outside(agency: Agency, act: Act, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """For the guards of an act whose form is filled in; what a page offers costs no query."""
    found: dict[str, Any] = {}
    if data and recordable(act) and (listed := released(agency, RECORDED, on)):
        found["av_items"] = as_listed(listed.rows, listed.in_force_from)
    if data and act.first and (matrix := released(agency, MATRIX, on)):
        source = f"本机关{cn_day(matrix.in_force_from)}起施行的记录环节表"
        found["recording_matrix"] = {"rows": matrix.rows, "source": source}
    if data.get("monitor") and act.field("monitor_site") and (sites := released(agency, MONITORS, on)):
        found["monitor_sites"] = sites.rows
    brings = (data.get("photos") or data.get("files")) and act.field("clips")
    if brings and (standard := released(agency, STANDARD, on)):
        source = f"本机关{cn_day(standard.in_force_from)}起施行的记录信息规范"
        found["record_standard"] = {"rows": standard.rows, "source": source}
    return found


def released(agency: Agency, kind: str, on: date) -> Release | None:
    """The release of that register in force on that day."""
    return begun(on).filter(register__agency=agency, register__kind=kind).first()
