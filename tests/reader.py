"""A browser whose user says why when the desk or the API asks why a case is looked at, then goes on; see docs/access.md."""

import re
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.test import Client as Browser
from django.test.client import FakePayload

ASKED = re.compile(r"/desk/cases/[0-9a-f-]{36}/why/\?next=")
KEPT = re.compile(rb'action="(/desk/cases/[0-9a-f-]{36}/why/)"')
WHY = {"reason": "supervise", "text": "三季度执法检查抽查", "ticket": "执法监督通知〔2026〕3号"}
HEADERS = {
    "HTTP_X_ACCESS_REASON": quote(f"{WHY['reason']};{WHY['text']}"),
    "HTTP_X_ACCESS_TICKET": quote(WHY["ticket"]),
}


class Client(Browser):
    """Asked why, the user fills the form in once and is where they wanted to go; a program sends its reason along."""

    def request(self, **request: Any) -> HttpResponse:
        """One request, asked again once the question is answered."""
        payload = request.get("wsgi.input")
        body = payload.read() if payload is not None else b""
        response = super().request(**again(request, body))
        if response.status_code == 302 and ASKED.match(response["Location"]):
            said = self.post(response["Location"], WHY)
            assert said.status_code == 302 and not ASKED.match(said["Location"]), said.content.decode()
            return super().request(**again(request, body))
        if response.status_code == 403 and (asked := KEPT.search(response.content)):
            said = self.post(asked[1].decode(), WHY)  # the question stands in the place of a form's answer
            assert said.status_code == 302, said.content.decode()
            return super().request(**again(request, body))
        if response.status_code == 403 and b'"code":"reason"' in response.content:
            return super().request(**again(request, body), **HEADERS)
        return response


def again(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The same request with its body unread."""
    return {**request, "wsgi.input": FakePayload(body)} if "wsgi.input" in request else request
