"""What was erased by law stays erased after a restore (trust.md §1.5, R8): a backup made before has the value again, and the act that
ordered its erasure was lost with the database. Each case is made to forget it anew, by an act of its own that names the lost one.

The list is a file that anybody may have written. Nothing is believed of it but which of the things that can be erased at all
were erased; what the pack does not mark as somebody's own is refused by name, whatever the list says.
"""

import copy
import uuid
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanxiang.cases.models import Case, Publication
from sanxiang.cases.search import asking
from sanxiang.door import gather, rows
from sanxiang.door.attempts import OPERATOR
from sanxiang.door.erasing import (
    Plan,
    choices,
    gone,
    holds,
    holds_text,
    left_of,
    place_of,
    plan_of,
    prints,
    public_of,
    states,
    texts_of,
)
from sanxiang.door.exchange import outbox
from sanxiang.door.perform import locked
from sanxiang.law.changes.erasing import WHAT, Target, column_of, forget, target_of
from sanxiang.law.dossier import digest
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.ledger.erased import Erasure
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.verify import AGAIN, AGAIN_LABEL, LOST, OPENINGS, ORDERS

WITHDRAWN = "从备份恢复的旧公示文本里有已经依法删除的内容，予以撤回，删去之后重新公示"
WITHDRAW = "withdraw-publication"


@dataclass
class Replayed:
    """What came of it: openings emptied, cases that forgot, those of which an old list does not say what, and what the list
    names and no law has erased, by case and act."""

    openings: int = 0
    cases: list[str] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def erase_again(erasures: Iterable[Erasure]) -> Replayed:
    """Erase what the list names, the database still has and the case's pack lets go. Each case in one transaction under its
    lock. Doing it twice does it once."""
    done = Replayed()
    known: dict[tuple[uuid.UUID, str], list[Erasure]] = {}
    for one in erasures:
        if Act.objects.filter(id=one.by).exclude(kind=LOST).exists():
            continue  # what the act of a whole database ordered was emptied in its own transaction
        case = one.case or Act.objects.filter(id=one.act).values_list("subject", flat=True).first()
        if case and Case.objects.filter(id=case).exists():
            known.setdefault((case, one.what), []).append(one)
        else:
            done.refused += map(_told, _named([one]))
    for (case, what), some in known.items():
        _of_case(case, what, some, done)
    return done


def _named(erasures: list[Erasure]) -> list[Opening]:
    """The openings of the list that still say something."""
    names = {(one.act, name) for one in erasures for name in one.names}
    found = Opening.objects.filter(act__in={act for act, _ in names}, erased_by=None).select_related("act")
    return [row for row in found.order_by("pk") if (row.act_id, row.name) in names]


def _told(row: Opening) -> str:
    return f"{row.act.kind} {row.act.subject} 第{row.act.n}步“{row.act.label}”：{row.name}"


def _of_case(case_id: uuid.UUID, what: str, erasures: list[Erasure], done: Replayed) -> None:
    target = target_of(what)
    with transaction.atomic():
        case = locked(case_id)
        pack, named = gather.pack_of(case), _named(erasures)
        mine = [row for row in named if row.act.subject == case_id]
        plan = plan_of(case, pack, what) if what else _old_plan(case, pack, mine)
        public = public_of(case) if what else None
        public = public if prints(public, plan.texts) else None
        emptied = {row.pk: row for row in (*plan.rows, *_follow(case, mine, plan.texts, public))}
        stands = not target.n and bool(column_of(case.state["facts"].get(target.name), target.column))
        rest = [row for row in named if row.pk not in emptied]
        _refuse(case, pack, plan, rest, done)
        if plan.flaws and stands and not rest:
            done.refused.append(f"{_name(case)} {plan.flaws[0]}")
        if plan.flaws or not (emptied or (stands and what)):
            return
        content: dict[str, tuple[Any, str]] = {
            ORDERS: (sorted({str(one.by) for one in erasures}), "case"),
            OPENINGS: (gone(emptied.values()), "case"), "erased:papers": (list(plan.papers), "case"), **left_of(plan),
        }  # fmt: skip
        act = _append(case, target, plan.texts, erasures[0], content, public)
        Opening.objects.filter(pk__in=emptied).update(salt="", value=None, erased_by=act.id)
        done.openings += len(emptied)
        if what:
            done.cases.append(_name(case))


def _name(case: Case) -> str:
    return case.number or case.code


def _follow(case: Case, named: list[Opening], texts: Set[str], public: Publication | None) -> list[Opening]:
    """The texts of publications that go with what is erased: those that the list names, all where one still stands."""
    found = _public_texts(case, texts)
    return found if public is not None else [row for row in found if row in named]


def _refuse(case: Case, pack: Pack, plan: Plan, rest: list[Opening], done: Replayed) -> None:
    """Say what the list names and the case keeps. A group of which an old list does not tell the column waits for the head."""
    waiting = {row.pk for row in rest if not plan.label and _partly(case, pack, row)}
    done.refused += [
        f"{_name(case)} {place_of(pack, r)}" if r.act.subject == case.pk else _told(r)
        for r in rest
        if r.pk not in waiting
    ]
    if waiting or (not plan.label and plan.rows):
        done.vague.append(_name(case))


def _partly(case: Case, pack: Pack, row: Opening) -> bool:
    """Is there a column in this group that can be erased?"""
    return any(target.column and holds(row, target, pack) for target in _targets(case, pack))


def _targets(case: Case, pack: Pack) -> list[Target]:
    return [target_of(key) for key, _ in choices(case, pack)]


def _old_plan(case: Case, pack: Pack, named: list[Opening]) -> Plan:
    """By a list that does not say what was erased: whole fields that can be, and the digests of the states that had them."""
    whole = [target for target in _targets(case, pack) if not target.column]
    rows = [row for row in named if any(holds(row, target, pack) for target in whole)]
    texts = texts_of([row.value for row in rows])
    return Plan("", texts=frozenset(texts), rows=(*rows, *states(named, rows)))


def _append(
    case: Case,
    target: Target,
    texts: Set[str],
    told: Erasure,
    content: dict[str, tuple[Any, str]],
    public: Publication | None,
) -> Act:
    """The act, with the case's row and the public one following it."""
    now, act_id = timezone.now(), uuid.uuid4()
    day = timezone.localtime(now).date().isoformat()
    state = _forgotten(case, target, texts, told, str(act_id), day)
    content = {"on": (day, "case"), WHAT: (target.key, "case"), **content}
    if public is not None:
        _unpublished(state, day)
        content["public_reason"] = (WITHDRAWN, "public")
    content["state"] = (digest(state), "case")
    entry = Entry("case", case.id, case.n + 1, case.head, AGAIN, AGAIN_LABEL, content, act_id)
    act = append(entry, Signed(None, OPERATOR, "operator", day, now))
    rows.follow(case, gather.pack_of(case), state, act)
    case.save()
    if public is not None:
        _withdraw(public, act, now)
    return act


def _forgotten(case: Case, target: Target, texts: Set[str], told: Erasure, act: str, day: str) -> State:
    state: State = copy.deepcopy(case.state)
    state["n"] += 1
    if not target.name:  # an old list: openings alone are known
        return state
    note = {
        "by": act,
        "on": told.on or day,
        "basis": told.basis,
        "label": told.label or target.key,
        "n": state["n"],
    }
    forget(state, target, texts, note)
    return state


def _public_texts(case: Case, texts: Set[str]) -> list[Opening]:
    found = Opening.objects.filter(act__subject=case.id, name="public_text", erased_by=None).select_related(
        "act"
    )
    return [row for row in found if holds_text(row.value, texts)]


def _unpublished(state: State, day: str) -> None:
    """As after 撤回公示: a new text can be prepared."""
    before = state["last"].get(WITHDRAW, {"count": 0})
    state["last"][WITHDRAW] = {"n": state["n"], "on": day, "count": before["count"] + 1, "by": ""}
    state["publication"] = {**state["publication"], "status": "withdrawn", "n": state["n"], "by": ""}


def _withdraw(row: Publication, act: Act, now: datetime) -> None:
    mine = Publication.objects.filter(pk=row.pk)
    mine.update(**rows.taken_out(timezone.localtime(now).date(), WITHDRAWN), **rows.made_by(act))
    asking.index(mine)
    outbox.decisions(mine.select_related("agency", "case"))
