"""事前公开: what an agency must tell before it enforces, category by category as its scheme lists them, and what it has not told.

A category without content is shown as such: the public may know what is owed to it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import Pack, load_pack
from sanxiang.people.models import Agency, Entrustment, GrantedItem, in_force
from sanxiang.registers import releases
from sanxiang.registers.models import Release
from sanxiang.square.on_request import channel_of

PUBLIC = ("subjects", "items", "random-items", "benchmarks", "monitor-sites")
"""Registers that anybody may read; who enforces stands in the roster. Where monitoring equipment stands must be made known:
行政处罚法 第四十一条."""

EIGHT = ("主体", "人员", "职责", "权限", "依据", "程序", "救济渠道", "随机抽查事项清单")
NATIONAL = "《国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见》"
"""What every agency tells, where a scheme has no list of its own."""

UNTOLD = "没有填报"
ON_REQUEST = "依申请公开"
SUBJECT = ("执法主体机构名称", "机构性质", "单位地址", "投诉举报电话")
ENTRUSTED = ("受委托组织基本信息", "委托执法协议")
"""Asked only of an agency that entrusts others; these have a table of their own."""


@dataclass(frozen=True)
class Before:
    """One agency on one day, read once."""

    organ: Agency
    pack: Pack | None
    today: date
    releases: dict[str, Release]
    entrustments: tuple[Entrustment, ...]
    granted: tuple[GrantedItem, ...]
    officers: int
    procedures: int

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The rows of a register in force."""
        return list(self.releases[kind].rows) if kind in self.releases else []

    def fields(self, listing: str) -> list[str]:
        """The fields of a list as the scheme prints them."""
        found = self.pack.listed(listing) if self.pack else {}
        return [str(name) for name in found.get("fields", ())]


def before(organ: Agency, today: date, officers: int, procedures: int) -> Before:
    """Three queries, whatever the agency has told."""
    public = releases.in_force(today).filter(register__agency=organ, register__kind__in=PUBLIC)
    told = {release.register.kind: release for release in public}
    try:
        pack = load_pack(organ.locality)
    except PackError:
        pack = None
    given = Entrustment.objects.filter(in_force(today)).filter(Q(agency=organ) | Q(body=organ))
    entrustments = given.select_related("agency", "body", "unit").order_by("agreement_number")
    granted = GrantedItem.objects.filter(in_force(today), agency=organ).order_by("item_code")
    return Before(organ, pack, today, told, tuple(entrustments), tuple(granted), officers, procedures)


def subject_of(told: Before) -> list[dict[str, Any]]:
    """主体资格: the fields that the scheme lists, out of the agency's register; what is missing says so."""
    organ, rows = told.organ, told.rows("subjects")
    mine = next((row for row in rows if organ.name in row.values()), rows[0] if len(rows) == 1 else {})
    known = {
        "执法主体机构名称": organ.name,
        "机构性质": organ.get_kind_display(),
        "单位地址": organ.address,
        "投诉举报电话": organ.complaint_phone,
    }
    fields = [name for name in told.fields("subjects") or SUBJECT if name not in ENTRUSTED]
    fields += [name for name in mine if name not in (*fields, *ENTRUSTED)]
    found = [(name, str(mine.get(name) or known.get(name) or "")) for name in fields]
    more = (("统一社会信用代码", organ.uscc), ("电话", organ.phone))
    found += [(name, value) for name, value in more if name not in fields and value]
    untold = {"value": "", "badge": {"tone": "amber", "label": UNTOLD}}
    return [{"label": name, **({"value": value} if value else untold)} for name, value in found]


def categories_of(told: Before) -> list[dict[str, Any]]:
    """Each category of the scheme's catalogue: what there is, where it stands, or that nothing was told."""
    labels = told.fields("ex-ante") or EIGHT
    return [{"label": label, **TELL.get(label, nothing)(told)} for label in labels]


def source_of(told: Before) -> str:
    """Who asks for the catalogue."""
    return "本地方案" if told.fields("ex-ante") else NATIONAL


def scheme_of(told: Before) -> dict[str, str]:
    """The scheme under which the agency works, by title; given on request it is never more than that and the way to ask."""
    identity = told.pack.manifest.get("identity", {}) if told.pack else {}
    if identity.get("disclosure_attribute") != ON_REQUEST or told.pack is None:
        return {}
    instrument = next((i for i in told.pack.instruments.values() if i.kind == "scheme"), None)
    title = instrument.name if instrument else told.pack.name
    return {"title": title, "number": str(identity.get("doc_no") or ""), "channel": channel_of(told.organ)}


def nothing(told: Before) -> dict[str, Any]:
    """A category that nobody has told anything about."""
    return {"text": "", "href": ""}


def subject(told: Before) -> dict[str, Any]:
    """Complete only with every field that the scheme lists."""
    lacking = [row["label"] for row in subject_of(told) if not row["value"]]
    return {"text": "" if lacking else "见基本信息", "href": "#about", "lacking": lacking}


def people(told: Before) -> dict[str, Any]:
    """The roster further down the page."""
    return {"text": f"{told.officers}人" if told.officers else "", "href": "#officers"}


def listed(kind: str, names: Iterable[str] = ()) -> Callable[[Before], dict[str, Any]]:
    """A register in force; with `names` only where some row says something in one of these columns."""
    wanted = tuple(names)

    def tell(told: Before) -> dict[str, Any]:
        rows = told.rows(kind)
        said = [row for row in rows if not wanted or any(row.get(name) for name in wanted)]
        if not said:
            return nothing(told)
        release = told.releases[kind]
        text = f"{release.register.label}，{len(rows)}项，{cn_date(release.in_force_from)}起施行"
        return {"text": text, "href": register_href(told.organ, kind)}

    return tell


def duties(told: Before) -> dict[str, Any]:
    """In the agency's own words, else in the list of items."""
    row = next((r for r in subject_of(told) if r["label"] == "执法职责和权限" and r.get("value")), None)
    return {"text": "见基本信息", "href": "#about"} if row else listed("items", ("职责",))(told)


def powers(told: Before) -> dict[str, Any]:
    """The items themselves; a town's are those it was given."""
    found = listed("items")(told)
    if not found["text"] and told.granted:
        return {"text": f"赋权事项，{len(told.granted)}项", "href": "#granted"}
    return found


def procedures(told: Before) -> dict[str, Any]:
    """The flowcharts of the scheme."""
    return {"text": f"{told.procedures}种程序的流程图" if told.procedures else "", "href": "#how"}


def supervision(told: Before) -> dict[str, Any]:
    """Where to complain."""
    phone = told.organ.complaint_phone
    return {"text": f"投诉举报电话 {phone}" if phone else "", "href": ""}


def remedies(told: Before) -> dict[str, Any]:
    """Review and court, both or nothing."""
    organ = told.organ
    if not (organ.review_body and organ.court):
        return nothing(told)
    return {"text": f"向{organ.review_body}申请行政复议，或者向{organ.court}提起行政诉讼", "href": ""}


TELL: dict[str, Callable[[Before], dict[str, Any]]] = {
    "主体": subject,
    "人员": people,
    "职责": duties,
    "权限": powers,
    "依据": listed("items", ("依据", "实施依据", "处罚依据", "设定依据")),
    "程序": procedures,
    "随机抽查事项清单": listed("random-items"),
    "监督方式": supervision,
    "救济渠道": remedies,
}


def register_href(organ: Agency, kind: str) -> str:
    """The page of one register of an agency."""
    return reverse("agency-register", args=[organ.pk, kind])


def catalogue_of(told: Before) -> dict[str, Any]:
    """The catalogue as a table."""
    rows = []
    for one in categories_of(told):
        lacking = "、".join(one.get("lacking", ()))
        badge = {"tone": "green", "label": "已公开"} if one["text"] else {"tone": "amber", "label": UNTOLD}
        text = one["text"] or (f"还缺：{lacking}" if lacking else "—")
        cell = {"text": text, "href": one["href"] if one["text"] or lacking else ""}
        rows.append({"cells": [{"text": one["label"], "strong": True}, cell, {"text": "", "badge": badge}]})
    columns = [{"label": name} for name in ("类别", "内容", "情况")]
    return {"caption": "事前公开", "columns": columns, "rows": rows}


def entrustments_table(told: Before) -> dict[str, Any] | None:
    """Who enforces in whose name, by which agreement, until when."""
    rows = [
        {
            "cells": [
                {"text": row.agency.name},
                {"text": body.name if (body := row.body or row.unit) else "—"},
                {"text": "、".join(map(str, row.items)) or "—"},
                {"text": row.agreement_number},
                {
                    "text": f"{cn_date(row.valid_from)}起"
                    + (f"至{cn_date(row.valid_until)}" if row.valid_until else "")
                },
            ]
        }
        for row in told.entrustments
    ]
    columns = [{"label": name} for name in ("委托机关", "受委托组织", "委托事项", "委托协议", "期限")]
    return {"caption": "委托执法", "columns": columns, "rows": rows} if rows else None


def granted_table(told: Before) -> dict[str, Any] | None:
    """What the province gave to a town or sub-district."""
    rows = [
        {
            "cells": [
                {"text": row.item_code},
                {"text": row.label},
                {"text": row.basis},
                {"text": f"{cn_date(row.valid_from)}起"},
            ]
        }
        for row in told.granted
    ]
    columns = [{"label": name} for name in ("事项编码", "事项名称", "赋权依据", "施行")]
    return {"caption": "赋权事项", "columns": columns, "rows": rows} if rows else None


def other_registers(told: Before) -> list[dict[str, str]]:
    """Doors to every public register in force."""
    return [
        {
            "label": release.register.label,
            "href": register_href(told.organ, kind),
            "text": f"{len(release.rows)}项，{cn_date(release.in_force_from)}起施行",
        }
        for kind, release in sorted(told.releases.items(), key=lambda one: PUBLIC.index(one[0]))
    ]
