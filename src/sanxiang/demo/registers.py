"""The lists that the demonstration's offices have released: what may be enforced, who enforces, what is looked at by chance."""

from datetime import datetime
from typing import Any

from sanxiang.demo.people import Office
from sanxiang.door.admin_registers import columns_of
from sanxiang.door.administer import administer
from sanxiang.law.packs import Pack

LAWS = {
    "在河道管理范围内弃置渣土的处罚": "《防洪法》第五十五条第二项",
    "在行洪河道内种植高秆作物的处罚": "《防洪法》第五十五条第三项",
    "在河道管理范围内建设妨碍行洪的构筑物的处罚": "《防洪法》第五十五条第一项",
    "未经批准擅自取水的处罚": "《水法》第六十九条第一项",
    "未依照取水许可规定条件取水的处罚": "《水法》第六十九条第二项",
    "拒不缴纳水资源费的处罚": "《水法》第七十条",
    "擅自停止使用节水设施的处罚": "《水法》第七十一条",
    "侵占、毁坏水工程的处罚": "《水法》第七十二条",
    "在禁止开垦的陡坡地开垦种植农作物的处罚": "《水土保持法》第四十九条",
    "在林区采伐林木不依法采取防止水土流失措施的处罚": "《水土保持法》第五十二条",
    "生产建设项目的水土保持设施未经验收即投产的处罚": "《水土保持法》第五十四条",
    "在规定的存放地以外倾倒砂石土的处罚": "《水土保持法》第五十五条",
    "拒不缴纳水土保持补偿费的处罚": "《水土保持法》第五十七条",
    "未取得规划同意书擅自建设防洪工程的处罚": "《防洪法》第五十三条",
}
"""Matter and basis; more than can be looked through at a glance, as in any office."""

VIOLATED = {
    "在河道管理范围内弃置渣土的处罚": "《防洪法》第二十二条第二款",
    "在行洪河道内种植高秆作物的处罚": "《防洪法》第二十二条第三款",
    "在河道管理范围内建设妨碍行洪的构筑物的处罚": "《防洪法》第二十二条第二款",
    "未经批准擅自取水的处罚": "《水法》第四十八条第一款",
}
"""What is broken, for the matters that the demonstration's cases are about."""

ITEM_OF = {"在河道管理范围内倾倒渣土": "在河道管理范围内弃置渣土的处罚"}
"""Items of causes that the list words otherwise; the others are the cause and 的处罚."""

SAID = {
    "职责": "水行政管理和监督检查",
    "权限": "行政处罚",
    "机构性质": "行政机关",
    "经费来源": "财政全额拨款",
    "队伍编制状况": "行政编制 20 名，执法大队事业编制 16 名",
    "主体类别": "法定行政机关",
    "执法职责和权限": "水行政管理、监督检查和行政处罚",
    "法定代表人": "金守拙（演示）",
    "对象": "辖区内取水单位",
    "内容": "取水许可条件的执行情况",
    "比例": "不低于百分之五",
    "方式": "现场检查",
    "频次": "每年一次",
    "抽查事项": "取水情况检查",
}


def item_of(cause: str) -> str:
    """The item of the list that a case with this cause is filed for; "" where there is none."""
    name = ITEM_OF.get(cause, f"{cause}的处罚")
    return name if name in LAWS else ""


def release_lists(office: Office, pack: Pack, now: datetime) -> None:
    """Three lists, in the columns of the locality's scheme."""
    agency = office.agency
    own = {"主体": agency.name, "抽查主体": agency.name, "执法主体机构名称": agency.name}
    own |= {"单位地址": agency.address, "投诉举报电话": agency.complaint_phone}
    items: list[dict[str, Any]] = [
        {"事项编码": f"演示-{n:03d}", "事项名称": name, "依据": law, "违反条款": VIOLATED.get(name, "")}
        for n, (name, law) in enumerate(LAWS.items(), 1)
    ]
    lists: dict[str, list[dict[str, Any]]] = {
        "items": items,
        "subjects": [{}],
        "random-items": [{"依据": "《水法》第五十九条"}],
    }
    for kind, rows in lists.items():
        columns = [name for name, _demanded in columns_of(pack, kind)]
        full = [
            {name: value for name in columns if (value := {**SAID, **own, **row}.get(name))} for row in rows
        ]
        told = {"kind": kind, "rows": full, "in_force_from": now.date(), "note": "演示数据"}
        administer("release-register", agency, None, told, now=now)
