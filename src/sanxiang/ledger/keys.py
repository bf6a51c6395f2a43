"""The log's name and keys, kept in the data folder, readable by its owner only.

One installation, one log: the name is settled when the keys are made and never changes. A key may be changed; what the
retired one signed goes on verifying with its verifier key, which stays in `retired`.
"""

import json
import os
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.ledger import sm2
from sanxiang.ledger.note import SM2, Key, check_name, checkpoint_text, format_vkey, parse_vkey, signed
from sanxiang.ledger.signing import Signer, command_signer, ed25519_signer, sm2_signer
from sanxiang.ledger.tree import empty_root

FOLDER, NAME, SEED, SM2_KEY, RETIRED = "keys", "origin", "ed25519", "sm2", "retired.jsonl"
VKEY = "vkey"
"""Where the verifier key in force stands too: it outlives a lost private key, which then can still be retired by name."""

KEY_SIZE = 32
ACTS = "1"
"""The acts' log among the sizes up to which a retired key signed; the others go by their year."""
UNNAMED = "sanxiang.local/log"


class Unsound(Exception):
    """A key file that cannot be read; the message is a Chinese sentence."""


def folder() -> Path:
    """Where the keys lie."""
    place: Path = settings.DATA / FOLDER
    return place


def origin() -> str:
    """The log's name: what the data folder says; else, while it has none, SANXIANG_ORIGIN."""
    return _origin(folder() / NAME)


@lru_cache(maxsize=8)
def _kept(file: Path, changed: int) -> str:
    return file.read_text(encoding="utf-8").strip()


def _origin(file: Path) -> str:
    try:
        return _kept(file, file.stat().st_mtime_ns)
    except FileNotFoundError:
        return os.environ.get("SANXIANG_ORIGIN", UNNAMED)


def make_keys() -> None:
    """Make what is missing; what is there stays. The name is settled here, for ever."""
    place = folder()
    place.mkdir(mode=0o700, exist_ok=True)
    if not (place / NAME).exists():
        check_name(name := origin())
        _write(place / NAME, name)
    if not (place / SEED).exists():
        _write(place / SEED, secrets.token_bytes(32).hex())
    if not (place / SM2_KEY).exists():
        _write(place / SM2_KEY, sm2.new_private().hex())
    _keep_vkey()


def _keep_vkey() -> None:
    """Have the verifier key in force beside the private one, which may be lost one day."""
    if not (folder() / VKEY).exists() and not lost():
        _write(folder() / VKEY, vkey(origin()), 0o644)


def make_missing(unsigned: bool) -> None:
    """Keys for an installation older than its log. Never where something was signed: a new key would hide that one is lost."""
    if unsigned and not (folder() / SEED).exists():
        make_keys()
    _keep_vkey()


def _write(file: Path, text: str, mode: int = 0o600) -> None:
    """A new file, by default for the owner alone, on disk before anybody relies on it. Raises FileExistsError."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, file)
    sync = os.open(file.parent, os.O_RDONLY)
    os.fsync(sync)
    os.close(sync)


def _private(name: str) -> bytes:
    file = folder() / name
    try:
        if len(key := bytes.fromhex(file.read_text(encoding="utf-8").strip())) == KEY_SIZE:
            return key
        raise ValueError("应为 32 字节")
    except (OSError, ValueError) as error:
        told = f"账本密钥 {file} 读不出来。请从备份放回"
        if name == SEED and (folder() / VKEY).exists():
            told += "；没有备份的，用 sanxiang ledger rotate 换新密钥"
        raise Unsound(told) from error


def lost() -> bool:
    """True where the Ed25519 key in force cannot be read."""
    try:
        _private(SEED)
    except Unsound:
        return True
    return False


def signer(name: str, hash: str = "sha256") -> Signer:
    """Who signs the checkpoints of a tree: Ed25519 for SHA-256; for SM3 the key in the folder, or the certified module
    named by SANXIANG_SM2_COMMAND and SANXIANG_SM2_PUBLIC. Raises Unsound."""
    if hash == "sha256":
        return ed25519_signer(name, _private(SEED))
    command, public = os.environ.get("SANXIANG_SM2_COMMAND", ""), os.environ.get("SANXIANG_SM2_PUBLIC", "")
    if not command:
        return sm2_signer(name, _private(SM2_KEY))
    try:
        return command_signer(name, SM2, bytes.fromhex(public), shlex.split(command))
    except ValueError as error:
        raise Unsound(f"SANXIANG_SM2_PUBLIC 不是有效的 SM2 公钥：{error}") from error


def vkey(name: str, hash: str = "sha256") -> str:
    """The verifier key that is in force for a log of that name."""
    return format_vkey(signer(name, hash).key)


def retiring() -> str:
    """The verifier key to be retired next: of the key in force or, where that is lost, as it was kept. Raises Unsound."""
    try:
        return vkey(origin())
    except Unsound:
        try:
            line = (folder() / VKEY).read_text(encoding="utf-8").strip()
            parse_vkey(line)
        except (OSError, ValueError):
            line = ""
        if not line:
            raise
        return line


def rotate(now: datetime, until: int | Mapping[str, int]) -> tuple[str, str]:
    """Put a new Ed25519 key in the old one's place: the verifier keys, old and new. The old private key is gone.

    `until` is the size up to which the old one signed, of the acts' log or of each log: {"1": …, "2026": …}. Raises Unsound.
    """
    old, seed = retiring(), secrets.token_bytes(KEY_SIZE)
    line = json.dumps({"vkey": old, "until": until, "at": now.isoformat()}, ensure_ascii=False)
    earlier = folder() / RETIRED
    text = earlier.read_text(encoding="utf-8") if earlier.exists() else ""
    _write(earlier, text + line)
    # Before the private key: whatever may have been signed, the kept line or a retired one says by whom.
    _write(folder() / VKEY, new := format_vkey(ed25519_signer(origin(), seed).key), 0o644)
    _write(folder() / SEED, seed.hex())
    return old, new


def retired() -> list[dict[str, Any]]:
    """The keys that signed before, oldest first: verifier key, up to which size of the acts' log (`until`) and, if that was
    written down, of every log (`sizes`), when it was changed."""
    file = folder() / RETIRED
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [_row(json.loads(line)) for line in lines if line]


def _row(told: dict[str, Any]) -> dict[str, Any]:
    until = told["until"]
    return {**told, "until": until[ACTS], "sizes": until} if isinstance(until, dict) else told


def _under(name: str, row: Mapping[str, Any]) -> Key:
    """The yearly logs are signed with the acts' key under names of their own."""
    return replace(parse_vkey(row["vkey"]), name=name)


def retired_sizes(name: str, log: int, hash: str = "sha256") -> dict[Key, int | None]:
    """The retired keys under a log's name, and up to which of its sizes each signed; None where nobody wrote that down.

    A change that was cut short leaves a line for the key that is still in force: that one is not retired.
    """
    found: dict[Key, int | None] = {}
    for row in retired() if hash == "sha256" else []:
        sizes = row.get("sizes")
        until = row["until"] if str(log) == ACTS else None
        found[_under(name, row)] = int(sizes.get(str(log), 0)) if sizes is not None else until
    if found and not lost():
        found.pop(signer(name).key, None)
    return found


def known_keys(name: str, hash: str = "sha256") -> list[Key]:
    """Every key whose signature under this log counts: the one in force, and the retired ones. The twins' key never changes."""
    return [signer(name, hash).key, *([_under(name, row) for row in retired()] if hash == "sha256" else [])]


def vkey_lines() -> list[str]:
    """The verifier keys: the Ed25519 key in force first and alone on its line, then the twin's, then those that signed before."""
    lines = [vkey(origin()), vkey(f"{origin()}-sm3", "sm3")]
    return lines + [f"{row['vkey']} # 已停用，签过第 {row['until']} 条以前的检查点" for row in retired()]


def empty_checkpoint(name: str) -> str:
    """The signed checkpoint of a log that has no entry yet."""
    return signed(checkpoint_text(name, 0, empty_root()), [signer(name)])
