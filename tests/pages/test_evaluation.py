"""案卷评查: a file judged again by the law that gated it, scored by the standard; samples, results, appeals."""

import hashlib
import html
from decimal import Decimal

import pytest

from knocks import signed_in
from page_form import form_at, send, words
from play import STORIES, Clock, Play, make_office
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.gather import pack_of
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.law.standard import WHOLE, items_of
from sanxiang.oversight.evaluation.results import register
from sanxiang.oversight.evaluation.retrace import retrace, steps_of
from sanxiang.oversight.evaluation.sheet import Sheet, drawn, sheet_of

pytestmark = pytest.mark.django_db


def closed(office: Office, story: str, clock: Clock, which: int | None = None) -> Play:
    """A case played to its end."""
    procedure, steps = STORIES[story]
    steps = steps if which is None else stories.summary("200", which=which)
    play = Play(office, procedure, steps, clock)
    clock.now = play.moment
    play.until()
    return play


def without(play: Play, *acts: str) -> Sheet:
    """The file as it would be evaluated had these steps not been taken."""
    steps = [step for step in steps_of(next(case_files([play.case]))) if step.act not in acts]
    return drawn(items_of(pack_of(play.case)), retrace(play.case, steps))


def test_the_standard_makes_a_hundred_points_and_nine_items_fail_a_file() -> None:
    items = items_of(load_pack("kaiyuan"))
    assert sum(item.points for item in items) == WHOLE and sum(item.fatal for item in items) == 9


@pytest.mark.parametrize("story", list(STORIES))
def test_nothing_is_raised_on_a_flawless_file_and_its_states_are_met_again(story: str, clock: Clock) -> None:
    sheet = sheet_of(closed(make_office("laizhou"), story, clock).case)
    assert not sheet.flaws and sheet.score == WHOLE and sheet.faithful


@pytest.mark.carries("LZ-042", locality="laizhou")
def test_a_file_without_a_receipt_of_service_fails_that_item_and_loses_points(clock: Clock) -> None:
    """Before closing, on the officer's own page: the decision has no receipt, the item names it, the score falls; with it, it is whole."""
    office = make_office("laizhou")
    procedure, steps = STORIES["summary"]
    play = Play(office, procedure, steps, clock)
    clock.now = play.moment
    play.until("serve-on-spot")
    desk = signed_in(office.people["officer1"])
    page = html.unescape(desk.get(f"/desk/cases/{play.case_id}/check/").content.decode())
    assert "没有送达回证" in page and "送达的方式、回证、期限" in page
    low = sheet_of(play.case)
    assert low.score < WHOLE and taken(low, "送达的方式、回证、期限") == 2
    play.step()
    page = html.unescape(desk.get(f"/desk/cases/{play.case_id}/check/").content.decode())
    assert "《当场行政处罚决定书》没有送达回证" not in page
    assert taken(sheet_of(play.case), "送达的方式、回证、期限") == 0


def taken(sheet: Sheet, label: str) -> Decimal:
    """What one item takes away."""
    return next(line.taken for line in sheet.lines if line.item.label == label)


def test_what_was_left_out_is_found_under_its_item_with_article_and_step(clock: Clock) -> None:
    """The fatal ones fail the file, the scored ones cost points, and each says in which step it was found."""
    play = closed(make_office("kaiyuan"), "hearing", clock)
    for act, item in (
        ("notify-penalty", "程序不合法"),
        ("submit-for-review", "程序不合法"),
        ("discuss", "程序不合法"),
        ("report-hearing", "程序不合法"),
    ):
        sheet = without(play, act)
        assert item in [line.item.label for line in sheet.fatal], act
        assert sheet.score == 0 and sheet.grade == "不合格"
    sheet = without(play, "show-certificate")
    assert not sheet.fatal and 0 < sheet.score < WHOLE
    flaw = next(one for one in sheet.flaws if one.rule == "certificate-shown")
    assert flaw.citation == "《行政处罚法》第五十五条" and flaw.label == "现场告知并说明解释"


def test_an_evaluator_may_think_otherwise_and_must_say_why(clock: Clock) -> None:
    """Result, opinions, appeal and answer are on record; the register is read from the ledger; a slip is named by its row."""
    office = make_office("dongying")
    play = closed(office, "summary", clock)
    case, reviewer = play.case.code, office.people["legal-reviewer"]
    told = {"case": case, "batch": "上半年评查", "conclusion": "文书规范"}

    def opinion(item: str, said: str, why: str = "", taken: str = "") -> dict[str, object]:
        return {**told, "opinions": [{"项目": item, "意见": said, "理由": why, "扣分": taken}]}

    for data, says in (
        (opinion("没有这一项", "不成立", "理由"), "不在评查标准里"),
        (opinion("说理充分，裁量适当", "另行扣分", "", "1"), "没有写理由"),
        (opinion("说理充分，裁量适当", "另行扣分", "说理不足", "3"), "应为 0 到 2 之间的数"),
        (opinion("说理充分，裁量适当", "也许", "说理不足"), "看不懂"),
        ({**told, "case": "没有"}, "没有编号为“没有”的案件"),
    ):
        with pytest.raises(Refused, match=says):
            administer("evaluate-file", office.agency, reviewer, data)
    desk = signed_in(reviewer)
    form = form_at(desk, f"/desk/admin/acts/evaluate-file/?agency={office.agency.pk}&case={case}")
    assert form.values["case"] == [case]
    for name, value in told.items():
        form.put(name, value)
    form.put("opinions-0-项目", "说理充分，裁量适当")
    form.put("opinions-0-意见", "另行扣分")
    form.put("opinions-0-扣分", "1.5")
    form.put("opinions-0-理由", "裁量的理由写得简单")
    done = send(desk, form)
    assert done.status_code == 302 and done["Location"] == "/desk/evaluation/", words(done)
    _, [result] = register([office.agency.pk])
    assert (result.score, result.grade) == (Decimal("98.5"), "优秀")
    head = office.people["agency-head"]
    appeal = {"case": case, "batch": told["batch"], "reason": "理由已经写明"}
    administer("appeal-evaluation", office.agency, head, appeal)
    answer = {**told, "upheld": "falls", "conclusion": "采纳异议"}
    administer("decide-appeal", office.agency, reviewer, answer)
    _, [result] = register([office.agency.pk])
    assert (result.score, result.appeal, result.answer) == (WHOLE, "理由已经写明", "采纳异议")
    page = html.unescape(desk.get("/desk/evaluation/").content.decode())
    assert "异议：理由已经写明；答复：采纳异议" in page and "上半年评查" in page
    away = b"".join(desk.get("/desk/evaluation/?format=csv")).decode()  # type: ignore[arg-type]
    assert case in away and "采纳异议" in away


def test_a_sample_can_be_drawn_again_by_anybody_who_knows_its_seed(clock: Clock) -> None:
    office = make_office("huantai")
    plays = [closed(office, "summary", clock, which) for which in range(4)]
    day = max(str(play.case.state["since"]) for play in plays)
    told = {"batch": "抽查", "first": "2025-01-01", "last": day, "size": "2", "seed": "三项制度 0628"}
    reviewer = office.people["legal-reviewer"]
    with pytest.raises(Refused, match="晚于止日"):
        administer("draw-sample", office.agency, reviewer, told | {"first": "2027-01-01"})
    administer("draw-sample", office.agency, reviewer, told)
    [sample], _ = register([office.agency.pk])
    assert sample.pool == 4 and len(sample.drawn) == 2
    every = [str(row["code"]) for row in office.agency.cases.values("code")]
    order = sorted(every, key=lambda code: hashlib.sha256(f"三项制度 0628|{code}".encode()).hexdigest())
    named = {
        str(row["code"]): str(row["number"] or row["code"])
        for row in office.agency.cases.values("code", "number")
    }
    assert [one["case"] for one in sample.drawn] == [named[code] for code in order[:2]]
