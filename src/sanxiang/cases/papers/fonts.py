"""The fonts at hand and what they can show. A sign that no font has would be dropped without a word: it is refused."""

import os
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

from sanxiang.cases.papers.markup import Content

SYSTEM = Path("/usr/share/fonts")
KINDS = (".ttf", ".otf", ".ttc")
INVISIBLE = frozenset("\n\t\u3000\u00a0\u200b\u2060\ufeff ")
"""Signs that need no shape: blanks and line breaks."""


def fonts_folder() -> Path:
    """Where `make setup` puts the fonts: settings.FONTS; the system's fonts where that folder holds none."""
    own = Path(settings.FONTS)
    return own if _files(own) else SYSTEM


def _files(folder: Path) -> list[Path]:
    """Font files of a folder, in a fixed order."""
    found = [
        Path(base) / name
        for base, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(KINDS)
    ]
    return sorted(found)


@cache
def _shown(folder: Path) -> frozenset[int]:
    """Every code point that some font of the folder can show."""
    points: set[int] = set()
    for file in _files(folder):
        fonts = (
            TTCollection(file, lazy=True).fonts
            if file.suffix.lower() == ".ttc"
            else [TTFont(file, lazy=True)]
        )
        for font in fonts:
            # Which code points there are is asked, not what their glyphs are called: to read all names takes four times as long.
            font.setGlyphOrder([str(place) for place in range(font["maxp"].numGlyphs)])
            points.update(font.getBestCmap() or ())
    return frozenset(points)


def can_show(text: str) -> bool:
    """Has some font at hand a shape for every sign of the text?"""
    return {ord(sign) for sign in text} <= _shown(fonts_folder())


def missing_glyphs(content: Content) -> list[str]:
    """Signs of the paper that no font can show, each once, in order of appearance."""
    shown = _shown(fonts_folder())
    found: dict[str, None] = {}
    for text in content.texts():
        for sign in text:
            if ord(sign) not in shown and sign not in INVISIBLE:
                found[sign] = None
    return list(found)
