"""Registers on the administrators' pages: released by day, typed or uploaded, asked by the acts on cases."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import Cast
from conftest import Player, SignIn
from knocks import form_of
from page_form import fill_in, form_at, form_on, send, words
from sanxiang.door.administer import administer
from sanxiang.door.registers.items import items_offered
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.ledger.models import Act
from sanxiang.people.models import Entrustment
from sanxiang.registers.models import Release

pytestmark = pytest.mark.django_db
PACK = load_pack("huantai")
ITEMS = [
    ["事项编码", "事项名称", "实施依据"],
    ["S-01", "未经批准擅自取水的处罚", "水法第六十九条"],
    ["S-02", "采砂的处罚", "水法"],
]


@pytest.fixture
def keeper(cast: Cast, browser: SignIn) -> Client:
    """The system administrator of the county."""
    return browser(cast.admin)


def where(cast: Cast, kind: str = "items") -> str:
    """The form of a release."""
    return f"/desk/admin/acts/release-register/?agency={cast.bureau.pk}&kind={kind}"


def workbook(rows: list[list[str]]) -> SimpleUploadedFile:
    """The rows as Excel has them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("事项清单.xlsx", target.getvalue())


def gbk(rows: list[list[str]]) -> SimpleUploadedFile:
    """The rows as an old program writes them."""
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return SimpleUploadedFile("事项清单.csv", target.getvalue().encode("gbk"))


@pytest.mark.parametrize("shape", [workbook, gbk])
def test_an_uploaded_list_becomes_a_dated_release(shape: Any, cast: Cast, keeper: Client) -> None:
    form = form_at(keeper, where(cast))
    form.put("in_force_from", "2026-03-01")
    answer = send(keeper, form, file=shape(ITEMS))
    assert answer.status_code == 302, words(answer)
    release = Release.objects.get()
    assert release.rows == [dict(zip(ITEMS[0], row, strict=True)) for row in ITEMS[1:]]
    assert Act.objects.get(pk=release.act).name == "release-register"
    page = words(keeper.get(answer["Location"]))
    assert "采砂的处罚" in page and "第1版" in page


def test_typed_rows_go_on_from_the_release_before_and_the_past_stays(cast: Cast, keeper: Client) -> None:
    form = form_at(keeper, where(cast))
    form.put("in_force_from", "2026-03-01")
    send(keeper, form, file=gbk(ITEMS))
    again = form_at(keeper, where(cast))
    assert again.values["rows-1-事项名称"] == ["采砂的处罚"] and again.values["rows-0-实施依据"] == [
        "水法第六十九条"
    ]
    again.put("rows-1-事项名称", "未经许可采砂的处罚")
    again.put("in_force_from", "2026-02-01")
    refused = send(keeper, again)
    assert refused.status_code == 422 and "早于现行版本的2026年3月1日" in words(refused)
    again.put("in_force_from", "2026-04-01")
    done = send(keeper, again)
    assert done.status_code == 302
    register = done["Location"].split("?")[0]
    for day, name in (("2026-03-31", "采砂的处罚"), ("2026-04-01", "未经许可采砂的处罚")):
        assert f">{name}<" in words(keeper.get(f"{register}?on={day}"))
    assert "当日没有有效的版本" in words(keeper.get(f"{register}?on=2026-02-28"))


def test_faulty_rows_are_named_and_come_back_with_their_own_columns(cast: Cast, keeper: Client) -> None:
    rows = [*ITEMS, ["S-03", "", "水法"], ["S-04", "采砂的处罚", ""]]
    refused = send(keeper, form_at(keeper, where(cast)), file=gbk(rows))
    page = words(refused)
    assert refused.status_code == 422 and not Release.objects.exists()
    assert "第 3 行没有填写“事项名称”" in page and "第 4 行“采砂的处罚”与第 2 行重复" in page
    form = form_on(refused, where(cast))
    form.put("rows-2-事项名称", "围垦河道的处罚")
    form.put("rows-3-事项名称", "排污口的处罚")
    assert send(keeper, form).status_code == 302
    assert [row.get("实施依据") for row in Release.objects.get().rows] == [
        "水法第六十九条",
        "水法",
        "水法",
        None,
    ]


@pytest.mark.parametrize(
    ("kind", "least", "most", "said"),
    [
        ("items", "1000", "500", "罚款下限 1000 大于罚款上限 500"),
        ("benchmarks", "5万", "20000", "罚款下限 5万 大于罚款上限 20000"),
        ("items", "", "违法所得一倍", "“罚款上限（元）”写的“违法所得一倍”不是金额"),
        ("items", "0", "1万元", ""),
        ("benchmarks", "一万", "", ""),
    ],
)
def test_a_range_of_fines_must_be_one(
    kind: str, least: str, most: str, said: str, cast: Cast, keeper: Client
) -> None:
    names = ["事项名称", "实施依据"] if kind == "items" else ["违法行为", "处罚依据"]
    rows = [
        [*names, "罚款下限（元）", "罚款上限（元）"],
        ["取水", "水法", "20000", "100000"],
        ["采砂", "水法", least, most],
    ]
    form = form_at(keeper, where(cast, kind))
    form.put("in_force_from", "2026-03-01")
    answer = send(keeper, form, file=gbk(rows))
    if said:
        assert answer.status_code == 422 and not Release.objects.exists()
        assert f"第 2 行{said}" in words(answer) and "留空" in words(answer)
    else:
        assert answer.status_code == 302 and Release.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("清单.pdf", b"%PDF-1.7", "不能读取“.pdf”类型的文件"),
        ("清单.xlsx", b"PK\x03\x04broken", "不完整"),
        ("清单.xlsx", b"hello", "不是 Excel 工作簿"),
        (
            "清单.csv",
            "甲,乙\n一,二\n".encode(),
            "找不到认识的表头（首行是“甲,乙”），请在表头写明栏目名，如“事项编码”“事项名称”",
        ),
        ("清单.csv", "事项编码,事项名称\n".encode(), "没有内容"),
        ("清单.csv", b"", "是空文件"),
    ],
)
def test_a_list_that_cannot_be_read_is_a_sentence_at_its_field(
    name: str, content: bytes, said: str, cast: Cast, keeper: Client
) -> None:
    form = form_at(keeper, where(cast))
    form.put("note", "第一次发布")
    answer = send(keeper, form, file=SimpleUploadedFile(name, content))
    page = words(answer)
    assert (
        answer.status_code == 422 and said in page and "第一次发布" in page and not Release.objects.exists()
    )


def test_a_long_list_is_released_and_asks_to_be_uploaded_again_when_faulty(
    cast: Cast, keeper: Client
) -> None:
    many = [ITEMS[0], *([f"S-{n}", f"第{n}项处罚", "水法"] for n in range(3000))]
    refused = send(keeper, form_at(keeper, where(cast)), file=gbk([*many, ["S-x", "", ""]]))
    assert refused.status_code == 422 and "第 3001 行没有填写" in words(refused)
    assert len(refused.content) < 60_000
    assert send(keeper, form_at(keeper, where(cast)), file=gbk(many)).status_code == 302
    assert len(Release.objects.get().rows) == 3000


def test_who_may_release_finds_the_button_and_others_none(
    cast: Cast, keeper: Client, browser: SignIn
) -> None:
    send(keeper, form_at(keeper, where(cast)), file=gbk(ITEMS))
    page = f"/desk/registers/{Release.objects.get().register_id}/"
    for person, status in (
        (cast.admin, 200),
        (cast.reviewer, 200),
        (cast.supervisor, 200),
        (cast.handler, 404),
    ):
        client = browser(person)
        assert client.get(where(cast)).status_code == status, person.name
        assert ("发布新版本" in words(client.get(page))) is (status == 200)
    assert browser(cast.outsider).get(page).status_code == 404


def test_a_list_pasted_twice_is_told_in_some_lines(cast: Cast) -> None:
    rows = [{"事项名称": f"第{n % 900}项"} for n in range(1800)]
    with pytest.raises(Refused) as refused:
        administer(
            "release-register",
            cast.bureau,
            None,
            {"kind": "items", "rows": rows, "in_force_from": "2026-03-01"},
        )
    facts = [v.fact for v in refused.value.verdicts if not v.met]
    assert len(facts) == 21 and facts[0].startswith("第 901 行") and facts[-1] == "还有 880 处同样的问题"


# Asked by the acts on cases.


def test_a_case_is_filed_only_for_an_item_in_force_that_day(
    play: Player, cast: Cast, browser: SignIn, keeper: Client
) -> None:
    played = play("ordinary", "file", register_clue={"item": "采砂的处罚"})
    began = played.moment.date()
    rows = [{"事项名称": "未经批准擅自取水的处罚"}]
    told = {"kind": "items", "rows": rows, "in_force_from": began}
    administer("release-register", cast.bureau, None, told)
    step = played.next()
    played.pass_days(step.after)
    data = form_of(PACK.acts["file"], played.data_of(step, played.moment))
    address = f"/desk/cases/{played.case_id}/acts/file/"
    refused = browser(played.person(step.who)).post(address, data)
    assert refused.status_code == 422 and "执法事项不在当日有效的行政执法事项清单中" in words(refused)
    later = {**told, "rows": [*rows, {"事项名称": "采砂的处罚"}], "in_force_from": played.moment.date()}
    administer("release-register", cast.bureau, None, later)
    assert browser(played.person(step.who)).post(address, data).status_code == 302


def test_the_item_is_chosen_from_the_list_in_force(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "register-clue")
    today = played.moment.date()
    for day, name in (
        (today - timedelta(days=400), "旧事项"),
        (today - timedelta(days=9), "未经批准擅自取水的处罚"),
    ):
        told = {"kind": "items", "rows": [{"事项名称": name}], "in_force_from": day}
        administer("release-register", cast.bureau, None, told)
    form = form_at(browser(cast.handler), "/desk/cases/new/ordinary/")
    assert [choice.label for choice in form.choices["item"]] == ["未经批准擅自取水的处罚"]


def test_a_supervisor_releases_for_an_agency_below(cast: Cast, browser: SignIn) -> None:
    told = {"in_force_from": "2026-03-01", "rows-0-事项名称": "采砂的处罚"}
    assert fill_in(browser(cast.supervisor), where(cast), **told).status_code == 302
    assert Release.objects.get().register.agency == cast.bureau


def release_items(cast: Cast, day: Any, *names: str) -> None:
    """A release of the bureau's list of items, in force from that day."""
    rows = [{"事项编码": f"S-{n}", "事项名称": name} for n, name in enumerate(names)]
    administer("release-register", cast.bureau, None, {"kind": "items", "rows": rows, "in_force_from": day})


def test_a_long_list_is_searched_by_typing_and_nothing_else_is_taken(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "register-clue")
    names = [f"第{n}项违法行为的处罚" for n in range(13)]
    client, where = browser(cast.handler), "/desk/cases/new/ordinary/"
    release_items(cast, played.moment.date(), *names[:12])
    assert len(form_at(client, where).choices["item"]) == 13, "twelve and none: to be looked through"
    release_items(cast, played.moment.date(), *names)
    page = words(client.get(where))
    assert 'list="id_item_list"' in page and '<datalist id="id_item_list">' in page
    assert page.count('<option value="第') == 13 and "共 13 项" in page
    data = form_of(PACK.acts["register-clue"], played.data_of(played.next(), played.moment))
    refused = client.post(where, {**data, "item": "自己想的事项"})
    assert refused.status_code == 422 and "“自己想的事项”不在2026年3月2日有效的清单里" in words(refused)
    assert client.post(where, {**data, "item": " 第7项违法行为的处罚 "}).status_code == 302


def test_what_was_in_force_then_can_be_recorded_later(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "register-clue")
    today = played.moment.date()
    release_items(cast, today - timedelta(days=9), *[f"旧{n}" for n in range(20)])
    release_items(cast, today, *[f"新{n}" for n in range(20)])
    data = form_of(PACK.acts["register-clue"], played.data_of(played.next(), played.moment))
    client, where = browser(cast.handler), "/desk/cases/new/ordinary/"
    assert client.post(where, {**data, "item": "旧3"}).status_code == 422
    then = f"{(today - timedelta(days=2)).isoformat()}T10:00"
    assert client.post(where, {**data, "item": "旧3", "on": then}).status_code == 302


def test_without_a_list_an_item_is_words(play: Player, cast: Cast, browser: SignIn) -> None:
    play("ordinary", "register-clue")
    form = form_at(browser(cast.handler), "/desk/cases/new/ordinary/")
    assert form.values["item"] == [""] and "item" not in form.choices


def test_a_town_is_offered_what_it_was_given(play: Player, cast: Cast) -> None:
    played = play("ordinary", "register-clue")
    today = played.moment.date()
    release_items(cast, today, "甲事项", "乙事项")
    assert items_offered(cast.bureau, today) == ["甲事项", "乙事项"]
    administer("change-agency", cast.bureau, None, {"kind": "town"})
    cast.bureau.refresh_from_db()
    assert items_offered(cast.bureau, today) == []
    told = {"item_code": "S-1", "label": "乙事项", "basis": "省政府决定", "valid_from": today}
    administer("grant-item", cast.bureau, None, told)
    assert items_offered(cast.bureau, today) == ["乙事项"]


def test_the_interface_names_the_items_too(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "file")
    release_items(cast, played.moment.date(), "甲事项", "乙事项")
    answer = browser(cast.handler).get(f"/api/v1/cases/{played.case_id}/acts").json()
    acts = {act["id"]: act for act in answer["items"]}
    asking = [act for act in acts.values() if "item" in act["schema"]["properties"]]
    assert asking
    for act in asking:
        offered = act["schema"]["properties"]["item"]["oneOf"]
        assert [choice["const"] for choice in offered] == ["甲事项", "乙事项"], act["id"]


def test_only_items_in_force_are_entrusted(cast: Cast, keeper: Client) -> None:
    address = f"/desk/admin/acts/entrust/?agency={cast.bureau.pk}"
    told = {"agreement_number": "协议1号", "unit": cast.brigade.name, "valid_from": "2026-03-02"}
    assert fill_in(keeper, address, items="甲事项、乙事项", **told).status_code == 302
    assert Entrustment.objects.get().items == ["甲事项", "乙事项"]
    release_items(cast, "2026-01-01", "倾倒、堆放渣土的处罚", "采砂的处罚")
    form = form_at(keeper, address)
    assert [choice.label for choice in form.choices["items"]] == ["倾倒、堆放渣土的处罚", "采砂的处罚"]
    told |= {"agreement_number": "协议2号"}
    assert fill_in(keeper, address, items=["倾倒、堆放渣土的处罚"], **told).status_code == 302
    assert Entrustment.objects.get(agreement_number="协议2号").items == ["倾倒、堆放渣土的处罚"]


def test_a_town_finds_on_the_list_what_it_lacks_and_then_punishes_on_the_spot(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "register-clue")
    administer("change-agency", cast.bureau, None, {"kind": "town"})
    keeper, where = browser(cast.admin), "/desk/cases/new/summary/"
    assert "还没有登记省里赋予的执法事项" in words(keeper.get(f"/desk/admin/?agency={cast.bureau.pk}"))
    told = {"item_code": "S-1", "label": "乙事项", "basis": "省政府决定", "valid_from": played.moment.date()}
    administer("grant-item", cast.bureau, None, told)
    assert "还没有登记省里赋予的执法事项" not in words(keeper.get(f"/desk/admin/?agency={cast.bureau.pk}"))
    client = browser(cast.handler)
    assert "无权处罚" not in words(client.get(where)), "nobody has chosen an item yet"
    assert "乙事项" in [choice.label for choice in form_at(client, where).choices["item"]]
