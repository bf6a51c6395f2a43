"""What somebody asks of the list of decisions: the address's parameters, read strictly, every fault a Chinese sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from sanxiang.cases.disclosure.published import ACT_TYPES, PARTY_TYPES
from sanxiang.cases.search.asking import Query
from sanxiang.cases.search.folding import TooMuch, terms
from sanxiang.law.forms import Unreadable, parse_day
from sanxiang.people.levels import LEVELS, level_of
from sanxiang.people.models import Agency
from sanxiang.square.page import address, page_number

FILTERS = (
    "q",
    "act_type",
    "agency",
    "level",
    "party_type",
    "from",
    "to",
    "published_from",
    "published_to",
    "order",
)
LABELS = {
    "q": "查询词",
    "act_type": "行为种类",
    "agency": "公示机关",
    "from": "决定日期起",
    "to": "决定日期止",
    "level": "机关层级",
    "party_type": "当事人类型",
    "published_from": "公示日期起",
    "published_to": "公示日期止",
    "order": "排列",
    "page": "页码",
}
PER_PAGE = 20
MOST = 8
"""Parts of a division that stand open; the rest is folded."""
ORDERS = {"": "从新到旧", "oldest": "从旧到新"}
SPANS = (("from", "to"), ("published_from", "published_to"))
KINDS: Mapping[str, Mapping[str, str]] = {
    "act_type": ACT_TYPES,
    "level": LEVELS,
    "party_type": PARTY_TYPES,
    "order": {"oldest": ORDERS["oldest"]},
}
"""Filters that take one of some codes, or its Chinese name."""

BLANKS = {
    "act_type": "全部种类",
    "agency": "全部机关",
    "level": "全部层级",
    "party_type": "全部类型",
    "order": ORDERS[""],
}


@dataclass(frozen=True)
class Asked:
    """The question, what was typed for it, and what of that cannot be used, by parameter. With errors nothing is searched."""

    query: Query
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors for the summary above the page."""
        links = {name: f"#id_{name}" for name in FILTERS}
        return [
            {"text": f"{LABELS[name]}：{text}", "href": links.get(name, "")}
            for name, text in self.errors.items()
        ]


def read(params: Mapping[str, str], agencies: Sequence[Agency], limit: int = PER_PAGE) -> Asked:
    """Read the parameters. Unknown ones do not matter; known ones that cannot be read are errors, never left out in silence."""
    typed = {name: params.get(name, "").strip() for name in FILTERS}
    errors: dict[str, str] = {}
    days = {name: _day(name, typed[name], errors) for span in SPANS for name in span}
    for begin, end in SPANS:
        if (first := days[begin]) and (last := days[end]) and first > last:
            errors[end] = "止日早于起日，请对调或者改正"
    codes = {name: _code(name, typed[name], errors) for name in KINDS}
    number = page_number(params.get("page", ""))
    if number is None:
        errors["page"] = "应为从 1 起的整数，请从第一页翻起"
    try:
        terms(typed["q"])
    except TooMuch as refused:
        errors["q"] = str(refused)
    after = params.get("after", "")
    query = Query(
        q=typed["q"],
        act_type=codes["act_type"],
        agency=_agency(typed["agency"], agencies, errors),
        among=_of_level(codes["level"], agencies),
        party_type=codes["party_type"],
        since=days["from"],
        until=days["to"],
        published_since=days["published_from"],
        published_until=days["published_to"],
        oldest=codes["order"] == "oldest",
        page=number or 1,
        after=int(after)
        if after.removeprefix("-").isdigit() and after.isascii() and len(after) < 19
        else None,
        limit=limit,
        exact=params.get("exact") == "1",
    )
    return Asked(query, typed, errors)


def _day(name: str, text: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        if len(text) > len("2026年11月21日"):
            raise Unreadable(f"“{text[:20]}”不是有效的日期，请写成 2026-11-21 的形式")
        return date.fromisoformat(parse_day(text))
    except Unreadable as error:
        errors[name] = str(error)
        return None


def _code(name: str, text: str, errors: dict[str, str]) -> str:
    """By code or by Chinese name."""
    told = KINDS[name]
    codes = {**{code: code for code in told}, **{label: code for code, label in told.items()}}
    if text and text not in codes:
        errors[name] = f"没有“{text[:20]}”这一种，可以选：{'、'.join(told.values())}"
    return codes.get(text, "")


def _of_level(level: str, agencies: Sequence[Agency]) -> frozenset[UUID] | None:
    return frozenset(one.pk for one in agencies if level_of(one) == level) if level else None


def _agency(text: str, agencies: Sequence[Agency], errors: dict[str, str]) -> UUID | None:
    """By id or by exact name."""
    for agency in agencies:
        if text in (str(agency.pk), agency.pk.hex, agency.name):
            return agency.pk
    if text:
        errors["agency"] = f"没有“{text[:40]}”这个机关，请从列表里选"
    return None


def fields(asked: Asked, agencies: Sequence[Agency]) -> list[dict[str, Any]]:
    """The filters as parts/search.html draws them; those without a fault are drawn already."""
    organs = tuple((str(agency.pk), agency.name) for agency in agencies)
    told = {name: tuple(codes.items()) for name, codes in KINDS.items()} | {"agency": organs}
    found = []
    for name in FILTERS[1:]:
        shown, error = value_of(asked, name), asked.errors.get(name, "")
        field = {**_field(name, shown, told.get(name)), "error": error}
        found.append(field if error else {**field, "drawn": _drawn(name, shown, told.get(name))})
    return found


def _field(name: str, value: str, told: tuple[tuple[str, str], ...] | None) -> dict[str, Any]:
    """A box with choices, or one for a day."""
    field = {"name": name, "label": LABELS[name], "value": value}
    if told is None:
        return {**field, "kind": "date"}
    choices = [{"value": code, "label": label} for code, label in told]
    return {
        **field,
        "kind": "choice",
        "draw": "select",
        "choices": choices,
        "blank_label": BLANKS[name],
    }


@lru_cache(256)
def _drawn(name: str, value: str, told: tuple[tuple[str, str], ...] | None) -> str:
    """A filter in HTML: half of a page's computing, and the same for the same words, whoever asks."""
    return render_to_string("parts/field.html", {"field": _field(name, value, told)})


def value_of(asked: Asked, name: str) -> str:
    """A filter as its code, however it was typed; "" where it is not set or cannot be read."""
    if name == "agency":
        return "" if asked.query.agency is None else str(asked.query.agency)
    if name in KINDS:
        return _code(name, asked.typed[name], {})
    return asked.typed[name]


def chips(asked: Asked, agencies: Sequence[Agency], path: str) -> list[dict[str, str]]:
    """Each filter that is set, in words, with the address of the list without it."""
    names = {str(agency.pk): agency.name for agency in agencies}
    found = []
    for name, value in ((name, value_of(asked, name)) for name in FILTERS if asked.typed[name]):
        told = {**KINDS.get(name, {}), **(names if name == "agency" else {})}
        text = f"{LABELS[name]}：{told.get(value, asked.typed[name])}"
        found.append({"text": text, "href": address(path, {**asked.typed, name: ""})})
    return found


def facets(
    asked: Asked, agencies: Sequence[Agency], numbers: Mapping[str, Mapping[Any, int]], path: str
) -> list[dict[str, Any]]:
    """How the hits divide by the filters that are not set yet; each part leads to its list."""
    names: dict[str, Mapping[Any, str]] = {
        "act_type": ACT_TYPES,
        "agency": {agency.pk: agency.name for agency in agencies},
        "party_type": PARTY_TYPES,
    }
    found = []
    for name, told in names.items():
        if asked.typed[name]:
            continue
        parts = sorted(numbers[name].items(), key=lambda pair: (-pair[1], str(told.get(pair[0], ""))))
        # Codes and ids stand in an address as they are: it is written once, not for each. What was typed has no bare "=".
        before, after = address(path, {**asked.typed, name: "-"}).split(f"{name}=-")
        links = [
            {"text": told[value], "number": f"{number:,}", "href": f"{before}{name}={value}{after}"}
            for value, number in parts
            if value in told
        ]
        if len(links) > 1:
            found.append({"title": LABELS[name], "links": links[:MOST], "more": links[MOST:]})
    return found
