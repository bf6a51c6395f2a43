"""Papers that hang on what was told: made where they belong, filled with what the case knows, to be had as PDF and as Word."""

import html
import io
import re
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from knocks import refused_everywhere, signed_in
from play import Clock, Play, make_office, play_of
from sanxiang.cases.models import Paper
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import stories
from sanxiang.door.models import Task
from side_stories import BOOK, LEDGER, PHOTO, REPRESENTED
from told import open_tasks

pytestmark = pytest.mark.django_db


def begun(story: str, clock: Clock, until: str = "", locality: str = "kaiyuan", **changes: Any) -> Play:
    """A story played to just before a step, with some of it told otherwise."""
    play = play_of(make_office(locality), story, clock, book=BOOK)
    play.until(until, **changes)
    return play


def made(play: Play, kind: str) -> Paper | None:
    """The newest paper of that kind."""
    return play.case.papers.filter(kind=kind).order_by("-n").first()


def printed(play: Play, kind: str, who: str = "officer1") -> str:
    """What the paper says: its PDF and its Word file, taken from the desk, say the same."""
    paper = made(play, kind)
    assert paper is not None, kind
    client, where = signed_in(play.person(who)), f"/desk/cases/{play.case_id}/papers/{paper.pk}"
    pdf, word = (b"".join(client.get(f"{where}.{end}")) for end in ("pdf", "docx"))
    pages = "".join(
        bare(page.extract_text(), paper.content, number)
        for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, 1)
    )
    document = Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    typed = squeezed("".join([*(p.text for p in document.paragraphs), *cells]))
    for block in paper.content["blocks"]:
        for text in [block["text"], *(cell["text"] for row in block["rows"] for cell in row)]:
            assert squeezed(text) in pages and squeezed(text) in typed, text
    return pages


def bare(text: str, content: dict[str, Any], number: int) -> str:
    """A page without what stands at its head and foot."""
    signs = "".join(f"{who}签名：" for who in content["signed_by"])
    foot = rf"(?:{signs}第{number}页共\d+页|—{number}—)$"
    head = squeezed(content["title"] + content["number"]) if number > 1 else ""
    return re.sub(foot, "", squeezed(text).removeprefix(head))


def squeezed(text: str) -> str:
    """Without blanks and line ends."""
    return re.sub(r"\s", "", text)


def says(text: str, *words: str) -> None:
    """All of these stand in it."""
    missing = [word for word in words if squeezed(word) not in text]
    assert not missing, (missing, text)


def form(play: Play, act: str, who: str = "officer1") -> str:
    """The form of an act, as the person finds it."""
    page = signed_in(play.person(who)).get(f"/desk/cases/{play.case_id}/acts/{act}/")
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def file(name: str, mime: str, body: bytes) -> dict[str, Any]:
    """A file that the store has."""
    return receive(io.BytesIO(body), name, mime)


# What is found, taken and filmed


def test_a_piece_of_evidence_is_taken_on_a_sheet_that_its_owner_checks(clock: Clock) -> None:
    play = begun("ordinary", clock, "conclude-investigation")
    kept = file("取水台账.pdf", "application/pdf", b"%PDF-1.7 ledger of the pump")
    told = {
        "officers": stories.two(play.office),
        "kind": "documentary",
        "title": "取水台账（复印件）",
        "place": "砂石场办公室",
        "provider": "陆一舟",
        "source_of": "当面复印，原件退回",
        "proves": "取水的时间和数量",
        "files": [kept],
    }
    play.do("add-evidence", "officer1", **told)
    text = printed(play, "evidence-sheet")
    says(text, "取水台账（复印件）", "书证", "砂石场办公室", "陆一舟", "当面复印", "取水的时间和数量")
    says(text, play.case.number, "执法证号", "提供人核对意见", "提取人（签名或者盖章）", kept["digest"])
    sheets = play.case.papers.filter(kind="evidence-sheet").count()
    play.do("add-evidence", "officer1", **{**told, "kind": "testimony", "files": []})
    assert play.case.papers.filter(kind="evidence-sheet").count() == sheets, "no sheet for what is only said"
    assert made(play, "media-note") is None


def test_the_sheet_names_its_giver_to_the_handlers_only(clock: Clock) -> None:
    play = begun("ordinary", clock, "conclude-investigation")
    told = {"kind": "physical", "title": "水表", "source_of": "张某处取得", "proves": "读数"}
    play.do("add-evidence", "officer1", officers=stories.two(play.office), **told)
    paper = made(play, "evidence-sheet")
    assert paper is not None
    where = f"/desk/cases/{play.case_id}/papers/{paper.pk}/"
    assert signed_in(play.person("officer1")).get(where).status_code == 200
    assert signed_in(play.person("disclosure-editor")).get(where).status_code == 403


def test_electronic_data_leave_a_record_signed_page_by_page(clock: Clock) -> None:
    play = begun("contested", clock, "register-agent")
    text = printed(play, "electronic-record")
    says(text, "出场记录", "磅房计算机，编号 QH-03", "两次计算校验值一致", "洗砂的产量", "出场记录.csv")
    says(text, "村民委员会委员 顾平", "不在场，有见证人", "执法证号")
    assert re.search(r"提取时间：2026年\d+月\d+日\d+时\d\d分至", text)
    digest = file("出场记录.csv", "text/csv", LEDGER)["digest"]
    says(text, digest)
    paper = made(play, "electronic-record")
    assert paper is not None and paper.external and not paper.number
    assert paper.content["signed_by"] == ["持有人", "提取人", "见证人"]
    assert "市场监督管理行政处罚文书格式范本（2021年修订版）" in paper.template
    assert any(piece["kind"] == "electronic" for piece in play.case.state["evidence"])


def test_electronic_data_of_somebody_away_need_a_witness(clock: Clock) -> None:
    play = begun("contested", clock, "extract-electronic")
    refused = refused_everywhere(play.knock("extract-electronic", witness=None))
    assert refused.guards == {"inspect.witnessed"}


@pytest.mark.parametrize(
    ("story", "act"), [("summary", "inspect"), ("ordinary", "interview"), ("cash", "collect-on-spot")]
)
def test_what_was_filmed_has_a_note_of_who_when_and_which_files(story: str, act: str, clock: Clock) -> None:
    play = begun(story, clock, act)
    with play.branch():
        play.step()
        assert made(play, "media-note") is None, "nothing was filmed"
    kept = [
        file("现场全景.png", "image/png", PHOTO),
        file("记录仪.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42" + PHOTO),
    ]
    play.step(photos=kept)
    text = printed(play, "media-note")
    says(text, play.pack.acts[act].label, "执法证号", "现场全景.png", "图片", "记录仪.mp4", "录像")
    says(text, *(one["digest"] for one in kept), "现场人员确认", "记录人（签名或者盖章）")
    note = made(play, "media-note")
    assert note is not None and not note.external and not note.number


def test_filmed_evidence_has_a_note_and_no_sheet(clock: Clock) -> None:
    play = begun("contested", clock, "approve-preservation")
    says(printed(play, "media-note"), "取水口照片", "取水设施的位置", "执法人员拍摄", "取水口照片.png")
    assert made(play, "evidence-sheet") is None


# Hearing and agents


def test_only_a_public_hearing_is_announced(clock: Clock) -> None:
    play = begun("hearing", clock, "notify-hearing")
    offered = form(play, "notify-hearing", "legal-reviewer")
    assert "《行政处罚听证通知书》</li>" in offered and "《听证公告》（视所填内容制作）" in offered
    with play.branch():
        play.step(open_hearing=False, closed_reason="涉及商业秘密")
        assert made(play, "hearing-notice") and made(play, "hearing-announcement") is None
    play.step()
    text, case = printed(play, "hearing-announcement", "legal-reviewer"), play.case
    says(text, case.party, case.state["facts"]["cause"], "本机关听证室", "公开举行听证", "可以旁听")
    says(text, play.person("legal-reviewer").name, play.office.agency.address, play.office.agency.phone)
    paper = made(play, "hearing-announcement")
    assert paper is not None and paper.number == f"{play.office.agency.short}听公〔2026〕1号"
    assert any(block["kind"] == "seal" for block in paper.content["blocks"])
    choices = form(play, "serve")
    assert 'value="hearing-notice"' in choices and 'value="hearing-announcement"' not in choices


def test_who_acts_for_the_party_is_told_once(clock: Clock) -> None:
    play = begun("hearing", clock, "notify-hearing")
    play.do("register-agent", "legal-reviewer", **REPRESENTED)
    text = printed(play, "power-of-attorney")
    says(
        text,
        "授权委托书",
        play.case.party,
        "陆一舟",
        "一般代理",
        "陈述和申辩",
        "申请和参加听证",
        "本案办结之日",
    )
    paper = made(play, "power-of-attorney")
    assert paper is not None and paper.content["agency"] == "" and not paper.number and not paper.external
    seen = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{paper.pk}/")
    assert seen.status_code == 200 and '<p class="sheet-issuer">' not in seen.content.decode()
    play.until("hold-hearing")
    with play.branch():
        play.pass_days(8)
        assert "陆一舟" in form(play, "hold-hearing", "legal-reviewer")
    play.step()
    says(printed(play, "hearing-record", "legal-reviewer"), "代理人：陆一舟（一般代理）")


def test_a_signed_power_of_attorney_is_not_drafted_again(clock: Clock) -> None:
    play = begun("hearing", clock, "notify-hearing")
    scan = file("授权委托书.png", "image/png", PHOTO)
    play.do("register-agent", "officer1", **REPRESENTED, files=[scan])
    assert made(play, "power-of-attorney") is None
    assert play.case.state["facts"]["agents"][0]["name"] == "陆一舟"


# Jurisdiction


def test_another_agency_is_named_or_given_the_case_in_a_sealed_letter(clock: Clock) -> None:
    named = begun("designated", clock)
    says(
        printed(named, "jurisdiction-notice"),
        "邻县水务局",
        "演示县河道管理所",
        "该案由邻县水务局管辖",
        "第二十五条第二款",
    )
    given = begun("assigned", clock, locality="laizhou")
    says(printed(given, "assignment-notice"), "演示镇人民政府", "核实取水量", "2026年5月29日前", "投诉举报")
    for play, kind, series in ((named, "jurisdiction-notice", "指辖"), (given, "assignment-notice", "交办")):
        paper, case = made(play, kind), play.case
        assert paper is not None and paper.external and case.closed == "transferred"
        assert paper.number == f"{play.office.agency.short}{series}〔2026〕1号"
        assert any(block["kind"] == "seal" for block in paper.content["blocks"])
        assert "匿名群众甲" not in printed(play, kind)


# Payment


def test_the_notice_of_payment_says_how_much_and_until_when(clock: Clock) -> None:
    play = begun("ordinary", clock, "enter-execution")
    with play.branch():
        fine = stories.Step("record-payment", "officer1", lambda o, c: {})
        play.do(fine.act, "officer1", amount="2000", towards="principal", receipt="票据 1")
        play.step()
        assert made(play, "payment-notice") is None, "nothing is left to pay"
    play.step()
    text, served = printed(play, "payment-notice"), play.case.state["papers"]["penalty-decision"]
    says(
        text,
        play.case.party,
        served["number"],
        "尚应缴纳：人民币贰仟元整（2,000元）",
        play.office.agency.account,
    )
    due = re.search(r"缴纳期限：至(\d+年\d+月\d+日)止", text)
    assert due is not None
    clock_of_pay = play.case.state["clocks"]["pay"]
    assert clock_of_pay["start"] == served["served_on"]
    paper = made(play, "payment-notice")
    assert (
        paper is not None and paper.number == f"{play.office.agency.short}缴通〔2026〕1号" and paper.external
    )
    choices = form(play, "serve")
    assert 'value="payment-notice"' in choices


def test_nobody_serves_a_call_to_pay_what_is_paid(clock: Clock) -> None:
    """Part of the sum leaves the task standing, the whole of it ends it; other papers still wait to be served."""
    play = begun("ordinary", clock, "enter-execution")
    play.step()
    assert open_tasks(play)["serve"].title == "送达缴款通知书"
    paid = {"towards": "principal", "receipt": "票据 1"}
    play.do("record-payment", "officer1", amount="500", **paid)
    assert "serve" in open_tasks(play)
    play.do("correct-paper", "agency-head", paper="penalty-decision", wrong="甲", right="乙", reason="笔误")
    play.do("record-payment", "officer1", amount="1500", **paid)
    waiting = Task.objects.filter(case=play.case, kind="serve", closed_n=None)
    assert [task.title for task in waiting] == ["送达更正通知书"]


def test_granting_and_refusing_time_to_pay_are_approved_on_a_form(clock: Clock) -> None:
    granted = begun("contested", clock, "impose-late-fine")
    text = printed(granted, "deferral-approval")
    says(
        text,
        "经营困难",
        "第1期：2026年8月20日前缴纳95,000元",
        "同意延期缴纳",
        granted.person("agency-head").name,
    )
    refused = begun("absent", clock, "end-execution", locality="laizhou")
    says(printed(refused, "deferral-approval"), "不予批准", "见卷内说明", "第六十六条第二款")


def test_a_longer_period_is_approved_with_its_new_last_day(clock: Clock) -> None:
    play = begun("contested", clock, "request-recusal")
    text = printed(play, "extension-form")
    says(text, "延长后的期满日", "《水行政处罚实施办法》第三十八条")
    assert re.search(r"延长后的期满日2026年\d+月\d+日", text)


# Publication


def test_publication_is_approved_on_a_form_with_the_public_text_and_both_names(clock: Clock) -> None:
    play = begun("ordinary", clock, "record-payment")
    text, facts = printed(play, "publication-approval"), play.case.state["publication"]
    editor, approver = play.person("disclosure-editor").name, play.person("disclosure-approver").name
    says(text, "向社会公示", "罚款2,000元", f"签名：{editor}", f"签名：{approver}", facts["digest"])
    shut = begun("absent", clock, "refuse-deferral", locality="laizhou")
    says(printed(shut, "publication-approval"), "不予公开", "商业秘密", "2027年1月4日", "第十五条")


def test_help_is_asked_by_the_paper_of_its_kind(clock: Clock) -> None:
    """A letter for an inquiry, a notice for a seizure, another for identifying a thing: one of them each time."""
    play = begun("contested", clock, "request-assistance")
    kinds = {
        "investigate": "assistance-letter",
        "seize": "seizure-assistance",
        "identify": "identification-notice",
    }
    for kind, paper in kinds.items():
        with play.branch():
            play.step(assist_kind=kind)
            assert [one for one in kinds.values() if made(play, one)] == [paper]
            says(printed(play, paper), "演示县供电公司", "提供当事人的用电记录")


def test_money_that_must_be_given_back_is_ordered_by_a_paper_of_its_own(clock: Clock) -> None:
    play = begun("contested", clock, "order-correction")
    with play.branch():
        play.step()
        assert made(play, "refund-order") is None
    play.step(refund_amount="1260", refund_to="多收水费的三户用水户")
    says(printed(play, "refund-order"), "1,260元", "多收水费的三户用水户", "第二十八条", "行政复议")
