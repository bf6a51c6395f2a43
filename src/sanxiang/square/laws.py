"""法律依据: the laws and norms that are in force here, each article with its text on a day, and what of the portal rests on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.search import asking
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.articles import bare_article
from sanxiang.law.blocks import Instrument, PackError
from sanxiang.law.citing import NATION, articles_in, plain_name
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Agency
from sanxiang.registers.models import Statute
from sanxiang.registers.releases import in_force_openly
from sanxiang.square.page import address, beyond, page, page_number, pager, public
from sanxiang.square.registers import day_asked, day_field

KINDS = {"law": "法律", "regulation": "行政法规", "rule": "规章", "norm": "规范性文件"}
"""What is shown: a scheme of one's own house may be closed to the public, and an operator's settings are no law."""

PER_PAGE = 60


@dataclass(frozen=True)
class Version:
    """One text of a law: its date, since when it is in force, until when."""

    version: date
    since: date
    until: date | None

    @property
    def told(self) -> str:
        """The same in words; of a text whose first day no pack names only its date."""
        begun = f"，{cn_date(self.since)}起施行" if self.since != self.version else ""
        ended = f"，{cn_date(self.until)}废止" if self.until else ""
        return f"{cn_date(self.version)}版本{begun}{ended}"


@dataclass(frozen=True)
class Law:
    """One law as the portal knows it: from the rules of the localities, from the imported texts, or from both."""

    name: str
    kind: str
    number: str
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version | None:
        """The text in force on that day."""
        found = (one for one in self.versions if one.since <= day and (one.until is None or day < one.until))
        return max(found, key=lambda one: one.version, default=None)


def laws() -> dict[str, Law]:
    """Every law by its plain name. Two queries."""
    known = {plain_name(one.name): one for one in instruments()}
    began = {(plain_name(one.name), one.version): one.effective_from for one in instruments()}
    texts: dict[str, list[Version]] = {}
    for name, version, repealed in Statute.objects.values_list("name", "version", "repealed_on"):
        plain = plain_name(name)
        since = began.get((plain, version)) or version
        texts.setdefault(plain, []).append(Version(version, since, repealed))
    found = {}
    for name in sorted({*known, *texts}):
        one = known.get(name)
        versions = tuple(sorted(texts.get(name, ()), key=lambda text: text.version, reverse=True))
        kind = KINDS[one.kind] if one else ""
        found[name] = Law(name, kind, one.number if one else "", versions)
    return found


def instruments() -> list[Instrument]:
    """What the rules of the localities at work stand under, as far as it is public law. One query."""
    places = Agency.objects.filter(active=True).values_list("locality", flat=True).distinct().order_by()
    found: list[Instrument] = []
    for locality in places:
        try:
            found += load_pack(locality).instruments.values()
        except PackError:
            continue
    return [one for one in found if one.kind in KINDS]


@public
def listing(request: HttpRequest) -> HttpResponse:
    """All of them, by name."""
    today, found = timezone.localdate(), laws().values()
    table = {
        "caption": "法律依据",
        "columns": [{"label": name} for name in ("名称", "种类", "文号", "现行文本")],
        "rows": [{"cells": cells_of(one, today)} for one in found],
        "total": f"{len(found):,}",
        "empty": {"title": "还没有登记法律依据"},
    }
    return page(request, "square/laws.html", {"section": "laws", "table": table})


def cells_of(one: Law, today: date) -> list[dict[str, Any]]:
    """One line of the list."""
    now = one.on(today)
    told = now.told if now else ("已经废止或者还没有施行" if one.versions else "没有导入文本")
    return [
        {"text": one.name, "href": reverse("law", args=[one.name])},
        {"text": one.kind or "—"},
        {"text": one.number or "—"},
        {"text": told},
    ]


@public
def law(request: HttpRequest, name: str) -> HttpResponse:
    """One law: its text in force on a day, page by page, its versions, and what rests on it."""
    found = known(name)
    day, error = day_of(found, request)
    number = page_number(request.GET.get("page", ""))
    if number is None:
        raise Http404
    text = text_of(found, day)
    rows = list(text.items())
    here, begin = reverse("law", args=[found.name]), (number - 1) * PER_PAGE
    asked = {} if day == timezone.localdate() else {"on": day.isoformat()}
    shown = rows[begin : begin + PER_PAGE]
    if begin and not shown:
        raise Http404
    context = {
        **frame_of(found, day, request.GET.get("on", ""), error),
        "articles": [article_line(found, one, words, asked) for one, words in shown],
        "pager": pager(here, asked, number, PER_PAGE, len(rows), len(shown))
        if len(rows) > PER_PAGE
        else None,
        "empty": beyond(here, asked, number, PER_PAGE, len(rows)),
        **resting(found.name, "", timezone.localdate()),
    }
    return page(request, "square/law.html", context, status=422 if error else 200)


@public
def article(request: HttpRequest, name: str, heading: str) -> HttpResponse:
    """One article: its text in force on a day, and what rests on it."""
    found = known(name)
    day, error = day_of(found, request)
    words = text_of(found, day).get(heading)
    if bare_article(heading) != heading or (words is None and found.versions):
        raise Http404
    context = {
        **frame_of(found, day, request.GET.get("on", ""), error),
        "heading": heading,
        "lines": (words or "").splitlines(),
        **resting(found.name, heading, timezone.localdate()),
    }
    return page(request, "square/law_article.html", context, status=422 if error else 200)


def known(name: str) -> Law:
    """The law of that name. Raises Http404."""
    found = laws().get(name)
    if found is None:
        raise Http404
    return found


def day_of(one: Law, request: HttpRequest) -> tuple[date, str]:
    """The day of the address and what is wrong with it; of a law without texts there is no day to choose."""
    return day_asked(request) if one.versions else (timezone.localdate(), "")


def text_of(one: Law, day: date) -> Mapping[str, str]:
    """The articles in force on that day; none where no text was imported."""
    version = one.on(day)
    if version is None:
        return {}
    rows = Statute.objects.filter(name__in=(one.name, NATION + one.name), version=version.version)
    return rows.values_list("articles", flat=True).first() or {}


def frame_of(one: Law, day: date, typed: str, error: str) -> dict[str, Any]:
    """What the page of a law and of an article share; the day as it was typed where it cannot be read."""
    here = reverse("law", args=[one.name])
    versions = [
        {
            "text": told.told,
            "href": address(here, {"on": told.since.isoformat()}),
        }
        for told in one.versions
    ]
    field = day_field(typed if error else day, error)
    return {"section": "laws", "law": one, "shown": one.on(day), "day": field, "versions": versions}


def article_line(one: Law, heading: str, words: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """One article of the text, with an address of its own."""
    href = address(reverse("law-article", args=[one.name, heading]), asked)
    return {"heading": heading, "lines": words.splitlines(), "href": href}


def resting(name: str, heading: str, on: date) -> dict[str, Any]:
    """Which entries of public lists and which published decisions name the law, or this article of it."""
    lists = list(lists_citing(name, heading, on))
    rows = [
        {"cells": [{"text": agency}, {"text": label, "href": href}, {"text": f"{number:,}"}]}
        for agency, label, href, number in lists
    ]
    columns = [{"label": "机关"}, {"label": "清单"}, {"label": "条目（条）", "num": True}]
    empty = {"title": "没有清单引用", "text": "各机关现行的公开清单没有写到。"}
    table = {"caption": "引用的清单", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}
    return {"lists": table, "decisions": list(decisions_citing(name, heading))}


def lists_citing(name: str, heading: str, on: date) -> Iterator[tuple[str, str, str, int]]:
    """The public lists in force with how many of their entries name it. One query."""
    found = in_force_openly(on).filter(register__agency__active=True)
    ordered = found.select_related("register__agency").order_by("register__agency__name", "register__label")
    for release in ordered.iterator(50):
        told = [articles_in(row, name) for row in release.rows]
        number = sum(1 for one in told if one is not None and (not heading or heading in one))
        if number:
            register = release.register
            href = reverse("agency-register", args=[register.agency_id, register.kind])
            yield register.agency.name, register.label, href, number


def decisions_citing(name: str, heading: str) -> Iterator[dict[str, str]]:
    """The searches for either way to write the name, each with how many decisions it finds."""
    for told in (name, NATION + name):
        words = f"《{told}》{heading}"
        number = asking.count(asking.Query(q=words))
        yield {
            "text": f"写有“{words}”的决定",
            "number": f"{number:,}",
            "href": address(reverse("decisions"), {"q": words}) if number else "",
        }
