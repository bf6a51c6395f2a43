"""A pack as plain JSON: its identity, parameters, procedures, and what each act asks for. Commands and API show the same."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.forms import MAX_TEXT
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, Field, LimitRule, Procedure, Value
from sanxiang.law.worded import plain

PROVENANCE_NAMES = {
    "text": "方案原文",
    "inherited": "上位文件",
    "national": "国家规定",
    "operator": "本单位设定",
}
NOT_SET = "方案未定"

Schema = dict[str, Any]
"""A JSON Schema (2020-12) as JSON."""


def identity(pack: Pack) -> dict[str, Any]:
    """Which scheme governs: names, document, bases, kinds of acts."""
    manifest = pack.manifest
    return {
        "id": pack.id,
        "name": pack.name,
        "seed": str(manifest.get("seed", "")),
        "level": str(manifest["level"]),
        "region": str(manifest.get("region", "")),
        "digest": pack.digest,
        "identity": dict(manifest.get("identity", {})),
        "display_names": dict(manifest.get("display_names", {})),
        "basis": list(manifest.get("basis", ())),
        "act_types": pack.act_types(),
    }


def described(value: Value | None) -> dict[str, Any] | None:
    """A value with where it comes from."""
    if value is None:
        return None
    return {
        "value": value.value if value.is_set else None,
        "set": value.is_set,
        "provenance": value.provenance,
        "citation": str(value.citation) if value.citation else "",
        "from": value.source,
        "note": value.note,
        "shown": str(plain(value.value)) if value.is_set else NOT_SET,
    }


def parameters(pack: Pack) -> list[dict[str, Any]]:
    """Every parameter of the catalogue as this locality has it, beside the national one and the one that binds."""
    rows = []
    for key, known in pack.parameters.items():
        own, nation, binding = pack.parameter(key), pack.national(key), pack.binding(key)
        rows.append(
            {
                "key": key,
                "label": known.label,
                "group": known.group,
                "unit": known.unit,
                **(described(own) or {}),
                "national": described(nation),
                "binding": described(binding),
                "question": known.question if not own.is_set else "",
            }
        )
    return rows


def procedures(pack: Pack) -> list[dict[str, Any]]:
    """The procedures of a pack, in brief."""
    return [procedure_head(rule) for rule in pack.procedures.values()]


def procedure_head(rule: Procedure) -> dict[str, Any]:
    """One procedure in brief."""
    return {
        "id": rule.id,
        "label": rule.label,
        "act_type": rule.act_type,
        "help": rule.help,
        "citation": str(rule.citation),
    }


def procedure(pack: Pack, name: str) -> dict[str, Any]:
    """One procedure in full: stages, acts with their schemas, periods, papers, and what is to be recorded. Raises KeyError."""
    rule, pack = pack.procedures[name], pack.read_by(name)
    acts = pack.acts_of(name)
    papers = dict.fromkeys(kind for act in acts for kind in act.papers)
    return {
        **procedure_head(rule),
        "start": rule.start,
        "stages": [{"id": key, "label": label} for key, label in rule.stages],
        "flow": [
            {
                "id": s.id,
                "label": s.label,
                "canonical": s.canonical,
                "actor": s.actor,
                "done_by": list(s.done_by),
                "citation": str(s.citation),
                "records": [dict(r) for r in s.records],
            }
            for s in pack.stages_of(name)
        ],
        "acts": [act_rule(pack, act, name) for act in acts],
        "limits": [limit_rule(pack, limit) for limit in pack.limits_of(name)],
        "papers": [
            {"id": kind, "label": pack.papers[kind].label if kind in pack.papers else kind} for kind in papers
        ],
    }


def act_rule(pack: Pack, act: Act, in_procedure: str) -> dict[str, Any]:
    """An act as the pack states it: who, when, under which article, which conditions, which fields."""
    return {
        "id": act.id,
        "label": act.label,
        "group": act.group,
        "help": act.help,
        "citation": str(act.citation),
        "first": act.first,
        "by": list(act.by),
        "stages": list(act.stages),
        "officers": act.officers,
        "papers": list(act.papers),
        "guards": [
            {"id": g.id, "needs": g.needs, "citation": str(g.citation)}
            for g in pack.guards_of(act.id, in_procedure)
        ],
        "schema": act_schema(act),
    }


def limit_rule(pack: Pack, rule: LimitRule) -> dict[str, Any]:
    """A period with its length here; `n` None where the locality has set nothing."""
    value = pack.binding(rule.key) if rule.key else None
    length = rule.n if value is None else value.value if value.is_set else None
    return {
        "id": rule.id,
        "label": rule.label,
        "n": length,
        "unit": rule.unit,
        "key": rule.key,
        "side": rule.side,
        "start": list(rule.start),
        "stop": list(rule.stop),
        "citation": str(rule.citation),
        "source": described(value),
        "note": rule.note,
    }


def act_schema(act: Act, defaults: Mapping[str, Any] | None = None) -> Schema:
    """The JSON Schema of an act's data; `defaults` are values that the case already knows.

    A field that is required only under a condition is not in `required`; the condition stands in its `x-when`.
    """
    known = defaults or {}
    properties = {item.name: field_schema(item) for item in act.fields}
    for item in act.fields:
        if item.name in known:
            properties[item.name]["default"] = known[item.name]
    properties["on"] = {
        "type": "string",
        "title": "发生时间",
        "pattern": MOMENT,
        "description": "实际发生的日期或时间；不写就是现在"
        + ("。本步骤只能填当天" if act.today_only else ""),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": act.label,
        "type": "object",
        "properties": properties,
        "required": [item.name for item in act.fields if item.required and not item.when],
        "additionalProperties": False,
    }


def field_schema(item: Field) -> Schema:
    """One field of an act as JSON Schema."""
    schema: Schema = {**_shape(item), "title": item.label}
    told = "；".join(text for text in (item.help, item.wanted) if text)
    extras = {"description": told, "x-when": item.when, "default": item.default, "x-type": item.type}
    schema |= {key: value for key, value in extras.items() if value not in ("", None)}
    if item.secrecy != "case":
        schema["x-secrecy"] = item.secrecy
    return schema


DAY = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$"
MONEY = r"^\d{1,13}(\.\d{1,2})?$"
DIGEST = r"^[0-9a-f]{64}$"
FILE: Schema = {
    "type": "object",
    "required": ["receipt"],
    "properties": {
        "digest": {"type": "string", "pattern": DIGEST},
        "name": {"type": "string"},
        "mime": {"type": "string"},
        "size": {"type": "integer", "minimum": 1},
        "sm3": {"type": "string", "pattern": DIGEST},
        "receipt": {"type": "string"},
    },
}
"""What POST /files answers, given back unchanged."""


def _shape(item: Field) -> Schema:
    """Type and bounds of a field's value, in the canonical form that `forms.parse` keeps."""
    if item.columns or item.type in ("party", "penalty", "service", "rows"):
        return _table(item)
    if item.type in PLAIN:
        return dict(PLAIN[item.type])
    if item.type == "choice":
        return _choice(item)
    if item.type == "multi":
        return {
            "type": "array",
            "items": _choice(item) if item.options else {"type": "string"},
            "uniqueItems": True,
        }
    return {"type": "string", "maxLength": item.max_length or MAX_TEXT.get(item.type, MAX_TEXT["text"])}


PLAIN: dict[str, Schema] = {
    "date": {"type": "string", "format": "date", "pattern": DAY},
    "datetime": {"type": "string", "pattern": MOMENT},
    "number": {"type": "integer"},
    "party-code": {"type": "string", "maxLength": 18},
    "money": {"type": "string", "pattern": MONEY, "x-unit": "元"},
    "bool": {"type": "boolean"},
    "officers": {"type": "array", "items": {"type": "string", "format": "uuid"}, "uniqueItems": True},
    "person": {"type": "string", "format": "uuid"},
    "file": {"type": "array", "items": FILE},
}


def _choice(item: Field) -> Schema:
    return {"type": "string", "oneOf": [{"const": value, "title": label} for value, label in item.options]}


def _table(item: Field) -> Schema:
    """One group of fields, or for `rows` any number of them."""
    row: Schema = {
        "type": "object",
        "properties": {c.name: field_schema(c) for c in item.columns},
        "required": [c.name for c in item.columns if c.required],
        "additionalProperties": not item.columns,
    }
    return {"type": "array", "items": row} if item.type == "rows" else row
