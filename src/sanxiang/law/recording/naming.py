"""What the name of a recording says 文件名: which device, whose, begun when. Body cameras write it in many ways; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

USUAL = (
    r"(?P<device>[A-Za-z0-9-]+)[_@](?P<officer>[A-Za-z0-9]{4,20})[_@](?P<began>\d{14})",
    r"(?P<device>[A-Za-z0-9-]+)[_@](?P<began>\d{14})",
    r"(?P<device>[A-Za-z0-9]+)[_-](?P<began>\d{8}[_-]?\d{6})",
    r"(?P<began>\d{4}-\d{2}-\d{2}[ _T-]\d{2}[-.]\d{2}[-.]\d{2})",
    r"(?:VID|REC|IMG|MOV|DSJ)?[_-]?(?P<began>\d{8}[_-]?\d{6})",
)
"""Names as devices commonly write them: number, officer, moment; number and moment; the moment alone. The first that fits counts."""


@dataclass(frozen=True)
class Named:
    """What a name says; "" where it does not."""

    device: str
    officer: str
    began: datetime


def named(name: str, patterns: Iterable[str] = ()) -> Named | None:
    """What a file's name says, by the locality's own patterns first; None where none of them finds a moment."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    for pattern in (*patterns, *USUAL):
        match = re.match(pattern, stem)
        told = match.groupdict() if match else {}
        began = moment_in(told.get("began") or "")
        if began is not None:
            return Named(told.get("device") or "", told.get("officer") or "", began)
    return None


def moment_in(text: str) -> datetime | None:
    """A moment of fourteen digits, whatever stands between them; None where they are none."""
    digits = re.sub(r"\D", "", text)
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S") if len(digits) == 14 else None
    except ValueError:
        return None


def faulty(patterns: Iterable[str]) -> list[str]:
    """Patterns that no program can read, or that name no moment."""
    found = []
    for pattern in patterns:
        try:
            if "began" not in re.compile(pattern).groupindex:
                found.append(pattern)
        except re.error:
            found.append(pattern)
    return found
