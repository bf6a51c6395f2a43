"""双公示: what the credit platform would refuse does not leave, what leaves comes back as known, and protected fields stay in the file."""

import csv
import json
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from api_client import Api
from exchanged import command
from play import Clock, make_office
from publishing import begun
from reader import Client
from sanxiang.cases.models import Publication
from sanxiang.door.administer import create_agency
from sanxiang.exchange.creditchina.fields import PENALTY, PERMIT, faults, shape_of, shapes
from sanxiang.exchange.creditchina.files import export
from sanxiang.exchange.creditchina.rows import myriads, stated
from sanxiang.exchange.loading import load_decisions
from sanxiang.law.money import money
from sanxiang.ledger.models import Act, Opening
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db
ORGAN, FIRM, CARD = "11230500001755309F", "91350100M000100Y43", "".join(("110105", "19491231", "002X"))
TODAY = date(2026, 11, 20)
GOOD = {
    "XDR_MC": "云溪明湖石料有限公司", "XDR_LB": "法人及非法人组织", "XDR_SHXYM": FIRM, "FRDB": "冉秋水", "WSH": "云水罚〔2026〕1号",
    "WFXW": "未经批准取水", "SY": "未经批准取水。", "YJ": "《水法》第六十九条", "CFLB": "罚款", "NR": "罚款20,000元", "NR_FK": "2",
    "JDRQ": "2026-03-02", "YXQ": "2099-12-31", "CFJG": "云溪县水务局", "CFJGDM": ORGAN, "SJLY": "云溪县水务局", "SJLYDM": ORGAN,
}  # fmt: skip
LICENCE = {
    **{code: GOOD[code] for code in ("XDR_MC", "XDR_LB", "XDR_SHXYM", "FRDB", "WSH", "NR", "JDRQ", "CFJG", "CFJGDM", "SJLY", "SJLYDM")},
    "XKWS": "取水许可", "XKLB": "普通", "YXQZ": "2026-03-02", "YXQZI": "2031-03-01", "ZT": "1",
}  # fmt: skip
PERSON = {
    "XDR_LB": "自然人",
    "XDR_SHXYM": "",
    "FRDB": "",
    "XDR_MC": "苏禾",
    "XDR_ZJLX": "身份证",
    "XDR_ZJHM": CARD,
}
WRONG: list[tuple[dict[str, str], str]] = [
    ({"XDR_SHXYM": FIRM[:-1] + "4"}, "统一社会信用代码"),
    ({"XDR_SHXYM": ""}, "没有统一社会信用代码"),
    ({"XDR_LB": "公司"}, "行政相对人类别"),
    ({"FRDB": ""}, "法定代表人"),
    ({**PERSON, "XDR_ZJHM": CARD[:-1] + "1"}, "身份证号码"),
    ({**PERSON, "XDR_ZJHM": ""}, "没有证件号码"),
    ({**PERSON, "XDR_SHXYM": FIRM}, "不填"),
    ({"WSH": " 云水罚〔2026〕1号"}, "空格"),
    ({"WSH": "云" * 129}, "最多 128 个"),
    ({"SY": f"苏禾（{CARD}）取水"}, "证件号码"),
    ({"SY": ""}, "没有内容"),
    ({"NR": "=1+1"}, "公式"),
    ({"CFLB": "罚钱"}, "没有“罚钱”"),
    ({"NR_FK": ""}, "没有写罚款金额"),
    ({"NR_FK": "0.0000001"}, "六位小数"),
    ({"NR_FK": "两万"}, "不是数"),
    ({"CFLB": "没收违法所得"}, "没有写没收金额"),
    ({"CFLB": "吊销许可证件"}, "证照名称"),
    ({"JDRQ": "2026-11-21"}, "晚于今天"),
    ({"JDRQ": "2026/3/2"}, "样式的日期"),
    ({"GSJZQ": "2026-03-01"}, "早于决定日期"),
    ({"CFJGDM": FIRM}, "应以 11 开头"),
    ({"CFJGDM": ""}, "没有内容"),
]


def test_a_sound_row_leaves_and_each_thing_wrong_with_one_is_named() -> None:
    """The checks of the field table, one after the other; a reason never repeats an identity number."""
    assert faults(PENALTY, GOOD, TODAY) == [] and faults(PENALTY, {**GOOD, **PERSON}, TODAY) == []
    assert faults(PERMIT, LICENCE, TODAY) == []
    for change, said in WRONG:
        found = faults(PENALTY, {**GOOD, **change}, TODAY)
        assert any(said in one for one in found), (change, found)
        assert CARD[:-1] not in "".join(found)
    assert faults(PERMIT, {**LICENCE, "ZT": "9", "XKLB": "甲类"}, TODAY) == [
        "“许可类别”没有“甲类”这一种",
        "“当前状态”应为 1（有效）或者 2（无效）",
    ]


NASTY = (
    "", " 前有空格", "后有空格\u3000", "长" * 6000, "=1+1", "＠某", "-5", f"苏禾（{CARD}）", " ".join(CARD), "１３８００１３８０００",
    "138-0013-8000", "一切正常", "2026-03-02", "共12345678901234件",
)  # fmt: skip


@pytest.mark.parametrize(("table", "row"), [(PENALTY, GOOD), (PERMIT, LICENCE)])
def test_what_is_cleared_at_one_look_has_nothing_wrong_in_any_cell(table: Any, row: dict[str, str]) -> None:
    """The look at a whole row clears a good one, and never one in which the rules, cell by cell, find something."""
    shape, cleared = shape_of(table), 0
    for field in table:
        for text in NASTY:
            changed = {**row, field.code: text}
            fits, found = shape.fits([shape.cells(row), shape.cells(changed)]), list(shapes(table, changed))
            assert not (fits and found), (field.code, text, found)
            cleared += fits
    assert shape.fits([shape.cells(row)]) and cleared > len(table)


def test_sums_are_told_in_ten_thousands_to_the_fen() -> None:
    for yuan, said in (("20000", "2"), ("0.01", "0.000001"), ("123456.78", "12.345678"), ("0", "")):
        assert myriads(money(yuan)) == said
    assert (stated("2.5万元"), stated("25000元"), stated("0.000001万元"), stated("若干")) == (
        "2.5",
        "2.5",
        "0.000001",
        "若干",
    )


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_decisions_of_cases_leave_with_the_person_s_number_that_no_page_shows(
    clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A firm's and a citizen's decision are exported whole; one without a code is listed with the reason and stays."""
    office = make_office("kaiyuan")
    parties: list[dict[str, Any]] = [
        {"kind": "org", "name": "云溪明湖石料有限公司", "code": FIRM, "address": "演示县工业园 4 号", "legal_rep": "冉秋水"},
        {"kind": "citizen", "name": "苏禾", "code": CARD, "address": "演示县东街 9 号"},
        {"kind": "org", "name": "云溪清泉水厂", "address": "演示县西街 1 号", "legal_rep": "冉秋水"},
    ]  # fmt: skip
    for party in parties:
        play = begun(office, "ordinary", clock)
        play.until("publish", register_clue={"party": party})
        play.step()
    out = tmp_path / "双公示.csv"
    words = ("export", "creditchina-penalty", "--from", "2026-01-01", "--to", "2026-12-31", "--out", str(out))
    code, told = command(capsys, *words)
    assert code == 1 and (told["exported"], told["refused"]) == (2, 1)
    (reason,) = told["reasons"]
    assert "没有统一社会信用代码" in reason["reason"] and reason["number"].endswith("3号")
    firm, citizen = lines(out)
    assert (firm["罚款金额(万元)"], firm["处罚类别"], firm["行政相对人代码_1(统一社会信用代码)"]) == (
        "0.2",
        "罚款",
        FIRM,
    )
    assert (citizen["行政相对人名称"], citizen["证件号码"], citizen["证件类型"]) == ("苏禾", CARD, "身份证")
    assert oct(out.stat().st_mode)[-3:] == "600"
    row = Publication.objects.get(number=citizen["行政处罚决定书文号"])
    shown = Client().get(f"/decisions/{row.pk}/").content.decode() + json.dumps(
        Api().get(f"/public/decisions/{row.pk}")
    )
    assert CARD not in shown and "苏禾" not in shown

    before = list(Publication.objects.order_by("pk").values())
    acts = Act.objects.count()
    done = load_decisions(out, office.agency, publish=True, now=clock.now)
    assert (done.added, done.held, done.updated, done.rejected, done.existing) == (0, 0, 0, 0, 2)
    assert list(Publication.objects.order_by("pk").values()) == before and Act.objects.count() == acts
    sheet = tmp_path / "双公示.xlsx"
    assert command(capsys, *words[:-1], str(sheet))[1]["exported"] == 2
    table = load_workbook(sheet).get_sheet_by_index(0).to_python()
    assert [list(map(str, line)) for line in table[1:]] == [list(one.values()) for one in (firm, citizen)]


def big(path: Path, how_many: int) -> None:
    """A list of decisions as an office would import it."""
    labels = [one.label for one in PENALTY]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["记录编号", *labels])
        for n in range(how_many):
            row = {
                **GOOD,
                "WSH": f"云水罚〔2026〕{n + 1}号",
                "SY": f"第 {n + 1} 次未经批准取水，用于洗砂，取水口在云溪河右岸。",
            }
            writer.writerow([f"k{n}", *(row.get(one.code, "") for one in PENALTY)])


def exported_again(tmp_path: Path, how_many: int) -> tuple[float, float]:
    """Import so many, export them both ways and import the export: nothing is new. Seconds of csv and xlsx."""
    agency = Agency.objects.get(uscc=ORGAN)
    path, seconds = tmp_path / "list.csv", []
    big(path, how_many)
    assert load_decisions(path, agency, publish=True).added == how_many
    for name in ("out.csv", "out.xlsx"):
        began = time.perf_counter()
        done = export(
            "creditchina-penalty",
            date(2026, 1, 1),
            date(2026, 12, 31),
            tmp_path / name,
            today=date(2027, 1, 1),
        )
        seconds.append(time.perf_counter() - began)
        assert (done.exported, done.refused) == (how_many, 0), done.reasons[:2]
        again = load_decisions(tmp_path / name, agency, publish=True)
        assert (again.existing, again.added, again.updated, again.held, again.changed) == (
            how_many,
            0,
            0,
            0,
            [],
        )
    return seconds[0], seconds[1]


@pytest.fixture
def bureau() -> None:
    told = {
        "name": "云溪县水务局",
        "short": "云水",
        "kind": "department",
        "locality": "kaiyuan",
        "region": "211282",
    }
    create_agency({**told, "uscc": ORGAN})


def test_imported_records_leave_with_what_their_source_said(bureau: None, tmp_path: Path) -> None:
    exported_again(tmp_path, 600)


def many_more(how_many: int) -> None:
    """So many records like the one there is, each with the act that says what its source said."""
    row, act = Publication.objects.get(), Act.objects.get(kind="publication")
    told = Opening.objects.get(act=act, name="record").value
    for start in range(0, how_many, 5000):
        keys = [(uuid.uuid4(), uuid.uuid4(), n) for n in range(start, min(start + 5000, how_many))]
        columns = {f.attname: getattr(act, f.attname) for f in Act._meta.concrete_fields}
        Act.objects.bulk_create(
            Act(**{**columns, "id": key, "subject": pub, "leaf_hash": key.hex * 2}) for key, pub, _ in keys
        )
        Opening.objects.bulk_create(
            Opening(act_id=key, name="record", salt=key.hex, value=told, secrecy="case") for key, _, _ in keys
        )
        columns = {f.attname: getattr(row, f.attname) for f in Publication._meta.concrete_fields}
        Publication.objects.bulk_create(
            Publication(
                **{
                    **columns,
                    "id": pub,
                    "act": key,
                    "external_id": f"more-{n}",
                    "number": f"云水罚〔2026〕{n + 2}号",
                    "party": f"云溪明湖石料第{n % 9973}有限公司",
                    "facts": f"2026 年 2 月 3 日起未经批准取水 {n * 37 % 99991} 立方米，现场照片 {n % 30} 张。",
                }
            )
            for key, pub, n in keys
        )


@pytest.mark.deep
def test_a_hundred_thousand_rows_leave_in_five_seconds(bureau: None, tmp_path: Path) -> None:
    """Both formats; and all of it brought in again is known."""
    agency = Agency.objects.get(uscc=ORGAN)
    big(tmp_path / "list.csv", 1)
    load_decisions(tmp_path / "list.csv", agency, publish=True)
    many_more(99_999)
    seconds = {}
    for name in ("out.csv", "out.xlsx"):
        began = time.perf_counter()
        done = export(
            "creditchina-penalty",
            date(2026, 1, 1),
            date(2026, 12, 31),
            tmp_path / name,
            today=date(2027, 1, 1),
        )
        seconds[name] = time.perf_counter() - began
        assert (done.exported, done.refused) == (100_000, 0), done.reasons[:2]
    again = load_decisions(tmp_path / "out.csv", agency, publish=True)
    assert (again.existing, again.added, again.updated, again.held, again.changed) == (100_000, 0, 0, 0, [])
    print(
        f"100,000 rows: {', '.join(f'{name} {took:.1f} s' for name, took in seconds.items())}; in again {again.seconds:.1f} s"
    )
    assert max(seconds.values()) <= 5
