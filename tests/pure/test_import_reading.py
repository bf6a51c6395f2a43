"""Files as counties have them: encodings, quotation marks, titles above the headers, workbooks that cannot be opened."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanxiang.exchange import headers
from sanxiang.exchange.reading import Row, Unusable, csv_records, open_table

HEADER = "行政相对人名称,行政处罚决定书文号,处罚决定日期,罚款金额（万元）"
LINE = "云溪清泉公司,云水罚〔2021〕3号,2021-05-06,0.5"


def known(header: str) -> bool:
    return header in headers.DECISIONS


def rows_of(path: Path) -> list[Row]:
    return list(open_table(path, known).rows)


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime(2026, 3, 2, tzinfo=UTC)})  # the same bytes at any second
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for y, cells in enumerate(rows):
            for x, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(y, x, cell, day)
                elif cell != "":
                    sheet.write(y, x, cell)
    book.close()
    return path


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_usual_encodings_of_csv_give_the_same_rows(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "list.csv", f"{HEADER}\r\n{LINE}\r\n".encode(encoding))
    (row,) = rows_of(path)
    assert row.number == 2 and not row.fault
    assert row.cells["行政相对人名称"] == "云溪清泉公司" and row.cells["罚款金额（万元）"] == "0.5"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_lines_of_json_in_both_encodings(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "list.jsonl", '{"id": "甲"}\n\n{"id": "乙\u2028丙"}\n'.encode(encoding))
    assert [(row.number, row.cells["id"]) for row in rows_of(path)] == [(1, "甲"), (3, "乙\u2028丙")]


def test_one_broken_line_leaves_its_neighbours_as_they_are(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "list.jsonl",
        '{"id": "甲公司"}\n'.encode() + b'{"id": "\xb9\xab"}\n' + '{"id": "乙"}\n'.encode(),
    )
    first, broken, last = rows_of(path)
    assert (first.cells["id"], last.cells["id"]) == ("甲公司", "乙") and "编码" in broken.fault


@pytest.mark.parametrize(
    ("encoding", "tail"),
    [
        ("utf-16", b"\x41"),
        ("utf-16", b"\x00\xd8,\x00x\x00\n\x00"),
        ("gb18030", b"\xff\xff,\x81\n"),
        ("utf-8", b"\xb9,\xab\n"),
    ],
)
def test_bytes_that_fit_no_character_spoil_their_own_row(tmp_path: Path, encoding: str, tail: bytes) -> None:
    path = written(tmp_path, "list.csv", f"{HEADER}\n{LINE}\n".encode(encoding) + tail)
    good, bad = rows_of(path)
    assert good.cells["行政相对人名称"] == "云溪清泉公司" and "编码" in bad.fault and bad.number == 3


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{", "JSON"),
        ("[1]", "对象"),
        ('"x"', "对象"),
        ("9" * 5000, "数字过长"),
        ("[" * 100_000, "嵌套过深"),
        ("NaN x", "JSON"),
    ],
)
def test_a_line_that_is_no_object_says_why(tmp_path: Path, line: str, word: str) -> None:
    (row,) = rows_of(written(tmp_path, "list.jsonl", line + "\n"))
    assert word in row.fault and row.raw == line


def test_headers_are_found_below_title_and_unit(tmp_path: Path) -> None:
    text = f"云溪县行政处罚信息公示表,,,\n填报单位：云溪县水务局,,,\n\n{HEADER}\nCF_XDR_MC,CF_WSH,CF_JDRQ,CF_NR_FK\n{LINE}\n,,,\n"
    (row,) = rows_of(written(tmp_path, "list.csv", text))
    assert row.number == 6 and row.cells["行政处罚决定书文号"] == "云水罚〔2021〕3号"


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_other_separators(tmp_path: Path, mark: str) -> None:
    text = "\n".join(line.replace(",", mark) for line in (HEADER, LINE))
    assert rows_of(written(tmp_path, "list.csv", text))[0].cells["处罚决定日期"] == "2021-05-06"


def test_a_cell_may_hold_line_breaks(tmp_path: Path) -> None:
    text = f'{HEADER}\n"云溪\n清泉",甲1号,2021-05-06,1\n{LINE}\n'
    assert [row.cells["行政相对人名称"] for row in rows_of(written(tmp_path, "list.csv", text))] == [
        "云溪\n清泉",
        "云溪清泉公司",
    ]


def test_a_stray_quotation_mark_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = [HEADER, *(LINE.replace("3号", f"{i}号") for i in range(1, 60))]
    lines[7] = '"' + lines[7]
    rows = rows_of(written(tmp_path, "list.csv", "\n".join(lines)))
    assert [row.number for row in rows if row.fault] == [8]
    assert len([row for row in rows if not row.fault]) == 58


@given(st.lists(st.text('甲"\n,\r x', max_size=12), max_size=8))
@settings(max_examples=200, deadline=None)
def test_no_line_of_a_csv_is_lost(parts: list[str]) -> None:
    """Every line stands in some record, read or refused, in order and once."""
    lines = "\n".join(parts).splitlines(keepends=True)
    assert "".join(raw for _, _, raw, _ in csv_records(lines, ",")).replace("\n", "").replace(
        "\r", ""
    ) == "".join(lines).replace("\n", "").replace("\r", "")


# Workbooks


def test_a_workbook_with_a_title_and_two_lists(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "双公示.xlsx",
        {
            "说明": [["填表说明"]],
            "处罚": [["公示表"], [], HEADER.split(","), ["甲公司", "甲1号", datetime(2021, 5, 6), 0.5], []],
            "许可": [["XK_XDR_MC", "XK_WSH"], ["乙公司", "乙2号"]],
        },
    )
    first, second = rows_of(path)
    assert (first.sheet, first.number, second.sheet, second.number) == ("处罚", 4, "许可", 2)
    assert first.cells["处罚决定日期"] == datetime(2021, 5, 6).date() and second.cells["XK_WSH"] == "乙2号"


def broken_files(folder: Path) -> dict[str, Path]:
    good = workbook(folder / "good.xlsx", {"x": [HEADER.split(","), LINE.split(",")]})
    data = good.read_bytes()
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    without = folder / "bare.xlsx"
    with zipfile.ZipFile(without, "w") as parts:
        parts.writestr("hello.txt", "x")
    (folder / "folder.csv").mkdir()
    return {
        "不是 Excel": written(folder, "junk.xlsx", "只是文字"),
        "不完整": written(folder, "short.xlsx", data[: len(data) // 2]),
        "密码": written(folder, "locked.xlsx", encrypted),
        "已损坏": without,
        "空文件": written(folder, "empty.xlsx", b""),
        "是空文件": written(folder, "mark.csv", b"\xef\xbb\xbf\r\n"),
        "表头": written(folder, "other.csv", "甲,乙\n1,2\n"),
        "Excel 工作簿": written(folder, "really.csv", data),
        "不是文本": written(folder, "binary.csv", bytes(range(256)) * 4),
        "文件夹": folder / "folder.csv",
        "找不到": folder / "absent.jsonl",
        "不支持": written(folder, "list.docx", data),
    }


def test_what_cannot_be_used_says_so_in_one_sentence_with_a_cure(tmp_path: Path) -> None:
    for word, path in broken_files(tmp_path).items():
        with pytest.raises(Unusable) as refused:
            rows_of(path)
        sentence = str(refused.value)
        assert word in sentence and path.name in sentence and "请" in sentence and "\n" not in sentence, (
            sentence
        )


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_workbook_is_read_or_refused_never_worse(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = workbook(folder / "list.xlsx", {"x": [HEADER.split(","), LINE.split(",")]})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    try:
        assert all(isinstance(row, Row) for row in rows_of(path))
    except Unusable as refused:
        assert path.name in str(refused)
