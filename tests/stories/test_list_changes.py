"""What of a list changes: rows from tables, laws that end, functions that move, two levels of portals, one name in many lists."""

import csv
import html
import io
import json
import re
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import listed
from admitting import legal_office
from altered import Alter
from altered import said as sets
from clockwork import Clock
from knocks import signed_in
from page_form import form_at, send
from play import make_office
from sanxiang.cli import main
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer, create_agency
from sanxiang.door.models import Task
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.oversight.law_changes import tell_repealed
from sanxiang.people.models import Agency, Person
from sanxiang.registers.models import Draft, Recheck, Release

pytestmark = pytest.mark.django_db
FIGURES = {"比例": "不低于百分之五", "频次": "每年一次"}


def rows_of(locality: str, kind: str, *names: str, **more: str) -> list[dict[str, str]]:
    """Rows with every column of the locality's list."""
    columns = [name for name, _ in columns_of(load_pack(locality), kind) if not name.startswith("罚款")]
    return [
        {
            c: more.get(c) or FIGURES.get(c) or (f"{n}" if c.endswith("编码") else f"{name}{c}")
            for c in columns
        }
        for n, name in enumerate(names, 1)
    ]


def table(rows: list[dict[str, str]]) -> SimpleUploadedFile:
    """The rows as a table file."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("清单.csv", target.getvalue().encode("gbk"))


def imported(office: Office, kind: str, rows: list[dict[str, str]], who: str = "officer1") -> Any:
    """The answer to an import on the page."""
    client = signed_in(office.people[who])
    form = form_at(client, f"/desk/registers/import/?agency={office.agency.pk}&kind={kind}")
    return send(client, form, file=table(rows))


def page(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def public(office: Office, kind: str, more: str = "") -> str:
    return page(Client(), f"/agencies/{office.agency.pk}/{kind}/{more}")


def released(office: Office, kind: str, rows: list[dict[str, str]], begins: date | None = None) -> Release:
    reviewer = office.people["legal-reviewer"]
    return listed.release(office.agency, kind, rows, begins or timezone.localdate(), reviewer)


@pytest.mark.parametrize(
    ("locality", "column"),
    [
        pytest.param("laizhou", "依据", marks=pytest.mark.carries("LZ-012", locality="laizhou")),
        pytest.param("lingchuan", "权限", marks=pytest.mark.carries("LC-013", locality="lingchuan")),
    ],
)
def test_a_bad_row_goes_back_with_its_number_and_the_good_ones_stay(
    locality: str, column: str, clock: Clock
) -> None:
    office = make_office(locality)
    rows = rows_of(locality, "items", "采砂", "取土", "取水")
    rows[1][column] = ""
    answer = imported(office, "items", rows)
    assert answer.status_code == 302, answer.content.decode()
    draft = Draft.objects.get()
    assert [row["事项名称"] for row in draft.rows] == ["采砂事项名称", "取水事项名称"]
    client = signed_in(office.people["officer1"])
    told = page(client, answer["Location"])
    assert f"没有填写“{column}”" in told and "补填后重新提交" in told
    away = client.get(f"{answer['Location']}rejected.csv").content.decode("utf-8-sig")
    bad = list(csv.DictReader(io.StringIO(away)))
    assert [row["行号"] for row in bad] == ["3"] and bad[0]["事项名称"] == "取土事项名称"
    mended = [{**rows[1], column: "补上的"}]
    assert imported(office, "items", [rows[0], *mended, rows[2]]).status_code == 302
    assert Draft.objects.get().edition == 2 and not Draft.objects.get().rejected
    release = released(office, "items", Draft.objects.get().rows)
    shown = public(office, "items")
    assert release.version == 1 and all(f"采砂{name}" in shown for name in ("主体", "职责", "权限", "依据"))


@pytest.mark.carries("LZ-014", locality="laizhou")
def test_a_random_item_without_its_frequency_is_no_item(clock: Clock) -> None:
    office = make_office("laizhou")
    rows = rows_of("laizhou", "random-items", "采砂")
    for bad, said in (("", "没有填写“频次”"), ("看情况", "“频次”写的“看情况”看不出数")):
        told = {"kind": "random-items", "rows": [{**rows[0], "频次": bad}]}
        assert said in listed.facts_of(office.people["officer1"], office.agency, "draft-register", **told)
    released(office, "random-items", rows)
    shown = public(office, "random-items")
    assert all(
        rows[0][name] in shown for name in ("抽查主体", "依据", "对象", "内容", "比例", "方式", "频次")
    )
    asked = Client().get(f"/api/v1/public/agencies/{office.agency.pk}/registers/random-items").json()
    assert (asked["rows"][0]["ratio"], asked["rows"][0]["per_year"]) == (0.05, 1.0)


@pytest.mark.carries("DY-007", "DY-008", locality="dongying")
def test_dongying_asks_for_no_column_warns_and_shows_what_changed(clock: Clock) -> None:
    office = make_office("dongying")
    spot = rows_of("dongying", "random-items", "采砂")
    del spot[0]["频次"]
    draft = administer("draft-register", office.agency, None, {"kind": "random-items", "rows": spot})
    desk = signed_in(office.people["legal-reviewer"])
    assert "“频次”没有填写：第 1 行" in page(desk, f"/desk/registers/drafts/{draft.pk}/")
    administer(
        "release-register",
        office.agency,
        None,
        {"kind": "random-items", "in_force_from": timezone.localdate()},
    )
    power = rows_of("dongying", "power-duties", "河道")
    released(office, "power-duties", power)
    rows = rows_of("dongying", "items", "采砂", "取土")
    rows[0]["权责编码"], rows[1]["权责编码"] = power[0]["权责编码"], ""
    draft = administer("draft-register", office.agency, None, {"kind": "items", "rows": rows})
    shown = page(desk, f"/desk/registers/drafts/{draft.pk}/")
    assert "没有关联权责清单的条目（权责编码）：取土事项名称" in shown and "采砂事项名称（" not in shown
    one = released(office, "items", rows)
    newer = [{**rows[0], "职责": "改了"}, {**rows[1], "事项编码": "9", "事项名称": "取水"}]
    released(office, "items", newer)
    shown = page(desk, f"/desk/registers/{one.register_id}/changes/?from=1&to=2")
    assert "新增 1 项，删除 1 项，修改 1 项" in shown and "采砂职责 → 改了" in shown
    assert "第1版" in public(office, "items") and "第2版" in public(office, "items")


@pytest.mark.parametrize(
    ("locality", "kind"),
    [
        pytest.param("laizhou", "items", marks=pytest.mark.carries("LZ-011", locality="laizhou")),
        pytest.param("kaiyuan", "items", marks=pytest.mark.carries("KY-016", locality="kaiyuan")),
        pytest.param("huantai", "items", marks=pytest.mark.carries("HT-011", locality="huantai")),
    ],
)
def test_a_repealed_law_flags_what_cites_it_until_a_new_version(
    locality: str, kind: str, clock: Clock
) -> None:
    office = make_office(locality)
    rows = rows_of(locality, kind, "采砂", "取土", "取水", **{"依据": "《水法》第六十九条"})
    rows[1]["依据"] = "《防洪法》第五十五条"
    released(office, kind, rows, timezone.localdate() - timedelta(days=9))
    with patch("sanxiang.commands.law.setup.start", return_value=None):
        assert main(["law", "repeal", "水法", "--on", timezone.localdate().isoformat()]) == 0
    found = Recheck.objects.get()
    assert [entry["row"] for entry in found.entries] == [1, 3]
    task = Task.objects.get(kind="recheck-register")
    assert task.closed_n is None and task.agency == office.agency
    desk = signed_in(office.people["legal-reviewer"])
    assert f"/desk/registers/rechecks/{task.pk}/" in page(desk, "/desk/")
    shown = page(desk, f"/desk/registers/rechecks/{task.pk}/")
    assert (
        "采砂事项名称" in shown
        and "取土事项名称" not in shown
        and "在办案件" in shown
        and "文书模板" in shown
    )
    reviewer, told = office.people["legal-reviewer"], {"recheck": found, "conclusion": "不用改"}
    assert "已经废止" in listed.facts_of(reviewer, office.agency, "close-recheck", **told)
    half = [{**rows[0], "依据": "《防洪法》第五十五条"}, *rows[1:]]
    released(office, kind, half)
    found.refresh_from_db()
    task.refresh_from_db()
    assert found.closed_at is None and task.closed_n is None, "the third entry cites it still"
    assert [entry["row"] for entry in found.entries] == [3] and found.version == 2
    newer = [{**row, "依据": "《防洪法》第五十五条"} for row in rows]
    assert released(office, kind, newer).version == 3
    found.refresh_from_db()
    task.refresh_from_db()
    assert found.closed_at and task.closed_n and found.replaced_by is not None
    face, today = public(office, kind), timezone.localdate()
    assert (
        "第3版" in face
        and f"{today.year}年{today.month}月{today.day}日起施行" in face
        and "水法》第六十九条" not in face
    )
    assert "水法》第六十九条" in public(office, kind, f"?on={today - timedelta(days=1)}")


@pytest.mark.carries("LC-012", locality="lingchuan")
def test_a_function_that_moved_flags_its_entries(clock: Clock) -> None:
    office = make_office("lingchuan")
    rows = rows_of("lingchuan", "items", "采砂", "取土")
    rows[0]["主体"], rows[1]["主体"] = "执法监察大队", "中心所"
    released(office, "items", rows)
    reviewer = office.people["legal-reviewer"]
    told = {"organ": "执法监察大队", "change": "moved", "receiver": "中心所", "since": timezone.localdate()}
    listed.done(reviewer, office.agency, "record-function-change", **told)
    found = Recheck.objects.get()
    assert [entry["name"] for entry in found.entries] == ["采砂事项名称"]
    shown = page(signed_in(reviewer), f"/desk/registers/rechecks/{found.pk}/")
    assert "划转给其他机构，由中心所承接" in shown and "取土事项名称" not in shown
    nobody = {**told, "organ": "没有的股"}
    assert "没有条目引用" in listed.facts_of(reviewer, office.agency, "record-function-change", **nobody)
    listed.done(reviewer, office.agency, "close-recheck", recheck=found, conclusion="仍以大队名义")
    assert Task.objects.get(pk=found.pk).closed_n is not None


def district(office: Office, kind: str = "") -> str:
    where = f"/districts/{office.agency.parent_id}/"
    return page(Client(), f"{where}{kind}/" if kind else where)


def admitted(release: Release, by: Person) -> None:
    listed.done(by, release.register.agency, "admit-register", filing=release.filing)


def not_admitted(release: Release, by: Person) -> str:
    """Why this person cannot admit it."""
    return listed.facts_of(by, release.register.agency, "admit-register", filing=release.filing)


@pytest.mark.carries("DY-013", "DY-014", locality="dongying")
def test_the_district_keeps_its_version_until_the_legal_office_admits_the_next(clock: Clock) -> None:
    office = make_office("dongying")
    office_above, head = legal_office(office), office.people["agency-head"]
    rows = rows_of("dongying", "items", "采砂")
    first = released(office, "items", rows)
    assert "采砂事项名称" in public(office, "items") and "采砂事项名称" not in district(office, "items")
    assert "机关还没有报备这一版" in not_admitted(first, office_above)
    listed.done(head, office.agency, "file-register", filing=first.filing)
    assert "由政府法制机构" in not_admitted(first, head) and "采砂事项名称" not in district(office, "items")
    assert "等待统一公示" in page(signed_in(office_above), "/desk/registers/")
    admitted(first, office_above)
    assert "采砂事项名称" in district(office, "items") and "1 项" in district(office)
    second = released(office, "items", [{**rows[0], "事项名称": "取水"}])
    assert "取水" in public(office, "items") and "第2版" in public(office, "items")
    told = district(office, "items")
    assert "采砂事项名称" in told and "更新待汇总" in told and "取水" not in told
    assert "等待报备" in page(signed_in(head), "/desk/registers/"), "the update opens the filing again"
    api = f"/api/v1/public/districts/{office.agency.parent_id}/registers/items"
    assert Client().get(api).json()["organs"][0]["pending"] is True
    listed.done(head, office.agency, "file-register", filing=second.filing)
    admitted(second, office_above)
    told = district(office, "items")
    assert "取水" in told and "更新待汇总" not in told and "采砂事项名称" not in told
    found = Client().get(api).json()
    assert found["rows"][0]["事项名称"] == "取水" and found["organs"][0]["pending"] is False


@pytest.mark.carries("DY-017", "DY-018", locality="dongying")
def test_subjects_are_approved_first_and_told_together_with_counts(clock: Clock) -> None:
    office = make_office("dongying")
    above, today = legal_office(office), timezone.localdate()
    rows = rows_of("dongying", "subjects", "甲", **{"主体类别": "法定行政机关"})
    told = {"kind": "subjects", "rows": rows, "in_force_from": today}
    unmet = listed.refused(office.people["agency-head"], office.agency, "release-register", **told)
    assert unmet.keys() == {"signed:vet:legal-supervisor"}
    assert "二（一）3" in unmet["signed:vet:legal-supervisor"][0]
    released(office, "items", rows_of("dongying", "items", "采砂"))  # asks for no such approval
    organs = [office.agency, sister(office, "乙"), sister(office, "丙")]
    for number, organ in enumerate(organs):
        own = rows_of(
            "dongying", "subjects", organ.name, **{"主体类别": "授权组织" if number else "法定行政机关"}
        )
        draft = administer("draft-register", organ, None, {"kind": "subjects", "rows": own})
        listed.done(above, organ, "sign-register", draft=draft, digest=draft.digest, outcome="agreed")
        release = administer("release-register", organ, None, {"kind": "subjects", "in_force_from": today})
        assert f"{organ.name}法定代表人" not in district(office, "subjects")
        admitted(release, above)
    shown = district(office, "subjects")
    assert all(f"{organ.name}法定代表人" in shown for organ in organs)
    found = Client().get(f"/api/v1/public/districts/{office.agency.parent_id}/registers/subjects").json()
    assert found["total"] == len(found["rows"]) == 3 == sum(one["total"] for one in found["organs"])
    assert found["counts"] == {"法定行政机关": 1, "授权组织": 2}


def sister(office: Office, name: str) -> Agency:
    """Another organ of the same government."""
    agency = office.agency
    told = {
        "kind": "department",
        "region": agency.region,
        "locality": agency.locality,
        "parent": agency.parent,
    }
    made: Agency = create_agency({**told, "name": f"演示{name}局", "short": f"演{name}"})
    return made


@pytest.mark.carries("DY-021", locality="dongying")
def test_the_roster_is_one_record_on_both_pages(clock: Clock) -> None:
    office = make_office("dongying")
    name, places = (
        office.people["officer1"].name,
        (f"/agencies/{office.agency.pk}/", f"/districts/{office.agency.parent_id}/officers/"),
    )

    def lines() -> list[str]:
        return [page(Client(), place) for place in places]

    assert not any(name in told for told in lines()), "nobody signed it yet"
    listed.vetted_roster(office.agency)
    assert all(name in told and "巡查科" not in told for told in lines())
    unit = administer(
        "add-unit", office.agency, None, {"name": "巡查科", "kind": "brigade", "is_enforcement": True}
    )
    post = {
        "person": office.people["officer1"],
        "role": "officer",
        "unit": unit,
        "valid_from": "2024-06-01",
        "title": "巡查员",
    }
    administer("grant-post", office.agency, None, post)
    assert all("巡查科" in told for told in lines())
    kept = office.people["officer1"].certificates.get()
    administer(
        "change-certificate", office.agency, None, {"certificate": kept, "revoked_on": timezone.localdate()}
    )
    assert all(kept.number not in told for told in lines())


GUIDE = 'fields = ["执法事项名称", "受理机构"'
"""The columns of 开原's guides begin with the one that bears the item's name; with another one the name would not follow."""


@pytest.mark.carries("KY-012", locality="kaiyuan", change=(GUIDE, GUIDE.replace("执法事项名称", "指南内容")))
def test_a_name_is_changed_in_one_list_and_follows_into_the_others(clock: Clock) -> None:
    """Under the columns that the scheme prints; a bad row goes back by number, a repealed law flags what cites it, both versions stay."""
    office = make_office("kaiyuan")
    yesterday = timezone.localdate() - timedelta(days=1)
    items = [{"事项编码": "S-1", "事项名称": "采砂许可", "权责编码": "Q-1", "依据": "《水法》第三十九条"}]
    bad = imported(office, "items", [*items, {"事项编码": "S-2", "依据": "《水法》第三十九条"}])
    told = page(signed_in(office.people["officer1"]), bad["Location"])
    assert ">3</td>" in told and "没有填写“事项名称”" in told and Draft.objects.get().rows == items
    released(office, "items", items, yesterday)
    power = [{"权责编码": "Q-1", "事项编码": "S-1", "事项名称": "采砂许可", "权责类型": "权力"}]
    spot = [{"事项编码": "S-1", "抽查主体": "本局", **FIGURES}]
    names = [name for name, _ in columns_of(load_pack("kaiyuan"), "guide")]
    guide = [{name: {"事项编码": "S-1"}.get(name, "采砂许可") for name in names}]
    for kind, rows in (("power-duties", power), ("random-items", spot), ("guide", guide)):
        released(office, kind, rows, yesterday)
    released(office, "items", [{**items[0], "事项名称": "河道采砂许可"}])
    for kind in ("power-duties", "random-items", "guide"):
        assert "河道采砂许可" in public(office, kind), kind
        past = Client().get(f"/api/v1/public/agencies/{office.agency.pk}/registers/{kind}?on={yesterday}")
        assert "采砂许可" in past.content.decode() and "河道采砂许可" not in past.content.decode(), kind
    (shown,) = Client().get(f"/api/v1/public/agencies/{office.agency.pk}/registers/guide").json()["rows"]
    assert shown.get("执法事项名称") == "河道采砂许可"
    assert "第1版" in public(office, "items") and "第2版" in public(office, "items")
    draft = {"kind": "random-items", "rows": [{**spot[0], "事项编码": "S-9"}]}
    made = administer("draft-register", office.agency, None, draft)
    desk = signed_in(office.people["legal-reviewer"])
    assert "行政执法事项清单里没有这些事项编码：S-9" in page(desk, f"/desk/registers/drafts/{made.pk}/")
    assert tell_repealed("水法", timezone.localdate()) == [office.agency.name]
    (found,) = Recheck.objects.filter(register__kind="items")
    assert "河道采砂许可" in page(desk, f"/desk/registers/rechecks/{found.pk}/")


def test_a_list_that_stood_too_long_becomes_a_task_once_and_a_conclusion_begins_the_period_anew(
    clock: Clock, alter: Alter, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command: nothing where the scheme is silent; near its end a task with the clause and the last day; late it is an alert."""
    office = make_office("kaiyuan")
    begins = timezone.localdate()
    released(office, "items", rows_of("kaiyuan", "items", "采砂"), begins)
    clock.now += timedelta(days=170)
    assert reminded(capsys) == 0, "the scheme has set no period"
    alter("kaiyuan", sets("list.review_period", "180"))
    clock.now -= timedelta(days=5)
    assert reminded(capsys) == 0
    clock.now += timedelta(days=2)
    assert reminded(capsys) == 1 and reminded(capsys) == 0
    task = Task.objects.get(kind="recheck-register")
    assert task.due == begins + timedelta(days=180) and "一（一）" in task.citation
    reviewer = signed_in(office.people["legal-reviewer"])
    shown = page(reviewer, "/desk/tasks/")
    assert "定期核对" in shown and f"/desk/registers/rechecks/{task.pk}/" in shown and task.citation in shown
    told = page(reviewer, f"/desk/registers/rechecks/{task.pk}/")
    assert "每 180 天" in told and "不需要修改" in told and "核对整份清单" in told
    clock.now += timedelta(days=20)
    reminded(capsys)
    assert "已经超期" in page(signed_in(office.people["agency-head"]), "/desk/alerts/")
    reviewer = signed_in(office.people["legal-reviewer"])
    form = form_at(reviewer, f"/desk/admin/acts/close-recheck/?agency={office.agency.pk}&recheck={task.pk}")
    form.put("conclusion", "逐项核对，没有变化。")
    assert send(reviewer, form).status_code == 302
    task.refresh_from_db()
    assert task.closed_n and reminded(capsys) == 0
    clock.now += timedelta(days=167)
    assert reminded(capsys) == 1


def reminded(capsys: pytest.CaptureFixture[str]) -> int:
    """How many lists `sanxiang remind` finds due."""
    capsys.readouterr()
    with (
        patch("sanxiang.commands.reminding.setup.start", return_value=None),
        patch("sanxiang.commands.reminding.calendar_faults", return_value=[]),
    ):
        assert main(["remind", "--json"]) == 0
    found: int = json.loads(capsys.readouterr().out)["lists"]
    return found


def test_rows_that_are_all_bad_are_taken_away_with_every_fault_and_sums_are_read_in_full_width(
    clock: Clock,
) -> None:
    office = make_office("huantai")
    (row, *_) = rows_of("huantai", "items", "采砂")
    bad = {**row, "罚款下限": "abc", "罚款上限": "甲乙"}
    answer = imported(office, "items", [bad])
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and "abc" in shown and "“甲乙”不是金额" in shown
    client, here = (
        signed_in(office.people["officer1"]),
        f"/desk/registers/import/?agency={office.agency.pk}&kind=items",
    )
    (text,) = re.findall(r'name="rejected" value="([^"]+)"', answer.content.decode())
    away = client.post(here, {"rejected": html.unescape(text)})
    assert "attachment" in away["Content-Disposition"] and "abc" in away.content.decode()
    empty = client.get(f"{here}&template=1").content.decode()
    assert "事项名称" in empty and len(empty.splitlines()) == 1
    good = {**row, "罚款下限": "１００", "罚款上限": "２，０００", "多余栏": "甲"}
    assert imported(office, "items", [good]).status_code == 302
    draft = page(client, f"/desk/registers/drafts/{Draft.objects.get().pk}/")
    assert "没有这些栏目，请核对是不是写错了名称：多余栏" in draft
