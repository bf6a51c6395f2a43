"""及时: what came late, or not at all, is counted by officer; and everything about one party stands on one page."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from altered import Alter
from bound import piece
from clockwork import Clock
from knocks import signed_in
from play import STORIES, Play, make_office
from sanxiang.cases.models import Case
from sanxiang.demo import rulings, stories
from sanxiang.door.recording import breaches
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.access_row import Access

pytestmark = pytest.mark.django_db

LIMITS = {
    "laizhou": (
        ('key = "av.archive_limit"\nset = false', 'key = "av.archive_limit"\nset = true\nvalue = 2'),
        ('key = "archive.limit"\nset = false', 'key = "archive.limit"\nset = true\nvalue = 5'),
    ),
    "huantai": (
        (
            'key = "evidence.upload_limit"\nset = false',
            'key = "evidence.upload_limit"\nset = true\nvalue = 2',
        ),
    ),
    "kaiyuan": (('key = "archive.limit"\nset = false', 'key = "archive.limit"\nset = true\nvalue = 5'),),
}


def text_of(play: Play, who: str, address: str) -> str:
    """A page as somebody reads it, without tags."""
    answer = signed_in(play.person(who)).get(address)
    assert answer.status_code == 200, (who, address, answer.status_code)
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())).split())


def with_evidence(locality: str, clock: Clock, mime: str) -> Play:
    """The case with a piece taken on the day, and one taken a week before it came in."""
    play = Play(make_office(locality), *STORIES["hearing"], clock)
    play.until("interview")
    play.at(play.moment + timedelta(days=9))
    for age, name in ((0, "当天的材料"), (7, "上周的材料")):
        given = piece(
            "audiovisual" if "audio" in mime else "documentary",
            name,
            "材料.bin",
            mime,
            b"ID3" + name.encode() * 50,
        )
        play.pass_days(0)
        taken = (play.moment - timedelta(days=age)).date().isoformat()
        play.do("add-evidence", "officer1", **{**given.data(play.office, None), "on": taken})
    return play


@pytest.mark.carries("HT-057", locality="huantai")
def test_evidence_after_the_limit_is_counted_under_its_officer(clock: Clock, alter: Alter) -> None:
    """Two working days: what came a week late is flagged with how late, what came the same day is not; nor is a step without the
    recording that the scheme demands forgotten."""
    alter("huantai", *LIMITS["huantai"])
    play = with_evidence("huantai", clock, "application/pdf")
    told = text_of(play, "agency-head", "/desk/discipline/?year=2026")
    assert "证据逾期上传" in told and "收集证据：上周的材料" in told and "当天的材料" not in told
    officer = play.person("officer1").name
    missed = [one for one in play.case.state["recordings"] if breaches.broken(one)]
    assert re.search(rf"按人员.*{officer} 1 {len(missed)} 0 0 0 0 0 {len(missed) + 1} ", told) and missed
    assert re.search(r"上周的材料 [1-6]天", told)
    assert "收集证据：上周的材料" in text_of(play, "officer1", "/desk/discipline/?year=2026")
    assert "上周的材料" not in text_of(play, "legal-reviewer", "/desk/discipline/?year=2026")
    assert "上周的材料" not in text_of(play, "agency-head", "/desk/discipline/?year=2025")


def test_where_no_limit_is_set_nothing_is_late(clock: Clock) -> None:
    play = with_evidence("huantai", clock, "application/pdf")
    told = text_of(play, "agency-head", "/desk/discipline/?year=2026")
    assert "上周的材料" not in told and "证据材料上传时限" in told and "没有写天数" in told


@pytest.mark.carries("LZ-049", locality="laizhou")
def test_recordings_and_files_have_a_clock_of_their_own(clock: Clock, alter: Alter) -> None:
    """A recording that came a week late is listed; a file overdue is listed, and bound late it keeps how many days."""
    alter("laizhou", *LIMITS["laizhou"])
    play = with_evidence("laizhou", clock, "audio/mpeg")
    told = text_of(play, "agency-head", "/desk/discipline/?year=2026")
    assert "收集证据：上周的材料" in told and "当天的材料" not in told
    late_file(play)


@pytest.mark.carries("KY-046", locality="kaiyuan")
def test_a_closed_case_past_its_archive_day_is_listed(clock: Clock, alter: Alter) -> None:
    """Listed while it waits; once archived it has its retention, and how late it was stays with it."""
    alter("kaiyuan", *LIMITS["kaiyuan"])
    late_file(Play(make_office("kaiyuan"), *STORIES["summary"], clock))


def late_file(play: Play) -> None:
    """Close it, let the five days pass, archive it three days later."""
    play.until("archive")
    play.at(play.moment + timedelta(days=4))
    assert (
        "结案后逾期未归档 "
        not in text_of(play, "agency-head", "/desk/discipline/?year=2026").split("逐项")[-1]
    )
    closed = play.case.state["last"]["close"]["on"]
    play.at(play.moment + timedelta(days=4))
    told = text_of(play, "agency-head", "/desk/discipline/?year=2026")
    assert "结案后逾期未归档" in told.split("逐项")[-1] and play.case.title in told
    play.do("archive", "archivist", retention="30", checked="材料齐全")
    late = play.case.state["file"]["late"]
    assert late["days"] > 0 and late["due"] > closed
    told = text_of(play, "agency-head", "/desk/discipline/?year=2026").split("逐项")[-1]
    assert (
        "结案后逾期未归档" not in told
        and f"{late['days']}天" in told
        and play.person("archivist").name in told
    )
    page = text_of(play, "archivist", f"/desk/cases/{play.case_id}/file/")
    assert f"逾期{late['days']}天归档" in page and "30年" in page


@pytest.mark.carries("KY-049", locality="kaiyuan")
def test_one_page_has_everything_about_one_party(clock: Clock) -> None:
    """Two cases of one company, its name spelled otherwise in the second: one page shows texts and recordings of both."""
    office = make_office("kaiyuan")
    first = Play(office, *STORIES["hearing"], clock)
    first.until("interview")
    given = piece("audiovisual", "现场录音一段", "录音.mp3", "audio/mpeg", b"ID3" + bytes(900))
    first.do("add-evidence", "officer1", **given.data(office, None))
    second = Play(office, "ordinary", stories.ordinary("3000", which=1), clock)
    second.until("interview")
    code = "91210000MA0UK2YX57"
    for play, name in ((first, "开原明湖石料有限公司"), (second, "明湖石料公司")):
        facts = play.case.state["facts"]
        told = {key: facts[key] for key in ("cause", "item", "occurred_on", "occurred_at") if facts.get(key)}
        party = {**facts["party"], "name": name, "code": code}
        play.do("amend", "officer1", party=party, reason="核对营业执照", **told)
    page = text_of(second, "officer1", f"/desk/cases/{second.case_id}/party/")
    assert "共 2 件案件" in page and "按证件代码归集" in page
    for play in (first, second):
        assert play.case.title in page and play.case.number in page
    assert "现场录音一段" in page and page.count("立案审批表") == 2
    assert Access.objects.filter(kind="party", case=second.case_id).count() == 1
    stranger = signed_in(make_office("laizhou").people["officer1"])
    assert stranger.get(f"/desk/cases/{second.case_id}/party/").status_code == 404
    answer = signed_in(second.person("officer1")).get("/desk/cases/register.csv?year=2026")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {line["行为种类"] for line in lines} == {"行政处罚"}


def test_the_other_side_of_a_dispute_is_found_with_its_own_cases(clock: Clock) -> None:
    """A company is punished, and a neighbour's dispute with it is decided: its file has both, the neighbour's has one."""
    office = make_office("lingchuan")
    code = "91140000MA0UK2YX5W"
    fined = Play(office, "ordinary", stories.ordinary("3000", which=1), clock)
    fined.until("interview")
    facts = fined.case.state["facts"]
    told = {key: facts[key] for key in ("cause", "item", "occurred_on", "occurred_at") if facts.get(key)}
    party = {**facts["party"], "name": "陵川明湖石料有限公司", "code": code}
    fined.do("amend", "officer1", party=party, reason="核对营业执照", **told)
    dispute = Play(office, "adjudication", rulings.adjudication(), clock, fined.moment)
    other = {**rulings.respondent(), "kind": "org", "name": "明湖石料公司", "code": code, "legal_rep": "顾平"}
    dispute.step(respondent=other)
    own = text_of(fined, "officer1", f"/desk/cases/{fined.case_id}/party/")
    assert "共 2 件案件" in own and dispute.case.title in own
    there = f"/desk/cases/{dispute.case_id}/party/"
    applicant = text_of(dispute, "officer1", there)
    assert "共 1 件案件" in applicant and "明湖石料公司的执法对象档案" in applicant
    respondent = text_of(dispute, "officer1", f"{there}?side=respondent")
    assert "共 2 件案件" in respondent and fined.case.title in respondent
    assert dispute.case.title in text_of(dispute, "officer1", "/desk/cases/?show=all&q=明湖石料公司")
    assert list(verify_all()) == []
    Case.objects.filter(pk=dispute.case_id).update(respondent="某某公司")
    assert "respondent" in "".join(str(fault) for fault in verify_all())
