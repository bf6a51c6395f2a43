"""A decision on its way through the door, watched from the square: nothing before it is published, nothing left once it is withdrawn."""

from collections.abc import Callable

import pytest
from django.test import Client

from board import PLACES, page_of, shows, text
from play import Play
from sanxiang.cases.models import Case

Player = Callable[..., Play]
OVERTURNED = {"revoked_how": "revoked", "revoked_by": "云溪县人民政府", "reason": "事实不清"}


@pytest.mark.parametrize("story", ["summary", "ordinary"])
def test_a_decision_appears_when_it_is_published_and_not_before(
    client: Client, play: Player, story: str
) -> None:
    empty = {place: text(client.get(place)) for place in PLACES}
    played = play(story, "publish")
    row = played.case.publications.get()
    assert row.status == "prepared"
    assert {place: text(client.get(place)) for place in PLACES} == empty
    assert client.get(page_of(row)).status_code == 404
    played.step()
    assert all(shows(client, row).values())
    row.refresh_from_db()
    page = text(client.get(page_of(row)))
    assert (
        row.facts
        and row.number in page
        and str(row.act) in page
        and row.leaf_hash in page
        and "历史导入" not in page
    )


def test_a_decision_withdrawn_through_the_door_is_gone_everywhere_in_the_same_moment(
    client: Client, play: Player
) -> None:
    played = play("summary", "record-payment")
    row = played.case.publications.get()
    assert all(shows(client, row).values())
    found = f"/decisions/?q={row.number}"
    assert "共 1 条" in text(client.get(found))
    played.do("revoke-decision", "agency-head", **OVERTURNED)
    assert all(shows(client, row).values())
    played.withdraw("经复议撤销")
    assert not any(shows(client, row).values())
    gone = client.get(page_of(row))
    assert gone.status_code == 410 and "经复议撤销" in text(gone)
    facts = [word for word in (row.number, row.facts, row.basis, row.result) if word]
    assert len(facts) == 4 and not [word for word in facts if word in text(gone)]
    assert "没有符合条件的决定" in text(client.get(found))
    assert str(row.pk) in text(client.get("/decisions/withdrawn/"))


def test_a_decision_that_may_not_be_public_never_shows(client: Client, play: Player) -> None:
    played = play("summary", "prepare-publication")
    case: Case = played.case
    assert not case.publications.exists()
    assert all(case.title not in text(client.get(place)) for place in PLACES)
