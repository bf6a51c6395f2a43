"""Imported records on the disclosure desk: who sees them, who lets them out, who withdraws them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cast import HIRED, Cast, make_person
from conftest import SignIn
from page_form import words
from sanxiang.cases.models import Publication
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange.loading import load_decisions
from sanxiang.people import roles
from sanxiang.people.models import Post

pytestmark = pytest.mark.django_db
CARD = "11010119900307001" + "1"
LIST = "/desk/publications/imported/"
HELD = {
    "id": "H1", "record_type": "penalty", "doc_no": "云水罚〔2021〕3号", "title": "无证取水案", "party": "顾长庚", "party_type": "citizen",
    "facts": f"顾长庚（身份证号码{CARD}）无证取水，邻居老宋举报。", "basis": "水法", "result": "罚款", "authority": "云溪县水务局",
    "decision_date": "2021-05-06",
}  # fmt: skip
PLAIN = {
    **HELD,
    "id": "P1",
    "title": "无证采砂案",
    "facts": "无证采砂",
    "party": "云溪清泉有限公司",
    "party_type": "org",
}


@pytest.fixture
def held(cast: Cast, tmp_path: Path) -> Publication:
    """Two records of the bureau: one is held, one is public."""
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in (HELD, PLAIN)), encoding="utf-8")
    load_decisions(path, cast.bureau, publish=True)
    return Publication.objects.get(external_id="H1")


def post(client: Client, row: Publication, act: str, **told: str) -> Any:
    """One of the forms of a record's page."""
    return client.post(f"{LIST}{row.pk}/", {"act": act, **told})


def test_what_is_held_is_found_gone_through_and_let_out_by_two(
    cast: Cast, held: Publication, browser: SignIn
) -> None:
    editor, approver = browser(cast.editor), browser(cast.approver)
    assert "1 条暂缓公示，等公示员核对" in words(editor.get("/desk/publications/"))
    listed = words(editor.get(LIST))
    assert "无证取水案" in listed and "含身份证件号码" in listed and "无证采砂案" not in listed
    page = words(editor.get(f"{LIST}{held.pk}/"))
    assert (
        CARD in page and "顾某" in page and "提交核对后的文本" in page and "确认并公示</button>" not in page
    )
    told = {"hide-0-text": "查无此句", "hide-0-why": "举报人"}
    refused = post(editor, held, "prepare-imported", **told)
    assert refused.status_code == 422 and "在记录里找不到" in words(refused) and "查无此句" in words(refused)
    told |= {"hide-0-text": "邻居"}
    assert post(editor, held, "prepare-imported", **told).status_code == 302
    page = words(approver.get(f"{LIST}{held.pk}/"))
    assert CARD not in page and "老宋" not in page and "确认并公示</button>" in page
    held.refresh_from_db()
    assert post(editor, held, "release-imported", digest=held.text_digest).status_code == 422
    assert post(approver, held, "release-imported", digest=held.text_digest).status_code == 302
    public = words(Client().get(f"/decisions/{held.pk}/"))
    assert "无证取水" in public and CARD not in public and "老宋" not in public
    assert list(verify_all()) == []


def test_a_public_record_is_withdrawn_with_a_notice(cast: Cast, held: Publication, browser: SignIn) -> None:
    row, approver = Publication.objects.get(external_id="P1"), browser(cast.approver)
    assert post(approver, row, "withdraw-imported", reason=" ").status_code == 422
    assert post(browser(cast.editor), row, "withdraw-imported", reason="决定已撤销").status_code == 422
    tried = words(browser(cast.head).get("/desk/refusals/"))
    assert "共 2 次" in tried and tried.count("撤回历史公示信息") == 3 and "没有填写向社会说明的理由" in tried
    assert post(approver, row, "withdraw-imported", reason="决定已被依法撤销").status_code == 302
    gone = Client().get(f"/decisions/{row.pk}/")
    assert gone.status_code == 410 and "决定已被依法撤销" in words(gone) and "采砂" not in words(gone)
    assert "决定已被依法撤销" in words(Client().get("/decisions/withdrawn/"))
    assert "无证采砂" not in words(Client().get("/decisions/?q=采砂"))
    again = words(approver.get(f"{LIST}{row.pk}/"))
    assert "查看公告" in again and "撤回公示</button>" not in again


def test_others_neither_see_nor_touch_them(cast: Cast, held: Publication, browser: SignIn) -> None:
    for person in (cast.handler, cast.outsider, cast.archivist):
        client = browser(person)
        assert client.get(LIST).status_code == 404, person.name
        assert client.get(f"{LIST}{held.pk}/").status_code == 404
        assert post(client, held, "prepare-imported").status_code == 404
        assert "历史导入" not in words(client.get("/desk/publications/"))
    watching = words(browser(cast.supervisor).get(f"{LIST}{held.pk}/"))
    assert "无证取水案" in watching and '<button class="button">提交' not in watching
    assert post(browser(cast.editor), held, "no-such-act").status_code == 404


@pytest.mark.parametrize("role", [roles.DISCLOSURE_EDITOR, roles.AGENCY_HEAD, roles.SUPERVISOR])
def test_who_may_read_them_in_one_agency_may_not_in_another(
    role: str, cast: Cast, held: Publication, browser: SignIn
) -> None:
    both = make_person("yunfan", "云帆", cast.other, role)
    Post.objects.create(person=both, agency=cast.bureau, role=roles.OFFICER, valid_from=HIRED)
    client = browser(both)
    assert client.get(LIST).status_code == 404 and client.get(f"{LIST}{held.pk}/").status_code == 404
    assert "历史导入" not in words(client.get("/desk/publications/"))


def test_the_list_is_searched_and_turned(cast: Cast, held: Publication, browser: SignIn) -> None:
    client = browser(cast.editor)
    assert "无证采砂案" in words(client.get(f"{LIST}?show=published&q=采砂"))
    for question in ("?show=nowhere", "?page=99&q=%00%22%3Cbx", "?show=published&q=没有"):
        answer = client.get(LIST + question)
        assert answer.status_code == 200 and "<bx" not in answer.content.decode()
