"""Who vets a list before it is public, locality by locality: the chain of the scheme and no other, whatever door one knocks at."""

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import listed
from clockwork import Clock
from knocks import signed_in
from page_form import form_at, send
from play import make_office
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer, create_agency
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.people.models import Person
from sanxiang.registers.before.roster import rows_for
from sanxiang.registers.models import Draft, Opinion, Release

pytestmark = pytest.mark.django_db
FIGURES = {"比例": "不低于百分之五", "频次": "每年一次"}


def rows_of(locality: str, kind: str, *names: str) -> list[dict[str, str]]:
    """Rows with every column of the locality's list."""
    columns = [name for name, _ in columns_of(load_pack(locality), kind) if not name.startswith("罚款")]
    return [
        {c: FIGURES.get(c) or (f"{n}" if c.endswith("编码") else f"{name}{c}") for c in columns}
        for n, name in enumerate(names, 1)
    ]


def refused(act: str, office: Office, by: Any, **data: Any) -> dict[str, tuple[str, str, str]]:
    """The guards that are not met, as the API says them; by the legal reviewer where nobody is named."""
    return listed.refused(by or office.people["legal-reviewer"], office.agency, act, **data)


def day() -> str:
    """Today."""
    return timezone.localdate().isoformat()


def page(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def bureau_beside(office: Office) -> Person:
    """The justice bureau of the same government, and its supervisor."""
    agency, told = office.agency, {"kind": "supervisor", "is_supervisor": True}
    made = create_agency(
        {
            **told,
            "name": "演示司法局",
            "short": "演司",
            "parent": agency.parent,
            "region": agency.region,
            "locality": agency.locality,
        }
    )
    person: Person = administer(
        "add-person", made, None, {"username": "weiheng", "name": "卫衡", "password_hash": "!"}
    )
    administer("grant-post", made, None, {"person": person, "role": "supervisor", "valid_from": "2024-01-01"})
    return person


def drafted(office: Office, kind: str, rows: list[dict[str, str]], who: str = "officer1") -> Draft:
    draft: Draft = administer(
        "draft-register", office.agency, office.people[who], {"kind": kind, "rows": rows}
    )
    return draft


def signed(office: Office, draft: Draft, who: str = "legal-reviewer", **more: Any) -> Opinion:
    told = {"draft": draft, "digest": draft.digest, "outcome": "agreed", **more}
    one: Opinion = administer("sign-register", office.agency, office.people[who], told)
    return one


@pytest.mark.carries("LZ-013", "LZ-015", locality="laizhou")
@pytest.mark.parametrize("kind", ["items", "random-items"])
def test_laizhou_publishes_what_its_own_legal_organ_signed_and_nothing_else(kind: str, clock: Clock) -> None:
    office = make_office("laizhou")
    reviewer, head = office.people["legal-reviewer"], office.people["agency-head"]
    rows = rows_of("laizhou", kind, "采砂", "取土")
    straight = refused("release-register", office, None, kind=kind, rows=rows, in_force_from=day())
    article, fact, cure = straight["signed:vet:legal-organ"]
    assert "二（一）2" in article and "法制机构审核，这一版没有送审" in fact and "签署之后再发布" in cure
    draft = drafted(office, kind, rows)
    assert (
        "还没有签署"
        in refused("release-register", office, head, kind=kind, in_force_from=day())[
            "signed:vet:legal-organ"
        ][1]
    )
    client = signed_in(reviewer)
    desk = page(client, "/desk/registers/")
    assert "等待您签署" in desk and f"/desk/registers/drafts/{draft.pk}/" in desk
    where = (
        f"/desk/admin/acts/sign-register/?agency={office.agency.pk}&draft={draft.pk}&digest={draft.digest}"
    )
    assert where.replace("&", "&amp;") in client.get(f"/desk/registers/drafts/{draft.pk}/").content.decode()
    form = form_at(client, where)
    form.put("outcome", "同意")
    assert send(client, form).status_code == 302
    # An edit after the signature voids it.
    edited = drafted(office, kind, rows_of("laizhou", kind, "采砂", "取水"))
    assert edited.pk == draft.pk and edited.edition == 2
    void = refused("release-register", office, head, kind=kind, in_force_from=day())
    assert "签署的是第1稿，此后内容有改动，签署失效" in void["signed:vet:legal-organ"][1]
    assert "签署失效" in page(client, f"/desk/registers/drafts/{draft.pk}/")
    assert "digest" in refused(
        "sign-register", office, reviewer, draft=draft, digest=draft.digest, outcome="agreed"
    ), "what was signed is not what stands now"
    signed(office, edited)
    other = refused("release-register", office, head, kind=kind, rows=rows, in_force_from=day())
    assert "与送审的第2稿不一致" in other["signed:vet:legal-organ"][1]
    listed.done(head, office.agency, "release-register", kind=kind, in_force_from=day())
    release = Release.objects.get(register__kind=kind)
    assert release.rows == edited.rows and release.version == 1
    assert Draft.objects.get().ended == "released"
    public = page(Client(), f"/agencies/{office.agency.pk}/{kind}/")
    assert "取水" in public and "第1版" in public


@pytest.mark.carries("LC-014", locality="lingchuan")
def test_lingchuan_waits_for_the_justice_bureau_and_takes_its_letter(clock: Clock) -> None:
    office = make_office("lingchuan")
    reviewer, rows = office.people["legal-reviewer"], rows_of("lingchuan", "items", "采砂", "取土")
    draft = drafted(office, "items", rows)
    waits = refused("release-register", office, reviewer, kind="items", in_force_from=day())
    assert waits.keys() == {"signed:recheck:legal-supervisor"}
    article, fact, _ = waits["signed:recheck:legal-supervisor"]
    assert "二（一）2（1）" in article and "县司法局复核：还没有签署" in fact
    answer = listed.by_api(reviewer, office.agency, "release-register", kind="items", in_force_from=day())
    said = answer.json()["error"]["refused"]
    assert answer.status_code == 422 and [one["guard"] for one in said] == ["signed:recheck:legal-supervisor"]
    assert said[0]["citation"] and said[0]["fact"] and said[0]["cure"]
    own = refused("sign-register", office, reviewer, draft=draft, digest=draft.digest, outcome="agreed")
    assert "现在等的是县司法局复核，不是本岗位" in own["step"][1], (
        "the own legal organ does not stand for the bureau"
    )
    client = signed_in(reviewer)
    told = f"agency={office.agency.pk}&draft={draft.pk}&digest={draft.digest}"
    form = form_at(client, f"/desk/admin/acts/record-reply/?{told}")
    form.put("outcome", "同意")
    form.put("replied_on", day())
    letter = SimpleUploadedFile("复函.txt", "同意公开。".encode(), "text/plain")
    bare = send(client, form)
    assert bare.status_code == 422 and "没有填写“复函文号”" in html.unescape(bare.content.decode())
    form.put("number", "陵司函〔2026〕3号")
    assert send(client, form, files=letter).status_code == 302
    assert Opinion.objects.get().number == "陵司函〔2026〕3号"
    answer = listed.by_api(reviewer, office.agency, "release-register", kind="items", in_force_from=day())
    assert answer.status_code == 201, answer.content
    assert "取土" in page(Client(), f"/agencies/{office.agency.pk}/items/")


@pytest.mark.carries("LC-015", locality="lingchuan")
@pytest.mark.carries("LZ-015", locality="laizhou")
def test_lingchuan_publishes_random_items_the_same_day_with_every_version(clock: Clock) -> None:
    office = make_office("lingchuan")
    head, rows = office.people["agency-head"], rows_of("lingchuan", "random-items", "采砂")
    administer(
        "release-register",
        office.agency,
        head,
        {"kind": "random-items", "rows": rows, "in_force_from": day()},
    )
    changed = [{**rows[0], "比例": "10%"}]
    told = {"kind": "random-items", "rows": changed, "in_force_from": day(), "note": "提高抽查比例"}
    administer("release-register", office.agency, head, told)
    where = f"/agencies/{office.agency.pk}/random-items/"
    public = page(Client(), where)
    assert "第2版" in public and "10%" in public and "第1版" in public and "提高抽查比例" in public
    found = Client().get(f"/api/v1/public{where[: -len('random-items/')]}registers/random-items").json()
    assert found["rows"][0]["ratio"] == 0.1 and found["rows"][0]["per_year"] == 1.0
    assert [one["version"] for one in found["versions"]] == [2, 1]
    between = (
        Client().get(f"/api/v1/public/agencies/{office.agency.pk}/registers/random-items/changes").json()
    )
    assert between["changed"] == [
        {
            "entry": between["changed"][0]["entry"],
            "column": "比例",
            "before": "不低于百分之五",
            "after": "10%",
        }
    ]
    assert "不低于百分之五 → 10%" in page(Client(), f"{where}changes/")


@pytest.mark.carries("LC-019", locality="lingchuan")
def test_lingchuans_roster_is_public_once_the_justice_bureau_agreed(clock: Clock) -> None:
    office = make_office("lingchuan")
    justice = bureau_beside(office)
    draft = drafted(office, "officers", rows_for(office.agency, timezone.localdate()))
    where = f"/agencies/{office.agency.pk}/officers/"
    assert "signed:vet:legal-supervisor" in refused(
        "release-register", office, None, kind="officers", in_force_from=day()
    )
    assert Client().get(where).status_code == 404
    client = signed_in(justice)
    assert "等待您签署" in page(client, "/desk/registers/")
    form = form_at(
        client,
        f"/desk/admin/acts/sign-register/?agency={office.agency.pk}&draft={draft.pk}&digest={draft.digest}",
    )
    form.put("outcome", "同意")
    assert send(client, form).status_code == 302
    assert Client().get(where).status_code == 404, "agreed to, and not yet released"
    administer("release-register", office.agency, None, {"kind": "officers", "in_force_from": day()})
    assert "证件有效期" in page(Client(), where) and office.people["officer1"].name in page(Client(), where)


@pytest.mark.parametrize(
    ("locality", "kind"),
    [
        pytest.param("laizhou", "items", marks=pytest.mark.carries("LZ-013", locality="laizhou")),
        ("laizhou", "random-items"),
    ],
)
def test_whoever_drafted_does_not_vet(locality: str, kind: str, clock: Clock) -> None:
    office = make_office(locality)
    reviewer = office.people["legal-reviewer"]
    draft = drafted(office, kind, rows_of(locality, kind, "采砂"), who="legal-reviewer")
    own = refused("sign-register", office, reviewer, draft=draft, digest=draft.digest, outcome="agreed")
    assert own.keys() == {"own-draft"} and "起草的人不能审核" in own["own-draft"][1]
    client = signed_in(reviewer)
    told = f"agency={office.agency.pk}&draft={draft.pk}&digest={draft.digest}"
    form = form_at(client, f"/desk/admin/acts/sign-register/?{told}")
    form.put("outcome", "同意")
    assert send(client, form).status_code == 403
    assert not Opinion.objects.exists()
