"""调阅: every address that shows what is not public is walked, as those who may and as those who may not; each look leaves its entry."""

import io
import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from knocks import signed_in
from play import Clock, Play, make_office
from publishing import begun, supervisor_above
from sanxiang.cases.dossier.volume import Unbound
from sanxiang.cases.models import Evidence, Paper, Publication
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.asking.register import applications_in
from sanxiang.door.files import binding
from sanxiang.door.files.asked_files import requests_in
from sanxiang.door.files.handing_over import hand_over, transfers_in
from sanxiang.door.reading import READS
from sanxiang.door.voices.register import voices_in
from sanxiang.exchange.loading import load_decisions
from sanxiang.ledger.access import check_access
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.logs import ACTS, accesses
from side_stories import photo

pytestmark = pytest.mark.django_db
FILM = b"\x00\x00\x00\x18ftypmp42 made-up film of a yard" * 50
BUNDLE = "x999/000.p/7"
"""Far behind what any log of the tests has."""
RECORD = {
    "id": "P1", "record_type": "penalty", "doc_no": "云水罚〔2021〕3号", "title": "无证采砂案", "party": "云溪清泉有限公司",
    "party_type": "org", "facts": "无证采砂", "basis": "水法", "result": "罚款", "authority": "云溪县水务局",
    "decision_date": "2021-05-06",
}  # fmt: skip


@pytest.fixture
def office() -> Office:
    """莱州."""
    return make_office("laizhou")


@pytest.fixture
def play(office: Office, clock: Clock, tmp_path: Path) -> Iterator[Play]:
    """A case with papers, a film and a photograph; beside it an imported record, and bundles of both logs."""
    play = begun(office, "summary", clock, until="serve-on-spot")
    film = receive(io.BytesIO(FILM), "现场录像.mp4", "video/mp4")
    play.do("add-evidence", "officer1", **{**photo(office), "title": "现场录像", "files": [film]})
    path = tmp_path / "list.jsonl"
    path.write_text(json.dumps(RECORD), encoding="utf-8")
    load_decisions(path, office.agency, publish=True)
    told = {
        "case": play.case.code, "applicant": "顾清和", "standing": "other", "identity": "居民身份证已核对", "contact": "信函",
        "wants": "检查笔录", "form": "paper", "route": "disclosure", "received": "2026-01-05", "via": "window",
    }  # fmt: skip
    administer("register-file-request", office.agency, office.people["archivist"], told)
    (request,) = requests_in([office.agency.pk])
    answer = {
        "request": request.number,
        "outcome": "refuse",
        "ground": "case-file",
        "reason": "属于行政执法案卷信息",
    }
    administer("answer-file-request", office.agency, office.people["agency-head"], answer)
    told = {"handed_to": "archives", "receiver": "档案馆", "copies": ["paper"], "cases": play.case.code}
    administer("open-file-transfer", office.agency, office.people["archivist"], told)
    (batch,) = transfers_in([office.agency.pk])
    left = hand_over(batch, office.people["archivist"])
    listed = {"number": batch.number, "left": left}
    administer("list-file-transfer", office.agency, office.people["archivist"], listed)
    spoken(office, film)
    bundles = [log.folder("sha256") / "tile" / "entries" / BUNDLE for log in (ACTS, accesses(2026))]
    for bundle in bundles:
        bundle.parent.mkdir(parents=True, exist_ok=True)
        bundle.write_bytes(b"one entry")
    yield play
    for bundle in bundles:
        bundle.unlink()


def spoken(office: Office, film: dict[str, Any]) -> None:
    """Somebody complained, with a film; and somebody asked for information, and was answered."""
    clerk, head = office.people["archivist"], office.people["agency-head"]
    told: dict[str, Any] = {"kind": "complaint", "about": "agency", "text": "没有出示证件", "via": "window"}
    administer("register-voice", office.agency, clerk, {**told, "files": [film]})
    told = {
        "applicant": "顾清和",
        "identity": "居民身份证",
        "contact": "信函",
        "wants": "检查汇总表",
        "form": "paper",
    }
    administer("register-information-request", office.agency, clerk, {**told, "via": "window"})
    number = applications_in([office.agency.pk])[0].number
    answer = {"request": number, "outcome": "provide", "where": "邮寄"}
    administer("answer-information-request", office.agency, head, answer)


def addresses(play: Play) -> dict[str, str]:
    """Every address that shows a record, by its name; an address nobody thought of here fails the test."""
    case, paper = play.case_id, Paper.objects.filter(case=play.case_id).earliest("n")
    film = Evidence.objects.get(case=case, title="现场录像")
    record = Publication.objects.get(external_id="P1")
    keys: dict[str, Any] = {
        "case_id": case, "case": case, "paper_id": paper.pk, "printed_id": paper.pk, "paper": paper.pk, "evidence_id": film.pk,
        "act_id": "serve-on-spot", "part": "main", "publication": record.pk, "path": BUNDLE, "year": 2026,
        "request_id": requests_in([play.office.agency.pk])[0].id, "sheet": "answer",
        "voice_id": voices_in([play.office.agency.pk])[0].id, "place": 0, "key": applications_in([play.office.agency.pk])[0].id,
        "transfer_id": transfers_in([play.office.agency.pk])[0].id,
    }  # fmt: skip
    return {name: address(name, keys) for name in READS}


def address(name: str, keys: dict[str, Any]) -> str:
    """The address of that name, filled in with what it asks for."""
    for wanted in subsets(list(keys)):
        try:
            return reverse(name, kwargs={one: keys[one] for one in wanted})
        except NoReverseMatch:
            continue
    raise AssertionError(f"say in this test how {name} is called")


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Nothing, or up to three of them."""
    yield ()
    yield from ((one,) for one in names)
    yield from combinations(names, 2)
    yield from combinations(names, 3)


def fetched(client: Any, name: str, at: str) -> Any:
    """The answer, read to its end."""
    asked = {
        "desk-paper-print": {"copies": "1"},
        "desk-along": {"device": "0b9f7c1e-5a42-4d3b-8f60-2c7d9e1a4b35", "name": "二中队手机"},
    }
    answer = client.post(at, asked[name]) if name in asked else client.get(at)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def test_each_address_that_shows_a_record_leaves_one_entry(play: Play, office: Office) -> None:
    """Not one is left out: those of a case, tables of many, imported records, and the bundles of both logs."""
    above, found = supervisor_above(office.agency), addresses(play)
    for name, at in sorted(found.items()):
        who = above if name.endswith("entries") else play.person("agency-head")
        client, film = signed_in(who), found["desk-film"]
        if name == "desk-film-stream":
            at = client.get(film).content.decode().split(f'src="{at}?')[1].split("#")[0].join((f"{at}?", ""))
        before = Access.objects.count()
        answer = fetched(client, name, at)
        assert answer.status_code == 200, (name, answer.status_code)
        # What a player fetches stands under the look that its page has entered.
        assert Access.objects.count() == before + (name != "desk-film-stream"), name
        entry = Access.objects.get(watermark=answer["X-Watermark"])
        assert (entry.by, entry.kind, entry.result) == (who.pk, READS[name], "served"), name
        assert entry.reason and entry.role
    assert list(check_access()) == []


def test_who_may_not_is_refused_and_that_is_kept(play: Play) -> None:
    """Somebody of another county finds nothing behind any address of the case; an officer no list of who looked."""
    stranger = make_office("kaiyuan").people["officer1"]
    for name, at in sorted(addresses(play).items()):
        if str(play.case_id) not in at:
            continue
        before = Access.objects.count()
        assert fetched(signed_in(stranger), name, at).status_code in (403, 404), name
        assert Access.objects.count() == before + 1, name
        entry = Access.objects.filter(by=stranger.pk, kind=READS[name]).first()
        assert entry and (entry.by, entry.result, entry.case) == (stranger.pk, "withheld", play.case_id), name
    officer = play.person("officer1")
    for at in ("accesses/", "accesses/review/", "accesses/accesses.csv", "refusals/"):
        before = Access.objects.count()
        assert signed_in(officer).get(f"/desk/{at}").status_code == 403
        assert Access.objects.count() == before + 1
    for entry in Access.objects.filter(by=officer.pk):
        assert (entry.result, entry.agency, entry.role) == ("withheld", play.office.agency.pk, "officer")


def test_a_volume_that_is_being_made_and_one_that_cannot_be_leave_entries(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both pages say something of the file: how many pages it has, or which of its papers is lost."""
    at, client = addresses(play)["desk-case-volume"], signed_in(play.person("officer1"))
    monkeypatch.setattr(binding, "SHORT", 0)
    assert client.get(at).status_code == 202
    (entry,) = Access.objects.all()
    assert (entry.kind, entry.result, entry.case) == ("queued", "served", play.case_id)
    assert binding.bind_waiting() == 1 and client.get(at).status_code == 200
    assert Access.objects.filter(kind="volume", result="served").count() == 1

    def lost(plan: object) -> None:
        raise Unbound("“现场检查笔录”的文件不见了")

    monkeypatch.setattr(binding, "volume", lost)
    before = Access.objects.count()
    assert client.get(at).status_code == 503 and Access.objects.count() == before + 1
    assert Access.objects.filter(kind="volume", result="missing").count() == 1
    shown = client.get(f"/desk/cases/{play.case_id}/accesses/").content.decode()
    assert "案卷合成文件（正在合成，没有取走内容）" in shown
