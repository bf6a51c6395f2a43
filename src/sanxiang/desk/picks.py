"""What a form of an act offers to choose from in the case's own rows, so that nobody types numbers of steps, pieces or papers.

The door takes the values as before: whoever writes them by program is not bound to the lists.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from sanxiang.cases.models import Case, Evidence
from sanxiang.cases.recording.films import recording
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.media_parts import clock, label_of, places_in
from sanxiang.door.models import Number
from sanxiang.door.recording.equipment import devices_in
from sanxiang.door.registers.marking import MARK
from sanxiang.door.sight import Sight
from sanxiang.law import levies
from sanxiang.law.changes.marks import marks_of
from sanxiang.law.facts import Facts
from sanxiang.law.recording.book import pending, unfilmed
from sanxiang.law.rules import Field
from sanxiang.law.rulings import LABELS

Choice = dict[str, str]
APPROVAL = "approve-recording"
CARE = ("held", "kept")
MOST_CASES = 200
"""So many cases a form of another case offers, the newest; any other is named by its number."""
ROW = re.compile(r"-(?:\d+|__i__)-")


@dataclass(frozen=True)
class Pick:
    """The choices of one field: closed, or with `open` only proposed beside what may be typed; `none` says why
    there are none. What is `hidden` is chosen together with another field."""

    choices: tuple[Choice, ...]
    none: str = ""
    open: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Desk:
    """Whose form it is: the facts, the case, and what these eyes may see of it."""

    facts: Facts
    case: Case
    sight: Sight
    people: Mapping[str, str] = field(default_factory=dict)


def picks_of(facts: Facts, case: Case, people: Iterable[Mapping[str, str]]) -> dict[str, Pick]:
    """What the fields of an act offer, by field, or by field and column. No query for acts that have none of these fields."""
    sight = Sight(facts.actor, facts.state, str(case.unit_id or ""))
    names = {one["value"]: one["label"] for one in people}
    desk = Desk(facts, case, sight, names)
    asked = {name for item in facts.act.fields for name in named(item)}
    if facts.act.id != "unclear-person":
        asked.discard("cleared_person")
    if any(effect["do"] == "property-out" for effect in facts.act.effects):
        asked.discard("chosen")  # the form knows by the effect which of them are meant
    return {name: PICKS[name](desk) for name in sorted(asked & set(PICKS))}


def named(item: Field) -> list[str]:
    """A field's own name, and those of its columns."""
    return [item.name, *(f"{item.name}-{column.name}" for column in item.columns)]


def drawn(picks: Mapping[str, Pick], name: str, part: dict[str, Any]) -> dict[str, Any]:
    """A part of the page with its choices, where its field has some; an empty list says why it is empty."""
    pick = picks.get(ROW.sub("-", name))
    if pick is not None and pick.hidden:
        return part | {"kind": "hidden", "value": ""}
    if pick is None or (pick.open and not pick.choices):
        return part
    if pick.open:
        return part | {"kind": "text", "proposed": list(pick.choices)}
    kind = "multichoice" if part["kind"] == "multichoice" else "choice"
    value = part["value"] or [] if kind == "multichoice" else str(part["value"] or "")
    choices: list[dict[str, Any]] = [*pick.choices]
    if kind == "choice" and value and value not in {one["value"] for one in choices}:
        choices.append({"value": value, "label": value})  # what was brought along by a link stays what it is
    told = {"kind": kind, "choices": choices, "value": value, "none_text": pick.none}
    if not choices:
        hint = "；".join(filter(None, (str(part.get("hint") or ""), pick.none)))
        return part | told | {"draw": "radio", "hint": "" if part["required"] else hint}
    return part | told | ({} if part["required"] and ROW.search(name) is None else {"draw": "select"})


def spread(act: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen as the door takes it: a paragraph is chosen together with the paper that it stands in."""
    kind, colon, number = str(raw.get("paragraph") or "").partition(":")
    if act != MARK or not colon:
        return dict(raw)
    return {**raw, "marked_paper": kind, "paragraph": number}


def joined(act: str, raw: Mapping[str, Any] | None, wrong: dict[str, str]) -> Mapping[str, Any] | None:
    """What was sent as the form has it, for the form that is shown again; what is said of both fields stands at the one shown."""
    if act != MARK or raw is None:
        return raw
    if told := wrong.pop("marked_paper", ""):
        wrong.setdefault("paragraph", told)
    paper, number = raw.get("marked_paper") or "", str(raw.get("paragraph") or "")
    return {**raw, "paragraph": f"{paper}:{number}" if paper and number else number}


# The lists


def _marks(desk: Desk) -> Pick:
    """The marks that stand."""
    pack = desk.facts.pack
    return Pick(
        tuple(
            {
                "value": str(one["n"]),
                "label": f"第{one['n']}步：{clock(one['second'])}，《{label_of(pack, one['kind'])}》第{one['paragraph']}段",
                "hint": one.get("note", ""),
            }
            for one in marks_of(desk.facts.state)
        ),
        "本案没有可以撤回的音像标注。",
    )


def _clips(desk: Desk) -> Pick:
    """The recordings that these eyes may see. One query."""
    rows = Evidence.objects.filter(case=desk.case).order_by("n", "id")
    found = {
        row.digest: f"第{row.n}步　{row.title or row.filename}"
        for row in rows.only("n", "digest", "title", "filename", "mime", "secrecy")
        if recording(row.mime, row.filename) and desk.sight.may(row.secrecy)
    }
    choices = tuple({"value": digest, "label": label} for digest, label in found.items())
    return Pick(choices, "本案还没有录音、录像，先用“收集证据”或者“补入音像记录”收入。")


def _paragraphs(desk: Desk) -> Pick:
    """The paragraphs of the papers that these eyes may read. One query."""
    choices = tuple(
        {"value": one["value"], "label": f"{paper['label']}　{one['text']}"}
        for paper in places_in(desk.case, desk.facts.pack, desk.sight)
        for one in paper["paragraphs"]
    )
    return Pick(choices, "本案还没有可以衔接的文书，先办理制作文书的步骤。")


def _with_paragraph(desk: Desk) -> Pick:
    """The paper of a mark is known by its paragraph."""
    return Pick((), hidden=True)


def _steps(desk: Desk) -> Pick:
    """The steps whose recording is still open; for the head, those that were explained."""
    heads = desk.facts.act.id == APPROVAL
    rows = pending(desk.facts.state) if heads else unfilmed(desk.facts.state)
    choices = tuple(
        {"value": str(row["n"]), "label": f"第{row['n']}步　{row['label']}", "hint": cn_date(row["on"])}
        for row in rows
    )
    return Pick(choices, "没有说明待批准。" if heads else "应当作音像记录的步骤都有记录，不用选择。")


def _pieces(desk: Desk) -> Pick:
    """The evidence that counts and that these eyes may see."""
    rows = [one for one in desk.facts.state["evidence"] if not one.get("excluded")]
    choices = tuple(
        {"value": str(one["id"]), "label": f"第{one['n']}步　{one.get('title') or one['kind']}"}
        for one in rows
        if desk.sight.may(one.get("secrecy", "case"))
    )
    return Pick(choices, "本案还没有证据。")


def _held(desk: Desk) -> Pick:
    """The things in care."""
    choices = tuple(
        {
            "value": str(one["id"]),
            "label": f"{one['id']} {one['name']}",
            "hint": str(one.get("quantity") or ""),
        }
        for one in desk.facts.state["property"]
        if one["status"] in CARE
    )
    return Pick(choices, "现在没有在管的财物。")


def _taken(desk: Desk) -> Pick:
    """What was taken over for use and is still in use."""
    choices = tuple(
        {"value": str(one["id"]), "label": f"{one['id']} {one.get('name', '')}"}
        for one in levies.requisitioned(desk.facts.state, levies.USED)
    )
    return Pick(choices, "没有在用的征用财产。")


def _submissions(desk: Desk) -> Pick:
    """What the sides of an adjudication handed in."""
    rows = desk.facts.state["facts"].get("submissions") or ()
    choices = tuple(
        {
            "value": str(one["no"]),
            "label": f"第{one['no']}项　{one.get('title', '')}",
            "hint": LABELS[one["side"]],
        }
        for one in rows
    )
    return Pick(choices, "各方还没有提交材料，先办理登记材料的步骤。")


def _cleared(desk: Desk) -> Pick:
    """Who was cleared for what is closed in this case."""
    keys = desk.facts.state.get("cleared", ())
    choices = tuple({"value": key, "label": desk.people.get(key, "已经离岗的人员")} for key in keys)
    return Pick(choices, "本案没有批准过谁知悉限定范围的材料。")


def _numbers(desk: Desk) -> Pick:
    """Numbers that this officer took along. One query."""
    rows = Number.objects.filter(
        series__agency=desk.case.agency_id, status="reserved", held_by=desk.facts.actor.id
    ).order_by("series", "ordinal")
    choices = tuple({"value": text, "label": text} for text in rows.values_list("text", flat=True))
    return Pick(choices, open=True)


def _devices(desk: Desk) -> Pick:
    """The devices in use, those that the officer has first. Two queries."""
    rows = [one for one in devices_in([desk.case.agency_id]) if one.state != "retired"]
    rows.sort(key=lambda one: (one.holder != desk.facts.actor.name, one.serial))
    choices = ({"value": one.serial, "label": one.holder and f"{one.holder}领用"} for one in rows)
    return Pick(tuple(choices), open=True)


def _cases(desk: Desk) -> Pick:
    """Other cases of the agency, the newest first. One query."""
    rows = Case.objects.filter(~Q(pk=desk.case.pk), agency=desk.case.agency_id).order_by("-opened_at", "pk")
    told = rows.values_list("number", "code", "title")[:MOST_CASES]
    return Pick(tuple({"value": number or code, "label": title} for number, code, title in told), open=True)


PICKS: dict[str, Callable[[Desk], Pick]] = {
    "mark_no": _marks,
    "clip": _clips,
    "paragraph": _paragraphs,
    "marked_paper": _with_paragraph,
    "record_of": _steps,
    "evidence_ids": _pieces,
    "chosen": _held,
    "back-no": _taken,
    "submission": _submissions,
    "cleared_person": _cleared,
    "reserved_number": _numbers,
    "clips-device": _devices,
    "merged_into": _cases,
    "linked_case": _cases,
    "source_case": _cases,
}
"""By field, or by field and column."""
