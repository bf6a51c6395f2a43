"""扫码开案: a code on a screen or a paper leads whoever may see the case to it, everybody else to where papers are checked.

The same is answered whether there is such a case or not: a code tells nothing to whoever has no right.
"""

import re
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sanxiang.desk.who import Visitor, cases_of, page, visitor_of
from sanxiang.people.authority import uuid_of

PAPER = re.compile(r"[?&]paper=([0-9a-f-]{36})", re.IGNORECASE)
CASE = re.compile(r"/desk/open/([0-9A-Za-z]{4,20})/?")
LONGEST = 300


def code_path(code: str) -> str:
    """Where the code on a case's page leads."""
    return f"/desk/open/{code}/"


@login_not_required
@require_GET
@never_cache
def open_case(request: HttpRequest, code: str) -> HttpResponse:
    """The case of that code. Who is not signed in is asked whether they are an officer or hold a paper."""
    if not request.user.is_authenticated:
        return render(request, "desk/open.html", {"next": request.path, "public": "/verify/"})
    found = found_by(visitor_of(request), code=code)
    return redirect(f"/desk/cases/{found}/" if found else "/verify/")


@login_not_required
@require_GET
@never_cache
def open_by(request: HttpRequest) -> HttpResponse:
    """The same by what was typed or scanned: the address in a code, a paper's id, the number or code of a case."""
    told = request.GET.get("code", request.GET.get("paper", "")).replace("\0", "").strip()[:LONGEST]
    paper = PAPER.search(told)
    key = uuid_of(paper[1] if paper else told)
    public = f"/verify/?paper={key}" if key else "/verify/"
    if not request.user.is_authenticated:
        return render(request, "desk/open.html", {"next": request.get_full_path(), "public": public})
    visitor, inside = visitor_of(request), CASE.search(told)
    found = found_by(visitor, paper=key) if key else found_by(visitor, code=inside[1] if inside else told)
    if found:
        return redirect(f"/desk/cases/{found}/")
    return redirect(public) if key or "code" not in request.GET else redirect("/desk/scan/?missed=1")


def found_by(visitor: Visitor, code: str = "", paper: UUID | None = None) -> UUID | None:
    """The case among those that the visitor may see; None for all others."""
    rows = cases_of(visitor)
    if paper is not None:
        rows = rows.filter(papers__pk=paper)
    elif code:
        rows = rows.filter(Q(code=code.upper()) | Q(number=code))
    else:
        return None
    key: UUID | None = rows.values_list("pk", flat=True).first()
    return key


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """A camera where the browser reads codes; a field to type in everywhere."""
    missed = bool(request.GET.get("missed"))
    return page(request, visitor_of(request), "desk/scan_code.html", {"missed": missed}, section="cases")
