"""Who I am, which law governs, which lists are in force, what waits."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from api_client import NOBODY, Api, clock, office, officer, play
from play import LOCALITIES, Clock, Play, make_office
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.law.describe import act_schema
from sanxiang.law.forms import parse
from sanxiang.law.packs import load_pack

pytestmark = pytest.mark.django_db
__all__ = ["clock", "office", "officer", "play"]
PROCEDURES = {
    "penalty": 2, "licence": 3, "coercion": 5, "inspection": 1, "levy": 2, "fee": 1,
    "requisition": 1, "confirmation": 1, "adjudication": 1,
}  # fmt: skip
"""How many procedures there are for each kind of acts."""
LISTED = {
    "laizhou": "licence penalty confirmation levy inspection",
    "huantai": "penalty licence coercion levy fee inspection",
    "kaiyuan": "licence penalty coercion inspection",
    "lingchuan": "licence penalty coercion inspection levy requisition adjudication",
    "dongying": "licence penalty coercion levy fee inspection",
}
"""The kinds that each scheme lists; 陵川's 行政征收征用 are two of the law's."""


def test_me_tells_person_posts_and_agencies(office: Office, officer: Api) -> None:
    found = officer.get("/me")
    assert found["name"] == office.people["officer1"].name and found["agencies"] == [str(office.agency.id)]
    post = found["posts"][0]
    assert (post["role"], post["unit"]["name"], post["deputised"]) == ("officer", "执法大队", False)
    assert found["token"] is None


def test_the_scheme_shows_every_parameter_with_its_source(officer: Api) -> None:
    found = officer.get("/scheme")
    assert found["id"] == "huantai" and found["identity"]["doc_no"] == "桓政办字〔2017〕30号"
    rows = {row["key"]: row for row in found["parameters"]}
    assert set(rows) == set(load_pack("huantai").parameters)
    unset = rows["publish.fields"]
    assert unset["shown"] == "方案未定" and unset["question"] and unset["binding"]["provenance"] == "national"


@pytest.mark.parametrize("locality", LOCALITIES)
def test_any_locality_may_be_read(officer: Api, locality: str) -> None:
    """Each has the procedures of the kinds of acts that its own scheme lists, not of those that the reader's lists."""
    assert officer.get(f"/scheme?locality={locality}")["id"] == locality
    found = officer.get(f"/procedures?locality={locality}")
    counted = Counter(rule["act_type"] for rule in found["items"])
    assert counted == {kind: PROCEDURES[kind] for kind in LISTED[locality].split()}
    assert found["locality"] == locality and found["total"] == counted.total()


@pytest.mark.parametrize("path", ["/scheme", "/procedures", "/procedures/summary"])
@pytest.mark.parametrize("locality", ["national", "atlantis", "../huantai"])
def test_an_unknown_locality_is_unknown(officer: Api, path: str, locality: str) -> None:
    assert "huantai" in officer.get(f"{path}?locality={locality}", 404)["error"]["message"]


def test_who_works_nowhere_names_the_locality(db: None, clock: Clock) -> None:
    person = make_office("huantai").people["archivist"]
    person.posts.update(valid_until=date(2025, 1, 31), n=99)
    assert "locality" in Api(person).get("/scheme", 400)["error"]["fields"]


def test_a_procedure_tells_acts_conditions_and_periods(officer: Api) -> None:
    found = officer.get("/procedures/summary")
    acts = {act["id"]: act for act in found["acts"]}
    assert acts["start-summary"]["first"] and "summary.amount" in {
        g["id"] for g in acts["decide-on-spot"]["guards"]
    }
    lengths = {rule["id"]: rule["n"] for rule in found["limits"]}
    assert (lengths["pay"], lengths["spot-filing"]) == (15, None)
    assert found["flow"][0]["citation"] == "《行政处罚法》第五十一条"


def sample(schema: dict[str, Any]) -> Any:
    """A value that the schema allows, with every property filled."""
    if "oneOf" in schema:
        return schema["oneOf"][0]["const"]
    kind = schema["type"]
    if kind == "object":
        return {
            name: sample(one)
            for name, one in schema["properties"].items()
            if name != "receipt" or "receipt" in schema["required"]
        }
    if kind == "array":
        return [sample(schema["items"])]
    if kind != "string":
        return {"integer": 3, "boolean": True}[kind]
    patterns = {
        r"^\d{4}-\d{2}-\d{2}$": "2026-03-02",
        r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$": "2026-03-02T09:30",
        r"^[0-9a-f]{64}$": "0a" * 32,
    }
    if schema.get("format") == "uuid":
        return NOBODY
    return patterns.get(schema.get("pattern", ""), "12.5" if schema.get("x-unit") == "元" else "文字")


@pytest.mark.parametrize("locality", LOCALITIES)
def test_what_an_acts_schema_allows_can_be_read(locality: str) -> None:
    """The schema in the API and the parser behind the door are made from the same fields; here they must agree.

    Receipts of files are the API's own: it puts in their place what they say before the parser sees them.
    """
    for act in load_pack(locality).acts.values():
        schema = act_schema(act)
        value = sample(schema)
        for file in [f for item in act.fields if item.type == "file" for f in value[item.name]]:
            assert file.pop("receipt")
        data, errors = parse(act, value)
        assert not errors, (act.id, errors)
        assert data == value, act.id
        assert set(schema["required"]) <= set(schema["properties"])


# Registers


@pytest.fixture
def listed(office: Office) -> Office:
    """Two releases of the agency's list of items."""
    for day, name in ((date(2025, 1, 2), "取水许可检查"), (date(2026, 2, 1), "取水监督检查")):
        administer("release-register", office.agency, None, {
            "kind": "items", "label": "行政执法事项清单", "rows": [{"code": "S-01", "name": name}], "in_force_from": day, "note": "",
        })  # fmt: skip
    return office


def test_a_register_is_asked_for_by_its_day(listed: Office, officer: Api) -> None:
    now, then = officer.get("/registers/items"), officer.get("/registers/items?on=2026-01-31")
    assert (now["version"], now["rows"][0]["name"], now["total"]) == (2, "取水监督检查", 1)
    assert (then["version"], then["rows"][0]["name"]) == (1, "取水许可检查")
    assert officer.get("/registers/items?on=2024-12-31", 404)
    assert officer.get("/registers/nothing", 404)


@pytest.mark.parametrize("bad", ["on=2026-02-30", "on=yesterday", "agency=x", "kind=items"])
def test_a_register_asked_for_wrongly_is_named(listed: Office, officer: Api, bad: str) -> None:
    assert bad.split("=")[0] in officer.get(f"/registers/items?{bad}", 400)["error"]["fields"]


def test_registers_of_other_agencies_are_unknown(listed: Office, clock: Clock) -> None:
    stranger = Api(make_office("kaiyuan").people["officer1"])
    assert stranger.get(f"/registers/items?agency={listed.agency.id}", 404)
    assert stranger.get("/registers/items", 404)


# Tasks


def test_tasks_wait_for_those_whose_post_it_is(play: Play, officer: Api) -> None:
    play.until("serve-on-spot")
    mine = officer.get("/tasks")
    assert [(t["kind"], t["due"], t["overdue"]) for t in mine["items"]] == [("file-record", None, False)]
    assert mine["total"] == 1
    assert mine["items"][0]["case"] == str(play.case_id) and mine["items"][0]["case_title"] == play.case.title
    assert [t["kind"] for t in Api(play.person("disclosure-editor")).get("/tasks")["items"]] == ["publish"]
    assert Api(play.person("officer3")).get("/tasks")["total"] == 0, "an officer's tasks are of the own cases"


def test_tasks_come_by_the_page_the_nearest_first(play: Play, officer: Api) -> None:
    for days in range(4):
        case = play.other()
        case.pass_days(days)
        case.until("serve-on-spot")
    for one, dated in ((Api(play.person("disclosure-editor")), True), (officer, False)):
        whole = one.get("/tasks")["items"]
        days = [t["due"] or "" for t in whole]
        assert days == sorted(days) and all(days) == dated and len(whole) == 4
        first = one.get("/tasks?limit=3")
        assert first["items"] == whole[:3] and first["total"] == 4
        rest = one.get(f"/tasks?limit=3&cursor={first['cursor']}")
        assert rest["items"] == whole[3:] and rest["cursor"] is None


def test_tasks_know_what_is_overdue(play: Play, officer: Api) -> None:
    play.until("serve-on-spot")
    editor = Api(play.person("disclosure-editor"))
    assert editor.get("/tasks?overdue=true")["total"] == 0
    play.pass_days(10)
    assert editor.get("/tasks?overdue=true")["items"][0]["overdue"] is True
    assert officer.get("/tasks?overdue=true")["total"] == 0
