"""What all pages of the square share: open to everybody, read-only, checked anew by every browser at every visit."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from sanxiang.people.models import Agency

View = Callable[..., HttpResponseBase]

FRESH = "no-cache"
"""Kept copies must be asked about first: what is withdrawn is gone at the next visit, not after some hours."""

LONGEST_LIST = 10**9


def public(view: View) -> View:
    """A view that anybody may read with GET or HEAD; an unchanged page costs the reader nothing."""
    opened: View = login_not_required(require_safe(conditional_page(view)))
    return opened


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page in the portal's frame."""
    response = render(request, template, {"site": site(), **context}, status=status)
    response["Cache-Control"] = FRESH
    return response


def unreadable(sentence: str) -> HttpResponse:
    """503 in a sentence: a file of ours cannot be read for now, and whose task it is to cure that reads why."""
    response = HttpResponse(f"{sentence}\n", status=503, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def refused(errors: Iterable[Mapping[str, str]]) -> HttpResponse:
    """422 in plain sentences: programs that asked what cannot be read are told so, and get no list."""
    text = "\n".join(error["text"] for error in errors)
    return HttpResponse(f"{text}\n", status=422, content_type="text/plain; charset=utf-8")


def site() -> dict[str, str]:
    """Whose portal this is: the name of the government, where there is exactly one."""
    roots = list(Agency.objects.filter(parent=None, active=True).values_list("name", flat=True)[:2])
    return {"agency": roots[0]} if len(roots) == 1 else {}


def page_number(text: str) -> int | None:
    """The page asked for; the first when none is; None for what is no page number."""
    if not text:
        return 1
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return number if 0 < number < LONGEST_LIST else None


def pager(
    path: str,
    filters: Mapping[str, str],
    number: int,
    size: int,
    total: int | None,
    shown: int,
    after: int | None = None,
    word: str = "page",
) -> dict[str, str]:
    """The context of parts/pager.html. `total` None: more than anybody counts unasked. `after` is the next page's cursor;
    `word` names the page in the address, where a page has several lists."""
    first = (number - 1) * size
    found = {"total_text": "超过 10,000 条" if total is None else f"共 {total:,} 条"}
    if total is None:
        found["exact_href"] = address(path, filters, **{word: str(number), "exact": "1"})
    if shown and (total is None or total > size):
        found["range_text"] = f"本页第 {first + 1:,}–{first + shown:,} 条"
    if number > 1:
        found |= {
            "first_href": address(path, filters),
            "prev_href": address(path, filters, **{word: str(number - 1) if number > 2 else ""}),
        }
        found["page_text"] = f"第 {number:,} 页"
    if shown and (total is None or first + shown < total):
        found["next_href"] = address(
            path, filters, **{word: str(number + 1), "after": "" if after is None else str(after)}
        )
        found["page_text"] = f"第 {number:,} 页"
    return found


def beyond(
    path: str, filters: Mapping[str, str], number: int, size: int, total: int | None
) -> dict[str, Any]:
    """The context of parts/empty.html for a page behind the last one; {} where there is such a page, or nothing at all."""
    pages = None if total is None else -(-total // size)
    if number == 1 or pages == 0 or (pages is not None and number <= pages):
        return {}
    actions = [{"label": "回到第一页", "href": address(path, filters), "primary": True}]
    if pages is None:
        return {
            "title": f"没有第 {number:,} 页",
            "text": "列表没有这么长，请从第一页翻起。",
            "actions": actions,
        }
    if pages > 1:
        last = address(path, filters, page=str(pages))
        actions.append({"label": f"到最后一页（第 {pages:,} 页）", "href": last})
    told = f"共 {total:,} 条，只有 {pages:,} 页。"
    return {"title": f"没有第 {number:,} 页", "text": told, "actions": actions}


def address(path: str, filters: Mapping[str, str], **more: str) -> str:
    """The address of a list with its filters; empty ones are left out."""
    asked = {name: value for name, value in {**filters, **more}.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path
