"""Why a decision that is no penalty is major: the norm's criteria, the scheme's own, the catalogue, what somebody raised."""

from typing import Any

import pytest

from sanxiang.law.facts import State, empty_state
from sanxiang.law.packs import load_pack
from sanxiang.law.weighing.review import below_major, major_reasons

NORM = "《国务院办公厅关于全面推行三项制度的指导意见》四（十二）"


def licence(**facts: Any) -> State:
    """A licence under examination of which this is known."""
    state = empty_state("licence", "lic-exam")
    state["facts"] = facts
    return state


@pytest.mark.parametrize("name", ["public_interest", "social_risk", "major_interest", "complex"])
def test_each_criterion_of_the_norm_makes_it_major(name: str) -> None:
    pack = load_pack("laizhou")
    assert major_reasons(pack, licence()) == []
    found = major_reasons(pack, licence(**{name: True}))
    assert [r.citation for r in found] == [NORM]


def test_a_hearing_that_was_held_makes_it_major() -> None:
    state = licence()
    state["last"]["lic-hold-hearing"] = {"n": 5, "on": "2026-03-20", "count": 1, "by": "r1"}
    assert [r.text for r in major_reasons(load_pack("laizhou"), state)] == ["经过听证程序作出决定"]


def test_a_scheme_is_cited_where_it_says_so_itself() -> None:
    found = major_reasons(load_pack("kaiyuan"), licence(complex=True))
    assert len(found) == 1 and "开原市" in found[0].citation


@pytest.mark.parametrize(
    ("stated", "major"), [("", True), ("49999.99", False), ("50000", True), ("60000", True)]
)
def test_an_entry_of_the_catalogue_with_a_sum_takes_in_what_reaches_it_or_states_none(
    stated: str, major: bool
) -> None:
    entry = [{"name": "取水许可", "amount": "5万元以上"}]
    found = major_reasons(load_pack("dongying"), licence(catalogued=entry, decision={"amount": stated}))
    assert bool(found) is major


def test_what_somebody_raised_makes_it_major_under_the_norm() -> None:
    found = major_reasons(load_pack("lingchuan"), licence(raised_major="社会关注"))
    assert ["社会关注" in r.text and r.citation.startswith("《国务院办公厅") for r in found] == [True]


def test_a_case_that_is_not_major_says_what_nobody_found() -> None:
    told = below_major(load_pack("laizhou"), licence())
    assert any("涉及重大公共利益" in r.text and r.citation == NORM for r in told)
    assert not any("行政处罚法" in r.citation for r in told)
