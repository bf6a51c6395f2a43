"""Files with a protected value planted where nobody looks: each with what it is called, and in which layer the value lies."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import docx
import pikepdf
import typst
from PIL import Image, PngImagePlugin

from sanxiang.cases.papers.fonts import fonts_folder

IDCARD = "370321199003072417"
"""An invented number with a right check digit."""
NAME = "诸葛映雪"
CLEAN = "经查，该店于二〇二六年三月十日在店外堆放建筑材料，占用人行道。"


@dataclass(frozen=True)
class Plant:
    """A file and where its secret lies."""

    where: str
    name: str
    data: bytes
    seen: bool = False


def plants(secret: str) -> Iterator[Plant]:
    """One file for each place in which a value may hide."""
    yield Plant("file name of a pdf", f"{secret}决定书.pdf", pdf())
    yield Plant("file name of a picture", f"扫描件{secret}.jpg", jpeg())
    for tag, what in (
        (0x010E, "description"),
        (0x013B, "artist"),
        (0x9286, "user comment"),
        (0x9C9B, "windows title"),
    ):
        yield Plant(f"exif {what}", "现场.jpg", jpeg(exif={tag: secret}))
    yield Plant("jpeg comment", "现场.jpg", jpeg(comment=secret))
    yield Plant("behind the picture", "现场.jpg", jpeg() + secret.encode())
    yield Plant("text chunk of a png", "现场.png", png(secret))
    for key in ("Title", "Author", "Subject", "Keywords"):
        yield Plant(f"pdf {key}", "决定书.pdf", pdf(docinfo={f"/{key}": secret}))
    yield Plant("pdf metadata stream", "决定书.pdf", pdf(xmp=secret))
    yield Plant("pdf annotation", "决定书.pdf", pdf(note=secret))
    yield Plant("pdf attachment", "决定书.pdf", pdf(attached=secret.encode()))
    yield Plant("name of a pdf attachment", "决定书.pdf", pdf(attached=b"-", attached_as=f"{secret}.txt"))
    yield Plant("docx in a pdf", "决定书.pdf", pdf(attached=word(author=secret)))
    yield Plant("hidden layer of a pdf", "决定书.pdf", hidden_layer(secret))
    yield Plant("white text of a pdf", "决定书.pdf", typed(f"#text(fill: white)[{secret}]"))
    yield Plant(
        "text under a black box",
        "决定书.pdf",
        typed(f"{secret} #place(top, rect(width: 100%, height: 60pt, fill: black))"),
    )
    yield Plant("text beside the page", "决定书.pdf", typed(f"#place(dx: 900pt, [{secret}])"))
    yield Plant("earlier saving of a pdf", "决定书.pdf", saved_twice(secret))
    for place in ("author", "title", "comments", "keywords", "last_modified_by"):
        yield Plant(f"docx {place}", "决定书.docx", word(**{place: secret}))
    yield Plant("docx hidden text", "决定书.docx", word(hidden=secret))
    yield Plant("docx struck out", "决定书.docx", word(deleted=secret))
    yield Plant("docx header", "决定书.docx", word(header=secret))
    yield Plant(
        "docx custom part", "决定书.docx", word(part=("customXml/item1.xml", f"<a>{secret}</a>".encode()))
    )
    yield Plant(
        "picture in a docx", "决定书.docx", word(part=("word/media/image9.jpeg", jpeg(exif={0x010E: secret})))
    )
    yield Plant(
        "words of a docx", "决定书.docx", word(body=f"当事人证件号码{secret[:7]}", more=secret[7:]), seen=True
    )


def clean() -> Iterator[Plant]:
    """The same without a secret: nothing may be found in these."""
    yield Plant("", "决定书.pdf", pdf(docinfo={"/Title": "行政处罚决定书"}))
    yield Plant("", "现场.jpg", jpeg(exif={0x010E: "店外堆放建筑材料", 0x0110: "X100"}))
    yield Plant("", "决定书.docx", word(author="县局"))


def jpeg(exif: dict[int, str] | None = None, comment: str = "") -> bytes:
    """A small picture."""
    picture, out, told = Image.new("RGB", (320, 240), "#8aa"), io.BytesIO(), Image.Exif()
    for tag, value in (exif or {}).items():
        if tag == 0x9286:
            told.get_ifd(0x8769)[tag] = b"UNICODE\0" + value.encode("utf-16-le")
        else:
            told[tag] = value.encode("utf-16-le" if tag == 0x9C9B else "utf-8")
    picture.save(out, "JPEG", exif=told, **({"comment": comment.encode()} if comment else {}))
    return out.getvalue()


def png(text: str) -> bytes:
    """A picture with a chunk of text, packed."""
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_itxt("Comment", text, zip=True)
    Image.new("RGB", (64, 64), "white").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def typed(body: str) -> bytes:
    """A PDF with a text layer."""
    made = typst.compile(
        f'#set page(width: 595pt, height: 842pt)\n#set text(font: "FandolFang R", lang: "zh")\n{CLEAN}\n\n{body}'.encode(),
        font_paths=[str(fonts_folder())],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A PDF after something was done to it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


def pdf(
    docinfo: dict[str, str] | None = None,
    xmp: str = "",
    note: str = "",
    attached: bytes = b"",
    attached_as: str = "附件.bin",
) -> bytes:
    """A PDF with something in one of its corners."""

    def change(opened: pikepdf.Pdf) -> None:
        for key, value in (docinfo or {}).items():
            opened.docinfo[key] = value
        if xmp:
            with opened.open_metadata() as told:
                told["dc:description"] = xmp
        if note:
            told_note = {"/Type": "/Annot", "/Subtype": "/Text", "/Rect": [0, 0, 1, 1], "/Contents": note}
            shaped = {k: pikepdf.Name(v) if str(v).startswith("/") else v for k, v in told_note.items()}
            opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(pikepdf.Dictionary(shaped))])
        if attached:
            opened.attachments[attached_as] = attached

    return changed(typed(""), change)


def hidden_layer(secret: str) -> bytes:
    """A PDF with a text in a layer that is switched off."""

    def change(opened: pikepdf.Pdf) -> None:
        group = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="底稿"))
        opened.Root.OCProperties = pikepdf.Dictionary(
            OCGs=[group], D=pikepdf.Dictionary(OFF=[group], Order=[group])
        )
        page = opened.pages[0]
        page.add_resource(group, pikepdf.Name.Properties, pikepdf.Name("/Draft"))
        font = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Plain"))
        shown = secret if secret.isascii() else IDCARD
        page.contents_add(f"/OC /Draft BDC BT /Plain 9 Tf 40 40 Td ({shown}) Tj ET EMC".encode())

    return changed(typed(""), change)


def saved_twice(secret: str) -> bytes:
    """A PDF whose first saving still says what the second has taken out."""
    first = pdf(docinfo={"/Subject": secret})
    info = pikepdf.open(io.BytesIO(first)).trailer.Info.objgen[0]
    start = int(first.rsplit(b"startxref", 1)[1].split()[0])
    body = b"%d 0 obj\n<< /Title () >>\nendobj\n" % info
    table = b"xref\n%d 1\n%010d 00000 n \n" % (info, len(first))
    opened = pikepdf.open(io.BytesIO(first))
    size, root = int(opened.trailer.Size), opened.trailer.Root.objgen[0]
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, root, info, start, len(first) + len(body),
    )  # fmt: skip
    return first + body + table + trailer


def word(
    hidden: str = "",
    deleted: str = "",
    header: str = "",
    part: tuple[str, bytes] | None = None,
    body: str = "",
    more: str = "",
    **told: str,
) -> bytes:
    """A Word file with something in one of its corners."""
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph(CLEAN)
    if body:
        made.add_paragraph(body).add_run(more).bold = True
    if hidden:
        made.paragraphs[0].add_run(hidden).font.hidden = True
    if header:
        made.sections[0].header.paragraphs[0].text = header
    for name, value in told.items():
        setattr(made.core_properties, name, value)
    made.save(out)
    data = out.getvalue()
    if deleted:
        struck = f'<w:del w:id="9" w:author="甲"><w:r><w:delText>{deleted}</w:delText></w:r></w:del></w:p>'
        data = repacked(data, "word/document.xml", lambda xml: xml.replace(b"</w:p>", struck.encode(), 1))
    if part:
        data = repacked(data, part[0], lambda _: part[1])
    return data


def repacked(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one of its parts changed, or a part more."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return out.getvalue()
