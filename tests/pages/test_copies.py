"""调取副本: who looks in from above reads on line at once; a copy leaves the agency only with an approval, and for so long and so often."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from copies_asked import ASKED, with_photo
from knocks import signed_in
from page_form import form_at, send, words
from play import Clock, Play, make_office
from publishing import supervisor_above
from reader import HEADERS
from sanxiang.cases.models import Evidence, Paper
from sanxiang.door.administer import administer
from sanxiang.door.files.asked_files import requests_in
from sanxiang.law.guards import Refused
from sanxiang.ledger.access_row import Access
from sanxiang.people.models import Agency, Person

pytestmark = pytest.mark.django_db
PAGE = "/desk/accesses/copies/"


def places(play: Play) -> dict[str, str]:
    """Where copies of this case are taken."""
    case, paper = f"/desk/cases/{play.case_id}", Paper.objects.filter(case=play.case_id).earliest("n")
    row = Evidence.objects.get(case=play.case_id, title="现场照片")
    return {
        "pdf": f"{case}/papers/{paper.pk}.pdf",
        "docx": f"{case}/papers/{paper.pk}.docx",
        "data": f"/api/v1/cases/{play.case_id}/papers/{paper.pk}.json",
        "evidence": f"{case}/evidence/{row.pk}/",
        "volume": f"{case}/file/main.pdf",
        "dossier": f"/api/v1/cases/{play.case_id}/dossier.zip",
    }


def taken(person: Person, at: str, **headers: str) -> Any:
    """The answer, read to its end."""
    answer = signed_in(person).get(at, headers=headers)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def ask(person: Person, play: Play, **other: Any) -> str:
    """A request through the page's own form; its number."""
    desk, agency = signed_in(person), play.office.agency
    form = form_at(desk, f"/desk/admin/acts/request-copy/?agency={agency.pk}&case={play.case.code}")
    for name, value in {**ASKED, **other}.items():
        form.put(name, {"whole": "全卷", "papers": "文书", "evidence": "证据（含音像）"}.get(value, value))
    sent = send(desk, form)
    assert sent.status_code == 302, words(sent)
    return re.findall(r"<b>([^<]+调〔\d+〕\d+号)</b>", html.unescape(desk.get(PAGE).content.decode()))[0]


def decide(agency: Agency, head: Person, number: str, **other: Any) -> None:
    """A decision by a head."""
    told = {"outcome": "approved", "reason": "同意", "days": 3, "times": 2}
    administer("decide-copy", agency, head, {"request": number, **told, **other})


def test_on_line_everything_is_there_at_once_and_bears_the_number(clock: Clock) -> None:
    """A paper, the file's parts as a list, a photograph: shown with the look's number across it; no file leaves."""
    play = with_photo(make_office("kaiyuan"), clock)
    above, at = supervisor_above(play.office.agency), places(play)
    shown = taken(above, f"{at['evidence']}look/")
    said = html.unescape(shown.content.decode())
    entry = Access.objects.get(watermark=shown["X-Watermark"])
    assert (entry.kind, entry.result, entry.by, entry.reason) == ("look", "served", above.pk, "supervise")
    assert entry.watermark in said and said.count("data:image/jpeg;base64,") == 1 and "共 1 页" in said
    case = html.unescape(taken(above, f"/desk/cases/{play.case_id}/").content.decode())
    assert "申请调取副本</a>" in case and f'{at["evidence"]}look/"' in case
    for name, where in at.items():
        answer = taken(above, where)
        assert answer.status_code == 403, name
        assert "还没有获准调取这一内容的副本" in html.unescape(answer.content.decode()), name
        entry = Access.objects.filter(by=above.pk, kind=name).get()
        assert (entry.result, entry.case) == ("withheld", play.case_id)
    assert taken(play.person("officer1"), at["evidence"]).status_code == 200


def test_the_papers_of_a_request_for_the_file_leave_with_an_approval_too(clock: Clock) -> None:
    play = with_photo(make_office("kaiyuan"), clock)
    agency, head = play.office.agency, play.person("agency-head")
    told = {
        "case": play.case.code, "applicant": "顾清和", "standing": "other", "identity": "居民身份证已核对", "contact": "信函",
        "wants": "处罚决定书", "form": "paper", "route": "disclosure", "received": clock.now.date().isoformat(), "via": "window",
    }  # fmt: skip
    administer("register-file-request", agency, play.person("archivist"), told)
    (one,) = requests_in([agency.pk])
    administer("answer-file-request", agency, head, {"request": one.number, "outcome": "provide"})
    above, at = supervisor_above(agency), f"/desk/cases/{play.case_id}/requests/{one.id}/answer.pdf"
    assert taken(above, at).status_code == 403 and taken(head, at).status_code == 200
    decide(agency, head, ask(above, play, scope="papers"), times=1)
    assert [taken(above, at).status_code for _ in range(2)] == [200, 403]


def test_an_approval_opens_for_so_many_times_and_days_and_no_further(clock: Clock) -> None:
    play = with_photo(make_office("laizhou"), clock)
    above, at = supervisor_above(play.office.agency), places(play)
    number, head = ask(above, play), play.person("agency-head")
    assert number.endswith(f"调〔{clock.now.year}〕1号") and "还没有决定" in words(taken(above, at["pdf"]))
    desk = signed_in(head)
    assert "作出决定" in words(desk.get(PAGE))
    form = form_at(desk, f"/desk/admin/acts/decide-copy/?agency={play.office.agency.pk}&request={number}")
    for name, value in {"outcome": "同意", "reason": "同意，注意保管", "days": "3", "times": "2"}.items():
        form.put(name, value)
    assert send(desk, form).status_code == 302
    pdf, film = taken(above, at["pdf"]), taken(above, at["evidence"], Range="bytes=0-9")
    assert (pdf.status_code, film.status_code) == (
        200,
        200,
    )  # a part is not sent: each copy is one whole file
    entries = Access.objects.filter(by=above.pk, ticket=number)
    assert {(one.kind, one.result) for one in entries} == {("pdf", "served"), ("evidence", "served")}
    assert entries.get(kind="pdf").watermark in pdf["X-Watermark"]
    used = taken(above, at["pdf"])
    assert used.status_code == 403 and "批准的 2 次下载已经用完" in words(used)
    assert "已下载 2 次，共 2 次" in words(signed_in(above).get(PAGE))
    other = ask(above, play, scope="papers")
    decide(play.office.agency, head, other)
    assert taken(above, at["evidence"]).status_code == 403  # papers only
    clock.now += timedelta(days=3)
    late = taken(above, at["pdf"])
    assert late.status_code == 403 and "已经过去" in words(late)


def test_the_own_head_may_decide_too_and_nobody_for_themselves(clock: Clock) -> None:
    """Where the supervisor's own head approves, it is on record there; a stranger's head finds no such request."""
    play = with_photo(make_office("dongying"), clock)
    above = supervisor_above(play.office.agency)
    home = above.posts.get().agency
    told = {"username": "watch-head", "name": "纪衡远", "password_hash": "!"}
    head = administer("add-person", home, None, told)
    for who in (head, above):
        administer(
            "grant-post", home, None, {"person": who, "role": "agency-head", "valid_from": "2025-01-02"}
        )
    number, stranger = ask(above, play), make_office("kaiyuan")
    with pytest.raises(Refused, match="不能批准自己的申请"):
        decide(home, above, number)
    with pytest.raises(Refused, match="没有收到编号"):
        decide(stranger.agency, stranger.people["agency-head"], number)
    with pytest.raises(Refused, match="天数应为 1 到 30"):
        decide(home, head, number, days=31)
    with pytest.raises(Refused, match="行政机关负责人"):
        decide(play.office.agency, play.person("officer1"), number)
    decide(home, head, number, outcome="refused", reason="在线查看已能满足需要", days=None, times=None)
    refused = taken(above, places(play)["pdf"])
    assert refused.status_code == 403 and "没有获得同意：在线查看已能满足需要" in words(refused)
    with pytest.raises(Refused, match="已由纪衡远决定：不同意"):
        decide(play.office.agency, play.person("agency-head"), number)


def test_a_program_is_told_the_same(clock: Clock) -> None:
    play = with_photo(make_office("huantai"), clock)
    above, at = supervisor_above(play.office.agency), places(play)["dossier"]
    sent = {
        "X-Access-Reason": HEADERS["HTTP_X_ACCESS_REASON"],
        "X-Access-Ticket": HEADERS["HTTP_X_ACCESS_TICKET"],
    }
    told = signed_in(above).get(at, headers=sent)
    assert told.status_code == 403 and told.json()["error"]["code"] == "copy"
    decide(play.office.agency, play.person("agency-head"), ask(above, play))
    assert taken(above, at, **sent).status_code == 200
