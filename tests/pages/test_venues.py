"""音像记录场所: rooms with their reasons, booked for one case at a time; and no room at all holds nobody up."""

from datetime import timedelta
from typing import Any

import pytest

from footage import plain, text_of
from knocks import signed_in
from page_form import form_at, send, words
from play import STORIES, Clock, Play, make_office
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.recording.venues import PRINCIPLES, venues_in
from sanxiang.law.guards import Refused

pytestmark = pytest.mark.django_db
ROOM = {"name": "第一听证室", "kind": "hearing-room", "unit": "执法大队", "equipment": "两台固定摄像机"}
REASONS = {name: f"{label}的理由" for name, label in PRINCIPLES.items()}


def keep(office: Office, act: str, who: str = "legal-reviewer", **told: Any) -> None:
    administer(act, office.agency, office.people[who], told)


def heard(clock: Clock, locality: str) -> Play:
    """A case whose party has asked for a hearing."""
    play = Play(make_office(locality), *STORIES["hearing"], clock)
    play.until("hold-hearing")
    return play


def hours(play: Play, first: str, last: str) -> dict[str, str]:
    day = (play.moment + timedelta(days=1)).date().isoformat()
    return {"begins": f"{day}T{first}", "ends": f"{day}T{last}"}


@pytest.mark.carries(
    "LC-045",
    locality="lingchuan",
    change=('key = "av.room_reasons"\nvalue = true', 'key = "av.room_reasons"\nvalue = false'),
)
def test_a_room_without_its_reasons_is_refused_and_a_hearing_shows_its_room(clock: Clock) -> None:
    """All five reasons or none of it; booked once for one time; the case, its hearing's form and its timeline say which room."""
    play = heard(clock, "lingchuan")
    office, reviewer = play.office, play.person("legal-reviewer")
    desk = signed_in(reviewer)
    form = form_at(desk, f"/desk/admin/acts/register-venue/?agency={office.agency.pk}")
    for name, value in {**ROOM, **REASONS, "kind": "听证室", "thrifty": ""}.items():
        form.put(name, value)
    refused = send(desk, form)
    assert refused.status_code == 422 and "没有写明怎样符合“厉行节约”的原则" in words(refused)
    with pytest.raises(Refused, match="工作必需"):
        keep(office, "register-venue", **ROOM)
    form.put("thrifty", "利用原有会议室改造")
    done = send(desk, form)
    assert done.status_code == 302 and done["Location"] == "/desk/venues/", words(done)
    page = text_of(reviewer, "/desk/venues/")
    assert "厉行节约：利用原有会议室改造" in page and "按五条原则逐条写明理由" in page
    book = {"venue": ROOM["name"], "case": play.case.number, "purpose": "hearing"}
    keep(office, "book-venue", **book, **hours(play, "09:00", "11:00"))
    for other in (play.case.number, play.case.code):
        with pytest.raises(Refused, match="这段时间已经预约"):
            keep(office, "book-venue", "officer1", **{**book, "case": other}, **hours(play, "10:30", "12:00"))
    keep(office, "book-venue", "officer1", **{**book, "purpose": "inquiry"}, **hours(play, "11:00", "12:00"))
    for where in (f"/desk/cases/{play.case_id}/", f"/desk/cases/{play.case_id}/timeline/"):
        assert "第一听证室，" in text_of(play.person("officer1"), where)
    form_page = plain(desk.get(f"/desk/cases/{play.case_id}/acts/hold-hearing/").content.decode())
    assert "本案已预约场所：第一听证室" in form_page
    assert text_of(reviewer, "/desk/venues/").count(play.case.number) == 2


def test_a_booking_names_a_case_of_ours_and_hours_and_can_be_taken_back(clock: Clock) -> None:
    play = heard(clock, "laizhou")
    office = play.office
    keep(office, "register-venue", **ROOM)
    book = {"venue": ROOM["name"], "case": play.case.code, "purpose": "hearing"}
    span = hours(play, "09:00", "11:00")
    for told, says in (
        ({"venue": "没有的"}, "没有名为“没有的”的在用场所"),
        ({"case": "别处的案件"}, "本机关没有编号为"),
        ({"ends": span["begins"]}, "结束不晚于开始"),
    ):
        with pytest.raises(Refused, match=says):
            keep(office, "book-venue", **{**book, **span, **told})
    keep(office, "book-venue", **book, **span)
    with pytest.raises(Refused, match="没有从"):
        keep(office, "cancel-booking", venue=ROOM["name"], begins=span["ends"], reason="改期")
    keep(office, "cancel-booking", venue=ROOM["name"], begins=span["begins"], reason="改期")
    keep(office, "book-venue", **book, **span)
    with pytest.raises(Refused, match="已经登记过"):
        keep(office, "register-venue", **ROOM)
    keep(office, "retire-venue", venue=ROOM["name"], reason="改作他用")
    with pytest.raises(Refused, match="在用场所"):
        keep(office, "book-venue", **book, **hours(play, "14:00", "15:00"))
    one = venues_in([office.agency.pk])[0]
    assert one.retired == "改作他用" and [bool(row.cancelled) for row in one.bookings] == [True, False]
    assert "还没有登记场所" in text_of(make_office("huantai").people["officer1"], "/desk/venues/")


def test_whoever_booked_takes_it_back_and_a_room_named_anew_keeps_its_bookings(clock: Clock) -> None:
    """Another officer is refused, a keeper of the rooms is not; the name given again does not free what is booked."""
    play = heard(clock, "laizhou")
    office, book = play.office, {"venue": ROOM["name"], "case": play.case.code, "purpose": "hearing"}
    keep(office, "register-venue", **ROOM)
    first, second = hours(play, "09:00", "11:00"), hours(play, "14:00", "15:00")
    for span in (first, second):
        keep(office, "book-venue", "officer1", **book, **span)
    told = {"venue": ROOM["name"], "begins": first["begins"], "reason": "改期"}
    with pytest.raises(Refused, match="不是预约人"):
        keep(office, "cancel-booking", "officer2", **told)
    keep(office, "cancel-booking", "officer1", **told)
    keep(office, "retire-venue", venue=ROOM["name"], reason="改造")
    keep(office, "register-venue", **ROOM)
    (room,) = venues_in([office.agency.pk])
    assert [bool(row.cancelled) for row in room.bookings] == [True, False]
    with pytest.raises(Refused, match="这段时间已经预约"):
        keep(office, "book-venue", **book, **second)
    keep(office, "cancel-booking", **{**told, "begins": second["begins"]})
    keep(office, "book-venue", **book, **second)


@pytest.mark.carries("KY-044", locality="kaiyuan")
def test_no_room_at_all_holds_nobody_up_and_the_plan_says_why(clock: Clock) -> None:
    """A whole hearing without a room on the books; the plan with its local reasons is on record; a room needs no five reasons."""
    play = heard(clock, "kaiyuan")
    plan = {
        "plan": "不设询问室，询问在会议室进行，用便携录音机",
        "grounds": "全年询问不到二十次，会议室可以周转",
    }
    keep(play.office, "record-venue-plan", **plan)
    play.step()
    assert "hold-hearing" in play.case.state["last"] and not venues_in([play.office.agency.pk])
    page = text_of(play.person("officer1"), "/desk/venues/")
    assert plan["plan"] in page and plan["grounds"] in page and "没有场所的也不拦截" in page
    keep(play.office, "register-venue", **ROOM)
    assert "第一听证室" in text_of(play.person("officer1"), "/desk/venues/")
    with pytest.raises(Refused, match="理由"):
        keep(play.office, "record-venue-plan", plan=plan["plan"])
