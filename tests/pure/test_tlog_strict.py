"""Where implementations differ `sanxiang tlog` takes the strict side (trust.md §1.7): known answers, good and bad, by the command."""

import base64
import json
import subprocess
import sys
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gmssl import func, sm3

from sanxiang.ledger.tlog import note, tree

# The tree that certificate transparency's implementations have been tested with since RFC 6962; its last root is known.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
ORIGIN, SEED, OTHER = "log.example.test/2026", b"\x05" * 32, b"\x06" * 32
HASHES = ("sha256", "sm3")


def ask(command: str, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of one process, a line each."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    words = [sys.executable, "-m", "sanxiang", "tlog", command]
    done = subprocess.run(words, input=lines, capture_output=True, text=True, check=True, encoding="utf-8")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(requests)
    return answers


def strange_sm3(data: bytes) -> bytes:
    """SM3 by somebody else."""
    return bytes.fromhex(sm3.sm3_hash(func.bytes_to_list(data)))


def test_the_known_tree_has_its_root_and_over_sm3_the_one_that_gmssl_finds() -> None:
    level = [strange_sm3(b"\0" + bytes.fromhex(leaf)) for leaf in LEAVES]
    while len(level) > 1:
        level = [strange_sm3(b"\1" + level[at] + level[at + 1]) for at in range(0, len(level), 2)]
    answers = ask("root", [{"hash": hash, "leaves": LEAVES} for hash in HASHES])
    assert answers == [{"root": ROOT}, {"root": level[0].hex()}]


def test_no_proof_is_one_hash_too_long_or_too_short_or_of_another_place() -> None:
    """Every place of every size up to 8, both hashes: the proof itself, then each way in which it may be wrong."""
    good, bad = [], []
    for hash in HASHES:
        hashed = [tree.leaf_hash(bytes.fromhex(leaf), hash) for leaf in LEAVES]
        for size in range(1, 9):
            root = tree.root(hashed[:size], hash).hex()
            for index in range(size):
                proof = [one.hex() for one in tree.inclusion_proof(hashed[:size], index, hash)]
                asked = {
                    "hash": hash,
                    "size": size,
                    "index": index,
                    "leaf": LEAVES[index],
                    "root": root,
                    "proof": proof,
                }
                good.append(asked)
                bad += [
                    {**asked, "proof": [*proof, "00" * 32]},
                    {**asked, "proof": ["00" * 32, *proof]},
                    {**asked, "index": size},
                    {**asked, "index": size + index},
                    {**asked, "size": 0},
                    {**asked, "size": 2**63},
                    {**asked, "size": 2**63, "index": 2**63 - 1},
                    {**asked, "root": root[2:]},
                    {**asked, "leaf": LEAVES[index] + "00"},
                ]
                bad += [{**asked, "proof": proof[:-1]}, {**asked, "proof": proof[1:]}] if proof else []
                bad += [{**asked, "index": index ^ 1}] if size > 1 else []
                bad += [{**asked, "proof": [proof[0][2:], *proof[1:]]}] if proof else []
    assert all(answer == {"valid": True} for answer in ask("check-inclusion", good))
    answers = ask("check-inclusion", bad)
    assert len(bad) > 600 and [bad[i] for i, answer in enumerate(answers) if answer != {"valid": False}] == []


def test_no_consistency_but_the_one_there_is() -> None:
    good, bad = [], []
    for hash in HASHES:
        hashed = [tree.leaf_hash(bytes.fromhex(leaf), hash) for leaf in LEAVES]
        roots = [tree.root(hashed[:size], hash).hex() for size in range(9)]
        for new in range(9):
            for old in range(new + 1):
                proof = [one.hex() for one in tree.consistency_proof(hashed[:new], old, hash)]
                told = {"old": old, "new": new, "old_root": roots[old], "new_root": roots[new]}
                asked = {"hash": hash, **told, "proof": proof}
                good.append(asked)
                bad += [
                    {**asked, "proof": [*proof, "00" * 32]},
                    {**asked, "old_root": "00" * 32},
                    {**asked, "old": new + 1},
                    {**asked, "new": 2**63},
                ]
                bad += [{**asked, "proof": proof[:-1]}, {**asked, "new_root": "00" * 32}] if proof else []
    assert all(answer == {"valid": True} for answer in ask("check-consistency", good))
    answers = ask("check-consistency", bad)
    assert [bad[i] for i, answer in enumerate(answers) if answer != {"valid": False}] == []


def key_of(seed: bytes, name: str = ORIGIN) -> note.Key:
    return note.Key(name, note.ED25519, note.public_key(seed))


def line_of(text: str, seed: bytes = SEED, name: str = ORIGIN, signature: bytes | None = None) -> str:
    """A signature line over any text whatever: ours would not sign what is malformed."""
    made = signature or Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"— {name} {base64.b64encode(key_of(seed, name).id + made).decode()}\n"


def signed(text: str) -> str:
    """A text with a good line under it."""
    return f"{text}\n{line_of(text)}"


def head(size: str = "8", root: str | None = None, origin: str = ORIGIN) -> str:
    """A checkpoint's text."""
    return f"{origin}\n{size}\n{root or base64.b64encode(bytes.fromhex(ROOT)).decode()}\n"


def encoded(length: int) -> str:
    return base64.b64encode(b"\x01" * length).decode()


GOOD = head()
EMPTY = base64.b64encode(tree.empty_root()).decode()
LOOSE = base64.b64encode(bytes.fromhex(ROOT)).decode()
LOOSE = LOOSE[:-2] + chr(ord(LOOSE[-2]) + 1) + "="
"""The same 32 bytes, but for bits that are thrown away."""

ACCEPTED = {
    "as it should be": signed(GOOD),
    "an extension line": signed(GOOD + "more\n"),
    "the largest size": signed(head(str(2**63 - 1))),
    "an empty tree": signed(head("0", EMPTY)),
    "a line of an unknown key": f"{signed(GOOD)}{line_of(GOOD, OTHER, 'stranger.example.test')}",
    "an unknown key's line that fails": f"{signed(GOOD)}{line_of(GOOD, OTHER, 'stranger.example.test', b'x' * 64)}",
    "our name, an unknown key": f"{signed(GOOD)}{line_of(GOOD, OTHER)}",
}
REFUSED = {
    "a zero before the size": signed(head("08")),
    "a plus before the size": signed(head("+8")),
    "a negative size": signed(head("-8")),
    "a blank behind the size": signed(head("8 ")),
    "a size in other digits": signed(head("８")),
    "a size in hexadecimal": signed(head("0x8")),
    "a size of two to the 63": signed(head(str(2**63))),
    "no size": signed(head("")),
    "a root of 31 bytes": signed(head(root=encoded(31))),
    "a root of 33 bytes": signed(head(root=encoded(33))),
    "a root of 64 bytes": signed(head(root=encoded(64))),
    "loose bits in the root": signed(head(root=LOOSE)),
    "no padding in the root": signed(head(root=encoded(32).rstrip("="))),
    "the other alphabet in the root": signed(head(root=encoded(32).replace("Q", "_"))),
    "an empty tree with a root": signed(head("0")),
    "another origin than the key's name": signed(head(origin="other.example.test/log")),
    "only two lines": signed(f"{ORIGIN}\n8\n"),
    "an empty extension line": signed(GOOD + "\n"),
    "lines that end in CR LF": signed(GOOD.replace("\n", "\r\n")),
    "no line of ours": f"{GOOD}\n{line_of(GOOD, OTHER, 'stranger.example.test')}",
    "no line at all": f"{GOOD}\n",
    "a line that fails": f"{GOOD}\n{line_of(GOOD, signature=b'x' * 64)}",
    "one line of ours that holds and one that fails": f"{signed(GOOD)}{line_of(GOOD, signature=b'x' * 64)}",
    "a line that is over something else": f"{GOOD}\n{line_of(head('9'))}",
    "a short signature": f"{GOOD}\n{line_of(GOOD, signature=b'x' * 63)}",
    "a hyphen for the dash": signed(GOOD).replace("— ", "- "),
    "no newline at the end": signed(GOOD)[:-1],
    "something behind the lines": signed(GOOD) + "x\n",
}


@pytest.mark.parametrize("hash", HASHES)
def test_checkpoints_good_and_bad(hash: str) -> None:
    vkey = note.format_vkey(key_of(SEED))

    def asked(cases: dict[str, str]) -> dict[str, bool]:
        requests = [{"hash": hash, "vkeys": [vkey], "checkpoint": text} for text in cases.values()]
        return dict(zip(cases, (a["valid"] for a in ask("open-checkpoint", requests)), strict=True))

    accepted = asked(ACCEPTED)
    assert accepted.pop("an empty tree") == (hash == "sha256"), "the empty root is the hash's own"
    assert all(accepted.values()), accepted
    assert not any(asked(REFUSED).values()), asked(REFUSED)


def test_one_failing_line_of_several_given_keys_is_enough() -> None:
    vkeys = [note.format_vkey(key_of(SEED)), note.format_vkey(key_of(OTHER, "other.example.test"))]
    bad = line_of(GOOD, OTHER, "other.example.test", b"x" * 64)
    good = line_of(GOOD, OTHER, "other.example.test")
    texts = [signed(GOOD), signed(GOOD) + good, signed(GOOD) + bad]
    answers = ask("open-checkpoint", [{"vkeys": vkeys, "checkpoint": text} for text in texts])
    assert [answer["valid"] for answer in answers] == [True, True, False]
