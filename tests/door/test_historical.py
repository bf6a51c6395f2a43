"""Imported records that were held: masked by one person, let out by another, withdrawn with a notice."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cast import make_agency, make_person
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.door.arriving import historical, imported
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange.loading import load_decisions
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Opening
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person

pytestmark = pytest.mark.django_db
CARD = "11010119900307001" + "1"
ROW = {
    "id": "H1", "record_type": "penalty", "doc_no": "云水罚〔2021〕3号", "title": "无证取水案", "party": "顾长庚", "party_type": "citizen",
    "facts": f"当事人顾长庚（身份证号码{CARD}）在柳林村无证取水，举报人为邻居老宋。", "basis": "水法第六十九条", "result": "罚款2万元",
    "authority": "云溪县水务局", "decision_date": "2021-05-06",
}  # fmt: skip


@pytest.fixture
def agency() -> Agency:
    return make_agency("云溪县水务局", "云水", None)


@pytest.fixture
def editor(agency: Agency) -> Person:
    return make_person("yuan", "予安", agency, roles.DISCLOSURE_EDITOR)


@pytest.fixture
def approver(agency: Agency) -> Person:
    return make_person("jibai", "季白", agency, roles.DISCLOSURE_APPROVER)


def load(folder: Path, agency: Agency, publish: bool = True, **changes: Any) -> Publication:
    path = folder / "list.jsonl"
    path.write_text(json.dumps({**ROW, **changes}), encoding="utf-8")
    load_decisions(path, agency, publish=publish)
    return Publication.objects.get()


def guards(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {v.guard for v in refused.value.verdicts if not v.met}


@pytest.mark.parametrize(("name", "shown"), [("张建国", "张某"), ("张建国小吃店", "张建国小吃店")])
def test_a_sole_trader_is_masked_where_the_name_is_a_persons(name: str, shown: str) -> None:
    row = Publication(party=name, party_type="individual-business", facts=f"经查，{name}占道经营。")
    found = historical.reviewed(row).texts
    assert (found["party"], found["facts"]) == (shown, f"经查，{shown}占道经营。")


def test_a_held_record_goes_out_masked_and_by_two(
    tmp_path: Path, agency: Agency, editor: Person, approver: Person, client: Client
) -> None:
    row = load(tmp_path, agency)
    assert row.status == "held" and client.get(f"/decisions/{row.pk}/").status_code == 404
    hide = [{"text": "柳林村", "why": "举报人住在那里"}]
    row = historical.prepare(row.pk, editor, hide)
    assert row.status == "prepared" and client.get(f"/decisions/{row.pk}/").status_code == 404
    assert CARD not in row.facts and row.party == "顾某"
    assert "老宋" not in row.facts and "柳林村" not in row.facts
    row = historical.release(row.pk, approver, row.text_digest)
    page = client.get(f"/decisions/{row.pk}/")
    shown = page.content.decode()
    assert (
        page.status_code == 200
        and CARD not in shown
        and "经人工核对" in shown
        and "含身份证件号码" not in shown
    )
    assert [hit.pk for hit in asking.find(asking.Query(q="取水")).rows] == [row.pk]
    assert not asking.find(asking.Query(q="老宋")).rows
    open_texts = str(list(Opening.objects.filter(secrecy="public").values_list("value", flat=True)))
    assert CARD not in open_texts and "老宋" not in open_texts
    assert list(verify_all()) == []


def test_the_source_does_not_overwrite_what_was_gone_through(
    tmp_path: Path, agency: Agency, editor: Person, approver: Person
) -> None:
    row = historical.prepare(load(tmp_path, agency).pk, editor)
    assert load(tmp_path, agency).text_digest == row.text_digest
    historical.release(row.pk, approver, row.text_digest)
    again = load(tmp_path, agency, facts=ROW["facts"] + "另有一事。")
    assert again.status == "published" and CARD not in again.facts and list(verify_all()) == []


def test_one_person_does_not_do_both(tmp_path: Path, agency: Agency) -> None:
    both = make_person("both", "双任", agency, roles.DISCLOSURE_EDITOR)
    both.posts.create(agency=agency, role=roles.DISCLOSURE_APPROVER, valid_from="2020-01-01")
    row = historical.prepare(load(tmp_path, agency).pk, both)
    with pytest.raises(Refused) as refused:
        historical.release(row.pk, both, row.text_digest)
    assert guards(refused) == {"imported.second"}


def test_who_may_not_and_what_is_not_ripe(
    tmp_path: Path, agency: Agency, editor: Person, approver: Person
) -> None:
    row = load(tmp_path, agency)
    stranger = make_person(
        "jiangye", "江野", make_agency("云溪县林草局", "云林", None), roles.DISCLOSURE_EDITOR
    )
    for person in (approver, stranger):
        with pytest.raises(Refused) as refused:
            historical.prepare(row.pk, person)
        assert guards(refused) == {"role"}
    with pytest.raises(Refused) as refused:
        historical.release(row.pk, approver, row.text_digest)
    assert guards(refused) == {"imported.prepared", "imported.leaks"}
    with pytest.raises(Refused) as refused:
        historical.prepare(row.pk, editor, [{"text": "查无此句", "why": "试"}, {"text": "柳林村", "why": ""}])
    assert guards(refused) == {"imported.idle", "field:hide"}
    row = historical.prepare(row.pk, editor)
    with pytest.raises(Refused) as refused:
        historical.release(row.pk, approver, "0" * 64)
    assert guards(refused) == {"imported.same-text"}
    historical.release(row.pk, approver, row.text_digest)
    with pytest.raises(Refused) as refused:
        historical.prepare(row.pk, editor)
    assert guards(refused) == {"imported.waits"}


def test_a_record_imported_without_publishing_is_let_out_by_an_approver(
    tmp_path: Path, agency: Agency, approver: Person
) -> None:
    row = load(tmp_path, agency, publish=False, facts="无证取水", party="云溪清泉有限公司", party_type="org")
    assert row.status == "prepared"
    assert historical.release(row.pk, approver, row.text_digest).status == "published"
    imported.withdraw(row.pk, approver, "决定已撤销")
    assert list(verify_all()) == []
