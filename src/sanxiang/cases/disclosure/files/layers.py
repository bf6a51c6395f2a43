"""The process that reads every layer of a file for `looked_through`: what is seen, and all that is not.

`python -m sanxiang.cases.disclosure.files.layers FILE` prints a JSON list of [where, text]. The file came from anybody, so memory and
time are bounded; a file that breaks its reader says so with a code, and is not published.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import ExifTags, Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from sanxiang.cases.dossier.drawing import FAULTS, MOST_PIXELS, PICTURES
from sanxiang.cases.dossier.sheets import form_of

MEMORY, SECONDS = 3 << 30, 120
MOST_TEXT, MOST_PART, MOST_PARTS, DEEPEST = 4 << 20, 64 << 20, 2000, 3
"""Characters of all layers, bytes of one part, parts of an archive, files within files."""
UNREADABLE, TOO_MUCH = 3, 4
"""Exit codes: nobody can tell what is in this file; there is more in it than we look through."""

BODY = "正文"
BLIND = "没有文字层的画面"
"""Not a layer: where the file shows something that is no text, and that no program here reads."""
APART = "；"
"""Between texts that do not belong together: a number may run on behind a blank or in the next line, but not behind this."""

Layer = tuple[str, str]


class TooMuch(ValueError):
    """More than we look through: what was not looked through is not published."""


def main(words: list[str]) -> int:
    """The layers of the file as JSON on stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    found, size = [], 0
    try:
        for where, text in layers(Path(words[0]).read_bytes()):
            size += len(text)
            if size > MOST_TEXT:
                raise TooMuch
            if text.strip():
                found.append((where, text))
    except TooMuch:
        return TOO_MUCH
    except (*FAULTS, pikepdf.PdfError, zipfile.BadZipFile):
        return UNREADABLE
    sys.stdout.write(json.dumps(found))
    return 0


def layers(data: bytes, depth: int = 0) -> Iterator[Layer]:
    """Each layer of a file with its text. Raises what the readers raise, and TooMuch."""
    if depth > DEEPEST or len(data) > MOST_PART:
        raise TooMuch
    if data.startswith(b"PK\x03\x04"):
        yield from of_archive(data, depth)
    elif form_of(data[:16]) == "pdf":
        yield from of_pdf(data, depth)
    elif form_of(data[:16]) == "image":
        yield from of_picture(data)
    else:
        yield BODY, read(data)


def read(data: bytes) -> str:
    """Bytes as text, in the first of the usual encodings that fits."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


# Word, Excel, and whatever else is an archive


def of_archive(data: bytes, depth: int) -> Iterator[Layer]:
    """Every part: markup as its words and its attributes, files in it as files, and the names of all."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_PART:
            raise TooMuch
        yield "压缩包注释", read(archive.comment)
        for part in parts:
            yield "内部文件名", part.filename
            yield "内部文件注释", read(part.comment)
            if not part.is_dir():
                yield from _part(part.filename, archive.read(part), depth)


def _part(name: str, data: bytes, depth: int) -> Iterator[Layer]:
    where = part_name(name)
    if name.endswith((".xml", ".rels")):
        xml = read(data)
        if name.startswith("docProps/"):
            yield where, plain(re.sub(r"(?:<[^>]+>)+", APART, xml))
        else:
            yield (
                f"{where}里的隐藏文字和修订",
                words_of("\n".join(found[0] for found in UNSEEN.finditer(xml))),
            )
            yield where, words_of(UNSEEN.sub("", xml))
        yield f"{where}的属性", plain(APART.join(re.findall(r'="([^"]*)"', xml)))
    elif form_of(data[:16]) or data.startswith(b"PK\x03\x04"):
        yield from ((f"{where}：{inner}", text) for inner, text in layers(data, depth + 1))
    else:
        yield where, read(data)


UNSEEN = re.compile(
    r"<w:del [^>]*>.*?</w:del>|<w:moveFrom [^>]*>.*?</w:moveFrom>|<w:r(?: [^>]*)?>(?:(?!</w:r>).)*?<w:vanish/>.*?</w:r>",
    re.DOTALL,
)
"""What a Word file keeps and does not show: text struck out under revision, text marked as hidden."""


def words_of(xml: str) -> str:
    """Runs cut a number into pieces: the words are read as they stand on the page, without the marks between them."""
    return plain(re.sub(r"<[^>]+>", "", re.sub(r"</(?:w:p|a:p|row|si|c)>|<w:br/>", "\n", xml)))


def part_name(name: str) -> str:
    """What people call a part of an Office file."""
    known = (
        ("docProps/", "文件属性"),
        ("comments", "批注"),
        ("header", "页眉"),
        ("footer", "页脚"),
        ("footnotes", "脚注"),
        ("endnotes", "尾注"),
        ("word/document.xml", BODY),
        ("media/", "内嵌图片"),
        ("embeddings/", "内嵌文件"),
        ("customXml/", "自定义数据"),
        ("thumbnail", "缩略图"),
    )
    return next((called for part, called in known if part in name), f"内部文件 {name}")


def plain(text: str) -> str:
    """The five entities of XML as the signs that they stand for."""
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return re.sub(r"&#(x?[0-9A-Fa-f]+);", _sign, text)


def _sign(found: re.Match[str]) -> str:
    code = int(found[1][1:], 16) if found[1].startswith("x") else int(found[1])
    return chr(code) if 0 < code < 0x110000 else ""


# Pictures


def of_picture(data: bytes) -> Iterator[Layer]:
    """What a picture says of itself: EXIF with its thumbnail, XMP, comments, chunks of text."""
    with Image.open(io.BytesIO(data), formats=PICTURES) as picture:
        for key, value in picture.info.items():
            if isinstance(value, str | bytes) and key not in ("exif", "icc_profile"):
                yield f"图片信息 {key}", value if isinstance(value, str) else read(value)
        exif = picture.getexif()
        for name, told in (("拍摄信息", exif), *((part.name, exif.get_ifd(part)) for part in ExifTags.IFD)):
            for tag, value in told.items():
                yield f"图片拍摄信息 {ExifTags.TAGS.get(tag, name)}", APART.join(_values(value))
    # Whatever else stands in the file as letters, such as IPTC or a second picture behind the first.
    yield "图片文件的字节", strings(data)
    yield BLIND, "图片"


def _values(value: Any) -> Iterable[str]:
    if isinstance(value, bytes):
        body = value[8:] if value[:8] in (b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0") else value
        yield from {read(body), body.decode("utf-16-le", "ignore"), body.decode("utf-16-be", "ignore")}
    elif isinstance(value, tuple | list):
        yield " ".join(str(one) for one in value)
    else:
        yield str(value)
        if isinstance(value, str) and not value.isascii():
            # The standard knows ASCII alone; telephones write what they like, and the reader takes it for Latin letters.
            yield read(value.encode("latin-1", "ignore"))


def strings(data: bytes) -> str:
    """Runs of eight letters or digits and more, and of Chinese in UTF-8: what an identity number or a name would be."""
    letters = [run.decode() for run in re.findall(rb"[ -~]{8,}", data)]
    chinese = [
        run.decode("utf-8", "ignore") for run in re.findall(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}", data)
    ]
    wide = [run.decode("utf-16-le").rstrip("\0") for run in re.findall(rb"(?:[ -~]\x00){8,}", data)]
    return APART.join([*letters, *chinese, *wide])


# PDF


def of_pdf(data: bytes, depth: int) -> Iterator[Layer]:
    """Pages with what is hidden on them, properties, notes, forms, bookmarks, layers, files inside, and what earlier savings left."""
    with pypdfium2.PdfDocument(data) as pages:
        for number, page in enumerate(pages, 1):
            words = page.get_textpage().get_text_range()
            yield f"第{number}页", words
            if not words.strip() or any(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])):
                yield BLIND, f"第{number}页"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from _objects(pdf, depth)
    for number, end in enumerate(list(re.finditer(rb"%%EOF", data))[:-1], 1):
        yield from _earlier(data[: end.end()], number)


def _earlier(data: bytes, number: int) -> Iterator[Layer]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield from (
                (f"第{number}次保存留下的内容：{where}", text) for where, text in _objects(pdf, DEEPEST)
            )
    except pikepdf.PdfError:
        yield f"第{number}次保存留下的内容", strings(data)


CALLED = {
    "/Title": "标题或者书签",
    "/Author": "作者",
    "/Subject": "主题",
    "/Keywords": "关键词",
    "/Creator": "制作程序",
    "/Producer": "制作程序",
    "/Contents": "批注",
    "/V": "表单内容",
    "/TU": "表单说明",
    "/F": "内嵌文件名",
    "/UF": "内嵌文件名",
    "/Name": "图层名称",
    "/ActualText": "替代文字",
    "/Alt": "替代文字",
    "/JS": "脚本",
    "/URI": "链接",
}


def _objects(pdf: pikepdf.Pdf, depth: int) -> Iterator[Layer]:
    """Every text of every object, also of those that no page draws, and every stream that holds one."""
    for one in (*pdf.objects, pdf.trailer):
        yield from _texts(one, "", 0)
        if isinstance(one, pikepdf.Stream):
            yield from _stream(one, depth)


def _texts(one: Any, key: str, level: int) -> Iterator[Layer]:
    if isinstance(one, pikepdf.String):
        yield f"PDF {CALLED.get(key, '内部文字')}", str(one)
        return
    if level > 20 or (level and getattr(one, "is_indirect", False)):
        return
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        for name, value in one.items():
            yield from _texts(value, name, level + 1)
    elif isinstance(one, pikepdf.Array):
        for value in list(one):
            yield from _texts(value, key, level + 1)


def _stream(one: pikepdf.Stream, depth: int) -> Iterator[Layer]:
    kind = str(one.get("/Subtype", "")), str(one.get("/Type", ""))
    try:
        data = one.read_bytes()
    except pikepdf.PdfError:
        data = one.read_raw_bytes()  # a picture that is kept packed: its bytes are what a viewer would unpack
    if kind[0] == "/XML" or kind[1] == "/Metadata":
        yield (
            "PDF 元数据",
            plain(
                APART.join((re.sub(r"<[^>]+>", APART, read(data)), *re.findall(r'="([^"]*)"', read(data))))
            ),
        )
    elif kind[1] == "/EmbeddedFile":
        yield from ((f"内嵌文件：{where}", text) for where, text in layers(data, depth + 1))
    elif kind[0] == "/Image":
        yield "内嵌图片", strings(data) if form_of(data[:16]) else ""
    else:
        shown = [_shown(piece) for piece in re.findall(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]+>", data)]
        # A number may be drawn sign by sign, and two that stand side by side are no third one.
        yield "PDF 内容流", "".join(shown)
        yield "PDF 内容流", APART.join(shown)


def _shown(piece: bytes) -> str:
    if piece.startswith(b"<"):
        digits = re.sub(rb"\s", b"", piece[1:-1]).decode()
        whole = bytes.fromhex(
            digits + "0" * (len(digits) % 2)
        )  # an odd last digit stands for itself and nought (ISO 32000 7.3.4.3)
        return whole.decode("utf-16-be", "ignore") if whole[:1] == b"\0" else whole.decode("latin-1")
    return re.sub(rb"\\(.)", rb"\1", piece[1:-1], flags=re.DOTALL).decode("latin-1")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
