"""No ISO date in anything that people read: every verdict that the packs' own examples bring about is looked at."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.examples import example_facts, own, put, told
from sanxiang.law.guards import Verdict, judge
from sanxiang.law.packs import Pack, list_packs, load_pack
from sanxiang.speech import cn_day, cn_moment

ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|T\d{2}:\d{2}")


def verdicts_of(pack: Pack) -> Iterator[Verdict]:
    """What each example of an act is told, in each of its variations."""
    for block in own(pack):
        raw = told(pack, block)
        if "act" in raw:
            tried = [*raw.get("passes", ()), *raw.get("refuses", ())] if "vary" in raw else []
            for one in [put(raw, raw["vary"], value) for value in tried] or [raw]:
                yield from judge(example_facts(pack, one))


@pytest.mark.parametrize("name", list_packs())
def test_verdicts_write_dates_as_papers_do(name: str) -> None:
    found = list(verdicts_of(load_pack(name)))
    for verdict in found:
        said = f"{verdict.fact}{verdict.cure}"
        assert not ISO.search(said), (verdict.guard, said)
    if name == "national":
        assert any("2026年3月9日" in verdict.fact for verdict in found)


CODE = re.compile(r"[a-z]{3,}")
KEY = re.compile(r"[a-z]+(\.[a-z_]+)+")
"""A parameter is named by its key, because that is what must be written into the pack."""

GIVEN = {"evidence.known", "publication.clean", "publish.scans-seen"}
"""These repeat what somebody sent."""


def test_verdicts_name_things_as_pages_do() -> None:
    for verdict in verdicts_of(load_pack("national")):
        said = KEY.sub("", f"{verdict.fact}{verdict.cure}")
        assert verdict.guard in GIVEN or not CODE.search(said), (verdict.guard, said)


def test_kinds_of_penalty_have_one_name() -> None:
    decision = load_pack("national").acts["draft-decision"].field("decision")
    assert decision is not None
    kinds = next(column for column in decision.columns if column.name == "kinds")
    assert dict(kinds.options) == KIND_NAMES


@pytest.mark.parametrize(
    ("value", "day", "moment"),
    [
        (date(2026, 1, 5), "2026年1月5日", "2026年1月5日"),
        (datetime(2026, 11, 27, 9, 5), "2026年11月27日", "2026年11月27日9时05分"),
        ("2026-11-27", "2026年11月27日", "2026年11月27日"),
        ("2026-11-27T09:20", "2026年11月27日", "2026年11月27日9时20分"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("20260101", "20260101", "20260101"),
        (0, "0", "0"),
        (None, "", ""),
    ],
)
def test_days_and_moments(value: Any, day: str, moment: str) -> None:
    assert (cn_day(value), cn_moment(value)) == (day, moment)
