"""What an act asks for because it is recorded: a pack states the matter, and the form, the effect and the rules follow.

An act with `matters` gets the shared fields for its footage, so that no procedure words them again, and the effect that
keeps what became of it. An act that closes a case regularly gets the field in which the head approves what is left open.
Rules name such acts by a word: `on = ["@recorded"]`, `on = ["@closing"]`; and an act may be open to all `procedures = ["*"]`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sanxiang.law.blocks import Block
from sanxiang.law.rules import as_tuple

Shared = Mapping[str, Mapping[str, Any]]

FOOTAGE = ("photos", "clips", "no_recording")
SPAN = ("activity_began", "activity_ended")
"""From when to when an activity lasted, where its own form does not ask."""

AT_CLOSE = ("no_recording", "exceptions_approved")
RECORDED, CLOSING = "@recorded", "@closing"
SPOKEN, OPENING = "script_said", "opening"
"""The field in which whoever brings a recording ticks what was said in it, and what the words that open it are marked."""


TELLING = re.compile(r"(data|fact):\w+(=[^=]+)?")


def flaw(entry: Any) -> str:
    """What is wrong with an entry of an act's `matters`, as a sentence; empty where nothing is."""
    if isinstance(entry, str):
        return ""
    if set(entry) - {"matter", "when"} or "matter" not in entry:
        return 'matters 的每一项写名称，或者写 { matter = "名称", when = "data:字段=值" }'
    if not TELLING.fullmatch(str(entry.get("when", "data:x"))):
        return f"matters 的 when 只能写“data:字段=值|值”或者“fact:事实=值|值”，现在是 {entry['when']!r}"
    return ""


def prepared(blocks: list[Block], shared: Shared) -> list[Block]:
    """The blocks with what recorded acts ask, and with words for many acts or procedures written out. Raises PackError."""
    procedures = [str(b.data["id"]) for b in blocks if b.kind == "procedure" and "id" in b.data]
    found = asking_script([_act(b, shared, procedures) if b.kind == "act" else b for b in blocks])
    acts = [b.data for b in found if b.kind == "act" and "id" in b.data]
    words = {
        RECORDED: [str(data["id"]) for data in acts if data.get("matters")],
        CLOSING: [str(data["id"]) for data in acts if closes(data)],
    }
    return [_guard(b, words) if b.kind == "guard" else b for b in found]


def closes(data: Mapping[str, Any]) -> bool:
    """Does the act end a case regularly, so that its file must be whole?"""
    return any(e.get("do") == "close" and e.get("how") == "closed" for e in data.get("effects", ()))


def _act(block: Block, shared: Shared, procedures: list[str]) -> Block:
    data = dict(block.data)
    if as_tuple(data.get("procedures")) == ("*",):
        data["procedures"] = procedures
    if data.get("matters"):
        if wrong := next(filter(None, map(flaw, data["matters"])), ""):
            raise block.error(wrong)
        span = () if {"began", "ended"} <= _names(data) else SPAN
        data = _asking(data, shared, (*span, *FOOTAGE), {"do": "recording"})
    if closes(data):
        data = _asking(data, shared, AT_CLOSE, {"do": "recordings-closed"})
    return replace(block, data=data) if data != block.data else block


def _names(data: Mapping[str, Any]) -> set[str]:
    return {str(field["name"]) for field in data.get("fields", ())}


def _asking(
    data: dict[str, Any], shared: Shared, names: tuple[str, ...], effect: dict[str, str]
) -> dict[str, Any]:
    """The act with these shared fields, where the pack words them: each beside the one that it goes with, or at the end."""
    fields, effects = list(data.get("fields", ())), list(data.get("effects", ()))
    if any(name not in shared for name in names):
        return data
    for name in names:
        at = [str(one["name"]) for one in fields]
        if name not in at:
            place = at.index("photos") + 1 if name == "clips" and "photos" in at else len(fields)
            fields.insert(place, dict(shared[name]))
    if effect not in effects:
        effects.append(effect)
    return {**data, "fields": fields, "effects": effects}


def _guard(block: Block, words: Mapping[str, Iterable[str]]) -> Block:
    named = as_tuple(block.data.get("on"))
    if not set(named) & set(words):
        return block
    on = [act for name in named for act in words.get(name, (name,))]
    return replace(block, data={**block.data, "on": list(dict.fromkeys(on))})


def asking_script(blocks: list[Block]) -> list[Block]:
    """Where the pack has words for recordings, every act that takes recordings asks which of them were spoken."""
    spoken = [b.data for b in blocks if b.kind == "phrase" and b.data.get("spoken")]
    if not any(one["spoken"] == OPENING for one in spoken):
        return blocks
    field = {
        "name": SPOKEN, "label": "录音录像中已经说的用语", "type": "multi", "required": False, "fact": False,
        "options": [[one["spoken"], one["scene"]] for one in spoken],
        "help": "；".join(f"{one['scene']}：{one['text']}" for one in spoken),
    }  # fmt: skip
    return [_with(block, field) if block.kind == "act" else block for block in blocks]


def _with(block: Block, field: dict[str, Any]) -> Block:
    fields = list(block.data.get("fields", ()))
    places = [n for n, one in enumerate(fields) if one.get("name") == "clips"]
    if not places:
        return block
    fields.insert(places[0] + 1, field)
    return replace(block, data={**block.data, "fields": fields})
