"""Programs that nobody here wrote read what we export: they accept it, and refuse every damaged copy (trust.md §1.7).

Go's `golang.org/x/mod/sumdb` (Debian), pymerkle, gmssl and sd-jwt. Time stamps are checked by `openssl ts` where they are made
(tests/door/test_witnessed_log.py), sigstore's Merkle module in `test_sigstore.py`, the file of a case by `bagit` in
tests/pages/test_dossier.py. Tessera's fsck, which no registry at hand has, was run by hand (docs/ledger.md).
"""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from gmssl import func, sm3
from gmssl.sm2 import CryptSM2
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from pymerkle import InmemoryTree, verify_inclusion
from sd_jwt.verifier import SDJWTVerifier

from beside import client, office_in
from bulk_log import make_bulk
from installation import Installation
from system import GO_PACKAGES, GO_SOURCES, go

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Exported:
    """Two exports of one installation, the second after more was done; and its keys."""

    place: Installation
    before: Path
    after: Path
    vkey: str
    sm3: str


@pytest.fixture(scope="module")
def exported(installations: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """An office with cases, exported by the command, once more after a decision."""
    made, folder = installations(), tmp_path_factory.mktemp("exports")
    told = office_in(made, 2)
    made.json("ledger", "export", str(folder / "before"))
    (folder / "go").touch()
    client(made, "decide", str(folder / "go"), stdin=json.dumps(told))
    made.json("ledger", "export", str(folder / "after"))
    keys = made.json("ledger", "vkey")
    return Exported(made, folder / "before", folder / "after", keys["vkey"], keys["sm3"])


@pytest.fixture(scope="session")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, compiled."""
    compiler = go()
    if compiler is None:
        pytest.skip(f"needs {' and '.join(GO_PACKAGES)} of Debian")
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "GOPATH": str(GO_SOURCES),
        "GO111MODULE": "off",
        "GOCACHE": str(folder / "cache"),
    }
    made = folder / "verifier"
    command = [str(compiler), "build", "-o", str(made), str(HERE / "verifier" / "main.go")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return made


def asked(verifier: Path, *words: str | Path) -> tuple[int, str]:
    """Exit code and what it says."""
    done = subprocess.run([str(verifier), *map(str, words)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout or done.stderr


def bundles(folder: Path) -> list[Path]:
    """The bundles in their order."""
    return sorted(p for p in (folder / "tile" / "entries").rglob("*") if p.is_file())


def entries(folder: Path) -> list[bytes]:
    """Every entry, read as the format says."""
    found: list[bytes] = []
    for path in bundles(folder):
        data = path.read_bytes()
        while data:
            length = int.from_bytes(data[:2], "big")
            found, data = [*found, data[2 : 2 + length]], data[2 + length :]
    return found


def test_go_accepts_an_export(verifier: Path, exported: Exported) -> None:
    code, said = asked(verifier, exported.after, exported.vkey)
    assert code == 0, said
    assert json.loads(said)["size"] == len(entries(exported.after)) > 20
    for index in (0, 7, len(entries(exported.before)) - 1):
        leaf = entries(exported.after)[index].hex()
        assert asked(verifier, exported.after, exported.vkey, "-include", str(index), leaf)[0] == 0
        assert asked(verifier, exported.after, exported.vkey, "-include", str(index + 1), leaf)[0] == 1
    assert asked(verifier, exported.after, exported.vkey, "-old", exported.before / "checkpoint")[0] == 0


def test_go_accepts_a_log_of_three_levels(verifier: Path, tmp_path: Path) -> None:
    """More than 65,536 entries, so that every kind of tile is there."""
    made = make_bulk(tmp_path / "log", 65_800, twin=False)
    code, said = asked(verifier, made.folder, made.vkey)
    assert code == 0 and json.loads(said)["size"] == 65_800, said


def changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def turned(at: int) -> Callable[[bytes], bytes]:
    """One bit over."""
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def lines(number: int, new: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """Another line in the place of one."""

    def change(data: bytes) -> bytes:
        all_lines = data.decode().split("\n")
        all_lines[number] = new(all_lines[number])
        return "\n".join(all_lines).encode()

    return change


def swapped(data: bytes) -> bytes:
    """The first two entries of a bundle in each other's place."""
    one = 2 + int.from_bytes(data[:2], "big")
    two = one + 2 + int.from_bytes(data[one : one + 2], "big")
    return data[one:two] + data[:one] + data[two:]


def of(pattern: str) -> Callable[[Path], Path]:
    """The first file of that form."""
    return lambda folder: next(p for p in sorted(folder.glob(pattern)) if p.is_file())


BUNDLE, TILE, HEAD = of("tile/entries/**/*"), of("tile/0/**/*"), of("checkpoint")
DAMAGES: dict[str, Callable[[Path], None]] = {
    "a bit of an entry": lambda f: changed(BUNDLE(f), turned(40)),
    "a length in a bundle": lambda f: changed(BUNDLE(f), turned(1)),
    "a bundle that ends early": lambda f: changed(BUNDLE(f), lambda data: data[:-1]),
    "an entry more": lambda f: changed(BUNDLE(f), lambda data: data + b"\0\x02{}"),
    "two entries swapped": lambda f: changed(BUNDLE(f), swapped),
    "no bundle": lambda f: BUNDLE(f).unlink(),
    "a bit of a tile": lambda f: changed(TILE(f), turned(100)),
    "a tile that ends early": lambda f: changed(TILE(f), lambda data: data[:-32]),
    "no tile": lambda f: TILE(f).unlink(),
    "a tile too many": lambda f: (f / "tile/0/007").write_bytes(bytes(8192)) and None,  # type: ignore[func-returns-value]
    "another root": lambda f: changed(HEAD(f), lines(2, lambda _: "A" * 43 + "=")),
    "another size": lambda f: changed(HEAD(f), lines(1, lambda size: str(int(size) - 1))),
    "a zero before the size": lambda f: changed(HEAD(f), lines(1, lambda size: "0" + size)),
    "another origin": lambda f: changed(HEAD(f), lines(0, lambda origin: origin + "x")),
    "a bit of the signature": lambda f: changed(HEAD(f), turned(-10)),
    "no signature": lambda f: changed(HEAD(f), lambda data: data[: data.index(b"\n\n") + 2]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_go_and_we_refuse_a_damaged_copy(
    verifier: Path, exported: Exported, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exported.after, folder)
    assert asked(verifier, folder, exported.vkey)[0] == 0
    DAMAGES[damage](folder)
    code, said = asked(verifier, folder, exported.vkey)
    assert code == 1, said
    told = exported.place.json("ledger", "verify", str(folder), "--vkey", exported.vkey, code=1)
    assert told["faults"] and not told["valid"]


def test_go_refuses_another_key_and_another_history(
    verifier: Path, exported: Exported, tmp_path: Path
) -> None:
    one, two = (make_bulk(tmp_path / str(seed), 300, twin=False, seed=seed) for seed in (1, 2))
    assert asked(verifier, one.folder, one.vkey)[0] == 0
    assert asked(verifier, one.folder, exported.vkey)[0] == 1
    assert asked(verifier, one.folder, one.vkey, "-old", two.folder / "checkpoint")[0] == 1
    told = exported.place.json(
        "ledger", "verify", str(one.folder), "--vkey", one.vkey, "--old-checkpoint", str(two.folder / "checkpoint"), code=1
    )  # fmt: skip
    assert [(fault["what"], fault["by"]) for fault in told["faults"]] == [("fork", "receipt")]


def test_pymerkle_makes_the_same_roots_and_proofs(exported: Exported) -> None:
    held = InmemoryTree(algorithm="sha256")
    for entry in entries(exported.after):
        held.append_entry(entry)
    for folder in (exported.before, exported.after):
        _, size, *_ = (folder / "checkpoint").read_text(encoding="utf-8").split("\n")
        found = exported.place.json("ledger", "verify", str(folder), "--vkey", exported.vkey)
        assert held.get_root(int(size)).hex() == found["root"]
    leaves = [entry.hex() for entry in entries(exported.after)]
    size = len(leaves)
    for index in (0, size // 2, size - 1):
        theirs = held.prove_inclusion(index + 1, size)
        verify_inclusion(held.get_leaf(index + 1), held.get_root(size), theirs)
        answer = exported.place.run("tlog", "prove", stdin=json.dumps({"leaves": leaves, "index": index}))
        assert json.loads(answer.stdout)["proof"] == [value.hex() for value in theirs.path[1:]]


def test_gmssl_checks_the_twin(exported: Exported) -> None:
    """The SM2 line under the twin's checkpoint, and the root over SM3 by another SM3."""
    text = (exported.after / "extra/log-sm3/checkpoint").read_text(encoding="utf-8")
    body, _, line = text.partition("\n\n")
    name, encoded = line.removeprefix("— ").strip().split(" ")
    signature = b64decode(encoded)[4:]
    public = b64decode(exported.sm3.split("+", 2)[2])[-65:]
    stranger = CryptSM2("", public.hex())
    assert body.startswith(name + "\n")
    assert stranger.verify_with_sm3(signature.hex(), f"{body}\n".encode())
    assert not stranger.verify_with_sm3(signature.hex(), f"{body}x\n".encode())

    def digest(data: bytes) -> bytes:
        return bytes.fromhex(sm3.sm3_hash(func.bytes_to_list(data)))

    level = [digest(b"\0" + entry) for entry in entries(exported.after)]
    while len(level) > 1:
        pairs = [digest(b"\1" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*pairs, *(level[-1:] if len(level) % 2 else [])]
    assert b64encode(level[0]).decode() == body.split("\n")[2]


OPENINGS = """
import django, json
django.setup()
from sanxiang.ledger.tlog.disclosure import disclose, ordered
from sanxiang.ledger.models import Act
act = Act.objects.exclude(kind="agency").order_by("-n")[0]
told = [[o.name, o.value, disclose(o.salt, o.name, ordered(o.value))[0]] for o in act.openings.all()]
print(json.dumps({"id": str(act.id), "openings": told}))
"""


def test_sd_jwt_opens_the_digests_of_a_leaf(exported: Exported) -> None:
    """A leaf's digests are RFC 9901's: put under a signature of any kind, a wallet's verifier opens each field that it is given."""
    env = {**exported.place.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    done = subprocess.run(
        [sys.executable, "-c", OPENINGS], env=env, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    leaf = next(leaf for leaf in map(json.loads, entries(exported.after)) if leaf["id"] == told["id"])
    key = JWK.generate(kty="EC", crv="P-256")
    signed = JWS(json.dumps({"_sd": leaf["d"], "_sd_alg": "sha-256", "iss": "any"}))
    signed.add_signature(key, None, json.dumps({"alg": "ES256"}))

    def opened(disclosures: list[str]) -> dict[str, Any]:
        text = "~".join([signed.serialize(compact=True), *disclosures, ""])
        payload: dict[str, Any] = SDJWTVerifier(text, lambda issuer, header: key).get_verified_payload()
        return {name: value for name, value in payload.items() if name != "iss"}

    assert opened([]) == {}
    all_openings = {name: value for name, value, _ in told["openings"]}
    assert len(all_openings) > 5 and opened([text for *_, text in told["openings"]]) == all_openings
    name, value, text = told["openings"][0]
    assert opened([text]) == {name: value}
    salt, *_ = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    forged = urlsafe_b64encode(json.dumps([salt, name, "别的"]).encode()).rstrip(b"=").decode()
    assert opened([forged]) == {}, "the salt is right and the value is not"
