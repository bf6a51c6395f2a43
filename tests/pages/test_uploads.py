"""A file that comes in by pieces over the tus protocol: what it may do, and every way in which it is told no."""

import base64
import gc
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from api_client import ROOT, Api, check_shape, clock, office, officer, token_for
from play import Clock
from sanxiang.cases import store
from sanxiang.cases.models import Upload
from sanxiang.cases.recording import uploads
from sanxiang.cases.shelves import StoreFault
from sanxiang.cases.store import OnDisk
from sanxiang.demo.people import Office
from sanxiang.people.models import Person

__all__ = ["clock", "office", "officer"]

pytestmark = pytest.mark.django_db
BYTES = "application/offset+octet-stream"
FILM = b"\x00\x00\x00\x18ftypmp42" + os.urandom(3 << 20)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shelf of its own, and no digests of another test."""
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    uploads.RUNNING.known.clear()
    yield tmp_path / "evidence"


def files(shelf: Path) -> list[Path]:
    """All that lies on the shelf."""
    return [path for path in shelf.rglob("*") if path.is_file()]


def b64(text: str | bytes) -> str:
    """As the protocol writes it."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def told(**values: str) -> str:
    """Upload-Metadata."""
    return ",".join(f"{key} {b64(value)}" for key, value in values.items())


def send(api: Api, method: str, path: str = "/uploads", data: bytes = b"", **headers: Any) -> HttpResponse:
    """One request of the protocol. Header names with _ for -."""
    said = {"Tus-Resumable": "1.0.0"} | {k.replace("_", "-"): str(v) for k, v in headers.items()}
    kind = said.pop("Content-Type", BYTES if data or method == "PATCH" else "")
    return api.ask(method, path.removeprefix(ROOT), data=data, content_type=kind, headers=said)


def begin(api: Api, size: int = len(FILM), name: str = "现场录像.mp4", **more: str) -> str:
    """Announce a film; its address."""
    meta = told(filename=name, filetype="video/mp4", **more)
    made = send(api, "POST", Upload_Length=size, Upload_Metadata=meta)
    assert made.status_code == 201, made.content.decode()
    return str(made["Location"])


def bring(api: Api, at: str, offset: int, data: bytes, status: int = 204, **more: Any) -> HttpResponse:
    """A piece."""
    answer = send(api, "PATCH", at, data, Upload_Offset=offset, **more)
    assert answer.status_code == status, answer.content.decode()
    return answer


def refused(answer: HttpResponse, status: int, word: str) -> None:
    """A no in the one shape, with the word in it."""
    assert answer.status_code == status and answer["Tus-Resumable"] == "1.0.0", answer.content.decode()
    body = json.loads(answer.content)
    check_shape(body, status)
    assert word in answer.content.decode()


def test_a_film_comes_in_by_pieces_and_is_cited(officer: Api, shelf: Path) -> None:
    at, half = begin(officer, sha256=hashlib.sha256(FILM).hexdigest()), 2 << 20
    answer = bring(officer, at, 0, FILM[:half])
    assert answer["Upload-Offset"] == str(half) and "X-File" not in answer and answer["Upload-Expires"]
    assert officer.get(at.removeprefix(ROOT)) == {"name": "现场录像.mp4", "size": len(FILM), "received": half}
    head = send(officer, "HEAD", at)
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(half), str(len(FILM)))
    assert head["Cache-Control"] == "no-store" and head.content == b""
    last = bring(officer, at, half, FILM[half:])
    assert last["Upload-Offset"] == str(len(FILM))
    kept = officer.get(at.removeprefix(ROOT))
    receipt = kept.pop("receipt")
    assert receipt and kept == {
        "digest": hashlib.sha256(FILM).hexdigest(),
        "sm3": hashlib.new("sm3", FILM).hexdigest(),
        "size": len(FILM),
        "name": "现场录像.mp4",
        "mime": "video/mp4",
    }
    (file,) = files(shelf)
    assert file.name == kept["digest"] and file.read_bytes() == FILM and file.stat().st_mode & 0o777 == 0o440
    for response in (last, send(officer, "HEAD", at)):
        assert kept["sm3"] in unquote(response["X-File"])


def test_all_at_once_with_the_announcement(officer: Api, shelf: Path) -> None:
    meta = told(filename="a.mp4", filetype="video/mp4; codecs=avc1")
    answer = send(officer, "POST", data=FILM, Upload_Length=len(FILM), Upload_Metadata=meta)
    assert answer.status_code == 201 and answer["Upload-Offset"] == str(len(FILM))
    kept = officer.get(answer["Location"].removeprefix(ROOT))
    assert kept["digest"] == hashlib.sha256(FILM).hexdigest() and kept["mime"] == "video/mp4"


def test_what_is_spoken_here_is_told_to_anybody() -> None:
    answer = Api().ask("OPTIONS", "/uploads")
    assert answer.status_code == 204 and answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "termination", "expiration", "checksum",
    }  # fmt: skip
    assert answer["Tus-Max-Size"] == str(8 << 30) and answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_token_sends_and_a_session_needs_its_csrf_token(office: Office, officer: Api) -> None:
    machine = Api(token=token_for(office.people["officer1"]))
    at = begin(machine)
    assert send(machine, "HEAD", at)["Upload-Offset"] == "0"
    refused(
        send(Api(token=token_for(office.people["officer1"], ("read",))), "POST", Upload_Length=3), 403, "act"
    )
    refused(send(Api(), "POST", Upload_Length=3), 401, "登录")
    careful = Api(office.people["officer1"], csrf=True)
    refused(send(careful, "POST", Upload_Length=3, Upload_Metadata=told(filename="a")), 403, "CSRF")
    assert send(careful, "HEAD", at).status_code == 200
    refused(send(careful, "PATCH", at, b"abc", Upload_Offset=0), 403, "CSRF")
    stranger = Person.objects.create(username="nobody-here", name="卞舟")
    refused(send(Api(stranger), "POST", Upload_Length=3), 403, "岗位")


def test_an_upload_is_its_sender_s_alone(office: Office, officer: Api) -> None:
    at, other = begin(officer), Api(office.people["officer2"])
    for method in ("HEAD", "GET", "DELETE"):
        assert send(other, method, at).status_code == 404
    bring(other, at, 0, FILM, 404)
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "status", "word"),
    [
        ({"Tus_Resumable": "0.2.2"}, 412, "1.0.0"),
        ({"Upload_Length": "x"}, 400, "Upload-Length"),
        ({"Upload_Length": "-1"}, 400, "Upload-Length"),
        ({"Upload_Length": "0"}, 400, "空的"),
        ({"Upload_Length": str((8 << 30) + 1)}, 413, "超过 8 GB"),
        ({"Upload_Metadata": "filename @@@"}, 400, "Base64"),
        ({"Upload_Metadata": "filename /w=="}, 400, "UTF-8"),
        ({"Upload_Metadata": ""}, 400, "没有文件名"),
        ({"Upload_Metadata": told(filename="../..")}, 400, "没有文件名"),
        ({"Upload_Metadata": told(filename="机密.mp4")}, 400, "密级"),
        ({"Upload_Metadata": told(filename="a", sha256="12")}, 400, "64 位"),
        ({"Upload_Metadata": "a" * 5000}, 400, "太长"),
        ({"Upload_Defer_Length": "1"}, 400, "写明"),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415, "offset"),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "offset"),
    ],
    ids=lambda value: "-".join(value)[:30] if isinstance(value, dict) else None,
)
def test_what_is_not_begun(
    officer: Api, shelf: Path, headers: dict[str, str], status: int, word: str
) -> None:
    said = {"Upload_Length": "3", "Upload_Metadata": told(filename="a.mp4")} | headers
    data = b"abc" if "Content_Type" in headers else b""
    refused(send(officer, "POST", data=data, **said), status, word)
    assert Upload.objects.count() == 0 and files(shelf) == []


def test_pieces_follow_one_another(officer: Api) -> None:
    at = begin(officer)
    bring(officer, at, 0, FILM[:1000])
    for offset in (0, 999, 1001):
        refused(bring(officer, at, offset, b"abc", 409), 409, "1000 字节")
    refused(bring(officer, at, 1000, FILM, 413), 413, "超出")
    refused(send(officer, "PATCH", at, b"abc", Upload_Offset=1000, Content_Type="text/plain"), 415, "offset")
    refused(send(officer, "PATCH", at, b"abc", Upload_Offset="x"), 400, "Upload-Offset")
    assert send(officer, "PUT", at).status_code == 405
    moved = send(officer, "POST", at, FILM[1000:2000], Upload_Offset=1000, X_HTTP_Method_Override="PATCH")
    assert moved.status_code == 204 and moved["Upload-Offset"] == "2000"
    assert Upload.objects.get().received == 2000
    bring(officer, at, 2000, FILM[2000:])
    refused(bring(officer, at, len(FILM), b"x", 413), 413, "超出")
    refused(bring(officer, at, 5, b"x", 409), 409, "已收到")


def test_another_request_is_at_it(officer: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAITS", 2)
    at = begin(officer)
    with uploads.held(Upload.objects.get()):
        refused(bring(officer, at, 0, FILM, 423), 423, "另一个请求")
        refused(send(officer, "DELETE", at), 423, "另一个请求")
        assert send(officer, "HEAD", at)["Upload-Offset"] == "0"
    bring(officer, at, 0, FILM)


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_with_its_checksum(officer: Api, algorithm: str) -> None:
    at = begin(officer)
    right = b64(hashlib.new(algorithm, FILM[:5000]).digest())
    refused(bring(officer, at, 0, FILM[1:5001], 460, Upload_Checksum=f"{algorithm} {right}"), 460, "校验值")
    assert send(officer, "HEAD", at)["Upload-Offset"] == "0"
    bring(officer, at, 0, FILM[:5000], Upload_Checksum=f"{algorithm} {right}")
    refused(bring(officer, at, 5000, b"abc", 400, Upload_Checksum="crc32 AAAA"), 400, "sha256")
    bring(officer, at, 5000, FILM[5000:])
    assert officer.get(at.removeprefix(ROOT))["digest"] == hashlib.sha256(FILM).hexdigest()


def test_a_clip_that_is_another_than_was_said_is_not_kept(officer: Api, shelf: Path) -> None:
    """One byte on the way."""
    at = begin(officer, sha256=hashlib.sha256(FILM).hexdigest())
    changed = bytearray(FILM)
    changed[2 << 20] ^= 1
    refused(bring(officer, at, 0, bytes(changed), 460), 460, "SHA-256 不符")
    assert files(shelf) == [] and Upload.objects.count() == 0
    assert send(officer, "HEAD", at).status_code == 404


@pytest.mark.parametrize("step", [1, 700, 1 << 20], ids=["by the byte", "by little", "at once"])
def test_a_program_is_refused_at_its_first_bytes(officer: Api, shelf: Path, step: int) -> None:
    page = b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>" + bytes(2000)
    at, offset = begin(officer, len(page), "照片.jpg"), 0
    while offset < len(page):
        answer = send(officer, "PATCH", at, page[offset : offset + step], Upload_Offset=offset)
        if answer.status_code != 204:
            break
        offset += step
    refused(answer, 400, "程序或网页")
    assert files(shelf) == [] and Upload.objects.count() == 0


def test_it_goes_on_after_the_server_began_again(officer: Api, shelf: Path) -> None:
    """No digest was kept in memory, and bytes lie behind what was acknowledged."""
    at = begin(officer)
    bring(officer, at, 0, FILM[:100_000])
    uploads.RUNNING.known.clear()
    with uploads.place_of(Upload.objects.get()).open("ab") as file:
        file.write(b"what nobody acknowledged")
    bring(officer, at, 100_000, FILM[100_000:])
    assert officer.get(at.removeprefix(ROOT))["digest"] == hashlib.sha256(FILM).hexdigest()
    assert [file.read_bytes() for file in files(shelf)] == [FILM]


def test_it_is_finished_when_it_is_asked_for(
    officer: Api, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away at the last byte: what came stays, and whoever asks later finds it kept."""

    def away(*args: Any) -> None:
        raise StoreFault("暂时连不上文件存储服务")

    at, put = begin(officer), OnDisk.put
    monkeypatch.setattr(OnDisk, "put", away)
    refused(bring(officer, at, 0, FILM, 503), 503, "没有保存")
    assert send(officer, "HEAD", at)["Upload-Offset"] == str(len(FILM))
    refused(send(officer, "GET", at), 503, "没有保存")
    monkeypatch.setattr(OnDisk, "put", put)
    assert officer.get(at.removeprefix(ROOT))["size"] == len(FILM)
    assert [file.name for file in files(shelf)] == [hashlib.sha256(FILM).hexdigest()]


@dataclass
class Elsewhere:
    """A store that takes a copy, as S3 does, and leaves the fresh file where it was."""

    room: Path
    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, fresh: Path, digest: str) -> None:
        """Read the file to its end."""
        self.kept[digest] = fresh.read_bytes()

    def exists(self, digest: str) -> bool:
        """Was it put?"""
        return digest in self.kept


def test_with_the_store_elsewhere_it_is_whole_before_it_leaves(
    officer: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Elsewhere(tmp_path / "incoming")
    monkeypatch.setattr(store, "evidence", lambda: away)
    at = begin(officer)
    bring(officer, at, 0, FILM[:100_000])
    assert away.kept == {} and len(files(away.room)) == 1
    bring(officer, at, 100_000, FILM[100_000:])
    assert away.kept == {hashlib.sha256(FILM).hexdigest(): FILM} and files(away.room) == []
    assert officer.get(at.removeprefix(ROOT))["size"] == len(FILM)


def test_bytes_that_are_gone_begin_anew(officer: Api) -> None:
    at = begin(officer)
    uploads.place_of(Upload.objects.get()).unlink()
    refused(bring(officer, at, 0, FILM, 404), 404, "从头上传")
    assert Upload.objects.count() == 0


def test_nobody_fills_the_disk(officer: Api, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    begin(officer, 5)
    at = begin(officer, 5)
    said = {"Upload_Length": 5, "Upload_Metadata": told(filename="a")}
    refused(send(officer, "POST", **said), 429, "2 个")
    bring(officer, at, 0, b"abcde")
    monkeypatch.setattr(uploads, "MOST_BYTES", 9)
    refused(send(officer, "POST", **said), 429, "没有传完")
    monkeypatch.setattr(uploads, "MOST_BYTES", 1 << 40)
    monkeypatch.setattr(uploads, "RESERVE", 1 << 60)
    refused(send(officer, "POST", **said), 503, "存储空间不够")


def test_what_runs_out_is_swept(officer: Api, shelf: Path, clock: Clock) -> None:
    at, whole = begin(officer, 5), begin(officer, 5)
    bring(officer, whole, 0, b"abcde")
    stray = shelf / f"{uploads.PREFIX}{UUID(int=7)}"
    stray.write_bytes(b"of no row")
    os.utime(stray, (0, 0))
    assert uploads.sweep(timezone.now()) == 1 and not stray.exists()
    clock.now += uploads.LIFETIME + timedelta(seconds=1)
    refused(send(officer, "PATCH", at, b"ab", Upload_Offset=0), 404, "过期")
    uploads.sweep(timezone.now())
    assert Upload.objects.count() == 0
    assert [file.name for file in files(shelf)] == [hashlib.sha256(b"abcde").hexdigest()]


def test_a_cancelled_upload_leaves_nothing_and_no_thread(officer: Api, shelf: Path) -> None:
    before = threading.active_count()
    at = begin(officer)
    bring(officer, at, 0, FILM[: 3 << 20])
    assert send(officer, "DELETE", at).status_code == 204
    gc.collect()
    assert files(shelf) == [] and Upload.objects.count() == 0 and threading.active_count() == before
    assert send(officer, "HEAD", at).status_code == 404
