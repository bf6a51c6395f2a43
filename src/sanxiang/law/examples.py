"""Examples in packs: a case as it might stand, an act, and which rule refuses it. They run as tests, without a database."""

import copy
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sanxiang.law import clocks
from sanxiang.law.blocks import Block
from sanxiang.law.calendar import national_calendar
from sanxiang.law.facts import Actor, Certificate, Facts, Officer, empty_state
from sanxiang.law.guards import judge
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import GUARD_FAMILIES

KEYS = {"act", "procedure", "on", "facts", "data", "last", "clocks", "review", "papers", "roles", "officers", "certificate",
        "evidence", "handlers", "refused_by", "not_refused_by", "key", "expect", "title", "extra", "payments", "remedies", "property"}
assert GUARD_FAMILIES  # importing registers the conditions that examples judge


def run_examples(pack: Pack) -> Iterator[str]:
    """A complaint for each example of the pack's own that does not come out as it says.

    National examples are judged by the national pack: a locality may be stricter and then they rightly differ.
    """
    for block in pack.of_kind("example"):
        if block.file.split("/")[0] != pack.id:
            continue
        unknown = sorted(set(block.data) - KEYS)
        if unknown:
            yield f"{block.file}:{block.line}：example 不认识的键：{'、'.join(unknown)}"
        elif "key" in block.data:
            yield from _value_example(pack, block)
        else:
            yield from _act_example(pack, block)


def _value_example(pack: Pack, block: Block) -> Iterator[str]:
    on = block.data.get("on", date.today())
    found = pack.binding(block.data["key"], on)
    value = found.value if found.is_set else "not-set"
    if value != block.data["expect"]:
        yield f"{block.file}:{block.line}：{block.data['key']} 应为 {block.data['expect']!r}，实为 {value!r}"


def _act_example(pack: Pack, block: Block) -> Iterator[str]:
    verdicts = {v.guard: v for v in judge(example_facts(pack, block))}
    refused, passed = block.data.get("refused_by"), block.data.get("not_refused_by")
    if refused is not None and (refused not in verdicts or verdicts[refused].met):
        yield f"{block.file}:{block.line}：本应被 {refused} 拒绝，却没有"
    if passed is not None and (passed not in verdicts or not verdicts[passed].met):
        why = verdicts[passed].fact if passed in verdicts else "这条规则没有适用"
        yield f"{block.file}:{block.line}：本不应被 {passed} 拒绝：{why}"


def example_facts(pack: Pack, block: Block) -> Facts:
    """The case that an example describes, as frozen facts."""
    raw: dict[str, Any] = block.data
    act = pack.acts[raw["act"]]
    procedure = raw.get("procedure", act.procedures[0])
    on: date = raw.get("on", date(2026, 3, 2))
    state = empty_state(procedure, next((s for s in act.stages if s != "*"), pack.procedures[procedure].start))
    state["facts"] = copy.deepcopy(raw.get("facts", {}))
    state["n"] = len(raw.get("last", {}))
    state["last"] = {
        name: {"n": i + 1, "on": str(value), "count": 1, "by": "h1"} for i, (name, value) in enumerate(raw.get("last", {}).items())
    }
    for key in ("review", "papers", "evidence", "payments", "remedies", "property"):
        state[key] = copy.deepcopy(raw.get(key, state[key]))
    state["handlers"] = list(raw.get("handlers", ["h1", "h2"]))
    for name, day in raw.get("clocks", {}).items():
        clocks.start(state, pack.limits[name], pack, day, "示例", 1)
    certificate = {"number": "示例01", "kind": "中华人民共和国行政执法证", "valid_until": date(2030, 12, 31), **raw.get("certificate", {})}
    people = tuple(Officer(i, i, certificates=(Certificate(**certificate),)) for i in raw.get("officers", ["h1", "h2"]))
    actor = Actor("h1", "示例人员", roles=frozenset(raw.get("roles", act.by)), certificates=(Certificate(**certificate),), legal_qualification=True)
    return Facts(pack, act, state, raw.get("data", {}), actor, on, datetime(on.year, on.month, on.day, 10), national_calendar(),
                 people, "", raw.get("extra", {}))
