"""One whole case of each procedure in each locality, from the first act to the sealed file, and everything that it leaves."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest
from django.conf import settings

from knocks import WAYS
from paper_flaws import flaws_of
from play import CHINA, LOCALITIES, MORNING, STORIES, Clock, Play, make_office
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.typeset import path_of
from sanxiang.demo.matters import RESOURCES
from sanxiang.demo.people import Office
from sanxiang.door.gather import calendar
from sanxiang.door.models import Number, Refusal, Task
from sanxiang.door.tasks import due_day
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.packs import load_pack
from sanxiang.ledger.models import Act, Entry, Pending
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.speech import yuan
from side_stories import BOOK, SIDE

pytestmark = pytest.mark.django_db

FILE = [
    "file-cover 档",
    "file-cover-sub",
    "file-index",
    "file-index-sub",
    "file-note",
    "file-note-sub",
]
PAPERS = {
    "summary": {
        "inspect": ["site-record"],
        "decide-on-spot": ["spot-decision 当罚"],
        "serve-on-spot": ["service-receipt"],
        "file-record": ["spot-filing-form"],
        "publish": ["publication-approval"],
        "close": ["closing-form"],
        "archive": FILE,
    },
    "ordinary": {
        "register-clue": ["source-form"],
        "file": ["filing-form 立"],
        "notify-on-site": ["on-site-notice"],
        "inspect": ["site-record"],
        "interview": ["interview-record"],
        "conclude-investigation": ["investigation-report"],
        "notify-penalty": ["penalty-notice 罚告"],
        "serve": ["service-receipt"],
        "give-opinion": ["review-opinion 审"],
        "discuss": ["discussion-record"],
        "decide": ["penalty-decision 罚", "decision-approval"],
        "enter-execution": ["payment-notice 缴通"],
        "publish": ["publication-approval"],
        "close": ["closing-form"],
        "archive": FILE,
    },
}
PAPERS["hearing"] = PAPERS["ordinary"] | {
    "request-hearing": ["hearing-request"],
    "notify-hearing": ["hearing-notice 听通", "hearing-announcement 听公"],
    "hold-hearing": ["hearing-record"],
    "report-hearing": ["hearing-report"],
}
"""What each act issues, with the word of its number series (代字) where it is numbered."""

TASKS = {
    "summary": "publish:decide-on-spot:publish file-record:decide-on-spot:file-record "
    "publish:prepare-publication:publish archive:close:archive",
    "ordinary": "file:register-clue:file investigate:file:decide serve:notify-penalty:serve review:submit-for-review:give-opinion "
    "serve:decide:serve serve:enter-execution:serve publish:decide:publish publish:prepare-publication:publish "
    "archive:close:archive",
}
TASKS["hearing"] = (
    f"{TASKS['ordinary']} arrange-hearing:request-hearing:report-hearing serve:notify-hearing:serve"
)
"""Every task as kind:opened by:closed by."""

SERVED = {"summary": {"spot-decision"}, "ordinary": {"penalty-notice", "penalty-decision", "payment-notice"}}
SERVED["hearing"] = SERVED["ordinary"] | {"hearing-notice"}
FINES = {"summary": "200", "ordinary": "2000", "hearing": "90000"}
INFORMANT = "匿名群众甲"


def whole(locality: str, story: str, clock: Clock) -> Play:
    """The story, played to its end."""
    play = begin(make_office(locality), story, clock)
    play.until()
    return play


def begin(office: Office, story: str, clock: Clock, start: datetime = MORNING) -> Play:
    """A story of the book, before its first step."""
    procedure, steps = BOOK[story]
    clock.now = start
    return Play(office, procedure, steps, clock, start)


def each(story_names: Iterator[str] | tuple[str, ...]) -> list[tuple[str, str]]:
    """Every locality with every story."""
    return [(locality, story) for locality in LOCALITIES for story in story_names]


@pytest.mark.parametrize(("locality", "story"), each(tuple(STORIES)))
def test_whole_case(locality: str, story: str, clock: Clock) -> None:
    play = whole(locality, story, clock)
    case = play.case
    assert (case.stage, case.closed, case.next_due) == ("archived", "closed", None)
    assert case.party in case.title
    check_timeline(play, case)
    check_papers(story, play, case)
    check_tasks(story, case)
    check_publication(play, case, FINES[story])
    assert not Refusal.objects.exists()
    assert list(verify_all()) == []
    assert sequence_all() == Act.objects.count()
    assert not Pending.objects.exists()
    assert list(Entry.objects.order_by("idx").values_list("idx", flat=True)) == list(
        range(Act.objects.count())
    )
    assert list(verify_all()) == []


SIDE_BY_SIDE = [(LOCALITIES[i % len(LOCALITIES)], name) for i, name in enumerate(SIDE)]


@pytest.mark.alike
@pytest.mark.parametrize(("locality", "story"), sorted({*SIDE_BY_SIDE, *each(("absent",))}))
def test_side_road(locality: str, story: str, clock: Clock) -> None:
    """Each is lawful to its end; in `absent` the party is silent until the days are over that the notice told it."""
    play = whole(locality, story, clock)
    assert play.case.closed
    check_markup(play.case)
    assert not Refusal.objects.exists()
    assert list(verify_all()) == []


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_act_is_done_in_some_story(locality: str) -> None:
    told = {step.act for _, steps in BOOK.values() for step in steps}
    law = load_pack(locality)
    assert {act.id for name in ("summary", "ordinary") for act in law.acts_of(name)} - told == ELSEWHERE


ELSEWHERE = {
    "approve-destruction",
    "link-case",
    "mark-recording",
    "withdraw-mark",
    "state-interests",
    "add-recording",
    "explain-recording",
    "approve-recording",
    "register-paper",
    "seal-paper",
    "sign-paper",
    "certify-paper",
    "refuse-signature",
    "attach-scan",
    "expire-publication",
    "apply-repair",
    "register-repair",
    "grant-repair",
    "refuse-repair",
}
"""Steps open in every kind of case, done in tests of their own: the end of a file's retention, links, films, paper, seals, signatures.

The end of a publication's time is nobody's act: the server does it by itself (tests/pages/test_publishing_after.py).
Credit repair is the party's to ask for, after the end of most stories (tests/pages/test_repairing.py).
"""


FROM_OUTSIDE = [
    pytest.param(place, story, way, marks=() if (m - n) % len(WAYS) == 0 else pytest.mark.alike)
    for m, (place, story) in enumerate(zip(LOCALITIES, [*STORIES, "contested", "cash"], strict=True))
    for n, way in enumerate(WAYS)
]
"""Every run goes all these ways on one database, and one way with each story on both."""


@pytest.mark.parametrize(("locality", "story", "way"), FROM_OUTSIDE)
def test_whole_case_from_outside(locality: str, story: str, way: str, clock: Clock) -> None:
    """The desk's forms, the API and the command line each carry a case from the first act to the last."""
    play = begin(make_office(locality), story, clock)
    for place, step in enumerate(play.steps):
        knock = play.knock()
        answer = WAYS[way](knock)
        assert answer.done, (step.act, answer)
        play.case_id, play.position = UUID(answer.done), place + 1
    acts = Act.objects.filter(subject=play.case_id).order_by("n")
    assert [a.name for a in acts] == [step.act for step in play.steps]
    assert list(verify_all()) == []


def check_timeline(play: Play, case: Case) -> None:
    """One act a step, in order, each by who the story says, each following the leaf before it."""
    acts = list(Act.objects.filter(subject=case.id).order_by("n"))
    assert [a.name for a in acts] == [step.act for step in play.steps]
    assert [a.by for a in acts] == [play.person(step.who).id for step in play.steps]
    assert [a.n for a in acts] == list(range(1, case.n + 1))
    assert [a.label for a in acts] == [play.pack.acts[step.act].label for step in play.steps]
    assert all(not a.back_dated and a.role for a in acts)
    assert [json.loads(bytes(a.leaf))["p"] for a in acts] == ["", *(a.leaf_hash for a in acts[:-1])]
    assert case.head == acts[-1].leaf_hash


def check_papers(story: str, play: Play, case: Case) -> None:
    """Every paper once, by its act; numbers from the series; the PDF under its digest; no informant in any of them."""
    wanted, numbers = [], []
    for n, step in enumerate(play.steps, 1):
        for text in PAPERS[story].get(step.act, []):
            kind, _, series = text.partition(" ")
            wanted.append((n, kind))
            if series:
                numbers.append(
                    "2026-0001" if series == "档" else f"{play.office.agency.short}{series}〔2026〕1号"
                )
    papers = list(Paper.objects.filter(case=case))
    acts = {str(i): n for i, n in Act.objects.filter(subject=case.id).values_list("id", "n")}
    assert sorted((acts[str(p.act)], p.kind) for p in papers) == sorted(wanted)
    assert sorted(p.number for p in papers if p.number) == sorted(numbers)
    issued = Number.objects.filter(series__agency=play.office.agency, status="issued")
    assert sorted(issued.values_list("text", flat=True)) == sorted(numbers)
    for paper in papers:
        pdf = path_of(settings.PAPER_ROOT, paper.pdf).read_bytes()
        assert pdf.startswith(b"%PDF-") and hashlib.sha256(pdf).hexdigest() == paper.pdf
        said = json.dumps(paper.content, ensure_ascii=False)
        assert INFORMANT not in said or not paper.external
    check_markup(case)
    assert {p.kind for p in papers if p.status == "served"} == SERVED[story]


def check_markup(case: Case) -> None:
    """No sign of the template's own stands in what was issued, nor anything else that an eye would stumble over."""
    for paper in Paper.objects.filter(case=case):
        said = json.dumps(paper.content, ensure_ascii=False)
        assert [sign for sign in ("##", "{{", "{%", "<<", "%%", "[印章") if sign in said] == [], paper.kind
    assert flaws_of(case) == {}


def check_tasks(story: str, case: Case) -> None:
    """Each task was opened by one act and closed by another; none is left."""
    names = dict(Act.objects.filter(subject=case.id).values_list("n", "name"))
    told = [f"{t.kind}:{names[t.opened_n]}:{names.get(t.closed_n)}" for t in Task.objects.filter(case=case)]
    assert sorted(told) == sorted(TASKS[story].split())


def check_publication(play: Play, case: Case, fine: str) -> None:
    """What the public sees: the decision's number, the party, the result, the organ; and the leaf that published it."""
    row = case.publications.get()
    act = Act.objects.get(subject=case.id, name="publish")
    kind = "当罚" if case.procedure == "summary" else "罚"
    assert row.status == "published" and row.origin == "case"
    assert row.number == f"{play.office.agency.short}{kind}〔2026〕1号"
    # 测绘法第六十四条 warns whom it fines.
    warned = "警告；" if fine == "200" and play.office.remit == RESOURCES else ""
    assert (row.party, row.authority, row.result) == (
        case.party,
        play.office.agency.name,
        f"{warned}罚款{yuan(fine)}",
    )
    assert row.title and row.facts and row.basis
    assert (row.act, row.leaf_hash) == (act.id, act.leaf_hash)
    assert (row.decided_on, row.published_on) == (case.decided_on, date.fromisoformat(act.on))
    assert INFORMANT not in " ".join(str(getattr(row, f.name)) for f in row._meta.fields)


def dues(case: Case, play: Play) -> dict[str, tuple[str, bool]]:
    """Each clock of the case: the last day, and whether it is provisional."""
    found = {}
    for name in case.state["clocks"]:
        day, provisional, citation = due_day(play.pack, case.state, name, calendar())
        assert citation
        found[name] = (day.isoformat() if day else "", provisional)
    return found


def test_clocks_over_qingming_and_dragon_boat(clock: Clock) -> None:
    """Counted by hand on the calendar of 2026: 清明 4-04..06, 劳动节 5-01..05 (5-09 worked), 端午 6-19..21."""
    play = whole("kaiyuan", "hearing", clock)
    told = dues(play.case, play)
    unset = ("filing", "review", "archive")
    assert {told[name] for name in unset} == {("", False)}, "neither law nor scheme sets days for them"
    assert {name: told[name] for name in told if name not in unset} == {
        # Filed on 3-04; 90 days end on 6-02; the hearing, 3-23 to 4-07, takes 16 days out.
        "decide": ("2026-06-18", False),
        # Notice served on Thursday 3-19: 20, 23, 24, 25, 26.
        "hearing-request": ("2026-03-26", False),
        "defence": told["defence"],
        # Decided on Tuesday 4-14: 15, 16, 17, 20, 21, 22, 23.
        "serve-decision": ("2026-04-23", False),
        "publish-penalty": ("2026-04-23", False),
        # Served on 4-16: 15 days end on 5-01, in the holiday; the first working day after it is 5-06.
        "pay": ("2026-05-06", False),
        # 60 days: 6-15, a Monday. Six months: 10-16, a Friday; three months from there, a Saturday: the agency's own, so no rolling.
        "remedy-review": ("2026-06-15", False),
        "remedy-suit": ("2026-10-16", False),
        "court-application": ("2027-01-16", False),
    }


def test_clocks_over_national_day(clock: Clock) -> None:
    """2026: 9-20 (Sunday) and 10-10 (Saturday) are worked; 9-25..27 and 10-01..07 are off."""
    play = begin(make_office("lingchuan"), "ordinary", clock, datetime(2026, 9, 1, 9, 0, tzinfo=CHINA))
    play.until()
    told = dues(play.case, play)
    days = {a.name: a.on for a in Act.objects.filter(subject=play.case_id)}
    assert (days["file"], days["waive-defence"], days["decide"]) == ("2026-09-03", "2026-09-20", "2026-09-28")
    assert told == told | {
        "decide": ("2026-12-02", False),
        # Served on Friday 9-18: 20 (worked), 21, 22, 23, 24.
        "defence": ("2026-09-24", False),
        "hearing-request": ("2026-09-24", False),
        # Decided on Monday 9-28: 29, 30, 10-08, 09, 10 (worked), 12, 13.
        "serve-decision": ("2026-10-13", False),
        "publish-penalty": ("2026-10-13", False),
        # Served on 9-30: 15 days, a Thursday; 60 days end on Sunday 11-29.
        "pay": ("2026-10-15", False),
        "remedy-review": ("2026-11-30", False),
        # 2027 has no notice yet: what leans on it is provisional.
        "remedy-suit": ("2027-03-30", True),
    }


def test_clocks_over_spring_festival(clock: Clock) -> None:
    """2026: 2-15..23 are off, 2-14 and 2-28 (Saturdays) are worked. The task shows the same day as the clock."""
    play = begin(make_office("huantai"), "summary", clock, datetime(2026, 2, 13, 9, 0, tzinfo=CHINA))
    play.until("file-record")
    # Friday 2-13: 14, 24, 25, 26, 27, 28, 3-02; no days are set for the filing. Fifteen days end on 2-28, which is worked.
    assert dues(play.case, play) == {
        "publish-penalty": ("2026-03-02", False),
        "spot-filing": ("", False),
        "pay": ("2026-02-28", False),
        "remedy-review": ("2026-04-14", False),
        # 复议 comes first here, so three months from its last day.
        "court-application": ("2026-07-14", False),
    }
    assert dict(Task.objects.filter(case=play.case_id).values_list("limit", "due")) == {
        "publish-penalty": date(2026, 3, 2),
        "spot-filing": None,
    }
    assert play.case.next_due == date(2026, 3, 2)
