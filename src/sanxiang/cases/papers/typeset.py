"""Papers 文书: composed from the case, set as PDF/A by typst, kept under the digest of their bytes."""

import hashlib
import io
import json
import os
import re
import tempfile
import threading
from pathlib import Path

import segno
import typst

from sanxiang.cases.papers.fonts import fonts_folder, missing_glyphs
from sanxiang.cases.papers.markup import Content
from sanxiang.cases.papers.text import PaperBroken, PaperContext, PaperIncomplete, check_templates, compose
from sanxiang.cases.shelves import Store, contents
from sanxiang.cases.store import path_of

__all__ = [
    "Content",
    "PaperBroken",
    "PaperContext",
    "PaperIncomplete",
    "RareSign",
    "check_templates",
    "compose",
    "fonts_folder",
    "missing_glyphs",
    "page_count",
    "path_of",
    "save",
    "to_pdf",
]

TEMPLATES = Path(__file__).resolve().parent / "typst"
_own = threading.local()


class RareSign(ValueError):
    """The paper holds signs that no font can show; the message lists them."""

    def __init__(self, signs: list[str]) -> None:
        shown = "、".join(f"{sign}（U+{ord(sign):04X}）" for sign in signs[:10])
        super().__init__(
            f"文书中有 {len(signs)} 个字没有字形：{shown}。请安装含有这些字的字体到 fonts 文件夹，或按证件上的写法核对用字"
        )
        self.signs = signs


def to_pdf(content: Content, address: str = "") -> bytes:
    """PDF/A-2b on the page of GB/T 9704; the same content gives the same bytes. Raises RareSign.

    `address` is where whoever holds the printed paper may ask whether it still stands; it is drawn as a QR code.
    """
    if signs := missing_glyphs(content):
        raise RareSign(signs)
    told = {**content.as_json(), "code": code_of(address) if address else ""}
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    pdf = _compiler().compile(sys_inputs={"data": data}, format="pdf", pdf_standards="a-2b")
    assert isinstance(pdf, bytes)
    return pdf


def code_of(address: str) -> str:
    """The address as a QR code (ISO/IEC 18004), an SVG without margin. One mask for all: to try all eight takes longer than the page."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=3).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def _compiler() -> typst.Compiler:
    """One compiler a thread: a shared one raises "Already borrowed"."""
    folder = fonts_folder()
    if getattr(_own, "folder", None) != folder:
        _own.compiler = typst.Compiler(
            input=str(TEMPLATES / "paper.typ"),
            root=str(TEMPLATES),
            font_paths=[str(folder)],
            ignore_system_fonts=True,
        )
        _own.folder = folder
    compiler: typst.Compiler = _own.compiler
    return compiler


PAGE = re.compile(rb"/Type\s*/Page(?!s)")
"""How a page object begins in what typst writes, where no object is packed into a stream."""


def page_count(kept: Store, digest: str) -> int:
    """How many pages the paper with that digest has; none where the file is gone, which `ledger verify` names."""
    try:
        return len(PAGE.findall(contents(kept, digest)))
    except (FileNotFoundError, ValueError):
        return 0


def intact(kept: Store, digest: str) -> bytes | None:
    """The bytes of the paper with that digest; None where the file is gone or is not what was issued. Raises StoreFault."""
    try:
        found = contents(kept, digest)
    except (FileNotFoundError, ValueError):
        return None
    return found if hashlib.sha256(found).hexdigest() == digest else None


def save(pdf: bytes, kept: Store) -> str:
    """Keep a paper under the digest of its bytes and return the digest. Twice the same is kept once. Raises StoreFault.

    Written to a temporary file, synced, then put: if we die on the way there is a stray temporary file, never half a
    paper under a digest.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    kept.room.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=kept.room, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(pdf)
            out.flush()
            os.fchmod(out.fileno(), 0o440)
            os.fsync(out.fileno())
        kept.put(Path(fresh), digest)
    finally:
        Path(fresh).unlink(missing_ok=True)
    return digest
