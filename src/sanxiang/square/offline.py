"""The page that checks a proof without any network: one file with script, style, keys and policy inside, to be kept."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from sanxiang.ledger import keys
from sanxiang.ledger.standing import policy_text
from sanxiang.ledger.tlog.stranger import SCRIPT as SHELL
from sanxiang.square.act_names import names
from sanxiang.square.page import FRESH, public, site

STYLES = ("css/base.css", "css/parts.css")
SCRIPT = "js/verify.js"


@public
def offline(request: HttpRequest) -> HttpResponse:
    """The page; its own script and style are all that it may run, and it may ask nobody for anything."""
    script, style = inlined(SCRIPT), "".join(map(inlined, STYLES))
    context = {
        "script": SafeString(script), "style": SafeString(style), "shell": SHELL,
        "trust": trust(), "names": names(), "site": site(), "made": timezone.localdate(),
    }  # fmt: skip
    response = HttpResponse(render_to_string("square/offline.html", context))
    response["Content-Security-Policy"] = policy_for(script, style)
    response["Cache-Control"] = FRESH
    return response


def trust() -> dict[str, str]:
    """By what a proof is judged: the log's verifier keys and the policy, as they are now; `fault`: why there is no policy."""
    try:
        lines = keys.vkey_lines() if keys.made() else []
    except keys.Unsound:
        lines = []
    policy, fault = "", ""
    try:
        policy = policy_text()
    except ValueError as error:
        fault = str(error)
    return {"vkeys": "\n".join(lines), "first": next(iter(lines), ""), "policy": policy, "fault": fault}


def policy_for(script: str, style: str) -> str:
    """The content policy: these very texts, by their digests (CSP 3), and nothing else."""
    return "; ".join((
        "default-src 'none'", f"script-src {source(script)}", f"style-src {source(style)}", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


def source(text: str) -> str:
    """How a content policy names an inline text."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def inlined(name: str) -> str:
    """A static file as it stands between its tags."""
    text = Path(str(finders.find(name))).read_text(encoding="utf-8")
    if "</s" in text.lower():
        raise ValueError(f"{name}: a closing tag would end the element")
    return text
