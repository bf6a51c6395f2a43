"""People on the administrators' pages: lists, uploads by each administrator's part, and what the pages cost."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cast import Cast, make_person
from clockwork import Clock
from conftest import SignIn
from page_form import fill_in, words
from sanxiang.door.administer import administer
from sanxiang.door.models import Refusal
from sanxiang.ledger.models import Act, Opening
from sanxiang.people import roles
from sanxiang.people.models import Certificate, Person, Post, Unit

pytestmark = pytest.mark.django_db
LINE = {
    "姓名": "苏禾",
    "内设机构": "水政监察大队",
    "证件编号": "99030001",
    "执法类别": "行政处罚、行政检查",
    "执法区域": "云溪县",
    "证件有效期": "2024-03-01至2029-02-28",
    "考试合格日期": "2023-12-01",
}


def listed(*changes: dict[str, str]) -> SimpleUploadedFile:
    """A list of officers as a county has it."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(LINE))
    writer.writeheader()
    writer.writerows({**LINE, **change} for change in changes)
    return SimpleUploadedFile("执法人员.csv", target.getvalue().encode("gbk"))


def upload(client: Client, cast: Cast, file: SimpleUploadedFile) -> Any:
    """The list sent from the page."""
    return client.post(f"/desk/admin/import/?agency={cast.bureau.pk}", {"file": file})


def test_a_list_goes_in_by_two_administrators_each_doing_their_part(cast: Cast, browser: SignIn) -> None:
    bad = {"姓名": "方砚", "证件编号": "99030002", "证件有效期": "2029-02-30"}
    system, security = browser(cast.admin), browser(cast.security)
    early = words(upload(security, cast, listed({})))
    assert "还没有账号 99030001；请系统管理员先导入" in early and not Person.objects.filter(name="苏禾")
    made = upload(
        system, cast, listed({}, bad, {"姓名": "白桦", "证件编号": "99030003", "内设机构": "节水大队"})
    )
    page = words(made)
    assert "“有效期止”2029-02-30 不是真实存在的日期" in page and "方砚,水政监察大队,99030002" in page
    assert "no-store" in made["Cache-Control"] and len(made.context["passwords"]["rows"]) == 2
    person = Person.objects.get(name="苏禾")
    assert not person.posts.exists() and Unit.objects.filter(name="节水大队", is_enforcement=True).exists()
    word = made.context["passwords"]["rows"][0]["cells"][2]["text"]
    assert person.check_password(word) and word not in str(
        list(Opening.objects.values_list("value", flat=True))
    )
    given = upload(security, cast, listed({}))
    assert given.context["outcome"].added == 1 and not given.context["passwords"]["rows"]
    assert Post.objects.get(person=person).unit == cast.brigade
    assert Certificate.objects.get(person=person).exam_passed_on is not None
    for client in (system, security):
        again = upload(client, cast, listed({}))
        assert (again.context["outcome"].added, again.context["outcome"].existing) == (0, 1)
    by = dict(Act.objects.filter(subject=cast.bureau.pk).values_list("name", "by_name"))
    assert by["add-person"] == "石径" and by["issue-certificate"] == "安然"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "没有选择文件"),
        (SimpleUploadedFile("名单.docx", b"PK"), "不能读取“.docx”类型的文件"),
        (SimpleUploadedFile("名单.xlsx", b"PK\x03\x04"), "不完整"),
        (SimpleUploadedFile("名单.csv", b"a,b\n1,2\n"), "请在表头写明栏目名，如“姓名”“单位”"),
    ],
)
def test_a_file_that_is_no_list_is_a_sentence(
    file: SimpleUploadedFile | None, said: str, cast: Cast, browser: SignIn
) -> None:
    answer = browser(cast.admin).post(
        f"/desk/admin/import/?agency={cast.bureau.pk}", {"file": file} if file else {}
    )
    assert answer.status_code == 422 and said in words(answer)


def test_people_are_found_by_name_and_by_what_they_lack(cast: Cast, browser: SignIn) -> None:
    administer("add-person", cast.bureau, None, {"username": "xinmiao", "name": "新苗"})
    client, here = browser(cast.security), f"agency={cast.bureau.pk}"
    everybody = words(client.get(f"/desk/admin/people/?{here}"))
    assert "林青" in everybody and "新苗" in everybody and "江野" not in everybody
    bare = words(client.get(f"/desk/admin/people/?{here}&show=bare"))
    assert "新苗" in bare and "林青" not in bare
    assert "何苇" in words(client.get(f"/desk/admin/people/?{here}&q=hewei"))
    Certificate.objects.filter(person=cast.second).update(inspected_until="2026-01-01", n=1)
    soon = words(client.get(f"/desk/admin/people/?{here}&show=expiring"))
    assert "何苇" in soon and "审验已过期" in soon and "林青" not in soon
    assert client.get(f"/desk/admin/people/?{here}&page=99&q=<b>").status_code == 200


def test_strangers_cannot_be_named_in_a_form(cast: Cast, browser: SignIn) -> None:
    """The security administrator of one bureau neither sees nor reaches people of another."""
    local = make_person("anping", "安平", cast.bureau, roles.SECURITY_ADMIN)
    client = browser(local)
    assert "江野" not in words(client.get("/desk/admin/acts/grant-post/"))
    stranger, held = cast.outsider, Certificate.objects.get(person=cast.outsider)
    post = {"person": str(stranger.pk), "role": "archivist", "valid_from": "2026-03-02"}
    assert "不在管理范围之内" in words(client.post("/desk/admin/acts/grant-post/", post))
    for place in (
        f"people/{stranger.pk}/",
        f"acts/change-certificate/?certificate={held.pk}",
        f"acts/end-post/?post={stranger.posts.get().pk}",
        f"acts/record-qualification/?person={stranger.pk}",
        f"?agency={cast.other.pk}",
    ):
        assert client.get(f"/desk/admin/{place}").status_code == 404, place
        assert client.post(f"/desk/admin/{place}", {}).status_code in (404, 405), place
    assert not Act.objects.exists() and not Refusal.objects.exists()


def test_a_form_sent_twice_is_done_once(cast: Cast, browser: SignIn) -> None:
    client = browser(cast.security)
    told = {"person": str(cast.archivist.pk), "valid_from": "2026-03-02", "nonce": "one"}
    where = f"/desk/admin/acts/record-leave/?agency={cast.bureau.pk}"
    assert [client.post(where, told).status_code for _ in range(2)] == [302, 302]
    assert cast.archivist.leaves.count() == 1
    assert (
        client.post(where, {**told, "nonce": "two"}).status_code == 302 and cast.archivist.leaves.count() == 2
    )


def test_a_post_ends_and_a_leave_ends(cast: Cast, browser: SignIn) -> None:
    client, post = browser(cast.security), cast.archivist.posts.get()
    here = f"?agency={cast.bureau.pk}"
    early = fill_in(client, f"/desk/admin/acts/end-post/{here}&post={post.pk}", valid_until="2020-01-01")
    assert early.status_code == 422 and "早于任职起" in words(early)
    assert fill_in(client, f"/desk/admin/acts/end-post/{here}&post={post.pk}").status_code == 302
    post.refresh_from_db()
    assert post.valid_until is not None
    leave = {"person": "林青", "valid_from": "2026-03-02"}
    fill_in(client, f"/desk/admin/acts/record-leave/{here}", **leave)
    held = cast.handler.leaves.get()
    address = f"/desk/admin/acts/end-leave/{here}&leave={held.pk}"
    assert fill_in(client, address, valid_until="2026-03-05").status_code == 302
    assert str(cast.handler.leaves.get().valid_until) == "2026-03-05"


# What the pages cost.


def cost(client: Client, address: str) -> int:
    """Queries of one page."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


PLACES = {
    "admin": ("", "people/", "acts/add-unit/", "acts/change-agency/"),
    "security": ("", "people/", "acts/grant-post/", "acts/issue-certificate/"),
    "auditor": ("", "history/", "refusals/"),
}


@pytest.mark.parametrize("who", list(PLACES))
def test_pages_cost_the_same_whatever_the_size_of_the_agency(who: str, cast: Cast, browser: SignIn) -> None:
    client, here = browser(getattr(cast, who)), f"?agency={cast.bureau.pk}"
    administer("add-person", cast.bureau, None, {"username": "first", "name": "甲"})
    administer("record-leave", cast.bureau, None, {"person": cast.handler, "valid_from": "2026-01-01"})
    before = {place: cost(client, f"/desk/admin/{place}{here}") for place in PLACES[who]}
    for n in range(12):
        unit = administer("add-unit", cast.bureau, None, {"name": f"第{n}中队", "kind": "brigade"})
        person = make_person(f"p{n}", f"人{n}", cast.bureau, roles.OFFICER, unit, f"9904{n:04d}")
        administer("add-person", cast.bureau, None, {"username": f"bare{n}", "name": f"新{n}"})
        administer("record-leave", cast.bureau, None, {"person": person, "valid_from": "2026-01-01"})
    after = {place: cost(client, f"/desk/admin/{place}{here}") for place in PLACES[who]}
    assert after == before and max(after.values()) <= 25, after


def test_a_certificate_s_area_is_a_code(cast: Cast, browser: SignIn) -> None:
    where = f"/desk/admin/acts/issue-certificate/?agency={cast.bureau.pk}&person={cast.archivist.pk}"
    dates = {"valid_from": "2024-01-01", "valid_until": "2029-12-31"}
    told: dict[str, Any] = {"number": "99040001", "categories": ["行政处罚"], **dates}
    refused = fill_in(browser(cast.security), where, area="云溪县、370000", **told)
    assert refused.status_code == 422 and "执法区域“云溪县”不是行政区划代码" in words(refused)
    assert fill_in(browser(cast.security), where, area="370000、990100", **told).status_code == 302
    assert Certificate.objects.get(number="99040001").area == ["370000", "990100"]


def test_a_certificate_s_kind_is_one_that_the_scheme_accepts(cast: Cast, browser: SignIn) -> None:
    client = browser(cast.security)
    where = f"/desk/admin/acts/issue-certificate/?agency={cast.bureau.pk}&person={cast.archivist.pk}"
    (offered,) = re.findall(
        r'<input[^>]*name="kind"[^>]*value="中华人民共和国行政执法证"[^>]*>', client.get(where).text
    )
    assert 'type="radio"' in offered and "checked" in offered, "offered, not to be typed"
    told: dict[str, Any] = {"number": "99040002", "categories": ["行政处罚"], "area": "370000"}
    dates = {"valid_from": "2024-01-01", "valid_until": "2029-12-31"}
    assert fill_in(client, where, **told, **dates).status_code == 302
    Certificate.objects.filter(number="99040002").update(kind="行政执法证", n=99)
    page = client.get(f"/desk/admin/people/{cast.archivist.pk}/?agency={cast.bureau.pk}").text
    assert "99040002" in page and "本方案不认可" in page


def test_every_act_on_the_menus_opens_a_form(cast: Cast, browser: SignIn) -> None:
    for person in (cast.admin, cast.security):
        client = browser(person)
        menu = client.get(f"/desk/admin/?agency={cast.bureau.pk}").text
        links = set(re.findall(r'href="(/desk/admin/acts/[^"]+)"', menu))
        assert len(links) > 1, person
        for link in sorted(links):
            assert client.get(html.unescape(link)).status_code == 200, link


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("region", "99", "“99”不是县级或者乡级的行政区划代码"),
        ("phone", "abc not phone", "电话“abc not phone”不是电话号码"),
        ("complaint_phone", "12", "投诉举报电话“12”不是电话号码"),
    ],
)
def test_an_agency_is_where_it_says_and_can_be_called(
    name: str, value: str, said: str, cast: Cast, browser: SignIn
) -> None:
    address = f"/desk/admin/acts/change-agency/?agency={cast.bureau.pk}"
    refused = fill_in(browser(cast.admin), address, **{name: value})
    assert refused.status_code == 422 and said in words(refused)


@pytest.mark.parametrize(
    "number", ["12345", "0535-2212345、2212346", "（0535）2212345 转 801", "+86 535 2212345"]
)
def test_a_telephone_number_may_be_written_as_people_write_it(
    number: str, cast: Cast, browser: SignIn
) -> None:
    address = f"/desk/admin/acts/change-agency/?agency={cast.bureau.pk}"
    assert fill_in(browser(cast.admin), address, complaint_phone=number).status_code == 302


@pytest.mark.parametrize(("after", "refused"), [(0, False), (1, True)])
def test_nobody_has_passed_an_examination_still_to_come(
    after: int, refused: bool, cast: Cast, browser: SignIn, clock: Clock
) -> None:
    held = Certificate.objects.filter(person=cast.handler).first()
    day = timezone.localtime(clock.now).date() + timedelta(days=after)
    answer = fill_in(
        browser(cast.security),
        f"/desk/admin/acts/change-certificate/?agency={cast.bureau.pk}&certificate={held.pk}",
        exam_passed_on=day.isoformat(),
    )
    assert (answer.status_code == 422) is refused
    assert ("还没有到" in words(answer)) is refused


def test_the_ledger_has_one_name(cast: Cast, browser: SignIn) -> None:
    """执法台账 is the year's list of cases."""
    page = browser(cast.admin).get("/desk/").text
    assert "账本有多长" in page and "台账" not in page
