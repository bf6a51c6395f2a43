"""Whoever signs in with a first password changes it before anything else (GB/T 22239-2019 8.1.4.1).

A first password is on a slip of paper and was seen by an administrator: what is done under it could be anybody's work.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

FIRST = "first"
"""In a session: signed in with a first password, and not yet changed."""

DESK = "/desk/"


def change_first_password(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after AuthenticationMiddleware: at the desk only the change itself; elsewhere nobody is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.session.get(FIRST) or not request.user.is_authenticated:
            return get_response(request)
        change = reverse("password")
        if request.path in (change, reverse("sign-out")):
            return get_response(request)
        if not request.path_info.startswith(DESK):
            request.user = AnonymousUser()
            return get_response(request)
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(change)
        return redirect(change)

    return middleware
