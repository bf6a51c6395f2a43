"""Patterns of looks 调阅分析: what stands out in the record of who looked at what, by rules and thresholds that the pack states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.packs import Pack

WINDOW, BEFORE = 30, 60
"""Days that are looked at, and days before them that say what is usual."""


@dataclass(frozen=True)
class Pattern:
    """One kind of thing to ask about. `at` is the count from which it is told; the rest is for one way of asking alone."""

    id: str
    label: str
    asks: str
    at: int
    times: int
    newcomer: int
    begin: int
    end: int
    citation: str

    def stands_out(self, found: Mapping[str, Any]) -> bool:
        """Is what was found to be asked about?"""
        return ASKED[self.asks](self, found)

    @property
    def rule(self) -> str:
        """The threshold in words."""
        return WORDS[self.id].format(self=self, window=WINDOW)


def patterns_of(pack: Pack) -> list[Pattern]:
    """The patterns in the order of the pack."""
    return [
        Pattern(
            str(b.data["id"]),
            str(b.data["label"]),
            str(b.data["asks"]),
            int(b.data["at"]),
            int(b.data.get("times", 0)),
            int(b.data.get("newcomer", 0)),
            int(b.data.get("begin", 0)),
            int(b.data.get("end", 24)),
            str(b.citation),
        )
        for b in pack.of_kind("pattern")
    ]


def _volume(pattern: Pattern, found: Mapping[str, Any]) -> bool:
    looks = int(found["looks"])
    return looks >= pattern.at and looks >= pattern.times * float(found["usual"])


def _hours(pattern: Pattern, found: Mapping[str, Any]) -> bool:
    hour = int(found["hour"])
    return not found["workday"] or hour < pattern.begin or hour >= pattern.end


ASKED: Mapping[str, Callable[[Pattern, Mapping[str, Any]], bool]] = {
    "volume": _volume,
    "hours": _hours,
    "cases": lambda pattern, found: int(found["cases"]) >= pattern.at,
    "looks": lambda pattern, found: int(found["looks"]) >= pattern.at,
}
"""The ways in which a pattern asks."""

WORDS = {
    "volume": "一天 {self.at} 次以上，并且达到本人平时的 {self.times} 倍；没有平时数的按每天 {self.newcomer} 次比",
    "hours": "{self.begin} 时之前、{self.end} 时起或者休息日",
    "outside": "{window} 日内没有职责而调阅 {self.at} 件以上",
    "party": "{window} 日内没有职责而调阅同一当事人 {self.at} 件以上",
    "closed": "{window} 日内没有职责而打开或者试图打开 {self.at} 次以上",
    "refused": "{window} 日内 {self.at} 次以上没有提供",
}
