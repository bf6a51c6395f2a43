"""音像设备: what the agency has, who has it now, how each was used and checked, and how many are lacking by the set ratio."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.footage import astray_table
from sanxiang.desk.who import Visitor, cases_of, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.pinned import current
from sanxiang.door.recording import footage
from sanxiang.door.recording.equipment import (
    CHECK,
    HAND_OUT,
    KINDS,
    REGISTER,
    RETIRE,
    TAKE_IN,
    TARGET,
    Device,
    Shortage,
    UnitShortage,
    by_unit,
    devices_in,
    kinds_of,
    shortage,
)
from sanxiang.door.registers import own_rules

RULE = "rule-av-device"
STATES = {"sound": ("正常", ""), "faulty": ("有故障", "red"), "retired": ("已报废", "grey")}


@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """The devices in sight, of one kind where one is asked for."""
    visitor = visitor_of(request)
    kind, home = request.GET.get("kind", ""), visitor.home
    names = kinds_of(current(home.locality)) if home else dict(KINDS)
    found = devices_in(visitor.agencies)
    held = shortage(home, visitor.on) if home else None
    alone = [one for one in found if one.state != "retired" and not one.custodian]
    context = {
        "kinds": [{"id": key, "label": label, "here": key == kind} for key, label in names.items()],
        "all": not kind,
        "figures": figures_of(held) if held else [],
        "alone": [one.serial for one in alone],
        "units": units_table(by_unit(home, visitor.on, held.per)) if home and held else None,
        "rule": rule_of(visitor),
        "astray": astray_table(footage.astray(cases_of(visitor)), visitor),
        "table": table_of([one for one in found if not kind or one.kind == kind], names),
        "acts": acts_of(visitor, acts_open(found)),
    }
    return page(request, visitor, "desk/devices.html", context, section="registers")


def acts_open(found: list[Device]) -> tuple[str, ...]:
    """What can be done now: what is in its place goes out, what is out comes back."""
    used = [one for one in found if one.state != "retired"]
    resting = [one for one in used if not one.out]
    asked = (
        (REGISTER, True),
        (HAND_OUT, any(one.state == "sound" for one in resting)),
        (TAKE_IN, len(resting) < len(used)),
        (CHECK, bool(used)),
        (RETIRE, bool(resting)),
        (TARGET, True),
    )
    return tuple(act for act, there in asked if there)


def rule_of(visitor: Visitor) -> dict[str, str] | None:
    """The agency's own measures on devices: the version in force, or that the scheme wants them and there are none. One query."""
    home = visitor.home
    kind = own_rules.kinds_of(current(home.locality)).get(RULE) if home else None
    if home is None or kind is None:
        return None
    release = own_rules.in_force(visitor.on).filter(register__agency=home, register__kind=RULE).first()
    if release is None:
        href = f"/desk/admin/acts/release-rule/?agency={home.pk}&kind={RULE}"
        may = bool(frozenset(ACTS["release-rule"].by) & visitor.roles)
        return {"label": kind.label, "title": "", "cite": str(kind.citation), "href": href if may else ""}
    told = release.told or {}
    return {
        "label": kind.label,
        "title": str(told.get("title") or kind.label),
        "since": cn_date(release.in_force_from),
        "href": f"/desk/registers/{release.register_id}/",
    }


def units_table(found: list[UnitShortage]) -> dict[str, Any]:
    """How each unit stands: its officers, its sound devices, what the ratio asks, what is lacking."""
    rows = [
        {
            "cells": [
                {"text": one.unit or "没有写明机构", "strong": bool(one.unit)},
                {"text": str(one.officers)},
                {"text": str(one.stock)},
                {"text": "方案未定" if one.wanted is None else str(one.wanted)},
                {"text": "—" if one.gap is None else str(one.gap)},
            ]
        }
        for one in found
    ]
    labels = ("机构", "在岗执法人员", "可用设备", "应有", "缺少")
    columns = [{"label": label, "num": n > 0} for n, label in enumerate(labels)]
    return {"caption": "各机构的配备", "columns": columns, "rows": rows}


def acts_of(visitor: Visitor, wanted: tuple[str, ...]) -> list[dict[str, str]]:
    """What the visitor may register."""
    mine = (ACTS[name] for name in wanted if frozenset(ACTS[name].by) & visitor.roles)
    return [{"label": act.label, "href": f"/desk/admin/acts/{act.id}/"} for act in mine]


def figures_of(held: Shortage) -> list[dict[str, Any]]:
    """Officers, devices, and the gap to the ratio; that nobody set a ratio is said."""
    ratio = f"1:{held.per}" if held.per else "方案未定"
    gap = "—" if held.gap is None else held.gap
    lacking = bool(held.gap)
    return [
        {"label": "在岗执法人员", "value": held.officers, "unit": "人"},
        {"label": "可用设备", "value": held.stock, "unit": "台", "sub": "不含固定的视频监控"},
        {"label": "配备比例", "value": ratio, "sub": held.basis},
        {
            "label": "缺少",
            "value": gap,
            "unit": "台" if held.gap is not None else "",
            "state": "amber" if lacking else "calm",
        },
    ]


def table_of(found: list[Device], names: dict[str, str]) -> dict[str, Any]:
    """One line a device."""
    rows = [{"cells": cells_of(one, names)} for one in found]
    columns = [{"label": x} for x in ("设备编号", "种类、型号", "状态", "现在", "最近检查")]
    text = "配备的照相机、录音机、摄像机、执法记录仪和视频监控，登记之后在这里列出。"
    empty = {"title": "还没有登记设备", "text": text}
    return {"caption": "音像设备", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}


def cells_of(one: Device, names: dict[str, str]) -> list[dict[str, Any]]:
    """Number, what it is, whether it works, who has it, when it was last looked at."""
    label, tone = STATES[one.state]
    place = f"由{one.holder}领用" if one.out else "在保管处"
    since = f"{cn_date(one.holder_since)}起" if one.out else one.custodian or "没有指定保管人"
    offset = "" if one.offset is None else f"时钟{'快' if one.offset >= 0 else '慢'} {abs(one.offset)} 秒"
    state: dict[str, Any] = {"text": "" if tone else label}
    if tone:
        state["badge"] = {"label": label, "tone": tone}
    elif not one.custodian:
        state = {"text": label, "badge": {"label": "没有保管人", "tone": "amber"}}
    return [
        {"text": one.serial, "href": f"/desk/devices/{one.agency}/{one.serial}/", "strong": True},
        {"text": names.get(one.kind, KINDS.get(one.kind, one.kind)), "sub": one.model},
        state,
        {"text": "" if one.state == "retired" else place, "sub": "" if one.state == "retired" else since},
        {"text": cn_date(one.checked_on) or "还没有检查过", "sub": offset},
    ]


@require_GET
def device(request: HttpRequest, agency: Any, serial: str) -> HttpResponse:
    """One device with its whole log."""
    visitor = visitor_of(request)
    found = devices_in([agency]) if agency in visitor.agencies else []
    one = next((one for one in found if one.serial == serial), None)
    if one is None:
        raise Http404(serial)
    context = {
        "device": one,
        "kind": KINDS.get(one.kind, one.kind),
        "state": STATES[one.state][0],
        "table": log_of(one),
        "rule": rule_of(visitor),
        "astray": astray_table(
            [
                each
                for each in footage.astray(cases_of(visitor).filter(agency=agency))
                if each.device == serial
            ],
            visitor,
        ),
    }
    return page(request, visitor, "desk/device.html", context, section="registers")


def log_of(one: Device) -> dict[str, Any]:
    """What was done with the device, the newest first."""
    rows = [
        {
            "cells": [
                {"text": cn_datetime(step.on)},
                {"text": step.what, "strong": True},
                {"text": step.who or "—"},
                {"text": step.note or "—"},
                {"text": step.by},
            ]
        }
        for step in reversed(one.log)
    ]
    columns = [{"label": x} for x in ("时间", "事项", "领用人", "备注", "登记人")]
    return {"caption": "使用记录", "columns": columns, "rows": rows, "total": len(rows)}
