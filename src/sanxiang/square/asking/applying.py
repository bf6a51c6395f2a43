"""申请公开政府信息: the application without an account, its receipt, and its answer by the receipt's code."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.cases.papers.code import address_code
from sanxiang.door.intake import NotTaken
from sanxiang.door.intake.information import FORMS, apply, asked_with, who_answer
from sanxiang.door.intake.receipts import form_token
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency
from sanxiang.people.proxies import source
from sanxiang.square.asking.strangers import TRAP, TRAPPED, by_code, unseen
from sanxiang.square.asking.voices import choices
from sanxiang.square.page import address, page

TYPED = ("applicant", "identity", "contact", "wants", "form")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("applicant", "identity", "contact")
@never_cache
def applied(request: HttpRequest) -> HttpResponse:
    """The application form; sent, the receipt."""
    given = request.POST if request.method == "POST" else request.GET
    told = {name: given.get(name, "").replace("\0", "").strip() for name in ("agency", *TYPED)}
    if request.method != "POST":
        return draw(request, told)
    try:
        if request.POST.get(TRAP):
            raise NotTaken(TRAPPED)
        key = uuid_of(told["agency"])
        if key is None:
            raise NotTaken("请选择向哪个机关申请。")
        agency = get_object_or_404(Agency, pk=key, active=True)
        wanted = {name: told[name] for name in TYPED}
        asked = apply(agency, wanted, request.POST.get("token", ""), source(request))
    except NotTaken as refused:
        return draw(request, told, list(refused.args))
    path = address(reverse("apply-status"), {"code": asked.code})
    return unseen(page(request, "square/asking/asked.html", {"asked": asked, "code": address_code(path)}))


def draw(request: HttpRequest, told: dict[str, str], errors: list[str] | None = None) -> HttpResponse:
    """The form; what was typed stays."""
    context = {
        "fields": fields_of(told),
        "errors": [{"text": text} for text in errors or ()],
        "token": form_token(),
        "trap": TRAP,
    }
    return unseen(page(request, "square/asking/apply.html", context, status=422 if errors else 200), request)


def answerers() -> list[dict[str, str]]:
    """The agencies in which somebody can answer. Two queries."""
    able = {str(key) for key in who_answer(timezone.localdate())}
    return [one for one in choices() if one["value"] in able]


def fields_of(told: dict[str, str]) -> list[dict[str, Any]]:
    """What 政府信息公开条例 第二十九条 asks of an application."""
    forms = [{"value": value, "label": label} for value, label in FORMS.items()]
    asked: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
        (
            "agency",
            "向哪个机关申请",
            "choice",
            "信息由哪个机关制作或者保存；没有列出的机关，请以书面形式向它提出",
            {"draw": "select", "choices": answerers()},
        ),
        ("applicant", "申请人的姓名或者名称", "text", "", {"autocomplete": "name"}),
        (
            "identity",
            "身份证明",
            "text",
            "证件名称和号码，单位填统一社会信用代码。姓名、证件和联系方式只有答复的机关能看到",
            {},
        ),
        ("contact", "联系方式", "text", "电话、地址或者电子邮箱，答复寄到哪里", {}),
        ("wants", "申请公开的政府信息", "longtext", "名称、文号，或者便于查找的其他特征", {}),
        ("form", "获取方式", "choice", "", {"choices": forms}),
    )
    return [
        {
            "name": name,
            "label": label,
            "kind": kind,
            "hint": hint,
            "required": True,
            "value": told[name],
            **more,
        }
        for name, label, kind, hint, more in asked
    ]


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """How it stands."""
    return by_code(request, asked_with, "asked", "square/asking/asked_status.html")
