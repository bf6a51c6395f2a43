"""窗口岗位公示 on the portal, on a board or badge to print, and on the screen in the hall: one record, several faces."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from sanxiang.cases.papers.code import address_code
from sanxiang.registers.before.windows import KIND, MODES, Sign, signs_of
from sanxiang.square.before.guides import told_of
from sanxiang.square.page import page, public
from sanxiang.square.registers import in_place

FACES = {
    "": "square/windows.html",
    "board": "square/signs.html",
    "badge": "square/signs.html",
    "screen": "square/signs.html",
}
"""What is drawn, by `form` in the address: the list, boards, badges, or the screen."""
EMPTY = {"title": "还没有公布窗口岗位信息", "text": "机关公布以后，每个窗口在哪里、由谁办、办什么列在这里。"}


@public
def windows(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The windows of one agency. `window` in the address narrows it to one of them."""
    form, asked = request.GET.get("form", ""), request.GET.get("window", "")
    if form not in FACES:
        raise Http404
    told = told_of(identity)
    found = [drawn(one) for one in signs_of(told) if asked in ("", one.window)]
    gone = in_place(told, KIND)
    context: dict[str, Any] = {
        "section": "agencies",
        "agency": told.organ,
        "signs": found,
        "form": form,
        "label": MODES.get(form, "大厅屏幕"),
        "code": address_code(reverse("progress")),
        "empty": gone or EMPTY,
    }
    return page(request, FACES[form], context, status=410 if gone else 200)


def drawn(sign: Sign) -> dict[str, Any]:
    """One sign as its pages show it: every field of the scheme, those without content too."""
    rows = [{"label": label, "value": value or "没有填报"} for label, value in sign.fields]
    beside = [{"label": label, "value": value} for label, value in sign.beside]
    return {
        "title": sign.title,
        "window": sign.window,
        "place": sign.place,
        "mode": MODES[sign.mode],
        "face": sign.mode,
        "rows": rows,
        "beside": beside,
    }
