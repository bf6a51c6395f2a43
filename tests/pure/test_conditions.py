"""What a rule's `when` may say of the decision in force: the kinds that it orders, the articles on which it rests."""

import pytest

from sanxiang.law.facts import empty_state
from sanxiang.law.scope import decided_under, known_condition

LAW = "《土地管理法》第七十四条、第七十七条"


@pytest.mark.parametrize(
    ("basis", "met"),
    [
        ("《中华人民共和国土地管理法》第七十七条第一款", True),
        ("依据《水法》第六十五条、《土地管理法》第七十六条、第七十四条的规定", True),
        ("《土地管理法》第七十五条、《水法》第七十四条", False),
        ("《土地管理法实施条例》第七十四条", False),
        ("《土地管理法》", False),
        ("", False),
    ],
)
def test_a_decision_rests_on_the_articles_that_it_cites_of_that_very_law(basis: str, met: bool) -> None:
    state = empty_state("ordinary", "decided")
    state["facts"]["decided"] = {"kinds": ["confiscate-goods"], "basis": basis}
    assert decided_under(state, LAW) is met


def test_a_decision_that_is_no_more_rests_on_nothing() -> None:
    assert not decided_under(empty_state("ordinary", "decided"), LAW)


def test_a_condition_that_cites_nothing_is_not_understood() -> None:
    assert known_condition(f"under:{LAW}") and known_condition(f"not:under:{LAW}")
    for wrong in (
        "under:",
        "under:土地管理法第七十四条",
        "under:《土地管理法》",
        "below:《土地管理法》第七十四条",
    ):
        assert not known_condition(wrong), wrong
