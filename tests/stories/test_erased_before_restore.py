"""A database from before an erasure, with the list that was kept beside it: the value goes from all that is derived too (R8)."""

import html
import json
import uuid

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F
from django.test import Client

from knocks import signed_in
from logged import without_triggers
from play import Clock, Play, make_office
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.custody.recover_rows import Missing, put
from sanxiang.custody.tables import tables_of
from sanxiang.demo import stories
from sanxiang.door import gather
from sanxiang.door.erasing import choices, rebuild
from sanxiang.door.log.erasing_again import erase_again
from sanxiang.door.log.installation import LABELS, record
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger import erased
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.sequencer import advance, sequence_all, state_of
from sanxiang.ledger.tlog.leaf_form import read_leaf
from sanxiang.ledger.verify import RECOVERED

pytestmark = pytest.mark.django_db

PHONE, INFORMANT = "0000-1234567", "匿名群众甲"
BASIS = "《个人信息保护法》第四十七条第一款第一项"
WHY = {"erasure_ground": "third", "erasure_basis": BASIS, "reason": "本人申请"}


def played(clock: Clock, until: str) -> Play:
    """An ordinary case; the party's telephone and who reported stand in it."""
    erased.place().unlink(
        missing_ok=True
    )  # another test's list, of acts that may come again by the same keys
    story = Play(make_office("kaiyuan"), "ordinary", stories.ordinary("2000", which=2), clock)
    story.until(until)
    sequence_all()
    return story


def lost(play: Play, what: str) -> list[erased.Erasure]:
    """The list of an erasure of which the database knows nothing: it is older."""
    play.do("propose-erasure", "archivist", erase_what=what, **WHY)
    with play.branch():
        act = play.do("erase-data", "agency-head", erase_what=what, opinion="同意删除").act
        rebuild(act.pk)
    return [one for one in erased.listed() if one.by == act.pk]


def faults() -> list[str]:
    """What verification finds but that the order of an erasure is not here: it was lost."""
    sequence_all()
    return [one.why for one in verify_all() if one.what != "erasure"]


def unordered() -> list[str]:
    """The erasures of which nobody is known to have ordered them."""
    return [one.why for one in verify_all() if one.what == "erasure"]


def brought_back(leaf: bytes) -> None:
    """The leaf of a lost act, as `ledger recover --accept` brings it back."""
    sequence_all()
    state, told = state_of(ACTS), read_leaf(leaf)
    put(ACTS, [Missing(state.size, leaf, told, known=False)])
    advance(ACTS, state, [leaf])
    record(RECOVERED, LABELS[RECOVERED], {"acts": [told["id"]]})
    sequence_all()


def stands(value: str) -> bool:
    """Is it in any table? Papers aside, which stay as they were issued. SQLite's JSON has it escaped."""
    forms = (value, json.dumps(value)[1:-1])
    with connection.cursor() as cursor:
        for table in tables_of(apps):
            if table.name != "cases_paper":
                cursor.execute(f'SELECT * FROM "{table.name}"')
                if any(form in str(cell) for row in cursor.fetchall() for cell in row for form in forms):
                    return True
    return False


@pytest.mark.parametrize(("what", "value"), [("party.phone", PHONE), ("informant", INFORMANT)])
def test_a_case_forgets_again_what_the_lost_act_erased(clock: Clock, what: str, value: str) -> None:
    play = played(clock, "conclude-investigation")
    told = lost(play, what)
    assert told and stands(value) and not any(value in one.line() for one in told)
    before = play.case
    done = erase_again(told)
    assert not stands(value)
    assert done.openings == sum(len(one.names) for one in told if Act.objects.filter(id=one.act).exists())
    case, act = play.case, Act.objects.get(name="erase-again")
    assert (case.n, case.head, act.subject) == (before.n + 1, act.leaf_hash, case.pk)
    kept = case.state["erased"][what]
    assert (kept["by"], kept["basis"]) == (str(act.pk), BASIS)
    gone = Opening.objects.get(act=act, name="erasure").value
    assert gone == [str(told[0].by)], "the lost act is named"
    assert not faults()
    again = erase_again([*told, *erased.listed()])
    assert not again.openings and play.case.n == case.n, "twice is once"


def test_the_group_that_is_left_goes_on_being_proved(clock: Clock) -> None:
    play = played(clock, "conclude-investigation")
    erase_again(lost(play, "party.phone"))
    left = Opening.objects.get(act__name="erase-again", name__startswith="left:")
    assert left.value["name"] == play.case.party and "phone" not in left.value
    assert play.case.state["facts"]["party"]["name"] == play.case.party


@pytest.mark.parametrize("shown", [True, False])
def test_a_public_text_that_prints_it_is_withdrawn(clock: Clock, client: Client, shown: bool) -> None:
    """With a notice that leads to the act in the log; of a text that nobody has seen there is nothing to announce."""
    play = played(clock, "publish")
    told = lost(play, "informant")
    if shown:
        play.step()
    without_triggers()
    Publication.objects.filter(case=play.case_id).update(facts=f"据{INFORMANT}反映", n=F("n") + 1)
    asking.index(Publication.objects.filter(case=play.case_id))
    erase_again(told)
    row = Publication.objects.get(case=play.case_id)
    assert (row.status, row.facts) == ("withdrawn", "") and "依法删除" in row.withdrawal_reason
    assert not stands(INFORMANT) and asking.count(asking.Query(q=INFORMANT)) == 0
    assert not faults()
    places = (f"/decisions/{row.pk}/", f"/log/acts/{row.act}/", f"/api/v1/public/decisions/{row.pk}")
    assert [client.get(place).status_code for place in places] == ([410, 200, 410] if shown else [404] * 3)
    assert ("依法删除" in client.get("/decisions/withdrawn/").content.decode()) == shown


def test_an_old_list_empties_the_openings_and_names_the_case(clock: Clock) -> None:
    """Lists of the first releases say neither of which case nor what of it. No digest goes unchecked for that."""
    play = played(clock, "conclude-investigation")
    old = [erased.Erasure(one.act, one.names, one.by) for one in lost(play, "informant")]
    done = erase_again(old)
    assert done.openings and play.case.number in done.vague
    act = Act.objects.get(name="erase-again")
    assert not faults()
    sign = Opening.objects.filter(act__subject=play.case_id, erased_by=None, name="party").first()
    assert sign is not None
    Opening.objects.filter(pk=sign.pk).update(salt="", value=None, erased_by=act.pk)
    assert faults() == ["不是由办理动作依法删除的"], "the act names each digest"


def doctored(play: Play, what: str = "") -> list[erased.Erasure]:
    """A list that names everything the case has said, ordered by an act that there never was."""
    rows = Opening.objects.filter(act__subject=play.case_id).exclude(name__startswith="act.")
    nobody, case = uuid.uuid4(), play.case_id if what else None
    return [erased.Erasure(act, (name,), nobody, case, what) for act, name in rows.values_list("act", "name")]


def test_a_doctored_list_takes_nothing_that_the_law_keeps(clock: Clock) -> None:
    """Opinions, cause and parties stay, each refused by name; what can be erased at all goes, and verification names the
    order that nobody gave."""
    play = played(clock, "conclude-investigation")
    offered = {key.rpartition(":")[2] for key, _ in choices(play.case, gather.pack_of(play.case))}
    for what in ("", "cause", "party.name", "party.phone"):
        with play.branch():
            taken_of(play, what, {"party"} if what else offered)


def taken_of(play: Play, what: str, own: set[str]) -> None:
    """A doctored list is followed as far as `own` goes, and no further."""
    before = play.case
    kept = Opening.objects.filter(act__subject=play.case_id, name__in=("cause", "proposal", "opinion"))
    said = list(kept.order_by("pk").values_list("pk", "value"))
    done = erase_again(doctored(play, what))
    assert said and said == list(kept.order_by("pk").values_list("pk", "value"))
    assert play.case.state["facts"]["cause"] == before.state["facts"]["cause"]
    assert play.case.party == before.party
    assert any("案由" in one for one in done.refused) and len(done.refused) > 10
    assert not faults()
    assert bool(done.openings) == (what in ("", "party.phone")) == bool(unordered())
    gone = Opening.objects.filter(act__subject=play.case_id).exclude(erased_by=None)
    assert set(gone.values_list("name", flat=True)) <= own | {"state"}


def test_a_list_cannot_reach_other_cases_nor_what_is_no_case(clock: Clock) -> None:
    play = played(clock, "conclude-investigation")
    other = Opening.objects.filter(act__kind="agency").exclude(name__startswith="act.").first()
    assert other is not None
    told = [erased.Erasure(other.act_id, (other.name,), uuid.uuid4(), case, what) for case, what in
            ((None, ""), (play.case_id, "party.phone"))]  # fmt: skip
    done = erase_again(told)
    other.refresh_from_db()
    assert other.value is not None and other.salt and len(done.refused) == 2


def test_the_order_must_be_brought_back(clock: Clock) -> None:
    """Until the leaf of the lost order is in the log again, verification names it; the leaf of another act does not do."""
    play = played(clock, "conclude-investigation")
    play.do("propose-erasure", "archivist", erase_what="party.phone", **WHY)
    with play.branch():
        act = play.do("erase-data", "agency-head", erase_what="party.phone", opinion="同意删除").act
        rebuild(act.pk)
        leaf = bytes(act.leaf)
    erase_again(one for one in erased.listed() if one.by == act.pk)
    assert not faults() and [str(act.pk) in why for why in unordered()] == [True]
    brought_back(leaf)
    assert not faults() and not unordered()
    orders = Opening.objects.get(act__name="erase-again", name="erasure")
    other = str(
        Act.objects.filter(subject=play.case_id, name="propose-erasure").values_list("pk", flat=True)[0]
    )
    for value, why in (
        ([other], f"{other} 不在账本里"),
        (["nothing"], "nothing 不在账本里"),
        (7, "没有写明"),
    ):
        with play.branch():
            without_triggers()
            Opening.objects.filter(pk=orders.pk).update(value=value)
            assert [why in one for one in unordered()] == [True], "altered, it orders nothing"


def test_the_list_is_there_where_nothing_was_erased() -> None:
    erased.place().unlink(missing_ok=True)
    rebuild()
    assert erased.place().read_text(encoding="utf-8") == "" and list(erased.listed()) == []


def test_a_line_reads_back_as_it_was_written(clock: Clock) -> None:
    play = played(clock, "conclude-investigation")
    for one in lost(play, "party.phone"):
        told = json.loads(one.line())
        assert told["case"] == str(play.case_id) and told["what"] == "party.phone" and told["basis"] == BASIS
        assert one in list(erased.listed())


def test_the_case_shows_that_it_was_erased_again(clock: Clock) -> None:
    play = played(clock, "conclude-investigation")
    erase_again(lost(play, "party.phone"))
    client = signed_in(play.person("officer1"))
    for page in ("", "timeline/"):
        answer = client.get(f"/desk/cases/{play.case_id}/{page}")
        assert answer.status_code == 200 and PHONE not in answer.content.decode()
    assert "已依法删除" in html.unescape(client.get(f"/desk/cases/{play.case_id}/").content.decode())
