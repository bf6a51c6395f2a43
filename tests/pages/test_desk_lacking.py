"""A step that is due and cannot be taken: the case page says what it lacks, the cure, and who does what, to everybody."""

import re

import pytest

from conftest import Player, SignIn
from play import Play
from sanxiang.demo.stories import penalty, two
from sanxiang.people import roles

pytestmark = pytest.mark.django_db


def panel(play: Play, browser: SignIn, who: str) -> str:
    """The box 下一步 as this person sees it."""
    page = browser(play.person(who)).get(f"/desk/cases/{play.case_id}/").content.decode()
    return page[page.index('id="next"') :].split("</section>", 1)[0]


def links(box: str) -> list[str]:
    """The acts that the box leads to."""
    return re.findall(r"/acts/([a-z-]+)/", box)


def without(told: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in told.items() if key != name}


def test_a_decision_without_an_order_to_correct_says_so_to_officer_and_head(
    play: Player, browser: SignIn
) -> None:
    case = play(
        "ordinary", "decide", draft_decision={"decision": without(penalty("2000", which=0), "correction")}
    )
    for who in ("officer1", roles.AGENCY_HEAD):
        box = panel(case, browser, who)
        assert "这一环节还差" in box and "没有责令当事人改正违法行为" in box and "怎么办" in box, who
        assert "没有轮到您办的事" not in box, who
    assert {"order-correction", "draft-decision"} <= set(links(panel(case, browser, "officer1")))
    head = panel(case, browser, roles.AGENCY_HEAD)
    assert "轮到您办：作出行政处罚决定，先补齐下面的条件" in head
    assert "责令改正（由执法人员办理）" in head and "order-correction" not in links(head)
    told = {"officers": two(case.office), "correct_what": "停止取水", "correct_by": "2026-04-30"}
    case.do("order-correction", "officer1", **told)
    head = panel(case, browser, roles.AGENCY_HEAD)
    assert "这一环节还差" not in head and links(head)[:1] == ["decide"]


def test_a_decision_without_an_address_leads_to_the_correction(play: Player, browser: SignIn) -> None:
    party = {"kind": "org", "name": "云溪砂场有限公司", "legal_rep": "陆一舟"}
    case = play("ordinary", "decide", register_clue={"party": party})
    box = panel(case, browser, "officer1")
    assert "决定书缺少：当事人的地址" in box and "amend" in links(box)


def test_a_party_that_was_fined_already_is_told_before_the_decision(play: Player, browser: SignIn) -> None:
    deed = {"occurred_on": "2026-02-10"}
    case = play("ordinary", "decide", register_clue=deed)
    twin = case.other()
    twin.until("enter-execution", register_clue=deed, file={"separate_act": "上午、下午两处地点"})
    box = panel(case, browser, "officer1")
    assert "同一当事人同一违法事实已经罚款" in box and "amend" in links(box)
    assert "同一当事人同一违法事实已经罚款" in panel(case, browser, roles.AGENCY_HEAD)


def test_what_only_the_head_lacks_is_no_lack_of_the_case(play: Player, browser: SignIn) -> None:
    """An officer may not decide: that is whose turn it is, and nothing that the step lacks."""
    case = play("ordinary", "decide")
    box = panel(case, browser, "officer1")
    assert "这一环节还差" not in box and "由行政机关负责人办理" in box


def test_filing_twice_asks_for_the_reason_where_it_is_given(play: Player, browser: SignIn) -> None:
    """The same party and cause has a case already: the head writes why it is another deed, on the form of filing."""
    play("ordinary", "show-certificate")
    case = play("ordinary", "file")
    for who in ("officer1", roles.AGENCY_HEAD):
        box = panel(case, browser, who)
        assert "同一当事人同一违法事实已有案件" in box and "没有轮到您办的事" not in box, who
    assert "amend" in links(panel(case, browser, "officer1"))
    box = panel(case, browser, roles.AGENCY_HEAD)
    assert "轮到您办：批准立案" in box and {"file", "merge-case"} <= set(links(box))
    head, address = browser(case.person(roles.AGENCY_HEAD)), f"/desk/cases/{case.case_id}/acts/file/"
    page = head.get(address).content.decode()
    assert "同一当事人同一违法事实已有案件" in page and 'name="separate_act"' in page
    label = page[page.index('for="id_separate_act"') :].split("</label>")[0]
    assert "选填" not in label
    sent = {**case.data_of(case.next(), case.moment), "nonce": "n"}
    answer = head.post(address, sent)
    assert answer.status_code == 422
    wrong = answer.content.decode()
    assert 'id="id_separate_act_error"' in wrong
    assert head.post(address, {**sent, "separate_act": "上午、下午两处地点"}).status_code == 302
