"""The page that shows every part of the face in every state, so that a change of style is seen everywhere at once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SAMPLES = Path(__file__).with_name("components.toml")


@cache
def samples() -> dict[str, Any]:
    """The invented data of the page, and what follows from it."""
    data = tomllib.loads(SAMPLES.read_text(encoding="utf-8"))
    wrong = [field for field in data["fields"] if "error" in field]
    return data | {
        "clear": [verdict for verdict in data["verdicts"] if verdict["met"]],
        "ways": [{"title": "群众办事", "doors": data["doors"]}],
        "field_errors": [
            {"text": f"{field['label']}：{field['error']}", "href": f"#id_{field['name']}"} for field in wrong
        ],
    }


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """Every part in every state; `?chrome=desk` frames the same page as the officers see it."""
    desk = request.GET.get("chrome") == "desk"
    base = "desk_base.html" if desk else "square_base.html"
    return render(request, "components.html", {**samples(), "base": base, "section": "cases" if desk else ""})
