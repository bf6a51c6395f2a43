"""Pages that were rendered already, served to a browser under the policy of a real installation."""

import mimetypes
import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Route

from sanxiang.headers import POLICY

SITE = "http://testserver"


def chromium_path() -> str:
    """Debian's Chromium; nothing is downloaded."""
    found = os.environ.get("SANXIANG_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium on this machine")
    return found


def answer(route: Route, pages: dict[str, str]) -> None:
    """A page by its address; static files from where they lie."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(address.path)[0] or "application/octet-stream"
        return route.fulfill(path=found, content_type=kind) if found else route.fulfill(status=404)
    if address.path.endswith(".svg"):  # a picture beside the page: that it is sound other tests ask
        return route.fulfill(body='<svg xmlns="http://www.w3.org/2000/svg"/>', content_type="image/svg+xml")
    body = pages[route.request.url.removeprefix(SITE)]
    headers = {"Content-Security-Policy": POLICY}
    return route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)
