"""R8 from outside: backed up, then erased by law, then restored: neither database nor files have the value any more."""

import gzip
import json
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beside import office_in
from installation import Installation

pytestmark = pytest.mark.deep

ERASE = """
import django, json, sys; django.setup()
from sanxiang.cases.models import Case
from sanxiang.door.perform import perform
from sanxiang.people.models import Person
told = json.load(sys.stdin)
case, people = told["cases"][0], {who: Person.objects.get(id=key) for who, key in told["people"].items()}
value = Case.objects.get(id=case).state["facts"]["party"]["phone"]
why = {"erasure_ground": "third", "erasure_basis": "《个人信息保护法》第四十七条第一款第一项", "reason": "本人申请"}
if sys.argv[1] == "erase":
    perform("propose-erasure", case, people["officer1"], {"erase_what": "party.phone", **why}, channel="test")
    perform("erase-data", case, people["agency-head"], {"erase_what": "party.phone", "opinion": "同意删除"}, channel="test")
print(json.dumps(value))
"""


def run_inside(place: Installation, told: dict[str, Any], verb: str) -> str:
    """Erase the party's telephone in the first case, or only tell it."""
    env = {**place.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ERASE, verb], env=env, input=json.dumps(told), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return str(json.loads(done.stdout))


def holding(folder: Path, value: str) -> list[str]:
    """The files below a folder in which the value stands, the database's own among them."""
    forms = {value.encode(), json.dumps(value)[1:-1].encode()}
    files = [one for one in folder.rglob("*") if one.is_file()]
    return [one.name for one in files if any(form in one.read_bytes() for form in forms)]


def test_a_restored_backup_has_nothing_of_what_was_erased(
    installations: Callable[[], Installation], installation: Installation, tmp_path: Path
) -> None:
    living = installations()
    told = office_in(living, 1)
    value = run_inside(living, told, "tell")
    backup = tmp_path / "one.tar"
    living.json("backup", str(backup))
    assert living.env["SANXIANG_DATABASE_URL"] or holding(living.data, value)
    run_inside(living, told, "erase")
    kept = (living.data / "erasures.jsonl").read_text(encoding="utf-8")
    assert "party.phone" in kept and value not in kept

    living.json("ledger", "export", str(tmp_path / "signed"))

    said = installations().run("restore", str(backup), "--erasures", str(doctored(kept, tmp_path))).stdout
    assert "\n核验通过" not in said and "除上面说的依法删除以外，核验通过" in said
    done = installation.json("restore", str(backup), "--erasures", str(doctored(kept, tmp_path)))
    assert done["verified"] and done["forgot"] and not done["vague"] and done["erased"]
    assert ["案由" in one for one in done["refused"]] == [True], "what the law keeps is refused by name"
    assert len(done["unordered"]) == 1
    found = installation.json("ledger", "verify", code=1)["faults"]
    assert [one["what"] for one in found] == ["erasure"], "the order was lost with the database"
    installation.run("ledger", "recover", "--from", str(living.data), "--accept")
    assert installation.json("ledger", "verify")["valid"], "its leaf is back"
    assert not holding(installation.data, value)
    installation.json("backup", str(tmp_path / "two.tar"))
    assert not in_backup(tmp_path / "two.tar", value) and in_backup(backup, value), (
        "nor any table, on either database"
    )


def doctored(kept: str, folder: Path) -> Path:
    """The list with a line more: that the cause of the case was erased, by an act that there never was."""
    line = {**json.loads(kept.splitlines()[0]), "what": "cause", "names": ["cause"], "by": str(uuid.uuid4())}
    file = folder / "doctored.jsonl"
    file.write_text(kept + json.dumps(line) + "\n", encoding="utf-8")
    return file


def in_backup(file: Path, value: str) -> bool:
    """Does any table in a backup have the value?"""
    with tarfile.open(file) as whole:
        pieces = [whole.extractfile(one) for one in whole.getmembers() if one.name.startswith("tables/")]
        return any(value in gzip.decompress(piece.read()).decode() for piece in pieces if piece)
