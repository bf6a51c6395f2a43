"""Is this officer's certificate in force, is this decision on record? Answers for whoever stands before an officer or holds a paper."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.disclosure.published import shown
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.cases.search.folding import TooMuch, number_forms, number_key
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.ledger.models import Act, Entry
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Certificate
from sanxiang.square import showing
from sanxiang.square.act_names import names
from sanxiang.square.before.standing import flaws_of, folded, organs_of
from sanxiang.square.log_acts import OPEN, TELLING, links_of
from sanxiang.square.offline import trust
from sanxiang.square.page import FRESH, page, public
from sanxiang.square.paper_check import paper_found, paper_of_file

ASKED = ("number", "record", "paper", "digest", "act")
LONGEST = 200
MOST = 10
HASH = re.compile(r"[0-9a-f]{64}")
CANDIDATES = 12
"""A file and what it may have been before something was added to it."""

FIELD = {
    "kind": "text",
    "name": "number",
    "label": "行政执法证件编号",
    "required": True,
    "hint": "证件上印的编号，不分全角半角、大写小写",
}
RECORD = {
    "kind": "text",
    "name": "record",
    "label": "决定书文号、账本编号或者校验值",
    "required": True,
    "hint": "文号连同机关代字写全，括号样式不论，末尾写成“2026-3”“2026年第3号”也可以；账本编号和校验值印在决定的公示页面上",
}


DIGEST_FIELD = {
    "kind": "text",
    "name": "digest",
    "label": "文书 PDF 文件的校验值（SHA-256）",
    "required": True,
    "hint": "64 位十六进制数字。Windows 用 certutil -hashfile 文件名 SHA256，其他系统用 sha256sum 文件名 算出",
}


@public
def verify(request: HttpRequest) -> HttpResponse:
    """All questions on one page; each address asks one."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ASKED}
    number, record, paper, digest, given = asked.values()
    act = uuid_of(given)
    record = record or ("" if act else given)  # an act's address that was cut off is answered like any number
    context = {
        "given": links_of(act) if act else {},
        "paper": paper or digest, "paper_found": paper_found(paper) if paper else paper_of_file(digest),
        "digest": digest, "digest_field": {**DIGEST_FIELD, "value": digest}, "trust": trust(), "names": names(),
        "papers_href": reverse("verify-papers"),
        "section": "verify", "asked": number, "today": timezone.localdate(), "found": standings(number),
        "field": {**FIELD, "value": number}, "record": record, "on_record": on_record(record), "record_field": {**RECORD, "value": record},
    }  # fmt: skip
    return page(request, "square/verify.html", context)


@public
def papers(request: HttpRequest) -> HttpResponse:
    """For the script of the page: which of these digests is that of a paper, and does that paper stand? {} where none is."""
    for digest in request.GET.getlist("digest")[:CANDIDATES]:
        if found := paper_of_file(digest):
            break
    else:
        digest, found = "", None
    response = JsonResponse({"digest": digest, "paper": found}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = FRESH
    return response


# Officers.


def standings(asked: str) -> list[dict[str, Any]]:
    """Each certificate of that number: is it in force today, whose is it, and if it is not, why? Four queries."""
    if not asked:
        return []
    today = timezone.localdate()
    rows = Certificate.objects.filter(number__iexact=folded(asked)).select_related("person").order_by("kind")
    found = list(rows)
    organs = organs_of({row.person_id for row in found}, today) if found else {}
    flaws = flaws_of(found, today)
    return [standing(row, organs.get(row.person_id, []), flaws[row.pk]) for row in found]


def standing(row: Certificate, organs: list[str], flaw: str) -> dict[str, Any]:
    """The answer about one certificate."""
    flaw = flaw or ("" if organs and row.person.active else "持证人现在不在执法岗位上")
    rows = (
        ("姓名", row.person.name),
        ("执法机关", "、".join(organs)),
        ("证件名称", row.kind),
        ("证件编号", row.number),
        ("有效期", f"{cn_date(row.valid_from)}至{cn_date(row.valid_until)}"),
        ("年度审验有效至", cn_date(row.inspected_until)),
    )
    tone = {"tone": "red", "title": f"今日无效：{flaw}"} if flaw else {"tone": "green", "title": "今日有效"}
    return {
        "notice": tone,
        "number": row.number,
        "rows": [{"label": label, "value": value} for label, value in rows if value],
    }


# Decisions.


def on_record(asked: str) -> list[dict[str, Any]]:
    """What the ledger has of the decision with this number, act id or leaf hash. Three queries at most."""
    rows = [row for row in sought(asked) if row.status in OPEN][:MOST] if asked else []
    if not rows:
        return []
    places = dict(Entry.objects.filter(act__in=[row.act for row in rows]).values_list("act", "idx"))
    return [record_of(row, places.get(row.act) if row.act else None) for row in rows]


def sought(asked: str) -> Iterable[Publication]:
    """The publications that are meant; a withdrawn one has no number any more and is found by its act."""
    everything = (
        Publication.objects.filter(shown()).select_related("agency").defer("facts", "basis", "result")
    )
    if HASH.fullmatch(asked.lower()):
        return everything.filter(leaf_hash=asked.lower())[:MOST]
    if (identity := uuid_of(asked)) is not None:
        return everything.filter(pk__in=of_act(identity))
    return numbered(asked)


def numbered(asked: str) -> list[Publication]:
    """The publications of that number, whichever way it is written: 〔2026〕3号, 2026-3, 2026年第3号."""
    key = number_key(asked)
    for form in ("".join(asked.split()), *number_forms(asked)):
        try:
            hits = asking.find(asking.Query(q=form, limit=50)).rows
        except TooMuch:
            return []
        if same := [row for row in hits if number_key(row.number) == key]:
            return same
    return []


def of_act(identity: UUID) -> list[UUID]:
    """The publication that an act is about: of the case it was done on, or itself the act's subject."""
    act = Act.objects.filter(pk=identity, name__in=TELLING).values_list("kind", "subject").first()
    if act is None:
        return []
    kind, subject = act
    if kind == "case":
        return list(Publication.objects.filter(case=subject).values_list("pk", flat=True))
    return [subject]


def record_of(row: Publication, place: int | None) -> dict[str, Any]:
    """The answer about one decision."""
    gone = row.status == "withdrawn"
    told = (
        ("文号", row.number),
        ("名称", showing.short(row.title)),
        ("公示机关" if gone else "作出机关", row.agency.name if gone else showing.organ_of(row)),
        ("决定日期", "" if gone else cn_date(row.decided_on)),
        ("公示日期", cn_date(row.published_on)),
        ("撤回日期", cn_date(row.withdrawn_on) if gone else ""),
        ("撤回理由", row.withdrawal_reason if gone else ""),
        ("账本编号", str(row.act or "")),
        ("账本序号", "" if place is None else str(place)),
        ("校验值", row.leaf_hash),
    )
    notice = (
        {"tone": "red", "title": "账本上有记载，公示已经撤回"}
        if gone
        else {"tone": "green", "title": "账本上有这份决定，正在公示"}
    )
    link = {"href": reverse("decision", args=[row.pk]), "text": "查看撤回公告" if gone else "查看公示的内容"}
    rows = [{"label": label, "value": value} for label, value in told if value]
    return {"notice": notice, "rows": rows, "link": link}
