"""The rows of the schemes: all there, and told by the command as the files say."""

import ast
import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from rows import LOCALITY
from source_tree import ROOT, when_commands_are_built

COUNTS = {"LZ": 83, "DY": 89, "LC": 87, "KY": 78, "HT": 59}


def sanxiang(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user has it."""
    command = [sys.executable, "-m", "sanxiang", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def rows(*words: str) -> list[dict[str, str]]:
    """What `requirements --json` prints."""
    done = sanxiang("requirements", "--json", *words)
    assert done.returncode == 0, done.stderr
    answer: list[dict[str, str]] = json.loads(done.stdout)
    return answer


@when_commands_are_built
def test_all_rows_are_listed_once_with_their_capability() -> None:
    listed = rows()
    assert Counter(row["id"][:2] for row in listed) == COUNTS
    assert len({row["id"] for row in listed}) == 396
    assert len({row["capability"] for row in listed}) == 75
    assert {tuple(row) for row in listed} == {("id", "capability", "status", "mechanism", "where")}
    assert {row["status"] for row in listed} <= {"carried", "open"}


@when_commands_are_built
def test_one_locality_has_its_own_rows() -> None:
    assert {row["id"][:2] for row in rows("--locality", "kaiyuan")} == {"KY"}


@when_commands_are_built
def test_an_unknown_locality_is_one_chinese_sentence() -> None:
    done = sanxiang("requirements", "--json", "--locality", "atlantis")
    assert (done.returncode, done.stdout) == (1, "")
    assert "atlantis" in done.stderr and "Traceback" not in done.stderr


@when_commands_are_built
def test_the_trace_knows_every_row_and_claims_none_without_a_test() -> None:
    trace = json.loads((ROOT / "docs" / "trace.json").read_text(encoding="utf-8"))
    assert list(trace) == [row["id"] for row in rows()]
    assert all(bool(entry["tests"]) for entry in trace.values() if entry["status"] == "carried")


def test_every_row_says_how_it_is_met_or_by_when() -> None:
    """A row that a test claims says where it is built; one that none claims says what there is and what is still to come."""
    trace = json.loads((ROOT / "docs" / "trace.json").read_text(encoding="utf-8"))
    listed = rows()
    assert not [row["id"] for row in listed if not row["mechanism"]]
    carried = [row for row in listed if trace[row["id"]]["status"] == "carried"]
    assert not [row["id"] for row in carried if not row["where"] or "issue" in row["mechanism"]]


def traced(folder: Path, claims: list[dict[str, object]]) -> subprocess.CompletedProcess[str]:
    """tools/write_trace.py on a report of ours, writing into `folder`."""
    (folder / "carries-sqlite.json").write_text(json.dumps(claims), encoding="utf-8")
    command = [sys.executable, str(ROOT / "tools" / "write_trace.py"), "--reports", str(folder)]
    command += ["--out", str(folder / "trace.json")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def claim(row: str, locality: str, outcome: str, test: str = "t") -> dict[str, object]:
    """One entry of a report."""
    change = ["a", "b"]
    return {"test": test, "outcome": outcome, "row": row, "locality": locality, "change": change}


@pytest.mark.parametrize(
    ("row", "locality"), [("KY-999", "kaiyuan"), ("KY-022", "laizhou"), ("KY-022", "atlantis")]
)
def test_a_mark_on_a_wrong_row_stops_the_trace(tmp_path: Path, row: str, locality: str) -> None:
    done = traced(tmp_path, [claim(row, locality, "passed")])
    assert done.returncode == 1 and row in done.stderr
    assert not (tmp_path / "trace.json").exists()


def test_a_row_that_the_pack_settles_is_tried_with_another_pack(tmp_path: Path) -> None:
    untried = claim("KY-005", "kaiyuan", "passed") | {"change": None}
    done = traced(tmp_path, [untried])
    assert done.returncode == 1 and "KY-005" in done.stderr and "change=" in done.stderr
    assert traced(tmp_path, [untried, claim("KY-005", "kaiyuan", "passed", "u")]).returncode == 0


def test_a_row_is_carried_when_a_test_passed_and_none_failed(tmp_path: Path) -> None:
    outcomes = {"KY-001": ["passed"], "KY-002": ["passed", "failed"], "KY-003": ["skipped"], "KY-004": []}
    claims = [
        claim(row, "kaiyuan", outcome, f"t{i}")
        for row, all_ in outcomes.items()
        for i, outcome in enumerate(all_)
    ]
    assert traced(tmp_path, claims).returncode == 0
    trace = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert {row: trace[row]["status"] for row in outcomes} == {
        "KY-001": "carried", "KY-002": "open", "KY-003": "open", "KY-004": "open",
    }  # fmt: skip


def test_every_row_that_a_test_names_stands_in_the_list() -> None:
    """Whatever looks like a row in the tests is one, and a mark written out by hand names the row's own locality."""
    with (ROOT / "docs" / "requirements.csv").open(encoding="utf-8", newline="") as file:
        known = {one["id"] for one in csv.DictReader(file)}
    shaped = re.compile(rf"({'|'.join(LOCALITY)})-[0-9]{{3}}")
    unknown, strange, named = [], [], set()
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and shaped.fullmatch(str(node.value)):
                named.add(node.value)
                unknown += [] if node.value in known else [f"{path.name}:{node.lineno} {node.value}"]
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "carries":
                said = [
                    k.value.value
                    for k in node.keywords
                    if k.arg == "locality" and isinstance(k.value, ast.Constant)
                ]
                ids = [str(a.value) for a in node.args if isinstance(a, ast.Constant)]
                strange += [
                    f"{path.name}:{node.lineno} {i}"
                    for i in ids
                    for place in said
                    if LOCALITY[i[:2]] != place
                ]
    assert named and not unknown and not strange


def test_the_trace_is_told_by_capability_and_locality(tmp_path: Path) -> None:
    done = traced(tmp_path, [claim("KY-017", "kaiyuan", "passed"), claim("HT-008", "huantai", "failed")])
    lines = {words[0]: words[1:] for line in done.stdout.splitlines() if (words := line.split())}
    letters = done.stdout.split()[:5]
    assert set(letters) == set(COUNTS)
    told = dict(zip([*letters, "all", "share"], lines["D01"], strict=True))
    assert told == {
        "LZ": "0/1",
        "DY": "0/1",
        "LC": "0/1",
        "KY": "1/1",
        "HT": "0/2",
        "all": "1/6",
        "share": "17%",
    }
    assert lines["合计"][-2:] == ["1/396", "0%"]
