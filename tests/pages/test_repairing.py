"""信用修复: the party asks without an account, the desk decides, and a repaired decision is gone everywhere and told to everybody."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from seen import faults_seen

from api_client import Api
from exchanged import connect, round_of
from far_end import FarEnd, far_end
from knocks import refused_everywhere, signed_in
from page_form import form_at, words
from play import CHINA, Clock, Play, make_office
from publishing import begun, surfaces
from sanxiang.cases.models import Publication
from sanxiang.demo.people import Office
from sanxiang.door.models import Task
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.clock import add_months
from sanxiang.ledger.sequencer import sequence_all
from speaking import FIRM, RECEIPT

pytestmark = pytest.mark.django_db

SPRING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DONE = "罚款已于当日缴清，安装了取水计量设施，照片见附。"
PHONE = "137" + "00002222"


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path) as found:
        yield found


def faults() -> list[str]:
    """What the check of the whole finds, the log apart."""
    sequence_all()
    return [str(fault) for fault in verify_all() if fault.what != "log"]


def ended(office: Office, clock: Clock) -> Play:
    """A case against a firm with a code, whose decision is public and paid."""
    play = begun(office, "ordinary", clock, SPRING)
    step = play.data_of(play.next(), play.moment)
    play.until("close", register_clue={"party": {**step["party"], "code": FIRM}})
    return play


def asked(play: Play, clock: Clock, **changed: str) -> Any:
    """The party fills in the form; the page that answers."""
    client = Client(REMOTE_ADDR="203.0.113.7")
    form = form_at(client, f"/repair/?code={play.case.code}")
    told = {"code": play.case.code, "id_number": FIRM, "repaired_how": DONE, "repair_contact": PHONE}
    clock.now += timedelta(minutes=1)
    answer = client.post("/repair/", {**form.values, **told, "repair_pledge": "on", **changed})
    play.moment = clock.now
    return answer


def standing(code: str) -> Any:
    """The page of the receipt's code."""
    return Client().post("/repair/status/", {"code": code})


def received(play: Play, clock: Clock) -> tuple[str, Any]:
    """The code of the receipt and its page, once the shortest time in public is over."""
    since = Publication.objects.get(case=play.case_id).published_on
    assert since
    first = datetime.combine(add_months(since, 3), datetime.min.time(), CHINA).replace(hour=9)
    play.at(first - timedelta(days=1))
    early = words(asked(play, clock))
    assert "最短公示 3 个月" in early and "条号待核" in early and not RECEIPT.search(early)
    play.at(first)
    sent = asked(play, clock)
    found = RECEIPT.search(words(sent))
    assert found
    return found[0], sent


CHECKED = {"repair_checked": ["harm", "lists"], "repair_found": "缴款票据、整改照片、信用平台查询结果"}


def refused_when_wrong(play: Play) -> None:
    """By another post, in a class too light or too heavy, with harm alone checked."""
    for who, told, guard in (
        ("officer1", {"repair_class": "general"}, "role"),
        ("agency-head", {"repair_class": "minor"}, "repair.class"),
        ("agency-head", {"repair_class": "serious"}, "repair.shown-long-enough"),
        ("agency-head", {"repair_class": "general", "repair_checked": ["harm"]}, "repair.harm"),
    ):
        assert refused_everywhere(play.attempt("grant-repair", who, **{**CHECKED, **told})).guards == {guard}


def test_a_party_asks_and_a_repaired_decision_is_gone_everywhere(clock: Clock, side: FarEnd) -> None:
    """Asked without an account, answered by the desk: page, search, feed, API, data and the credit platform have it no more."""
    office = make_office("laizhou")
    connect(office.agency, side, "credit", "信用信息共享平台", "decisions", platform="city")
    play = ended(office, clock)
    round_of(clock)
    row = Publication.objects.get(case=play.case_id)
    facts = row.facts[:12]
    assert 'href="/repair/"' in Client().get(f"/decisions/{row.pk}/").content.decode()
    assert any(facts in text for text in surfaces(row).values())
    code, _ = received(play, clock)
    task = Task.objects.get(case=play.case_id, kind="answer-repair", closed_n=None)
    assert task.due and task.role == "disclosure-approver"
    before = words(standing(code))
    assert "正在办理" in before and office.agency.name in before
    assert PHONE not in before and facts not in before and row.number not in before
    again = words(asked(play, clock))
    assert "等候答复" in again and not RECEIPT.search(again)
    approver = signed_in(play.person("disclosure-approver"))
    assert "答复信用修复申请" in words(approver.get("/desk/tasks/"))
    form = words(approver.get(f"/desk/cases/{play.case_id}/acts/grant-repair/"))
    assert "失信信息分类" in form and "已经主动消除危害后果" in form
    refused_when_wrong(play)
    play.do("grant-repair", "disclosure-approver", repair_class="general", **CHECKED)
    assert "提前停止公示" in words(standing(code))
    assert not Task.objects.filter(kind="answer-repair", closed_n=None).exists()
    row.refresh_from_db()
    assert (row.status, row.facts, row.party, row.text_digest) == ("repaired", "", "", "")
    shown = surfaces(row, facts)
    assert [place for place, text in shown.items() if facts in text and "?q=" not in place] == []
    assert Client().get(f"/decisions/{row.pk}/").status_code == 404
    round_of(clock)
    assert side.log[-1] == (f"publication:{row.pk}", "withdraw")
    assert faults() == []
    change = Api().get("/public/changes")["items"][-1]
    assert (change["kind"], change["id"]) == ("repaired", str(row.pk)) and facts not in str(change)
    feed = Client().get("/feed/changes.atom").content.decode()
    assert "信用修复" in feed and f"/decisions/{row.pk}/" not in feed and facts not in feed


def test_a_refusal_is_told_with_its_reason_and_the_decision_stays(clock: Clock) -> None:
    """Wrong numbers tell nothing; the desk says no and why; the window writes a new application down."""
    play = ended(make_office("kaiyuan"), clock)
    wrong, nobody = asked(play, clock, id_number="91370000MA3C00009J"), asked(play, clock, code="AAAAAAAAAA")
    told = re.search(r"查询码和证件号码对不上[^<]*", words(wrong))
    assert told and told[0] in words(nobody) and "正在办理" not in words(standing("0000-0000-0000-0000"))
    none = play.attempt("refuse-repair", "agency-head", repair_reason="没有申请")
    assert "repair.asked" in refused_everywhere(none).guards
    code, receipt = received(play, clock)
    why = "经现场核查，取水计量设施没有安装，危害后果没有消除。"
    play.do("refuse-repair", "disclosure-approver", repair_reason=why)
    after = standing(code)
    assert "不予修复" in words(after) and why in words(after)
    row = Publication.objects.get(case=play.case_id)
    assert row.status == "published" and Client().get(f"/decisions/{row.pk}/").status_code == 200
    play.do("register-repair", "officer1", repaired_how=DONE)
    twice = play.attempt("register-repair", "officer1", repaired_how=DONE)
    assert refused_everywhere(twice).guards == {"repair.registered"}
    assert faults() == []
    pages = {
        "": Client().get("/repair/"),
        "?wrong": wrong,
        "?sent": receipt,
        "status/": after,
        "status/?x": standing("x"),
    }
    seen = {f"/repair/{name}": answer.content.decode() for name, answer in pages.items()}
    assert all(len(page.encode()) < 150_000 for page in seen.values())
    assert not (faulty := faults_seen(seen, thorough=False)), "\n".join(faulty)


def test_who_was_penalised_again_for_the_same_is_not_repaired(clock: Clock) -> None:
    """A second decision against the same party in the same matter: refused, and named."""
    office = make_office("laizhou")
    play = begun(office, "summary", clock, SPRING, "close")
    play.do("register-repair", "officer1", repaired_how=DONE)
    other = begun(office, "summary", clock, clock.now + timedelta(days=1), "serve-on-spot")
    play.at(other.moment + timedelta(minutes=5))
    tried = play.attempt("grant-repair", "disclosure-approver", repair_class="minor", **CHECKED)
    refused = refused_everywhere(tried)
    assert refused.guards == {"repair.not-again"}
