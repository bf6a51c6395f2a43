"""记录质量 in 开原: what comes late on record lowers the case's score and is listed; what is missing keeps the step from ending."""

import html
from datetime import timedelta

import pytest

from knocks import refused_everywhere, signed_in
from play import Clock, Play, make_office
from publishing import begun, page, supervisor_above
from sanxiang.demo import stories

pytestmark = pytest.mark.django_db


def timeline(play: Play) -> str:
    """The record of the case, as its handler reads it."""
    answer = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/timeline/")
    return html.unescape(answer.content.decode())


@pytest.mark.carries("KY-034", locality="kaiyuan")
def test_what_comes_late_on_record_scores_lower_and_is_listed(clock: Clock) -> None:
    """Two cases alike but for an inspection put on record five days later: 95 to 100, and the watchers' list has the one."""
    office = make_office("kaiyuan")
    supervisor = supervisor_above(office.agency)
    whole = begun(office, "ordinary", clock, until="inspect")
    ends_with_its_records(whole)
    prompt = Play(office, "ordinary", stories.ordinary("2000", which=2), clock)
    prompt.until("interview")
    late = Play(office, "ordinary", stories.ordinary("2000", which=1), clock, prompt.moment)
    late.until("inspect")
    happened = late.moment.date()
    late.at(late.moment + timedelta(days=5))
    begin, end = f"{happened}T15:00", f"{happened}T15:30"
    late.step(on=f"{happened}T15:00", began=begin, ended=end)
    assert "记录质量 95 分" in timeline(late) and "晚5日" in timeline(late)
    assert "没有补录的步骤" in timeline(prompt) and "记录质量 100 分" in timeline(prompt)
    for person in (late.person("officer1"), late.person("agency-head"), supervisor):
        listed = page(person, "/desk/late-entries/")
        assert str(late.case_id) in listed and "95分" in listed and ">5日<" in listed
        assert str(prompt.case_id) not in listed
    stranger = make_office("laizhou").people["officer1"]
    assert str(late.case_id) not in page(stranger, "/desk/late-entries/")


def ends_with_its_records(play: Play) -> None:
    """Without a record of inspection or interview the investigation does not end; the finished case shows each link's records."""
    with play.branch():
        play.until("conclude-investigation", without=("inspect", "interview"))
        assert "stage-recorded" in refused_everywhere(play.knock()).guards
    play.until()
    table = timeline(play).partition("各环节的记录")[2].partition("</table>")[0]
    assert table.count("<tr") > 4 and "还没有" not in table
