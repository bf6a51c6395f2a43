"""Publications, rosters and stages go to other systems: over a socket, to a process that can be away, refuse, hang and forget."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api_client import Api
from exchanged import command, connect, round_of, states
from far_end import FarEnd, far_end
from play import CHINA, Clock, Play, make_office
from publishing import begun, due_of, listed, page, supervisor_above
from reader import Client
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.models import Connector, Outgoing, Task
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange import delivery, wire
from sanxiang.exchange.reconciling import reconcile_due
from sanxiang.ledger.models import Act
from sanxiang.people.models import Agency, Certificate

pytestmark = pytest.mark.django_db
CITY = "烟台市政府统一的行政执法信息公示平台"
SUPERIOR = "上级政府行政执法信息公示平台"
SUPERVISION = "市政府行政执法监督信息平台"


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path) as found:
        yield found


def published(office: Office, clock: Clock, how_many: int = 1) -> list[Play]:
    """So many decisions, published one after the other."""
    plays = []
    for _ in range(how_many):
        play = begun(office, "summary", clock, until="publish")
        play.step()
        plays.append(play)
    return plays


def subjects(plays: list[Play]) -> list[str]:
    return [f"publication:{play.case.publications.get().pk}" for play in plays]


@pytest.mark.carries("LZ-033", locality="laizhou")
def test_three_publications_are_three_records_and_receipts_whatever_happens_between(
    clock: Clock, side: FarEnd
) -> None:
    """Three arrive; three more wait while the other side is away, then arrive in order; a lost answer doubles nothing."""
    office = make_office("laizhou")
    connect(office.agency, side, "city", CITY, "decisions", platform="city")
    plays = published(office, clock, 3)
    assert round_of(clock) == 3 and states() == {"accepted": 3}
    assert side.log == [(subject, "publish") for subject in subjects(plays)]
    rows = list(Outgoing.objects.order_by("pk"))
    assert [row.receipt for row in rows] == ["R1", "R2", "R3"]
    assert Act.objects.filter(kind="agency", name="confirm-delivery", subject=office.agency.pk).count() == 3

    side.stop()
    more = published(office, clock, 3)
    assert round_of(clock) == 0 and round_of(clock, 1) == 0
    assert states() == {"accepted": 3, "queued": 3}
    waiting = Outgoing.objects.filter(state="queued").order_by("pk")
    assert "没有答复" in waiting[0].error and waiting[0].tries == 2
    side.start()
    side.behave("lose-answer")
    assert round_of(clock, 1) == 0
    side.behave()
    for _ in range(4):
        round_of(clock, 2)
    assert states() == {"accepted": 6}
    assert side.log == [(subject, "publish") for subject in subjects(plays + more)]
    assert len({row.receipt for row in Outgoing.objects.all()}) == 6
    assert set(side.records) == set(subjects(plays + more))
    first = plays[0].case.publications.get()
    record = side.records[f"publication:{first.pk}"]
    assert (record["number"], record["result"], record["agency"]) == (
        first.number,
        first.result,
        office.agency.name,
    )


@pytest.mark.carries("LZ-034", locality="laizhou")
@pytest.mark.carries("DY-036", locality="dongying")
@pytest.mark.parametrize("locality", ["laizhou", "dongying"])
def test_reconciliation_names_exactly_what_the_other_side_lost(
    locality: str, clock: Clock, side: FarEnd, capsys: pytest.CaptureFixture[str]
) -> None:
    """Down and up again: once, in order. One record is deleted there: one difference, with its id."""
    office = make_office(locality)
    fields = [{"对方字段": "CF_WSH", "本方字段": "number"}, {"对方字段": "CF_NR", "本方字段": "result"}]
    connect(office.agency, side, "superior", SUPERIOR, "decisions", platform="superior", fields=fields)
    side.stop()
    plays = published(office, clock, 3)
    assert round_of(clock) == 0
    side.start()
    round_of(clock, 1)
    round_of(clock, 1)
    assert side.log == [(subject, "publish") for subject in subjects(plays)]
    assert command(capsys, "reconcile")[0] == 0
    assert set(side.records[subjects(plays)[1]]) == {"CF_WSH", "CF_NR"}
    lost = subjects(plays)[1]
    side.ask("delete from records where subject = ?", lost)
    code, (found,) = command(capsys, "reconcile", "--connector", "superior")
    assert code == 1 and (found["ours"], found["theirs"]) == (3, 2)
    assert [(one["subject"], one["how"]) for one in found["differences"]] == [(lost, "missing")]
    side.stop()
    code, (found,) = command(capsys, "reconcile")
    assert code == 1 and "没有答复" in found["error"]


def test_a_list_in_another_form_is_named_and_not_read_for_ever(
    clock: Clock, side: FarEnd, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that comes again and again, a row without digest or subject: no answer in the agreed form, and the reason on the page."""
    office = make_office("laizhou")
    connect(office.agency, side, "city", CITY, "decisions")
    published(office, clock, 2)
    assert round_of(clock) == 2
    for mode, said in (("repeat", "翻页"), ("digest", "第 1 条没有写明"), ("subject", "第 1 条没有写明")):
        side.behave(mode)
        code, told = command(capsys, "reconcile")
        assert code == 1 and "没有照格式" in told[0]["error"] and said in told[0]["error"], told
        assert "没有照格式" in page(office.people["agency-head"], "/desk/exchange/")
    side.behave()
    assert command(capsys, "reconcile")[0] == 0


def test_the_service_asks_once_a_day_and_again_where_nobody_answered(clock: Clock, side: FarEnd) -> None:
    """From three in the morning on; what is missing there stands on the page without any command."""
    office = make_office("laizhou")
    connect(office.agency, side, "city", CITY, "decisions")
    clock.now = clock.now.astimezone(CHINA).replace(hour=9)
    (play,) = published(office, clock)
    round_of(clock)
    assert reconcile_due(clock.now) == 1 and reconcile_due(clock.now) == 0
    side.ask("delete from records where subject = ?", subjects([play])[0])
    desk = "/desk/exchange/"
    before = page(office.people["agency-head"], desk)
    assert "上次对账没有差别" in before and "每天 3 时起" in before
    clock.now = (clock.now + timedelta(days=1)).replace(hour=2, minute=59)
    assert reconcile_due(clock.now) == 0
    clock.now += timedelta(minutes=1)
    assert reconcile_due(clock.now) == 1
    after = page(office.people["agency-head"], desk)
    assert (
        "对方没有" in after and subjects([play])[0] in after and f"{clock.now:%Y年%-m月%-d日} 03:00" in after
    )
    side.stop()
    clock.now += timedelta(days=1)
    assert reconcile_due(clock.now) == 1 and "没有答复" in page(office.people["agency-head"], desk)
    clock.now += timedelta(minutes=59)
    assert reconcile_due(clock.now) == 0
    clock.now += timedelta(minutes=2)
    side.start()
    assert reconcile_due(clock.now) == 1 and "没有答复" not in page(office.people["agency-head"], desk)
    connect(office.agency, side, "city", CITY, "decisions", active=False)
    clock.now += timedelta(days=2)
    assert reconcile_due(clock.now) == 0


def test_what_is_withdrawn_is_taken_back_from_everybody_who_was_told(clock: Clock, tmp_path: Path) -> None:
    """One message of withdrawal for each earlier push; a text that still waits does not go out any more, and no copy stays."""
    office = make_office("laizhou")
    with far_end(tmp_path) as one:
        connect(office.agency, one, "city", CITY, "decisions")
        away = FarEnd(tmp_path / "away")
        connect(office.agency, away, "superior", SUPERIOR, "decisions")
        (play,) = published(office, clock)
        round_of(clock)
        (subject,) = subjects([play])
        assert subject in one.records
        play.do(
            "revoke-decision", "agency-head", revoked_how="revoked", revoked_by="县政府", reason="事实不清"
        )
        play.withdraw("经复议撤销")
        away.folder.mkdir()
        away.start()
        try:
            round_of(clock, 2)
            assert one.log == [(subject, "publish"), (subject, "withdraw")] and one.records == {}
            assert away.log == [(subject, "withdraw")] and away.records == {}
        finally:
            away.stop()
        assert [row.state for row in Outgoing.objects.filter(connector__code="superior").order_by("pk")] == [
            "dropped", "accepted",
        ]  # fmt: skip
        assert all(not row.payload for row in Outgoing.objects.filter(event="publish"))


@pytest.mark.carries("LZ-019", locality="laizhou")
def test_the_roster_goes_to_the_supervision_platform_and_what_fails_is_tried_again_and_told(
    clock: Clock, side: FarEnd
) -> None:
    """An officer who is added, changed and removed: three messages in order, each acknowledged; a refusal is somebody's task."""
    office = make_office("laizhou")
    agency = office.agency
    connect(agency, side, "supervision", SUPERVISION, "officers", platform="supervision")
    person = administer("add-person", agency, None, {"username": "lz-new", "name": "余新"})
    told = {"person": person, "role": "officer", "title": "科员", "valid_from": "2025-03-01"}
    post = administer("grant-post", agency, None, told)
    assert not Outgoing.objects.exists()
    held = {
        "categories": ["penalty"],
        "area": ["370683"],
        "valid_from": "2025-01-01",
        "valid_until": "2029-12-31",
    }
    card = administer(
        "issue-certificate", agency, None,
        {"person": person, "number": "LZ演示9001", "kind": "中华人民共和国行政执法证", "exam_passed_on": "2024-12-01", **held},
    )  # fmt: skip
    side.behave("broken")
    assert round_of(clock) == 0 and states() == {"queued": 1}
    side.behave()
    assert round_of(clock, 1) == 1
    subject = f"officer:{card.pk}"
    assert side.records[subject]["number"] == "LZ演示9001" and side.records[subject]["title"] == "科员"
    administer("change-certificate", agency, None, {"certificate": card, "valid_until": "2030-12-31"})
    assert round_of(clock, 1) == 1
    side.behave("refuse")
    administer("end-post", agency, None, {"post": post, "valid_until": "2025-03-31"})
    assert round_of(clock, 1) == 1 and states() == {"accepted": 2, "dead": 1}
    dead = Outgoing.objects.get(state="dead")
    assert dead.event == "remove" and "缺少行政相对人代码" in dead.error
    assert Task.objects.filter(kind="delivery", closed_n=None, role="disclosure-approver").count() == 1
    side.behave()
    approver = office.people["disclosure-approver"]
    administer("retry-delivery", agency, approver, {"message": str(dead.pk), "reason": "对方已改正接口"})
    assert round_of(clock, 1) == 1
    assert side.log == [(subject, "add"), (subject, "change"), (subject, "remove")] and side.records == {}
    assert not Task.objects.filter(kind="delivery", closed_n=None).exists()
    assert Certificate.objects.filter(pk=card.pk).exists()


def test_who_never_answers_is_given_up_and_one_that_hangs_keeps_no_other_waiting(
    clock: Clock, side: FarEnd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TRIES", 3)
    monkeypatch.setattr(wire, "TIMEOUT", 0.3)
    office = make_office("laizhou")
    side.behave("hang")
    connect(office.agency, side, "slow", CITY, "decisions")
    (tmp_path / "quick").mkdir()
    with far_end(tmp_path / "quick") as quick:
        connect(office.agency, quick, "quick", SUPERIOR, "decisions")
        published(office, clock, 3)
        assert round_of(clock) == 3 and len(quick.records) == 3
    for _ in range(3):
        round_of(clock, 2)
    assert states()["dead"] >= 1
    dead = Outgoing.objects.filter(state="dead").first()
    assert dead is not None and "试了 3 次" in dead.error


def test_a_credential_is_a_reference_and_only_its_holder_is_let_in(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office("laizhou")
    with far_end(tmp_path, "s3cret") as side:
        told = connect(office.agency, side, "city", CITY, "decisions", credential="env:CITY_TOKEN")
        published(office, clock)
        assert round_of(clock) == 0
        assert "凭据“env:CITY_TOKEN”读不到" in Outgoing.objects.get().error
        monkeypatch.setenv("CITY_TOKEN", "s3cret")
        assert round_of(clock, 1) == 1 and states() == {"accepted": 1}
    assert Connector.objects.get(pk=told.pk).credential == "env:CITY_TOKEN"
    for wrong in ({"credential": "s3cret"}, {"url": "ftp://example.org"}, {"url": "https://a:b@example.org"}):
        with pytest.raises(Exception, match=r"凭据|地址"):
            connect(office.agency, side, "city", CITY, "decisions", **wrong)


@pytest.mark.carries("DY-050", locality="dongying")
def test_each_stage_of_a_case_goes_to_the_power_operation_system(clock: Clock, side: FarEnd) -> None:
    """A case that is walked through: each new stage one message in order, with the item, and its receipt kept."""
    office = make_office("dongying")
    connect(office.agency, side, "power", "政务服务平台行政权力网络运行系统", "stages")
    names = [{"事项名称": "未经批准取水的处罚", "平台事项编号": "DYSW-0007"}]
    administer("record-item-ids", office.agency, None, {"source": "行政权力网络运行系统", "rows": names})
    play = begun(office, "ordinary", clock)
    play.until("close", file={"item": "未经批准取水的处罚"})
    seen = Outgoing.objects.filter(event="stage").count()
    assert seen >= 2
    while round_of(clock, 1):
        pass
    assert states() == {"accepted": seen}
    bodies = [body["record"] for body in side.bodies]
    assert [one["stage"] for one in bodies] == list(dict.fromkeys(one["stage"] for one in bodies))
    assert bodies[-1]["stage"] == play.case.stage and bodies[0]["case"] == play.case.code
    assert bodies[0]["item_id"] == "" and bodies[-1]["item_id"] == "DYSW-0007"
    assert all(row.receipt for row in Outgoing.objects.all())


def test_another_agency_is_told_of_nothing_and_a_supervising_one_of_all_below(
    clock: Clock, side: FarEnd
) -> None:
    office = make_office("dongying")
    other = Agency.objects.get(pk=office.agency.parent_id)
    connect(other, side, "alone", SUPERIOR, "decisions")
    published(office, clock)
    assert not Outgoing.objects.exists()
    connect(other, side, "alone", SUPERIOR, "decisions", below=True)
    published(office, clock)
    assert Outgoing.objects.count() == 1


def test_without_a_connector_the_credit_platform_has_confirmed_nothing(clock: Clock, side: FarEnd) -> None:
    """The portal shows the decision; coverage says that the scheme does not count it, and the cure, until a receipt has come."""
    office = make_office("lingchuan")
    head, here = office.people["agency-head"], f"/desk/publications/coverage/?year={clock.now.year}"
    (play,) = published(office, clock)
    assert Client().get(f"/decisions/{play.case.publications.get().pk}/").status_code == 200
    seen, told = page(head, here), Api(head).get(f"/disclosure/coverage?year={play.moment.year}")["counts"]
    assert "晋城市信用信息共享平台没有确认，照方案不算公示" in seen and "设置对接系统" in seen
    assert (told["published"], told["unconfirmed"]) == (0, 1)
    connect(office.agency, side, "credit", "晋城市信用信息共享平台", "decisions", platform="credit")
    published(office, clock)
    round_of(clock)
    told = Api(head).get(f"/disclosure/coverage?year={play.moment.year}")["counts"]
    assert (told["published"], told["unconfirmed"]) == (1, 1)
    other = make_office("laizhou")
    published(other, clock)
    assert Api(other.people["agency-head"]).get("/disclosure/coverage")["counts"]["unconfirmed"] == 0


@pytest.mark.carries("LC-028", locality="lingchuan")
def test_a_decision_counts_as_published_only_with_the_credit_platform_s_receipt(
    clock: Clock, side: FarEnd, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it the job stays submitted, not confirmed, shown nowhere and late on its day; with it the job is closed and mirrored."""
    office = make_office("lingchuan")
    supervisor, editor = supervisor_above(office.agency), office.people["disclosure-editor"]
    connect(office.agency, side, "credit", "晋城市信用信息共享平台", "decisions", platform="credit")
    side.behave("broken")
    (play,) = published(office, clock)
    row = play.case.publications.get()
    assert row.status == "submitted" and play.case.state["publication"]["status"] == "submitted"
    assert "已提交，未确认" in page(editor, f"/desk/publications/{play.case_id}/")
    assert Client().get(f"/decisions/{row.pk}/").status_code == 404
    assert Api().get(f"/public/decisions?q={row.number}")["total"] == 0
    round_of(clock)
    due, late = due_of(office, play)
    assert not late and not list(verify_all())
    play.at(datetime.fromisoformat(due).replace(hour=9, tzinfo=CHINA) + timedelta(days=1))
    assert due_of(office, play)[1] and [one["id"] for one in listed(supervisor)] == [str(play.case_id)]
    side.behave()
    assert round_of(clock, 2) == 1
    row.refresh_from_db()
    assert row.status == "published" and row.published_on == clock.now.date()
    assert [t for t in Api(editor).get("/tasks")["items"] if t["kind"] == "publish"] == []
    assert listed(supervisor) == []
    assert Client().get(f"/decisions/{row.pk}/").status_code == 200
    assert side.log == [(f"publication:{row.pk}", "publish")] and not list(verify_all())
    assert Client().get(f"/log/acts/{row.act}/").status_code == 200
    proved = Client().get(f"/log/acts/{row.act}.json").json()["disclosures"]
    fields = [json.loads(urlsafe_b64decode(one + "==")) for one in proved]
    assert [value["facts"] for _, name, value in fields if name == "public_text"] == [row.facts]
    said = page(editor, f"/desk/cases/{play.case_id}/timeline/")
    assert "公示平台回执，公示生效" in said and "R1" in said
