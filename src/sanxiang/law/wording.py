"""规范用语 and 制作指引: words that a pack offers beside a field, what it says about writing a paper, and what it finds in a text.

A phrase counts as used where it stands in the text as the pack has it, however it came there; its version is kept with the act. What
a guide finds wrong refuses nothing: it is told before the form is sent, and kept with the act that is sent all the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.asking import OPENING, SPOKEN
from sanxiang.law.blocks import Block
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, as_tuple

FILMED = ("audio/", "video/")


@dataclass(frozen=True)
class Phrase:
    """One phrase: its scene, its words, its version and the clause that it stands under."""

    id: str
    scene: str
    version: str
    text: str
    citation: str


@dataclass(frozen=True)
class Guide:
    """What to look after in one field: the words, and the checks (`must` or `never`, `say`)."""

    id: str
    version: str
    text: str
    citation: str
    checks: tuple[Mapping[str, str], ...] = ()


def _phrase(block: Block) -> Phrase:
    data = {key: str(block.data.get(key, "")) for key in ("id", "scene", "version", "text")}
    return Phrase(**data, citation=str(block.citation))


def phrases(pack: Pack, act: str, field: str) -> list[Phrase]:
    """The phrases for a field of an act."""
    name = f"{act}.{field}"
    return [_phrase(b) for b in pack.of_kind("phrase") if name in as_tuple(b.data.get("fields"))]


def guides(pack: Pack, act: Act, field: str) -> list[Guide]:
    """What is said about writing this field, for the papers that the act makes."""
    return [
        Guide(
            str(b.data["id"]),
            str(b.data.get("version", "")),
            str(b.data["text"]),
            str(b.citation),
            as_tuple(b.data.get("checks")),
        )
        for b in pack.of_kind("guide")
        if field in as_tuple(b.data.get("fields")) and set(as_tuple(b.data.get("papers"))) & set(act.papers)
    ]


def beside(pack: Pack, act: Act, field: str) -> dict[str, Any]:
    """What a form shows beside a field."""
    return {"phrases": phrases(pack, act.id, field), "guides": guides(pack, act, field)}


def used(pack: Pack, act: Act, data: Mapping[str, Any]) -> list[Phrase]:
    """The phrases that stand in what the act says."""
    texts = [(item.name, str(data.get(item.name) or "")) for item in act.fields]
    return [one for name, text in texts if text for one in phrases(pack, act.id, name) if one.text in text]


def warnings(pack: Pack, act: Act, data: Mapping[str, Any]) -> list[str]:
    """What the guides find wrong in these texts, and a recording without the words that open it; each with its clause."""
    return [*_written(pack, act, data), *_spoken(pack, act, data)]


def _written(pack: Pack, act: Act, data: Mapping[str, Any]) -> Iterator[str]:
    for item in act.fields:
        text = data.get(item.name)
        for guide in guides(pack, act, item.name) if isinstance(text, str) and text else ():
            for check in guide.checks:
                if flawed(check, str(text)):
                    yield f"{item.label}：{check['say']}（{guide.citation}，制作指引第{guide.version}版）"


def flawed(check: Mapping[str, str], text: str) -> bool:
    """Does the text lack what it must have, or have what it must not?"""
    if "must" in check and not re.search(check["must"], text, re.DOTALL):
        return True
    return "never" in check and bool(re.search(check["never"], text, re.DOTALL))


def _spoken(pack: Pack, act: Act, data: Mapping[str, Any]) -> Iterator[str]:
    """A recording is brought, and nobody says that the opening was spoken in it."""
    files = [one for item in act.fields if item.type == "file" for one in data.get(item.name) or ()]
    filmed = any(str(one.get("mime", "")).startswith(FILMED) for one in files)
    if filmed and act.field(SPOKEN) is not None and OPENING not in (data.get(SPOKEN) or ()):
        opening = next(one for one in script(pack) if one.data.get("spoken") == OPENING)
        yield f"录音录像没有勾选“{opening.data['scene']}”用语（{opening.citation}）"


def script(pack: Pack) -> list[Block]:
    """The phrases that are spoken in a recording."""
    return [block for block in pack.of_kind("phrase") if block.data.get("spoken")]
