"""What the fault tests found, in one report: var/reports/faults.json, an object with a key for each test of trust.md §4.2."""

import fcntl
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from sanxiang.ledger.files import write

ROOT = Path(__file__).resolve().parent.parent.parent
REPORT = Path(os.environ.get("SANXIANG_FAULTS") or ROOT / "var" / "reports" / "faults.json")


def told(test: str, part: str = "", **figures: Any) -> None:
    """Put the figures of one test (`R1`), or of one part of it, in the place of its former ones; say them on stderr as well."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    with REPORT.with_suffix(".lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        report = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
        row = {**figures, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        if part:
            report.setdefault(test, {})[part] = row
        else:
            report[test] = row
        write(REPORT, json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n")
    print(f"{test} {part} {figures}", file=sys.stderr)


def engine() -> str:
    """The database of this run, for tests that run once on each."""
    return "postgresql" if os.environ.get("SANXIANG_DATABASE_URL") else "sqlite"


def count(name: str, ordinary: int) -> int:
    """How often: SANXIANG_<NAME> from the environment, otherwise the ordinary number of `make deep`."""
    return int(os.environ.get(f"SANXIANG_{name}") or ordinary)
