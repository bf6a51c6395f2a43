"""/files: evidence comes in once and is cited by acts with the receipt that the upload gave."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, UnreadablePostError
from ninja import File, Router, Status
from ninja.files import UploadedFile

from sanxiang.api import schemas
from sanxiang.api.arriving import Arrived, take_body
from sanxiang.api.caller import ACT, Caller, caller_of
from sanxiang.api.problems import Problem, unreadable
from sanxiang.cases.recording.receipts import read_receipt, receipt_of
from sanxiang.cases.recording.receiving import Unacceptable, plain_name
from sanxiang.cases.shelves import StoreFault
from sanxiang.law.rules import Act, Field

router = Router(tags=["files"])
MOST = 200
"""Files in one field of one act."""
HOW = (
    "没有收到文件。请用 multipart/form-data 上传，字段名是 file；或者把文件本身作为请求体，Content-Type 写文件的类型，"
    "地址里写 name=文件名"
)


@router.post("/files", auth=ACT, response={201: schemas.FileOut}, summary="上传证据文件")
def upload(request: HttpRequest, file: File[UploadedFile | None] = None, name: str = "") -> Status[Any]:
    """Keep one file under its digest; the answer is what an act's file field takes.

    It comes as the part `file` of a form, or as the body itself with its own Content-Type and `name` in the address.
    """
    caller = caller_of(request)
    if not caller.workplaces:
        raise Problem("post", "当前没有办案岗位，不能上传证据")
    if unknown := sorted(set(request.GET) - {"name"}):
        raise unreadable({one: f"{one}：没有这个参数，地址里只能写 name" for one in unknown})
    try:
        kept = cast(Arrived, file).keep() if file else take_body(request, bare_name(request, name))
    except Unacceptable as error:
        cause = error.__cause__  # a sender who is gone is an OSError too
        if isinstance(cause, StoreFault | OSError) and not isinstance(cause, UnreadablePostError):
            raise Problem("unavailable", str(error)) from error
        raise unreadable({"file": str(error)}) from error
    return Status(201, {**kept, "receipt": receipt_of(caller.person.pk, kept)})


def bare_name(request: HttpRequest, name: str) -> str:
    """The name of a file that comes without a form around it. Raises Problem where the request is a form, or names nothing."""
    if request.content_type in ("", "multipart/form-data", "application/x-www-form-urlencoded"):
        raise unreadable({"file": HOW})
    if not request.META.get("CONTENT_LENGTH"):  # whoever sends in pieces without one may break off unnoticed
        raise unreadable(
            {"file": "没有写明文件有多长，请在请求头 Content-Length 里写明字节数，不要分块传输（chunked）"}
        )
    if not (plain := plain_name(name)):
        raise unreadable({"name": "没有文件名，请在地址里写明，如 /files?name=现场录像.mp4"})
    return plain


def cited(act: Act | None, data: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """The act's data with each cited file as our receipt states it.

    Without a receipt one could cite another agency's file by its digest, or misstate its size. Raises Problem.
    """
    found, errors = dict(data), {}
    for item in act.fields if act else ():
        if item.type == "file" and found.get(item.name) not in (None, "", []):
            try:
                found[item.name] = [kept_file(one, caller) for one in listed(item, found[item.name])]
            except ValueError as error:
                errors[item.name] = f"{item.label}：{error}"
    if errors:
        raise unreadable(errors)
    return found


def listed(item: Field, value: Any) -> list[Any]:
    """One file or several, as a list."""
    files = value if isinstance(value, list) else [value]
    if len(files) > MOST:
        raise ValueError(f"一次最多 {MOST} 个文件，现在有 {len(files)} 个")
    return files


def kept_file(one: Any, caller: Caller) -> dict[str, Any]:
    """What a receipt says about a file. Raises ValueError with a Chinese sentence."""
    receipt = one.get("receipt") if isinstance(one, Mapping) else None
    return read_receipt(str(receipt or ""), caller.person.pk)
