"""A log that is only tiles and checkpoints, and a witness in a process of its own, for tests of witnessing."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation import free_port, wait_for
from sanxiang.ledger.tlog import note, tile_proofs, tree
from sanxiang.ledger.tlog.tiles import write_tiles

ORIGIN = "zfj.example.test/log"
WITNESS = "witness.sfj.example.test"


@dataclass
class TileLog:
    """A log as its operator has it: tiles in a folder, and the key. `word` makes its entries, so another word is a fork."""

    folder: Path
    word: str = "entry"
    seed: bytes = b"\x01" * 32
    origin: str = ORIGIN
    hashes: list[bytes] = field(default_factory=list)

    @property
    def key(self) -> note.Key:
        return note.Key(self.origin, note.ED25519, note.public_key(self.seed))

    @property
    def vkey(self) -> str:
        return note.format_vkey(self.key)

    def grow(self, size: int, word: str = "") -> str:
        """Add entries up to this size, write the tiles, sign: the checkpoint."""
        new = range(len(self.hashes), size)
        self.hashes += [tree.leaf_hash(f"{word or self.word} {at}".encode()) for at in new]
        write_tiles(self.hashes, self.folder)
        return self.checkpoint(size)

    def checkpoint(self, size: int) -> str:
        """The signed checkpoint of the first so many entries."""
        root = tree.root(self.hashes[:size])
        return note.sign(note.checkpoint_text(self.origin, size, root), self.origin, self.seed)

    def prove(self, old: int, new: int) -> list[bytes]:
        """Consistency out of the tiles."""
        return tile_proofs.consistency(tile_proofs.folder_fetch(self.folder), old, new)


@dataclass
class RunningWitness:
    """`sanxiang witness serve` in a process group of its own."""

    address: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """kill -9 of all of it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(30)

    def post(self, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, bytes]:
        """Status, content type and body of the answer."""
        return answer_of(urllib.request.Request(self.address + path, body, method="POST"))

    def get(self, path: str) -> tuple[int, str, bytes]:
        """The same for a page."""
        return answer_of(urllib.request.Request(self.address + path))


def answer_of(request: urllib.request.Request) -> tuple[int, str, bytes]:
    """Status, content type and body, whatever the status."""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers["Content-Type"], refused.read()


@contextlib.contextmanager
def running_witness(folder: Path, *words: str, logs: Sequence[str] = ()) -> Iterator[RunningWitness]:
    """A witness with its own folder, for the time of the block; it makes its key at the first start."""
    port = free_port()
    watched = [word for vkey in logs for word in ("--log", vkey)]
    command = [
        sys.executable,
        "-m",
        "sanxiang",
        "witness",
        "serve",
        "--data",
        str(folder),
        "--port",
        str(port),
    ]
    env = {**os.environ, "PYTHONUTF8": "1"}
    path = folder.with_name(folder.name + ".log")
    with path.open("ab") as out:
        process = subprocess.Popen(
            [*command, *watched, *words],
            env=env,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/vkey", process, path)
        yield RunningWitness(f"http://127.0.0.1:{port}", process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
