"""Evidence as pages 证据入卷: how many pages a file makes, and those pages as pictures.

What strangers sent is opened in a process of its own that may use so much memory and time and no more: a file that breaks it, or that is
too much, stands in the volume as one slip with its digest, and the original lies in the file byte for byte.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SECONDS = 1200
"""The process of its own ends itself after half of that, counted in its own time."""

STARTS = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
)


Picture = tuple[Path, int, int]
"""A page as a JPEG: where it is, width and height in pixels."""


def form_of(head: bytes) -> str:
    """By its first bytes, whatever it is called: `pdf`, `image`, or "" for what has no pages."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    return next((form for start, form in STARTS if head.startswith(start)), "")


def counts(files: Sequence[Path]) -> list[int]:
    """How many pages each of these files makes; 0 for one that makes none. One process for all, then one for each if it broke."""
    if not files:
        return []
    told = _child("count", *map(str, files))
    if told is not None:
        return [int(n) for n in json.loads(told)]
    if len(files) == 1:
        return [0]
    return [n for file in files for n in counts([file])]


def pictures(wanted: Sequence[tuple[Path, Path]]) -> list[list[Picture]]:
    """The pages of each file as JPEGs in the folder beside it, in order; none of a file that cannot be shown."""
    if not wanted:
        return []
    told = _child("draw", *(str(path) for pair in wanted for path in pair))
    if told is not None:
        return [
            [(folder / name, width, height) for name, width, height in names]
            for names, (_, folder) in zip(json.loads(told), wanted, strict=True)
        ]
    if len(wanted) == 1:
        return [[]]
    return [pages for pair in wanted for pages in pictures([pair])]


def shown(file: Path, folder: Path, first: int, many: int, mark: str) -> list[bytes]:
    """Some pages of a file as JPEGs that bear a mark, to be looked at on line; none of a file that cannot be shown."""
    told = _child("show", str(file), str(folder), str(first), str(many), mark)
    return [(folder / str(name)).read_bytes() for name in json.loads(told)] if told else []


def _child(*words: str) -> str | None:
    """What the process says; None where it broke or took too long."""
    command = [sys.executable, "-m", "sanxiang.cases.dossier.drawing", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
