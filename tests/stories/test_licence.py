"""Licences from the application to the sealed file, in every locality that names them, and what the law refuses on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from knocks import signed_in
from paper_flaws import flaws_of
from play import LOCALITIES, MORNING, Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import licence, stories
from sanxiang.demo.stories import Step
from sanxiang.law.guards import Refused

pytestmark = pytest.mark.django_db


def play(steps: list[Step], clock: Clock, locality: str = "kaiyuan", procedure: str = "licence") -> Play:
    """One story in a fresh office."""
    clock.now = MORNING
    return Play(make_office(locality), procedure, steps, clock, MORNING)


def refused(one: Play, act: str, who: str, **data: object) -> dict[str, tuple[str, str]]:
    """What the door says against an act, now: guard, with article and fact."""
    with one.branch(), pytest.raises(Refused) as said:
        one.do(act, who, **data)
    return {v.guard: (v.citation, v.fact) for v in said.value.verdicts}


@pytest.mark.parametrize("locality", LOCALITIES)
def test_a_licence_is_granted_after_a_hearing_and_its_file_sealed(locality: str, clock: Clock) -> None:
    one = play(licence.granted(), clock, locality)
    one.until()
    case = one.case
    assert (case.stage, case.closed) == ("archived", "closed") and flaws_of(case) == {}
    assert case.state["facts"]["licence"]["number"] == "演示许001"
    assert case.number and "许受" in case.number
    made = set(Paper.objects.filter(case=case).values_list("kind", flat=True))
    assert {"lic-grant", "lic-certificate", "lic-hearing-record", "review-opinion", "file-cover"} <= made
    assert "lic-refusal" not in made
    page = signed_in(one.person("archivist")).get(f"/desk/cases/{one.case_id}/file/").content.decode()
    assert "指导意见》三（九）归档保存" in page and "行政处罚法" not in page


def test_a_refusal_states_its_reasons_and_remedies(clock: Clock) -> None:
    one = play(licence.plain(), clock, "huantai")
    one.until("archive")
    paper = Paper.objects.get(case=one.case, kind="lic-refusal")
    text = str(paper.content)
    assert "已经没有可以许可的余量" in text and "行政复议" in text and "行政诉讼" in text
    assert one.case.state["clocks"]["remedy-review"]["unit"] == "calendar"


def test_a_licence_of_the_service_hall_bears_its_number_there(clock: Clock) -> None:
    one = play(licence.plain(), clock, "huantai")
    with pytest.raises(Refused) as said:
        one.step(mirror_no="")
    assert [(v.guard, v.citation) for v in said.value.verdicts] == [
        ("ht.licence-mirrored", "《桓台县三项制度试点工作方案》二引语")
    ]
    one.step()
    assert one.case.state["facts"]["mirror_no"] == "演示大厅2026001"


def test_complete_papers_are_decided_the_same_day(clock: Clock) -> None:
    one = play(licence.on_the_spot(), clock, "laizhou")
    one.until()
    assert one.case.closed == "closed"
    assert "lic-accept" not in one.case.state["last"]


def test_silence_for_five_working_days_accepts_the_application_from_the_day_it_came(clock: Clock) -> None:
    one = play(licence.plain(), clock)
    one.step()
    came = one.moment.date()
    one.pass_days(6)
    for act, data in (
        ("lic-correct-notice", {"wanting": [{"name": "图纸", "how": "补交"}]}),
        ("lic-not-accept", {"ground": "not-needed", "reason": "不需要许可"}),
    ):
        who = "officer1" if act == "lic-correct-notice" else "agency-head"
        said = refused(one, act, who, **data)
        citation, fact = said["lic.in-time"]
        assert citation == "《行政许可法》第三十二条" and "5个工作日" in fact and "即为受理" in fact
    one.do("lic-accept", "unit-head", **licence.accepted(one.office) | {"complete": False})
    facts = one.case.state["facts"]
    assert facts["accepted_on"] == came.isoformat()
    assert one.case.state["clocks"]["lic-decide"]["start"] == came.isoformat()
    assert "视为受理" in str(Paper.objects.get(case=one.case, kind="lic-acceptance").content)


def test_the_water_licence_has_forty_five_days_and_others_twenty(clock: Clock) -> None:
    for locality, days in (("kaiyuan", 45), ("laizhou", 20)):
        one = play(licence.plain(), clock, locality)
        one.until("lic-examine")
        assert one.case.state["clocks"]["lic-decide"]["n"] == days


def test_who_came_first_is_decided_first(clock: Clock) -> None:
    batch = {"quota": "2026年第一批", "quota_total": 1}
    first = play(licence.plain("grant"), clock)
    second = first.other()
    first.step(**batch)
    second.moment = first.moment + timedelta(seconds=1)
    clock.now = second.moment
    second.step(**batch, party=licence.party("org", 7))
    first.until("lic-decide")
    second.until("lic-decide")
    second.at(max(first.moment, second.moment))
    said = refused(second, "lic-decide", "agency-head", opinion="同意")
    citation, fact = said["lic.first-come"]
    assert citation == "《行政许可法》第五十七条" and "秒" in fact and first.case.title in fact
    first.at(second.moment)
    first.step()
    second.at(first.moment + timedelta(minutes=1))
    said = refused(second, "lic-decide", "agency-head", opinion="同意")
    assert "名额1个" in said["lic.first-come"][1]


def test_who_falsified_may_not_apply_again_for_a_year(clock: Clock) -> None:
    one = play(licence.plain(), clock)
    one.step(public_safety=True)
    one.do("lic-not-accept", "agency-head", ground="false", reason="检测报告系伪造")
    again = one.other()
    again.at(one.moment + timedelta(days=200))
    again.step(public_safety=True)
    said = refused(again, "lic-accept", "unit-head", **licence.accepted(again.office))
    assert "一年内不得再次申请" in said["lic.not-barred"][1]
    later = one.other()
    later.at(one.moment + timedelta(days=400))
    later.step(public_safety=True)
    later.step()
    assert later.case.stage == "lic-exam"


def test_time_that_was_not_told_in_writing_counts(clock: Clock) -> None:
    one = play(licence.plain(), clock, "laizhou")
    one.until("lic-examine")
    day = one.moment.date()
    told = {
        "excluded_for": "experts",
        "excluded_basis": "有关技术规范",
        "excluded_from": (day + timedelta(days=1)).isoformat(),
        "excluded_until": (day + timedelta(days=14)).isoformat(),
    }
    one.do("lic-exclude", "officer1", **told)
    one.at(one.moment + timedelta(days=20))
    end = {"excluded_to": told["excluded_until"], "excluded_result": "评审通过"}
    assert "还没有送达" in refused(one, "lic-resume", "officer1", **end)["lic.resume-told"][1]
    one.do(
        "serve",
        "officer1",
        **stories.dated("serve", stories.served("lic-excluded-notice", one.office, None), one.moment),
    )
    late = {**end, "excluded_to": (day + timedelta(days=18)).isoformat()}
    assert set(refused(one, "lic-resume", "officer1", **late)) == {"lic.resume-told"}
    one.do("lic-resume", "officer1", **end)
    assert one.case.state["clocks"]["lic-decide"]["excluded"][0]["to"] == told["excluded_until"]


def renewal(clock: Clock, days: int, late: str = "") -> Play:
    """A renewal asked for so many days before the licence ends."""
    until = (MORNING.date() + timedelta(days=days)).isoformat()
    return play(licence.renewed(until, late), clock, procedure="licence-change")


def test_a_licence_is_renewed(clock: Clock) -> None:
    one = renewal(clock, 60)
    one.until()
    assert one.case.closed == "closed" and one.case.state["facts"]["licence"]["number"] == "演示许001"


def test_a_renewal_comes_in_time_and_silence_renews(clock: Clock) -> None:
    early = renewal(clock, 44)  # a water licence: forty-five days
    with pytest.raises(Refused) as said:
        early.step()
    assert [v.guard for v in said.value.verdicts] == ["lic.renew-ahead"]
    assert "45日前" in said.value.verdicts[0].fact and "第二十五条" in said.value.verdicts[0].fact
    until = (MORNING.date() + timedelta(days=45)).isoformat()
    one = replace(early.other(), steps=licence.renewed(until), moment=MORNING)
    one.until("lic-change-decide")
    one.at(MORNING + timedelta(days=46))
    told = refused(one, "lic-change-decide", "agency-head", opinion="同意")
    assert told["lic.renew-decided-in-time"][0] == "《行政许可法》第五十条"
    one.do("lic-renew-deemed", "unit-head", renewed_until="2031-05-31", renewed_basis="原许可年限")
    assert one.case.state["facts"]["decided"]["deemed"]
    assert "视为准予延续" in str(Paper.objects.get(case=one.case, kind="lic-renewal-deemed").content)


@pytest.mark.parametrize(
    ("kind", "ground"), [("revoke", "fraud"), ("withdraw", "law-changed"), ("cancel", "run-out")]
)
def test_a_licence_is_taken_back_each_on_its_own_ground(kind: str, ground: str, clock: Clock) -> None:
    one = play(licence.ended(kind, ground), clock, "dongying", "licence-end")
    one.until()
    assert (one.case.stage, one.case.closed) == ("archived", "closed")


@pytest.mark.parametrize(
    ("locality", "row", "major"),
    [
        pytest.param("laizhou", {"事项名称": "临时用地许可"}, False, id="laizhou"),
        pytest.param("dongying", {"事项名称": "取水许可", "执法类别": "行政许可"}, True, id="dongying"),
    ],
)
def test_a_catalogue_of_penalties_leaves_licences_to_the_criteria(
    locality: str, row: dict[str, str], major: bool, clock: Clock
) -> None:
    one = play(licence.plain("grant"), clock, locality)
    rows = {"kind": "review-catalogue", "rows": [row], "in_force_from": MORNING.date(), "note": "试行"}
    one.administer("release-register", **rows)
    one.until("lic-decide")
    if major:
        fact = refused(one, "lic-decide", "agency-head", opinion="同意")["decide.reviewed"]
        assert fact[0].startswith("《国务院办公厅") and "列入法制审核目录清单：取水许可" in fact[1]
    else:
        one.step()
        assert one.case.stage == "decided"


def test_a_change_is_begun_from_the_licence_and_both_list_each_other(clock: Clock) -> None:
    """The form knows the old licence; the two cases are tied."""
    one = play(licence.on_the_spot(), clock)
    one.until()
    old = one.case
    page = signed_in(one.person("officer1")).get(f"/desk/cases/new/licence-change/?from={old.pk}")
    text = page.content.decode()
    assert "演示许001" in text and old.number in text
    until = str(old.state["facts"]["licence"]["valid_until"])
    asked = licence.renewed(until)[0]
    two = replace(one, procedure="licence-change", steps=licence.renewed(until), position=0, case_id=None)
    two.at(one.moment)
    two.step(source_case=old.number)
    assert asked.act == "lic-change-apply"
    assert old.title in signed_in(two.person("officer1")).get(f"/desk/cases/{two.case_id}/").content.decode()
