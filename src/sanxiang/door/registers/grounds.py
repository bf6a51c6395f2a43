"""What the registers know of a penalty's grounds: imported statutes without the article cited, an item's range of fines."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sanxiang.law.articles import TYPED
from sanxiang.law.citing import NATION, articles_in, plain_name
from sanxiang.law.forms import Unreadable, parse_money
from sanxiang.law.lists import LEAST, MOST, Row, amount_of
from sanxiang.law.tiers import SUM
from sanxiang.registers.models import Statute


def missing_articles(texts: Iterable[str]) -> list[str]:
    """The articles cited that no imported version of the instrument has; of instruments without a text nothing is said."""
    given = "；".join(texts)
    names = list(dict.fromkeys(plain_name(name) for name in TYPED.findall(given)))
    known: dict[str, set[str]] = {}
    called = [*names, *(NATION + name for name in names)]
    for name, articles in Statute.objects.filter(name__in=called).values_list("name", "articles"):
        known.setdefault(plain_name(name), set()).update(articles)
    return [
        f"《{name}》{article}"
        for name in names
        for article in articles_in(given, name) or ()
        if name in known and article not in known[name]
    ]


FINES = re.compile(f"(?:(?P<least>{SUM})元?以上)?(?P<most>{SUM})元以下的?罚款")
RECKONED = re.compile("倍|百分之|每平方米|每人|每吨|每立方米|每日")
"""A fine that is reckoned from something else has no sum in the article."""


def allowed(basis: str) -> tuple[Decimal, Decimal, str] | None:
    """The least and the most that the cited articles allow as a fine, with their names.

    None where a text is not here, or the fine is reckoned from something else.
    """
    texts = dict(_texts(basis))
    sums = [hit for text in texts.values() if text for hit in FINES.finditer(text)]
    if not sums or any(not text or RECKONED.search(text) for text in texts.values()):
        return None
    least = [Decimal(amount_of(hit["least"]) or 0) if hit["least"] else Decimal(0) for hit in sums]
    most = [amount_of(hit["most"]) for hit in sums]
    known = [one for one in most if one is not None]
    return (min(least), max(known), "、".join(texts)) if known else None


def _texts(basis: str) -> list[tuple[str, str]]:
    """Each article that the basis cites, with its imported text; "" where it is not here."""
    names = list(dict.fromkeys(plain_name(name) for name in TYPED.findall(basis)))
    called = [*names, *(NATION + name for name in names)]
    rows = Statute.objects.filter(name__in=called).order_by("version").values_list("name", "articles")
    known = {plain_name(name): articles for name, articles in rows}
    return [
        (f"《{name}》{article}", str(known.get(name, {}).get(article, "")))
        for name in names
        for article in articles_in(basis, name) or ()
    ]


def range_of(row: Row, item: str) -> dict[str, str]:
    """The least and the most that a row of the list allows, in 元; empty where it states neither as an amount."""
    found = {
        key: amount for key, name in (("least", LEAST), ("most", MOST)) if (amount := _amount(row.get(name)))
    }
    return {**found, "item": item} if found else {}


def _amount(told: Any) -> str:
    try:
        amount = amount_of(str(told or ""))
        return "" if amount is None else parse_money(str(amount))
    except Unreadable:
        return ""
