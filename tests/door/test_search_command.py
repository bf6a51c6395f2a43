"""`sanxiang search` as a user runs it: the portal's own search, with the exact total, on an installation of its own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from installation import Installation

AGENCY = "桓台县综合行政执法局"
EMPTY = dict.fromkeys(("party_code", "address", "basis", "publish_date"), "")
SAME = {
    "record_type": "penalty",
    "title": "无证经营案",
    "party_type": "org",
    "facts": "未取得许可证从事经营",
    "authority": AGENCY,
}


def record(n: int) -> dict[str, str]:
    """One row of a list."""
    own = {
        "id": f"T{n:03}",
        "doc_no": f"桓综执罚字【2025】{n}号",
        "party": f"第{n}号商行",
        "result": f"罚款{n}00元",
    }
    return {**EMPTY, **SAME, **own, "decision_date": f"2025-03-{n:02}"}


ROWS = [record(n) for n in range(1, 31)]


@pytest.fixture(scope="module")
def filled(
    installations: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """An installation with thirty published records."""
    made = installations()
    file: Path = tmp_path_factory.mktemp("rows") / "decisions.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    made.init("huantai", AGENCY)
    made.json("import", "decisions", str(file), "--agency", AGENCY, "--publish")
    return made


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("", 30),
        ("〔2025〕7号", 1),
        ("（2025）１7 无证", 1),
        ("罚款 商行", 30),
        ("罚款商行", 0),
        ("0元", 30),
        ("1", 12),
        ("许可证从", 30),
    ],
)
def test_it_finds_what_the_contract_says(filled: Installation, question: str, total: int) -> None:
    assert filled.json("search", question)["total"] == total


def test_it_shows_the_newest_and_has_no_cap(filled: Installation) -> None:
    found = filled.json("search", "无证经营")
    assert (found["total"], len(found["results"])) == (30, 20)
    assert (
        found["results"][0]["external_id"] == "T030"
        and found["results"][0]["number"] == "桓综执罚字【2025】30号"
    )
    assert len(filled.json("search", "无证经营", "--limit", "5000")["results"]) == 30
    assert filled.json("search", "无证经营", "--limit", "0") == {"total": 30, "results": []}
    assert "共 30 条" in filled.run("search", "无证经营").stdout


def test_wrong_words_get_a_sentence(filled: Installation) -> None:
    assert filled.run("search", "x", "--limit", "many").returncode == 2
    refused = filled.run("search", "水" * 2001, "--json")
    assert (refused.returncode, refused.stdout) == (1, "") and "查询内容太长" in refused.stderr


def test_without_an_installation_it_says_how_to_make_one(installation: Installation) -> None:
    refused = installation.run("search", "x", "--json")
    assert (refused.returncode, refused.stdout) == (1, "") and "sanxiang init" in refused.stderr
