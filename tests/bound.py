"""A case with every kind of evidence, archived: for tests of what a bound file looks like."""

import hashlib
import io
from typing import Any

from PIL import Image

from clockwork import Clock
from play import Play, make_office
from sanxiang.cases.papers.markup import Block, Content
from sanxiang.cases.papers.typeset import to_pdf
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from side_stories import BOOK, step


def picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture of nothing, always the same."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


def scan(title: str, breaks: int = 0) -> bytes:
    """A PDF that somebody else made, with one page more than `breaks`."""
    blocks = [Block(kind="paragraph", text=f"{title}第1页")]
    for number in range(breaks):
        blocks += [Block(kind="break"), Block(kind="paragraph", text=f"{title}第{number + 2}页")]
    content = Content(
        paper="scan", title=title, agency="", number="", date="2026-03-02", layout="letter", seal="", template="", signed_by=(),
        blocks=tuple(blocks),
    )  # fmt: skip
    return to_pdf(content) + b"\n% as it came from the scanner\n"


def piece(kind: str, title: str, name: str, mime: str, data: bytes) -> Any:
    """What the act 收集证据 is told of one file."""

    def told(office: Office) -> dict[str, Any]:
        kept = receive(io.BytesIO(data), name, mime)
        return {
            "officers": stories.two(office),
            "kind": kind,
            "title": title,
            "proves": "取水的数量",
            "source_of": "当事人提供",
            "files": [kept],
        }

    return step("add-evidence", "officer1", told)


SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(2048)
WITNESS = "村民顾平的证言"


def collected() -> list[Any]:
    """A business licence of one page, invoices of three, a photo, a sound, a testimony, a PDF that is none."""
    return [
        piece("documentary", "进销台账", "台账.pdf", "application/pdf", scan("进销台账", 2)),
        piece("documentary", "营业执照复印件", "执照.pdf", "application/pdf", scan("营业执照")),
        piece("audiovisual", "取水口照片", "照片.jpg", "image/jpeg", picture()),
        piece("audiovisual", "现场录音", "录音.mp3", "audio/mpeg", SOUND),
        piece("testimony", WITNESS, "证言.pdf", "application/pdf", scan("证人证言")),
        piece(
            "electronic",
            "损坏的文件",
            "坏.pdf",
            "application/pdf",
            b"%PDF-1.7\n" + hashlib.sha256(b"x").digest() * 40,
        ),
    ]


def case_with_evidence(locality: str, clock: Clock) -> Play:
    """The hearing story with all of that on file, just before it is archived."""
    procedure, steps = BOOK["hearing"]
    place = next(i for i, s in enumerate(steps) if s.act == "interview")
    play = Play(make_office(locality), procedure, [*steps[:place], *collected(), *steps[place:]], clock)
    play.until("archive")
    return play
