"""The lists that the demonstration's offices have released: what may be enforced, who enforces, what is looked at by chance."""

from datetime import datetime
from typing import Any

from sanxiang.demo.matters import Remit
from sanxiang.demo.people import Office
from sanxiang.door.admin.registers import columns_of
from sanxiang.door.administer import administer
from sanxiang.law.packs import Pack

SAID = {
    "权限": "行政处罚",
    "机构性质": "行政机关",
    "经费来源": "财政全额拨款",
    "队伍编制状况": "行政编制 20 名，执法大队事业编制 16 名",
    "主体类别": "法定行政机关",
    "法定代表人": "金守拙（演示）",
    "比例": "不低于百分之五",
    "方式": "现场检查",
    "频次": "每年一次",
}


def item_of(cause: str, remit: Remit) -> str:
    """The item of the list that a case with this cause is filed for; "" where there is none."""
    return next((about.named for about in remit.matters if about.cause == cause), "")


def release_lists(office: Office, pack: Pack, now: datetime) -> None:
    """Three lists, in the columns of the locality's scheme."""
    agency, remit = office.agency, office.remit
    own = {"主体": agency.name, "抽查主体": agency.name, "执法主体机构名称": agency.name}
    own |= {"单位地址": agency.address, "投诉举报电话": agency.complaint_phone}
    own |= {"职责": remit.duties, "执法职责和权限": remit.powers}
    violated = {about.named: about.violated for about in remit.matters}
    inspected = {check.title: check.basis for check in remit.checks}
    items: list[dict[str, Any]] = [
        {"事项编码": f"演示-{n:03d}", "事项名称": name, "依据": law, "违反条款": violated.get(name, "")}
        for n, (name, law) in enumerate({**remit.items, **inspected}.items(), 1)
    ]
    checks = [
        {"抽查事项": check.title, "依据": check.basis, "对象": check.whom, "内容": check.what}
        for check in remit.checks
    ]
    lists: dict[str, list[dict[str, Any]]] = {"items": items, "subjects": [{}], "random-items": checks}
    for kind, rows in lists.items():
        columns = [name for name, _demanded in columns_of(pack, kind)]
        full = [
            {name: value for name in columns if (value := {**SAID, **own, **row}.get(name))} for row in rows
        ]
        told = {"kind": kind, "rows": full, "in_force_from": now.date(), "note": "演示数据"}
        administer("release-register", agency, None, told, now=now)
