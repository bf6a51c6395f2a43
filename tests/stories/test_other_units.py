"""The head of one unit decides nothing in the case of another; the head of the unit above does."""

from datetime import date

import pytest

from clockwork import Clock
from knocks import fact_of, refused_everywhere
from play import Play, accepted, make_office, play_of
from sanxiang.people import roles
from sanxiang.people.models import Person, Post, Unit

pytestmark = pytest.mark.django_db
REASON = {"reason": "原承办人调离", "handed_over": "全部卷宗"}


def head_of(play: Play, unit: Unit) -> None:
    """Give a unit a head, who plays the part `elsewhere`."""
    person = Person.objects.create(username=f"head-{unit.name}", name="严松", n=1)
    since = date(2021, 1, 1)
    post = {"agency": play.office.agency, "unit": unit, "role": roles.UNIT_HEAD, "valid_from": since, "n": 1}
    Post.objects.create(person=person, **post)
    play.office.people["elsewhere"] = person


@pytest.mark.parametrize(
    ("act", "told"),
    [("assign-officers", REASON), ("merge-case", {"merged_into": "ABCDEFGHJK", "reason": "并案"})],
)
def test_the_head_of_another_brigade_does_not_dispose_of_the_case(
    clock: Clock, act: str, told: dict[str, str]
) -> None:
    play = play_of(make_office("kaiyuan"), "ordinary", clock)
    play.until("inspect")
    assert play.case.unit is not None
    head_of(play, Unit.objects.create(agency=play.office.agency, name="另一大队", n=1))
    both = {"officers": [play.office.id("officer1"), play.office.id("officer3")]}
    answer = refused_everywhere(
        play.attempt(act, "elsewhere", **told, **(both if act == "assign-officers" else {}))
    )
    assert "role" in answer.guards and "其他机构的负责人" in fact_of(answer, "role")


def test_the_head_of_the_unit_above_and_of_a_unit_below_it(clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), "ordinary", clock)
    play.until("inspect")
    unit = play.case.unit
    assert unit is not None
    above = Unit.objects.create(agency=play.office.agency, name="执法总队", n=1)
    Unit.objects.filter(pk=unit.pk).update(parent=above, n=unit.n + 1000)
    both = {"officers": [play.office.id("officer1"), play.office.id("officer3")]}
    head_of(play, above)
    accepted(play.attempt("assign-officers", "elsewhere", **both, **REASON), play)
    head_of(play, Unit.objects.create(agency=play.office.agency, name="一中队", parent=unit, n=1))
    assert "role" in refused_everywhere(play.attempt("assign-officers", "elsewhere", **both, **REASON)).guards
