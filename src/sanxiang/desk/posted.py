"""What a form of an act sends, as the door takes it: names back to fields, uploaded files into the store."""

import re
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from sanxiang.cases.recording import receiving, uploads
from sanxiang.cases.recording.receipts import read_receipt
from sanxiang.cases.recording.receiving import Unacceptable, receive
from sanxiang.law.rules import Act, Field

RECEIPT_SALT = "desk.evidence"
GROUPS = ("party", "penalty", "service")
LARGEST_TEXT = (
    f"可以选多个，单个不超过 {uploads.LARGEST >> 30} GB，断线后续传；浏览器停用脚本的，单个不超过 {receiving.LARGEST >> 30} GB。"
    "涉密文件不得上传。"
)
"""What a file field takes: by pieces where scripts run, else in the form's own body."""


def raw_of(act: Act, post: QueryDict) -> dict[str, Any]:
    """What was typed, as `law.forms.parse` takes it. Files are left out: `take_files` reads them."""
    raw = {item.name: _read(item, item.name, post) for item in act.fields if item.type != "file"}
    if post.get("on"):
        raw["on"] = post["on"]
    return raw


def _read(item: Field, name: str, post: QueryDict) -> Any:
    if item.type == "rows":
        rows = (_columns(item, f"{name}-{n}", post) for n in _numbers(name, post))
        return [row for row in rows if row]
    if item.type in GROUPS or item.columns:
        return _columns(item, name, post)
    if item.type == "bool":
        return name in post
    return post.getlist(name) if item.type in ("multi", "officers") else post.get(name, "")


def _columns(item: Field, name: str, post: QueryDict) -> dict[str, Any]:
    """One row. An unticked box in it says nothing, else a blank row would not be blank."""
    row = {c.name: _read(c, f"{name}-{c.name}", post) for c in item.columns}
    return {key: value for key, value in row.items() if value not in (False, "", [])}


def _numbers(name: str, post: QueryDict) -> list[int]:
    """Which rows came, whatever gaps removing left."""
    found = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
    return sorted({int(match[1]) for key in post if (match := found.match(key))})


def take_files(
    act: Act, post: QueryDict, files: MultiValueDict[str, Any], person: UUID
) -> tuple[dict[str, Any], dict[str, str]]:
    """Store what was uploaded and honour receipts of what was uploaded before; errors by field."""
    raw: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for item in (f for f in act.fields if f.type == "file"):
        told = (_receipted(text, person) for text in post.getlist(f"{item.name}-kept"))
        kept = [one for one in told if one is not None]
        for upload in files.getlist(item.name):
            try:
                kept.append(receive(upload, upload.name or "文件", upload.content_type or ""))
            except Unacceptable as refused:
                errors[item.name] = str(refused)
        raw[item.name] = kept
    return raw, errors


def _receipted(receipt: str, person: UUID) -> dict[str, Any] | None:
    """What a receipt of ours says, of this form or of an upload by pieces; without the signature one could cite another
    agency's file by its digest."""
    with suppress(signing.BadSignature):
        found: dict[str, Any] = signing.loads(receipt, salt=RECEIPT_SALT)
        return found
    with suppress(ValueError):
        return read_receipt(receipt, person)
    return None
