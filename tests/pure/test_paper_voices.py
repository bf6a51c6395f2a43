"""Nobody is made to say in a paper what nobody said: an opinion stands there by an act, or its cell is left to be written in."""

import dataclasses

import pytest

from paper_cast import context_for, pack
from sanxiang.cases.papers.typeset import compose

SIGN = "签名：　"
"""A foot that waits for a hand."""


def cells(act: str, paper: str, **actor: str) -> dict[str, tuple[str, str]]:
    """What stands beside each label of a form, and at the foot of it."""
    case = context_for(pack().acts[act], paper)
    if actor:
        case = dataclasses.replace(case, actor={**case.actor, **actor})
    rows = [row for block in compose(pack().papers[paper], case).blocks for row in block.rows]
    return {row[0].text: (row[1].text, row[1].foot) for row in rows if len(row) > 1}


@pytest.mark.parametrize(("act", "paper"), [("file", "filing-form"), ("close", "closing-form")])
def test_the_unit_and_the_handlers_say_nothing_that_they_did_not_say(act: str, paper: str) -> None:
    found = cells(act, paper)
    for who in ("承办人意见", "承办机构意见"):
        text, foot = found[who]
        assert text == "" and foot.startswith(SIGN)
    assert found["负责人审批意见"][1].startswith("签名：秦禾")


@pytest.mark.parametrize("paper", sorted(pack().papers))
def test_no_template_has_an_opinion_of_a_unit_ready_made(paper: str) -> None:
    for line in pack().papers[paper].body.split("\n"):
        if line.startswith("| 承办机构"):
            assert line.split("|")[2].split(">>")[0].strip() == "", line


def test_only_the_head_signs_for_the_head() -> None:
    by_head = cells("resume", "suspension-form", post="行政机关负责人", name="秦禾")
    assert by_head["负责人审批意见"] == ("同意恢复调查。", "签名：秦禾　　2026年11月21日")
    by_officer = cells("resume", "suspension-form", post="执法人员", name="林青")
    assert by_officer["承办人意见"][1].startswith("签名：林青")
    text, foot = by_officer["负责人审批意见"]
    assert text == "" and foot.startswith(SIGN)
