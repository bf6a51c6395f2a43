"""What somebody asks of the list of decisions: the address's parameters, read strictly, every fault a Chinese sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.search.asking import Query
from sanxiang.cases.search.folding import TooMuch, terms
from sanxiang.law.forms import Unreadable, parse_day
from sanxiang.people.models import Agency
from sanxiang.square.page import page_number

FILTERS = ("q", "act_type", "agency", "from", "to")
LABELS = {
    "q": "查询词",
    "act_type": "行为种类",
    "agency": "公示机关",
    "from": "决定日期起",
    "to": "决定日期止",
    "page": "页码",
}
PER_PAGE = 20


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
    since, until = (_day(name, typed[name], errors) for name in ("from", "to"))
    if since and until and since > until:
        errors["to"] = "止日早于起日，请对调或者改正"
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
        act_type=_act_type(typed["act_type"], errors),
        agency=_agency(typed["agency"], agencies, errors),
        since=since,
        until=until,
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


def _act_type(text: str, errors: dict[str, str]) -> str:
    """By code or by Chinese name."""
    codes = {**{code: code for code in ACT_TYPES}, **{label: code for code, label in ACT_TYPES.items()}}
    if text and text not in codes:
        errors["act_type"] = f"没有“{text[:20]}”这一种，可以选：{'、'.join(ACT_TYPES.values())}"
    return codes.get(text, "")


def _agency(text: str, agencies: Sequence[Agency], errors: dict[str, str]) -> UUID | None:
    """By id or by exact name."""
    for agency in agencies:
        if text in (str(agency.pk), agency.pk.hex, agency.name):
            return agency.pk
    if text:
        errors["agency"] = f"没有“{text[:40]}”这个机关，请从列表里选"
    return None


def fields(asked: Asked, agencies: Sequence[Agency]) -> list[dict[str, Any]]:
    """The filters as parts/search.html draws them."""
    kinds = [{"value": code, "label": label} for code, label in ACT_TYPES.items()]
    organs = [{"value": str(agency.pk), "label": agency.name} for agency in agencies]
    chosen = "" if asked.query.agency is None else str(asked.query.agency)
    made: list[dict[str, Any]] = [
        {
            "kind": "choice",
            "draw": "select",
            "name": "act_type",
            "choices": kinds,
            "value": asked.query.act_type,
            "blank_label": "全部种类",
        },
        {
            "kind": "choice",
            "draw": "select",
            "name": "agency",
            "choices": organs,
            "value": chosen,
            "blank_label": "全部机关",
        },
        {"kind": "date", "name": "from", "value": asked.typed["from"]},
        {"kind": "date", "name": "to", "value": asked.typed["to"]},
    ]
    return [
        {**field, "label": LABELS[field["name"]], "error": asked.errors.get(field["name"], "")}
        for field in made
    ]
