"""Which files of the data folder a backup takes, and what it keeps to itself about backups."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.ledger.files import sync, write
from sanxiang.ledger.halt import FILE as HALTED
from sanxiang.ledger.witness_trouble import FILE as TROUBLES

DIARY = "backups.json"
KEYS, SECRET, SEALS = "keys", "secret.key", "seals"
PUBLIC_KEYS = ("origin", "vkey", "vkey-sm3", "retired.jsonl")
"""Of the folder of keys: the log's name, its verifier keys and those that sign no more.
Without them nobody knows what a checkpoint is called."""

ELSEWHERE = {
    "static",
    "evidence",
    "papers",
    "incoming",
    "log",
    "log-sm3",
    "keys",
    "backups",
    "drills",
    "volumes",
    "seals",
    "open-data",
}
DERIVED = {DIARY, SECRET, "serve.log", TROUBLES}


def judged_anew(name: str) -> bool:
    """Is this why a log stood still? It says nothing of another place: a restore asks everybody again."""
    return name.startswith(HALTED) and name.endswith(".json")


def data_files() -> Iterator[tuple[str, Path]]:
    """Every file of the data folder that has no place of its own in a backup, by its name below the folder."""
    root: Path = settings.DATA
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        if here == root:
            folders[:] = [name for name in folders if name not in ELSEWHERE]
        folders.sort()
        for name in sorted(files):
            path = here / name
            top = here == root and (
                name in DERIVED or judged_anew(name) or name.startswith("sanxiang.sqlite3")
            )
            if not top and not name.startswith(".new-") and path.suffix != ".lock" and not path.is_symlink():
                yield path.relative_to(root).as_posix(), path


def key_files(private: bool) -> Iterator[tuple[str, Path]]:
    """The keys; those that sign and the one that keeps people signed in only if `private`."""
    root: Path = settings.DATA
    for path in sorted((root / KEYS).glob("*")):
        if path.is_file() and (private or path.name in PUBLIC_KEYS):
            yield f"{KEYS}/{path.name}", path
    for path in sorted((root / SEALS).glob("*")):
        if path.is_file() and (private or path.suffix == ".pem"):
            yield f"{SEALS}/{path.name}", path
    if private and (root / SECRET).is_file():
        yield SECRET, root / SECRET


def remember(what: str, told: dict[str, Any]) -> None:
    """Write down the last backup or drill, for `doctor` and the next drill."""
    root: Path = settings.DATA
    write(root / DIARY, json.dumps({**diary(), what: told}, ensure_ascii=False, indent=1).encode())
    sync(root)


def diary() -> dict[str, Any]:
    """What was written down; nothing where the file is not there or cannot be read."""
    root: Path = settings.DATA
    try:
        found = json.loads((root / DIARY).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def days_since(what: str, now: datetime) -> int | None:
    """Whole days since the last backup or drill; None where there was none."""
    try:
        return (now - datetime.fromisoformat(diary()[what]["at"])).days
    except (KeyError, TypeError, ValueError):
        return None


def drill_trouble() -> str:
    """Which backup the last drill could not restore, and why; "" where it could, or there was none."""
    last = diary().get("drill", {})
    if not last or last.get("ok"):
        return ""
    return f"最近一次恢复演练没有通过：{last.get('file', '')}" + (
        f"，{last['why']}" if last.get("why") else ""
    )
