"""What was filled in without a network comes in later: both times are kept, the guards judge by the one that can be believed,
and the same form sent twice is done once."""

import html
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from conftest import Player
from knocks import form_of, signed_in
from play import Clock, Play
from sanxiang.door.administer import administer
from sanxiang.door.offline import MARK, Contact
from sanxiang.door.recording.field_devices import GIVE_BACK, REGISTER, owner_of
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.models import Act, Opening
from sanxiang.oversight.evaluation.retrace import retrace_case

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def contact(play: Play, who: str, at: datetime, behind: float = 0) -> str:
    """What the server told a device of that person at that time, by whose clock it was `behind` seconds late."""
    return Contact("tablet", owner_of(play.person(who)), at, behind).signed()


def sent(play: Play, told: dict[str, Any], filled: datetime, signed: str = "", key: str = "k" * 22) -> Any:
    """The next step of the story as the device's queue sends it: filled in at `filled`, by the device's clock."""
    step = play.next()
    address = f"/desk/cases/{play.case_id}/acts/{step.act}/"
    form = form_of(play.pack.acts[step.act], told)
    form |= {"nonce": key, "offline-clock": filled.isoformat(), "offline-contact": signed}
    return signed_in(play.person(step.who)).post(address, form, headers={"Accept": "application/json"})


def mark_of(act: Act) -> dict[str, Any]:
    """What the ledger keeps of how the act came in."""
    found: dict[str, Any] = Opening.objects.get(act=act, name=MARK).value
    return found


def test_both_times_are_kept_and_a_lost_answer_does_it_once(play: Player, clock: Clock) -> None:
    played = play("ordinary", "inspect")
    played.pass_days(1)
    left, filled = clock.now, clock.now + 3 * HOUR
    told = played.data_of(played.next(), filled) | {"on": None}
    told = {k: v for k, v in told.items() if v is not None}
    signed = contact(played, "officer1", left, behind=90)
    clock.now = filled + 4 * HOUR
    first = sent(played, told, filled - timedelta(seconds=90), signed)
    assert first.status_code == 201, first.content.decode()
    again = sent(played, told, filled - timedelta(seconds=90), signed)
    assert again.status_code == 201 and again.json() == first.json()
    act = Act.objects.get(subject=played.case_id, name="inspect")
    assert first.json()["done"]["act"] == str(act.pk)
    mark = mark_of(act)
    assert act.at == clock.now and mark["believed"] and mark["behind"] == 90
    assert datetime.fromisoformat(mark["stated"]) == filled
    assert datetime.fromisoformat(mark["clock"]) == filled - timedelta(seconds=90)
    assert datetime.fromisoformat(mark["arrived"]) == act.at
    for page in ("", "timeline/"):
        address = f"/desk/cases/{played.case_id}/{page}"
        shown = html.unescape(signed_in(played.person("officer1")).get(address).content.decode())
        assert "离线补报" in shown and "比服务器慢 90 秒" in shown and "按填写的时间核对条件" in shown
    assert not [fault for fault in verify_all() if "机关" not in fault.where]


def test_a_form_changed_after_a_lost_answer_is_not_told_done(play: Player, clock: Clock) -> None:
    """The same key with other contents: 409, the first contents stand; the same contents at a later time: what the first did."""
    played = play("ordinary", "inspect")
    played.pass_days(1)
    filled = clock.now
    told = {k: v for k, v in played.data_of(played.next(), filled).items() if k != "on"}
    clock.now = filled + HOUR
    first = sent(played, told, filled)
    assert first.status_code == 201, first.content.decode()
    changed = sent(played, told | {"record": "改成别的内容"}, filled + HOUR / 2)
    assert changed.status_code == 409 and "done" not in changed.json()
    assert "之后的修改没有办" in changed.json()["errors"][0]
    act = Act.objects.get(subject=played.case_id, name="inspect")
    assert Opening.objects.get(act=act, name="record").value == told["record"]
    again = sent(played, told, filled + HOUR / 2)
    assert again.status_code == 201 and again.json() == first.json()


def test_an_act_of_one_day_alone_is_judged_by_the_device_as_far_as_it_is_believed(
    play: Player, clock: Clock, settings: Any
) -> None:
    """Filled in before midnight and sent after it: allowed within the hours, refused behind them or by a clock nobody measured."""
    played = play("ordinary", "file")
    played.pass_days(1)
    played.clock.now = left = played.clock.now.replace(hour=22)
    filled = left + HOUR
    told = {k: v for k, v in played.data_of(played.next(), filled).items() if k != "on"}
    who = played.next().who
    signed = contact(played, who, left)
    lost, officer = str(uuid.uuid4()), played.person(who)
    for act, more in ((REGISTER, {"name": "手机"}), (GIVE_BACK, {})):
        administer(act, played.office.agency, officer, {"device": lost, **more}, now=left)
    withdrawn = Contact(lost, owner_of(officer), left, 0).signed()
    cases = {
        "withdrawn": (filled + 2 * HOUR, withdrawn),
        "too late": (filled + timedelta(hours=settings.FIELD_HOURS, minutes=1), signed),
        "unmeasured": (filled + 2 * HOUR, ""),
        "before the contact": (filled + 2 * HOUR, contact(played, who, filled + HOUR)),
        "somebody else's": (filled + 2 * HOUR, contact(played, "officer2", left)),
        "forged": (filled + 2 * HOUR, signed[:-3] + "AAA"),
    }
    for name, (arrives, told_by) in cases.items():
        clock.now = arrives
        refused = sent(played, told, filled, told_by)
        assert refused.status_code == 422, name
        assert "today-only" in {v["guard"] for v in refused.json()["verdicts"]}, name
    clock.now = filled + 2 * HOUR
    done = sent(played, told, filled, signed)
    assert done.status_code == 201, done.content.decode()
    act = Act.objects.get(subject=played.case_id, name="file")
    assert act.on[:10] == filled.date().isoformat() and act.at == clock.now and act.back_dated
    found = retrace_case(played.case)
    assert found.faithful and not [flaw for flaw in found.flaws if flaw.guard == "today-only"]


def test_when_the_case_has_moved_on_the_guards_say_so_with_their_cure(play: Player, clock: Clock) -> None:
    played = play("ordinary", "file")
    played.pass_days(0)
    left = clock.now
    told = {k: v for k, v in played.data_of(played.next(), left).items() if k != "on"}
    signed = contact(played, played.next().who, left)
    step = played.position
    played.step()
    played.position = step
    clock.now += HOUR
    refused = sent(played, told, left, signed).json()
    assert refused["errors"] == [] and refused["verdicts"]
    assert all(v["fact"] for v in refused["verdicts"]) and any(v["cure"] for v in refused["verdicts"])
    assert Act.objects.filter(subject=played.case_id, name="file").count() == 1


def test_what_cannot_be_read_is_told_in_words(play: Player, clock: Clock) -> None:
    played = play("ordinary", "inspect")
    played.pass_days(1)
    told = played.data_of(played.next(), clock.now) | {"began": "2026-02-30T10:00"}
    wrong = sent(played, told, clock.now)
    assert wrong.status_code == 422 and "2026-02-30" in json.dumps(wrong.json(), ensure_ascii=False)
