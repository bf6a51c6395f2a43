"""依申请公开: asked without an account or at the counter, answered in time with a paper, by the pack's period, grounds and articles."""

import re
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from seen import faults_seen

from knocks import signed_in
from page_form import form_at, words
from play import Clock, make_office
from publishing import supervisor_above
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.asking.register import Application, applications_in
from sanxiang.door.models import Task
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused
from speaking import PHONE, WANTS, WHO, applied, replied, spoken

pytestmark = pytest.mark.django_db
REASON = "所申请的汇总表涉及合作单位的生产配方，公开会损害其权益"


def standing(code: str) -> str:
    """What the page of the code says."""
    return words(Client().post("/apply/status/", {"code": code}))


def guards(office: Office, one: Application, **told: Any) -> set[str]:
    """What refuses this answer."""
    with pytest.raises(Refused) as refused:
        replied(office, one, **told)
    return {verdict.guard for verdict in refused.value.verdicts if not verdict.met}


def test_an_application_is_answered_with_a_paper_and_followed_by_its_code(clock: Clock) -> None:
    office = make_office("kaiyuan")
    code = applied(office, clock)
    (one,) = applications_in([office.agency.pk])
    assert one.received == date(2026, 3, 2) and one.due == "2026-03-30", "twenty working days"
    before = standing(code)
    assert "正在办理" in before and "2026年3月30日" in before and "第三十三条" in before
    assert not [text for text in (WHO, PHONE, WANTS) if text in before]
    head = signed_in(office.people["agency-head"])
    assert f"/desk/information/{one.id}/" in words(head.get("/desk/tasks/"))
    page = words(head.get(f"/desk/information/{one.id}/"))
    assert WHO in page and WANTS in page
    assert (
        signed_in(office.people["disclosure-editor"]).get(f"/desk/information/{one.id}/").status_code == 404
    )
    assert WHO not in words(head.get("/desk/information/"))
    link = re.search(r'href="(/desk/admin/acts/answer-information-request/[^"]+)"', page)
    assert link
    form = form_at(head, link[1])
    form.put("outcome", "予以公开")
    assert "没有写明提供的方式" in words(head.post(link[1], form.values))
    form.put("where", "答复之日以电子邮件发送")
    assert head.post(link[1], form.values).status_code == 302
    after = standing(code)
    assert "已答复" in after and "答复之日以电子邮件发送" in after and WHO not in after
    pdf = head.get(f"/desk/information/{one.id}/answer.pdf")
    with pypdfium2.PdfDocument(pdf.content) as found:
        text = "".join("".join(sheet.get_textpage().get_text_range() for sheet in found).split())
    assert "第三十六条第二项" in text and "行政复议" in text and WANTS in text
    assert not Task.objects.filter(pk=one.id, closed_n=None)
    assert not [fault.as_json() for fault in verify_all()]


def test_who_supervises_sees_that_somebody_asked_and_not_who(clock: Clock) -> None:
    """The form promises that only the answering agency sees it: neither the page nor the answer's paper tells anybody else."""
    office = make_office("huantai")
    applied(office, clock)
    (one,) = applications_in([office.agency.pk])
    told = {"outcome": "provide", "where": "答复之日以电子邮件发送"}
    replied(office, one, **told)
    above = signed_in(supervisor_above(office.agency))
    seen = words(above.get(f"/desk/information/{one.id}/"))
    assert one.number in seen
    assert not [text for text in (WHO, PHONE, "居民身份证") if text in seen] and "answer.pdf" not in seen
    assert above.get(f"/desk/information/{one.id}/answer.pdf").status_code == 404
    assert WHO in words(signed_in(office.people["agency-head"]).get(f"/desk/information/{one.id}/"))


def test_no_application_is_taken_that_nobody_could_answer(clock: Clock) -> None:
    """A government without posts here is not to choose, and is refused with the way out; objections to it go to who supervises."""
    office = make_office("huantai")
    county, above = office.agency.parent, supervisor_above(office.agency)
    assert county is not None
    client = Client()
    form = form_at(client, "/apply/")
    assert f'value="{county.pk}"' not in client.get("/apply/").content.decode()
    told = {"applicant": WHO, "identity": "居民身份证", "contact": PHONE, "wants": WANTS}
    for name, value in {**told, "form": "电子文档"}.items():
        form.put(name, value)
    clock.now += timedelta(minutes=1)
    answer = client.post("/apply/", {**form.values, "agency": str(county.pk)})
    assert answer.status_code == 422 and "没有答复申请的人员" in words(answer)
    assert not applications_in([county.pk])
    for kind in ("异议", "纠错"):
        spoken(clock, f"/voices/?about=agency&key={county.pk}", kind=kind, text="公布的办公地址不对。")
    task = Task.objects.filter(kind="answer-voice")
    assert {row.role for row in task} == {"supervisor"} and len(task) == 2
    assert county.name in words(signed_in(above).get("/desk/tasks/"))


def test_the_period_is_extended_once_and_a_third_partys_days_do_not_count(clock: Clock) -> None:
    """By hand: 20 working days from 2 March end on 30 March; 14 working days of asking move that to 20 April, 20 more to 20 May."""
    office = make_office("kaiyuan")
    agency, head = office.agency, office.people["agency-head"]
    applied(office, clock)
    (one,) = applications_in([agency.pk])
    clock.now = clock.now.replace(day=5)
    third = {"request": one.number, "third": "青禾县造纸厂（演示）"}
    administer("consult-on-information", agency, head, {**third, "third_asked": "2026-03-05"})
    refusal = {"outcome": "refuse", "ground": "third-party", "reason": REASON}
    assert guards(office, one, **refusal) == {"third"}
    clock.now = clock.now.replace(day=25)
    told = {**third, "said": "opposed", "answered_on": "2026-03-25"}
    administer("record-opinion-on-information", agency, head, told)
    assert applications_in([agency.pk])[0].due == "2026-04-20"
    longer = {"request": one.number, "why_longer": "需要调取历年的检查台账"}
    administer("extend-information-request", agency, head, longer)
    (now,) = applications_in([agency.pk])
    task = Task.objects.get(pk=one.id)
    assert now.due == task.due.isoformat() == "2026-05-20", now.due  # type: ignore[union-attr]
    with pytest.raises(Refused) as again:
        administer("extend-information-request", agency, head, longer)
    assert "extended" in {verdict.guard for verdict in again.value.verdicts if not verdict.met}
    replied(office, one, **refusal)
    assert applications_in([agency.pk])[0].outcome == "refuse"


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({"outcome": "provide"}, {"where"}),
        ({"outcome": "partly", "where": "邮寄"}, {"ground", "reason"}),
        ({"outcome": "refuse", "ground": "none"}, {"reason"}),
        ({"outcome": "refuse", "ground": "personal-secret", "reason": REASON}, {"ground"}),
        ({"outcome": "refuse", "ground": "public", "reason": REASON}, {"where"}),
        ({"outcome": "refuse", "ground": "third-party", "reason": REASON}, {"third"}),
        ({"outcome": "supplement"}, {"reason"}),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(
    told: dict[str, str], missing: set[str], clock: Clock
) -> None:
    office = make_office("kaiyuan")
    applied(office, clock)
    (one,) = applications_in([office.agency.pk])
    assert guards(office, one, **told) == missing


def test_a_supplement_lets_the_period_of_the_same_application_run_anew(clock: Clock) -> None:
    """By hand: asked on 2 March, told on the same day, mended on 9 March: twenty working days from then end on 7 April (清明 off)."""
    office = make_office("kaiyuan")
    code = applied(office, clock)
    agency, (one,) = office.agency, applications_in([office.agency.pk])
    replied(office, one, outcome="supplement", reason="请写明检查的年度，十个工作日内补正")
    waits = standing(code)
    assert (
        "等您补正" in waits and "第三十条" in waits and "已答复" not in waits and "请写明检查的年度" in waits
    )
    assert guards(office, one, outcome="provide", where="邮寄") == {"supplement"}
    clerk = signed_in(office.people["archivist"])
    assert "receive-supplement" in words(clerk.get(f"/desk/information/{one.id}/"))
    told = {"request": one.number, "supplemented": "2025年全年的检查汇总表", "supplemented_on": "2026-03-09"}
    with pytest.raises(Refused):
        administer("receive-supplement", agency, office.people["archivist"], told)
    clock.now = clock.now.replace(day=9)
    administer("receive-supplement", agency, office.people["archivist"], told)
    (now,) = applications_in([agency.pk])
    task = Task.objects.get(pk=one.id)
    assert (now.number, now.outcome, now.due) == (one.number, "", "2026-04-07") and task.closed_n is None
    assert task.due == date(2026, 4, 7) and "正在办理" in standing(code)
    replied(office, now, outcome="provide", where="答复之日以电子邮件发送")
    assert "已答复" in standing(code) and not Task.objects.filter(pk=one.id, closed_n=None)
    with pytest.raises(Refused):
        administer("receive-supplement", agency, office.people["archivist"], told)
    assert not [fault.as_json() for fault in verify_all()]


def test_the_counter_registers_and_the_year_is_counted(clock: Clock) -> None:
    """Each kind of answer once; the table of the yearly report has them, the late one too; the pages fit and anybody can use them."""
    office = make_office("kaiyuan")
    agency, clerk = office.agency, office.people["archivist"]
    told = {
        "applicant": WHO,
        "identity": "居民身份证",
        "contact": PHONE,
        "wants": WANTS,
        "form": "paper",
        "via": "oral",
    }
    for ground in ("none", "not-ours", "petition", "special", "made-anew"):
        administer("register-information-request", agency, clerk, told)
        replied(office, applications_in([agency.pk])[0], outcome="refuse", ground=ground, reason=REASON)
    administer("register-information-request", agency, clerk, told)
    (one, *_), above = applications_in([agency.pk]), supervisor_above(agency)
    clock.now += timedelta(days=40)
    client, public, pages = signed_in(above), Client(), dict[str, str]()
    listed = words(client.get("/desk/information/"))
    assert "有 1 件超过期限没有答复" in listed
    for label, number in (("收到申请", 6), ("正在办理", 1), ("情形：没有所申请的信息", 1), ("超过期限", 1)):
        assert re.search(rf"{label}\s*</t[dh]>\s*<td[^>]*>\s*{number}\s*<", listed), label
    for path in ("/apply/", "/apply/status/"):
        pages[path] = public.get(path).content.decode()
    pages["/apply/?wrong"] = public.post("/apply/", {"agency": ""}).content.decode()
    for path in ("/desk/information/", f"/desk/information/{one.id}/"):
        pages[path] = client.get(path).content.decode()
    assert not (wrong := faults_seen(pages)), "\n".join(wrong)
