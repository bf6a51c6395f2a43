"""调阅事由: who has no duty in a case says why before it is opened, once a day; then goes on to where they wanted to go.

The day may end while somebody fills in a form. What was typed is then kept in the page that asks, nowhere else, and offered
again once the question is answered.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from sanxiang.cases.models import Case
from sanxiang.desk.who import Visitor, case_listed, page, visitor_of
from sanxiang.door.files.copies import REQUEST, CopyWanted
from sanxiang.door.looks.given import give, last_given, reason_of
from sanxiang.door.reading import ReasonWanted
from sanxiang.door.reasons import LONGEST_TEXT, LONGEST_TICKET, OFFERED, Reason, is_outside, lacking
from sanxiang.people import roles

HERE = "/desk/cases/{}/why/"
READABLE = ("/desk/", "/api/v1/cases/")
OURS = ("csrfmiddlewaretoken", "more")
"""What a form sends that nobody typed."""


def ask_why(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a case that nobody said why they look at leads to the question."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, CopyWanted):
            return unapproved(request, error)
        if not isinstance(error, ReasonWanted):
            return None
        if request.method == "POST":
            return kept(request, error)
        address = f"{HERE.format(error.case.pk)}?next={quote(request.get_full_path())}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(address)
        return redirect(address)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # where Django looks for it
    return middleware


def kept(request: HttpRequest, wanted: ReasonWanted) -> HttpResponse:
    """The question in the place of a form's answer, with all that was typed: 403, for nothing of the form was done."""
    visitor, case = visitor_of(request), wanted.case
    told = {name: values for name, values in request.POST.lists() if name not in OURS}
    typed = json.dumps([told, bool(request.FILES)], ensure_ascii=False)
    answered = last_given(request) or usual(visitor, case)
    return draw(request, visitor, case, Asking(answered, request.get_full_path(), typed), status=403)


def unapproved(request: HttpRequest, wanted: CopyWanted) -> HttpResponse:
    """403 with what stands in the way of the copy, and where one asks for it; to look on line takes no approval."""
    case = wanted.case
    told = urlencode({"agency": str(case.agency_id), "case": case.number or case.code})
    context = {"case": case, "why": str(wanted), "ask": f"/desk/admin/acts/{REQUEST}/?{told}"}
    return page(request, visitor_of(request), "desk/copy_wanted.html", context, status=403)


def again(request: HttpRequest, visitor: Visitor, case: Case, onward: str, typed: str) -> HttpResponse:
    """What was typed, to be sent again. An act's form comes back as it was, to be looked over; other forms are sent."""
    try:
        told, files = json.loads(typed)
        pairs = [(str(name), str(value)) for name, values in told.items() for value in values]
        act = resolve(urlsplit(onward).path).url_name == "desk-act"
    except (ValueError, TypeError, AttributeError, Resolver404):
        return redirect(onward)
    if act:
        pairs.append(("more", "kept"))  # asks for the form as it stands, and does nothing
    context = {"case": case, "onward": onward, "pairs": pairs, "act": act, "files": files}
    return page(request, visitor, "desk/typed_again.html", context)


@dataclass(frozen=True)
class Asking:
    """The question as it stands: what is answered so far, where one goes on, and the form that waits for it."""

    told: Reason
    onward: str
    typed: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The question. Nothing of the case is on this page but what the list of cases has."""
    visitor = visitor_of(request)
    case = case_listed(visitor, case_id)
    onward = onward_of(request, case)
    if request.method != "POST":
        return draw(request, visitor, case, Asking(last_given(request) or usual(visitor, case), onward))
    typed = request.POST.get("typed", "")
    told = Reason(*(request.POST.get(name, "").strip() for name in ("reason", "text", "ticket")))
    errors = lacking(told, is_outside(case, visitor.posts))
    if not errors:
        try:
            give(request, case.pk, reason_of(told.code, told.text, told.ticket))
        except ValueError as wrong:
            errors = {"text": str(wrong)}
    if errors:
        return draw(request, visitor, case, Asking(told, onward, typed), errors, status=422)
    return again(request, visitor, case, onward, typed) if typed else redirect(onward)


def onward_of(request: HttpRequest, case: Case) -> str:
    """Where one wanted to go: an address of this site, of the desk or of a case in the API; else the case."""
    told = request.POST.get("next", "") or request.GET.get("next", "")
    mine = url_has_allowed_host_and_scheme(told, allowed_hosts=None) and told.startswith(READABLE)
    return told if mine and "\\" not in told and ".." not in told else f"/desk/cases/{case.pk}/"


def usual(visitor: Visitor, case: Case) -> Reason:
    """What is ticked already: whoever supervises mostly supervises."""
    watches = not visitor.works_in(case.agency_id) or roles.RECORDING_SUPERVISOR in visitor.roles
    return Reason("supervise" if watches else "")


def draw(
    request: HttpRequest,
    visitor: Visitor,
    case: Case,
    asking: Asking,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page."""
    wrong = errors or {}
    context = {
        "case": case,
        "onward": asking.onward,
        "typed": asking.typed,
        "action": HERE.format(case.pk),
        "fields": fields_of(asking.told, is_outside(case, visitor.posts), wrong),
        "errors": [{"text": text, "href": f"#id_{name}"} for name, text in wrong.items()],
        "submit": {
            "label": "记录事由并继续" if asking.typed else "记录事由并打开",
            "cancel_href": "/desk/cases/",
        },
    }
    return page(request, visitor, "desk/why.html", context, status=status)


def fields_of(told: Reason, outside: bool, wrong: dict[str, str]) -> list[dict[str, Any]]:
    """The three questions."""
    choices = [{"value": code, "label": label} for code, label in OFFERED.items()]
    reason = {"kind": "choice", "draw": "radio", "name": "reason", "label": "调阅事由", "choices": choices}
    text = {"kind": "text", "name": "text", "label": "说明", "maxlength": LONGEST_TEXT}
    text["hint"] = "一句话写明为什么调阅这个案件，例如“三季度执法检查抽查”"
    ticket = {"kind": "text", "name": "ticket", "label": "批准文号或者通知号", "maxlength": LONGEST_TICKET}
    ticket |= {"required": outside, "optional": "有则填写"}
    fields: list[dict[str, Any]] = [
        reason | {"required": True, "value": told.code},
        text | {"required": True, "value": told.text},
        ticket | {"value": told.ticket},
    ]
    return [field | {"error": wrong.get(str(field["name"]), "")} for field in fields]
