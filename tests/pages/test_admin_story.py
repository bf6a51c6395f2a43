"""From an empty installation with three administrators, through pages alone, to a first case."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conftest import SignIn
from knocks import form_of
from page_form import fill_in, form_at, words
from play import MORNING, Clock, Play, play_of
from sanxiang.cases.models import Case
from sanxiang.commands.install import _first_accounts
from sanxiang.demo.people import Office
from sanxiang.door.models import Refusal
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.packs import load_pack
from sanxiang.ledger.models import Act, Opening
from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate, Person, Post, Unit

pytestmark = pytest.mark.django_db
BUREAU = "云溪县水务局"
PACK = load_pack("huantai")
STAFF = {
    "officer1": ("linqing", "林青", "执法人员", "水政监察大队"),
    "officer2": ("hewei", "何苇", "执法人员", "水政监察大队"),
    roles.UNIT_HEAD: ("zhoulan", "周岚", "承办机构负责人", "水政监察大队"),
    roles.AGENCY_HEAD: ("qinhe", "秦禾", "行政机关负责人", ""),
    roles.LEGAL_REVIEWER: ("songyan", "宋砚", "法制审核人员", "政策法规股"),
    roles.DISCLOSURE_EDITOR: ("tangmo", "唐墨", "公示员", "水政监察大队"),
    roles.DISCLOSURE_APPROVER: ("luting", "陆汀", "公示审核人", ""),
    roles.ARCHIVIST: ("baizhi", "白芷", "档案员", ""),
}


@dataclass
class County:
    """The three administrators at their browsers, and the first passwords they saw."""

    system: Client
    security: Client
    audit: Client
    passwords: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def county(browser: SignIn, clock: Clock) -> County:
    """What `sanxiang init` leaves behind."""
    clock.now = MORNING - timedelta(days=30)
    _first_accounts(BUREAU, "huantai", "370321")
    return signed_in_again(browser)


def signed_in_again(browser: SignIn) -> County:
    """The three at fresh browsers: sessions end while a story passes days."""
    three = (browser(Person.objects.get(username=name)) for name in ("sysadmin", "secadmin", "audadmin"))
    return County(*three)


def act(name: str) -> str:
    """Where the form of an administrative act stands."""
    return f"/desk/admin/acts/{name}/"


def done(answer: Any) -> Any:
    """The act was done: the answer leads on, or shows a secret."""
    assert answer.status_code in (200, 302), words(answer)[:4000]
    return answer


def lacking(client: Client) -> list[str]:
    """What the checklist says is missing."""
    return [line["label"] for line in client.get("/desk/admin/").context["checklist"] if not line["met"]]


def set_up_agency(county: County) -> None:
    """What papers print, and the two units."""
    done(
        fill_in(
            county.system,
            act("change-agency"),
            short="云水",
            address="云溪县清江路 8 号",
            phone="0000-0000001",
            account="云溪银行 0000 0001",
            review_body="云溪县人民政府",
            court="云溪县人民法院",
        )
    )
    done(fill_in(county.system, act("add-unit"), name="水政监察大队", kind="执法大队", is_enforcement=True))
    done(fill_in(county.system, act("add-unit"), name="政策法规股", is_legal_organ=True))


def hire(county: County, who: str) -> None:
    """An account by one administrator, a post by the other."""
    username, name, role, unit = STAFF[who]
    answer = done(fill_in(county.system, act("add-person"), username=username, name=name))
    county.passwords[username] = answer.context["secret"]
    post = {"person": name, "role": role, **({"unit": unit} if unit else {})}
    done(fill_in(county.security, act("grant-post"), **post))


def certify(county: County, name: str, number: str) -> Any:
    """A certificate that lasts."""
    return fill_in(
        county.security,
        act("issue-certificate"),
        person=name,
        number=number,
        categories=["行政处罚"],
        valid_from="2025-01-01",
        valid_until="2029-12-31",
        inspected_until="2027-12-31",
        exam_passed_on="2024-11-01",
    )


def office_of() -> Office:
    """What was set up, as the stories know it."""
    people = {who: Person.objects.get(username=row[0]) for who, row in STAFF.items()}
    units = {unit.name: unit for unit in Unit.objects.all()}
    return Office(Agency.objects.get(name=BUREAU), units["水政监察大队"], units["政策法规股"], people)


def test_three_administrators_set_up_an_office_and_its_first_case_is_filed(
    county: County, browser: SignIn, clock: Clock
) -> None:
    assert len(lacking(county.system)) == 12
    set_up_agency(county)
    for who in STAFF:
        hire(county, who)
    done(certify(county, "林青", "37030001"))
    assert lacking(county.security) == ["两名持证执法人员", "有资格的法制审核人员"]
    page = words(county.security.get("/desk/admin/"))
    assert "1 人可以执法；何苇：没有行政执法证" in page and "宋砚没有登记法律职业资格" in page

    played = play_of(office_of(), "ordinary", clock)
    case = file_through_pages(played, browser, ["register-clue"])
    refused = knock_page(played, browser, case)
    assert refused.status_code == 422 and "何苇：没有行政执法证" in words(refused)
    assert Case.objects.get(pk=case).stage == "intake"

    county = signed_in_again(browser)
    done(certify(county, "何苇", "37030002"))
    reviewer = Person.objects.get(username="songyan").pk
    done(
        fill_in(
            county.security,
            f"{act('record-qualification')}?person={reviewer}",
            qualification_number="A2026001",
        )
    )
    assert lacking(county.system) == []
    assert knock_page(played, browser, case).status_code == 302
    assert Case.objects.get(pk=case).number.startswith("云水")
    assert not [fault.as_json() for fault in verify_all()]


def file_through_pages(played: Play, browser: SignIn, acts: list[str]) -> Any:
    """Open the case by its first form; returns its key."""
    step = played.next()
    played.pass_days(step.after)
    data = form_of(PACK.acts[step.act], played.data_of(step, played.moment))
    answer = browser(played.person(step.who)).post("/desk/cases/new/ordinary/", data)
    assert answer.status_code == 302, words(answer)
    played.case_id = Case.objects.get().pk
    played.position += len(acts)
    return played.case_id


def knock_page(played: Play, browser: SignIn, case: Any) -> Any:
    """The next step's form, sent by whoever has to."""
    step = played.next()
    data = form_of(PACK.acts[step.act], played.data_of(step, played.moment))
    return browser(played.person(step.who)).post(f"/desk/cases/{case}/acts/{step.act}/", data)


def test_passwords_are_shown_once_let_people_in_and_stand_nowhere(county: County, clock: Clock) -> None:
    answer = done(fill_in(county.system, act("add-person"), username="LinQing", name="林青"))
    password = answer.context["secret"]
    assert "no-store" in answer["Cache-Control"] and password in words(answer)
    person = Person.objects.get(username="linqing")
    reset = form_at(county.system, f"{act('reset-password')}?person={person.pk}")
    second = done(county.system.post(reset.address, reset.values)).context["secret"]
    assert second != password
    everywhere = str(list(Opening.objects.values_list("value", flat=True)))
    hashes = list(Person.objects.values_list("password", flat=True))
    assert not any(secret in everywhere for secret in (password, second, "argon2", *hashes))
    visitor = Client()
    assert "不正确" in words(visitor.post("/desk/sign-in/", {"username": "linqing", "password": password}))
    assert visitor.post("/desk/sign-in/", {"username": "linqing", "password": second}).status_code == 302
    assert "请先更换初始密码" in words(visitor.get("/desk/", follow=True))
    for client in (county.system, county.security):
        assert second not in words(client.get(f"/desk/admin/people/{person.pk}/"))
    # The same form once more shows nothing a second time.
    assert county.system.post(reset.address, reset.values).status_code == 302
    assert Act.objects.filter(name="reset-password").count() == 1


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("system", "grant-post"), ("system", "issue-certificate"), ("system", "end-post"), ("system", "record-leave"),
        ("security", "add-person"), ("security", "add-unit"), ("security", "change-agency"), ("security", "register-agency"),
        ("audit", "add-person"), ("audit", "grant-post"), ("audit", "change-agency"), ("audit", "release-register"),
    ],
)  # fmt: skip
def test_no_administrator_finds_the_work_of_another(county: County, who: str, name: str) -> None:
    client: Client = getattr(county, who)
    before = Act.objects.count()
    assert client.get(act(name)).status_code == client.post(act(name), {}).status_code == 404
    assert f"/desk/admin/acts/{name}/" not in words(client.get("/desk/admin/"))
    assert Act.objects.count() == before


def test_nobody_is_two_of_the_three_nor_an_officer_besides(county: County) -> None:
    for name, role in (
        ("安全管理员", "系统管理员"),
        ("系统管理员", "执法人员"),
        ("审计管理员", "行政执法监督人员"),
    ):
        answer = fill_in(county.security, act("grant-post"), person=name, role=role)
        assert answer.status_code == 422 and "三员分立" in words(answer)
    assert Post.objects.count() == 3
    kept = Refusal.objects.filter(act="grant-post", case=None)
    assert kept.count() == 3 and {row.by_name for row in kept} == {"安全管理员"}
    page = words(county.audit.get("/desk/admin/refusals/"))
    assert page.count("三员分立，管理岗位之间不得兼任") == 3
    for client in (county.system, county.security):
        assert client.get("/desk/admin/refusals/").status_code == 404
        assert client.get("/desk/admin/history/").status_code == 404


def test_the_last_administrator_cannot_be_shut_out(county: County) -> None:
    post = Post.objects.get(role=roles.SECURITY_ADMIN)
    answer = fill_in(county.security, f"{act('end-post')}?post={post.pk}")
    assert answer.status_code == 422 and "这是本机关唯一的安全管理员" in words(answer)
    person = Person.objects.get(username="audadmin")
    answer = fill_in(county.system, f"{act('change-person')}?person={person.pk}", active=False)
    assert answer.status_code == 422 and "这是本机关唯一的审计管理员" in words(answer)


def test_officers_find_none_of_it(county: County, browser: SignIn) -> None:
    set_up_agency(county)
    for who in ("officer1", roles.UNIT_HEAD, roles.ARCHIVIST):
        hire(county, who)
    person = Person.objects.get(username="linqing")
    places = ["", "people/", f"people/{person.pk}/", "import/", "history/", "refusals/", "acts/add-unit/"]
    officer = browser(Person.objects.get(username="linqing"))
    assert {officer.get(f"/desk/admin/{place}").status_code for place in places} == {404}
    assert "/desk/admin/" not in words(officer.get("/desk/"))
    for username, own, others in (
        ("zhoulan", "登记离岗代理", "登记人员"),
        ("baizhi", "预留文号", "登记离岗代理"),
    ):
        client = browser(Person.objects.get(username=username))
        assert {client.get(f"/desk/admin/{place}").status_code for place in places[1:]} == {404}
        overview = words(client.get("/desk/admin/"))
        assert own in overview and others not in overview


def test_a_unit_head_sends_only_the_unit_s_own_officers_on_leave(county: County, browser: SignIn) -> None:
    set_up_agency(county)
    for who in ("officer1", "officer2", roles.UNIT_HEAD, roles.AGENCY_HEAD):
        hire(county, who)
    head = browser(Person.objects.get(username="zhoulan"))
    refused = fill_in(head, act("record-leave"), person="秦禾", deputy="周岚")
    assert refused.status_code == 422 and "不是本机构的承办人" in words(refused)
    done(fill_in(head, act("record-leave"), person="林青", deputy="何苇"))
    assert Person.objects.get(username="linqing").leaves.get().deputy.name == "何苇"


def test_other_agencies_do_not_exist(county: County, browser: SignIn) -> None:
    _first_accounts("云溪县林草局", "huantai", "370321")
    other = Agency.objects.get(name="云溪县林草局")
    stranger = Person.objects.get(username="audadmin")
    assert county.system.get(f"/desk/admin/?agency={other.pk}").status_code == 404
    assert county.system.post(f"{act('add-unit')}?agency={other.pk}", {"name": "甲"}).status_code == 404
    assert not Unit.objects.exists()
    done(fill_in(county.system, act("register-agency"), name="清江镇人民政府", kind="乡镇（街道）"))
    town = Agency.objects.get(name="清江镇人民政府")
    assert town.parent.name == BUREAU and town.n == 1 and town.locality == "huantai"
    done(
        fill_in(county.system, f"{act('add-unit')}?agency={town.pk}", name="综合执法队", is_enforcement=True)
    )
    assert Unit.objects.get().agency == town and stranger.posts.get().agency.name == BUREAU
    assert not [fault.as_json() for fault in verify_all()]


def test_what_cannot_be_read_and_what_is_missing_is_said_in_place(county: County) -> None:
    client = county.security
    form = form_at(client, act("grant-post"))
    form.values |= {"valid_from": ["2026-02-30"], "person": ["nobody"], "title": ["长" * 10_000]}
    answer = client.post(form.address, form.values)
    page = words(answer)
    for said in ("“2026-02-30”不是有效的日期", "人员：没有“nobody”", "有 10000 个字，最多 60 个字"):
        assert said in page
    assert answer.status_code == 422 and "长" * 10_000 in page and not Refusal.objects.exists()
    answer = client.post(form.address, {"nonce": "x"})
    assert [v["guard"] for v in Refusal.objects.get().verdicts] == [
        "field:person",
        "field:role",
        "field:valid_from",
    ]
    assert "没有填写“岗位”" in words(answer)


def test_markup_in_every_field_is_shown_as_text(county: County) -> None:
    evil = "<script>alert(1)</script>"
    done(fill_in(county.system, act("add-unit"), name=evil))
    done(fill_in(county.system, act("add-person"), username="evil", name=evil, phone=evil))
    person = Person.objects.get(username="evil")
    for client, place in (
        (county.system, ""), (county.system, "people/"), (county.system, f"people/{person.pk}/"),
        (county.security, "acts/grant-post/"), (county.audit, "history/"),
    ):  # fmt: skip
        page = client.get(f"/desk/admin/{place}").content.decode()
        assert evil not in page and "&lt;script&gt;" in page, place


def test_certificates_end_are_suspended_and_only_changes_are_told(county: County, clock: Clock) -> None:
    set_up_agency(county)
    hire(county, "officer1")
    done(certify(county, "林青", "37030001"))
    held = Certificate.objects.get()
    where = f"{act('change-certificate')}?certificate={held.pk}"
    answer = fill_in(county.security, where)
    assert answer.status_code == 422 and "没有任何改动" in words(answer)
    done(fill_in(county.security, where, suspended_from=str(timezone.localdate())))
    told = Act.objects.get(name="change-certificate").openings.exclude(name__startswith="act.")
    assert set(told.values_list("name", flat=True)) == {"certificate", "suspended_from", "row"}
    page = words(county.security.get(f"/desk/admin/people/{held.person_id}/"))
    assert "暂扣" in page
    done(fill_in(county.security, where, suspended_from=""))
    assert Certificate.objects.get().suspended_from is None
    answer = fill_in(county.security, where, valid_until="")
    assert answer.status_code == 422 and "没有填写“有效期止”" in words(answer)


def test_history_names_who_did_what(county: County) -> None:
    set_up_agency(county)
    hire(county, "officer1")
    page = words(county.audit.get("/desk/admin/history/"))
    for said in (
        "授予岗位",
        "林青",
        "执法人员",
        "水政监察大队",
        "设立内设机构",
        "机关代字",
        "云水",
        "运维人员",
    ):
        assert said in page
    assert re.search(r"共 1[0-9] 项", page) and "argon2" not in page
