"""Identity numbers and telephones are for those who handle, review, decide or watch: not for the window, nor for the archive
before the case is closed. Names of witnesses do not come in by the forms either."""

from datetime import date

import pytest

from clockwork import Clock
from knocks import signed_in
from play import STORIES, Play, make_office, play_of
from sanxiang.cases.models import Paper
from sanxiang.demo import stories
from sanxiang.door.administer import administer
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db

CARD, PHONE = "11010119900307001" + "1", "0000-7654321"
PARTY = {**stories.party("citizen", 2), "code": CARD, "phone": PHONE}


def clerk_of(play: Play) -> Person:
    """Somebody at the agency's window, with no other post."""
    told = {"username": "chuangkou", "name": "窗小禾", "password_hash": "!"}
    person: Person = administer("add-person", play.office.agency, None, told)
    play.administer("grant-post", person=person, role="window-clerk", valid_from=date(2025, 1, 2))
    return person


def begun(clock: Clock, until: str) -> Play:
    """An ordinary case against a citizen of whom number and telephone are known."""
    play = play_of(make_office("kaiyuan"), "ordinary", clock, book=STORIES)
    play.step(party=PARTY)
    play.until(until)
    return play


def seen(play: Play, person: Person) -> str:
    """What somebody is shown: the case on the desk, a form that brings the party along, and the same by the API."""
    client = signed_in(person)
    here, there = f"/desk/cases/{play.case_id}/", f"/api/v1/cases/{play.case_id}"
    answers = [client.get(at) for at in (here, f"{here}timeline/", f"{here}acts/amend/")]
    answers += [client.get(f"{there}{rest}") for rest in ("", "/timeline", "/acts")]
    assert {a.status_code for a in answers} == {200}
    return "".join(a.content.decode() for a in answers)


def opened(play: Play, person: Person, kind: str) -> set[int]:
    """What comes back for a paper, on the desk and by the API."""
    paper, client = Paper.objects.get(case=play.case_id, kind=kind), signed_in(person)
    addresses = ("/desk/cases/{}/papers/{}.pdf", "/api/v1/cases/{}/papers/{}.pdf")
    return {client.get(a.format(play.case_id, paper.pk)).status_code for a in addresses}


@pytest.mark.parametrize("who", ["officer1", "officer3", "unit-head", "legal-reviewer", "disclosure-editor"])
def test_those_who_need_them_see_number_and_telephone(clock: Clock, who: str) -> None:
    play = begun(clock, "show-certificate")
    text = seen(play, play.person(who))
    assert CARD in text and PHONE in text
    assert opened(play, play.person(who), "source-form") == {200}


def test_the_window_sees_who_the_party_is_and_neither_number_nor_telephone(clock: Clock) -> None:
    play = begun(clock, "show-certificate")
    clerk = clerk_of(play)
    text = seen(play, clerk)
    assert PARTY["name"] in text
    assert CARD not in text and PHONE not in text
    assert opened(play, clerk, "source-form") == {403}


def test_the_archive_sees_them_with_the_closed_file(clock: Clock) -> None:
    play = begun(clock, "close")
    archivist = play.person("archivist")
    assert CARD not in seen(play, archivist) and opened(play, archivist, "source-form") == {403}
    play.until("archive")
    assert CARD in seen(play, archivist) and opened(play, archivist, "source-form") == {200}


def test_a_form_brings_no_witness_along_for_those_who_may_see_none(clock: Clock) -> None:
    play = begun(clock, "show-certificate")
    both = [play.office.id("officer1"), play.office.id("officer2")]
    named = [{"name": "赵六", "relation": "隔壁摊主"}]
    play.do("show-certificate", "officer1", officers=both, shown_to=named, mode="shown", place="河边")
    for who, shown in (("officer1", True), ("officer3", False), ("archivist", False)):
        form = signed_in(play.person(who)).get(f"/desk/cases/{play.case_id}/acts/serve/")
        assert ("赵六" in form.content.decode()) is shown, who
