"""Erasure 依法删除, the door's side: which openings of the ledger hold what is to go, what stays elsewhere, and the emptying itself.

The act names each opening that it empties by act, name and digest, so that `ledger verify` can tell lawful erasure from loss.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db import transaction

from sanxiang.cases.disclosure.masked import FIELDS
from sanxiang.cases.models import Case, Paper, Publication
from sanxiang.door.disclosure import public_files
from sanxiang.door.sight import fields_of, marks_of
from sanxiang.law.casefile import kept_under
from sanxiang.law.changes.erasing import (
    BESIDE,
    ERASABLE,
    ERASE,
    ONCE_DONE,
    PROPOSE,
    WHAT,
    Target,
    column_of,
    evidence_itself,
    target_of,
    without,
)
from sanxiang.law.facts import Facts
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, Field
from sanxiang.ledger import erased
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.ledger.models import Opening
from sanxiang.ledger.tlog.disclosure import field_digest
from sanxiang.ledger.verify import AGAIN, KEPT, OPENINGS
from sanxiang.speech import cn_day

ACTS = (PROPOSE, ERASE)
LEFT = "left:"
SHORTEST = 2
"""Characters; a single sign that stands elsewhere too says nothing of anybody."""

KEEP = "案卷保管期限内不得删除（{}、《档案法》第二十一条）"


@dataclass(frozen=True)
class Plan:
    """What an erasure would do: what is in its way, the openings it empties, what is left of groups, where the value stays;
    `texts` are the words that are to be gone."""

    label: str
    flaws: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    rows: tuple[Opening, ...] = ()
    left: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[Mapping[str, str], ...] = ()
    elsewhere: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def outside(case: Case, pack: Pack, data: Mapping[str, Any], act: str) -> dict[str, Any]:
    """What the guards of the two acts must know, and what the act will name."""
    key = str(data.get(WHAT) or "")
    if not key:
        return {}
    plan = plan_of(case, pack, key)
    flaws = [*plan.flaws, *_untimely(case, data), *(_unlike(case, key) if act == ERASE else ())]
    told = {"label": plan.label, "names": plan.names, "plan": plan}
    return {"erasure": told, "erasure_flaws": tuple(flaws), "erasure_public": plan.public}


def _untimely(case: Case, data: Mapping[str, Any]) -> list[str]:
    ground = data.get("erasure_ground") or case.state["facts"].get("erasure_ground")
    early = ground in ONCE_DONE and not case.closed
    return ["案件还没有办结，处理目的还没有实现，保存期限也没有届满"] if early else []


def _unlike(case: Case, key: str) -> list[str]:
    asked = case.state["facts"].get(WHAT)
    return ["填写的与提请删除的不是同一项内容"] if asked and asked != key else []


# What can be erased


def choices(case: Case, pack: Pack) -> list[tuple[str, str]]:
    """Everything of this case that could be erased, by key, each as people call it. Two queries."""
    facts, fields, marks = (
        case.state["facts"],
        fields_of(pack, case.procedure),
        marks_of(pack, case.state["facts"]),
    )
    found: dict[str, str] = {}
    for name, value in facts.items():
        item = fields.get(name)
        if marks.get(name, "case") in ERASABLE:
            found[name] = item.label if item else name
        elif item is not None:
            for column in columns_in(item, value):
                found[f"{name}.{column.name}"] = f"{item.label}：{column.label}"
    for row in said_by(case):
        rule = pack.acts.get(row.act.name)
        item = rule.field(row.name) if rule else None
        if rule is None or item is None or item.fact or evidence_itself(rule, item) or row.value is None:
            continue
        step = f"第{row.act.n}步“{row.act.label}”"
        if row.secrecy in ERASABLE:
            found[f"{row.act.n}:{row.name}"] = f"{step}：{item.label}"
        for column in columns_in(item, row.value) if row.secrecy not in ERASABLE else ():
            found[f"{row.act.n}:{row.name}.{column.name}"] = f"{step}：{item.label}：{column.label}"
    return list(found.items())


def columns_in(item: Field, value: Any) -> Iterator[Field]:
    """The columns of a group or of rows that are marked as somebody's own and say something."""
    rows = [row for row in (value if isinstance(value, list) else [value]) if isinstance(row, Mapping)]
    for column in item.columns:
        if any(column.mark(row) in ERASABLE and row.get(column.name) for row in rows):
            yield column


def said_by(case: Case) -> list[Opening]:
    """Every opening of the case's acts that still says something."""
    rows = (
        Opening.objects.filter(act__subject=case.id, erased_by=None).select_related("act").defer("act__leaf")
    )
    return list(rows.order_by("act__n", "pk"))


def with_choices(act: Act, case: Case, pack: Pack) -> Act:
    """The act with what to erase to be chosen among what can be."""
    if act.id not in ACTS:
        return act
    options = tuple(choices(case, pack))
    fields = (
        replace(f, type="choice", options=options) if f.name == WHAT and options else f for f in act.fields
    )
    return replace(act, fields=tuple(fields))


# What an erasure would do


def plan_of(case: Case, pack: Pack, key: str) -> Plan:
    """The plan for one key; with flaws where it cannot be."""
    target, offered = target_of(key), dict(choices(case, pack))
    texts = texts_of(_fact(case, target))
    if key not in offered:
        return Plan(key, (_why_not(case, pack, target),), frozenset(texts))
    rows = said_by(case)
    holding = [row for row in rows if holds(row, target, pack)]
    texts |= texts_of([column_of(row.value, target.column) for row in holding])
    standing = public_of(case)
    old = [row for row in told_public(rows, standing) if holds_text(row.value, texts)]
    emptied = [*holding, *old, *states(rows, holding)]
    known = {row.pk for row in emptied}
    kept = [
        r for r in rows if r.pk not in known and not r.name.startswith(KEPT) and holds_text(r.value, texts)
    ]
    return Plan(
        offered[key],
        texts=frozenset(texts),
        rows=tuple(emptied),
        left={_left(r): rest for r in holding if (rest := without(r.value, target.column))},
        papers=tuple(_papers(case, texts)),
        elsewhere=tuple(dict.fromkeys(place_of(pack, row) for row in kept)),
        public=tuple(shows(standing, texts)),
        names=tuple(sorted(texts)),
    )


def _why_not(case: Case, pack: Pack, target: Target) -> str:
    key, done = target.key, case.state.get("erased", {}).get(target.key)
    if done:
        return f"“{done['label']}”已于{cn_day(done['on'])}依法删除"
    if (target.name if not target.n else key.partition(":")[2]).startswith(KEPT) or key.startswith(KEPT):
        return f"“{key}”是校验值或者办理人员的姓名，账本靠它核对，没有法律要求删除"
    rules = [rule for rule in pack.acts_of(case.procedure) if rule.field(target.name)]
    item = next((rule.field(target.name) for rule in rules), None)
    named = item.label if item else key
    column = next((c.label for c in item.columns if c.name == target.column), "") if item else ""
    named += f"：{column}" if column else ""
    there = bool(target.n or target.name in case.state["facts"]) and bool(column) == bool(target.column)
    if item is not None and there:
        return f"“{named}”属于案件事实、证据或者处罚决定载明的内容，{KEEP.format(kept_under(pack))}"
    return f"本案没有“{named}”这一项内容，或者已经没有内容"


def _fact(case: Case, target: Target) -> Any:
    value = None if target.n else case.state["facts"].get(target.name)
    return column_of(value, target.column)


def holds(row: Opening, target: Target, pack: Pack) -> bool:
    """Does this opening say what is meant: in that act, or in any act where the same is a standing fact? What an earlier
    erasure left of a group stands in the act that did it."""
    n, name = _first_said(row)
    if name != target.name or (target.n and n != target.n):
        return False
    if name != row.name:
        return bool(column_of(row.value, target.column))
    rule = pack.acts.get(row.act.name)
    item = rule.field(row.name) if rule else None
    standing = item is None or item.fact or row.act.name in ACTS
    return (bool(target.n) or standing) and bool(column_of(row.value, target.column))


def _first_said(row: Opening) -> tuple[int, str]:
    """The act and the name under which this was first said."""
    if not row.name.startswith(LEFT):
        return row.act.n, row.name
    _, n, name = row.name.split(":", 2)
    return int(n), name


def _left(row: Opening) -> str:
    """The name under which an erasure says again what is left of a group."""
    return "{}{}:{}".format(LEFT, *_first_said(row))


def states(rows: list[Opening], holding: list[Opening]) -> list[Opening]:
    """The digests of the states before: a short value could be guessed from them, as they bear no salt of their own."""
    first = min((row.act.n for row in holding), default=0)
    return [row for row in rows if row.name == "state" and row.act.n >= first > 0]


def texts_of(value: Any) -> set[str]:
    """Every text in a value that is long enough to say something."""
    if isinstance(value, Mapping):
        return {text for one in value.values() for text in texts_of(one)}
    if isinstance(value, list | tuple):
        return {text for one in value for text in texts_of(one)}
    return {value} if isinstance(value, str) and len(value) >= SHORTEST else set()


def holds_text(value: Any, texts: Set[str]) -> bool:
    """Does one of these texts stand in the value?"""
    told = json.dumps(value, ensure_ascii=False)
    return any(json.dumps(text, ensure_ascii=False)[1:-1] in told for text in texts)


def _papers(case: Case, texts: set[str]) -> Iterator[dict[str, str]]:
    """The papers that print it: issued and served as they are, they stay."""
    for paper in Paper.objects.filter(case=case).order_by("n", "label"):
        if holds_text(paper.content, texts):
            yield {"id": str(paper.pk), "label": paper.label, "number": paper.number, "status": paper.status}


def place_of(pack: Pack, row: Opening) -> str:
    """Where it stands, for people."""
    rule = pack.acts.get(row.act.name)
    item = rule.field(row.name) if rule else None
    return f"第{row.act.n}步“{row.act.label}”：{item.label if item else row.name}"


def public_of(case: Case) -> Publication | None:
    """The public row of a case whose text stands, to be shown or shown already."""
    return Publication.objects.filter(case=case, status__in=("prepared", "submitted", "published")).first()


def told_public(rows: list[Opening], standing: Publication | None) -> Iterator[Opening]:
    """What was said for everybody to read and nobody reads: texts, summaries, notes, what waits for a receipt. The text that
    stands stays, for the log is held against it; it says nothing of what goes, or nothing may go yet."""
    texts = [row for row in rows if row.name == "public_text"]
    yield from (row for row in texts if standing is None or row.act_id != standing.act)
    yield from (row for row in rows if row.name in BESIDE)


def prints(row: Publication | None, texts: Set[str]) -> bool:
    """Does one of these texts stand in what the public has?"""
    return any(shows(row, texts))


def shows(row: Publication | None, texts: Set[str]) -> Iterator[str]:
    """Where it stands: in the text, in the summary above it, in a note of what was corrected, in a file beside it."""
    if row is None or not texts:
        return
    if any(text in str(getattr(row, name)) for text in texts for name in FIELDS):
        yield "公示文本里有这一项内容"
    if any(text in str(row.summary or "") for text in texts):
        yield "通俗摘要里有这一项内容"
    if row.notes and holds_text(row.notes, texts):
        yield "更正说明里有这一项内容"
    yield from (f"公示文件“{title}”里有这一项内容" for title in public_files.saying(row, texts))


# Doing it


def told(facts: Facts) -> dict[str, tuple[Any, str]]:
    """What the act says of itself beside its form: each opening it empties, what is left of groups, what stays."""
    if facts.act.id != ERASE:
        return {}
    plan: Plan = facts.extra["erasure"]["plan"]
    return left_of(plan) | {
        OPENINGS: (gone(plan.rows), "case"),
        "erased:papers": (list(plan.papers), "case"),
        "kept_papers": ("、".join(f"《{p['label']}》{p['number']}" for p in plan.papers) or "没有", "case"),
        "kept_elsewhere": ("；".join(plan.elsewhere) or "没有", "case"),
    }


def gone(emptied: Iterable[Opening]) -> list[dict[str, str]]:
    """The openings that an act empties, as it names them: by act, name and digest."""
    return [
        {"act": str(r.act_id), "name": r.name, "digest": field_digest(r.salt, r.name, r.value)}
        for r in emptied
    ]


def left_of(plan: Plan) -> dict[str, tuple[Any, str]]:
    """What is left of groups, each with the mark of the group, as the act says it again."""
    marks = {_left(r): r.secrecy for r in plan.rows}
    return {name: (value, marks[name]) for name, value in plan.left.items()}


def empty(facts: Facts, act: LedgerAct) -> None:
    """Empty the openings, in the act's own transaction. The list that a restore replays is written when that is committed:
    it may never name what did not happen, and what it lacks `rebuild` puts in."""
    if facts.act.id != ERASE:
        return
    plan: Plan = facts.extra["erasure"]["plan"]
    Opening.objects.filter(pk__in=[row.pk for row in plan.rows]).update(salt="", value=None, erased_by=act.id)
    transaction.on_commit(partial(rebuild, act.id), robust=True)


def rebuild(*acts: uuid.UUID) -> None:
    """Put into the list beside the database what these acts of erasure emptied, or all of them. Raises OSError."""
    rows = Opening.objects.filter(name=OPENINGS, act__name__in=(ERASE, AGAIN), erased_by=None)
    rows = rows.filter(act__in=acts) if acts else rows
    told: list[erased.Erasure] = []
    for by, subject, emptied in rows.values_list("act", "act__subject", "value"):
        names: dict[str, list[str]] = {}
        for one in emptied or ():
            names.setdefault(one["act"], []).append(one["name"])
        plain = [erased.Erasure(uuid.UUID(act), tuple(some), by) for act, some in names.items()]
        told += [replace(line, **_remembered(subject, str(by))) for line in plain]
    erased.add(told)


def _remembered(case: uuid.UUID, act: str) -> dict[str, Any]:
    """What of the case an act erased, as the case remembers it; nothing where the act was none of a case."""
    state = Case.objects.filter(id=case).values_list("state", flat=True).first() or {}
    for what, note in state.get("erased", {}).items():
        if note["by"] == act:
            return {"case": case, "what": what, **{name: note[name] for name in ("label", "basis", "on")}}
    return {}
