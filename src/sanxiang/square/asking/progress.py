"""办理进度: the party or applicant of a case asks how it stands, with the code of the case and its own number; and what it may do now."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.door.intake import NotTaken, progress
from sanxiang.people.proxies import source
from sanxiang.square.asking.proved import fields_of, typed_in
from sanxiang.square.asking.strangers import unseen
from sanxiang.square.page import page
from sanxiang.square.party import demo_parties

FIELDS = (
    ("code", "案件查询码", "告知书、受理通知书上印的，或者办案机关告知的"),
    ("id_number", "证件号码或者统一社会信用代码", "您在这个案件里登记的号码"),
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number")
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """The form; sent, how the case stands. A window's sign may lead here with the code filled in."""
    typed = typed_in(request, FIELDS)
    fields = fields_of(typed, FIELDS)
    context: dict[str, Any] = {"section": "progress", "fields": fields, "demo": demo_parties()}
    wrong: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            context["progress"] = progress(typed["code"], typed["id_number"], source(request))
        except NotTaken as refused:
            wrong = refused.args
    context["errors"] = [{"text": str(text), "href": "#id_code"} for text in wrong]
    return unseen(
        page(request, "square/asking/progress.html", context, status=422 if wrong else 200), request
    )
