"""`sanxiang tlog …` as its callers see it: JSON lines in, JSON lines out."""

import argparse
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanxiang.cli import ChineseParser
from sanxiang.commands import tlog
from sanxiang.ledger.tlog import note, proof, signing, sm2, tree

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ORIGIN = "log.example.test/2026"
SEED = b"s" * 32
VKEY = note.format_vkey(note.Key(ORIGIN, note.ED25519, note.public_key(SEED)))
CHECKPOINT = note.sign(note.checkpoint_text(ORIGIN, 8, bytes.fromhex(ROOT)), ORIGIN, SEED)

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """Send lines (bytes, or requests to write as JSON) to one sub-command; its answers."""

    def send(command: str, *requests: object) -> list[dict[str, Any]]:
        parser = ChineseParser(prog="sanxiang")
        tlog.add(parser.add_subparsers(dest="command"), argparse.ArgumentParser(add_help=False))
        lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in requests]
        monkeypatch.setattr(
            sys, "stdin", io.TextIOWrapper(io.BytesIO(b"".join(line + b"\n" for line in lines)))
        )
        args = parser.parse_args(["tlog", command])
        assert args.run(args) == 0
        answers = [json.loads(line) for line in capfdbinary.readouterr().out.decode("utf-8").splitlines()]
        assert len(answers) == len(lines)
        return answers

    return send


def one(ask: Ask, command: str, request: object) -> dict[str, Any]:
    return ask(command, request)[0]


def is_error(answer: dict[str, Any]) -> bool:
    """One Chinese sentence and nothing else."""
    return list(answer) == ["error"] and answer["error"].endswith("。") and answer["error"].count("。") == 1


def test_root(ask: Ask) -> None:
    assert ask(
        "root", {"leaves": LEAVES}, {"hash": "sha256", "leaves": []}, {"hash": "sm3", "leaves": []}
    ) == [
        {"root": ROOT},
        {"root": EMPTY},
        {"root": "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
    ]


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
def test_what_prove_answers_the_checks_accept(ask: Ask, hash: str) -> None:
    roots = [
        answer["root"] for answer in ask("root", *({"hash": hash, "leaves": LEAVES[:n]} for n in range(9)))
    ]
    proofs = ask("prove", *({"hash": hash, "leaves": LEAVES, "index": at} for at in range(8)))
    whole = {"hash": hash, "size": 8, "root": roots[8]}
    right = [
        {**whole, "index": at, "leaf": LEAVES[at], "proof": proof["proof"]} for at, proof in enumerate(proofs)
    ]
    assert ask("check-inclusion", *right) == [{"valid": True}] * 8
    assert ask("check-inclusion", *({**request, "leaf": "ff"} for request in right)) == [{"valid": False}] * 8
    proofs = ask("prove", *({"hash": hash, "leaves": LEAVES, "old": old} for old in range(9)))
    right = [
        {
            "hash": hash,
            "old": old,
            "new": 8,
            "old_root": roots[old],
            "new_root": roots[8],
            "proof": proof["proof"],
        }
        for old, proof in enumerate(proofs)
    ]
    assert ask("check-consistency", *right) == [{"valid": True}] * 9
    wrong = ({**request, "new_root": roots[7]} for request in right)
    # From the empty tree any root may follow, so the first of them is true all the same.
    assert [answer["valid"] for answer in ask("check-consistency", *wrong)] == [True] + [False] * 8


def test_proofs_name_the_lowest_hash_first(ask: Ask) -> None:
    assert one(ask, "prove", {"leaves": LEAVES, "index": 5})["proof"] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_well_formed_but_false_claims_are_invalid_not_errors(ask: Ask) -> None:
    leaf = tree.leaf_hash(b"x").hex()
    alone = {"size": 1, "index": 0, "leaf": "78", "root": leaf, "proof": []}
    assert (
        ask(
            "check-inclusion",
            alone,
            {**alone, "size": 0},
            {**alone, "index": 1},
            {**alone, "index": -1},
            {**alone, "size": 2**63},
            {**alone, "proof": [leaf]},
            {**alone, "root": leaf[2:]},
            {**alone, "size": 2, "proof": [leaf[2:]]},
            {**alone, "size": 0, "root": EMPTY},
        )
        == [{"valid": True}] + [{"valid": False}] * 8
    )


@pytest.mark.parametrize(
    ("command", "request_"),
    [
        ("prove", {"leaves": LEAVES, "index": 8}),
        ("prove", {"leaves": LEAVES, "index": -1}),
        ("prove", {"leaves": [], "index": 0}),
        ("prove", {"leaves": LEAVES, "old": 9}),
        ("prove", {"leaves": LEAVES, "index": True}),
        ("prove", {"leaves": LEAVES, "index": "1"}),
        ("prove", {"leaves": LEAVES, "index": 1.0}),
        ("prove", {"leaves": LEAVES}),
        ("prove", {"leaves": LEAVES, "index": 1, "old": 1}),
        ("root", {"hash": "md5", "leaves": []}),
        ("root", {"hash": 1, "leaves": []}),
        ("root", {"leaves": ["0"]}),
        ("root", {"leaves": ["AB"]}),
        ("root", {"leaves": ["0 0"]}),
        ("root", {"leaves": [1]}),
        ("root", {"leaves": "00"}),
        ("root", {}),
        ("root", []),
        ("root", b""),
        ("root", b"{"),
        ("root", b'{"leaves":[],"leaves":[]}'),
        ("root", b'{"leaves":[\xff]}'),
        ("root", b'{"leaves":' + b"[" * 100_000),
        ("root", b'{"leaves":' + b"9" * 10_000 + b"}"),
        ("check-inclusion", {"size": 1, "index": 0, "leaf": "zz", "root": EMPTY, "proof": []}),
        ("check-consistency", {"old": 1, "new": 2}),
        ("open-checkpoint", {"vkeys": ["nonsense"], "checkpoint": CHECKPOINT}),
        ("open-checkpoint", {"vkeys": VKEY, "checkpoint": CHECKPOINT}),
        ("open-checkpoint", {"vkeys": [VKEY]}),
        ("cosign", {"seed": "00", "name": "w", "time": 1, "checkpoint": CHECKPOINT}),
        ("cosign", {"seed": "00" * 32, "name": "w w", "time": 1, "checkpoint": CHECKPOINT}),
        ("cosign", {"seed": "00" * 32, "name": "\ud800", "time": 1, "checkpoint": CHECKPOINT}),
        ("cosign", {"seed": "00" * 32, "name": "w", "time": -1, "checkpoint": CHECKPOINT}),
        ("cosign", {"seed": "00" * 32, "name": "w", "time": 1, "checkpoint": "no note"}),
        ("bundle", {"entries": ["00" * 65_536]}),
        ("bundle", {"entries": ["00"] * 257}),
        ("tile-path", {"n": -1}),
        ("tile-path", {"n": 1, "width": 0}),
        ("tile-path", {"n": 1, "width": 257}),
        ("tile-path", {}),
        ("tiles", {"leaves_file": "no such file", "dir": "out"}),
        ("tiles", {"leaves_file": "\0", "dir": "out"}),
        ("canonical", {"text": '{"a":1,"a":2}'}),
        ("canonical", {"text": '"\ud800"'}),
        ("canonical", {"text": 1}),
        ("disclosure", {"salt": "s", "name": "n"}),
        ("disclosure", {"salt": "s", "name": "_sd", "value": 1}),
        ("disclosure", b'{"salt":"s","name":"n","value":1e999}'),
        ("proof-file", {"vkeys": [VKEY], "leaf": "0", "proof": ""}),
    ],
)
def test_an_impossible_request_is_answered_on_its_line(ask: Ask, command: str, request_: object) -> None:
    # The line after it is served as if nothing had been.
    good: dict[str, object] = {"text": "1", "leaves": [], "index": 0}
    refused, _ = ask(command, request_, good)
    assert is_error(refused), refused


def test_open_checkpoint(ask: Ask) -> None:
    nothing = {"valid": False, "origin": None, "size": None, "root": None}
    assert (
        ask(
            "open-checkpoint",
            {"vkeys": [VKEY], "checkpoint": CHECKPOINT},
            {"vkeys": [], "checkpoint": CHECKPOINT},
            {"vkeys": [VKEY], "checkpoint": CHECKPOINT.replace("\n8\n", "\n9\n")},
            {"vkeys": [VKEY], "checkpoint": CHECKPOINT.replace("\n8\n", "\n08\n")},
            {"vkeys": [VKEY], "checkpoint": "\ud800"},
        )
        == [{"valid": True, "origin": ORIGIN, "size": 8, "root": ROOT}] + [nothing] * 4
    )


def test_cosign_gives_a_line_that_opens(ask: Ask) -> None:
    request = {
        "seed": "07" * 32,
        "name": "witness.example.test",
        "time": 1_700_000_000,
        "checkpoint": CHECKPOINT,
    }
    line = one(ask, "cosign", request)["line"]
    assert line.startswith("— witness.example.test ") and "\n" not in line
    witness = note.Key("witness.example.test", note.COSIGNATURE_V1, note.public_key(b"\x07" * 32))
    opened = one(
        ask,
        "open-checkpoint",
        {"vkeys": [VKEY, note.format_vkey(witness)], "checkpoint": f"{CHECKPOINT}{line}\n"},
    )
    assert opened["valid"] is True


def test_bundle_and_tile_path(ask: Ask) -> None:
    assert one(ask, "bundle", {"entries": ["", "6162"]}) == {"bundle": "000000026162"}
    paths = ask(
        "tile-path", {"n": 1234067}, {"n": 273, "width": 112}, {"n": 0, "width": 256}, {"n": 0, "width": None}
    )
    assert [answer["path"] for answer in paths] == ["x001/x234/067", "273.p/112", "000", "000"]


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
def test_tiles(ask: Ask, tmp_path: Path, hash: str) -> None:
    leaves = [f"{at:04x}" for at in range(300)] + [""]
    (tmp_path / "leaves").write_text("\n".join(leaves) + "\n")
    request = {"hash": hash, "leaves_file": str(tmp_path / "leaves"), "dir": str(tmp_path / "new" / "log")}
    root = one(ask, "root", {"hash": hash, "leaves": leaves})["root"]
    assert one(ask, "tiles", request) == {"root": root, "files": 3}
    log = tmp_path / "new" / "log" / "tile"
    assert len((log / "0" / "000").read_bytes()) == 8192
    assert len((log / "0" / "001.p" / "45").read_bytes()) == 45 * 32
    edge = (log / "1" / "000.p" / "1").read_bytes()
    assert edge.hex() == one(ask, "root", {"hash": hash, "leaves": leaves[:256]})["root"]


def test_tiles_of_nothing_and_of_nonsense(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("")
    (tmp_path / "bad").write_text("00\nxy\n")
    request = {"dir": str(tmp_path / "log")}
    none, bad = ask("tiles", *({**request, "leaves_file": str(tmp_path / name)} for name in ("none", "bad")))
    assert none == {"root": EMPTY, "files": 0}
    assert is_error(bad) and "第 2 行" in bad["error"]


def test_canonical_and_disclosure(ask: Ask) -> None:
    assert one(ask, "canonical", {"text": '{"b":1.0,"a":"是"}'}) == {
        "utf8": '{"a":"是","b":1}'.encode().hex()
    }
    assert one(
        ask, "disclosure", {"salt": "_26bc4LT-ac6q2KI6cBW5es", "name": "family_name", "value": "Möbius"}
    ) == {
        "disclosure": "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
        "digest": "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
    }
    assert "disclosure" in one(ask, "disclosure", {"salt": "s", "name": "n", "value": None})


def test_proof_file(ask: Ask) -> None:
    path = tree.inclusion_proof([tree.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES], 5)
    hashes = "".join(note.encode_base64(value) + "\n" for value in path)
    text = f"c2sp.org/tlog-proof@v1\nindex 5\n{hashes}\n{CHECKPOINT}"
    right = {"vkeys": [VKEY], "leaf": LEAVES[5], "proof": text}
    nothing = {"valid": False, "index": None, "size": None}
    assert (
        ask(
            "proof-file",
            right,
            {**right, "leaf": LEAVES[4]},
            {**right, "proof": text.replace("index 5", "index 4")},
            {**right, "proof": "\ud800"},
            {**right, "vkeys": []},
        )
        == [{"valid": True, "index": 5, "size": 8}] + [nothing] * 4
    )


def test_it_starts_without_django_and_speaks_utf_8_everywhere() -> None:
    program = (
        "import sys, argparse\n"
        "from sanxiang.commands import tlog\n"
        "assert not [name for name in sys.modules if name.startswith('django')]\n"
        "parser = argparse.ArgumentParser()\n"
        "tlog.add(parser.add_subparsers(), argparse.ArgumentParser(add_help=False))\n"
        "args = parser.parse_args(['tlog', 'root'])\n"
        "sys.exit(args.run(args))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "gbk"}
    answered = subprocess.run(
        [sys.executable, "-c", program], input=b"{}\n", env=environment, capture_output=True, timeout=60
    )
    assert (answered.returncode, answered.stderr) == (0, b"")
    assert json.loads(answered.stdout.decode("utf-8")) == {"error": "请求缺少 leaves。"}


def test_it_answers_line_by_line() -> None:
    program = (
        "import argparse, sys\n"
        "from sanxiang.commands import tlog\n"
        "sys.exit(tlog.run(argparse.Namespace(tlog='tile-path')))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as talk:
        assert talk.stdin and talk.stdout
        for n in (1, 1000):
            talk.stdin.write(b'{"n":%d}\n' % n)
            talk.stdin.flush()
            assert json.loads(talk.stdout.readline())["path"].endswith(f"{n % 1000:03}")
        talk.stdin.close()
        assert talk.wait(timeout=60) == 0


def test_each_sub_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in tlog.COMMANDS:
        parser = ChineseParser(prog="sanxiang")
        tlog.add(parser.add_subparsers(dest="command"), argparse.ArgumentParser(add_help=False))
        with pytest.raises(SystemExit) as left:
            parser.parse_args(["tlog", command, "--help"])
        assert left.value.code == 0
        shown = capsys.readouterr().out
        assert "请求：" in shown and "回答：" in shown


def test_sm2_keys_are_as_good_as_ed25519_keys(ask: Ask) -> None:
    signer = signing.sm2_signer(ORIGIN, sm2.new_private())
    vkey = note.format_vkey(signer.key)
    leaf_root = tree.root([tree.leaf_hash(b"x", "sm3")], "sm3")
    checkpoint = note.signed(
        note.checkpoint_text(ORIGIN, 1, leaf_root), [signing.ed25519_signer(ORIGIN, SEED), signer]
    )
    opened = {"valid": True, "origin": ORIGIN, "size": 1, "root": leaf_root.hex()}
    closed = {"valid": False, "origin": None, "size": None, "root": None}
    request = {"hash": "sm3", "checkpoint": checkpoint}
    assert ask(
        "open-checkpoint",
        request | {"vkeys": [vkey]},
        request | {"vkeys": [VKEY]},
        request | {"vkeys": [VKEY, vkey]},
        request | {"vkeys": [vkey], "checkpoint": checkpoint.replace("\n1\n", "\n2\n")},
    ) == [opened, opened, opened, closed]
    assert is_error(one(ask, "open-checkpoint", request | {"vkeys": [vkey[:-4]]}))
    text = proof.format_proof(proof.Proof(0, (), checkpoint))
    proved = {"hash": "sm3", "vkeys": [vkey], "proof": text}
    assert ask("proof-file", proved | {"leaf": "78"}, proved | {"leaf": "79"}) == [
        {"valid": True, "index": 0, "size": 1},
        {"valid": False, "index": None, "size": None},
    ]
