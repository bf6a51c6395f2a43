"""What one procedure borrows from another: steps that every kind of enforcement takes, each under the article that asks for it there.

Two officers inspect a shop by 行政处罚法 第四十二条 and a building site of an applicant by 行政许可法 第三十四条: one act, one
condition, two articles. A `borrow` block stands under the borrowing procedure's own article and names the acts, guards,
periods and flowchart nodes that hold there too. `Pack.read_by` gives the pack as that procedure reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, TypeVar

from sanxiang.law.blocks import Block, Citation
from sanxiang.law.rules import Act, Guard, LimitRule, Procedure, Stage, as_tuple, take

Lent = TypeVar("Lent", Act, Guard, LimitRule)


@dataclass(frozen=True)
class Borrowing:
    """Under this article these procedures have these acts, guards, periods and nodes as well.

    `stages` are further stages in which the acts are open; `labels` calls an act by another name there; `drops` are
    guards of the acts that do not hold there, and the text over the block says why. `starts` says what starts a period there,
    such as the service of the procedure's own decision. `before` puts a guard before acts of the procedure's own too:
    the one that wants a passed review before whatever act decides there.
    """

    procedures: tuple[str, ...]
    citation: Citation
    acts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)


MANY = ("procedures", "acts", "stages", "guards", "drops", "limits", "nodes")


def read_borrow(block: Block) -> Borrowing:
    """A borrow block."""
    raw = take(block, {*MANY, "labels", "starts", "before"}, ("procedures",))
    many: dict[str, Any] = {key: as_tuple(raw.get(key)) for key in MANY}
    return Borrowing(
        **many,
        labels=raw.get("labels", {}),
        starts=raw.get("starts", {}),
        before=raw.get("before", {}),
        citation=block.citation,
    )


def everywhere(acts: dict[str, Act], procedures: Mapping[str, Procedure]) -> dict[str, Act]:
    """Acts of every kind of enforcement, `procedures = ["*"]`, with the names of all."""
    return {
        name: replace(act, procedures=tuple(procedures)) if "*" in act.procedures else act
        for name, act in acts.items()
    }


def lend(acts: dict[str, Act], block: Block, one: Borrowing, procedures: Mapping[str, Procedure]) -> None:
    """Open the acts in the borrowing procedures too. Raises PackError.

    A stage that the act's own procedures have as well, and in which it is closed there, may not be opened on the way.
    """
    for name in one.acts:
        if name not in acts:
            raise block.error(f"borrow 的动作 {name} 不存在")
        act = acts[name]
        own = {s for p in act.procedures if p in procedures for s, _ in procedures[p].stages}
        if "*" not in act.stages and (loose := sorted(set(one.stages) & own - set(act.stages))):
            raise block.error(
                f"borrow 会使动作 {name} 在它原有的程序里也能在 {'、'.join(loose)} 阶段办理，请另起阶段名"
            )
        acts[name] = replace(
            act, procedures=_more(act.procedures, one.procedures), stages=_more(act.stages, one.stages)
        )


def lend_nodes(stages: Iterable[Stage], lent: Iterable[Borrowing]) -> tuple[Stage, ...]:
    """The flowchart's nodes, each with the procedures that borrow it."""
    return tuple(
        reduce(
            lambda s, one: replace(s, procedures=_more(s.procedures, one.procedures)),
            (one for one in lent if stage.id in one.nodes),
            stage,
        )
        for stage in stages
    )


@dataclass(frozen=True)
class Reading:
    """The acts, guards and periods of a pack as one procedure reads them."""

    acts: Mapping[str, Act]
    guards: tuple[Guard, ...]
    limits: Mapping[str, LimitRule]


def reading(found: Reading, lent: Iterable[Borrowing], procedure: str) -> Reading:
    """What is borrowed, bearing the article, and the name, that it has in this procedure."""
    mine = [one for one in lent if procedure in one.procedures]
    if not mine:
        return found
    dropped = {name for one in mine for name in one.drops}
    return Reading(
        {name: _called(_read(act, mine, "acts"), mine) for name, act in found.acts.items()},
        tuple(
            _placed(_read(guard, mine, "guards"), mine) for guard in found.guards if guard.id not in dropped
        ),
        {name: _started(_read(rule, mine, "limits"), mine) for name, rule in found.limits.items()},
    )


def _read(rule: Lent, mine: list[Borrowing], key: str) -> Lent:
    """The rule under the article of whoever borrows it, and held by them too where it names its procedures."""
    one = next((one for one in mine if rule.id in getattr(one, key)), None)
    if one is None:
        return rule
    where = _more(rule.procedures, one.procedures) if rule.procedures else ()
    return replace(rule, citation=one.citation, procedures=where)


def _called(act: Act, mine: list[Borrowing]) -> Act:
    label = next((one.labels[act.id] for one in mine if act.id in one.labels), "")
    return replace(act, label=label) if label else act


def _placed(guard: Guard, mine: list[Borrowing]) -> Guard:
    """The guard before those acts as well that the procedure puts it before."""
    further = tuple(act for one in mine for act in as_tuple(one.before.get(guard.id)))
    return replace(guard, on=_more(guard.on, further)) if further else guard


def _started(rule: LimitRule, mine: list[Borrowing]) -> LimitRule:
    start = next((as_tuple(one.starts[rule.id]) for one in mine if rule.id in one.starts), ())
    return replace(rule, start=start) if start else rule


def _more(own: tuple[str, ...], further: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*own, *further]))


def flaws(lent: Iterable[Borrowing], known: Mapping[str, Iterable[str]]) -> list[str]:
    """Names in borrow blocks that nothing bears, as sentences; `known` are the names of each key."""
    return [
        f"{one.citation} 的 borrow 中 {key} 的 {name} 不存在"
        for one in lent
        for key, names in known.items()
        for name in getattr(one, key)
        if name not in names
    ]
