"""Who has to sign a paper, under which article, and what stands in for a signature that is refused.

A pack says so in `signature` blocks under the article that asks; for `papers = ["*"]` it says only who signs at a place that is called so,
and the article is the one under which the paper itself stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import dist
from typing import Any

from sanxiang.law.packs import Pack
from sanxiang.law.rules import as_tuple

PARTY, THIRD, WITNESS, OFFICER = "party", "third", "witness", "officer"
"""Who signs; a third is who does something for the agency or at its word: the bank, whoever acts in the party's place."""
NOTED, WITNESSED, NEVER = "note", "witness", "none"
"""What a refusal takes: that it is noted, a witness or a picture besides, or that it cannot be: nobody's own officers refuse."""
SCANNED = "scan"
"""How a paper was signed of which the signed original was scanned."""
MOST_STROKES, MOST_POINTS, SHORTEST = 200, 5000, 100
"""Of a signature; a path shorter than that, in units of a canvas 600 wide, is a slip of the finger."""
LARGEST_SIDE = 4000

Strokes = list[list[tuple[int, int, int]]]
"""Each stroke as its points: x, y, milliseconds since the first touch."""


@dataclass(frozen=True)
class Asked:
    """What is asked of one place to sign: who, by which article, what a refusal takes, and in which role, where not every officer may."""

    place: str
    who: str
    citation: str
    refusal: str
    roles: tuple[str, ...] = ()


def asked(pack: Pack, kind: str, place: str) -> Asked:
    """Who signs there. What no block names is the party's, under the paper's own article."""
    blocks = [b for b in pack.of_kind("signature") if place in as_tuple(b.data.get("places"))]
    own = next((b for b in blocks if kind in as_tuple(b.data.get("papers"))), None)
    named = own or next((b for b in blocks if "*" in as_tuple(b.data.get("papers"))), None)
    who = str(named.data.get("who", PARTY)) if named else PARTY
    rule = pack.papers.get(kind)
    cite = str(own.citation) if own else str(rule.citation) if rule else ""
    refusal = str(named.data.get("refusal", NOTED)) if named else NOTED
    roles = as_tuple(named.data.get("roles")) if named else ()
    return Asked(place, who, cite, refusal if who in (PARTY, THIRD) else NEVER, roles)


@dataclass(frozen=True)
class Drawn:
    """A signature as it was written: the canvas and its strokes."""

    width: int
    height: int
    strokes: Strokes


def drawn(text: str) -> Drawn:
    """The strokes that a page sent. Raises ValueError, in Chinese, for what is no signature."""
    try:
        raw = json.loads(text)
        found = Drawn(int(raw["w"]), int(raw["h"]), [[_point(p) for p in one] for one in raw["s"]])
    except (ValueError, KeyError, TypeError):
        raise ValueError("笔迹的数据看不懂") from None
    points = [point for one in found.strokes for point in one]
    if not (0 < found.width <= LARGEST_SIDE and 0 < found.height <= LARGEST_SIDE):
        raise ValueError("签名框的大小不对")
    if any(not (0 <= x <= found.width and 0 <= y <= found.height and t >= 0) for x, y, t in points):
        raise ValueError("笔迹超出了签名框")
    if len(found.strokes) > MOST_STROKES or len(points) > MOST_POINTS:
        raise ValueError("笔迹太长")
    if length(found.strokes) * 600 / found.width < SHORTEST:
        raise ValueError("没有写下姓名，或者笔迹太短")
    return found


def _point(raw: Any) -> tuple[int, int, int]:
    x, y, t = (int(value) for value in raw)
    return x, y, t


def trace_of(text: str) -> str:
    """The digest of a signature's lines, wherever on the canvas and however fast they were drawn: no hand draws the same twice."""
    found = drawn(text)
    left = min(x for one in found.strokes for x, _, _ in one)
    top = min(y for one in found.strokes for _, y, _ in one)
    lines = [[(x - left, y - top) for x, y, _ in one] for one in found.strokes]
    return sha256(json.dumps(lines).encode()).hexdigest()


def length(strokes: Strokes) -> float:
    """How far the pen went."""
    return sum(dist(a[:2], b[:2]) for one in strokes for a, b in pairwise(one))


def standing(state: Mapping[str, Any], paper: str, digest: str) -> list[Mapping[str, Any]]:
    """The signatures that hold for this paper as it now reads; none of another text."""
    return [row for row in state.get("signatures", ()) if row["paper"] == paper and row["digest"] == digest]


def file_of(state: Mapping[str, Any], paper: str) -> str:
    """The digest of the newest file of a paper that bears signatures or the seal; "" where it bears neither."""
    made = [row for row in state.get("signatures", ()) if row["paper"] == paper and row.get("pdf")]
    made += [p["sealed"] for p in state["papers"].values() if p.get("id") == paper and p.get("sealed")]
    newest = max(made, key=lambda row: int(row["n"]), default=None)
    return str(newest["pdf"]) if newest else ""


def marks_on(state: Mapping[str, Any], paper: str) -> set[str]:
    """The marks of what the signed file of a paper shows: strokes and names."""
    return {str(row.get("sight", "case")) for row in state.get("signatures", ()) if row["paper"] == paper}


def unsigned(pack: Pack, state: Mapping[str, Any]) -> list[tuple[str, Asked]]:
    """Of papers that are being signed here: the kind, and each place that nobody has signed and nobody has lawfully refused.

    A witness's place stays empty where there was no witness; papers of which nothing was signed here are signed in print.
    """
    found = []
    for paper, kind in {row["paper"]: row["kind"] for row in state.get("signatures", ())}.items():
        rows = [row for row in state["signatures"] if row["paper"] == paper]
        if any(row["way"] == SCANNED for row in rows):
            continue  # signed in print, and the original is on file
        settled = {row["place"] for row in rows}
        open_ = [asked(pack, kind, name) for name in rows[-1]["places"] if name not in settled]
        found += [(kind, one) for one in open_ if one.who != WITNESS]
    return found


def scans_of(state: Mapping[str, Any], paper: str, digest: str) -> list[Mapping[str, Any]]:
    """The scans of the signed original of this text, each with the digests of its files."""
    return [row for row in standing(state, paper, digest) if row["way"] == SCANNED]
