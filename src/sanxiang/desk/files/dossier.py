"""案卷: what a file lacks, both parts page by page, and each part as one PDF; bound, or as it would be bound today."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from sanxiang.cases.dossier.plan import Plan
from sanxiang.cases.dossier.volume import Unbound
from sanxiang.cases.models import Case
from sanxiang.cases.papers.watermark import mark_pdf, numbered
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.papers import guarded, sight_of
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.door import casefile, gather
from sanxiang.door.files import binding
from sanxiang.door.reading import QUEUED
from sanxiang.law.casefile import PARTS, RETENTIONS, kept_under, pages_of, total
from sanxiang.law.file_check import lacking
from sanxiang.law.packs import Pack
from sanxiang.speech import cn_day

LARGEST_MARKED = 80 << 20
"""Bytes. A larger volume bears the number of the look in its name alone: the mark is written with the whole file in memory."""
COLUMNS = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")


def context_of(case: Case, pack: Pack) -> dict[str, Any]:
    """The parts of the page that speak of the file itself. Four queries, none for a file that is bound."""
    rows = casefile.bound_rows(case, pack)
    return {
        "lacks": [] if case.stage == "archived" else lacking(pack, case.state),
        "parts": [part_of(case, part, rows[part]) for part in PARTS if rows[part]],
        "kept": kept_of(case),
        "bound": "file" in case.state,
        "under": kept_under(pack),
    }


def part_of(case: Case, part: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One part with its catalogue."""
    lines, group = [], ""
    for number, row in enumerate(rows, 1):
        sub = str(row["group"]) if row["group"] != group else ""
        group = str(row["group"])
        cells = [str(number), row["number"], row["maker"] or case.agency.name, row["title"]]
        told = [*cells, str(row["on"]).replace("-", ""), row["pages"], row["note"]]
        lines.append({"cells": [{"text": text} for text in told]})
        lines[-1]["cells"][3]["sub"] = sub
    return {
        "id": part,
        "label": PARTS[part],
        "count": len(rows),
        "pages": total(rows),
        "href": f"/desk/cases/{case.id}/file/{part}.pdf",
        "table": {
            "caption": f"{PARTS[part]}目录，共{len(rows)}件{total(rows)}页",
            "columns": [{"label": label, "num": label in ("顺序号", "页号")} for label in COLUMNS],
            "rows": lines,
        },
    }


def kept_of(case: Case) -> list[dict[str, str]]:
    """Number, retention, how late, hold, hand-overs, what lies elsewhere: what the acts have left of it."""
    state, facts = case.state, case.state["facts"]
    custody, found = state.get("custody") or {}, []
    if facts.get("archive_no"):
        found.append({"label": "归档号", "value": str(facts["archive_no"])})
    if facts.get("retention"):
        found.append({"label": "保管期限", "value": RETENTIONS.get(facts["retention"], facts["retention"])})
    late = (state.get("file") or {}).get("late") or {}
    if late:
        text = f"逾期{late['days']}天归档（应于{cn_day(late['due'])}前归档）"
        found.append({"label": "归档时限", "value": text})
    if hold := custody.get("hold"):
        found.append({"label": "冻结", "value": f"{cn_day(hold['on'])}起，{hold['reason']}"})
    for row in custody.get("handed", ()):
        found.append({"label": "移交", "value": f"{cn_day(row['on'])}移交{row['receiver']}"})
    for row in custody.get("supplements", ()):
        text = (
            f"{cn_day(row['on'])}补充《{row['title']}》{row['count']}页，页号{pages_of(row)}：{row['reason']}"
        )
        found.append({"label": "补充归档", "value": text})
    for row in state.get("elsewhere", ()):
        text = f"登记号{row['register_no']}，{row['pieces']}件，不在本系统内"
        found.append({"label": "另存的秘密载体", "value": text})
    return found


@require_safe
def volume(request: HttpRequest, case_id: UUID, part: str) -> HttpResponseBase:
    """One part as one PDF/A; where it is long it is made beside the web, and the answer is to come back."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    if part not in PARTS:
        raise Http404("案卷分为正卷和副卷")
    pack = gather.pack_of(case)
    rows = casefile.bound_rows(case, pack)[part]
    if not rows:
        raise Http404(f"本案还没有{PARTS[part]}材料")
    plan = casefile.plan_of(case, part, rows, casefile.hidden_from(case, pack, sight_of(visitor, case)))
    visitor.reading.of(case.pk, plan.key)
    try:
        made = binding.volume(plan)
    except Unbound as reason:
        return page(request, visitor, "desk/volume.html", {"case": case, "wrong": str(reason)}, status=503)
    if made is None:
        visitor.reading.kind = QUEUED
        told = {"case": case, "part": PARTS[part], "pages": plan.pages}
        return page(request, visitor, "desk/volume.html", told, status=202)
    return handed_out(visitor, case, part, plan, made)


def handed_out(visitor: Visitor, case: Case, part: str, plan: Plan, made: Path) -> HttpResponseBase:
    """The file with its mark."""
    name = numbered(f"{PARTS[part]}-{case.number or case.code}.pdf", visitor.reading.mark)
    if made.stat().st_size > LARGEST_MARKED:
        return guarded(FileResponse(made.open("rb"), content_type="application/pdf"), name)
    marked = mark_pdf(made.read_bytes(), visitor.reading.mark)
    return guarded(HttpResponse(marked, content_type="application/pdf"), name)


def lacks_line(case: Case, pack: Pack) -> Mapping[str, Any]:
    """For the case page: how much the file lacks, once the case is decided. No query."""
    state = case.state
    if case.stage == "archived" or not (state["closed"] or state["facts"].get("decided")):
        return {}
    found = lacking(pack, state)
    return {"count": len(found), "first": found[0].what if found else "", "on": cn_date(case.decided_on)}
