"""/uploads: a file by pieces, over a line that may break, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload).

Extensions: creation, creation-with-upload, termination, expiration, checksum. Plain views, because the protocol lives in headers and
in methods that an OpenAPI document has no words for; what is said no to has the API's one shape all the same.
"""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.http import http_date
from ninja.errors import AuthenticationError

from sanxiang.api.arriving import Body, drain
from sanxiang.api.caller import ACT, Caller
from sanxiang.api.problems import FORESEEN, Problem, Utf8Renderer, answer, explain, unreadable
from sanxiang.cases.models import Upload
from sanxiang.cases.recording import uploads
from sanxiang.cases.recording.receipts import receipt_of
from sanxiang.cases.recording.receiving import Unacceptable

VERSION, BYTES = "1.0.0", "application/offset+octet-stream"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
LONGEST_METADATA = 4096
"""Characters; names, a type and a digest need a tenth of it."""
DRAINED = 64 << 20
"""Bytes of a refused piece that are read so that the sender hears why; behind them the line is cut."""
View = Callable[..., HttpResponse]


def spoken(view: View) -> View:
    """What all addresses share: the version, one shape of no, nothing for a cache."""

    def wrapped(request: HttpRequest, **place: Any) -> HttpResponse:
        try:
            response = view(request, **place)
        except uploads.Halted as halted:
            response = answer(request, Problem(halted.code, str(halted)))
        except Unacceptable as refused:
            away = isinstance(refused.__cause__, OSError)
            problem = Problem("unavailable", str(refused)) if away else unreadable({"file": str(refused)})
            response = answer(request, problem)
        except FORESEEN as error:
            response = explain(request, error)
        if response.status_code >= 400:
            drain(request, DRAINED)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # `Session` asks for the token itself, after it knows who asks
    return login_not_required(wrapped)


def method_of(request: HttpRequest) -> str:
    """The method that is meant: some proxies let no PATCH through (tus, X-HTTP-Method-Override)."""
    said = request.headers.get("X-HTTP-Method-Override", "").upper()
    return said if request.method == "POST" and said in ("PATCH", "DELETE") else str(request.method)


def caller_in(request: HttpRequest) -> Caller:
    """Who sends: by token or session, speaking our version. Raises Problem, AuthenticationError."""
    if request.method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
        raise Problem("tus-version", "请求头 Tus-Resumable 应为 1.0.0，本系统只支持这一版")
    # Before anybody asks for a CSRF token: Django would look for it in a form, and keep the form's files.
    if request.content_type not in ("", BYTES, "application/json", "text/plain"):
        raise Problem("media-type", f"Content-Type 应为 {BYTES}")
    for way in ACT:
        if isinstance(found := way(request), Caller):
            if not found.workplaces:
                raise Problem("post", "当前没有办案岗位，不能上传证据")
            return found
    raise AuthenticationError


@spoken
def collection(request: HttpRequest) -> HttpResponse:
    """POST announces a file, with its first bytes or without; OPTIONS tells what is spoken here."""
    if request.method == "OPTIONS":
        return offered()
    if request.method != "POST":
        return only(request, "OPTIONS, POST")
    caller, told = caller_in(request), metadata_of(request.headers.get("Upload-Metadata", ""))
    if "Upload-Defer-Length" in request.headers:
        raise unreadable({"Upload-Length": "请在 Upload-Length 里写明文件有多少字节，不支持以后再说"})
    length = number_in(request, "Upload-Length")
    name, kind = told.get("filename") or told.get("name", ""), told.get("filetype") or told.get("type", "")
    row = uploads.begin(caller.person.pk, name, kind, length, told.get("sha256", ""))
    if request.content_type == BYTES:
        uploads.take(row, piece_of(request, 0), Body(request))
    response = placed(HttpResponse(status=201), row, caller)
    response["Location"] = f"{request.path_info.rstrip('/')}/{row.pk}"
    return response


@spoken
def one(request: HttpRequest, upload: UUID) -> HttpResponse:
    """HEAD tells how far it is, PATCH brings more, DELETE cancels, GET tells what the whole file is."""
    method = method_of(request)
    if method == "OPTIONS":
        return offered()
    if method not in ("HEAD", "PATCH", "DELETE", "GET"):
        return only(request, "OPTIONS, HEAD, PATCH, DELETE, GET")
    caller = caller_in(request)
    row = uploads.of(caller.person.pk, upload)
    if method == "DELETE":
        uploads.end(row)
        return HttpResponse(status=204)
    if method == "PATCH":
        if request.content_type != BYTES:
            raise Problem("media-type", f"Content-Type 应为 {BYTES}")
        uploads.take(row, piece_of(request, number_in(request, "Upload-Offset")), Body(request))
        return placed(HttpResponse(status=204), row, caller)
    if method == "GET":
        told = Utf8Renderer().render(request, told_of(row, caller), response_status=200)
        return placed(HttpResponse(told, content_type="application/json; charset=utf-8"), row, caller)
    return placed(HttpResponse(status=200), uploads.settled(row), caller)


def offered() -> HttpResponse:
    """What is spoken here; asked without signing in."""
    response = HttpResponse(status=204)
    response["Tus-Version"], response["Tus-Extension"] = VERSION, EXTENSIONS
    response["Tus-Max-Size"] = str(uploads.LARGEST)
    response["Tus-Checksum-Algorithm"] = ",".join(uploads.SUMS)
    return response


def only(request: HttpRequest, methods: str) -> HttpResponse:
    """405."""
    response = answer(request, Problem("method", f"这个地址只支持 {methods}"))
    response["Allow"] = methods
    return response


def told_of(row: Upload, caller: Caller) -> dict[str, Any]:
    """How far it is; of a whole file what POST /files tells, with the receipt that an act cites it by."""
    kept = uploads.described(row)
    far = {"name": row.name, "size": row.size, "received": row.received}
    return {**kept, "receipt": receipt_of(caller.person.pk, kept)} if kept else far


def placed(response: HttpResponse, row: Upload, caller: Caller) -> HttpResponse:
    """Where the upload stands, in the protocol's headers; of a whole file, in X-File, what POST /files tells."""
    response["Upload-Offset"], response["Upload-Length"] = str(row.received), str(row.size)
    response["Upload-Expires"] = http_date(row.expires_at.timestamp())
    if row.kept:
        told = json.dumps(told_of(row, caller), ensure_ascii=False, separators=(",", ":"))
        response["X-File"] = quote(told)
    return response


def number_in(request: HttpRequest, header: str) -> int:
    """A whole number from a header. Raises Problem."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise unreadable({header: f"请求头 {header} 应为字节数（不带小数的数字）"})
    return int(text)


def piece_of(request: HttpRequest, offset: int) -> uploads.Piece:
    """What the request brings. Raises Problem."""
    if not request.META.get("CONTENT_LENGTH"):
        raise unreadable(
            {"Content-Length": "请在 Content-Length 里写明这一段有多少字节，不要分块传输（chunked）"}
        )
    said = request.headers.get("Upload-Checksum")
    return uploads.Piece(offset, number_in(request, "Content-Length"), sum_of(said) if said else None)


def sum_of(said: str) -> tuple[str, bytes]:
    """`sha256 BASE64`. Raises Problem."""
    name, _, text = said.strip().partition(" ")
    if name not in uploads.SUMS:
        raise unreadable({"Upload-Checksum": f"Upload-Checksum 只支持 {'、'.join(uploads.SUMS)}"})
    return name, decoded("Upload-Checksum", text)


def decoded(header: str, text: str) -> bytes:
    """Base64 of a header. Raises Problem."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise unreadable({header: f"请求头 {header} 里的值应为 Base64"}) from None


def metadata_of(said: str) -> dict[str, str]:
    """Upload-Metadata: `key BASE64,key BASE64`. Raises Problem."""
    if len(said) > LONGEST_METADATA:
        raise unreadable({"Upload-Metadata": "请求头 Upload-Metadata 太长"})
    found = {}
    for pair in filter(None, (pair.strip() for pair in said.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = decoded("Upload-Metadata", value.strip()).decode()
        except UnicodeDecodeError:
            raise unreadable({"Upload-Metadata": f"Upload-Metadata 里的 {key} 应为 UTF-8 文字"}) from None
    return found


def addresses() -> list[URLPattern]:
    """Below /api/v1/."""
    return [
        re_path("^uploads/?$", collection, name="tus-uploads"),
        path("uploads/<uuid:upload>", one, name="tus-upload"),
    ]
