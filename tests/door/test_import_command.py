"""`sanxiang import` as an operator runs it: a process of its own, real files, a full disk, kill -9. All data is invented."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installation import Installation

AGENCY = "云溪县水务局"
ON_SQLITE = pytest.mark.skipif(
    bool(os.environ.get("SANXIANG_DATABASE_URL")), reason="the database's disk is not ours to fill"
)


@pytest.fixture(scope="module")
def ready(installations: Callable[[], Installation]) -> Installation:
    """One for the tests that only look at what their own file does."""
    return begun(installations())


@pytest.fixture
def own(installation: Installation) -> Installation:
    """One of its own for a test that counts, or stops it midway."""
    return begun(installation)


def begun(installation: Installation) -> Installation:
    installation.init("huantai", AGENCY)
    return installation


def many(folder: Path, count: int) -> Path:
    path = folder / "list.jsonl"
    rows = (
        {
            "id": f"R{i}",
            "record_type": "penalty",
            "doc_no": f"云水罚〔2021〕{i}号",
            "party": f"云溪第{i}公司",
            "result": "罚款",
        }
        for i in range(count)
    )
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_what_it_prints(ready: Installation, tmp_path: Path) -> None:
    path = many(tmp_path, 3)
    path.write_text(path.read_text(encoding="utf-8") + '\n{"id": 9}\n', encoding="utf-8")
    told = ready.json("import", "decisions", str(path), "--agency", AGENCY, "--publish")
    assert (told["rows"], told["added"], told["rejected"], told["held"]) == (4, 3, 1, 0)
    assert told["rejected_file"] == str(tmp_path / "list.rejected.csv")
    again = ready.run("import", "decisions", str(path), "--agency", AGENCY, "--publish")
    assert (
        again.returncode == 0
        and "新增 0" in again.stdout
        and "已存在 3" in again.stdout
        and "退回 1" in again.stdout
    )
    assert ready.json("search", "云水罚(2021)2号")["results"][0]["external_id"] == "R2"
    assert ready.json("ledger", "verify")["valid"] is True


def test_what_cannot_be_done_is_one_sentence(ready: Installation, tmp_path: Path) -> None:
    junk = tmp_path / "junk.xlsx"
    junk.write_text("文字", encoding="utf-8")
    for kind, file, agency in (
        ("decisions", junk, AGENCY), ("cases", tmp_path, AGENCY), ("people", tmp_path / "no.csv", AGENCY),
        ("decisions", many(tmp_path, 1), "没有这个局"),
    ):  # fmt: skip
        done = ready.run("import", kind, str(file), "--agency", agency, "--json")
        assert done.returncode == 1 and not done.stdout and len(done.stderr.splitlines()) == 1, done.stderr
        assert "Traceback" not in done.stderr and "请" in done.stderr
    assert ready.run("import", "decisions").returncode == 2


def test_without_an_installation_it_says_how_to_make_one(installation: Installation, tmp_path: Path) -> None:
    done = installation.run("import", "decisions", str(many(tmp_path, 1)), "--agency", AGENCY)
    assert done.returncode == 1 and "sanxiang init" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.storage
@pytest.mark.parametrize(
    ("count", "kills"), [(2000, (1.5, 2.5)), pytest.param(4000, (1.0, 1.5, 2.0, 2.5), marks=pytest.mark.deep)]
)
def test_killed_at_any_moment_it_goes_on_where_it_was(
    count: int, kills: tuple[float, ...], own: Installation, tmp_path: Path
) -> None:
    path = many(tmp_path, count)
    command = [
        sys.executable,
        "-m",
        "sanxiang",
        "import",
        "decisions",
        str(path),
        "--agency",
        AGENCY,
        "--publish",
        "--json",
    ]
    for seconds in kills:
        process = subprocess.Popen(command, env=own.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.wait()
    told = own.json(*command[3:-1])
    assert told["rejected"] == 0 and told["added"] + told["existing"] == count
    assert own.json("search", "", "--limit", "0")["total"] == count
    verdict = own.json("ledger", "verify")
    assert verdict["valid"] is True and verdict["entries"] >= count


@ON_SQLITE
def test_a_full_disk_loses_nothing(own: Installation, tmp_path: Path) -> None:
    """No file may grow beyond what the database alown has and a little: as good as a full disk."""
    path = many(tmp_path, 3000)
    size = (own.data / "sanxiang.sqlite3").stat().st_size + 3_000_000
    command = [
        sys.executable,
        "-m",
        "sanxiang",
        "import",
        "decisions",
        str(path),
        "--agency",
        AGENCY,
        "--publish",
    ]
    done = subprocess.run(
        ["prlimit", f"--fsize={size}", *command],
        env=own.env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (
        done.returncode == 1 and not done.stdout and "磁盘" in done.stderr and "Traceback" not in done.stderr
    ), done.stderr
    assert own.json("ledger", "verify")["valid"] is True
    told = own.json(*command[3:])
    assert told["added"] + told["existing"] == 3000 and own.json("ledger", "verify")["valid"] is True


@ON_SQLITE
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(ready: Installation, tmp_path: Path) -> None:
    path = many(tmp_path, 1)
    path.chmod(0)
    done = ready.run("import", "decisions", str(path), "--agency", AGENCY)
    assert done.returncode == 1 and "权限" in done.stderr


@pytest.mark.parametrize(
    ("kind", "header", "bad", "good"),
    [
        ("decisions", "记录编号,行政相对人名称", ",甲公司", "N1,乙公司"),
        ("cases", "当事人,案由", ",倾倒渣土", "云溪丙建材有限公司,倾倒渣土"),
        (
            "people",
            "姓名,证件编号,执法类别,执法区域,证件有效期起,证件有效期止",
            "林青,云执001,行政处罚,370321,2030-01-01,2025-01-01",
            "何苇,云执002,行政处罚,370321,2025-01-01,2039-12-31",
        ),
    ],
)
def test_a_file_of_which_nothing_could_be_taken_is_a_no(
    ready: Installation, tmp_path: Path, kind: str, header: str, bad: str, good: str
) -> None:
    """All three importers alike: 1 when every row was refused, 0 when some were taken; the refused rows are kept beside."""
    path, kept = tmp_path / "list.csv", tmp_path / "list.rejected.csv"
    day = ("--go-live", "2026-11-01") if kind == "cases" else ()
    words = ("import", kind, str(path), "--agency", AGENCY, *day)
    path.write_text(f"{header}\n{bad}\n", encoding="utf-8")
    told = ready.json(*words, code=1)
    assert (told["rows"], told["added"], told["rejected"]) == (1, 0, 1)
    assert told["rejected_file"] == str(kept) and bad.split(",")[1] in kept.read_text(encoding="utf-8-sig")
    said = ready.run(*words)
    assert said.returncode == 1 and "什么也没有导入" in said.stdout and str(kept) in said.stdout
    path.write_text(f"{header}\n{bad}\n{good}\n", encoding="utf-8")
    assert (ready.json(*words)["added"], ready.json(*words)["existing"]) == (1, 1)
