"""What the public says: handed in without an account, answered by whoever must, read again with the receipt's code alone."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api_client import Api
from cast import make_person
from knocks import signed_in
from page_form import form_on, words
from play import Clock, Play, make_office
from publishing import begun, supervisor_above
from sanxiang.cases.models import Publication
from sanxiang.door.forgetting import forget_contacts
from sanxiang.door.models import Knock
from sanxiang.door.verifying.database import verify_all
from sanxiang.door.voices.register import voices_in
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Opening
from sanxiang.people.roles import AUDIT_ADMIN
from speaking import RECEIPT, answered, filled, number_of, spoken, standing

pytestmark = pytest.mark.django_db
TEXT = "3月2日上午检查时没有出示证件，要求当场交钱，没有给收据。"
WHO, PHONE = "乔松年", "137" + "00002222"


@pytest.mark.parametrize(
    "locality",
    [
        pytest.param(name, marks=pytest.mark.carries(row, locality=name), id=name)
        for name, row in (("laizhou", "LZ-020"), ("dongying", "DY-022"))
    ],
)
def test_an_officer_is_looked_up_and_complained_of_and_the_supervisor_answers_by_the_code(
    locality: str, clock: Clock
) -> None:
    office = make_office(locality)
    above, number = supervisor_above(office.agency), number_of(office)
    public = Client()
    found = words(public.get(f"/verify/?number={number}"))
    assert "今日有效" in found and f"about=officer&key={quote(number)}" in found
    assert "没有查到" in words(public.get("/verify/?number=000000"))

    code = spoken(clock, f"/voices/?about=officer&key={number}", kind="投诉举报", text=TEXT, contact=PHONE)
    before = words(standing(code))
    assert "正在办理" in before and "行政执法监督人员" in before and "没有规定具体的天数" in before
    assert TEXT not in before and PHONE not in before

    (voice,) = voices_in([office.agency.pk])
    assert voice.subject == ("officer", number) and office.people["officer1"].name in voice.title
    listed = words(signed_in(above).get("/desk/voices/"))
    assert voice.number in listed and voice.title in listed and PHONE not in listed
    reply = "经核实，当日两名执法人员已经出示证件，罚款由当事人自行到银行缴纳。"
    page = answered(above, clock, outcome="没有发现", reply=reply)
    assert TEXT in page and PHONE in page
    after = words(standing(code))
    assert "已答复" in after and reply in after and TEXT not in after and PHONE not in after
    assert Access.objects.filter(by=above.pk, kind="voice", object=voice.id, result="served").exists()
    assert not [fault.as_json() for fault in verify_all()]


@pytest.mark.parametrize("path", ["/voices/status/", "/apply/status/"])
def test_no_code_at_all_is_no_wrong_try(path: str, clock: Clock) -> None:
    for _ in range(2):
        answer = Client().post(path, {"code": " 　"})
        assert answer.status_code == 422 and "请填写查询码。" in words(answer)
    assert not Knock.objects.exists()


def test_another_agency_can_be_chosen_after_an_error(clock: Clock) -> None:
    office = make_office("huantai")
    client = Client()
    form = filled(client, "/voices/", clock, kind="意见建议", text="短")
    again = client.post("/voices/", {**form.values, "key": str(office.agency.pk)})
    page = again.content.decode()
    assert again.status_code == 422 and "<select" in page and "反映的对象" not in page
    assert re.search(rf'value="{office.agency.pk}"\s+selected', page)


def test_who_spoke_is_told_to_nobody_but_those_who_answer(clock: Clock) -> None:
    """Neither the officer complained of, nor the agency's head, nor the audit administrator, nor the tasks or the log."""
    office = make_office("kaiyuan")
    supervisor_above(office.agency)
    spoken(
        clock,
        f"/voices/?about=officer&key={number_of(office)}",
        kind="投诉举报",
        text=TEXT,
        name=WHO,
        contact=PHONE,
    )
    (voice,) = voices_in([office.agency.pk])
    assert voice.told["name"] == WHO
    for who in ("officer1", "agency-head", "disclosure-editor", "archivist"):
        client = signed_in(office.people[who])
        assert client.get(f"/desk/voices/{voice.id}/").status_code == 404
        for path in ("/desk/voices/", "/desk/", "/desk/tasks/", f"/log/acts/{voice.id}/"):
            seen = words(client.get(path))
            assert not any(secret in seen for secret in (WHO, PHONE, TEXT)), (who, path)
    audit = words(
        signed_in(make_person("chaming", "查明", office.agency, AUDIT_ADMIN)).get("/desk/admin/history/")
    )
    assert "投诉举报" in audit and not any(secret in audit for secret in (WHO, PHONE, TEXT))
    told = Opening.objects.filter(act=voice.id, name__in=("name", "contact", "text"))
    assert {row.secrecy for row in told} == {"informant"}
    by = Opening.objects.get(act=voice.id, name="act.by").value
    assert isinstance(by, dict) and by["name"] == "社会公众"


def test_a_refused_form_keeps_what_was_typed_and_programs_are_kept_out(clock: Clock) -> None:
    office = make_office("kaiyuan")
    here = f"/voices/?about=agency&key={office.agency.pk}"
    client = Client()
    form = filled(client, here, clock, kind="投诉举报", text=TEXT, name=WHO)
    for changed in ({"website": "http://spam.example"}, {"kind": ""}, {"token": "x"}):
        answer = client.post("/voices/", {**form.values, **changed})
        assert answer.status_code == 422 and TEXT in words(answer) and WHO in words(answer), changed
    fast = form_on(client.get(here), "/voices/")
    fast.values |= {"kind": ["complaint"], "text": [TEXT]}
    answer = client.post("/voices/", fast.values)
    assert answer.status_code == 422 and "提交得太快" in words(answer) and TEXT in words(answer)
    program = SimpleUploadedFile("收据.exe", b"MZ\x90\x00")
    answer = client.post("/voices/", {**form.values, "files": program})
    assert answer.status_code == 422 and "不能上传" in words(answer) and "附件要重新选择" in words(answer)
    assert not voices_in([office.agency.pk])
    picture = SimpleUploadedFile("收据.txt", "收据照片的文字说明".encode(), "text/plain")
    twice = {
        RECEIPT.search(words(client.post("/voices/", {**form.values, "files": picture})))[0] for _ in range(2)
    }  # type: ignore[index]
    assert len(twice) == 1 and len(voices_in([office.agency.pk])) == 1
    (voice,) = voices_in([office.agency.pk])
    head = signed_in(office.people["agency-head"])
    file = head.get(f"/desk/voices/{voice.id}/files/0/")
    assert "收据照片的文字说明" in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert file["Content-Disposition"].startswith("attachment")
    assert signed_in(office.people["officer1"]).get(f"/desk/voices/{voice.id}/files/0/").status_code == 404


def test_one_who_knocks_too_often_does_not_shut_out_the_office(clock: Clock) -> None:
    office = make_office("kaiyuan")
    here, other = (f"/voices/?about=officer&key={number_of(office, who)}" for who in ("officer1", "officer2"))
    for _ in range(5):
        spoken(clock, here, kind="投诉举报", text=TEXT)
    client = Client(REMOTE_ADDR="203.0.113.7")
    answer = client.post("/voices/", filled(client, here, clock, kind="投诉举报", text=TEXT).values)
    assert answer.status_code == 422 and "过半小时再提交" in words(answer) and TEXT in words(answer)
    spoken(clock, other, kind="投诉举报", text=TEXT)
    spoken(clock, here, source="198.51.100.4", kind="投诉举报", text=TEXT)
    clock.now += timedelta(minutes=31)
    spoken(clock, here, kind="投诉举报", text=TEXT)


def test_a_wrong_code_reveals_nothing_and_is_bounded(clock: Clock) -> None:
    office = make_office("kaiyuan")
    code = spoken(clock, f"/voices/?about=agency&key={office.agency.pk}", kind="意见建议", text=TEXT)
    aloud = code.lower().replace("-", " ").replace("1", "l").replace("0", "o")
    assert "正在办理" in words(standing(aloud))
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    pages = {
        re.sub(r'value="[^"]*"', "", words(standing(one, "192.0.2.9"))) for one in (wrong, "X", "7" * 16)
    }
    assert len(pages) == 1 and "没有这个查询码" in pages.pop()
    assert "没有查到" not in words(Client().get(f"/voices/status/?code={code}"))
    assert office.agency.name not in words(Client().get(f"/voices/status/?code={code}"))
    for _ in range(30):
        assert standing(wrong, "192.0.2.9").status_code == 422
    assert standing(code, "192.0.2.9").status_code == 422
    assert standing(code).status_code == 200
    clock.now += timedelta(minutes=31)
    assert standing(code, "192.0.2.9").status_code == 200


@pytest.mark.parametrize(
    "locality",
    [
        pytest.param(name, marks=pytest.mark.carries(row, locality=name), id=name)
        for name, row in (("kaiyuan", "KY-009"), ("huantai", "HT-009"))
    ],
)
def test_every_published_item_takes_feedback_with_a_receipt_and_a_reply(locality: str, clock: Clock) -> None:
    play = published(locality, clock)
    above = supervisor_above(play.office.agency)
    row = Publication.objects.get(case=play.case_id)
    link = f"/voices/?about=decision&key={row.pk}"
    assert link in words(Client().get(f"/decisions/{row.pk}/"))
    code = spoken(clock, link, kind="意见建议", text="决定写得清楚，希望把依据的全文也放上来。")
    reply = "已经研究，法律页可以看到依据的条文。"
    answered(above, clock, outcome="已经研究", reply=reply)
    assert reply in words(standing(code))


def published(locality: str, clock: Clock) -> Play:
    """A case whose decision stands on the portal."""
    play = begun(make_office(locality), "ordinary", clock)
    play.until("")
    return play


def test_a_program_speaks_and_follows_by_the_interface_within_the_same_bounds(clock: Clock) -> None:
    """The receipt comes once, the same token is the same voice, the desk answers, the code shows it; made-up tokens give nothing."""
    office = make_office("dongying")
    above, public = supervisor_above(office.agency), Api()
    token = public.get("/public/voices/form")["token"]
    told = {"kind": "complaint", "about": "officer", "key": number_of(office), "text": TEXT, "contact": PHONE}
    receipt = public.post("/public/voices", {**told, "token": token})
    assert RECEIPT.fullmatch(receipt["code"]) and receipt["agency"] == office.agency.name
    assert public.post("/public/voices", {**told, "token": token}) == receipt
    (voice,) = voices_in([office.agency.pk])
    assert voice.number == receipt["number"] and voice.told["via"] == "api" and voice.told["contact"] == PHONE
    reply = "经核实，当日两名执法人员已经出示证件。"
    answered(above, clock, outcome="没有发现", reply=reply)
    found = public.post("/public/voices/status", {"code": receipt["code"]}, status=200)
    assert (found["state"], found["reply"]) == ("answered", reply)
    assert TEXT not in str(found) and PHONE not in str(found) and reply in words(standing(receipt["code"]))

    made_up = public.post("/public/voices", {**told, "token": "x:y:z"}, status=400)
    assert "token" in made_up["error"]["fields"]
    public.post("/public/voices", {**told, "key": "没有这个证件"}, status=404)
    short = public.post("/public/voices", {**told, "text": "差"}, status=422)
    assert short["error"]["code"] == "not-taken" and "请写明反映的内容" in short["error"]["message"]
    for _ in range(4):
        public.post("/public/voices", told)
    often = public.post("/public/voices", told, status=429)["error"]
    assert often["code"] == "too-often" and "过半小时再提交" in often["message"]
    here = f"/voices/?about=officer&key={quote(number_of(office))}"
    page = Client().post("/voices/", filled(Client(), here, clock, kind="投诉举报", text=TEXT).values)
    assert page.status_code == 422 and "过半小时再提交" in words(page), "the form counts with the interface"
    wrong = {
        public.post("/public/voices/status", {"code": code}, status=422)["error"]["message"]
        for code in ("0", "Z" * 16)
    }
    assert len(wrong) == 1 and list(verify_all()) == []


def test_who_spoke_is_forgotten_when_the_time_is_over_and_the_ledger_still_holds(clock: Clock) -> None:
    """The form says for how long; before its day, and before an answer, nothing goes; then name and contact, and nothing else."""
    office = make_office("dongying")
    above, here = supervisor_above(office.agency), f"/voices/?about=officer&key={quote(number_of(office))}"
    form = words(Client().get(here))
    assert (
        "答复之后满 180 天删除" in form
        and "《个人信息保护法》第四十七条" in form
        and "本地方案没有规定天数" in form
    )
    told = {"kind": "投诉举报", "text": TEXT, "name": WHO, "contact": PHONE}
    code = spoken(clock, here, **told)
    answered(above, clock, outcome="没有发现", reply="经核实，没有发现所反映的情况。")
    spoken(clock, here, source="203.0.113.9", **told)
    clock.now += timedelta(days=180)
    assert forget_contacts(clock.now - timedelta(days=1)) == 0
    clock.now += timedelta(minutes=5)
    assert forget_contacts(clock.now) == 1 and forget_contacts(clock.now) == 0
    waiting, first = voices_in([office.agency.pk])
    assert (waiting.told["name"], waiting.told["contact"]) == (WHO, PHONE), "nobody has answered it yet"
    assert "name" not in first.told and "contact" not in first.told and first.told["text"] == TEXT
    assert not Opening.objects.filter(act=first.id, name__in=("name", "contact")).exclude(salt="").exists()
    shown = words(signed_in(above).get(f"/desk/voices/{first.id}/"))
    assert "保存期限届满，已经删除" in shown and PHONE not in shown and TEXT in shown
    assert "已答复" in words(standing(code)) and list(verify_all()) == []
    done = Opening.objects.get(act__name="forget-contact", name="erased:openings")
    assert {one["name"] for one in done.value} == {"name", "contact"} and PHONE not in str(done.value)
