"""尽职免责: an officer calls the records up in their own defence, invokes them, and what came of it stays beside what was seen."""

import pytest

from knocks import signed_in
from page_form import form_at, send, words
from play import Clock, make_office
from publishing import begun
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act

pytestmark = pytest.mark.django_db
HERE = "/desk/accesses/defences/"


def test_records_are_invoked_in_one_s_own_defence_and_the_result_is_kept(clock: Clock) -> None:
    play = begun(make_office("lingchuan"), "summary", clock, until="serve-on-spot")
    officer, head, agency = play.person("officer3"), play.person("agency-head"), play.office.agency
    desk = signed_in(officer)
    case = f"/desk/cases/{play.case_id}/"
    told = {"reason": "defence", "text": "有人举报我当天没有出示证件", "ticket": "", "next": case}
    assert desk.post(f"{case}why/", told).status_code == 302 and desk.get(case).status_code == 200
    assert Access.objects.get(by=officer.pk, result="served").reason == "defence"
    form = form_at(desk, f"/desk/admin/acts/claim-diligence/?agency={agency.pk}&case={play.case.code}")
    told = {
        "accused": "举报称没有出示执法证件",
        "records": "亮证步骤、现场检查笔录",
        "grounds": "当场出示证件并记入笔录，当事人已签名",
    }
    for name, value in told.items():
        form.put(name, value)
    assert send(desk, form)["Location"] == HERE
    number = str(Act.objects.get(name="claim-diligence").openings.get(name="number").value)
    page = words(signed_in(head).get(HERE))
    assert number in page and "亮证步骤、现场检查笔录" in page and "1 次" in page and "作出认定" in page
    decision = {"claim": number, "outcome": "cleared", "reason": "笔录和亮证记录一致，举报不实"}
    with pytest.raises(Refused, match="没有这一岗位"):
        administer("decide-diligence", agency, officer, decision)
    administer("decide-diligence", agency, head, decision)
    kept = {one.name: one.value for one in Act.objects.get(name="decide-diligence").openings.all()}
    assert kept["looks"] == 1 and kept["who"] == officer.name
    mine = words(desk.get(HERE))
    assert "尽职，不予追究责任" in mine and "笔录和亮证记录一致，举报不实" in mine
    with pytest.raises(Refused, match="认定：尽职，不予追究责任"):
        administer("decide-diligence", agency, head, decision)
    assert number not in words(signed_in(play.person("officer2")).get(HERE))


def test_nobody_decides_their_own_claim_and_bare_words_are_no_grounds(clock: Clock) -> None:
    play = begun(make_office("kaiyuan"), "summary", clock, until="inspect")
    head, agency = play.person("agency-head"), play.office.agency
    told = {"case": play.case.code, "accused": "审批超期", "records": "审批步骤", "grounds": "冤枉"}
    with pytest.raises(Refused, match="看不出尽到了什么职责"):
        administer("claim-diligence", agency, head, told)
    with pytest.raises(Refused, match="没有编号为“没有这件”的案件"):
        administer(
            "claim-diligence",
            agency,
            head,
            {**told, "case": "没有这件", "grounds": "当天收到，当天批准，有记录"},
        )
    administer("claim-diligence", agency, head, {**told, "grounds": "当天收到，当天批准，有记录"})
    number = str(Act.objects.get(name="claim-diligence").openings.get(name="number").value)
    with pytest.raises(Refused, match="不能认定自己的申辩"):
        administer(
            "decide-diligence", agency, head, {"claim": number, "outcome": "cleared", "reason": "情况属实"}
        )
