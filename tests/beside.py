"""Programs beside an installation, from a test: an office with cases in it, and what the programs of tests/clients.py print."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from installation import Installation

CLIENTS = Path(__file__).resolve().parent / "clients.py"
BUREAU = "开原市司法局（试）"
PATIENCE = 3600
"""Seconds: hundreds of cases are prepared for the deep forms, on machines that do other things as well."""


def client(place: Installation, *words: str, stdin: str = "") -> str:
    """What a program beside the installation prints."""
    command = [sys.executable, str(CLIENTS), *words]
    done = subprocess.run(
        command, env=place.env, input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def run_inside(place: Installation, code: str) -> Any:
    """The JSON that a few lines print beside an installation, with the ledger's models at hand."""
    env = {**place.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    script = (
        "import django, json; django.setup()\nfrom django.utils import timezone\n"
        f"from sanxiang.ledger.models import *\n{code}"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def office_in(place: Installation, cases: int) -> dict[str, Any]:
    """Fill an empty installation with an office of 开原 and cases one step before their decision; tells who and which."""
    place.init("kaiyuan", BUREAU)
    told: dict[str, Any] = json.loads(client(place, "prepare", str(cases)))
    return told


def add_unit(place: Installation, name: str) -> None:
    """One more act: the bureau gets a unit."""
    text = json.dumps({"name": name, "kind": "brigade"}, ensure_ascii=False)
    place.json("admin", "add-unit", "--agency", BUREAU, "--input", "-", stdin=text)
