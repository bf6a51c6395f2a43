"""gunicorn's threaded worker, but a request line that is too long is answered with a page of ours."""

from typing import Any

from django.template.loader import render_to_string
from gunicorn.http.errors import LimitRequestLine  # type: ignore[import-untyped]
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]

from sanxiang.commands import slow_client


class Worker(slow_client.Worker):
    """The worker of `sanxiang serve`."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what could not be read: too long in Chinese, everything else as gunicorn does."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("request line too long: %s", exc)
        page = render_to_string("414.html").encode()
        head = (
            "HTTP/1.1 414 URI Too Long",
            "Connection: close",
            "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(page)}",
        )
        write_nonblock(client, "\r\n".join([*head, "", ""]).encode() + page)
