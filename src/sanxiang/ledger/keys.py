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

from sanxiang.ledger.tlog import sm2
from sanxiang.ledger.tlog.note import SM2, Key, check_name, checkpoint_text, format_vkey, parse_vkey, signed
from sanxiang.ledger.tlog.signing import Signer, command_signer, ed25519_signer, sm2_signer
from sanxiang.ledger.tlog.tree import empty_root

FOLDER, NAME, SEED, SM2_KEY, RETIRED = "keys", "origin", "ed25519", "sm2", "retired.jsonl"
VKEYS = {"sha256": "vkey", "sm3": "vkey-sm3"}
"""Where the verifier keys in force stand too: each outlives a lost private key, which then can still be retired by name."""
PRIVATES = {"sha256": SEED, "sm3": SM2_KEY}
ROTATE = {"sha256": "sanxiang ledger rotate", "sm3": "sanxiang ledger rotate --sm2"}

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
    # Where a verifier key was kept the private one is lost, not yet to be made: that is for `rotate`, which tells it.
    for hash, name in PRIVATES.items():
        if not (place / name).exists() and not (place / VKEYS[hash]).exists():
            _write(place / name, (secrets.token_bytes(32) if name == SEED else sm2.new_private()).hex())
    _keep_vkeys()


def _keep_vkeys() -> None:
    """Have the verifier keys in force beside the private ones, which may be lost one day."""
    for hash, name in VKEYS.items():
        if not (folder() / name).exists() and not lost(hash):
            _write(folder() / name, vkey(_named(hash), hash), 0o644)


def _named(hash: str) -> str:
    """The name of the acts' log or its twin."""
    return origin() if hash == "sha256" else f"{origin()}-sm3"


def made() -> bool:
    """Has the log a key, be it one that was lost since?"""
    return any((folder() / name).exists() for name in (SEED, VKEYS["sha256"]))


def make_missing(unsigned: bool) -> None:
    """Keys for an installation older than its log. Never where something was signed: a new key would hide that one is lost."""
    if unsigned and not (folder() / SEED).exists():
        make_keys()
    _keep_vkeys()


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


def _private(hash: str) -> bytes:
    file = folder() / PRIVATES[hash]
    try:
        if len(key := bytes.fromhex(file.read_text(encoding="utf-8").strip())) == KEY_SIZE:
            return key
        raise ValueError("应为 32 字节")
    except (OSError, ValueError) as error:
        told = f"账本密钥 {file} 读不出来。请从备份放回"
        if (folder() / VKEYS[hash]).exists():
            told += f"；没有备份的，用 {ROTATE[hash]} 换新密钥"
        raise Unsound(told) from error


def lost(hash: str = "sha256") -> bool:
    """True where the key in force cannot be read, or the one that is there is not the one that signed."""
    try:
        signer(_named(hash), hash)
    except Unsound:
        return True
    return False


def signer(name: str, hash: str = "sha256") -> Signer:
    """Who signs the checkpoints of a tree: Ed25519 for SHA-256; for SM3 the key in the folder, or the certified module
    named by SANXIANG_SM2_COMMAND and SANXIANG_SM2_PUBLIC. Raises Unsound, also where settings name another SM2 key than
    the one in force: it is changed by `rotate`, or its signatures would be nobody's."""
    if hash == "sha256":
        return ed25519_signer(name, _private(hash))
    found = _sm2_signer(name)
    kept = _kept_vkey(hash)
    if kept and parse_vkey(kept).public != found.key.public:
        raise Unsound(
            f"现在的 SM2 密钥（{'SANXIANG_SM2_PUBLIC' if _module() else folder() / SM2_KEY}）不是此前签名的那一把。"
            f"要换密钥的，请运行 {ROTATE[hash]}；没有要换的，请放回原来的密钥或者设置"
        )
    return found


def _module() -> str:
    """The program that holds the SM2 key; "" where the folder does."""
    return os.environ.get("SANXIANG_SM2_COMMAND", "")


def _sm2_signer(name: str) -> Signer:
    if not (command := _module()):
        return sm2_signer(name, _private("sm3"))
    try:
        public = bytes.fromhex(os.environ.get("SANXIANG_SM2_PUBLIC", ""))
        return command_signer(name, SM2, public, shlex.split(command))
    except ValueError as error:
        raise Unsound(f"SANXIANG_SM2_PUBLIC 不是有效的 SM2 公钥：{error}") from error


def _kept_vkey(hash: str) -> str:
    """The verifier key as it was kept; "" where none was, or where it cannot be read."""
    try:
        line = (folder() / VKEYS[hash]).read_text(encoding="utf-8").strip()
        parse_vkey(line)
    except (OSError, ValueError):
        return ""
    return line


def vkey(name: str, hash: str = "sha256") -> str:
    """The verifier key that is in force for a log of that name."""
    return format_vkey(signer(name, hash).key)


def in_force(name: str, hash: str = "sha256") -> Key:
    """The public key of `vkey`, as it was kept where the private one is kept elsewhere. Raises Unsound."""
    away = not (folder() / PRIVATES[hash]).exists() and not (hash == "sm3" and _module())
    if away and (line := _kept_vkey(hash)):
        return replace(parse_vkey(line), name=name)
    return signer(name, hash).key


def retiring(hash: str = "sha256") -> str:
    """The verifier key to be retired next: of the key in force or, where that is lost or the setting names its successor
    already, as it was kept. Raises Unsound."""
    try:
        return vkey(_named(hash), hash)
    except Unsound:
        if not (line := _kept_vkey(hash)):
            raise
        return line


def rotate(now: datetime, until: int | Mapping[str, int], hash: str = "sha256") -> tuple[str, str]:
    """Put a new key in the old one's place: the verifier keys, old and new. The old private key is gone.

    `until` is the size up to which the old one signed, of the acts' log or of each log: {"1": …, "2026": …}. A module has
    made its new key already, and SANXIANG_SM2_PUBLIC names it. Raises Unsound; CannotSign where the module gives no signature.
    """
    old, (new, private) = retiring(hash), _successor(hash)
    if new == old:
        raise Unsound(
            "SANXIANG_SM2_PUBLIC 还是现用的公钥。请先把 SANXIANG_SM2_COMMAND 和 SANXIANG_SM2_PUBLIC "
            f"改成新密钥的，再运行 {ROTATE[hash]}"
        )
    row = {"vkey": old, "until": until, "at": now.isoformat()} | ({} if hash == "sha256" else {"hash": hash})
    line = json.dumps(row, ensure_ascii=False)
    earlier = folder() / RETIRED
    text = earlier.read_text(encoding="utf-8") if earlier.exists() else ""
    _write(earlier, text + line)
    # Before the private key: whatever may have been signed, the kept line or a retired one says by whom.
    _write(folder() / VKEYS[hash], new, 0o644)
    if private:
        _write(folder() / PRIVATES[hash], private.hex())
    else:
        (folder() / PRIVATES[hash]).unlink(missing_ok=True)
    return old, new


def _successor(hash: str) -> tuple[str, bytes]:
    """A new verifier key and its private one, which is b"" where a module holds it; that it signs has been tried."""
    name = _named(hash)
    if hash == "sha256":
        private = secrets.token_bytes(KEY_SIZE)
        return format_vkey(ed25519_signer(name, private).key), private
    if _module():
        made = _sm2_signer(name)
        made.sign(checkpoint_text(name, 0, empty_root(hash)).encode())
        return format_vkey(made.key), b""
    private = sm2.new_private()
    return format_vkey(sm2_signer(name, private).key), private


def retired() -> list[dict[str, Any]]:
    """The keys that signed before, oldest first: verifier key, of which tree (`hash`), up to which size of the acts' log
    (`until`) and, if that was written down, of every log (`sizes`), when it was changed."""
    file = folder() / RETIRED
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [_row(json.loads(line)) for line in lines if line]


def _row(told: dict[str, Any]) -> dict[str, Any]:
    told, until = {"hash": "sha256", **told}, told["until"]
    return {**told, "until": until[ACTS], "sizes": until} if isinstance(until, dict) else told


def _under(name: str, row: Mapping[str, Any]) -> Key:
    """The yearly logs are signed with the acts' key under names of their own."""
    return replace(parse_vkey(row["vkey"]), name=name)


def _sized(row: Mapping[str, Any], log: str) -> int | None:
    """Up to which size of a log a retired key signed; None where nobody wrote that down."""
    if (sizes := row.get("sizes")) is not None:
        return int(sizes.get(log, 0))
    return int(row["until"]) if log == ACTS else None


def retired_sizes(name: str, log: int, hash: str = "sha256") -> dict[Key, int | None]:
    """The retired keys under a log's name, and up to which of its sizes each signed; None where nobody wrote that down.

    A change that was cut short leaves a line for the key that is still in force: that one is not retired.
    """
    found = {_under(name, row): _sized(row, str(log)) for row in retired() if row["hash"] == hash}
    if found and not lost(hash):
        found.pop(signer(name, hash).key, None)
    return found


def known_keys(name: str, hash: str = "sha256") -> list[Key]:
    """Every key whose signature under this log counts: the one in force, and the retired ones."""
    return [in_force(name, hash), *(_under(name, row) for row in retired() if row["hash"] == hash)]


def vkey_lines() -> list[str]:
    """The verifier keys: the Ed25519 key in force first and alone on its line, then the twin's, then those that signed before."""
    lines = [format_vkey(in_force(_named(hash), hash)) for hash in VKEYS]
    # A change that was cut short has written of the key in force that it is retired.
    return lines + [_retired_line(row["vkey"], row["until"]) for row in retired() if row["vkey"] not in lines]


def _retired_line(line: str, until: int | None) -> str:
    return f"{line} # 已停用" + (f"，签过第 {until} 条以前的检查点" if until is not None else "")


def every_vkey_line() -> list[str]:
    """`vkey_lines`, and the same of each year's log of looks that is served: its keys bear its own name."""
    place: Path = settings.DATA / "log" / "access"
    years = sorted(one.parent.name for one in place.glob("[0-9][0-9][0-9][0-9]/checkpoint"))
    return vkey_lines() + [line for year in years for hash in VKEYS for line in _access_lines(year, hash)]


def _access_lines(year: str, hash: str) -> list[str]:
    name = f"{origin()}/access/{year}" + ("" if hash == "sha256" else "-sm3")
    sizes = retired_sizes(name, int(year), hash)
    return [
        f"{format_vkey(in_force(name, hash))} # {year} 年调阅账本",
        *(_retired_line(format_vkey(key), until) for key, until in sizes.items() if until != 0),
    ]


def empty_checkpoint(name: str) -> str:
    """The signed checkpoint of a log that has no entry yet."""
    return signed(checkpoint_text(name, 0, empty_root()), [signer(name)])
