"""调阅分析: each pattern by its rule, under, at and over its threshold; its entries; an answer; and the review of all of it."""

import html
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from knocks import signed_in
from page_form import form_at, send, words
from play import Clock, Play, make_office
from publishing import begun
from sanxiang.cases.models import Case, Evidence
from sanxiang.cases.recording.receiving import receive
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.law.patterns import patterns_of
from sanxiang.ledger.access import Read, record
from sanxiang.ledger.models import Act
from side_stories import photo

pytestmark = pytest.mark.django_db
HERE = "/desk/accesses/review/"


@pytest.fixture
def play(clock: Clock) -> Play:
    """开原, a case with what a witness said on film, on a Monday at noon."""
    play = begun(make_office("kaiyuan"), "summary", clock, until="decide-on-spot")
    said = receive(io.BytesIO(b"\x00\x00\x00\x18ftypmp42 a witness"), "询问录像.mp4", "video/mp4")
    told = {"kind": "testimony", "title": "询问录像", "files": [said]}
    play.do("add-evidence", "officer1", **{**photo(play.office), **told})
    clock.now = clock.now.replace(
        month=6, day=8, hour=12, minute=0
    )  # no day off in the four weeks before it but weekends
    assert clock.now.weekday() == 0
    return play


def look(play: Play, who: str, count: int = 1, hours: int = 0, **other: Any) -> None:
    """Looks as pages leave them, some hours ago."""
    person = play.person(who)
    told: dict[str, Any] = {
        "by": person.pk, "by_name": person.name, "role": "officer", "agency": play.case.agency_id, "case": play.case.pk,
        "kind": "case", "channel": "page", "result": "served", "reason": "duty",
    }  # fmt: skip
    for n in range(count):
        record(Read(**{**told, **other}), play.clock.now - timedelta(hours=hours, seconds=n))


def page(play: Play, who: str = "agency-head", at: str = "") -> str:
    """The page as somebody reads it."""
    return html.unescape(signed_in(play.person(who)).get(f"{HERE}{at}").content.decode())


def found(play: Play, label: str) -> int:
    """How many findings of a pattern the page lists."""
    part = page(play).split(f"<h2>{label} ")[1].split("</section>")[0]
    return part.count("逐条查看")


def copies(play: Play, many: int) -> list[Case]:
    """Other cases of the agency, as other parties have them."""
    row, made = Case.objects.values().get(pk=play.case_id), []
    for n in range(many):
        key = uuid4()
        told = {**row, "id": key, "code": f"TEST{n:06}", "party": f"甲{n}", "party_key": f"{n}" * 64}
        made.append(Case.objects.create(**told))
    return made


# Each pattern under, at and over what the pack says.


def test_volume_hours_and_refusals_by_the_pack_s_thresholds(play: Play) -> None:
    rules = {one.id: one for one in patterns_of(load_pack("kaiyuan"))}
    assert set(rules) == {"volume", "hours", "outside", "party", "closed", "refused"}
    for weeks in (1, 2, 3):
        look(play, "officer1", 2, hours=24 * 7 * weeks)
    look(play, "officer1", rules["volume"].at - 1)
    assert found(play, "数量异常") == 0
    look(play, "officer1")
    assert found(play, "数量异常") == 1 and "调阅 20 次，平时每天 2 次" in page(play)
    look(play, "officer2", hours=4)  # at eight
    look(play, "officer2", hours=5)  # at seven
    assert found(play, "非工作时间") == 0
    look(play, "officer2", hours=6)  # at six
    assert found(play, "非工作时间") == 1
    look(play, "officer3", hours=24)  # on Sunday at noon
    assert found(play, "非工作时间") == 2
    look(play, "officer3", rules["refused"].at - 1, result="withheld")
    assert found(play, "多次被拒") == 0
    look(play, "officer3", result="withheld")
    assert found(play, "多次被拒") == 1


def test_cases_without_a_duty_one_party_and_closed_parts(play: Play) -> None:
    """A duty counts for nothing here; five cases, two of one party, two looks at what a witness said."""
    others = copies(play, 5)
    for case in others:
        look(play, "officer1", case=case.pk)
    assert found(play, "非经办调阅") == 0
    for case in others[:4]:
        look(play, "officer3", case=case.pk, reason="other")
    assert found(play, "非经办调阅") == 0
    look(play, "officer3", case=others[4].pk, reason="other")
    assert found(play, "非经办调阅") == 1 and found(play, "同一当事人") == 0
    twin = Case.objects.values().get(pk=others[1].pk)
    twin |= {"id": uuid4(), "code": "TWIN000001"}
    look(play, "officer3", case=Case.objects.create(**twin).pk, reason="other")
    assert found(play, "同一当事人") == 1
    shut = Evidence.objects.get(case=play.case_id, title="询问录像")
    assert shut.secrecy == "witness"
    look(play, "officer3", object=shut.pk, kind="film", reason="other")
    assert found(play, "限定知悉的内容") == 0
    look(play, "officer3", object=shut.pk, kind="film", reason="other", result="withheld")
    assert found(play, "限定知悉的内容") == 1


# Drill-down and answers.


def key_in(play: Play) -> str:
    """The key of the one finding on the page."""
    (key,) = {
        one.split('/"')[0] for one in page(play).split(f'href="{HERE}')[1:] if len(one.split('/"')[0]) == 16
    }
    return key


def answer(play: Play, who: str, key: str, **other: Any) -> Any:
    """Through the door."""
    told = {"outcome": "explained", "explanation": "当晚有紧急查处任务，有带班安排"}
    return administer(
        "answer-access-finding", play.office.agency, play.person(who), {"finding": key, **told, **other}
    )


def test_a_finding_leads_to_its_entries_and_is_answered(play: Play) -> None:
    look(play, "officer1", 3, hours=6)
    look(play, "officer1", 4)
    key = key_in(play)
    shown = page(play, at=f"{key}/")
    assert "共 3 次" in shown and "还没有人答复" in shown and "7 时之前、20 时起或者休息日" in shown
    assert signed_in(play.person("officer1")).get(f"{HERE}{key}/").status_code == 403
    assert signed_in(play.person("agency-head")).get(f"{HERE}{'0' * 16}/").status_code == 404
    with pytest.raises(Refused, match="没有这一项异常情形"):
        answer(play, "agency-head", "0" * 16)
    with pytest.raises(Refused, match="没有写明如何处理"):
        answer(play, "agency-head", key, outcome="violation")
    with pytest.raises(Refused, match="没有这一岗位"):
        answer(play, "officer1", key)
    desk = signed_in(play.person("agency-head"))
    form = form_at(desk, f"/desk/admin/acts/answer-access-finding/?finding={key}")
    for name, value in {
        "outcome": "认定违规",
        "explanation": "本人承认替人打听",
        "measure": "谈话提醒，移送派驻纪检组",
    }.items():
        form.put(name, value)
    assert send(desk, form)["Location"] == HERE
    told = Act.objects.get(name="answer-access-finding").openings.in_bulk(field_name="id").values()
    assert {"非工作时间", play.person("officer1").name} <= {str(one.value) for one in told}
    shown = page(play, at=f"{key}/")
    assert "认定违规" in shown and "移送派驻纪检组" in shown and ">答复</a>" not in shown
    with pytest.raises(Refused, match="答复：认定违规"):
        answer(play, "agency-head", key)
    look(play, "officer1", hours=5, result="served")
    assert "1 项，其中 0 项待答复" in page(play)
    play.clock.now += timedelta(hours=9)  # at nine in the evening of the same day
    look(play, "officer1")
    assert "其中 1 项待答复" in page(play)  # what came after the answer is to be answered again


def test_nobody_answers_for_themselves(play: Play) -> None:
    look(play, "agency-head", hours=6)
    with pytest.raises(Refused, match="不能答复自己的调阅"):
        answer(play, "agency-head", key_in(play))


# The review from time to time.


def test_a_review_is_signed_once_all_is_answered_and_says_when_the_next_is_due(play: Play) -> None:
    assert "未设定：还没有签署过复核" in page(play)
    look(play, "officer1", hours=6)
    told = {
        "first": "2026-01-01",
        "last": play.clock.now.date().isoformat(),
        "conclusion": "逐项核实，未见违规",
    }
    due = (play.clock.now + timedelta(days=90)).date()

    def sign(**other: Any) -> None:
        wanted = {**told, "next_due": due.isoformat(), **other}
        administer("sign-access-review", play.office.agency, play.person("agency-head"), wanted)

    with pytest.raises(Refused, match="还有 1 项没有答复"):
        sign()
    answer(play, "agency-head", key_in(play))
    with pytest.raises(Refused, match="下次复核日期已经到了"):
        sign(next_due=play.clock.now.date().isoformat())
    with pytest.raises(Refused, match="早于起期"):
        sign(first="2026-12-31", last="2026-01-02")
    sign()
    shown = page(play)
    assert f"下次复核不晚于{due.year}年{due.month}月{due.day}日" in shown and "逐项核实，未见违规" in shown
    assert "已经超期" not in shown
    play.clock.now += timedelta(days=91)
    assert "已经超期" in page(play)


def test_a_view_is_logged_and_the_report_lists_unusual_volume(play: Play) -> None:
    """By pages alone: the head reads the case, another officer opens it time and again; the report names who, when, how often."""
    before = words(signed_in(play.person("agency-head")).get("/desk/accesses/"))
    client = signed_in(play.person("officer3"))
    for _ in range(30):
        assert client.get(f"/desk/cases/{play.case_id}/").status_code == 200
    told = html.unescape(
        signed_in(play.person("agency-head"))
        .get("/desk/accesses/?person=" + play.person("officer3").name)
        .content.decode()
    )
    assert "共 30 次" in told and "监督检查，三季度执法检查抽查" in told and "共 30 次" not in before
    assert found(play, "数量异常") == 0  # a newcomer is held against thirty a day, three times over
    for _ in range(60):
        look(play, "officer3")
    assert found(play, "数量异常") == 1 and "调阅 90 次，平时每天 30 次" in page(play)
