"""Plans, draws and results as anybody may read them, and the six files from which a draw can be made again."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.door.intake.inspected import ratings_of
from sanxiang.law.drawing import order
from sanxiang.people.models import Agency
from sanxiang.registers.inspection.drawn import TAKEN_BACK, Plan, Result, open_plans, plan_known
from sanxiang.square.log_acts import TEXT, download, links_of
from sanxiang.square.page import beyond, page, page_number, pager, public

PER_PAGE = 50
SCRIPTS = {"recompute.py": "text/x-python; charset=utf-8", "recompute.sh": TEXT}
FILES = {
    "commit.txt": "封存时公开的校验值",
    "objects.txt": "对象名单",
    "officers.txt": "人员名单",
    "barred.txt": "回避名单",
    "draw.txt": "公开的种子和公开值",
    "result.txt": "抽取结果",
}
TONES = {"没有批准": "grey", "已抽取": "green", TAKEN_BACK: "grey"}


@public
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan, the latest approved first."""
    number = page_number(request.GET.get("page", ""))
    if number is None:
        raise Http404
    names, path = dict(Agency.objects.values_list("pk", "name")), reverse("inspection")
    shown, total = open_plans((number - 1) * PER_PAGE, PER_PAGE)
    rated = ratings_table(names)
    table = {
        "caption": "双随机抽查计划",
        "columns": [{"label": x} for x in ("计划", "机关", "抽查事项", "期间", "进度", "已公开的结果")],
        "rows": [line_of(one, names) for one in shown],
        "total": total,
        "pager": pager(path, {}, number, PER_PAGE, total, len(shown)) if total > PER_PAGE else None,
        "empty": beyond(path, {}, number, PER_PAGE, total)
        or {"title": "还没有抽查计划", "text": "机关制定双随机抽查计划之后列在这里。"},
    }
    return page(request, "square/inspection.html", {"section": "inspection", "table": table, "rated": rated})


def ratings_table(names: dict[UUID, str]) -> dict[str, Any] | None:
    """What inspected enterprises thought, of each agency that enough of them rated. One query."""
    found = {key: one for key, one in ratings_of(names).items() if one.average}
    rows = [
        {"cells": [{"text": names[key]}, {"text": one.average}, {"text": str(one.total)}]}
        for key, one in sorted(found.items(), key=lambda pair: names[pair[0]])
    ]
    columns = [
        {"label": "机关"},
        {"label": "平均分（满分 5）", "num": True},
        {"label": "评价份数", "num": True},
    ]
    return {"caption": "被检查企业的评价", "columns": columns, "rows": rows} if rows else None


def line_of(one: Plan, names: dict[UUID, str]) -> dict[str, Any]:
    """One plan in the list; of one that was withdrawn who, when and why."""
    if one.withdrawn:
        return gone_line(one, names)
    told = f"{len(one.results)} / {len(one.pairs)}" if one.draw else "—"
    return {
        "cells": [
            {
                "text": str(one.told.get("name")),
                "href": reverse("inspection-plan", args=[one.id]),
                "sub": one.number,
            },
            {"text": names.get(one.agency, ""), "sub": joint_of(one)},
            {"text": "、".join(one.items)},
            {"text": f"{cn_date(one.told.get('begins'))}至{cn_date(one.told.get('ends'))}"},
            {"text": "", "badge": {"label": one.state, "tone": TONES.get(one.state, "blue")}},
            {"text": told},
        ]
    }


def gone_line(one: Plan, names: dict[UUID, str]) -> dict[str, Any]:
    """The notice in place of a plan."""
    told = f"{cn_date(one.withdrawn)}撤回：{one.reason}"
    link = {"text": "撤回的抽查计划", "href": reverse("inspection-plan", args=[one.id]), "sub": told}
    badge = {"label": one.state, "tone": TONES[one.state]}
    none = {"text": "—"}
    return {
        "cells": [link, {"text": names.get(one.agency, "")}, none, none, {"text": "", "badge": badge}, none]
    }


def joint_of(one: Plan) -> str:
    """With whom it is done jointly."""
    names = "、".join(str(name) for name in one.told.get("joint") or ())
    return f"联合：{names}" if names else ""


def plan_of(identity: UUID) -> Plan:
    """The plan of that id. Raises Http404."""
    found = plan_known(identity)
    if found is None:
        raise Http404
    return found


@public
def plan(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One plan with its commitment, its draw, its results and how to make the draw again."""
    one = plan_of(identity)
    agency = Agency.objects.get(pk=one.agency)
    if one.withdrawn:
        return page(request, "410.html", notice_of(one, agency), status=410)
    context = {
        "section": "inspection",
        "plan": one,
        "agency": agency,
        "rows": summary_of(one, agency),
        "commitment": commitment_of(one),
        "drawn": paged(drawn_table(one), request, "drawn") if one.draw else None,
        "results": paged(results_table(one), request, "results") if one.draw else None,
        "files": [
            {"label": name, "href": f"{reverse('inspection-plan', args=[one.id])}{name}", "text": text}
            for name, text in FILES.items()
            if name in files_of(one)
        ],
        "address": request.build_absolute_uri(reverse("inspection-plan", args=[one.id])),
        "scripts": [reverse("inspection-script", args=[name]) for name in SCRIPTS],
        "checkpoint": str(one.drawn.get("checkpoint") or ""),
    }
    return page(request, "square/inspection_plan.html", context)


def notice_of(one: Plan, agency: Agency) -> dict[str, Any]:
    """What stays of a withdrawn plan."""
    told = {
        "agency": agency.name,
        "withdrawn_on": one.withdrawn,
        "reason": one.reason,
        "act_id": one.withdrawal,
    }
    return {"heading": "这项双随机抽查的公示已经撤回", **told}


def summary_of(one: Plan, agency: Agency) -> list[dict[str, Any]]:
    """What the plan says."""
    told = one.told
    rows = (
        ("计划编号", one.number),
        ("机关", agency.name),
        ("实施部门", str(told.get("department") or "")),
        ("联合检查的部门", "、".join(told.get("joint") or ()) or "没有"),
        ("抽查事项", "、".join(one.items)),
        ("抽查比例", f"{told.get('ratio')}%"),
        ("每个对象的检查人员", f"{told.get('each')} 名"),
        ("行业范围", "、".join(told.get("trades") or ()) or "不限"),
        ("检查期间", f"{cn_date(told.get('begins'))}至{cn_date(told.get('ends'))}"),
        ("进度", one.state),
    )
    found = [{"label": label, "value": value} for label, value in rows]
    if told.get("separate_reason"):
        found.append({"label": "不能合并、联合的理由", "value": str(told["separate_reason"])})
    return found


def commitment_of(one: Plan) -> dict[str, Any]:
    """What was committed to, and where that stands in the log."""
    if one.commit is None or one.committed_at is None:
        return {}
    at = cn_datetime(timezone.localtime(one.committed_at))
    lines = one.commitment
    rows = (
        ("封存时间", at),
        ("公开值取自", lines.get("source", "")),
        ("可以抽取的对象", f"{len(one.committed.get('objects') or ())} 个"),
        ("可以派出的人员", f"{len(one.committed.get('officers') or ())} 名"),
        ("回避", f"{len(one.committed.get('barred') or ())} 对"),
        ("合并的重复登记", f"{one.committed.get('merged_rows', 0)} 行"),
        ("不在抽取之列", f"{one.committed.get('left_out_rows', 0)} 个"),
        ("抽取对象数", f"{lines.get('count', '')} 个"),
        ("种子的校验值", lines.get("seed-sha256", "")),
    )
    return {"rows": [{"label": a, "value": b} for a, b in rows], "links": links_of(one.commit)}


def paged(table: dict[str, Any], request: HttpRequest, word: str) -> dict[str, Any]:
    """One page of a table of the plan's page, by a word of its own. Raises Http404."""
    number, rows = page_number(request.GET.get(word, "")), table["rows"]
    if number is None or (number > 1 and (number - 1) * PER_PAGE >= len(rows)):
        raise Http404
    if len(rows) <= PER_PAGE:
        return table
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    way = pager(request.path, {}, number, PER_PAGE, len(rows), len(shown), word=word)
    return table | {"rows": shown, "pager": way}


def drawn_table(one: Plan) -> dict[str, Any]:
    """Who was drawn and who goes there."""
    rows = [
        {
            "cells": [
                {"text": one.name_of(row[0]), "strong": True},
                {"text": row[0]},
                {"text": "、".join(row[1:])},
            ]
        }
        for row in one.pairs
    ]
    columns = [{"label": x} for x in ("抽到的对象", "对象代码", "检查人员（执法证号）")]
    return {"caption": "抽取结果", "columns": columns, "rows": rows, "total": len(rows)}


def results_table(one: Plan) -> dict[str, Any]:
    """What was found and what was done about it; what is not public yet is told by its number."""
    rows = [{"cells": result_cells(one, each)} for each in one.told_of]
    left = len(one.pairs) - len(rows)
    columns = [{"label": x} for x in ("抽查对象", "检查日期", "结果", "检查情况", "查处结果")]
    empty = {"title": "还没有公开的结果", "text": f"抽到的 {left} 个对象检查之后，结果逐个公开在这里。"}
    return {
        "caption": "抽查结果",
        "columns": columns,
        "rows": rows,
        "total": len(rows),
        "empty": empty,
        "left": left,
    }


def result_cells(one: Plan, each: Result) -> list[dict[str, Any]]:
    """One result with what was corrected in it; of one that was withdrawn when and why."""
    whose = {"text": one.name_of(each.target), "strong": True, "sub": each.target}
    if each.withdrawn:
        day = f"{cn_date(each.withdrawn)}撤回"
        return [whose, {"text": day}, {"text": "已撤回"}, {"text": f"撤回理由：{each.reason}"}, {"text": "—"}]
    notes = "；".join(f"{cn_date(day)}更正：{note}" for day, note in each.notes)
    return [
        {**whose, "text": each.name},
        {"text": cn_date(each.inspected_on)},
        {"text": f"{each.code} {each.label}"},
        {"text": each.finding, "sub": notes},
        {"text": each.handling},
    ]


def files_of(one: Plan) -> dict[str, str]:
    """The files that there are by now: the commitment and its lists first, seed and result with the draw."""
    if one.commit is None or one.withdrawn:
        return {}
    told = one.committed
    found = {
        "commit.txt": str(told["commitment"]),
        "objects.txt": order.listed(told["objects"]),
        "officers.txt": order.listed(told["officers"]),
        "barred.txt": order.paired((a, b) for a, b in told["barred"]),
    }
    if one.draw:
        found["draw.txt"] = f"seed {one.drawn['seed']}\nvalue {one.drawn['value']}\n"
        found["result.txt"] = "".join(f"{' '.join(row)}\n" for row in one.pairs)
    return found


@public
def file(request: HttpRequest, identity: UUID, name: str) -> HttpResponse:
    """One of the files, bytes as they were digested."""
    found = files_of(plan_of(identity))
    if name not in found:
        raise Http404
    return download(found[name].encode(), TEXT, name)


@public
def script(request: HttpRequest, name: str) -> HttpResponse:
    """What makes a draw again without us."""
    if name not in SCRIPTS:
        raise Http404
    return download(Path(__file__).with_name(name).read_bytes(), SCRIPTS[name], name)
