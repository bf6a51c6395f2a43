"""One backup as one tar file: written as a stream, read member by member, each held against its digest.

The first member says what the file is, the last two are the manifest and its digest. What lies between is listed in the
manifest with its SHA-256; files of the store are named by theirs.
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

FORMAT, VERSION = "sanxiang-backup", 1
HEAD, MANIFEST, SEAL = "head.json", "manifest.json", "manifest.sha256"
TABLES, LOGS, DATA, KEYS, STORE, LISTED = "tables", "logs", "data", "keys", "store", "listed"
PLACES = (TABLES, LOGS, DATA, KEYS, STORE, LISTED)
PIECE = 1 << 20
OWNERS = 0o600
"""The mode of every member: what tar unpacks, keys and personal data, nobody else on the machine may read."""
LONGEST_TOLD = 1 << 28


SUM_AT, SUM_SIZE = 148, 8
SUM = re.compile(rb"[0-7]{6}\0 ")
"""Where the sum of a tar header stands and how it is written (POSIX ustar)."""


class Damaged(ValueError):
    """A file that is no backup, or not a whole one; the message says in Chinese what is wrong where."""


class Hashing(io.RawIOBase):
    """What is written goes on to a file and into a digest."""

    def __init__(self, out: BinaryIO) -> None:
        self.out, self.digest, self.size = out, hashlib.sha256(), 0

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """All of it."""
        self.out.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


@dataclass
class Writer:
    """An archive that grows; whoever made it calls `finish` at the end."""

    out: Hashing
    members: dict[str, str] = field(default_factory=dict)
    """SHA-256 by name, but for the files of the store."""
    tar: tarfile.TarFile = field(init=False)

    def __post_init__(self) -> None:
        self.tar = tarfile.TarFile.open(fileobj=self.out, mode="w|", bufsize=PIECE, format=tarfile.PAX_FORMAT)

    def add(self, name: str, data: bytes) -> None:
        """A small member."""
        self.stream(name, io.BytesIO(data), len(data))

    def stream(self, name: str, file: IO[bytes], size: int) -> str:
        """A member of any size, read once; its SHA-256. Raises OSError where the file is shorter than it was."""
        told = tarfile.TarInfo(name)
        told.size, told.mode = size, OWNERS
        reader = Reading(file)
        self.tar.addfile(told, reader)
        # Else the list grows with every file of the store.
        self.tar.members.clear()  # type: ignore[attr-defined]
        digest = reader.digest.hexdigest()
        if not name.startswith(f"{STORE}/"):
            self.members[name] = digest
        return digest

    def finish(self, manifest: dict[str, Any]) -> None:
        """The manifest with all members, its digest, the end."""
        text = json.dumps({**manifest, "members": self.members}, ensure_ascii=False).encode()
        self.add(MANIFEST, text)
        self.add(SEAL, hashlib.sha256(text).hexdigest().encode())
        self.tar.close()


class Reading:
    """A file that is hashed while somebody reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.file.read(size)
        self.digest.update(data)
        return data


@dataclass(frozen=True)
class Member:
    """One member while it is at hand."""

    name: str
    size: int
    file: IO[bytes]

    @property
    def parts(self) -> tuple[str, ...]:
        """Its name, step by step."""
        return PurePosixPath(self.name).parts

    @property
    def below(self) -> str:
        """Its name without the place."""
        return "/".join(self.parts[1:])


def members(path: Path, *places: str) -> Iterator[Member]:
    """The members in their order, of these places or all. Raises Damaged, OSError."""
    name = ""
    try:
        with tarfile.open(path, "r:") as tar:
            while (told := tar.next()) is not None:
                tar.members.clear()  # type: ignore[attr-defined]
                name = told.name
                _check_name(path, told)
                _check_headers(path, tar, told)
                if not places or name.split("/", 1)[0] in places:
                    yield Member(name, told.size, _opened(tar, told))
            if not tar.offset:
                raise Damaged(f"{path} 不是本系统的备份")
    except tarfile.TarError as error:
        after = f"在 {name} 之后" if name else "开头"
        raise Damaged(f"{path} 不是本系统的备份，或者{after}已经损坏、截断") from error
    except EOFError as error:
        raise Damaged(f"{path} 在 {name} 处被截断") from error


def _opened(tar: tarfile.TarFile, told: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(told)
    if file is None:
        raise Damaged(f"备份里的 {told.name} 不是文件")
    return file


def _check_name(path: Path, told: tarfile.TarInfo) -> None:
    """No name leads out of the folder into which it is put."""
    parts = PurePosixPath(told.name).parts
    known = told.name in (HEAD, MANIFEST, SEAL) or (len(parts) > 1 and parts[0] in PLACES)
    if not told.isfile() or not known or ".." in parts or told.name.startswith("/"):
        raise Damaged(f"{path} 里有不属于备份的内容：{told.name}")


def _check_headers(path: Path, tar: tarfile.TarFile, told: tarfile.TarInfo) -> None:
    """The sum in a member's header does not cover its own field, and readers take it in any spelling; we know but one."""
    file = tar.fileobj
    assert file is not None
    for block in {told.offset, told.offset_data - tarfile.BLOCKSIZE}:
        file.seek(block + SUM_AT)
        if not SUM.fullmatch(file.read(SUM_SIZE)):
            raise Damaged(f"{path} 里的 {told.name} 的开头被改动过，已经损坏")


def check(path: Path) -> dict[str, Any]:
    """Read the whole file; its manifest, once every member is what the manifest says. Raises Damaged, OSError."""
    found: dict[str, str] = {}
    told: dict[str, bytes] = {}
    files = hashlib.sha256()
    count = altered = 0
    for member in members(path):
        keep = member.name in (HEAD, MANIFEST, SEAL)
        digest, data = _digest(path, member, keep)
        if not found and not told and member.name != HEAD:
            raise Damaged(f"{path} 不是本系统的备份")
        if keep:
            told[member.name] = data
        if member.parts[0] == STORE:
            files.update(f"{member.below}\n".encode())
            count, altered = count + 1, altered + (digest != member.parts[-1])
        else:
            found[member.name] = digest
        if member.name == HEAD:
            _check_head(path, data)
    manifest = _manifest(path, told, list(found))
    _compare(path, manifest["members"], found)
    if [files.hexdigest(), count, altered] != [
        manifest["files"][key] for key in ("names", "count", "altered")
    ]:
        raise Damaged(f"{path} 里的证据、文书与清单不符：应有 {manifest['files']['count']} 个，实有 {count} 个，"
                      f"其中内容与校验值不符的 {altered} 个")  # fmt: skip
    return manifest


def _digest(path: Path, member: Member, keep: bool) -> tuple[str, bytes]:
    """SHA-256 of a member; its bytes too where they are asked for."""
    reader, kept, left = hashlib.sha256(), [], member.size
    if keep and member.size > LONGEST_TOLD:
        raise Damaged(f"{path} 里的 {member.name} 太大，不是本系统写的")
    try:
        while data := member.file.read(PIECE):
            reader.update(data)
            left -= len(data)
            if keep:
                kept.append(data)
    except tarfile.ReadError:
        left = max(left, 1)
    if left:
        raise Damaged(f"{path} 在 {member.name} 处被截断")
    return reader.hexdigest(), b"".join(kept)


def _check_head(path: Path, data: bytes) -> None:
    try:
        head = json.loads(data)
        known, version = head["format"] == FORMAT, head["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path} 的开头读不懂，不是本系统的备份，或者已经损坏") from error
    if not known:
        raise Damaged(f"{path} 不是本系统的备份")
    if version != VERSION:
        raise Damaged(f"{path} 的格式是第 {version} 版，本程序读第 {VERSION} 版，请换用相应版本的程序")


def _manifest(path: Path, told: dict[str, bytes], names: list[str]) -> dict[str, Any]:
    if SEAL not in told or MANIFEST not in told:
        last = names[-1] if names else "开头"
        raise Damaged(f"{path} 不完整：在 {last} 之后被截断或者读不下去，没有清单")
    if hashlib.sha256(told[MANIFEST]).hexdigest().encode() != told[SEAL]:
        raise Damaged(f"{path} 的清单 {MANIFEST} 与它的校验值不符，已经损坏")
    manifest: dict[str, Any] = json.loads(told[MANIFEST])
    return manifest


def _compare(path: Path, listed: dict[str, str], found: dict[str, str]) -> None:
    for name, digest in listed.items():
        if found.get(name) != digest:
            why = "内容与校验值不符，已经损坏" if name in found else "不见了"
            raise Damaged(f"{path} 里的 {name} {why}")
    for name in found:
        if name not in listed and name not in (MANIFEST, SEAL):
            raise Damaged(f"{path} 里多出一个清单上没有的 {name}")


def packed(lines: list[str]) -> bytes:
    """Lines as a piece of a table."""
    return gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=1, mtime=0)


def unpacked(member: Member) -> list[Any]:
    """The rows of a piece."""
    return [json.loads(line) for line in gzip.decompress(member.file.read()).splitlines()]
