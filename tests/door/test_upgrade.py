"""A database of an older version comes to this one with its rows: what can be known is filled in, nothing is guessed."""

import json
import subprocess
import sys
from pathlib import Path

from installation import Installation

PROGRAM = Path(__file__).resolve().parents[1] / "upgraded.py"


def test_old_rows_get_what_the_new_columns_ask(installation: Installation) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env=installation.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["where"] == {"case": "林", "one": "水", "both": None, "above": None, "console": None}
    assert told["keys"] == {"old": "old", "own": None}
    assert told["prints"] == [[3, "one", "升级前的打印登记转入", ""]], (
        "copies are entries of the log of looks"
    )
    assert told["guarded"], "the row changes by acts alone, as before"
