"""Sessions, CSRF, tokens and their bounds, and those who are never let in."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from api_client import Api, clock, knock, office, officer, play, token_for, walk
from play import Clock, Play
from sanxiang.demo import stories
from sanxiang.demo.people import Office, build_supervisor
from sanxiang.door.administer import administer
from sanxiang.people.models import MachineToken, Person

pytestmark = pytest.mark.django_db
__all__ = ["clock", "office", "officer", "play"]

CLUE = {"procedure": "summary", "data": {}}


def test_a_session_must_bring_the_csrf_token_to_change_anything(office: Office) -> None:
    api = Api(office.people["officer1"], csrf=True)
    assert api.post("/cases", CLUE, 403)["error"]["code"] == "csrf"
    api.client.cookies["csrftoken"] = "a" * 32
    assert api.post("/cases", CLUE, 403, headers={"X-CSRFToken": "b" * 32})["error"]["code"] == "csrf"
    assert api.post("/cases", CLUE, 422, headers={"X-CSRFToken": "a" * 32})


def test_a_session_reads_without_the_csrf_token(office: Office) -> None:
    assert Api(office.people["officer1"], csrf=True).get("/me")["name"] == office.people["officer1"].name


def test_a_stranger_is_asked_to_sign_in_before_anything_else(db: None) -> None:
    assert Api(csrf=True).post("/cases", CLUE, 401)


def test_a_token_needs_no_csrf_token(office: Office) -> None:
    api = Api(token=token_for(office.people["officer1"]), csrf=True)
    assert api.post("/cases", CLUE, 422)["error"]["code"] == "refused"


def test_a_token_acts_as_its_person(play: Play) -> None:
    session, address, body = knock(play)
    token = Api(token=token_for(play.person("officer1")))
    case = token.post(address, body)["case"]
    entry = session.get(f"/cases/{case}/timeline")["items"][0]
    assert entry["by_name"] == play.person("officer1").name and entry["role"] == "officer"


@pytest.mark.parametrize(
    ("scopes", "read", "act"), [(("read",), 200, 403), (("act",), 403, 422), ((), 403, 403)]
)
def test_a_token_does_no_more_than_its_scopes(
    office: Office, scopes: tuple[str, ...], read: int, act: int
) -> None:
    api = Api(token=token_for(office.people["officer1"], scopes))
    for path in ("/me", "/cases", "/tasks", "/scheme"):
        body = api.get(path, read)
        assert read == 200 or body["error"]["code"] == "scope"
    assert api.post("/cases", CLUE, act)["error"]["code"] == ("scope" if act == 403 else "refused")
    assert "error" in api.upload(SimpleUploadedFile("a.txt", b""), 403 if act == 403 else 400)


def test_a_token_ends(office: Office, clock: Clock) -> None:
    text = token_for(office.people["officer1"])
    api = Api(token=text)
    assert api.get("/me")["token"]["scopes"] == ["act", "read"]
    clock.now += timedelta(days=301)
    assert api.get("/me", 401)
    clock.now -= timedelta(days=301)
    MachineToken.objects.update(revoked_at=timezone.now())
    assert api.get("/me", 401)


@pytest.fixture
def two_hats(play: Play) -> Person:
    """The first officer, who is also the head of the agency today."""
    person = play.person("officer1")
    administer(
        "grant-post", play.office.agency, None,
        {"person": person, "role": "agency-head", "unit": None, "valid_from": play.clock.now.date()}, now=play.clock.now,
    )  # fmt: skip
    return person


def test_a_token_does_no_more_than_its_post(play: Play, two_hats: Person) -> None:
    walk(play, "close")
    _api, address, body = knock(play)
    officer, head = (Api(token=token_for(two_hats, role=role)) for role in ("officer", "agency-head"))
    error = officer.post(address, body, 403)["error"]
    assert error["code"] == "post" and "行政机关负责人" in error["message"]
    unmet = next(a for a in officer.get(f"/cases/{play.case_id}/acts")["items"] if a["id"] == "close")[
        "unmet"
    ]
    assert [v["guard"] for v in unmet] == ["role"]
    assert [p["role"] for p in officer.get("/me")["posts"]] == ["officer"]
    head.post(address, body)


def test_a_token_sleeps_while_its_person_is_on_leave(office: Office, clock: Clock) -> None:
    person = office.people["officer1"]
    api = Api(token=token_for(person))
    assert api.get("/me")["agencies"] == [str(office.agency.id)]
    administer(
        "record-leave", office.agency, None, {"person": person, "valid_from": clock.now.date()}, now=clock.now
    )
    assert api.get("/me")["agencies"] == [] and api.post("/cases", CLUE, 403)["error"]["code"] == "post"


@pytest.fixture
def around(office: Office, clock: Clock) -> dict[str, Person]:
    """The supervising office above, and the three administrators."""
    build_supervisor(clock.now, "!")
    return {name: Person.objects.get(username=name) for name in ("sfj", "sysadmin", "secadmin", "audadmin")}


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "audadmin"])
def test_administrators_see_no_case_and_touch_none(play: Play, around: dict[str, Person], who: str) -> None:
    walk(play, "serve-on-spot")
    api = Api(around[who])
    assert (
        api.get("/me")["agencies"] == []
        and api.get("/cases")["total"] == 0
        and api.get("/tasks")["total"] == 0
    )
    _api, address, body = knock(play)
    for part in ("", "/acts", "/timeline"):
        assert api.get(f"/cases/{play.case_id}{part}", 404)
    assert api.post(address, body, 404)
    assert api.post("/cases", CLUE, 403)["error"]["code"] == "post"
    assert api.upload(SimpleUploadedFile("a.txt", b"a"), 403)["error"]["code"] == "post"
    assert api.get("/registers/items", 400)


def test_a_supervisor_sees_the_agencies_below_and_acts_on_nothing(
    play: Play, around: dict[str, Person]
) -> None:
    walk(play, "serve-on-spot")
    api = Api(around["sfj"])
    assert api.get("/cases")["total"] == 1 and api.get(f"/cases/{play.case_id}")["stage"] == "decided"
    _officer, address, body = knock(play)
    assert "role" in {v["guard"] for v in api.post(address, body, 422)["error"]["refused"]}
    assert not api.get(f"/cases/{play.case_id}")["open_acts"]


# Evidence


def evidence(play: Play, files: Any, **more: Any) -> dict[str, Any]:
    """What `add-evidence` asks."""
    told = {"kind": "documentary", "title": "取水台账", "proves": "取水量", "source_of": "当事人提供"}
    told |= {"officers": stories.two(play.office)}
    return {"data": {**told, "files": files, **more}}


def test_a_file_comes_in_once_and_is_cited_by_its_receipt(play: Play, officer: Api) -> None:
    walk(play, "inspect")
    kept = officer.upload(SimpleUploadedFile("台账.csv", "日期,水量\n".encode(), "text/csv"))
    officer.post(f"/cases/{play.case_id}/acts/add-evidence", evidence(play, [kept]))
    found = officer.get(f"/cases/{play.case_id}")["evidence"]
    assert [(e["digest"], e["sm3"], e["size"], e["filename"]) for e in found] == [
        (kept["digest"], kept["sm3"], kept["size"], "台账.csv")
    ]


def test_what_a_receipt_does_not_say_counts_for_nothing(play: Play, officer: Api) -> None:
    walk(play, "inspect")
    kept = officer.upload(SimpleUploadedFile("a.txt", b"abc", "text/plain"))
    officer.post(
        f"/cases/{play.case_id}/acts/add-evidence", evidence(play, [{**kept, "digest": "0" * 64, "size": 1}])
    )
    assert officer.get(f"/cases/{play.case_id}")["evidence"][0]["digest"] == kept["digest"]


@pytest.mark.parametrize(
    "files",
    ["x", ["x"], [{}], [{"digest": "0" * 64}], [{"receipt": "forged:by:hand"}], [None], {"receipt": 7}],
)
def test_a_file_without_a_receipt_cannot_be_cited(play: Play, officer: Api, files: Any) -> None:
    walk(play, "inspect")
    assert (
        "files"
        in officer.post(f"/cases/{play.case_id}/acts/add-evidence", evidence(play, files), 400)["error"][
            "fields"
        ]
    )


def test_a_receipt_is_its_owners(play: Play, officer: Api) -> None:
    walk(play, "inspect")
    kept = Api(play.person("officer2")).upload(SimpleUploadedFile("a.txt", b"abc"))
    assert (
        "files"
        in officer.post(f"/cases/{play.case_id}/acts/add-evidence", evidence(play, [kept]), 400)["error"][
            "fields"
        ]
    )


@pytest.mark.parametrize(
    ("name", "content"), [("空.txt", b""), ("a.html", b"<!doctype html><script>"), ("机密.pdf", b"%PDF-1.7")]
)
def test_what_is_no_evidence_is_not_taken_in(officer: Api, name: str, content: bytes) -> None:
    assert "file" in officer.upload(SimpleUploadedFile(name, content), 400)["error"]["fields"]
    assert not list(django_settings.EVIDENCE_ROOT.glob(".new-*"))
