"""`make bench` still runs: what it measures is not asked here, only that each measurement comes out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installation import Installation

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "door": ["--clients", "2", "--rounds", "1", "--acts", "16"],
    "search": ["--rows", "400", "--rounds", "1"],
    "pages": [],
    "long_case": ["--rounds", "2", "--part", "10"],
}


@pytest.mark.parametrize(
    "module", [pytest.param(name, marks=() if name == "door" else pytest.mark.deep) for name in SMALL]
)
def test_a_measurement_comes_out(module: str, installation: Installation) -> None:
    (installation.data / "secret.key").write_text("bench" * 12)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *SMALL[module]],
        cwd=ROOT,
        env={**installation.env, "PYTHONPATH": "src:."},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1])
