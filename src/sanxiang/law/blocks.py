"""Read a pack's Markdown: headings are the instrument and the article, fenced TOML is the rule."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

KINDS = (
    "instrument",
    "value",
    "list",
    "record",
    "disclose",
    "mask",
    "measure",
    "procedure",
    "stage",
    "field",
    "act",
    "guard",
    "limit",
    "paper",
    "example",
)
FENCE = re.compile(r"^```toml\s+(\S+)\s*$")
HEADING = re.compile(r"^(#{1,4})\s+(.+?)\s*$")


class PackError(Exception):
    """A pack that cannot be used: which file, which line, why."""

    def __init__(self, file: Path | str, line: int, why: str) -> None:
        super().__init__(f"{file}:{line}：{why}")
        self.file, self.line, self.why = str(file), line, why


@dataclass(frozen=True)
class Instrument:
    """One statute, regulation, norm, scheme or operator decision that rules stand under."""

    id: str
    name: str
    kind: str
    number: str = ""
    version: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    file: str = ""


@dataclass(frozen=True)
class Citation:
    """Where a rule stands: the instrument and the article, taken from the headings above it."""

    instrument: str
    article: str
    kind: str = "law"

    def __str__(self) -> str:
        name = (
            self.instrument
            if self.instrument.startswith("《") or self.kind == "operator"
            else f"《{self.instrument}》"
        )
        return f"{name}{self.article}"


@dataclass(frozen=True)
class Block:
    """One fenced rule with its citation, its place and the prose that stands above it."""

    kind: str
    data: dict[str, Any]
    citation: Citation
    file: str
    line: int
    prose: str = ""

    def error(self, why: str) -> PackError:
        """An error that points at this block."""
        return PackError(self.file, self.line, why)


@dataclass
class _Reader:
    """What stands above the line being read."""

    file: Path
    instruments: dict[str, Instrument] = field(default_factory=dict)
    instrument: Instrument | None = None
    heading: str = ""
    prose: list[str] = field(default_factory=list)


def read_blocks(file: Path, shown: str) -> tuple[list[Instrument], list[Block]]:
    """All instruments and rules of one Markdown file; `shown` is the file's name in error messages.

    Raises PackError naming file, line and reason: bad TOML, an unknown kind of block, a rule that
    stands under no instrument or no article, an open fence.
    """
    reader = _Reader(file)
    blocks = list(_blocks(reader, shown))
    return list(reader.instruments.values()), blocks


def _blocks(reader: _Reader, shown: str) -> Iterator[Block]:
    lines = reader.file.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if heading := HEADING.match(line):
            _enter(reader, len(heading[1]), heading[2])
        elif fence := FENCE.match(line):
            start, body = number, []
            while number < len(lines) and lines[number].rstrip() != "```":
                body.append(lines[number])
                number += 1
            if number == len(lines):
                raise PackError(shown, start, "代码块没有结束的 ```")
            number += 1
            yield from _rule(reader, shown, start, fence[1], "\n".join(body))
        elif line.strip():
            reader.prose.append(line.strip())


def _enter(reader: _Reader, level: int, text: str) -> None:
    """A first-level heading starts an instrument, any other an article."""
    reader.prose = []
    if level == 1:
        reader.instrument, reader.heading = None, ""
    else:
        reader.heading = text


def _rule(reader: _Reader, shown: str, line: int, kind: str, body: str) -> Iterator[Block]:
    if kind not in KINDS:
        raise PackError(shown, line, f"不认识的规则种类 {kind!r}，可用：{'、'.join(KINDS)}")
    try:
        data = tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        raise PackError(shown, line, f"TOML 写法有误：{error}") from error
    if kind == "instrument":
        reader.instrument = _instrument(shown, line, data)
        reader.instruments[reader.instrument.id] = reader.instrument
        return
    if reader.instrument is None:
        raise PackError(shown, line, "规则没有写在任何文件之下：一级标题后缺少 instrument 块")
    if not reader.heading:
        raise PackError(shown, line, "规则没有写在任何条款之下：上方缺少二级或三级标题")
    citation = Citation(reader.instrument.name, reader.heading.split(" ")[0], reader.instrument.kind)
    yield Block(kind, data, citation, shown, line, " ".join(reader.prose))


def _instrument(shown: str, line: int, data: dict[str, Any]) -> Instrument:
    missing = [key for key in ("id", "name", "kind") if key not in data]
    if missing:
        raise PackError(shown, line, f"instrument 缺少 {'、'.join(missing)}")
    known = Instrument.__dataclass_fields__.keys()
    return Instrument(**{key: value for key, value in data.items() if key in known})
