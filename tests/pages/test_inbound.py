"""What other systems hand in: decisions that are public at once, the state of mirrored cases, sums; and what may not be worked here."""

from datetime import timedelta

import pytest

from api_client import Api
from knocks import Knock, fact_of, refused_everywhere, signed_in
from page_form import words
from play import STORIES, Clock, Play, make_office
from publishing import begun
from pushing import CARD, FIRM, RECORD, pusher
from reader import Client
from sanxiang.cases.models import Case, Publication
from sanxiang.demo.people import Office, employed
from sanxiang.door.administer import administer
from sanxiang.door.arriving.pushed import latencies
from sanxiang.door.exchange.mirrors import sums_in
from sanxiang.door.pinned import current
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db


@pytest.mark.carries("DY-038", locality="dongying")
def test_a_decision_that_is_pushed_is_public_at_once_and_once(clock: Clock) -> None:
    """201, public within the minute, the time that it took known; the same again 200 and the same id; what is wrong 400 by field."""
    office = make_office("dongying")
    api, today = pusher(office), clock.now.date().isoformat()
    occurred = (clock.now - timedelta(seconds=20)).isoformat()
    told = {**RECORD, "decision_date": today, "occurred_at": occurred}
    first = api.post("/inbound/records", told)
    assert first["fresh"] and "未经批准取水。" in Client().get(f"/decisions/{first['id']}/").content.decode()
    listed = Api().get(f"/public/decisions?q={RECORD['doc_no']}")
    assert listed["total"] == 1 and listed["items"][0]["origin"] == "pushed"
    for place in (f"/decisions/{first['id']}/", f"/decisions/?q={RECORD['doc_no']}"):
        seen = Client().get(place).content.decode()
        assert not [said for said in ("历史导入", "导入机关", "文字保持来源原样") if said in seen], place
    again = api.post("/inbound/records", told, status=200)
    assert (again["id"], again["fresh"]) == (first["id"], False) and Publication.objects.count() == 1
    other = api.post("/inbound/records", {**told, "result": "警告"}, status=409)
    assert other["error"]["code"] == "key-reused"
    wrong = {
        "id": "OA-2",
        "record_type": "fine",
        "party_code": FIRM[:-1] + "4",
        "decision_date": (clock.now + timedelta(days=1)).date(),
    }
    fields = api.post("/inbound/records", {**told, **wrong}, status=400)["error"]["fields"]
    assert set(fields) == {"record_type", "party_code", "decision_date"}
    blank = {name: value for name, value in told.items() if name != "result"}
    assert "result" in str(
        api.post("/inbound/records", {**blank, "id": "OA-3"}, status=400)["error"]["fields"]
    )
    (seconds,) = latencies([office.agency.pk], clock.now - timedelta(days=1))[office.agency.pk]
    assert 0 <= seconds <= 60 and Publication.objects.count() == 1 and not list(verify_all())


def test_what_a_pushed_record_must_not_show_is_hidden_and_who_may_push_is_asked(clock: Clock) -> None:
    office = make_office("dongying")
    today = clock.now.date().isoformat()
    person = {
        "party": "苏禾青",
        "party_type": "citizen",
        "party_code": "",
        "facts": f"苏禾青（身份证号码 {CARD}）未经批准取水。",
    }
    told = {**RECORD, **person, "decision_date": today}
    done = pusher(office).post("/inbound/records", told)
    shown = Client().get(f"/decisions/{done['id']}/").content.decode()
    assert "苏禾青" not in shown and CARD not in shown
    other = {**RECORD, "id": "OA-9", "decision_date": today}
    assert (
        pusher(office, "officer1").post("/inbound/records", other, status=422)["error"]["refused"][0]["guard"]
        == "role"
    )
    pusher(office, "disclosure-approver", "read", "act").post("/inbound/records", other, status=403)
    Api(office.people["disclosure-approver"]).post("/inbound/records", other, status=401)


HALL = "桓台县网上办事大厅"


MIRRORED = 'label = "桓台县网上办事大厅", mode = "mirror"'
BY_SUMS = '"inspection"], system = "police-network", label = "公安系统网络", mode = "summary"'


@pytest.mark.carries("HT-005", locality="huantai", change=(MIRRORED, MIRRORED.replace("mirror", "platform")))
def test_a_licence_is_worked_in_the_service_hall_and_its_state_shows_here(clock: Clock) -> None:
    """Without its number there no licence is registered; a change of its state there appears on the page, once."""
    office = make_office("huantai")
    officer = office.people["officer1"]
    pack = current("huantai")
    opening = next(act.id for act in pack.acts_of("licence") if act.first)
    answer = refused_everywhere(Knock(pack, opening, officer, {}, procedure="licence", agency=office.agency))
    assert "ht.licence-mirrored" in answer.guards and not Case.objects.exists()
    api = pusher(office)
    told = {
        "external_id": "HT-2026-0007",
        "title": "取水许可",
        "status": "已受理",
        "on": "2026-03-02",
        "source": HALL,
    }
    assert (
        api.post("/inbound/cases", told)["fresh"]
        and not api.post("/inbound/cases", told, status=200)["fresh"]
    )
    api.post("/inbound/cases", {**told, "status": "准予许可", "on": "2026-03-09"})
    shown = signed_in(office.people["agency-head"]).get("/desk/exchange/").content.decode()
    assert "HT-2026-0007" in shown and "准予许可" in shown and HALL in shown
    wrong = api.post("/inbound/cases", {**told, "act_type": "penalty"}, status=422)["error"]["refused"]
    assert [one["guard"] for one in wrong] == ["routing"]


def police(office: Office) -> Agency:
    """The county's police, by its kind."""
    agency = office.agency
    administer("change-agency", agency, None, {"kind": "police"})
    return Agency.objects.get(pk=agency.pk)


@pytest.mark.carries("HT-006", locality="huantai", change=(BY_SUMS, BY_SUMS.replace("summary", "platform")))
def test_the_police_open_no_case_here_and_hand_in_sums_alone(clock: Clock) -> None:
    """A case is refused and the network named; a package of sums becomes rows of statistics, one with a party's name does not."""
    office = make_office("huantai")
    agency = police(office)
    play = Play(office, STORIES["ordinary"][0], list(STORIES["ordinary"][1]), clock, clock.now)
    answer = refused_everywhere(play.knock(after=0))
    assert "公安系统网络" in fact_of(answer, "routing") and not Case.objects.exists()
    rows = [{"期间": "2026-03", "行为种类": "行政处罚", "件数": "41", "金额（元）": "8200"}]
    administer("import-summary", agency, None, {"source": "公安系统网络", "rows": rows})
    (row,) = sums_in([agency.pk])
    assert (row["件数"], row["行为种类"]) == ("41", "行政处罚") and not Case.objects.exists()
    assert "41" in signed_in(office.people["agency-head"]).get("/desk/exchange/").content.decode()
    with pytest.raises(Refused, match=r"当事人"):
        administer(
            "import-summary",
            agency,
            None,
            {"source": "公安系统网络", "rows": [{**rows[0], "当事人": "苏禾"}]},
        )


@pytest.mark.carries("HT-007", locality="huantai")
def test_every_pair_of_organ_and_act_is_worked_where_the_scheme_says(clock: Clock) -> None:
    """Asked of the API for both kinds of organ, each pair is what the pack's table has; the wrong channel is refused."""
    office = make_office("huantai")
    table = {
        (row["organ"], act): (row["system"], row["mode"])
        for row in current("huantai").setting("publish.routing")
        for act in row["acts"]
    }
    api = Api(office.people["agency-head"])
    asked = {
        (one["organ"], one["act_type"]): (one["system"], one["mode"]) for one in api.get("/routing")["items"]
    }
    police(office)
    asked |= {
        (one["organ"], one["act_type"]): (one["system"], one["mode"]) for one in api.get("/routing")["items"]
    }
    assert asked == table and len(table) == 12
    for act in ("penalty", "coercion", "levy", "fee", "inspection"):
        assert asked[("other", act)] == ("enforcement-net", "platform")
        told = {
            "external_id": "X-1",
            "title": "某事项",
            "status": "已办结",
            "on": "2026-03-02",
            "source": HALL,
            "act_type": act,
        }
        assert (
            pusher(office).post("/inbound/cases", told, status=422)["error"]["refused"][0]["guard"]
            == "routing"
        )


@pytest.mark.carries("DY-039", locality="dongying")
def test_a_case_on_paper_alone_lowers_the_share_of_its_kind(clock: Clock) -> None:
    """Penalties are switched online and shown so; two cases here are 100 %, one more on paper makes it 66.7 %."""
    office = make_office("dongying")
    administer("set-online-types", office.agency, None, {"types": ["licence", "penalty", "coercion"]})
    asked = {
        one["act_type"]: one["online"] for one in Api(office.people["agency-head"]).get("/routing")["items"]
    }
    assert asked == {one: one in ("licence", "penalty", "coercion") for one in asked} and asked["penalty"]
    for _ in range(2):
        begun(office, "summary", clock, until="publish")
    head = signed_in(office.people["agency-head"])
    assert "100.0%" in head.get("/desk/exchange/").content.decode()
    told = {
        "act_type": "penalty",
        "number": "东水罚〔2026〕9号",
        "title": "某案",
        "decided_on": clock.now.date().isoformat(),
        "reason": "停电",
    }
    administer("register-offline-case", office.agency, office.people["agency-head"], told)
    shown = head.get("/desk/exchange/").content.decode()
    assert "66.7%" in shown and "应当网上办理" in shown
    switch = {"types": "adjudication", "nonce": "adjudication"}
    admin = signed_in(employed(office.agency, "sysadmin", "石系统", "system-admin", clock.now, "!"))
    where = f"/desk/admin/acts/set-online-types/?agency={office.agency.pk}"
    assert admin.post(where, switch).status_code == 422
    items = Api(office.people["agency-head"]).get("/routing")["items"]
    assert not any(one["online"] for one in items if one["act_type"] == "adjudication")


def test_nothing_is_called_compared_that_never_was(clock: Clock) -> None:
    """No system is set up, nothing was sent: the page says neither that all arrived nor that there was no difference."""
    office = make_office("huantai")
    shown = words(signed_in(office.people["agency-head"]).get("/desk/exchange/"))
    assert "还没有对过账" in shown and "还没有设置对接系统" in shown
    assert "没有差别" not in shown and "都已经送到" not in shown and "共 2 条" not in shown
