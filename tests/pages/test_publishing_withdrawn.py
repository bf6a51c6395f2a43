"""撤回公示 in 开原: a decision revoked, declared illegal or to be made anew leaves every public place in time, with its history kept."""

from datetime import datetime

import pytest

from api_client import Api
from board import text as text_of
from knocks import fact_of, refused_everywhere, signed_in
from page_form import form_on
from planted_files import IDCARD
from play import CHINA, Clock, make_office
from publishing import begun, listed, page, supervisor_above, surfaces
from sanxiang.demo.stories import SUMMARY
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.sequencer import sequence_all
from side_stories import REASON

pytestmark = pytest.mark.django_db

FOUND = "经复议撤回"
EVENTS = [("illegal", False), ("revoked", False), ("revoked", True)]
"""How the decision was undone, and whether it is to be made anew."""


@pytest.mark.parametrize(("how", "anew"), EVENTS)
def test_what_was_undone_leaves_every_public_place_within_three_working_days(
    how: str, anew: bool, clock: Clock
) -> None:
    """Each act leaves a line of the history and the portal as it should be; late, it stands on the supervisor's list."""
    office = make_office("kaiyuan")
    supervisor, approver = supervisor_above(office.agency), office.people["disclosure-approver"]
    play = begun(office, "ordinary", clock, until="close")
    row = play.case.publications.get()
    text, party = row.facts[:12], row.party
    assert all(
        str(row.pk) in body for where, body in surfaces(row).items() if where.startswith("/decisions/?q")
    )
    play.do("revoke-decision", "agency-head", revoked_how=how, revoked_by="县政府复决 1 号", **REASON)
    undone = play.moment.date()
    tasks = {t["kind"]: t for t in Api(approver).get("/tasks")["items"]}
    due = datetime.fromisoformat(tasks["withdraw-publication"]["due"]).replace(tzinfo=CHINA)
    assert 3 <= (due.date() - undone).days <= 7 and not tasks["withdraw-publication"]["overdue"]
    if anew:
        order = {"remake_order": "县政府复决 1 号", "remake_ground": "substance", **REASON}
        assert (
            "reopen.withdrawn"
            in refused_everywhere(play.attempt("reopen-case", "agency-head", **order)).guards
        )
    play.at(due.replace(hour=9, day=due.day))
    assert listed(supervisor) == []
    play.withdraw(FOUND)
    shown = surfaces(row, text[:6])
    gone = {
        where: body for where, body in shown.items() if text in body or party in body or "罚款2,000元" in body
    }
    assert not gone
    for where in (
        f"/decisions/{row.pk}/",
        f"/decisions/{row.pk}.json",
        f"/public/decisions/{row.pk}",
        "/decisions/withdrawn/",
    ):
        assert FOUND in shown[where]
    assert Api().get(f"/public/decisions?q={text[:6]}")["total"] == 0
    history = page(approver, f"/desk/cases/{play.case_id}/timeline/")
    for label in ("确认并公示", "决定被变更、撤销、确认违法或者无效", "撤回公示"):
        assert label in history
    assert FOUND in history and approver.name in history
    again = play.attempt("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    assert "publish.in-force" in refused_everywhere(again).guards


def test_what_was_corrected_is_public_again_as_corrected(clock: Clock) -> None:
    """Published, withdrawn to be corrected, published anew: the notice stands until the new text is confirmed."""
    office = make_office("kaiyuan")
    play = begun(office, "summary", clock, until="record-payment")
    row = play.case.publications.get()
    number, text = row.number, row.facts[:12]
    play.withdraw("公示文本有误，更正后重新公示")
    play.do("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    assert (
        text not in surfaces(row)[f"/decisions/{row.pk}/"]
        and "更正后重新公示" in surfaces(row)[f"/decisions/{row.pk}/"]
    )
    digest = play.case.state["publication"]["digest"]
    play.do("publish", "disclosure-approver", digest=digest)
    shown = surfaces(row, number)
    assert text in shown[f"/decisions/{row.pk}/"] and str(row.pk) in shown[f"/decisions/?q={number}"]
    assert "更正后重新公示" not in shown["/decisions/withdrawn/"]
    history = page(office.people["disclosure-approver"], f"/desk/cases/{play.case_id}/timeline/")
    assert history.count("确认并公示") >= 2


def test_the_ground_of_a_withdrawal_is_one_of_the_list_and_is_told_with_the_words(clock: Clock) -> None:
    """Without a ground the form is not read; by one person and at once the text is gone, and every notice says ground and words."""
    play = begun(make_office("kaiyuan"), "summary", clock, until="record-payment")
    row, approver = play.case.publications.get(), Api(play.person("disclosure-approver"))
    here, text = f"/cases/{play.case_id}/acts/withdraw-publication", row.facts[:12]
    for wrong in ({}, {"withdrawal_ground": "because"}):
        told = {"public_reason": "写了不该写的内容", **wrong}
        assert "撤回的情形" in str(approver.post(here, {"data": told}, status=400 if wrong else 422))
    play.withdraw("写了不该写的内容", "privacy")
    sequence_all()
    shown = surfaces(row, text[:6]) | {"/public/changes": str(Api().get("/public/changes"))}
    assert not [place for place, body in shown.items() if text in body]
    told = "含有不应公开的个人隐私、个人信息：写了不该写的内容"
    places = (
        f"/decisions/{row.pk}/",
        f"/public/decisions/{row.pk}",
        "/decisions/withdrawn/",
        "/public/changes",
    )
    assert [place for place in places if told not in shown[place]] == []
    assert told in page(play.person("disclosure-approver"), f"/desk/publications/{play.case_id}/")
    assert [str(fault) for fault in verify_all() if fault.what != "log"] == []


def test_a_reason_that_names_somebody_is_not_said_to_everybody(clock: Clock) -> None:
    """By page, API and command: the field and the article named, the name not; what was typed stands in the form again."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="close")
    named = play.case.state["facts"]["party"]["legal_rep"]
    slip = IDCARD[:17] + ("0" if IDCARD[17] != "0" else "1")
    numbered = (IDCARD, slip, f"{slip[:6]} {slip[6:14]} {slip[14:]}", slip[:17], slip[:6] + slip[8:17])
    for reason in (
        f"{named}申请撤回",
        *(f"当事人（身份证{number}）申请撤回" for number in numbered),
        f"{slip}申请撤回",
        "当事人银行卡6222021234567890123，申请撤回",
        "持护照E12345678的人申请撤回",
    ):
        knock = play.attempt(
            "withdraw-publication", "disclosure-approver", withdrawal_ground="text", public_reason=reason
        )
        answer = refused_everywhere(knock)
        fact = fact_of(answer, "public-fields.clean")
        assert "“向社会说明的理由”含有" in fact and named not in fact and IDCARD[:17] not in fact
        assert slip not in str(answer)
    client = signed_in(play.person("disclosure-approver"))
    here = f"/desk/cases/{play.case_id}/acts/withdraw-publication/"
    form = form_on(client.get(here), here)
    assert reason in text_of(client.post(here, {**form.values, "public_reason": reason}))
    play.withdraw("当事人（91210102742798345K）申请撤回〔2026〕12号，经审查同意")
