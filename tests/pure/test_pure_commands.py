"""`workday`, `deadline`, `identify` as a user calls them. All numbers are invented."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sanxiang import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setattr(cli, "GROUPS", ("calendar", "identify"))
    monkeypatch.setenv("SANXIANG_DATA", str(tmp_path / "data"))

    def call(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(list(words))
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def table(folder: Path, text: str, encoding: str = "utf-8") -> str:
    file = folder / "table.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def test_workday(run: Run) -> None:
    code, out, err = run("workday", "2026-10-10", "2026-10-01", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {"date": "2026-10-10", "workday": True},
        {"date": "2026-10-01", "workday": False},
    ]
    assert "调休上班" in run("workday", "2026-10-10")[1]


def test_workday_of_a_year_without_a_notice(run: Run) -> None:
    code, out, err = run("workday", "2027-01-01", "--json")
    assert code == 0 and "2027" in err
    assert json.loads(out) == [{"date": "2027-01-01", "workday": False, "provisional": True}]


@pytest.mark.parametrize(
    ("days", "unit", "extend", "due"),
    [
        ("7", "working", (), "2026-10-13"),
        ("3", "calendar", (), "2026-10-01"),
        ("3", "calendar", ("--extend",), "2026-10-08"),
    ],
)
def test_deadline(run: Run, days: str, unit: str, extend: tuple[str, ...], due: str) -> None:
    code, out, _ = run("deadline", "--from", "2026-09-28", "--days", days, "--unit", unit, *extend, "--json")
    assert code == 0 and json.loads(out) == {"due": due}


def test_deadline_explains_itself_to_people(run: Run) -> None:
    out = run("deadline", "--from", "2026-09-28", "--days", "7", "--unit", "working")[1]
    assert out.startswith("届满日 2026年10月13日\n") and "当日不计入" in out and "放假" in out


@pytest.mark.parametrize(
    "words",
    [
        ("workday", "2026-02-30"),
        ("workday", "2026/3/1"),
        ("workday", "明天"),
        ("workday", "0000-01-01"),
        ("deadline", "--from", "2026-02-30", "--days", "3", "--unit", "working"),
        ("deadline", "--from", "2026-03-02", "--days", "-3x", "--unit", "working"),
        ("deadline", "--from", "2026-03-02", "--days", "三", "--unit", "working"),
        ("deadline", "--from", "2026-03-02", "--days", "999999999", "--unit", "working"),
        ("deadline", "--from", "9999-12-30", "--days", "9", "--unit", "calendar"),
        ("workday", "--batch", "没有这个文件.csv"),
    ],
)
def test_what_cannot_be_counted_is_one_sentence(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*(word.replace("-3x", "x") for word in words))
    assert code == 1 and out == "" and len(err.strip().splitlines()) == 1
    assert "请" in err or "应" in err


def test_the_cure_is_in_the_sentence(run: Run) -> None:
    assert "2026-03-01" in run("workday", "2026/3/1")[2]
    assert "2026-02-30" in run("workday", "2026-02-30")[2] and "不存在" in run("workday", "2026-02-30")[2]


@pytest.mark.parametrize(
    "words",
    [
        ("workday",),
        ("deadline", "--from", "2026-03-02"),
        ("deadline", "--from", "2026-03-02", "--days", "3", "--unit", "weeks"),
        ("identify",),
        ("identify", "idcard"),
        ("identify", "passport", "1"),
    ],
)
def test_wrong_usage_exits_2(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert code == 2 and out == "" and "--help" in err


ROWS = """id,start_date,n,unit,extend
1,2026-09-28,7,working,0
2,2026-09-28,3,calendar,1
3,2026-09-28,3,calendar,
4,2026-02-30,3,working,0
5,2026-09-28,-3,working,0
6,2026-09-28,3,weeks,0
7,2026-09-28,3,working,yes

8,2026-09-28
甲,2026-09-28,0,calendar,1
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_deadline_batch(run: Run, tmp_path: Path, encoding: str) -> None:
    code, out, _ = run("deadline", "--batch", table(tmp_path, ROWS, encoding), "--json")
    rows = json.loads(out)
    assert code == 0 and [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7", "8", "甲"]
    assert [row["due"] for row in rows] == [
        "2026-10-13",
        "2026-10-08",
        "2026-10-01",
        None,
        None,
        None,
        None,
        None,
        "2026-09-28",
    ]
    assert rows[0] == {"id": "1", "due": "2026-10-13"}
    assert "2026-02-30" in rows[3]["error"] and all("error" in row for row in rows[3:8])


def test_workday_batch(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path, "﻿date,remark\r\n2026-10-10,x\r\n2026-02-30,y\r\n")
    code, out, _ = run("workday", "--batch", file)
    assert code == 0
    first, second = json.loads(out)
    assert first == {"date": "2026-10-10", "workday": True}
    assert second["workday"] is None and "不存在" in second["error"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"id,start_date,n\n1,2026-01-01,2\n", "unit"),
        (b"", "空文件"),
        (b"PK\x03\x04rest", "Excel"),
        (b"id,start_date,n,unit\n\xff\xff\xff", "编码"),
        (b'id,start_date,n,unit\n"1,2026-01-01,2,working\n', "CSV"),
        (b"id\x00", "文本"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, data: bytes, says: str
) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    code, out, err = run("deadline", "--batch", str(tmp_path / "t.csv"))
    assert code == 1 and out == "" and says in err and len(err.strip().splitlines()) == 1


def test_an_installations_own_year_overrides(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "data" / "calendar"
    own.mkdir(parents=True)
    (own / "2027.toml").write_text(
        "year = 2027\nnotice = '试字〔2026〕1号'\nstatus = 'published'\noff = [2027-01-01]\nwork = [2027-01-02]\n"
    )
    code, out, err = run("workday", "2027-01-02", "--json")
    assert (code, err) == (0, "") and json.loads(out) == [{"date": "2027-01-02", "workday": True}]
    (own / "2027.toml").write_text("year = 2028")
    code, out, err = run("workday", "2027-01-02", "--json")
    assert code == 1 and "2027.toml" in err


def test_identify(run: Run) -> None:
    code, out, _ = run("identify", "uscc", "91320105780688132K", "91320105780688132k", "--json")
    good, bad = json.loads(out)
    assert code == 1 and good == {"value": "91320105780688132K", "valid": True, "reason": ""}
    assert not bad["valid"] and "91320105780688132K" in bad["reason"]
    assert run("identify", "idcard", "--json", "11010519491231002X")[0] == 0
    assert "无效" in run("identify", "orgcode", "780688132")[1]


def test_identify_batch_keeps_values_as_written(run: Run, tmp_path: Path) -> None:
    file = table(
        tmp_path, 'id,kind,value\na,orgcode,78068813-2\nb,orgcode," 78068813-2"\nc,plate,1\nd,idcard,\n'
    )
    code, out, _ = run("identify", "--batch", file, "--json")
    rows = json.loads(out)
    assert code == 0 and [row["valid"] for row in rows] == [True, False, False, False]
    assert rows[0] == {"id": "a", "value": "78068813-2", "valid": True, "reason": ""}
    assert rows[1]["value"] == " 78068813-2" and "“78068813-2”" in rows[1]["reason"]
