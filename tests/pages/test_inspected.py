"""Inspection of enterprises: the published cap at, under and over it; the enterprise's own page; its rating; the way to complain."""

from dataclasses import replace
from typing import Any

import pytest

from altered import Alter, said
from by_lot import played
from footage import plain
from page_form import form_at, send, words
from play import MORNING, Clock, Play
from reader import Client
from sanxiang.cases.models import Case
from sanxiang.demo import drawing, requests
from sanxiang.demo.inspection import inspection
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.inspection.ratings import ENOUGH, MARKS, NOBODY, RATE, ratings_of
from sanxiang.law.drawing.ratio import CAP, CAPS
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act, Opening

pytestmark = pytest.mark.django_db
REASON = "检查的内容不同，不能合并"


def capped(play: Play, times: str, item: str = "") -> None:
    """The list of what may be inspected and how often."""
    rows = [
        {"检查事项": item or play.office.remit.checks[-1].title, "依据": "《水法》第五十九条", CAP: times}
    ]
    told = {"kind": CAPS, "rows": rows, "in_force_from": MORNING.date()}
    administer("release-register", play.office.agency, None, told, now=MORNING)


@pytest.mark.parametrize(("times", "refused"), [("3", False), ("每年两次", False), ("1", True)])
def test_the_published_cap_is_kept_to(clock: Clock, times: str, refused: bool) -> None:
    """Under it, at it, over it; another item's cap is not this one's."""
    first = played(clock)
    capped(first, times)
    first.until("archive")
    second = first.other()
    second.until("approve-inspection")
    if not refused:
        second.step()
        assert second.case.state["facts"]["frequency"]["cap"] == f"{3 if times == '3' else 2}次"
        return
    with pytest.raises(Refused, match="年度频次上限 1 次"):
        second.step()
    capped(first, times, "别的事项")
    second.step()


def test_two_shops_of_one_name_do_not_share_a_cap(clock: Clock) -> None:
    """By their codes they are two; only who has none is told by its name."""
    first = played(clock)
    capped(first, "1")
    first.until("archive")
    second = first.other()
    opening = second.steps[0]
    other = drawing.uscc(second.office.agency.region, 77)

    def told(office: Office, case: Case | None) -> dict[str, Any]:
        data = dict(opening.data(office, case))
        return {**data, "party": {**data["party"], "code": other}}

    second.steps = [replace(opening, data=told), *second.steps[1:]]
    second.until("approve-inspection")
    second.step()
    assert second.case.state["facts"]["frequency"]["count"] == 0
    third = first.other()
    third.until("approve-inspection")
    with pytest.raises(Refused, match="年度频次上限 1 次"):
        third.step()


@pytest.mark.parametrize(
    "origin", ["complaint", "assigned", "monitoring", "applied", "recheck", "licence-check"]
)
def test_what_answers_somebody_does_not_count_against_the_cap(clock: Clock, origin: str) -> None:
    play = played(clock, origin=origin)
    capped(play, "1")
    play.until("archive")
    planned = play.other()
    planned.steps = inspection("none")
    planned.until("approve-inspection")
    planned.step()
    again = play.other()
    again.steps = inspection("none", origin=origin)
    again.until("approve-inspection")
    again.step(separate_reason=REASON)
    assert again.case.state["facts"]["frequency"]["free"]


def test_a_cap_that_is_no_number_is_named_by_its_row(clock: Clock) -> None:
    with pytest.raises(Refused, match="第 1 行“年度频次上限”写的“若干”不是次数"):
        capped(played(clock), "若干")


def asked(case: Any, number: str, **more: str) -> str:
    """The enterprise's page, as its words."""
    told = {"code": case.code, "id_number": number, **more}
    return plain(Client().post("/inspection/own/", told).content.decode())


@pytest.mark.parametrize("origin", ["complaint", "assigned"])
def test_one_word_stands_for_all_that_follows_a_clue(clock: Clock, origin: str) -> None:
    """Were it the word for complaints alone, it would tell that somebody complained."""
    play = played(clock, origin=origin)
    play.until("conclude-inspection")
    page = asked(play.case, play.case.state["facts"]["party"]["code"])
    assert "线索核查" in page and "交办" not in page


def test_an_enterprise_sees_its_inspections_of_the_year_and_nobody_else_does(clock: Clock) -> None:
    """Own code and number lead to all of them, also of another agency; the number of somebody else to nothing."""
    play = played(clock)
    play.until("archive")
    number = play.case.state["facts"]["party"]["code"]
    second = play.other()
    second.steps = inspection("none", origin="complaint")
    second.steps[0] = requests.with_code(second.steps[0])
    second.until("conclude-inspection")
    page = asked(play.case, number)
    assert play.case.number in page and second.case.number in page and "其中 1 次计入年度频次" in page
    assert "未发现问题" in page
    assert "投诉举报" not in page.split("评价")[0], "nobody is told that somebody complained"
    assert "对不上任何案件" in asked(play.case, number[:-1] + "0")
    address = f"/voices/?about=agency&key={play.office.agency.pk}&kind=complaint"
    shown = Client().post("/inspection/own/", {"code": play.case.code, "id_number": number}).content.decode()
    assert address.replace("&", "&amp;") in shown
    assert play.office.agency.name in plain(Client().get(address).content.decode())


def test_an_inspection_is_rated_once_without_a_name_and_told_when_enough_spoke(clock: Clock) -> None:
    play = played(clock)
    play.until("conclude-inspection")
    number, agency = play.case.state["facts"]["party"]["code"], play.office.agency
    assert "检查结果告知以后才能评价" in asked(play.case, number, marks="5")
    play.until("archive")
    client = Client()
    form = form_at(client, f"/inspection/own/?code={play.case.code}")
    form.put("id_number", number)
    assert "评价" in words(send(client, form))
    assert "评价已经收到" in asked(play.case, number, marks="2")
    assert "已经评价过" in asked(play.case, number, marks="5")
    act = Act.objects.get(name=RATE)
    kept = str(list(Opening.objects.filter(act=act).values_list("value", flat=True)))
    assert (
        act.by_name == NOBODY
        and number not in kept
        and play.case.number not in kept
        and play.case.party not in kept
    )
    assert str(play.case_id) not in kept + bytes(act.leaf).decode()
    with pytest.raises(Refused, match="只能由被检查企业"):
        administer(RATE, agency, None, {"marks": "5"})
    for _ in range(ENOUGH - 2):
        administer(RATE, agency, None, {"marks": "5"}, stranger=NOBODY)
    assert ratings_of([agency.pk])[agency.pk].average is None
    assert "被检查企业的评价" not in Client().get("/inspection/").content.decode()
    administer(RATE, agency, None, {"marks": "5"}, stranger=NOBODY)
    page = plain(Client().get("/inspection/").content.decode())
    assert "被检查企业的评价" in page and "4.4" in page and set(MARKS) == set("12345")


@pytest.mark.parametrize("urgent", [False, True])
def test_where_it_is_asked_for_the_officers_scan_on_entry_or_before_they_leave(
    alter: Alter, clock: Clock, urgent: bool
) -> None:
    """Asked for, no scan stops the inspection; in an emergency it stops the end of it; another enterprise's code is refused."""
    alter("kaiyuan", said("inspection.scan", "true"))
    play = played(clock, origin="emergency" if urgent else "plan")
    if urgent:
        play.until("approve-inspection")
        officers = [play.office.id("officer1"), play.office.id("officer2")]
        play.do("start-urgent", "officer1", officers=officers, urgent_reason="堤防出现险情")
        play.position += 1
        play.until("inspect-site", without=("serve",))
    else:
        play.until("inspect-site")
    scan = {"scan_how": "enterprise", "entered": play.moment.strftime("%Y-%m-%dT%H:%M")}
    with pytest.raises(Refused, match="不是被检查人的代码"):
        play.do("scan-entry", "officer1", **scan, scanned_code="913706830000000513")
    if urgent:
        play.step()
        play.do("approve-afterwards", "agency-head", opinion="情况属实，同意补办。")
    with pytest.raises(Refused, match="没有扫码"):
        play.step()
    play.do("scan-entry", "officer1", **scan, scanned_code=play.case.state["facts"]["party"]["code"])
    play.step()
