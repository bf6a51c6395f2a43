"""Lists of enforcement officers: accounts, posts and certificates by acts on the agency. All names are invented."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cast import Cast, make_cast
from play import Clock, make_office
from sanxiang.door.administer import Unreadable, administer
from sanxiang.door.gather import officers_in
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange.officers import Outcome, load_officers
from sanxiang.exchange.reading import Unusable
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act, Pending
from sanxiang.people.models import Agency, Certificate, Person, Post, Unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
LINE = {
    "姓名": "苏禾",
    "单位": "云溪县水务局",
    "内设机构": "水政监察大队",
    "职务": "队员",
    "证件编号": "99030001",
    "执法类别": "行政处罚、行政检查",
    "执法区域": "云溪县",
    "证件有效期": "2024-03-01至2029-02-28",
    "考试合格日期": "2023-12-01",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def table(folder: Path, *changes: dict[str, str]) -> Path:
    names = list(dict.fromkeys([*LINE, *(name for change in changes for name in change)]))
    path = folder / "people.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows({**LINE, **change} for change in changes)
    return path


def load(path: Path, cast: Cast, passwords: Path | None = None) -> Outcome:
    agency = Agency.objects.get(id=cast.bureau.id)
    return load_officers(path, agency, passwords=passwords, now=NOW)


def test_an_officer_enters_with_post_and_certificate(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, {}), cast)
    assert (outcome.added, outcome.rejected) == (1, 0), outcome.rejected_rows
    person = Person.objects.get(username="99030001")
    post, held = Post.objects.get(person=person), Certificate.objects.get(person=person)
    assert (post.role, post.unit, post.valid_from) == ("officer", cast.brigade, date(2026, 11, 20))
    assert held.categories == ["penalty", "inspection"] and held.area == ["990001"]
    assert (held.valid_until, held.exam_passed_on) == (date(2029, 2, 28), date(2023, 12, 1))
    (officer,) = officers_in([str(person.id)], date(2026, 11, 20))
    assert officer.exam_passed and officer.agency == str(cast.bureau.id)
    names = list(Act.objects.filter(subject=cast.bureau.id).order_by("n").values_list("name", flat=True))
    assert names == ["add-person", "grant-post", "issue-certificate"] and not Pending.objects.exists()
    assert not [fault.where for fault in verify_all()]


def test_running_twice_adds_nothing_and_later_dates_are_taken_over(tmp_path: Path, cast: Cast) -> None:
    load(table(tmp_path, {}), cast)
    assert load(table(tmp_path, {}), cast).existing == 1
    outcome = load(table(tmp_path, {"证件有效期": "2024-03-01至2031-02-28"}), cast)
    assert (outcome.added, outcome.updated) == (0, 1)
    assert Certificate.objects.get(number="99030001").valid_until == date(2031, 2, 28)


def test_a_known_certificate_takes_over_what_was_blank_and_a_list_that_says_no_area_is_refused(
    tmp_path: Path, cast: Cast
) -> None:
    load(table(tmp_path, {}), cast)
    Certificate.objects.filter(number="99030001").update(categories=[], area=[], n=10**6)
    outcome = load(table(tmp_path, {"执法区域": ""}), cast)
    assert outcome.rejected == 1 and Certificate.objects.get(number="99030001").area == []
    assert load(table(tmp_path, {}), cast).updated == 1
    held = Certificate.objects.get(number="99030001")
    assert (held.categories, held.area) == (["penalty", "inspection"], ["990001"])


def test_a_nationwide_certificate_is_told_by_noughts_and_a_city_by_its_digits(
    tmp_path: Path, cast: Cast
) -> None:
    load(table(tmp_path, {"执法区域": "000000、990000、990100、991000"}), cast)
    assert Certificate.objects.get(number="99030001").area == ["000000", "99", "9901", "9910"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"姓名": ""}, "姓名"), ({"单位": "云溪县林草局"}, "云溪县林草局"), ({"证件有效期": "2029-02-30"}, "日期"),
        ({"执法区域": "别处县"}, "执法区域"), ({"证件编号": "99010001"}, "林青"), ({"姓名": "林青"}, "账号"),
        ({"账号": "hewei"}, "何苇"), ({"任职起": "2030-01-01"}, "任职起"), ({"姓名": "长" * 90}, "最多"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_and_writes_nothing(
    tmp_path: Path, cast: Cast, change: dict[str, str], words: str
) -> None:
    before = Person.objects.count()
    outcome = load(table(tmp_path, change, {"姓名": "方砚", "证件编号": "99030002"}), cast)
    assert (outcome.added, outcome.rejected) == (1, 1) and words in outcome.rejected_rows[0]["reason"]
    assert Person.objects.count() == before + 1


def test_an_account_named_in_the_list_gets_the_certificate(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, {"姓名": "秦禾", "账号": "qinhe"}), cast)
    assert outcome.added == 1 and Certificate.objects.get(number="99030001").person == cast.head
    assert Post.objects.filter(person=cast.head, role="officer").exists()


def test_units_that_are_not_there_are_set_up_and_told(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, {"内设机构": "节水执法大队"}), cast)
    unit = Unit.objects.get(agency=cast.bureau, name="节水执法大队")
    assert (
        unit.is_enforcement
        and unit.kind == "brigade"
        and any("节水执法大队" in remark for remark in outcome.remarks)
    )


def test_a_kind_that_the_scheme_does_not_know_is_refused_and_leaves_nothing(
    tmp_path: Path, cast: Cast
) -> None:
    secrets = tmp_path / "passwords.csv"
    path = table(tmp_path, {"证件名称": "行政执法证", "内设机构": "新设大队"})
    for _ in range(2):
        outcome = load(path, cast, secrets)
        (row,) = outcome.rejected_rows
        assert (
            "“行政执法证”不在本方案认可之列" in row["reason"]
            and "“中华人民共和国行政执法证”" in row["reason"]
        )
        assert not secrets.exists() and not outcome.passwords_file, "an empty file would stop the next run"
    assert not outcome.units and not Person.objects.filter(username="99030001").exists()


def test_a_field_instead_of_a_kind_of_act_is_taken_and_told(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, {"执法类别": "水利"}), cast)
    assert outcome.added == 1 and any("苏禾（水利）" in said for said in outcome.remarks)
    sound = load(table(tmp_path, {"证件编号": "99030009", "账号": "another"}), cast)
    assert sound.added == 1 and not any("执法类别" in said for said in sound.remarks)


def test_first_passwords_go_into_a_file_of_the_owner_alone(tmp_path: Path, cast: Cast) -> None:
    load(table(tmp_path, {}), cast)
    assert not Person.objects.get(username="99030001").has_usable_password()
    secrets = tmp_path / "passwords.csv"
    load(table(tmp_path, {}, {"姓名": "方砚", "证件编号": "99030002"}), cast, secrets)
    assert secrets.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(secrets.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["账号"] for row in rows} == {"99030001", "99030002"}
    assert all(Person.objects.get(username=row["账号"]).check_password(row["初始密码"]) for row in rows)
    with pytest.raises(Unusable, match="已经存在"):
        load(table(tmp_path, {}), cast, secrets)


def test_who_has_no_examination_day_is_told(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, {"考试合格日期": ""}), cast)
    assert any("考试合格" in remark for remark in outcome.remarks)


@pytest.mark.carries("DY-019", locality="dongying")
def test_what_came_from_the_provincial_platform_is_changed_there_alone(clock: Clock, tmp_path: Path) -> None:
    """Officers keep the platform and their number there; what it says is locked on the desk, a later list changes it."""
    office, source = make_office("dongying"), "山东省行政执法监督管理平台"
    agency = office.agency
    line = {"单位": agency.name, "内设机构": "", "执法区域": "370502", "平台编号": "SD-000017"}
    done = load_officers(table(tmp_path, line), agency, now=clock.now, source=source)
    assert (done.added, done.rejected) == (1, 0)
    card = Certificate.objects.get(number="99030001")
    assert (card.source, card.source_id) == (source, "SD-000017")
    told = {"username": "dy-security", "name": "卫安", "password_hash": "!"}
    security = administer("add-person", agency, None, told)
    post = {"person": security, "role": "security-admin", "valid_from": date(2025, 1, 2)}
    administer("grant-post", agency, None, post)
    for change in ({"valid_until": "2035-12-31"}, {"categories": ["penalty"]}, {"number": "99030002"}):
        with pytest.raises((Refused, Unreadable)) as said:
            administer("change-certificate", agency, security, {"certificate": str(card.pk), **change})
        if "number" not in change:
            assert isinstance(said.value, Refused) and "sourced" in [
                v.guard for v in said.value.verdicts if not v.met
            ]
    administer(
        "change-certificate", agency, security, {"certificate": str(card.pk), "suspended_from": "2026-03-01"}
    )
    again = load_officers(
        table(tmp_path, {**line, "证件有效期": "2024-03-01至2031-02-28"}),
        agency,
        now=clock.now,
        source=source,
    )
    card.refresh_from_db()
    assert again.updated == 1 and (card.number, card.valid_until) == ("99030001", date(2031, 2, 28))
