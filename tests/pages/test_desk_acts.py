"""The form of an act: one page for all of them, as a browser without scripts uses it."""

import html
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import Cast, make_person
from conftest import Player, SignIn
from knocks import form_of
from play import Play
from sanxiang.cases.models import Case, Evidence
from sanxiang.desk import acts
from sanxiang.door.models import Refusal
from sanxiang.door.perform import Done
from sanxiang.door.signing import way_of
from sanxiang.law.packs import load_pack
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Certificate

pytestmark = pytest.mark.django_db

PACK = load_pack("huantai")
FIELD = re.compile(r'<(?:input|textarea|select)\b[^>]*\bname="([^"]+)"')


def address(case: Case, act: str) -> str:
    return f"/desk/cases/{case.pk}/acts/{act}/"


def body(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def told(played: Play, act: str, **changed: Any) -> dict[str, Any]:
    """The story's next step as its form sends it."""
    step = played.next()
    assert step.act == act
    played.pass_days(step.after)
    return {
        "nonce": f"nonce-{act}-{played.position}",
        **form_of(PACK.acts[act], {**played.data_of(step, played.moment), **changed}),
    }


def send(client: Client, where: str, data: Mapping[str, Any]) -> Any:
    return client.post(where, data)


# One page for every act.


@pytest.mark.parametrize("locality", ["laizhou", "dongying", "lingchuan", "kaiyuan", "huantai"])
def test_every_act_of_every_procedure_has_a_form_with_all_its_fields(
    locality: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "notify-penalty")
    case, pack = played.case, load_pack(locality)
    Case.objects.filter(pk=case.pk).update(pack=locality, pack_digest=pack.digest, n=case.n + 1)
    client = browser(cast.handler)
    for act in pack.acts_of("ordinary"):
        if act.first:
            continue
        answer = client.get(address(case, act.id))
        if way_of(act):  # signed on the page of its paper, not among the steps
            assert answer.status_code == 302 and answer["Location"].endswith("#signing")
            continue
        assert act.label in body(answer) and str(act.citation) in body(answer)
        drawn = answer.context["fields"]
        wanted = [f.name for f in act.fields if not f.when or f.when.removeprefix("not:").startswith("data:")]
        flat = [part for f in drawn for part in (f["fields"] if f["kind"] == "section" else [f])]
        names = [f["name"] for f in flat if f["name"] != "on" and not f["name"].endswith("-kept")]
        sometimes = {f.name for f in act.fields} - set(wanted)
        assert [name for name in names if name not in sometimes] == wanted, act.id
        assert any(f["name"] == "on" for f in drawn) is not act.today_only


def test_nobody_types_twice_what_the_case_knows(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "draft-decision")
    page = body(browser(cast.handler).get(address(played.case, "draft-decision")))
    told = played.case.state["facts"]["proposal"]
    for known in ("fine", "found", "violated", "basis", "perform_by"):
        assert told[known] in page
    assert re.search(r'value="fine" checked', page)


def test_the_latest_draft_is_offered_not_the_older_proposal(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "notify-penalty")
    draft = {**played.case.state["facts"]["decision"], "fine": "1500"}
    played.do("draft-decision", "officer1", decision=draft)
    page = body(browser(cast.handler).get(address(played.case, "draft-decision")))
    assert 'value="1500"' in page and 'value="2000"' not in page


def test_officers_are_chosen_by_name_and_a_flawed_certificate_is_told(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "file")
    Certificate.objects.filter(person=cast.second).update(valid_until=date(2025, 12, 31), n=1)
    filing = body(browser(cast.head).get(address(played.case, "file")))
    assert "林青" in filing and "执法证 99010001" in filing
    start = filing.index("何苇")
    assert "不能选：证号 99010002 已于2025年12月31日到期" in filing[start : start + 300]
    Certificate.objects.filter(person=cast.second).update(valid_until=date(2035, 12, 31), n=2)
    played.until("inspect")
    make_person("baihe", "白禾", cast.bureau, "officer", cast.brigade, "99010009")
    page = body(browser(cast.handler).get(address(played.case, "inspect")))
    assert "林青" in page and "何苇" in page and "白禾" not in page  # only the case's handlers may be named


# Walking a whole case through the pages.


@pytest.mark.parametrize("story", ["summary", "ordinary", "hearing"])
def test_a_whole_case_runs_through_the_forms_alone(
    story: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play(story, "show-certificate" if story == "summary" else "file")
    while played.position < len(played.steps):
        step = played.next()
        data = told(played, step.act)
        where = address(played.case, step.act)
        client = browser(played.person(step.who))
        seen = client.get(where)
        assert seen.status_code == 200 and not seen.context["verdicts"], (step.act, seen.context["verdicts"])
        expected = {re.sub(r"-\d+-", "-0-", name) for name in data if name != "nonce"}
        drawn = {re.sub(r"-\d+-", "-0-", name) for name in FIELD.findall(body(seen))}
        assert expected <= drawn, (step.act, expected - drawn)
        answer = send(client, where, data)
        assert answer.status_code == 302, (step.act, [v.fact for v in answer.context["verdicts"]])
        played.position += 1
    assert played.case.stage == "archived"


def test_a_case_is_opened_from_the_choice_of_procedures(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "register-clue")
    client = browser(cast.handler)
    choice = body(client.get("/desk/cases/new/"))
    assert "行政处罚普通程序" in choice and "行政处罚简易程序" in choice and "行政处罚" in choice
    link = re.search(r'href="(/desk/cases/new/ordinary/[^"]*)"', choice)
    assert link
    answer = client.post(link[1], told(played, "register-clue"))
    case = Case.objects.get()
    assert answer["Location"] == f"/desk/cases/{case.pk}/" and case.unit == cast.brigade
    page = body(client.get(answer["Location"]))
    assert "已办理：登记案源。制作了《案件来源登记表》" in page
    assert "由执法人员登记" in body(browser(cast.archivist).get("/desk/cases/new/")).replace(
        "、承办机构负责人", ""
    )


# Refusals.


def test_a_refusal_lists_everything_and_keeps_what_was_typed(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "inspect")
    data = told(played, "inspect", officers=[str(cast.handler.pk)], present="站长和两名工人")
    data.pop("record")
    before = LedgerAct.objects.count()
    answer = send(browser(cast.handler), address(played.case, "inspect"), data)
    page = body(answer)
    assert answer.status_code == 422 and LedgerAct.objects.count() == before
    for said in (
        "在场执法人员 1 人，不得少于 2 人",
        "《行政处罚法》第四十二条",
        "再补充 1 名",
        "没有填写“记录内容”",
        "没有写入任何内容",
    ):
        assert said in page
    assert "站长和两名工人" in page and page.count("checked") == 2  # one officer, and how it was signed
    assert 'aria-invalid="true"' in page and 'value="nonce-inspect-' in page
    assert [v["guard"] for v in Refusal.objects.get().verdicts] == ["field:record", "two-officers"]


def test_what_cannot_be_read_is_said_at_its_field(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "record-payment")
    data = told(played, "record-payment", amount="三千块", on="2026-02-30T10:00")
    answer = send(browser(cast.handler), address(played.case, "record-payment"), data)
    page = body(answer)
    assert answer.status_code == 422 and not Refusal.objects.exists()
    assert "“三千块”不是金额" in page and "不是有效的日期" in page and 'href="#id_amount"' in page
    assert 'value="三千块"' in page


def test_rows_may_be_added_without_a_script_and_gaps_do_not_matter(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "show-certificate")
    data = told(played, "show-certificate")
    client, where = browser(cast.handler), address(played.case, "show-certificate")
    grown = client.post(where, {**data, "more": "shown_to"})
    rows = set(re.findall(r'name="shown_to-(\d+)-name"', body(grown)))
    assert grown.status_code == 200 and len(rows) >= 5 and "现场负责人" in body(grown)
    sparse = {k.replace("shown_to-0-", "shown_to-7-"): v for k, v in data.items()}
    assert (
        send(client, where, {**sparse, "shown_to-3-name": "", "shown_to-3-relation": ""}).status_code == 302
    )
    opening = LedgerAct.objects.get(subject=played.case_id, name="show-certificate").openings.get(
        name="shown_to"
    )
    assert [row["name"] for row in opening.value] == ["顾长庚", "现场负责人"]


def test_markup_in_every_field_is_shown_as_text(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "inspect")
    evil = "<script>alert(1)</script>"
    data = told(played, "inspect", present=evil, place=evil, record=evil, witness=evil, officers=[])
    client = browser(cast.handler)
    refused = client.post(address(played.case, "inspect"), data).content.decode()
    assert evil not in refused and "&lt;script&gt;alert(1)" in refused
    data = told(played, "inspect", present=evil, place=evil, record=evil, witness=evil)
    assert client.post(address(played.case, "inspect"), data).status_code == 302
    paper = played.case.papers.get(kind="site-record")
    for where in ("", "timeline/", f"papers/{paper.pk}/"):
        page = client.get(f"/desk/cases/{played.case_id}/{where}").content.decode()
        assert evil not in page
    assert "&lt;script&gt;" in page


def test_ten_thousand_characters_are_refused_with_the_count(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "inspect")
    answer = send(
        browser(cast.handler), address(played.case, "inspect"), told(played, "inspect", present="长" * 10_000)
    )
    assert answer.status_code == 422 and "有 10000 个字，最多 500 个字" in body(answer)


# Sending twice.


def test_a_form_sent_twice_is_done_once(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "interview")
    data = {**told(played, "interview"), "nonce": "one"}
    client, where = browser(played.person("officer2")), address(played.case, "interview")
    first, second = (send(client, where, data) for _ in range(2))
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    acts = LedgerAct.objects.filter(subject=played.case_id, name="interview")
    assert acts.count() == 1
    assert send(client, where, {**data, "nonce": "two"}).status_code == 302 and acts.count() == 2
    assert send(browser(cast.handler), where, data).status_code == 302 and acts.count() == 3


def test_a_case_opened_twice_is_one_case(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "register-clue")
    data = told(played, "register-clue")
    client = browser(cast.handler)
    places = {client.post("/desk/cases/new/ordinary/", data)["Location"] for _ in range(2)}
    assert len(places) == 1 and Case.objects.count() == 1


def test_a_decision_sent_twice_is_answered_not_refused(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "decide")
    data = told(played, "decide")
    client, where = browser(cast.head), address(played.case, "decide")
    assert [send(client, where, data).status_code for _ in range(2)] == [302, 302]
    assert LedgerAct.objects.filter(subject=played.case_id, name="decide").count() == 1
    assert not Refusal.objects.exists()


def test_two_clicks_on_their_way_at_once_are_one_act(
    play: Player, cast: Cast, browser: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play("ordinary", "decide")
    data = told(played, "decide")
    client, where = browser(cast.head), address(played.case, "decide")
    assert send(client, where, data).status_code == 302
    look, looks = acts.done_before, list[UUID]()

    def look_too_early(act_id: UUID) -> Done | None:
        """The first look finds nothing: the other click has not committed yet."""
        looks.append(act_id)
        return look(act_id) if len(looks) > 1 else None

    monkeypatch.setattr(acts, "done_before", look_too_early)
    assert send(client, where, data).status_code == 302
    assert LedgerAct.objects.filter(subject=played.case_id, name="decide").count() == 1


# Files.


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def evidence(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "officers": [str(cast.handler.pk), str(cast.second.pk)],
        "kind": "documentary",
        "title": "取水记录",
        "proves": "取水数量",
        "source_of": "当事人提供",
        **more,
    }


def test_a_file_comes_in_goes_on_the_list_and_out_again(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    client = browser(cast.handler)
    upload = SimpleUploadedFile("取水记录.png", PNG, "image/png")
    assert client.post(address(case, "add-evidence"), evidence(cast, files=[upload])).status_code == 302
    row = Evidence.objects.get(case=case)
    page = body(client.get(f"/desk/cases/{case.pk}/"))
    assert row.digest in page and "取水记录.png" in page
    answer = client.get(f"/desk/cases/{case.pk}/evidence/{row.pk}/")
    assert b"".join(answer) == PNG
    assert (
        answer["Content-Disposition"].startswith("attachment;")
        and "%E5%8F%96" in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert browser(cast.outsider).get(f"/desk/cases/{case.pk}/evidence/{row.pk}/").status_code == 404


def test_after_a_refusal_nobody_uploads_again(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    client, where = browser(cast.handler), address(case, "add-evidence")
    upload = SimpleUploadedFile("取水记录.png", PNG, "image/png")
    refused = client.post(where, evidence(cast, title="", files=[upload]))
    receipt = re.search(r'name="files-kept" value="([^"]+)"', body(refused))
    assert refused.status_code == 422 and receipt and "取水记录.png" in body(refused)
    assert client.post(where, evidence(cast, **{"files-kept": [receipt[1]]})).status_code == 302
    assert Evidence.objects.get(case=case).filename == "取水记录.png"


def test_a_receipt_that_is_not_ours_brings_no_file(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    forged = evidence(cast, **{"files-kept": ["eyJkaWdlc3QiOiAiYWIifQ:1abcde:forged"]})
    assert browser(cast.handler).post(address(case, "add-evidence"), forged).status_code == 302
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.pdf", b"", "是空的"),
        ("工作秘密清单.pdf", b"%PDF-1.7", "标有密级"),
        ("机密★附件.pdf", b"%PDF-1.7", "标有密级"),
        ("照片.jpg", b"MZ\x90\x00" + b"\0" * 64, "是程序或网页"),
        ("照片.png", b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "是程序或网页"),
        ("说明.txt", b"\xef\xbb\xbf<!DOCTYPE html><script>", "是程序或网页"),
    ],
)
def test_a_file_that_must_not_come_in_is_refused_and_nothing_stays(
    name: str, content: bytes, said: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "interview").case
    answer = browser(cast.handler).post(
        address(case, "add-evidence"), evidence(cast, files=[SimpleUploadedFile(name, content, "image/png")])
    )
    page = body(answer)
    assert answer.status_code == 422 and said in page and 'value="取水记录"' in page
    assert not Evidence.objects.exists()


def test_a_full_disk_is_a_sentence_with_a_cure(
    play: Player, cast: Cast, browser: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play("ordinary", "inspect")
    data = told(played, "inspect")

    def full(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sanxiang.door.issue.save", full)
    client, where = browser(cast.handler), address(played.case, "inspect")
    answer = send(client, where, data)
    assert answer.status_code == 422 and "磁盘已满" in body(answer) and data["record"] in body(answer)
    monkeypatch.undo()
    assert LedgerAct.objects.filter(subject=played.case_id, name="inspect").count() == 0


def test_everything_wrong_with_a_new_case_is_told_at_once(cast: Cast, browser: SignIn) -> None:
    """A name too long, a code of 19 places, no cause and no place: one answer, and each cure fits its field."""
    data = {
        "source": "found",
        "summary": "巡查发现",
        "party-kind": "org",
        "party-name": "砂" * 600,
        "party-code": "1234567890123456789",
        "occurred_on": "2026-02-30",
    }
    answer = browser(cast.handler).post("/desk/cases/new/ordinary/", data)
    page = body(answer)
    summary = page[page.index('class="errors"') :].split("</section>")[0]
    assert answer.status_code == 422
    for words in (
        "有 600 个字，最多 ",
        "有 19 位",
        "没有填写“案由”",
        "没有填写“违法行为发生地”",
        "“2026-02-30”不是有效的日期",
    ):
        assert words in summary, words
    assert "放到附件里" not in page
