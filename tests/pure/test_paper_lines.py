"""What a template writes on a line of its own stands on a line of its own: a heading, an item, a row, a paragraph."""

import copy
import dataclasses
import re
from typing import Any

import pytest

from paper_cast import WORDS, context_for, full_state, issued, pack
from sanxiang.cases.papers.markup import LEADS, RULE, Block
from sanxiang.cases.papers.typeset import PaperIncomplete, compose
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act

ISSUED = [pytest.param(act, paper, id=f"{act.id}-{paper}") for act, paper in issued()]
TAGS = re.compile(r"(?:\{%.*?%\}\s*)+")
INCLUDED_ALONE = {
    name
    for rule in pack().papers.values()
    for name in re.findall(r"^\{% include '([^']+)' %\}$", rule.body, re.M)
}
MARK, HEADING = "\ue000", "\ue001"
"""Signs of nobody's, one put before what each line of a template says."""
BARE = {"discretion": "", "correction": "", "other": "", "tier": "", "departure": ""}
TIERED = {"tier": "从轻", "departure": "情节特殊", "discretion": "适用从轻档次。"}


def marked(body: str) -> str:
    """The template with a sign on each line that prints something."""
    return "\n".join(_marked_line(line) for line in body.split("\n"))


def _marked_line(line: str) -> str:
    if not line.strip() or TAGS.fullmatch(line) or RULE.match(line) or line.startswith("["):
        return line
    if line.startswith("|"):
        return f"|{MARK}{line[1:]}"
    lead = next((sign for sign in LEADS if line.startswith(sign)), "")
    return f"{lead}{HEADING if lead == '## ' else MARK}{line[len(lead) :]}"


def marked_pack() -> Pack:
    """The pack with every line of its templates marked, but for parts that stand inside a line."""
    papers = {
        rule.id: dataclasses.replace(rule, body=marked(rule.body))
        if rule.kind != "part" or rule.id in INCLUDED_ALONE
        else rule
        for rule in pack().papers.values()
    }
    return dataclasses.replace(pack(), papers=papers, digest="marked")


MARKED = marked_pack()


def lines_of(blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    """Kind and text of each line of a paper; a row of a table is one."""
    found = [(block.kind, block.text) for block in blocks if block.kind != "table"]
    return found + [("row", "".join(c.text + c.foot for c in row)) for b in blocks for row in b.rows]


def told(penalty: dict[str, Any], procedure: str) -> dict[str, Any]:
    """The invented case, its penalty told otherwise."""
    state = full_state(procedure)
    for name in ("decision", "decided", "proposal"):
        if name in state["facts"]:
            state["facts"][name] = {**state["facts"][name], **penalty}
    return state


@pytest.mark.parametrize("penalty", [{}, BARE, TIERED], ids=["told", "bare", "tiered"])
@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_no_line_of_a_template_runs_into_another(act: Act, paper: str, penalty: dict[str, Any]) -> None:
    case = context_for(act, paper)
    state = {**case.state, **told(penalty, case.state["procedure"])} if penalty else case.state
    data = copy.deepcopy(WORDS[act.id])
    try:
        blocks = compose(
            MARKED.papers[paper], dataclasses.replace(case, pack=MARKED, state=state, data=data)
        ).blocks
    except PaperIncomplete:
        assert penalty is BARE, "only what a case lacks may be missing"
        return
    lines = lines_of(blocks)
    assert [text for _, text in lines if text.count(MARK) + text.count(HEADING) > 1] == []
    assert {kind for kind, text in lines if HEADING in text} <= {"heading"}
    assert not [text for _, text in lines if "##" in text or "{{" in text or "{%" in text]


def test_the_parts_of_a_decision_stand_under_their_headings() -> None:
    act = pack().acts["decide"]
    blocks = compose(pack().papers["penalty-decision"], context_for(act, "penalty-decision")).blocks
    assert [block.text.partition("、")[0] for block in blocks if block.kind == "heading"] == list(
        "一二三四五"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<< 甲{% if facts.cause %}乙{% endif %}\n## 丙",
        "{% if facts.cause %}\n<< 甲乙\n{% endif %}\n## 丙",
        "<< 甲{% include 'part-discretion' %}\n## 丙",
        "<< 甲乙\n{% include 'part-discretion' %}\n## 丙",
        "<< 甲乙{# 说明 #}\n## 丙",
        "<< 甲乙\n{# 说明 #}\n{% set x = 1 %}{% set y = 2 %}\n## 丙",
    ],
)
def test_a_line_ends_where_its_template_ends_it(body: str) -> None:
    """Wherever tags stand: only a line of nothing but tags prints no line."""
    rule = dataclasses.replace(pack().papers["closing-form"], body=body)
    blocks = compose(rule, context_for(pack().acts["close"], "closing-form")).blocks
    assert (blocks[-1].kind, blocks[-1].text) == ("heading", "丙")
    assert blocks[0].text.startswith("甲") and "丙" not in blocks[0].text


TABLE = """|==|--|==|--|
{% if true %}
| 甲 | 乙 |
{% endif %}
{% include 'part-party-rows' %}
| 丙 | 丁 |
{% for x in [1] %}
| 戊 | {% if x %}己{% endif %} |
{% endfor %}
| 庚 | 辛 |"""


def test_rows_around_tags_stay_one_table() -> None:
    rule = dataclasses.replace(pack().papers["closing-form"], body=TABLE)
    blocks = compose(rule, context_for(pack().acts["close"], "closing-form")).blocks
    assert [block.kind for block in blocks] == ["table"] and len(blocks[0].rows) == 7
