"""From a block to the rule it states; what cannot be meant is refused with file, line and reason."""

import re
from dataclasses import replace
from typing import Any

from sanxiang.law.blocks import Block
from sanxiang.law.rules import (
    FIELD_TYPES,
    PROVENANCES,
    Act,
    Field,
    Guard,
    LimitRule,
    PaperRule,
    Procedure,
    Section,
    Stage,
    Value,
    as_tuple,
    take,
)

MILESTONES = {
    "file": "filed",
    "start-summary": "filed",
    "decide": "decided",
    "decide-on-spot": "decided",
    "decide-no-penalty": "decided",
}
"""Of the acts that are milestones in packs which do not say so: cases are pinned to such."""

SECRET_WHEN = re.compile(r"\w+(=[^=,]+)?(,\s*\w+(=[^=,]+)?)*")


def _some(raw: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    """Of these keys, those that the block states."""
    return {key: raw[key] for key in keys & set(raw)}


def _many(raw: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """These keys as tuples, stated or not, one or many."""
    return {key: as_tuple(raw.get(key)) for key in keys}


def _named(raw: Any, key: str) -> tuple[dict[str, str], ...]:
    """Items that are a name, or a table with that name and more."""
    return tuple({key: item} if isinstance(item, str) else dict(item) for item in raw)


def read_field(block: Block, raw: dict[str, Any]) -> Field:
    """One field of an act."""
    known = set(Field.__dataclass_fields__)
    if unknown := sorted(set(raw) - known):
        raise block.error(f"字段 {raw.get('name')} 不认识的键：{'、'.join(unknown)}")
    if "name" not in raw or "label" not in raw:
        raise block.error("字段要有 name 和 label")
    if raw.get("type", "text") not in FIELD_TYPES:
        raise block.error(f"字段 {raw['name']} 的类型 {raw['type']!r} 不认识，可用：{'、'.join(FIELD_TYPES)}")
    for key in ("secret_when", "witness_when"):
        if key in raw and not SECRET_WHEN.fullmatch(raw[key]):
            hint = "应写成“字段=值”或者“字段”（填了就算），多个值用 | 隔开，多个条件用逗号隔开"
            raise block.error(f"字段 {raw['name']} 的 {key} {hint}")
    options = tuple((str(o[0]), str(o[1])) for o in raw.get("options", ()))
    columns = tuple(read_field(block, column) for column in raw.get("columns", ()))
    return Field(**{**raw, "options": options, "columns": columns})


def fill_fields(block: Block, shared: dict[str, dict[str, Any]]) -> Block:
    """Replace field names by the shared fields they name; `{use = "x", …}` changes some of its keys."""
    fields = []
    for raw in block.data.get("fields", ()):
        name = raw if isinstance(raw, str) else raw.get("use")
        if name is not None and name not in shared:
            raise block.error(f"共用字段 {name} 没有定义")
        own = {} if isinstance(raw, str) else {k: v for k, v in raw.items() if k != "use"}
        fields.append({**shared[name], **own} if name is not None else raw)
    return replace(block, data={**block.data, "fields": fields}) if fields else block


def read_act(block: Block) -> Act:
    """An act block."""
    known = set(Act.__dataclass_fields__) - {"citation", "place"}
    raw = take(block, known, ("id", "label", "procedures", "stages"))
    many = ("procedures", "stages", "by", "papers", "closes", "matters")
    own = _some(raw, known - {*many, "fields", "effects", "opens"})
    return Act(
        **{"milestone": MILESTONES.get(str(raw["id"]), ""), **own},
        **_many(raw, many),
        fields=tuple(read_field(block, f) for f in raw.get("fields", ())),
        effects=as_tuple(raw.get("effects")),
        opens=as_tuple(raw.get("opens")),
        citation=block.citation,
        place=(block.file, block.line),
    )


def read_guard(block: Block) -> Guard:
    """A guard block."""
    raw = take(block, {"id", "on", "needs", "args", "when", "cure", "procedures"}, ("id", "on", "needs"))
    return Guard(
        id=raw["id"],
        on=as_tuple(raw["on"]),
        needs=raw["needs"],
        args=raw.get("args", {}),
        when=as_tuple(raw.get("when")),
        cure=raw.get("cure", ""),
        procedures=as_tuple(raw.get("procedures")),
        citation=block.citation,
        place=(block.file, block.line),
    )


def read_limit(block: Block) -> LimitRule:
    """A limit block: either `n` or the parameter `key` that holds it."""
    known = set(LimitRule.__dataclass_fields__) - {"citation", "place"}
    raw = take(block, known, ("id", "label", "unit", "start"))
    if ("n" in raw) == ("key" in raw):
        raise block.error("limit 要有 n（数字）或 key（参数名）之一，且只能有一个")
    if raw["unit"] not in ("working", "calendar", "month", "year", "hours"):
        raise block.error(
            f"limit 的单位 {raw['unit']!r} 不认识：working 工作日、calendar 自然日、month、year、hours"
        )
    many = ("start", "stop", "procedures", "when", "after")
    return LimitRule(
        **_some(raw, known - {*many, "note"}),
        **_many(raw, many),
        note=raw.get("note", ""),
        citation=block.citation,
        place=(block.file, block.line),
    )


def read_stage(block: Block) -> Stage:
    """A flowchart node, or a locality's further records for one."""
    known = set(Stage.__dataclass_fields__) - {"citation"}
    more = "adds_to" in block.data
    raw = take(block, known, ("id", "records") if more else ("id", "label", "procedures", "canonical"))
    many = ("procedures", "done_by", "when", "records", "again_after", "beside")
    listed = {"settled_by": "guard", "next": "act", "hears": "act"}
    named: dict[str, Any] = {key: _named(raw.get(key, ()), name) for key, name in listed.items()}
    return Stage(
        **_some({"label": "", "canonical": "", **raw}, known - {*many, *listed}),
        **_many(raw, many),
        **named,
        citation=block.citation,
    )


def read_procedure(block: Block) -> Procedure:
    """A procedure with the stages that its acts name."""
    raw = take(
        block,
        {"id", "label", "act_type", "start", "stages", "help", "title_end"},
        ("id", "label", "act_type", "start", "stages"),
    )
    stages = tuple((str(s[0]), str(s[1])) for s in raw["stages"])
    told = _some(raw, {"id", "label", "act_type", "start", "help", "title_end"})
    return Procedure(**told, stages=stages, citation=block.citation)


def read_section(block: Block) -> Section:
    """The heading of fields that belong together."""
    raw = take(block, {"id", "label", "help"}, ("id", "label"))
    return Section(raw["id"], raw["label"], block.citation, raw.get("help", ""))


def read_paper(block: Block) -> PaperRule:
    """A document template."""
    known = set(PaperRule.__dataclass_fields__) - {"citation", "place"}
    raw = take(block, known, ("id", "label", "body"))
    many = ("items", "signers", "when")
    return PaperRule(
        **_some(raw, known - {*many}),
        **_many(raw, many),
        citation=block.citation,
        place=(block.file, block.line),
    )


def read_value(block: Block) -> Value:
    """A parameter's value, or the statement that nothing is set."""
    known = {"key", "value", "set", "unit", "provenance", "from", "bounds"}
    raw = take(block, known, ("key",))
    is_set = bool(raw.get("set", "value" in raw))
    if is_set and "value" not in raw:
        raise block.error(f"{raw['key']}：写了 set = true 却没有 value")
    provenance = raw.get("provenance", "operator" if not is_set else "text")
    if provenance not in PROVENANCES:
        raise block.error(f"{raw['key']}：来源 {provenance!r} 不认识，可用：{'、'.join(PROVENANCES)}")
    return Value(
        raw["key"],
        is_set,
        provenance,
        block.citation,
        raw.get("value"),
        str(raw.get("from", "")),
        raw.get("note", ""),
        raw.get("effective_from"),
        raw.get("effective_to"),
        (block.file, block.line),
    )
