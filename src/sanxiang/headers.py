"""What every answer says to the browser: nothing but our own files, no frames, no guessing of types."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join((
    "default-src 'self'", "img-src 'self' data:", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
))  # fmt: skip
"""No inline script and no inline style anywhere (OWASP ASVS 5.0 v5.0.0-3.4.3). A view that needs another policy sets its own."""

DEVICES = "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; stands first, so that answers of other middleware and error pages carry the headers too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A 304 keeps the headers of the kept copy; one of ours would take the place of the page's own (RFC 9111 §4.3.4).
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", DEVICES)
        return response

    return middleware
