"""The form by which a party proves itself: the code of its case, and its own number."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

Told = Iterable[tuple[str, str, str]]
"""Name, label and hint of each field."""


def typed_in(request: HttpRequest, fields: Told) -> dict[str, str]:
    """What was sent; a window's sign may lead here with the code filled in."""
    given = request.POST if request.method == "POST" else request.GET
    return {name: given.get(name, "").replace("\0", "").strip()[:60] for name, _, _ in fields}


def fields_of(typed: Mapping[str, str], fields: Told) -> list[dict[str, Any]]:
    """The fields with what was typed."""
    return [
        {"kind": "text", "name": name, "label": label, "hint": hint, "required": True, "value": typed[name]}
        for name, label, hint in fields
    ]
