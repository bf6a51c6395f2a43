"""Read statute texts: one Markdown file a version, named `name(date).md`, articles beginning a line with 第…条."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE = re.compile(r"^(.+)\((\d{4}-\d{2}-\d{2})\)$")
ARTICLE = re.compile(r"^(第[一二三四五六七八九十百千零〇]+条(?:之[一二三四五六七八九十]+)?)[\s　]*(.*)$")
HEADING = re.compile(r"^#{1,6}\s")


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
            articles = tuple(_articles(raw.decode("utf-8-sig")))
            yield Text(named[1], date.fromisoformat(named[2]), articles, hashlib.sha256(raw).hexdigest())


def _articles(text: str) -> Iterator[tuple[str, str]]:
    number, lines = "", [""]
    for line in text.splitlines():
        plain = line.strip()
        if found := ARTICLE.match(plain):
            if number:
                yield number, "\n".join(lines)
            number, lines = found[1], [found[2]]
        elif number and plain and not HEADING.match(plain):
            lines.append(plain)
    if number:
        yield number, "\n".join(lines)
