"""Who enforces: agencies, what they must tell, and their officers."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.search import asking
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.blocks import PackError
from sanxiang.law.conditions.people import NOT_EXAMINED, accepted_by, card_flaw
from sanxiang.law.facts import Certificate as CertificateValue
from sanxiang.law.packs import load_pack
from sanxiang.people import roles
from sanxiang.people.authority import OfficerFact, officers_on
from sanxiang.people.models import Agency, Certificate, Post, in_force
from sanxiang.square import before
from sanxiang.square.page import address, beyond, page, page_number, pager, public

PER_PAGE = 50
COLUMNS = [{"label": name} for name in ("姓名", "证件编号", "有效期", "今日")]

NOWHERE = [("", "")]
"""Whoever holds no post: the certificate itself is judged, and the page says that its holder has left."""

NOBODY = {
    "title": "没有查到执法人员",
    "text": "请核对姓名或者证件编号；仍查不到的，可以向该机关的投诉举报电话查询。",
}


@public
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies with what they have published."""
    shown = list(Agency.objects.filter(active=True).order_by("name"))
    numbers = asking.numbers_by("agency")
    table = {
        "caption": "行政执法主体", "total": f"{len(shown):,}",
        "columns": [{"label": "名称"}, {"label": "性质"}, {"label": "投诉举报电话"}, {"label": "已公示的决定", "num": True}],
        "rows": [{"cells": _agency_cells(agency, numbers.get(agency.pk, 0))} for agency in shown],
        "empty": {"title": "还没有登记执法主体"},
    }  # fmt: skip
    return page(request, "square/agencies.html", {"section": "agencies", "table": table})


def _agency_cells(agency: Agency, number: int) -> list[dict[str, Any]]:
    count = (
        {"text": f"{number:,}", "href": address(reverse("decisions"), {"agency": str(agency.pk)})}
        if number
        else {"text": "0"}
    )
    name = {"text": agency.name, "href": reverse("agency", args=[agency.pk])}
    return [name, {"text": agency.get_kind_display()}, {"text": agency.complaint_phone or "—"}, count]


@public
def agency(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One agency: what it must tell before it enforces, by which procedures it works, and its officers."""
    organ = get_object_or_404(Agency, pk=identity, active=True)
    today = timezone.localdate()
    officers = list(roster(today).filter(_at(organ, today)))
    number = asking.count(asking.Query(agency=organ.pk))
    procedures = procedures_of(organ.locality)
    people = {row.person_id for row in officers}
    told = before.before(organ, today, len(people), len(procedures))
    context = {
        "section": "agencies", "agency": organ, "rows": before.subject_of(told), "procedures": procedures,
        "catalogue": before.catalogue_of(told), "source": before.source_of(told),
        "scheme": before.scheme_of(told), "registers": before.other_registers(told),
        "entrustments": before.entrustments_table(told), "granted": before.granted_table(told),
        "table": _officers(officers, units_of(organ, today), today, "执法人员", f"{len(officers):,}"),
        "number": f"{number:,}" if number else "", "decisions_href": address(reverse("decisions"), {"agency": str(organ.pk)}),
    }  # fmt: skip
    return page(request, "square/agency.html", context)


def procedures_of(locality: str) -> list[dict[str, str]]:
    """The procedures of a locality's pack, with the address of each flowchart."""
    try:
        pack = load_pack(locality)
    except PackError:
        return []
    return [
        {"label": rule.label, "text": rule.help, "href": reverse("procedure", args=[locality, rule.id])}
        for rule in pack.procedures.values()
    ]


def roster(today: date) -> Any:
    """Certificates of people who hold a post today; a revoked one is no longer of the roster."""
    posts = Post.objects.filter(in_force(today), person=OuterRef("person"), role__in=roles.CASE_ROLES)
    here = Certificate.objects.filter(Exists(posts), person__active=True)
    kept = here.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=today))
    return kept.select_related("person").order_by("person__name", "number", "pk")


def _at(organ: Agency, today: date) -> Exists:
    """Held by somebody with a post in this agency."""
    return Exists(
        Post.objects.filter(
            in_force(today), person=OuterRef("person"), agency=organ, role__in=roles.CASE_ROLES
        )
    )


def units_of(organ: Agency, today: date) -> dict[UUID, list[str]]:
    """Names of the units of the agency in which its people hold a post today."""
    posts = Post.objects.filter(in_force(today), agency=organ, unit__isnull=False, role__in=roles.CASE_ROLES)
    return _grouped(posts.values_list("person", "unit__name").order_by("unit__name").distinct())


@public
def officers(request: HttpRequest) -> HttpResponse:
    """The roster of all agencies, by name or number, page by page."""
    number, asked = page_number(request.GET.get("page", "")), request.GET.get("q", "").strip()[:100]
    if number is None:
        raise Http404
    today = timezone.localdate()
    found = roster(today)
    if asked:
        found = found.filter(Q(person__name__contains=asked) | Q(number__icontains=folded(asked)))
    total = found.count()
    shown = list(found[(number - 1) * PER_PAGE : number * PER_PAGE])
    table = _officers(
        shown, organs_of({row.person_id for row in shown}, today), today, "执法人员名录", f"{total:,}"
    )
    if total > PER_PAGE:
        table["pager"] = pager(reverse("officers"), {"q": asked}, number, PER_PAGE, total, len(shown))
    table["empty"] = beyond(reverse("officers"), {"q": asked}, number, PER_PAGE, total) or table["empty"]
    form = {
        "q": asked,
        "action": reverse("officers"),
        "label": "查询执法人员",
        "hint": "可查姓名或者证件编号",
    }
    return page(request, "square/officers.html", {"section": "officers", "table": table, "search": form})


def organs_of(people: Iterable[UUID], today: date) -> dict[UUID, list[str]]:
    """Names of the agencies in which these people hold a post today."""
    posts = Post.objects.filter(in_force(today), person__in=people, role__in=roles.CASE_ROLES)
    return _grouped(posts.values_list("person", "agency__name").order_by("agency__name").distinct())


def _grouped(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for person, name in pairs:
        found.setdefault(person, []).append(name)
    return found


def _officers(
    shown: list[Certificate], organs: dict[UUID, list[str]], today: date, caption: str, total: str
) -> dict[str, Any]:
    """The roster as a table; `organs` are the agencies to name, by person."""
    flaws = flaws_of(shown, today)
    rows = [{"cells": _officer_cells(row, organs.get(row.person_id, []), flaws[row.pk])} for row in shown]
    return {"caption": caption, "total": total, "columns": COLUMNS, "rows": rows, "empty": NOBODY}


def _officer_cells(row: Certificate, organs: list[str], flaw: str) -> list[dict[str, Any]]:
    badge = {"tone": "red", "label": "无效"} if flaw else {"tone": "green", "label": "有效"}
    return [
        {"text": row.person.name, "strong": True, "sub": "、".join(organs)},
        {"text": row.number, "href": address(reverse("verify"), {"number": row.number}), "sub": row.kind},
        {"text": f"{cn_date(row.valid_from)}至{cn_date(row.valid_until)}"},
        {"text": "", "badge": badge, "sub": flaw},
    ]


def flaws_of(rows: Iterable[Certificate], today: date) -> dict[UUID, str]:
    """Why nobody may enforce with these certificates today, in the words that a refusal at the door has; empty where one may.

    The people are asked for as the door asks for them, so that the portal vouches for nobody whom the door turns away.
    Somebody who works in several agencies is vouched for when one of them accepts the certificate. Three queries.
    """
    rows = list(rows)
    people = {row.person_id for row in rows}
    officers = {one.id: one for one in officers_on(people, today)} if rows else {}
    places = places_of(people, today) if rows else {}
    return {
        row.pk: _flaw(row, officers[str(row.person_id)], places.get(row.person_id, NOWHERE), today)
        for row in rows
    }


def places_of(people: Iterable[UUID], today: date) -> dict[UUID, list[tuple[str, str]]]:
    """Region and locality of the agencies in which these people hold a post today."""
    posts = Post.objects.filter(in_force(today), person__in=people, role__in=roles.CASE_ROLES)
    found: dict[UUID, list[tuple[str, str]]] = {}
    columns = ("person", "agency__region", "agency__locality")
    for person, region, locality in posts.values_list(*columns).order_by(*columns).distinct():
        found.setdefault(person, []).append((region, locality))
    return found


def _flaw(row: Certificate, officer: OfficerFact, places: list[tuple[str, str]], today: date) -> str:
    same = (fact for fact in officer.certificates if (fact.kind, fact.number) == (row.kind, row.number))
    for fact in same:
        value = CertificateValue(
            number=fact.number, kind=fact.kind, categories=fact.categories, area=fact.area,
            valid_from=fact.valid_from, valid_until=fact.valid_until, inspected_until=fact.inspected_until,
            suspended=fact.suspended, revoked=fact.revoked,
        )  # fmt: skip
        flaws = [card_flaw(value, today, accepted_in(locality), region) for region, locality in places]
        if "" not in flaws:
            return flaws[0]
    return "" if officer.exam_passed else NOT_EXAMINED


def accepted_in(locality: str) -> Mapping[str, Any]:
    """Which kinds of certificate a locality's scheme accepts; nothing is asked of the kind where its pack cannot be read."""
    try:
        return accepted_by(load_pack(locality))
    except PackError:
        return {}


def folded(number: str) -> str:
    """A certificate number as registers write it: half width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", number).split())
