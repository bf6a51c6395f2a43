"""Lists of officers as they come: Chinese headers, mixed dates, a spreadsheet's numbers."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.people.roster import HEADERS, RosterLine, read_roster

GOOD = {
    "姓名": "林青",
    "单位": "云溪县水务局",
    "职务": "中队长",
    "证件编号": "99010001",
    "执法类别": "行政处罚、水利",
    "执法区域": "云溪县",
    "证件有效期": "2024-03-01至2029-02-28",
}


def line(**cells: Any) -> RosterLine:
    accepted, refused = read_roster([{**GOOD, **cells}])
    assert not refused, refused
    return accepted[0]


def reasons(**cells: Any) -> tuple[str, ...]:
    accepted, refused = read_roster([{**GOOD, **cells}])
    assert not accepted
    return refused[0].reasons


def test_a_full_row_is_read_whole() -> None:
    rows = [
        {**GOOD, "内设机构": "水政监察大队", "年度审验有效至": "2026-12-31", "资格考试合格日期": "2023-11-20"}
    ]
    (accepted,), refused = read_roster(rows, {"行政处罚": "penalty"}, {"云溪县": "990001"})
    assert refused == ()
    assert accepted == RosterLine(
        row=2,
        name="林青",
        agency="云溪县水务局",
        unit="水政监察大队",
        title="中队长",
        number="99010001",
        kind="中华人民共和国行政执法证",
        categories=("penalty", "水利"),
        area=("990001",),
        valid_from=date(2024, 3, 1),
        valid_until=date(2029, 2, 28),
        inspected_until=date(2026, 12, 31),
        exam_passed_on=date(2023, 11, 20),
        phone="",
    )


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-01至2029-02-28",
        "2024.3.1-2029.2.28",
        "2024/03/01~2029/02/28",
        "2024年3月1日—2029年2月28日",
        "20240301-20290228",
        "自 2024-03-01 起至 2029-02-28 止",
    ],
)
def test_a_period_may_be_written_in_many_ways(written: str) -> None:
    read = line(证件有效期=written)
    assert (read.valid_from, read.valid_until) == (date(2024, 3, 1), date(2029, 2, 28))


def test_a_period_may_stand_in_two_columns_and_as_a_spreadsheet_keeps_it() -> None:
    read = line(**{"证件有效期": None, "发证日期": datetime(2024, 3, 1, 8), "有效期至": date(2029, 2, 28)})
    assert (read.valid_from, read.valid_until) == (date(2024, 3, 1), date(2029, 2, 28))
    read = line(**{"证件有效期": "2029-02-28", "有效期起": "2024-03-01"})
    assert (read.valid_from, read.valid_until) == (date(2024, 3, 1), date(2029, 2, 28))


def test_headers_may_bear_blanks_stars_and_notes() -> None:
    odd = {
        " 姓　名 ": "林青",
        "单位*": "甲局",
        "证件编号（必填）": 99010001.0,
        "执法类别:": "水利",
        "执法区域": "云溪县",
    }
    (read,), refused = read_roster([{**odd, "证件有效期(起止)": GOOD["证件有效期"], "备注": "略"}])
    assert not refused and (read.name, read.agency, read.number) == ("林青", "甲局", "99010001")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"姓名": " "}, "缺少“姓名”"),
        ({"证件编号": None}, "缺少“证件编号”"),
        ({"执法区域": ""}, "缺少“执法区域”，请照证件填区划代码或规范名称，全国有效的填 000000"),
        ({"执法区域": "、"}, "缺少“执法区域”"),
        ({"执法类别": " ，"}, "缺少“执法类别”，请照证件填写"),
        ({"证件有效期": ""}, "“证件有效期”不全"),
        ({"证件有效期": "2029-02-28"}, "“证件有效期”不全"),
        ({"证件有效期": "长期"}, "看不懂"),
        ({"证件有效期": "2026-02-30至2029-02-28"}, "2026-02-30 不是真实存在的日期"),
        ({"证件有效期": "2029-02-28至2024-03-01"}, "早于起日"),
        ({"年度审验有效至": "去年"}, "“审验有效期”去年 看不懂"),
        ({"姓名": "甲" * 10_000}, "“姓名”有 10000 个字，最多 60 个"),
        ({"职务": "队\x00长"}, "无法辨认的字符"),
        ({"姓名": "林\ufffd"}, "请核对文件编码"),
        ({"证件编号": 3.7032119990101e17}, "末位已经失真"),
        ({"证件编号": "9901 0001"}, "中间有空格"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(cells: dict[str, Any], words: str) -> None:
    assert any(words in reason for reason in reasons(**cells)), reasons(**cells)


def test_a_refusal_names_the_row_and_every_reason_and_the_others_go_on() -> None:
    bad = {**GOOD, "姓名": "", "证件编号": "99010009", "证件有效期": "2026-02-30至2029-02-28"}
    accepted, refused = read_roster([GOOD, {}, bad, {**GOOD, "证件编号": "99010002"}])
    assert [(read.row, read.number) for read in accepted] == [(2, "99010001"), (5, "99010002")]
    assert [(told.row, len(told.reasons)) for told in refused] == [(4, 2)]


def test_a_number_listed_twice_is_taken_once() -> None:
    accepted, refused = read_roster([GOOD, {**GOOD, "姓名": "何苇"}, {**GOOD, "证件种类": "旧执法证"}])
    assert [read.row for read in accepted] == [2, 4]
    assert "与第 2 行重复" in refused[0].reasons[0]


def test_an_unknown_region_is_refused_where_regions_are_known() -> None:
    accepted, refused = read_roster(
        [{**GOOD, "执法区域": "云溪县、雨山县、990003"}], None, {"云溪县": "990001"}
    )
    assert not accepted and refused[0].reasons == ("执法区域“雨山县”不认识；请填区划代码或规范名称",)


CELL = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.dates(), st.datetimes(), st.booleans(),
    st.sampled_from(list(GOOD.values())),
)  # fmt: skip
HEADER = st.one_of(
    st.sampled_from([spelling for known in HEADERS.values() for spelling in known]), st.text(max_size=8)
)


@given(
    st.lists(
        st.one_of(st.just(GOOD), st.dictionaries(st.one_of(st.none(), HEADER), CELL, max_size=9)), max_size=6
    )
)
def test_every_row_with_something_in_it_is_taken_or_refused(rows: list[dict[str, Any]]) -> None:
    accepted, refused = read_roster(rows)
    told = [read.row for read in accepted] + [answer.row for answer in refused]
    assert len(told) == len(set(told)) and set(told) <= set(range(2, len(rows) + 2))
    assert all(answer.reasons for answer in refused)
    assert all(read.name and read.number and read.valid_from <= read.valid_until for read in accepted)
    if GOOD in rows:
        assert rows.index(GOOD) + 2 in told
