"""The page on which a paper is signed: the exact text, its digest, the place, and a field to write in by finger."""

import secrets
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.typeset import Content
from sanxiang.desk.acts import done_before
from sanxiang.desk.awaiting import known_signer
from sanxiang.desk.papers import readable, rows_of
from sanxiang.desk.posted import take_files
from sanxiang.desk.who import Visitor, page
from sanxiang.door import gather
from sanxiang.door.attempts import Unreadable
from sanxiang.door.perform import perform
from sanxiang.door.signing import asked_of, places_told
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.rules import Act

ACTS = {"hand": "sign-paper", "certificate": "certify-paper", "refused": "refuse-signature"}
"""By which act each way of signing goes."""
OLDER = "本案适用的规则版本里还没有这一步骤，请在纸质文书上签名，原件归档。"


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """The signing page, or a signature that was given on it."""
    visitor, case, paper = readable(request, case_id, paper_id)
    if request.method == "GET":
        return drawn(request, visitor, case, paper)
    rule = gather.pack_of(case).acts.get(ACTS.get(request.POST.get("way", ""), "sign-paper"))
    if rule is None:
        return drawn(request, visitor, case, paper, errors=[OLDER])
    raw: dict[str, Any] = {f.name: request.POST.get(f.name, "") for f in rule.fields if f.type != "file"}
    files, errors = take_files(rule, request.POST, request.FILES, visitor.person.pk)
    if errors:
        return drawn(request, visitor, case, paper, errors=list(errors.values()))
    try:
        once(request, visitor, case, rule, raw | files | {"paper_id": str(paper.pk)})
    except Unreadable as unreadable:
        return drawn(request, visitor, case, paper, errors=list(unreadable.errors.values()))
    except Refused as refused:
        return drawn(request, visitor, case, paper, verdicts=refused.verdicts)
    messages.success(request, f"已办理：{rule.label}（{raw['place']}）。")
    return redirect(f"/desk/cases/{case.pk}/papers/{paper.pk}/sign/")


def once(request: HttpRequest, visitor: Visitor, case: Case, rule: Act, raw: dict[str, Any]) -> None:
    """Take the act, unless the same form has come before, or comes at this very moment. Raises Unreadable and Refused."""
    key = uuid5(visitor.person.pk, f"{rule.id} {request.POST.get('nonce') or secrets.token_urlsafe(16)}")
    if done_before(key) is not None:
        return
    try:
        perform(rule.id, case.pk, visitor.person, raw, act_id=key)
    except (IntegrityError, Refused):
        if done_before(key) is None:
            raise


def drawn(
    request: HttpRequest,
    visitor: Visitor,
    case: Case,
    paper: Paper,
    errors: list[str] | None = None,
    verdicts: list[Verdict] | None = None,
) -> HttpResponse:
    """The page; 422 with what was wrong, and what was typed still there. Strokes have to be written again."""
    content, pack = Content.from_json(paper.content), gather.pack_of(case)
    places = places_told(paper, case.state, pack)
    named = request.POST.get("place") or request.GET.get("place", "")
    chosen = next((one for one in places if one["place"] == named), None)
    chosen = chosen or next((one for one in places if not one["done"]), places[0] if places else None)
    context = {
        "case": case, "paper": paper, "content": content, "places": places, "chosen": chosen, "errors": errors or [],
        "blocks": [(block, rows_of(block), []) for block in content.blocks],
        "closed": asked_of(paper, case.state)["closed"],
        "verdicts": verdicts or [], "typed": request.POST, "nonce": secrets.token_urlsafe(16), "name": visitor.person.name,
        "signer": request.POST.get("signer") or (known_signer(case, paper, chosen["want"], visitor.person.name) if chosen else ""),
    }  # fmt: skip
    return page(request, visitor, "desk/sign.html", context, status=422 if errors or verdicts else 200)
