"""How a decision reads in public 公示文本: a `public` block of a pack composes the columns out of the case's own facts.

A column is a text with places, `{decided.content}`, or a list of such parts; a part of which a place is empty is left out,
and the others are joined. A place is a fact, or `decided.x` for a part of the decision; a choice is read by its label, a
day as papers write it, `|yuan` makes a sum. A block with `none` says why the decisions of its acts are not published.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.blocks import Block, Citation
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Field, as_tuple, take
from sanxiang.speech import cn_day, yuan

PLACE = re.compile(r"\{([a-z_.]+)(\|yuan)?\}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TEXTS = ("title", "facts", "basis", "result")
KEYS = {"id", "procedures", "acts", "papers", "none", *TEXTS}


@dataclass(frozen=True)
class PublicRule:
    """The public form of what these acts decide in these procedures; `none` is the reason why it has no such form.

    `papers` bear the number, and one of them has to be served before. Without columns the form is that of a penalty.
    """

    id: str
    procedures: tuple[str, ...]
    acts: tuple[str, ...]
    citation: Citation
    papers: tuple[str, ...] = ()
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    none: str = ""
    place: tuple[str, int] = ("", 0)


PENALTY = PublicRule(
    "penalty",
    ("summary", "ordinary"),
    ("decide", "decide-on-spot"),
    Citation("行政处罚法", "第四十八条", "law"),
    ("penalty-decision", "spot-decision"),
)
"""What packs meant before they said it."""


def read_public(block: Block) -> PublicRule:
    """A public block."""
    raw = take(block, KEYS, ("id", "procedures", "acts"))
    return PublicRule(
        id=str(raw["id"]),
        procedures=as_tuple(raw["procedures"]),
        acts=as_tuple(raw["acts"]),
        citation=block.citation,
        papers=as_tuple(raw.get("papers")),
        columns=tuple((name, as_tuple(raw[name])) for name in TEXTS if name in raw),
        none=str(raw.get("none", "")),
        place=(block.file, block.line),
    )


def rules_of(pack: Pack, procedure: str) -> tuple[PublicRule, ...]:
    """All that the pack says about the decisions of a procedure."""
    found = tuple(r for r in map(read_public, pack.of_kind("public")) if procedure in r.procedures)
    return found or ((PENALTY,) if procedure in PENALTY.procedures else ())


def rule_of(pack: Pack, state: State) -> PublicRule | None:
    """What holds for the decision that the case has: by the last deciding act; None while nothing was decided."""
    done = [
        (int(state["last"][act]["n"]), rule)
        for rule in rules_of(pack, str(state["procedure"]))
        for act in rule.acts
        if act in state["last"]
    ]
    return max(done, key=lambda one: one[0])[1] if done else None


def decided_on(rule: PublicRule, state: State) -> str:
    """The day of the decision that the rule speaks of."""
    return max((str(state["last"][act]["on"]) for act in rule.acts if act in state["last"]), default="")


def columns_of(pack: Pack, state: State, rule: PublicRule) -> dict[str, str]:
    """The columns as the pack composes them, nothing hidden yet."""
    return {name: "；".join(_parts(pack, state, parts)) for name, parts in rule.columns}


def number_of(rule: PublicRule, state: State) -> str:
    """The number of the paper that states the decision."""
    made = (state["papers"].get(kind) or {} for kind in rule.papers)
    return next((str(paper["number"]) for paper in made if paper.get("number")), "")


def _parts(pack: Pack, state: State, parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        values = {found[0]: _value(pack, state, found) for found in PLACE.finditer(part)}
        if all(values.values()):
            yield _filled(part, values).rstrip("；。")


def _filled(part: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: values[found[0]], part)


def _value(pack: Pack, state: State, found: re.Match[str]) -> str:
    given: Any = state["facts"]
    for name in found[1].split("."):
        given = given.get(name) if isinstance(given, Mapping) else None
    if given in (None, "", [], {}, False):
        return ""
    if found[2]:
        return yuan(given)
    labels = dict(_options(pack, str(state["procedure"]), found[1]))
    told = [str(one) for one in (given if isinstance(given, list) else [given])]
    return "、".join(labels.get(one, cn_day(one) if DAY.fullmatch(one) else one) for one in told)


def _options(pack: Pack, procedure: str, path: str) -> tuple[tuple[str, str], ...]:
    """The answers between which the act that states this fact lets one choose."""
    return tuple(pair for item in _fields(pack, procedure, path) for pair in item.options)


def _fields(pack: Pack, procedure: str, path: str) -> Iterator[Field]:
    """The fields in which this fact is stated: `decided.x` is the column x of the drafted decision."""
    head, _, column = path.partition(".")
    name = "decision" if head == "decided" else head
    for act in pack.acts_of(procedure):
        item = act.field(name)
        if item is not None and column:
            yield from (one for one in item.columns if one.name == column)
        elif item is not None:
            yield item


def flaws(pack: Pack) -> Iterator[str]:
    """What is wrong with a pack's public blocks: acts and papers that it does not have, forms that lack their result."""
    for rule in map(read_public, pack.of_kind("public")):
        at = f"{rule.place[0]}:{rule.place[1]}：public {rule.id} "
        yield from (f"{at}的动作 {act} 不存在" for act in rule.acts if act not in pack.acts)
        yield from (f"{at}的文书 {paper} 没有模板" for paper in rule.papers if paper not in pack.papers)
        yield from (f"{at}的程序 {name} 不存在" for name in rule.procedures if name not in pack.procedures)
        if rule.none and (rule.columns or rule.papers):
            yield f"{at}写了不公示的理由，就不能再写公示内容"
        if rule.columns and "result" not in dict(rule.columns):
            yield f"{at}没有写结论（result）"
        yield from (f"{at}里的 {path} 没有哪个动作填写" for path in _unstated(pack, rule))


COMPUTED = ("payable", "assessed")
"""Parts of a decision that an effect reckons; nobody types them."""


def _unstated(pack: Pack, rule: PublicRule) -> Iterator[str]:
    for path in (found[1] for _, parts in rule.columns for part in parts for found in PLACE.finditer(part)):
        if path.split(".")[-1] not in COMPUTED and not any(
            any(True for _ in _fields(pack, procedure, path)) for procedure in rule.procedures
        ):
            yield path
