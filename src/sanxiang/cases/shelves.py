"""What a shelf of papers or evidence promises, wherever it stands: each file whole under the digest of its bytes."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

DIGEST = re.compile(r"[0-9a-f]{64}")
PIECE = 1 << 20


class StoreFault(OSError):
    """The store cannot be reached, refuses us, or holds something else than it was given; the message is a Chinese sentence."""


class Store(Protocol):
    """What papers and evidence ask of the place where their bytes lie. Every digest is SHA-256 in lower-case hex."""

    @property
    def room(self) -> Path:
        """A folder of this machine in which a fresh file is written before `put`."""

    def put(self, fresh: Path, digest: str) -> None:
        """Keep a synced file under its digest. It lasts when this returns; the same bytes are kept once. Raises StoreFault."""

    def open(self, digest: str, offset: int = 0, length: int | None = None) -> io.BufferedReader:
        """The bytes from `offset`, at most `length` of them. Raises FileNotFoundError, StoreFault."""

    def exists(self, digest: str) -> bool:
        """Is there a file of that name? Says nothing about its bytes. Raises StoreFault."""

    def size(self, digest: str) -> int:
        """In bytes. Raises FileNotFoundError, StoreFault."""

    def digests(self) -> Iterator[str]:
        """The names of all files, in order. Raises StoreFault."""


def named(digest: str) -> str:
    """The name of a file below its shelf: ab/cd/abcd…, the same on disk and in S3. Raises ValueError for what is no digest."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("不是有效的校验值")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def digest_in(kept: Store, digest: str) -> str:
    """The SHA-256 of the bytes that stand under a digest, which should be that digest. Raises FileNotFoundError, StoreFault."""
    with kept.open(digest) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def contents(kept: Store, digest: str) -> bytes:
    """All bytes of a small file. Raises FileNotFoundError, StoreFault."""
    with kept.open(digest) as file:
        return file.read()


def altered(digest: str) -> str:
    """What is said where other bytes stand under a digest."""
    return f"存储中名为 {digest[:12]}… 的文件与校验值不符，可能已被改动。请系统管理员运行 sanxiang scrub --all 查明，并从备份恢复"
