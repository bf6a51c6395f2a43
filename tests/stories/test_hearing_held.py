"""The hearing that is held is the hearing that was told (行政处罚法 第六十四条): its day, its host, the party there."""

import html

import pytest

from knocks import fact_of, refused_everywhere, signed_in
from play import LOCALITIES, Clock, Play, accepted, make_office, play_of
from sanxiang.cases.models import Paper
from sanxiang.demo.stories import TO_HEARING, later
from sanxiang.speech import cn_day
from side_stories import REASON

pytestmark = pytest.mark.django_db


def told(clock: Clock, locality: str = "kaiyuan") -> Play:
    """A case whose party has the notice of the hearing."""
    play = play_of(make_office(locality), "hearing", clock)
    play.until("hold-hearing")
    return play


def record(play: Play, kind: str = "hearing-record") -> str:
    """A paper of the case as it was frozen, without its marks."""
    content = Paper.objects.filter(case=play.case_id, kind=kind).latest("n").content
    return str(content)


def test_it_is_held_on_the_day_that_was_told(clock: Clock) -> None:
    play = told(clock)
    day = str(play.case.state["facts"]["hearing_at"])[:10]
    for after in (TO_HEARING - 1, TO_HEARING + 1, TO_HEARING + 12):
        with play.branch():
            answer = refused_everywhere(play.knock(after=after))
            assert answer.guards == {"hearing.on-the-day"}
            assert cn_day(day) in fact_of(answer, "hearing.on-the-day")
            (cure,) = [row[3] for row in answer.refused if row[0] == "hearing.on-the-day"]
            assert "重新办理“通知举行听证”" in cure
    with play.branch():  # written down three days later, it was still held on its day
        play.pass_days(TO_HEARING + 3)
        accepted(play.knock(after=0, on=day), play)
        play.do("hold-hearing", "legal-reviewer", **play.knock(after=0, on=day).data)
        assert f"听证时间：{cn_day(day)}（通知的时间：{cn_day(day)}9时30分）" in record(play)


def test_it_is_hosted_by_who_was_told(clock: Clock) -> None:
    play = told(clock)
    other = play.office.id("archivist")
    answer = refused_everywhere(play.knock(host=other))
    assert answer.guards == {"hearing.host-told"} and "申请其回避" in fact_of(answer, "hearing.host-told")
    play.do("hold-hearing", "legal-reviewer", **play.knock(after=0).data)
    host = play.person("legal-reviewer").name
    assert f"听证主持人：{host}'" in record(play) and "<<" not in record(play)


def test_the_form_brings_the_host_along(clock: Clock) -> None:
    play = told(clock)
    play.pass_days(TO_HEARING)
    page = signed_in(play.person("legal-reviewer")).get(f"/desk/cases/{play.case_id}/acts/hold-hearing/")
    assert f'value="{play.office.id("legal-reviewer")}" selected' in html.unescape(page.content.decode())


def test_who_stays_away_waives_the_hearing(clock: Clock) -> None:
    """Nobody there is no hearing; without a reason it is ended, and the papers say that the right was waived."""
    play = told(clock)
    answer = refused_everywhere(play.knock(came="none"))
    assert answer.guards == {"hearing.party-came"}
    (cure,) = [row[3] for row in answer.refused if row[0] == "hearing.party-came"]
    assert "视为放弃听证权利" in cure and "终止听证" in cure
    play.do("end-hearing", "legal-reviewer", ground="absent", **REASON)
    assert "视为放弃听证权利" in record(play, "hearing-end")
    play.until("hold-hearing")
    play.position += 2
    play.until("serve")
    day = cn_day(play.case.state["last"]["end-hearing"]["on"])
    assert f"{day}终止听证，视为当事人放弃听证权利" in record(play, "decision-approval")
    assert f"视为放弃听证权利，本机关于{day}终止听证" in record(play, "penalty-decision")


def test_a_postponement_is_told_anew(clock: Clock) -> None:
    """Another day and another host by a fresh notice, seven working days before; the old day is no day any more."""
    play = told(clock)
    play.pass_days(2)
    assert "不再适用" not in record(play, "hearing-notice")
    host = play.office.id("archivist")
    more = {"hearing_place": "本机关听证室", "host": host, "open_hearing": True}
    soon = play.attempt(
        "notify-hearing", "legal-reviewer", hearing_at=f"{later(play.moment, 7).date()}T09:30", **more
    )
    assert refused_everywhere(soon).guards == {"hearing.seven-days"}
    day = later(play.moment, 8).date()
    play.do("notify-hearing", "legal-reviewer", hearing_at=f"{day}T14:30", **more)
    assert "此前的听证通知书所载的时间、地点和主持人不再适用" in record(play, "hearing-notice")
    with play.branch():
        answer = refused_everywhere(play.knock(after=TO_HEARING - 2, host=host))
        assert answer.guards == {"hearing.on-the-day", "hearing.told-in-time"}
    play.position -= 1
    play.step()
    with play.branch():
        assert refused_everywhere(play.knock()).guards == {"hearing.host-told"}
    play.step(host=host)
    assert f"听证时间：{cn_day(day)}（通知的时间：{cn_day(day)}14时30分）" in record(play)
    assert f"听证主持人：{play.person('archivist').name}" in record(play)


@pytest.mark.parametrize("locality", LOCALITIES)
def test_the_papers_of_the_demonstration_name_one_day(locality: str, clock: Clock) -> None:
    play = told(clock, locality)
    play.step()
    play.step()
    day = cn_day(play.case.state["facts"]["hearing_at"])
    for kind in ("hearing-notice", "hearing-announcement", "hearing-record", "hearing-report"):
        assert f"听证时间：{day}" in record(play, kind), kind
