"""服务指南 and 窗口岗位: the fields of each scheme, refused or listed where one lacks, shown and printed from one record."""

import pytest
from django.test import Client

from board import text
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Agency
from telling import ITEM, TOLD, refused_outside, release, under

pytestmark = pytest.mark.django_db
NAME = ITEM["事项名称"]


def guide(locality: str, **more: str) -> dict[str, str]:
    """A guide with every field that the scheme of this locality lists."""
    fields = load_pack(locality).listed("guide")["fields"]
    return {name: f"{name}的内容" for name in fields} | {fields[0]: NAME} | more


def refused_without(agency: Agency, row: dict[str, str], field: str) -> None:
    refused_outside(agency, "guide", {k: v for k, v in row.items() if k != field}, f"没有填写“{field}”")


HEADED = {"通俗说明": "简单说"}
"""Fields that the page heads in words of its own."""


def shown(agency: Agency, row: dict[str, str]) -> str:
    """The guide's own page, which has every field under its label."""
    listed = text(Client().get(f"/agencies/{agency.pk}/guide/"))
    address = listed.split(f'href="/agencies/{agency.pk}/guide/')[1].split('"')[0]
    page = text(Client().get(f"/agencies/{agency.pk}/guide/{address}"))
    for label, value in row.items():
        assert value in page and f">{HEADED.get(label, label)}<" in page, label
    code = page.split('class="code-box"', 1)[1].split("</figure>", 1)[0]
    assert "<svg" in code, "the code to scan"
    return page


@pytest.mark.carries("LZ-017", locality="laizhou")
def test_ten_fields_and_none_may_lack(cast: Cast) -> None:
    agency, row = under(cast, "laizhou", **TOLD), guide("laizhou")
    assert len(row) == 10
    for field in row:
        refused_without(agency, row, field)
    release(agency, "items", ITEM)
    release(agency, "guide", row)
    assert f'href="/agencies/{agency.pk}/items/"' in shown(agency, row)
    under(cast, "kaiyuan")
    with pytest.raises(Refused, match="受理条件"):
        release(agency, "guide", row)


@pytest.mark.carries("LC-017", locality="lingchuan")
def test_fifteen_fields_and_without_preferences_it_holds_elsewhere_alone(cast: Cast) -> None:
    agency, row = under(cast, "lingchuan", **TOLD), guide("lingchuan")
    assert len(row) == 15
    refused_without(agency, row, "优惠政策")
    for field in row:
        refused_without(agency, row, field)
    release(agency, "guide", row)
    shown(agency, row)
    del row["优惠政策"]
    release(under(cast, "laizhou"), "guide", row)


@pytest.mark.carries("KY-014", "KY-015", locality="kaiyuan")
def test_five_fields_in_words_that_people_use(cast: Cast) -> None:
    agency = under(cast, "kaiyuan", **TOLD)
    row = guide("kaiyuan", 通俗说明="带身份证到一楼 3 号窗口，当场就能办好。")
    assert len(row) == 6
    refused_without(agency, row, "受理条件")
    release(agency, "guide", row)
    assert "当场就能办好" in shown(agency, row)
    refused_without(agency, row, "通俗说明")
    refused_outside(agency, "guide", row | {"通俗说明": "办" * 501}, "有 501 个字，最多 500 个")
    refused_outside(agency, "guide", row | {"通俗说明": "兹定于受理之日起办结"}, "不是通俗的话")


@pytest.mark.carries("DY-010", locality="dongying")
@pytest.mark.parametrize("who", ["reviewer", "supervisor"])
def test_items_without_a_guide_are_listed_per_organ(cast: Cast, who: str) -> None:
    agency = under(cast, "dongying", **TOLD)
    release(agency, "items", ITEM, ITEM | {"事项编码": "S-2", "事项名称": "取水许可"})
    desk = Client()
    desk.force_login(getattr(cast, who))
    assert f"云溪县水务局：{NAME}、取水许可" in text(desk.get("/desk/before/"))
    release(agency, "guide", {"事项名称": NAME, "示范文本": "https://example.org/sample.docx"})
    page = text(desk.get("/desk/before/"))
    assert (
        "云溪县水务局：取水许可" in page
        and f"云溪县水务局：{NAME}" not in page.split("没有服务指南的事项")[1].split("</section>")[0]
    )
    assert 'href="https://example.org/sample.docx"' in shown(agency, {})
    assert "取水许可" in text(Client().get(f"/agencies/{agency.pk}/guide/"))


@pytest.mark.carries("HT-012", locality="huantai")
def test_items_that_lack_chart_or_guide_are_listed(cast: Cast) -> None:
    agency = under(cast, "huantai", **TOLD)
    release(agency, "items", ITEM | {"执法类别": "行政处罚"})
    desk = Client()
    desk.force_login(cast.head)
    page = text(desk.get("/desk/before/"))
    for title in ("没有服务指南的事项", "所属类别没有流程图的事项"):
        assert f"云溪县水务局：{NAME}" in page.split(title)[1].split("</section>")[0], title
    administer("publish-flowchart", agency, None, {"act_type": "penalty"})
    release(agency, "guide", {"事项名称": NAME})
    page = text(desk.get("/desk/before/"))
    assert "没有服务指南的事项" not in page and "所属类别没有流程图的事项" not in page


# 窗口岗位

ON_DUTY = {
    "单位": "云溪县水务局",
    "姓名": "林青",
    "职务": "科员",
    "执法种类": "行政许可",
    "服务事项": "取水许可",
}
HALL = {"窗口": "3号窗口", "位置": "政务大厅一楼东侧"}


def windows(cast: Cast, agency: Agency, *rows: dict[str, str]) -> str:
    """The windows as they are entered, and what the desk says is wrong with them."""
    release(agency, "window", *rows)
    desk = Client()
    desk.force_login(cast.head)
    page = text(desk.get("/desk/before/"))
    return page.split("不合要求的窗口")[1].split("</section>")[0] if "不合要求的窗口" in page else ""


def printed(agency: Agency, form: str) -> str:
    return text(Client().get(f"/agencies/{agency.pk}/window/?form={form}"))


@pytest.mark.carries("LZ-026", locality="laizhou")
def test_a_window_without_its_sign_is_listed_and_five_fields_are_printed(cast: Cast) -> None:
    agency = under(cast, "laizhou", **TOLD)
    assert "3号窗口：没有姓名、职务、执法种类、服务事项" in windows(cast, agency, HALL)
    assert windows(cast, agency, HALL | ON_DUTY) == ""
    board = printed(agency, "board")
    assert board.count("<dt>") == 5 and all(value in board for value in ON_DUTY.values())
    assert "不在本机关的岗位上" in windows(cast, agency, HALL | ON_DUTY | {"姓名": "路人"})
    assert "林青" not in text(Client().get(f"/agencies/{agency.pk}/window/"))


@pytest.mark.carries("DY-029", "DY-030", locality="dongying")
def test_duties_are_asked_for_and_badge_and_board_say_the_same(cast: Cast) -> None:
    agency = under(cast, "dongying", **TOLD)
    mine = HALL | ON_DUTY | {"展示方式": "胸牌"}
    assert "3号窗口　林青：没有窗口职责" in windows(cast, agency, mine)
    assert windows(cast, agency, mine | {"窗口职责": "受理取水许可"}) == ""
    faces: dict[str, list[str]] = {}
    for form in ("board", "badge"):
        faces[form] = [one.split("</dl>")[0] for one in printed(agency, form).split("<dl>")[1:]]
        assert faces[form][0].count("<dt>") == 5
    assert faces["board"] == faces["badge"] and len(faces["badge"]) == 1
    portal = text(Client().get(f"/agencies/{agency.pk}/window/"))
    assert "胸牌" in portal and "受理取水许可" in portal and "政务大厅一楼东侧" in portal


@pytest.mark.carries("LC-023", locality="lingchuan")
def test_nine_fields_with_a_code_that_leads_to_progress(cast: Cast) -> None:
    agency = under(cast, "lingchuan", **TOLD, phone="0000-1")
    assert "3号窗口　林青：没有申请材料示范文本" in windows(cast, agency, HALL | ON_DUTY)
    full = HALL | ON_DUTY | {"申请材料示范文本": "窗口备有样本"}
    assert windows(cast, agency, full) == ""
    board = printed(agency, "board")
    assert board.count("<dt>") == 9 and "扫码查询办理进度" in board and "电话 0000-2" in board
    assert "大厅屏幕" in printed(agency, "screen")
    assert Client().get("/progress/").status_code == 200
    assert Client().get(f"/agencies/{agency.pk}/window/?form=poster").status_code == 404


@pytest.mark.carries("KY-021", locality="kaiyuan")
def test_five_other_fields(cast: Cast) -> None:
    agency = under(cast, "kaiyuan", **TOLD, phone="0000-1")
    assert "3号窗口：没有申请材料示范文本" in windows(cast, agency, HALL | {"岗位职责": "受理"})
    full = HALL | {"岗位职责": "受理", "申请材料示范文本": "备有样本"}
    assert windows(cast, agency, full) == "" and printed(agency, "board").count("<dt>") == 5


@pytest.mark.carries("HT-015", locality="huantai")
def test_a_window_that_says_nothing_of_its_work_is_listed(cast: Cast) -> None:
    agency = under(cast, "huantai", **TOLD)
    assert "3号窗口：没有岗位工作信息" in windows(cast, agency, HALL)
    assert windows(cast, agency, HALL | {"岗位职责": "受理取水许可"}) == ""
