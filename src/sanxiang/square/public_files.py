"""A file beside a published decision: there as long as the text is, and gone with it."""

from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse

from sanxiang.cases.disclosure.published import standing
from sanxiang.cases.models import Publication, PublicFile
from sanxiang.square.page import FRESH, public


@public
def public_file(request: HttpRequest, identity: UUID, name: str) -> HttpResponse:
    """The bytes of one file; 404 for whatever is not public now, whether it ever was or not."""
    shown = PublicFile.objects.filter(publication__in=Publication.objects.filter(standing(), pk=identity))
    row = shown.filter(n__lte=F("publication__n"), name=f"{name}.pdf").first()
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.body), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.name}"'
    response["ETag"] = f'"{row.digest}"'
    response["Cache-Control"], response["X-Robots-Tag"] = FRESH, "noarchive"
    return response
