"""The timeline of a case: what the ledger says was done, opened only as far as the reader may see it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.words import COLUMNS, PARTY_TYPES, Words
from sanxiang.door.offline import MARK
from sanxiang.door.sight import MACHINERY, ORDINARY, Sight
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act as Rule
from sanxiang.law.rules import people_in
from sanxiang.ledger.models import Act, Opening
from sanxiang.speech import role_name

PAGE = 100
"""Acts on one page of the timeline; a case that takes more is rare and then gets further pages."""

ALL = 1 << 30
"""More acts than a case ever has: for pages that ask what was said long ago."""

HIDDEN = "（已隐去：只有本案承办人和负责人等有权查看的人员可以看到）"
ERASED = "（已依法删除，账本仍可验证）"


@dataclass
class Step:
    """One act with its opened fields."""

    act: Act
    openings: list[Opening] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """What was said, by field."""
        return {o.name: o.value for o in self.openings}


def steps_of(
    case: Case, newest: int | None = None, most: int = ALL, also: Collection[int] = ()
) -> list[Step]:
    """Up to `most` acts of a case, the newest first, from act number `newest` down, and those numbered in `also`. One query,
    whatever their number."""
    top = min(newest or case.n, case.n)
    wanted = Q(act__n__lte=top, act__n__gt=top - most) | Q(act__n__in=also)
    rows = Opening.objects.filter(wanted, act__subject=case.id).exclude(name="state")
    found: dict[UUID, Step] = {}
    for row in rows.select_related("act").defer("act__leaf").order_by("-act__n", "pk"):
        found.setdefault(row.act_id, Step(row.act)).openings.append(row)
    return list(found.values())


def marks_in(case: Case) -> dict[UUID, dict[str, str]]:
    """By act, which of its answers are for some eyes, and for whose: of the whole case, however long. One query."""
    told = Opening.objects.filter(act__subject=case.pk).exclude(secrecy__in=ORDINARY)
    found: dict[UUID, dict[str, str]] = {}
    for act, name, mark in told.values_list("act_id", "name", "secrecy"):
        found.setdefault(act, {})[name] = mark
    return found


def people_of(pack: Pack, steps: Iterable[Step], *more: Iterable[str]) -> list[str]:
    """Ids of everybody that these steps mention, and of those given besides."""
    named = [identity for ids in more for identity in ids]
    for step in steps:
        if step.act.name in pack.acts:
            named += people_in(pack.acts[step.act.name], step.values)
    return list(dict.fromkeys(named))


def entries(steps: Iterable[Step], words: Words, sight: Sight) -> list[dict[str, Any]]:
    """The steps as the timeline part draws them."""
    return [entry(step, words, sight) for step in steps]


def entry(step: Step, words: Words, sight: Sight) -> dict[str, Any]:
    """One act: when it happened, who did it, what was said."""
    act = step.act
    rule = words.pack.acts.get(act.name)
    return {
        "when": act.on if len(act.on) > 10 or act.back_dated else timezone.localtime(act.at),
        "label": act.label,
        "who": act.by_name or "系统",
        "role": role_name(act.role) if act.role else "",
        "act_id": act.id,
        "fields": list(told(step, rule, words, sight)),
        "papers": papers_made(step, words),
        "backdated": back_dated(act) if act.back_dated else "",
        "offline": offline_text(step.values.get(MARK)),
    }


def told(step: Step, rule: Rule | None, words: Words, sight: Sight) -> Iterable[dict[str, str]]:
    """Field by field in the order of the form. Names with a mark in them are the ledger's, not the form's."""
    order = {item.name: n for n, item in enumerate(rule.fields)} if rule else {}
    for opening in sorted(step.openings, key=lambda o: order.get(o.name, len(order))):
        if opening.name not in (*MACHINERY, "paper_id") and not set(opening.name) & {":", "."}:
            label = words.label(step.act.name, opening.name)
            yield {"label": label, "value": opened(opening, rule, words, sight)}


def papers_made(step: Step, words: Words) -> list[str]:
    """The papers that the act made, each with its number."""
    made = []
    for opening in step.openings:
        mark, _, kind = opening.name.partition(":")
        if mark == "paper" and kind:
            known = words.pack.papers.get(kind)
            made.append(f"《{known.label if known else kind}》{(opening.value or {}).get('number', '')}")
    return made


def opened(opening: Opening, rule: Rule | None, words: Words, sight: Sight) -> str:
    """One value in words, or why it is not shown."""
    if opening.erased_by is not None:
        return erased_text(str(opening.erased_by), sight)
    if not sight.may(opening.secrecy):
        return HIDDEN
    if opening.name == "public_text" and opening.value:
        shown = {
            **opening.value,
            "party_type": PARTY_TYPES.get(kind := opening.value.get("party_type"), kind),
        }
        return "\n".join(f"{COLUMNS.get(key, key)}：{value}" for key, value in shown.items() if value)
    item = rule.field(opening.name) if rule else None
    return words.value(item, sight.of(item, opening.value)) if item else str(opening.value)


def erased_text(by: str, sight: Sight) -> str:
    """That it was erased by law: when and under which article, as the case keeps it."""
    known = sight.state.get("erased", {}).values()
    found = next((one for one in known if one["by"] == by), None)
    return f"已依法删除（{cn_date(found['on'])}，{found['basis']}），账本仍可验证" if found else ERASED


def back_dated(act: Act) -> str:
    """When a past act was put on record."""
    at = timezone.localtime(act.at)
    days = (at.date() - date.fromisoformat(act.on[:10])).days
    return f"{cn_datetime(at)}补录，比发生晚{days}日"


def offline_text(told: Mapping[str, Any] | None) -> str:
    """Both times of an act that was filled in without a network, and by which of them it was judged."""
    if not told:
        return ""
    behind = told["behind"]
    clock = f"设备时间{cn_datetime(told['clock'])}"
    if behind is None:
        clock += "（设备时钟没有核对过）"
    elif abs(behind) >= 1:
        clock += f"（比服务器{'慢' if behind > 0 else '快'} {abs(behind):.0f} 秒）"
    judged = "按填写的时间核对条件" if told["believed"] else "按到达的时间核对条件"
    return f"没有网络时填写，{clock}；{cn_datetime(told['arrived'])}到达服务器，{judged}"


def pages(case: Case, newest: int | None, most: int) -> Mapping[str, str | None]:
    """Links to older and newer acts, where there are any."""
    top = min(newest or case.n, case.n)
    here = f"/desk/cases/{case.id}/timeline/"
    low = max(top - most, 0) + 1
    return {
        "total_text": f"共 {case.n} 步",
        "range_text": f"第 {low} 至 {top} 步" if case.n > most else "",
        "prev_href": f"{here}?from={min(top + PAGE, case.n)}" if top < case.n else None,
        "next_href": f"{here}?from={low - 1}" if low > 1 else None,
        "all_href": f"{here}?all=1" if case.n > most else None,
    }
