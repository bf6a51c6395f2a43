"""What forms say and bring along, so that nobody stumbles: reasons beside fields, texts ready to be put right."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from conftest import BACKEND
from page_form import PageForm, form_on
from play import MORNING, Clock, Play, make_office, play_of
from sanxiang.demo.stories import two
from sanxiang.door.administer import administer
from sanxiang.door.models import Refusal
from sanxiang.people.models import Certificate
from side_stories import BOOK

pytestmark = pytest.mark.django_db

ROW = {
    "事项编码": "S-01",
    "事项名称": "未经批准擅自取水的处罚",
    "依据": "《水法》第六十九条第一项",
    "违反条款": "《水法》第四十八条第一款",
}
GROUPED = re.compile(r'<fieldset class="field field-section[^>]*>(.*?)</fieldset>', re.DOTALL)
BOXES = ("public_interest", "complex", "grave", "social_risk", "major_interest", "statute_requires_review")


def begin(story: str, until: str, clock: Clock, locality: str = "kaiyuan", **told: Any) -> Play:
    """The story up to an act, the agency's list of items released."""
    office = make_office(locality)
    listed = {"kind": "items", "rows": [ROW], "in_force_from": MORNING.date(), "note": "第一版"}
    if told:
        administer("release-register", office.agency, None, listed, now=MORNING)
    play = play_of(office, story, clock, book=BOOK)
    if told:
        play.step(**told)
    play.until(until)
    return play


def client_of(play: Play, who: str = "officer1") -> Client:
    client = Client()
    client.force_login(play.person(who), BACKEND)
    return client


def page_of(play: Play, act: str = "", who: str = "officer1") -> str:
    """The case page, or the form of an act, as that person sees it."""
    where = f"/desk/cases/{play.case_id}/" + (f"acts/{act}/" if act else "")
    return client_of(play, who).get(where).content.decode()


def form_of(play: Play, act: str, who: str = "officer1") -> PageForm:
    """The form of an act."""
    answer = client_of(play, who).get(f"/desk/cases/{play.case_id}/acts/{act}/")
    return form_on(answer, f"/desk/cases/{play.case_id}/acts/{act}/")


def value_of(form: PageForm, name: str) -> str:
    return html.unescape("".join(form.values.get(name, [])))


def field_on(page: str, name: str) -> str:
    """A field with its label and what stands beside it, as text."""
    found = re.search(rf'<div class="field [^>]*>\s*<label for="id_{name}">.*?</div>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[0])


# 陈述申辩期限.


@pytest.mark.parametrize(
    ("locality", "said", "required"),
    [
        ("kaiyuan", "本单位的方案没有定陈述申辩期限（方案未定），法律也没有写天数，必须在告知书里写明", True),
        ("laizhou", "本单位的陈述申辩期限是 5 个工作日，不填就按它告知", False),
    ],
)
def test_days_that_the_scheme_leaves_open_must_be_told(
    locality: str, said: str, required: bool, clock: Clock
) -> None:
    play = begin("ordinary", "notify-penalty", clock, locality)
    drawn = field_on(page_of(play, "notify-penalty"), "defence_days")
    assert said in drawn and ("（选填）" in drawn) is not required and ("aria-required" in drawn) is required


# Evidence.


def test_the_evidence_is_not_typed_again(clock: Clock) -> None:
    play = begin("ordinary", "conclude-investigation", clock)
    taken = {"officers": two(play.office), "kind": "documentary", "source_of": "当事人提供"}
    play.do("add-evidence", "officer1", title="取水台账", proves="取水数量", **taken)
    play.do("add-evidence", "officer1", title="非法录音", proves="口头承认", **taken)
    last = str(play.case.state["evidence"][-1]["id"])
    play.do("exclude-evidence", "unit-head", evidence_ids=[last], reason="偷录")
    form = form_of(play, "conclude-investigation")
    text = value_of(form, "proposal-evidence_text")
    assert "1. 勘验笔录、现场笔录：现场检查（勘验）" in text and "3. 书证：取水台账，证明：取水数量" in text
    assert (
        "\n2. 询问笔录\n" in text
        and "非法录音" not in text
        and "已按证据清单拟好" in page_of(play, "conclude-investigation")
    )


def test_evidence_that_came_after_the_text_is_pointed_out(clock: Clock) -> None:
    play = begin("ordinary", "draft-decision", clock)
    written = play.case.state["facts"]["proposal"]["evidence_text"]
    assert "这段文字写好之后" not in page_of(play, "draft-decision")
    taken = {"officers": two(play.office), "kind": "documentary", "source_of": "当事人提供"}
    play.do("add-evidence", "officer1", title="取水台账", proves="取水数量", **taken)
    assert value_of(form_of(play, "draft-decision"), "decision-evidence_text") == written
    assert "这段文字写好之后又有：取水台账，请补写" in page_of(play, "draft-decision")


def test_a_group_left_as_it_was_suggested_says_nothing(clock: Clock) -> None:
    """Who proposes no penalty leaves standing what the list of items and of evidence put there."""
    play = begin("spared", "conclude-investigation", clock, item=ROW["事项名称"])
    form = form_of(play, "conclude-investigation")
    assert value_of(form, "proposal-basis") and value_of(form, "proposal-evidence_text")
    form.put("proposal_outcome", "不予行政处罚")
    form.put("report", "轻微并已改正")
    sent = client_of(play).post(form.address, form.values)
    assert sent.status_code == 302 and "proposal" not in play.case.state["facts"]


# The list of items.


@pytest.mark.parametrize(
    ("story", "act", "field", "column"),
    [
        ("ordinary", "file", "suspected", "违反条款"),
        ("ordinary", "conclude-investigation", "proposal-basis", "依据"),
        ("summary", "tell-on-spot", "told_basis", "依据"),
        ("summary", "decide-on-spot", "decision-basis", "依据"),
        ("summary", "decide-on-spot", "decision-violated", "违反条款"),
    ],
)
def test_the_chosen_item_brings_its_provisions(
    story: str, act: str, field: str, column: str, clock: Clock
) -> None:
    play = begin(story, act, clock, item=ROW["事项名称"])
    who = "agency-head" if act == "file" else "officer1"
    assert value_of(form_of(play, act, who), field) == ROW[column]
    assert "已按选定的执法事项从事项清单带出" in page_of(play, act, who)


def test_one_text_has_one_source(clock: Clock) -> None:
    """The case has stated what the list of items says too: the form names one of them, not both."""
    play = begin("ordinary", "file", clock, item=ROW["事项名称"])
    play.until("conclude-investigation", file={"suspected": ROW["违反条款"]})
    assert value_of(form_of(play, "conclude-investigation"), "proposal-violated") == ROW["违反条款"]
    shown = field_on(page_of(play, "conclude-investigation"), "proposal-violated")
    assert shown.count("请改") == 1


def test_what_the_case_has_stated_goes_before_the_list(clock: Clock) -> None:
    play = begin("ordinary", "draft-decision", clock, item=ROW["事项名称"])
    stated = play.case.state["facts"]["proposal"]["basis"]
    assert value_of(form_of(play, "draft-decision"), "decision-basis") == stated != ROW["依据"]


# Suggested texts.


@pytest.mark.parametrize("story", ["ordinary", "summary"])
def test_the_closing_report_is_drawn_up_from_the_payments(story: str, clock: Clock) -> None:
    play = begin(story, "close", clock)
    paid = play.case.state["payments"][0]
    text = value_of(form_of(play, "close", "agency-head"), "performed")
    amount = f"{int(paid['amount']):,}元"
    assert f"应缴罚没款{amount}" in text and f"缴纳{amount}（票据号{paid['receipt']}）" in text
    assert "已全部缴清" in text and "已按缴款、延期、催告等记录拟好" in page_of(play, "close", "agency-head")


def test_the_closing_report_tells_of_deferral_additional_fine_and_court(clock: Clock) -> None:
    play = begin("contested", "close", clock, "laizhou")
    text = value_of(form_of(play, "close", "agency-head"), "performed")
    for told in (
        "应缴罚没款95,000元；尚未缴清95,000元",
        "经批准延期缴纳（2026年8月20日前95,000元）",
        "加处罚款2,850元，已缴0元，减免2,850元",
        "催告履行",
        "申请人民法院强制执行",
        "法院裁定准予执行",
        "已返还",
    ):
        assert told in text, (told, text)


@pytest.mark.parametrize(("story", "act"), [("ordinary", "notify-on-site"), ("summary", "tell-on-spot")])
def test_rights_and_duties_are_worded_already(story: str, act: str, clock: Clock) -> None:
    play = begin(story, act, clock)
    text = value_of(form_of(play, act), "told_rights")
    assert all(word in text for word in ("陈述、申辩", "回避", "如实", "协助"))
    assert "已写好通常的内容，与本案不同的请改" in page_of(play, act)


# Filing.


def test_the_triggers_of_review_stand_under_a_heading_that_says_what_ticking_does(clock: Clock) -> None:
    play = begin("ordinary", "file", clock)
    page = page_of(play, "file", "agency-head")
    grouped = GROUPED.findall(page)
    assert len(grouped) == 1
    text = html.unescape(grouped[0])
    assert re.findall(r'name="(\w+)"', text) == list(BOXES)
    assert "<legend>是否有应当法制审核的情形" in text and "作出决定之前必须经过法制审核" in text
    assert "《行政处罚法》第五十八条" in text


@pytest.mark.parametrize(
    ("story", "act", "who"),
    [("ordinary", "file", "agency-head"), ("ordinary", "assign-officers", "agency-head")],
)
def test_who_is_to_handle_the_case_need_not_handle_it_already(
    story: str, act: str, who: str, clock: Clock
) -> None:
    play = begin(story, act if act == "file" else "inspect", clock)
    page = html.unescape(page_of(play, act, who))
    assert "均须为本案承办人" not in page and "不少于两人，均须持有效执法证" in page


# Whose hint it is.


def test_the_step_of_publication_is_not_told_of_an_unpaid_fine(clock: Clock) -> None:
    play = begin("ordinary", "publish", clock)
    for who in ("disclosure-editor", "disclosure-approver"):
        page = page_of(play, who=who)
        asks = "登记以后再申请"  # what only the repair of credit says of an unpaid fine, and rightly
        assert page.count("没有缴清") == page.count(asks), who
    assert "罚没款还有2,000元没有缴清" in page_of(play, who="officer1")


# Officers.


def lapse(play: Play, who: str, day: str) -> None:
    """That person's certificate ends on a day."""
    Certificate.objects.filter(person=play.person(who)).update(valid_until=day, n=99)


def test_at_the_scene_nobody_picks_an_officer_without_a_certificate(clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), "summary", clock)
    lapse(play, "officer2", "2026-02-01")
    client, where = client_of(play), f"/desk/cases/new/summary/?agency={play.office.agency.pk}"
    page = html.unescape(client.get(where).content.decode())
    lapsed = re.search(rf'<input[^>]*value="{play.office.id("officer2")}"[^>]*>', page)
    unlicensed = re.search(rf'<input[^>]*value="{play.office.id("unlicensed")}"[^>]*>', page)
    assert lapsed and "disabled" in lapsed[0] and unlicensed and "disabled" in unlicensed[0]
    assert "不能选：证号" in page and "已于2026年2月1日到期" in page and "不能选：没有行政执法证" in page
    assert "先在下面填办理时间，再按那一天核对" in page


def test_what_happened_while_the_certificate_held_can_still_be_recorded(clock: Clock) -> None:
    """The form judges by the day that was typed; looking is no attempt."""
    play = begin("ordinary", "inspect", clock)
    step = play.next()
    play.pass_days(3)
    lapse(play, "officer2", clock.now.date().replace(day=clock.now.day - 1).isoformat())
    form = form_of(play, "inspect")
    second = play.office.id("officer2")
    assert second not in form.values.get("officers", [])
    then = play.case.state["since"]
    asked = {**form.values, "on": f"{then}T15:00", "present": "站长", "more": "on"}
    seen = client_of(play).post(form.address, asked)
    assert seen.status_code == 200 and not Refusal.objects.exists() and "站长" in seen.content.decode()
    box = re.search(rf'<input[^>]*value="{second}"[^>]*>', seen.content.decode())
    assert box and "disabled" not in box[0], step.act


# The party's address.


@pytest.mark.parametrize("procedure", ["summary", "ordinary"])
def test_the_first_form_says_that_the_address_will_be_needed(procedure: str, clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), procedure, clock)
    page = (
        client_of(play).get(f"/desk/cases/new/{procedure}/?agency={play.office.agency.pk}").content.decode()
    )
    drawn = field_on(page, "party-address")
    assert "（作出决定前必填）" in drawn and "选填" not in drawn


def test_a_step_that_is_wanting_is_one_of_this_procedure(clock: Clock) -> None:
    """Of acts that stand for each other only those are named that a case of this procedure has."""
    page = page_of(begin("ordinary", "notify-on-site", clock), "inspect")
    assert "尚未办理：现场告知并说明解释" in page and "口头告知" not in page


def test_before_filing_nobody_is_asked_to_be_a_handler(clock: Clock) -> None:
    page = page_of(begin("ordinary", "file", clock), "preliminary-check")
    assert "谁去核查就选谁" in page and "均须为本案承办人" not in page


def test_the_draft_says_what_has_to_be_told_again(clock: Clock) -> None:
    """第四十四条: whoever writes what a defence brought up into the facts starts the periods anew, and hears it first."""
    page = page_of(begin("ordinary", "draft-decision", clock), "draft-decision")
    assert "要重新告知，陈述申辩和听证的期限重新起算" in page


def test_the_form_says_how_payment_is_usually_worded(clock: Clock) -> None:
    """第六十七条: fifteen days, a bank or electronic payment; nobody has to know that by heart."""
    page = page_of(begin("ordinary", "conclude-investigation", clock), "conclude-investigation")
    assert "十五日内，到指定银行或者通过电子支付系统缴纳罚款" in page
