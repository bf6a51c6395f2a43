"""投诉举报、异议、纠错、意见建议: said without an account, and followed with the receipt's code; works without scripts."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.cases.papers.code import address_code
from sanxiang.door.intake import NotTaken
from sanxiang.door.intake.receipts import form_token
from sanxiang.door.intake.voices import (
    KINDS,
    LONGEST,
    MOST_FILES,
    Subject,
    followed,
    spoken,
    subject_of,
    told_how_long,
)
from sanxiang.people.models import Agency
from sanxiang.people.proxies import source
from sanxiang.square.asking.strangers import TRAP, TRAPPED, by_code, unseen
from sanxiang.square.page import address, page

TYPED = ("kind", "text", "name", "contact")
USUAL = {"decision": "error", "list": "error", "officer": "complaint"}
"""What people mostly want to say about such a thing."""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text", "name", "contact")
@never_cache
def speak(request: HttpRequest) -> HttpResponse:
    """The form; sent, the receipt."""
    given = request.POST if request.method == "POST" else request.GET
    told = {name: given.get(name, "").replace("\0", "").strip() for name in ("about", "key", *TYPED)}
    subject = subject_of(told["about"] or "agency", told["key"][:120], timezone.localdate())
    if subject is None and told["key"]:
        raise Http404("没有这一对象")
    if request.method != "POST":
        return draw(request, subject, told)
    try:
        if request.POST.get(TRAP):
            raise NotTaken(TRAPPED)
        if subject is None:
            raise NotTaken("请选择反映的机关。")
        wanted = {**told, "about": subject.about, "key": subject.key}
        files = request.FILES.getlist("files")
        receipt = spoken(subject.agency, wanted, files, request.POST.get("token", ""), source(request))
    except NotTaken as refused:
        return draw(request, subject if told["about"] else None, told, list(refused.args))
    context = {"receipt": receipt, "code": address_code(status_address(receipt.code))}
    return unseen(page(request, "square/asking/receipt.html", context))


def status_address(code: str) -> str:
    """Where the receipt's picture leads: the form with the code in it, which shows nothing before it is sent."""
    return address(reverse("voice-status"), {"code": code})


def draw(
    request: HttpRequest, subject: Subject | None, told: dict[str, str], errors: list[str] | None = None
) -> HttpResponse:
    """The form; what was typed stays, so that a refusal costs no typing anew."""
    told = {**told, "kind": told["kind"] or USUAL.get(subject.about if subject else "", "")}
    context = {
        "subject": subject,
        "fields": fields_of(told, choices() if subject is None else []),
        "errors": [{"text": text} for text in errors or ()],
        "files_lost": bool(errors and request.FILES),
        "token": form_token(),
        "trap": TRAP,
    }
    return unseen(page(request, "square/asking/voice.html", context, status=422 if errors else 200), request)


def choices() -> list[dict[str, str]]:
    """The agencies that may be spoken about. One query."""
    rows = Agency.objects.filter(active=True).order_by("name").values_list("pk", "name")
    return [{"value": str(key), "label": name} for key, name in rows]


def fields_of(told: dict[str, str], agencies: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The fields as parts/field.html draws them."""
    kinds = [{"value": kind, "label": label} for kind, label in KINDS.items()]
    whose = {"kind": "choice", "draw": "select", "name": "key", "label": "反映的机关", "required": True}
    fields: list[dict[str, Any]] = [whose | {"choices": agencies, "value": told["key"]}] if agencies else []
    return [
        *fields,
        {
            "kind": "choice", "name": "kind", "label": "类别", "required": True, "choices": kinds, "value": told["kind"],
            "hint": "公示的内容有错选“纠错”；认为不应当这样公示的选“异议”；反映执法人员、执法行为的选“投诉举报”",
        },
        {
            "kind": "longtext", "name": "text", "label": "反映的内容", "required": True, "value": told["text"],
            "hint": f"时间、地点、经过，或者哪一处写错了、应当是什么。最多 {LONGEST:,} 字",
        },
        {"kind": "text", "name": "name", "label": "姓名或者名称", "value": told["name"], "hint": "可以匿名，不填"},
        {
            "kind": "text", "name": "contact", "label": "联系方式", "value": told["contact"],
            "hint": "可以不填，凭查询码也能看到答复。填了的，只有办理这件事的人员能看到，不公开，也不告诉被反映的人。" + told_how_long(),
        },
        {"kind": "file", "name": "files", "label": "附件", "multiple": True, "hint": f"最多 {MOST_FILES} 个，每个不超过 20 MB"},
    ]  # fmt: skip


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """How it stands."""
    return by_code(request, followed, "standing", "square/asking/status.html")
