"""A refused attempt is kept with the agency where it was made, and read there alone."""

import pytest
from django.test import Client

from cast import Cast, make_person
from conftest import SignIn
from sanxiang.door.administer import administer
from sanxiang.door.models import Refusal
from sanxiang.door.perform import open_case
from sanxiang.law.guards import Refused
from sanxiang.ledger.access_row import Access
from sanxiang.people import roles
from sanxiang.people.models import Post

pytestmark = pytest.mark.django_db
PAGE, AUDIT = "/desk/refusals/", "/desk/admin/refusals/"


def said(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_attempt_to_open_a_case_is_read_where_it_was_made(cast: Cast, browser: SignIn) -> None:
    """Somebody works in two agencies: what they try in one is not told in the other."""
    Post.objects.create(person=cast.handler, agency=cast.other, role=roles.OFFICER, valid_from="2021-01-01")
    for agency in (cast.bureau, cast.other):
        with pytest.raises(Refused):
            open_case("summary", agency, cast.handler, {})
    assert list(Refusal.objects.order_by("id").values_list("agency", flat=True)) == [
        cast.bureau.pk,
        cast.other.pk,
    ]
    there = make_person("zhaoyu", "赵雨", cast.other, roles.AGENCY_HEAD)
    ours, theirs, above = (said(browser(person)) for person in (cast.head, there, cast.supervisor))
    for page, count in ((ours, 1), (theirs, 1), (above, 2)):
        assert f"共 {count} 次" in page
    assert cast.bureau.name in ours and cast.other.name in theirs and cast.bureau.name not in main_of(theirs)


def main_of(page: str) -> str:
    return page.partition("<h1")[2]


def test_an_attempt_on_an_agency_is_audited_there(cast: Cast, browser: SignIn) -> None:
    """The operator has no agency: what was tried at the console belongs to the agency it was tried on."""
    for by, agency in ((None, cast.bureau), (cast.admin, cast.other), (cast.admin, cast.bureau)):
        with pytest.raises(Refused):
            administer("add-unit", agency, by, {})
    auditor = browser(cast.auditor)
    for agency, count in ((cast.bureau, 2), (cast.other, 1), (cast.government, 0)):
        page = said(auditor, f"{AUDIT}?agency={agency.pk}")
        assert f"共 {count} 次" in page or (count == 0 and "共 " not in page)


def test_an_old_attempt_of_which_nobody_knows_where_is_shown_on_no_desk(cast: Cast, browser: SignIn) -> None:
    with pytest.raises(Refused):
        open_case("summary", cast.bureau, cast.handler, {})
    Refusal.objects.update(agency=None)
    assert "林青" not in main_of(said(browser(cast.head)))


def test_to_read_what_was_refused_is_a_look(cast: Cast, browser: SignIn) -> None:
    """A finding may repeat what somebody typed into a case, of agencies where the reader has no duty."""
    with pytest.raises(Refused):
        open_case("summary", cast.bureau, cast.handler, {})
    said(browser(cast.supervisor))
    (entry,) = Access.objects.filter(kind="refusals")
    assert (entry.by, entry.role, entry.result) == (cast.supervisor.pk, roles.SUPERVISOR, "served")
    assert browser(cast.handler).get(PAGE).status_code == 403
    assert [one.result for one in Access.objects.filter(kind="refusals", by=cast.handler.pk)] == ["withheld"]
