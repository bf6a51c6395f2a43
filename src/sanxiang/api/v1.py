"""The API, put together: its rooms, its one way to say no, its own description."""

import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from sanxiang.api import (
    cases,
    disclosure,
    dossier,
    evidence,
    inbound,
    inbound_lists,
    public,
    public_before,
    public_bulk,
    public_voices,
    reference,
    registers,
    uploads,
)
from sanxiang.api.arriving import Arriving
from sanxiang.api.kept import refused_removal
from sanxiang.api.problems import CODES, NOWHERE, Problem, StrictParser, Utf8Renderer, answer, speak_plainly
from sanxiang.api.schemas import Failure

ROOT = "/api/v1"
KEPT = re.compile(rf"{ROOT}/(?:cases/(?P<case>[0-9a-fA-F-]{{36}})|files)(?:/|$)")
"""Where one would look for a stored file, whether there is such an address or not."""
View = Callable[..., HttpResponse]

api = NinjaAPI(
    title="三项制度开放接口",
    version=version("sanxiang"),
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
    renderer=Utf8Renderer(),
    parser=StrictParser(),
    description="行政执法公示、执法全过程记录、重大执法决定法制审核。公示信息无需登录；其余用登录会话或接口令牌。",
)
api.add_router("", reference.router)
api.add_router("", cases.router)
api.add_router("", dossier.router)
api.add_router("", evidence.router)
api.add_router("", inbound.router)
api.add_router("", inbound_lists.router)
api.add_router("", registers.router)
api.add_router("", disclosure.router)
api.add_router("/public", public.router)
api.add_router("/public", public_before.router)
api.add_router("/public", public_bulk.router)
api.add_router("/public", public_voices.router)
api.add_router("/public", registers.open_router)
speak_plainly(api)


def description() -> dict[str, Any]:
    """The OpenAPI document, with the one shape of failure at every address."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT + "/"))
    failure = Failure.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**failure.pop("$defs", {}), "Failure": failure}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    said = "；".join(f"{status} {code}：{meaning}" for code, (status, meaning) in CODES.items())
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = {
                **operation["responses"],
                "default": {"description": said, "content": content},
            }
    return document


@login_not_required
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The document for programs."""
    body = Utf8Renderer().render(request, description(), response_status=200)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@login_not_required
def docs(request: HttpRequest) -> HttpResponse:
    """The same document for people, without a script."""
    document = description()
    operations = [
        {
            "method": method.upper(),
            "path": address,
            "body": body_of(operation),
            "open": "security" not in operation,
            **operation,
        }
        for address, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    codes = [
        {"code": code, "status": status, "meaning": meaning} for code, (status, meaning) in CODES.items()
    ]
    return render(
        request, "api/docs.html", {"operations": operations, "codes": codes, "info": document["info"]}
    )


def body_of(operation: dict[str, Any]) -> str:
    """The name of the schema that a request's body follows."""
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = next((kind["schema"] for kind in content.values()), {})
    return str(schema.get("$ref", schema.get("title", ""))).rpartition("/")[2]


@login_not_required
@csrf_exempt
def nowhere(request: HttpRequest, **rest: Any) -> HttpResponse:
    """Every other address under the API. Whoever would delete something there is answered as at a true address."""
    refused = removal_at(request)
    response = answer(request, refused or Problem("unknown", NOWHERE))
    if refused:
        response["Allow"] = ""
    return response


def removal_at(request: HttpRequest) -> Problem | None:
    """What is said to whoever would delete or replace what a case keeps; None for all else."""
    place = KEPT.match(request.path_info)
    return refused_removal(request, place["case"]) if place else None


def shaped(view: View) -> View:
    """Let a wrong method be answered in the one shape, HEAD like GET, and nothing that is not public be kept by a cache."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        request.upload_handlers = [Arriving(request)]
        response = view(request, *args, **kwargs)
        request.method = method  # so that the server leaves the body out
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = answer(request, removal_at(request) or Problem("method", f"这个地址只支持 {allowed}"))
            response["Allow"] = allowed
        response.setdefault("Cache-Control", "no-store")
        return response

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # `Session` asks for the token itself, after it knows who asks
    return login_not_required(wrapped)


def addresses() -> list[URLPattern | URLResolver]:
    """All addresses below /api/v1/."""
    found: list[URLPattern | URLResolver] = [
        path("openapi.json", openapi_json, name="openapi-json"),
        path("docs", docs, name="docs"),
        *uploads.addresses(),
    ]
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = shaped(pattern.callback)
            found.append(pattern)
    return found
