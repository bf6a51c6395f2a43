"""A published decision as plain values: the one shape that the open data, the portal's JSON, the API's twin and the command give."""

import re
from typing import Any

from django.db.models import Q
from django.utils import timezone

from sanxiang.cases.models import Publication
from sanxiang.law.redact import redact

ACT_TYPES = {
    "licence": "行政许可",
    "penalty": "行政处罚",
    "coercion": "行政强制",
    "levy": "行政征收",
    "fee": "行政收费",
    "inspection": "行政检查",
    "confirmation": "行政确认",
    "adjudication": "行政裁决",
    "requisition": "行政征用",
}
"""The nine kinds of acts by canonical code. A locality's own name for one stands in its pack."""


def standing() -> Q:
    """What the public may read today: published, and its last day not over, whether or not the clock came round to take it down."""
    return Q(status="published") & (Q(display_until=None) | Q(display_until__gte=timezone.localdate()))


def stands(row: Publication) -> bool:
    """The same of a row that was read."""
    return row.status == "published" and (
        row.display_until is None or row.display_until >= timezone.localdate()
    )


def shown() -> Q:
    """What stands on the portal, and what was withdrawn from it: a text withdrawn while it waited to be confirmed never stood there."""
    return standing() | Q(status="withdrawn", published_on__isnull=False)


PARTY_TYPES = {"citizen": "自然人", "individual-business": "个体工商户", "org": "法人或者其他组织"}

ORIGINS = {
    "case": "本平台办理",
    "taken-over": "接管旧系统案件，决定由旧系统作出",
    "import": "历史导入",
    "pushed": "由办案系统推送",
}
"""Where a publication comes from, as people read it."""

PUSHED = "pushed"
"""The flag of what a case system handed in: new, public here first, and nothing of the past."""


def origin_of(row: Publication) -> str:
    """Where it comes from: what a case system pushes is kept beside the imported rows and is none of them."""
    return PUSHED if PUSHED in row.flags else row.origin


MARKS = {"taken-over": "接管旧系统案件", "import": "历史导入"}
"""The same where a badge has room for it; what was decided here bears none."""

COLUMNS = {
    "id": "公示编号",
    "number": "文号",
    "title": "标题",
    "act_type": "行为种类",
    "party": "当事人",
    "party_type": "当事人类型",
    "party_code": "统一社会信用代码",
    "address": "地址",
    "facts": "事实",
    "basis": "依据",
    "result": "结果",
    "authority": "作出机关",
    "agency": "公示机关",
    "decided_on": "决定日期",
    "published_on": "公示日期",
    "source_published_on": "来源公示日期",
    "origin": "来源",
    "external_id": "来源编号",
    "flags": "说明",
    "act": "账本编号",
    "leaf_hash": "校验值",
}
"""Every field with the heading it has in a table, in this order."""

TEXTS = (
    "number",
    "title",
    "act_type",
    "party",
    "party_type",
    "party_code",
    "address",
    "facts",
    "basis",
    "result",
)


LONG = re.compile(r"\d{11}")
"""Signs and fewer figures than a telephone has are no person's."""
NUMBERED = re.compile(r"[一-龥]{1,12}[罚字决许强征检告通令案][〔\[（(]\d{4}[〕\]）)]第?\d{1,6}号")
"""The number of a paper, as organs write it: nothing to look through, in a hundred thousand rows."""
HAN_RUN = re.compile(r"[一-龥·]{2,8}")
"""A name in a number stands between other signs, where no sentence tells that it is one: it is read by itself as well."""


def source_number(text: str | None) -> str | None:
    """来源编号 as anybody may read it: some systems number their records by the party's name or identity number."""
    if not text or (text.isascii() and not LONG.search(text)) or NUMBERED.fullmatch(text):
        return text
    return HAN_RUN.sub(lambda run: redact(run[0]).text, redact(text).text)


def record(row: Publication) -> dict[str, Any]:
    """Values for JSON: days as ISO text or null, `flags` a list of codes, `origin` one of ORIGINS."""
    days = {
        name: day.isoformat() if (day := getattr(row, name)) else None
        for name in ("decided_on", "published_on", "source_published_on")
    }
    values = {
        "id": str(row.pk),
        **{name: getattr(row, name) for name in TEXTS},
        "authority": row.authority,
        "agency": row.agency.name,
        **days,
        "origin": origin_of(row),
        "external_id": source_number(row.external_id),
        "flags": list(row.flags),
        "act": str(row.act) if row.act else None,
        "leaf_hash": row.leaf_hash,
    }
    return {name: values[name] for name in COLUMNS}
