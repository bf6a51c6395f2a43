"""What the registers know of a penalty's grounds: imported statutes without the article cited, an item's range of fines."""

from collections.abc import Iterable
from typing import Any

from sanxiang.law.articles import TYPED
from sanxiang.law.citing import NATION, articles_in, plain_name
from sanxiang.law.forms import Unreadable, parse_money
from sanxiang.law.lists import LEAST, MOST, Row, amount_of
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
