"""What is wrong in public from end to end: somebody outside reports it, the desk corrects it, other systems hear of it, the code tells."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api_client import Api
from exchanged import connect, round_of
from far_end import FarEnd, far_end
from page_form import words
from play import Clock, Play, make_office
from publishing import begun, page, surfaces
from reader import Client
from rows import row as carried
from sanxiang.cases.models import Publication
from sanxiang.demo.stories import digest_of
from speaking import answered, spoken, standing

pytestmark = pytest.mark.django_db
NOTE = "摘要写错了罚款的数额，现予更正。"
FRESH = "更正以后的摘要：罚款二百元。"
EVENTS = [
    ("illegal", {}),
    ("revoked", {}),
    ("revoked", {"remake_order": "县政府复决 1 号", "remake_ground": "substance"}),
]
"""Declared illegal, revoked, revoked and to be made anew."""


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[FarEnd, FarEnd]]:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with far_end(tmp_path / "one") as one, far_end(tmp_path / "two") as two:
        yield one, two


def corrected(play: Play) -> None:
    """The correction on the desk: proposed and worded by one person, confirmed by another."""
    found = {"error_source": "public", "found_wrong_on": play.moment.date().isoformat(), "public_note": NOTE}
    play.do("correct-publication", "disclosure-editor", **found)
    play.do("prepare-publication", "disclosure-editor", plain_summary=FRESH)
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))


@pytest.mark.parametrize("locality", [carried("LZ-008")])
def test_an_error_reported_without_an_account_becomes_a_new_version_and_an_answer(
    locality: str, clock: Clock
) -> None:
    """From the link on the decision's page to the note on it; the old text stays on the desk alone."""
    office = make_office(locality)
    play = begun(office, "summary", clock, until="record-payment")
    row = Publication.objects.get(case=play.case_id)
    here, editor = f"/decisions/{row.pk}/", office.people["disclosure-editor"]
    link = f"/voices/?about=decision&key={row.pk}"
    assert link in words(Client().get(here))
    code = spoken(clock, link, kind="纠错", text="摘要里罚款的数额与决定不一致，请核对。")
    assert "正在办理" in words(standing(code))
    corrected(play)
    reply = "经核对，摘要里的数额确实写错，已经更正并注明。"
    answered(editor, clock, outcome="已经更正", reply=reply)
    assert reply in words(standing(code))
    seen = words(Client().get(here))
    assert "现在是第2版" in seen and NOTE in seen and FRESH in seen
    assert "用0天" in page(editor, f"/desk/publications/{play.case_id}/")


@pytest.mark.carries("KY-026", locality="kaiyuan")
@pytest.mark.parametrize(("how", "anew"), EVENTS)
def test_what_was_undone_is_taken_back_from_each_platform_that_was_told(
    how: str, anew: dict[str, str], clock: Clock, sides: tuple[FarEnd, FarEnd]
) -> None:
    """One message of withdrawal for each earlier push, and nothing of it in any public place; then it may be made anew."""
    office = make_office("kaiyuan")
    for side, code in zip(sides, ("site", "city"), strict=True):
        connect(office.agency, side, code, f"平台{code}", "decisions")
    play = begun(office, "ordinary", clock, until="close")
    row = play.case.publications.get()
    text, subject = row.facts[:12], f"publication:{row.pk}"
    round_of(clock)
    assert all(side.log == [(subject, "publish")] and subject in side.records for side in sides)
    told = {"revoked_how": how, "revoked_by": "县政府复决 1 号", "reason": "事实不清"}
    play.do("revoke-decision", "agency-head", **told)
    task = next(
        t
        for t in Api(office.people["disclosure-approver"]).get("/tasks")["items"]
        if t["kind"] == "withdraw-publication"
    )
    assert task["due"] and not task["overdue"]
    play.withdraw("经复议撤下")
    round_of(clock, 1)
    assert all(
        side.log == [(subject, "publish"), (subject, "withdraw")] and side.records == {} for side in sides
    )
    shown = surfaces(row, text)
    assert not [where for where, body in shown.items() if text in body.replace(f'value="{text}"', "")]
    if anew:
        play.do("reopen-case", "agency-head", **anew, reason="责令重新作出")
        assert play.case.stage != "decided"


@pytest.mark.carries("KY-025", locality="kaiyuan")
def test_each_of_publishing_updating_and_withdrawing_leaves_its_line_and_the_portal_as_it_should_be(
    clock: Clock,
) -> None:
    """With reason, actor and time; the portal shows the text, then the new version, then the notice."""
    office = make_office("kaiyuan")
    play = begun(office, "summary", clock, until="record-payment")
    row = Publication.objects.get(case=play.case_id)
    here, approver = f"/decisions/{row.pk}/", office.people["disclosure-approver"]
    assert row.result in words(Client().get(here))
    corrected(play)
    assert NOTE in words(Client().get(here)) and FRESH in words(Client().get(here))
    play.withdraw("经复议撤下")
    gone = Client().get(here)
    assert gone.status_code == 410 and "经复议撤下" in words(gone) and FRESH not in words(gone)
    history = page(approver, f"/desk/cases/{play.case_id}/timeline/")
    for line in (
        "确认并公示",
        "更正",
        "撤回公示",
        NOTE,
        "经复议撤下",
        approver.name,
        office.people["disclosure-editor"].name,
    ):
        assert line in history, line
    assert history.count("确认并公示") >= 2
