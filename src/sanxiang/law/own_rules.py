"""Rule documents 具体办法: what an agency writes for itself because its scheme tells it to. Which chapters it must have, and
which settings they give: a period that the scheme leaves to the agency stands in the agency's own rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sanxiang.law.blocks import Citation
from sanxiang.law.lists import Row, cell
from sanxiang.law.numerals import number
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Value, as_tuple

PREFIX = "rule-"
CHAPTER, TEXT, FIGURE = "章节", "内容", "数值"
COLUMNS = (CHAPTER, TEXT, FIGURE)
"""How a chapter is written down: its name, its text, and the figure where it sets one."""


@dataclass(frozen=True)
class RuleKind:
    """A rule document that the locality's scheme asks for.

    `sets` says which parameters a chapter gives; `explored` that the scheme only asks to try it (探索);
    `yearly` that it is a standing duty without a day, of which one is reminded each year.
    """

    id: str
    label: str
    chapters: tuple[str, ...]
    required: tuple[str, ...]
    sets: Mapping[str, tuple[str, ...]]
    explored: bool
    yearly: bool
    citation: Citation


def kinds_of(pack: Pack) -> dict[str, RuleKind]:
    """The rule documents of a scheme, by id."""
    found = (b for b in pack.of_kind("list") if str(b.data.get("id", "")).startswith(PREFIX))
    return {
        str(b.data["id"]): RuleKind(
            str(b.data["id"]),
            str(b.data["label"]),
            as_tuple(b.data.get("fields")),
            as_tuple(b.data.get("required")),
            {name: as_tuple(keys) for name, keys in b.data.get("sets", {}).items()},
            bool(b.data.get("exploratory")),
            bool(b.data.get("yearly")),
            b.citation,
        )
        for b in found
    }


def lacking(kind: RuleKind, rows: Iterable[Row]) -> list[str]:
    """Chapters that the scheme demands and that are not there, or have no text."""
    written = {cell(row, (CHAPTER,)) for row in rows if cell(row, (TEXT,))}
    return [name for name in kind.required if name not in written]


def figure(row: Row) -> int | None:
    """The figure of a chapter, in figures or in Chinese; None where it states none. Raises ValueError."""
    text = cell(row, (FIGURE,))
    if not text:
        return None
    found = int(text) if text.isascii() and text.isdigit() else int(number(text))
    if found <= 0:
        raise ValueError(text)
    return found


def figures_wrong(kind: RuleKind, rows: Iterable[Row], pack: Pack) -> Iterator[str]:
    """Figures that nobody can read, stand where none is asked, or would loosen what the scheme or the law sets."""
    for row in rows:
        name = cell(row, (CHAPTER,))
        try:
            found = figure(row)
        except ValueError:
            yield f"“{name}”的数值“{cell(row, (FIGURE,))}”不是大于零的整数"
            continue
        if found is not None and name not in kind.sets:
            yield f"“{name}”一章不设定数值"
        if found is None:
            continue
        for key in kind.sets.get(name, ()):
            bound = pack.binding(key)
            if bound.is_set and pack.parameters[key].bound == "max" and found > int(bound.value):
                yield f"“{name}”定为 {found}，比{bound.citation}规定的 {bound.value} 宽"


def unfigured(kind: RuleKind, rows: Iterable[Row], pack: Pack) -> list[str]:
    """Chapters that leave a figure blank which the scheme has not set either, for every kind of act."""
    told = {cell(row, (CHAPTER,)): cell(row, (FIGURE,)) for row in rows}
    return [
        name
        for name, keys in kind.sets.items()
        if not told.get(name) and not all(pack.parameter(key).is_set for key in keys)
    ]


def values_of(kind: RuleKind, title: str, rows: Iterable[Row]) -> tuple[Value, ...]:
    """The settings that a rule document in force gives, under its own name."""
    found = []
    for row in rows:
        name = cell(row, (CHAPTER,))
        n = figure(row) if name in kind.sets else None
        cited = Citation(title, name, "scheme")
        found += [Value(key, True, "operator", cited, n) for key in kind.sets.get(name, ()) if n is not None]
    return tuple(found)


def settled(pack: Pack, own: tuple[Value, ...]) -> Pack:
    """The pack with what the agency's own rules set where nothing is set, or set more strictly."""
    values: dict[str, Any] = dict(pack.values)
    for value in own:
        bound = pack.binding(value.key)
        if not bound.is_set or (
            pack.parameters[value.key].bound == "max" and int(value.value or 0) < int(bound.value or 0)
        ):
            values[value.key] = (value, *pack.values.get(value.key, ()))
    return replace(pack, values=values, readings={})


def meanwhile(kind: RuleKind, chapter: str, pack: Pack) -> str:
    """What holds as long as nobody has set the figure of a chapter: the nation's norms, or nothing."""
    bound = [(key, pack.binding(key)) for key in kind.sets[chapter]]
    told = [
        f"{pack.parameters[key].label} {value.value}（{value.citation}）"
        for key, value in bound
        if value.is_set
    ]
    return f"在此之前按国家规定：{'、'.join(told)}" if told else "相应事项没有到期日"
