"""全过程记录: files of evidence come in as a stream and stay under the digest of their bytes.

Order of writes: bytes to a temporary file, hashed as they pass, synced, put into the store under the digest; only then
the act that cites them. If we die before the act commits, a file that nobody cites lies in the store and harms nobody.
"""

import errno
import hashlib
import os
import re
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import puremagic

from sanxiang.cases import store
from sanxiang.cases.hashing import Digests, Flusher
from sanxiang.cases.recording.classified import mark_in
from sanxiang.cases.shelves import StoreFault

CHUNK = 1 << 20
HEAD = 4096
LARGEST = 2 << 30
"""Bytes. A body-worn camera writes about 2 GB an hour; longer recordings come in parts."""

SECRET = re.compile("(绝密|机密|秘密)")
"""Marks of state secrets (保守国家秘密法第十四条). The system is not cleared for them: the file is refused unread."""

FORBIDDEN_TYPES = (
    "application/vnd.microsoft.portable-executable",
    "application/x-msdownload",
    "application/x-dosexec",
    "application/x-executable",
    "application/x-sharedlib",
    "application/x-mach-binary",
    "application/java-vm",
    "application/x-sh",
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
)
"""No archive is among them: to puremagic each .docx might be a .jar."""
FORBIDDEN_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    *(b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xce"),
    b"\0asm",
    b"dex\n03",
    b"L\0\0\0\x01\x14\x02\0",  # a Windows shortcut
)
FORBIDDEN_NAMES = re.compile(
    r"\.("
    r"exe|com|scr|pif|cpl|msi|msc|dll|sys|jar|apk|app|dmg|deb|rpm|"
    r"bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|reg|lnk|url|"
    r"sh|bash|command|desktop|py|pyc|pl|rb|php|asp|aspx|jsp|scf|inf|chm|"
    r"html|htm|xhtml|shtml|mht|mhtml|svg|svgz|xht|swf|wasm|application|gadget"
    r")[. ]*$",  # Windows leaves out dots and blanks at the end
    re.IGNORECASE,
)
"""What a double click on a downloaded file would run, whatever is in it: many such texts have nothing to be known by."""
MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Of encodings in which the letters of a page do not stand side by side."""
ACTIVE_TEXT = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|iframe|body)\b", re.IGNORECASE)
"""What a browser would run if it were ever shown as a page; recognised by content, the name may say anything."""

KIND = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
"""A media type without its parameters (RFC 6838, 4.2)."""

SM3: dict[str, str] = {}
"""SM3 by SHA-256 of files that came in lately, so that the act which cites a long one need not read it again."""
MOST_KNOWN = 10_000


RUNS = "文件“{}”是程序或网页，不能上传。请改用截图、打印件或者压缩包"


class Unacceptable(ValueError):
    """A file that is not taken in; the message is a Chinese sentence that says which, why and what to do."""


class Receiver:
    """One file on its way in: hashed and written as it arrives, in one pass, so that what is hashed is what was written.

    Feed it, then `finish`; `close` in any case. What was not finished leaves nothing behind.
    """

    def __init__(self, name: str, mime: str) -> None:
        """Raises Unacceptable."""
        self.name, self.mime = Path(name.replace("\\", "/")).name[-200:], kind_of(mime)
        refuse_name(self.name)
        self.shelf, self.size, self.digests = store.evidence(), 0, Digests()
        with explained(self.name):
            self.shelf.room.mkdir(parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=self.shelf.room, prefix=".new-")
        self.fresh, self.out, self.flusher = Path(fresh), os.fdopen(handle, "wb"), Flusher(handle)
        # Of an upload that breaks off in the middle nobody tells us.
        self.close = weakref.finalize(self, _drop, self.digests, self.flusher, self.out, self.fresh)

    def feed(self, piece: bytes) -> None:
        """The next bytes, about 1 MiB. Raises Unacceptable."""
        if self.size == 0:
            refuse_active(piece[:HEAD], self.name)
        else:
            self.flusher.begin()
        self.size += len(piece)
        if self.size > LARGEST:
            raise Unacceptable(f"文件“{self.name}”超过 {LARGEST >> 30} GB，请用分段续传，或者剪开后上传")
        with explained(self.name):
            self.digests.update(piece)
            self.out.write(piece)

    def finish(self) -> dict[str, Any]:
        """Keep the file and say what it is: digest (SHA-256), sm3, size in bytes, name, mime. Raises Unacceptable."""
        if self.size == 0:
            raise Unacceptable(f"文件“{self.name}”是空的，请核对后重新选择")
        with explained(self.name):
            self.out.flush()
            sha, sm3 = self.digests.end()
            self.flusher.end()
            os.fchmod(self.out.fileno(), 0o440)
            os.fsync(self.out.fileno())
            self.out.close()
            refuse_marked(self.fresh, self.name)
            self.shelf.put(self.fresh, sha)
        self.close()
        know(sha, sm3)
        return {"digest": sha, "sm3": sm3, "size": self.size, "name": self.name, "mime": self.mime}


@contextmanager
def explained(name: str) -> Iterator[None]:
    """A disk without room and a store that is away, as sentences for whoever sent the file. Raises Unacceptable."""
    try:
        yield
    except StoreFault as fault:
        raise Unacceptable(f"文件“{name}”没有保存：{fault}") from fault
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Unacceptable(
            f"服务器存储空间已满，文件“{name}”没有保存。请联系系统管理员清理空间后再上传"
        ) from error


def plain_name(said: str) -> str:
    """A file's name as we keep it: no sign that cannot be seen, no folder; "" where none is left. Django does the same to the
    names in a form."""
    seen = "".join(sign for sign in said if sign.isprintable()).replace("\\", "/").strip()
    last = PurePosixPath(seen).name
    return "" if last in ("", "..") else last[-200:]


def refuse_marked(file: Path, name: str) -> None:
    """A PDF or Word file whose first page says that it is a state secret. Raises Unacceptable; nothing of it is kept."""
    if found := mark_in(file):
        cure = "本系统不得处理国家秘密：把原件交保密管理人员，在案件里办理“登记另存的秘密载体”"
        raise Unacceptable(f"文件“{name}”首页标有密级（{found}）。{cure}")


def kind_of(mime: str) -> str:
    """What the sender says a file is, as type/subtype; "" where it says nothing that is one: it stands in headers and lists."""
    said = mime.partition(";")[0].strip().lower()
    return said if len(said) <= 100 and KIND.fullmatch(said) else ""


def receive(stream: BinaryIO, name: str, mime: str, expected: int = 0) -> dict[str, Any]:
    """Keep one file and say what it is: digest (SHA-256), sm3, size in bytes, name, mime. Raises Unacceptable, also where
    fewer bytes come than were announced."""
    arriving = Receiver(name, mime)
    try:
        while piece := stream.read(CHUNK):
            arriving.feed(piece)
        if arriving.size < expected:
            raise Unacceptable(
                f"文件“{arriving.name}”没有传完（收到 {arriving.size} 字节，应为 {expected} 字节），请重新上传"
            )
        return arriving.finish()
    finally:
        arriving.close()


def _drop(digests: Digests, flusher: Flusher, out: BinaryIO, fresh: Path) -> None:
    """End the threads and take the temporary file away; where the file was kept, it is gone already."""
    digests.end()
    with suppress(OSError):
        flusher.end()
    with suppress(OSError):
        out.close()
    fresh.unlink(missing_ok=True)


def refuse_name(name: str) -> None:
    """A name that says the file is a state secret, or that a double click would run it. Raises Unacceptable."""
    if SECRET.search(name):
        raise Unacceptable(f"文件“{name}”标有密级。本系统不得处理国家秘密，请按保密规定另行办理")
    if FORBIDDEN_NAMES.search(name):
        raise Unacceptable(RUNS.format(name))


def refuse_active(head: bytes, name: str) -> None:
    """Programs and pages are not evidence as such: they come as a print-out, a picture or inside an archive."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            head = head.decode(encoding, "ignore").encode()
            break
    try:
        kinds = {match.mime_type for match in puremagic.magic_string(head, filename=name)}
    except (puremagic.PureError, ValueError):
        kinds = set()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    page = start.startswith(b"<") and ACTIVE_TEXT.search(start)
    if page or start.startswith(FORBIDDEN_STARTS) or kinds & set(FORBIDDEN_TYPES):
        raise Unacceptable(RUNS.format(name))


def open_evidence(digest: str) -> BinaryIO:
    """The bytes of a file in the store. Raises FileNotFoundError where it is missing (`ledger verify` says why), StoreFault."""
    return store.evidence().open(digest)


def misstated(file: Mapping[str, Any]) -> str:
    """What is said of a file that the store does not bear out, as a Chinese sentence; empty where all is true.

    A digest that somebody made up is no evidence, and size and SM3 are those of the bytes, whatever the caller says.
    """
    try:
        size = store.evidence().size(str(file["digest"]))
    except FileNotFoundError:
        return f"没有收到过文件“{file['name']}”（校验值 {str(file['digest'])[:12]}…），请先上传"
    if size != file["size"]:
        return f"文件“{file['name']}”的大小与收到的不符，请照上传时的应答填写"
    if file.get("sm3") and file["sm3"] != sm3_of(str(file["digest"])):
        return f"文件“{file['name']}”的 SM3 校验值与收到的不符，请照上传时的应答填写"
    return ""


def sm3_of(digest: str) -> str:
    """The SM3 of a file in the store, by its SHA-256."""
    # Asked once: another thread may empty what is known at any moment.
    known = SM3.get(digest)
    if known is None:
        with store.evidence().open(digest) as file:
            known = hashlib.file_digest(file, lambda: hashlib.new("sm3")).hexdigest()
        know(digest, known)
    return known


def know(sha: str, sm3: str) -> None:
    """Remember the SM3 of a file that has come in."""
    if len(SM3) >= MOST_KNOWN:
        SM3.clear()
    SM3[sha] = sm3
