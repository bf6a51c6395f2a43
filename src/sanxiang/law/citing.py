"""Who cites a law: rules that stand under one of its articles, and texts that name it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sanxiang.law.articles import ARTICLE, NUMBER, bare_article
from sanxiang.law.blocks import Block
from sanxiang.law.packs import Pack

NATION = "中华人民共和国"
PART = rf"{ARTICLE.pattern}(?:[、和及]?第{NUMBER}款)*(?:[、和及]?第{NUMBER}项)*"
"""One article in a list of them: unlike articles.PLACE it goes over several paragraphs and items, which are not read."""

BEFORE = "据照按由依合和及与或反用见在以对"
"""What may stand before a law's bare name; after any other sign 环境保护法 may be the end of 海洋环境保护法."""


@dataclass(frozen=True)
class Cited:
    """One rule that rests on a law, or a template that names it."""

    pack: str
    kind: str
    id: str
    articles: tuple[str, ...]
    place: str


def plain_name(told: str) -> str:
    """A law's short name as packs write it: no marks, no 中华人民共和国."""
    return told.strip().strip("《》").removeprefix(NATION)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The name between its marks, or bare where it is not the end of a longer one, with the articles that follow."""
    marked = rf"《(?:{NATION})?{re.escape(name)}》"
    bare = rf"(?:{NATION}|(?<![\u4e00-\u9fff《])|(?<=[{BEFORE}])){re.escape(name)}(?=$|[^\u4e00-\u9fff》]|第{NUMBER}条)"
    return re.compile(rf"(?:{marked}|{bare})((?:(?:[、，和及]|以及)?{PART})*)")


def articles_in(value: Any, name: str) -> tuple[str, ...] | None:
    """The articles of a law that texts name, in order; empty where they name the law as a whole, None where not at all."""
    found = [hit for text in texts_in(value) for hit in _pattern(name).finditer(text)]
    if not found:
        return None
    return tuple(dict.fromkeys(article for hit in found for article in ARTICLE.findall(hit[1])))


def texts_in(value: Any) -> Iterator[str]:
    """Every text inside a value of texts, lists and tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def rules_citing(packs: Iterable[Pack], name: str) -> list[Cited]:
    """Every rule under an article of the law, or whose text names it, by pack; a national rule is every pack's."""
    return list(_cited(packs, name, lambda block: block.kind != "example"))


def templates_citing(packs: Iterable[Pack], name: str) -> list[Cited]:
    """The papers that stand under the law or print its name."""
    return list(_cited(packs, name, lambda block: block.kind == "paper"))


def _cited(packs: Iterable[Pack], name: str, wanted: Any) -> Iterator[Cited]:
    for pack in packs:
        for block in filter(wanted, pack.blocks):
            articles = _of(block, name)
            if articles is not None:
                id = str(block.data.get("id", block.data.get("key", block.data.get("name", ""))))
                yield Cited(pack.id, block.kind, id, articles, f"{block.file}:{block.line}")


def _of(block: Block, name: str) -> tuple[str, ...] | None:
    """The articles on which one rule rests."""
    said = articles_in(block.data, name)
    if block.citation.instrument != name:
        return said
    own = bare_article(block.citation.article)
    return tuple(dict.fromkeys([own] * bool(own) + list(said or ())))


def changed_articles(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The articles that are new, gone or worded otherwise; white space, of no width too, does not count."""
    names = dict.fromkeys([*after, *before])
    return [one for one in names if _squeezed(before.get(one)) != _squeezed(after.get(one))]


def _squeezed(text: str | None) -> str | None:
    return None if text is None else re.sub(r"[\s\u200b]", "", text)
