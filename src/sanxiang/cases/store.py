"""Where the bytes of papers and evidence lie: each file under the digest of its bytes, on disk or in an S3-compatible store.

What stands under a digest is whole and stays: a file is written beside, synced, and only then given its name; what has a name
is never replaced, and nothing here removes it. A caller puts the bytes first and commits the act that cites them afterwards.
"""

import functools
import hashlib
import importlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from sanxiang.cases.store_place import Place

DIGEST = re.compile(r"[0-9a-f]{64}")
PIECE = 1 << 20
PAPERS, EVIDENCE = "papers", "evidence"
KINDS = (PAPERS, EVIDENCE)
"""The two shelves: what we wrote, and what we were given."""


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


def papers() -> Store:
    """The shelf of papers, as the settings of this installation say."""
    return shelf(PAPERS)


def evidence() -> Store:
    """The shelf of evidence and of what was derived from it."""
    return shelf(EVIDENCE)


def shelf(kind: str) -> Store:
    """A shelf by its name."""
    place: Place | None = settings.STORE
    if place is not None:
        return _in_s3(place, kind, settings.DATA / "incoming")
    return OnDisk(settings.PAPER_ROOT if kind == PAPERS else settings.EVIDENCE_ROOT)


@functools.cache
def _in_s3(place: Place, kind: str, room: Path) -> Store:
    # boto3 takes half a second to load: only who has chosen it waits for it.
    made: Store = importlib.import_module("sanxiang.cases.store_s3").OnS3(place, kind, room)
    return made


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


@dataclass(frozen=True)
class OnDisk:
    """A folder of this machine, readable by the server's account alone and writable by nobody."""

    root: Path

    @property
    def room(self) -> Path:
        """Beside the files, so that giving a name moves no bytes."""
        return self.root

    def put(self, fresh: Path, digest: str) -> None:
        """See Store."""
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            os.replace(fresh, target)
        elif digest_in(self, digest) != digest:
            raise StoreFault(altered(digest))
        # A rename lasts only once the folder that holds the name is on disk.
        for folder in (target.parent, target.parent.parent, self.root):
            sync(folder)

    def open(self, digest: str, offset: int = 0, length: int | None = None) -> io.BufferedReader:
        """See Store."""
        file = self.path(digest).open("rb")
        file.seek(offset)
        return file if length is None else io.BufferedReader(Part(file, length))

    def exists(self, digest: str) -> bool:
        """See Store."""
        return self.path(digest).is_file()

    def size(self, digest: str) -> int:
        """See Store."""
        return self.path(digest).stat().st_size

    def digests(self) -> Iterator[str]:
        """See Store."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if DIGEST.fullmatch(path.name):
                yield path.name

    def path(self, digest: str) -> Path:
        """Where the file with that digest lies."""
        return path_of(self.root, digest)


class Part(io.RawIOBase):
    """The next bytes of an open file and no more."""

    def __init__(self, file: io.BufferedReader, length: int) -> None:
        self.file, self.left = file, length

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """At most what is left."""
        into = memoryview(buffer).cast("B")
        found = self.file.read(min(len(into), self.left))
        into[: len(found)] = found
        self.left -= len(found)
        return len(found)

    def close(self) -> None:
        """The file too."""
        self.file.close()
        super().close()


def altered(digest: str) -> str:
    """What is said where other bytes stand under a digest."""
    return f"存储中名为 {digest[:12]}… 的文件与校验值不符，可能已被改动。请系统管理员运行 sanxiang scrub --all 查明，并从备份恢复"


def path_of(root: Path, digest: str) -> Path:
    """Where the file with that digest lies on disk. Raises ValueError for what is no digest: callers may send anything."""
    return root / named(digest)


def sync(path: Path) -> None:
    """Let a file or folder outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
