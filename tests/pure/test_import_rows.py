"""Rows of decisions: what is taken, flagged, held back and refused. All names and numbers are invented."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanxiang.door.arriving.imported import TEXTS, Record
from sanxiang.exchange.decisions import Reader, Refusal, act_type_of, day_of
from sanxiang.exchange.flags import HELD, LABELS
from sanxiang.exchange.reading import Row, json_rows

TODAY = date(2026, 11, 21)
LIMITS = {
    "external_id": 120,
    "number": 200,
    "title": 300,
    "party": 300,
    "party_code": 40,
    "party_type": 20,
    "address": 500,
    "authority": 200,
}
FULL = {
    "id": "P1",
    "record_type": "penalty",
    "doc_no": "云水罚〔2021〕3号",
    "title": "无证取水案",
    "party": "云溪清泉有限公司",
    "party_type": "org",
    "party_code": "91350100M000100Y43",
    "address": "云溪县清泉镇1号",
    "facts": "未经批准取水。",
    "basis": "依据《水法》第六十九条。",
    "result": "罚款二万元",
    "authority": "云溪县水务局",
    "decision_date": "2021-05-06",
    "publish_date": "2021-05-10",
}


def reader(**more: Any) -> Reader:
    return Reader(**{"agency": "云溪县水务局", "today": TODAY, "limits": LIMITS, **more})


def read(value: dict[str, Any]) -> Record | Refusal:
    return reader().one(Row(1, value, json.dumps(value)))


def taken(**change: Any) -> Record:
    found = read({**FULL, **change})
    assert isinstance(found, Record), found
    return found


def refused(**change: Any) -> str:
    found = read({**FULL, **change})
    assert isinstance(found, Refusal), found
    return found.reason


def test_a_whole_row_has_no_flag_and_stays_verbatim() -> None:
    record = taken()
    assert (
        record.flags == () and not record.held and record.external_id == "P1" and record.act_type == "penalty"
    )
    assert record.texts == {
        "number": FULL["doc_no"], **{name: FULL[name] for name in TEXTS if name != "number"}
    }  # fmt: skip
    assert (record.decided_on, record.source_published_on, record.sort_on) == (
        date(2021, 5, 6),
        date(2021, 5, 10),
        date(2021, 5, 6),
    )


@pytest.mark.parametrize(
    ("field", "flag"),
    [
        ("doc_no", "no-number"),
        ("facts", "no-facts"),
        ("basis", "no-basis"),
        ("decision_date", "no-decision-date"),
        ("record_type", "no-type"),
    ],
)
@pytest.mark.parametrize("blank", ["", "  ", None])
def test_what_is_missing_is_accepted_and_flagged(field: str, flag: str, blank: str | None) -> None:
    assert flag in taken(**{field: blank}).flags
    without = {name: value for name, value in FULL.items() if name != field}
    found = read(without)
    assert isinstance(found, Record) and flag in found.flags


def test_a_row_with_nothing_but_an_id_is_taken() -> None:
    found = read({"id": "X"})
    assert isinstance(found, Record) and found.sort_on == TODAY and "sorted-by-import" in found.flags


@pytest.mark.parametrize("change", [{"id": ""}, {"id": " "}, {"id": None}])
def test_without_an_id_a_row_is_bad(change: dict[str, Any]) -> None:
    assert "id" in refused(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 7},
        {"facts": ["x"]},
        {"party": {"name": "x"}},
        {"decision_date": 20210506},
        {"title": True},
        {"record_type": "banana"},
    ],
)
def test_a_value_of_a_wrong_type_is_bad(change: dict[str, Any]) -> None:
    assert next(iter(change)) in refused(**change) or "类型" in refused(**change)


@pytest.mark.parametrize(
    "text",
    [
        "2021-05-06",
        "2021/5/6",
        "2021.5.6",
        "2021年5月6日",
        "20210506",
        "２０２１-05-06",
        "2021-05-06 00:00:00",
        " 2021-05-06 ",
        "44322",
    ],
)
def test_usual_spellings_of_a_day(text: str) -> None:
    assert taken(decision_date=text).decided_on == date(2021, 5, 6)


@pytest.mark.parametrize("text", ["2026-02-30", "昨天", "2021-13-01", "0000-00-00", "2021", "99999999999"])
def test_a_day_that_does_not_exist_is_flagged_and_kept_as_written(text: str) -> None:
    record = taken(decision_date=text)
    assert record.decided_on is None and "bad-decision-date" in record.flags
    assert record.source["decision_date"] == text and record.sort_on == date(2021, 5, 10)


def test_days_of_the_future_do_not_lead_the_list() -> None:
    record = taken(decision_date="2201-05-06")
    assert "future-decision-date" in record.flags and record.sort_on == date(2021, 5, 10)


@pytest.mark.parametrize(
    "field", ["facts", "party", "party_code", "address", "title", "basis", "result", "doc_no"]
)
@pytest.mark.parametrize(
    "secret",
    [
        "11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "13800001234",
        "138 0000 1234",
        "+86-138-0000-1234",
        "举报电话13800001234",
    ],
)
def test_a_card_or_mobile_number_anywhere_holds_the_row_back(field: str, secret: str) -> None:
    record = taken(**{field: f"李某（{secret}）"})
    assert record.held and HELD & set(record.flags)


def test_a_number_in_a_field_that_we_do_not_know_holds_the_row_back_too() -> None:
    assert taken(phone="13800001234").held and taken(contact={"tel": ["13800001234"]}).held


@pytest.mark.parametrize(
    "harmless",
    [
        "110105194912310021",
        "91350100M000100Y43",
        "罚款13800001234元",
        "许可〔2021〕13800001234号",
        "0535-2200000",
        "2021050613800001234999",
    ],
)
def test_other_numbers_hold_nothing_back(harmless: str) -> None:
    assert not taken(facts=harmless).held


def test_an_id_is_kept_as_it_stands_even_when_it_looks_like_a_number() -> None:
    record = taken(id="13800001234")
    assert record.external_id == "13800001234" and not record.held


def test_names_of_ten_thousand_characters_are_kept_whole() -> None:
    record = taken(party="甲" * 10_000)
    assert record.held and "too-long" in record.flags and len(record.texts["party"]) == 300
    assert record.whole == {"party": "甲" * 10_000}
    assert reader(limits={}).one(Row(1, {**FULL, "party": "甲" * 10_000}, "")).texts["party"] == "甲" * 10_000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "stored", "flag"),
    [
        ("甲\0乙", "甲\ufffd乙", "unstorable"),
        ("甲\ud800", "甲\ufffd", "unstorable"),
        ("甲\x07", "甲\x07", "control"),
        ("甲\n\t乙 <script>", "甲\n\t乙 <script>", ""),
    ],
)
def test_only_what_cannot_be_stored_is_replaced(text: str, stored: str, flag: str) -> None:
    record = taken(facts=text)
    assert record.texts["facts"] == stored and record.flags == ((flag,) if flag else ())


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"authority": "云溪县林草局"}, "other-organ"), ({"party_code": "91350100M000100Y44"}, "bad-code"),
        ({"doc_no": "云水罚[2021]3号"}, "odd-brackets"), ({"publish_date": "2021-05-05"}, "publish-before-decision"),
    ],
)  # fmt: skip
def test_oddities(change: dict[str, str], flag: str) -> None:
    assert taken(**change).flags == (flag,)


def test_every_flag_has_a_chinese_name() -> None:
    assert all(any("一" <= sign <= "鿿" for sign in text) for text in LABELS.values()) and set(LABELS) >= HELD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("penalty", "penalty"),
        ("permit", "licence"),
        ("行政许可", "licence"),
        ("处罚", "penalty"),
        ("", ""),
        ("x", None),
    ],
)
def test_act_types(text: str, code: str | None) -> None:
    assert act_type_of(text) == code


# Tables with Chinese headers


def table(cells: dict[str, Any], **more: Any) -> Record | Refusal:
    return reader(table=True, **more).one(Row(2, cells, json.dumps(cells, default=str)))


def test_columns_of_the_data_standard() -> None:
    record = table(
        {"CF_XDR_MC": "云溪清泉公司", "CF_WSH": "云水罚〔2021〕3号", "CF_SY": "取水", "CF_YJ": "水法", "CF_NR": "罚款", "CF_NR_FK": 0.5,
         "CF_JDRQ": date(2021, 5, 6), "CF_CFJG": "云溪县水务局", "CF_XDR_ZJHM": "11010519491231002X", "id": "7"}
    )  # fmt: skip
    assert (
        isinstance(record, Record) and record.act_type == "penalty" and record.decided_on == date(2021, 5, 6)
    )
    assert record.texts["result"] == "罚款" and record.source["fine"] == "0.5万元"
    assert not record.held and "11010519491231002X" not in repr(record), (
        "the column of card numbers is never taken"
    )


def test_a_result_in_parts_is_put_together() -> None:
    record = table({"id": "1", "行政处罚决定书文号": "甲", "处罚类别": "罚款", "罚款金额（元）": 5000.0})
    assert (
        isinstance(record, Record)
        and record.texts["result"] == "罚款；罚款5000元"
        and "composed" in record.flags
    )


def test_ids_that_follow_from_the_row() -> None:
    cells = {
        "决定书文号": "云水罚〔2021〕3号",
        "当事人": "云溪清泉公司",
        "决定日期": "2021-05-06",
        "违法事实": "甲",
    }
    one = reader(table=True, derive=True)
    records = [
        one.one(Row(i, {**cells, "违法事实": text}, text)) for i, text in enumerate(["甲", "乙", "甲"])
    ]
    names = [record.external_id for record in records if isinstance(record, Record)]
    assert names[0] == names[2] != names[1] == f"{names[0]}-2"
    assert isinstance(one.one(Row(9, {"违法事实": "x"}, "x")), Refusal)


def test_a_long_number_that_a_spreadsheet_spoilt() -> None:
    assert isinstance(table({"id": 1.2345678901234568e17}), Refusal)
    record = table({"id": "1", "统一社会信用代码": 1.2345678901234568e17})
    assert isinstance(record, Record) and "lossy-number" in record.flags


# Whatever a line holds, it is taken or refused with a reason.

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(list(FULL.values())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=5,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*FULL, "other"]), VALUES))
def test_any_object_is_taken_or_refused(value: dict[str, Any]) -> None:
    found = read(value)
    if isinstance(found, Record):
        assert isinstance(value["id"], str) and found.external_id == value["id"]
        "".join(found.texts.values()).encode()
    else:
        assert found.reason


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_are_lines(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("bytes") / "list.jsonl"
    path.write_bytes(b"\n".join(lines))
    judged: Iterator[Record | Refusal] = (item for _, item in reader().read(json_rows(path, "utf-8")))
    assert all(isinstance(item, (Record, Refusal)) for item in judged)


def test_the_column_of_a_day_takes_excel_serials_only() -> None:
    flags: list[str] = []
    assert (
        day_of("44322", "bad", flags) == date(2021, 5, 6)
        and day_of("12", "bad", flags) is None
        and flags == ["bad"]
    )


def test_real_records_are_all_accepted_or_explained() -> None:
    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "real_decisions.jsonl"
    if not path.exists():
        pytest.skip("the real decisions are not here: ../shared/data is missing")
    judged = [item for _, item in reader().read(json_rows(path, "utf-8"))]
    records = [item for item in judged if isinstance(item, Record)]
    assert len(records) == len(judged) == 12_065 and not [r for r in records if r.held]
    assert len({record.external_id for record in records}) == 12_065
    counts = {
        flag: sum(flag in record.flags for record in records)
        for flag in ("no-number", "no-title", "no-facts", "no-basis")
    }
    assert counts == {"no-number": 1, "no-title": 107, "no-facts": 4027, "no-basis": 6091}
