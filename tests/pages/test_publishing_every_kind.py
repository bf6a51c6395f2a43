"""公示 of every kind of act: the due day by hand over the holidays, what the public reads, who is told when it is late."""

from datetime import datetime

import pytest

from api_client import Api
from knocks import refused_everywhere
from play import CHINA, Clock, Play, make_office
from publishing import begun, listed, page, reminded, supervisor_above
from rows import row as carried
from sanxiang.cases.models import Paper, Publication
from sanxiang.demo import coercion, inspection, levies, licence, rulings, takings
from sanxiang.demo.people import Office
from sanxiang.demo.stories import SUMMARY, Step, digest_of
from sanxiang.door.intake.rights import progress_of

pytestmark = pytest.mark.django_db

BEFORE_NATIONAL_DAY = datetime(2026, 9, 23, 9, 0, tzinfo=CHINA)

KINDS: dict[str, tuple[str, list[Step], str, str]] = {
    "licence": ("licence", licence.granted(), "lic-close", "准予行政许可"),
    "licence-end": ("licence-end", licence.ended(), "lic-close", "撤销行政许可"),
    "measure": ("coercive-measure", coercion.measure(), "release-measure", "查封"),
    "execution": ("coercive-execution", coercion.demolition(), "carry-out-execution", "拆除"),
    "substitute": ("substitute-performance", coercion.substitute(), "urge-substitute", "方式"),
    "inspection": ("inspection", inspection.inspection(), "close-inspection", "责令"),
    "levy": ("levy", levies.levy(), "levy-payment", "应当缴纳"),
    "fee": ("fee", levies.fee(), "levy-payment", "应当缴纳"),
    "land": ("land-levy", takings.land(), "land-pay", "征收土地公告"),
    "requisition": ("requisition", takings.requisition(), "req-call-back", "征用"),
    "confirmation": ("confirmation", rulings.confirmation(), "cfm-close", "确认"),
    "adjudication": ("adjudication", rulings.adjudication(), "adj-close", ""),
}
"""Name: procedure, story, the act before which it is published, and what its public conclusion says."""


WHERE = {"levy": "dongying", "fee": "dongying", "land": "dongying", "confirmation": "laizhou"}
"""A locality that lists the kind."""


def at_once(office: Office, kind: str, clock: Clock, start: datetime, until: str = "") -> Play:
    """A story of that kind up to a step."""
    procedure, steps, last, _ = KINDS[kind]
    if kind == "fee":
        levies.release_charges(office, start)
    play = Play(office, procedure, steps, clock, start)
    clock.now = start
    play.until(until or last)
    return play


def due(play: Play) -> tuple[str, str]:
    """The last day of the publish task, and the article that asks for it."""
    tasks = Api(play.office.people["disclosure-editor"]).get("/tasks")["items"]
    (task,) = [t for t in tasks if t["kind"] == "publish" and t["case"] == str(play.case_id)]
    return task["due"], task["citation"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_of_each_kind_is_published_with_the_four_fields(kind: str, clock: Clock) -> None:
    office = make_office(WHERE.get(kind, "lingchuan"))
    play = at_once(office, kind, clock, datetime(2026, 3, 2, 9, 0, tzinfo=CHINA))
    play.do("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    assert not Publication.objects.filter(case=play.case_id, status="published")
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    row = Publication.objects.get(case=play.case_id)
    assert row.authority == office.agency.name and row.party and row.act_type == play.case.act_type
    assert KINDS[kind][3] in row.result and row.decided_on
    seen = page(office.people["officer1"], f"/decisions/{row.pk}/")
    assert row.result[:12] in seen and office.agency.name in seen


@pytest.mark.parametrize("locality", [carried("LC-025"), carried("LC-026"), carried("KY-022")])
def test_a_penalty_is_due_in_seven_working_days_and_an_inspection_in_twenty(
    locality: str, clock: Clock
) -> None:
    """Both told on Thursday 2026-09-24. Off: 09-25 to 27, 10-01 to 07. Worked: Saturday 10-10.

    Seven: 09-28, 29, 30, 10-08, 09, 10, 12. Twenty: on to 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29.
    """
    office = make_office(locality)
    supervisor = supervisor_above(office.agency)
    penalty = begun(office, "summary", clock, BEFORE_NATIONAL_DAY, "decide-on-spot")
    penalty.at(datetime(2026, 9, 24, 9, 0, tzinfo=CHINA))
    penalty.until("prepare-publication")
    found = at_once(
        office, "inspection", clock, datetime(2026, 9, 1, 9, 0, tzinfo=CHINA), "conclude-inspection"
    )
    found.at(datetime(2026, 9, 24, 9, 0, tzinfo=CHINA))
    found.step()
    assert penalty.case.state["last"]["decide-on-spot"]["on"] == "2026-09-24"
    assert due(penalty)[0] == "2026-10-12"
    assert due(found)[0] == "2026-10-29" and "二（六）" in due(found)[1]
    if locality == "kaiyuan":  # a text without its conclusion goes nowhere
        spared = begun(office, "spared", clock, found.moment, "enter-execution")
        told = refused_everywhere(
            spared.attempt("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
        )
        assert "publication.fields" in told.guards
    found.at(datetime(2026, 10, 30, 9, 0, tzinfo=CHINA))
    reminded()
    assert {str(penalty.case_id), str(found.case_id)} <= {one["id"] for one in listed(supervisor)}
    assert "公示行政检查结果" in page(supervisor, "/desk/alerts/")


@pytest.mark.parametrize("kind", ["licence", "measure", "levy", "confirmation"])
def test_every_kind_of_decision_tells_how_to_go_against_it(kind: str, clock: Clock) -> None:
    """Not penalties alone: an applicant, an owner of what was seized and a payer read it, as their paper says it."""
    office = make_office(WHERE.get(kind, "kaiyuan"))
    play = at_once(office, kind, clock, BEFORE_NATIONAL_DAY)
    told = [str(paragraph) for paragraph in progress_of(play.case).remedies]
    assert office.agency.court in str(told) and "六十日内" in str(told), told
    papers = str([paper.content for paper in Paper.objects.filter(case=play.case_id)])
    assert all(sentence in papers for sentence in told)
    assert "《行政处罚法》" not in page(office.people["officer1"], f"/desk/cases/{play.case_id}/slip/")
