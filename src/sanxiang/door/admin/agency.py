"""Acts on the agency itself: what its papers print, its units, the agencies below it, entrustments and granted items."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanxiang.door.admin.rules import SEPARATION, Change, admin_act, asked, backwards, day, given_day, unmet
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.identifiers import identify
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.people import roles
from sanxiang.people.models import Agency, Entrustment, GrantedItem, Person, Unit
from sanxiang.registers.before.pilot import tasks_of
from sanxiang.registers.before.roster import pack_in

ENTRUSTING = Citation("行政处罚法", "第二十条")
GRANTING = Citation("行政处罚法", "第二十四条")
CODES = Citation("GB 32100-2015", "", "operator")
REGIONS = Citation("GB/T 2260-2007", "", "operator")

PRINTED = (
    asked("name", "机关名称", longest=120),
    asked("short", "机关代字", required=False, longest=20, help="文号用，如“云水”；与其他机关不能相同"),
    asked("kind", "机关性质", "choice", options=dict(Agency.Kind.choices)),
    asked("region", "行政区划代码", longest=12, help="GB/T 2260 的六位代码；证件的执法区域按它核对"),
    asked("locality", "适用方案", "locality"),
    asked("uscc", "统一社会信用代码", required=False, longest=60),
    asked("address", "地址", required=False, longest=200, help="印在文书上"),
    asked("phone", "电话", required=False, longest=60),
    asked("complaint_phone", "投诉举报电话", required=False, longest=60),
    asked("account", "罚款缴纳账户", required=False, longest=200, help="开户银行和账号，印在处罚决定书上"),
    asked(
        "review_body", "行政复议机关", required=False, longest=120, help="一般是本级人民政府，印在救济告知里"
    ),
    asked("court", "行政诉讼管辖法院", required=False, longest=120, help="印在救济告知里"),
)
NAMES = tuple(item.name for item in PRINTED)


def create_agency(
    data: Mapping[str, Any], *, by: Person | None = None, now: datetime | None = None, role: str = "operator"
) -> Agency:
    """A new agency, its chain beginning with its own registration."""
    moment = now or timezone.now()
    with transaction.atomic():
        agency = Agency.objects.create(**data)
        told = {k: str(v.pk) if isinstance(v, Agency) else v for k, v in data.items()}
        content = {k: (v, "case") for k, v in told.items()}
        if tasks := pilot_tasks(agency):
            content[PILOT] = (tasks, "case")
        on = timezone.localtime(moment).date().isoformat()
        who = Signed(by.id if by else None, by.name if by else "运维人员", role, on, moment)
        done = append(Entry("agency", agency.id, 1, "", "register-agency", "登记执法机关", content), who)
        Agency.objects.filter(id=agency.id).update(n=done.n, head=done.leaf_hash)
    agency.refresh_from_db()
    return agency


PILOT = "pilot_tasks"
"""Under this name an agency's first act keeps the tasks that a pilot scheme sets it."""


def pilot_tasks(agency: Agency) -> list[str]:
    """The tasks with which an agency that enforces begins; none for those above it, and none outside a pilot."""
    pack = pack_in(agency.locality)
    above = agency.kind in (Agency.Kind.GOVERNMENT, Agency.Kind.SUPERVISOR) or agency.is_supervisor
    return [] if pack is None or above else [task.id for task in tasks_of(pack, agency.name)]


def sound_agency(change: Change) -> list[Verdict]:
    """Names that are taken and codes that cannot be any: two agencies of one 代字 would issue the same numbers."""
    return [*taken(change.data, change.agency), *bad_code(change), *unreachable(change)]


def bad_code(change: Change) -> list[Verdict]:
    """A unified code that fails its own check."""
    code = change.data.get("uscc")
    judged = identify("uscc", code, change.day) if code else None
    if judged is None or judged.valid:
        return []
    return [unmet("uscc", CODES, f"统一社会信用代码“{code}”：{judged.reason}", "照统一社会信用代码证书重填")]


REGION = re.compile(r"\d{6}|\d{9}|\d{12}", re.ASCII)
"""A county's code of GB/T 2260, or a town's or village's below it."""
TELEPHONES = re.compile(r"(?=(?:\D*\d){5})[\d\s()（）+\-－—转、，,;；/]+")
"""One telephone number or several, extensions included: nothing but digits and what stands between them."""


def unreachable(change: Change) -> list[Verdict]:
    """Where the agency is and how it is called: both are held against certificates or printed for the party."""
    verdicts = []
    region = str(change.data.get("region") or "")
    if region and not REGION.fullmatch(region):
        fact = f"“{region}”不是县级或者乡级的行政区划代码"
        verdicts.append(unmet("region", REGIONS, fact, "填六位县级代码，如 370683；乡镇、街道填九位代码"))
    for name, label in (("phone", "电话"), ("complaint_phone", "投诉举报电话")):
        number = str(change.data.get(name) or "")
        if number and not TELEPHONES.fullmatch(number):
            fact = f"{label}“{number}”不是电话号码"
            verdicts.append(
                unmet(name, SEPARATION, fact, "填区号和号码，如 0535-2212345；几个号码之间用顿号隔开")
            )
    return verdicts


def taken(data: Mapping[str, Any], own: Agency | None) -> list[Verdict]:
    """Values that another agency has already; `own` is the agency that may keep its own."""
    unique = {"name": "机关名称", "short": "机关代字", "uscc": "统一社会信用代码"}
    others = Agency.objects.exclude(pk=own.pk) if own else Agency.objects.all()
    return [
        unmet(
            f"taken:{name}",
            SEPARATION,
            f"{label}“{data[name]}”已由其他机关使用",
            f"换一个{label}，或核对是否重复登记",
        )
        for name, label in unique.items()
        if data.get(name) and others.filter(**{name: data[name]}).exists()
    ]


def agency_now(agency: Agency, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the agency's papers print today."""
    return {name: getattr(agency, name) for name in (*NAMES, "active")}


@admin_act(
    "change-agency",
    "变更执法机关信息",
    (roles.SYSTEM_ADMIN,),
    (*PRINTED, asked("active", "机关在用", "bool", required=False)),
    SEPARATION,
    group="agency",
    help="文书、公示和救济告知上印的机关信息都取自这里，改动之后作出的文书才用新内容",
    checks=sound_agency,
    current=agency_now,
    secrecy="case",
)
def change_agency(change: Change) -> Agency:
    """Change what the agency's papers print: address, phones, account, remedies."""
    # The agency is saved with its new number: the database takes a change only together with that.
    for name, value in change.data.items():
        setattr(change.agency, name, "" if value is None else value)
    return change.agency


def sound_newcomer(change: Change) -> list[Verdict]:
    """As for a change, but no agency has these names yet."""
    return [*taken(change.data, None), *bad_code(change), *unreachable(change)]


@admin_act(
    "register-agency",
    "登记下级机关",
    (roles.SYSTEM_ADMIN,),
    (
        *PRINTED,
        asked(
            "is_supervisor",
            "是行政执法监督机关（司法局）",
            "bool",
            required=False,
            help="监督机关看得到本级政府所属各机关的案件",
        ),
    ),
    SEPARATION,
    group="agency",
    help="登记在当前机关之下。部门和乡镇登记在人民政府之下，派出机构不单独登记",
    checks=sound_newcomer,
    secrecy="case",
)
def register_agency(change: Change) -> Agency:
    """A new agency below this one; its own chain begins with the same act."""
    values = {name: value for name, value in change.data.items() if value is not None}
    role = roles.SYSTEM_ADMIN if change.by else "operator"
    return create_agency({**values, "parent": change.agency}, by=change.by, now=change.now, role=role)


UNIT = (
    asked("name", "名称", longest=120),
    asked("kind", "类型", "choice", options=dict(Unit.Kind.choices), default="office"),
    asked("is_enforcement", "是执法机构", "bool", required=False, help="执法大队、执法所等直接办案的机构"),
    asked("is_legal_organ", "是法制机构", "bool", required=False, help="负责法制审核的机构"),
    asked("parent", "上级机构", "unit", required=False),
)


def sound_unit(change: Change) -> list[Verdict]:
    """Two units of one agency with one name could not be told apart; no unit stands above itself."""
    own, verdicts = change.found.get("unit"), []
    others = Unit.objects.filter(agency=change.agency, name=change.data.get("name") or "")
    if (others.exclude(pk=own.pk) if own else others).exists():
        fact = f"本机关已有“{change.data['name']}”"
        verdicts.append(unmet("taken:name", SEPARATION, fact, "换一个名称，或变更已有的机构"))
    if own and change.data.get("parent") == str(own.pk):
        verdicts.append(unmet("parent", SEPARATION, f"“{own.name}”不能是自己的上级", "改选别的上级机构"))
    return verdicts


@admin_act(
    "add-unit",
    "设立内设机构",
    (roles.SYSTEM_ADMIN,),
    UNIT,
    SEPARATION,
    group="agency",
    checks=sound_unit,
    secrecy="case",
)
def add_unit(change: Change) -> Unit:
    """A unit of the agency."""
    data = change.data
    keys = ("name", "kind", "is_legal_organ", "is_enforcement")
    return Unit.objects.create(
        agency=change.agency,
        n=change.n,
        parent_id=data.get("parent"),
        **{k: data[k] for k in keys if k in data},
    )


def unit_now(agency: Agency, found: Mapping[str, Any]) -> dict[str, Any]:
    """A unit as it stands."""
    row = found["unit"]
    plain = {name: getattr(row, name) for name in ("name", "kind", "is_enforcement", "is_legal_organ")}
    return {**plain, "parent": str(row.parent_id) if row.parent_id else None}


@admin_act(
    "change-unit",
    "变更内设机构",
    (roles.SYSTEM_ADMIN,),
    (asked("unit", "机构", "unit"), *UNIT),
    SEPARATION,
    group="agency",
    checks=sound_unit,
    current=unit_now,
    target="unit",
    secrecy="case",
)
def change_unit(change: Change) -> Unit:
    """Another name, kind or place of a unit."""
    row: Unit = change.found["unit"]
    values = {("parent_id" if k == "parent" else k): v for k, v in change.data.items() if k != "unit"}
    Unit.objects.filter(pk=row.pk).update(**values, n=change.n)
    row.refresh_from_db()
    return row


def one_body(change: Change) -> list[Verdict]:
    """Entrusted is either another organisation or a unit, for a time that does not end before it begins."""
    given = [name for name in ("body", "unit") if change.data.get(name)]
    verdicts = backwards(change, ENTRUSTING, "委托")
    if len(given) != 1:
        fact = "没有写明受委托的组织" if not given else "受委托组织和受委托机构只能写一个"
        verdicts.append(unmet("one-body", ENTRUSTING, fact, "在“受委托组织”和“受委托机构”中选填一项"))
    return verdicts


@admin_act(
    "entrust",
    "登记委托执法",
    (roles.AGENCY_HEAD, roles.SYSTEM_ADMIN),
    (
        asked("agreement_number", "委托协议编号", longest=120),
        asked("body", "受委托组织", "agency", required=False),
        asked("unit", "受委托机构", "unit", required=False),
        asked("items", "委托事项", "multi", required=False, help="几项之间用顿号隔开"),
        asked("valid_from", "委托起", "date"),
        asked("valid_until", "委托止", "date", required=False),
    ),
    ENTRUSTING,
    group="agency",
    checks=one_body,
    secrecy="case",
)
def entrust(change: Change) -> Entrustment:
    """A written entrustment with items and a time."""
    data = change.data
    return Entrustment.objects.create(
        agency=change.agency,
        body_id=data.get("body"),
        unit_id=data.get("unit"),
        agreement_number=data["agreement_number"],
        items=list(data.get("items") or []),
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )


def granting_ends_later(change: Change) -> list[Verdict]:
    """The period in its order."""
    return backwards(change, GRANTING, "赋权")


@admin_act(
    "grant-item",
    "登记赋权事项",
    (roles.SYSTEM_ADMIN,),
    (
        asked("item_code", "事项编码", longest=60),
        asked("label", "事项名称", longest=200),
        asked("basis", "赋权依据", longest=200, help="省、自治区、直辖市决定的名称和文号"),
        asked("valid_from", "赋权起", "date"),
        asked("valid_until", "赋权止", "date", required=False),
    ),
    GRANTING,
    group="agency",
    help="省、自治区、直辖市交由乡镇、街道行使的处罚权",
    checks=granting_ends_later,
    secrecy="case",
)
def grant_item(change: Change) -> GrantedItem:
    """An item that the province gave to a town."""
    data = change.data
    return GrantedItem.objects.create(
        agency=change.agency,
        item_code=data["item_code"],
        label=data["label"],
        basis=data["basis"],
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )
