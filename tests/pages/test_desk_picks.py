"""What has a number in the case is chosen from the case's own rows; where there is nothing to choose, the act is not offered."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from films import make_film
from knocks import signed_in
from page_form import PageForm, form_at, send, words
from play import Clock, Play, make_office
from sanxiang.cases.models import Case, Evidence
from sanxiang.cases.recording import films
from sanxiang.cases.recording.receiving import receive
from sanxiang.door.administer import administer
from sanxiang.door.perform import open_acts
from sanxiang.door.recording.venues import venues_in
from side_stories import BOOK, photo

pytestmark = pytest.mark.django_db
FILM = make_film(12, datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
EMPTY = (
    "mark-recording",
    "withdraw-mark",
    "exclude-evidence",
    "explain-recording",
    "approve-recording",
    "unclear-person",
)


def played(story: str, clock: Clock, until: str, locality: str = "kaiyuan") -> Play:
    procedure, steps = BOOK[story]
    play = Play(make_office(locality), procedure, steps, clock)
    play.until(until)
    return play


def form_of(play: Play, act: str, who: str = "officer1") -> tuple[Any, PageForm]:
    desk = signed_in(play.person(who))
    return desk, form_at(desk, f"/desk/cases/{play.case_id}/acts/{act}/")


def labels(form: PageForm, name: str) -> list[str]:
    return [one.label for one in form.choices.get(name, []) if one.value]


def state_of(play: Play) -> dict[str, Any]:
    return Case.objects.get(pk=play.case_id).state


def test_a_mark_is_chosen_by_recording_and_paragraph_and_taken_back_by_its_own_line(clock: Clock) -> None:
    play = played("summary", clock, "decide-on-spot")
    kept = receive(io.BytesIO(FILM), "现场录像.mp4", "video/mp4")
    play.do("add-evidence", "officer1", **{**photo(play.office), "title": "现场录像", "files": [kept]})
    while films.read_next():
        pass
    play.step()
    desk, form = form_of(play, "mark-recording")
    assert "marked_paper" not in form.choices and any("现场录像" in one for one in labels(form, "clip"))
    form.put("clip", next(one for one in labels(form, "clip") if "现场录像" in one))
    place = next(
        one for one in labels(form, "paragraph") if "《当场行政处罚决定书》" in one and "第2段" in one
    )
    form.put("second", "99")
    form.put("paragraph", place)
    refused = send(desk, form)
    assert refused.status_code == 422 and "没有第99秒" in words(refused)
    assert f"selected>{place.partition('　')[0]}" in refused.content.decode(), (
        "the choice stands when shown again"
    )
    form.put("second", "7")
    assert send(desk, form).status_code == 302
    row = Evidence.objects.get(case=play.case_id, title="现场录像")
    (mark,) = state_of(play)["marks"]
    assert (mark["clip"], mark["second"], mark["kind"], mark["paragraph"]) == (
        row.digest,
        7,
        "spot-decision",
        2,
    )
    desk, form = form_of(play, "withdraw-mark")
    (line,) = labels(form, "mark_no")
    assert line.startswith(f"第{mark['n']}步：0:07，《当场行政处罚决定书》第2段")
    form.put("mark_no", line)
    form.put("reason", "标错了")
    assert send(desk, form).status_code == 302 and state_of(play)["marks"][0]["withdrawn"]


def test_what_there_is_nothing_to_do_to_is_not_offered_and_says_why(clock: Clock) -> None:
    play = played("ordinary", clock, "show-certificate")
    case = Case.objects.get(pk=play.case_id)
    for who, acts in {"officer1": EMPTY[:2], "agency-head": EMPTY[4:]}.items():
        standing = {one.act.id: one.unmet for one in open_acts(case, play.person(who))}
        for act in acts:
            assert standing[act], act
        page = signed_in(play.person(who)).get(f"/desk/cases/{case.pk}/").content.decode()
        assert not [act for act in acts if f'class="act" href="/desk/cases/{case.pk}/acts/{act}/"' in page]
    page = words(signed_in(play.person("officer1")).get(f"/desk/cases/{case.pk}/acts/withdraw-mark/"))
    assert "本案没有可以撤回的音像标注" in page and "没有标注的不用撤回" in page


def test_evidence_is_excluded_by_choosing_it(clock: Clock) -> None:
    play = played("ordinary", clock, "conclude-investigation")
    piece = state_of(play)["evidence"][0]
    desk, form = form_of(play, "exclude-evidence", "agency-head")
    chosen = next(one for one in form.choices["evidence_ids"] if one.value == piece["id"])
    assert chosen.label.startswith(f"第{piece['n']}步")
    form.values["evidence_ids"] = [piece["id"]]
    form.put("reason", "取得的程序违法")
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    assert state_of(play)["evidence"][0]["excluded"]


def test_a_step_without_its_recording_is_chosen_for_what_comes_in_later(clock: Clock) -> None:
    play = played("ordinary", clock, "inspect")
    play.step(photos=[], clips=[], no_recording="执法记录仪没有电")
    (row,) = [one for one in state_of(play)["recordings"] if not one["made"]]
    for act in ("explain-recording", "add-recording"):
        _, form = form_of(play, act)
        assert any(
            one.value == str(row["n"]) and row["label"] in one.label for one in form.choices["record_of"]
        ), act


def test_a_number_taken_along_and_a_device_are_proposed_and_may_be_typed(clock: Clock) -> None:
    play = played("summary", clock, "decide-on-spot")
    office, officer = play.office, play.person("officer1")
    play.administer("register-device", serial="JLY-07", kind="recorder")
    block = {"series": "当罚", "count": 2, "holder": officer}
    first = administer("reserve-numbers", office.agency, office.people["unit-head"], block)
    page = signed_in(officer).get(f"/desk/cases/{play.case_id}/acts/decide-on-spot/").content.decode()
    assert re.search(rf'<option value="{first.text}"', page) and 'list="id_reserved_number_list"' in page
    other = (
        signed_in(play.person("officer2"))
        .get(f"/desk/cases/{play.case_id}/acts/decide-on-spot/")
        .content.decode()
    )
    assert first.text not in other
    serving = signed_in(officer).get(f"/desk/cases/{play.case_id}/acts/add-evidence/").content.decode()
    assert re.search(r'<option value="JLY-07"', serving)


def test_rooms_and_bookings_are_chosen_and_what_is_not_there_is_not_offered(clock: Clock) -> None:
    play = played("hearing", clock, "hold-hearing", "laizhou")
    office, officer, keeper = play.office, play.person("officer1"), play.person("legal-reviewer")
    desk, where = signed_in(officer), f"?agency={office.agency.pk}"
    assert "cancel-booking" not in desk.get("/desk/venues/").content.decode()
    told = words(desk.get(f"/desk/admin/acts/book-venue/{where}"))
    assert "还没有在用的场所" in told and "没有场所的不影响办案" in told
    room = {"name": "第一听证室", "kind": "hearing-room", "equipment": "摄像机"}
    administer("register-venue", office.agency, keeper, room)
    form = form_at(desk, f"/desk/admin/acts/book-venue/{where}")
    day = (play.moment + timedelta(days=1)).date().isoformat()
    told = {"venue": "第一听证室", "case": play.case.number, "purpose": "听证"}
    for name, value in (told | {"begins": f"{day}T09:00", "ends": f"{day}T11:00"}).items():
        form.put(name, value)
    assert send(desk, form).status_code == 302
    assert "cancel-booking" in desk.get("/desk/venues/").content.decode()
    other = words(signed_in(play.person("officer2")).get(f"/desk/admin/acts/cancel-booking/{where}"))
    assert "没有您可以取消的预约" in other
    form = form_at(desk, f"/desk/admin/acts/cancel-booking/{where}")
    (line,) = labels(form, "begins")
    assert line.startswith("第一听证室") and play.case.number in line
    form.put("begins", line)
    blank = send(desk, form)
    assert blank.status_code == 422 and "checked" in blank.content.decode(), "the booking stays chosen"
    form.put("reason", "改期")
    assert send(desk, form).status_code == 302
    assert not [row for one in venues_in([office.agency.pk]) for row in one.bookings if not row.cancelled]


def test_a_device_is_chosen_among_those_that_can_go_out_or_come_back(clock: Clock) -> None:
    office = make_office("kaiyuan")
    keeper, where = office.people["legal-reviewer"], f"?agency={office.agency.pk}"
    desk = signed_in(keeper)
    assert "先“登记设备”" in words(desk.get(f"/desk/admin/acts/check-device/{where}"))
    for serial in ("A-1", "A-2"):
        administer("register-device", office.agency, keeper, {"serial": serial, "kind": "recorder"})
    form = form_at(desk, f"/desk/admin/acts/hand-out-device/{where}")
    form.put("device", "A-2")
    form.put("holder", office.people["officer1"].name)
    assert send(desk, form).status_code == 302
    back = form_at(desk, f"/desk/admin/acts/return-device/{where}")
    assert [one[:3] for one in labels(back, "device")] == ["A-2"]
    assert [
        one[:3] for one in labels(form_at(desk, f"/desk/admin/acts/hand-out-device/{where}"), "device")
    ] == ["A-1"]
