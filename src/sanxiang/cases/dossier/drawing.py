"""The process that opens what strangers sent, for `sheets`: counts pages, draws them, and may use so much memory and time and no more."""

import json
import resource
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

from sanxiang.cases.dossier.sheets import form_of

MOST_PAGES, LARGEST = 500, 200 << 20
"""Beyond this a file of pages stays as it is and a slip stands for it."""
MEMORY, SECONDS = 3 << 30, 600
LONGEST_SIDE = 2200
"""Pixels: 190 dots an inch on A4, enough to read a scanned page."""
SHOWN_SIDE = 1500
"""Pixels of a page on a screen."""
MOST_PIXELS = 120_000_000
PICTURES = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
FAULTS = (
    OSError, ValueError, RuntimeError, MemoryError, SyntaxError, TypeError, EOFError, LookupError, ArithmeticError,
    AttributeError, struct.error, Image.DecompressionBombError,
)  # fmt: skip
"""What a file made to hurt makes these libraries raise: it has no pages then."""


def form_in(file: Path) -> str:
    """The same of a file."""
    with file.open("rb") as opened:
        return form_of(opened.read(16))


def main(words: Sequence[str]) -> None:
    """`count FILE…`, `draw FILE FOLDER…` or `show FILE FOLDER FIRST COUNT MARK`; the answer as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    if words[0] == "count":
        told: object = [count(Path(word)) for word in words[1:]]
    elif words[0] == "show":
        told = show(Path(words[1]), Path(words[2]), int(words[3]), int(words[4]), words[5])
    else:
        told = [draw(Path(file), Path(folder)) for file, folder in zip(words[1::2], words[2::2], strict=True)]
    sys.stdout.write(json.dumps(told))


def count(file: Path) -> int:
    """Pages of a PDF, 1 for a picture, 0 for what cannot be opened."""
    form = form_in(file)
    if not form or file.stat().st_size > LARGEST:
        return 0
    try:
        return _pdf_pages(file) if form == "pdf" else _picture(file)
    except FAULTS:
        return 0


def _pdf_pages(file: Path) -> int:
    with pypdfium2.PdfDocument(file) as pdf:
        found = len(pdf)
        return found if 0 < found <= MOST_PAGES and pdf[0].get_width() > 0 else 0


def _picture(file: Path) -> int:
    with Image.open(file, formats=PICTURES) as picture:
        if not 0 < picture.width * picture.height <= MOST_PIXELS:
            return 0
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        return 1


def draw(file: Path, folder: Path) -> list[tuple[str, int, int]]:
    """Every page as a JPEG in the folder: name, width, height; none where the file cannot be drawn."""
    try:
        return _draw_pdf(file, folder) if form_in(file) == "pdf" else [_draw_picture(file, folder)]
    except FAULTS:
        return []


def show(file: Path, folder: Path, first: int, many: int, mark: str) -> list[str]:
    """Some pages as JPEGs with the number of the look all over them; none where the file cannot be drawn."""
    try:
        if form_in(file) == "pdf":
            drawn = _draw_pdf(file, folder, first, many)
        else:
            drawn = [_draw_picture(file, folder)]
        for name, _, _ in drawn:
            _stamp(folder / name, mark)
    except FAULTS:
        return []
    return [name for name, _, _ in drawn]


def _stamp(page: Path, mark: str) -> None:
    """The number in grey across the page, so that a photograph of the screen shows it too."""
    with Image.open(page, formats=("JPEG",)) as picture:
        shown = picture.convert("RGB")
    shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    size = max(min(shown.size) // 24, 14)
    pen, font = ImageDraw.Draw(shown, "RGBA"), ImageFont.load_default(size)
    for row, y in enumerate(range(size, shown.height, size * 7)):
        for x in range(size * (1 + 5 * (row % 2)), shown.width, size * 12):
            pen.text((x, y), mark, font=font, fill=(96, 96, 96, 110))
    shown.save(page, "JPEG", quality=78)


def _draw_pdf(file: Path, folder: Path, first: int = 0, many: int = MOST_PAGES) -> list[tuple[str, int, int]]:
    """A blank page where one cannot be drawn: the count stays."""
    names = []
    with pypdfium2.PdfDocument(file) as pdf:
        for number in range(first, min(len(pdf), MOST_PAGES, first + many)):
            name = f"page-{number + 1:04d}.jpg"
            try:
                page = pdf[number]
                scale = min(LONGEST_SIDE / max(page.get_width(), page.get_height(), 1.0), 4.0)
                drawn = page.render(scale=scale).to_pil().convert("RGB")
            except FAULTS:
                drawn = Image.new("RGB", (800, 1100), "white")
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn.save(folder / name, "JPEG", quality=80)
            names.append((name, drawn.width, drawn.height))
    return names


def _draw_picture(file: Path, folder: Path) -> tuple[str, int, int]:
    with Image.open(file, formats=PICTURES) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        drawn = (ImageOps.exif_transpose(picture) or picture).convert("RGB")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn.save(folder / "page-0001.jpg", "JPEG", quality=82)
    return "page-0001.jpg", drawn.width, drawn.height


if __name__ == "__main__":
    main(sys.argv[1:])
