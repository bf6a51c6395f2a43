"""A paper with the signatures that were given on it 签名后的文书: strokes at their places, a last page that lists them, all of it locked.

What was issued stays the first bytes of the file; signatures are laid over its pages. Where a place is not found on the page, the
last page alone bears the signature.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import typst

from sanxiang.cases.papers import sealing
from sanxiang.cases.papers.fonts import fonts_folder
from sanxiang.cases.papers.markup import Content
from sanxiang.cases.papers.places import Place, places_of, solid
from sanxiang.law.signatures import Drawn

TEMPLATE = Path(__file__).parent / "typst" / "signed.typ"
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left of the page."""
ROOM, HIGH, RISE = 110, 34, 22
"""Points: how wide a place without its own bounds is, how high a signature may be, how far above the line it begins."""
NOT_THERE = "拒绝签名，见签名记录"


@dataclass(frozen=True)
class Mark:
    """One signature or refusal as it is drawn: at which place, by whom, how, and when (ISO)."""

    place: str
    signer: str
    told: str
    at: str
    drawn: Drawn | None = None
    refused: bool = False


@dataclass(frozen=True)
class Spot:
    """A place as it lies on a page: the room to sign in, and where year, month and day are written."""

    page: int
    box: Box
    high: float
    """Of the page; boxes are counted from its upper edge."""
    days: tuple[Box, ...] = ()


class Page:
    """The signs of one page with where they are, and the same without blanks, to be searched."""

    def __init__(self, page: Any) -> None:
        self.width, self.height = page.get_size()
        text = page.get_textpage()
        signs = [(n, chr(raw.FPDFText_GetUnicode(text.raw, n))) for n in range(text.count_chars())]
        kept = [(n, sign) for n, sign in signs if solid(sign)]
        self.boxes = [text.get_charbox(n) for n, _ in kept]
        self.solid = "".join(sign for _, sign in kept)

    def end_of(self, words: str, longer: Sequence[str]) -> int:
        """The last sign of these words where they stand last and belong to no longer ones (询问人 in 被询问人); else -1."""
        start = self.solid.rfind(words)
        while start >= 0:
            end = start + len(words)
            if not any(self.solid.endswith(one, 0, end) for one in longer):
                return end - 1
            start = self.solid.rfind(words, 0, end - 1)
        return -1

    def box(self, place: int) -> Box:
        """Where the sign at this place of the solid text is."""
        left, bottom, right, top = self.boxes[place]
        return left, self.height - top, right, self.height - bottom


def pages_of(pdf: bytes) -> list[Page]:
    """The pages of a PDF of ours, read."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [Page(page) for page in document]


def spots_of(pages: Sequence[Page], place: Place, places: Sequence[Place]) -> list[Spot]:
    """Where the place lies: on its last page, or for a foot on every page."""
    longer = [one.words for one in places if one.words != place.words and one.words.endswith(place.words)]
    found = []
    for number, page in enumerate(pages):
        end = page.end_of(place.words, longer)
        if end >= 0:
            found.append(_foot(number, page, end) if place.foot else _line(number, page, end))
    return found if place.foot else found[-1:]


def _foot(number: int, page: Page, end: int) -> Spot:
    """From the colon to whatever stands next on the same line."""
    _, _, right, bottom = page.box(end)
    follows = page.box(end + 1) if end + 1 < len(page.solid) else None
    same = follows is not None and abs(follows[3] - bottom) < 6 and follows[0] > right
    edge = follows[0] - 4 if same and follows else min(right + ROOM, page.width - 40)
    return Spot(number, (right + 2, bottom - RISE, edge, bottom + 6), page.height)


def _line(number: int, page: Page, end: int) -> Spot:
    """Before the blank year; the day is written before 年, 月 and 日, which end the words of the place."""
    tail = page.solid[: end + 1]
    year, month, day = (tail.rfind(sign) for sign in "年月日")
    y, m, d = page.box(year), page.box(month), page.box(day)
    size = y[2] - y[0]
    before = page.box(year - 1) if year else None
    same = before is not None and abs(before[3] - y[3]) < 6
    left = before[2] + 2 if same and before else max(y[0] - 3 * size - ROOM, 60)
    box = (left, y[3] - RISE, y[0] - 2.4 * size, y[3] + 6)
    days = (
        (y[0] - 2.4 * size, y[1], y[0], y[3]),
        (y[2], m[1], m[0], m[3]),
        (m[2], d[1], d[0], d[3]),
    )
    return Spot(number, box, page.height, days)


def svg_of(drawn: Drawn) -> str:
    """The strokes alone, cut to where they are."""
    points = [p for one in drawn.strokes for p in one]
    left, top = min(p[0] for p in points) - 6, min(p[1] for p in points) - 6
    wide, high = max(p[0] for p in points) + 6 - left, max(p[1] for p in points) + 6 - top
    thick = max(drawn.width / 130, 2)
    lines = "".join(
        '<polyline points="' + " ".join(f"{x},{y}" for x, y, _ in one) + '"/>' for one in drawn.strokes if one
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {wide} {high}"><g fill="none" stroke="black" '
        f'stroke-width="{thick:.1f}" stroke-linecap="round" stroke-linejoin="round">{lines}</g></svg>'
    )


def overlaid(pdf: bytes, content: Content, marks: Sequence[Mark]) -> bytes:
    """The paper with all marks over its pages and the list of them behind. Not locked yet."""
    read, places = pages_of(pdf), places_of(content)
    pages: list[dict[str, Any]] = [{"width": one.width, "height": one.height, "marks": []} for one in read]
    for place in places:
        here = [mark for mark in marks if mark.place == place.name]
        for spot in spots_of(read, place, places) if here else ():
            pages[spot.page]["marks"] += _drawn_at(spot, here)
    rows = [[mark.place, mark.signer, mark.told, mark.at.replace("T", " ")[:16]] for mark in marks]
    told = {
        "title": content.title, "agency": content.agency, "number": content.number, "date": content.date,
        "digest": content.digest(), "pages": pages, "rows": rows,
    }  # fmt: skip
    return sealing.laid_over(pdf, _typeset(told), len(pages))


def _drawn_at(spot: Spot, marks: Sequence[Mark]) -> Iterator[dict[str, Any]]:
    """Who signs at one place shares its room; the day is that of the last."""
    left, top, right, bottom = spot.box
    wide = max(right - left, 30) / len(marks)
    for n, mark in enumerate(marks):
        box = {"x": left + n * wide, "y": top, "width": wide - 2, "height": min(bottom - top, HIGH)}
        if mark.drawn:
            yield {"kind": "strokes", "svg": svg_of(mark.drawn), **box}
        else:
            text = NOT_THERE if mark.refused else mark.signer
            yield {"kind": "text", "text": text, "size": min(12, max(6, wide / (len(text) + 1))), **box}
    for box_of, text in zip(spot.days, _day(marks[-1].at), strict=False):
        x0, y0, x1, y1 = box_of
        yield {
            "kind": "day",
            "text": text,
            "size": 10.5,
            "x": x0,
            "y": y0,
            "width": x1 - x0,
            "height": y1 - y0,
        }


def _day(at: str) -> tuple[str, str, str]:
    year, month, day = at[:10].split("-")
    return year, str(int(month)), str(int(day))


def _typeset(told: dict[str, Any]) -> bytes:
    data = json.dumps(told, ensure_ascii=False)
    compiler = typst.Compiler(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(fonts_folder())], ignore_system_fonts=True
    )
    made = compiler.compile(sys_inputs={"data": data}, format="pdf")
    assert isinstance(made, bytes)
    return made


def spot_of(pdf: bytes, content: Content, name: str) -> Spot | None:
    """The place of that name by itself, not the feet of pages; None where the page does not show it."""
    places, read = places_of(content), pages_of(pdf)
    named = sorted((one for one in places if one.name == name), key=lambda one: one.foot)
    return next((spot for one in named for spot in spots_of(read, one, places)[-1:]), None)
