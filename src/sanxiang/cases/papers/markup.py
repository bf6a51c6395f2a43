"""The line markup of papers and the content it becomes, which page, PDF and Word all read.

A template writes lines:

    [版式: 公文]            公文 letter (the default), 表格 form, 笔录 record, 封面 cover
    [每页签名: 当事人、执法人员]  who signs at the foot of every page
    ## 一、违法事实          heading
    text                    paragraph, first line two characters in
    << text                 paragraph from the margin: a salutation, a field of a record
    >> text · == text       right-aligned · centred
    %% text                 a note in smaller type
    - text                  item, numbered by the run it stands in
    |--|----|               opens a table: dashes give widths, `=` instead of `-` marks a column of labels
    | a | b |               a row; a row with fewer cells stretches its last; ` >> text` inside a cell goes to its foot
    [签名: 当事人]           a line to sign on, with room for the date
    [印章] · [换页] · [空行]  name of the agency and date, where the seal goes · page break · blank line

A row that stands before the line of dashes is the table's head. What comes from the case never counts as markup:
`shield` hides every sign that means something here, `parse` brings it back as the letter it was.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sanxiang.law.dossier import digest

LAYOUTS = {"公文": "letter", "表格": "form", "笔录": "record", "封面": "cover"}
SIGNS = "\n#|<>=%-[]"
FIRST = 0xFDD0
"""Noncharacters, which no text may contain (Unicode 23.7), stand in for the signs while lines are cut."""

SHIELD = {ord(sign): chr(FIRST + place) for place, sign in enumerate(SIGNS)}
SHIELD |= dict.fromkeys(range(FIRST, FIRST + 32), "�")
UNSHIELD = {FIRST + place: sign for place, sign in enumerate(SIGNS)}
BREAK = SHIELD[ord("\n")]

DIRECTIVE = re.compile(r"^\[(版式|每页签名|签名|印章|换页|空行)(?:[:：]\s*(.*?))?\]$")
RULE = re.compile(r"^\|(?:[-=]+\|)+$")
PLACES = {"签名": "sign", "印章": "seal", "换页": "break", "空行": "blank"}
LEADS = {"## ": "heading", "<< ": "plain", ">> ": "right", "== ": "centre", "%% ": "note", "- ": "item"}


class TemplateError(ValueError):
    """A template of a pack that cannot be set; the message says which and why."""


def shield(text: str) -> str:
    """Make a text from the case safe to stand in a template's line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(SHIELD)


@dataclass(frozen=True)
class Cell:
    """One cell of a table; `foot` is set at its lower right, for who signs and when."""

    text: str
    foot: str = ""


@dataclass(frozen=True)
class Block:
    """One piece of a paper. Tables use `rows`, `widths`, `labels`, `head`; all else `text`."""

    kind: str
    text: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    widths: tuple[int, ...] = ()
    labels: tuple[bool, ...] = ()
    head: bool = False


@dataclass(frozen=True)
class Content:
    """A composed paper: everything that is printed, and nothing else. Frozen with the paper when it is issued."""

    paper: str
    title: str
    agency: str
    number: str
    date: str
    layout: str
    seal: str
    template: str
    signed_by: tuple[str, ...]
    blocks: tuple[Block, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries, as stored with the paper."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Content":
        """The content of a stored paper."""
        blocks = tuple(_block_from_json(block) for block in raw["blocks"])
        return cls(**{**raw, "signed_by": tuple(raw["signed_by"]), "blocks": blocks})

    def digest(self) -> str:
        """SHA-256 over the content as sorted JSON."""
        return digest(self.as_json())

    def texts(self) -> Iterator[str]:
        """Every text that is printed."""
        yield from (self.title, self.agency, self.number, *self.signed_by)
        for block in self.blocks:
            yield block.text
            for row in block.rows:
                for cell in row:
                    yield from (cell.text, cell.foot)


def _block_from_json(raw: Mapping[str, Any]) -> Block:
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in raw["rows"])
    return Block(raw["kind"], raw["text"], rows, tuple(raw["widths"]), tuple(raw["labels"]), raw["head"])


@dataclass(frozen=True)
class Page:
    """What `parse` finds: the layout, who signs each page, the blocks."""

    layout: str
    signed_by: tuple[str, ...]
    blocks: tuple[Block, ...]


def parse(markup: str) -> Page:
    """Cut lines into blocks. Raises TemplateError for markup that means nothing."""
    layout, signed_by, blocks = "letter", (), list[Block]()
    lines = [line.strip() for line in markup.split("\n")]
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.startswith("|"):
            rows = []
            while place < len(lines) and lines[place].startswith("|"):
                rows.append(lines[place])
                place += 1
            blocks.append(_table(rows))
            continue
        place += 1
        if directive := DIRECTIVE.match(line):
            name, words = directive[1], (directive[2] or "").translate(UNSHIELD).replace("\n", " ")
            if name == "版式":
                layout = _layout(words)
            elif name == "每页签名":
                signed_by = tuple(words.split("、"))
            else:
                blocks.append(Block(PLACES[name], words))
        elif line:
            blocks.extend(_lines(line))
    return Page(layout, signed_by, tuple(_numbered(blocks)))


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    """Items count from one in every run, so that page, PDF and Word number them alike."""
    count = 0
    for block in blocks:
        count = count + 1 if block.kind == "item" else 0
        yield replace(block, text=f"{count}．{block.text}") if count else block


def _layout(words: str) -> str:
    if words not in LAYOUTS:
        raise TemplateError(f"版式 {words!r} 不认识，可用：{'、'.join(LAYOUTS)}")
    return LAYOUTS[words]


def _lines(line: str) -> Iterable[Block]:
    """One line of the template; a line break inside a fact starts a new paragraph of the same kind."""
    lead = next((sign for sign in LEADS if line.startswith(sign)), "")
    kind = LEADS.get(lead, "paragraph")
    parts = line[len(lead) :].split(BREAK)
    if kind in ("heading", "item"):
        parts = [" ".join(parts)]
    return [Block(kind, part.strip().translate(UNSHIELD)) for part in parts if part.strip()]


def _table(lines: list[str]) -> Block:
    """Rows around a line of dashes."""
    rules = [place for place, line in enumerate(lines) if RULE.match(line)]
    if len(rules) != 1 or rules[0] > 1:
        raise TemplateError(f"表格要有且只有一行 |--|--|，写在表头之下或最前：{lines[0]}")
    columns = lines[rules[0]].strip("|").split("|")
    rows = [_row(line, len(columns)) for place, line in enumerate(lines) if place != rules[0]]
    return Block(
        "table",
        rows=tuple(rows),
        widths=tuple(len(column) for column in columns),
        labels=tuple("=" in column for column in columns),
        head=rules[0] == 1,
    )


def _row(line: str, columns: int) -> tuple[Cell, ...]:
    if not line.endswith("|"):
        raise TemplateError(f"表格的行要以 | 结尾：{line}")
    cells = line[1:-1].split("|")
    if len(cells) > columns:
        raise TemplateError(f"表格的行多于 {columns} 格：{line}")
    found = []
    for cell in cells:
        text, _, foot = cell.partition(" >> ")
        found.append(
            Cell(text.strip().translate(UNSHIELD), foot.strip().translate(UNSHIELD).replace("\n", " "))
        )
    return tuple(found)
