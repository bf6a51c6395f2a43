"""What was erased by law stays erased after a restore (trust.md §1.5, R8): a backup made before has the value again, and the act that
ordered its erasure was lost with the database. Each case is made to forget it anew, by an act of its own that names the lost one.
"""

import copy
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from sanxiang.cases import search
from sanxiang.cases.disclosure import FIELDS
from sanxiang.cases.models import Case, Publication
from sanxiang.door import gather, installation, rows
from sanxiang.door.attempts import OPERATOR
from sanxiang.door.erasing import Plan, holds_text, left_of, plan_of, texts_of
from sanxiang.law.dossier import digest
from sanxiang.law.erasing import WHAT, Target, column_of, forget, target_of
from sanxiang.law.facts import State
from sanxiang.ledger.disclosure import field_digest
from sanxiang.ledger.erased import Erasure
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.verify import AGAIN, LOST, OPENINGS

LABEL = "恢复备份后再次依法删除"
WITHDRAWN = "从备份恢复的旧公示文本里有已经依法删除的内容，予以撤回，删去之后重新公示"
WITHDRAW = "withdraw-publication"


@dataclass
class Replayed:
    """What came of it: openings emptied, cases that forgot, and those of which an old list does not say what."""

    openings: int = 0
    cases: list[str] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)


def erase_again(erasures: Iterable[Erasure]) -> Replayed:
    """Erase what the list names and the database still has. Each case in one transaction under its lock; what no case can be
    told by is emptied by an act of the installation. Doing it twice does it once."""
    done, rest = Replayed(), list[Erasure]()
    known: dict[tuple[uuid.UUID, str], list[Erasure]] = {}
    for one in erasures:
        if Act.objects.filter(id=one.by).exclude(kind=LOST).exists():
            continue  # what the act of a whole database ordered was emptied in its own transaction
        case = one.case or Act.objects.filter(id=one.act).values_list("subject", flat=True).first()
        if case and Case.objects.filter(id=case).exists():
            known.setdefault((case, one.what), []).append(one)
        else:
            rest.append(one)
    for (case, what), some in known.items():
        _of_case(case, what, some, done)
    _of_nobody(rest, done)
    return done


def _named(erasures: list[Erasure]) -> list[Opening]:
    """The openings of the list that still say something."""
    names = {(one.act, name) for one in erasures for name in one.names}
    found = Opening.objects.filter(act__in={act for act, _ in names}, erased_by=None).select_related("act")
    return [row for row in found.order_by("pk") if (row.act_id, row.name) in names]


def _gone(emptied: Iterable[Opening]) -> list[dict[str, str]]:
    return [
        {"act": str(r.act_id), "name": r.name, "digest": field_digest(r.salt, r.name, r.value)}
        for r in emptied
    ]


def _of_case(case_id: uuid.UUID, what: str, erasures: list[Erasure], done: Replayed) -> None:
    target = target_of(what)
    with transaction.atomic():
        if connection.features.has_select_for_update:
            list(Case.objects.select_for_update().filter(id=case_id).values_list("n"))
        case = Case.objects.select_related("agency", "unit").get(id=case_id)
        plan = plan_of(case, gather.pack_of(case), what) if what else Plan("")
        named = [row for row in _named(erasures) if row.act.subject == case_id]
        emptied = {row.pk: row for row in (*plan.rows, *named)}
        stands = not target.n and bool(column_of(case.state["facts"].get(target.name), target.column))
        if not emptied and not stands:
            return
        texts = _texts(case, target, emptied.values())
        public = _standing(case, texts)
        if public is not None:
            emptied |= {row.pk: row for row in _public_texts(case, texts)}
        content: dict[str, tuple[Any, str]] = {
            "erasure": (sorted({str(one.by) for one in erasures}), "case"),
            OPENINGS: (_gone(emptied.values()), "case"), "erased:papers": (list(plan.papers), "case"), **left_of(plan),
        }  # fmt: skip
        act = _append(case, target, texts, erasures[0], content, public)
        Opening.objects.filter(pk__in=emptied).update(salt="", value=None, erased_by=act.id)
        done.openings += len(emptied)
        (done.cases if what else done.vague).append(case.number or case.code)


def _append(
    case: Case,
    target: Target,
    texts: set[str],
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
    entry = Entry("case", case.id, case.n + 1, case.head, AGAIN, LABEL, content, act_id)
    act = append(entry, Signed(None, OPERATOR, "operator", day, now))
    rows.follow(case, state, act)
    case.save()
    if public is not None:
        _withdraw(public, act, now)
    return act


def _texts(case: Case, target: Target, emptied: Iterable[Opening]) -> set[str]:
    """The words that are to be gone."""
    values = [] if target.n else column_of(case.state["facts"].get(target.name), target.column)
    for row in emptied:
        if row.name.rpartition(":")[2] == target.name:
            values += column_of(row.value, target.column)
    return {text for value in values for text in texts_of(value)}


def _forgotten(case: Case, target: Target, texts: set[str], told: Erasure, act: str, day: str) -> State:
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


def _standing(case: Case, texts: set[str]) -> Publication | None:
    """The public text that prints what was erased since."""
    row = Publication.objects.filter(case=case, status__in=("prepared", "published")).first()
    return row if row and any(holds_text(getattr(row, name), texts) for name in FIELDS) else None


def _public_texts(case: Case, texts: set[str]) -> list[Opening]:
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
    blank = dict.fromkeys(FIELDS, "") | {"text_digest": "", "withdrawal_reason": WITHDRAWN}
    rank = {"n": act.n, "head": act.leaf_hash, "act": act.id, "leaf_hash": act.leaf_hash}
    mine = Publication.objects.filter(pk=row.pk)
    mine.update(status="withdrawn", withdrawn_on=timezone.localtime(now).date(), **blank, **rank)
    search.index(mine)


def _of_nobody(erasures: list[Erasure], done: Replayed) -> None:
    """What stands in acts of no case: by an act of the installation."""
    emptied = _named(erasures)
    if not emptied:
        return
    with transaction.atomic():
        told = {OPENINGS: _gone(emptied), "erasure": sorted({str(one.by) for one in erasures})}
        act = installation.record(AGAIN, LABEL, told)
        Opening.objects.filter(pk__in=[r.pk for r in emptied]).update(salt="", value=None, erased_by=act.id)
    done.openings += len(emptied)
