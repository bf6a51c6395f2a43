"""On the desk nothing that was stored can be deleted or replaced, by no method at no address; the attempt is kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from sanxiang.cases.papers.watermark import Unmarkable
from sanxiang.cases.shelves import StoreFault
from sanxiang.desk.who import visitor_of
from sanxiang.door.keeping import METHODS, refuse_removal

FILES = frozenset({"desk-paper", "desk-paper-pdf", "desk-paper-docx", "desk-evidence"})
"""The addresses at which a stored file is read."""


def keep_files(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; stands behind those that ask for a sign-in and a form of our own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: dict[str, Any]
    ) -> None:
        if request.path_info.startswith("/desk/") and removes(request):
            visitor, case = visitor_of(request), kwargs.get("case_id")
            verdicts = refuse_removal(
                visitor.person, case if isinstance(case, UUID) else None, visitor.posts, channel="page"
            )
            raise PermissionDenied("；".join(f"{v.fact}（{v.citation}）。{v.cure}" for v in verdicts))

    def process_exception(request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, StoreFault | Unmarkable):
            return None
        return HttpResponse(f"{fault}。", status=503, content_type="text/plain; charset=utf-8")

    # Where Django looks for them.
    middleware.process_view = process_view  # type: ignore[attr-defined]
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def removes(request: HttpRequest) -> bool:
    """Would this take something away or put something else in its place? A file's address takes no form either."""
    place = request.resolver_match
    to_a_file = place is not None and place.url_name in FILES
    return request.method in METHODS or (request.method == "POST" and to_a_file)
