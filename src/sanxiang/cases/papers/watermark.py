"""水印: what is handed out bears the number of the entry of who took it, to be seen and to be read by a program.

A PDF is marked by an incremental update (ISO 32000-2, 7.5.6): what was issued stays as the first bytes of the file, so that
whoever cuts the file there has the paper whose digest stands in the ledger; the mark is appended behind.
"""

import hashlib
import io
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from sanxiang.cases.papers.fonts import fonts_folder
from sanxiang.ledger.access import MARK_LETTERS

LABEL = "水印编号 "
NAME = "/SanxiangWatermark"
"""The key of the mark in the document information of a PDF."""
SIZE, LEFT, FOOT = 8, 28, 12
"""Points: the type, and where it stands on the sheet, below what any paper prints."""
START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


class Unmarkable(ValueError):
    """A PDF that cannot be marked, and so is not handed out; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Face:
    """A font of the few signs that a mark needs, and what PDF must be told of it."""

    data: bytes
    glyphs: dict[str, int]
    widths: list[int]
    box: list[int]
    rise: tuple[int, int]


@cache
def face(folder: Path) -> Face | None:
    """The first TrueType font of the folder that has every sign, cut down to them; None where none has."""
    signs = set(LABEL + MARK_LETTERS)
    for file in sorted(folder.rglob("*.ttf")):
        font = TTFont(file, lazy=True)
        if "glyf" in font and {ord(sign) for sign in signs} <= set(font.getBestCmap() or ()):
            return _cut(font, signs)
    return None


def _cut(font: TTFont, signs: set[str]) -> Face:
    """The font with these signs alone, its glyphs renumbered."""
    cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(text="".join(signs))
    cutter.subset(font)
    scale = 1000 / font["head"].unitsPerEm
    order, names = font.getGlyphOrder(), font.getBestCmap()
    out = io.BytesIO()
    font.save(out)
    head, hhea = font["head"], font["hhea"]
    return Face(
        out.getvalue(),
        {sign: order.index(names[ord(sign)]) for sign in signs},
        [round(font["hmtx"][name][0] * scale) for name in order],
        [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)],
        (round(hhea.ascent * scale), round(hhea.descent * scale)),
    )


@dataclass
class Update:
    """New and changed objects of a PDF, written behind its bytes."""

    pdf: bytes
    next: int
    objects: dict[int, Any] = field(default_factory=dict)

    def add(self, value: Any) -> IndirectObject:
        """A new object; what others call it by."""
        self.objects[self.next] = value
        self.next += 1
        return IndirectObject(self.next - 1, 0, None)

    def written(self, trailer: DictionaryObject) -> bytes:
        """The whole file: what it was, the objects, where each of them stands, and the trailer."""
        out = io.BytesIO()
        out.write(self.pdf if self.pdf.endswith(b"\n") else self.pdf + b"\n")
        places = {}
        for number, value in sorted(self.objects.items()):
            places[number] = out.tell()
            out.write(b"%d 0 obj\n" % number)
            value.write_to_stream(out)
            out.write(b"\nendobj\n")
        start = out.tell()
        out.write(b"xref\n")
        for number, place in places.items():
            out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
        out.write(b"trailer\n")
        trailer.write_to_stream(out)
        out.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()


def mark_pdf(pdf: bytes, mark: str) -> bytes:
    """The PDF with the mark at the foot of each page and in its document information; its own bytes come first, unchanged.

    Where no font can write the label, the mark stands there alone, in a font that every reader brings along.
    Raises Unmarkable for what is no PDF of ours (encrypted, without a table of its objects).
    """
    found = START.search(pdf[-64:])
    if found is None or pdf[int(found[1]) : int(found[1]) + 4] != b"xref":
        raise Unmarkable(
            "这份文书的 PDF 加不上水印，所以没有提供。请告知系统管理员运行 sanxiang ledger verify，核对存储的文件"
        )
    reader: Any = PdfReader(io.BytesIO(pdf))  # what a PDF holds has any type
    update = Update(pdf, int(reader.trailer["/Size"]))
    cut = face(fonts_folder())
    font = _font(update, cut) if cut else _plain_font(update)
    before = update.add(_stream(b"q\n"))
    after = update.add(_stream(b"\nQ\n" + _drawn(mark, cut)))
    for page in reader.pages:
        update.objects[page.indirect_reference.idnum] = _page(page, before, after, font)
    trailer = DictionaryObject({NameObject("/Size"): NumberObject(update.next)})
    trailer[NameObject("/Root")] = reader.trailer.raw_get("/Root")
    trailer[NameObject("/Info")] = _info(reader, update, mark)
    trailer[NameObject("/Prev")] = NumberObject(int(found[1]))
    if "/ID" in reader.trailer:
        fresh = TextStringObject(hashlib.sha256(pdf + mark.encode()).hexdigest()[:16])
        trailer[NameObject("/ID")] = ArrayObject([reader.trailer["/ID"][0], fresh])
    trailer[NameObject("/Size")] = NumberObject(update.next)
    return update.written(trailer)


def _page(page: Any, before: IndirectObject, after: IndirectObject, font: IndirectObject) -> DictionaryObject:
    """The page with its content set apart, so that the mark stands where it should whatever the content did."""
    changed = DictionaryObject({NameObject(key): page.raw_get(key) for key in page})
    content = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
    resolved = content.get_object() if isinstance(content, IndirectObject) else content
    streams = list(resolved) if isinstance(resolved, ArrayObject) else [content]
    changed[NameObject("/Contents")] = ArrayObject([before, *streams, after])
    resources = page["/Resources"].get_object()
    own = DictionaryObject({NameObject(key): resources.raw_get(key) for key in resources})
    fonts = resources["/Font"].get_object() if "/Font" in resources else DictionaryObject()
    known = {NameObject(key): fonts.raw_get(key) for key in fonts}
    own[NameObject("/Font")] = DictionaryObject({**known, NameObject("/Watermark"): font})
    changed[NameObject("/Resources")] = own
    return changed


def _drawn(mark: str, cut: Face | None) -> bytes:
    """The mark in small grey letters at the left foot of the sheet."""
    text = "".join(f"{cut.glyphs[sign]:04x}" for sign in LABEL + mark) if cut else mark.encode("ascii").hex()
    shown = f"q 0.35 g BT /Watermark {SIZE} Tf {LEFT} {FOOT} Td <{text}> Tj ET Q"
    return f"/Artifact BMC {shown} EMC\n".encode()  # nothing that a screen reader need read on each page


def _info(reader: Any, update: Update, mark: str) -> IndirectObject:
    """The document information with the mark in it, in the place of the old one."""
    old = reader.trailer.raw_get("/Info") if "/Info" in reader.trailer else None
    known = old.get_object() if old is not None else DictionaryObject()
    info = DictionaryObject({NameObject(key): known.raw_get(key) for key in known})
    info[NameObject(NAME)] = TextStringObject(mark)
    if not isinstance(old, IndirectObject):
        return update.add(info)
    update.objects[old.idnum] = info
    return IndirectObject(old.idnum, 0, None)


def _plain_font(update: Update) -> IndirectObject:
    """One of the fonts that every reader has (ISO 32000-2, 9.6.2.2). No PDF/A any more; an unmarked copy would be worse."""
    names = {
        "/Type": "/Font",
        "/Subtype": "/Type1",
        "/BaseFont": "/Helvetica",
        "/Encoding": "/WinAnsiEncoding",
    }
    return update.add(DictionaryObject({NameObject(key): NameObject(name) for key, name in names.items()}))


def _font(update: Update, cut: Face) -> IndirectObject:
    """The font, embedded, so that a PDF/A stays one, with the signs that its glyphs stand for."""
    file = _stream(cut.data, packed=True)
    file[NameObject("/Length1")] = NumberObject(len(cut.data))
    name = NameObject("/SXMARK+Watermark")
    numbers = {"/Flags": 4, "/ItalicAngle": 0, "/StemV": 80, "/CapHeight": cut.rise[0]}
    numbers |= {"/Ascent": cut.rise[0], "/Descent": cut.rise[1]}
    descriptor = DictionaryObject({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    descriptor[NameObject("/Type")] = NameObject("/FontDescriptor")
    descriptor[NameObject("/FontName")] = name
    descriptor[NameObject("/FontBBox")] = ArrayObject(map(NumberObject, cut.box))
    descriptor[NameObject("/FontFile2")] = update.add(file)
    system = {
        NameObject("/Registry"): TextStringObject("Adobe"),
        NameObject("/Ordering"): TextStringObject("Identity"),
    }
    widths = ArrayObject([NumberObject(0), ArrayObject(map(NumberObject, cut.widths))])
    inner = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/BaseFont"): name, NameObject("/W"): widths}
    )
    inner[NameObject("/Subtype")] = NameObject("/CIDFontType2")
    inner[NameObject("/CIDToGIDMap")] = NameObject("/Identity")
    inner[NameObject("/CIDSystemInfo")] = DictionaryObject(
        {**system, NameObject("/Supplement"): NumberObject(0)}
    )
    inner[NameObject("/FontDescriptor")] = update.add(descriptor)
    outer = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/BaseFont"): name})
    outer[NameObject("/Subtype")] = NameObject("/Type0")
    outer[NameObject("/Encoding")] = NameObject("/Identity-H")
    outer[NameObject("/DescendantFonts")] = ArrayObject([update.add(inner)])
    outer[NameObject("/ToUnicode")] = update.add(_stream(_meanings(cut)))
    return update.add(outer)


def _meanings(cut: Face) -> bytes:
    """Which sign each glyph stands for, so that the mark can be searched and copied."""
    lines = "\n".join(f"<{glyph:04x}> <{ord(sign):04x}>" for sign, glyph in sorted(cut.glyphs.items()))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Watermark def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(cut.glyphs)} beginbfchar\n{lines}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _stream(data: bytes, packed: bool = False) -> StreamObject:
    """A stream object."""
    plain = StreamObject()
    plain.set_data(data)
    return plain.flate_encode() if packed else plain


def numbered(name: str, mark: str) -> str:
    """A file's name with the watermark before its ending: what is evidence, or under a seal, may not be written into."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}（{mark}）.{ending}" if dot and stem else f"{name}（{mark}）"
