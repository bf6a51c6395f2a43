"""A chart of stacked bars as SVG: one bar a group, its parts by pattern and shade, every figure in words beside it."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

WIDTH, LEFT, BAR, STEP, TOP = 680, 170, 18, 34, 34
"""Pixels of the picture; a narrow page lets it be pushed sideways."""

SHADES = ("#16365c", "#7d9bc1", "#b3261e")
"""Footage, a reason, open: dark, pale, red; the words beside the bar say the same to whoever cannot tell them apart."""
INK, SOFT = "#1a222d", "#4c5563"
MOST = 12
"""Bars; what comes after stands in the table."""

Counts = Mapping[str, Mapping[str, int]]


def bars(
    counts: Counts,
    groups: Mapping[str, str],
    title: str = "各机构应当音像记录的步骤",
    shades: Sequence[str] = SHADES,
) -> str:
    """The picture; empty where there is nothing to draw. A shade for each group."""
    if not counts:
        return ""
    shown = list(counts.items())[:MOST]
    height = TOP + STEP * len(shown) + 6
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "width": str(WIDTH),
            "role": "img",
            "aria-label": f"{title}：" + "；".join(_words(k, c, groups) for k, c in shown),
        },
    )
    ET.SubElement(root, "title").text = title
    _legend(root, groups, shades)
    most = max(1, *(sum(count.values()) for _, count in shown))
    for place, (key, count) in enumerate(shown):
        _bar(root, key, count, TOP + STEP * place, most, shades)
    return ET.tostring(root, encoding="unicode")


def _words(key: str, count: Mapping[str, int], groups: Mapping[str, str]) -> str:
    return f"{key} " + "，".join(f"{label} {count[name]}" for name, label in groups.items())


def _legend(root: ET.Element, groups: Mapping[str, str], shades: Sequence[str]) -> None:
    x = LEFT
    for shade, label in zip(shades, groups.values(), strict=True):
        ET.SubElement(root, "rect", {"x": str(x), "y": "6", "width": "12", "height": "12", "fill": shade})
        _text(root, x + 18, 16, label, SOFT)
        x += 30 + 13 * len(label)


def _bar(
    root: ET.Element, key: str, count: Mapping[str, int], y: int, most: int, shades: Sequence[str]
) -> None:
    _text(root, 0, y + 14, key if len(key) <= 12 else key[:11] + "…")
    room, x = WIDTH - LEFT - 130, float(LEFT)
    for shade, n in zip(shades, count.values(), strict=True):
        if n:
            wide = max(room * n / most, 2)
            place = {"x": f"{x:.1f}", "y": str(y), "width": f"{wide:.1f}", "height": str(BAR), "fill": shade}
            ET.SubElement(root, "rect", place)
            x += wide
    _text(root, int(x) + 8, y + 14, " / ".join(str(n) for n in count.values()), SOFT)


def _text(root: ET.Element, x: int, y: int, words: str, colour: str = INK) -> None:
    ET.SubElement(root, "text", {"x": str(x), "y": str(y), "font-size": "13", "fill": colour}).text = words
