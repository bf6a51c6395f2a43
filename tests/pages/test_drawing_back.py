"""What was public of a random inspection and should not have been is taken back with a reason, or corrected with a note; a plan is the
public's business from its approval on."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from by_lot import drawn, office_with_lists
from footage import plain
from knocks import signed_in
from page_form import words
from play import Clock
from reader import Client
from sanxiang.demo import drawing
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.inspection.plans import named_rows
from sanxiang.ledger.models import Act
from sanxiang.registers.inspection.drawn import Plan

pytestmark = pytest.mark.django_db

PHONE = "１３９" + "０００１３５７９"
REASON = "对象写错，正在核对"


def seen(address: str, status: int = 200) -> str:
    """What somebody without an account reads there."""
    answer = Client().get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return plain(answer.content.decode())


def at_desk(office: Office, who: str, act: str, **said: Any) -> str:
    """An act by the form of the desk; what the page says where it was refused."""
    told = {name: str(value) for name, value in said.items()}
    where = f"/desk/admin/acts/{act}/?agency={office.agency.pk}"
    answer = signed_in(office.people[who]).post(where, {**told, "nonce": uuid4().hex})
    return "" if answer.status_code == 302 else plain(words(answer))


def leaf_of(name: str) -> str:
    """The address of the newest act of that name, as the log tells it."""
    act = Act.objects.filter(name=name).latest("at")
    return f"/log/acts/{act.pk}.json"


def disclosed(address: str) -> str:
    """The public fields of an act, in words."""
    found = json.loads(Client().get(address).content)["disclosures"]
    return "".join(base64.urlsafe_b64decode(one + "===").decode() for one in found)


def public_result(clock: Clock, **found: str) -> tuple[Office, Plan, str]:
    """An office, its plan, and the object whose result is public."""
    office = office_with_lists(clock, "kaiyuan")
    one = drawn(clock, office)
    target = one.pairs[0][0]
    drawing.record(office, one, target, clock.now, "02", **found)
    clock.now += timedelta(minutes=5)
    drawing.publish(office, one, target, clock.now)
    clock.now += timedelta(minutes=5)
    return office, one, target


def test_a_result_is_withdrawn_with_a_reason_and_its_text_is_nowhere(clock: Clock) -> None:
    """Page and ledger file tell day and reason; told anew only after it was recorded anew."""
    office, one, target = public_result(clock, finding="井口没有封堵", handling="责令改正")
    page, told, leaf = (
        f"/inspection/{one.id}/",
        {"plan": one.number, "target": target},
        leaf_of("publish-random-result"),
    )
    assert "井口没有封堵" in seen(page) and '"disclosures": []' not in seen(leaf)
    refused = at_desk(
        office, "disclosure-approver", "withdraw-random-result", **told, public_reason=f"{PHONE} 来电"
    )
    assert "“撤回理由”含有手机号码" in refused
    assert at_desk(office, "officer1", "withdraw-random-result", **told, public_reason=REASON)
    assert not at_desk(office, "disclosure-approver", "withdraw-random-result", **told, public_reason=REASON)
    text = seen(page)
    assert "井口没有封堵" not in text and REASON in text and "已撤回" in text
    assert '"disclosures": []' in seen(leaf)
    assert "没有重新登记" in at_desk(office, "disclosure-approver", "publish-random-result", **told)
    clock.now += timedelta(minutes=5)
    drawing.record(office, one, target, clock.now, "02", finding="井口已经封堵", handling="无需处理")
    assert not at_desk(office, "disclosure-approver", "publish-random-result", **told)
    assert "井口已经封堵" in seen(page) and REASON not in seen(page)


def test_a_result_is_corrected_with_a_note_that_stays(clock: Clock) -> None:
    """Not by publishing over it: what differs is recorded first, and the page says when and why it changed."""
    office, one, target = public_result(clock, finding="井口没有封堵", handling="责令改正")
    page, told = f"/inspection/{one.id}/", {"plan": one.number, "target": target}
    first = leaf_of("publish-random-result")
    note = {**told, "public_note": "检查情况写成了另一口井的"}
    assert "没有重新登记" in at_desk(office, "disclosure-approver", "correct-random-result", **note)
    drawing.record(office, one, target, clock.now, "02", finding="水表没有校准", handling="责令改正")
    assert "已经公开" in at_desk(office, "disclosure-approver", "publish-random-result", **told)
    assert not at_desk(office, "disclosure-approver", "correct-random-result", **note)
    text = seen(page)
    assert "水表没有校准" in text and "井口没有封堵" not in text
    assert "更正：检查情况写成了另一口井的" in text
    assert '"disclosures": []' in seen(first) and '"disclosures": []' not in seen(
        leaf_of("correct-random-result")
    )


def test_who_inspected_does_not_publish_it_and_no_number_goes_out(clock: Clock) -> None:
    """An officer with both posts waits for the other approver; a number in signs of full width is found."""
    office = office_with_lists(clock, "kaiyuan")
    one = drawn(clock, office)
    target, card = one.pairs[0][:2]
    who = next(
        w
        for w, row in zip(drawing.INSPECTORS, drawing.inspectors(office), strict=True)
        if card in row.values()
    )
    administer(
        "grant-post",
        office.agency,
        None,
        {"person": office.people[who], "role": "disclosure-approver", "valid_from": "2024-01-01"},
    )
    told = {"plan": one.number, "target": target}
    said = {
        **told,
        "inspected_on": clock.now.date(),
        "code": "02",
        "finding": "没有封堵",
        "handling": "责令改正",
    }
    assert not at_desk(office, who, "record-random-result", **said)
    assert "公开由另一人办理" in at_desk(office, who, "publish-random-result", **told)
    assert not at_desk(office, "disclosure-approver", "publish-random-result", **told)


def test_a_plan_is_public_from_its_approval_and_can_be_taken_back_whole(clock: Clock) -> None:
    """Before it is nowhere; what the head thought of it is inside; withdrawn, page and files tell day and reason."""
    office = office_with_lists(clock, "kaiyuan")
    name = "乡镇取水户抽查"
    begins = clock.now.date()
    plan = {
        "name": name,
        "items": list(named_rows(office.agency, begins))[:1],
        "ratio": "100",
        "each": 2,
        "department": "水政股",
    }
    plan |= {"begins": begins, "ends": begins + timedelta(days=20)}
    for number in ("抽-1", "抽-2"):
        administer("plan-draw", office.agency, office.people["unit-head"], {**plan, "number": number})
        made = leaf_of("plan-draw")
        assert name not in seen("/inspection/")
        assert Client().get(made).status_code == 404
        if number == "抽-1":
            assert not at_desk(office, "agency-head", "decline-draw-plan", plan=number, opinion="人手不够")
            assert (
                name not in seen("/inspection/")
                and Client().get(leaf_of("decline-draw-plan")).status_code == 404
            )
    assert not at_desk(office, "agency-head", "approve-draw-plan", plan="抽-2", opinion="照此办，注意保密")
    assert name in seen("/inspection/") and "照此办，注意保密" not in disclosed(leaf_of("approve-draw-plan"))
    assert "抽-2" in disclosed(leaf_of("approve-draw-plan")) and name in disclosed(made)
    page = made.replace("/log/acts/", "/inspection/").replace(".json", "/")
    assert name in seen(page)
    assert not at_desk(office, "agency-head", "withdraw-draw-plan", plan="抽-2", public_reason=REASON)
    gone = seen(page, 410)
    assert (
        REASON in gone
        and name not in gone
        and name not in seen("/inspection/")
        and REASON in seen("/inspection/")
    )
    assert '"disclosures": []' in seen(made)
    assert "没有正在公开" in at_desk(
        office, "agency-head", "withdraw-draw-plan", plan="抽-2", public_reason=REASON
    )
