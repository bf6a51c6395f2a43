"""Lawful erasure of personal data: proposed by one, decided by another, gone from case and ledger, and the ledger still verifies."""

import html
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from forgetting import BASIS, WHY, erase, faults, said_of
from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play, make_office, settle_constraints
from sanxiang.cases.models import Paper, Publication
from sanxiang.demo import stories
from sanxiang.door.erasing import rebuild
from sanxiang.ledger import erased
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db

PHONE, INFORMANT = "0000-1234567", "匿名群众甲"


@pytest.fixture
def play(clock: Clock) -> Play:
    """An ordinary case that is filed away; the party's telephone and who reported stand in it."""
    story = Play(make_office("kaiyuan"), "ordinary", stories.ordinary("2000", which=2), clock)
    story.until()
    sequence_all()
    return story


@pytest.fixture
def begun(clock: Clock) -> Play:
    """The same before it is decided."""
    story = Play(make_office("kaiyuan"), "ordinary", stories.ordinary("2000", which=2), clock)
    story.until("conclude-investigation")
    sequence_all()
    return story


def test_a_telephone_goes_from_case_and_ledger_and_stays_on_papers(play: Play) -> None:
    """On the page: chosen from a list, decided by the head; the rest of the group stays, the file says that it is gone and why."""
    before = play.case
    holding = list(Opening.objects.filter(act__subject=before.pk, name="party").values_list("pk", flat=True))
    papers = list(Paper.objects.filter(case=before).values_list("pk", "digest"))
    assert PHONE in said_of(before) and holding and not faults()
    client = signed_in(play.person("officer1"))
    here = f"/desk/cases/{before.pk}/"
    form = html.unescape(client.get(f"{here}acts/propose-erasure/").content.decode())
    assert 'value="party.phone"' in form and "当事人：联系电话" in form and 'value="party.name"' not in form
    assert PHONE not in form
    told = {**WHY, "erasure_ground": "purpose", "erase_what": "party.phone"}
    assert client.post(f"{here}acts/propose-erasure/", told).status_code == 302
    head = signed_in(play.person("agency-head"))
    assert "决定是否删除个人信息" in head.get(here).content.decode()
    answer = head.post(f"{here}acts/erase-data/", {"erase_what": "party.phone", "opinion": "同意删除"})
    assert answer.status_code == 302
    case, act = play.case, Act.objects.get(subject=before.pk, name="erase-data")
    assert PHONE not in said_of(case)
    assert case.party == before.party and case.state["facts"]["party"]["address"] in said_of(case)
    assert set(Opening.objects.filter(pk__in=holding).values_list("erased_by", flat=True)) == {act.pk}
    assert list(Paper.objects.filter(case=case).values_list("pk", "digest")) == papers
    shown = html.unescape(client.get(here).content.decode())
    assert "当事人：联系电话" in shown and f"已依法删除（{cn_date(act.at)}，{BASIS}）" in shown
    assert PHONE not in shown
    assert not faults()


def cn_date(at: Any) -> str:
    """A day as pages print it."""
    return f"{at.year}年{at.month}月{at.day}日"


def test_who_reported_can_be_forgotten_and_another_column_after_it(begun: Play) -> None:
    """A whole fact, then a column, then another column of the same group: what is left is said again and goes on being proved."""
    first = erase(begun, "informant")
    assert INFORMANT not in said_of(begun.case)
    erase(begun, "party.phone")
    left = Opening.objects.get(
        act__name="erase-data", name__startswith="left:", erased_by=None, act__n=begun.case.n
    )
    assert left.value["name"] == begun.case.party and "phone" not in left.value
    gone = dict(Opening.objects.filter(act=first).values_list("name", "value"))
    assert gone["kept_papers"] and {one["name"] for one in gone["erased:openings"]} >= {"informant", "state"}
    assert not faults()


KEPT = {
    "party.name": "《档案法》第二十一条",
    "cause": "《档案法》第十四条",
    "proposal": "没有",
    "party.nothing": "没有",
    "state": "校验值",
    "1:act.by": "校验值",
    "evidence:1": "校验值",
}


def test_what_the_decision_rests_on_stays_and_two_people_decide(begun: Play) -> None:
    """Refused by page, API and command alike: what is kept by law, what nobody proposed, one's own proposal, a ground without
    an article; turned down with reasons, it is proposed anew."""
    for what, said in KEPT.items():
        knock = begun.attempt("propose-erasure", "archivist", erase_what=what, **WHY)
        assert said in fact_of(refused_everywhere(knock), "erase.erasable"), what
    vague = begun.attempt(
        "propose-erasure", "archivist", erase_what="informant", **{**WHY, "erasure_basis": "本人要求"}
    )
    assert refused_everywhere(vague).guards == {"erase.cited"}
    decide = {"erase_what": "informant", "opinion": "同意"}
    assert refused_everywhere(begun.attempt("erase-data", "agency-head", **decide)).guards == {
        "erase.proposed"
    }
    begun.do("propose-erasure", "archivist", erase_what="informant", **WHY)
    other = begun.attempt("erase-data", "agency-head", **{**decide, "erase_what": "party.phone"})
    assert "不是同一项" in fact_of(refused_everywhere(other), "erase.erasable")
    post = {"role": "agency-head", "valid_from": date(2025, 1, 2)}
    with begun.branch():
        begun.administer("grant-post", person=begun.person("archivist"), **post)
        assert refused_everywhere(begun.attempt("erase-data", "archivist", **decide)).guards == {
            "erase.second-person"
        }
    begun.do("refuse-erasure", "agency-head", reason="仍在保存期限内")
    assert "erase_what" not in begun.case.state["facts"]
    assert refused_everywhere(begun.attempt("erase-data", "agency-head", **decide)).guards == {
        "erase.proposed"
    }
    erase(begun, "informant")
    again = begun.attempt("propose-erasure", "archivist", erase_what="informant", **WHY)
    assert "已于" in fact_of(refused_everywhere(again), "erase.erasable")


def test_a_running_case_and_a_public_text_wait(clock: Clock) -> None:
    """What an open case needs has not served its purpose; what the public reads is first taken back and hidden."""
    play = Play(make_office("kaiyuan"), "ordinary", stories.ordinary("2000", which=2), clock)
    play.until("publish")
    early = play.attempt(
        "propose-erasure", "officer1", erase_what="informant", **{**WHY, "erasure_ground": "purpose"}
    )
    assert "还没有办结" in fact_of(refused_everywhere(early), "erase.erasable")
    with play.branch():
        play.do("propose-erasure", "officer1", erase_what="informant", **WHY)
        play.do("erase-data", "agency-head", erase_what="informant", opinion="同意")
        assert INFORMANT not in said_of(play.case)
    Publication.objects.filter(case=play.case_id).update(facts=f"据{INFORMANT}反映", n=F("n") + 1)
    public = play.attempt("propose-erasure", "officer1", erase_what="informant", **WHY)
    assert refused_everywhere(public).guards == {"erase.not-public"}


def test_verification_tells_lawful_erasure_from_any_other(begun: Play) -> None:
    """Emptied without the act, put back after it, or another act named: each is said; a value cannot stay behind."""
    sign = Opening.objects.get(act__subject=begun.case_id, name="informant")
    with pytest.raises(DatabaseError), transaction.atomic():
        Opening.objects.filter(pk=sign.pk).update(salt="", erased_by=uuid.uuid4())  # the value stays: refused
    other = Act.objects.filter(subject=begun.case_id).latest("n")
    with transaction.atomic():
        Opening.objects.filter(pk=sign.pk).update(salt="", value=None, erased_by=other.pk)
        assert [f.why for f in faults()] == ["不是由办理动作依法删除的"]
        transaction.set_rollback(True)
    act = erase(begun, "informant")
    assert not faults()
    phone = Opening.objects.filter(act__subject=begun.case_id, name="party", erased_by=None).first()
    assert phone is not None
    with transaction.atomic():  # the act did not name this one
        Opening.objects.filter(pk=phone.pk).update(salt="", value=None, erased_by=act.pk)
        assert [f.why for f in faults()] == ["不是由办理动作依法删除的"]
        transaction.set_rollback(True)
    with transaction.atomic():
        settle_constraints()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE ledger_opening DISABLE TRIGGER USER")
            else:
                cursor.execute("DROP TRIGGER ledger_opening_forever_0")
        Opening.objects.filter(pk=sign.pk).update(salt=sign.salt, value=sign.value, erased_by=None)
        found = faults()
        assert ["内容还在" in f.why for f in found] == [True] and str(sign.act_id) in found[0].where
        transaction.set_rollback(True)


def test_an_older_backup_forgets_it_again(
    begun: Play, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """The list beside the database names acts and fields and no value; it can be made anew from the acts."""
    with django_capture_on_commit_callbacks(execute=True):
        act = erase(begun, "informant")
    told = erased.place().read_text(encoding="utf-8")
    assert INFORMANT not in told and str(act.pk) in told
    lines = {(one.act, name) for one in erased.listed() for name in one.names if one.by == act.pk}
    gone = Opening.objects.filter(erased_by=act.pk).values_list("act_id", "name")
    assert lines == set(gone)
    erased.place().unlink()
    rebuild()
    assert {(one.act, name) for one in erased.listed() for name in one.names if one.by == act.pk} == lines
