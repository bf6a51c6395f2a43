"""A chart of stacked bars as SVG: one bar a group, its parts by pattern and shade, every figure in words beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET


@dataclass(frozen=True)
class Frame:
    """How a picture is laid out: pixels of the whole, of what stands before a bar, of the room for its figures, of one line."""

    name: str
    width: int
    left: int
    right: int
    step: int


FRAMES = (Frame("chart-wide", 680, 170, 130, 34), Frame("chart-slim", 310, 0, 90, 52))
"""A page shows the one that it has the room for: on a phone the name stands above its bar."""
BAR, TOP = 18, 34

SHADES = ("#16365c", "#7d9bc1", "#b3261e")
"""Footage, a reason, open: dark, pale, red; the words beside the bar say the same to whoever cannot tell them apart."""
INK, SOFT = "#1a222d", "#4c5563"
LONGEST = 12
"""Characters of a name; the table has the rest."""
MOST = 12
"""Bars; what comes after stands in the table."""

Counts = Mapping[str, Mapping[str, int]]


def bars(
    counts: Counts,
    groups: Mapping[str, str],
    title: str = "各机构应当音像记录的步骤",
    shades: Sequence[str] = SHADES,
) -> str:
    """The picture, wide and slim; empty where there is nothing to draw. A shade for each group."""
    if not counts:
        return ""
    return "".join(
        _picture(frame, dict(list(counts.items())[:MOST]), groups, title, shades) for frame in FRAMES
    )


def _picture(
    frame: Frame, shown: Counts, groups: Mapping[str, str], title: str, shades: Sequence[str]
) -> str:
    legend = _legend(frame, groups, shades)
    top = TOP if legend[-1].get("y") == "16" else 2 * TOP - 12
    height = top + frame.step * len(shown) + 6
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": frame.name,
            "viewBox": f"0 0 {frame.width} {height}",
            "width": str(frame.width),
            "role": "img",
            "aria-label": f"{title}：" + "；".join(_words(k, c, groups) for k, c in shown.items()),
        },
    )
    root.extend(legend)
    most = max(1, *(sum(count.values()) for count in shown.values()))
    for place, (key, count) in enumerate(shown.items()):
        root.extend(_bar(frame, key, count, top + frame.step * place, most, shades))
    return ET.tostring(root, encoding="unicode")


def _words(key: str, count: Mapping[str, int], groups: Mapping[str, str]) -> str:
    return f"{key} " + "，".join(f"{label} {count[name]}" for name, label in groups.items())


def _legend(frame: Frame, groups: Mapping[str, str], shades: Sequence[str]) -> list[ET.Element]:
    """What the shades mean; on a second line what the first has no room for."""
    x, y, found = frame.left, 16, list[ET.Element]()
    for shade, label in zip(shades, groups.values(), strict=True):
        wide = 30 + 13 * len(label)
        if x + wide > frame.width:
            x, y = frame.left, y + 22
        place = {"x": str(x), "y": str(y - 10), "width": "12", "height": "12", "fill": shade}
        found += [ET.Element("rect", place), _text(x + 18, y, label, SOFT)]
        x += wide
    return found


def _bar(
    frame: Frame, key: str, count: Mapping[str, int], y: int, most: int, shades: Sequence[str]
) -> list[ET.Element]:
    found = [_text(0, y + 14, key if len(key) <= LONGEST else key[: LONGEST - 1] + "…")]
    down = y if frame.left else y + 22
    room, x = frame.width - frame.left - frame.right, float(frame.left)
    for shade, n in zip(shades, count.values(), strict=True):
        if n:
            wide = max(room * n / most, 2)
            place = {
                "x": f"{x:.1f}",
                "y": str(down),
                "width": f"{wide:.1f}",
                "height": str(BAR),
                "fill": shade,
            }
            found.append(ET.Element("rect", place))
            x += wide
    return [*found, _text(int(x) + 8, down + 14, " / ".join(str(n) for n in count.values()), SOFT)]


def _text(x: int, y: int, words: str, colour: str = INK) -> ET.Element:
    found = ET.Element("text", {"x": str(x), "y": str(y), "font-size": "13", "fill": colour})
    found.text = words
    return found
