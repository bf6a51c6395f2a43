"""Who may review decisions without the legal qualification: who began before the law asked for it, and nobody else (第五十八条第二款)."""

import html
from datetime import date

import pytest

from altered import Alter
from knocks import fact_of, refused_everywhere, signed_in
from page_form import fill_in, form_at, words
from play import Clock, Play, accepted, make_office
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.readiness import Need, readiness
from sanxiang.people.models import Person
from spoiling import make_reviewer

pytest_plugins = ("altered",)
pytestmark = pytest.mark.django_db

NEITHER = "没有登记法律职业资格，也没有登记初次从事法制审核日期"
LATE = "起从事法制审核，2018年1月1日及以后初次从事的应当取得法律职业资格，没有登记"


def waiting(clock: Clock) -> Play:
    """A case that waits for its review, in an office where the archivist reviews too and has no qualification."""
    play = Play(make_office("kaiyuan"), "ordinary", stories.hearing("90000", which=3), clock)
    play.until("give-opinion")
    play.pass_days(1)
    make_reviewer(play, "archivist", qualified=False)
    return play


def began(play: Play, day: date | None) -> None:
    """On record: since when the archivist reviews."""
    play.administer("record-qualification", person=play.person("archivist"), started_review_on=day)


def test_the_day_of_beginning_decides(clock: Clock) -> None:
    """Nothing on record, begun at the day and over it: refused, each with the fact that is missing. Under it: let in."""
    play = waiting(clock)
    name = play.person("archivist").name
    knock = play.knock(after=0, who="archivist")
    answer = refused_everywhere(knock)
    assert answer.guards == {"review.qualified"} and fact_of(answer, "review.qualified") == name + NEITHER
    for day in (date(2018, 1, 1), date(2018, 1, 2), date(2025, 6, 3)):
        began(play, day)
        answer = refused_everywhere(knock)
        assert answer.guards == {"review.qualified"}
        assert fact_of(answer, "review.qualified") == f"{name}{day.year}年{day.month}月{day.day}日{LATE}"
    began(play, date(2017, 12, 31))
    accepted(knock, play)
    play.administer("record-qualification", person=play.person("archivist"), qualification_number="A2019")
    accepted(knock, play)
    assert play.person("archivist").refresh_from_db() is None
    assert play.person("archivist").started_review_on == date(2017, 12, 31)


def test_a_locality_may_ask_everybody(clock: Clock, alter: Alter) -> None:
    """A guard of its own, without `since`: who began long ago needs the qualification there too."""
    everybody = 'id = "review.qualified-all"\non = ["give-opinion"]\nneeds = "reviewer-qualified"\n'
    alter("kaiyuan", add=f"```toml guard\n{everybody}```\n")
    play = waiting(clock)
    began(play, date(2010, 1, 4))
    answer = refused_everywhere(play.knock(after=0, who="archivist"))
    assert answer.guards == {"review.qualified-all"}
    assert fact_of(answer, "review.qualified-all").endswith("没有登记法律职业资格")
    play.administer("record-qualification", person=play.person("archivist"), qualification_number="A2019")
    accepted(play.knock(after=0, who="archivist"), play)


def security(office: Office) -> Person:
    """Who records qualifications."""
    told = {"username": "secadmin-here", "name": "安管理", "password_hash": "!"}
    person: Person = administer("add-person", office.agency, None, told)
    post = {"person": person, "role": "security-admin", "valid_from": date(2025, 1, 2)}
    administer("grant-post", office.agency, None, post)
    return person


def test_the_page_takes_the_day_alone_and_says_what_it_is_for(clock: Clock) -> None:
    play = waiting(clock)
    client, person = signed_in(security(play.office)), play.person("archivist")
    address = f"/desk/admin/acts/record-qualification/?agency={play.office.agency.pk}&person={person.pk}"
    page = html.unescape(client.get(address).content.decode())
    assert "2017年12月31日及以前已经从事的" in page and "没有证号不能出具审核意见" in page
    empty = fill_in(client, address)
    assert empty.status_code == 422 and "至少填写一项" in words(empty)
    ahead = fill_in(client, address, started_review_on="2027-01-04")
    assert ahead.status_code == 422 and "晚于今天" in words(ahead)
    assert fill_in(client, address, started_review_on="2016-03-01").status_code == 302
    assert form_at(client, address).values["started_review_on"] == ["2016-03-01"]
    person.refresh_from_db()
    assert not person.has_legal_qualification and person.started_review_on == date(2016, 3, 1)
    shown = html.unescape(client.get(f"/desk/admin/people/{person.pk}/").content.decode())
    assert "没有登记，2016年3月1日起从事法制审核" in shown
    accepted(play.knock(after=0, who="archivist"), play)


def reviewers(office: Office) -> Need:
    """What the list of things still missing says of them."""
    return next(n for n in readiness(office.agency, date(2026, 3, 2)) if n.label == "有资格的法制审核人员")


def test_the_list_of_what_is_missing_goes_by_the_same_rule(clock: Clock) -> None:
    office = make_office("kaiyuan")
    people = Person.objects.filter(posts__role="legal-reviewer", posts__agency=office.agency)
    keys = list(people.values_list("pk", flat=True))
    Person.objects.filter(pk__in=keys).update(has_legal_qualification=False, qualification_number="", n=99)
    need = reviewers(office)
    assert not need.met and NEITHER in need.fact and need.act == "record-qualification"
    told = {"person": str(office.people["legal-reviewer"].pk), "started_review_on": date(2018, 1, 1)}
    administer("record-qualification", office.agency, None, told)
    assert not reviewers(office).met and LATE in reviewers(office).fact
    administer("record-qualification", office.agency, None, {**told, "started_review_on": date(2017, 12, 31)})
    assert reviewers(office).met
