"""Full-process recording 全程音像记录: from the beginning of an activity to its end without a hole."""

from collections.abc import Iterable, Mapping
from datetime import datetime

Span = tuple[str, str]
"""From one moment to another, as forms state them: 2026-03-02T09:30."""


def gaps(began: str, ended: str, clips: Iterable[Mapping[str, str]], tolerance: int = 0) -> list[Span]:
    """The stretches of an activity that no clip covers and that are longer than `tolerance` seconds.

    An activity whose beginning or end nobody stated is one gap as a whole: nothing shows that it was covered.
    """
    first, last = moment(began), moment(ended)
    if first is None or last is None:
        return [(began, ended)]
    spans = sorted(
        (start, end)
        for clip in clips
        if (start := moment(clip["began"])) and (end := moment(clip["ended"])) and start <= end
    )
    found, at = [], first
    for start, end in [*spans, (last, last)]:
        hole = min(start, last)
        if (hole - at).total_seconds() > tolerance:
            found.append((_told(at), _told(hole)))
        at = max(at, end)
    if not spans and not found and first == last:
        return [(began, ended)]
    return found


def moment(text: str) -> datetime | None:
    """A stated moment; None where only a day, or nothing, is stated."""
    try:
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None


def _told(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def minutes(span: Span) -> int:
    """How many minutes a gap lasts, begun ones counted; 0 where its ends are not known."""
    first, last = moment(span[0]), moment(span[1])
    return -(-int((last - first).total_seconds()) // 60) if first and last else 0
