"""The room people/: what the database refuses, and who may do what on which day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from cast import HIRED, Cast, make_agency, make_cast, make_person
from sanxiang.people import roles
from sanxiang.people.authority import actor_of, agencies_visible, granted_on, officers_on
from sanxiang.people.models import Agency, Certificate, Entrustment, GrantedItem, Leave, Person, Post, Unit
from sanxiang.people.tokens import issue_token, token_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def appoint(person: Person, agency: Agency, role: str, **more: Any) -> Post:
    return Post.objects.create(person=person, agency=agency, role=role, **{"valid_from": HIRED, **more})


def certify(person: Person, number: str, **more: Any) -> Certificate:
    dates = {"valid_from": HIRED, "valid_until": date(2030, 1, 1)}
    return Certificate.objects.create(person=person, number=number, kind="执法证", **{**dates, **more})


def send_away(person: Person, first: date, last: date | None, deputy: Person | None = None) -> Leave:
    return Leave.objects.create(person=person, deputy=deputy, valid_from=first, valid_until=last)


def assert_refused(words: str | None, row: models.Model) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        row.save(force_insert=row._state.adding)


# 三员分立: the database itself refuses, whoever writes.


@pytest.mark.parametrize("office", ["admin", "security", "auditor"])
def test_an_administrator_holds_no_other_role(cast: Cast, office: str) -> None:
    person = getattr(cast, office)
    for role in sorted(set(roles.LABELS) - {person.posts.get().role}):
        assert_refused("三员分立", Post(person=person, agency=cast.bureau, role=role, valid_from=DAY))
    assert person.posts.count() == 1


def test_an_officer_becomes_no_administrator_by_insert_update_or_in_bulk(cast: Cast) -> None:
    post = cast.handler.posts.get()
    appoint(cast.handler, cast.bureau, roles.ARCHIVIST)
    new = Post(person=cast.handler, agency=cast.bureau, role=roles.AUDIT_ADMIN, valid_from=DAY)
    assert_refused("三员分立", new)
    with pytest.raises(IntegrityError, match="三员分立"), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(n=F("n") + 1, role=roles.SYSTEM_ADMIN)
    with pytest.raises(IntegrityError, match="三员分立"), transaction.atomic():
        Post.objects.bulk_create([new])
    with pytest.raises(IntegrityError, match="三员分立"), transaction.atomic():
        Post.objects.filter(person=cast.admin).update(n=F("n") + 1, person=cast.handler)


def test_an_administrator_may_change_office_from_one_day_to_the_next(cast: Cast) -> None:
    cast.admin.posts.update(n=F("n") + 1, valid_until=DAY)
    assert_refused("三员分立", Post(person=cast.admin, agency=cast.bureau, role="officer", valid_from=DAY))
    appoint(cast.admin, cast.bureau, roles.OFFICER, valid_from=DAY + ONE_DAY)
    with pytest.raises(IntegrityError, match="三员分立"), transaction.atomic():
        cast.admin.posts.filter(role=roles.SYSTEM_ADMIN).update(n=F("n") + 1, valid_until=None)
    assert actor_of(cast.admin, cast.government, DAY).roles == {roles.SYSTEM_ADMIN}
    assert actor_of(cast.admin, cast.bureau, DAY + ONE_DAY).roles == {roles.OFFICER}


def test_no_column_can_make_a_superuser() -> None:
    with connection.cursor() as cursor:
        columns = {
            row.name for row in connection.introspection.get_table_description(cursor, "people_person")
        }
    assert columns == {
        "id", "username", "password", "name", "phone", "active", "has_legal_qualification",
        "qualification_number", "started_review_on", "uniformed", "n",
    }  # fmt: skip
    assert not hasattr(Person.objects, "create_superuser")


# What else no row may say.


def test_a_post_and_its_unit_belong_to_one_agency(cast: Cast) -> None:
    foreign = Unit.objects.create(agency=cast.other, name="执法股")
    post = Post(person=cast.head, agency=cast.bureau, unit=foreign, role="officer", valid_from=DAY)
    assert_refused("不属于该执法机关", post)
    assert_refused("不属于该执法机关", Unit(agency=cast.bureau, name="一中队", parent=foreign))
    with pytest.raises(IntegrityError, match="不能改属"), transaction.atomic():
        Unit.objects.filter(pk=cast.brigade.pk).update(n=F("n") + 1, agency=cast.other)
    deputised = cast.outsider.posts.get()
    deputy = Post(person=cast.head, agency=cast.bureau, role="officer", valid_from=DAY, deputy_for=deputised)
    assert_refused("代理岗位", deputy)


def test_each_kind_of_certificate_has_its_own_numbers(cast: Cast) -> None:
    number = cast.handler.certificates.get().number
    certify(cast.second, number)
    assert_refused(
        None, Certificate(person=cast.head, number=number, kind="执法证", valid_from=DAY, valid_until=DAY)
    )


def test_the_database_refuses_senseless_rows(cast: Cast) -> None:
    before = DAY - ONE_DAY
    a_day = {"valid_from": DAY, "valid_until": DAY}
    backwards = {"valid_from": DAY, "valid_until": before}
    post = {"person": cast.head, "agency": cast.bureau}
    entrusted = {"agency": cast.bureau, "agreement_number": "云水委〔2026〕1号", **a_day}
    senseless = [
        Post(role="officer", **post, **backwards),
        Post(role="superuser", **post, **a_day),
        Post(role="audit-admin", deputy_for=cast.head.posts.get(), **post, **a_day),
        Leave(person=cast.head, **backwards),
        Leave(person=cast.head, deputy=cast.head, **a_day),
        Certificate(person=cast.head, number="1", kind="执法证", **backwards),
        Certificate(person=cast.head, number="1", kind="执法证", suspended_until=DAY, **a_day),
        Entrustment(**{**entrusted, "body": cast.other, "agreement_number": ""}),
        Entrustment(**entrusted),
        Entrustment(**entrusted, body=cast.other, unit=cast.legal),
        Entrustment(**entrusted, body=cast.bureau),
        GrantedItem(agency=cast.bureau, item_code="1", label="一", basis="决定", **backwards),
        Person(username="HeadOfAll", name="甲"),
        Person(username=cast.head.username, name="乙"),
        Person(username="bing", name="丙", has_legal_qualification=True),
        Agency(name="云溪县水务二局", short=cast.bureau.short, region="990001", locality="huantai"),
        Agency(name=cast.bureau.name, region="990001", locality="huantai"),
        Unit(agency=cast.bureau, name=cast.brigade.name),
    ]
    for row in senseless:
        assert_refused(None, row)
    make_agency("云溪县甲镇人民政府", "", cast.government)  # two agencies without 代字 are no clash


# Who is what, on which day.


def test_roles_come_from_posts_in_this_agency_on_this_day(cast: Cast) -> None:
    appoint(cast.handler, cast.other, roles.WINDOW_CLERK, valid_from=DAY, valid_until=DAY)
    assert actor_of(cast.handler, cast.bureau, DAY).roles == {roles.OFFICER}
    assert actor_of(cast.handler, cast.bureau, HIRED - ONE_DAY).roles == frozenset()
    assert [actor_of(cast.handler, cast.other, DAY + ONE_DAY * days).roles for days in (-1, 0, 1)] == [
        frozenset(), {roles.WINDOW_CLERK}, frozenset(),
    ]  # fmt: skip


def test_an_actor_brings_what_guards_ask_for(cast: Cast) -> None:
    actor = actor_of(cast.handler, cast.bureau, DAY)
    assert (actor.id, actor.name, actor.agency_id) == (str(cast.handler.pk), "林青", str(cast.bureau.pk))
    assert actor.unit_ids == (str(cast.brigade.pk),) and actor.enforcement_unit
    assert [fact.number for fact in actor.certificates] == ["99010001"]
    assert not actor.legal_qualification and not actor.on_leave
    reviewer = actor_of(cast.reviewer, cast.bureau, DAY)
    assert reviewer.legal_qualification and reviewer.qualification_number == "A20190000001"
    assert not reviewer.enforcement_unit and reviewer.certificates == ()


def test_a_role_reaches_the_units_below_and_without_a_unit_all(cast: Cast) -> None:
    squad = Unit.objects.create(agency=cast.bureau, name="一中队", parent=cast.brigade)
    patrol = Unit.objects.create(agency=cast.bureau, name="巡查组", parent=squad)
    below = {str(unit.pk) for unit in (cast.brigade, squad, patrol)}
    assert actor_of(cast.unit_head, cast.bureau, DAY).units_by_role == {roles.UNIT_HEAD: below}
    assert actor_of(cast.unit_head, cast.bureau, DAY).unit_ids == (str(cast.brigade.pk),)
    everywhere = actor_of(cast.head, cast.bureau, DAY).units_by_role[roles.AGENCY_HEAD]
    assert everywhere == {*below, str(cast.legal.pk)}


def test_a_ring_of_units_ends_where_it_began(cast: Cast) -> None:
    squad = Unit.objects.create(agency=cast.bureau, name="一中队", parent=cast.brigade)
    Unit.objects.filter(pk=cast.brigade.pk).update(n=F("n") + 1, parent=squad)
    reached = actor_of(cast.handler, cast.bureau, DAY).units_by_role[roles.OFFICER]
    assert reached == {str(cast.brigade.pk), str(squad.pk)}


def test_an_inactive_person_holds_nothing(cast: Cast) -> None:
    cast.handler.active = False
    cast.handler.n += 1
    cast.handler.save()
    assert actor_of(cast.handler, cast.bureau, DAY).roles == frozenset()
    assert agencies_visible(cast.handler, DAY) == frozenset()
    assert [officer.active for officer in officers_on([cast.handler.pk], DAY)] == [False]


# Leave and deputies.


def test_leave_moves_a_role_to_the_deputy_for_those_days_only(cast: Cast) -> None:
    send_away(cast.head, DAY, DAY + ONE_DAY, deputy=cast.unit_head)
    for day, away in ((-1, False), (0, True), (1, True), (2, False)):
        on = DAY + ONE_DAY * day
        head, deputy = (actor_of(person, cast.bureau, on) for person in (cast.head, cast.unit_head))
        assert (head.on_leave, roles.AGENCY_HEAD in head.roles) == (away, not away)
        assert (roles.AGENCY_HEAD in deputy.roles) == away
        assert deputy.deputised == ({roles.AGENCY_HEAD} if away else frozenset())
        assert roles.UNIT_HEAD in deputy.roles


def test_leave_without_a_deputy_leaves_the_post_empty(cast: Cast) -> None:
    send_away(cast.head, DAY, None)
    assert actor_of(cast.head, cast.bureau, DAY + ONE_DAY * 900).roles == frozenset()


def test_a_borrowed_role_is_not_lent_on(cast: Cast) -> None:
    send_away(cast.head, DAY, DAY, deputy=cast.unit_head)
    send_away(cast.unit_head, DAY, DAY, deputy=cast.handler)
    assert actor_of(cast.handler, cast.bureau, DAY).roles == {roles.OFFICER, roles.UNIT_HEAD}
    assert actor_of(cast.unit_head, cast.bureau, DAY).roles == frozenset()


@pytest.mark.parametrize(("away", "deputy"), [("head", "admin"), ("admin", "head"), ("admin", "security")])
def test_nobody_joins_administration_and_cases_by_deputising(cast: Cast, away: str, deputy: str) -> None:
    send_away(getattr(cast, away), DAY, DAY, deputy=getattr(cast, deputy))
    for agency in (cast.bureau, cast.government):
        roles_then = actor_of(getattr(cast, deputy), agency, DAY).roles
        assert roles_then == actor_of(getattr(cast, deputy), agency, DAY + ONE_DAY).roles


def test_leave_does_not_lock_the_administrators_out(cast: Cast) -> None:
    send_away(cast.security, DAY, None)
    assert actor_of(cast.security, cast.government, DAY).roles == {roles.SECURITY_ADMIN}


def test_a_deputy_from_elsewhere_acts_in_the_agency_of_the_post(cast: Cast) -> None:
    send_away(cast.handler, DAY, DAY, deputy=cast.outsider)
    assert actor_of(cast.outsider, cast.bureau, DAY).roles == {roles.OFFICER}
    assert agencies_visible(cast.outsider, DAY) == {cast.bureau.pk, cast.other.pk}
    assert agencies_visible(cast.outsider, DAY + ONE_DAY) == {cast.other.pk}


@pytest.mark.parametrize("reason", ["leave", "ended", "barred"])
def test_a_standing_deputy_waits_until_the_post_is_unattended(cast: Cast, reason: str) -> None:
    post = cast.head.posts.get()
    vice = make_person("fangzhou", "方舟", cast.bureau, roles.OFFICER)
    appoint(vice, cast.bureau, roles.AGENCY_HEAD, title="副局长", deputy_for=post)
    assert actor_of(vice, cast.bureau, DAY).roles == {roles.OFFICER}
    if reason == "leave":
        send_away(cast.head, DAY, DAY)
    elif reason == "ended":
        Post.objects.filter(pk=post.pk).update(n=F("n") + 1, valid_until=DAY - ONE_DAY)
    else:
        Person.objects.filter(pk=cast.head.pk).update(n=F("n") + 1, active=False)
    actor = actor_of(vice, cast.bureau, DAY)
    assert actor.roles == {roles.OFFICER, roles.AGENCY_HEAD} and actor.deputised == {roles.AGENCY_HEAD}


# Certificates, as they stood.


def test_a_certificate_is_told_as_it_stood_that_day(cast: Cast) -> None:
    Certificate.objects.filter(person=cast.handler).update(
        n=F("n") + 1, suspended_from=DAY, suspended_until=DAY + ONE_DAY, revoked_on=DAY + ONE_DAY * 5
    )
    stood = {}
    for day in (-1, 0, 1, 2, 4, 5):
        (officer,) = officers_on([cast.handler.pk], DAY + ONE_DAY * day)
        stood[day] = (officer.certificates[0].suspended, officer.certificates[0].revoked)
    assert stood == {
        -1: (False, False), 0: (True, False), 1: (True, False),
        2: (False, False), 4: (False, False), 5: (False, True),
    }  # fmt: skip
    Certificate.objects.filter(person=cast.handler).update(n=F("n") + 1, suspended_until=None)
    assert officers_on([cast.handler.pk], DAY + ONE_DAY * 4)[0].certificates[0].suspended


def test_officers_come_as_named_with_every_certificate(cast: Cast) -> None:
    certify(cast.handler, "旧1", valid_until=date(2022, 1, 1), categories=["水利"], area=["990001"])
    named = [str(cast.second.pk), cast.handler.pk, cast.second.pk]
    second, handler = officers_on(named, DAY)
    assert (second.name, handler.name) == ("何苇", "林青")
    assert [fact.number for fact in handler.certificates] == ["99010001", "旧1"]
    assert handler.certificates[1].categories == ("水利",) and handler.certificates[1].area == ("990001",)
    assert handler.certificates[1].valid_until == date(2022, 1, 1)
    assert (handler.agency_id, handler.unit_id) == (str(cast.bureau.pk), str(cast.brigade.pk))
    assert handler.exam_passed and not handler.on_leave


def test_the_exam_counts_from_the_day_it_was_passed(cast: Cast) -> None:
    assert not officers_on([cast.head.pk], DAY)[0].exam_passed
    certify(cast.head, "3", exam_passed_on=DAY)
    assert [officers_on([cast.head.pk], DAY + ONE_DAY * day)[0].exam_passed for day in (-1, 0)] == [
        False,
        True,
    ]


def test_nobody_stands_for_an_unknown_id(cast: Cast) -> None:
    strangers: list[Any] = [uuid4(), "林青", "", "' OR 1=1 --", None, 7, cast.handler.pk]
    assert [officer.name for officer in officers_on(strangers, DAY)] == ["林青"]


def test_an_officer_of_two_agencies_is_asked_about_in_one(cast: Cast) -> None:
    appoint(cast.handler, cast.other, roles.OFFICER, valid_from=DAY)
    assert officers_on([cast.handler.pk], DAY)[0].agency_id == str(cast.other.pk)
    there = officers_on([cast.handler.pk], DAY, agency=cast.bureau)[0]
    assert (there.agency_id, there.unit_id) == (str(cast.bureau.pk), str(cast.brigade.pk))


# The number of queries does not grow.


def test_queries_are_constant(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    crowd: list[UUID] = []
    for number in range(25):
        unit = Unit.objects.create(agency=cast.bureau, name=f"第{number}中队", parent=cast.brigade)
        person = make_person(
            f"p{number}", f"甲{number}", cast.bureau, roles.OFFICER, unit, f"8801{number:04}"
        )
        certify(person, f"7701{number:04}")
        send_away(person, DAY, DAY, deputy=cast.unit_head)
        crowd.append(person.pk)
    with django_assert_num_queries(3):
        assert len(actor_of(cast.unit_head, cast.bureau, DAY).units_by_role[roles.OFFICER]) == 25
    with django_assert_num_queries(2):
        assert len([fact for officer in officers_on(crowd, DAY) for fact in officer.certificates]) == 50
    with django_assert_num_queries(2):
        assert len(agencies_visible(cast.supervisor, DAY)) == 4


# Whose records one sees.


def test_supervisors_see_below_and_others_their_own(cast: Cast) -> None:
    town = make_agency("云溪县甲镇人民政府", "云甲", cast.government, kind="town")
    elsewhere = make_agency("雨山县水务局", "雨水", None)
    county = {agency.pk for agency in (cast.government, cast.bureau, cast.justice, cast.other, town)}
    assert agencies_visible(cast.supervisor, DAY) == county
    assert agencies_visible(cast.handler, DAY) == {cast.bureau.pk}
    assert agencies_visible(cast.reviewer, DAY) == {cast.bureau.pk}
    legal_office = make_person("ruanji", "阮霁", cast.justice, roles.LEGAL_REVIEWER)
    assert agencies_visible(legal_office, DAY) == county
    clerk = make_person("yegu", "叶谷", cast.justice, roles.WINDOW_CLERK)
    assert agencies_visible(clerk, DAY) == {cast.justice.pk}
    city = make_person("shiqiao", "石桥", elsewhere, roles.SUPERVISOR)
    assert agencies_visible(city, DAY) == {elsewhere.pk}


@pytest.mark.parametrize("office", ["admin", "security", "auditor"])
def test_administrators_see_no_records(cast: Cast, office: str) -> None:
    assert agencies_visible(getattr(cast, office), DAY) == frozenset()


def test_given_items_hold_for_their_days(cast: Cast) -> None:
    brought = GrantedItem(
        agency=cast.other, item_code="3701", label="河道设障", basis="赋权决定", valid_from=DAY
    )
    brought.save()
    for day in (-1, 0, 1):
        assert len(granted_on(cast.other, DAY + ONE_DAY * day)) == (day >= 0)


# Machine tokens.


def test_a_token_opens_its_post_and_is_kept_nowhere(cast: Cast) -> None:
    post = cast.archivist.posts.get()
    text, row = issue_token(post, "市平台对接", ["read", "read"], NOW + ONE_DAY, NOW)
    found = token_of(text, NOW)
    assert (
        found is not None
        and found.post == post
        and found.scopes == ["read"]
        and found.post.agency == cast.bureau
    )
    row.refresh_from_db()
    assert row.last_used_at == NOW
    assert text not in str(vars(row)) and text.split("_", 2)[2] not in str(vars(row))


def test_a_token_used_twice_in_a_minute_is_written_once(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text, _ = issue_token(cast.archivist.posts.get(), "对接", [], NOW + ONE_DAY, NOW)
    with django_assert_num_queries(2):
        token_of(text, NOW)
    with django_assert_num_queries(1):
        token_of(text, NOW + timedelta(seconds=59))


@pytest.mark.parametrize(
    "end", ["expired", "revoked", "post ended", "barred", "altered", "swapped", "garbage"]
)
def test_a_token_ends(cast: Cast, end: str) -> None:
    post = cast.archivist.posts.get()
    text, row = issue_token(post, "对接", ["read"], NOW + ONE_DAY, NOW)
    other, _ = issue_token(post, "别家", ["read"], NOW + ONE_DAY, NOW)
    assert token_of(text, NOW) == row
    when = NOW
    if end == "expired":
        when = NOW + ONE_DAY
    elif end == "revoked":
        row.revoked_at = NOW
        row.save()
    elif end == "post ended":
        Post.objects.filter(pk=post.pk).update(n=F("n") + 1, valid_until=DAY - ONE_DAY)
    elif end == "barred":
        Person.objects.filter(pk=cast.archivist.pk).update(n=F("n") + 1, active=False)
    elif end == "altered":
        text = text[:-1] + ("A" if text[-1] != "A" else "B")
    elif end == "swapped":
        text = text[:36] + other[36:]
    else:
        text = "sx_令牌_\x00"
    assert token_of(text, when) is None


def test_no_token_for_an_administrator_or_for_ever(cast: Cast) -> None:
    with pytest.raises(ValueError, match="管理员"):
        issue_token(cast.admin.posts.get(), "备份", [], NOW + ONE_DAY, NOW)
    for end in (NOW, NOW + timedelta(days=367)):
        with pytest.raises(ValueError, match="366"):
            issue_token(cast.archivist.posts.get(), "对接", [], end, NOW)
