"""办理进度单: how a case stands and what its party may do now, on paper for whoever has no telephone to ask with."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanxiang.cases.papers.code import address_code
from sanxiang.desk.who import case_for, page, visitor_of
from sanxiang.door.intake.rights import progress_of


@require_GET
def slip(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the party reads on the portal, word for word, with the way there."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    path = reverse("progress")
    told = {
        "address": settings.PUBLIC_ADDRESS.rstrip("/") + path,
        "code": address_code(f"{path}?code={case.code}"),
    }
    context = {"case": case, "progress": progress_of(case), **told}
    return page(request, visitor, "desk/complaints/slip.html", context)
