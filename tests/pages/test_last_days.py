"""救济的最后一日: of every kind of decision the party, the desk and the slip say until when it may be taken to 复议 and to the court."""

from datetime import date, datetime, timedelta

import pytest

from knocks import signed_in
from page_form import words
from play import CHINA, Clock, Play, make_office
from publishing import begun
from sanxiang.demo import coercion, inspection, levies, licence, rulings, takings
from sanxiang.demo.stories import Step
from sanxiang.speech import cn_day
from speaking import FIRM, asked, case_at

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)

KINDS: dict[str, tuple[str, str, list[Step], str, str]] = {
    "granted": ("lingchuan", "licence", licence.granted(), "lic-close", "lic-grant"),
    "refused": ("laizhou", "licence", licence.plain(), "lic-close", "lic-refusal"),
    "revoked": ("lingchuan", "licence-end", licence.ended(), "lic-close", "lic-revocation"),
    "measure": ("kaiyuan", "coercive-measure", coercion.measure(), "release-measure", "measure-decision"),
    "execution": (
        "kaiyuan",
        "coercive-execution",
        coercion.demolition(),
        "carry-out-execution",
        "exec-decision",
    ),
    "inspection": ("lingchuan", "inspection", inspection.inspection(), "close-inspection", "ins-correction"),
    "levy": ("dongying", "levy", levies.levy(), "levy-payment", "levy-decision"),
    "requisition": ("lingchuan", "requisition", takings.requisition(), "req-call-back", "req-decision"),
    "confirmation": ("laizhou", "confirmation", rulings.confirmation(), "cfm-close", "cfm-decision"),
}
"""Name: locality, procedure, story, the act before which it is looked at, and the paper that may be contested."""

BY_HAND = {
    "2026-03-02": ("2026年5月6日", "2026年9月2日"),
    "2026-03-03": ("2026年5月6日", "2026年9月3日"),
    "2026-03-04": ("2026年5月6日", "2026年9月4日"),
    "2026-03-09": ("2026年5月8日", "2026年9月9日"),
    "2026-03-13": ("2026年5月12日", "2026年9月14日"),
    "2026-03-16": ("2026年5月15日", "2026年9月16日"),
    "2026-03-26": ("2026年5月25日", "2026年9月28日"),
    "2026-03-30": ("2026年5月29日", "2026年9月30日"),
    "2026-04-02": ("2026年6月1日", "2026年10月8日"),
    "2026-04-09": ("2026年6月8日", "2026年10月9日"),
}
"""Served on: the sixtieth day and the day six months on. Off, and so moved on from: 1 to 5 May, Sunday 13 September, 25 to 27 September,
1 to 7 October.
"""


def told(page: str, label: str, day: str) -> bool:
    """Does that day stand behind that label, nothing but marks and the way it is shown between?"""
    return label in page and day in page.split(label, 1)[1][:160]


def of(locality: str, procedure: str, steps: list[Step], clock: Clock, until: str) -> Play:
    """A story of that locality from the second of March on, played to just before a step."""
    play = Play(make_office(locality), procedure, steps, clock, MARCH)
    clock.now = MARCH
    play.until(until)
    return play


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_decision_names_the_last_day_of_each_remedy(kind: str, clock: Clock) -> None:
    locality, procedure, steps, until, paper = KINDS[kind]
    play = of(locality, procedure, steps, clock, until)
    name = play.pack.papers[paper].title or play.pack.papers[paper].label
    review, suit = BY_HAND[play.case.state["papers"][paper]["served_on"]]
    slip = words(signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/slip/"))
    desk = words(signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/"))
    for page in (slip, desk):
        assert told(page, f"对《{name}》申请行政复议（60日）", review)
        assert told(page, f"对《{name}》提起行政诉讼（6个月）", suit)
    assert "不服怎么办" in slip and "《行政复议法》第二十条" in slip


def test_a_paper_beside_the_decision_has_days_of_its_own_and_takes_none_away(clock: Clock) -> None:
    """延长查封期限的决定: contestable by itself, and the sealing keeps the days that were told when it was served."""
    play = of("kaiyuan", "coercive-measure", coercion.measure(), clock, "release-measure")
    papers = play.case.state["papers"]
    assert papers["measure-extension"]["served_on"] > papers["measure-decision"]["served_on"]
    slip = words(signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/slip/"))
    for kind in ("measure-extension", "measure-decision"):
        name = play.pack.papers[kind].title or play.pack.papers[kind].label
        review, suit = BY_HAND[papers[kind]["served_on"]]
        assert told(slip, f"对《{name}》申请行政复议（60日）", review), kind
        assert told(slip, f"对《{name}》提起行政诉讼（6个月）", suit), kind


def test_on_the_spot_there_is_no_day_for_the_suit_and_the_party_is_told_why(clock: Clock) -> None:
    play = begun(make_office("kaiyuan"), "summary", clock, MARCH, until="close")
    slip = words(signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/slip/"))
    assert "申请行政复议（60日）" in slip and "提起行政诉讼（" not in slip
    assert "要先申请行政复议" in slip and "《行政复议法》第二十三条" in slip


def test_what_is_not_open_to_remedy_says_so_and_why(clock: Clock) -> None:
    play = case_at("kaiyuan", clock, "record-payment")
    page = words(asked(play.case.code, FIRM))
    part = page.split("不能单独申请复议、起诉的文书", 1)[1]
    assert "《行政处罚告知书》" in part and "办理过程中的文书" in part and "第一条第二款第六项" in part
    assert "《行政处罚决定书》" not in part.split("联系办案机关")[0]


def test_once_a_remedy_runs_its_days_end_and_the_other_way_is_closed_meanwhile(clock: Clock) -> None:
    play = case_at("kaiyuan", clock, "record-payment")
    assert "对《行政处罚决定书》提起行政诉讼（6个月）" in words(asked(play.case.code, FIRM))
    said = {"remedy": "review", "remedy_organ": "县人民政府", "remedy_no": "1号"}
    play.do("record-remedy", "officer1", **said, applied_on=play.moment.date().isoformat())
    page = words(asked(play.case.code, FIRM))
    assert "申请行政复议，办理期间不得提起行政诉讼" in page
    assert "对《行政处罚决定书》" not in page
    play.do("end-remedy", "officer1", remedy="review", result="withdrawn", remedy_no="2号")
    page = words(asked(play.case.code, FIRM))
    assert "对《行政处罚决定书》提起行政诉讼（6个月）" in page
    assert "对《行政处罚决定书》申请行政复议" not in page


def test_each_side_of_a_dispute_has_its_own_sixty_days(clock: Clock) -> None:
    """The applicant has the award a day before the respondent: neither may be told the other's last day."""
    play = of("lingchuan", "adjudication", rulings.adjudication(), clock, "adj-decide")
    play.step()
    play.step()
    play.pass_days(2)
    play.step()
    given = [row for row in play.case.state["facts"]["given"] if row["what"].startswith("adj-gov-decision")]
    (mine,) = [row["on"] for row in given if row["to"] == "applicant"]
    (theirs,) = [row["on"] for row in given if row["to"] == "respondent"]
    slip = words(signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/slip/"))
    assert mine < theirs and "被申请人申请行政复议" not in slip
    days = [cn_day(date.fromisoformat(day) + timedelta(days=60)) for day in (mine, theirs)]
    assert told(slip, "申请人申请行政复议", days[0]) and days[1] not in slip
    assert (
        "申请人提起行政诉讼" in slip and "自接到本决定书之日起三十日内" in slip and "《土地管理法》" in slip
    )
