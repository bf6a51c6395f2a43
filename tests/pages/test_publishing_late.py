"""公示 and its days: what a statute sets instead, the reminder near the last day and after it, who sees what is late."""

from datetime import datetime, timedelta

import pytest

from knocks import refused_everywhere, signed_in
from play import CHINA, Clock, Play, make_office
from publishing import LABOUR, NEW_YEAR, begun, due_of, listed, page, reminded, supervisor_above
from rows import row
from sanxiang.people.models import Person
from sanxiang.speech import cn_day

pytestmark = pytest.mark.django_db

ONLY_LICENCES = ('"publish.by_act.licence", "publish.by_act.penalty"]', '"publish.by_act.licence"]')
OTHERWISE = {
    "exception_basis": "《某某条例》第十二条",
    "exception_days": 12,
    "reason": "该条对公开期限另有规定",
}


@pytest.mark.parametrize(
    "locality", [row("LC-027", change=ONLY_LICENCES), row("KY-024", change=ONLY_LICENCES)]
)
def test_a_statute_may_set_another_period_when_it_is_cited(locality: str, clock: Clock) -> None:
    """Before two holidays, by hand; without instrument and article, by the editor, or when it is late: refused.

    Seven working days from Thursday 2026-02-12: 13, 14, 24, 25, 26, 27, 28; twelve: on to 03-02, 03, 04, 05, 06.
    From Wednesday 04-29: 30, 05-06, 07, 08, 09, 11, 12; twelve: on to 13, 14, 15, 18, 19.
    """
    office = make_office(locality)
    supervisor, approver = supervisor_above(office.agency), office.people["disclosure-approver"]
    for start, due, later in ((NEW_YEAR, "2026-02-28", "2026-03-06"), (LABOUR, "2026-05-12", "2026-05-19")):
        play = begun(office, "summary", clock, start, "prepare-publication")
        assert due_of(office, play) == (due, False)
        for name in ("exception_basis", "exception_days"):
            blank = play.attempt("invoke-exception", "disclosure-approver", **{**OTHERWISE, name: None})
            assert refused_everywhere(blank).guards == {f"field:{name}"}
        for basis in ("另有规定", "《某某条例》", "第十二条"):
            vague = play.attempt(
                "invoke-exception", "disclosure-approver", **{**OTHERWISE, "exception_basis": basis}
            )
            assert refused_everywhere(vague).guards == {"exception.cited"}
        assert (
            "role"
            in refused_everywhere(play.attempt("invoke-exception", "disclosure-editor", **OTHERWISE)).guards
        )
        play.do("invoke-exception", "disclosure-approver", **OTHERWISE)
        assert due_of(office, play) == (later, False)
        desk = page(approver, f"/desk/cases/{play.case_id}/")
        assert "法定例外：《某某条例》第十二条" in desk
        assert "本地方案规定7个工作日，《某某条例》第十二条另有规定，改为12个工作日" in desk
        play.at(datetime.fromisoformat(f"{later}T09:00+08:00") + timedelta(days=1))
        assert due_of(office, play) == (later, True)
        late = play.attempt("invoke-exception", "disclosure-approver", **{**OTHERWISE, "exception_days": 30})
        assert refused_everywhere(late).guards == {"exception.open"}
        reported_late(play, supervisor, later)
        play.until("record-payment")
        assert listed(supervisor) == []


def reported_late(play: Play, supervisor: Person, due: str) -> None:
    """The reminder is on record for unit and supervisor, given once, and the case stands on the supervisor's list."""
    assert reminded() >= 1 and reminded() == 0
    day = cn_day(due)
    for person in (play.person("disclosure-editor"), supervisor):
        table = page(person, "/desk/alerts/")
        told = [
            line
            for line in table.split("<tr")
            if str(play.case_id) in line and "公示" in line and day in line
        ]
        assert any("已经超期" in line and "还没有办结" in line for line in told), table
    assert str(play.case_id) in {one["id"] for one in listed(supervisor)}


@pytest.mark.carries("LZ-027", locality="laizhou")
def test_a_publication_that_is_late_is_told_of_and_stays_told(clock: Clock) -> None:
    """Near the day a reminder, after it another, each once; the task is red, the supervisor sees it; both stay on record."""
    office = make_office("laizhou")
    supervisor = supervisor_above(office.agency)
    play = begun(office, "summary", clock, NEW_YEAR, "prepare-publication")
    editor = office.people["disclosure-editor"]
    play.at(datetime(2026, 2, 26, 9, 0, tzinfo=CHINA))
    reminded()
    assert "公示行政处罚决定" in page(editor, "/desk/alerts/") and "就要到期" in page(editor, "/desk/alerts/")
    assert "已经超期" not in page(editor, "/desk/alerts/")
    play.at(datetime(2026, 3, 1, 9, 0, tzinfo=CHINA))
    assert due_of(office, play) == ("2026-02-28", True) and "已经超期" in page(editor, "/desk/tasks/")
    reported_late(play, supervisor, "2026-02-28")
    play.until("record-payment")
    lines = [x for x in page(supervisor, "/desk/alerts/").split("<tr") if "公示行政处罚决定" in x]
    assert len(lines) == 2 and all("还没有" not in x and "日办结" in x for x in lines)
    assert listed(supervisor) == [] and reminded() == 0
    assert (
        signed_in(make_office("kaiyuan").people["officer1"])
        .get("/desk/alerts/")
        .content.decode()
        .count("<tr")
        == 0
    )
