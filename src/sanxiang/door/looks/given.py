"""Reasons that were given 调阅事由: kept with the session for one case and one day, or sent along with one request."""

import uuid
from urllib.parse import unquote

from django.http import HttpRequest
from django.utils import timezone

from sanxiang.door.reasons import LONGEST_TEXT, LONGEST_TICKET, OFFERED, Reason

KEY = "access-reasons"
MOST = 200
"""Cases whose reasons a session keeps; who opens more on a day is asked again about the first."""


def given(request: HttpRequest, case: uuid.UUID) -> Reason | None:
    """What this person has said today of why they look at this case."""
    found = request.session.get(KEY, {}).get(str(case))
    if not found or found[0] != timezone.localdate().isoformat():
        return None
    return Reason(*found[1:])


def last_given(request: HttpRequest) -> Reason | None:
    """What was said last today, whichever the case: mostly the next case is looked at for the same reason."""
    today = timezone.localdate().isoformat()
    of_today = [one for one in request.session.get(KEY, {}).values() if one[0] == today]
    return Reason(*of_today[-1][1:]) if of_today else None


def give(request: HttpRequest, case: uuid.UUID, reason: Reason) -> None:
    """Keep a reason for the rest of the day; those of other days go."""
    today = timezone.localdate().isoformat()
    kept = {key: one for key, one in request.session.get(KEY, {}).items() if one[0] == today}
    kept.pop(str(case), None)
    kept[str(case)] = [today, reason.code, reason.text, reason.ticket]
    request.session[KEY] = dict(list(kept.items())[-MOST:])


def sent(request: HttpRequest) -> Reason | None:
    """The reason in the headers or the query of a request to the API. ValueError, in Chinese, for one that is none.

    `X-Access-Reason` (or `access_reason`) is code;text with a code of the list; `X-Access-Ticket` (or `access_ticket`) the
    number of the approval. Both percent-encoded: a header carries no Chinese.
    """
    text = unquote(request.headers.get("X-Access-Reason", "")) or request.GET.get("access_reason", "")
    if not text:
        return None
    ticket = unquote(request.headers.get("X-Access-Ticket", "")) or request.GET.get("access_ticket", "")
    code, _, told = text.partition(";")
    return reason_of(code.strip(), told, ticket)


def reason_of(code: str, text: str, ticket: str) -> Reason:
    """A reason as somebody wrote it. ValueError, in Chinese, for what cannot be one."""
    if code not in OFFERED:
        known = "、".join(f"{key}（{label}）" for key, label in OFFERED.items())
        raise ValueError(f"没有“{code[:20]}”这种调阅事由，可用：{known}")
    text, ticket = (" ".join(told.replace("\0", "").split()) for told in (text, ticket))
    for label, told, most in (("说明", text, LONGEST_TEXT), ("文号", ticket, LONGEST_TICKET)):
        if len(told) > most:
            raise ValueError(f"调阅{label}最多 {most} 个字，写了 {len(told)} 个，请精简")
        if not told.isprintable():
            raise ValueError(f"调阅{label}里有不能显示的字符，请删去")
    return Reason(code, text, ticket)
