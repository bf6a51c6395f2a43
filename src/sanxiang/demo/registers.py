"""The lists that the demonstration's offices have released: what may be enforced, who enforces, what is looked at by chance."""

from datetime import datetime
from io import BytesIO
from typing import Any

from sanxiang.cases.recording.receiving import receive
from sanxiang.demo.matters import Remit
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.registers.standing import chain_of_agency, stands_of
from sanxiang.law.packs import Pack
from sanxiang.law.registers.chain import IN_HOUSE
from sanxiang.law.registers.kinds import columns_of
from sanxiang.registers.models import Release

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
        whole_way(office, kind, full, now)


def whole_way(office: Office, kind: str, rows: list[dict[str, Any]], now: datetime, **more: Any) -> Release:
    """A list from the draft to its release, by every step that the locality's scheme prescribes for it."""
    told = {"kind": kind, "note": "演示数据", **more}
    agency, begins = office.agency, told.pop("in_force_from", now.date())
    draft = administer("draft-register", agency, None, {**told, "rows": rows}, now=now)
    for stand in stands_of(draft, chain_of_agency(agency, kind)):
        said: dict[str, Any] = {"draft": draft, "digest": draft.digest, "outcome": "agreed"}
        if stand.step.who == IN_HOUSE:
            administer("sign-register", agency, office.people["legal-reviewer"], said, now=now)
        else:
            letter = f"{stand.step.organ}关于{draft.label}的复函（演示）\n同意。".encode()
            files = [receive(BytesIO(letter), "复函（演示）.txt", "text/plain")]
            said |= {"number": f"演示复函〔{now.year}〕1号", "replied_on": now.date(), "files": files}
            administer("record-reply", agency, None, said, now=now)
    done: Release = administer("release-register", agency, None, {**told, "in_force_from": begins}, now=now)
    return done
