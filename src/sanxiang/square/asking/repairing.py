"""申请信用修复: the party of a published penalty asks that it be shown no longer; its receipt, and the answer by the receipt's code."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.cases.papers.code import address_code
from sanxiang.door.intake import NotTaken
from sanxiang.door.intake.receipts import form_token
from sanxiang.door.intake.repairs import apply, repair_with
from sanxiang.people.proxies import source
from sanxiang.square.asking.strangers import TRAP, TRAPPED, by_code, unseen
from sanxiang.square.page import address, page
from sanxiang.square.party import demo_parties

TYPED = ("code", "id_number", "repaired_how", "repair_contact", "repair_pledge")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number", "repair_contact")
@never_cache
def applied(request: HttpRequest) -> HttpResponse:
    """The application form; sent, the receipt, or everything that stands in its way."""
    given = request.POST if request.method == "POST" else request.GET
    told = {name: given.get(name, "").replace("\0", "").strip() for name in TYPED}
    if request.method != "POST":
        return draw(request, told)
    try:
        if request.POST.get(TRAP):
            raise NotTaken(TRAPPED)
        wanted: dict[str, object] = {name: told[name] for name in TYPED[2:4]}
        wanted["repair_pledge"] = told["repair_pledge"] == "on"
        token = request.POST.get("token", "")
        repair = apply(told["code"][:60], told["id_number"][:60], wanted, token, source(request))
    except NotTaken as refused:
        return draw(request, told, list(refused.args))
    path = address(reverse("repair-status"), {"code": repair.code})
    return unseen(
        page(request, "square/asking/repair_receipt.html", {"repair": repair, "code": address_code(path)})
    )


def draw(request: HttpRequest, told: dict[str, str], errors: list[str] | None = None) -> HttpResponse:
    """The form; what was typed stays."""
    context = {
        "fields": fields_of(told),
        "errors": [{"text": text} for text in errors or ()],
        "token": form_token(),
        "trap": TRAP,
        "demo": demo_parties(),
    }
    return unseen(page(request, "square/asking/repair.html", context, status=422 if errors else 200), request)


def fields_of(told: dict[str, str]) -> list[dict[str, Any]]:
    """Who asks, by the two numbers that nobody else has, and what was done."""
    asked = (
        ("code", "案件查询码", "text", "告知书、决定书上印的，或者办案机关告知的"),
        ("id_number", "证件号码或者统一社会信用代码", "text", "您在这个案件里登记的号码"),
        ("repaired_how", "履行义务、消除后果的情况", "longtext", "哪一天缴清罚款、怎样改正、有什么凭证"),
        ("repair_contact", "联系方式", "text", "只有办理这件事的人员能看到，不公开"),
    )
    return [
        *(
            {"name": name, "label": label, "kind": kind, "hint": hint, "required": True, "value": told[name]}
            for name, label, kind, hint in asked
        ),
        {
            "name": "repair_pledge", "label": "承诺以上所填属实，没有因同一类违法行为再次受到处罚", "kind": "bool",
            "value": told["repair_pledge"] == "on", "required": True,
        },
    ]  # fmt: skip


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """How it stands."""
    return by_code(request, repair_with, "repair", "square/asking/repair_status.html")
