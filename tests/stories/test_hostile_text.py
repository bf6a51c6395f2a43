"""Code, markup and formulas typed into every field of a whole case come out everywhere as the text that they are."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from clockwork import Clock
from knocks import WAYS, signed_in
from play import Play, make_office, play_of
from sanxiang.cases.papers.typeset import path_of
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.rules import Act, Field

pytestmark = pytest.mark.django_db

EVIL = "<script>alert('甲')</script>\"'>{{ 7*7 }}{% now %}#let x=1 $x$ =1+1"
LETTERS = ("text", "longtext")


@pytest.fixture
def play(clock: Clock) -> Play:
    """The story with a hearing."""
    return play_of(make_office("kaiyuan"), "hearing", clock)


def poisoned(act: Act, data: dict[str, Any], spared: frozenset[str]) -> dict[str, Any]:
    """The story's data with the evil text behind every free text in it."""
    return {
        name: bad(item, value, spared) if (item := act.field(name)) and name not in spared else value
        for name, value in data.items()
    }


def bad(item: Field, value: Any, spared: frozenset[str]) -> Any:
    """One field's value, or those of its columns."""
    if item.columns:
        rows = value if isinstance(value, list) else [value]
        found = [
            {
                k: bad(c, v, spared) if (c := column(item, k)) and k not in spared else v
                for k, v in row.items()
            }
            for row in rows
        ]
        return found if isinstance(value, list) else found[0]
    return f"{value}{EVIL}" if item.type in LETTERS and isinstance(value, str) and value else value


def column(item: Field, name: str) -> Field | None:
    """The column of that name."""
    return next((c for c in item.columns if c.name == name), None)


SPARED = frozenset(
    {"receiver", "shown_to", "digest", "code", "phone", "uscc", "idcard", "mobile", "number", "account"}
)
"""Fields whose value must be something: a code, or the name of somebody to whom a certificate was shown."""


def walk(play: Play) -> Iterator[str]:
    """Play to the end with poison in every field; yields the acts that took it."""
    while play.position < len(play.steps):
        step = play.next()
        play.pass_days(step.after)
        act = play.pack.acts[step.act] if play.case_id else None
        story = play.data_of(step, play.moment)
        knock = play.knock(after=0)
        evil = poisoned(act or knock.pack.acts[step.act], story, SPARED)
        answer = WAYS["page"](play.attempt(step.act, step.who, **evil))
        assert answer.done, (step.act, answer)
        play.case_id = answer.done
        play.position += 1
        if evil != story:
            yield step.act


def pages(play: Play) -> Iterator[str]:
    """Everything of the case that somebody may look at."""
    case = f"/desk/cases/{play.case_id}/"
    yield from ("/desk/", "/desk/tasks/", "/desk/cases/", case, f"{case}timeline/", "/desk/ledger/")
    yield from (
        "/desk/publications/",
        f"/desk/publications/{play.case_id}/",
        f"/desk/reviews/{play.case_id}/",
    )
    yield from (f"{case}papers/{paper.pk}/" for paper in play.case.papers.all())


def test_what_was_typed_is_never_run(play: Play) -> None:
    took = list(walk(play))
    assert len(took) >= 15 and {"register-clue", "decide", "publish"} <= {*took, "publish"}
    assert play.case.stage == "archived" and list(verify_all()) == []
    for who in ("officer1", "agency-head", "legal-reviewer", "disclosure-editor", "archivist"):
        client = signed_in(play.person(who))
        for address in pages(play):
            answer = client.get(address)
            assert answer.status_code in (200, 403, 404), address
            text = answer.content.decode()
            assert "<script>alert" not in text, address
            assert "{{ 7*7 }}" in text or "alert(" not in text, address


def test_the_public_reads_it_as_text(play: Play) -> None:
    list(walk(play))
    client = Client()
    listed = client.get("/open-data/decisions.csv")
    body = b"".join(listed.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = list(csv.DictReader(io.StringIO(body)))
    assert any("<script>alert" in value for value in row.values()), "kept as it was typed"
    assert not any(value.startswith(("=", "+", "@", "-")) and len(value) > 1 for value in row.values())
    for address in ("/", "/decisions/", "/decisions/?q=%3Cscript%3Ealert", "/feed/decisions.atom"):
        assert "<script>alert" not in client.get(address).content.decode(), address


def test_papers_print_it_letter_by_letter(play: Play) -> None:
    list(walk(play))
    paper = play.case.papers.get(kind="penalty-decision")
    assert path_of(settings.PAPER_ROOT, paper.pdf).read_bytes().startswith(b"%PDF-1.7")
    assert "<script>alert('甲')</script>" in json.dumps(paper.content, ensure_ascii=False)
