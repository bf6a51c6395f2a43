"""What follows on a publication: how long it is shown, where else, in which plain words, what is put right, who does which stage."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from api_client import Api
from knocks import refused_everywhere, signed_in
from play import CHINA, Clock, Play, make_office
from publishing import begun, due_of, page, surfaces
from reader import Client
from rows import row as carried
from sanxiang.cases.models import Publication
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.demo.stories import SUMMARY, digest_of
from sanxiang.door.administer import administer
from sanxiang.door.expiring import expire_due
from sanxiang.door.models import Task
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.own_rules import kinds_of
from sanxiang.law.packs import load_pack
from sanxiang.ledger.models import Opening
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db

SPRING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)


def faults() -> list[str]:
    """What the check of the whole finds, the log apart."""
    sequence_all()
    return [str(fault) for fault in verify_all() if fault.what != "log"]


def released(office: Office, kind: str, rows: list[dict[str, str]], **more: Any) -> None:
    """The agency's own list of that kind, by the operator."""
    told = {"kind": kind, "rows": rows, "in_force_from": "2026-01-01", "note": "测试", **more}
    administer("release-register", office.agency, None, told)


def divided(office: Office, **changed: str) -> None:
    """Who answers for which stage of 行政处罚."""
    whose = {"采集": "执法大队", "传递": "办公室公示员", "审核": "执法大队负责人", "发布": "办公室公示审核人"}
    released(office, "disclosure-duties", [{"类别": "行政处罚", **whose, **changed}])


@pytest.mark.carries("LZ-030", locality="laizhou")
def test_what_was_shown_long_enough_leaves_every_public_place(clock: Clock) -> None:
    """A year by the agency's own rule: on the last day it stands, the day after it is gone; the ledger keeps the text."""
    office = make_office("laizhou")
    names = kinds_of(load_pack("laizhou"))["rule-ex-post"].chapters
    rows = [
        {"章节": n, "内容": f"{n}按本办法执行。"} | ({"数值": "365"} if n == "公开期限" else {})
        for n in names
    ]
    named = {"title": "本局事后公开办法", "owner": "办公室", "basis": "本地方案"}
    told = {"kind": "rule-ex-post", "rows": rows, "in_force_from": "2026-01-01", **named}
    administer("release-rule", office.agency, None, told)
    play = begun(office, "summary", clock, SPRING, "record-payment")
    row = Publication.objects.get(case=play.case_id)
    assert row.published_on and row.display_until == row.published_on + timedelta(days=365)
    facts = row.facts[:12]
    shown = surfaces(row, row.number)
    assert "公开到" in shown[f"/decisions/{row.pk}/"] and any(facts in text for text in shown.values())
    for who in ("officer1", "disclosure-approver"):
        assert "role" in refused_everywhere(play.attempt("expire-publication", who)).guards
    last = datetime.combine(row.display_until, datetime.min.time(), CHINA).replace(hour=9)
    play.at(last)
    assert expire_due(clock.now) == 0 and Client().get(f"/decisions/{row.pk}/").status_code == 200
    play.at(last + timedelta(days=1))
    late = [place for place, text in surfaces(row, facts).items() if facts in text and "?q=" not in place]
    assert late == [], "no reader waits for the clock to come round"
    assert expire_due(clock.now) == 1 and expire_due(clock.now) == 0
    row.refresh_from_db()
    assert (row.status, row.facts, row.party) == ("expired", "", "")
    assert [
        place for place, text in surfaces(row, facts).items() if facts in text and "?q=" not in place
    ] == []
    assert Client().get(f"/decisions/{row.pk}/").status_code == 404
    sequence_all()
    assert [one["kind"] for one in Api().get("/public/changes")["items"]] == ["expired"]
    texts = Opening.objects.filter(act__subject=play.case_id, name="public_text")
    assert any(facts in str(one.value) for one in texts)
    assert faults() == []


def test_a_decision_is_not_published_without_plain_words(clock: Clock) -> None:
    """No summary, or one of 501 characters: refused; with one it stands above the decision."""
    office = make_office("kaiyuan")
    play = begun(office, "summary", clock, SPRING, "prepare-publication")
    without = play.attempt("prepare-publication", "disclosure-editor")
    assert "summary.given" in refused_everywhere(without).guards
    told = {"plain_summary": "字" * 501}
    editor = Api(office.people["disclosure-editor"])
    answer = editor.post(f"/cases/{play.case_id}/acts/prepare-publication", {"data": told}, status=400)
    assert "通俗摘要" in str(answer)
    text = "这家单位没有办手续就取水，被罚款两百元；相对人不服的可以申请复议。"
    play.do("prepare-publication", "disclosure-editor", plain_summary=text)
    desk = page(office.people["disclosure-approver"], f"/desk/publications/{play.case_id}/")
    assert text in desk and "“相对人”改为“当事人”" in desk
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    row = Publication.objects.get(case=play.case_id)
    seen = page(office.people["officer1"], f"/decisions/{row.pk}/")
    assert seen.index(text) < seen.index("基本信息") and row.summary == text
    assert faults() == []


@pytest.mark.parametrize("locality", [carried("LZ-032"), carried("KY-007")])
def test_one_publication_is_in_each_channel_with_the_same_digest_and_its_own_time(
    locality: str, clock: Clock
) -> None:
    """Portal and screen at once, the sheet to print; what hands put up when they say so, and until then it is shown as missing."""
    office = make_office(locality)
    play = begun(office, "summary", clock, SPRING, "record-payment")
    row = Publication.objects.get(case=play.case_id)
    agency = office.agency.pk
    feed = Client().get(f"/agencies/{agency}/hall.json").json()
    assert [one["digest"] for one in feed["items"]] == [row.text_digest]
    for place in (f"/decisions/{row.pk}/", f"/decisions/{row.pk}/sheet/", f"/agencies/{agency}/hall/"):
        assert row.text_digest in Client().get(place).content.decode(), place
    paper = Client().get(f"/decisions/{row.pk}/sheet/").content.decode()
    assert '<dl class="summary">' in paper and 'class="code"' in paper and f"/decisions/{row.pk}/<" in paper
    desk = f"/desk/publications/{play.case_id}/"
    editor = office.people["disclosure-editor"]
    before = page(editor, desk)
    assert "还没有公示" in before and f"内容校验值：{row.text_digest}" in before
    first = dict(play.case.state["publication"]["channels"])
    for channel in ("website", "new-media", "counter"):
        play.do(
            "post-channel", "disclosure-editor", channel=channel, posted_at=f"{play.moment:%Y-%m-%dT%H:%M}"
        )
    told = play.case.state["publication"]["channels"]
    assert {one["digest"] for one in told.values()} == {row.text_digest}
    assert {**told, **first} == told and set(told) == {"portal", "hall", "website", "new-media", "counter"}
    assert len({told[name]["at"] for name in ("portal", "website", "new-media", "counter")}) == 4
    assert "还没有公示" not in page(editor, desk)
    assert faults() == []


@pytest.mark.parametrize("locality", [carried("KY-011"), carried("LC-010")])
def test_what_is_wrong_in_public_is_put_right_as_a_new_version_with_a_note(
    locality: str, clock: Clock
) -> None:
    """Found a day before: until another person confirms the new text the first one stands; then version, note and days are told."""
    office = make_office(locality)
    play = begun(office, "summary", clock, SPRING, "record-payment")
    row = Publication.objects.get(case=play.case_id)
    wrong, first = "抽取河水", row.text_digest
    here, found = f"/decisions/{row.pk}/", (play.moment - timedelta(days=1)).date().isoformat()
    told = {
        "error_source": "public",
        "found_wrong_on": found,
        "public_note": "摘要写错了罚款的数额，现予更正。",
    }
    ahead = {**told, "found_wrong_on": (play.moment + timedelta(days=1)).date().isoformat()}
    late = refused_everywhere(play.attempt("correct-publication", "disclosure-editor", **ahead))
    assert "correct.found" in late.guards
    play.do("correct-publication", "disclosure-editor", **told)
    play.do("prepare-publication", "disclosure-editor", plain_summary="更正以后的摘要：罚款两百元。")
    assert first in Client().get(here).content.decode() and faults() == []
    digest = digest_of(play.case)
    play.do("correct-publication", "disclosure-editor", **{**told, "public_note": "又发现日期也写错了。"})
    old = refused_everywhere(play.attempt("publish", "disclosure-approver", digest=digest))
    assert "publish.prepared" in old.guards, "what was prepared before the second finding is not confirmed"
    play.do("prepare-publication", "disclosure-editor", plain_summary="更正以后的摘要：罚款两百元。")
    digest = digest_of(play.case)
    own = play.attempt("publish", "disclosure-editor", digest=digest)
    assert "role" in refused_everywhere(own).guards
    play.do("publish", "disclosure-approver", digest=digest)
    seen = page(office.people["officer1"], here)
    assert "本条更正过，现在是第2版" in seen and "现予更正" in seen and "社会公众反映" in seen
    assert "又发现日期也写错了" in seen
    assert "更正以后的摘要" in seen and SUMMARY not in seen and first not in seen
    sequence_all()
    (change,) = Api().get("/public/changes")["items"]
    assert (change["kind"], change["reason"]) == ("corrected", f"{told['public_note']}\n又发现日期也写错了。")
    assert "更正" in Client().get("/feed/changes.atom").content.decode()
    desk = page(office.people["disclosure-editor"], f"/desk/publications/{play.case_id}/")
    assert "用1天" in desk and wrong is not None
    texts = Opening.objects.filter(act__subject=play.case_id, name="public_text")
    assert any(SUMMARY in str(one.value) for one in texts) and faults() == []


def test_what_is_revoked_while_it_is_put_right_is_still_public_and_has_to_come_down(clock: Clock) -> None:
    """The first text stands until the new one is confirmed; withdrawn, nothing of the correction is left."""
    office = make_office("lingchuan")
    play = begun(office, "summary", clock, SPRING, "record-payment")
    row = Publication.objects.get(case=play.case_id)
    told = {"error_source": "own", "found_wrong_on": play.moment.date().isoformat(), "public_note": "有误"}
    play.do("correct-publication", "disclosure-editor", **told)
    play.do("prepare-publication", "disclosure-editor", plain_summary=f"更正：{SUMMARY}")
    undone = {"revoked_how": "revoked", "revoked_by": "县政府复决 3 号", "reason": "主要事实不清"}
    play.do("revoke-decision", "agency-head", **undone)
    assert Client().get(f"/decisions/{row.pk}/").status_code == 200
    tasks = Task.objects.filter(case=play.case_id, closed_n=None)
    assert "withdraw-publication" in set(tasks.values_list("kind", flat=True))
    play.withdraw("原决定已被撤销")
    assert SUMMARY not in Client().get(f"/decisions/{row.pk}/").content.decode()
    assert "correcting" not in play.case.state["publication"] and faults() == []
    assert not tasks.filter(kind="publish"), "nothing is left to be put right"
    for who in ("disclosure-editor", "disclosure-approver"):
        assert "更正已公示的内容" not in page(office.people[who], "/desk/tasks/")


@pytest.mark.carries("LZ-007", locality="laizhou")
@pytest.mark.parametrize("locality", ["laizhou"])
def test_the_drafter_cannot_publish_and_another_has_to_vet(locality: str, clock: Clock) -> None:
    """By page and API: the drafter is shown the door; unvetted it stays in; vetted by a second it is published by a third."""
    office = make_office(locality)
    divided(office)
    play = begun(office, "summary", clock, SPRING, "publish")
    digest = digest_of(play.case)
    mine = Api(office.people["disclosure-editor"])
    mine.post(f"/cases/{play.case_id}/acts/publish", {"data": {"digest": digest}}, status=422)
    assert "role" in refused_everywhere(play.attempt("publish", "disclosure-editor", digest=digest)).guards
    unvetted = refused_everywhere(play.attempt("publish", "disclosure-approver", digest=digest))
    assert unvetted.guards == {"stage.passed"}
    play.do("vet-publication", "unit-head", vetting="与决定书一致，同意公示")
    play.do("publish", "disclosure-approver", digest=digest)
    trail = page(office.people["officer1"], f"/desk/cases/{play.case_id}/")
    for who in ("disclosure-editor", "unit-head", "disclosure-approver"):
        assert office.people[who].name in trail
    assert Publication.objects.get(case=play.case_id).status == "published"


@pytest.mark.carries("KY-004", locality="kaiyuan")
def test_four_stages_are_taken_by_four_people_and_none_is_skipped(clock: Clock) -> None:
    """采集、传递、审核、发布: without 传递 the API refuses and names it, and each of the four is on record with its time."""
    office = make_office("kaiyuan")
    divided(office)
    play = begun(office, "summary", clock, SPRING, "prepare-publication")
    play.do("collect-publication", "officer1", collected="决定书和送达回证")
    approver = Api(office.people["disclosure-approver"])
    skipped = approver.post(f"/cases/{play.case_id}/acts/publish", {"data": {"digest": "0" * 64}}, status=422)
    assert "传递" in str(skipped)
    play.do("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    play.do("vet-publication", "unit-head", vetting="同意")
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    last = play.case.state["last"]
    acts = ("collect-publication", "prepare-publication", "vet-publication", "publish")
    assert len({last[act]["by"] for act in acts}) == 4
    assert [last[act]["n"] for act in acts] == sorted(last[act]["n"] for act in acts)
    table = page(office.people["agency-head"], "/desk/publications/duties/")
    assert "用时中位数" in table and "0.3小时" in table


BOTH = ('["vet", "correct"]', '["correct"]')
THREE = ('["vet", "correct", "supervise"]', '["correct", "supervise"]')


@pytest.mark.parametrize(
    "locality",
    [carried("LZ-009", change=BOTH), carried("DY-088", change=THREE), carried("LC-086", change=BOTH)],
)
def test_a_stage_without_an_owner_is_reported_and_blocks_its_kind(
    locality: str, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole, the kind is published; without a publisher the page and the command name the gap, and nothing goes out."""
    office = make_office(locality)
    divided(office)
    play = begun(office, "summary", clock, SPRING, "publish")
    unvetted = play.attempt("publish", "disclosure-approver", digest=digest_of(play.case))
    assert "stage.passed" in refused_everywhere(unvetted).guards
    play.do("vet-publication", "unit-head", vetting="同意")
    divided(office, 发布="")
    blocked = play.attempt("publish", "disclosure-approver", digest=digest_of(play.case))
    assert refused_everywhere(blocked).guards == {"stage.owned"}
    seen = page(office.people["agency-head"], "/desk/publications/duties/")
    assert "没有人负责" in seen and f"{office.agency.name}，行政处罚：发布" in seen
    assert gaps(capsys) == (1, True)
    own = [str(kind["label"]) for kind in load_pack(locality).act_types()]
    whose = {"采集": "执法大队", "传递": "办公室", "审核": "法规股", "发布": "办公室"}
    released(office, "disclosure-duties", [{"类别": kind, **whose} for kind in [*own, "事前公开"]])
    assert "每个环节都有人负责" in page(office.people["agency-head"], "/desk/publications/duties/")
    assert gaps(capsys) == (0, False)
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    assert "用时中位数" in page(office.people["agency-head"], "/desk/publications/duties/")


def gaps(capsys: pytest.CaptureFixture[str]) -> tuple[int, bool]:
    """The command's exit, and whether it names the publisher of penalties."""
    capsys.readouterr()
    code = main(["disclosure", "gaps", "--data", str(settings.DATA)])
    return code, "行政处罚：发布" in capsys.readouterr().out


@pytest.mark.parametrize("locality", [carried("LZ-031"), carried("DY-032")])
def test_what_was_signed_and_not_published_is_told_by_unit(locality: str, clock: Clock) -> None:
    """Four signed: two published, one withheld with its ground, one left: in time it is pending, then it is the one gap."""
    office = make_office(locality)
    plays = []
    for which, until in enumerate(("record-payment", "record-payment", *["prepare-publication"] * 2)):
        play = Play(office, "summary", stories.summary("200", "org", which), clock, SPRING)
        play.until(until)
        plays.append(play)
    told = {"ground": "N7", "exempt_basis": "《政府信息公开条例》第十六条", "reconsider_on": "2027-03-01"}
    plays[2].do("exempt-publication", "agency-head", reason="属于执法案卷信息", **told)
    head, here = office.people["agency-head"], "/desk/publications/coverage/?year=2026"
    left = plays[3]
    assert "没有说不清的决定" in page(head, here)
    left.at(left.moment + timedelta(days=20))
    seen = page(head, here)
    gap = seen[seen.index("没有公示也没有说明的决定") : seen.index("按机构")]
    number = left.case.number or left.case.code
    assert gap.count(number) == 1 and office.brigade.name in gap
    assert not any((one.case.number or one.case.code) in gap for one in plays[:3])
    found = Api(head).get("/disclosure/coverage?year=2026")
    counts = {**found["counts"]}
    assert (counts["published"], counts["withheld"], counts["open"]) == (2, 1, 1) and found["signed"] == 4
    assert [one["id"] for one in found["unexplained"]] == [str(left.case_id)]
    csv = signed_in(head).get(f"{here}&format=csv").getvalue().decode()
    assert csv.count("没有公示也没有说明") == 1 and csv.count("依法不公开") == 1


def test_what_is_withheld_no_more_has_twenty_working_days_and_is_late_then(clock: Clock) -> None:
    """The period begins anew with the day on which the ground fell away; on its last day it runs, the day after it is over."""
    office = make_office("laizhou")
    head, here = office.people["agency-head"], "/disclosure/coverage?year=2026"
    play = begun(office, "summary", clock, SPRING, "prepare-publication")
    told = {"ground": "N4", "exempt_basis": "《政府信息公开条例》第十五条", "reconsider_on": "2027-03-01"}
    play.do("exempt-publication", "agency-head", reason="含有配方", **told)
    play.do(
        "lift-exemption",
        "disclosure-approver",
        lift_ground="ended",
        lift_basis="已自行公开",
        reason="情形消失",
    )
    due, late = due_of(office, play)
    assert not late and 26 <= (date.fromisoformat(due) - play.moment.date()).days <= 34
    assert Api(head).get(here)["counts"]["pending"] == 1
    play.at(datetime.combine(date.fromisoformat(due), play.moment.timetz()))
    assert Api(head).get(here)["counts"]["pending"] == 1
    play.at(play.moment + timedelta(days=1))
    (one,) = Api(head).get(here)["unexplained"]
    assert (one["id"], one["due"]) == (str(play.case_id), due)


def test_two_agencies_with_a_unit_of_one_name_have_a_bar_each(clock: Clock) -> None:
    """Whoever sees both reads them apart, each with its own number."""
    first, second = make_office("laizhou"), make_office("kaiyuan")
    assert first.brigade.name == second.brigade.name
    for office in (first, second):
        begun(office, "summary", clock, SPRING, "prepare-publication")
    head = first.people["agency-head"]
    post = {"person": head, "role": "agency-head", "valid_from": date(2025, 1, 2)}
    administer("grant-post", second.agency, None, post)
    seen = page(head, "/desk/publications/coverage/?year=2026")
    for office in (first, second):
        assert f"{office.agency.name} {office.brigade.name}" in seen
