"""移交包: the whole file of a case as a bag for another archive: both parts as PDF/A, the catalogue, papers, evidence, proofs.

What is confined to people who are cleared for it stays out, and is listed as withheld, unless whoever exports says with a reason that it
is to go along.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from sanxiang.cases import store
from sanxiang.cases.csv_lines import lines
from sanxiang.cases.dossier.accounts import accounts_of
from sanxiang.cases.dossier.bundle import Dossier, Lost
from sanxiang.cases.dossier.volume import bind
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.papers.data import schema_of, version_of
from sanxiang.cases.papers.typeset import intact
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.door import casefile, gather
from sanxiang.door.files import binding
from sanxiang.door.files.handing_over import HEAD, Transfer
from sanxiang.door.sight import Sight
from sanxiang.door.signing import signed_files
from sanxiang.law.casefile import PARTS, RETENTIONS, total
from sanxiang.law.facts import Actor
from sanxiang.law.packs import Pack
from sanxiang.law.rules import CONFINED


class Open(Sight):
    """The eyes of an archive: everything but what is for cleared people alone."""

    def may(self, secrecy: str) -> bool:
        """See `Sight`."""
        return secrecy != CONFINED


def dossier_of(case: Case, confined: bool, by: str, why: str) -> Dossier:
    """Everything of the case as it goes to an archive. Raises Unbound where a volume cannot be made."""
    pack = gather.pack_of(case)
    papers = list(Paper.objects.filter(case=case).order_by("n", "label"))
    evidence = list(Evidence.objects.filter(case=case).order_by("n", "pk"))
    eyes = Open(Actor("", by), case.state)
    out = frozenset() if confined else casefile.hidden_from(case, pack, eyes)
    shown = [row for row in papers if f"paper:{row.pk}" not in out]
    rows = casefile.bound_rows(case, pack)
    return Dossier(
        case,
        [(row, row in shown) for row in papers],
        [(row, f"evidence:{row.pk}" not in out) for row in evidence],
        schemas_of(pack, shown),
        accounts_of(case),
        store.papers(),
        note=note_of(case, by, why, len(out)),
        catalogue=rows,
        told=metadata(case, rows),
        signed=signed_files(shown, case.state, eyes),
        volumes={PARTS[part]: _volume(case, part, rows[part], out) for part in PARTS if rows[part]},
    )


def bags_of(one: Transfer, by: str) -> Iterator[Dossier]:
    """The dossier of each case that a batch handed over, one after the other, as its list has them. Raises Unbound."""
    for row in one.rows:
        case = Case.objects.select_related("agency", "unit").get(pk=row["id"])
        yield dossier_of(case, False, by, f"移交，清单 {one.number}")


def lists_of(one: Transfer) -> dict[str, bytes]:
    """The hand-over list of a batch as PDF, table and data. Raises Lost."""
    pdf = intact(store.papers(), str(one.listed.get("list_pdf") or ""))
    if pdf is None:
        raise Lost(f"移交清单 {one.number}")
    names = ("archive_no", "title", "pages", "retention", "volumes", "digest", "code")
    table = lines((*HEAD, "查询码"), ([row[name] for name in names] for row in one.rows))
    told = {
        "number": one.number,
        "files": [dict(row) for row in one.rows],
        "left": list(one.listed.get("left") or ()),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    return {"移交清单.pdf": pdf, "移交清单.csv": "".join(table).encode(), "移交清单.json": text.encode()}


def _volume(case: Case, part: str, rows: list[dict[str, Any]], out: frozenset[str]) -> Path:
    """The part as one PDF, made now where it is not there."""
    plan = casefile.plan_of(case, part, rows, out)
    target = binding.place(plan)
    if not target.exists():
        bind(plan, target)
    return target


def note_of(case: Case, by: str, why: str, withheld: int) -> str:
    """Who exported it, when and why."""
    lines = [
        f"案件 {case.number or case.code}（{case.agency.name}）",
        f"归档号 {case.state['facts'].get('archive_no') or '未归档'}",
        f"导出人 {by}",
        f"事由 {why or '移交'}",
        f"时间 {cn_datetime(timezone.localtime())}",
    ]
    lines += [f"限定知悉范围的 {withheld} 件没有导出，目录里列为不提供。"] if withheld else []
    return "\n".join(lines) + "\n"


def metadata(case: Case, rows: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """What an archive asks of a file as a whole."""
    facts, state = case.state["facts"], case.state
    keep = str(facts.get("retention") or "")
    return {
        "档号": str(facts.get("archive_no") or ""),
        "题名": case.title,
        "立档单位名称": case.agency.name,
        "统一社会信用代码": case.agency.uscc or "",
        "保管期限": RETENTIONS.get(keep, ""),
        "立案号": case.number,
        "开始日期": casefile.begun(state),
        "结束日期": casefile.ended(state),
        "归档日期": str((state["last"].get("archive") or {}).get("on") or ""),
        **{f"{label}页数": str(total(rows.get(part, ()))) for part, label in PARTS.items()},
        "密级": "非密",
        "开放状态": "未审核",
    }


def schemas_of(pack: Pack, papers: Iterable[Paper]) -> dict[str, dict[str, Any]]:
    """By version, the schema of each template that made one of these papers and that the case's pack still has."""
    used = {(row.kind, row.template) for row in papers}
    return {
        version_of(kind, template): schema_of(pack.papers[kind])
        for kind, template in sorted(used)
        if kind in pack.papers and pack.papers[kind].template == template
    }
