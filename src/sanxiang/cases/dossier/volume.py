"""One part of a file as one PDF/A-2b: cover, catalogue, every paper and piece of evidence with its page number, back sheet, bookmarks.

A volume is made of what the store has under digests and of nothing else, so the same plan gives the same pages at any time; it is kept
in a folder that may be emptied. Papers come in as they were issued; what others made is drawn anew as pictures, for a file is read and
printed and must not run anything, and only so does the whole stay PDF/A.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
import typst

from sanxiang.cases import store
from sanxiang.cases.dossier import sheets
from sanxiang.cases.dossier.plan import Leaf, Plan
from sanxiang.cases.papers.fonts import fonts_folder
from sanxiang.cases.shelves import Store, digest_in

TEMPLATE = Path(__file__).resolve().parent.parent / "papers" / "typst" / "sheet.typ"
AT_ONCE = 40
"""Pages that one run of typst sets: pictures are held in memory."""
SHEET = (57.0, 57.0, 496.0, 700.0)
"""Points: where pictures stand on A4: left and lower edge, width and height."""
DROPPED = ("/StructParents", "/Tabs", "/Annots", "/AA")
"""Of a page: what points into the document that it came from, or would do something."""

PRODUCER = "Sanxiang"
TOLD = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{{title}}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{{author}}</rdf:li></rdf:Seq></dc:creator>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{{day}}</xmp:CreateDate><xmp:ModifyDate>{{day}}</xmp:ModifyDate>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
"""Every name is declared where the description begins: strict readers look nowhere else."""


class Unbound(Exception):
    """A volume that cannot be made; the message says in Chinese what is missing."""


def bind(plan: Plan, target: Path) -> None:
    """Write the volume; it is there whole or not at all. Raises Unbound."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".binding-") as folder:
        room = Path(folder)
        shutil.copy(TEMPLATE, room / "sheet.typ")
        made = room / "volume.pdf"
        _merged(plan, room, made)
        with made.open("rb") as out:
            os.fsync(out.fileno())
        os.replace(made, target)


def _merged(plan: Plan, room: Path, made: Path) -> None:
    setter = Setter(plan, room)
    with pikepdf.new() as whole:
        kept: list[pikepdf.Pdf] = []
        front = sum(_append(whole, kept, setter.paper(digest, "封面或者目录")) for digest in plan.front)
        places: list[int] = []
        for run in runs(plan.leaves):
            before = len(whole.pages)
            places += [before + sum(one.count for one in run[:place]) for place in range(len(run))]
            added = sum(_append(whole, kept, *set_) for set_ in setter.files_of(run))
            if added != sum(leaf.count for leaf in run):
                raise Unbound(
                    f"“{run[0].title}”等{len(run)}件应有 {sum(leaf.count for leaf in run)} 页，实有 {added} 页"
                )
        for digest in plan.back:
            _append(whole, kept, setter.paper(digest, "备考表"))
        if plan.pages:
            _number(whole, kept, setter, front, plan)
        _finish(whole, kept, plan, places)
        whole.save(
            made,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
        )
        for one in kept:
            one.close()


def runs(leaves: Sequence[Leaf]) -> Iterator[Sequence[Leaf]]:
    """The lines in their order: each paper by itself, what is set here some at a time."""
    run: list[Leaf] = []
    for leaf in leaves:
        if run and (leaf.form == "paper" or sum(one.count for one in run) >= AT_ONCE):
            yield run
            run = []
        if leaf.form == "paper":
            yield [leaf]
        else:
            run.append(leaf)
    if run:
        yield run


def _append(
    whole: pikepdf.Pdf, kept: list[pikepdf.Pdf], file: Path, shown: Sequence[sheets.Picture | None] = ()
) -> int:
    """The pages of a PDF behind what is there, with a picture on each that has one; how many."""
    source = pikepdf.open(file)
    kept.append(source)
    for number, page in enumerate(source.pages):
        whole.pages.append(page)
        for name in DROPPED:
            if name in whole.pages[-1]:
                del whole.pages[-1][name]
        place = len(whole.pages) - 1
        if number < len(shown) and (picture := shown[number]):
            _show(whole, pikepdf.Page(whole.pages[place]), picture)
    return len(source.pages)


def _show(whole: pikepdf.Pdf, page: pikepdf.Page, picture: sheets.Picture) -> None:
    """The JPEG as it is, as large as the sheet allows, in the middle of it below the caption."""
    file, width, height = picture
    image = pikepdf.Stream(whole, b"")
    image.write(file.read_bytes(), filter=pikepdf.Name.DCTDecode)
    told = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": width, "/Height": height}
    told |= {"/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8}
    for key, value in told.items():
        image[key] = value
    left, foot, wide, high = SHEET
    scale = min(wide / width, high / height)
    across, up = width * scale, height * scale
    x, y = left + (wide - across) / 2, foot + (high - up) / 2
    name = page.add_resource(image, pikepdf.Name.XObject)
    drawn = f"q {across:.2f} 0 0 {up:.2f} {x:.2f} {y:.2f} cm {name} Do Q"
    page.contents_add(drawn.encode(), prepend=False)
    file.unlink()


def _number(whole: pikepdf.Pdf, kept: list[pikepdf.Pdf], setter: "Setter", front: int, plan: Plan) -> None:
    """An Arabic number at the lower right of each page with text; cover, catalogue and back sheet bear none."""
    numbers = pikepdf.open(setter.numbers(1, plan.pages))
    kept.append(numbers)
    for place, sheet in enumerate(numbers.pages):
        page = whole.pages[front + place]
        page.add_overlay(sheet, pikepdf.Rectangle(*(float(edge) for edge in page.mediabox)))


def _finish(whole: pikepdf.Pdf, kept: Sequence[pikepdf.Pdf], plan: Plan, places: Sequence[int]) -> None:
    """Bookmarks by class, the colour profile that PDF/A asks for, and the document's own information."""
    with whole.open_outline() as outline:
        group: pikepdf.OutlineItem | None = None
        for leaf, place in zip(plan.leaves, places, strict=True):
            if group is None or group.title != leaf.group:
                group = pikepdf.OutlineItem(leaf.group, place)
                outline.root.append(group)
            group.children.append(pikepdf.OutlineItem(leaf.title, place))
    profile = next((one.Root.OutputIntents for one in kept if "/OutputIntents" in one.Root), None)
    if profile is not None:
        whole.Root.OutputIntents = (
            whole.copy_foreign(profile)
            if profile.is_indirect
            else pikepdf.Array([whole.copy_foreign(one) for one in profile])
        )
    whole.Root.Lang = pikepdf.String("zh-CN")
    whole.Root.PageMode = pikepdf.Name.UseOutlines
    _tell(whole, plan)


def _tell(whole: pikepdf.Pdf, plan: Plan) -> None:
    """Title, agency and day, the same in the XMP packet and in the information dictionary (ISO 19005-2, 6.6.2.3)."""
    day = datetime.fromisoformat(plan.made).replace(tzinfo=UTC)
    packet = TOLD.format(title=escape(plan.title), author=escape(plan.author), day=day.isoformat())
    whole.Root.Metadata = pikepdf.Stream(whole, packet.encode())
    whole.Root.Metadata.Type, whole.Root.Metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    when = pikepdf.String(day.strftime("D:%Y%m%d%H%M%S+00'00'"))
    told = {"/Title": plan.title, "/Author": plan.author, "/Producer": PRODUCER}
    whole.docinfo = whole.make_indirect(pikepdf.Dictionary({**told, "/CreationDate": when, "/ModDate": when}))


@dataclass
class Setter:
    """Makes the pages of one volume in a room of its own."""

    plan: Plan
    room: Path
    made: int = 0
    _compiler: typst.Compiler | None = None

    def files_of(self, run: Sequence[Leaf]) -> Iterator[tuple[Path, list[sheets.Picture | None]]]:
        """The PDFs of some lines of the catalogue, a paper, or lines whose pages are set here, with the pictures to go on them."""
        if run[0].form == "paper":
            yield self.paper(run[0].digest, run[0].title), []
            return
        drawn = self._pictures(run)
        pages = [page for leaf in run for page in self._pages(leaf, drawn.get(leaf.first, []))]
        for start in range(0, len(pages), AT_ONCE):
            some = pages[start : start + AT_ONCE]
            told = [{key: value for key, value in page.items() if key != "picture"} for page in some]
            yield self._compiled({"kind": "sheets", "pages": told}), [page.get("picture") for page in some]

    def _pages(self, leaf: Leaf, drawn: Sequence[sheets.Picture]) -> list[dict[str, Any]]:
        """The pages of one line: as many as the catalogue says, whatever becomes of drawing them."""
        if leaf.form == "hidden":
            return [_hidden(leaf)] * leaf.count
        if leaf.form == "slip":
            return [_slip(leaf)]
        if len(drawn) != leaf.count:
            return [_undrawn(leaf)] * leaf.count
        return [
            {
                "kind": "picture",
                "picture": page,
                "caption": leaf.title,
                "count": f"第{number}页 共{leaf.count}页",
            }
            for number, page in enumerate(drawn, 1)
        ]

    def paper(self, digest: str, title: str) -> Path:
        """A paper as it was issued, once it is what was issued. Raises Unbound."""
        return self._fetched(store.papers(), digest, title, ".pdf")

    def _fetched(self, kept: Store, digest: str, title: str, ending: str) -> Path:
        file = self.room / f"{digest}{ending}"
        if not file.exists():
            try:
                if digest_in(kept, digest) != digest:
                    raise Unbound(f"“{title}”的文件被改动过，运行 sanxiang ledger verify 查明")
                with kept.open(digest) as source, file.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
            except (FileNotFoundError, ValueError):
                raise Unbound(f"“{title}”的文件不见了，运行 sanxiang ledger verify 查明") from None
        return file

    def _pictures(self, run: Sequence[Leaf]) -> dict[int, list[sheets.Picture]]:
        """By first page of a line, its pages as pictures; one process draws all of the run."""
        wanted = {}
        for leaf in run:
            if leaf.form in ("pdf", "image"):
                folder = self.room / f"pages-{leaf.first}"
                folder.mkdir()
                wanted[leaf.first] = (
                    self._fetched(store.evidence(), leaf.digest, leaf.title, ".evidence"),
                    folder,
                )
        drawn = dict(zip(wanted, sheets.pictures(list(wanted.values())), strict=True))
        for file, _ in wanted.values():
            file.unlink(missing_ok=True)
        return drawn

    def numbers(self, first: int, last: int) -> Path:
        """Sheets with nothing but a page number."""
        return self._compiled({"kind": "numbers", "first": first, "last": last, "pages": []})

    def _compiled(self, told: dict[str, Any]) -> Path:
        if self._compiler is None:
            fonts = [str(fonts_folder())]
            self._compiler = typst.Compiler(
                input=str(self.room / "sheet.typ"),
                root=str(self.room),
                font_paths=fonts,
                ignore_system_fonts=True,
            )
        data = json.dumps(
            {"title": self.plan.title, "author": self.plan.author, "date": self.plan.made, **told},
            ensure_ascii=False,
        )
        self.made += 1
        out = self.room / f"set-{self.made}.pdf"
        pdf = self._compiler.compile(sys_inputs={"data": data}, format="pdf", pdf_standards="a-2b")
        assert isinstance(pdf, bytes)
        out.write_bytes(pdf)
        return out


def _slip(leaf: Leaf) -> dict[str, Any]:
    """What stands for a film, a recording, or whatever else makes no pages."""
    lines = [
        ["题名", leaf.title],
        *([label, text] for label, text in leaf.told),
        ["校验值（SHA-256）", broken(leaf.digest)],
    ]
    foot = "本件不能印成页面，原件按原样保存在电子案卷中，以校验值为准。"
    return {"kind": "slip", "head": "附卷载体说明", "lines": lines, "foot": foot}


def _undrawn(leaf: Leaf) -> dict[str, Any]:
    """What stands for a page that could be counted and not drawn."""
    lines = [["题名", leaf.title], ["校验值（SHA-256）", broken(leaf.digest)]]
    return {
        "kind": "slip",
        "head": "本页不能显示",
        "lines": lines,
        "foot": "原件按原样保存在电子案卷中，以校验值为准。",
    }


def _hidden(leaf: Leaf) -> dict[str, Any]:
    """What stands for pages that this reader may not see: how many, and nothing of what is on them."""
    last = leaf.first + leaf.count - 1
    pages = f"第{leaf.first}页" if leaf.count == 1 else f"第{leaf.first}页至第{last}页"
    lines = [["页号", pages], ["说明", "按规定限定知悉范围，本副本不提供"]]
    return {
        "kind": "slip",
        "head": "本页已按规定隐去",
        "lines": lines,
        "foot": "有权查看的人员登录后可以看到全文。",
    }


def broken(digest: str) -> str:
    """A digest in groups, so that a table cell can break it."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
