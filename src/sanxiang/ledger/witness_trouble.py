"""Which witnesses of the policy refuse our log, and which could not be asked before this installation went on signing.

Kept in a file beside the log, for `doctor` and the public page are other processes than the one that asks.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.ledger.files import held, write
from sanxiang.ledger.logs import ACTS

FILE = "witness-trouble.json"


def _file() -> Path:
    data: Path = settings.DATA
    return data / FILE


def troubles() -> dict[str, dict[str, Any]]:
    """By the witness's name: `why`, a Chinese sentence; `at`, since when, ISO 8601; `refused`: it answered and did not sign;
    `unasked`: a process began to sign without having heard from it."""
    try:
        found: dict[str, dict[str, Any]] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def keep(name: str, why: str, refused: bool = False, unasked: bool = False) -> None:
    """Write down a trouble with a witness; one that is known already keeps its time."""
    with held(_lock()):
        known = troubles()
        before = known.get(name, {})
        told = {"why": why, "refused": refused, "unasked": unasked or before.get("unasked", False)}
        if told != {key: before.get(key) for key in told}:
            at = before.get("at") or datetime.now(UTC).isoformat()
            _write({**known, name: {**told, "at": at}})


def clear(name: str) -> None:
    """It has answered."""
    if name in troubles():
        with held(_lock()):
            _write({key: one for key, one in troubles().items() if key != name})


def _lock() -> Path:
    return ACTS.folder("sha256") / ".witness-trouble"


def _write(told: dict[str, dict[str, Any]]) -> None:
    if told:
        write(_file(), json.dumps(told, ensure_ascii=False).encode())
    else:
        _file().unlink(missing_ok=True)
