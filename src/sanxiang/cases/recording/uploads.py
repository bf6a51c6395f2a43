"""分段上传: a file that comes in by pieces, over a line that may break, and is kept like any other once it is whole.

What HEAD says was received is on disk: a row tells how far, and is written after the bytes are synced. Bytes behind it, of a
server that was killed in between, are cut off and asked for again. The digests run along while the pieces follow one another in one
process; where they do not, the whole file is read once at its end.
"""

import fcntl
import hashlib
import os
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from sanxiang.cases import store
from sanxiang.cases.abandoned import A_DAY
from sanxiang.cases.hashing import Digests
from sanxiang.cases.models import Upload
from sanxiang.cases.recording.receiving import (
    CHUNK,
    HEAD,
    Unacceptable,
    explained,
    kind_of,
    know,
    plain_name,
    refuse_active,
    refuse_marked,
    refuse_name,
)
from sanxiang.cases.shelves import DIGEST, StoreFault

LARGEST = 8 << 30
"""Bytes of one file: some four hours of a body-worn camera."""
MOST_OPEN, MOST_BYTES = 20, 40 << 30
"""Of one person at a time, files and bytes that were announced and are not whole yet."""
RESERVE = 1 << 30
"""Bytes of the disk that no upload may claim: papers and the log need room too."""
LIFETIME = timedelta(days=3)
"""Since the last byte."""
SAVED = 8 << 20
"""Bytes after which is written down how far it has come: a killed server asks again for no more than these."""
WAITS, PAUSE = 60, 0.05
"""How often and for how many seconds each somebody who asks how far it came waits for a request that is just ending."""
PREFIX = ".tus-"
READ = 128 << 10
"""Bytes that are asked for at once: what a line that breaks has brought of them is lost."""
SUMS = ("sha256", "sha1")
"""What a piece's own checksum may be made with; sha1 because the protocol wants it. The file's digest is SHA-256 and SM3."""


class Halted(Exception):
    """Why an upload does not go on: a code of the API's table, and a Chinese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Source(Protocol):
    """Where bytes come from; nothing more where the line broke."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


@dataclass(frozen=True)
class Piece:
    """What one request brings: from where, how much at most, and with which checksum (algorithm, value) if any."""

    offset: int
    length: int
    sum: tuple[str, bytes] | None = None


@dataclass
class Running:
    """Digests of uploads that this process has followed from their first byte, each with how far it has read."""

    most: int = 64
    lock: Lock = field(default_factory=Lock)
    known: OrderedDict[UUID, tuple[int, Digests]] = field(default_factory=OrderedDict)

    def take(self, key: UUID, offset: int) -> Digests | None:
        """Those that stand at this byte; None where the file must be read at its end."""
        with self.lock:
            at, found = self.known.pop(key, (0, None))
        return found if found and at == offset else None if offset else Digests()

    def give(self, key: UUID, offset: int, digests: Digests) -> None:
        """Keep them for the next piece."""
        with self.lock:
            self.known[key] = (offset, digests)
            while len(self.known) > self.most:
                self.known.popitem(last=False)


RUNNING = Running()


def begin(person: UUID, name: str, mime: str, size: int, promised: str = "") -> Upload:
    """Announce a file. Raises Unacceptable, Halted."""
    plain = plain_name(name)
    if not plain:
        raise Unacceptable("没有文件名，请在 Upload-Metadata 里写明 filename")
    refuse_name(plain)
    promised = promised.strip().lower()
    if promised and not DIGEST.fullmatch(promised):
        raise Unacceptable("Upload-Metadata 里的 sha256 应为 64 位十六进制数")
    if size == 0:
        raise Unacceptable(f"文件“{plain}”是空的，请核对后重新选择")
    if size > LARGEST:
        raise Halted("too-large", f"文件“{plain}”超过 {LARGEST >> 30} GB，请分段录制或者剪开后上传")
    _within_bounds(person, size)
    now = timezone.now()
    row = Upload(person_id=person, name=plain, mime=kind_of(mime), size=size, promised=promised)
    row.begun_at, row.expires_at = now, now + LIFETIME
    with explained(plain):
        place_of(row).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(place_of(row), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    row.save(force_insert=True)
    return row


def _within_bounds(person: UUID, size: int) -> None:
    """Nobody fills the disk, alone or together. Raises Halted."""
    mine = Upload.objects.filter(person_id=person, kept=False)
    claimed = mine.aggregate(all=Sum("size"))["all"] or 0
    if mine.count() >= MOST_OPEN or claimed + size > MOST_BYTES:
        raise Halted(
            "quota",
            f"您没有传完的文件太多（每人同时最多 {MOST_OPEN} 个、{MOST_BYTES >> 30} GB），请先传完或者取消一些",
        )
    room = store.evidence().room
    room.mkdir(parents=True, exist_ok=True)
    awaited = Upload.objects.filter(kept=False).aggregate(all=Sum(F("size") - F("received")))["all"] or 0
    if shutil.disk_usage(room).free - awaited - size < RESERVE:
        raise Halted("unavailable", "服务器存储空间不够放下这个文件。请联系系统管理员清理空间后再上传")


def place_of(row: Upload) -> Path:
    """Where its bytes lie while they come in."""
    return store.evidence().room / f"{PREFIX}{row.pk}"


def of(person: UUID, key: UUID) -> Upload:
    """An upload of this person that has not run out. Raises Halted."""
    row = Upload.objects.filter(pk=key, person_id=person, expires_at__gt=timezone.now()).first()
    if row is None:
        raise _gone()
    return row


def settled(row: Upload) -> Upload:
    """The row once the request that is at it has written down how far it came: of a line that broke, a moment later."""
    for _ in range(WAITS):
        if row.kept:
            return row
        try:
            with held(row):
                return row
        except Halted as halted:
            if halted.code != "locked":
                raise
        sleep(PAUSE)
        row.refresh_from_db()
    return row


@contextmanager
def held(row: Upload) -> Iterator[BinaryIO]:
    """The file of an upload, for one request alone; the row is read anew. Raises Halted."""
    busy = Halted("locked", f"文件“{row.name}”正由另一个请求上传，请稍候再续传")
    place = place_of(row)
    try:
        file = opened(place)
    except FileNotFoundError:
        raise _lost(row, busy) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        # Between opening and locking it may have been put into the store, where nothing is written to any more.
        if not place.exists() or place.stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise busy
        try:
            row.refresh_from_db()
        except Upload.DoesNotExist:
            raise _gone() from None
        yield file


def opened(place: Path) -> BinaryIO:
    """The file to be written to; once it is whole and waits for a store that is away, to be read alone."""
    try:
        return place.open("r+b")
    except PermissionError:
        return place.open("rb")


def _lost(row: Upload, busy: Halted) -> Halted:
    """Why there are no bytes of an upload: put into the store a moment ago, cancelled, or on another machine's disk."""
    now = Upload.objects.filter(pk=row.pk).first()
    if now is None:
        return _gone()
    if now.digest:
        return busy
    now.delete()
    return Halted("unknown", f"文件“{row.name}”已收到的部分在服务器上找不到了，请从头上传")


def _gone() -> Halted:
    return Halted("unknown", "没有这个上传，或者它已经过期、取消，请重新上传这个文件")


def take(row: Upload, piece: Piece, source: Source) -> None:
    """Write what a request brings behind what is there, as far as it comes; put the file into the store once it is whole.

    Raises Halted; Unacceptable where the file is none that is taken in, and then nothing of it stays.
    """
    if row.kept:
        _fits(row, piece)  # nothing more comes; to say so again does no harm
        return
    with held(row) as file:
        _fits(row, piece)
        file.truncate(row.received)
        file.seek(row.received)
        arriving = Arriving(row, file, piece)
        try:
            arriving.write(source)
        except Unacceptable as refused:
            if refused.__cause__ is None:  # the file itself, not a disk that is full
                arriving.forget(row.received)
                discard(row)
            raise
        finally:
            arriving.settle()
        if row.received == row.size:
            finish(row, file)


def _fits(row: Upload, piece: Piece) -> None:
    if piece.offset != row.received:
        raise _misplaced(row)
    if piece.offset + piece.length > row.size:
        raise Halted("too-large", f"文件“{row.name}”说好是 {row.size} 字节，这一段超出了，请核对后重新上传")


def _misplaced(row: Upload) -> Halted:
    return Halted("offset", f"文件“{row.name}”已收到 {row.received} 字节，请从这里续传（用 HEAD 查询）")


@dataclass
class Arriving:
    """One request's bytes on their way to the disk."""

    row: Upload
    file: BinaryIO
    piece: Piece
    written: int = 0
    """Where the next byte goes."""
    digests: Digests | None = None
    sum: Any = None

    def __post_init__(self) -> None:
        self.written = self.row.received
        self.digests = RUNNING.take(self.row.pk, self.written)
        self.sum = hashlib.new(self.piece.sum[0], usedforsecurity=False) if self.piece.sum else None

    def write(self, source: Source) -> None:
        """All that comes. Raises Unacceptable; Halted where its checksum is another than was told."""
        end, saved = self.piece.offset + self.piece.length, self.written
        while self.written < end and (got := source.read(min(READ, end - self.written))):
            with explained(self.row.name):
                self.file.write(got)
                self._seen(got)
            if self.written - saved >= SAVED and not self.sum:
                saved = self.written
                self._save()
        if self.sum and self.piece.sum and self.sum.digest() != self.piece.sum[1]:
            self.forget(self.piece.offset)
            raise Halted("checksum", f"文件“{self.row.name}”的这一段与校验值不符，没有保存，请重传这一段")

    def _seen(self, got: bytes) -> None:
        if self.written < HEAD:
            self.file.flush()
            refuse_active(os.pread(self.file.fileno(), HEAD, 0), self.row.name)
        self.written += len(got)
        for one in (self.digests, self.sum):
            if one is not None:
                one.update(got)

    def forget(self, at: int) -> None:
        """As if nothing had come behind this byte."""
        self.file.truncate(at)
        if self.digests is not None:
            self.digests.end()
        self.written, self.digests = at, None

    def settle(self) -> None:
        """Make what came durable and say how far it is; digests wait for what follows."""
        if self.digests is not None:
            self.digests.end()
            RUNNING.give(self.row.pk, self.written, self.digests)
        if self.written != self.row.received:
            with explained(self.row.name):
                self._save()

    def _save(self) -> None:
        self.file.flush()
        os.fdatasync(self.file.fileno())
        self.row.received, self.row.expires_at = self.written, timezone.now() + LIFETIME
        self.row.save(update_fields=["received", "expires_at"])


def finish(row: Upload, file: BinaryIO) -> None:
    """Hold the digest against the sender's and put the file into the store. Raises Halted, Unacceptable."""
    if not row.digest:
        digests = RUNNING.take(row.pk, row.received) or _read(file)
        row.digest, row.sm3 = digests.end()
        if row.promised and row.promised != row.digest:
            discard(row)
            raise Halted(
                "checksum",
                f"文件“{row.name}”收到的内容与发送方所称的 SHA-256 不符，没有保存。请核对原文件后重新上传",
            )
        row.save(update_fields=["digest", "sm3"])
    with explained(row.name):
        os.fchmod(file.fileno(), 0o440)
        os.fsync(file.fileno())
        _refuse_marked(row)
        store.evidence().put(place_of(row), row.digest)
        place_of(row).unlink(missing_ok=True)  # what S3 has, or what was there already
    _kept(row)


def _refuse_marked(row: Upload) -> None:
    """What says on its first page that it is a state secret goes at once. Raises Unacceptable."""
    try:
        refuse_marked(place_of(row), row.name)
    except Unacceptable:
        discard(row)
        raise


def _read(file: BinaryIO) -> Digests:
    """Both digests of a file whose pieces came to several processes."""
    digests = Digests()
    file.seek(0)
    while piece := file.read(CHUNK):
        digests.update(piece)
    return digests


def _kept(row: Upload) -> None:
    row.kept = True
    row.save(update_fields=["kept"])
    know(row.digest, row.sm3)


def described(row: Upload) -> dict[str, Any] | None:
    """What the file is, as an upload in one go is told; None while it is not whole. Raises Halted, Unacceptable.

    Where the server was killed, or the store was away, between the last byte and the store, this puts it there.
    """
    if row.received < row.size:
        return None
    if not row.kept:
        if row.digest and not place_of(row).exists() and store.evidence().exists(row.digest):
            _kept(row)
        else:
            with held(row) as file:
                finish(row, file)
    return {"digest": row.digest, "sm3": row.sm3, "size": row.size, "name": row.name, "mime": row.mime}


def end(row: Upload) -> None:
    """The sender wants it no more; what is in the store already stays there. Raises Halted."""
    if row.kept:
        Upload.objects.filter(pk=row.pk).delete()
        return
    with held(row):
        discard(row)


def discard(row: Upload) -> None:
    """Take row and bytes away."""
    RUNNING.take(row.pk, -1)
    Upload.objects.filter(pk=row.pk).delete()
    place_of(row).unlink(missing_ok=True)


def sweep(now: datetime) -> int:
    """Take away what has run out, and bytes of which no row tells any more; how many files."""
    gone = 0
    for row in Upload.objects.filter(expires_at__lte=now)[:200]:
        with suppress(Halted, StoreFault, OSError):
            end(row)
            gone += 1
    room = store.evidence().room
    left = {path: path.name.removeprefix(PREFIX) for path in room.glob(f"{PREFIX}*")}
    known = {str(key) for key in Upload.objects.values_list("pk", flat=True)} if left else set()
    for path, key in left.items():
        with suppress(FileNotFoundError):
            if key not in known and now.timestamp() - path.stat().st_mtime > A_DAY:
                path.unlink()
                gone += 1
    return gone
