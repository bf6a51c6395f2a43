"""A process asks the witnesses how much they have seen before it gives out its first number; one that is away stops nobody."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from sanxiang.cli import main
from sanxiang.door import worker
from sanxiang.door.log.installation import record
from sanxiang.door.log.witnessing import Rest, witness_once
from sanxiang.ledger import asking, keys
from sanxiang.ledger.halt import Halted, halted, resume
from sanxiang.ledger.models import Checkpoint, Cosignature, Entry, Pending
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import sequence_all, sequence_once
from sanxiang.ledger.tlog import note, tree, witnesses
from sanxiang.ledger.tlog.witness_store import Store, add_log, make_store
from sanxiang.ledger.tlog.witnesses import request_body
from sanxiang.ledger.tlog.witnessing import Answer, add_checkpoint
from sanxiang.ledger.witness_trouble import troubles
from signed_log import Sign, forget

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000


class Outside:
    """The witness `sfj` of the policy, by its own rules, without the network: `down` requests from now on find nobody."""

    def __init__(self, store: Store) -> None:
        self.store, self.asked, self.down = store, 0, 0

    def post(self, address: str, body: bytes, timeout: float) -> Answer:
        self.asked += 1
        if self.down:
            self.down -= 1
            raise witnesses.Away("连不上见证人")
        return add_checkpoint(self.store, body, NOW)

    def shown(self, size: int) -> None:
        """Somebody with our key has shown it a log of so many other entries."""
        root = tree.root([tree.leaf_hash(f"other {at}".encode()) for at in range(size)])
        seed = bytes.fromhex((settings.DATA / "keys" / "ed25519").read_text())
        text = note.sign(note.checkpoint_text(keys.origin(), size, root), keys.origin(), seed)
        assert add_checkpoint(self.store, request_body(0, [], text), NOW)[0] == 200


@pytest.fixture
def outside(sign_log: Sign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Three acts are signed, nobody was asked yet by this process, and one more act waits."""
    for _ in range(3):
        record("noted", "记事", {})
    sign_log()
    store = make_store(tmp_path / "witness", "witness.example.gov.cn")
    ours = keys.vkey(keys.origin())
    add_log(store, ours, NOW)
    lines = (
        f"log {ours}",
        f"witness sfj {note.format_vkey(store.key)} http://sfj.example.gov.cn",
        "quorum sfj",
    )
    (settings.DATA / "policy").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    made = Outside(store)
    monkeypatch.setattr(witnesses, "_post", made.post)
    monkeypatch.setattr(asking, "AGAIN", 0.01)
    worker.SAID.clear()
    forget()
    record("noted", "记事", {})
    return made


def nothing_happened() -> bool:
    """No number was given out and nothing was signed."""
    return (Entry.objects.count(), Pending.objects.count(), Checkpoint.objects.count()) == (3, 1, 1)


def test_one_that_has_seen_more_stops_the_first_number(outside: Outside) -> None:
    outside.shown(7)
    with pytest.raises(Halted, match="见证人 sfj已经见过 7 条的账本，数据库只有 3 条"):
        sequence_once()
    assert nothing_happened()
    with pytest.raises(Halted):
        publish()
    assert outside.asked == 1, "once it stands still there is nothing to ask"


@pytest.mark.parametrize("size", [2, 3])
def test_one_that_has_seen_another_history_stops_it_too(outside: Outside, size: int) -> None:
    outside.shown(size)
    with pytest.raises(Halted, match=f"第 {size} 条以内不同"):
        sequence_once()
    assert nothing_happened()


@pytest.mark.parametrize("size", [2, 3, 9])
def test_the_loop_stops_where_a_witness_saw_it_later(outside: Outside, size: int) -> None:
    """The 422, the 409 with another root and the larger size, when a checkpoint is brought to it."""
    asking.ASKED.add(asking.ACTS.folder("sha256"))
    outside.shown(size)
    with pytest.raises(Halted, match=f"{size} 条"):
        witness_once(Rest())
    assert halted() is not None and halted()["source"] == "见证人 sfj"  # type: ignore[index]
    assert not Cosignature.objects.exists()


def test_it_is_asked_once_in_a_process(outside: Outside) -> None:
    assert sequence_all() == 1 and publish() == 4
    first = outside.asked
    record("noted", "记事", {})
    assert sequence_all() == 1 and publish() == 5
    assert outside.asked == first > 0 and troubles() == {}


def test_a_rotten_tile_of_ours_is_no_other_history(outside: Outside) -> None:
    assert witness_once(Rest()) == 1
    assert sequence_all() == 1 and publish() == 4
    for tile in (settings.DATA / "log" / "tile" / "0" / "000.p").iterdir():
        tile.write_bytes(bytes(len(tile.read_bytes())))
    assert witness_once(Rest()) == 0 and halted() is None


def finding(capsys: pytest.CaptureFixture[str], what: str = "账本见证") -> tuple[bool, str]:
    """What `doctor` says of it."""
    capsys.readouterr()
    main(["doctor", "--json", "--data", str(settings.DATA)])
    checks = json.loads(capsys.readouterr().out)["checks"]
    return next((one["ok"], one["text"]) for one in checks if one["what"] == what)


def test_one_that_is_away_stops_nobody_and_is_named_until_it_answers(
    outside: Outside, capsys: pytest.CaptureFixture[str], caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANXIANG_DATA", str(settings.DATA))
    (settings.DATA / "secret.key").write_text("x", encoding="utf-8")
    outside.down = 1
    assert sequence_all() == 1 and publish() == 4
    assert "没有问到见证人 sfj" in caplog.text
    ok, told = finding(capsys)
    assert not ok and "没有问到见证人 sfj" in told and "是否被退回过" in told
    assert witness_once(Rest()) == 1
    assert finding(capsys)[0]
    forget()
    outside.down = 1
    asking.ask_first()
    assert not finding(capsys)[0]
    assert witness_once(Rest()) == 0, "it has seen all there is, and is asked nevertheless"
    assert finding(capsys)[0]


def test_the_worker_waits_for_it_and_takes_acts_in_meanwhile(outside: Outside) -> None:
    outside.down = 3
    outside.shown(7)
    with pytest.raises(Halted):
        asking.ask_first(worker.PATIENCE)
    assert outside.asked == 4 and nothing_happened()


def test_the_worker_asks_before_its_first_number(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    noted: Callable[[str], None] = order.append

    def sequence() -> int:
        noted("number")
        worker.stop.set()
        return 0

    monkeypatch.setattr(worker, "ask_first", lambda seconds: noted(f"asked {seconds:g}"))
    monkeypatch.setattr(worker, "sequence_once", sequence)
    for quiet in ("signed", "signed_reads", "close_old_connections"):
        monkeypatch.setattr(worker, quiet, lambda: None)
    monkeypatch.setattr(worker, "stop", threading.Event())
    worker.run_forever()
    assert order == ["asked 10", "number"]


def test_no_policy_asks_nobody_and_no_database(
    outside: Outside, django_assert_num_queries: Callable[[int], Any]
) -> None:
    (settings.DATA / "policy").unlink()
    with django_assert_num_queries(0):
        asking.ask_first(worker.PATIENCE)
    assert outside.asked == 0
    resume()


def test_the_public_page_tells_of_a_halt_and_of_a_refusal(outside: Outside, client: Client) -> None:
    def page() -> str:
        return client.get("/log/").content.decode()

    assert witness_once(Rest()) == 1 and "notice-green" in page()
    assert sequence_all() == 1 and publish() == 4
    outside.store = make_store(settings.DATA / "other", "witness.example.gov.cn")
    assert witness_once(Rest()) == 0
    refused = page()
    assert "notice-amber" in refused and "见证人 sfj 拒绝见证" in refused and "前 3 条" in refused
    add_log(outside.store, keys.vkey(keys.origin()), NOW)
    outside.shown(9)
    with pytest.raises(Halted):
        witness_once(Rest())
    stopped = page()
    assert "notice-red" in stopped and "notice-green" not in stopped and "已停止签名" in stopped
    assert "9 条" in stopped and "sanxiang " not in stopped and str(settings.DATA) not in stopped
