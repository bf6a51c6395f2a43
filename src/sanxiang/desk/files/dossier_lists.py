"""Lists over files: everything about one party together 一企一档."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.desk.case_parts import stage_label
from sanxiang.desk.papers import sight_of
from sanxiang.desk.who import Visitor, case_for, cases_of, page, visitor_of
from sanxiang.door import casefile, gather
from sanxiang.door.reasons import is_outside

MOST_CASES = 100
MEDIA = ("audio", "video", "image")


RESPONDENT = "respondent"
"""In the address: the party's file of the respondent."""


@require_GET
def party(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every case against the party of this one that the visitor may see, with its papers, recordings and other evidence."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    one = side_of(case, request.GET.get("side", ""))
    rows = list(same_party(visitor, case, one)[:MOST_CASES])
    context = {
        "case": case,
        "party": one.name,
        "other": "" if one.side else case.respondent,
        "by_code": bool(one.key),
        "files": [held_in(visitor, one) for one in rows],
        "total": len(rows),
    }
    return page(request, visitor, "desk/party.html", context, section="cases")


@dataclass(frozen=True)
class Side:
    """Whose cases are looked for: the party of the case, or whom its dispute is with."""

    side: str
    name: str | None
    key: str | None


def side_of(case: Case, asked: str) -> Side:
    """The side that the address names; the party where there is no other."""
    if asked == RESPONDENT and case.respondent:
        return Side(asked, case.respondent, case.respondent_key)
    return Side("", case.party, case.party_key)


def same_party(visitor: Visitor, case: Case, one: Side) -> QuerySet[Case]:
    """Matched by its code on either side; without one, by its name in the same agency."""
    named = Q(party=one.name) | Q(respondent=one.name)
    same = Q(party_key=one.key) | Q(respondent_key=one.key) if one.key else named & Q(agency=case.agency_id)
    found: QuerySet[Case] = cases_of(visitor).filter(same | Q(pk=case.pk)).select_related("agency", "unit")
    return found.order_by("-opened_at", "pk")


def opened_at(row: Evidence, here: str, outside: bool) -> str:
    """Where a piece of evidence is opened: the file itself by the agency's own people; who looks in from above sees it on line."""
    at, kind = f"{here}/evidence/{row.pk}/", row.mime.partition("/")[0]
    if not outside:
        return at
    if kind in ("audio", "video"):
        return f"{at}play/"
    return f"{at}look/" if kind == "image" or row.mime == "application/pdf" else ""


def held_in(visitor: Visitor, case: Case) -> dict[str, Any]:
    """One case of the party: texts, recordings and pictures, other evidence; what these eyes may not see has no name."""
    pack = gather.pack_of(case)
    hidden = casefile.hidden_from(case, pack, sight_of(visitor, case))
    here = f"/desk/cases/{case.pk}"
    papers = [
        {"text": f"{row.label}{row.number}", "href": f"{here}/papers/{row.pk}/"}
        for row in Paper.objects.filter(case=case).defer("content").order_by("n", "label")
        if f"paper:{row.pk}" not in hidden
    ]
    media: list[dict[str, str]] = []
    others: list[dict[str, str]] = []
    for row in Evidence.objects.filter(case=case).order_by("n", "title"):
        secret = f"evidence:{row.pk}" in hidden
        told = (
            {"text": "名称已按规定隐去"}
            if secret
            else {"text": row.title, "href": opened_at(row, here, is_outside(case, visitor.posts))}
        )
        (media if row.mime.partition("/")[0] in MEDIA else others).append(told)
    return {
        "case": case,
        "stage": stage_label(case, pack),
        "procedure": pack.procedures[case.procedure].label,
        "groups": [
            {"label": label, "rows": rows}
            for label, rows in (("文字", papers), ("音像", media), ("其他证据", others))
            if rows
        ],
        "withheld": sum(ref.startswith("paper:") for ref in hidden),
    }
