"""撤下其他渠道: what hands put up goes when the decision goes, in each place by itself, and the desk says where it still hangs."""

from datetime import datetime, timedelta

import pytest

from api_client import Api
from knocks import refused_everywhere
from play import CHINA, Clock, Play, make_office
from publishing import begun, listed, page, supervisor_above
from sanxiang.demo.people import Office
from sanxiang.demo.stories import SUMMARY, digest_of
from sanxiang.door.expiring import expire_due
from sanxiang.door.models import Task
from sanxiang.door.verifying.database import verify_all

pytestmark = pytest.mark.django_db

SPRING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
CHANNELS = {"website": "政府网站", "notice-board": "办事大厅公示栏"}


def put_up(office: Office, clock: Clock, story: str = "summary") -> Play:
    """A decision that is public here, on the government's site and on the board in the hall."""
    play = begun(office, story, clock, SPRING, "record-payment")
    for channel in CHANNELS:
        posted(play, channel)
    return play


def posted(play: Play, channel: str) -> None:
    at = play.moment + timedelta(minutes=20)
    play.do("post-channel", "disclosure-editor", channel=channel, posted_at=f"{at:%Y-%m-%dT%H:%M}")


def taken_down(play: Play, channel: str, **more: str) -> None:
    at = play.moment + timedelta(minutes=20)
    play.do("take-down-channel", "disclosure-editor", channel=channel, down_at=f"{at:%Y-%m-%dT%H:%M}", **more)


def waiting(play: Play) -> dict[str, str]:
    """The open tasks to take something down, with their last days, as the editor's list has them."""
    tasks = Api(play.person("disclosure-editor")).get("/tasks")["items"]
    return {t["title"]: t["due"] for t in tasks if t["kind"] == "take-down-channel"}


def faults() -> list[str]:
    return [str(fault) for fault in verify_all() if fault.what != "log"]


@pytest.mark.parametrize("locality", ["kaiyuan", "laizhou"])
def test_each_place_where_hands_put_up_a_withdrawn_decision_is_taken_down_in_time(
    locality: str, clock: Clock
) -> None:
    """A task for each, three working days; late, the case is on the supervisor's list; who took it down, where and when, is on record."""
    office = make_office(locality)
    supervisor, head = supervisor_above(office.agency), office.people["agency-head"]
    play = put_up(office, clock)
    here, over = f"/desk/publications/{play.case_id}/", "/desk/publications/coverage/"
    assert waiting(play) == {} and "还没有撤下" not in page(head, here)
    play.withdraw("经复议撤销")
    first = waiting(play)
    assert set(first) == {f"撤下其他渠道的公示：{label}" for label in CHANNELS.values()}
    assert set(first.values()) == {"2026-03-10"}, "three working days after Thursday"
    seen = page(head, here)
    assert seen.count("还没有撤下") == 2 and "在公示平台查看" not in seen
    assert page(head, over).count("还在期限内") >= 2
    wrong = play.attempt(
        "take-down-channel", "disclosure-editor", channel="counter", down_at=f"{play.moment:%Y-%m-%dT%H:%M}"
    )
    assert refused_everywhere(wrong).guards >= {"take-down.posted"}
    taken_down(play, "notice-board", down_where="一楼大厅东墙", down_by="白川")
    assert set(waiting(play)) == {"撤下其他渠道的公示：政府网站"}
    seen = page(head, here)
    assert "一楼大厅东墙，白川" in seen and seen.count("还没有撤下") == 1
    play.at(datetime(2026, 3, 11, 9, 0, tzinfo=CHINA))
    assert "超期没有撤下" in page(head, over) and str(play.case_id) in [
        one["id"] for one in listed(supervisor)
    ]
    (late,) = Api(head).get("/disclosure/coverage?year=2026")["still_up"]
    assert (late["id"], late["channel"], late["due"]) == (str(play.case_id), "政府网站", "2026-03-10")
    taken_down(play, "website")
    assert waiting(play) == {} and listed(supervisor) == []
    assert office.people["disclosure-editor"].name in page(head, here) and "还没有撤下" not in page(
        head, here
    )
    again = play.attempt(
        "take-down-channel", "disclosure-editor", channel="website", down_at=f"{play.moment:%Y-%m-%dT%H:%M}"
    )
    assert refused_everywhere(again).guards >= {"take-down.posted"}
    assert faults() == []


def test_what_is_put_right_is_taken_down_elsewhere_or_exchanged_for_the_new_text(clock: Clock) -> None:
    """Until then the old text is due in each place; the new one on the board ends that, an old one put up meanwhile is due too."""
    play = put_up(make_office("laizhou"), clock)
    told = {"error_source": "own", "found_wrong_on": play.moment.date().isoformat(), "public_note": "有误"}
    play.do("correct-publication", "disclosure-editor", **told)
    assert len(waiting(play)) == 2
    posted(play, "counter")
    assert len(waiting(play)) == 3, "the text that was found wrong was put up in one more place"
    taken_down(play, "counter")
    play.do("prepare-publication", "disclosure-editor", plain_summary=f"更正：{SUMMARY}")
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    assert len(waiting(play)) == 2, "the old text still hangs there"
    desk = page(play.person("disclosure-editor"), f"/desk/publications/{play.case_id}/")
    assert desk.count("不是现在的文本") == 2 and desk.count("还没有撤下") == 2
    posted(play, "notice-board")
    assert set(waiting(play)) == {"撤下其他渠道的公示：政府网站"}
    taken_down(play, "website")
    assert waiting(play) == {} and faults() == []


def test_what_is_over_goes_from_every_place_where_hands_put_it(clock: Clock) -> None:
    """The clock takes the decision off the portal; a person takes it off the wall, and the closed case waits for that."""
    play = put_up(make_office("laizhou"), clock)
    play.until("archive")
    row = play.case.publications.get()
    assert play.case.closed and waiting(play) == {}
    type(row).objects.filter(pk=row.pk).update(display_until=play.moment.date(), n=row.n + 1)
    play.at(play.moment + timedelta(days=1))
    assert expire_due(clock.now) == 1
    assert len(waiting(play)) == 2 and play.case.next_due is not None
    for channel in CHANNELS:
        taken_down(play, channel)
    assert not Task.objects.filter(case=play.case_id, kind="take-down-channel", closed_n=None)


def test_nothing_was_put_up_before_it_was_public_nor_tomorrow(clock: Clock) -> None:
    play = begun(make_office("laizhou"), "summary", clock, SPRING, "record-payment")
    first = datetime.fromisoformat(play.case.state["publication"]["channels"]["portal"]["at"])
    for at in (first - timedelta(minutes=1), play.moment + timedelta(days=1)):
        told = {"channel": "website", "posted_at": f"{at:%Y-%m-%dT%H:%M}"}
        knock = play.attempt("post-channel", "disclosure-editor", **told)
        assert refused_everywhere(knock).guards == {"post.moment"}, at
