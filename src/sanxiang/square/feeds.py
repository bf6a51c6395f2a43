"""Feeds: any list or search as Atom or RSS, and what was withdrawn. Made with one builder, whatever the list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.http import http_date

from sanxiang.cases.disclosure.changes import KINDS, Change, change_of, changes, moments
from sanxiang.cases.disclosure.published import ACT_TYPES, ORIGINS, origin_of
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.people.models import Agency
from sanxiang.square import asked, showing
from sanxiang.square.decisions import organs
from sanxiang.square.page import FRESH, address, public, refused

FEED = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Atom(Atom1Feed):
    """Atom (RFC 4287) of which an empty one does not change from second to second."""

    mime = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else LONG_AGO


class Rss(Rss201rev2Feed):
    """RSS 2.0, likewise."""

    mime = "application/rss+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else LONG_AGO


def made(form: type[Atom | Rss], told: Mapping[str, str], items: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """A feed: `told` has title, link, feed_url and description; each item what `add_item` takes."""
    feed = form(**told, language="zh-CN")  # type: ignore[arg-type]  # the stubs know only lazy texts
    for item in items:
        feed.add_item(**item)
    response = HttpResponse(feed.writeString("utf-8"), content_type=form.mime)
    response["Cache-Control"] = FRESH
    return response


def modified(response: HttpResponse, moment: datetime | None) -> HttpResponse:
    """Says since when the answer is so, for readers that ask by date."""
    if moment:
        response["Last-Modified"] = http_date(moment.timestamp())
    return response


def latest(rows: Sequence[Publication], agency: Any = None) -> tuple[dict[Any, datetime], datetime | None]:
    """When each of these came to be public, and when the list last changed, be it by a withdrawal. Two queries."""
    gone = changes(agency=agency).reverse().values_list("act", flat=True)[:1]
    found = moments([*gone, *(row.act for row in rows)])
    return found, max(found.values(), default=None)


def items(
    request: HttpRequest, rows: Sequence[Publication], times: Mapping[Any, datetime]
) -> Iterable[dict[str, Any]]:
    """Decisions as entries."""
    for row in rows:
        day = row.published_on or row.sort_on
        moment = times.get(row.act) or timezone.make_aware(datetime.combine(day, time()))
        yield {
            "title": showing.heading_of(row),
            "link": request.build_absolute_uri(reverse("decision", args=[row.pk])),
            "description": str(showing.excerpt(row, ())),
            "unique_id": row.pk.urn,
            "updateddate": moment,
            "pubdate": moment,
            "author_name": showing.organ_of(row),
            "categories": [
                ACT_TYPES.get(row.act_type, row.act_type),
                ORIGINS.get(origin_of(row), row.origin),
            ],
        }


def title_of(question: asked.Asked, agencies: Sequence[Agency]) -> str:
    """What a feed is called: the conditions of its list."""
    told = [chip["text"] for chip in asked.chips(question, agencies, "")]
    return "，".join(["执法决定公示", *told])


def of_list(request: HttpRequest, form: type[Atom | Rss], limit: int = FEED) -> HttpResponse:
    """The newest decisions of a list or search as a feed."""
    agencies = organs()
    question = asked.read(request.GET, agencies, limit)
    if question.errors:
        return refused(question.summary)
    rows = asking.find(question.query).rows
    times, moment = latest(rows, question.query.agency)
    told = {
        "title": title_of(question, agencies),
        "link": request.build_absolute_uri(address(reverse("decisions"), question.typed)),
        "feed_url": request.build_absolute_uri(),
        "description": "公示的执法决定，撤回的不在其中",
    }
    return modified(made(form, told, items(request, rows, times)), moment)


@public
def decisions(request: HttpRequest) -> HttpResponse:
    """Any list or search as Atom, by the list's own parameters."""
    return of_list(request, Atom)


@public
def decisions_rss(request: HttpRequest) -> HttpResponse:
    """The same as RSS."""
    return of_list(request, Rss)


@public
def withdrawals(request: HttpRequest) -> HttpResponse:
    """What was withdrawn, the newest first: when, by whom and why. By one agency with `agency`."""
    return _changed(request, "撤回公告", "撤回的公示：日期和理由", reverse("withdrawn"), withdrawn=True)


@public
def changed(request: HttpRequest) -> HttpResponse:
    """Whatever became of publications: withdrawn, shown long enough, repaired, corrected. By one agency with `agency`."""
    told = "撤回、公开期满、信用修复和更正：日期和理由"
    return _changed(request, "变动", told, reverse("decisions"), withdrawn=False)


def _changed(request: HttpRequest, name: str, text: str, path: str, withdrawn: bool) -> HttpResponse:
    question = asked.read({"agency": request.GET.get("agency", "")}, organs())
    if question.errors:
        return refused(question.summary)
    found = changes(agency=question.query.agency, withdrawn=withdrawn).reverse()[:FEED]
    rows = [change_of(row) for row in found]
    times = moments(row.act for row in rows)
    told = {
        "title": f"执法决定公示：{name}",
        "link": request.build_absolute_uri(path),
        "feed_url": request.build_absolute_uri(),
        "description": text,
    }
    entries = [entry(request, row, times[row.act]) for row in rows if row.act]
    return modified(made(Atom, told, entries), max(times.values(), default=None))


STANDS = ("withdrawn", "corrected")
"""Changes whose decision still has a page: its notice, or its new text."""


def entry(request: HttpRequest, row: Change, moment: datetime) -> dict[str, Any]:
    """One change as an entry; a name of its own, for the decision was an entry once."""
    path = reverse("decision", args=[row.publication]) if row.kind in STANDS else reverse("decisions")
    return {
        "title": f"{KINDS[row.kind]}：{row.agency}的一项{ACT_TYPES.get(row.act_type, '执法')}决定",
        "link": request.build_absolute_uri(path),
        "description": row.reason,
        "unique_id": f"{row.publication.urn}#{row.number}",
        "updateddate": moment,
        "pubdate": moment,
        "author_name": row.agency,
    }
