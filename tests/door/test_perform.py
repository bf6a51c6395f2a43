"""The door itself: all of an act or nothing of it, once, by whoever may, on what is really there."""

import io
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clockwork import Clock
from knocks import WAYS, everything
from play import Play, make_office
from sanxiang.cases.models import Case
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import stories
from sanxiang.door import gather, issue, perform, rows, tasks
from sanxiang.door.attempts import Unreadable
from sanxiang.door.models import Refusal
from sanxiang.door.perform import Unknown, open_acts
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act
from side_stories import BOOK, REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(clock: Clock) -> Play:
    """The story with a hearing, just before its decision."""
    procedure, steps = BOOK["hearing"]
    story = Play(make_office("kaiyuan"), procedure, steps, clock)
    story.until("decide")
    return story


class Power(Exception):
    """Something fails in the middle of an act."""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (issue, "allot"),
        (issue, "render"),
        (perform, "append"),
        (perform, "_save"),
        (rows, "write"),
        (tasks, "settle"),
    ],
)
def test_an_act_that_fails_half_way_leaves_nothing(
    module: Any, name: str, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = getattr(module, name)

    def fails(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Power

    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(module, name, fails)
        with pytest.raises(Power):
            play.step()
    assert everything() == before and list(verify_all()) == []
    play.step()
    assert play.case.stage == "decided"


def test_what_is_not_there(play: Play) -> None:
    head = play.person("agency-head")
    for act, on in (
        ("decide", uuid.uuid4()),
        ("no-such-act", play.case_id),
        ("decide-on-spot", play.case_id),
    ):
        with pytest.raises(Unknown):
            perform.perform(act, on, head, {})
    with pytest.raises(Unknown):
        perform.open_case("no-such-procedure", play.office.agency, head, {})
    assert not Refusal.objects.exists()


def test_the_first_act_opens_no_old_case(play: Play) -> None:
    """Registering a clue again on a case that stands does not restart it."""
    knock = play.attempt("register-clue", "officer1", **play.data_of(play.steps[0], play.moment))
    assert WAYS["command"](knock).guards >= {"stage"}


def test_the_same_knock_twice_is_done_once(play: Play) -> None:
    """A caller who may knock twice gives the act its id."""
    identity = uuid.uuid4()
    knock = play.knock()
    perform.perform("decide", play.case_id, knock.by, knock.data, act_id=identity)
    before = everything()
    with pytest.raises((IntegrityError, Refused)), transaction.atomic():
        perform.perform("decide", play.case_id, knock.by, knock.data, act_id=identity)
    assert everything() == before
    paid = {"amount": "1", "towards": "principal", "receipt": "1"}
    perform.perform("record-payment", play.case_id, play.person("officer1"), paid, act_id=uuid.UUID(int=7))
    with pytest.raises(IntegrityError), transaction.atomic():
        perform.perform(
            "record-payment", play.case_id, play.person("officer1"), paid, act_id=uuid.UUID(int=7)
        )
    assert Act.objects.filter(subject=play.case_id, name="record-payment").count() == 1


def ledger_book(play: Play, **more: Any) -> dict[str, Any]:
    """A piece of documentary evidence, without its files."""
    told = {"kind": "documentary", "title": "台账", "proves": "水量", "source_of": "当事人提供"}
    return {"officers": stories.two(play.office), **told, **more}


FILES: list[Any] = [
    "x",
    ["x"],
    [{}],
    [{"digest": "0" * 64}],
    [{"digest": "../../etc/passwd"}],
    [{"digest": None, "name": 3}],
    [[["deep"]]],
    {"digest": "0" * 64, "size": -1},
]


def test_evidence_must_be_in_the_store(play: Play) -> None:
    """A digest that somebody made up, or another shape, is no evidence: nothing is judged, nothing is written."""
    before = everything()
    for files in FILES:
        told = ledger_book(play, files=files)
        with pytest.raises(Unreadable) as unreadable:
            play.do("add-evidence", "officer1", **told)
        assert set(unreadable.value.errors) == {"files"}, files
        assert everything() == before, files
        answer = WAYS["command"](play.attempt("add-evidence", "officer1", **told))
        assert answer.unreadable == ("files",), files


def test_what_is_said_of_a_file_is_what_the_store_has(play: Play) -> None:
    """Size and SM3 are those of the bytes, whatever the caller says."""
    kept = receive(io.BytesIO(b"%PDF-1.7 a scanned ledger"), "台账.pdf", "application/pdf")
    told = ledger_book(play)
    for wrong in ({"size": 1}, {"sm3": "0" * 64}):
        with pytest.raises(Unreadable):
            play.do("add-evidence", "officer1", **told, files=[{**kept, **wrong}])
    play.do("add-evidence", "officer1", **told, files=[kept])
    row = play.case.evidence_rows.get(filename="台账.pdf")
    assert (row.digest, row.size, row.sm3) == (kept["digest"], kept["size"], kept["sm3"])
    assert list(verify_all()) == []


def test_the_same_file_twice_in_one_act_is_one_piece(play: Play) -> None:
    kept = receive(io.BytesIO(b"%PDF-1.7 the same"), "台账.pdf", "application/pdf")
    told = ledger_book(play)
    play.do("add-evidence", "officer1", **told, files=[kept, kept])
    assert play.case.evidence_rows.filter(digest=kept["digest"]).count() == 1
    assert list(verify_all()) == []


def test_a_post_elsewhere_opens_nothing_here(play: Play) -> None:
    """The head of another office is nobody in this one; neither may they open a case in it."""
    other = make_office("laizhou")
    knock = play.knock()
    with pytest.raises(Refused) as refused:
        perform.perform("decide", play.case_id, other.people["agency-head"], knock.data)
    assert "role" in {v.guard for v in refused.value.verdicts}
    with pytest.raises(Refused) as refused:
        data = play.data_of(play.steps[0], play.moment)
        perform.open_case("ordinary", play.office.agency, other.people["officer1"], data)
    assert "role" in {v.guard for v in refused.value.verdicts}


def test_a_post_that_ended_ends_with_its_day(play: Play) -> None:
    """Who may act is asked of the day, also in a process that has just asked."""
    post = play.person("agency-head").posts.get()
    with play.branch():
        moment = play.knock() and play.moment
        play.administer("end-post", post=post, valid_until=moment.date())
        play.position = play.find("decide")
        perform.perform("decide", play.case_id, play.person("agency-head"), play.knock(after=0).data)
    knock = play.knock()
    play.administer("end-post", post=post, valid_until=date(2026, 3, 5))
    assert WAYS["command"](knock).nowhere, "without a post the case is out of sight"
    with pytest.raises(Refused) as refused:
        perform.perform("decide", play.case_id, knock.by, knock.data)
    assert {v.guard for v in refused.value.verdicts} == {"role"}


def test_open_acts_say_what_the_door_will_say(play: Play) -> None:
    """An act that is open is done with the story's data; one that is closed names what refuses it; the clock's are nobody's."""
    for who in play.office.people:
        found = {o.act.id: o for o in open_acts(play.case, play.person(who))}
        assert not {"register-clue", "expire-publication"} & set(found)
        assert set(found) == {a.id for a in play.pack.acts_of("ordinary") if a.by and not a.first}
        assert found["decide"].is_open == (who in ("agency-head", "deputy-head"))
    closed = {o.act.id: o for o in open_acts(play.case, play.person("officer1"))}["hold-hearing"]
    assert "role" in {v.guard for v in closed.unmet}


def test_the_number_of_questions_does_not_grow_with_the_acts(
    play: Play, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        open_acts(play.case, play.person("officer1"))


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL reads a table this small from end to end"
)
@pytest.mark.parametrize("ask", [gather.duplicates, gather.fined_before])
def test_other_cases_of_a_party_are_found_without_reading_every_case(
    ask: Callable[[Case], list[str]], play: Play
) -> None:
    with CaptureQueriesContext(connection) as asked:
        ask(play.case)
    (query,) = (one["sql"] for one in asked.captured_queries if '"cases_case"."party" =' in one["sql"])
    with connection.cursor() as cursor:
        plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())
    assert "cases_agency_party" in plan


def test_a_refused_attempt_is_kept_with_its_reasons(play: Play) -> None:
    with pytest.raises(Refused):
        play.do("close", "archivist", performed="x")
    row = Refusal.objects.get()
    archivist = play.person("archivist")
    assert (row.act, row.by, row.by_name, row.case_id) == (
        "close",
        archivist.id,
        archivist.name,
        play.case_id,
    )
    assert [v["guard"] for v in row.verdicts] == ["role"], "who holds no such post is told that alone"
    assert all(v["citation"] and v["fact"] and v["cure"] for v in row.verdicts)


def test_a_recused_officer_does_not_come_back(play: Play) -> None:
    """Who must withdraw is not made a handler again by a change of handlers (行政处罚法 第四十三条)."""
    officer = play.office.id("officer2")
    play.do("request-recusal", "officer1", recusal_of=officer, recusal_by="party", **REASON)
    play.do("decide-recusal", "agency-head", granted=True, **REASON)
    assert play.case.state["handlers"] == [play.office.id("officer1")]
    with pytest.raises(Refused) as refused:
        play.do(
            "assign-officers", "unit-head", officers=stories.two(play.office), handed_over="案卷", **REASON
        )
    assert {v.guard for v in refused.value.verdicts} == {"new-handlers-not-recused"}


def test_nobody_writes_past_the_door(play: Play) -> None:
    """A shell that saves a case without an act is stopped by the database, on the spot."""
    case = play.case
    case.stage = "decided"
    with pytest.raises(DatabaseError, match="不经办理动作不得改动"), transaction.atomic():
        case.save()
    with pytest.raises(DatabaseError, match="不经办理动作不得改动"), transaction.atomic():
        case.papers.all()._raw_delete(using="default")
