"""What everybody may read: published decisions, why one was withdrawn, and the form of a public record."""

import uuid
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.test import Client

from api_client import NOBODY, Api, clock, knock, office, play, token_for, walk
from play import LOCALITIES, Clock, Play, make_office, play_of
from sanxiang.cases.models import Publication
from sanxiang.law.places import packs_root
from sanxiang.ledger.models import Act

pytestmark = pytest.mark.django_db
__all__ = ["clock", "office", "play"]

FOUR = {"执法机关", "执法对象", "执法类别", "执法结论"}


@pytest.fixture
def published(play: Play) -> Play:
    """A summary case of which the decision is public."""
    walk(play, "record-payment")
    return play


def test_a_published_decision_is_found_by_anybody(published: Play) -> None:
    cause = published.case.state["facts"]["cause"]
    found = Api().get(f"/public/decisions?q=清源 {cause[:4]}")
    assert (found["total"], found["over"], found["cursor"]) == (1, None, None)
    row = found["items"][0]
    assert row["agency"] == published.office.agency.name and row["decided_on"] == "2026-03-02"
    whole = Api().get(f"/public/decisions/{row['id']}")
    assert {name: whole[name] for name in row} == row
    act = Api(published.person("officer1")).get(f"/cases/{published.case_id}/timeline")["items"]
    publish = next(entry for entry in act if entry["name"] == "publish")
    assert (whole["act"], whole["leaf_hash"]) == (publish["id"], publish["leaf_hash"])


ASKED = {
    "": 1, "q=没有这样的词": 0, "q=桓综执演当罚[2026]1号": 1, "act_type=penalty": 1, "act_type=licence": 0,
    "from=2026-03-02&to=2026-03-02": 1, "from=2026-03-03": 0, "to=2026-03-01": 0, "page=2": 1, "exact=true": 1, "q=%00": 0,
}  # fmt: skip
"""Whether each finds the one decision there is."""


def test_it_is_the_portals_own_search(published: Play) -> None:
    found = {asked: Api().get(f"/public/decisions?{asked}") for asked in ASKED}
    assert {asked: page["total"] for asked, page in found.items()} == ASKED
    assert {asked: len(page["items"]) for asked, page in found.items()} == ASKED | {"page=2": 0}


def test_an_agency_may_be_named_by_id_or_name(published: Play, clock: Clock) -> None:
    agency, other = published.office.agency, make_office("kaiyuan").agency
    for text in (agency.id, agency.name):
        assert Api().get(f"/public/decisions?agency={text}")["total"] == 1
    assert Api().get(f"/public/decisions?agency={other.id}")["total"] == 0
    assert "agency" in Api().get("/public/decisions?agency=没有这个局", 400)["error"]["fields"]


@pytest.mark.parametrize(
    "bad",
    [
        "from=2026-02-30",
        "to=x",
        "cursor=x",
        "cursor=9e9",
        f"cursor={2**70}",
        "limit=0",
        "limit=201",
        "page=0",
        "Q=x",
        "q=" + "水" * 2001,
    ],
)
def test_a_question_that_cannot_be_read_is_named(db: None, bad: str) -> None:
    assert bad.split("=")[0] in Api().get(f"/public/decisions?{bad}", 400)["error"]["fields"]


def test_the_list_goes_on_where_the_page_ended(office: Any, clock: Clock) -> None:
    for n in range(3):
        story = play_of(office, "summary", clock)
        story.pass_days(n + 1)
        story.until("record-payment")
    whole = [row["id"] for row in Api().get("/public/decisions")["items"]]
    first = Api().get("/public/decisions?limit=2")
    assert [r["id"] for r in first["items"]] == whole[:2] and first["total"] == 3
    rest = Api().get(f"/public/decisions?limit=2&cursor={first['cursor']}")
    assert [r["id"] for r in rest["items"]] == whole[2:] and rest["cursor"] is None


def test_what_is_not_public_answers_like_what_does_not_exist(play: Play) -> None:
    walk(play, "publish")
    prepared = Publication.objects.get(case=play.case_id)
    answers = {
        Api().ask("GET", f"/public/decisions/{key}").content
        for key in (prepared.id, NOBODY, "x", play.case_id, uuid.uuid4().hex)
    }
    assert len(answers) == 1 and prepared.status == "prepared"
    assert Api().get("/public/decisions")["total"] == 0
    assert Api().get(f"/public/decisions/{prepared.id}", 404)


def test_a_withdrawn_decision_leaves_its_reason_and_nothing_else(published: Play) -> None:
    key = Api().get("/public/decisions")["items"][0]["id"]
    published.withdraw("原决定已被撤销")
    error = Api().get(f"/public/decisions/{key}", 410)["error"]
    assert error["code"] == "withdrawn" and "原决定已被撤销" in error["message"] and "清源" not in str(error)
    assert Api().get("/public/decisions?q=清源")["total"] == 0


@pytest.mark.carries("LZ-036", locality="laizhou")
def test_a_decision_from_another_system_is_on_the_portal_once_it_is_approved_and_only_once(
    db: None, clock: Clock
) -> None:
    """Another program walks the case with tokens; whatever it sends twice under one key is done once."""
    story = play_of(make_office("laizhou"), "summary", clock)
    last = story.find("record-payment")
    while story.position < last:
        api, address, body = knock(story)
        program = Api(token=token_for(api.person))  # type: ignore[arg-type]
        body["idempotency_key"] = f"step-{story.position}"
        shown = portal(story)
        first, again = program.post(address, body), program.post(address, body, 200)
        assert first == again
        story.case_id = uuid.UUID(first["case"])
        story.position += 1
    assert not shown and portal(story)
    assert Act.objects.filter(subject=story.case_id).count() == last
    assert Publication.objects.count() == Api().get("/public/decisions")["total"] == 1


def portal(story: Play) -> bool:
    """Does the portal's own page show a decision?"""
    page = Client().get("/decisions/").content.decode()
    return f"当罚〔{story.clock.now.year}〕1号" in page


@pytest.mark.parametrize("locality", LOCALITIES)
def test_the_form_of_a_public_record_is_told_for_each_kind_of_act(db: None, locality: str) -> None:
    found = Api().get(f"/public/schema?locality={locality}")["items"]
    assert len({one["act_type"] for one in found}) == len(found) >= 4
    for one in found:
        assert one["citation"] and set(one["schema"]["x-required-labels"]) >= FOUR
        assert one["schema"]["required"] == ["authority", "party", "kind", "result"]
        assert one["schema"]["properties"]["decided_on"]["format"] == "date"
        assert one["schema"]["properties"]["number"]["type"] == "string"


def test_the_form_comes_for_every_locality_at_once(db: None) -> None:
    found = Api().get("/public/schema")
    assert {one["locality"] for one in found["items"]} == set(LOCALITIES) and found["total"] == len(
        found["items"]
    )
    assert Api().get("/public/schema?locality=atlantis", 404)


def test_a_pack_adds_to_the_form_and_takes_nothing_from_it(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packs = copytree(packs_root(), tmp_path / "packs")
    monkeypatch.setenv("SANXIANG_PACKS", str(packs))
    for file in (packs / "kaiyuan").glob("*.md"):
        file.write_text(file.read_text().replace('"执法类别", "执法结论"]', '"执法结论", "执法依据"]'))
    form = Api().get("/public/schema?locality=kaiyuan")["items"][0]["schema"]
    assert set(form["x-required-labels"]) == FOUR | {"执法依据"}
    assert form["required"] == ["authority", "party", "kind", "result", "basis"]


def test_a_record_that_does_not_keep_to_the_form_is_not_published(db: None, clock: Clock) -> None:
    """The schema says what must be there; the door refuses a wrong date and a missing part, and names them."""
    story = play_of(make_office("kaiyuan"), "summary", clock)
    walk(story, "publish")
    form = next(
        one for one in Api().get("/public/schema?locality=kaiyuan")["items"] if one["act_type"] == "penalty"
    )
    assert set(form["schema"]["required"]) == {"authority", "party", "kind", "result"}
    api, address, body = knock(story)
    assert "on" in api.post(address, {"data": {**body["data"], "on": "2026-02-30"}}, 400)["error"]["fields"]
    assert api.post(address, {"data": {}}, 422)["error"]["refused"]
    api.post(address, body)
    row = Api().get(f"/public/decisions/{Api().get('/public/decisions')['items'][0]['id']}")
    assert row["authority"] and row["party"] and row["result"] and row["act_type"] == "penalty"
