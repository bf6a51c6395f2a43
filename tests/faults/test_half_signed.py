"""R6 in small: one of the two keys cannot sign; then nothing is signed, and the alarms say so."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from logged import own_data
from sanxiang.ledger import keys
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.tlog.note import parse_vkey
from sanxiang.ledger.tlog.signing import CannotSign

pytestmark = pytest.mark.django_db


def test_one_key_alone_signs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_data(tmp_path, monkeypatch)
    who = Signed(None, "试验", "officer", "2026-11-22", datetime.now(UTC))
    append(Entry("agency", uuid.uuid4(), 1, "", "note", "记事", {"text": ("x", "case")}), who)
    sequence_all()
    keys.make_keys()
    public = parse_vkey(keys.vkey(ACTS.origin_of("sm3"), "sm3")).public.hex()
    with monkeypatch.context() as module:
        module.setenv("SANXIANG_SM2_COMMAND", "/bin/false")
        module.setenv("SANXIANG_SM2_PUBLIC", public)
        with pytest.raises(CannotSign, match="/bin/false"):
            publish()
        row = Checkpoint.objects.get()
        assert row.note == row.note_sm3 == ""
        assert not list(ACTS.folder("sha256").glob("checkpoint"))
        metrics = Client().get("/metrics").content.decode()
        assert "sanxiang_ledger_entries 1\n" in metrics and "sanxiang_ledger_signed 0\n" in metrics
    assert publish() == 1
