"""The links 环节 of a case as the locality's scheme names them, each with the records that it leaves and which of them are there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Stage

STATED = ("label", "content", "mode", "carrier")
"""What a pack states of a record."""


@dataclass(frozen=True)
class Record:
    """One record of a link: what it states, how and on what it is kept; the act and the day that made it, or nothing yet."""

    label: str
    content: str
    mode: str
    carrier: str
    n: int = 0
    on: str = ""


@dataclass(frozen=True)
class Link:
    """One link: the scheme's word for it, the canonical stages that it covers, its records."""

    label: str
    canonical: tuple[str, ...]
    records: tuple[Record, ...]

    @property
    def recorded(self) -> bool:
        """Is there at least one record of it?"""
        return any(record.n for record in self.records)


def links_of(pack: Pack, state: State) -> list[Link]:
    """The scheme's own links (recording.stages), or where it names none, those of the flowchart."""
    stages = pack.stages_of(state["procedure"])
    own = pack.setting("recording.stages")
    if not own:
        return [
            Link(s.label, (s.canonical,), tuple(_records(s, state))) for s in stages if _concerns(s, state)
        ]
    return [_link(row, [s for s in stages if s.canonical in row["canonical"]], state) for row in own]


def _link(row: Mapping[str, Any], stages: list[Stage], state: State) -> Link:
    found = dict.fromkeys(r for s in stages if _concerns(s, state) for r in _records(s, state))
    return Link(str(row["label"]), tuple(row["canonical"]), tuple(found))


def _concerns(stage: Stage, state: State) -> bool:
    """A stage that is there for some cases only concerns those in which something of it was done."""
    return not stage.when or any(record.n for record in _records(stage, state))


def _records(stage: Stage, state: State) -> Iterator[Record]:
    for record in stage.records:
        made = [state["last"][name] for name in record["acts"] if name in state["last"]]
        last: Mapping[str, Any] = max(made, key=lambda one: one["n"]) if made else {"n": 0, "on": ""}
        label, content, mode, carrier = (str(record.get(key) or "") for key in STATED)
        yield Record(label, content, mode, carrier, last["n"], last["on"])
