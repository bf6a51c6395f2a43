"""Binding a file 立卷: what the case has, page by page, its archive number, how late it is; judged by the law's order of a file."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sanxiang.cases import store
from sanxiang.cases.dossier import sheets
from sanxiang.cases.dossier.plan import Leaf, Plan
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.papers.typeset import page_count
from sanxiang.cases.shelves import Store
from sanxiang.door import numbers
from sanxiang.door.sight import ORDINARY, Sight
from sanxiang.law.calendar import Calendar
from sanxiang.law.casefile import (
    MAIN,
    OUT_OF_FILE,
    PARTS,
    RETENTIONS,
    SUB,
    Item,
    archive_number,
    arranged,
    frozen,
    retention_due,
    total,
)
from sanxiang.law.clocks import due_of
from sanxiang.law.facts import Facts, State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, PaperRule
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.ledger.models import Opening
from sanxiang.speech import cn_day, size_text

SERIES = "档"
"""The series of archive numbers, one a year and agency, beside those of papers."""
BIND = "bind-file"
COVER = "file-cover"
STATES = {"revoked": "已撤销", "replaced": "已被替换"}
MASKED = {"witness": "证人证言材料（题名按规定隐去）"}
CONFINED = "限定知悉范围的材料（题名按规定隐去）"


def binds(act: Act) -> bool:
    """Does this act bind the file?"""
    return any(one["do"] == BIND for one in act.effects)


def concerns(act: Act) -> bool:
    """Must the law know of the file when it judges this act?"""
    return binds(act) or any(one["do"] == "destroy-file" for one in act.effects)


def outside(
    case: Case, pack: Pack, act: Act, data: Mapping[str, Any], on: date, calendar: Calendar
) -> dict[str, Any]:
    """What the law must know of a file that somebody is about to bind, or to destroy, and the case does not say."""
    if not concerns(act) or case.stage not in act.stages:
        return {}
    keep, source = retention_due(pack, case.state, case.act_type)
    found: dict[str, Any] = {"retention_rule": {"keep": keep, "source": source} if keep else {}}
    if binds(act) and data:
        found |= {
            "file": contents(case, pack) | {"late": lateness(pack, case.state, on, calendar)},
            "archive_no_taken": taken(case, str(data.get("archive_no") or "")),
        }
    return found


def contents(case: Case, pack: Pack) -> dict[str, Any]:
    """Both parts as they would be bound now, and what of the case's files is gone."""
    papers, evidence = rows_of(case)
    items = items_of(case, pack, papers, evidence)
    kept = (store.papers(), store.evidence())
    gone = [f"《{row.label}》" for row in papers if not kept[0].exists(row.pdf)]
    gone += [f"证据“{row.title}”" for row in evidence if not kept[1].exists(row.digest)]
    return {**frozen(arranged(pack, items)), "gone": gone}


def rows_of(case: Case) -> tuple[list[Paper], list[Evidence]]:
    """Everything that goes into the file, in the order in which it came about. Two queries."""
    papers = (
        Paper.objects.filter(case=case).exclude(kind__in=OUT_OF_FILE).defer("content").order_by("n", "label")
    )
    return list(papers), list(Evidence.objects.filter(case=case).order_by("n", "title", "pk"))


def items_of(case: Case, pack: Pack, papers: list[Paper], evidence: list[Evidence]) -> list[Item]:
    """The same as the law looks at it, in the order of the acts that made it. Four queries and one process that counts pages."""
    acts = {
        row.pk: row
        for row in LedgerAct.objects.filter(kind="case", subject=case.pk).only("pk", "n", "on", "name")
    }
    made = {row.pk: acts[row.act].n if row.act in acts else row.n for row in papers}
    served, titles = receipts_of(case, pack), printed_titles(papers)
    found = []
    for row in sorted(papers, key=lambda one: made[one.pk]):
        count = page_count(store.papers(), row.pdf)
        found.append(
            Item(
                ref=f"paper:{row.pk}",
                kind=row.kind,
                title=titles.get(row.pk) or row.label,
                n=made[row.pk],
                on=row.issued_on.isoformat(),
                count=count,
                number=row.number,
                maker=case.party if row.kind in pack.papers and pack.papers[row.kind].kind == "party" else "",
                note=STATES.get(row.status, ""),
                serves=serves_of(served, row, papers, made),
                digest=row.pdf,
                decides=row.act in acts and decides(pack, acts[row.act].name),
                form="paper",
            )
        )
    return found + pieces_of(case, evidence, {key: act.on[:10] for key, act in acts.items()})


def decides(pack: Pack, act: str) -> bool:
    """Is a case decided with this act?"""
    return act in pack.acts and pack.acts[act].milestone == "decided"


def printed_titles(papers: Iterable[Paper]) -> dict[UUID, str]:
    """What stands at the head of each paper: the catalogue calls it that, and not by its name in lists."""
    rows = Paper.objects.filter(pk__in=[row.pk for row in papers]).values_list("pk", "content__title")
    return {key: str(title or "") for key, title in rows}


def receipts_of(case: Case, pack: Pack) -> dict[UUID, str]:
    """By act that served something, the kind of paper that it served."""
    serving = {
        act.id: next((str(one.get("paper", "")) for one in act.effects if one["do"] == "serve"), "")
        for act in pack.acts.values()
        if any(one["do"] == "serve" for one in act.effects)
    }
    acts = dict(
        LedgerAct.objects.filter(kind="case", subject=case.pk, name__in=serving).values_list("pk", "name")
    )
    told = dict(Opening.objects.filter(act__in=acts, name="paper").values_list("act_id", "value"))
    return {key: str(told.get(key) or serving[name]) for key, name in acts.items()}


def serves_of(
    served: Mapping[UUID, str], row: Paper, papers: Iterable[Paper], made: Mapping[UUID, int]
) -> str:
    """Of a receipt, the paper that was served: the newest of that kind before it. Service moves a paper's own `n` on."""
    kind, own = served.get(row.act, ""), made[row.pk]
    before = [one for one in papers if one.kind == kind and made[one.pk] < own]
    newest = max(before, key=lambda one: made[one.pk], default=None)
    return f"paper:{newest.pk}" if newest and row.kind != kind else ""


def pieces_of(case: Case, evidence: list[Evidence], days: Mapping[UUID, str]) -> list[Item]:
    """The files of evidence, each with the kind that the list of evidence gives it."""
    listed = {(one["n"], one["digest"]): one for one in case.state["evidence"]}
    forms = forms_of([row.digest for row in evidence])
    found = []
    for row in evidence:
        piece = listed.get((row.n, row.digest)) or {}
        form, count = forms[row.digest]
        note = (
            "证据已排除"
            if piece.get("excluded")
            else ""
            if form != "slip"
            else f"{size_text(row.size)}，附卷载体"
        )
        found.append(
            Item(
                ref=f"evidence:{row.pk}",
                kind=str(piece.get("kind") or ""),
                title=shown_title(row, piece),
                n=row.n,
                on=days.get(row.act, ""),
                count=count,
                note=note,
                evidence=True,
                digest=row.digest,
                form=form,
            )
        )
    return found


def shown_title(row: Evidence, piece: Mapping[str, Any]) -> str:
    """What the catalogue calls it: anybody who holds the file reads the catalogue, so a marked title stays out."""
    if row.secrecy != "case":
        return MASKED.get(row.secrecy, CONFINED)
    return str(piece.get("title") or row.title)


def forms_of(digests: Iterable[str]) -> dict[str, tuple[str, int]]:
    """By digest, how it becomes pages and how many: what has none becomes one slip."""
    wanted, shelf = list(dict.fromkeys(digests)), store.evidence()
    found = dict.fromkeys(wanted, ("slip", 1))
    with ExitStack() as stack:
        paths: dict[str, Path] = {}
        for digest in wanted:
            if shelf.exists(digest) and (form := sheets.form_of(head_of(shelf, digest))):
                paths[digest] = local(stack, shelf, digest)
                found[digest] = (form, 0)
        for digest, count in zip(paths, sheets.counts(list(paths.values())), strict=True):
            found[digest] = (found[digest][0], count) if count else ("slip", 1)
    return found


def head_of(shelf: Store, digest: str) -> bytes:
    """The first bytes of a file."""
    with shelf.open(digest, 0, 16) as file:
        return file.read(16)


def local(stack: ExitStack, shelf: Store, digest: str) -> Path:
    """The file where a process of this machine can open it: as it lies, or else a copy for as long as it is needed."""
    place = getattr(shelf, "path", None)
    if place is not None:
        return Path(place(digest))
    copy = Path(stack.enter_context(tempfile.TemporaryDirectory())) / digest
    with shelf.open(digest) as source, copy.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
    return copy


def lateness(pack: Pack, state: State, on: date, calendar: Calendar) -> dict[str, Any]:
    """How many days after its last day the file is bound; empty where it is in time or no period is set."""
    clock, rule = state["clocks"].get("archive"), pack.limits.get("archive")
    found = due_of(clock, rule, pack, calendar) if clock and rule else None
    if found is None or on <= found.date:
        return {}
    return {"due": found.date.isoformat(), "days": (on - found.date).days}


def taken(case: Case, number: str) -> str:
    """The other case of the agency that bears this archive number."""
    if not number:
        return ""
    rows = Case.objects.filter(agency=case.agency_id, state__facts__archive_no=number).exclude(pk=case.pk)
    found = rows.defer("state").first()
    return f"{found.number or found.code} {found.title}" if found else ""


def number_for(case: Case, facts: Facts, kind: str, paper: UUID) -> str:
    """The archive number that the cover bears: the one named, or the next of the year. "" for every other paper."""
    if kind != COVER or not binds(facts.act):
        return ""
    named = str(facts.data.get("archive_no") or "")
    keep = str(facts.data.get("retention") or "")
    year = facts.on.year
    return named or numbers.take(
        case.agency, SERIES, year, paper, lambda n: archive_number(facts.pack, case.act_type, year, keep, n)
    )


def printed(case: Case, facts: Facts, state: State) -> dict[str, Any]:
    """What cover, catalogue, back sheet and hand-over list print of the file."""
    told = facts.extra.get("file") or state.get("file") or {}
    number = str(state["papers"].get(COVER, {}).get("number") or state["facts"].get("archive_no") or "")
    composed = facts.pack.setting("archive.number") or {}
    return {
        "number": number,
        "ordinal": number.rpartition("-")[2],
        "fonds": str(composed.get("fonds") or ""),
        "class": str((composed.get("classes") or {}).get(case.act_type) or ""),
        "begun": begun(state),
        "keep": RETENTIONS.get(str(state["facts"].get("retention") or ""), ""),
        "ended": ended(state),
        "excused": excused(facts.pack, state),
        **{part: {"rows": told.get(part, ()), "pages": total(told.get(part, ()))} for part in PARTS},
    }


def begun(state: State) -> str:
    """The day of the first act that the case remembers."""
    return min((str(one["on"]) for one in state["last"].values()), default="")


def ended(state: State) -> str:
    """The day on which the case was closed: the last thing done before the file was bound that closed it."""
    days = [str(one["on"]) for name, one in state["last"].items() if name in ENDS]
    return max(days, default=str(state.get("since") or ""))


ENDS = frozenset(
    {
        "close", "close-transferred", "dismiss", "decline-filing", "transfer-agency", "designate-jurisdiction", "assign-case",
        "merge-case", "void-case",
    }
)  # fmt: skip


def excused(pack: Pack, state: State) -> list[dict[str, str]]:
    """Papers that nobody will serve any more, with the reason."""
    rules: Mapping[str, PaperRule] = pack.papers
    return [
        {"label": rules[kind].label if kind in rules else kind, "reason": str(paper["excused"])}
        for kind, paper in state["papers"].items()
        if paper.get("excused")
    ]


def plan_of(
    case: Case, part: str, rows: Iterable[Mapping[str, Any]], hidden: frozenset[str] = frozenset()
) -> Plan:
    """How the volume of a part is made; what these eyes may not see (`hidden`: refs) leaves its pages behind and nothing else."""
    tail = "" if part == MAIN else "-sub"
    around = dict(
        Paper.objects.filter(
            case=case, kind__in=[f"file-{x}{tail}" for x in ("cover", "index", "note")]
        ).values_list("kind", "pdf")
    )
    leaves = [leaf_of(row, str(row["ref"]) in hidden) for row in rows]
    bound = (
        str((case.state["last"].get("archive") or {}).get("on") or "") or case.opened_at.date().isoformat()
    )
    return Plan(
        title=f"{case.state['facts'].get('archive_no') or case.number or case.code} {case.title}（{PARTS[part]}）",
        author=case.agency.name,
        front=tuple(around[kind] for kind in (f"file-cover{tail}", f"file-index{tail}") if kind in around),
        leaves=tuple(leaves),
        back=tuple(around[kind] for kind in (f"file-note{tail}",) if kind in around),
        made=bound,
    )


def leaf_of(row: Mapping[str, Any], hidden: bool) -> Leaf:
    """One line of the catalogue as pages."""
    pairs = (("形成日期", cn_day(str(row["on"])) if row["on"] else ""), ("说明", str(row["note"])))
    told = tuple(pair for pair in pairs if pair[1])
    place = (int(row["first"]), int(row["count"]), str(row["group"]))
    if hidden:
        return Leaf("（按规定隐去）", "hidden", "", *place)
    return Leaf(str(row["title"]), str(row["form"]), str(row["digest"]), *place, told=told)


def bound_rows(case: Case, pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """Both parts: as they were bound, or, of a file that is not bound yet or was by an older program, as they would be now."""
    kept = case.state.get("file") or {}
    found: Mapping[str, Any] = kept if MAIN in kept else contents(case, pack)
    return {part: list(found.get(part, ())) for part in (MAIN, SUB)}


def hidden_from(case: Case, pack: Pack, sight: Sight) -> frozenset[str]:
    """Which papers and pieces of evidence these eyes may not see. Three queries."""
    said: dict[UUID, dict[str, str]] = {}
    marked = Opening.objects.filter(act__subject=case.pk).exclude(secrecy__in=ORDINARY)
    for act, name, mark in marked.values_list("act_id", "name", "secrecy"):
        said.setdefault(act, {})[name] = mark
    papers = Paper.objects.filter(case=case).values_list("pk", "kind", "act")
    evidence = Evidence.objects.filter(case=case).values_list("pk", "secrecy")
    out = [f"paper:{key}" for key, kind, act in papers if not sight.paper(pack, kind, said.get(act, {}))]
    return frozenset(out + [f"evidence:{key}" for key, mark in evidence if not sight.may(mark)])
