"""One act of the log for whoever may know of it: its leaf, its proof, and those of its fields that are public.

Who may know of an act (trust.md §1.5): everybody of one that published, withdrew or imported a decision, for its number stands
on the public page, of one that belongs to a random inspection whose plan was approved, and of one that anchored the two trees in
one another; and of one that issued a paper whoever has its number, which only the paper leads to. Every other act is answered
like one that does not exist.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from sanxiang.cases.disclosure.published import shown
from sanxiang.cases.models import Paper, Publication
from sanxiang.cases.papers.code import address_code
from sanxiang.ledger import keys
from sanxiang.ledger.models import Act, Entry, Opening
from sanxiang.ledger.proving import NotYet, proof_of
from sanxiang.ledger.standing import policy_file
from sanxiang.ledger.tlog.disclosure import disclose, ordered
from sanxiang.ledger.verify import AGAIN, ANCHOR, CONFIRMED
from sanxiang.registers.inspection.drawn import APPROVE, DECLINE, PUBLIC, telling
from sanxiang.square.act_names import IMPORTED
from sanxiang.square.page import FRESH, page, public

OPEN = ("published", "withdrawn")
TELLING = ("publish", "withdraw-publication", CONFIRMED, AGAIN, *IMPORTED)
"""Acts whose id the public has seen beside a decision."""

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Known:
    """An act that the public may know of; `shown`: are its public fields what the portal shows now?"""

    act: Act
    publication: Publication | None
    shown: bool


def known(identity: UUID) -> Known:
    """The act, if the public may know of it. Raises Http404, the same for one that does not exist. Three queries."""
    act = Act.objects.filter(pk=identity).first()
    if act is None:
        raise Http404
    row = about(act) if act.name in TELLING else None
    if row is not None:
        # An earlier publication's text may have been withdrawn, so only what stands on the page now is disclosed.
        return Known(act, row, row.act == act.pk)
    if act.kind == "agency" and act.name in PUBLIC and (told := telling(act)) is not None:
        return Known(act, None, told)
    if act.name == ANCHOR:  # nobody could hold one tree against the other without what it says
        return Known(act, None, True)
    if act.kind == "case" and Paper.objects.filter(case=act.subject, act=act.pk).exists():
        return Known(act, None, False)
    raise Http404


def about(act: Act) -> Publication | None:
    """The publication, open or withdrawn, that an act is about: of the case it was done on, or itself the act's subject."""
    rows = Publication.objects.filter(shown()).defer("facts", "basis", "result")
    place = {"case": act.subject} if act.kind == "case" else {"pk": act.subject}
    return rows.filter(**place).first()


@public
def act_page(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Where the code of a decision leads: what the act is in the log, and the files for checking it."""
    found = known(identity)
    act, index = found.act, Entry.objects.filter(act=identity).values_list("idx", flat=True).first()
    context = {
        "section": "verify", "act": act, "index": index, "publication": found.publication, "shown": found.shown,
        "code": address_code(act_address(act.pk)), "links": links_of(act.pk),
    }  # fmt: skip
    return page(request, "square/log_act.html", context)


@public
def leaf(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The exact bytes that were hashed."""
    return download(bytes(known(identity).act.leaf), "application/json", f"{identity}.leaf")


@public
def proof(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The proof under the newest checkpoint, a witnessed one if there is any; 503 while the act waits."""
    try:
        text = proof_of(known(identity).act.pk)
    except (NotYet, keys.Unsound, ValueError) as error:
        told = str(error) if isinstance(error, NotYet) else "账本的文件暂时读不出来，请稍后再取"
        waiting = HttpResponse(told + "\n", status=503, content_type=TEXT)
        waiting["Retry-After"], waiting["Cache-Control"] = "2", "no-store"
        return waiting
    return download(text.encode(), TEXT, f"{identity}.tlog-proof")


@public
def fields(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The public fields of the act as RFC 9901 disclosures, whose digests stand in the leaf; none of what was withdrawn."""
    found = known(identity)
    rows = Opening.objects.filter(act=identity, secrecy="public", erased_by=None).exclude(salt="")
    rows = rows.exclude(act__name__in=(APPROVE, DECLINE), name="opinion")
    shown = [disclosure_of(row) for row in rows.order_by("pk")] if found.shown else []
    body = json.dumps({"act": str(identity), "disclosures": shown}, ensure_ascii=False, indent=1) + "\n"
    return download(body.encode(), "application/json", f"{identity}.json")


def disclosure_of(row: Opening) -> str:
    """The field as it was digested: base64url of [salt, name, value]."""
    return disclose(row.salt, row.name, ordered(row.value))[0]


def download(body: bytes, kind: str, name: str) -> HttpResponse:
    """A small file that a browser may show or keep, asked about anew each time."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"], response["X-Robots-Tag"] = FRESH, "noindex"
    # Any site may check what is public: there is nothing here that a cookie would open.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def act_address(act: UUID) -> str:
    """The page of an act as the public reaches it."""
    return reverse("log-act", args=[act])


def links_of(act: UUID) -> dict[str, Any]:
    """The files by which anybody checks an act."""
    return {
        "page": act_address(act),
        "check": f"{reverse('verify')}?act={act}#proof-check",
        "proof": reverse("log-act-proof", args=[act]),
        "leaf": reverse("log-act-leaf", args=[act]),
        "fields": reverse("log-act-fields", args=[act]),
        "keys": reverse("log-vkey"),
        "policy": reverse("log-policy") if policy_file() else "",
    }
