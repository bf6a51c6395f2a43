"""调阅: every look at a record leaves an entry, or nothing is shown; who has no duty in a case says why first."""

import csv
import html
import io
import itertools
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.urls import NoReverseMatch, reverse

from knocks import HANDLER
from play import Clock, Play, make_office
from publishing import begun, supervisor_above
from reader import ASKED, HEADERS, WHY
from reader import Client as Reader
from sanxiang.api.models import Idempotency
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.recording.receiving import receive
from sanxiang.cli import main
from sanxiang.demo.people import Office
from sanxiang.door.reading import READS, UNRECORDED
from sanxiang.door.reasons import duty_of
from sanxiang.ledger.access import Read, check_access, record
from sanxiang.ledger.access_row import Access
from sanxiang.people.models import Person, Post
from side_stories import photo

pytestmark = pytest.mark.django_db
BACKEND = "sanxiang.people.signin.PersonBackend"
FILM = b"\x00\x00\x00\x18ftypmp42 made-up film of a yard" * 2000
SENT = {
    "X-Access-Reason": HEADERS["HTTP_X_ACCESS_REASON"],
    "X-Access-Ticket": HEADERS["HTTP_X_ACCESS_TICKET"],
}
SENT_BY_BUTTON = {"desk-paper-print", "desk-along"}
"""Addresses that only a button sends to; tests/pages/test_field.py and the end of this file look at them."""
NOT_ONE_CASE = {
    "desk-application",
    "desk-application-pdf",
    "desk-voice",
    "desk-voice-file",
    "desk-case-register",
    "desk-transfer",
    "desk-transfer-list",
    "desk-transfer-package",
    "desk-accesses-csv",
    "desk-my-accesses",
    "desk-file-request",
    "desk-file-request-pdf",
    "desk-coverage-csv",
    "desk-discipline-csv",
    "desk-historical-record",
    "desk-refusals",
    "log-entries",
    "access-entries",
}


def signed_in(person: Person, kind: type[Client] = Client) -> Client:
    """A browser; unless it is a Reader, nobody answers the question why."""
    client = kind()
    client.handler = HANDLER
    client.force_login(person, BACKEND)
    return client


@pytest.fixture
def office() -> Office:
    """莱州, with somebody above it."""
    return make_office("laizhou")


@pytest.fixture
def play(office: Office, clock: Clock) -> Play:
    """A case decided on the spot, with a film in it."""
    return filmed(office, clock)


def filmed(office: Office, clock: Clock) -> Play:
    """The same in any office, with what a witness said on film beside it."""
    play = begun(office, "summary", clock, until="decide-on-spot")
    said = receive(io.BytesIO(FILM + b"2"), "询问录像.mp4", "video/mp4")
    told = {"kind": "testimony", "title": "询问录像", "files": [said]}
    play.do("add-evidence", "officer1", **{**photo(office), **told})
    play.until("serve-on-spot")
    film = receive(io.BytesIO(FILM), "现场录像.mp4", "video/mp4")
    play.do("add-evidence", "officer1", **{**photo(office), "title": "现场录像", "files": [film]})
    return play


@pytest.fixture(autouse=True)
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of a story stands still; entries that are made one after the other are to be told apart."""
    ticks = itertools.count(1)

    def later(read: Read, at: datetime) -> Access:
        return record(read, at + timedelta(microseconds=next(ticks)))

    for room in ("reading", "looks.console"):
        monkeypatch.setattr(f"sanxiang.door.{room}.record", later)


def film_of(play: Play) -> Evidence:
    """The film."""
    return Evidence.objects.get(case=play.case_id, title="现场录像")


def looks(**wanted: Any) -> list[Access]:
    """Entries, oldest first."""
    return list(Access.objects.filter(**wanted).order_by("at", "id"))


def addresses(play: Play) -> dict[str, str]:
    """Every address that shows a record of this case, by its name."""
    case, paper = play.case_id, Paper.objects.filter(case=play.case_id).earliest("n")
    keys = {
        "desk": {
            "case_id": case,
            "paper_id": paper.pk,
            "evidence_id": film_of(play).pk,
            "act_id": "serve-on-spot",
            "part": "main",
        },
        "api": {"case": case, "paper": paper.pk},
    }
    found = {}
    for name in set(READS) - NOT_ONE_CASE - SENT_BY_BUTTON:
        given = keys["desk" if name.startswith("desk-") else "api"]
        found[name] = next(at for wanted in subsets(given) if (at := address(name, wanted)))
    return found


def subsets(given: dict[str, Any]) -> list[dict[str, Any]]:
    """What an address may ask for: the case, and one thing in it."""
    (case, key), *rest = given.items()
    return [{case: key}, *({case: key, name: value} for name, value in rest)]


def address(name: str, keys: dict[str, Any]) -> str:
    """The address of that name, "" where it asks for something else."""
    try:
        return reverse(name, kwargs=keys)
    except NoReverseMatch:
        return ""


def content_of(answer: Any) -> bytes:
    """All that was sent."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# Every look is recorded.


def test_each_answer_that_shows_a_record_has_one_entry(play: Play, office: Office) -> None:
    """Every address of a case, as everybody: what was shown is in the log, and what was refused to somebody known too."""
    people = {
        who: play.person(who)
        for who in ("officer1", "officer3", "agency-head", "legal-reviewer", "archivist")
    }
    people["above"] = supervisor_above(office.agency)
    people["stranger"] = make_office("kaiyuan").people["officer1"]
    for who, person in people.items():
        shown = sum(looked_once(play, person, name, at) for name, at in sorted(addresses(play).items()))
        assert (shown == 0) == (who == "stranger") and shown in (0, *range(12, 30)), who
    assert list(check_access()) == []


def looked_once(play: Play, person: Person, name: str, at: str) -> bool:
    """Whether the address was shown; either way there is one entry, and it says what, who, where, why."""
    client, before = signed_in(person, Reader), Access.objects.count()
    answer = client.get(at)
    content_of(answer)
    served = answer.status_code == 200
    assert answer.status_code in (200, 403, 404) and Access.objects.count() == before + 1, (name, answer)
    (*_, entry) = looks()  # the player and its bytes are one kind of look: the last entry is this one
    channel = "page" if at.startswith("/desk/") else "api"
    assert (entry.by, entry.kind, entry.channel) == (person.pk, READS[name], channel), name
    assert (entry.result == "served") == served and entry.case == play.case_id
    assert entry.agency == play.office.agency.pk and entry.address == "127.0.0.1" and entry.role
    assert not served or (entry.reason and answer["X-Watermark"] == entry.watermark)
    return served


def test_entries_name_the_object_and_its_digest(play: Play) -> None:
    client, at = signed_in(play.person("officer1")), addresses(play)
    for name in ("desk-evidence", "desk-paper-pdf", "desk-case"):
        content_of(client.get(at[name]))
    film, pdf, case = looks()[-3:]
    paper = Paper.objects.get(pk=pdf.object)
    assert (film.object, film.digest) == (film_of(play).pk, film_of(play).digest)
    assert pdf.digest == paper.pdf and (case.object, case.digest) == (play.case_id, play.case.head)
    assert {one.reason for one in (film, pdf, case)} == {"duty"} and film.role == "officer"


def test_a_table_of_many_cases_is_one_look(office: Office) -> None:
    """It is of no one case; the entry says whose agency's table was taken away."""
    for table in ("cases/register.csv", "coverage/coverage.csv", "discipline/discipline.csv"):
        assert content_of(signed_in(office.people["officer1"]).get(f"/desk/{table}"))
    assert [(one.kind, one.result, one.case) for one in looks(agency=office.agency.pk)] == [
        ("register", "served", None), ("coverage", "served", None), ("discipline", "served", None),
    ]  # fmt: skip
    assert Access.objects.count() == 3


def test_head_ranges_and_fragments_are_looks_too(play: Play) -> None:
    client, at = signed_in(play.person("officer1")), addresses(play)
    before = Access.objects.count()
    client.head(at["timeline"])
    content_of(client.get(at["desk-evidence"], headers={"Range": "bytes=0-99"}))
    client.get(at["desk-timeline"], headers={"HX-Request": "true"})
    refused = client.post(at["desk-act"], {})
    assert refused.status_code == 422 and Access.objects.count() == before + 4
    assert [one.kind for one in looks()[-4:]] == ["timeline", "range", "timeline", "form"]


def test_a_header_that_moves_the_address_hides_no_look(play: Play) -> None:
    """Some servers take SCRIPT_NAME from the visitor; what is looked at is told by the address behind it."""
    client, before = signed_in(play.person("officer1")), Access.objects.count()
    answer = client.get(addresses(play)["desk-case"], SCRIPT_NAME="/x")
    assert answer.status_code == 200 and Access.objects.count() == before + 1


def test_what_shows_nothing_leaves_nothing(play: Play, office: Office) -> None:
    """Lists, redirects, wrong methods, addresses behind which nothing lies, and people who are not signed in."""
    client, nobody = signed_in(play.person("officer1")), UUID(int=7)
    for at in (
        "/desk/",
        "/desk/cases/?q=云溪",
        "/desk/tasks/",
        "/desk/ledger/",
        "/api/v1/cases",
        f"/desk/cases/{nobody}/",
    ):
        client.get(at)
    client.get(f"/desk/cases/{play.case_id}/evidence/{nobody}/")
    client.get(f"/desk/cases/{play.case_id}")
    client.delete(f"/desk/cases/{play.case_id}/")
    for at in addresses(play).values():
        assert Client().get(at).status_code in (302, 401)
    assert looks() == []


def test_a_search_hit_that_was_opened_says_so(play: Play) -> None:
    """Its link carries that, whatever the browser says of where it comes from; for nobody else, and on no other case."""
    client, at = signed_in(play.person("officer1")), addresses(play)["desk-case"]
    list_ = client.get("/desk/cases/", {"q": play.case.code}).content.decode()
    (link,) = re.findall(rf'href="({at}[^"]*)"', list_)
    assert at in client.get("/desk/cases/").content.decode() and link != at
    client.get(link)
    client.get(at, headers={"Referer": "http://testserver/desk/cases/?q=%E4%BA%91%E6%BA%AA"})
    client.get(f"{at}?found=1")
    signed_in(play.person("agency-head")).get(link)
    assert [one.kind for one in looks()] == ["hit", "case", "case", "case"]


# No entry, no content (trust.md R6).


def test_without_an_entry_nothing_is_shown(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("sanxiang.door.reading.record", full)
    client, title = signed_in(play.person("officer1")), play.case.title.encode()
    paper = Paper.objects.filter(case=play.case_id).latest("n")
    for name, at in addresses(play).items():
        answer = client.get(at)
        said = content_of(answer)
        assert answer.status_code == 503, name
        assert (
            title not in said
            and FILM[:60] not in said
            and b"%PDF" not in said
            and "X-Watermark" not in answer
        )
        if at.startswith("/api/"):
            assert json.loads(said) == {"error": {"code": "unrecorded", "message": UNRECORDED}}
        else:
            assert UNRECORDED in said.decode() and "X-Original-Length" not in answer
    printed = client.post(f"/desk/cases/{play.case_id}/papers/{paper.pk}/print/", {"copies": "2"})
    assert printed.status_code == 503 and looks() == []
    assert client.post(addresses(play)["desk-act"], {}).status_code == 503
    for table in ("/desk/cases/register.csv", "/desk/coverage/coverage.csv"):
        assert client.get(table).status_code == 503


def test_a_page_that_forgets_to_say_what_it_shows_is_not_shown(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READS, "desk-ledger", "case")
    answer = signed_in(play.person("officer1")).get("/desk/ledger/")
    assert answer.status_code == 503 and looks() == []


# Why.


@pytest.mark.carries("LZ-052", locality="laizhou")
def test_another_officer_says_why_before_a_recording_opens(play: Play) -> None:
    """The purpose is asked; the log has who, when and why; what a witness said on film is not for every role's eyes."""
    other, film = play.person("officer3"), film_of(play)
    client, at = signed_in(other), addresses(play)["desk-evidence"]
    asked = client.get(at)
    assert asked.status_code == 302 and ASKED.match(asked["Location"]) and looks() == []
    shown = html.unescape(client.get(asked["Location"]).content.decode())
    assert "为什么调阅这个案件" in shown and play.case.party not in shown and "现场录像" not in shown
    for missing in ({"reason": ""}, {"text": " "}, {"reason": "duty"}, {"text": "一" * 201}):
        refused = client.post(asked["Location"], {**WHY, **missing})
        assert refused.status_code == 422 and refused.content.decode().count("有几处需要改正") == 1
    assert looks() == [] and client.get(at).status_code == 302
    said = client.post(asked["Location"], WHY)
    assert said.status_code == 302 and said["Location"] == at
    assert content_of(client.get(at)) == FILM
    (entry,) = looks()
    assert (entry.by_name, entry.reason, entry.text) == (other.name, "supervise", WHY["text"])
    assert timedelta() <= entry.at - play.clock.now < timedelta(seconds=1)
    assert entry.digest == film.digest and entry.result == "served"
    assert other.name in (log := told_to(play.person("agency-head"))) and WHY["text"] in log
    hidden = Evidence.objects.get(case=play.case_id, title="询问录像")
    place = f"/desk/cases/{play.case_id}/evidence/{hidden.pk}/"
    assert client.get(place).status_code == 403
    assert content_of(signed_in(play.person("officer1")).get(place)) == FILM + b"2"
    assert [one.result for one in looks(kind="evidence")] == ["served", "withheld", "served"]


def test_a_reason_is_for_one_case_and_one_day(play: Play, clock: Clock) -> None:
    other = begun(play.office, "summary", clock, until="inspect")
    clock.now = clock.now.replace(hour=23, minute=50)
    client, at = signed_in(play.person("officer3"), Reader), addresses(play)["desk-case"]
    assert client.get(at).status_code == 200
    plain = signed_in(play.person("officer3"))
    plain.cookies = client.cookies
    assert plain.get(at).status_code == 200
    assert ASKED.match(plain.get(f"/desk/cases/{other.case_id}/")["Location"])
    form = html.unescape(plain.get(f"/desk/cases/{other.case_id}/why/").content.decode())
    assert WHY["text"] in form  # what was said last is filled in already
    clock.now += timedelta(minutes=15)
    assert ASKED.match(plain.get(at)["Location"])


def test_whose_business_a_case_is_need_not_say_why(office: Office, clock: Clock) -> None:
    """By the course of the case: the reviewer once it was handed over, who publishes once it is decided, the archivist once closed."""
    play, first, number = begun(office, "hearing", clock, until="file"), {}, 0
    roles = ("officer1", "unit-head", "agency-head", "legal-reviewer", "disclosure-editor", "archivist")
    posts = {
        who: list(Post.objects.filter(person=play.person(who)).select_related("agency")) for who in roles
    }
    while play.position < len(play.steps):
        for who in roles:
            if duty_of(play.case, play.person(who), posts[who]):
                first.setdefault(who, number)
        play.step()
        number += 1
    assert first["officer1"] == first["agency-head"] == first["unit-head"] == 0
    assert 0 < first["legal-reviewer"] < first["disclosure-editor"] < first["archivist"]
    assert not duty_of(
        play.case, play.person("officer3"), Post.objects.filter(person=play.person("officer3"))
    )


def test_onward_leads_nowhere_else(play: Play) -> None:
    client, why = signed_in(play.person("officer3")), f"/desk/cases/{play.case_id}/why/"
    for strange in (
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/verify/",
        "javascript:alert(1)",
        "/desk/../x",
    ):
        answer = client.post(why, {**WHY, "next": strange})
        assert answer["Location"] == f"/desk/cases/{play.case_id}/"
    assert signed_in(make_office("kaiyuan").people["officer1"]).get(why).status_code == 404


@pytest.mark.carries("LC-038", locality="lingchuan")
def test_a_supervisor_opens_a_recording_at_once_and_its_officer_sees_it(clock: Clock) -> None:
    """One form, with the approval's number, and the film of an open case plays; the entry stands on the case's own page."""
    office = make_office("lingchuan")
    play = filmed(office, clock)
    above = supervisor_above(office.agency)
    client, at = signed_in(above), addresses(play)["desk-film"]
    asked = client.get(at)["Location"]
    assert 'value="supervise" checked' in client.get(asked).content.decode()
    assert client.post(asked, {**WHY, "ticket": ""}).status_code == 422
    assert not play.case.closed
    assert client.post(asked, WHY)["Location"] == at and played(client, at) == FILM
    page = html.unescape(
        signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/accesses/").content.decode()
    )
    entry, whole = looks(by=above.pk)
    assert (entry.result, whole.kind, whole.result) == ("served", "film", "withheld")
    assert (
        above.name in page and entry.watermark in page and f"监督检查，{WHY['text']}，{WHY['ticket']}" in page
    )
    for mine in (f"/desk/cases/{play.case_id}/", "/desk/accesses/mine/"):
        shown = html.unescape(signed_in(play.person("officer1")).get(mine).content.decode())
        for said in (
            above.name,
            "行政执法监督人员",
            "监督机关（演示）",
            "播放音像",
            WHY["text"],
            f"{entry.at:%Y}年",
        ):
            assert said in shown, (mine, said)
    assert played(client, at) == FILM  # reading has taken nothing away


def played(client: Client, at: str) -> bytes:
    """What the player of that page fetches: a part, as players ask; without that the file would be carried away."""
    shown = html.unescape(client.get(at).content.decode())
    stream = shown.split('src="/desk/')[1].split("#")[0].join(("/desk/", ""))
    whole = client.get(stream)
    assert whole.status_code == 403 and "先申请调取副本" in whole.content.decode()
    return content_of(client.get(stream, headers={"Range": "bytes=0-"}))


def test_an_entry_says_from_which_agency_somebody_looked(
    play: Play, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whose case it is stands beside it; on the page, in the table, and on the command line."""
    above, at = supervisor_above(office.agency), addresses(play)["desk-case"]
    client = signed_in(above)
    client.post(client.get(at)["Location"], WHY)
    client.get(at)
    content_of(signed_in(play.person("officer1")).get(at))
    watching, own = f"{office.agency.region}监督机关（演示）", office.agency.name
    theirs, ours = looks()
    assert (theirs.own_agency, theirs.agency) == (above.posts.get().agency_id, office.agency.pk)
    assert ours.own_agency == ours.agency == office.agency.pk
    cell = f">行政执法监督人员，{watching}</span>"
    assert cell in told_to(above) and own in told_to(above)
    table = signed_in(above).get("/desk/accesses/accesses.csv")
    rows = list(csv.DictReader(io.StringIO(content_of(table).decode("utf-8-sig"))))
    assert {(row["调阅人所属机关"], row["案件所属机关"]) for row in rows if row["案件"]} == {
        (watching, own),
        (own, own),
    }
    data = Path(settings.DATA)
    (data / "secret.key").write_text("a key of the tests\n")
    assert main(["access", "show", theirs.watermark, "--data", str(data), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["own_agency"], said["agency"], said["valid"]) == (watching, own, True)


# The API and the command line.


def test_a_program_sends_its_reason_along(play: Play, office: Office) -> None:
    other, above = play.person("officer3"), supervisor_above(office.agency)
    at = f"/api/v1/cases/{play.case_id}"
    told = signed_in(other).get(at)
    assert told.status_code == 403 and told.json()["error"]["code"] == "reason"
    assert "X-Access-Reason" in told.json()["error"]["message"] and looks() == []
    bare = signed_in(other).get(at, headers={"X-Access-Reason": "complaint"})
    assert bare.status_code == 403 and "代码;说明" in bare.json()["error"]["message"] and looks() == []
    given = {"X-Access-Reason": SENT["X-Access-Reason"]}
    assert signed_in(other).get(at, headers=given).status_code == 200
    assert signed_in(other).get(f"{at}/timeline?access_reason=complaint;来信核查").status_code == 200
    assert [(one.reason, one.text) for one in looks()] == [
        ("supervise", WHY["text"]), ("complaint", "来信核查"),
    ]  # fmt: skip
    strange = signed_in(other).get(at, headers={"X-Access-Reason": "curiosity"})
    assert strange.status_code == 400 and "litigation" in strange.json()["error"]["message"]
    assert (
        "X-Access-Ticket"
        in signed_in(above).get(at, headers={"X-Access-Reason": "supervise"}).json()["error"]["message"]
    )
    assert signed_in(above).get(at, headers=SENT).status_code == 200 and looks()[-1].ticket == WHY["ticket"]
    assert not Idempotency.objects.exists()


def test_the_command_line_is_recorded(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    data = Path(settings.DATA)
    (data / "secret.key").write_text("a key of the tests\n")
    case = str(play.case_id)

    def run(*words: str) -> int:
        return main([*words, "--data", str(data), "--json"])

    assert run("act", "list", case, "--as", play.person("officer1").username) == 0
    assert run("act", "list", case, "--as", play.person("officer3").username) == 0
    assert run("ledger", "verify", "--case", case) == 0
    assert run("ledger", "verify", "--case", case, "--reason", "litigation;应诉取证") == 0
    for wrong in ("curiosity", "curiosity;好奇", "litigation", "litigation; "):
        assert run("ledger", "verify", "--case", case, "--reason", wrong) == 1
    assert [(one.reason, one.by_name, one.channel, one.kind) for one in looks()] == [
        ("duty", play.person("officer1").name, "command", "acts"),
        ("console", play.person("officer3").name, "command", "acts"),
        ("console", "运维人员", "command", "verify"),
        ("litigation", "运维人员", "command", "verify"),
    ]
    capsys.readouterr()
    assert run("access", "show", looks()[-1].watermark.lower()) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["text"] == "应诉取证" and told["case"] == case and told["valid"] is True
    assert run("access", "show", "2222222222") == 1


# Reading it back.


def test_the_record_is_for_those_who_watch(play: Play, office: Office) -> None:
    for at in addresses(play).values():
        content_of(signed_in(play.person("officer1")).get(at))
    above = supervisor_above(office.agency)
    for who in (play.person("agency-head"), above):
        page = signed_in(who).get("/desk/accesses/")
        assert page.status_code == 200 and play.person("officer1").name in page.content.decode()
    for who in ("officer1", "legal-reviewer", "archivist"):
        assert signed_in(play.person(who)).get("/desk/accesses/").status_code == 403
    elsewhere = make_office("kaiyuan").people["agency-head"]
    assert "还没有人调阅" in told_to(elsewhere)
    assert "没有这样的调阅记录" in told_to(elsewhere, "?kind=pdf")


def told_to(person: Person, question: str = "") -> str:
    """The record as somebody reads it."""
    return html.unescape(signed_in(person).get(f"/desk/accesses/{question}").content.decode())


def test_filters_and_watermark_lead_to_the_entry(play: Play) -> None:
    client, at = signed_in(play.person("officer1")), addresses(play)
    marks = {
        name: client.get(at[name])["X-Watermark"] for name in ("desk-case", "desk-paper-pdf", "desk-timeline")
    }
    head = play.person("agency-head")
    page = told_to(head, f"?q={marks['desk-paper-pdf'].lower()}")
    assert marks["desk-paper-pdf"] in page and marks["desk-case"] not in page and "共 1 次" in page
    for question, count in (
        ("?kind=timeline", 1), (f"?case={play.case.code.lower()}", 3), ("?case=没有", 0), ("?since=2099-01-01", 0),
        (f"?person={play.person('officer1').name}", 3), ("?since=never&kind=nothing", 3), (f"?until={play.clock.now:%Y-%m-%d}", 3),
    ):  # fmt: skip
        assert (f"共 {count} 次" in told_to(head, question)) == bool(count), question


def seen(play: Play, who: str, at: datetime, reason: str = "duty", case: Case | None = None) -> Access:
    """An entry as a page leaves it."""
    case = case or play.case
    person = play.person(who)
    told = {
        "by": person.pk,
        "by_name": person.name,
        "role": "officer",
        "agency": case.agency_id,
        "case": case.pk,
    }
    return record(Read(kind="case", channel="page", result="served", reason=reason, **told), at)


def test_the_table_is_paged_by_key_and_its_csv_is_recorded(
    play: Play, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        seen(play, "officer1", play.clock.now + timedelta(seconds=n))
    head = signed_in(play.person("agency-head"))
    first = head.get("/desk/accesses/")
    onward = html.unescape(first.content.decode()).split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    with django_assert_max_num_queries(14):
        second = head.get(onward)
    marks = [one.watermark for one in looks()]
    shown = [sum(mark in page.content.decode() for mark in marks) for page in (first, second)]
    assert shown == [50, 10] and "共 60 次" in first.content.decode()
    taken = content_of(head.get("/desk/accesses/accesses.csv?kind=case")).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(taken)))
    assert len(table) == 61 and {row[0] for row in table[1:]} == set(marks)
    entry = Access.objects.get(kind="accesses")
    assert entry.by == play.person("agency-head").pk and entry.reason == "duty"


def test_what_stands_out_is_told(play: Play, office: Office, clock: Clock) -> None:
    """Far more looks than on other days, at night, without a duty, and one party again and again."""
    twin = begun(office, "summary", clock, until="inspect")
    assert twin.case.party == play.case.party
    noon = clock.now.replace(hour=12)
    for day, count in enumerate((50, 2, 2, 3, 2)):
        for n in range(count):
            seen(play, "officer1", noon - timedelta(days=7 * day, seconds=n))
    quiet = told_to(play.person("agency-head"), "review/")
    assert "调阅 50 次，平时每天 2 次" in quiet and quiet.count("次，平时每天") == 1
    assert "同一当事人的 2 个案件" not in quiet and "20 时之后" not in quiet
    for case in (play.case, twin.case):
        seen(play, "officer3", noon.replace(hour=22), "other", case)
    page = told_to(play.person("agency-head"), "review/")
    assert f"<b>{play.person('officer3').name}</b>" in page
    assert "同一当事人的 2 个案件" in page and "20 时之后）调阅 2 次" in page
    assert signed_in(play.person("officer3")).get("/desk/accesses/review/").status_code == 403


def test_no_look_can_be_taken_back(play: Play) -> None:
    signed_in(play.person("officer1")).get(addresses(play)["desk-case"])
    with pytest.raises(DatabaseError):
        Access.objects.all().delete()


def test_the_case_is_as_it_was(play: Play) -> None:
    """Looks are no acts: neither the case nor its chain moves."""
    before = Case.objects.values().get(pk=play.case_id)
    for at in addresses(play).values():
        content_of(signed_in(play.person("officer1")).get(at))
    assert Case.objects.values().get(pk=play.case_id) == before
