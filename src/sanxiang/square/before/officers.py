"""The roster of officers, made from certificates, and the page that the code on an officer's card leads to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.people.models import Certificate
from sanxiang.registers.before.roster import LABELS, Line, areas, columns_in, pack_in, roster, row_of
from sanxiang.registers.before.vetted import public_roster
from sanxiang.speech import cn_day
from sanxiang.square.before.standing import flaws_of, folded, organs_of
from sanxiang.square.page import beyond, page, page_number, pager, public

PER_PAGE = 50
NUMBER = "证件编号"
NOBODY = {
    "title": "没有查到执法人员",
    "text": "今日持有有效执法证件、在岗的人员才列在这里。请核对姓名或者证件编号；证件是否有效，可以在“核验”页查询。",
}


@public
def officers(request: HttpRequest) -> HttpResponse:
    """The roster of all agencies, by name or number, page by page."""
    number, asked = page_number(request.GET.get("page", "")), request.GET.get("q", "").strip()[:100]
    if number is None:
        raise Http404
    found = [line for line in public_roster(timezone.localdate()) if meant(line, asked)]
    total, here = len(found), reverse("officers")
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    table = roster_table(shown, areas(), "执法人员名录", total)
    if total > PER_PAGE:
        table["pager"] = pager(here, {"q": asked}, number, PER_PAGE, total, len(shown))
    table["empty"] = beyond(here, {"q": asked}, number, PER_PAGE, total) or table["empty"]
    form = {"q": asked, "action": here, "label": "查询执法人员", "hint": "可查姓名或者证件编号"}
    return page(request, "square/officers.html", {"section": "officers", "table": table, "search": form})


def meant(line: Line, asked: str) -> bool:
    """Is this whom somebody looks for?"""
    return not asked or asked in line.name or folded(asked).lower() in line.number.lower()


def roster_table(
    lines: Sequence[Line], named: Mapping[str, str], caption: str, total: int | None = None
) -> dict[str, Any]:
    """The roster under the columns of the schemes of those who are shown."""
    packs = {line.agency.locality: pack_in(line.agency.locality) for line in lines}
    names = list(dict.fromkeys(name for pack in packs.values() for name in columns_in(pack)))
    rows = [
        {"cells": cells_of(line, row_of(line, packs[line.agency.locality], named), names)} for line in lines
    ]
    return {
        "caption": caption,
        "total": f"{len(lines) if total is None else total:,}",
        "columns": [{"label": name} for name in names],
        "rows": rows,
        "empty": NOBODY,
    }


def cells_of(line: Line, row: Mapping[str, str], names: Sequence[str]) -> list[dict[str, Any]]:
    """One officer; the number leads to the live page of the certificate."""
    cells: list[dict[str, Any]] = [{"text": row.get(name, "")} for name in names]
    for name, cell in zip(names, cells, strict=True):
        if name == NUMBER:
            cell["href"] = reverse("verify-certificate", args=[line.certificate])
        if name == "单位" and line.units:
            cell["sub"] = "、".join(line.units)
    return cells


@public
def certificate(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One certificate as it stands at this moment: what the code on an officer's card leads to."""
    row = get_object_or_404(Certificate.objects.select_related("person"), pk=identity)
    today = timezone.localdate()
    organs = organs_of({row.person_id}, today).get(row.person_id, [])
    flaw = flaws_of([row], today)[row.pk] or (
        "" if organs and row.person.active else "持证人现在不在执法岗位上"
    )
    lines = [line for line in roster(today) if line.certificate == row.pk]
    context = {
        "section": "verify", "name": row.person.name, "number": row.number, "today": today, "flaw": flaw,
        "rows": facts_of(row, organs, lines), "agencies": [line.agency for line in lines],
    }  # fmt: skip
    return page(request, "square/certificate.html", context)


def facts_of(row: Certificate, organs: Sequence[str], lines: Sequence[Line]) -> list[dict[str, str]]:
    """What the certificate says, in words; of one that is not valid only what tells whose it is."""
    named = areas()
    told = {
        "姓名": row.person.name,
        "执法机关": "、".join(organs),
        "职务": next((line.title for line in lines if line.title), ""),
        "证件名称": row.kind,
        "证件编号": row.number,
        "执法类别": "、".join(LABELS.get(str(code), str(code)) for code in row.categories) if lines else "",
        "执法区域": "、".join(named.get(str(code), str(code)) for code in row.area) if lines else "",
        "有效期": f"{cn_day(row.valid_from)}至{cn_day(row.valid_until)}",
        "年度审验有效至": cn_day(row.inspected_until) if row.inspected_until else "",
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]
