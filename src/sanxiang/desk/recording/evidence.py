"""Evidence as it came in: a whole file, or the part of it that a player seeks to."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sanxiang.cases import store
from sanxiang.cases.models import Evidence
from sanxiang.cases.papers.watermark import numbered
from sanxiang.desk.papers import LOST, Answer, guarded, sight_of
from sanxiang.desk.who import case_for, visitor_of
from sanxiang.door.looks.stretches import Beyond, Stretch, cover, stretch_of
from sanxiang.door.reading import HEADERS

PLAIN = "application/octet-stream"
"""Nothing in it may run here, whatever it is."""
HIDDEN = "这份证据按规定隐去，只有本案承办人和负责人等有权查看的人员可以打开。"


@require_safe
def evidence(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """A file of evidence, byte for byte as it came in; the number of the look stands in its name."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    row = get_object_or_404(Evidence, pk=evidence_id, case=case)
    reading = visitor.reading
    reading.of(row.pk, row.digest)
    if not sight_of(visitor, case).may(row.secrecy):
        raise PermissionDenied(HIDDEN)
    if request.method == "HEAD":
        reading.kind = HEADERS
        return described(HttpResponse(content_type=PLAIN), row, reading.mark)
    asked, condition = (request.headers.get(name, "") for name in ("Range", "If-Range"))
    asked = (
        "" if reading.approved else asked
    )  # each copy that leaves the agency is one whole file, and one of so many times
    try:
        part = stretch_of(asked, condition, etag_of(row), row.size)
    except Beyond:
        return beyond(row)
    found = sent(row, part)  # before any entry is found to cover it: that a file is lost is told each time
    if part is not None:
        cover(reading, part, row.size)
    return described(found, row, reading.mark, part)


def beyond(row: Evidence) -> HttpResponse:
    """416: bytes behind the end."""
    said = f"这个文件只有 {row.size} 字节。"
    answer = HttpResponse(said, status=416, content_type="text/plain; charset=utf-8")
    answer["Content-Range"] = f"bytes */{row.size}"
    return answer


def sent(row: Evidence, part: Stretch | None) -> FileResponse:
    """The bytes. Http404 where the file is gone."""
    try:
        stream = store.evidence().open(row.digest, *((part.first, part.length) if part else ()))
    except FileNotFoundError:
        raise Http404(LOST) from None
    return FileResponse(stream, content_type=PLAIN, status=206 if part else 200)


def described(answer: Answer, row: Evidence, mark: str, part: Stretch | None = None) -> Answer:
    """The headers of a file of which one may ask for a part."""
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag_of(row)
    answer["Content-Length"] = str(part.length if part else row.size)
    if part:
        answer["Content-Range"] = f"bytes {part.first}-{part.last}/{row.size}"
    return guarded(answer, numbered(row.filename or f"{row.title}.bin", mark))


def etag_of(row: Evidence) -> str:
    """Strong: under a digest there are never other bytes."""
    return f'"{row.digest}"'
