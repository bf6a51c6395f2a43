"""重点执法行为: what an agency marks to be watched with priority: an item of its list, a kind of act, a step of procedures.

The marks are the ledger itself: a mark stands from the act that sets it to the act that takes it off.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.gather import registered
from sanxiang.door.pinned import current
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.packs import Pack
from sanxiang.oversight.figures.sums import Sums, added, sums_of
from sanxiang.oversight.models import CaseFigures
from sanxiang.people import roles

TAG, UNTAG = "tag-key-act", "untag-key-act"
ACTS = (TAG, UNTAG)
NORM = Citation("国办发〔2018〕118号", "三（十）", "norm")
SCOPES = {"item": "执法事项", "kind": "行为种类", "step": "执法环节"}
TAGGERS = (roles.AGENCY_HEAD, roles.LEGAL_REVIEWER, roles.RECORDING_SUPERVISOR, roles.SUPERVISOR)
MOST = 40
"""Marks at a time in one agency: where everything has priority nothing has."""


@dataclass(frozen=True)
class KeyAct:
    """A mark that stands: on what, why, since when, by whom."""

    agency: UUID
    scope: str
    name: str
    code: str
    reason: str
    since: date
    by: str

    def covers(self) -> Q:
        """The counted cases in which it occurs."""
        found = Q(agency=self.agency)
        if self.scope == "item":
            return found & Q(item=self.name)
        return found & (
            Q(act_type=self.code) if self.scope == "kind" else Q(steps__contains=f"|{self.code}|")
        )


def key_acts_in(agencies: Collection[UUID]) -> list[KeyAct]:
    """The marks that stand, in the order in which they were set. Two queries."""
    found: dict[tuple[UUID, str, str], KeyAct] = {}
    for act, said in said_by(ACTS, agencies):
        scope, name = str(said.get("scope") or ""), str(said.get("name") or "")
        if act.name == UNTAG:
            found.pop((act.subject, scope, name), None)
        else:
            since = date.fromisoformat(act.on[:10])
            reason, code = str(said.get("reason") or ""), str(said.get("code") or "")
            found[act.subject, scope, name] = KeyAct(
                act.subject, scope, name, code, reason, since, act.by_name
            )
    return list(found.values())


def watched(marks: Iterable[KeyAct], rows: QuerySet[CaseFigures], today: date) -> list[Sums]:
    """What the cases of each mark come to, in its order. One query, whatever their number."""
    told = list(marks)
    parts = [
        rows.filter(one.covers())
        .order_by()
        .annotate(mark=Value(str(place), CharField()))
        .values("mark")
        .annotate(**added(today))
        for place, one in enumerate(told)
    ]
    found = parts[0].union(*parts[1:], all=True) if parts else ()
    by_mark: Mapping[str, Sums] = {row["mark"]: sums_of(row) for row in found}
    return [by_mark.get(str(place), Sums()) for place in range(len(told))]


def code_of(pack: Pack, scope: str, name: str) -> str:
    """The code of a kind of act or of a step that is called so; "" where there is none."""
    if scope == "kind":
        return next((str(t["code"]) for t in pack.act_types() if name in (t["label"], t["code"])), "")
    return next((act.id for act in pack.acts.values() if name in (act.label, act.id)), "")


def sound_tag(change: Change) -> list[Verdict]:
    """There is such an item, kind or step here, and it bears no mark yet."""
    scope, name = str(change.data.get("scope") or ""), str(change.data.get("name") or "")
    if scope not in SCOPES or not name:
        return []
    verdicts, pack = [], current(change.agency.locality)
    if scope == "item" and not registered(change.agency, "items", change.day, name):
        fact = f"本机关现行的事项清单里没有“{name}”"
        verdicts.append(unmet("name", NORM, fact, "照事项清单上的名称填写"))
    if scope != "item" and not code_of(pack, scope, name):
        fact = f"本地方案和程序里没有叫“{name}”的{SCOPES[scope]}"
        verdicts.append(unmet("name", NORM, fact, "照办理页面上的名称填写"))
    marks = key_acts_in([change.agency.pk])
    if standing(marks, scope, name):
        verdicts.append(
            unmet("once", NORM, f"“{name}”已经标为重点执法行为", "不用再标；理由有变的先取消再标")
        )
    if len(marks) >= MOST:
        verdicts.append(
            unmet("most", NORM, f"已经标了 {len(marks)} 项", f"最多 {MOST} 项，先取消不再是重点的")
        )
    return verdicts


def standing(marks: Iterable[KeyAct], scope: str, name: str) -> bool:
    """Does a mark stand on this?"""
    return any((one.scope, one.name) == (scope, name) for one in marks)


def marked(change: Change) -> list[Verdict]:
    """There is a mark to be taken off."""
    scope, name = str(change.data.get("scope") or ""), str(change.data.get("name") or "")
    if not scope or not name or standing(key_acts_in([change.agency.pk]), scope, name):
        return []
    return [unmet("name", NORM, f"“{name}”没有标为重点执法行为", "照重点执法行为页上的名称填写")]


def coded(change: Change) -> dict[str, Any]:
    """The code behind the name, so that a later wording of the pack changes nothing."""
    scope, name = str(change.data["scope"]), str(change.data["name"])
    return {"code": "" if scope == "item" else code_of(current(change.agency.locality), scope, name)}


SCOPE = asked("scope", "标在", "choice", options=SCOPES)
NAME = asked("name", "名称", longest=200, help="执法事项照事项清单，行为种类照方案，执法环节照办理步骤的名称")


@admin_act(
    TAG,
    "标为重点执法行为",
    TAGGERS,
    (SCOPE, NAME, asked("reason", "理由", "longtext")),
    NORM,
    group="oversight",
    help="标了的在“重点执法行为”页上单独统计",
    checks=sound_tag,
    secrecy="case",
    adds=coded,
)
def tag(change: Change) -> None:
    """Watched with priority from now on."""


@admin_act(
    UNTAG,
    "取消重点执法行为",
    TAGGERS,
    (SCOPE, NAME, asked("reason", "理由", "longtext")),
    NORM,
    group="oversight",
    checks=marked,
    secrecy="case",
)
def untag(change: Change) -> None:
    """No longer watched with priority."""
