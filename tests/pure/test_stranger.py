"""The shell script that a stranger gets, in the shells and with the tools that are here: it accepts what is good, and refuses each
way in which a proof is spoiled, as `tlog proof-file` does."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from openssl import needs_openssl
from proof_spoilers import HARMLESS, SPOILERS
from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.proof import Proof, format_proof
from sanxiang.ledger.tlog.stranger import SCRIPT

pytestmark = needs_openssl

NAME = "log.example.test/2026"
SEED = b"s" * 32
KEY = note.Key(NAME, note.ED25519, note.public_key(SEED))
VKEY = note.format_vkey(KEY)
SHELLS = [[path] for shell in ("dash", "bash") if (path := shutil.which(shell))] or [["/bin/sh"]]
if busybox := shutil.which("busybox"):
    SHELLS.append([busybox, "sh"])


def leaf(at: int) -> bytes:
    return b'{"n":%d}' % at


def proof_of(at: int, size: int = 21) -> str:
    hashes = [tree.leaf_hash(leaf(one)) for one in range(size)]
    checkpoint = note.sign(note.checkpoint_text(NAME, size, tree.root(hashes)), NAME, SEED)
    return format_proof(Proof(at, tuple(tree.inclusion_proof(hashes, at)), checkpoint))


def told(folder: Path, proof: str | bytes, at: int, vkey: str = VKEY, shell: list[str] = SHELLS[0]) -> str:
    """What the script says, once its exit code fits that."""
    (folder / "check.sh").write_text(SCRIPT, encoding="utf-8")
    (folder / "a.tlog-proof").write_bytes(proof if isinstance(proof, bytes) else proof.encode())
    (folder / "a.leaf").write_bytes(leaf(at))
    words = [*shell, "check.sh", "a.tlog-proof", "a.leaf", vkey]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:2]) in ((0, "成立"), (1, "不成")), done
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS, ids=lambda words: Path(words[-1]).name)
def test_each_entry_holds_and_no_other(tmp_path: Path, shell: list[str]) -> None:
    for at, size in ((0, 1), (6, 7), (8, 21)):
        said = told(tmp_path, proof_of(at, size), at, shell=shell)
        assert f"第 {at} 条" in said and f"共 {size} 条" in said
    assert "对不上" in told(tmp_path, proof_of(8), 9, shell=shell)


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_what_our_own_command_refuses_it_refuses(tmp_path: Path, spoiler: str) -> None:
    said = told(tmp_path, SPOILERS[spoiler](proof_of(5)), 5)
    assert said.startswith("不成立："), said


@pytest.mark.parametrize("other", HARMLESS)
def test_what_the_formats_allow_it_accepts(tmp_path: Path, other: str) -> None:
    assert told(tmp_path, HARMLESS[other](proof_of(5)), 5).startswith("成立")


def test_an_octal_index_is_no_index(tmp_path: Path) -> None:
    assert told(tmp_path, proof_of(8).replace("index 8", "index 010"), 8).startswith("不成立：")


def test_only_a_key_that_is_one_is_taken(tmp_path: Path) -> None:
    other = note.format_vkey(note.Key(NAME, note.ED25519, note.public_key(bytes(32))))
    name, id, encoded = VKEY.split("+", 2)
    for vkey in (other, "", NAME, f"{name}+{id}", f"{name}+{id}+{encoded[:-4]}", f"{name}+{id[::-1]}+{encoded}",
                 f"{name}+{id.upper()}+{encoded}", f"x{VKEY}", f"{VKEY} ", f"{VKEY}AAAA", f"+{id}+{encoded}"):  # fmt: skip
        assert told(tmp_path, proof_of(5), 5, vkey).startswith("不成立："), vkey


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    good = proof_of(5).encode()
    for more in (b"\x00", b"\xe2\x80\x94 o\x00r AAAAAAA=\n", b"\xe2\x80\x94 o\xffr AAAAAAA=\n"):
        assert told(tmp_path, good + more, 5).startswith("不成立：")


@pytest.mark.parametrize("shell", SHELLS, ids=lambda words: Path(words[-1]).name)
def test_without_its_files_it_says_how_it_is_called(tmp_path: Path, shell: list[str]) -> None:
    (tmp_path / "check.sh").write_text(SCRIPT, encoding="utf-8")
    for words in ([], ["nowhere", "nowhere", VKEY]):
        done = subprocess.run(
            [*shell, "check.sh", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        said = "没有核验：没有文件 nowhere" if words else "用法："
        assert done.returncode == 2 and done.stderr.startswith(said)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["a.tlog-proof", "a.leaf", VKEY], "要 3.0 以上（现在是 OpenSSL 1.1.1"),
        (["a.tlog-proof", "none.leaf", VKEY], "没有文件 none.leaf"),
        (["a.tlog-proof"], "用法"),
    ],
    ids=["an old openssl", "no file", "no words"],
)
def test_where_it_cannot_check_it_calls_nothing_false(tmp_path: Path, words: list[str], why: str) -> None:
    """An openssl before 3.0 knows no `pkeyutl -rawin`: that its verification fails says nothing of the proof."""
    told(tmp_path, proof_of(5), 5)
    old = tmp_path / "bin" / "openssl"
    old.parent.mkdir()
    old.write_text(
        '#!/bin/sh\n[ "$1" = version ] && echo "OpenSSL 1.1.1k  25 Mar 2021" && exit\n'
        '[ "$2" = -help ] && echo " -verify  Verify with public key" >&2\nexit 1\n'
    )
    old.chmod(0o755)
    env = {"PATH": f"{old.parent}:{os.environ['PATH']}"}
    run = ["sh", "check.sh", *words]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 2 and why in done.stderr and not done.stdout
