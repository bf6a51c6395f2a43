"""Where the bytes of papers and evidence lie: each file under the digest of its bytes, on disk or in an S3-compatible store.

What stands under a digest is whole and stays: a file is written beside, synced, and only then given its name; what has a name
is never replaced, and nothing here removes it. A caller puts the bytes first and commits the act that cites them afterwards.
"""

import functools
import importlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.cases.shelves import DIGEST, Store, StoreFault, altered, digest_in, named
from sanxiang.cases.store_place import Place

PAPERS, EVIDENCE = "papers", "evidence"
KINDS = (PAPERS, EVIDENCE)
"""The two shelves: what we wrote, and what we were given."""


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
