"""The five localities say what their schemes say, and show as not set what no scheme says."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality_table import LOCALITIES, TABLE, Cell
from sanxiang.law import worded
from sanxiang.law.blocks import Block
from sanxiang.law.packs import Pack, load_pack, unstated
from sanxiang.law.places import packs_root

LAWS = packs_root().resolve().parents[1] / "shared" / "laws"

NOT_IN_TABLE = {
    "weak.archive",
    "weak.electronic",
    "weak.evaluation",
    "weak.least",
    "weak.papers",
    "weak.periods",
    "weak.recordings",
    "weak.uploads",
    "identity.units",
    "publish.routing",
    "training.modes",
    "measures.section_leads",
    "resources",
    "remedy.review_first",
    "remedy.special_suit",
    "remedy.enforcement",
    "remedy.internet_channel",
    "remedy.none",
    "archive.number",
    "archive.retention",
    "licence.special",
    "coercion.night",
    "inspection.cap",
    "inspection.exempt",
    "inspection.urgent_days",
    "inspection.scan",
    "confirmation.accept_days",
    "confirmation.decide_days",
    "confirmation.notice_days",
    "repair.answer_wd",
}
"""Keys that the table of differences leaves open; they have tests of their own below or none is needed."""

CELLS = [
    pytest.param(locality, key, cell, id=f"{locality}-{key}")
    for key, row in TABLE.items()
    for locality, cell in zip(LOCALITIES, row, strict=True)
]


def plain(key: str, value: Any) -> Any:
    """A value cut down to what the table states: ids of rows, or the one telling key of a table."""
    telling = {"review.body": "kind", "leadership": "kind", "oversight": "forms", "ledger": "functions"}
    if key in telling:
        return value[telling[key]]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        name = next(n for n in ("id", "code", "number", "due", "label") if n in value[0])
        return [row[name] for row in value]
    return value


def blocks(pack: Pack, kind: str) -> list[Block]:
    """The locality's own blocks of a kind."""
    return [b for b in pack.of_kind(kind) if b.file.startswith(f"{pack.id}/")]


def lists(locality: str) -> dict[str, dict[str, Any]]:
    """The locality's named lists by id."""
    return {b.data["id"]: b.data for b in blocks(load_pack(locality), "list")}


@pytest.mark.parametrize(("locality", "key", "cell"), CELLS)
def test_cell(locality: str, key: str, cell: Cell) -> None:
    found = load_pack(locality).parameter(key)
    if cell is None:
        assert (found.is_set, found.value) == (False, None)
    else:
        assert (found.is_set, found.provenance, plain(key, found.value)) == (True, *cell)
    assert found.citation is not None


def test_table_covers_the_catalogue() -> None:
    assert set(load_pack("laizhou").parameters) == set(TABLE) | NOT_IN_TABLE


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_parameter_is_stated(locality: str) -> None:
    assert unstated(load_pack(locality)) == []


@given(locality=st.sampled_from(LOCALITIES), key=st.sampled_from(sorted(TABLE)))
@settings(max_examples=12, deadline=None)
def test_a_silenced_parameter_is_named(
    tmp_path_factory: pytest.TempPathFactory, locality: str, key: str
) -> None:
    root = shutil.copytree(packs_root(), tmp_path_factory.mktemp("silenced") / "packs")
    file = root / load_pack(locality).parameter(key).place[0]
    block = re.compile(rf'```toml value\nkey = "{re.escape(key)}"\n.*?\n```\n', re.S)
    file.write_text(block.sub("", file.read_text("utf-8")), "utf-8")
    assert unstated(load_pack(locality, root)) == [key]


@pytest.mark.parametrize(
    ("locality", "key", "was", "now"),
    [
        ("lingchuan", "publish.default_wd", "20", "15"),
        ("kaiyuan", "review.staff_ratio", "5", "8"),
        ("huantai", "doc.generation", '"platform-only"', '"samples"'),
    ],
)
def test_the_value_is_read_from_the_pack(tmp_path: Path, locality: str, key: str, was: str, now: str) -> None:
    root = shutil.copytree(packs_root(), tmp_path / "packs")
    file = root / load_pack(locality).parameter(key).place[0]
    source = file.read_text("utf-8")
    assert source.count(f'key = "{key}"\nvalue = {was}\n') == 1
    file.write_text(source.replace(f'key = "{key}"\nvalue = {was}', f'key = "{key}"\nvalue = {now}'), "utf-8")
    changed = load_pack(locality, root)
    assert str(changed.parameter(key).value) == now.strip('"')
    assert changed.digest != load_pack(locality).digest


# Provenance


@pytest.mark.parametrize("locality", LOCALITIES)
def test_a_word_is_never_put_into_the_scheme(locality: str) -> None:
    pack = load_pack(locality)
    for key in pack.parameters:
        found = pack.parameter(key)
        assert found.citation is not None
        if not found.is_set:
            assert found.provenance == "operator", key
        elif found.provenance == "inherited":
            assert found.source, f"{key} does not say what it is inherited from"
        elif found.provenance == "national":
            assert found.citation.kind in ("law", "regulation", "rule", "norm"), key
        elif found.provenance == "text":
            assert found.citation.kind == "scheme", key


def test_only_laizhou_inherits() -> None:
    sources = {
        (name, v.source.split("号")[0])
        for name in LOCALITIES
        for row in load_pack(name).values.values()
        for v in row
        if v.provenance == "inherited"
    }
    assert sources == {("laizhou", "国办发〔2018〕118")}


def test_clause_is_cited() -> None:
    found = load_pack("lingchuan").parameter("publish.default_wd")
    assert str(found.citation) == "《陵川县自然资源局三项制度实施方案》二（一）4（1）"


@pytest.mark.parametrize("locality", ["dongying", "huantai"])
@pytest.mark.parametrize(
    ("key", "limit", "citation"),
    [
        ("publish.default_wd", 20, "《政府信息公开条例》第二十六条"),
        ("publish.by_act.penalty", 7, "《国务院办公厅关于全面推行三项制度的指导意见》二（六）"),
    ],
)
def test_a_silent_scheme_is_shown_with_the_national_limit(
    locality: str, key: str, limit: int, citation: str
) -> None:
    pack, today = load_pack(locality), date(2026, 11, 20)
    binding = pack.binding(key, today)
    assert not pack.parameter(key, today).is_set
    assert (binding.value, str(binding.citation)) == (limit, citation)


def test_national_norms_do_not_reach_back() -> None:
    pack = load_pack("dongying")
    before, after = date(2019, 5, 14), date(2019, 5, 15)
    assert not pack.binding("publish.default_wd", before).is_set
    assert pack.binding("publish.default_wd", after).value == 20
    water = load_pack("kaiyuan")
    assert not water.binding("hearing.threshold.org", date(2023, 4, 30)).is_set
    assert water.binding("hearing.threshold.org", date(2023, 5, 1)).value == 80_000


@pytest.mark.parametrize("locality", LOCALITIES)
def test_examples_hold(locality: str) -> None:
    pack = load_pack(locality)
    examples = [b for b in pack.of_kind("example") if "key" in b.data]
    assert examples
    for block in examples:
        found = pack.parameter(block.data["key"], block.data["on"])
        if block.file.startswith("national/"):
            found = pack.national(block.data["key"], block.data["on"]) or found
        assert found.value == block.data["expect"], f"{block.file}:{block.line}"


@pytest.mark.skipif(
    not LAWS.is_dir(), reason="statute texts are not part of the product: ../shared/laws is missing"
)
@pytest.mark.parametrize("locality", LOCALITIES)
def test_cited_articles_exist(locality: str) -> None:
    pack = load_pack(locality)
    files = {i.name: i.file for i in pack.instruments.values() if i.file}
    own = [b for b in pack.blocks if b.file.startswith(f"{locality}/") and b.citation.instrument in files]
    assert own
    for block in own:
        texts = [f for f in LAWS.glob("*.md") if f.name.startswith(f"{files[block.citation.instrument]}(")]
        assert any(
            re.search(rf"^{block.citation.article}[ 　]", f.read_text("utf-8"), re.M) for f in texts
        ), block


# Identity, act types, routing


@pytest.mark.parametrize(
    ("locality", "seed", "region", "doc_no"),
    [
        ("laizhou", "LZ", "370683", "莱自然资规发〔2019〕187号"),
        ("dongying", "DY", "370502", "东区政办发〔2017〕73号"),
        ("lingchuan", "LC", "140524", "陵自然资发〔2019〕23号"),
        ("kaiyuan", "KY", "211282", "not-stated"),
        ("huantai", "HT", "370321", "桓政办字〔2017〕30号"),
    ],
)
def test_identity(locality: str, seed: str, region: str, doc_no: str) -> None:
    pack = load_pack(locality)
    identity = pack.manifest["identity"]
    assert (pack.manifest["seed"], pack.manifest["region"], identity["doc_no"]) == (seed, region, doc_no)
    for key in ("issued_on", "effective_from", "disclosure_attribute"):
        stated = pack.parameter(f"identity.{key}")
        assert identity[key] == (stated.value if stated.is_set else "not-stated")
    assert pack.manifest["level"] == pack.parameter("identity.level").value
    assert identity["pilot"] is (locality == "huantai")


@pytest.mark.parametrize("locality", LOCALITIES)
def test_manifest_and_parameters_agree(locality: str) -> None:
    pack = load_pack(locality)
    stated = pack.parameter("act_types").value
    assert [(a["code"], a["label"], a["clause"]) for a in pack.act_types()] == [
        (a["code"], a["label"], a["clause"]) for a in stated
    ]
    assert list(pack.manifest["basis"]) == pack.parameter("basis").value


def test_printed_labels_stay() -> None:
    def printed(locality: str) -> dict[str, str]:
        return {a["code"]: a["label"] for a in load_pack(locality).act_types()}

    assert printed("laizhou")["inspection"] == "行政监督"
    assert printed("lingchuan")["levy"] == "行政征收征用"
    assert all(a["optional"] for a in load_pack("lingchuan").act_types())
    assert [n for n in LOCALITIES if any(a["derived"] for a in load_pack(n).act_types())] == ["kaiyuan"]


def test_huantai_routes_by_organ_first() -> None:
    rows = load_pack("huantai").parameter("publish.routing").value
    route = {(row["organ"], act): (row["label"], row["confirm"]) for row in rows for act in row["acts"]}
    acts = [a["code"] for a in load_pack("huantai").act_types()]
    assert set(route) == {(organ, act) for organ in ("police", "other") for act in acts}
    assert route["other", "licence"] == ("桓台县网上办事大厅", False)
    assert {route["other", act] for act in acts if act != "licence"} == {("行政执法网", False)}
    assert [key for key, (_, confirm) in route.items() if confirm] == [("police", "licence")]
    assert {label for (organ, _), (label, _) in route.items() if organ == "police"} == {"公安系统网络"}


def test_huantai_group_lists_posts_without_names() -> None:
    group = load_pack("huantai").parameter("leadership").value
    assert [post["role"] for post in group["posts"]] == ["组长", "副组长", "组员", "组员", "组员", "组员"]
    assert {key for post in group["posts"] for key in post} == {"role", "title"}
    assert group["sunset"] is True


def test_phases_before_issue_are_marked() -> None:
    for locality in ("dongying", "huantai"):
        pack = load_pack(locality)
        issued = pack.parameter("identity.issued_on").value
        first, *rest = pack.parameter("phases").value
        assert first["until"] < issued
        assert "早于方案印发日" in first["note"]
        assert all(phase["until"] > issued for phase in rest)


def test_a_phase_is_read_from_day_to_day() -> None:
    assert "安排部署（起：2019年10月10日；止：2019年10月15日）" in worded.plain(
        load_pack("lingchuan").parameter("phases").value
    )


# What several norms ask together

EVERY_EVENT = {"changed", "revoked", "illegal", "invalid", "redo"}


@pytest.mark.parametrize("locality", LOCALITIES)
def test_no_locality_withdraws_in_fewer_events_than_the_law(locality: str) -> None:
    """行政处罚法 第四十八条第二款 and the State Council's norm bind everywhere, whatever a scheme says or leaves open."""
    pack = load_pack(locality)
    assert {row["id"] for row in pack.binding("publish.withdraw_on").value} == EVERY_EVENT
    assert {row["id"] for row in pack.setting("publish.withdraw_on")} == EVERY_EVENT


def test_what_the_law_adds_to_a_scheme_names_its_article() -> None:
    rows = {row["id"]: row for row in load_pack("kaiyuan").binding("publish.withdraw_on").value}
    assert rows["changed"]["basis"] == rows["invalid"]["basis"] == "《行政处罚法》第四十八条"
    assert "basis" not in rows["revoked"]
    before = load_pack("kaiyuan").binding("publish.withdraw_on", date(2021, 7, 14))
    assert {row["id"] for row in before.value} == {"revoked", "illegal", "redo"}


# Lists, recording, measures


@pytest.mark.parametrize(
    ("list_id", "counts"),
    [
        ("rule-disclosure", (7, 7, 7, None, None)),
        ("rule-ex-post", (6, 5, None, None, 0)),
        ("ex-ante", (9, None, 9, 8, 9)),
        ("items", (4, 0, 4, None, None)),
        ("random-items", (7, 0, 7, 0, 0)),
        ("subjects", (None, 9, None, None, None)),
        ("officers", (6, 6, 7, None, None)),
        ("guide", (10, 0, 15, 5, 0)),
        ("window", (5, 6, 9, 5, 0)),
        ("av-items", (4, 4, 5, 4, None)),
        ("rule-review", (0, 4, 5, None, None)),
    ],
)
def test_required_fields(list_id: str, counts: tuple[int | None, ...]) -> None:
    found = [lists(name).get(list_id) for name in LOCALITIES]
    assert tuple(None if row is None else len(row["required"]) for row in found) == counts


@pytest.mark.parametrize("locality", LOCALITIES)
def test_lists_and_approvals_agree(locality: str) -> None:
    found = lists(locality)
    for key, list_id in (
        ("items", "items"),
        ("random_items", "random-items"),
        ("subjects", "subjects"),
        ("officers", "officers"),
    ):
        chain = load_pack(locality).parameter(f"approval.{key}")
        assert found.get(list_id, {"approval": []})["approval"] == (chain.value if chain.is_set else [])
    for row in found.values():
        assert set(row["required"]) <= set(row["fields"])
        assert len(set(row["fields"])) == len(row["fields"])


AV = {
    "on-site-inspection": "M-M-M",
    "random-inspection": "M-M-M",
    "evidence-collection": "M-MCM",
    "evidence-preservation": "M-M-M",
    "hearing": "M-MCM",
    "service": "M-M-M",
    "on-site-enforcement": "---C-",
    "coercion": "----M",
    "service-lien": "---C-",
    "service-announcement": "---C-",
    "seizure": "---F-",
    "demolition": "---F-",
    "liberty": "F--FF",
    "life-health": "F-FFF",
    "property": "F-FFF",
    "enforcement-place": "F-F-F",
    "case-room": "---F-",
}
"""Section (g): M mandatory, C as circumstances, F full process, in the order of LOCALITIES."""


@pytest.mark.parametrize("locality", LOCALITIES)
def test_recording_matters(locality: str) -> None:
    pack, column = load_pack(locality), LOCALITIES.index(locality)
    letters = {"REQUIRED": "M", "CIRCUMSTANCE": "C", "FULL": "F"}
    found = {b.data["matter"]: b.data for b in blocks(pack, "record")}
    assert {m: letters[row["level"]] for m, row in found.items()} == {
        m: row[column] for m, row in AV.items() if row[column] != "-"
    }
    waivable = {m for m, row in found.items() if row["waiver"]}
    assert waivable == ({m for m, row in AV.items() if row[3] == "C"} if locality == "kaiyuan" else set())
    stated = {"REQUIRED": "av.mandatory", "CIRCUMSTANCE": "av.circumstances"}
    for level, key in stated.items():
        value = pack.parameter(key)
        assert [m for m, row in found.items() if row["level"] == level] == (
            value.value if value.is_set else []
        )
    full = pack.parameter("av.full_process")
    if full.is_set:
        named = [*full.value["interests"], *full.value["acts"], *full.value["places"]]
        assert {m for m, row in found.items() if row["level"] == "FULL"} == set(named)


def test_every_canonical_step_of_a_case_falls_into_a_printed_stage() -> None:
    steps = {
        "intake",
        "filing",
        "investigation",
        "review",
        "notice",
        "hearing",
        "decision",
        "service",
        "execution",
    }
    for locality in ("laizhou", "lingchuan", "kaiyuan"):
        stages = load_pack(locality).parameter("recording.stages").value
        assert {step for stage in stages for step in stage["canonical"]} == steps


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_act_type_is_published_under_its_limit(locality: str) -> None:
    pack = load_pack(locality)
    found = {b.data["act_type"]: b.data["limit_key"] for b in blocks(pack, "disclose")}
    special = {"penalty": "publish.by_act.penalty", "licence": "publish.by_act.licence"}
    assert found == {a["code"]: special.get(a["code"], "publish.default_wd") for a in pack.act_types()}


LC_MEASURES = [
    ("二（一）1", "办公室", "2019年10月"),
    ("二（一）2（1）", "政策法规调控股", "2019年10月"),
    ("二（一）2（2）", "政策法规调控股", "2019年10月"),
    ("二（一）2（3）", "各相关业务股室", "2019年10月"),
    ("二（一）2（4）", "政策法规调控股", "2019年10月"),
    ("二（一）3（1）", "各相关业务股室、执法监察大队、自然资源（中心）所", "长期执行"),
    ("二（一）3（2）", "各相关业务股室、执法监察大队、自然资源（中心）所", "长期执行"),
    ("二（一）3（3）", "各相关业务股室、执法监察大队、不动产登记中心、自然资源（中心）所", "长期执行"),
    ("二（一）4（1）", "各相关业务股室、执法监察大队", "长期执行"),
    ("二（一）4（2）", "政策法规调控股、作出行政执法决定的业务股室", "长期执行"),
    ("二（二）1", "执法督查股", "2019年10月"),
    ("二（二）2", "相关业务股室、执法监察大队、自然资源（中心）所", "长期执行"),
    ("二（二）3", "相关业务股室、执法监察大队、自然资源（中心）所", "长期执行"),
    ("二（二）4", "相关业务股室、执法监察大队、自然资源（中心）所", "长期执行"),
    ("二（三）1", "政策法规调控股", "2019年10月"),
    ("二（三）2", "政策法规调控股", "2019年10月"),
    ("二（三）3", "政策法规调控股", "2019年10月"),
    ("二（三）4", "法制审核工作小组", "长期执行"),
    ("二（三）5", "政策法规调控股", "2019年10月"),
    ("二（三）6", "党务办公室、人事教育股", "长期执行"),
]
"""Section (j)."""


def test_lingchuan_measures() -> None:
    found = blocks(load_pack("lingchuan"), "measure")
    assert [(b.citation.article, "、".join(b.data["units"]), b.data["printed"]) for b in found] == LC_MEASURES
    assert {(b.data["printed"], b.data["due"]) for b in found} == {
        ("2019年10月", "2019-10-31"),
        ("长期执行", "standing"),
    }
    assert [b.data["recurring"] for b in found if "recurring" in b.data] == ["yearly 01-20"]


def test_lingchuan_section_leads() -> None:
    leads = load_pack("lingchuan").parameter("measures.section_leads").value
    assert [(row["clause"], row["lead"]) for row in leads] == [
        ("二（二）", "执法督查股"),
        ("二（三）", "政策法规调控股"),
    ]
    assert "执法监察大队" in leads[0]["with"]


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_measure_has_a_unit_and_a_due(locality: str) -> None:
    found = [b.data for b in blocks(load_pack(locality), "measure")]
    assert len({m["id"] for m in found}) == len(found) > 0
    for measure in found:
        assert measure["units"] and measure["title"]
        assert measure["due"] in ("standing", "not-set") or date.fromisoformat(measure["due"])
    if locality == "kaiyuan":
        assert {m["due"] for m in found} == {"standing"}


def test_dongying_filings_keep_the_printed_dates() -> None:
    rows = load_pack("dongying").parameter("filings").value
    assert {row["id"]: row["due"] for row in rows} == {
        "plan": "2017-10-31",
        "bundle": "2017-11-10",
        "summary": "2017-11-25",
        "items": "standing",
    }
    assert "不作逾期" in rows[0]["note"]
