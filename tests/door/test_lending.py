"""Lending an archived file is an act of the agency, and `ledger verify` holds the register against it."""

import contextlib
import html
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from knocks import signed_in
from play import Clock, Play, make_office, settle_constraints
from sanxiang.cases.models import Case
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import Refused, administer
from sanxiang.door.models import Loan, Refusal
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.verify import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(clock: Clock) -> Play:
    """Two archived files, the first out, the second back again."""
    office = make_office("dongying")
    first = Play(office, "summary", stories.summary("200"), clock)
    second = Play(office, "summary", stories.summary("100", "citizen", 2), clock)
    for play in (first, second):
        play.until()
    clock.now = second.moment
    for play in (first, second):
        answer = lend(office, play.case, clock.now)
        assert answer.borrower == "审计局蓝溪"
    administer("return-file", office.agency, office.people["agency-head"], {"case": second.case.code})
    first.told["other"] = second.case_id
    sequence_all()
    return first


def lend(office: Office, case: Case, now: datetime, who: str = "archivist", **more: str) -> Loan:
    """Lend a file for three days."""
    due = (now.date() + timedelta(days=3)).isoformat()
    told = {"case": case.number or case.code, "borrower": "审计局蓝溪", "purpose": "核对罚没收入", "due": due}
    row: Loan = administer("lend-file", office.agency, office.people[who], {**told, **more})
    return row


def faults() -> list[Fault]:
    """What the verification finds."""
    return [fault for fault in verify_all() if fault.what == "loan"]


def test_each_loan_is_two_acts_that_say_what_the_register_says(archive: Play) -> None:
    """The register's entries name their acts; who may not lend is refused, and that is kept."""
    out, back = Loan.objects.order_by("pk")
    acts = Act.objects.filter(subject=archive.office.agency.pk)
    assert {a.name for a in acts.filter(pk__in=(out.act, back.act))} == {"lend-file"}
    assert acts.get(pk=back.returned_act).name == "return-file" and out.returned_act is None
    said = dict(Opening.objects.filter(act=out.act).values_list("name", "value"))
    assert (said["case"], said["borrower"], said["row"]) == (str(archive.case_id), out.borrower, str(out.pk))
    with pytest.raises(Refused) as refused:
        lend(archive.office, archive.case, archive.moment, "officer1", due="2020-01-01")
    assert {v.guard for v in refused.value.verdicts} == {"role", "in-place", "due"}
    assert Refusal.objects.filter(act="lend-file", by_name=archive.person("officer1").name).exists()
    assert not faults()


def test_the_form_under_administration_offers_the_files_that_are_in_their_place(archive: Play) -> None:
    """The archivist chooses among them, and after lending stands before the register of that file."""
    client, here = signed_in(archive.person("archivist")), "/desk/admin/acts/lend-file/"
    offered = client.get(here).content.decode()
    assert archive.told["other"].hex in offered.replace("-", "") and str(archive.case_id) not in offered
    due = (archive.moment.date() + timedelta(days=1)).isoformat()
    told = {"case": archive.told["other"], "borrower": "法院蓝溪", "purpose": "调卷", "due": due}
    answer = client.post(here, told)
    assert answer.status_code == 302 and answer["Location"].endswith(f"/desk/cases/{told['case']}/file/")
    assert "法院蓝溪" in html.unescape(client.get(answer["Location"]).content.decode())
    assert client.get("/desk/admin/acts/return-file/").status_code == 200
    other = signed_in(archive.person("officer1")).get(here)
    assert other.status_code == 404


@contextlib.contextmanager
def behind_the_back() -> Iterator[None]:
    """An owner of the database takes the triggers off; undone afterwards."""
    with transaction.atomic():
        settle_constraints()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE door_loan DISABLE TRIGGER USER")
            else:
                for position in (0, 1):
                    cursor.execute(f"DROP TRIGGER door_loan_forever_{position}")
        yield
        transaction.set_rollback(True)


CHANGES: dict[str, Callable[[Loan], Any]] = {
    "borrower": lambda loan: Loan.objects.filter(pk=loan.pk).update(borrower="某人"),
    "purpose": lambda loan: Loan.objects.filter(pk=loan.pk).update(purpose="其他"),
    "due": lambda loan: Loan.objects.filter(pk=loan.pk).update(due=loan.due + timedelta(days=9)),
    "at": lambda loan: Loan.objects.filter(pk=loan.pk).update(at=loan.at - timedelta(days=9)),
    "by_name": lambda loan: Loan.objects.filter(pk=loan.pk).update(by_name="某人"),
    "act": lambda loan: Loan.objects.filter(pk=loan.pk).update(act=None),
    "returned_to": lambda loan: Loan.objects.filter(pk=loan.pk).update(returned_to="某人"),
    "returned_at": lambda loan: Loan.objects.filter(pk=loan.pk).update(returned_at=None),
    "不见了": lambda loan: Loan.objects.filter(pk=loan.pk)._raw_delete(using="default"),
}


def test_a_changed_entry_is_named(archive: Play) -> None:
    """With the triggers in place it cannot be changed; without them the verification says which entry and which column."""
    loan = Loan.objects.latest("pk")
    for which, change in CHANGES.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            change(loan)
        with behind_the_back():
            change(loan)
            found = faults()
            assert found and all(f"{loan.pk}" in fault.where for fault in found), which
            assert any(which in fault.why for fault in found), (which, found)
    assert not faults()


def test_the_archivist_s_day_begins_with_what_is_out(archive: Play, clock: Clock) -> None:
    """The files that are out and when they are due back, late ones marked; nobody else's first page has them."""
    clock.now += timedelta(days=5)
    page = html.unescape(signed_in(archive.person("archivist")).get("/desk/").content.decode())
    assert "借出未还的案卷" in page and "审计局蓝溪" in page and "逾期未还" in page
    assert f'href="/desk/cases/{archive.case_id}/file/"' in page
    assert str(archive.told["other"]) not in page.partition("借出未还的案卷")[2].partition("</table>")[0]
    assert "借出未还" not in signed_in(archive.person("officer1")).get("/desk/").content.decode()
    administer("return-file", archive.office.agency, archive.person("archivist"), {"case": archive.case.code})
    assert "没有借出未还的案卷" in signed_in(archive.person("archivist")).get("/desk/").content.decode()
