"""音像文件: which files of evidence are recordings, and what each of them is: read in a process with bounds, by the worker.

A recording is known by what its sender said it is or by its name; what it really is the reader says. Whatever the file does to the
reader, the worker only ever sees a few lines of JSON and a dozen small pictures.
"""

import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from sanxiang.cases import store
from sanxiang.cases.models import Evidence, Film
from sanxiang.cases.recording.receiving import Unacceptable, receive
from sanxiang.cases.shelves import StoreFault

PICTURES = (
    "mp4",
    "m4v",
    "mov",
    "3gp",
    "avi",
    "mkv",
    "webm",
    "ts",
    "mts",
    "m2ts",
    "mpg",
    "mpeg",
    "wmv",
    "flv",
    "dav",
)
SOUNDS = ("wav", "mp3", "m4a", "aac", "ogg", "amr", "flac", "wma")
SUFFIXES = tuple(f".{one}" for one in PICTURES + SOUNDS)
PROBE = Path(__file__).with_name("probe.py")
"""Never imported here: FFmpeg stays out of the server's process."""
MEMORY, SECONDS, PICTURE = 1536 << 20, 60, 4 << 20
"""What a reading may take: address space, seconds of computing, bytes of one picture."""
PATIENCE = 180
"""Seconds by the wall: a slow disk is no hostile file."""
TRIES = 2
"""A reading that takes the whole machine down is tried once more and no oftener."""
POSTER = 64 << 10
PREFIX = ".film-"
READ, UNREADABLE, WAITING = "read", "unreadable", "waiting"

log = logging.getLogger(__name__)


def recording(mime: str, name: str) -> bool:
    """Does it claim to be sound or film?"""
    return mime.startswith(("video/", "audio/")) or name.lower().endswith(SUFFIXES)


def expect(rows: Iterable[Evidence]) -> None:
    """Have the worker read the recordings among these; of one that is known already nothing is done."""
    films = {row.digest for row in rows if recording(row.mime, row.filename)}
    if films:
        Film.objects.bulk_create(
            [Film(digest=digest, state=WAITING) for digest in sorted(films)], ignore_conflicts=True
        )


def tidy() -> None:
    """Take away what a reader that was killed left behind; called where no other is at work yet."""
    for left in store.evidence().room.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


def expect_all() -> int:
    """The same for all there is: recordings that came before anything read them, or by an import; how many."""
    known = Film.objects.filter(digest=OuterRef("digest"))
    claims = Q(mime__startswith="video/") | Q(mime__startswith="audio/")
    for suffix in SUFFIXES:
        claims |= Q(filename__iendswith=suffix)
    rows = list(Evidence.objects.filter(claims).exclude(Exists(known)).only("digest", "mime", "filename"))
    expect(rows)
    return len(rows)


def read_next() -> bool:
    """Read one recording that waits; was there one? Raises StoreFault where the store is away."""
    row = Film.objects.filter(state=WAITING).order_by("tries", "digest").first()
    if row is None:
        return False
    row.tries += 1
    row.save(update_fields=["tries"])
    if row.tries > TRIES:
        settle(row, {"fault": "tries"}, b"")
        return True
    room = store.evidence().room
    room.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=room) as name:
        folder = Path(name)
        try:
            with on_disk(row.digest, folder) as file:
                found = read(file, folder)
        except FileNotFoundError:
            found = {"fault": "lost"}
        settle(row, *kept(found, folder))
    return True


@contextmanager
def on_disk(digest: str, folder: Path) -> Iterator[Path]:
    """The file as one that a program may open: in its place, or fetched from S3 for the time. Raises FileNotFoundError, StoreFault."""
    shelf = store.evidence()
    if isinstance(shelf, store.OnDisk):
        yield shelf.path(digest)
        return
    if shutil.disk_usage(folder).free < 2 * shelf.size(digest):
        raise StoreFault("本机磁盘放不下要读取的音像文件")
    copy = folder / "film"
    with shelf.open(digest) as source, copy.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
    yield copy
    copy.unlink()


def read(file: Path, folder: Path) -> dict[str, Any]:
    """What the process says; {"fault": …} where it fails, hangs, is killed or raves."""
    bounds = json.dumps([MEMORY, SECONDS, PICTURE])
    command = [sys.executable, "-S", str(PROBE), str(file), str(folder), bounds]
    # `-S` and our paths instead: no site-packages code runs, and nothing of the server's environment is at hand.
    surroundings = {"PYTHONPATH": str(Path(find_spec("av").origin).parents[1]), "PYTHONUTF8": "1"}  # type: ignore[union-attr, arg-type]
    if not file.is_file():
        raise FileNotFoundError(file)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout[:100_000])
    except subprocess.TimeoutExpired:
        return {"fault": "time"}
    except ValueError:
        return {"fault": "killed"}
    return found if isinstance(found, dict) else {"fault": "killed"}


def kept(found: dict[str, Any], folder: Path) -> tuple[dict[str, Any], bytes]:
    """Put the pictures into the store, each under its digest; what was found with these, and the first of them."""
    if "fault" in found:
        return found, b""
    pictures, poster = [], b""
    for one in found.get("frames", []):
        picture = folder / Path(str(one["file"])).name
        data = picture.read_bytes() if picture.is_file() else b""
        if not data.startswith(b"\xff\xd8") or len(data) > PICTURE:
            continue
        poster = poster or data[:POSTER] if len(data) <= POSTER else poster
        try:
            with picture.open("rb") as stream:
                told = receive(stream, picture.name, "image/jpeg")
        except Unacceptable as refused:
            raise StoreFault(str(refused)) from refused
        pictures.append({"at": float(one["at"]), "digest": told["digest"], "size": told["size"]})
    return {**found, "frames": pictures}, poster


def settle(row: Film, found: dict[str, Any], poster: bytes) -> None:
    """Write down what came out."""
    row.state = UNREADABLE if "fault" in found else READ
    row.found, row.poster, row.read_at = found, poster, timezone.now()
    row.tool = f"PyAV {version('av')}"
    row.save()


def began(found: dict[str, Any]) -> datetime | None:
    """When the recording says that it began; None where it does not, or says what no clock can."""
    try:
        moment = datetime.fromisoformat(str(found.get("began") or ""))
    except ValueError:
        return None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
