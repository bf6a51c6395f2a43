"""The agency's own lists 音像记录事项清单, 记录环节表: which of their rows speak of an act, and what a row demands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.lists import Row, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording.matters import MATTERS, PREMISES, could_be
from sanxiang.law.recording.means import NOTHING, means_in
from sanxiang.law.rules import Act

FORMS = ("记录方式", "音像形式", "音像记录方式", "方式")
STEPS = ("关键环节", "执法环节", "环节", "音像记录事项", "事项")
"""The columns in which offices name the activity; where one says nothing that we know, the next is asked."""

TYPES = ("行为类别", "执法类别")
STAGES = ("阶段",)
WHOLE, WHOLE_PLACES = "全程记录的现场执法活动", "全程记录的执法场所"
YES = frozenset({"是", "全程", "全部", "需要", "要"})
EVERY = frozenset({"", "全部", "所有", "各类", "全部类别", "—", "-", "/"})


@dataclass(frozen=True)
class Listed:
    """What one row demands of an act: how the row calls it, by which means, and whether from beginning to end."""

    label: str
    forms: tuple[str, ...]
    full: bool


def parts(text: str) -> list[str]:
    """The things that one cell names."""
    return [part.strip() for part in re.split("[、，,；;/\n]", text) if part.strip()]


def demanded(
    rows: Iterable[Row], pack: Pack, act: Act, act_type: str, data: Mapping[str, Any]
) -> Iterator[Listed]:
    """The rows of a list that speak of this act, each as what it demands."""
    known = names_of(pack, act)
    room = PREMISES.get(str(data.get("premises") or ""), "")
    for row in rows:
        text = cell(row, FORMS)
        if text in NOTHING or not _of_type(row, pack, act_type):
            continue
        named = step_of(row, known) or _stage_of(row, pack, act)
        whole = [one for one in parts(str(row.get(WHOLE) or "")) if one not in NOTHING]
        places = [one for one in parts(str(row.get(WHOLE_PLACES) or "")) if one not in NOTHING]
        full = bool(set(whole) & known) or (bool(named) and ("全程" in text or bool(set(whole) & YES)))
        full = full or (bool(room) and room in places)
        if named or full:
            yield Listed(named or act.label, means_in(text), full)


def step_of(row: Row, known: set[str]) -> str:
    """What of a row names the activity, if anything does."""
    for column in STEPS:
        for one in parts(str(row.get(column) or "")):
            if one in known:
                return one
    return ""


def _of_type(row: Row, pack: Pack, act_type: str) -> bool:
    """Is the row about this kind of enforcement? One that names no kind is about all."""
    text = cell(row, TYPES)
    if text in EVERY:
        return True
    words = {act_type, *(str(t["label"]) for t in pack.act_types() if t["code"] == act_type)}
    words |= {word.removeprefix("行政") for word in words}
    return bool(words & set(parts(text)))


def _stage_of(row: Row, pack: Pack, act: Act) -> str:
    """The stage that a row names, where it names no step and the act is an activity of that stage."""
    if any(cell(row, (column,)) for column in STEPS):
        return ""
    named = cell(row, STAGES)
    return named if named and named in stages_of(pack, act) else ""


def names_of(pack: Pack, act: Act) -> set[str]:
    """What lists call this act: its label, the steps of the flowchart that it does, the matters of the scheme for it."""
    short = re.split("[（）]", act.label)
    could = could_be(act)
    matters = [
        b.data["label"]
        for b in pack.of_kind("record")
        if act.id in b.data.get("acts", ()) or b.data["matter"] in could
    ]
    steps = [
        stage.label for stage in pack.stages if any(n.partition(":")[0] == act.id for n in stage.done_by)
    ]
    plain = [one.removeprefix("举行").removesuffix("文书") for one in short]
    words = {MATTERS[one] for one in could if one in MATTERS}
    return {act.id, act.label, *short, *plain, *matters, *steps, *words} - {""}


def stages_of(pack: Pack, act: Act) -> set[str]:
    """What lists call the part of the procedure in which an act is done: the scheme's own links, and the flowchart's."""
    nodes = [s for s in pack.stages if any(n.partition(":")[0] == act.id for n in s.done_by)]
    canonical = {node.canonical for node in nodes}
    links = [
        str(row["label"])
        for row in pack.setting("recording.stages") or ()
        if canonical & set(row.get("canonical", ()))
    ]
    return {*(node.label for node in nodes), *links}


def of_matrix(rows: Iterable[Row], pack: Pack, act: Act) -> Iterator[Listed]:
    """The rows of a recording matrix that want sound or film of this act."""
    known = names_of(pack, act) | stages_of(pack, act)
    for row in rows:
        forms = means_in("、".join(str(row.get(name) or "") for name in (*FORMS, "形式")))
        named = next((one for one in parts(cell(row, STEPS)) if one in known), "")
        if forms and named:
            yield Listed(named, forms, False)


def unknown_rows(rows: Iterable[Row], pack: Pack) -> list[str]:
    """What rows name that no activity of this pack is called: nothing would ever be asked for by them."""
    acts = [act for act in pack.acts.values() if act.matters or act.field("photos")]
    known = {name for act in acts for name in names_of(pack, act) | stages_of(pack, act)}
    known |= set(PREMISES.values())
    lost = []
    for number, row in enumerate(rows, 1):
        columns = (*STEPS, *STAGES, WHOLE, WHOLE_PLACES)
        told = [one for column in columns for one in parts(str(row.get(column) or ""))]
        if cell(row, FORMS) not in NOTHING and told and not set(told) & known:
            lost.append(f"第 {number} 行“{told[0]}”")
    return lost
