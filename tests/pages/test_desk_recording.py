"""The evidence store: what comes in stays byte for byte under its digest, or does not come in."""

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.cases.recording import receiving
from sanxiang.cases.recording.receiving import Unacceptable, open_evidence, receive
from sanxiang.cases.store import path_of


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    return tmp_path / "evidence"


def files_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_file_lies_under_the_digest_of_its_bytes(store: Path) -> None:
    data = b"%PDF-1.7\n" + os.urandom(3 << 20)
    kept = receive(io.BytesIO(data), "C:\\现场\\笔录.pdf", "application/pdf")
    sha = hashlib.sha256(data).hexdigest()
    assert kept == {
        "digest": sha,
        "sm3": hashlib.new("sm3", data).hexdigest(),
        "size": len(data),
        "name": "笔录.pdf",
        "mime": "application/pdf",
    }
    path = store / sha[:2] / sha[2:4] / sha
    assert files_in(store) == [path] and stat.S_IMODE(path.stat().st_mode) == 0o440
    assert open_evidence(sha).read() == data


def test_the_same_bytes_are_kept_once(store: Path) -> None:
    first, second = (
        receive(io.BytesIO(b"GIF89a" + b"\0" * 9), name, "image/gif") for name in ("甲.gif", "乙.gif")
    )
    assert first["digest"] == second["digest"] and len(files_in(store)) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.txt", b""),
        ("绝密.pdf", b"%PDF"),
        ("x.jpg", b"\x7fELF\x02\x01\x01"),
        ("x.txt", b"#!/bin/sh\nrm"),
        ("x.png", b"<html><script>"),
    ],
)
def test_what_is_refused_leaves_nothing(name: str, data: bytes, store: Path) -> None:
    with pytest.raises(Unacceptable, match="“"):
        receive(io.BytesIO(data), name, "")
    assert not store.exists() or files_in(store) == []


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04" + b"\0" * 90, "问：你好。答：<script> 是什么？".encode(), b"<?xml version='1.0'?><a/>"],
)
def test_what_only_looks_dangerous_comes_in(data: bytes, store: Path) -> None:
    assert receive(io.BytesIO(data), "材料.bin", "")["size"] == len(data)


def test_what_is_too_long_is_refused_on_the_way(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "LARGEST", 100)
    with pytest.raises(Unacceptable, match="分段"):
        receive(io.BytesIO(b"a" * 101), "长.mp4", "")
    assert files_in(store) == []


def test_a_full_disk_says_so_and_leaves_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unacceptable, match="存储空间已满"):
        receive(io.BytesIO(b"abc"), "a.txt", "")
    assert files_in(store) == []


@given(st.text() | st.from_regex(r"[./0-9a-f]{64}", fullmatch=True))
def test_a_name_never_leads_out_of_the_store(text: str) -> None:
    if set(text) <= set("0123456789abcdef") and len(text) == 64:
        assert path_of(Path("/store"), text) == Path("/store") / text[:2] / text[2:4] / text
    else:
        with pytest.raises(ValueError, match="校验值"):
            path_of(Path("/store"), text)
