"""Files that outlast a power cut: written beside, synced, renamed; then the folder that holds the name is synced."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

AT_A_TIME = 8
"""Files that are synced at the same time. A disk's journal takes what comes together in one go, so that a log of a dozen
files waits about as long as one of them, and so do the databases on that disk."""


def write(path: Path, data: bytes) -> None:
    """Put a whole file in its place at once; whoever reads sees the old one or the new one. The name is synced by `sync`."""
    write_all([(path, data)])


def write_all(wanted: Iterable[tuple[Path, bytes]]) -> None:
    """The same for several files: all are on disk before the first gets its name, and they get their names in this order."""
    fresh: list[tuple[Path, Path]] = []
    try:
        for path, data in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            fresh.append((Path(beside), path))
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                os.fchmod(out.fileno(), 0o644)
        _together(_sync, [name for name, _ in fresh])
        for name, path in fresh:
            os.replace(name, path)
    finally:
        for name, _ in fresh:
            name.unlink(missing_ok=True)  # gone already unless something went wrong


def sync(*folders: Path) -> None:
    """Let the names in these folders outlast a power cut."""
    _together(_sync, folders)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _together(task: Callable[[Path], None], paths: Sequence[Path]) -> None:
    if len(paths) < 2:
        for path in paths:
            task(path)
        return
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for done in [pool.submit(task, path) for path in paths]:
            done.result()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock between processes of this machine; whoever dies lets go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        flock(file, LOCK_EX)
        yield


@contextmanager
def held_if_free(path: Path) -> Iterator[bool]:
    """The same without waiting: False where somebody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
