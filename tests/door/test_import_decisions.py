"""Historical records in the database: what is written, what running again does, what the log and the search then say.

All names and numbers are invented.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from cast import make_agency, make_person
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.door.arriving import imported
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange import loading
from sanxiang.exchange.loading import Outcome, load_decisions
from sanxiang.exchange.reading import Unusable
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act, Entry, Opening, Pending
from sanxiang.people import roles
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real_decisions.jsonl"
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
MOBILE = "13800001234"  # invented
ROW = {
    "id": "P1",
    "record_type": "penalty",
    "doc_no": "云水罚【2021】3号",
    "party": "云溪清泉有限公司",
    "facts": "未经批准取水。",
    "result": "罚款二万元",
    "authority": "云溪县节水办",
    "decision_date": "2021-05-06",
    "publish_date": "2021-05-10",
}


@pytest.fixture
def agency() -> Agency:
    return make_agency("云溪县水务局", "云水", None)


def lines(folder: Path, *rows: dict[str, Any] | str, name: str = "list.jsonl") -> Path:
    path = folder / name
    texts = [row if isinstance(row, str) else json.dumps({**ROW, **row}, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def load(path: Path, agency: Agency, publish: bool = True) -> Outcome:
    return load_decisions(path, agency, publish=publish, now=NOW)


def found(query: str) -> list[str | None]:
    return [row.external_id for row in asking.stream(asking.Query(q=query))]


def faults() -> list[str]:
    return [fault.where for fault in verify_all()]


def test_a_record_is_public_findable_and_in_the_log(tmp_path: Path, agency: Agency) -> None:
    outcome = load(lines(tmp_path, {}), agency)
    assert (outcome.rows, outcome.added, outcome.rejected, outcome.held) == (1, 1, 0, 0)
    row = Publication.objects.get()
    assert (row.status, row.origin, row.act_type, row.n, row.authority) == (
        "published",
        "import",
        "penalty",
        1,
        "云溪县节水办",
    )
    assert (row.decided_on, row.source_published_on, row.published_on) == (
        date(2021, 5, 6),
        date(2021, 5, 10),
        date(2026, 11, 21),
    )
    assert row.number == ROW["doc_no"] and "other-organ" in row.flags and row.case is None
    act = Act.objects.get(subject=row.id)
    assert (act.name, act.label, act.role, act.by, act.by_name) == (
        "import-published",
        "导入历史公示信息",
        "operator",
        None,
        "运维导入",
    )
    assert (row.act, row.head, row.leaf_hash) == (act.id, act.leaf_hash, act.leaf_hash)
    assert found("云水罚(2021)3") == found("清泉 取水") == ["P1"]
    assert not Pending.objects.exists() and Entry.objects.filter(act=act).exists() and not faults()


def test_every_content_field_is_committed_to(tmp_path: Path, agency: Agency) -> None:
    load(lines(tmp_path, {}), agency)
    told = dict(Opening.objects.values_list("name", "value"))
    assert (
        told["number"] == ROW["doc_no"]
        and told["authority"] == "云溪县节水办"
        and told["facts"] == ROW["facts"]
    )
    assert (
        told["record"]["source"]["publish_date"] == "2021-05-10" and len(told["record"]["row_digest"]) == 64
    )
    leaf = bytes(Act.objects.get(name="import-published").leaf).decode()
    assert "清泉" not in leaf and "external_id" not in leaf


def test_running_twice_adds_nothing(tmp_path: Path, agency: Agency) -> None:
    path = lines(tmp_path, {}, {"id": "P2"}, {"id": "P1", "facts": "另一份"}, "{")
    first, acts = load(path, agency), Act.objects.count()
    again = load(path, agency)
    assert (first.added, first.existing, first.rejected) == (2, 1, 1)
    assert (again.added, again.updated, again.existing, again.rejected) == (0, 0, 3, 1)
    assert Act.objects.count() == acts and again.changed == ["P1"]


def test_the_same_id_of_another_agency_is_another_record(tmp_path: Path, agency: Agency) -> None:
    other = make_agency("云溪县林草局", "云林", None)
    assert load(lines(tmp_path, {}), agency).added == load(lines(tmp_path, {}), other).added == 1


def test_bad_rows_are_listed_one_by_one_with_the_row_as_it_stood(tmp_path: Path, agency: Agency) -> None:
    path = lines(tmp_path, {}, "{broken", {"id": ""}, {"id": "P4", "party": ["x"]}, {"id": "P5"})
    outcome = load(path, agency)
    assert (outcome.added, outcome.rejected) == (2, 3) and found("") == ["P5", "P1"]
    text = (tmp_path / "list.rejected.csv").read_text(encoding="utf-8-sig")
    assert outcome.rejected_file == str(tmp_path / "list.rejected.csv")
    assert text.splitlines()[0] == "行号,原因,原始内容" and "{broken" in text
    assert [row["row"] for row in outcome.rejected_rows] == [2, 3, 4]
    load(lines(tmp_path, {}), agency)
    assert not (tmp_path / "list.rejected.csv").exists(), "a list of an earlier run is not left lying"


def test_protected_numbers_are_held_back_listed_and_never_public(tmp_path: Path, agency: Agency) -> None:
    outcome = load(lines(tmp_path, {"facts": f"打{MOBILE}联系"}, {"id": "P2"}), agency)
    assert (outcome.added, outcome.held) == (1, 1)
    assert [(row["row"], row["external_id"], row["reasons"]) for row in outcome.held_rows] == [
        (1, "P1", ["含手机号码"])
    ]
    assert (
        Publication.objects.get(external_id="P1").status == "held"
        and found(MOBILE) == []
        and found("取水") == ["P2"]
    )
    assert MOBILE not in (tmp_path / "list.held.csv").read_text(encoding="utf-8-sig")
    assert load(lines(tmp_path, {"facts": f"打{MOBILE}联系"}, {"id": "P2"}), agency).existing == 2


def test_a_corrected_row_takes_the_place_of_the_one_held_back(tmp_path: Path, agency: Agency) -> None:
    load(lines(tmp_path, {"facts": f"打{MOBILE}联系"}), agency)
    outcome = load(lines(tmp_path, {"facts": "打***联系"}), agency)
    row = Publication.objects.get()
    assert (outcome.updated, row.status, row.n, row.facts) == (1, "published", 2, "打***联系")
    assert found("联系") == ["P1"] and not faults()


def test_without_publish_nothing_is_public_until_it_is_run_with_it(tmp_path: Path, agency: Agency) -> None:
    path = lines(tmp_path, {})
    assert load(path, agency, publish=False).added == 1
    row = Publication.objects.get()
    assert (row.status, row.published_on, found("取水")) == ("prepared", None, [])
    assert load(path, agency, publish=False).existing == 1
    assert load(path, agency).updated == 1 and found("取水") == ["P1"] and not faults()
    assert load(path, agency, publish=False).existing == 1 and found("取水") == ["P1"]


def test_a_batch_that_fails_leaves_whole_batches_and_the_next_run_goes_on(
    tmp_path: Path, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lines(tmp_path, *({"id": f"P{i}"} for i in range(25)))
    monkeypatch.setattr(loading, "BATCH", 10)
    real, calls = imported.append_many, []

    def full(entries: list[Any]) -> list[Act]:
        calls.append(len(entries))
        done = real(entries)
        if len(calls) == 2:
            raise DatabaseError("database or disk is full")
        return done

    monkeypatch.setattr(imported, "append_many", full)
    with pytest.raises(Unusable, match=r"磁盘已满.*10 条完好"):
        load(path, agency)
    assert Publication.objects.count() == Act.objects.filter(name="import-published").count() == 10
    outcome = load(path, agency)
    assert (outcome.added, outcome.existing) == (15, 10) and not faults() and len(found("取水")) == 25


def test_hostile_texts_are_kept_and_hurt_nothing(tmp_path: Path, agency: Agency) -> None:
    nasty = "<script>alert(1)</script>'; DROP TABLE x; -- \0 \ud800 \ufffe %s {}"
    row = {name: f"{nasty}{name}" for name in ROW if name not in ("record_type",)}
    path = tmp_path / "list.jsonl"
    path.write_text(json.dumps({**ROW, **row, "id": "N1"}), encoding="ascii")
    outcome = load(path, agency)
    assert outcome.added == 1 and not faults() and found("<script>alert(1)</script>';drop") == ["N1"]


def test_ten_thousand_characters_are_not_lost(tmp_path: Path, agency: Agency) -> None:
    load(lines(tmp_path, {"party": "甲" * 10_000, "facts": "乙" * 100_000}), agency)
    row, told = Publication.objects.get(), dict(Opening.objects.values_list("name", "value"))
    assert len(row.facts) == 100_000 and told["party"] == "甲" * 10_000 and not faults()


@pytest.mark.parametrize("column", ["facts", "number", "status", "authority", "sort_on", "flags"])
def test_a_record_changed_behind_our_back_is_named(tmp_path: Path, agency: Agency, column: str) -> None:
    load(lines(tmp_path, {}), agency)
    new = {"sort_on": date(2020, 1, 1), "flags": []}.get(column, "withdrawn")
    with connection.cursor() as cursor:  # an owner of the database drops the trigger
        drop = "DROP TRIGGER cases_publication_growing_0"
        cursor.execute(f"{drop} ON cases_publication" if connection.vendor == "postgresql" else drop)
    Publication.objects.update(**{column: new})
    assert any("P1" in where or "3号" in where or "withdrawn" in where for where in faults())


def test_a_record_can_be_withdrawn_with_a_reason(tmp_path: Path, agency: Agency) -> None:
    load(lines(tmp_path, {}, {"id": "P2"}), agency)
    row = Publication.objects.get(external_id="P1")
    approver = make_person("luting", "陆汀", agency, roles.DISCLOSURE_APPROVER)
    officer = make_person("linqing", "林青", agency, roles.OFFICER)
    for person, reason in ((officer, "决定已撤销"), (approver, " ")):
        with pytest.raises(Refused):
            imported.withdraw(row.id, person, reason, now=NOW)
    imported.withdraw(row.id, approver, "决定已撤销", now=NOW)
    row.refresh_from_db()
    assert (row.status, row.facts, row.number, row.withdrawal_reason) == ("withdrawn", "", "", "决定已撤销")
    assert found("取水") == ["P2"] and not faults()
    assert load(lines(tmp_path, {}, {"id": "P2"}), agency).existing == 2 and found("取水") == ["P2"]


def test_a_chinese_table_finds_its_way(tmp_path: Path, agency: Agency) -> None:
    text = (
        "云溪县行政处罚公示表\n行政相对人名称,行政处罚决定书文号,违法事实,处罚依据,处罚内容,罚款金额（万元）,处罚决定日期,处罚机关\n"
        "云溪清泉公司,云水罚〔2021〕3号,无证取水,水法,罚款,0.5,2021/5/6,云溪县水务局\n,,,,,,,\n李某,,,,,,,\n"
    )
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("gbk"))
    first, again = load(path, agency), load(path, agency)
    assert (first.added, first.rejected, again.added, again.existing) == (2, 0, 0, 2)
    assert any("GBK" in remark for remark in first.remarks) and any(
        "编号" in remark for remark in first.remarks
    )
    assert len(found("云水罚〔2021〕3号 取水")) == 1


@pytest.mark.parametrize(
    ("every", "count", "bare"), [(20, 604, 209), pytest.param(1, 12_065, 4027, marks=pytest.mark.deep)]
)
def test_the_real_records_all_enter_and_can_be_found(
    every: int, count: int, bare: int, tmp_path: Path, agency: Agency
) -> None:
    """One in twenty of them in every run, more than one batch takes; `bare` of them tell no facts."""
    if not REAL.exists():
        pytest.skip("the real decisions are not here: ../shared/data is missing")
    path = tmp_path / "real.jsonl"
    texts = REAL.read_text(encoding="utf-8").splitlines()[::every]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    first = load(path, agency)
    assert (first.rows, first.added, first.held, first.rejected) == (count, count, 0, 0)
    assert first.flags["other-organ"] == count and first.flags["no-facts"] == bare
    again = load(path, agency)
    assert (again.added, again.updated, again.existing, again.changed) == (0, 0, count, [])
    assert asking.count(asking.Query()) == Publication.objects.filter(status="published").count() == count
    rows = [json.loads(text) for text in texts]
    for row in rows[:: max(1, count // 25)]:
        assert row["id"] in found(row["doc_no"])
    assert not Pending.objects.exists() and not faults()


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's plans do not hang on what it has counted"
)
def test_after_the_first_batch_the_database_knows_that_the_tables_fill(
    tmp_path: Path, agency: Agency
) -> None:
    """It had counted them as empty; what the next batches ask is planned on what the first has written."""
    tables = ("cases_publication", "ledger_act", "ledger_opening", "ledger_pending", "cases_search")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        assert set(counted(tables).values()) == {0}
    load(lines(tmp_path, *({"id": f"R{n}"} for n in range(600))), agency)
    assert min(counted(tables).values()) >= 500, counted(tables)


def counted(tables: tuple[str, ...]) -> dict[str, int]:
    """How many rows the planner believes in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relname = ANY(%s)", [list(tables)]
        )
        return dict(cursor.fetchall())
