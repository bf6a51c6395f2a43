"""执法人员清单 out of certificates, the card with its code, the annual inspection: who may not enforce today is gone from all of it."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from board import text
from cast import Cast
from knocks import refused_everywhere
from listed import vetted_roster
from play import MORNING, STORIES, Clock, Play, make_office
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.people.models import Certificate, Person
from sanxiang.registers.before.roster import rows_for
from telling import TOLD, refused_outside, under

pytestmark = pytest.mark.django_db
SIX = ["姓名", "单位", "职务", "证件编号", "执法类别", "执法区域"]


def at(locality: str, clock: Clock, until: str = "inspect") -> Play:
    """A case of the ordinary procedure that waits for its inspection."""
    clock.now = MORNING
    play = Play(make_office(locality), STORIES["ordinary"][0], list(STORIES["ordinary"][1]), clock, MORNING)
    play.until(until)
    return play


def columns(page: str) -> list[str]:
    """The headings of the roster."""
    table = page.split("执法人员")[-2] if "<thead>" not in page else page.split("<thead>")[-1]
    return re.findall(r'<th scope="col"[^>]*>([^<]+)<', table.split("</thead>")[0])


def inspected(play: Play, **outcomes: str) -> None:
    """The annual inspection of these people."""
    rows = [
        {"证件编号": play.person(who).certificates.get().number, "审验结果": outcome}
        for who, outcome in outcomes.items()
    ]
    told = {
        "year": str(play.moment.year),
        "inspected_until": date(play.moment.year + 1, 12, 31),
        "rows": rows,
    }
    administer("inspect-certificates", play.office.agency, None, told, now=play.moment)


def listed(person: Person) -> bool:
    return person.certificates.get().number in text(Client().get("/officers/"))


@pytest.mark.carries("LZ-018", locality="laizhou")
def test_who_loses_the_certificate_leaves_the_roster_and_six_fields_are_shown(cast: Cast) -> None:
    agency = under(cast, "laizhou", **TOLD)
    page = text(Client().get(f"/agencies/{agency.pk}/"))
    assert columns(page) == SIX and "99010001" in page and "行政处罚" in page
    typed = {
        "姓名": "路人",
        "单位": "云溪县水务局",
        "职务": "科员",
        "证件编号": "1",
        "执法类别": "行政处罚",
        "执法区域": "云溪县",
    }
    refused_outside(agency, "officers", typed, "没有今日有效的执法证件")
    own = rows_for(agency, timezone.localdate())
    refused_outside(agency, "officers", own[0] | {"职务": "大队长"}, "第 1 行的“职务”与证件和任职登记不符")
    administer("draft-register", agency, None, {"kind": "officers", "rows": own})
    card = Certificate.objects.get(number="99010001")
    administer("change-certificate", agency, None, {"certificate": card, "revoked_on": timezone.localdate()})
    for address in (f"/agencies/{agency.pk}/", "/officers/"):
        assert "99010001" not in text(Client().get(address)), address
    assert "今日无效" in text(Client().get(f"/verify/certificate/{card.pk}/"))


@pytest.mark.carries("DY-020", "DY-023", locality="dongying")
@pytest.mark.parametrize("outcome", ["不合格", "未参加"])
def test_who_does_not_pass_is_gone_from_roster_and_cases_the_same_day(clock: Clock, outcome: str) -> None:
    play = at("dongying", clock)
    officer = play.person("officer2")
    vetted_roster(play.office.agency, play.moment)
    assert listed(officer) and columns(text(Client().get("/officers/"))) == SIX
    inspected(play, officer1="合格", officer2=outcome)
    assert not listed(officer) and listed(play.person("officer1"))
    with play.branch():
        answer = refused_everywhere(play.knock())
    assert any(officer.name in fact and "年度审验" in fact for _, _, fact, _ in answer.refused)
    inspected(play, officer2="合格")
    assert listed(officer)
    play.step()


def test_a_batch_names_what_is_wrong_with_each_row(cast: Cast) -> None:
    rows = [
        {"证件编号": "99010001", "审验结果": "合格"},
        {"证件编号": "99010001", "审验结果": "合格"},
        {"证件编号": "99020001", "审验结果": "合格"},
        {"证件编号": "99010002", "审验结果": "优秀", "姓名": "路人"},
    ]
    told = {"year": "2026", "inspected_until": timezone.localdate() - timedelta(days=1), "rows": rows}
    with pytest.raises(Refused) as said:
        administer("inspect-certificates", cast.bureau, None, told)
    facts = "；".join(verdict.fact for verdict in said.value.verdicts)
    expected = (
        "第 2 行：证件编号“99010001”前面已有一行",
        "第 3 行：证件编号“99020001”不是本机关",
        "第 4 行：没有写明",
        "何苇",
        "已经过去",
    )
    for word in expected:
        assert word in facts, word
    desk = Client()
    desk.force_login(cast.supervisor)
    form = text(desk.get(f"/desk/admin/acts/inspect-certificates/?agency={cast.bureau.pk}"))
    assert "99010001" in form and "审验结果" in form


@pytest.mark.carries("LC-018", locality="lingchuan")
def test_validity_is_shown_reminded_of_and_ends_roster_and_assignment(clock: Clock) -> None:
    play = at("lingchuan", clock)
    officer = play.person("officer2")
    vetted_roster(play.office.agency, play.moment)
    assert columns(text(Client().get("/officers/"))) == [*SIX, "证件有效期"]
    card = officer.certificates.get()
    desk = Client()
    desk.force_login(play.person("agency-head"))
    for left, within in ((61, 0), (60, 60), (29, 30), (7, 7)):
        last = play.moment.date() + timedelta(days=left)
        told = {"certificate": str(card.pk), "valid_until": last}
        administer("change-certificate", play.office.agency, None, told, now=play.moment)
        page = text(desk.get("/desk/before/"))
        assert (f"{officer.name}（{card.number}）证件有效期" in page) == bool(within), left
        assert not within or f"{within}日内：" in page
    assert listed(officer)
    play.pass_days(8)
    assert not listed(officer)
    with play.branch():
        answer = refused_everywhere(play.knock())
    assert any("到期" in fact for _, _, fact, _ in answer.refused)
    desk.force_login(play.person("officer1"))
    form = text(desk.get(f"/desk/cases/{play.case_id}/acts/inspect/"))
    choice = form.split(f'value="{officer.pk}"')[1].split(">")[0]
    assert "disabled" in choice


def test_the_card_leads_to_the_certificate_as_it_stands(cast: Cast) -> None:
    desk = Client()
    desk.force_login(cast.handler)
    page = text(desk.get("/desk/before/cards/"))
    card = Certificate.objects.get(number="99010001")
    address = f"/verify/certificate/{card.pk}/"
    assert address in page and page.count("<svg") >= 3 and "江野" not in page
    live = text(Client().get(address))
    assert "今日有效" in live and "行政处罚" in live and "/voices/?about=officer" in live
    Certificate.objects.filter(pk=card.pk).update(suspended_from=timezone.localdate(), n=9)
    live = text(Client().get(address))
    assert "今日无效" in live and "已暂扣" in live
    assert address not in text(desk.get("/desk/before/cards/"))
    assert Client().get(f"/verify/certificate/{cast.head.pk}/").status_code == 404
