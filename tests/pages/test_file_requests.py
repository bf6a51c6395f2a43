"""查阅、复制: a party asks for its file, at the window or by its code; it gets a copy without what is others', or a reasoned refusal."""

from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from cast import make_person
from knocks import signed_in
from page_form import form_at, send, words
from play import MORNING, Clock, Play, make_office
from publishing import begun, supervisor_above
from sanxiang.cases.models import Paper
from sanxiang.demo.inspection import inspection
from sanxiang.door.administer import administer
from sanxiang.door.files.asked_files import FileRequest, request_of, requests_in, requests_of
from sanxiang.door.files.file_requests import GROUNDS, ROUTES
from sanxiang.door.sight import HIDDEN
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.calendar import national_calendar
from sanxiang.law.file_requests import grounds_of, routes_of
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.ledger.access import Read, record
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act
from sanxiang.people.models import Post
from sanxiang.people.roles import DISCLOSURE_EDITOR, WINDOW_CLERK

pytestmark = pytest.mark.django_db
LIST = "/desk/accesses/requests/"
CARD, PHONE, CODE = "11010119900307001" + "1", "138" + "00001111", "91370000MA3C00003J"
WANTS = "本案的现场检查笔录和处罚决定书"


def decided(locality: str, clock: Clock) -> Play:
    """A decided case of a firm with a code; what was found on site names a bystander with card and telephone."""
    play = begun(make_office(locality), "ordinary", clock)
    step = play.data_of(play.next(), play.moment)
    seen = f"现场遇见过路人员秦望舒，身份证号码{CARD}，联系电话{PHONE}，住柳林村三组。执法人员拍照四张。"
    play.until("close", register_clue={"party": {**step["party"], "code": CODE}}, inspect={"record": seen})
    return play


def sent(play: Play, address: str = "127.0.0.1", **other: str) -> Any:
    """The party's form on the portal."""
    party = play.case.state["facts"]["party"]
    told = {
        "code": play.case.code.lower(),
        "id_number": party["code"],
        "wants": WANTS,
        "contact": "信函寄到登记住所",
    }
    chosen = {"form": "paper", "route": "disclosure", "ask": "1"}
    return Client(REMOTE_ADDR=address).post("/party/", {**told, **chosen, **other})


def asked(play: Play, **other: str) -> FileRequest:
    """A request that the party made itself."""
    answer = sent(play, **other)
    assert answer.status_code == 200, words(answer)
    return requests_in([play.office.agency.pk])[0]


def registered(play: Play, **other: Any) -> FileRequest:
    """A request that the window registered."""
    told = {
        "case": play.case.code, "applicant": "顾清和", "standing": "other", "identity": "居民身份证已核对", "contact": "信函",
        "wants": WANTS, "form": "paper", "route": "disclosure", "received": play.clock.now.date().isoformat(), "via": "window",
    }  # fmt: skip
    administer("register-file-request", play.office.agency, play.person("archivist"), {**told, **other})
    return requests_in([play.office.agency.pk])[0]


def answered(play: Play, one: FileRequest, who: str = "agency-head", **told: Any) -> FileRequest:
    """The head's answer."""
    wanted = {"request": one.number, "outcome": "provide", **told}
    administer("answer-file-request", play.office.agency, play.person(who), wanted)
    return next(row for row in requests_in([play.office.agency.pk]) if row.id == one.id)


def pdf(play: Play, one: FileRequest, part: str, who: str = "agency-head") -> str:
    """The text of one of the request's papers, as the desk hands it out."""
    answer = signed_in(play.person(who)).get(f"/desk/cases/{play.case_id}/requests/{one.id}/{part}.pdf")
    assert answer.status_code == 200 and answer["X-Watermark"]
    with pypdfium2.PdfDocument(answer.content) as found:
        return "".join("".join(page.get_textpage().get_text_range() for page in found).split())


OTHERS = (CARD, PHONE, "秦望舒", "匿名群众甲")
"""What of others stands in the file: a bystander, and who reported."""


@pytest.mark.parametrize(
    "locality",
    [
        pytest.param(locality, marks=pytest.mark.carries(*rows, locality=locality), id=locality)
        for locality, *rows in (
            ("dongying", "DY-053"),
            ("lingchuan", "LC-048"),
            ("kaiyuan", "KY-054", "KY-055"),
            ("huantai", "HT-027"),
        )
    ],
)
def test_each_access_is_logged_strangers_are_refused_and_a_party_gets_a_redacted_copy(
    locality: str, clock: Clock
) -> None:
    """A view and an approved download are two entries with their purpose; the wrong role gets 403, which is kept; the party's copy hides
    what is others', is handed over with a receipt; a refusal says why, under which article, and where to go against it."""
    play = decided(locality, clock)
    agency, above = play.office.agency, supervisor_above(play.office.agency)
    paper = Paper.objects.filter(case=play.case_id).earliest("n")
    here = f"/desk/cases/{play.case_id}/papers/{paper.pk}"
    told = {
        "case": play.case.code, "scope": "papers", "purpose": "执法检查", "use": "监督科", "ticket": "监督通知〔2026〕1号",
    }  # fmt: skip
    administer("request-copy", agency, above, told)
    number = str(Act.objects.get(name="request-copy").openings.get(name="number").value)
    decision = {"request": number, "outcome": "approved", "reason": "同意", "days": 3, "times": 1}
    administer("decide-copy", agency, play.person("agency-head"), decision)
    client = signed_in(above)
    assert client.get(f"{here}/").status_code == client.get(f"{here}.pdf").status_code == 200
    rows = Access.objects.filter(by=above.pk, result="served", case=play.case_id)
    assert sorted(rows.values_list("kind", "reason", "text")) == [
        ("paper", "supervise", "三季度执法检查抽查"), ("pdf", "supervise", "三季度执法检查抽查"),
    ]  # fmt: skip
    log = words(signed_in(play.person("agency-head")).get(f"/desk/accesses/?case={play.case.code}"))
    assert all(one.watermark in log for one in rows) and number in log
    officer = signed_in(play.person("officer1"))
    assert officer.get("/desk/accesses/").status_code == 403
    assert Access.objects.filter(by=play.person("officer1").pk, result="withheld").count() == 1

    one = answered(play, asked(play), withhold=[])
    text, party = pdf(play, one, "copy"), play.case.state["facts"]["party"]
    assert one.outcome == "provide" and "案卷材料复制件" in text and party["name"] in text
    assert "秦某" in text and not [value for value in OTHERS if value in text] and "立案审批表" not in text
    administer(
        "hand-over-copy", agency, play.person("archivist"),
        {"request": one.number, "receiver": "当事人的经办人", "identity": "居民身份证、委托书已核对", "how": "window"},
    )  # fmt: skip
    one = requests_in([agency.pk])[0]
    assert "领取回执" in pdf(play, one, "receipt") and one.number in pdf(play, one, "receipt")
    assert Access.objects.filter(kind="request-pdf", case=play.case_id).count() == 3

    why = "所申请的讨论记录是本机关内部形成的过程性材料，没有规定应当公开"
    other = answered(
        play, asked(play, wants="集体讨论记录"), outcome="refuse", ground="case-file", reason=why
    )
    paper_text = pdf(play, other, "answer")
    for said in (why, "《政府信息公开条例》第十六条", "先向", "申请行政复议", "不予提供"):
        assert "".join(said.split()) in paper_text, said
    shown = words(look(play))
    assert why in shown and other.number in shown and "不予提供" in shown
    assert list(verify_all()) == []

    much = play.person("officer3")
    told = {"by": much.pk, "by_name": much.name, "role": "officer", "agency": agency.pk, "case": play.case_id}
    for _ in range(90):
        record(Read(kind="case", channel="page", result="served", reason="other", **told), clock.now)
    report = words(signed_in(play.person("agency-head")).get("/desk/accesses/review/"))
    assert f"<b>{much.name}</b>" in report and "调阅 90 次，平时每天 30 次" in report


def look(play: Play, **meta: str) -> Any:
    """The party looks at what became of its requests."""
    party = play.case.state["facts"]["party"]
    return Client().post("/party/", {"code": play.case.code, "id_number": party["code"], "look": "1"}, **meta)


# Who may ask, and until when.


def test_only_the_party_opens_its_page_and_that_is_on_record(clock: Clock) -> None:
    play = decided("kaiyuan", clock)
    for wrong in (
        {"code": "ABCDEFGHJK"},
        {"id_number": "91110000000000000X"},
        {"code": ""},
        {"id_number": ""},
    ):
        answer = sent(play, **wrong)
        assert (
            answer.status_code == 422
            and "对不上任何案件" in words(answer)
            and play.case.party not in words(answer)
        )
    assert not requests_in(None)
    (missed,) = Access.objects.all()  # the wrong number to the right code
    assert (missed.result, missed.kind, missed.case, missed.by) == (
        "withheld",
        "requests",
        play.case_id,
        None,
    )
    assert sent(play, contact="").status_code == 422
    first, again = (sent(play, nonce="one-form") for _ in range(2))
    assert first.status_code == again.status_code == 200 and len(requests_in(None)) == 1
    (one,) = requests_in(None)
    act = Act.objects.get(name="register-file-request")
    assert (act.by, act.by_name, act.role) == (None, play.case.party[:60], "party") and one.told[
        "via"
    ] == "square"
    assert Access.objects.filter(kind="requests", by=None, result="served", case=play.case_id).count() == 2
    for _ in range(4):
        assert sent(play).status_code == 200
    flood = sent(play)
    assert flood.status_code == 422 and "已有 5 件申请等候答复" in words(flood)


def test_numbers_are_not_tried_without_end(clock: Clock) -> None:
    """Five wrong ones from one address, and the right one opens nothing there for half an hour; another address may still ask, until too
    many were wrong from everywhere. Each look at a number is on record, and the tries that were not looked at add nothing."""
    play = decided("kaiyuan", clock)
    missed = Access.objects.filter(kind="requests", result="withheld", case=play.case_id)
    for n in range(7):
        assert sent(play, id_number=f"9111000000000000{n}X").status_code == 422
    assert missed.count() == 5 and sent(play).status_code == 422 and not requests_in(None)
    assert "连续填错 5 次的，30 分钟内不再核对" in words(sent(play))
    assert look(play, REMOTE_ADDR="203.0.113.9").status_code == 200
    for n in range(20):
        sent(play, id_number="911100000000000099", address=f"198.51.100.{n}")
    assert missed.count() == 20 and look(play, REMOTE_ADDR="203.0.113.9").status_code == 422
    clock.now += timedelta(minutes=31)
    assert look(play).status_code == 200
    shown = words(signed_in(play.person("agency-head")).get(f"/desk/accesses/?case={play.case.code}"))
    assert "未核实身份的人" in shown and "证件号码不符" in shown


def test_the_period_is_the_law_s_or_none(clock: Clock) -> None:
    """Twenty working days, once twenty more; where the statute sets none, none is shown."""
    play, calendar = decided("laizhou", clock), national_calendar()
    pack = load_pack("laizhou")
    assert {key: one.label for key, one in routes_of(pack).items()} == ROUTES
    assert set(grounds_of(pack)) == set(GROUNDS)
    received, count = play.clock.now.date(), 0
    one, day = registered(play), received
    while count < 20:
        day += timedelta(days=1)
        count += calendar.is_workday(day)
    assert one.due == day.isoformat() and "20 个工作日（《政府信息公开条例》第三十三条）" in one.told["limit"]
    head = play.person("agency-head")
    administer(
        "extend-file-request", play.office.agency, head, {"request": one.number, "reason": "需要检索纸质案卷"}
    )
    with pytest.raises(Refused, match="已经延长过一次"):
        administer(
            "extend-file-request", play.office.agency, head, {"request": one.number, "reason": "再延长"}
        )
    longer = requests_in([play.office.agency.pk])[0]
    assert date.fromisoformat(longer.due) > day
    own = registered(play, route="personal")
    assert own.due == ""
    page = words(signed_in(head).get(LIST))
    assert "未设定（应当及时提供，法律没有规定天数，《个人信息保护法》第四十五条）" in page
    with pytest.raises(Refused, match="没有规定延长答复期限"):
        administer(
            "extend-file-request", play.office.agency, head, {"request": own.number, "reason": "再延长"}
        )
    clock.now += timedelta(days=120)
    page = words(signed_in(head).get(LIST))
    assert "有 1 件超过期限没有答复" in page and "超期未答复" in page
    with pytest.raises(Refused, match="告知补正的期限"):
        answered(play, one, outcome="supplement", reason="请写明要哪一份笔录，十日内补正")


def test_each_statute_for_its_own_cases_and_parties(clock: Clock) -> None:
    """行政许可法 speaks of records of inspection, 个人信息保护法 of natural persons; others are told to ask by 政府信息公开条例."""
    play = decided("kaiyuan", clock)
    with pytest.raises(Refused, match="第六十一条第二款规定的不是行政处罚普通程序案卷"):
        registered(play, route="licence-watch")
    answer = sent(play, route="personal")
    assert answer.status_code == 422 and "第四十五条所说的个人信息" in words(answer)
    assert "按“申请公开政府信息”提出" in words(answer) and not requests_in(None)
    assert registered(play, route="personal").route == "personal"  # a bystander asks for its own
    clock.now = MORNING
    watched = Play(make_office("laizhou"), "inspection", inspection("rectify"), clock, MORNING)
    watched.until("conclude-inspection")
    assert registered(watched, route="licence-watch").route == "licence-watch"


def test_a_third_party_is_asked_before_its_secret_is_the_reason(clock: Clock) -> None:
    """Without a record of what it said, or before its fifteen working days are over, the ground does not stand; the answer says which."""
    play, calendar = decided("kaiyuan", clock), national_calendar()
    one, today = registered(play), clock.now.date()
    told = {"outcome": "refuse", "ground": "third-party", "reason": "材料中有第三方的工艺参数，属于商业秘密"}
    with pytest.raises(Refused, match="没有书面征求第三方意见的记录"):
        answered(play, one, **told)
    with pytest.raises(Refused, match="15 个工作日"):
        answered(play, one, **told, third_asked=today.isoformat(), third_answer="silent")
    with pytest.raises(Refused, match="还没有到"):
        answered(
            play, one, **told, third_asked=(today + timedelta(days=1)).isoformat(), third_answer="opposed"
        )
    done = answered(play, one, **told, third_asked=today.isoformat(), third_answer="opposed")
    assert "书面征求了第三方的意见，第三方书面不同意公开" in pdf(play, done, "answer")
    two, count, day = registered(play), 0, today
    while count < 15:
        day += timedelta(days=1)
        count += calendar.is_workday(day)
    clock.now += day - today
    silent = {**told, "third_asked": today.isoformat(), "third_answer": "silent"}
    with pytest.raises(Refused, match="15 个工作日"):
        answered(play, two, **silent)  # the fifteenth day is still the third party's
    clock.now += timedelta(days=1)
    assert "第三方逾期没有提出意见" in pdf(play, answered(play, two, **silent), "answer")


def test_what_is_public_already_is_answered_with_where_it_is(clock: Clock) -> None:
    play = decided("dongying", clock)
    one, reason = registered(play), "处罚决定书已经在公示平台全文公开"
    told = {"outcome": "refuse", "ground": "public", "reason": reason}
    with pytest.raises(Refused, match="没有写明在哪里可以看到"):
        answered(play, one, **told)
    text = pdf(play, answered(play, one, **told, where="本机关公示平台“处罚决定”栏目"), "answer")
    assert "已经主动公开" in text and "本机关公示平台“处罚决定”栏目" in text and "第三十六条" in text


# Who sees what of a request.


def test_the_list_names_applicants_to_who_takes_in_answers_or_watches(clock: Clock) -> None:
    """Another post of the agency gets 403, which is kept, and no way that leads there; a post elsewhere opens nothing here."""
    play = decided("laizhou", clock)
    registered(play)
    agency, elsewhere = play.office.agency, make_office("huantai")
    for who in (play.person("archivist"), play.person("agency-head"), supervisor_above(agency)):
        assert "顾清和" in words(signed_in(who).get(LIST)), who.name
    editor = make_person("tangmo", "唐墨", agency, DISCLOSURE_EDITOR)
    gone = signed_in(editor).get(LIST)
    assert gone.status_code == 403 and "顾清和" not in words(gone)
    assert Access.objects.filter(by=editor.pk, kind="requests", result="withheld").count() == 1
    assert LIST not in words(signed_in(editor).get("/desk/more/"))
    assert LIST in words(signed_in(play.person("archivist")).get("/desk/more/"))
    Post.objects.create(
        person=editor, agency=elsewhere.agency, role=WINDOW_CLERK, valid_from=date(2021, 1, 1)
    )
    assert "顾清和" not in words(signed_in(editor).get(LIST))


def test_the_copy_is_shown_beforehand_to_who_answers_alone(clock: Clock) -> None:
    """What would still leak names who reported; how the applicant proved itself is for whom the case shows identities to."""
    play = decided("kaiyuan", clock)
    one = registered(play, contact="信函寄到柳林村三组")
    here, agency = f"/desk/cases/{play.case_id}/requests/{one.id}/", play.office.agency
    preview, contact = "复制件现在会是这样", "信函寄到柳林村三组"
    head = words(signed_in(play.person("agency-head")).get(here))
    assert preview in head and contact in head and HIDDEN not in head
    officer = words(signed_in(play.person("officer1")).get(here))
    assert preview not in officer and contact in officer and WANTS in officer
    clerk = signed_in(make_person("yegu", "叶谷", agency, WINDOW_CLERK))
    page = words(clerk.get(here))
    assert WANTS in page and HIDDEN in page and preview not in page and contact not in page


def test_who_is_not_the_party_is_not_registered_as_the_party(clock: Clock) -> None:
    """As the party one would get its number, telephone and address unmasked; the name must be the one in the case."""
    play = decided("huantai", clock)
    with pytest.raises(Refused, match="申请人“顾清和”不是这个案件的当事人"):
        registered(play, standing="party")
    assert not requests_in(None)
    party = play.case.party
    assert registered(play, standing="party", applicant=f" {party} ").told["standing"] == "party"
    assert registered(play, standing="agent").told["applicant"] == "顾清和"


# What a copy holds and what it never does.


def test_a_stranger_s_copy_hides_the_party_too(clock: Clock) -> None:
    """Who is not the party finds neither its numbers nor its people in the copy."""
    play = decided("kaiyuan", clock)
    party = play.case.state["facts"]["party"]
    one = answered(play, registered(play))
    text = pdf(play, one, "copy")
    for key in ("phone", "legal_rep", "contact"):
        assert not party.get(key) or str(party[key]) not in text, key
    own = answered(play, asked(play))
    mine = pdf(play, own, "copy")
    assert party["code"] in mine and party["name"] in mine
    assert one.answer["masked"] > own.answer["masked"]


def test_what_the_head_leaves_out_and_hides_is_out(clock: Clock) -> None:
    """A paper by its title and words by hand, each with a reason that the answer states; what is not there is refused."""
    play = decided("lingchuan", clock)
    one = asked(play)
    first = answered(play, one)
    name = str(first.answer["given"][0]).split("》")[0].strip("《")
    word = play.case.state["facts"]["cause"]
    assert word in pdf(play, first, "copy")
    other = asked(play)
    with pytest.raises(Refused, match="正卷里没有“没有这份”"):
        answered(play, other, withhold=[{"文书": "没有这份", "理由": "商业秘密"}])
    with pytest.raises(Refused, match="没有写明为什么不提供"):
        answered(play, other, withhold=[{"文书": name, "理由": ""}])
    with pytest.raises(Refused, match="复制件里没有“查无此句”"):
        answered(play, other, hide=[{"文字": "查无此句", "理由": "商业秘密"}])
    second = answered(
        play,
        other,
        withhold=[{"文书": name, "理由": "含有他人的商业秘密"}],
        hide=[{"文字": word, "理由": "商业秘密"}],
    )
    text = pdf(play, second, "copy")
    assert word not in text and len(second.answer["given"]) == len(first.answer["given"]) - 1
    assert "含有他人的商业秘密" in pdf(play, second, "answer")
    with pytest.raises(Refused, match="没有决定提供复制件"):
        administer(
            "hand-over-copy", play.office.agency, play.person("archivist"),
            {"request": "没有这件", "receiver": "甲", "identity": "已核对", "how": "window"},
        )  # fmt: skip


def test_a_refusal_without_a_reason_is_refused(clock: Clock) -> None:
    play = decided("dongying", clock)
    one = registered(play)
    with pytest.raises(Refused, match="没有说明不予提供的理由"):
        answered(play, one, outcome="refuse", ground="secret", reason="不给")
    with pytest.raises(Refused, match="没有选择申请公开政府信息可以不予提供的情形"):
        answered(play, one, outcome="refuse", ground="not-own", reason="这不是申请人本人的个人信息")
    with pytest.raises(Refused, match="行政机关负责人"):
        answered(play, one, who="officer1")
    desk = signed_in(play.person("agency-head"))
    page = words(desk.get(f"/desk/cases/{play.case_id}/requests/{one.id}/"))
    assert "复制件现在会是这样" in page and "副卷不在其中" in page and WANTS in page
    form = form_at(
        desk, f"/desk/admin/acts/answer-file-request/?agency={play.office.agency.pk}&request={one.number}"
    )
    for name, value in {
        "outcome": "不予提供",
        "ground": "国家秘密、禁止公开或者危及安全稳定",
        "reason": "所申请的材料经定密，依法不得公开",
    }.items():
        form.put(name, value)
    assert send(desk, form)["Location"] == LIST
    done = requests_in([play.office.agency.pk])[0]
    assert "第十四条" in pdf(play, done, "answer")
    with pytest.raises(Refused, match="已由.+答复：不予提供"):  # noqa: RUF043
        answered(play, one)
    stranger = make_office("huantai").people["agency-head"]
    gone = signed_in(stranger).get(f"/desk/cases/{play.case_id}/requests/{one.id}/answer.pdf")
    assert gone.status_code == 404
    assert Access.objects.filter(by=stranger.pk, result="withheld", kind="request-pdf").count() == 1


def test_one_request_is_opened_without_reading_the_others(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a request, its answer and what the party sees are found by case and number, not in the whole history."""
    play = decided("laizhou", clock)
    one = asked(play)

    def whole(*_: Any) -> Any:
        raise AssertionError("the whole history was read")

    with monkeypatch.context() as patch:
        patch.setattr("sanxiang.door.files.asked_files.said_by", whole)
        assert [row.id for row in requests_of(play.case_id)] == [one.id]
        assert request_of(one.number, play.office.agency.pk) == one
        head = signed_in(play.person("agency-head"))
        assert head.get(f"/desk/cases/{play.case_id}/requests/{one.id}/").status_code == 200
    assert request_of(one.number, make_office("huantai").agency.pk) is None
    done = answered(play, one)
    assert requests_of(play.case_id) == [done] == requests_in([play.office.agency.pk])


@pytest.mark.parametrize("day, counted", [(14, 14), (15, 15), (16, 15), (0, 15)])
def test_the_days_of_asking_a_third_party_do_not_count(day: int, counted: int, clock: Clock) -> None:
    """第三十三条第三款: under, at and over its fifteen working days, and silent; registered at the window, told on the request's page."""
    play, calendar = decided("kaiyuan", clock), national_calendar()
    one, today = registered(play), clock.now.date()
    agency, keeper = play.office.agency, play.person("archivist")

    def ahead(start: date, days: int) -> date:
        while days:
            start += timedelta(days=1)
            days -= calendar.is_workday(start)
        return start

    named = {"request": one.number, "third": "云溪松涛木业有限公司"}
    asked_on = {"what": "供货价格", "third_asked": today.isoformat()}
    administer("consult-third-party", agency, keeper, {**named, **asked_on})
    assert requests_in([agency.pk])[0].due == ahead(today, 35).isoformat()
    with pytest.raises(Refused, match="已经征求过意见"):
        administer("consult-third-party", agency, keeper, {**named, **asked_on})
    with pytest.raises(Refused, match="可以在"):
        answered(play, one)
    if day:
        on = ahead(today, day)
        clock.now += on - today
        administer(
            "record-third-answer", agency, keeper, {**named, "said": "opposed", "answered_on": on.isoformat()}
        )
    else:
        clock.now += ahead(today, 15) - today + timedelta(days=1)
    now = requests_in([agency.pk])[0]
    assert now.due == ahead(today, 20 + counted).isoformat()
    page = words(signed_in(play.person("agency-head")).get(f"/desk/cases/{play.case_id}/requests/{one.id}/"))
    assert "所需时间不计入答复期限" in page and ("书面不同意公开" in page) == bool(day)
    if day:
        with pytest.raises(Refused, match="没有写明为什么仍然提供"):
            answered(play, one)
    administer(
        "extend-file-request", agency, play.person("agency-head"), {"request": one.number, "reason": "检索"}
    )
    assert requests_in([agency.pk])[0].due == ahead(today, 40 + counted).isoformat()
    told = {"outcome": "refuse", "ground": "third-party", "reason": "材料中有第三方的供货价格，属于商业秘密"}
    said = pdf(play, answered(play, one, **told), "answer")
    assert ("第三方书面不同意公开" if day else "第三方逾期没有提出意见") in said
