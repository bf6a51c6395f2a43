"""Tens of thousands of checkpoints, and whoever asks how the log stands reads a handful of rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sanxiang.door.log import witnessing
from sanxiang.ledger import clock, health, keys, proving, standing
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint, Cosignature
from sanxiang.ledger.tlog.note import (
    COSIGNATURE_V1,
    Key,
    checkpoint_text,
    cosign,
    format_vkey,
    public_key,
    signed,
)
from sanxiang.ledger.tlog.policy import Witness
from sanxiang.square.machine import figures
from signed_log import Sign
from signed_log import sign_log as sign_log

pytestmark = pytest.mark.django_db
LONG, GONE = 20_000, 300
NAMES = ("a", "b", "c")
MOST = 20_000
"""Steps of SQLite's machine that a question may take: reading 20,000 rows takes several times as many."""
COUNTED = 100
T = TypeVar("T")

ROWS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
    "INSERT INTO ledger_checkpoint (log, size, root, root_sm3, note, note_sm3, created) "
    "SELECT 1, i + %s, '', '', 'x', 'x', %s FROM n"
)
LINES = (
    "INSERT INTO ledger_cosignature (checkpoint_id, witness, line, at) "
    "SELECT id, %s, 'x', %s FROM ledger_checkpoint WHERE size > %s"
)


def key_of(name: str) -> Key:
    """A witness's key."""
    return Key(name, COSIGNATURE_V1, public_key(name.encode() * 32))


def real(size: int, names: tuple[str, ...]) -> Checkpoint:
    """A checkpoint that is really signed, with these witnesses' lines."""
    now = timezone.now()
    text = signed(checkpoint_text(ACTS.origin, size, b"r" * 32), [keys.signer(ACTS.origin)])
    row = Checkpoint.objects.create(log=1, size=size, root="", root_sm3="", note=text, created=now)
    for name in names:
        line = cosign(text, name, name.encode() * 32, 1_780_000_000)
        Cosignature.objects.create(checkpoint=row, witness=name, line=line, at=now)
    return row


@pytest.fixture
def long_log(sign_log: Sign) -> None:
    """Two witnesses saw every checkpoint; the third went away at the beginning. The newest one waits for them."""
    keys.make_keys()
    real(GONE, NAMES)
    then = datetime(2026, 1, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [LONG, GONE, then])
        for name in NAMES[:2]:
            cursor.execute(LINES, [name, then, GONE])
    real(GONE + LONG + 1, NAMES[:2])
    real(GONE + LONG + 2, ())


def policy(quorum: str) -> None:
    """The policy asks for so many of the three."""
    lines = [f"witness {name} {format_vkey(key_of(name))}" for name in NAMES]
    text = "\n".join([*lines, f"group g {quorum} a b c", "quorum g", ""])
    (settings.DATA / "policy").write_text(text, encoding="utf-8")


def asked(question: Callable[[], T], queries: int) -> T:
    """The answer, which takes so many queries and on SQLite no more steps than a few rows need."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += COUNTED
        return 0

    connection.ensure_connection()
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        connection.connection.set_progress_handler(step, COUNTED)
    try:
        with CaptureQueriesContext(connection) as captured:
            answer = question()
    finally:
        if sqlite:
            connection.connection.set_progress_handler(None, 0)
    assert len(captured) <= queries, [one["sql"] for one in captured]
    assert steps < MOST, f"{steps} steps: {[one['sql'] for one in captured]}"
    return answer


def test_how_the_log_stands_is_known_at_once(long_log: None) -> None:
    policy("2")
    found = asked(standing.standing_of, 5)
    assert found.size == GONE + LONG + 2 and found.quorum == GONE + LONG + 1
    assert [one.size for one in found.witnesses] == [GONE + LONG + 1, GONE + LONG + 1, GONE]


def test_a_quorum_of_long_ago_is_found_where_its_last_witness_was_seen(long_log: None) -> None:
    policy("all")
    assert asked(standing.standing_of, 5).quorum == GONE
    row = asked(lambda: standing.witnessed_by_policy(most=LONG), 9)
    assert row is not None and row.size == GONE


def test_what_proofs_and_figures_need_is_found_at_once(
    long_log: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, top = 10, GONE + LONG + 1
    monkeypatch.setattr(proving, "folder_fetch", lambda folder: None)
    monkeypatch.setattr(proving, "inclusion", lambda fetch, size, place: [b"h" * 32])
    text = asked(lambda: proving._covering(place, ACTS), 3)
    assert text.split("\n")[1] == str(top) and text.count("\u2014 ") == 3
    assert asked(lambda: proving.proofs_of([]), 4).checkpoint == text
    told = asked(figures, 12)
    assert told["ledger_witnessed"][2] == top and told["ledger_signed"][2] == top + 1


def test_what_every_act_and_every_witness_asks_is_found_at_once(
    long_log: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    olds: list[int] = []

    def submit(url: str, key: Key, note: str, old: int, *rest: object) -> list[str]:
        olds.append(old)
        raise witnessing.Away("试")

    monkeypatch.setattr(witnessing, "submit", submit)
    row, rest = Checkpoint.objects.order_by("-size")[0], witnessing.Rest()
    for name in NAMES:
        witness = Witness(name, key_of(name), "http://127.0.0.1:1")
        asked(lambda witness=witness: witnessing._ask(witness, row, rest), 1)  # type: ignore[misc]
    assert olds == [GONE + LONG + 1, GONE + LONG + 1, GONE]
    assert not asked(clock.behind, 1)
    assert asked(health.unsigned_seconds, 2) == 0.0


def test_the_file_of_an_accepted_clock_is_read_only_while_the_clock_is_behind(
    sign_log: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make_keys()
    row = real(1, ())
    opened: list[int] = []
    monkeypatch.setattr(clock, "_accepted", lambda: opened.append(1))
    assert clock.latest() is None and opened == []
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.latest() == row.created and opened == [1]
