"""Whoever opens an address that only a button of a page may send to reads why, not an empty page."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render


def say_what_to_do(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; the API answers in its own shape, and what a program asked with another method than GET stays empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET" or response.content:
            return response
        answer = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        answer["Allow"] = response["Allow"]
        return answer

    return middleware
