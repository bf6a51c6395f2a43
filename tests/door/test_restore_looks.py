"""The second log 调阅 after a restore: it stands still by itself, says its name, and gets back what the database lacks (I7)."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from beside import BUREAU, add_unit, run_inside
from installation import Installation

pytestmark = pytest.mark.deep

LOOK = """
from sanxiang.ledger.access import Read, record
from sanxiang.door.worker import numbered, signed_reads
for n in range({count}):
    record(Read(by=None, by_name="林青", kind="case", channel="page", result="served", reason="supervise"), timezone.now())
numbered(); signed_reads()
print(timezone.localdate().year)
"""
STATE = """
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Checkpoint
def signed(log):
    return max(Checkpoint.objects.filter(log=log).exclude(note="").values_list("size", flat=True), default=0)
print(json.dumps({
    "acts": signed(1), "looks": signed(timezone.localdate().year),
    "waiting": Access.objects.filter(idx=None).count(), "lost": Access.objects.filter(kind="lost").count(),
}))
"""
FORGED = """
from django.db import connection, transaction
from sanxiang.ledger.access import lost_mark
from sanxiang.ledger.access_row import Access
row = Access.objects.exclude(kind="lost").first()
with transaction.atomic(), connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_access'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    Access.objects.filter(pk=row.pk).update(
        kind="lost", by=None, by_name="", role="", reason="", text="", channel="", result="", salt="",
        watermark=lost_mark(row.year, row.idx))
print("1")
"""


def looked(place: Installation, count: int) -> int:
    """Somebody looks so often; everything that may be is numbered and signed. The year."""
    return int(run_inside(place, LOOK.format(count=count)))


@dataclass(frozen=True)
class Kept:
    """An installation that was backed up, and whose looks went on; the year of their log."""

    living: Installation
    file: Path
    year: int

    def beside(self, place: Installation) -> None:
        """Keep the folders of the logs, as where only the database was lost."""
        for name in ("log", "log-sm3"):
            shutil.copytree(self.living.data / name, place.data / name)


@pytest.fixture(scope="module")
def kept(installations: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two looks before the backup, three after it; no act after it."""
    place = installations()
    place.init("kaiyuan", BUREAU)
    looked(place, 2)
    file = tmp_path_factory.mktemp("backups") / "one.tar"
    place.json("ledger", "export", str(file.with_name("export")))
    place.json("backup", str(file))
    return Kept(place, file, looked(place, 3))


def test_looks_that_are_missing_stop_their_own_log_alone(kept: Kept, installation: Installation) -> None:
    place, name = installation, f"{kept.year}年调阅账本"
    kept.beside(place)
    told = place.json("restore", str(kept.file), "--no-erasures", "--no-verify")
    assert "已经见过 5 条的账本，数据库只有 2 条" in told["halted"]
    assert name in told["halted"] and not (place.data / "log-halted.json").exists()
    add_unit(place, "稽查中队")
    looked(place, 1)
    state = run_inside(place, STATE)
    assert (state["looks"], state["waiting"]) == (2, 1), "looks are recorded and wait"
    signed = int((place.data / "log" / "checkpoint").read_text().split("\n")[1])
    assert signed == state["acts"] > told["logs"][0]["size"]
    checks = {one["what"]: one for one in json.loads(place.run("doctor", "--json").stdout)["checks"]}
    assert not checks[name]["ok"] and "已停止编号和签名" in checks[name]["text"]

    listed = place.json("ledger", "recover", code=1)
    (looks,) = listed["looks"]
    assert not listed["missing"] and not listed["unknown"] and not looks["unknown"]
    assert [one["index"] for one in looks["missing"]] == [2, 3, 4]
    words = place.run("ledger", "recover").stdout
    assert f"{name}：数据库 2 条，外面见过 5 条" in words and "核对之后加 --accept 补回" in words

    done = place.json("ledger", "recover", "--accept")
    assert done["looks"][0]["accepted"] == 3 and done["accepted"] is None and not done["halted"]
    assert place.json("ledger", "verify")["valid"], "what was brought back lies in the files at once"
    looked(place, 1)
    assert run_inside(place, STATE) | {"acts": 0} == {"acts": 0, "looks": 7, "waiting": 0, "lost": 3}
    assert place.json("ledger", "verify")["valid"]
    run_inside(place, FORGED)
    found = place.json("ledger", "verify", code=1)["faults"]
    assert [one["why"] for one in found] == ["没有恢复的记录提到它"], "no entry can be made out to be lost"


def test_acts_that_are_missing_leave_the_looks_alone(kept: Kept, installation: Installation) -> None:
    """A halt from before said nothing of a log: it is that of the acts."""
    place = installation
    place.json("restore", str(kept.file), "--no-erasures", "--no-verify", "--seen", str(kept.living.data))
    told = {"source": "镜像", "outside": 9000, "inside": 1, "at": "2026-01-05T01:02:03+00:00"}
    (place.data / "log-halted.json").write_text(json.dumps(told), encoding="utf-8")
    done = place.json("ledger", "recover", "--accept", code=1)
    assert done["looks"][0]["accepted"] == 3, "the folder that was named at the restore is asked again"
    looked(place, 1)
    state = run_inside(place, STATE)
    assert (state["looks"], state["waiting"]) == (6, 0)
    refused = place.run("ledger", "export", str(place.data.parent / "never"))
    assert refused.returncode == 1 and "办理账本已停止编号和签名" in refused.stderr


def test_leaves_that_nobody_has_are_said_to_be_gone(kept: Kept, installation: Installation) -> None:
    place = installation
    kept.beside(place)
    shutil.rmtree(place.data / f"log/access/{kept.year}/tile/entries")
    place.json("restore", str(kept.file), "--no-erasures", "--no-verify")
    told = place.json("ledger", "recover", "--accept", code=1)
    (looks,) = told["looks"]
    assert looks["unknown"] == [2, 4] and not looks["missing"] and looks["accepted"] is None
    words = place.run("ledger", "recover").stdout
    assert "第 2 至 4 条的内容没有找到" in words and "调阅照常记录" in words
    looked(place, 1)
    assert run_inside(place, STATE)["looks"] == 2


def test_what_nobody_was_asked_about_waits_for_the_operators_word(
    kept: Kept, installation: Installation
) -> None:
    """Neither witness nor folder: the restored installation signs nothing before somebody answers for it."""
    place = installation
    words = place.run("restore", str(kept.file), "--no-erasures", "--no-verify").stdout
    assert "没有人可问" in words and "停掉原来的服务" in words and "--nobody-saw-more" in words
    assert "办理账本" in words and f"{kept.year}年调阅账本" in words
    add_unit(place, "稽查中队")
    refused = place.run("ledger", "export", str(place.data.parent / "never"))
    assert refused.returncode == 1 and "没有人可问" in refused.stderr
    assert place.json("ledger", "recover", "--accept", code=1)["halted"], "that is another question"
    done = place.json("ledger", "recover", "--nobody-saw-more")
    assert not done["halted"]
    said = run_inside(place, CONFIRMED)
    assert said["by"] == "运维人员" and list(said["logs"].values())[1:] == [2] and len(said["logs"]) == 2
    looked(place, 1)
    state = run_inside(place, STATE)
    assert state["looks"] == 3 and state["acts"] > 0 and place.json("ledger", "verify")["valid"]


def test_a_kept_log_that_is_ahead_is_told_once(kept: Kept, installation: Installation) -> None:
    """Its files are ahead of the rows because the database was set back, which the halt says; the rows themselves verify."""
    kept.beside(installation)
    done = installation.run("restore", str(kept.file), "--no-erasures")
    assert done.returncode == 0, done.stdout
    assert "核验不通过" not in done.stdout and "已经见过 5 条的账本，数据库只有 2 条" in done.stdout


def test_a_place_that_agrees_is_named(kept: Kept, installation: Installation) -> None:
    export = kept.file.with_name("export")  # an export is an act: made after the backup it would be ahead
    done = installation.run("restore", str(kept.file), "--no-erasures", "--no-verify", "--seen", str(export))
    assert done.returncode == 0 and "已核对：目录" in done.stdout and "与恢复的一致" in done.stdout
    assert "办理账本已停止" not in done.stdout and f"{kept.year}年调阅账本" in done.stdout


CONFIRMED = """
from sanxiang.ledger.models import Act, Opening
act = Act.objects.get(name="nobody-saw-more")
print(json.dumps({"by": act.by_name, "logs": Opening.objects.get(act=act, name="logs").value}))
"""
