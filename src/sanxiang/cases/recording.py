"""全过程记录: files of evidence come in as a stream and stay under the digest of their bytes.

Order of writes (design.md §3): bytes to a temporary file, hashed as they pass, synced, renamed to the digest; only then
the act that cites them. If we die before the act commits, a file that nobody cites lies in the store and harms nobody.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import puremagic
from django.conf import settings

from sanxiang.cases import store

CHUNK = 1 << 20
HEAD = 4096
LARGEST = 2 << 30
"""Bytes. A body-worn camera writes about 2 GB an hour; longer recordings come in parts."""

SECRET = re.compile("(绝密|机密|秘密)")
"""Marks of state secrets (保守国家秘密法第十四条). The system is not cleared for them: the file is refused unread."""

FORBIDDEN_TYPES = (
    "application/vnd.microsoft.portable-executable",
    "application/x-msdownload",
    "application/x-dosexec",
    "application/x-executable",
    "application/x-sharedlib",
    "application/x-mach-binary",
    "application/java-vm",
    "application/x-sh",
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
)
"""No archive is among them: to puremagic each .docx might be a .jar."""
FORBIDDEN_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf")
ACTIVE_TEXT = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|iframe|body)\b", re.IGNORECASE)
"""What a browser would run if it were ever shown as a page; recognised by content, the name may say anything."""

DIGEST = re.compile(r"[0-9a-f]{64}")


SM3: dict[str, str] = {}
"""SM3 by SHA-256 of files that came in lately, so that the act which cites a long one need not read it again."""
MOST_KNOWN = 10_000


class Unacceptable(ValueError):
    """A file that is not taken in; the message is a Chinese sentence that says which, why and what to do."""


def receive(stream: BinaryIO, name: str, mime: str) -> dict[str, Any]:
    """Keep one file and say what it is: digest (SHA-256), sm3, size in bytes, name, mime. Raises Unacceptable."""
    shown = Path(name.replace("\\", "/")).name[-200:]
    if SECRET.search(shown):
        raise Unacceptable(f"文件“{shown}”标有密级。本系统不得处理国家秘密，请按保密规定另行办理")
    root: Path = settings.EVIDENCE_ROOT
    root.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            sha, sm3, size = _pour(stream, out, shown)
            os.fchmod(out.fileno(), 0o440)
            os.fsync(out.fileno())
        store.settle(Path(fresh), root, sha)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Unacceptable(
            f"服务器存储空间已满，文件“{shown}”没有保存。请联系系统管理员清理空间后再上传"
        ) from error
    finally:
        Path(fresh).unlink(missing_ok=True)
    _know(sha, sm3)
    return {"digest": sha, "sm3": sm3, "size": size, "name": shown, "mime": mime[:100]}


def _pour(stream: BinaryIO, out: BinaryIO, name: str) -> tuple[str, str, int]:
    """Copy and hash in one pass, so that what is hashed is what was written."""
    sha, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    while chunk := stream.read(CHUNK):
        if size == 0:
            _refuse_active(chunk[:HEAD], name)
        size += len(chunk)
        if size > LARGEST:
            raise Unacceptable(f"文件“{name}”超过 2 GB，请分段后上传")
        sha.update(chunk)
        sm3.update(chunk)
        out.write(chunk)
    if size == 0:
        raise Unacceptable(f"文件“{name}”是空的，请核对后重新选择")
    out.flush()
    return sha.hexdigest(), sm3.hexdigest(), size


def _refuse_active(head: bytes, name: str) -> None:
    """Programs and pages are not evidence as such: they come as a print-out, a picture or inside an archive."""
    try:
        kinds = {match.mime_type for match in puremagic.magic_string(head, filename=name)}
    except (puremagic.PureError, ValueError):
        kinds = set()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    page = start.startswith(b"<") and ACTIVE_TEXT.search(start)
    if page or start.startswith(FORBIDDEN_STARTS) or kinds & set(FORBIDDEN_TYPES):
        raise Unacceptable(f"文件“{name}”是程序或网页，不能上传。请改用截图、打印件或者压缩包")


def path_of(root: Path, digest: str) -> Path:
    """Where the evidence with that digest lies. Raises ValueError for what is no digest: callers may send anything."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("不是有效的校验值")
    return store.path_of(root, digest)


def open_evidence(digest: str) -> BinaryIO:
    """The bytes of a file in the store. Raises FileNotFoundError where it is missing: `ledger verify` says why."""
    return path_of(settings.EVIDENCE_ROOT, digest).open("rb")


def misstated(file: Mapping[str, Any]) -> str:
    """What is said of a file that the store does not bear out, as a Chinese sentence; empty where all is true.

    A digest that somebody made up is no evidence, and size and SM3 are those of the bytes, whatever the caller says.
    """
    path = path_of(settings.EVIDENCE_ROOT, str(file["digest"]))
    if not path.is_file():
        return f"没有收到过文件“{file['name']}”（校验值 {str(file['digest'])[:12]}…），请先上传"
    if path.stat().st_size != file["size"]:
        return f"文件“{file['name']}”的大小与收到的不符，请照上传时的应答填写"
    if file.get("sm3") and file["sm3"] != sm3_of(str(file["digest"])):
        return f"文件“{file['name']}”的 SM3 校验值与收到的不符，请照上传时的应答填写"
    return ""


def sm3_of(digest: str) -> str:
    """The SM3 of a file in the store, by its SHA-256."""
    # Asked once: another thread may empty what is known at any moment.
    known = SM3.get(digest)
    if known is None:
        with path_of(settings.EVIDENCE_ROOT, digest).open("rb") as file:
            known = hashlib.file_digest(file, lambda: hashlib.new("sm3")).hexdigest()
        _know(digest, known)
    return known


def _know(sha: str, sm3: str) -> None:
    if len(SM3) >= MOST_KNOWN:
        SM3.clear()
    SM3[sha] = sm3
