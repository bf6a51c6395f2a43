"""Read statute texts: one Markdown file a version, named `name(date).md`, articles beginning a line with 第…条."""

import hashlib
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sanxiang.law.articles import ARTICLE

FILE = re.compile(r"^(.+)\((\d{4}-\d{2}-\d{2})\)$")
LINE = re.compile(rf"^({ARTICLE.pattern})\s*(.*)$")
HEADING = re.compile(r"^#{1,6}\s")
BLANKS = f"{string.whitespace}\u3000\u200b"
"""What stands around a line; texts copied from the web have a zero-width space there."""


@dataclass(frozen=True)
class Text:
    """One version of one law: its articles by number, in order."""

    name: str
    version: date
    articles: tuple[tuple[str, str], ...]
    digest: str


def read_texts(folder: Path) -> Iterator[Text]:
    """Every text in a folder; other files are passed over."""
    for file in sorted(folder.glob("*.md")):
        named = FILE.match(file.stem)
        if named:
            raw = file.read_bytes()
            found = tuple(articles(raw.decode("utf-8-sig")))
            yield Text(named[1], date.fromisoformat(named[2]), found, hashlib.sha256(raw).hexdigest())


def articles(text: str) -> Iterator[tuple[str, str]]:
    """The articles of a statute in order: number, and its paragraphs and items, a line each."""
    number, lines = "", [""]
    for line in text.splitlines():
        plain = line.strip(BLANKS)
        if found := LINE.match(plain):
            if number:
                yield number, "\n".join(lines)
            number, lines = found[1], [found[2]]
        elif number and plain and not HEADING.match(plain):
            lines.append(plain)
    if number:
        yield number, "\n".join(lines)
