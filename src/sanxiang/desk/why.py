"""调阅事由: who has no duty in a case says why before it is opened, once a day; then goes on to where they wanted to go."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from sanxiang.cases.models import Case
from sanxiang.desk.who import Visitor, case_listed, page, visitor_of
from sanxiang.door.given import give, last_given, reason_of
from sanxiang.door.reading import ReasonWanted
from sanxiang.door.reasons import LONGEST_TEXT, LONGEST_TICKET, OFFERED, Reason
from sanxiang.people import roles

HERE = "/desk/cases/{}/why/"
READABLE = ("/desk/", "/api/v1/cases/")


def ask_why(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a case that nobody said why they look at leads to the question."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ReasonWanted):
            return None
        address = f"{HERE.format(error.case.pk)}?next={quote(request.get_full_path())}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(address)
        return redirect(address)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # where Django looks for it
    return middleware


@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The question. Nothing of the case is on this page but what the list of cases has."""
    visitor = visitor_of(request)
    case = case_listed(visitor, case_id)
    onward = onward_of(request, case)
    outside = not visitor.works_in(case.agency_id)
    if request.method != "POST":
        return draw(request, visitor, case, last_given(request) or usual(visitor, case), onward)
    code, text, ticket = (request.POST.get(name, "").strip() for name in ("reason", "text", "ticket"))
    errors = lacking(code, text, ticket, outside)
    if not errors:
        try:
            give(request, case.pk, reason_of(code, text, ticket))
        except ValueError as wrong:
            errors = {"text": str(wrong)}
    if errors:
        return draw(request, visitor, case, Reason(code, text, ticket), onward, errors)
    return redirect(onward)


def lacking(code: str, text: str, ticket: str, outside: bool) -> dict[str, str]:
    """What has not been filled in, by field."""
    errors = {}
    if code not in OFFERED:
        errors["reason"] = "没有选择调阅事由，请选择一项"
    if not text:
        errors["text"] = "没有写明为什么调阅，请用一句话写明"
    if outside and not ticket:
        errors["ticket"] = "调阅其他机关的案件，请填写批准文号、监督检查通知号或者来函文号"
    return errors


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
    told: Reason,
    onward: str,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    """The page; 422 when something is missing."""
    wrong = errors or {}
    context = {
        "case": case,
        "onward": onward,
        "fields": fields_of(told, not visitor.works_in(case.agency_id), wrong),
        "errors": [{"text": text, "href": f"#id_{name}"} for name, text in wrong.items()],
        "submit": {"label": "记录事由并打开", "cancel_href": "/desk/cases/"},
    }
    return page(request, visitor, "desk/why.html", context, status=422 if wrong else 200)


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
