"""Cases that know of one another: named in one, found from both, whole in the ledger, and a new case started from an old one."""

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from cast import Cast
from conftest import Player, SignIn
from play import MORNING, Clock, Play
from sanxiang.cases.models import Case, CaseLink
from sanxiang.demo.inspection import inspection
from sanxiang.demo.people import Office
from sanxiang.door.attempts import Unreadable
from sanxiang.door.verifying.case import links_of
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.guards import Refused

pytestmark = pytest.mark.django_db

REASON = {"tie": "source", "tie_reason": "两件案件由同一次巡查引出"}


def faults() -> list[str]:
    """What `ledger verify` says of ties."""
    return [fault.why for fault in verify_all() if fault.what == "link"]


def text(client: object, address: str) -> str:
    answer = client.get(address)  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.fixture
def pair(play: Player) -> tuple[Case, Case]:
    """Two cases of one bureau: the second says that the first is its source, and the tie is in the ledger."""
    first = play("ordinary", "interview")
    second = first.other()
    second.until("show-certificate", register_clue={"cause": "擅自改变取水用途"})
    for named, word in (("没有这个编号", "没有编号或者查询码"), (second.case.code, "就是本案")):
        with pytest.raises(Refused, match=word):
            second.do("link-case", "officer1", linked_case=named, **REASON)
    with pytest.raises((Refused, Unreadable)):
        second.do("link-case", "officer1", linked_case="", **REASON)
    second.do("link-case", "officer1", linked_case=first.case.number, **REASON)
    second.do("link-case", "officer1", linked_case=first.case.code.lower(), **REASON)
    return first.case, second.case


def test_a_tie_is_found_from_both_cases_and_held_by_the_ledger(
    pair: tuple[Case, Case], cast: Cast, browser: SignIn
) -> None:
    first, second = pair
    (row,) = CaseLink.objects.all()
    assert (row.case_id, row.other_id, row.how, len(second.state["links"])) == (
        second.id,
        first.id,
        "source",
        1,
    )
    client = browser(cast.handler)
    here, there = text(client, f"/desk/cases/{second.id}/"), text(client, f"/desk/cases/{first.id}/")
    assert "关联案件" in here and f"/desk/cases/{first.id}/" in here and "来源" in here
    assert f"/desk/cases/{second.id}/" in there and "派生" in there
    assert [one.kind for one in links_of(second) if one.kind == "link"] == ["link"]
    assert all(one.state != "altered" for one in links_of(second)) and not faults()
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseLink.objects.filter(id=row.id).update(how="basis")


def test_what_is_done_to_a_tie_behind_the_program_is_named(pair: tuple[Case, Case]) -> None:
    ways = {"DELETE FROM cases_caselink": "不见了", "UPDATE cases_caselink SET how = 'basis'": "how"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cases_caselink'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        for sql, word in ways.items():
            with transaction.atomic():
                cursor.execute(sql)
                assert any(word in why for why in faults()), sql
                transaction.set_rollback(True)


def test_the_page_of_an_inspection_costs_no_more_than_that_of_a_penalty(
    office: Office,
    clock: Clock,
    cast: Cast,
    browser: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Before the approval the year is counted, before the closing what came of it is asked: in the fourteen queries, and one
    for the cap that the agency has published."""
    clock.now = MORNING
    played = Play(office, "inspection", inspection("penalty"), clock, MORNING)
    for until, most in (("approve-inspection", 15), ("close-inspection", 14)):
        played.until(until)
        for client in [browser(person) for person in (cast.handler, cast.head)]:
            text(client, f"/desk/cases/{played.case_id}/")  # a session that slept notes that it woke
            with django_assert_max_num_queries(most + 1):
                text(client, f"/desk/cases/{played.case_id}/")
