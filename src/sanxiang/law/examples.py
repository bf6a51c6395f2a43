"""Examples in packs: a value, a period, or a case as it might stand with an act and the rule that refuses it.

They stand beside their rules and run as tests, without a database. An example of an act names its `guard`; with `vary` it
tries one place of itself with several values, those in `passes` and those in `refuses`: under, at and over a threshold.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sanxiang.law import clocks
from sanxiang.law.blocks import Block
from sanxiang.law.calendar import national_calendar
from sanxiang.law.clock import Limit, due
from sanxiang.law.dossier import matter, parts, who
from sanxiang.law.facts import Actor, Certificate, Facts, Officer, State, empty_state
from sanxiang.law.file_requests import Consulted, consult_of, routes_of
from sanxiang.law.guards import Verdict, judge
from sanxiang.law.packs import Pack
from sanxiang.law.patterns import patterns_of
from sanxiang.law.procedure import FAMILIES
from sanxiang.law.scope import proposal

CASE = {
    "facts", "last", "clocks", "review", "papers", "evidence", "handlers", "former_handlers", "involved", "recused", "payments", "remedies",
    "marks", "present", "property", "publication", "recordings", "shown", "shown_at", "since", "stage", "notified", "then", "custody",
}  # fmt: skip
LATER = ("marks", "present", "recordings", "shown_at", "custody")
"""Parts of a case that a fresh one does not have yet."""
SCENE = {
    "act",
    "procedure",
    "on",
    "data",
    "roles",
    "officers",
    "certificate",
    "actor",
    "qualified",
    "review_began",
    "extra",
    "region",
}
CLAIM = {"guard", "vary", "passes", "refuses", "refused_by", "not_refused_by"}
PERIOD = {"limit", "start", "due", "inside", "over", "stated"}
KEYS = (
    CASE
    | SCENE
    | CLAIM
    | PERIOD
    | {"pattern", "found", "route", "asked", "answered", "key", "on", "expect", "title", "id", "like"}
)
CERTIFICATE = {
    "number": "示例01", "kind": "中华人民共和国行政执法证", "categories": ("penalty",), "area": ("000000",),
    "valid_until": date(2030, 12, 31),
}  # fmt: skip
MONDAY = date(2026, 3, 2)
assert FAMILIES  # importing registers the conditions that examples judge


def run_examples(pack: Pack) -> Iterator[str]:
    """A complaint for each example of the pack's own files that does not come out as it says.

    National examples hold for the national rules; a locality may well have another value, so they run there alone.
    """
    for block in own(pack):
        try:
            yield from (f"{block.file}:{block.line}：{text}" for text in _complaints(pack, block))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield f"{block.file}:{block.line}：example 看不懂：{type(error).__name__} {error}"


def own(pack: Pack) -> list[Block]:
    """The examples in the pack's own folder."""
    return [b for b in pack.of_kind("example") if b.file.split("/")[0] == pack.id]


def refused_guards(pack: Pack) -> set[str]:
    """Ids of the rules that some example of the pack sees refuse."""
    rows = [b.data for b in pack.of_kind("example")]
    named = {str(r["guard"]) for r in rows if r.get("guard") and r.get("refuses")}
    return named | {str(r["refused_by"]) for r in rows if "refused_by" in r}


def _complaints(pack: Pack, block: Block) -> Iterator[str]:
    if unknown := sorted(set(block.data) - KEYS):
        yield f"example 不认识的键：{'、'.join(unknown)}"
        return
    raw = told(pack, block)
    if "key" in raw:
        yield from _value_example(pack, raw)
    elif "limit" in raw:
        yield from _period_example(pack, raw)
    elif "route" in raw:
        yield from _route_example(pack, raw)
    elif "pattern" in raw:
        yield from _pattern_example(pack, raw)
    elif "act" in raw and CLAIM & set(raw):
        yield from _act_example(pack, raw)
    elif "id" not in raw:
        yield "example 要写 key、limit、act、pattern、route 或者 id 之一"


def _value_example(pack: Pack, raw: Mapping[str, Any]) -> Iterator[str]:
    found = pack.binding(raw["key"], raw.get("on", date.today()))
    value = found.value if found.is_set else "not-set"
    if value != raw["expect"]:
        yield f"{raw['key']} 应为 {raw['expect']!r}，实为 {value!r}"


def _period_example(pack: Pack, raw: Mapping[str, Any]) -> Iterator[str]:
    """The last day is as stated, and the days named lie on their side of it."""
    rule = pack.limits[raw["limit"]]
    n = clocks.told(rule, pack, {rule.told: raw.get("stated")})
    if n is None:
        if raw.get("due") != "not-set":
            yield f"{rule.label}没有设定长度"
        return
    found = due(national_calendar(), Limit("", raw["start"], n, rule.unit, rule.roll))  # type: ignore[arg-type]
    last = found.at or found.date
    if last != raw["due"]:
        yield f"{rule.label}自 {raw['start']} 起应到 {raw['due']}，算得 {last}"
    yield from (f"{day} 应在{rule.label}之内" for day in raw.get("inside", ()) if day > last)
    yield from (f"{day} 应在{rule.label}之外" for day in raw.get("over", ()) if day <= last)


def _route_example(pack: Pack, raw: Mapping[str, Any]) -> Iterator[str]:
    """The last day of an answer where a third party was asked that answered on that day, or never."""
    calendar, days = national_calendar(), consult_of(pack, raw["route"])
    asked = [Consulted("", raw["asked"], "", raw.get("answered"))] if "asked" in raw else []
    excluded = tuple(span for one in asked for span in one.excluded(days, calendar))
    last = routes_of(pack)[raw["route"]].due(raw["start"], calendar, 0, excluded)
    if last != raw["due"]:
        yield f"{raw['route']}自 {raw['start']} 起应到 {raw['due']}，算得 {last}"


def _pattern_example(pack: Pack, raw: Mapping[str, Any]) -> Iterator[str]:
    """What stands out in the record of looks, and what does not: under, at and over the threshold."""
    rule = next(one for one in patterns_of(pack) if one.id == raw["pattern"])
    for told_out, values in ((False, raw.get("passes", ())), (True, raw.get("refuses", ()))):
        for value in values:
            found = {**raw.get("found", {}), raw["vary"]: value}
            if rule.stands_out(found) != told_out:
                yield f"{rule.label}：{raw['vary']} = {value} {'应当' if told_out else '不应当'}列出"


def told(pack: Pack, block: Block) -> dict[str, Any]:
    """An example with what it takes over from the one that it is `like`, and from that one's model."""
    raw = dict(block.data)
    if model := raw.pop("like", ""):
        named = [b for b in pack.of_kind("example") if b.data.get("id") == model]
        if not named:
            raise ValueError(f"没有 id 为 {model} 的示例")
        base = {k: v for k, v in told(pack, named[0]).items() if k not in {*CLAIM, "title", "id"}}
        return merged(base, raw)
    return raw


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged, everything else is replaced; an empty text takes a thing away."""
    found = copy.deepcopy(dict(base))
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = merged(found[key], value) if both else value
    return found


def _act_example(pack: Pack, raw: dict[str, Any]) -> Iterator[str]:
    if "vary" in raw:
        for met, values in ((True, raw.get("passes", [])), (False, raw.get("refuses", []))):
            for value in values:
                yield from _claim(
                    pack, put(raw, raw["vary"], value), raw["guard"], met, f"（{raw['vary']} = {value}）"
                )
    if "refused_by" in raw:
        yield from _claim(pack, raw, raw["refused_by"], False, "")
    if "not_refused_by" in raw:
        yield from _claim(pack, raw, raw["not_refused_by"], True, "")


def put(raw: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The example with one place changed: `data.decision.fine`, `on`, `clocks.pay`."""
    changed = copy.deepcopy(dict(raw))
    *way, last = path.split(".")
    spot = changed
    for name in way:
        spot = spot.setdefault(name, {})
    spot[last] = value
    return changed


def _claim(pack: Pack, raw: Mapping[str, Any], guard: str, met: bool, where: str) -> Iterator[str]:
    found: dict[str, Verdict] = {v.guard: v for v in judge(example_facts(pack, raw))}
    if guard not in found:
        yield f"规则 {guard} 没有适用{where}"
    elif found[guard].met and not met:
        yield f"本应被 {guard} 拒绝，却没有{where}：{found[guard].fact}"
    elif not found[guard].met and met:
        yield f"本不应被 {guard} 拒绝{where}：{found[guard].fact}"


def example_facts(pack: Pack, raw: Mapping[str, Any]) -> Facts:
    """The case that an example describes, as frozen facts."""
    act, on = pack.acts[raw["act"]], raw.get("on", MONDAY)
    pack = pack.read_by(str(raw.get("procedure", act.procedures[0])))
    act = pack.acts[act.id]
    certificate = Certificate(**{**CERTIFICATE, **_tuples(raw.get("certificate", {}))})
    people = tuple(Officer(i, i, certificates=(certificate,)) for i in raw.get("officers", ["h1", "h2"]))
    named = raw.get("actor", "h1")
    actor = Actor(
        named, named, roles=frozenset(raw.get("roles", act.by)), certificates=(certificate,),
        legal_qualification=raw.get("qualified", True), review_began=raw.get("review_began") or None,
    )  # fmt: skip
    facts = Facts(
        pack, act, example_state(pack, raw), raw.get("data", {}), actor, on, datetime(on.year, on.month, on.day, 10),
        national_calendar(), people, raw.get("region", ""), raw.get("extra", {}),
    )  # fmt: skip
    return replace(facts, data=_plain(facts.data))


def _tuples(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}


def _plain(value: Any) -> Any:
    """TOML dates as the record keeps them."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def example_state(pack: Pack, raw: Mapping[str, Any]) -> State:
    """The state of that case: what is not said stands as in a fresh one."""
    act = pack.acts[raw["act"]]
    procedure = raw.get("procedure", act.procedures[0])
    stages = [s for s in act.stages if s != "*" and s in dict(pack.procedures[procedure].stages)]
    state = empty_state(procedure, raw.get("stage", next(iter(stages), pack.procedures[procedure].start)))
    state["n"], state["last"] = _order(raw)
    state["handlers"] = ["h1", "h2"]
    for key in (CASE & {*state, *LATER}) - {"last", "clocks", "review"}:
        if key in raw:
            state[key] = _plain(copy.deepcopy(raw[key]))
    for name, day in ((name, day) for name, day in raw.get("clocks", {}).items() if day):
        rule = pack.limits[name.partition(":")[0]]
        clocks.start(state, rule, pack, day, "示例", state["n"], name)
    _tell(state, raw)
    return state


def _order(raw: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """What was done, in the order of writing; `then` comes after it all. A paper's service is a service too."""
    after = raw.get("then", {})
    days = {**{k: v for k, v in raw.get("last", {}).items() if k not in after}, **after}
    done = [
        (k, {"n": n, "on": str(v), "count": 1, "by": "h1"})
        for n, (k, v) in enumerate((x for x in days.items() if x[1]), 1)
    ]
    return len(done), {**{k.split(":")[0]: row for k, row in done}, **dict(done)}


def _tell(state: State, raw: Mapping[str, Any]) -> None:
    """What the party was told (`notified`) and what was reviewed are taken from the case as it stands, then changed."""
    if "notified" in raw:
        state["facts"]["notified"] = {
            **proposal(state),
            "hearing": False,
            "to": who(state["facts"].get("party") or {}),
            "n": 0,
            **raw["notified"],
            "about": matter(state) | raw["notified"].get("about", {}),
        }
    if "review" in raw:
        pinned = {**parts(state), **raw["review"].get("parts", {})}
        state["review"] = {"round": 1, "by": "r1", **raw["review"], "parts": pinned}
