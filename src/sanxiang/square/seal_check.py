"""Is this PDF sealed, by whom, and unaltered since? Anybody may ask; the file is read, judged and forgotten."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sanxiang.cases.papers.sealing import check
from sanxiang.cases.papers.seals import LARGEST, Seal
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.square.page import page

NONE = {
    "tone": "amber",
    "title": "没有电子印章",
    "text": "文件里没有能够识别的电子印章，或者不是 PDF。打印、另存、截图之后的文件不再带有印章。",
}


@login_not_required
@csrf_exempt  # no cookie is read and nothing is changed
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest) -> HttpResponse:
    """The verdict on an uploaded PDF, as a page or, for programs, as JSON; who comes without a file is shown the form."""
    if request.method == "GET":
        return redirect("/verify/#id_pdf")
    given = request.FILES.get("pdf")
    if given is None or given.size is None or given.size > LARGEST:
        wrong = (
            "请选择要核对的 PDF 文件" if given is None else f"文件超过 {LARGEST >> 20} MB，请核对是不是文书"
        )
        return page(
            request, "square/seal.html", {"section": "verify", "wrong": wrong, "found": []}, status=422
        )
    found = check(given.read())
    if "json" in request.headers.get("Accept", ""):
        answer = {
            "valid": bool(found) and all(one.valid for one in found),
            "seals": [plain(one) for one in found],
        }
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    drawn = [{"notice": notice(one), "rows": rows(one)} for one in found] or [{"notice": NONE, "rows": []}]
    return page(request, "square/seal.html", {"section": "verify", "found": drawn, "name": given.name})


def notice(one: Seal) -> dict[str, str]:
    """What the seal is worth."""
    if one.valid:
        return {
            "tone": "green",
            "title": "印章有效",
            "text": "文件自盖章以来没有改动，印章由本平台信任的机构签发。",
        }
    if not one.intact:
        text = "文件在盖章之后被改动过，或者印章本身损坏。不要凭这份文件办事，请向制作机关询问。"
        return {"tone": "red", "title": "印章无效", "text": text}
    if not one.whole:
        text = "印章没有覆盖整个文件：盖章之后又添加了内容。添加的内容不受印章保护。"
        return {"tone": "red", "title": "印章没有覆盖整个文件", "text": text}
    text = "文件没有改动，但是签发印章证书的机构不在本平台信任之列，不能断定是谁盖的章。"
    return {"tone": "amber", "title": "印章的来源不明", "text": text}


def rows(one: Seal) -> list[dict[str, Any]]:
    """Who sealed it, when, with which certificate."""
    told = (
        ("印章", one.signer),
        ("盖章时间", cn_datetime(one.at) if one.at else ""),
        ("证书校验值", one.certificate),
    )
    return [{"label": label, "value": value} for label, value in told if value]


def plain(one: Seal) -> dict[str, Any]:
    """The same for programs."""
    at = one.at.isoformat() if one.at else None
    return {
        "valid": one.valid, "intact": one.intact, "trusted": one.trusted, "whole": one.whole,
        "signer": one.signer, "at": at, "certificate": one.certificate,
    }  # fmt: skip
