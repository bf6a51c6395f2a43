"""Cases over HTTP: from the first act to the close, what is refused, what is shown to whom, and what comes twice."""

import base64
import hashlib
import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api_client import NOBODY, Api, clock, knock, office, officer, play, walk
from play import Clock, Play, make_office, play_of
from sanxiang.api.models import Idempotency
from sanxiang.cases.models import Case
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.models import Refusal
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.places import packs_root
from sanxiang.ledger.models import Act
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db
__all__ = ["clock", "office", "officer", "play"]


def test_it_takes_a_summary_case_from_the_scene_to_the_sealed_file(play: Play) -> None:
    answers = walk(play)
    acts = list(Act.objects.filter(subject=play.case_id).order_by("n"))
    assert [(a["n"], a["act"], a["leaf_hash"]) for a in answers] == [
        (a.n, str(a.id), a.leaf_hash) for a in acts
    ]
    assert (answers[-1]["stage"], answers[-1]["closed"]) == ("archived", "closed")
    assert play.case.unit == play.office.brigade
    sequence_all()
    assert not list(verify_all())


def test_it_tells_the_numbers_of_the_papers_it_made(play: Play) -> None:
    answers = walk(play, "serve-on-spot")
    paper = answers[-1]["papers"][0]
    assert paper["kind"] == "spot-decision" and "桓综执演当罚〔2026〕1号" in paper["number"]


def test_a_case_shows_where_it_stands(play: Play, officer: Api) -> None:
    walk(play, "serve-on-spot")
    found = officer.get(f"/cases/{play.case_id}")
    assert found["facts"]["party"]["kind"] == "org" and found["stage_label"] == "决定送达"
    assert {s["id"]: s["state"] for s in found["stages"]}["s-decision"] == "done"
    spot = next(c for c in found["clocks"] if c["id"] == "spot-filing")
    assert spot["due"] is None and spot["explanation"] == ["方案未定：本地方案没有规定天数"]
    public = next(c for c in found["clocks"] if c["id"] == "publish-penalty")
    assert public["due"] == "2026-03-11" and public["days_left"] == 9 and public["explanation"]
    assert {t["kind"] for t in found["tasks"]} == {"publish", "file-record"}
    assert [h["name"] for h in found["handlers"]] == [
        play.person("officer1").name,
        play.person("officer2").name,
    ]
    assert "serve-on-spot" in {a["id"] for a in found["open_acts"]}


def test_a_paper_comes_as_the_pdf_that_was_issued(play: Play, officer: Api) -> None:
    walk(play, "serve-on-spot")
    paper = next(p for p in officer.get(f"/cases/{play.case_id}")["papers"] if p["kind"] == "spot-decision")
    response = officer.ask("GET", paper["address"].removeprefix("/api/v1"))
    issued = response.content[: int(response["X-Original-Length"])]
    assert issued.startswith(b"%PDF") and hashlib.sha256(issued).hexdigest() == paper["pdf"]
    assert response["ETag"] == f'W/"{paper["pdf"]}"' and len(response.content) > len(issued)
    assert response["Cache-Control"] == "no-store"


def test_a_paper_changed_on_disk_is_not_handed_out(play: Play, officer: Api, settings: Any) -> None:
    walk(play, "serve-on-spot")
    paper = next(p for p in officer.get(f"/cases/{play.case_id}")["papers"] if p["kind"] == "spot-decision")
    file = settings.PAPER_ROOT / paper["pdf"][:2] / paper["pdf"][2:4] / paper["pdf"]
    file.chmod(0o600)
    kept = file.read_bytes()
    try:
        file.write_bytes(kept + b" ")
        error = officer.get(paper["address"].removeprefix("/api/v1"), 500)["error"]
        assert "ledger verify" in error["message"]
    finally:
        file.write_bytes(kept)


def test_a_refusal_lists_every_unmet_condition_and_writes_nothing(play: Play) -> None:
    walk(play, "decide-on-spot")
    api, address, body = knock(
        play, decision={**stories.penalty("3001")}, officers=[play.office.id("officer1")]
    )
    before = play.case.n
    refused = api.post(address, body, 422)["error"]["refused"]
    assert {"summary.amount", "two-officers"} <= {one["guard"] for one in refused}
    assert any("3,000元" in one["fact"] for one in refused)
    assert play.case.n == before
    kept = Refusal.objects.get(case=play.case_id)
    assert (kept.channel, kept.verdicts) == ("api", refused)


def test_a_first_act_that_is_refused_opens_no_case(play: Play) -> None:
    api, address, body = knock(play, officers=[play.office.id("officer1"), play.office.id("unlicensed")])
    guards = {one["guard"] for one in api.post(address, body, 422)["error"]["refused"]}
    assert "officers-certified" in guards and not Case.objects.exists()


KINDS = {
    "laizhou": ("licence penalty confirmation levy inspection", "coercion", "coercive-measure"),
    "huantai": ("penalty licence coercion levy fee inspection", "confirmation", "confirmation"),
}
"""What the scheme lists, a kind that it does not list, and a procedure of that kind."""


@pytest.mark.parametrize(
    "locality",
    [
        pytest.param("laizhou", marks=pytest.mark.carries("LZ-005", locality="laizhou")),
        "huantai",
    ],
)
def test_it_offers_the_kinds_of_acts_that_the_scheme_lists_and_no_other(
    db: None, clock: Clock, locality: str
) -> None:
    kinds, other, procedure = KINDS[locality]
    api = Api(make_office(locality).people["officer1"])
    assert {kind["code"] for kind in api.get("/scheme")["act_types"]} == set(kinds.split())
    assert {rule["act_type"] for rule in api.get("/procedures")["items"]} == set(kinds.split())
    (no,) = api.post("/cases", {"procedure": procedure, "data": {}}, 422)["error"]["refused"]
    assert no["guard"] == "act-type" and other not in kinds.split()
    assert "procedure" in api.post("/cases", {"procedure": "barter", "data": {}}, 400)["error"]["fields"]
    assert (
        "act_type"
        in api.post("/cases", {"procedure": "summary", "act_type": other, "data": {}}, 400)["error"]["fields"]
    )
    assert not Case.objects.exists()


def test_a_procedure_of_a_kind_that_the_scheme_does_not_list_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed = offered(Api(office.people["officer1"]))
    packs = copytree(packs_root(), tmp_path / "packs")
    monkeypatch.setenv("SANXIANG_PACKS", str(packs))
    manifest = packs / "huantai" / "pack.toml"
    manifest.write_text(manifest.read_text().replace('code = "penalty"', 'code = "requisition"'))
    api = Api(office.people["officer1"])
    refused = api.post("/cases", {"procedure": "summary", "data": {}}, 422)["error"]["refused"]
    assert [one["guard"] for one in refused] == ["act-type"]
    assert offered(api) == listed - {"summary", "ordinary"} | {"requisition"}


def offered(api: Api) -> set[str]:
    """The procedures of the caller's locality."""
    return {rule["id"] for rule in api.get("/procedures")["items"]}


def test_unreadable_input_is_named_by_field(play: Play) -> None:
    walk(play, "record-payment")
    api, address, body = knock(play, amount="二百", surprise="x", on="2026-02-30")
    fields = api.post(address, body, 400)["error"]["fields"]
    assert set(fields) == {"amount", "surprise", "on"} and "2026-02-30" in fields["on"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"procedure": "summary", "data": {}, "skip_checks": True}, "skip_checks"),
        ({"procedure": "summary"}, "data"),
        ({"procedure": "summary", "data": []}, "data"),
        ({"procedure": "summary", "data": {}, "agency": NOBODY}, "agency"),
        ({"procedure": "summary", "data": {}, "unit": NOBODY}, "unit"),
        ({"procedure": "summary", "data": {}, "unit": "第一队"}, "unit"),
        ({"procedure": "summary", "data": {}, "idempotency_key": "有 空格"}, "idempotency_key"),
    ],
)
def test_a_request_holds_what_its_schema_names_and_nothing_else(
    officer: Api, body: dict[str, Any], name: str
) -> None:
    error = officer.post("/cases", body, 400)["error"]
    assert error["code"] == "unreadable" and name in "".join(error["fields"])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"data": NaN}', b'{"data": {}, "data": {}}', b'{"data": {"x": "\\ud800"}}',
             b'{"data": "\xff"}', b'{"data":' + b"[" * 200_000]
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(play: Play, officer: Api, body: bytes) -> None:
    walk(play, "show-certificate")
    error = officer.post(f"/cases/{play.case_id}/acts/inspect", body, 400)["error"]
    assert error["code"] == "unreadable" and "Expecting" not in error["message"], error["message"]


def test_a_huge_body_is_refused(officer: Api) -> None:
    text = json.dumps({"procedure": "summary", "data": {"cause": "水" * 6_000_000}})
    assert officer.post("/cases", text, 413)["error"]["code"] == "too-large"


def test_an_act_that_the_procedure_lacks_is_unknown(play: Play, officer: Api) -> None:
    walk(play, "show-certificate")
    for act in ("make-it-so", "hold-hearing", "start-summary "):
        assert (
            officer.post(f"/cases/{play.case_id}/acts/{act}", {"data": {}}, 404)["error"]["code"] == "unknown"
        )


# What comes twice


@pytest.mark.storage
def test_the_same_key_opens_one_case(play: Play) -> None:
    api, address, body = knock(play)
    body["idempotency_key"] = "clue-7"
    first, again = api.post(address, body), api.post(address, body, 200)
    assert first == again and Case.objects.count() == 1


def test_the_same_key_does_an_act_once(play: Play, officer: Api) -> None:
    walk(play, "show-certificate")
    _api, address, body = knock(play)
    body["idempotency_key"] = "k"
    first = officer.post(address, body)
    play.pass_days(3)
    assert officer.post(address, body, 200) == first and play.case.n == first["n"]


def test_a_key_stands_for_one_request(play: Play, officer: Api) -> None:
    walk(play, "show-certificate")
    _api, address, body = knock(play)
    officer.post(address, {**body, "idempotency_key": "k"})
    other = {**body, "idempotency_key": "k", "data": {**body["data"], "place": "别处"}}
    assert officer.post(address, other, 409)["error"]["code"] == "key-reused"
    assert officer.post(f"{address}-again", {**body, "idempotency_key": "k"}, 409)


@pytest.mark.storage
def test_a_key_is_a_persons_own(play: Play) -> None:
    walk(play, "show-certificate")
    _api, address, body = knock(play)
    body["idempotency_key"] = "k"
    done = [Api(play.person(who)).post(address, body)["n"] for who in ("officer1", "officer2")]
    assert done == [2, 3]


def test_a_refusal_leaves_the_key_free_and_is_remembered(play: Play, officer: Api) -> None:
    walk(play, "show-certificate")
    _api, address, body = knock(play)
    body["idempotency_key"] = "k"
    officer.post(address, {**body, "data": {}}, 422)
    assert Refusal.objects.filter(case=play.case_id, act="show-certificate").count() == 1
    assert not Idempotency.objects.exists()
    officer.post(address, body)


# Who may look


@pytest.mark.parametrize("path", ["", "/acts", "/timeline", f"/papers/{NOBODY}.pdf"])
def test_a_case_of_others_does_not_exist(play: Play, clock: Clock, path: str) -> None:
    walk(play, "show-certificate")
    stranger = Api(make_office("kaiyuan").people["officer1"])
    hidden = stranger.get(f"/cases/{play.case_id}{path}", 404)["error"]["message"]
    missing = stranger.get(f"/cases/{NOBODY}{path}", 404)["error"]["message"]
    assert hidden.replace(str(play.case_id), "") == missing.replace(NOBODY, "")
    assert stranger.get("/cases")["total"] == 0


def test_nobody_else_acts_on_a_case(play: Play, clock: Clock) -> None:
    walk(play, "show-certificate")
    _api, address, body = knock(play)
    stranger = Api(make_office("kaiyuan").people["officer1"])
    assert stranger.post(address, body, 404)["error"]["code"] == "unknown"
    assert play.case.n == 1


@pytest.fixture
def reported(office: Office, clock: Clock) -> Play:
    """An ordinary case that somebody reported, under investigation, with a witness heard."""
    story = play_of(office, "ordinary", clock)
    story.until(
        "conclude-investigation",
        register_clue={"source": "complaint", "informant": "举报人甲"},
        interview={"interviewee": "证人乙"},
    )
    return story


@pytest.mark.parametrize(
    ("who", "informant"),
    [("officer1", True), ("agency-head", True), ("officer3", False), ("archivist", False)],
)
def test_informants_and_witnesses_are_hidden_inside_the_case(
    reported: Play, who: str, informant: bool
) -> None:
    api = Api(reported.person(who))
    texts = [
        json.dumps(api.get(f"/cases/{reported.case_id}{part}"), ensure_ascii=False)
        for part in ("", "/acts", "/timeline")
    ]
    assert all(("举报人甲" in text) <= informant and ("证人乙" in text) <= informant for text in texts)
    assert ("举报人甲" in texts[0]) is informant and ("证人乙" in texts[2]) is informant
    hidden = [] if informant else ["summary", "informant"]
    assert api.get(f"/cases/{reported.case_id}")["withheld"] == hidden


def test_a_witness_is_hidden_in_the_interview_record_too(reported: Play) -> None:
    closed, opened = Api(reported.person("officer3")), Api(reported.person("officer1"))
    papers = opened.get(f"/cases/{reported.case_id}")["papers"]
    record = next(p for p in papers if p["kind"] == "interview-record")
    address = record["address"].removeprefix("/api/v1")
    assert opened.ask("GET", address).status_code == 200
    assert closed.get(address, 403)["error"]["code"] == "post"
    listed = {p["kind"]: p["address"] for p in closed.get(f"/cases/{reported.case_id}")["papers"]}
    assert (
        listed["interview-record"] is None
        and listed["investigation-report" if "investigation-report" in listed else "site-record"]
    )


def test_the_timeline_tells_acts_in_order_by_the_page(play: Play, officer: Api) -> None:
    walk(play, "record-payment")
    whole = officer.get(f"/cases/{play.case_id}/timeline")
    assert [e["n"] for e in whole["items"]] == list(range(1, whole["total"] + 1)) and not whole["more"]
    part = officer.get(f"/cases/{play.case_id}/timeline?after=2&limit=3")
    assert part["items"] == whole["items"][2:5] and part["more"]
    first = whole["items"][0]
    assert (
        first["name"] == "start-summary"
        and first["index"] is None
        and first["by_name"] == play.person("officer1").name
    )
    assert whole["people"][play.office.id("officer2")] == play.person("officer2").name
    sequence_all()
    assert officer.get(f"/cases/{play.case_id}/timeline")["items"][0]["index"] is not None


# Acts and lists


def test_acts_say_what_stands_in_their_way_and_what_they_ask(play: Play, officer: Api) -> None:
    walk(play, "show-certificate")
    acts = {a["id"]: a for a in officer.get(f"/cases/{play.case_id}/acts")["items"]}
    assert acts["show-certificate"]["open"] and not acts["show-certificate"]["unmet"]
    closed = acts["decide-on-spot"]
    assert not closed["open"] and "summary.told" in {v["guard"] for v in closed["unmet"]}
    schema = acts["inspect"]["schema"]
    assert schema["additionalProperties"] is False and "place" in schema["required"]
    assert schema["properties"]["record"]["title"] == "记录内容"
    assert not acts["close"]["open"] and "role" in {v["guard"] for v in acts["close"]["unmet"]}


def test_an_act_offers_what_the_case_already_knows(play: Play, officer: Api) -> None:
    walk(play, "serve-on-spot")
    acts = {a["id"]: a for a in officer.get(f"/cases/{play.case_id}/acts")["items"]}
    assert acts["decide-on-spot"]["schema"]["properties"]["decision"]["default"]["fine"] == "200"


@pytest.fixture
def several(play: Play) -> Play:
    """Five cases: three running, one closed, one long overdue."""
    for n in range(5):
        case = play.other()
        case.until("" if n == 0 else "serve-on-spot", start_summary={"cause": f"第{n + 1}种违法行为"})
    return play


@pytest.mark.storage
def test_the_list_goes_on_where_the_page_ended(several: Play, officer: Api) -> None:
    seen, cursor = [], ""
    while True:
        page = officer.get(f"/cases?limit=2&cursor={cursor}")
        assert page["total"] == 5 and len(page["items"]) <= 2
        seen += [case["id"] for case in page["items"]]
        if page["cursor"] is None:
            break
        cursor = page["cursor"]
    newest = Case.objects.order_by("-opened_at", "id").values_list("id", flat=True)
    assert seen == [str(key) for key in newest]


FILTERS = {
    "closed=true": 1, "closed=false": 4, "stage=decided": 4, "stage=nowhere": 0, "q=清源建材": 5, "q=清源 案": 5,
    "q=清源 没有": 0, "q=%00": 5, f"agency={NOBODY}": 0, "overdue=true": 0, "overdue=false": 5,
}  # fmt: skip
"""How many of the five each leaves."""


@pytest.mark.storage
def test_the_list_is_filtered(several: Play, officer: Api) -> None:
    found = {filters: officer.get(f"/cases?{filters}") for filters in FILTERS}
    assert {filters: page["total"] for filters, page in found.items()} == FILTERS
    assert {filters: len(page["items"]) for filters, page in found.items()} == FILTERS


@pytest.mark.storage
def test_the_list_knows_what_is_overdue(several: Play, officer: Api) -> None:
    several.pass_days(40)
    page = officer.get("/cases?overdue=true")
    assert page["total"] == 4 and all(case["overdue"] for case in page["items"])
    assert officer.get("/cases?overdue=false")["total"] == 1


@pytest.mark.storage
@pytest.mark.parametrize("cursor", ["x", "bm8", "W10", "WyJ4IiwieSJd", "%00", "WzEsMl0"])
def test_a_cursor_that_is_not_ours_is_refused(officer: Api, cursor: str) -> None:
    for path in ("/cases", "/tasks"):
        assert "cursor" in officer.get(f"{path}?cursor={cursor}", 400)["error"]["fields"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "2026-03-02", "2026-03-02T09:00:00"])
def test_a_cursor_at_no_moment_of_ours_is_refused(officer: Api, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([moment, "0" * 32]).encode()).decode().rstrip("=")
    assert "cursor" in officer.get(f"/cases?cursor={cursor}", 400)["error"]["fields"]


def queries(api: Api, path: str) -> int:
    """How many statements one GET takes."""
    api.get(path)
    with CaptureQueriesContext(connection) as found:
        response = api.client.get(f"/api/v1{path}", headers=api.headers)
    assert response.status_code == 200
    return len(found)


@pytest.mark.storage
def test_queries_do_not_grow_with_the_case_or_the_list(play: Play, officer: Api) -> None:
    walk(play, "inspect")
    paths = (
        "/cases",
        "/tasks",
        f"/cases/{play.case_id}",
        f"/cases/{play.case_id}/acts",
        f"/cases/{play.case_id}/timeline",
    )
    small = {path: queries(officer, path) for path in paths}
    walk(play, "record-payment")
    for n in range(3):
        play.other().until("serve-on-spot", start_summary={"cause": f"第{n + 1}种违法行为"})
    large = {path: queries(officer, path) for path in paths}
    assert all(large[path] <= small[path] for path in paths), (small, large)
    assert max(large.values()) <= 24, large
