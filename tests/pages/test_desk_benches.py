"""The benches: publication side by side, the reviewer's dossier, papers, and what supervisors read."""

import html
import io
import re
import zipfile
from datetime import date

import pytest
from django.test import Client

from cast import HIRED, Cast, make_person
from conftest import Player, SignIn
from knocks import form_of
from sanxiang.cases.models import Case, Paper, Publication, Review
from sanxiang.cases.papers.typeset import path_of
from sanxiang.desk.reviews import REVIEWERS
from sanxiang.desk.who import EDITORIAL
from sanxiang.door.models import Task
from sanxiang.law.packs import load_pack
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.people import roles
from sanxiang.people.models import Post

pytestmark = pytest.mark.django_db

PACK = load_pack("huantai")


def body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return html.unescape(answer.content.decode())


def act(case: Case, name: str) -> str:
    return f"/desk/cases/{case.pk}/acts/{name}/"


# Publication.


def test_the_editor_sees_what_the_public_will_see_and_what_is_hidden(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "prepare-publication", register_clue={"party": CITIZEN})
    page = body(browser(cast.editor), f"/desk/publications/{played.case_id}/")
    shown = page[page.index("公众将看到的内容") :]
    assert "顾某" in shown and "顾长庚" not in shown and "自然人姓名" in shown
    assert "0000-1234567" not in shown and "提交公示文本" in page and "云溪县水务局" in shown


CITIZEN = {"kind": "citizen", "name": "顾长庚", "address": "云溪镇柳林村 1 号", "phone": "0000-1234567"}


def test_two_people_publish_through_the_same_form(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("summary", "prepare-publication")
    case = played.case
    editor, approver = browser(cast.editor), browser(cast.approver)
    assert f"/desk/publications/{case.pk}/" in body(editor, "/desk/publications/")
    assert (
        editor.post(
            act(case, "prepare-publication"), {"plain_summary": "这家单位违反了规定，被罚款。"}
        ).status_code
        == 302
    )
    assert "与公示员提交的文本一致" in body(approver, f"/desk/publications/{case.pk}/")
    form = body(approver, act(case, "publish"))
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', form)
    assert digest and digest[1] in body(approver, f"/desk/publications/{case.pk}/")
    assert approver.post(act(case, "publish"), {"digest": digest[1]}).status_code == 302
    row = Publication.objects.get(case=case)
    page = body(approver, f"/desk/publications/{case.pk}/")
    assert (
        row.status == "published"
        and row.leaf_hash in page
        and "已公示" in body(approver, "/desk/publications/")
    )


def test_a_text_that_changed_after_it_was_prepared_is_told(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "publish")
    digest = played.case.state["publication"]["digest"]
    cast.bureau.name, cast.bureau.n = "云溪县水利局", cast.bureau.n + 1
    cast.bureau.save()
    client = browser(cast.approver)
    assert "案件内容在提交之后有变动" in body(client, f"/desk/publications/{played.case_id}/")
    refused = client.post(act(played.case, "publish"), {"digest": digest})
    assert refused.status_code == 422 and "公示文本与提交确认时不同" in html.unescape(
        refused.content.decode()
    )


def test_a_withdrawn_text_shows_its_reason(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("summary", "record-payment")
    played.do(
        "revoke-decision",
        "agency-head",
        revoked_how="revoked",
        revoked_by="云溪县人民法院",
        reason="事实不清",
    )
    client = browser(cast.approver)
    assert "撤回公示并公开说明理由" in body(client, "/desk/publications/")
    told = {"withdrawal_ground": "suit", "public_reason": "决定已被依法撤销"}
    sent = form_of(PACK.acts["withdraw-publication"], told)
    assert client.post(act(played.case, "withdraw-publication"), sent).status_code == 302
    page = body(client, f"/desk/publications/{played.case_id}/")
    assert "已撤回" in page and "决定已被依法撤销" in page


def test_before_the_decision_the_page_says_so(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "notify-penalty").case
    assert "还没有作出决定" in body(browser(cast.editor), f"/desk/publications/{case.pk}/")


@pytest.mark.parametrize(
    ("story", "act", "bench"),
    [("summary", "prepare-publication", "publications"), ("hearing", "give-opinion", "reviews")],
)
def test_a_bench_shows_the_most_urgent_and_says_how_many_wait(
    story: str,
    act: str,
    bench: str,
    play: Player,
    cast: Cast,
    browser: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = play(story, act)
    mine = Task.objects.filter(case=played.case_id, closed_n=None, role__in=(*EDITORIAL, *REVIEWERS))
    mine.update(due=date(2026, 4, 1))
    waiting = mine.get()
    for due, kind in ((date(2026, 4, 2), "later"), (None, "some day")):
        Task.objects.create(
            case=played.case, agency=cast.bureau, kind=kind, title=kind, role=waiting.role, due=due,
            opened_n=1, opened_at=waiting.opened_at,
        )  # fmt: skip
    page = body(browser(cast.head), f"/desk/{bench}/")
    assert (
        page.index(waiting.title) < page.index("later") < page.index("some day") and "列出最急的" not in page
    )
    monkeypatch.setattr("sanxiang.desk.bench.MOST", 1)
    page = body(browser(cast.head), f"/desk/{bench}/")
    assert "3 件，这里列出最急的 1 件" in page and waiting.title in page and "later" not in page


# Review.


def test_the_reviewer_has_draft_reasons_evidence_and_checks_on_one_page(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("hearing", "give-opinion")
    client = browser(cast.reviewer)
    assert f"/desk/reviews/{played.case_id}/" in body(client, "/desk/reviews/")
    page = body(client, f"/desk/reviews/{played.case_id}/")
    draft = played.case.state["facts"]["decision"]
    for said in (
        "90,000元",
        draft["found"],
        "《行政处罚法》第五十八条",
        "现场检查",
        "系统已经核对的事项",
        "听证报告",
    ):
        assert said in page
    assert f'href="{act(played.case, "give-opinion")}"' in page


def test_an_opinion_given_is_listed_and_a_later_change_voids_it(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("hearing", "discuss")
    client = browser(cast.reviewer)
    opinion = Review.objects.get(case=played.case_id)
    page = body(client, f"/desk/reviews/{played.case_id}/")
    assert opinion.opinion in page and "宋砚" in page and "同意" in body(client, "/desk/reviews/")
    played.do(
        "draft-decision", "officer1", decision={**played.case.state["facts"]["decision"], "fine": "80000"}
    )
    for address in (f"/desk/reviews/{played.case_id}/", f"/desk/cases/{played.case_id}/"):
        page = body(client, address)
        assert "决定草案有变动" in page and "拟定处罚决定草案" in page and "意见已失效" in page


def test_who_handled_the_case_is_told_why_he_may_not_review(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("hearing", "give-opinion")
    page = body(browser(cast.handler), act(played.case, "give-opinion"))
    assert "参与过本案调查" in page and "由法制审核人员办理" in page


# Papers.


def test_a_paper_is_read_on_the_page_and_taken_away(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "enter-execution")
    paper = Paper.objects.get(case=played.case_id, kind="penalty-decision")
    client, where = browser(cast.head), f"/desk/cases/{played.case_id}/papers/{paper.pk}"
    page = body(client, f"{where}/")
    assert paper.number in page and "救济途径和期限" in page and paper.pdf in page and 'class="sheet"' in page
    pdf = client.get(f"{where}.pdf")
    assert (
        pdf.content.startswith(b"%PDF")
        and "attachment" in pdf["Content-Disposition"]
        and "sandbox" in pdf["Content-Security-Policy"]
    )
    word = client.get(f"{where}.docx")
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(word.content)).namelist()


def test_a_paper_of_another_case_is_not_found_under_this_one(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("summary", "file-record")
    paper = Paper.objects.get(case=played.case_id, kind="spot-decision")
    other = play("ordinary", "file")
    client = browser(cast.handler)
    for ending in ("/", ".pdf", ".docx"):
        assert client.get(f"/desk/cases/{played.case_id}/papers/{paper.pk}{ending}").status_code == 200
        assert client.get(f"/desk/cases/{other.case_id}/papers/{paper.pk}{ending}").status_code == 404


def test_a_lost_file_is_not_found_and_says_how_to_learn_why(
    play: Player, cast: Cast, browser: SignIn, settings: object, tmp_path: object
) -> None:
    played = play("summary", "file-record")
    paper = Paper.objects.get(case=played.case_id, kind="spot-decision")
    client, address = browser(cast.handler), f"/desk/cases/{played.case_id}/papers/{paper.pk}.pdf"
    whole = client.get(address)
    issued = whole.content[: int(whole["X-Original-Length"])]
    settings.PAPER_ROOT = tmp_path  # type: ignore[attr-defined]
    assert client.get(address).status_code == 404
    target = path_of(tmp_path, paper.pdf)
    target.parent.mkdir(parents=True)
    target.write_bytes(issued.replace(b"%PDF", b"%PDX", 1))
    assert client.get(address).status_code == 404
    target.write_bytes(issued)
    assert client.get(address).content.startswith(issued)


# What supervisors read.


def test_refused_attempts_are_read_by_those_who_watch(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "inspect")
    alone = {"place": "厂区", "officers": str(cast.handler.id)}
    browser(cast.handler).post(act(played.case, "inspect"), alone)
    for person in (cast.supervisor, cast.head):
        page = body(browser(person), "/desk/refusals/")
        assert (
            "现场检查" in page
            and "林青" in page
            and "在场执法人员 1 人" in page
            and "《行政处罚法》第四十二条" in page
        )
    for person in (cast.handler, cast.outsider, cast.auditor, cast.reviewer):
        assert "不予办理记录只供" in body(browser(person), "/desk/refusals/", 403)


@pytest.mark.parametrize("role", [roles.AGENCY_HEAD, roles.SUPERVISOR])
def test_who_watches_in_one_agency_does_not_watch_in_another(
    role: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "inspect")
    browser(cast.handler).post(
        act(played.case, "inspect"), {"place": "厂区", "officers": str(cast.handler.id)}
    )
    both = make_person("yunfan", "云帆", cast.other, role)
    Post.objects.create(person=both, agency=cast.bureau, role=roles.OFFICER, valid_from=HIRED)
    page = body(browser(both), "/desk/refusals/")
    assert "现场检查" not in page and "林青" not in page


def test_the_ledger_names_only_what_the_reader_may_see(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    sequence_all()
    ours, theirs = body(browser(cast.handler), "/desk/ledger/"), body(browser(cast.outsider), "/desk/ledger/")
    assert "批准立案" in ours and case.title in ours and "由系统管理员在服务器上办理" in ours
    assert "批准立案" not in theirs and case.title not in theirs and "林青" not in theirs
    assert f"{case.n}" in theirs and "其他机关或者机构管理事项" in theirs
