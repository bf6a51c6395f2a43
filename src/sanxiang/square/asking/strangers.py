"""What the forms for people without an account share: the trap for programs, where they come from, the look by a receipt's code."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from sanxiang.door.intake import NotTaken
from sanxiang.people.proxies import source
from sanxiang.square.page import page

TRAP = "website"
"""A field that people do not see and programs fill in."""
TRAPPED = "“网址”一栏是给自动填写的程序设的，请清空后再提交。"


def unseen(answer: HttpResponse, request: HttpRequest | None = None) -> HttpResponse:
    """Not for search engines, but for the empty form of `request`, which people look for there."""
    if request is None or request.method == "POST" or request.GET:
        answer["X-Robots-Tag"] = "noindex"
    return answer


def by_code(request: HttpRequest, find: Callable[[str, str], Any], name: str, template: str) -> HttpResponse:
    """The form for the code; sent, what `find` says of it under `name`, or why not. An address only fills in the form."""
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")[:60]
    hint = "回执上的 16 位查询码，不分大小写，横线可以不输"
    field = {"kind": "text", "name": "code", "label": "查询码", "required": True, "value": code, "hint": hint}
    context: dict[str, Any] = {"field": field}
    wrong: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            context[name] = find(code, source(request))
        except NotTaken as refused:
            wrong = refused.args
    context["errors"] = [{"text": str(text), "href": "#id_code"} for text in wrong]
    return unseen(page(request, template, context, status=422 if wrong else 200))
