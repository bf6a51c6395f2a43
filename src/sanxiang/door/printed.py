"""What the template of a paper prints, read from its tree: which facts, which answers of which act. Pure.

What it only asks about (`{% if facts.x %}`) is not printed; the name of a filter, a word in quotes and a column of the agency's own
row are no fact, whatever a fact may be called like.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, nodes

OWN = frozenset({"agency", "case", "actor", "rule", "act", "loop"})
"""What is printed of the agency and its own people is nobody's secret."""
GIVEN = frozenset({"facts", "data"})
"""Under these stand the case's facts and what the act said."""
SAID, SECRET = "said", "secret"


@dataclass(frozen=True)
class Printed:
    """Names of facts and answers, columns of groups, and what other acts said: act and field."""

    names: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    told: frozenset[tuple[str, str]] = frozenset()

    def beside(self, other: "Printed") -> "Printed":
        """Both together."""
        return Printed(self.names | other.names, self.columns | other.columns, self.told | other.told)


@lru_cache(maxsize=4096)
def printed_in(body: str) -> Printed:
    """What one template prints, without the parts that it includes."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(body)
    rows = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    shown = [node for one in _written(tree) for node in _parts(one)]
    names = {node.name for node in shown if isinstance(node, nodes.Name)} - rows - OWN - GIVEN - {SAID}
    columns: set[str] = set()
    told: set[tuple[str, str]] = set()
    for node in shown:
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            owner, known = _owner(node.node), _words(node, tree)
            names |= known if owner and owner not in OWN | rows else set()
            columns |= set() if owner in OWN else known
        elif _calls(node, SAID):
            told.add(_quoted(node))
    return Printed(frozenset(names), frozenset(columns), frozenset(told))


def _written(tree: nodes.Template) -> Iterable[nodes.Node]:
    for output in tree.find_all(nodes.Output):
        yield from output.nodes
    for loop in tree.find_all(nodes.For):
        yield loop.iter
    for named in tree.find_all(nodes.Assign):
        yield named.node


def _parts(node: nodes.Node) -> Iterable[nodes.Node]:
    """The node and what is in it, but what a condition only asks, and what is printed only where it is no secret."""
    yield node
    passed: list[nodes.Node | None] = []
    if isinstance(node, nodes.CondExpr):
        passed = [node.test, node.expr2 if _calls(node.test, SECRET) else None]
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        passed = [node.node]
    for one in node.iter_child_nodes():
        if all(one is not other for other in passed):
            yield from _parts(one)


def _calls(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == name


def _owner(node: nodes.Node) -> str:
    """The name at the root: `facts` of `facts.x`, `one` of `one.a.b`."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _words(node: nodes.Getattr | nodes.Getitem, tree: nodes.Template) -> set[str]:
    """What it is asked for; one that is only known when it is printed may be any word that the template has."""
    if isinstance(node, nodes.Getattr) and node.attr != "get":
        return {node.attr}
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return {str(node.arg.value)}
    return {str(one.value) for one in tree.find_all(nodes.Const)}


def _quoted(call: nodes.Node) -> tuple[str, str]:
    """Act and field; an act that is only known when it is printed is \"\": it may be any."""
    act, name = (
        one for one in call.iter_child_nodes() if not isinstance(one, nodes.Name) or one.name != SAID
    )
    return _constant(act), _constant(name)


def _constant(node: nodes.Node) -> str:
    return str(node.value) if isinstance(node, nodes.Const) else ""
