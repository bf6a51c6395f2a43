"""As long as the forms and lists allow, on either database: nothing is an error of the database, nothing is cut unseen."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from clockwork import Clock
from play import Play, make_office, play_of
from sanxiang.cases.models import Publication
from sanxiang.door.attempts import Unreadable
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange.loading import load_decisions
from sanxiang.law.packs import load_pack
from sanxiang.law.rules import Act, Field
from side_stories import photo

pytestmark = pytest.mark.django_db
LONGTEXT = 1200
KEPT = ("told_rights", "answer", "basis", "violated", "relation", "digest")
"""Texts that guards or papers read for what they say."""


@pytest.fixture
def play(clock: Clock) -> Play:
    return play_of(make_office("huantai"), "ordinary", clock)


def stretched(item: Field, value: Any) -> Any:
    """The value filled up to what the form takes."""
    if item.options or value in (None, "") or item.name in KEPT:
        return value
    if isinstance(value, list) and item.columns:
        return [stretched_row(item.columns, row) for row in value]
    if isinstance(value, dict):
        return stretched_row(item.columns, value)
    longest = {"text": 500, "longtext": LONGTEXT}.get(item.type)
    if longest is None or not isinstance(value, str) or value.replace("-", "").isdigit():
        return value
    return (value + "某" * longest)[: item.max_length or longest]


def stretched_row(columns: tuple[Field, ...], row: dict[str, Any]) -> dict[str, Any]:
    known = {column.name: column for column in columns}
    return {name: stretched(known[name], value) for name, value in row.items()}


def longest_of(act: Act, told: dict[str, Any]) -> dict[str, Any]:
    """The act's data with every text as long as it may be."""
    known = {item.name: item for item in act.fields}
    return {name: stretched(known[name], value) for name, value in told.items() if name in known}


def test_a_case_of_the_longest_texts_goes_all_the_way(play: Play, client: Client) -> None:
    pack = load_pack(play.office.agency.locality)
    while play.position < len(play.steps):
        step = play.next()
        if step.act == "conclude-investigation":
            told = photo(play.office)
            play.do("add-evidence", "officer1", **longest_of(pack.acts["add-evidence"], told))
        told = play.data_of(step, play.moment)
        play.step(**longest_of(pack.acts[step.act], told))
    assert len(play.case.party) == 500 and play.case.closed
    row = Publication.objects.get()
    assert row.status == "published" and len(row.party) == 500
    assert play.case.evidence_rows.filter(title__endswith="某").exists()
    assert list(verify_all()) == []
    assert client.get(f"/decisions/{row.pk}/").status_code == 200


def test_one_character_more_is_a_sentence(play: Play) -> None:
    told = play.data_of(play.next(), play.moment)
    told["party"] = {**told["party"], "name": "某" * 10_000}
    with pytest.raises(Unreadable, match="有 10000 个字，最多 500 个字"):
        play.step(**told)


def test_a_name_of_ten_thousand_characters_is_imported_and_shown(
    play: Play, client: Client, tmp_path: Path
) -> None:
    long = "某" * 10_000
    row = {
        "id": "L1",
        "record_type": "penalty",
        "doc_no": long,
        "title": long,
        "party": long,
        "address": long,
    }
    row |= {"authority": long, "facts": long * 10, "decision_date": "2020-03-01", "party_code": long}
    path = tmp_path / "list.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    outcome = load_decisions(path, play.office.agency, publish=True)
    assert (outcome.added, outcome.held) == (1, 0), outcome
    kept = Publication.objects.get()
    assert kept.party == kept.title == kept.number == kept.authority == long
    page = client.get(f"/decisions/{kept.pk}/")
    assert page.status_code == 200 and long in page.content.decode()
    listed = client.get("/decisions/")
    assert listed.status_code == 200 and "某" * 100 in listed.content.decode()
    assert len(listed.content) < 30_000, "a list shows how it begins"
    assert list(verify_all()) == []
