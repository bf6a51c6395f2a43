"""当事人查阅、复制案卷: the party of a case asks for its file with the code of the case and its own number, and sees what became of it."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.cases.models import Case
from sanxiang.door.intake import FORMS, MOST_MISSES, PAUSE, ROUTES, NotTaken, ask, case_of, standing
from sanxiang.people.proxies import source
from sanxiang.square.page import page

UNKNOWN = (
    "查询码和证件号码对不上任何案件，请照执法机关告知的查询码和您登记的证件号码填写；记不清的，请到执法机关窗口申请。"
    f"连续填错 {MOST_MISSES} 次的，{PAUSE.seconds // 60} 分钟内不再核对。"
)
DEMO_PARTIES = "demo-parties.json"
"""In the data folder of a demonstration: with what its invented parties sign in."""
BLANK = "请写明要查阅、复制哪些材料，并留下联系方式。"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number")
@never_cache
def party(request: HttpRequest) -> HttpResponse:
    """The form; sent, the requests of that party with what became of each, and a new one where one was made."""
    if request.method != "POST":
        return draw(request, {})
    told = {name: request.POST.get(name, "").strip() for name in ("code", "id_number", "wants", "contact")}
    address = source(request)
    try:
        case = case_of(told["code"], told["id_number"], address)
        if case is None:
            raise NotTaken(UNKNOWN)
        made = asked_for(request, case, told) if "ask" in request.POST else ""
        rows = standing(case, address)
    except NotTaken as refused:
        return draw(request, {"errors": [{"text": text} for text in refused.args]}, 422)
    return draw(request, {"rows": rows, "made": made, "agency": case.agency, "shown": True})


def demo_parties() -> list[dict[str, str]]:
    """The invented parties of a demonstration; none anywhere else."""
    try:
        found: list[dict[str, str]] = json.loads((settings.DATA / DEMO_PARTIES).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return found


def asked_for(request: HttpRequest, case: Case, told: dict[str, str]) -> str:
    """Hand a new request in; its number. Raises NotTaken."""
    if not told["wants"] or not told["contact"]:
        raise NotTaken(BLANK)
    chosen = {name: request.POST.get(name, "") for name in ("form", "route")}
    wanted = {**chosen, "wants": told["wants"], "contact": told["contact"]}
    return ask(case, wanted, request.POST.get("nonce") or secrets.token_urlsafe(16))


def draw(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page; what was typed stays, so that one wrong letter costs no typing anew."""
    frame = {
        "section": "party",
        "typed": request.POST,
        "forms": FORMS.items(),
        "routes": ROUTES.items(),
        "demo": demo_parties(),
        "nonce": (status != 200 and request.POST.get("nonce")) or secrets.token_urlsafe(16),
    }
    answer = page(request, "square/party.html", {**frame, **context}, status=status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
