"""On the desk nothing that was stored can be deleted or replaced, by no method at no address; the attempt is kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from sanxiang.desk.who import visitor_of
from sanxiang.door.keeping import METHODS, refuse_removal

FILES = ("paper_id", "evidence_id")


def keep_files(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; stands behind those that ask for a sign-in and a form of our own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: dict[str, Any]
    ) -> None:
        if request.path.startswith("/desk/") and removes(request.method, kwargs):
            visitor, case = visitor_of(request), kwargs.get("case_id")
            verdicts = refuse_removal(
                visitor.person, case if isinstance(case, UUID) else None, visitor.posts, channel="page"
            )
            raise PermissionDenied("；".join(f"{v.fact}（{v.citation}）。{v.cure}" for v in verdicts))

    middleware.process_view = process_view  # type: ignore[attr-defined]  # where Django looks for it
    return middleware


def removes(method: str | None, kwargs: dict[str, Any]) -> bool:
    """Would this take something away or put something else in its place? A file's address takes no form either."""
    return method in METHODS or (method == "POST" and any(name in kwargs for name in FILES))
