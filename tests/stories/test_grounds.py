"""What a penalty rests on: articles that exist, a fine in the range of the item, and what the party was told on the spot."""

import html
from typing import Any

import pytest

from knocks import Answer, fact_of, refused_everywhere, signed_in
from play import Clock, Play, accepted, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import stories
from sanxiang.registers.models import Statute
from side_stories import BOOK
from spoilers_inquiry import list_of_items

pytestmark = pytest.mark.django_db


def play_of(story: str, clock: Clock, until: str = "") -> Play:
    """A story of the book, played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    if until:
        play.until(until)
    return play


def refused(play: Play, act: str, field: str, **told: str) -> Answer:
    """The refusal of a penalty with some of its words changed."""
    return refused_everywhere(play.knock(act, after=0, **{field: {**stories.penalty("200"), **told}}))


@pytest.mark.parametrize(
    ("story", "act", "field"),
    [
        ("summary", "decide-on-spot", "decision"),
        ("ordinary", "conclude-investigation", "proposal"),
        ("ordinary", "draft-decision", "decision"),
    ],
)
def test_what_was_broken_and_the_ground_are_articles(story: str, act: str, field: str, clock: Clock) -> None:
    play = play_of(story, clock, act)
    for column, words in (("violated", "随便写写"), ("basis", "水法第六十九条"), ("basis", "《水法》")):
        answer = refused(play, act, field, **{column: words})
        assert answer.guards == {"grounds-cited"}
        assert words in fact_of(answer, "grounds-cited")
        assert any("如：《水法》第四十八条第一款" in cure for *_, cure in answer.refused)


def test_an_article_that_the_imported_text_lacks(clock: Clock) -> None:
    """Asked only of laws whose text is here, with or without 中华人民共和国."""
    play = play_of("summary", clock, "decide-on-spot")
    Statute.objects.create(name="水法", version="2016-07-02", articles={"第六十九条": "文字"}, digest="d")
    answer = refused(play, "decide-on-spot", "decision", basis="《中华人民共和国水法》第一百条")
    assert answer.guards == {"grounds-cited"}
    assert "没有《水法》第一百条" in fact_of(answer, "grounds-cited")
    there = stories.penalty("200") | {"basis": "《中华人民共和国水法》第六十九条第一项、《防洪法》第九百条"}
    accepted(play.knock(after=0, decision=there), play)


def ranged(clock: Clock) -> Play:
    """A case on the spot whose item has a range of fines."""
    play = play_of("summary", clock)
    list_of_items(play, **{"罚款下限（元）": "500", "罚款上限（元）": "2,000"})
    play.step(item="取水许可")
    play.until("decide-on-spot", tell_on_spot={"told_fine": "3000"})
    return play


def test_the_fine_keeps_within_the_range_of_the_item(clock: Clock) -> None:
    play = ranged(clock)

    def fined(fine: str, **more: Any) -> Any:
        return play.knock(after=0, decision=stories.penalty("500") | {"fine": fine}, **more)

    for fine in ("499.99", "2000.01"):
        answer = refused_everywhere(fined(fine))
        assert answer.guards == {"fine-in-range"}
        assert "最低500元、最高2,000元" in fact_of(answer, "fine-in-range")
    accepted(fined("500"), play)
    accepted(fined("2000"), play)
    accepted(fined("100", circumstances=["merit"]), play)
    assert refused_everywhere(fined("2000.01", circumstances=["merit"])).guards == {"fine-in-range"}


def test_the_decision_prints_what_was_told_on_the_spot(clock: Clock) -> None:
    """Contents, facts, ground and rights are asked for, and stand in the decision as they were told (第四十四条)."""
    play = play_of("summary", clock, "tell-on-spot")
    for name in ("told_kinds", "told_reason", "told_basis", "told_rights"):
        answer = refused_everywhere(play.knock(after=0, **{name: None}))
        assert answer.guards == {f"field:{name}"}
        assert {cite for _, cite, *_ in answer.refused} == {"《行政处罚法》第四十四条"}
    play.step(told_content="并当场教育")
    play.step()
    paper = Paper.objects.get(case_id=play.case_id, kind="spot-decision")
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{paper.pk}/")
    text = html.unescape(page.content.decode())
    assert "拟作出的行政处罚：罚款贰佰元整（200元）" in text and "并当场教育" in text


def test_no_heavier_on_the_spot_than_was_told(clock: Clock) -> None:
    """Told of 200 and fined 3,000, the party has not been heard on it: it is told again first; less may be decided at once."""
    play = play_of("summary", clock, "tell-on-spot")
    answer = refused_everywhere(play.knock(after=0, told_fine=None))
    assert answer.guards == {"told.fine"}
    play.step(told_kinds=["fine"], told_fine="1000")
    for fine in ("1000.01", "2000"):
        answer = refused_everywhere(play.knock(after=0, decision=stories.penalty("200") | {"fine": fine}))
        assert answer.guards == {"summary.as-told"}
        assert "1,000元" in fact_of(answer, "summary.as-told")
        assert "重新办理“口头告知并听取陈述申辩”" in answer.refused[0][3]
    for fine in ("500", "1000"):
        accepted(play.knock(after=0, decision=stories.penalty(fine)), play)
    play.position -= 1
    play.step(told_fine="2000")
    accepted(play.knock(after=0, decision=stories.penalty("2000")), play)


def test_a_fine_over_the_limit_is_lowered_first(clock: Clock) -> None:
    play = play_of("summary", clock, "decide-on-spot")
    answer = refused_everywhere(play.knock(decision=stories.penalty("3001")))
    (cure,) = {cure for guard, *_, cure in answer.refused if guard == "summary.amount"}
    assert cure.index("改为3,000元以内") < cure.index("普通程序")
