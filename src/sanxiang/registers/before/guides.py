"""服务指南 in force: one for each item, in the fields of the scheme, and the items that have none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sanxiang.law.lists import NAMING, cell
from sanxiang.law.packs import Pack
from sanxiang.law.registers.kinds import GUIDE_MORE
from sanxiang.registers.before.charts import kinds_of, published
from sanxiang.registers.before.told import Told

KIND = "guide"
NAMES = ("事项名称", "执法事项名称")
CODE, PLAIN, SAMPLE = GUIDE_MORE

ALIKE = (
    NAMES,
    ("执法机构", "受理机构"),
    ("执法流程", "办理流程"),
    ("联系电话", "办公电话"),
)
"""What schemes call one thing by several names."""

LONGEST = 500
PLAIN_CURE = "用办事群众看得懂的话写明找谁办、要带什么、多久办好"
JARGON = ("之规定", "不予受理之情形", "行政相对人", "法律后果自负", "特此", "兹")
"""Words of documents that nobody says at a window."""


def alike(name: str) -> tuple[str, ...]:
    """The names under which schemes ask for the same."""
    return next((names for names in ALIKE if name in names), (name,))


def plain_fault(pack: Pack, row: Mapping[str, Any]) -> str:
    """What is wrong with the plain words of a guide; a scheme that asks for plain language demands them."""
    said, asked = str(row.get(PLAIN) or "").strip(), pack.listed(KIND).get("plain")
    most = int(asked or LONGEST)
    if asked and not said:
        return f"没有填写“{PLAIN}”"
    if len(said) > most:
        return f"“{PLAIN}”有 {len(said)} 个字，最多 {most} 个"
    if words := [word for word in JARGON if word in said]:
        return f"“{PLAIN}”里的“{'、'.join(words)}”不是通俗的话"
    return ""


@dataclass(frozen=True)
class Guide:
    """One guide as it was issued."""

    key: str
    name: str
    fields: tuple[tuple[str, str], ...]
    plain: str
    sample: str


def key_of(name: str) -> str:
    """The part of an address that stays the same from release to release."""
    return sha256(name.encode()).hexdigest()[:12]


def guides_of(told: Told) -> list[Guide]:
    """The guides of one agency, in their order; the scheme's fields first, each with its label."""
    order = told.fields(KIND)
    found = []
    for row in told.rows(KIND):
        name = cell(row, NAMES)
        labels = [
            *(x for x in order if row.get(x)),
            *(x for x in row if x not in order and x not in GUIDE_MORE),
        ]
        fields = tuple((label, str(row[label])) for label in labels)
        found.append(Guide(key_of(name), name, fields, str(row.get(PLAIN, "")), str(row.get(SAMPLE, ""))))
    return found


def unguided(told: Told) -> list[str]:
    """The items of the list in force for which there is no guide, by name."""
    there = {cell(row, (column,)) for row in told.rows(KIND) for column in (*NAMES, CODE)} - {""}
    return [
        cell(row, NAMING)
        for row in told.rows("items")
        if cell(row, NAMING) and not there & {cell(row, (column,)) for column in NAMING}
    ]


TYPES = ("执法类别", "行为类别", "事项类型", "类别", "权限")
"""How lists call the kind of act that an item is of."""


def uncharted(told: Told) -> list[str]:
    """The items whose kind of act has no published chart; an item that tells no kind needs any chart at all."""
    labels = {label for _, label in published(told)}
    kinds = list(kinds_of(told.pack).values()) if told.pack else []
    return [
        cell(row, NAMING)
        for row in told.rows("items")
        if cell(row, NAMING) and not (labels & wanted(row, kinds) if wanted(row, kinds) else labels)
    ]


def wanted(row: Mapping[str, Any], kinds: Iterable[str]) -> set[str]:
    """The kinds of acts that a row names."""
    said = [str(row[column]) for column in TYPES if row.get(column)]
    return {label for label in kinds if any(label.removeprefix("行政") in text for text in said)}
