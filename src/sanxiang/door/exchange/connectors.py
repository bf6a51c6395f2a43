"""Connectors 对接系统: which other system gets what of which agency, where it is and how its fields are called."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Connector
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency

NORM = Citation("政府信息公开条例", "第八条")
CARRIED = {
    "decisions": "公示的决定",
    "lists": "公布的清单",
    "subjects": "主体资格清单",
    "officers": "执法人员",
    "stages": "案件环节",
    "cases": "转办的案件",
}
"""What a connector may carry; docs/exchange.md says what stands in each."""
CODE = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
VARIABLE = re.compile(r"env:([A-Z][A-Z0-9_]*)", re.ASCII)
THEIRS, OURS = "对方字段", "本方字段"


class NoCredential(Exception):
    """The credential is not where the connector says; the message is a Chinese sentence."""


def secret_of(connector: Connector) -> str:
    """The credential, read anew for each round: it never enters database or ledger. Raises NoCredential."""
    place = connector.credential
    if not place:
        return ""
    named = VARIABLE.fullmatch(place)
    try:
        found = os.environ.get(named[1], "") if named else Path(place.removeprefix("file:")).read_text()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found.strip():
        raise NoCredential(f"凭据“{place}”读不到或者是空的")
    return found.strip()


def covers(connector: Connector, agency: Agency) -> bool:
    """Does this connector carry what that agency does? Its own, and with `below` of the agencies under it or its government."""
    if connector.agency_id == agency.pk:
        return True
    above = {connector.agency_id, *([connector.agency.parent_id] if connector.agency.is_supervisor else [])}
    return connector.below and agency.parent_id is not None and agency.parent_id in above


def connectors_of(agency: Agency, what: str) -> list[Connector]:
    """The connectors in use that carry this of the agency. One query."""
    found = Connector.objects.filter(active=True).select_related("agency").order_by("code")
    return [one for one in found if what in one.carries and covers(one, agency)]


def sound_connector(change: Change) -> list[Verdict]:
    """An address that can be one, a credential that is a reference and not the secret itself, known fields."""
    verdicts = []
    code, url = str(change.value("code") or ""), str(change.value("url") or "")
    if code and not CODE.fullmatch(code):
        verdicts.append(
            unmet("code", NORM, f"代号“{code}”不能用", "用小写字母、数字和连字符，如 city-platform")
        )
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query):
        verdicts.append(
            unmet("url", NORM, f"“{url[:60]}”不是可用的地址", "填 http 或 https 地址，不带账号、密码和参数")
        )
    place = str(change.value("credential") or "")
    if place and not VARIABLE.fullmatch(place) and not place.startswith("file:/"):
        cure = "写 env:变量名 或者 file:/绝对路径，凭据本身不要填在这里"
        verdicts.append(unmet("credential", NORM, "凭据应当写它放在哪里", cure))
    for number, row in enumerate(change.data.get("fields") or (), 1):
        if set(row) != {THEIRS, OURS}:
            fact = f"字段对照第 {number} 行没有写全“{THEIRS}”和“{OURS}”"
            verdicts.append(unmet("fields", NORM, fact, "每行写一个对方字段和一个本方字段"))
    return verdicts


@admin_act(
    "set-connector",
    "设置对接系统",
    (roles.SYSTEM_ADMIN,),
    (
        asked("code", "代号", longest=40, help="同一代号再次填写就是变更，如 city-platform"),
        asked("name", "对接系统名称", longest=120, help="照方案里的名称写"),
        asked(
            "platform",
            "方案里的平台编号",
            required=False,
            longest=40,
            help="规则包 publish.platforms 里的 id",
        ),
        asked("url", "接口地址", longest=300, help="格式见文档 docs/exchange.md"),
        asked(
            "credential",
            "凭据所在",
            required=False,
            longest=200,
            help="env:变量名 或者 file:/路径；凭据本身不进数据库",
        ),
        asked("carries", "送什么", "multi", options=CARRIED),
        asked(
            "fields",
            "字段对照",
            "rows",
            required=False,
            help=f"每行“{THEIRS}”“{OURS}”；不填就用本平台的字段名",
        ),
        asked("below", "包括下级机关", "bool", required=False),
        asked("active", "在用", "bool", required=False, default=True),
    ),
    NORM,
    group="exchange",
    help="公示、清单、人员和案件环节向哪个系统推送。停用以后不再写新的消息，已经写下的也不再发送",
    checks=sound_connector,
    secrecy="case",
)
def set_connector(change: Change) -> Connector:
    """Set a connector up, or change it: the whole of it is told each time."""
    data = change.data
    told = {
        "name": data["name"],
        "platform": data.get("platform") or "",
        "url": str(data["url"]).rstrip("/"),
        "credential": data.get("credential") or "",
        "carries": list(data["carries"]),
        "fields": {str(row[THEIRS]): str(row[OURS]) for row in data.get("fields") or ()},
        "below": bool(data.get("below")),
        "active": data.get("active") is not False,
        "n": change.n,
    }
    row, _ = Connector.objects.update_or_create(agency=change.agency, code=data["code"], defaults=told)
    return row
