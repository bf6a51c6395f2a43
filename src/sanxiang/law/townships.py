"""A map of townships as an operator hands it in: GeoJSON (RFC 7946), what is wrong with it, and its outlines as SVG draws them."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

REVIEWED = re.compile(r"\S{1,12}[(（〔\[]\d{4}[)）〕\]]\S{0,6}\d+号")
"""A 审图号: GS（2019）1822号, 鲁SG〔2024〕015号."""
CODE = re.compile(r"\d{9}(\d{3})?")
EAST, NORTH = (73.0, 136.0), (3.0, 54.0)
MOST_SHAPES, MOST_POINTS = 300, 20_000
WIDTH, EDGE = 720.0, 8.0

Point = tuple[float, float]


class NoMap(ValueError):
    """This is no map of townships; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Township:
    """One shape: name, division code, outlines in degrees."""

    name: str
    code: str
    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class Drawn:
    """One shape as SVG has it: `d` of its path, and where its name stands."""

    township: Township
    path: str
    x: float
    y: float


def read(text: str) -> list[Township]:
    """The townships of a GeoJSON text. Raises NoMap."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoMap("不是 JSON，请提供 GeoJSON 文件的内容") from error
    features = (
        told.get("features") if isinstance(told, dict) and told.get("type") == "FeatureCollection" else None
    )
    if not isinstance(features, list) or not features:
        raise NoMap("不是 GeoJSON 的 FeatureCollection，或者其中没有要素")
    if len(features) > MOST_SHAPES:
        raise NoMap(f"有 {len(features)} 个要素，最多 {MOST_SHAPES} 个")
    found = [_township(number, one) for number, one in enumerate(features, 1)]
    codes = [one.code for one in found]
    if double := sorted({code for code in codes if codes.count(code) > 1}):
        raise NoMap(f"行政区划代码重复：{'、'.join(double)}；一个乡镇的几块请合为一个 MultiPolygon")
    if (points := sum(len(ring) for one in found for ring in one.rings)) > MOST_POINTS:
        raise NoMap(f"共有 {points} 个坐标点，最多 {MOST_POINTS} 个，请先简化边界")
    return found


def _township(number: int, feature: Any) -> Township:
    told = feature if isinstance(feature, dict) else {}
    properties, geometry = told.get("properties"), told.get("geometry")
    properties = properties if isinstance(properties, dict) else {}
    name, code = str(properties.get("name") or "").strip(), str(properties.get("code") or "").strip()
    where = f"第 {number} 个要素{f'（{name}）' if name else ''}"
    if not name or len(name) > 30:
        raise NoMap(f"{where}没有名称（properties.name），或者名称超过 30 个字")
    if not CODE.fullmatch(code):
        raise NoMap(f"{where}的行政区划代码（properties.code）应为 9 位或 12 位数字")
    geometry = geometry if isinstance(geometry, dict) else {}
    kind, given = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(given, list):
        raise NoMap(f"{where}应为 Polygon 或者 MultiPolygon")
    polygons = [given] if kind == "Polygon" else given
    rings = [ring for polygon in polygons if isinstance(polygon, list) for ring in polygon]
    if not rings:
        raise NoMap(f"{where}没有边界坐标")
    return Township(name, code, tuple(_ring(where, ring) for ring in rings))


def _ring(where: str, ring: Any) -> tuple[Point, ...]:
    points = [_point(where, one) for one in ring] if isinstance(ring, list) else []
    if len(points) < 4 or points[0] != points[-1]:
        raise NoMap(f"{where}的边界没有闭合，或者不到 4 个点")
    return tuple(points)


def _point(where: str, given: Any) -> Point:
    pair = given[:2] if isinstance(given, list) else []
    if len(pair) < 2 or any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in pair):
        raise NoMap(f"{where}有的坐标不是一对数字（经度、纬度）")
    east, north = float(pair[0]), float(pair[1])
    if not (EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1]):
        raise NoMap(f"{where}有的坐标不在经度 73–136、纬度 3–54 之内，请核对次序（先经度后纬度）和坐标系")
    return east, north


def draw(townships: list[Township]) -> tuple[list[Drawn], int, int]:
    """Every shape in a picture of 720 across, and its width and height. East is narrower than north by the cosine of the latitude."""
    points = [point for one in townships for ring in one.rings for point in ring]
    west, south = min(p[0] for p in points), min(p[1] for p in points)
    east, north = max(p[0] for p in points), max(p[1] for p in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * EDGE) / max((east - west) * narrow, north - south, 1e-9)

    def placed(point: Point) -> Point:
        return EDGE + (point[0] - west) * narrow * scale, EDGE + (north - point[1]) * scale

    drawn = [_drawn(one, [[placed(point) for point in ring] for ring in one.rings]) for one in townships]
    across = (east - west) * narrow * scale + 2 * EDGE
    return drawn, math.ceil(across), math.ceil((north - south) * scale + 2 * EDGE)


def _drawn(township: Township, rings: list[list[Point]]) -> Drawn:
    path = "".join(f"M{'L'.join(f'{x:.0f} {y:.0f}' for x, y in _thinned(ring))}Z" for ring in rings)
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = _middle(largest)
    return Drawn(township, path, round(x, 1), round(y, 1))


def _thinned(ring: list[Point]) -> Iterator[Point]:
    """Without points that lie within a unit of the last one."""
    last: Point | None = None
    for x, y in ring[:-1]:
        if last is None or abs(x - last[0]) >= 1 or abs(y - last[1]) >= 1:
            last = x, y
            yield last


def _area(ring: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _middle(ring: list[Point]) -> Point:
    """The centre of gravity; of a shape without area that of its points."""
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    pairs = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
    x = sum((a[0] + b[0]) * cross for a, b, cross in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * cross for a, b, cross in pairs) / (6 * area)
    return x, y
