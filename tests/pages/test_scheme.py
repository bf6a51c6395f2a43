"""Which scheme governs, on page, API and command line: its identity, what it rests on, the kinds of acts; change it and they change."""

import contextlib
import html
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db.models import F

from altered import Alter
from api_client import Api
from knocks import refused_everywhere, signed_in
from play import BUILT, Clock, Play, county_of, make_office, play_of
from rows import row
from sanxiang.cases.models import Case
from sanxiang.cli import main
from sanxiang.demo.people import Office, build_office
from sanxiang.demo.stories import party
from sanxiang.door.administer import administer, create_agency
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Agency, Person

pytestmark = pytest.mark.django_db


def command(*words: str) -> tuple[int, Any]:
    """`sanxiang … --json` in this process: the exit code and what was printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*words, "--json"])
    return code, json.loads(out.getvalue()) if out.getvalue() else err.getvalue()


def page_of(person: Person, address: str = "/desk/scheme/") -> str:
    """A page of the desk as text."""
    answer = signed_in(person).get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def everywhere(locality: str, person: Person) -> list[str]:
    """What page, API and command say of the scheme."""
    told = Api(person).get("/scheme")
    code, printed = command("pack", "show", locality)
    assert code == 0 and told["id"] == printed["id"] == locality
    plain = [json.dumps(one, ensure_ascii=False) for one in (told, printed["manifest"])]
    return [page_of(person), *plain]


IDENTITIES = [
    row(
        "LZ-001",
        values=(("莱自然资规发〔2019〕187号", "莱州市自然资源和规划局", "局属各单位", "县级部门|bureau", "2019年12月1日|2019-12-01"),),
        change=("187号", "188号"),
    ),
    row(
        "LC-001",
        values=(("陵自然资发〔2019〕23号", "陵川县自然资源局", "陵政办发〔2019〕54号", "基层所", "事业单位", "方案未载明|not-stated"),),
        change=("陵政办发〔2019〕54号", "陵政办发〔2019〕55号"),
    ),
    row(
        "HT-001",
        values=(("桓政办字〔2017〕30号", "桓台县人民政府办公室", "县政府|county", "2017年7月26日|2017-07-26", "32个三项制度试点"),),
        change=("32个三项制度试点", "三项制度试点"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("locality", "said_of_it"), IDENTITIES)
def test_the_scheme_shows_who_issued_it_when_and_to_whom(
    locality: str, said_of_it: tuple[str, ...], clock: Clock, alter: Alter
) -> None:
    """With another number in the pack the same places show the other number; a manifest that lacks a key is no pack."""
    office = make_office(locality)
    person = office.people["officer1"]
    for text in everywhere(locality, person):
        assert not [one for one in said_of_it if not any(form in text for form in one.split("|"))]
    page, told, _printed = everywhere(locality, person)
    badge = re.search(r"是否试点</dt>\s*<dd>\s*(\S+?)\s*[<\n]", page)
    assert badge and (badge[1], '"pilot": true' in told) == (
        ("是", True) if locality == "huantai" else ("否", False)
    )
    number = said_of_it[0]
    alter(locality, (number, "示发〔2020〕9号"))
    assert all("示发〔2020〕9号" in text and number not in text for text in everywhere(locality, person))
    for key in ("doc_no", "issued_on", "addressees"):
        folder = alter(locality, (f"\n{key} = ", f"\nwas_{key} = "))
        code, told = command("pack", "check", str(folder / locality))
        assert code == 1 and f"identity.{key}" in told["errors"][0]["error"]


@pytest.mark.carries(
    "KY-001", locality="kaiyuan", change=('doc_no = "not-stated"', 'doc_no = "开水〔2020〕1号"')
)
def test_a_scheme_without_number_day_or_phases_is_a_scheme(clock: Clock, alter: Alter) -> None:
    """It loads, says that they are not stated, and has an empty page of phases; where there are phases the page has their days."""
    person = make_office("kaiyuan").people["officer1"]
    code, checked = command("pack", "check", "kaiyuan")
    assert (code, checked["errors"]) == (0, [])
    page, _told, _printed = everywhere("kaiyuan", person)
    for label in ("文号", "印发日期"):
        assert re.search(rf"{label}</dt>\s*<dd>\s*方案未载明\s*[<\n]", page), label
    identity = Api(person).get("/scheme")["identity"]
    assert (identity["doc_no"], identity["issued_on"], identity["domain"]) == (
        "not-stated",
        "not-stated",
        "水行政",
    )
    listed = {p["key"]: p for p in Api(person).get("/scheme")["parameters"]}
    assert not listed["phases"]["set"] and not listed["ledger"]["set"]
    assert 'href="/desk/scheme/phases/' in page
    empty = page_of(person, "/desk/scheme/phases/")
    assert "方案没有规定推进步骤" in empty and "<tbody>" not in empty
    other = page_of(make_office("huantai").people["officer1"], "/desk/scheme/phases/")
    lines = other[other.index("<tbody>") : other.index("</tbody>")].split("<tr>")[1:]
    days = (("准备阶段", "2017年6月30日"), ("实施阶段", "2017年7月1日"), ("总结阶段", "2017年11月30日"))
    assert len(lines) == 3 and all(a in x and b in x for x, (a, b) in zip(lines, days, strict=True))
    assert "方案没有规定推进步骤" not in other


@pytest.mark.carries("LC-001", locality="lingchuan", change=('kind = "基层所"', 'kind = "派驻机构"'))
def test_the_tree_of_units_has_the_kinds_that_the_scheme_addresses(clock: Clock) -> None:
    """股室, 基层所, 事业单位: the system administrator enters them as the pack lists them, and sees them as such."""
    office = make_office("lingchuan")
    kinds = {"股室": "office", "基层所": "station", "事业单位": "institution"}
    listed = load_pack("lingchuan").parameter("identity.units").value
    keeper = administer(
        "add-person", office.agency, None, {"username": "lc-sys", "name": "石系统", "password_hash": "!"}
    )
    since = BUILT.date()
    administer(
        "grant-post", office.agency, None, {"person": keeper, "role": "system-admin", "valid_from": since}
    )
    client = signed_in(keeper)
    for group in listed:
        for name in group["names"]:
            told = {"name": name, "kind": kinds[group["kind"]]}
            if not office.agency.units.filter(name=name).exists():
                assert (
                    client.post(f"/desk/admin/acts/add-unit/?agency={office.agency.pk}", told).status_code
                    == 302
                )
    tree = page_of(keeper, f"/desk/admin/?agency={office.agency.pk}")
    for group, shown in zip(listed, ("内设机构（股室）", "派出机构（所）", "事业单位"), strict=True):
        assert all(name in tree and shown in tree[tree.index(name) :][:400] for name in group["names"])


BASES = [
    row(
        "LZ-003",
        values=(("国办发〔2018〕118号|国家", "鲁政办发〔2019〕9号|省级", "鲁司〔2019〕31号|省级"),),
        change=("鲁司〔2019〕31号", "鲁司〔2019〕32号"),
    ),
    row(
        "DY-002",
        values=(("鲁政办发〔2017〕60号|省级", "东政办发〔2017〕37号|市级", "鲁政办发〔2017〕32号|省级"),),
        change=("东政办发〔2017〕37号", "东政办发〔2017〕38号"),
    ),
    row(
        "HT-002",
        values=(("国办发〔2017〕14号|国家", "淄政办字〔2017〕74号|市级", "山东省行政执法监督条例|省级地方性法规"),),
        change=("provincial-regulation", "province"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("locality", "bases"), BASES)
def test_the_scheme_names_what_it_rests_on(
    locality: str, bases: tuple[str, ...], clock: Clock, alter: Alter
) -> None:
    """Each basis with its level. Limits: inherited where a basis states them, open where none does; never the scheme's own."""
    person = make_office(locality).people["officer1"]
    page = page_of(person)
    listed = page[page.index("制定依据") : page.index("执法行为种类")]
    told = Api(person).get("/scheme")
    assert len(told["basis"]) == listed.count("<tr>") - 1 == len(bases)
    for one in bases:
        name, _, level = one.partition("|")
        line = next(line for line in listed.split("<tr>") if name in line)
        assert level in line
    limits = {
        p["key"]: p for p in told["parameters"] if p["key"].startswith("publish.") and p["unit"] == "working"
    }
    own = {key: limits[key] for key in ("publish.default_wd", "publish.by_act.penalty")}
    if locality == "laizhou":
        assert [(v["value"], v["provenance"]) for v in own.values()] == [(20, "inherited"), (7, "inherited")]
        assert all("国办发〔2018〕118号" in v["from"] for v in own.values())
    else:
        assert not any(v["set"] for v in own.values())
        assert "需要本机关确定：行政处罚决定作出后几个工作日内公开？" in page
    folder = alter(locality, ("\n[[basis]]", "\n[[grounds]]"))
    code, found = command("pack", "check", str(folder / locality))
    assert code == 1 and "basis" in found["errors"][0]["error"]


# Many organs under one scheme


@pytest.mark.carries("DY-001", locality="dongying", change=('level = "district"', 'level = "bureau"'))
def test_each_organ_has_its_own_desk_and_the_legal_office_sees_all(clock: Clock) -> None:
    """Three departments of one district: what one files the others cannot find, by page or API; the legal office finds it all."""
    offices = [organ(n) for n in range(3)]
    district = offices[0].agency.parent
    for office in offices[1:]:
        Agency.objects.filter(pk=office.agency.pk).update(parent=district, n=F("n") + 1)
    legal = legal_office(district)
    assert re.search(r"层级</dt>\s*<dd>\s*区政府\b", page_of(offices[1].people["officer1"]))
    assert "东区政办发〔2017〕73号" in page_of(legal)
    played = []
    for which, office in enumerate(offices):
        play = play_of(office, "summary", clock)
        play.until("serve-on-spot", start_summary={"party": party(which=which)})
        played.append(play)
    for play in played:
        for office in offices:
            mine = office is play.office
            for who in ("officer1", "agency-head", "legal-reviewer"):
                assert seen(office.people[who], play) is mine, (who, office.agency.name)
        assert seen(legal, play)
    assert Api(legal).get("/cases")["total"] == 3
    assert all(Api(office.people["officer1"]).get("/cases")["total"] == 1 for office in offices)


def organ(number: int) -> Office:
    """A department of the district with everybody in it."""
    county = county_of("dongying")
    named = replace(
        county,
        prefix=f"dy{number}",
        agency=f"东营区第{number}局（演示）",
        short=f"东{number}演",
        government=f"{county.government}{number or ''}",
        uscc="",
    )
    return build_office(named, load_pack("dongying"), number, BUILT, "!")


def legal_office(district: Agency) -> Person:
    """Somebody of the government's legal office, which looks at all departments below the government."""
    told = {"name": "区政府法制办公室（演示）", "short": "法制演", "kind": "supervisor", "parent": district}
    office = create_agency(
        {**told, "region": "370502", "locality": "dongying", "is_supervisor": True}, now=BUILT
    )
    person = administer(
        "add-person", office, None, {"username": "dyfzb", "name": "卫衡", "password_hash": "!"}, now=BUILT
    )
    told = {"person": person, "role": "supervisor", "valid_from": BUILT.date()}
    administer("grant-post", office, None, told, now=BUILT)
    found: Person = person
    return found


def seen(person: Person, play: Play) -> bool:
    """Does the case exist for this person? Page and API say the same."""
    page = signed_in(person).get(f"/desk/cases/{play.case_id}/").status_code
    api = Api(person).ask("GET", f"/cases/{play.case_id}").status_code
    assert {page, api} in ({200}, {404})
    listed = str(play.case_id) in page_of(person, "/desk/cases/?show=all")
    assert listed is (page == 200)
    return page == 200


# The kinds of acts

KINDS = [
    row("LZ-005", values=("许可 处罚 确认 征收 监督", "coercion"), change=('label = "行政监督"', 'label = "行政检查"')),
    row("DY-004", values=("许可 处罚 强制 征收 收费 检查", "confirmation"), change=('label = "行政收费"', 'label = "行政给付"')),
    row("LC-004", values=("许可 处罚 强制 检查 征收征用 裁决", "fee"), change=('label = "行政征收征用"', 'label = "行政征收"')),
    row("HT-004", values=("处罚 许可 强制 征收 收费 检查", "confirmation"), change=('label = "行政收费"', 'label = "行政给付"')),
]  # fmt: skip


@pytest.mark.parametrize(("locality", "kinds", "other"), KINDS)
def test_a_case_is_of_a_kind_that_the_scheme_lists(
    locality: str, kinds: str, other: str, clock: Clock, alter: Alter
) -> None:
    """The page on which a case is begun lists exactly the scheme's kinds, each with its clause; any other is refused by API and page."""
    office = make_office(locality)
    person, labels = office.people["officer1"], [f"行政{kind}" for kind in kinds.split()]
    page = page_of(person, "/desk/cases/new/")
    listed = page[page.index('<table class="table">') : page.index("</table>")]
    rows = listed.split("<tr>")[2:]
    assert len(rows) == len(labels)
    told = {kind["label"]: kind for kind in Api(person).get("/scheme")["act_types"]}
    assert list(told) == labels
    for label, line in zip(labels, rows, strict=True):
        assert f"<b>{label}</b>" in line and told[label]["clause"] in line
    wrong = {"procedure": "summary", "act_type": other, "data": {}}
    assert "act_type" in Api(person).post("/cases", wrong, 400)["error"]["fields"]
    known = other in load_pack(locality).procedures
    answer = Api(person).post("/cases", {"procedure": other, "data": {}}, 422 if known else 400)["error"]
    assert known or "procedure" in answer["fields"]
    assert not known or [verdict["guard"] for verdict in answer["refused"]] == ["act-type"]
    page = signed_in(person).get(f"/desk/cases/new/{other}/?agency={office.agency.pk}")
    assert known or page.status_code == 404
    assert not known or "本地方案没有列出这一类行为" in page_of(person, "/desk/cases/new/")
    alter(locality, ('code = "penalty"', 'code = "requisition"'))
    play = play_of(office, "summary", clock)
    assert refused_everywhere(play.knock()).guards == {"act-type"}
    assert not Case.objects.exists()
