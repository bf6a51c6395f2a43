"""Through the API nothing that was stored can be deleted or replaced; the attempt is kept."""

from django.http import HttpRequest

from sanxiang.api.caller import ACT, READ, Caller
from sanxiang.api.problems import Problem
from sanxiang.door.keeping import METHODS, refuse_removal
from sanxiang.people.authority import uuid_of


def refused_removal(request: HttpRequest, case: object) -> Problem | None:
    """No, with its reason, to somebody known who would delete or replace; None for every other request.

    A stranger is told what every address tells a stranger, so that nobody fills the record of attempts from outside.
    """
    if request.method not in METHODS:
        return None
    caller = caller_behind(request)
    if caller is None:
        return None
    verdicts = refuse_removal(caller.person, uuid_of(str(case)), caller.posts, channel="api")
    return Problem("method", "；".join(f"{v.fact}（{v.citation}）。{v.cure}" for v in verdicts))


def caller_behind(request: HttpRequest) -> Caller | None:
    """Who asks, by token or session; None where neither holds."""
    for way in (*READ, *ACT):
        try:
            found = way(request)
        except Problem:
            continue
        if isinstance(found, Caller):
            return found
    return None
