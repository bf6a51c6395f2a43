"""Once a day each tree's checkpoint is written into both, for anybody to read (trust.md §1.6)."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from board import text
from sanxiang.door.log.anchors import anchor_daily
from sanxiang.door.log.installation import record
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.verify_notes import check_notes
from signed_log import Sign

pytestmark = pytest.mark.django_db


def test_the_days_checkpoints_stand_in_both_trees_for_anybody_to_read(client: Client, sign_log: Sign) -> None:
    now = timezone.now()
    assert anchor_daily(now) is None, "nothing is signed yet"
    record("begun", "开始", {})
    size = sign_log()
    row = Checkpoint.objects.get(log=1, size=size)
    act = anchor_daily(now)
    assert act is not None and anchor_daily(now) is None and anchor_daily(now + timedelta(days=1)) is not None
    assert sign_log() == size + 2
    (shown,) = json.loads(client.get(f"/log/acts/{act.pk}.json").content)["disclosures"]
    digest = urlsafe_b64encode(hashlib.sha256(shown.encode()).digest()).rstrip(b"=").decode()
    assert digest in json.loads(client.get(f"/log/acts/{act.pk}.leaf").content)["d"]
    _, name, told = json.loads(urlsafe_b64decode(shown + "=" * (-len(shown) % 4)))
    assert (name, told["size"]) == ("log", size)
    assert told["sha256"] == hashlib.sha256(row.note.encode()).hexdigest()
    assert told["sm3"] == hashlib.new("sm3", row.note_sm3.encode()).hexdigest()
    assert client.get(f"/log/acts/{act.pk}.tlog-proof").status_code == 200
    assert "两本账当时的检查点互相记入" in text(client.get(f"/log/acts/{act.pk}/"))
    newest = act.__class__.objects.filter(name="anchor").order_by("-n")[0]
    assert f"/log/acts/{newest.pk}/" in client.get("/log/").content.decode()
    assert [one for one in check_notes(ACTS) if one.what == "anchor"] == []
    told = {"size": size, "sha256": "0" * 64, "sm3": hashlib.new("sm3", row.note_sm3.encode()).hexdigest()}
    record("anchor", "两树互锚", {"log": told}, secrecy="public")
    record("anchor", "两树互锚", {"log": {**told, "sha256": hashlib.sha256(row.note.encode()).hexdigest()}})
    (fault,) = [one for one in check_notes(ACTS) if one.what == "anchor"]
    assert f"在 {size} 条处的检查点" in fault.where and "后来重新签过" in fault.why


@pytest.mark.parametrize(
    "told",
    [
        None,
        "x",
        [],
        {},
        {"Size": 1},
        {"size": "1"},
        {"size": [1]},
        {"size": True},
        {"size": -1},
        {"size": 2**63},
    ],
    ids=["none", "word", "list", "empty", "key", "text", "in-list", "true", "negative", "huge"],
)
def test_an_anchor_that_cannot_be_read_is_named(told: object) -> None:
    act = record("anchor", "两树互锚", {"log": told}, secrecy="public")
    (fault,) = [one for one in check_notes(ACTS) if one.what == "anchor"]
    assert str(act.pk) in fault.where and "读不出" in fault.why
