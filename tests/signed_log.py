"""A log that is really signed and served, in a data folder of the test's own, and a witness for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from sanxiang.ledger import asking, keys, served
from sanxiang.ledger import publish as publishing
from sanxiang.ledger.access import Read
from sanxiang.ledger.models import Checkpoint, Cosignature
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.tlog.note import COSIGNATURE_V1, Key, cosign, format_vkey, public_key

Sign = Callable[[], int]
WITNESS, SEED = "witness.example.gov.cn", bytes(range(32))
SEEN = 1_780_000_000
"""When the witness says that it saw the checkpoint, in seconds since 1970."""
LOOK = Read(
    by=UUID(int=1), by_name="林青", kind="evidence", channel="page", result="served", reason="supervise"
)
"""Somebody looks at a piece of evidence."""


def forget() -> None:
    """What a process remembers of the files that it has written."""
    for remembered in (publishing.EDGES, publishing.SERVED, served.CHECKED, asking.ASKED):
        remembered.clear()


@pytest.fixture
def sign_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sign]:
    """`sign_log()` gives all that waits its place and signs it; how many entries there are."""
    folder = tmp_path / "signed"
    folder.mkdir()
    monkeypatch.setattr(settings, "DATA", folder)
    forget()

    def sign() -> int:
        keys.make_keys()
        sequence_all()
        return publishing.publish()

    yield sign
    forget()


def witness_key() -> Key:
    """The witness's public key."""
    return Key(WITNESS, COSIGNATURE_V1, public_key(SEED))


def write_policy() -> str:
    """Have the data folder ask for this one witness; the policy's text."""
    lines = (f"log {keys.vkey(keys.origin())}", f"witness sfj {format_vkey(witness_key())}", "quorum sfj")
    text = "".join(f"{line}\n" for line in lines)
    (settings.DATA / "policy").write_text(text, encoding="utf-8")
    return text


def witness() -> Checkpoint:
    """The witness cosigns the newest checkpoint."""
    row = Checkpoint.objects.exclude(note="").order_by("-size")[0]
    line = cosign(row.note, WITNESS, SEED, SEEN)
    Cosignature.objects.create(checkpoint=row, witness="sfj", line=line, at=datetime.fromtimestamp(SEEN, UTC))
    return row
