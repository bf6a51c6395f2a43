"""Is this decision on record? By number, by act and by leaf hash, public ones and withdrawn ones, and nothing else."""

import re
import uuid
from urllib.parse import quote

import pytest
from django.test import Client

from board import publish, text
from cast import Cast, make_agency
from conftest import Player
from sanxiang.cases.models import Publication
from sanxiang.door.admin.rules import RECORD_ACTS
from sanxiang.door.arriving import after_push, pushed
from sanxiang.door.arriving.imported import ACT, LABEL
from sanxiang.ledger.models import Act, Entry
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.square.act_names import IMPORTED

pytestmark = pytest.mark.django_db
ON_RECORD, GONE, NOTHING = "账本上有这份决定", "公示已经撤回", "没有查到“"


def ask(client: Client, what: object) -> str:
    return text(client.get(f"/verify/?record={quote(str(what))}"))


def test_a_published_decision_is_found_by_number_act_and_leaf_hash(client: Client, play: Player) -> None:
    play("ordinary")
    sequence_all()
    row = Publication.objects.get()
    place = Entry.objects.get(act=row.act).idx
    spaced = row.number.replace("〔", " [").replace("〕", "] ")
    dashed = row.number.replace("〔", "").replace("〕", "-").removesuffix("号")
    spoken = row.number.replace("〔", "").replace("〕", "年第")
    for asked in (row.number, spaced, dashed, spoken, row.act, row.leaf_hash, row.leaf_hash.upper()):
        page = ask(client, asked)
        assert ON_RECORD in page and str(row.act) in page and row.leaf_hash in page, asked
        assert re.search(f"<dd[^>]*>{place}</dd>", page) and f"/decisions/{row.pk}/" in page


def test_what_was_asked_comes_first(client: Client) -> None:
    """On a phone the answer would stand below everything else."""
    decision, officer = "<h2>核验决定</h2>", "<h2>核验执法人员</h2>"
    asked, plain = ask(client, "1号"), text(client.get("/verify/"))
    assert asked.index(decision) < asked.index(NOTHING) < asked.index(officer)
    assert plain.index(officer) < plain.index(decision)
    cut = text(client.get("/verify/?act=cf54de33-8437"))
    assert f"{NOTHING}cf54de33-8437”" in cut and "data-proof" not in cut


def test_of_other_acts_nothing_is_said(client: Client, play: Player) -> None:
    played = play("ordinary")
    others = Act.objects.filter(subject=played.case_id).exclude(name="publish")
    assert others.count() > 10
    for act in others:
        assert NOTHING in ask(client, act.pk), act.name
        assert NOTHING in ask(client, act.leaf_hash)


def test_a_withdrawn_one_says_so_to_whoever_has_the_old_act(client: Client, play: Player) -> None:
    played = play("ordinary")
    old = Publication.objects.get()
    played.withdraw("经行政复议撤销")
    for act in (old.act, Publication.objects.get().act):
        page = ask(client, act)
        assert GONE in page and "经行政复议撤销" in page and old.number not in page and old.party not in page
    assert NOTHING in ask(client, old.number)


def test_unpublished_and_unknown_ones_say_what_to_do(client: Client, cast: Cast) -> None:
    held = publish(cast.bureau, 5, status="held")
    Publication.objects.filter(pk=held.pk).update(leaf_hash="cd" * 32, n=9)
    for asked in (
        "云水罚字〔2026〕999号",
        uuid.uuid4(),
        "0" * 64,
        "cd" * 32,
        held.number,
        "x" * 5000,
        "\0",
        "<b>",
    ):
        page = ask(client, asked)
        assert ON_RECORD not in page and "<b>" not in page.split("<main")[1].split("账本编号")[0]
    assert NOTHING not in text(client.get("/verify/"))


def test_one_number_of_two_agencies_gives_both(client: Client, cast: Cast) -> None:
    for agency in (cast.bureau, make_agency("云溪县城管局", "云城", cast.government)):
        publish(agency, 8)
    assert ask(client, "云水罚字（2026）8号").count(ON_RECORD) == 2
    assert NOTHING in ask(client, "云水罚字〔2026〕"), "a part of a number is no number"


def test_acts_on_records_of_other_systems_are_called_as_the_desk_calls_them() -> None:
    """No pack has them, and the square may not ask the door: the words must stay the same in both places."""
    told = {ACT: LABEL, **{name: act.label for name, act in RECORD_ACTS.items()}}
    after = {after_push.CORRECT: after_push.LABEL, after_push.EXPIRE: after_push.EXPIRED}
    assert {**told, pushed.ACT: pushed.LABEL, **after} == IMPORTED


def test_a_decision_leads_to_its_record_without_a_camera(client: Client, play: Player) -> None:
    """Who reads it on a phone cannot point the phone at its own screen; and the record names the act in words."""
    play("ordinary")
    sequence_all()
    row = Publication.objects.get()
    page = client.get(f"/decisions/{row.pk}/").content.decode()
    address = f"/log/acts/{row.act}/"
    assert f'在手机上看的，<a href="{address}">直接打开</a>' in page
    record = text(client.get(address))
    assert Act.objects.get(pk=row.act).label in record and "代号" not in record and ">publish<" not in record
