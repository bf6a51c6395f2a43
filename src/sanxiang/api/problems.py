"""How the API says no: one shape for every address, `{"error": {"code", "message", "fields"?, "refused"?}}`.

`message` is a Chinese sentence; `fields` says by name what cannot be read; `refused` lists every unmet guard.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from sanxiang.cases.models import Case
from sanxiang.cases.shelves import StoreFault
from sanxiang.door.attempts import ClockBehind, NoRoom, NotKept, Unreadable, no_room
from sanxiang.door.files.copies import REQUEST
from sanxiang.door.perform import Unknown
from sanxiang.door.pinned import PackLost
from sanxiang.law.blocks import PackError
from sanxiang.law.guards import Refused, Verdict
from sanxiang.ledger.leaf import TooLong
from sanxiang.speech import json_spot

CODES: Mapping[str, tuple[int, str]] = {
    "unreadable": (400, "内容看不懂：fields 逐项说明"),
    "unauthenticated": (401, "没有登录，令牌无效、到期或已停用"),
    "csrf": (403, "用登录会话提交时缺少或写错了 CSRF 令牌"),
    "scope": (403, "令牌没有这项权限"),
    "post": (403, "岗位不办理这一步，或无权查看这份内容"),
    "reason": (403, "不承办、不经办这个案件，须写明调阅事由（X-Access-Reason）"),
    "copy": (403, "副本要带出案件所属机关，还没有获得批准，或者批准的天数、次数已经用完"),
    "unknown": (404, "没有这个地址或编号，或者无权查看"),
    "method": (405, "这个地址不支持这种方法"),
    "key-reused": (409, "同一个请求标识已用于另一项内容"),
    "offset": (409, "分段上传：这一段不从已收到的地方开始，用 HEAD 查询后续传"),
    "withdrawn": (410, "公示信息已撤回，message 是撤回理由"),
    "tus-version": (412, "分段上传：请求头 Tus-Resumable 应为 1.0.0"),
    "too-large": (413, "请求体太大，或者文件超过上限"),
    "media-type": (415, "分段上传：请求体的 Content-Type 应为 application/offset+octet-stream"),
    "refused": (422, "不予办理：refused 列出全部未满足的条件"),
    "not-taken": (422, "没有受理，message 说明原因"),
    "locked": (423, "分段上传：这个文件正由另一个请求上传"),
    "quota": (429, "分段上传：没有传完的文件太多"),
    "too-often": (429, "同一处网络半小时内提交得太多，过半小时再试"),
    "checksum": (460, "收到的内容与所称的校验值不符，没有保存"),
    "internal": (500, "系统内部错误，什么也没有写入"),
    "unavailable": (503, "存放文书和证据的服务暂时不能用、磁盘已满或者服务器时钟不对，什么也没有写入"),
    "database": (
        503,
        "数据库暂时不能用，这一步是否已经保存不能确定；带着同一个 idempotency_key 重发，不会办两次",
    ),
    "making": (503, "整批文件正在生成，请稍后再取"),
    "unrecorded": (503, "调阅记录写不进去，没有提供内容，请稍后再试"),
}
"""Every code with its status and what it means; docs/api.md repeats this table, a test compares them."""

NOWHERE = "没有这个地址或编号，请核对后再试"

log = logging.getLogger("django.request")


class Problem(Exception):
    """A request that is answered with no. `code` is one of CODES."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        refused: list[Verdict] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.fields, self.refused = code, message, fields, refused

    @property
    def status(self) -> int:
        """The HTTP status."""
        return CODES[self.code][0]

    def as_json(self) -> dict[str, Any]:
        """The one shape."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.fields is not None:
            error["fields"] = dict(self.fields)
        if self.refused is not None:
            error["refused"] = [verdict.as_json() for verdict in self.refused]
        return {"error": error}


def unreadable(fields: Mapping[str, str]) -> Problem:
    """400 with a sentence for each field."""
    return Problem("unreadable", "；".join(fields.values()), fields=fields)


class Utf8Renderer(JSONRenderer):
    """Chinese as itself: half the bytes of \\u escapes, and a person can read it."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no name twice, no surrogate alone; bad input is named, never guessed at."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body as an object."""
        try:
            found = json.loads(request.body, parse_constant=_no_constant, object_pairs_hook=_once)
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeError:
            raise Problem("unreadable", "请求体不是有效的 UTF-8 文字") from None
        except RecursionError:
            raise Problem("unreadable", "请求体嵌套太深") from None
        except json.JSONDecodeError as error:
            raise Problem("unreadable", f"请求体不是有效的 JSON：{json_spot(error)}") from None
        except ValueError as error:
            raise Problem("unreadable", f"请求体不是有效的 JSON：{error}") from None
        if not isinstance(found, dict):
            raise Problem("unreadable", "请求体应为一个 JSON 对象")
        return found


def _no_constant(name: str) -> None:
    raise ValueError(f"不接受 {name}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("同一个名称写了两次")
    return found


LINKED = ("dossier", "paper_data", "paper_schema")
"""Addresses to which pages of the desk link, by name: somebody may stand before the answer."""


def before_somebody(request: HttpRequest) -> bool:
    """Did a browser follow a link of a page here, and not a program?"""
    place = request.resolver_match
    linked = place is not None and place.url_name in LINKED and request.method == "GET"
    return (
        linked and "Authorization" not in request.headers and "text/html" in request.headers.get("Accept", "")
    )


def as_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The same for somebody: why not, and what can be done. Who has to say why they look is asked."""
    place = request.resolver_match
    case = place.kwargs.get("case", "") if place else ""
    if problem.code == "unauthenticated":
        return redirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")
    if problem.code == "reason":
        return redirect(f"/desk/cases/{case}/why/?next={quote(request.get_full_path())}")
    told = {"problem": problem, "case": case, "ask": ask_at(case) if problem.code == "copy" else ""}
    return render(request, "api/refused.html", told, status=problem.status)


def ask_at(case: str) -> str:
    """The form that asks for copies of a case."""
    row = Case.objects.only("agency_id", "number", "code").get(pk=case)
    query = urlencode({"agency": str(row.agency_id), "case": row.number or row.code})
    return f"/desk/admin/acts/{REQUEST}/?{query}"


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response to a problem."""
    if before_somebody(request):
        return as_page(request, problem)
    body = Utf8Renderer().render(request, problem.as_json(), response_status=problem.status)
    response = HttpResponse(body, status=problem.status, content_type="application/json; charset=utf-8")
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


MEANINGS: Mapping[str, str] = {
    "missing": "必填",
    "extra_forbidden": "没有这一项，请删去",
    "string": "应为文字",
    "int": "应为整数",
    "bool": "应为 true 或 false",
    "date": "应为日期，写成 2026-11-21 的形式",
    "uuid": "应为编号（UUID）",
    "dict": "应为一个对象",
    "model": "应为一个对象",
    "list": "应为列表",
    "greater": "数值太小",
    "less": "数值太大",
}
"""What is wrong, by the beginning of pydantic's name for it."""


def fields_of(error: ValidationError) -> dict[str, str]:
    """A Chinese sentence for each part of a request that does not fit its schema."""
    found = {}
    for one in error.errors:
        place = [str(step) for step in one["loc"][1:] if step not in ("body", "filters", "told")]
        name = ".".join(place) or "body"
        kind = str(one["type"])
        if kind.startswith("string_too") or kind == "string_pattern_mismatch":
            meaning = "长度或写法不合要求"
        elif kind.startswith("literal"):
            known = str(one.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
            meaning = f"不在可选项里，可用：{known.replace(', ', '、')}"
        else:
            meaning = next(
                (text for start, text in MEANINGS.items() if kind.startswith(start)), "写法不合要求"
            )
        found[name] = f"{name}：{meaning}"
    return found


def bad_request(error: HttpError) -> Problem:
    """Ninja wraps what `StrictParser` raised; the cause says more."""
    cause = error.__cause__
    return cause if isinstance(cause, Problem) else Problem("unreadable", "请求体看不懂，应为 JSON 对象")


DATABASE_AWAY = (
    "数据库暂时不能用，这一步是否已经保存不能确定。稍后带着同一个 idempotency_key 重发，不会办两次；"
    "没有写 idempotency_key 的，请先查看案件是否已经记下这一步"
)


def database_fault(error: OperationalError | InterfaceError) -> Problem:
    """A full disk, which may be felt before the act begins, or a database that is away: a connection that is lost while it
    commits leaves open whether it was done, so nothing may be claimed."""
    if isinstance(error, OperationalError) and no_room(error):
        return Problem("unavailable", str(NoRoom()))
    return Problem("database", DATABASE_AWAY)


Meaning = Callable[[Any], Problem]
SIGN_IN = "请先登录，或者在 Authorization 请求头里写上接口令牌（Bearer …）"
ANSWERS: tuple[tuple[tuple[type[Exception], ...], Meaning], ...] = (
    ((Problem,), lambda error: error),
    ((Refused,), lambda error: Problem("refused", f"不予办理：{error}", refused=error.verdicts)),
    ((NoRoom, NotKept, ClockBehind, StoreFault), lambda error: Problem("unavailable", str(error))),
    ((Unreadable,), lambda error: unreadable(error.errors)),
    ((TooLong,), lambda error: Problem("unreadable", str(error))),
    ((Unknown,), lambda error: Problem("unknown", str(error))),
    ((Http404,), lambda error: Problem("unknown", NOWHERE)),
    ((AuthenticationError,), lambda error: Problem("unauthenticated", SIGN_IN)),
    ((ValidationError,), lambda error: unreadable(fields_of(error))),
    ((HttpError,), bad_request),
    ((RequestDataTooBig,), lambda error: Problem("too-large", "请求体超过 5 MB，文件请用 POST /files 上传")),
    (
        (SuspiciousOperation, UnreadablePostError, MultiPartParserError),
        lambda error: Problem("unreadable", "请求没有收全或者写法有误，请重发"),
    ),
    ((OperationalError, InterfaceError), database_fault),
    ((PackLost, PackError), lambda error: Problem("internal", str(error))),
    (
        (Exception,),
        lambda error: Problem("internal", "系统内部错误，什么也没有写入。请稍后再试，仍不行请告知系统管理员"),
    ),
)
"""What the exceptions of the house and of the framework mean to a client; the first that fits counts."""

FORESEEN = tuple(kind for kinds, _ in ANSWERS for kind in kinds if kind is not Exception)
"""All that mean something of their own."""


def problem_of(error: Exception) -> Problem:
    """The problem that an exception stands for."""
    return next(meaning(error) for kinds, meaning in ANSWERS if isinstance(error, kinds))


def explain(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer an exception in the one shape; what nobody foresaw is also written to the server's log."""
    problem = problem_of(error)
    if problem.status >= 500:
        log.error("%s %s", request.method, request.path, exc_info=error)
    return answer(request, problem)


def speak_plainly(api: NinjaAPI) -> None:
    """Let every exception of this API be answered by `explain`."""
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, explain)
