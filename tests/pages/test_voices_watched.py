"""What supervisors make of voices and of what is published: wide concerns become tasks, findings are put right and closed."""

from datetime import timedelta

import pytest
from django.test import Client

from knocks import refused_everywhere, signed_in
from page_form import form_at, words
from play import Clock, make_office
from publishing import begun, supervisor_above
from sanxiang.cases.models import Publication
from sanxiang.demo.registers import release_lists
from sanxiang.door.administer import administer
from sanxiang.door.models import Task
from sanxiang.door.verifying.database import verify_all
from sanxiang.door.voices.concerns import concerns_in
from sanxiang.door.voices.register import voices_in
from sanxiang.door.voices.spot_checks import checks_in
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.registers.models import Release
from speaking import answered, complained, follow, standing

pytestmark = pytest.mark.django_db


@pytest.mark.carries("HT-051", locality="huantai")
def test_what_many_complain_of_becomes_a_task_with_unit_and_last_day(clock: Clock) -> None:
    office = make_office("huantai")
    above = supervisor_above(office.agency)
    complained(office, clock, 2)
    assert "没有多人反映的问题" in words(signed_in(above).get("/desk/concerns/"))
    codes = complained(office, clock, 2)
    assert len(voices_in([office.agency.pk])) == 4
    page = words(signed_in(above).get("/desk/concerns/"))
    assert office.people["officer1"].name in page and "<td" in page and "列为任务" in page
    told = {
        "title": "检查不亮证",
        "demand": "每次检查先亮证并记入",
        "owner_unit": office.brigade.name,
        "days": "10",
    }
    follow(above, "/desk/concerns/", r'href="(/desk/admin/acts/open-concern/\?[^"]*voices=[^"]+)"', **told)
    (one,) = concerns_in([office.agency.pk])
    assert (
        len(one.voices) == 4
        and one.owner == office.brigade.name
        and one.due > clock.now.date() + timedelta(days=13)
    )
    head = office.people["unit-head"]
    assert one.title in words(signed_in(head).get("/desk/tasks/")) and one.number in words(
        signed_in(head).get("/desk/concerns/")
    )
    clock.now += timedelta(days=30)
    assert "超期" in words(signed_in(above).get("/desk/concerns/"))
    follow(
        above,
        "/desk/concerns/",
        r'href="(/desk/admin/acts/close-concern/[^"]+)"',
        result="抽看二十次检查的录像，都先亮证",
    )
    assert concerns_in([office.agency.pk])[0].closed and not Task.objects.filter(
        kind="concern", closed_n=None
    )
    answered(above, clock, outcome="反映的情况属实", reply="已经要求每次检查先出示证件。")
    assert "已答复" in words(standing(codes[-1]))
    assert not [fault.as_json() for fault in verify_all()]


@pytest.mark.carries("DY-006", locality="dongying")
def test_a_finding_of_the_supervisor_is_its_owners_task_and_the_fix_is_version_two(clock: Clock) -> None:
    office = make_office("dongying")
    agency, above, owner = office.agency, supervisor_above(office.agency), office.people["legal-reviewer"]
    here = f"/agencies/{agency.pk}/items/"
    release_lists(office, load_pack("dongying"), clock.now - timedelta(days=1))
    assert "第1版" in words(Client().get(here))
    finding = "第一项的依据写的是旧法的条号，应当按现行条文改"
    pattern = rf'href="(/desk/admin/acts/file-spot-check/\?[^"]*key={agency.pk}%2Fitems)"'
    follow(above, "/desk/spot-checks/", pattern, finding=finding)
    (one,) = checks_in([agency.pk])
    assert one.number in words(signed_in(owner).get("/desk/tasks/"))
    assert finding in words(signed_in(owner).get("/desk/spot-checks/"))

    told = {"check": one.number, "outcome": "fixed", "told": "已按现行条文改"}
    with pytest.raises(Refused) as refused:
        administer("settle-spot-check", agency, owner, told)
    assert [v.guard for v in refused.value.verdicts if not v.met] == ["fixed"]
    newest = Release.objects.filter(register__agency=agency, register__kind="items").latest("version")
    column = next(name for name in newest.rows[0] if "依据" in name)
    rows = [{**row, column: f"{row[column]}（现行）"} for row in newest.rows]
    release = {"kind": "items", "rows": rows, "in_force_from": clock.now.date(), "note": "按抽查意见更正"}
    administer("release-register", agency, owner, release)
    follow(
        owner,
        "/desk/spot-checks/",
        r'href="(/desk/admin/acts/settle-spot-check/[^"]+)"',
        outcome="已经更正",
        told="已改",
    )
    assert "第2版" in words(Client().get(here)) and "第1版" in words(Client().get(here))
    assert checks_in([agency.pk])[0].state == "待复核" and one.number in words(
        signed_in(above).get("/desk/tasks/")
    )
    follow(
        above, "/desk/spot-checks/", r'href="(/desk/admin/acts/close-spot-check/[^"]+)"', result="没有改好"
    )
    assert checks_in([agency.pk])[0].state == "待改正" and one.number in words(
        signed_in(owner).get("/desk/tasks/")
    )
    administer("settle-spot-check", agency, owner, told)
    follow(above, "/desk/spot-checks/", r'href="(/desk/admin/acts/close-spot-check/[^"]+)"', result="认可")
    assert checks_in([agency.pk])[0].state == "已销号" and not Task.objects.filter(
        kind="file-spot-check", closed_n=None
    )


@pytest.mark.carries("HT-017", locality="huantai")
def test_the_unvetted_is_not_published_and_a_finding_about_a_decision_opens_a_task(clock: Clock) -> None:
    """Nobody publishes what was not prepared, nor the editor what the editor prepared, nor anybody another text than was vetted."""
    play = begun(make_office("huantai"), "ordinary", clock, until="prepare-publication")
    digest = {"digest": "0" * 64}
    assert refused_everywhere(play.attempt("publish", "disclosure-approver", **digest)).guards
    play.step()
    vetted = play.data_of(play.next(), play.moment)
    assert "role" in refused_everywhere(play.attempt("publish", "disclosure-editor", **vetted)).guards
    assert refused_everywhere(play.attempt("publish", "disclosure-approver", **digest)).guards
    play.step()
    row, agency = Publication.objects.get(case=play.case_id), play.office.agency
    assert row.status == "published"
    above, editor = supervisor_above(agency), play.person("disclosure-editor")
    finding = "当事人名称中有错字"
    follow(
        above,
        "/desk/spot-checks/",
        rf'href="(/desk/admin/acts/file-spot-check/\?[^"]*key={row.pk})"',
        finding=finding,
    )
    (one,) = checks_in([agency.pk])
    task = Task.objects.get(pk=one.id)
    assert task.role == "disclosure-editor" and one.number in words(signed_in(editor).get("/desk/tasks/"))
    assert form_at(
        signed_in(editor), f"/desk/admin/acts/settle-spot-check/?agency={agency.pk}&check={one.number}"
    ).values
