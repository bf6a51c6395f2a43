"""Sessions end after 30 minutes without a request and 12 hours after sign-in (GB/T 22239-2019 8.1.4.1 b).

The cookie's age cannot say this: Django counts it anew whenever the session is written.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

IDLE = 30 * 60
ABSOLUTE = 12 * 3600
TOUCH = 60
"""Seconds. A session is written at most once a minute, so it may end up to a minute early, never late."""

BEGAN, SEEN, FAREWELL = "began", "seen", "farewell"


def begin(session: SessionBase) -> None:
    """Start both clocks; called at sign-in."""
    session[BEGAN] = session[SEEN] = timezone.now().timestamp()


def farewell(session: SessionBase, now: float) -> str:
    """The sentence to show when this session's time is over, or ""."""
    if now - session[BEGAN] > ABSOLUTE:
        return "登录已满 12 小时，系统已自动退出。请重新登录，未提交的内容没有写入。"
    if now - session[SEEN] > IDLE:
        return "30 分钟没有操作，系统已自动退出。请重新登录，未提交的内容没有写入。"
    return ""


def end_idle_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after AuthenticationMiddleware: a session past its time is nobody's before any view runs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if SESSION_KEY not in session:
            return get_response(request)
        if BEGAN not in session:
            begin(session)
        now = timezone.now().timestamp()
        words = farewell(session, now)
        if not words:
            if now - session[SEEN] >= TOUCH:
                session[SEEN] = now
            return get_response(request)
        logout(request)
        request.session[FAREWELL] = words
        if request.headers.get("HX-Request") == "true":
            # A redirect would put the whole sign-in page inside the fragment that htmx was to replace.
            return HttpResponseClientRedirect(settings.LOGIN_URL)
        return get_response(request)

    return middleware
