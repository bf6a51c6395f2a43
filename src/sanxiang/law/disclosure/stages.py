"""The stages of publication 采集、传递、审核、发布: which of them a locality separates, which act is which, and who answers for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from sanxiang.law.lists import Row, cell
from sanxiang.law.packs import Pack

STAGES = {
    "collect": ("采集", "collect-publication"),
    "pass": ("传递", "prepare-publication"),
    "vet": ("审核", "vet-publication"),
    "publish": ("发布", "publish"),
}
"""Each stage: its name, and the act that is it."""

DUTIES = "disclosure-duties"
CATEGORY = "类别"
COLUMNS = (CATEGORY, *(name for name, _ in STAGES.values()))
"""The register of duties: a line for each kind of publication, a column for each stage with who does it."""

BEFORE = "事前公开"
"""The one kind of publication that is no decision."""

RESET = ("publish", "withdraw-publication", "expire-publication", "undo-decision", "revoke-decision")
"""After these everything begins anew."""


def separate(pack: Pack) -> tuple[str, ...]:
    """The stages that are steps of their own here, in order: what is handed in is confirmed by another in any case."""
    wanted = {"pass", "publish", *(pack.setting("publish.mechanisms") or ())}
    return tuple(stage for stage in STAGES if stage in wanted)


def categories(pack: Pack) -> list[str]:
    """Every kind of publication for which somebody has to answer."""
    return [*(str(kind["label"]) for kind in pack.act_types()), BEFORE]


def duties_of(rows: Iterable[Row] | None, category: str) -> Row | None:
    """The line of one kind; {} where the register has none, None where there is no register."""
    if rows is None:
        return None
    return next((row for row in rows if cell(row, (CATEGORY,)) == category), {})


def unowned(row: Row) -> list[str]:
    """The stages for which nobody answers."""
    return [name for name in COLUMNS[1:] if not cell(row, (name,))]


def missed(pack: Pack, last: Mapping[str, Any]) -> list[str]:
    """Stages before the last that were not taken since the text was last put up or taken down, or in the wrong order."""
    floor = max((int(last[act]["n"]) for act in RESET if act in last), default=0)
    wanting = []
    for stage in separate(pack)[:-1]:
        name, act = STAGES[stage]
        n = int(last[act]["n"]) if act in last else 0
        if n <= floor:
            wanting.append(name)
        else:
            floor = n
    return wanting


def took_part(pack: Pack, last: Mapping[str, Any], before: str) -> set[str]:
    """Who took the stages before that act and may not take it too. Whoever vetted may publish, unless the scheme tells those apart."""
    acts = [act for _, act in STAGES.values()]
    earlier = acts[: acts.index(before)]
    if before == "publish" and "publish" not in (pack.setting("publish.mechanisms") or ()):
        earlier = [act for act in earlier if act != "vet-publication"]
    return {str(last[act].get("by", "")) for act in earlier if act in last}
