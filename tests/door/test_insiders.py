"""What the owner of the database can do, with and without the log's stolen key: who finds it, and where it points (trust.md §3.5 R)."""

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from logged import brought_up, command, copied, forget, own_data, resign, rewrite
from play import Clock, Play, make_office
from sanxiang.cases.models import Evidence
from sanxiang.cases.papers.typeset import path_of
from sanxiang.ledger.halt import Halted
from sanxiang.ledger.logs import HASHES
from sanxiang.ledger.models import Act, Checkpoint, Entry, Opening, Pending, Sequence
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import sequence_once
from sanxiang.ledger.tlog import witness_store, witnessing
from sanxiang.ledger.tlog.note import open_checkpoint, parse_vkey
from sanxiang.ledger.tlog.tile_proofs import consistency, folder_fetch
from sanxiang.ledger.tlog.tree import Frontier, check_consistency, grow, leaf_hash
from sanxiang.ledger.tlog.witnesses import request_body
from side_stories import BOOK, photo, step

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000


@dataclass(frozen=True)
class World:
    """A case that is over, its log, and what outsiders hold of it: an export, a proof, a witness's memory."""

    play: Play
    place: Path
    vkey: str
    size: int
    receipt: Path
    proof: Path
    witness: witness_store.Store

    @property
    def decision(self) -> Act:
        """The act that insiders would like to change."""
        return Act.objects.get(subject=self.play.case_id, name="decide")

    @property
    def index(self) -> int:
        """Its place in the log."""
        return Entry.objects.get(act=self.decision).idx


@pytest.fixture
def world(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two thirds of the acts are signed, seen by a witness and exported; the rest is signed after that."""
    own_data(tmp_path, monkeypatch)
    procedure, steps = BOOK["hearing"]
    before = next(i for i, s in enumerate(steps) if s.act == "interview")
    steps = [*steps[:before], step("add-evidence", "officer1", photo), *steps[before:]]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("publish")
    before_export = brought_up()
    export = tmp_path / "receipt"
    code, told = command("ledger", "export", str(export))
    size = told["entries"]
    assert code == 0 and size == before_export + 1, "and its own act"
    vkey = command("ledger", "vkey")[1]["vkey"]
    witness = witness_store.make_store(tmp_path / "witness", "witness.example.test")
    witness_store.add_log(witness, vkey, NOW)
    receipt, proof = tmp_path / "kept.checkpoint", tmp_path / "kept.tlog-proof"
    shutil.copy(export / "checkpoint", receipt)
    body = request_body(0, [], receipt.read_text(encoding="utf-8"))
    assert witnessing.add_checkpoint(witness, body, NOW)[0] == 200
    told_proof = command("ledger", "prove", str(Act.objects.get(subject=play.case_id, name="decide").id))[1]
    proof.write_text(told_proof["proof"], encoding="utf-8")
    play.until()
    assert brought_up() > size
    return World(play, tmp_path, vkey, size, receipt, proof, witness)


def faults_of(*words: str) -> list[dict[str, str]]:
    """What `ledger verify` says; the exit code goes with it."""
    code, told = command("ledger", "verify", *words)
    assert code == int(not told["valid"]) == int(bool(told["faults"]))
    found: list[dict[str, str]] = told["faults"]
    return found


def exported(world: World, name: str = "export") -> Path:
    """The log as it is now, for a stranger."""
    folder = world.place / name
    shutil.rmtree(folder, ignore_errors=True)
    assert command("ledger", "export", str(folder))[0] == 0
    return folder


def asked(world: World, folder: Path) -> tuple[int, str, bytes]:
    """What the witness answers to the log as it is now, with the best proof that the log can make."""
    text = (folder / "checkpoint").read_text(encoding="utf-8")
    head = open_checkpoint(text, [parse_vkey(world.vkey)])
    hashes = consistency(folder_fetch(folder), world.size, head.size) if head.size >= world.size else []
    return witnessing.add_checkpoint(world.witness, request_body(world.size, hashes, text), NOW + 60)


def refusals(world: World) -> list[str]:
    """What the witness keeps as evidence, the newest first."""
    (log,) = witness_store.watched(world.witness)
    return [refusal.why for refusal in log.refusals]


# ── without the key: the installation's own audit finds it ──────────────────────────────────────────────────


def update(world: World) -> str:
    Act.objects.filter(pk=world.decision.pk).update(label="作出不予处罚决定")
    return str(world.decision.pk)


def back_date(world: World) -> str:
    Act.objects.filter(pk=world.decision.pk).update(at=world.decision.at - timedelta(days=30))
    return str(world.decision.pk)


def rewritten(world: World) -> str:
    """The leaf and all that follows in the rows, but not the trees."""
    rewrite(world.decision, "opinion", "不予处罚")
    return f"条目 {world.index}"


def delete(world: World) -> str:
    act, index = world.decision, world.index
    for model in (Opening, Pending, Entry):
        model.objects.filter(act=act)._raw_delete(using="default")  # type: ignore[attr-defined]
    Act.objects.filter(pk=act.pk)._raw_delete(using="default")
    return f"条目 {index}"


def insert(world: World) -> str:
    forged = world.decision
    forged.pk, forged.n = uuid.UUID("00000000-0000-4000-8000-000000000001"), world.play.case.n + 1
    forged.save(force_insert=True)
    return str(forged.pk)


def swap(world: World) -> str:
    one, two = Entry.objects.filter(idx__in=(world.index, world.index + 1)).order_by("idx")
    Entry.objects.filter(idx__in=(one.idx, two.idx))._raw_delete(using="default")
    rows = [(one.idx, two), (two.idx, one)]
    Entry.objects.bulk_create([Entry(idx=i, act_id=e.act_id, leaf_hash=e.leaf_hash) for i, e in rows])
    return f"条目 {one.idx}"


def edit_opening(world: World) -> str:
    Opening.objects.filter(act=world.decision, name="opinion").update(value="不同意")
    return str(world.decision.pk)


def edit_evidence(world: World) -> str:
    row = Evidence.objects.get(case=world.play.case_id)
    Evidence.objects.filter(pk=row.pk).update(title="另一份证据")
    return str(row.pk)


def change_file(world: World) -> str:
    row = Evidence.objects.get(case=world.play.case_id)
    file = path_of(settings.EVIDENCE_ROOT, row.digest)
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    return str(row.pk)


def tile(world: World) -> str:
    file = max((settings.DATA / "log/tile/0/000.p").iterdir(), key=lambda path: int(path.name))
    hashes = file.read_bytes()
    file.write_bytes(hashes[:32] + bytes(32) + hashes[64:])
    return f"log/tile/0/000.p/{file.name}"


def root(world: World) -> str:
    Checkpoint.objects.filter(log=1, size=world.size).update(root="0" * 64)
    return f"在 {world.size} 条处的"


def roll_back(world: World) -> str:
    """The database as it was at the older checkpoint; the files know more."""
    later = Entry.objects.filter(idx__gte=world.size)
    Pending.objects.bulk_create([Pending(act_id=entry.act_id) for entry in later])
    later._raw_delete(using="default")
    Checkpoint.objects.filter(log=1, size__gt=world.size)._raw_delete(using="default")
    leaves = [bytes(leaf) for leaf in Entry.objects.order_by("idx").values_list("act__leaf", flat=True)]
    grown = {h: grow(Frontier(hash=h), (leaf_hash(leaf, h) for leaf in leaves)).peaks.hex() for h in HASHES}
    Sequence.objects.filter(id=1).update(size=world.size, frontier=grown)
    forget()
    for going_on in (sequence_once, publish):
        with pytest.raises(Halted, match="数据库被退回过"):
            going_on()
    return "log/checkpoint"


INSIDE: list[tuple[Callable[[World], str], tuple[tuple[str, str], ...]]] = [
    (update, (("database", "act"),)),
    (back_date, (("database", "act"),)),
    (rewritten, (("files", "tile"), ("files", "bundle"))),
    (delete, (("database", "sequence"),)),
    (insert, (("database", "act"),)),
    (swap, (("files", "tile"), ("files", "bundle"))),
    (edit_opening, (("database", "opening"),)),
    (edit_evidence, (("database", "evidence"),)),
    (change_file, (("database", "evidence"),)),
    (tile, (("files", "tile"),)),
    (root, (("database", "checkpoint"), ("database", "signature"))),
    (roll_back, (("files", "checkpoint"),)),
]
"""What is done, and by whom it must be found as what; each attack tells the words that must be in it."""


def test_the_audit_finds_what_is_done_without_the_key(world: World) -> None:
    assert faults_of() == []
    wrong = []
    for attack, finders in INSIDE:
        with copied(world.place):
            words = attack(world)
            faults = faults_of()
        named = {(f["by"], f["what"]) for f in faults if words in f["where"] + f["why"]}
        if not {*finders} <= named:
            told = json.dumps(faults[:6], ensure_ascii=False)
            wrong.append(f"{attack.__name__}: {words}: {named}: {told}")
    assert not wrong, "\n".join(wrong)
    assert faults_of() == []


# ── with the stolen key: everything fits itself; only who saw an older state finds it ───────────────────────


def another_history_of_the_same_size(world: World) -> None:
    """A decision changed, all links, roots, files and signatures made anew: the audit and a plain check of the files pass."""
    with copied(world.place):
        rewrite(world.decision, "opinion", "不予处罚")
        resign()
        assert faults_of() == [], "the database fits itself"
        folder = exported(world)
        assert faults_of(str(folder), "--vkey", world.vkey) == []
        (fork,) = faults_of(str(folder), "--vkey", world.vkey, "--old-checkpoint", str(world.receipt))
        assert (fork["what"], fork["by"]) == ("fork", "receipt") and str(world.size) in fork["where"]
        told = faults_of(str(folder), "--vkey", world.vkey, "--old-checkpoint", str(world.proof))
        assert {"entry"} <= {f["what"] for f in told}
        assert f"条目 {world.index}" in next(f["where"] for f in told if f["what"] == "entry")
        assert asked(world, folder)[0] == 422 and refusals(world)[0] == "unproven"
        assert {f["what"] for f in faults_of("--seen", str(world.receipt))} == {"fork"}
        assert f"条目 {world.index}" in "".join(f["where"] for f in faults_of("--seen", str(world.proof)))
    assert faults_of("--seen", str(world.receipt), "--seen", str(world.proof)) == []


def a_log_that_was_cut_and_signed_again(world: World) -> None:
    """Cut below what was seen: smaller than the receipt. Cut and grown again to the very size: another root there."""
    cut = world.size - 3
    with copied(world.place):
        rest = list(Entry.objects.filter(idx__gte=cut).order_by("-idx").values_list("act_id", flat=True))
        Entry.objects.filter(idx__gte=cut)._raw_delete(using="default")
        resign(cut)
        told = faults_of("--seen", str(world.receipt))
        assert ("rollback", "receipt") in {(f["what"], f["by"]) for f in told}
        smaller = (settings.DATA / "log/checkpoint").read_text(encoding="utf-8")
        assert witnessing.add_checkpoint(world.witness, request_body(0, [], smaller), NOW)[0] == 409
        assert refusals(world)[0] == "rollback"
        Entry.objects.bulk_create(
            [
                Entry(idx=cut + i, act_id=act, leaf_hash=Act.objects.get(id=act).leaf_hash)
                for i, act in enumerate(rest)
            ]
        )
        resign()
        folder = exported(world)
        assert {f["what"] for f in faults_of(str(folder), "--vkey", world.vkey)} == {"chain"}, (
            "even by the order"
        )
        told = faults_of(str(folder), "--vkey", world.vkey, "--seen", str(world.receipt))
        assert "fork" in {f["what"] for f in told}


def two_clients_are_shown_two_logs(world: World) -> None:
    """A split view: each of two folders is good by itself; the two clients, or one witness, find that they differ."""
    with copied(world.place):  # each export is an act of its own, so both begin at the same place
        one = exported(world, "one")
    with copied(world.place):
        rewrite(world.decision, "opinion", "不予处罚")
        resign()
        two = exported(world, "two")
    for folder in (one, two):
        assert faults_of(str(folder), "--vkey", world.vkey) == []
    for mine, other in ((one, two), (two, one)):
        (fork,) = faults_of(str(mine), "--vkey", world.vkey, "--seen", str(other / "checkpoint"))
        assert fork["what"] == "fork" and str(other / "checkpoint") in fork["where"]
    assert asked(world, one)[0] == 200
    size = open_checkpoint((one / "checkpoint").read_text(encoding="utf-8"), [parse_vkey(world.vkey)]).size
    text = (two / "checkpoint").read_text(encoding="utf-8")
    assert witnessing.add_checkpoint(world.witness, request_body(size, [], text), NOW + 61)[0] == 409
    assert refusals(world)[0] == "fork"


def a_client_with_an_old_proof_asks_the_served_tiles(world: World) -> None:
    """Without any database: an old checkpoint, the one that is served now, and the public hash tiles."""
    old = open_checkpoint(world.receipt.read_text(encoding="utf-8"), [parse_vkey(world.vkey)])

    def consistent() -> bool:
        text = (settings.DATA / "log/checkpoint").read_text(encoding="utf-8")
        new = open_checkpoint(text, [parse_vkey(world.vkey)])
        hashes = consistency(folder_fetch(settings.DATA / "log"), old.size, new.size)
        return check_consistency(old.size, new.size, old.root, new.root, hashes)

    assert consistent()
    with copied(world.place):
        rewrite(world.decision, "opinion", "不予处罚")
        resign()
        assert not consistent()


def test_who_signs_again_with_the_stolen_key_is_found(world: World) -> None:
    """By the witness and by whoever kept something, and by nobody else: that is why there must be outsiders."""
    another_history_of_the_same_size(world)
    a_log_that_was_cut_and_signed_again(world)
    a_client_with_an_old_proof_asks_the_served_tiles(world)
    two_clients_are_shown_two_logs(world)
