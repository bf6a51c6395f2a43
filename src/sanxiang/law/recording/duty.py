"""How far an act must be recorded 记录义务: FULL > REQUIRED > CIRCUMSTANCE > NONE, the highest of all that apply, each with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.blocks import Block
from sanxiang.law.facts import Facts, State
from sanxiang.law.packs import Pack
from sanxiang.law.recording.listed import demanded, of_matrix
from sanxiang.law.recording.matters import INTERESTS, ON_SITE, PREMISES, could_be, matters_of
from sanxiang.law.recording.means import normal
from sanxiang.law.rules import Act
from sanxiang.speech import in_brackets

LEVELS = ("NONE", "CIRCUMSTANCE", "REQUIRED", "FULL")
LEVEL_NAMES = {
    "FULL": "应当全程音像记录",
    "REQUIRED": "必须作音像记录",
    "CIRCUMSTANCE": "视情作音像记录",
    "NONE": "不要求音像记录",
}
PLACES = frozenset({"enforcement-place", "case-room"})
"""Matters that are places: they apply where a room fitted for enforcement is used."""


@dataclass(frozen=True)
class Demand:
    """One reason to record: what asks for it, how strictly, by which means (none named: any), and under which clause."""

    matter: str
    label: str
    level: str
    forms: tuple[str, ...]
    citation: str
    waiver: bool = False
    """May a text that suffices stand in for it?"""
    stricter: bool = False
    """Is it more than the scheme itself asks, by the agency's own choice?"""

    @property
    def why(self) -> str:
        """The reason in words."""
        more = "，严于方案" if self.stricter else ""
        return f"{self.label}{in_brackets(self.citation + more)}"


@dataclass(frozen=True)
class Duty:
    """Everything that asks for the recording of one act."""

    demands: tuple[Demand, ...] = ()

    @property
    def level(self) -> str:
        """The highest that applies wins."""
        return max((one.level for one in self.demands), key=LEVELS.index, default="NONE")

    @property
    def why(self) -> str:
        """All reasons of that level in words."""
        return "；".join(dict.fromkeys(one.why for one in self.demands if one.level == self.level))


@dataclass(frozen=True)
class Asked:
    """What decides on a duty: the act as far as it is told, the case as it stands, the list in force on the day."""

    pack: Pack
    act: Act
    state: State
    data: Mapping[str, Any]
    listed: Mapping[str, Any] | None = None

    @property
    def matters(self) -> frozenset[str]:
        """Which matters the act is as it is told."""
        return matters_of(self.act, self.data, self.state["facts"])

    @property
    def touched(self) -> frozenset[str]:
        """The interests that the case, or the act in hand, is said to touch."""
        told = self.data.get("interests") or self.state["facts"].get("interests") or ()
        return frozenset(told) & set(INTERESTS)


def duty_of(facts: Facts) -> Duty:
    """What this act on this case owes in sound and film, on its day."""
    return owed(Asked(facts.pack, facts.act, facts.state, facts.data, facts.extra.get("av_items")))


def owed(asked: Asked) -> Duty:
    """Everything that asks for the recording of an act."""
    if not recordable(asked.act):
        return Duty()
    return Duty(tuple(dict.fromkeys([*_scheme(asked), *_stricter(asked), *_agency(asked)])))


def recordable(act: Act) -> bool:
    """Is the act an activity that can be recorded: a pack says its matter, or its form takes footage?"""
    return bool(act.matters) or act.field("photos") is not None


def always(pack: Pack, act: Act) -> Duty:
    """What the scheme asks of this kind of act whoever does it, as tables and notices show it: no interest, room or list."""
    could, found = could_be(act), []
    for block in pack.of_kind("record"):
        if block.data["matter"] in could or act.id in block.data.get("acts", ()):
            found.append(_demand(block))
    return Duty(tuple(found))


def _demand(block: Block) -> Demand:
    data = block.data
    forms = normal(data.get("forms", ()))
    waiver = bool(data.get("waiver")) and data["level"] != "FULL"
    return Demand(data["matter"], data["label"], data["level"], forms, str(block.citation), waiver)


def _scheme(asked: Asked) -> Iterator[Demand]:
    matters, touched = asked.matters, asked.touched
    for block in asked.pack.of_kind("record"):
        matter = str(block.data["matter"])
        listed = asked.act.id in block.data.get("acts", ())
        by_interest = matter in touched and bool(matters & ON_SITE)
        if listed or matter in matters or by_interest or _in_room(asked, block.data):
            yield _demand(block)


def _in_room(asked: Asked, data: Mapping[str, Any]) -> bool:
    """Is a fitted room used that the scheme has recorded: any, or only where the case touches an interest of the scheme?"""
    if data["matter"] not in PLACES or asked.data.get("premises") not in data.get("premises", PREMISES):
        return False
    own = (asked.pack.setting("av.full_process") or {}).get("interests", ())
    return data["matter"] == "case-room" or bool(asked.touched & set(own))


def _stricter(asked: Asked) -> Iterator[Demand]:
    """Liberty, where the scheme does not name it and the operator goes further than the scheme."""
    value = asked.pack.parameter("av.liberty_stricter")
    named = any(block.data["matter"] == "liberty" for block in asked.pack.of_kind("record"))
    chosen = value.is_set and value.value is True and not named
    if chosen and asked.matters & ON_SITE and "liberty" in asked.touched:
        label = "直接涉及人身自由的现场执法活动"
        yield Demand("liberty", label, "FULL", (), str(value.citation), stricter=True)


def _agency(asked: Asked) -> Iterator[Demand]:
    """What the agency's own list in force on the day, and the matrix in force when the case began, ask beyond the scheme."""
    pack, procedure = asked.pack, str(asked.state["procedure"])
    if asked.listed:
        level = str(pack.listed("av-items").get("level", "REQUIRED"))
        act_type = pack.procedures[procedure].act_type
        for row in demanded(asked.listed["rows"], pack, asked.act, act_type, asked.data):
            higher = "FULL" if row.full else level
            waiver = higher != "FULL" and pack.setting("av.text_sufficiency_waiver") is True
            yield Demand(
                "list", f"清单所列“{row.label}”", higher, row.forms, str(asked.listed["source"]), waiver
            )
    if kept := asked.state.get("recording_matrix"):
        for row in of_matrix(kept["rows"], pack, asked.act):
            yield Demand("matrix", f"记录环节表“{row.label}”", "REQUIRED", row.forms, str(kept["source"]))
