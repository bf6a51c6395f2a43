"""Whole cases of levies, fees, the taking of land and requisitions, in every locality whose scheme names them."""

from collections.abc import Iterator

import pytest

from paper_flaws import flaws_of
from play import BUILT, LOCALITIES, Clock, Play, make_office, play_of
from publishing import published_late
from sanxiang.cases.models import Case
from sanxiang.demo import levies, takings
from sanxiang.demo.levies import release_charges
from sanxiang.door.models import Refusal, Task
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.packs import load_pack

pytestmark = pytest.mark.django_db
BOOK = {**levies.STORIES, **takings.STORIES}


def named() -> Iterator[tuple[str, str]]:
    """Each story in each locality that prints its kind of act."""
    for locality in LOCALITIES:
        law = load_pack(locality)
        for story, (procedure, _) in BOOK.items():
            if law.printed_type(law.procedures[procedure].act_type):
                yield locality, story


def played(locality: str, story: str, clock: Clock) -> Play:
    """The story, played to its end."""
    office = make_office(locality)
    release_charges(office, BUILT)
    play = play_of(office, story, clock, book=BOOK)
    play.until()
    return play


@pytest.mark.parametrize(("locality", "story"), list(named()))
def test_from_the_first_step_to_the_sealed_file(locality: str, story: str, clock: Clock) -> None:
    play = played(locality, story, clock)
    published_late(play)
    case = play.case
    assert (case.stage, case.closed, case.next_due) == ("archived", "closed", None) and flaws_of(case) == {}
    assert case.number and case.decided_on and case.party in case.title
    assert not Refusal.objects.exists()
    assert list(Task.objects.filter(case=case.id, closed_n=None).values_list("kind", flat=True)) == []
    assert list(verify_all()) == []
    assert Case.objects.count() == 1
