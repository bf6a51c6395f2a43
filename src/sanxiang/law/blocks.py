"""Read a pack's Markdown: headings are the instrument and the article, fenced TOML is the rule."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanxiang.law.shapes import misshapen

KINDS = (
    "instrument",
    "value",
    "list",
    "record",
    "disclose",
    "public",
    "mask",
    "measure",
    "procedure",
    "stage",
    "field",
    "act",
    "guard",
    "limit",
    "paper",
    "section",
    "file",
    "borrow",
    "signature",
    "phrase",
    "guide",
    "item",
    "pattern",
    "route",
    "ground",
    "example",
)
FENCE = re.compile(r"^```toml\s+(\S+)\s*$")
AT = re.compile(r"at line (\d+), column (\d+)")
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

    instruments: dict[str, Instrument] = field(default_factory=dict)
    instrument: Instrument | None = None
    heading: str = ""
    prose: list[str] = field(default_factory=list)


@lru_cache(maxsize=1024)
def read_blocks(text: str, shown: str) -> tuple[tuple[Instrument, ...], tuple[Block, ...]]:
    """All instruments and rules of one Markdown file's text; `shown` is the file's name in error messages.

    Remembered by what stands there and not by where the file lies: every locality's pack begins with the national files,
    and a case pinned to an earlier pack differs from today's in a file or two.

    Raises PackError naming file, line and reason: bad TOML, an unknown kind of block, a rule that
    stands under no instrument or no article, an open fence.
    """
    reader = _Reader()
    blocks = tuple(_blocks(reader, text, shown))
    return tuple(reader.instruments.values()), blocks


def text_of(file: Path, shown: str) -> str:
    """A pack file's text. Raises PackError at the line of the first byte that is not UTF-8."""
    data = file.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackError(shown, line, "不是 UTF-8 文字，请用 UTF-8 编码另存") from error


def toml_of(text: str, shown: str, above: int = 0) -> dict[str, Any]:
    """TOML that stands after the first `above` lines of a file. Raises PackError at the line that cannot be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = AT.search(str(error))
        lines = text.splitlines()
        line = int(place[1]) if place else max(len(lines), 1)
        near = lines[line - 1].strip() if line <= len(lines) else ""
        column = f"第 {place[2]} 列附近" if place else "到结尾还没有写完"
        raise PackError(shown, above + line, f"TOML 写法有误，{column}：{near}") from error


def _blocks(reader: _Reader, text: str, shown: str) -> Iterator[Block]:
    lines = text.splitlines()
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
    data = toml_of(body, shown, line)
    if wrong := misshapen(kind, data):
        raise PackError(shown, line, wrong)
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
