"""The ledger's own tables are lost and the acts are not: their rows come back from the bundles (I8, R9)."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from logged import brought_up, command, forget, own_data, without_triggers
from sanxiang.door.log.installation import record
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Act, Checkpoint, Entry, Sequence

COUNT = 300
"""Acts: a full bundle and a partial one."""


def rows(size: int) -> list[dict[str, Any]]:
    """The places of so many entries, and what is signed over them; an SM2 signature is another one each time."""
    entries = Entry.objects.filter(idx__lt=size).order_by("idx").values("idx", "act_id", "leaf_hash")
    signed = Checkpoint.objects.filter(log=ACTS.row, size=size).values("root", "root_sm3", "note")
    return [*entries, *signed]


def test_what_the_ledgers_tables_held_is_made_again_from_the_bundles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    own_data(tmp_path, monkeypatch)
    for number in range(COUNT):
        record("drill", "恢复演练", {"number": number})
    size = brought_up()
    before = rows(size)
    with transaction.atomic():
        without_triggers()
        for table in (Checkpoint, Entry, Sequence):
            table.objects.all().delete()
    forget()
    code, told = command("ledger", "recover")
    assert code == 1 and len(told["missing"]) == size and all(one["known"] for one in told["missing"])
    code, told = command("ledger", "recover", "--accept")
    assert code == 0, told
    assert rows(size) == before and len(before) == COUNT + 1
    assert brought_up() == Act.objects.count() == size + 1, "and the act that brought them back"
    assert command("ledger", "verify")[0] == 0
