"""What becomes of a decision that a case system pushed: put right, taken back, shown until its last day, counted apart."""

from datetime import timedelta

import pytest

from api_client import Api
from knocks import signed_in
from page_form import words
from play import Clock, make_office
from pushing import CARD, RECORD, pusher
from reader import Client
from sanxiang.cases.models import Publication
from sanxiang.door.administer import administer
from sanxiang.door.expiring import expire_due
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.own_rules import kinds_of
from sanxiang.law.packs import load_pack
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db
NOTE = "罚款数额录入有误，应为一万元。"


def test_a_pushed_record_is_corrected_and_withdrawn_by_whoever_pushed_it(clock: Clock) -> None:
    """A correction is a new text with its note, once; a withdrawal leaves the reason; the change feed tells of each."""
    office = make_office("dongying")
    api, today = pusher(office), clock.now.date().isoformat()
    told = {**RECORD, "decision_date": today}
    first = api.post("/inbound/records", told)
    here = f"/decisions/{first['id']}/"
    better = {**told, "result": "罚款10,000元"}
    for wrong, guard in (
        ({"note": f"身份证号码 {CARD}"}, "public-fields.clean"),
        ({"id": "X-9"}, "pushed.published"),
    ):
        refused = api.post("/inbound/corrections", {**better, "note": NOTE, **wrong}, status=422)
        assert [one["guard"] for one in refused["error"]["refused"]] == [guard]
    assert api.post("/inbound/corrections", {**better, "note": NOTE})["id"] == first["id"]
    again = api.post("/inbound/corrections", {**better, "note": NOTE}, status=200)
    assert (again["id"], again["fresh"]) == (first["id"], False)
    shown = words(Client().get(here))
    assert "罚款10,000元" in shown and "罚款20,000元" not in shown and NOTE in shown and "第2版" in shown
    held = api.get("/inbound/records/held")
    assert held["records"] == [{"subject": RECORD["id"], "digest": again["digest"]}]
    sequence_all()
    assert [one["kind"] for one in Api().get("/public/changes")["items"]] == ["corrected"]
    assert api.post("/inbound/records", better, status=200)["id"] == first["id"]
    assert api.post("/inbound/records", told, status=409)["error"]["code"] == "key-reused"

    back = {"id": RECORD["id"], "reason": "决定已被依法撤销"}
    assert pusher(office, "officer1").post("/inbound/withdrawals", back, status=422)
    assert api.post("/inbound/withdrawals", back)["status"] == "withdrawn"
    assert not api.post("/inbound/withdrawals", back, status=200)["fresh"]
    gone = Client().get(here)
    assert gone.status_code == 410 and "决定已被依法撤销" in words(gone) and "罚款" not in words(gone)
    assert Api().get(f"/public/decisions?q={RECORD['doc_no']}")["total"] == 0
    assert api.get("/inbound/records/held")["records"] == []
    assert api.post("/inbound/records", better, status=409)["error"]["code"] == "key-reused"
    sequence_all()
    assert [one["kind"] for one in Api().get("/public/changes")["items"]] == ["withdrawn"]
    assert not list(verify_all())


def test_a_pushed_record_is_shown_for_as_long_as_the_scheme_says_and_counted_apart(clock: Clock) -> None:
    """On its last day it stands, on the day after it is nowhere; the coverage page says how many were pushed, and why no table has them."""
    office = make_office("laizhou")
    names = kinds_of(load_pack("laizhou"))["rule-ex-post"].chapters
    rows = [
        {"章节": n, "内容": f"{n}按本办法执行。"} | ({"数值": "30"} if n == "公开期限" else {}) for n in names
    ]
    rule = {"kind": "rule-ex-post", "rows": rows, "in_force_from": "2026-01-01", "title": "本局事后公开办法"}
    administer("release-rule", office.agency, None, {**rule, "owner": "办公室", "basis": "本地方案"})
    told = {**RECORD, "decision_date": clock.now.date().isoformat()}
    first = pusher(office).post("/inbound/records", told)
    row = Publication.objects.get(pk=first["id"])
    assert row.display_until == clock.now.date() + timedelta(days=30)
    head = signed_in(office.people["agency-head"])
    year = clock.now.year
    shown = words(head.get(f"/desk/publications/coverage/?year={year}"))
    assert "另外推送公示 1 份决定（其中已撤下 0 份）" in shown
    clock.now += timedelta(days=30)
    assert expire_due(clock.now) == 0 and Client().get(f"/decisions/{row.pk}/").status_code == 200
    clock.now += timedelta(days=1)
    assert Client().get(f"/decisions/{row.pk}/").status_code == 404
    assert expire_due(clock.now) == 1 and expire_due(clock.now) == 0
    row.refresh_from_db()
    assert (row.status, row.facts, row.party, row.display_until) == ("expired", "", "", None)
    sequence_all()
    assert [one["kind"] for one in Api().get("/public/changes")["items"]] == ["expired"]
    assert not list(verify_all())
