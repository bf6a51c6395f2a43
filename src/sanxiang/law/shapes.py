"""What type each key of a pack's blocks must have, so that a slip of the pen is a sentence and not a fault further down."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Shape = tuple[str, Callable[[Any], bool]]
"""How the type is called, and the test for it."""


def _texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, Mapping) for v in value)


def _named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str | Mapping) for v in value)


def _pairs(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, list) and len(v) == 2 for v in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


TEXT: Shape = ('文字，如 "甲"', lambda value: isinstance(value, str))
TEXTS: Shape = ('文字的数组，如 ["甲", "乙"]', _texts)
FLAG: Shape = ("true 或 false", lambda value: isinstance(value, bool))
WHOLE: Shape = ("整数，如 7", _whole)
DAY: Shape = ("日期，如 2026-03-01", lambda value: isinstance(value, date))
TABLE: Shape = ("一组键值，如 { 键 = 1 }", lambda value: isinstance(value, Mapping))
ROWS: Shape = ("若干组键值的数组，如 [{ 键 = 1 }]", _rows)
NAMED: Shape = ('名称或者键值的数组，如 ["甲", { name = "乙" }]', _named)
PAIRS: Shape = ('成对文字的数组，如 [["a", "甲"]]', _pairs)
LIST: Shape = ("数组", lambda value: isinstance(value, list))


def _each(shape: Shape, keys: str) -> dict[str, Shape]:
    return dict.fromkeys(keys.split(), shape)


ANYWHERE: dict[str, Shape] = {
    **_each(
        TEXT,
        "act act_type activity actor article body canonical cure from from_fact group guard help id key kind label",
    ),
    **_each(
        TEXT,
        "level like limit limit_key matter milestone name needs not_refused_by note printed procedure provenance",
    ),
    **_each(
        TEXT,
        "recurring refused_by region seal secrecy section series side since source special start_field title title_end to told type",
    ),
    **_each(TEXT, "unit vary version wanted"),
    **_each(
        TEXTS,
        "after again_after approval beside by closes done_by former_handlers forms involved procedures recused roles",
    ),
    **_each(TEXTS, "signers stop units when"),
    **_each(FLAG, "enforcement exact fact first lead once outlives part posted roll set today_only waiver"),
    **_each(WHOLE, "n officers order warn"),
    **_each(DAY, "effective_from effective_to"),
    **_each(TABLE, "args clocks data extra facts last notified publication review shown"),
    **_each(ROWS, "columns effects evidence hears opens payments present property records"),
    **_each(NAMED, "fields matters next settled_by"),
    **_each(LIST, "inside over passes refuses"),
    "options": PAIRS,
}
"""The keys that mean the same in every kind of block. What a kind uses in its own way stands in OWN."""

OWN: dict[str, dict[str, Shape]] = {
    "instrument": {"version": DAY, "number": TEXT, "file": TEXT},
    "act": {"papers": TEXTS, "stages": TEXTS},
    "field": {
        "required": FLAG,
        "secret_when": TEXT,
        "confined_when": TEXT,
        "witness_when": TEXT,
        "marked_by": TEXT,
    },
    "guard": {"on": TEXTS},
    "limit": {"start": TEXTS},
    "list": {"required": TEXTS, "sets": TABLE, "exploratory": FLAG, "yearly": FLAG, "plain": WHOLE},
    "file": {"order": WHOLE, "part": TEXT, "papers": TEXTS, "evidence": TEXTS, "words": TEXTS},
    "paper": {"file": TEXT, "remedies": FLAG, "numbers_case": FLAG, "issuer": TEXT},
    "procedure": {"start": TEXT, "stages": PAIRS},
    "mask": {"types": TEXTS},
    "public": {
        **_each(TEXTS, "acts papers title facts basis result"),
        "none": TEXT,
    },
    "example": {"papers": TABLE, "remedies": ROWS, "pattern": TEXT, "found": TABLE},
    "route": {
        **_each(WHOLE, "days extend supplement"),
        "right": TEXT,
        "review_first": FLAG,
        "parties": TEXTS,
    },
    "ground": {"routes": TEXTS, "says": TEXT, "consult": WHOLE, "where": FLAG},
    "pattern": {"asks": TEXT, "at": WHOLE, "times": WHOLE, "newcomer": WHOLE, "begin": WHOLE, "end": WHOLE},
    "borrow": {
        "acts": TEXTS,
        "stages": TEXTS,
        "guards": TEXTS,
        "drops": TEXTS,
        "limits": TEXTS,
        "nodes": TEXTS,
        "labels": TABLE,
        "starts": TABLE,
        "before": TABLE,
    },
    "item": {
        "fatal": FLAG,
        "judged": FLAG,
        "guards": TEXTS,
        "needs": TEXTS,
        "part": TEXT,
        "points": TEXT,
        "deduct": TEXT,
        **_each(ROWS, "periods spans answers days values filled"),
    },
    "phrase": {"scene": TEXT, "version": TEXT, "fields": TEXTS, "text": TEXT, "spoken": TEXT},
    "guide": {"papers": TEXTS, "fields": TEXTS, "version": TEXT, "text": TEXT, "checks": ROWS},
    "signature": {"papers": TEXTS, "places": TEXTS, "who": TEXT, "refusal": TEXT, "roles": TEXTS},
    "parameter": {"bound": TEXT, "question": TEXT},
}


def misshapen(kind: str, data: Mapping[str, Any]) -> str:
    """The first key that is missing or whose value is of a wrong type, as a sentence; "" when all are as they should be."""
    if kind == "field" and "name" not in data:
        return "field 缺少 name"
    known = {**ANYWHERE, **OWN.get(kind, {})}
    for key, value in data.items():
        if key in known and not known[key][1](value):
            return f"{kind} 的 {key} 应为{known[key][0]}，现在是 {value!r}"
    return ""
