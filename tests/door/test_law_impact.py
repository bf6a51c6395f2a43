"""`sanxiang law impact`: what a new version of a law touches in an installation, from outside. All data is invented."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from installation import Installation

BUREAU = "云溪县水务局"
OFFICERS = """姓名,账号,内设机构,证件编号,执法类别,执法区域,证件有效期起,证件有效期止,审验有效期,考试合格日期,任职起
林青,linqing,水政监察大队,云执001,行政处罚,370321,2025-01-01,2039-12-31,2039-12-31,2024-11-01,2025-01-01
何苇,hewei,水政监察大队,云执002,行政处罚,370321,2025-01-01,2039-12-31,2039-12-31,2024-11-01,2025-01-01
"""
REGISTERS: dict[str, list[dict[str, str]]] = {
    "items": [
        {"事项编码": "1", "事项名称": "弃置渣土的处罚", "依据": "《防洪法》第五十五条第二项"},
        {"事项编码": "2", "事项名称": "擅自取水的处罚", "依据": "《水法》第六十九条第一项"},
        {
            "事项编码": "3",
            "事项名称": "未取得规划同意书建设工程的处罚",
            "依据": "《中华人民共和国防洪法》第五十三条",
        },
    ],
    "benchmarks": [
        {
            "违法行为": "弃置渣土",
            "处罚依据": "《防洪法》第五十五条",
            "违法情节": "轻微",
            "裁量幅度": "一万元以下",
        }
    ],
    "review-catalogue": [{"事项名称": "按防洪法第五十五条处五万元罚款的", "执法类别": "行政处罚"}],
    "av-items": [{"音像记录事项": "依《防洪法》第三条检查堤防", "记录方式": "全程"}],
}


@pytest.fixture(scope="module")
def county(
    installations: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """A bureau with four lists, one filed case, and two versions of two laws."""
    made, folder = installations(), tmp_path_factory.mktemp("laws")
    made.init("huantai", BUREAU)
    for kind, rows in REGISTERS.items():
        admin(made, "release-register", {"kind": kind, "rows": rows, "in_force_from": "2025-01-01"})
    filed(made, folder / "人员.csv")
    for name, version, text in (
        ("防洪法", "2016-07-02", "第三条　旧。\n第五十三条　同。\n第五十五条　旧的罚款。"),
        ("防洪法", "2026-03-01", "第三条　旧。\n第五十三条　同。\n第五十五条　新的罚款。"),
        ("中华人民共和国行政处罚法", "2021-01-22", "第六十条　九十日。\n第四十八条　公开。"),
        ("中华人民共和国行政处罚法", "2026-03-01", "第六十条　六十日。\n第四十八条　公开。"),
    ):
        (folder / f"{name}({version}).md").write_text(text, encoding="utf-8")
    made.json("law", "import", str(folder))
    return made


def admin(made: Installation, act: str, told: dict[str, Any]) -> None:
    made.json("admin", act, "--agency", BUREAU, "--input", "-", stdin=json.dumps(told, ensure_ascii=False))


def filed(made: Installation, file: Path) -> None:
    """One case of 普通程序, filed: its ninety days run."""
    file.write_text(OFFICERS, encoding="utf-8")
    made.json("import", "people", str(file), "--agency", BUREAU)
    admin(made, "change-agency", {"short": "云水"})
    admin(made, "add-person", {"username": "qinhe", "name": "秦禾"})
    admin(made, "grant-post", {"person": "qinhe", "role": "agency-head", "valid_from": "2025-01-01"})
    party = {
        "kind": "org",
        "name": "云溪清源建材有限公司",
        "address": "云溪县工业园 1 号",
        "legal_rep": "顾长庚",
    }
    clue = {
        "source": "inspection",
        "summary": "巡查发现",
        "party": party,
        "cause": "倾倒渣土",
        "item": "弃置渣土的处罚",
        "occurred_at": "左岸",
    }
    clue |= {"occurred_on": date.today().isoformat()}
    words = ("act", "open", "ordinary", "--agency", BUREAU, "--as", "linqing", "--input", "-")
    case = made.json(*words, stdin=json.dumps(clue))["case"]
    told = {
        "officers": ["linqing", "hewei"],
        "suspected": "《防洪法》第五十五条第二项",
        "opinion": "同意立案",
    }
    made.json("act", "perform", case, "file", "--as", "qinhe", "--input", "-", stdin=json.dumps(told))


def test_entries_of_registers_are_listed_with_those_that_a_new_version_touches(county: Installation) -> None:
    found = county.json("law", "impact", "防洪法")
    assert found["versions"] == ["2026-03-01", "2016-07-02"] and found["changed"] == ["第五十五条"]
    entries = {(r["kind"], r["row"]): r for r in found["registers"]}
    assert set(entries) == {
        ("items", 1), ("items", 3), ("benchmarks", 1), ("review-catalogue", 1), ("av-items", 1),
    }  # fmt: skip
    assert {key for key, r in entries.items() if r["touched"]} == {
        ("items", 1), ("benchmarks", 1), ("review-catalogue", 1),
    }  # fmt: skip
    assert (
        entries["items", 3]["articles"] == ["第五十三条"] and entries["items", 1]["name"] == "弃置渣土的处罚"
    )
    assert [r["touched"] for r in found["cases"]] == [True] and not found["deadlines"]


def test_running_deadlines_and_templates_of_the_procedural_law(county: Installation) -> None:
    found = county.json("law", "impact", "《中华人民共和国行政处罚法》")
    assert found["name"] == "行政处罚法" and found["changed"] == ["第六十条"]
    clock = next(r for r in found["deadlines"] if r["articles"] == ["第六十条"])
    assert clock["touched"] and clock["number"].startswith("云水立〔") and clock["due"]
    assert "penalty-decision" in {r["id"] for r in found["templates"]}
    assert {"guard", "limit", "act"} <= {r["kind"] for r in found["rules"]}
    assert any(not r["touched"] for r in found["rules"])


def test_a_newer_release_of_a_list_takes_the_place_of_the_old_one(county: Installation) -> None:
    rows = [{"音像记录事项": "依《水法》第三条检查", "记录方式": "全程"}]
    admin(county, "release-register", {"kind": "av-items", "rows": rows, "in_force_from": "2025-06-01"})
    assert "av-items" not in {r["kind"] for r in county.json("law", "impact", "防洪法")["registers"]}
    assert {
        r["version"] for r in county.json("law", "impact", "水法")["registers"] if r["kind"] == "av-items"
    } == {2}
    coming = [{"音像记录事项": "依《防洪法》第三条检查", "记录方式": "全程"}]
    admin(county, "release-register", {"kind": "av-items", "rows": coming, "in_force_from": "2039-01-01"})
    kinds = [
        r["version"] for r in county.json("law", "impact", "防洪法")["registers"] if r["kind"] == "av-items"
    ]
    assert kinds == [3], "what is released for a later day will need the new wording too"


def test_for_people_what_is_touched_comes_first(county: Installation) -> None:
    told = county.run("law", "impact", "防洪法").stdout.splitlines()
    assert told[0].startswith("《防洪法》2026年3月1日版本与2016年7月2日版本相比，改动的条文：第五十五条")
    place = next(n for n, line in enumerate(told) if line.startswith("清单条目"))
    assert "※" in told[place + 1] and BUREAU in told[place + 1] and "第五十五条" in told[place + 1]


def test_with_one_version_nothing_is_said_to_be_touched(county: Installation) -> None:
    found = county.json("law", "impact", "水法")
    assert (
        found["versions"] == []
        and found["registers"]
        and {r["touched"] for r in found["registers"]} == {None}
    )
