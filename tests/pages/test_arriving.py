"""A file that is uploaded through the API is hashed and written while it arrives; of what is not kept nothing stays."""

import errno
import gc
import hashlib
import os
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from api_client import ROOT, Api, clock, office, officer, read
from sanxiang.cases.recording import receiving
from sanxiang.cases.recording.receiving import Receiver
from sanxiang.people.models import Person

__all__ = ["clock", "office", "officer"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of its own."""
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    return tmp_path / "evidence"


def files(shelf: Path) -> list[Path]:
    """All that lies on the shelf."""
    return [path for path in shelf.rglob("*") if path.is_file()]


def test_it_is_written_once(officer: Api, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, made = os.urandom(5 << 20), []
    mkstemp = tempfile.mkstemp

    def noting(*args: Any, **kwargs: Any) -> tuple[int, str]:
        handle, name = mkstemp(*args, **kwargs)
        made.append(Path(name).parent)
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", noting)
    told = officer.upload(SimpleUploadedFile("录像.bin", data, "video/mp4"))
    assert (told["digest"], told["sm3"]) == (
        hashlib.sha256(data).hexdigest(),
        hashlib.new("sm3", data).hexdigest(),
    )
    assert (told["size"], told["name"], told["mime"]) == (len(data), "录像.bin", "video/mp4")
    (kept,) = files(shelf)
    assert kept.name == told["digest"] and kept.read_bytes() == data and kept.stat().st_mode & 0o777 == 0o440
    assert made == [shelf]


def test_what_grows_too_large_is_refused_with_the_reason(
    officer: Api, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LARGEST", 3 << 20)
    told = officer.upload(SimpleUploadedFile("a.bin", bytes(5 << 20)), 400)
    assert "请用分段续传，或者剪开后上传" in told["error"]["fields"]["file"]
    assert files(shelf) == []


def test_a_caller_without_a_post_leaves_nothing(shelf: Path) -> None:
    stranger = Person.objects.create(username="nobody-here", name="卞舟")
    told = Api(stranger).upload(SimpleUploadedFile("a.bin", bytes(3 << 20)), 403)
    assert told["error"]["code"] == "post"
    gc.collect()
    assert files(shelf) == []


def test_who_is_not_signed_in_is_not_even_listened_to(shelf: Path) -> None:
    assert (
        Api().upload(SimpleUploadedFile("a.bin", bytes(3 << 20)), 401)["error"]["code"] == "unauthenticated"
    )
    assert not shelf.exists()


def test_an_upload_that_breaks_off_leaves_neither_file_nor_thread(shelf: Path) -> None:
    before = threading.active_count()
    receiver = Receiver("a.bin", "")
    for _ in range(4):
        receiver.feed(bytes(1 << 20))
    assert len(files(shelf)) == 1 and threading.active_count() > before
    del receiver
    gc.collect()
    assert files(shelf) == [] and threading.active_count() == before


def bare(officer: Api, data: bytes, kind: str, query: str = "", status: int = 201) -> Any:
    """What is told of a body that is a file itself."""
    assert officer.person is not None
    officer.client.force_login(officer.person)
    address = f"{ROOT}/files{query}"
    return read(officer.client.post(address, data, content_type=kind, headers=officer.headers), status)


def test_a_file_may_be_the_body_itself(officer: Api, shelf: Path) -> None:
    data = os.urandom(5 << 20)
    told = bare(officer, data, "video/mp4", f"?name={quote('现场录像.mp4')}")
    assert (told["digest"], told["sm3"]) == (
        hashlib.sha256(data).hexdigest(),
        hashlib.new("sm3", data).hexdigest(),
    )
    assert (told["size"], told["name"], told["mime"]) == (len(data), "现场录像.mp4", "video/mp4")
    (kept,) = files(shelf)
    assert kept.read_bytes() == data
    assert told["receipt"]


@pytest.mark.parametrize(
    ("data", "kind", "query", "field", "why"),
    [
        (b"abc", "video/mp4", "", "name", "没有文件名"),
        (b"", "video/mp4", "?name=a.mp4", "file", "没有收到文件"),
        (b"a=b", "application/x-www-form-urlencoded", "?name=a.mp4", "file", "multipart/form-data"),
        (b"<!doctype html>" + bytes(3 << 20), "video/mp4", "?name=a.mp4", "file", "不能上传"),
        (b"abc", "text/plain", f"?name={quote('机密.txt')}", "file", "密级"),
        (b"abc", "text/plain", "?name=%E6%9C%BA%E2%80%8B%E5%AF%86.txt", "file", "密级"),
        (b"abc", "video/mp4", "?name=..", "name", "没有文件名"),
        (b"abc", "video/mp4", "?name=./", "name", "没有文件名"),
        (b"abc", "video/mp4", "?name=%00", "name", "没有文件名"),
        (b"abc", "multipart/form-data", "?name=a.mp4", "", "没有收全或者写法有误"),
        (b"abc", "video/mp4", "?name=a.mp4&nmae=b.mp4", "nmae", "没有这个参数"),
    ],
    ids=[
        "no name",
        "empty",
        "a form",
        "a page",
        "secret",
        "hidden",
        "above",
        "a folder",
        "nothing to see",
        "no boundary",
        "a slip",
    ],
)
def test_a_body_that_is_not_taken_in(
    officer: Api, shelf: Path, data: bytes, kind: str, query: str, field: str, why: str
) -> None:
    error = bare(officer, data, kind, query, 400)["error"]
    assert why in (error["fields"][field] if field else error["message"])
    assert files(shelf) == []


def test_a_bare_name_is_cleaned_like_one_in_a_form(officer: Api) -> None:
    """A NUL is none that PostgreSQL takes; a sign that turns the rest round shows a program as a picture."""
    for typed, kept in (("a\0b.mp4", "ab.mp4"), ("C:\\录像\\a\n.mp4", "a.mp4"), ("\u202egpj.bin", "gpj.bin")):
        assert bare(officer, b"abc", "video/mp4", f"?name={quote(typed)}")["name"] == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("video/mp4; codecs=avc1", "video/mp4"),
        ("Video/MP4", "video/mp4"),
        ("video", ""),
        ("<script>/x", ""),
        ("录像/mp4", ""),
        ("x/" + "y" * 200, ""),
    ],
    ids=["parameters", "capitals", "half", "markup", "chinese", "long"],
)
def test_a_type_is_a_type_or_nothing(officer: Api, said: str, kept: str) -> None:
    assert bare(officer, b"abc", said, "?name=a.mp4")["mime"] == kept


def test_a_body_of_unknown_length_is_not_called_empty(officer: Api, shelf: Path) -> None:
    assert officer.person is not None
    officer.client.force_login(officer.person)
    said = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = officer.client.post(
        f"{ROOT}/files?name=a.mp4", b"abc", content_type="video/mp4", headers=officer.headers, **said
    )
    assert "Content-Length" in read(answer, 400)["error"]["fields"]["file"]
    assert files(shelf) == []


@pytest.mark.parametrize("way", ["a form", "bare"])
def test_a_full_disk_is_not_the_sender_s_fault(
    officer: Api, shelf: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Whoever sends by program tries again after 503, and never after 400."""

    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(receiving.os, "fchmod", full)
    if way == "bare":
        told = bare(officer, b"abc", "video/mp4", "?name=a.mp4", 503)
    else:
        told = officer.upload(SimpleUploadedFile("a.mp4", b"abc", "video/mp4"), 503)
    assert told["error"]["code"] == "unavailable" and "已满" in told["error"]["message"]
    assert files(shelf) == []
