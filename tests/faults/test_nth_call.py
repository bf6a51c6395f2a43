"""R2: the n-th call of the operating system fails, for n = 1, 2, … until none fails: what is served verifies, the next try heals.

After SQLite's way of testing: on and on, until the fault lies behind the last call.
"""

import errno
import io
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from figures import told
from watching import entries, roots_at

from logged import forget, own_data
from sanxiang.cases import shelves, store
from sanxiang.cases.recording import receiving
from sanxiang.ledger import keys
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.logs import ACTS, HASHES
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.tlog import note

pytestmark = pytest.mark.django_db
CALLS = ("open", "fsync", "replace", "fchmod", "mkdir", "unlink", "rmdir", "fdopen")


class Short:
    """A file of which half of the first write arrives."""

    def __init__(self, file: BinaryIO, code: int) -> None:
        self.file, self.code = file, code

    def write(self, data: bytes) -> int:
        """Half, then the fault."""
        self.file.write(data[: len(data) // 2])
        self.file.flush()
        raise OSError(self.code, os.strerror(self.code))

    def __enter__(self) -> "Short":
        return self

    def __exit__(self, *what: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@dataclass
class Fault:
    """The `n`-th of the calls fails with this error; the rest go through."""

    n: int
    code: int
    made: int = 0
    fired: str = ""
    kinds: set[str] = field(default_factory=set)

    def call(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """The call in the real one's place."""

        def instead(*words: Any, **more: Any) -> Any:
            self.made += 1
            if self.made != self.n:
                return real(*words, **more)
            self.fired = name
            if name == "fdopen":
                return Short(real(*words, **more), self.code)
            raise OSError(self.code, os.strerror(self.code))

        return instead


@contextmanager
def failing(n: int, code: int) -> Iterator[Fault]:
    """One call fails within the block."""
    fault = Fault(n, code)
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, fault.call(name, getattr(os, name)))
        yield fault


def grow_log(count: int) -> None:
    """Acts that have their places; nothing of them is served yet."""
    who = Signed(None, "试验", "officer", "2026-11-22", datetime.now(UTC))
    for _ in range(count):
        append(Entry("agency", uuid.uuid4(), 1, "", "note", "记事", {"text": ("x", "case")}), who)
    sequence_all()


def served_size() -> int:
    """The size that is served of both trees, each checked against all its entries as an outsider would."""
    sizes = []
    for hash in HASHES:
        file = ACTS.folder(hash) / "checkpoint"
        if not file.exists():
            return 0
        head = note.open_checkpoint(file.read_text(), keys.known_keys(ACTS.origin_of(hash), hash), hash)
        leaves = entries(ACTS.folder("sha256"), head.size)
        assert roots_at({head.size}, leaves, hash)[head.size] == head.root
        sizes.append(head.size)
    return min(sizes)


@pytest.mark.parametrize(
    ("code", "stride"),
    [
        pytest.param(errno.EIO, 1, marks=pytest.mark.deep),
        pytest.param(errno.ENOSPC, 1, marks=pytest.mark.deep),
        pytest.param(errno.EIO, 12, id="few"),
    ],
)
def test_publishing_heals_after_any_failed_call(
    code: int, stride: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_data(tmp_path, monkeypatch)
    grow_log(250)
    assert publish() == 250
    n, size, points, kinds = 1, 250, 0, set()
    while True:
        grow_log(3)  # the first fault points lie where a tile becomes full
        with failing(n, code) as fault:
            try:
                publish()
            except OSError as error:
                assert error.errno == code
        assert served_size() >= size
        if not fault.fired:
            break
        points += 1
        kinds.add(fault.fired)
        if points % 2:
            forget()  # every other time the process died of it
        size += 3
        assert publish() == size == served_size()
        n += stride
    assert n > 20 and len(kinds) > 1
    if stride == 1:
        assert {"fsync", "replace", "open", "fdopen"} <= kinds
        calls = sorted(kinds)
        told(
            "R2",
            f"publish_{errno.errorcode[code]}",
            fault_points=points,
            calls=calls,
            wrong_states=0,
            unhealed=0,
        )


def keep(data: bytes) -> dict[str, Any]:
    """Take one file in."""
    return receiving.receive(io.BytesIO(data), "现场照片.bin", "application/octet-stream")


def all_whole() -> bool:
    """Every file of the shelf has the bytes of its name, and nothing half written is left beside."""
    shelf = store.evidence()
    left = list(shelf.room.glob("**/.new-*")) if shelf.room.exists() else []
    return not left and all(shelves.digest_in(shelf, name) == name for name in shelf.digests())


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_evidence_comes_in_whole_or_not_at_all(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_data(tmp_path, monkeypatch)
    data, n, kinds = b"evidence " + os.urandom(200_000), 0, set()
    while True:
        n += 1
        with failing(n, code) as fault:
            try:
                kept = keep(data + n.to_bytes(4, "big"))
            except (OSError, receiving.Unacceptable):
                kept = None
        assert all_whole()
        if not fault.fired:
            break
        kinds.add(fault.fired)
        again = keep(data + n.to_bytes(4, "big"))
        assert kept is None or kept["digest"] == again["digest"]
        assert all_whole()
    assert kept is not None and n > 5
    told(
        "R2",
        f"ingest_{errno.errorcode[code]}",
        fault_points=n - 1,
        calls=sorted(kinds),
        wrong_states=0,
        unhealed=0,
    )
