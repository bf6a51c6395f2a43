"""What the urging and the application to the court say of 复议 and suit is what the case knows of them."""

import pytest

from play import Clock, Play, make_office, play_of
from sanxiang.demo import stories
from sanxiang.law.clocks import last_day
from sanxiang.law.guards import Refused
from side_stories import BOOK

pytestmark = pytest.mark.django_db

NEITHER = "在法定期限内没有申请行政复议，没有提起行政诉讼"
REMEDIES = ("record-remedy", "end-remedy")


def executing(clock: Clock) -> Play:
    """A fine that is not paid, urged by nobody yet, before anything was done against it."""
    play = play_of(make_office("kaiyuan"), "contested", clock, book=BOOK)
    play.until("record-remedy")
    return play


def urged(play: Play) -> str:
    """What the party is told today; the notice is served at once."""
    play.do("urge", "officer1", urged="十日内缴清")
    notice = stories.served("urge-notice", play.office, play.case)
    play.do("serve", "officer1", **{**notice, "served_on": play.moment.date().isoformat()})
    return said(play, "urge-notice")


def applied(play: Play) -> str:
    """What the court is told, ten days after the notice and after every period."""
    play.pass_days(11)
    play.do("apply-to-court", "agency-head", court="县人民法院", unpaid="罚款")
    return said(play, "court-application")


def said(play: Play, kind: str) -> str:
    """All that the newest paper of that kind says."""
    content = play.case.papers.filter(kind=kind).latest("n").content
    return "".join(block["text"] for block in content["blocks"])


def after(play: Play, limit: str) -> None:
    """Go to the morning after a period of the case."""
    day = last_day(play.case.state, limit, play.pack, stories.calendar())
    while day and play.moment.date() <= day:
        play.pass_days(1)


def test_while_the_periods_run_nobody_says_that_they_were_missed(clock: Clock) -> None:
    text = urged(executing(clock))
    assert "至今没有全部履行该决定" in text and "法定期限" not in text and "没有申请" not in text


def test_who_did_nothing_in_time_is_told_so(clock: Clock) -> None:
    play = executing(clock)
    after(play, "remedy-suit")
    assert f"{NEITHER}，至今没有全部履行该决定" in urged(play)
    assert f"被申请人{NEITHER}，至今没有全部履行该决定" in applied(play)


def test_nobody_is_urged_while_a_review_is_pending(clock: Clock) -> None:
    play = executing(clock)
    play.step()
    with pytest.raises(Refused) as refusal, play.branch():
        urged(play)
    (verdict,) = refusal.value.verdicts
    assert (verdict.guard, verdict.citation) == ("urge.remedies", "《行政强制法》第五十三条")
    assert "终结" in verdict.cure and "再催告" in verdict.cure
    with pytest.raises(Refused) as refusal, play.branch():
        play.do("apply-to-court", "agency-head", court="县人民法院", unpaid="罚款")
    assert "court.periods-over" in {v.guard for v in refusal.value.verdicts}


@pytest.mark.parametrize(
    ("kind", "words", "law"),
    [
        (
            "review",
            ("申请行政复议，县人民政府没有改变该决定（", "复议于"),
            "《中华人民共和国行政复议法》第七十八条",
        ),
        (
            "suit",
            ("提起行政诉讼，县人民政府没有改变该决定（", "诉讼于"),
            "《中华人民共和国行政诉讼法》第九十五条",
        ),
    ],
)
def test_what_left_the_decision_as_it_was_is_told(
    kind: str, words: tuple[str, ...], law: str, clock: Clock
) -> None:
    play = executing(clock)
    for _ in REMEDIES:
        play.step(remedy=kind)
    with play.branch():
        text = urged(play)
        assert all(word in text for word in words)
        assert "没有申请行政复议" not in text and "没有提起行政诉讼" not in text
    if kind == "review":
        after(play, "remedy-suit-after-review")
    text = urged(play)
    assert ("在法定期限内没有提起行政诉讼" in text) == (kind == "review")
    text = applied(play)
    assert law in text and all(word in text for word in words) and NEITHER not in text


def test_a_review_withdrawn_leaves_the_period_of_the_suit(clock: Clock) -> None:
    play = executing(clock)
    play.step()
    play.step(result="withdrawn")
    text = urged(play)
    assert "申请行政复议，后又撤回，至今没有全部履行" in text
    after(play, "remedy-suit")
    assert "后又撤回；在法定期限内没有提起行政诉讼，至今" in applied(play)
