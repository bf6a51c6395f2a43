"""What came into the store stays: nobody deletes or replaces it, who tries is on record, and what is changed on the disk is named."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from api_client import token_for
from knocks import everything, signed_in
from play import Clock, Play, make_office
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.papers.typeset import path_of
from sanxiang.cli import main
from sanxiang.door.models import Refusal
from sanxiang.people import roles
from sanxiang.people.models import Person, Post
from side_stories import BOOK, photo, step

pytestmark = pytest.mark.django_db
METHODS = ("delete", "put", "patch")


def case_with_a_file(locality: str, clock: Clock) -> Play:
    """A filed case with a photo in the store."""
    procedure, steps = BOOK["hearing"]
    place = next(i for i, s in enumerate(steps) if s.act == "interview")
    story = Play(
        make_office(locality),
        procedure,
        [*steps[:place], step("add-evidence", "officer1", photo), *steps[place:]],
        clock,
    )
    story.until("interview")
    return story


def administrator(play: Play) -> Person:
    """The system administrator of the agency: the one of whom most is feared."""
    person = Person.objects.create(username="sys-one", name="石径")
    Post.objects.create(
        person=person, agency=play.office.agency, role=roles.SYSTEM_ADMIN, valid_from="2025-01-01"
    )
    return person


def addresses(play: Play) -> dict[str, str]:
    """Where the files can be asked for, and where somebody would look for them, each with its way in."""
    case, piece = play.case_id, Evidence.objects.get(case=play.case_id)
    paper = Paper.objects.filter(case=case)[0]
    desk, api = f"/desk/cases/{case}", f"/api/v1/cases/{case}"
    pages = [
        f"{desk}/evidence/{piece.pk}/",
        f"{desk}/papers/{paper.pk}.pdf",
        f"{desk}/papers/{paper.pk}/",
        f"{desk}/",
    ]
    programs = [
        f"{api}/papers/{paper.pk}.pdf",
        f"{api}/evidence/{piece.pk}",
        f"{api}/files/{piece.digest}",
        api,
    ]
    programs += [f"/api/v1/files/{piece.digest}"]
    return {**dict.fromkeys(pages, "page"), **dict.fromkeys(programs, "api")}


def told(answer: Any) -> str:
    """What the answer says."""
    return str(answer.content.decode())


PROBE = [
    pytest.param("kaiyuan", marks=pytest.mark.carries("KY-048", locality="kaiyuan")),
    pytest.param("huantai", marks=pytest.mark.carries("HT-026", locality="huantai")),
]


@pytest.mark.parametrize("place", PROBE)
def test_a_stored_file_is_neither_deleted_nor_overwritten_unnoticed(place: str, clock: Clock) -> None:
    """By an administrator through page and API: refused and logged. On the disk: the verification names it."""
    play = case_with_a_file(place, clock)
    piece = Evidence.objects.get(case=play.case_id)
    file, before, asked = path_of(settings.EVIDENCE_ROOT, piece.digest), everything(), addresses(play)
    admin = administrator(play)
    for address, channel in asked.items():
        for method in METHODS:
            answer = getattr(signed_in(admin), method)(address)
            assert answer.status_code in (403, 405) and "不能删除" in told(answer), (method, address)
            row = Refusal.objects.latest("id")
            assert (row.act, row.by, row.channel, row.agency) == (
                "remove-kept",
                admin.pk,
                channel,
                play.office.agency,
            )
            assert row.verdicts[0]["citation"] == "《行政处罚法》第四十七条"
            assert row.case_id == (play.case_id if str(play.case_id) in address else None)
    assert Refusal.objects.count() == len(asked) * len(METHODS)
    page = told(signed_in(play.person(roles.AGENCY_HEAD)).get("/desk/refusals/"))
    assert (
        f"共 {len(asked) * len(METHODS)} 次" in page and "石径" in page and "删除或者替换已存入的材料" in page
    )
    assert file.is_file() and everything() == before and verified() == (0, [])
    kept = file.read_bytes()
    file.unlink()
    file.write_bytes(b"something else")
    code, faults = verified()
    file.unlink()
    file.write_bytes(kept)
    assert code == 1 and [str(piece.pk) in fault["where"] for fault in faults] == [True]
    assert verified() == (0, [])


def verified() -> tuple[int, list[dict[str, str]]]:
    """`sanxiang ledger verify --json`: the exit code and what is wrong."""
    folder = Path(settings.DATA)
    (folder / "secret.key").touch()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["ledger", "verify", "--json", "--data", str(folder)])
    return code, json.loads(out.getvalue())["faults"]


def test_a_token_and_a_form_do_not_delete_either(clock: Clock) -> None:
    play = case_with_a_file("kaiyuan", clock)
    officer, piece = play.person("officer1"), Evidence.objects.get(case=play.case_id)
    key = {"HTTP_AUTHORIZATION": f"Bearer {token_for(officer, ('act',))}"}
    answer = Client().delete(f"/api/v1/cases/{play.case_id}/evidence/{piece.pk}", **key)  # type: ignore[arg-type]
    assert answer.status_code == 405 and "《行政处罚法》第四十七条" in answer.json()["error"]["message"]
    answer = signed_in(officer).post(f"/desk/cases/{play.case_id}/evidence/{piece.pk}/", {"file": "x"})
    assert answer.status_code == 403 and "不能删除" in told(answer)
    assert list(Refusal.objects.order_by("id").values_list("channel", "by")) == [
        ("api", officer.pk),
        ("page", officer.pk),
    ]


def test_the_answer_does_not_tell_what_exists(clock: Clock) -> None:
    play = case_with_a_file("kaiyuan", clock)
    admin, piece = administrator(play), Evidence.objects.get(case=play.case_id)
    for shape in ("/api/v1/cases/{}/evidence/{}", "/desk/cases/{}/evidence/{}/"):
        answers = [
            signed_in(admin).delete(shape.format(case, one))
            for case, one in ((play.case_id, piece.pk), (play.case_id, uuid4()), (uuid4(), uuid4()))
        ]
        assert len({(answer.status_code, told(answer)) for answer in answers}) == 1


def test_a_stranger_is_refused_and_fills_no_record(clock: Clock) -> None:
    play = case_with_a_file("kaiyuan", clock)
    for address in addresses(play):
        assert Client().delete(address).status_code in (302, 401, 404, 405)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(play.person("officer1"), "sanxiang.people.signin.PersonBackend")
    for address in addresses(play):
        assert forged.delete(address).status_code in (403, 404, 405)
    assert not Refusal.objects.exists()
