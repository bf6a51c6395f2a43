"""Files that somebody might send to do harm: what each is called, what its sender says it is, its bytes, and whether it is taken in.

REFUSED files are programs and pages. KEPT ones are odd, broken or bombs to whoever opens them: nobody here does, but the reader of
recordings in its cage, and what is kept lies under its digest and goes out as bytes to be saved.
"""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from films import make_film

REFUSED, KEPT = "refused", "kept"
PAGE = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
FTYP = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
ZEROS = 8 << 20


@dataclass(frozen=True)
class Hostile:
    """One file."""

    why: str
    name: str
    mime: str
    data: bytes
    fate: str = KEPT


def zipped(*entries: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these entries, their names as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, data in entries:
            made.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def tarred(change: Callable[[tarfile.TarInfo], None]) -> bytes:
    """A tar with one entry."""
    out, entry = io.BytesIO(), tarfile.TarInfo("a")
    change(entry)
    with tarfile.open(fileobj=out, mode="w") as made:
        made.addfile(entry)
    return out.getvalue()


def link(entry: tarfile.TarInfo) -> None:
    """A symbolic link out of the archive."""
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"


def above(entry: tarfile.TarInfo) -> None:
    """A name above the folder."""
    entry.name = "../../../../tmp/evil"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG of that size whose pixels are a bomb."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(bytes(ZEROS), 9))
        + chunk(b"IEND", b"")
    )


def box(kind: bytes, inner: bytes = b"", size: int | None = None) -> bytes:
    """A box of an MP4, whose size may be a lie."""
    return struct.pack(">I", len(inner) + 8 if size is None else size) + kind + inner


def nested(depth: int) -> bytes:
    """Boxes in boxes."""
    inner = b""
    for _ in range(depth):
        inner = box(b"moov", inner)
    return FTYP + inner


def bomb_of_bombs() -> bytes:
    """Zips in zips, each with ten of the one before."""
    inner = zipped(("0", bytes(ZEROS)))
    for _ in range(4):
        inner = zipped(*((f"{n}.zip", inner) for n in range(10)))
    return inner


FILM = make_film(1)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><lolz>&b;</lolz>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
PLAYLIST = (
    b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nhttp://127.0.0.1:22/\n#EXTINF:1,\nfile:///etc/passwd\n"
)

PROGRAMS = [
    Hostile("a Windows program as a photo", "照片.jpg", "image/jpeg", b"MZ\x90\x00" + bytes(500), REFUSED),
    Hostile(
        "a Linux program as a film", "录像.mp4", "video/mp4", b"\x7fELF\x02\x01\x01" + bytes(500), REFUSED
    ),
    Hostile("a Mac program", "a.bin", "", b"\xcf\xfa\xed\xfe" + bytes(500), REFUSED),
    Hostile("a Mac program of 32 bits", "a.bin", "", b"\xfe\xed\xfa\xce" + bytes(500), REFUSED),
    Hostile("a Mac program the other way", "a.bin", "", b"\xce\xfa\xed\xfe" + bytes(500), REFUSED),
    Hostile("a Java class", "a.dat", "", b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(500), REFUSED),
    Hostile("a shell script as a text", "说明.txt", "text/plain", b"#!/bin/sh\nrm -rf /\n", REFUSED),
    Hostile("a script behind blanks", "说明.txt", "text/plain", b"\n\n  #!/usr/bin/env python3\n", REFUSED),
    Hostile("web assembly", "a.dat", "", b"\0asm\x01\0\0\0" + bytes(100), REFUSED),
    Hostile("an Android program", "a.dat", "", b"dex\n035\0" + bytes(100), REFUSED),
    Hostile(
        "a Windows shortcut as a photo",
        "照片.jpg",
        "image/jpeg",
        b"L\0\0\0\x01\x14\x02\0" + bytes(100),
        REFUSED,
    ),
    *(
        Hostile(f"a name that runs, {name}", name, "text/plain", b"WScript.Echo 1", REFUSED)
        for name in (
            "a.bat",
            "a.CMD",
            "a.ps1",
            "a.vbs",
            "a.js",
            "a.hta",
            "a.wsf",
            "a.reg",
            "a.scr",
            "a.url",
            "a.jar",
            "a.php",
        )
    ),
    Hostile("a name with two endings", "现场照片.jpg.exe", "image/jpeg", JPEG, REFUSED),
    Hostile("a name whose ending Windows uncovers", "照片.exe . .", "image/jpeg", JPEG, REFUSED),
    Hostile("a name written from right to left", "照片\u202egpj.exe", "image/jpeg", JPEG, REFUSED),
    Hostile("a name with signs that cannot be seen", "照片.e\u200bxe", "image/jpeg", JPEG, REFUSED),
]
PAGES = [
    Hostile("a page", "a.txt", "text/plain", PAGE, REFUSED),
    Hostile("a page as a photo", "a.jpg", "image/jpeg", PAGE, REFUSED),
    Hostile("a page behind a mark of UTF-8", "a.txt", "", b"\xef\xbb\xbf" + PAGE, REFUSED),
    Hostile("a page in UTF-16", "a.txt", "", b"\xff\xfe" + PAGE.decode().encode("utf-16-le"), REFUSED),
    Hostile(
        "a page in UTF-16 the other way",
        "a.txt",
        "",
        b"\xfe\xff" + PAGE.decode().encode("utf-16-be"),
        REFUSED,
    ),
    Hostile("a page in UTF-32", "a.txt", "", b"\xff\xfe\0\0" + PAGE.decode().encode("utf-32-le"), REFUSED),
    Hostile("a page behind blanks", "a.txt", "", b" \r\n\t" * 50 + PAGE, REFUSED),
    Hostile("a page in capitals", "a.txt", "", PAGE.upper(), REFUSED),
    Hostile("a script alone", "a.txt", "", b"<script>fetch('//x')</script>", REFUSED),
    Hostile("a script behind a remark", "a.txt", "", b"<!-- photo --><script>1</script>", REFUSED),
    Hostile("a frame", "a.txt", "", b"<iframe src=//x></iframe>", REFUSED),
    Hostile("a body with an event", "a.txt", "", b"<body onload=alert(1)>", REFUSED),
    Hostile("a tag with blanks in it", "a.txt", "", b"< \n script>1</script>", REFUSED),
    Hostile(
        "XHTML",
        "a.xml",
        "text/xml",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
        REFUSED,
    ),
    Hostile("SVG", "a.png", "image/png", SVG, REFUSED),
    Hostile("SVG behind a declaration", "a.png", "image/svg+xml", b'<?xml version="1.0"?>' + SVG, REFUSED),
    Hostile("a page by name alone", "a.html", "text/html", b"hello", REFUSED),
    Hostile("a saved page", "a.mht", "multipart/related", b"MIME-Version: 1.0\r\n", REFUSED),
    Hostile("SVG in gzip", "a.svgz", "image/svg+xml", gzip.compress(SVG), REFUSED),
]
SECRETS = [
    Hostile("marked", "机密-方案.pdf", "application/pdf", b"%PDF-1.4", REFUSED),
    Hostile("marked with a sign between", "秘\u200b密.pdf", "application/pdf", b"%PDF-1.4", REFUSED),
    Hostile("nothing in it", "a.jpg", "image/jpeg", b"", REFUSED),
    Hostile("no name", "", "image/jpeg", JPEG, REFUSED),
    Hostile("a folder's name", "../..", "image/jpeg", JPEG, REFUSED),
    Hostile("a name of zeros", "\0\0", "image/jpeg", JPEG, REFUSED),
]
BOMBS = [
    Hostile("a zip bomb", "材料.zip", "application/zip", zipped(("a", bytes(ZEROS)))),
    Hostile("a bomb of bombs", "材料.zip", "application/zip", bomb_of_bombs()),
    Hostile("a gzip bomb", "a.gz", "application/gzip", gzip.compress(bytes(ZEROS))),
    Hostile("a bzip2 bomb", "a.bz2", "application/x-bzip2", bz2.compress(bytes(ZEROS))),
    Hostile("an xz bomb", "a.xz", "application/x-xz", lzma.compress(bytes(ZEROS))),
    Hostile("a picture of four thousand million pixels", "a.png", "image/png", png(65500, 65500)),
    Hostile(
        "a text bomb in a picture",
        "a.png",
        "image/png",
        png(1, 1, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(ZEROS)))),
    ),
    Hostile("entities that multiply", "a.xml", "text/xml", LAUGHS),
    Hostile("entities from outside", "a.xml", "text/xml", OUTSIDE),
    Hostile("a table that runs a program", "a.csv", "text/csv", b"=cmd|' /C calc'!A0,1\r\n"),
    Hostile(
        "a document with macros",
        "a.docm",
        "",
        zipped(("[Content_Types].xml", b"<Types/>"), ("word/vbaProject.bin", b"\xd0\xcf")),
    ),
    Hostile(
        "a PDF with a script",
        "a.pdf",
        "application/pdf",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    ),
    Hostile(
        "the test virus",
        "a.txt",
        "text/plain",
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    ),
]
ARCHIVES = [
    Hostile("a zip that leads out", "a.zip", "application/zip", zipped(("../../../tmp/evil", b"x"))),
    Hostile("a zip with a whole path", "a.zip", "application/zip", zipped(("/etc/cron.d/evil", b"x"))),
    Hostile("a zip with a path of Windows", "a.zip", "application/zip", zipped(("..\\..\\evil.exe", b"x"))),
    Hostile("a tar that leads out", "a.tar", "application/x-tar", tarred(above)),
    Hostile("a tar with a link", "a.tar", "application/x-tar", tarred(link)),
    Hostile(
        "a zip with one name twice", "a.zip", "application/zip", zipped(("a", b"1")) + zipped(("a", b"2"))
    ),
]
POLYGLOTS = [
    Hostile("a GIF that is a script", "a.gif", "image/gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//"),
    Hostile("a JPEG with a page in its remark", "a.jpg", "text/html", JPEG + b"\xff\xfe\x00\x40" + PAGE),
    Hostile("a PDF that is a page", "a.pdf", "text/html", b"%PDF-1.4\n" + PAGE),
    Hostile("a film that is a zip", "a.mp4", "video/mp4", FILM + zipped(("../evil", b"x"))),
    Hostile(
        "a photo that is a program's archive",
        "a.jpg",
        "application/java-archive",
        JPEG + zipped(("META-INF/MANIFEST.MF", b"")),
    ),
    Hostile("a photo that is called a page", "a.jpg", "text/html", JPEG),
    Hostile("a type that would be a header", "a.jpg", "image/jpeg\r\nSet-Cookie: a=b", JPEG + b"h"),
    Hostile("a type of a thousand letters", "a.jpg", "image/" + "j" * 1000, JPEG + b"j"),
]
FILMS = [
    Hostile(
        "a film of which the head lies about its size",
        "a.mp4",
        "video/mp4",
        FTYP + box(b"moov", b"", 0xFFFFFFFF),
    ),
    Hostile("a box of 2⁶³ bytes", "b.mp4", "video/mp4", FTYP + box(b"moov", struct.pack(">Q", 1 << 63), 1)),
    Hostile("a box of no bytes for ever", "c.mp4", "video/mp4", FTYP + b"\x00\x00\x00\x00moov" * 1000),
    Hostile("boxes in boxes", "d.mp4", "video/mp4", nested(3000)),
    Hostile("a film cut off", "e.mp4", "video/mp4", FILM[: len(FILM) // 2]),
    Hostile(
        "a film with holes",
        "f.mp4",
        "video/mp4",
        bytes(255 if n % 53 == 0 else b for n, b in enumerate(FILM)),
    ),
    Hostile("a playlist as a film", "g.mp4", "video/mp4", PLAYLIST),
    Hostile("a playlist as sound", "h.mp3", "audio/mpeg", PLAYLIST + b"\n"),
    Hostile(
        "a list of files as a film", "i.avi", "video/x-msvideo", b"ffconcat version 1.0\nfile /etc/passwd\n"
    ),
    Hostile(
        "a Matroska head and noise", "j.mkv", "video/x-matroska", b"\x1aE\xdf\xa3" + bytes(range(256)) * 40
    ),
    Hostile(
        "a sound of four thousand million bytes",
        "k.wav",
        "audio/wav",
        b"RIFF" + b"\xff" * 4 + b"WAVEfmt \x10\0\0\0\x01\0" + b"\xff" * 6,
    ),
    Hostile(
        "an AVI whose list has no end",
        "l.avi",
        "video/avi",
        b"RIFF\xff\xff\xff\x7fAVI LIST\xff\xff\xff\x7fhdrl" * 50,
    ),
    Hostile("a transport stream of noise", "m.ts", "video/mp2t", (b"\x47" + bytes(range(187))) * 500),
    Hostile("a photo as a film", "n.mp4", "video/mp4", png(65501, 65500)),
    Hostile("a page in a film's coat", "o.mp4", "video/mp4", FTYP + PAGE),
]
NAMES = [
    Hostile(f"a name: {why}", name, "image/jpeg", JPEG + bytes([n]))
    for n, (why, name) in enumerate(
        [
            ("folders above", "../../../../etc/passwd"),
            ("folders of Windows", "..\\..\\windows\\system32\\a.jpg"),
            ("a drive", "C:\\Users\\a.jpg"),
            ("a device", "CON.jpg"),
            ("a zero within", "a\0b.jpg"),
            ("lines within", "a\r\nSet-Cookie: x=1\r\n\r\n.jpg"),
            ("percents", "%2e%2e%2f%2e%2e%2fpasswd.jpg"),
            ("markup", "<img src=x onerror=alert(1)>.jpg"),
            ("a template", "{{7*7}}{% debug %}.jpg"),
            ("a statement", "'; DROP TABLE cases_evidence;--.jpg"),
            ("a command", "$(reboot)`reboot`|reboot.jpg"),
            ("an option", "-rf"),
            ("a home", "~"),
            ("what is hidden", ".htaccess"),
            ("what is on its way", ".new-aaaa"),
            ("five thousand letters", "长" * 5000 + ".jpg"),
            ("quotation marks", 'a".jpg";x="'),
        ]
    )
]
HOSTILE = [*PROGRAMS, *PAGES, *SECRETS, *BOMBS, *ARCHIVES, *POLYGLOTS, *FILMS, *NAMES]
