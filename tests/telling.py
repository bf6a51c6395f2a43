"""What an agency of the cast tells beforehand, in the columns that schemes ask for."""

import html
import json
from typing import Any

from django.test import Client
from django.utils import timezone

import listed
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.people.models import Agency, Person
from sanxiang.registers.before.vetted import vetted_first

TOLD = {
    "review_body": "云溪县人民政府",
    "court": "云溪县人民法院",
    "complaint_phone": "0000-2",
    "address": "清江路 8 号",
}
UNIT = {"承办机构": "水政监察大队"}
ITEM = {
    "事项编码": "S-1",
    "事项名称": "采砂的处罚",
    "主体": "云溪县水务局",
    "职责": "河道管理",
    "权限": "处罚",
    "依据": "水法第三十九条",
}
SPOT = {
    "抽查主体": "水务局",
    "依据": "水法",
    "对象": "取水单位",
    "内容": "许可",
    "比例": "5%",
    "方式": "现场",
    "频次": "一年",
}
ROW = {"items": ITEM | UNIT, "random-items": SPOT | UNIT}
SUBJECT = {
    "执法主体机构名称": "云溪县水务局", "机构性质": "行政机关", "经费来源": "财政全额拨款", "队伍编制状况": "行政编制 20 名",
    "主体类别": "法定行政机关", "执法职责和权限": "水资源、河道管理",
    "法定代表人": "周岚", "单位地址": "清江路 8 号", "投诉举报电话": "0000-2",
}  # fmt: skip


def under(cast: Cast, locality: str, **more: Any) -> Agency:
    """The bureau under another locality's scheme."""
    cast.bureau.refresh_from_db()
    Agency.objects.filter(pk=cast.bureau.pk).update(locality=locality, n=cast.bureau.n + 1, **more)
    cast.bureau.refresh_from_db()
    return cast.bureau


def tell_all(agency: Agency) -> None:
    """Everything that schemes ask for beforehand."""
    for kind, row in {**ROW, "subjects": SUBJECT}.items():
        release(agency, kind, row)
    administer("publish-flowchart", agency, None, {"act_type": "penalty"})
    if vetted_first(agency.locality):
        listed.vetted_roster(agency)


def release(agency: Agency, kind: str, *rows: dict[str, str]) -> None:
    reviewer = Person.objects.get(username="songyan")
    listed.release(agency, kind, list(rows), timezone.localdate(), reviewer)


def refused_outside(agency: Agency, kind: str, row: dict[str, str], says: str) -> None:
    """Drafted by a program and by hand, a row is refused in the same words."""
    client = Client()
    client.force_login(Person.objects.get(username="songyan"))
    where = f"/api/v1/agencies/{agency.pk}/register-acts/draft-register"
    told = client.post(where, json.dumps({"data": {"kind": kind, "rows": [row]}}), "application/json")
    assert told.status_code == 422 and says in str(told.json()), told.content.decode()[:400]
    form = {"kind": kind, **{f"rows-0-{name}": value for name, value in row.items()}}
    page = client.post(f"/desk/admin/acts/draft-register/?agency={agency.pk}&kind={kind}", form)
    assert page.status_code == 422 and says in html.unescape(page.content.decode())
