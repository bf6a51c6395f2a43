"""Try whether a backup can be restored: into a temporary folder and database, with a report and an act that says so.

SQLite always; PostgreSQL too, in a scratch database beside the living one, where that is what the installation uses.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import psycopg
from django.conf import settings
from django.db import connection

from sanxiang.custody import places
from sanxiang.custody.naming import with_names
from sanxiang.door.log.installation import LABELS, record
from sanxiang.ledger.files import sync, write
from sanxiang.ledger.models import Checkpoint

URL = "SANXIANG_DATABASE_URL"
SHOWN_FAULTS = 5


class NoBackup(Exception):
    """There is nothing to try; the message is a Chinese sentence."""


def drill(file: Path | None) -> dict[str, Any]:
    """Restore a backup (the last one made here, if none is named), verify, compare, report; the report, which is also
    kept in the data folder as JSON and as text, and an act of the installation. Raises NoBackup, OSError."""
    archive = file or _last()
    began = datetime.now(UTC)
    trials = list(_trials(archive))
    done = [one for one in trials if one["tried"]]
    report: dict[str, Any] = {
        "at": began.isoformat(),
        "file": str(archive),
        "bytes": archive.stat().st_size,
        "sha256": next((one["sha256"] for one in done if one["sha256"]), ""),
        "trials": trials,
        "same_log": next((one["same_log"] for one in done), False),
        "newer": next((one["newer"] for one in done), {}),
        "ok": bool(done) and all(one["ok"] for one in done),
    }
    place: Path = settings.DATA / "drills"
    name = began.strftime("%Y%m%dT%H%M%SZ")
    write(place / f"{name}.json", json.dumps(report, ensure_ascii=False, indent=1).encode())
    write(place / f"{name}.txt", in_words(report).encode())
    sync(place)
    told = {"sha256": report["sha256"], "made": next((one["made"] for one in done), ""), "ok": report["ok"]}
    seconds = {one["database"]: one["seconds"] for one in done}
    record("drilled", LABELS["drilled"], {**told, "bytes": report["bytes"], "seconds": seconds})
    why = next((one["why"] for one in trials if one["why"]), "")
    last = {"at": report["at"], "ok": report["ok"], "file": report["file"], "why": why}
    places.remember("drill", last)
    return report


def _last() -> Path:
    known = places.diary().get("backup", {}).get("file", "")
    if not known:
        raise NoBackup("还没有备份过。请先运行 sanxiang backup FILE，或者写明要演练的备份文件")
    if not Path(known).is_file():
        raise NoBackup(f"最近一次备份 {known} 不在原处了，请写明要演练的备份文件")
    return Path(known)


def _trials(archive: Path) -> Iterator[dict[str, Any]]:
    yield _trial(archive, "sqlite", "")
    if connection.vendor == "postgresql":
        try:
            with _scratch(os.environ[URL]) as url:
                yield _trial(archive, "postgresql", url)
        except psycopg.errors.InsufficientPrivilege:
            why = "数据库用户没有建库权限（CREATEDB），没有在 PostgreSQL 上演练"
            yield {"database": "postgresql", "tried": False, "why": why}


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    """A database beside the living one, dropped afterwards."""
    name = f"sanxiang_drill_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlparse(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _trial(archive: Path, database: str, url: str) -> dict[str, Any]:
    """Restore in a process of its own, as an operator would, and hold what came of it against the living installation."""
    with tempfile.TemporaryDirectory(prefix="sanxiang-drill-") as room:
        words = [
            "restore",
            str(archive),
            "--data",
            f"{room}/data",
            "--no-erasures",
            "--no-witnesses",
            "--json",
        ]
        done = subprocess.run(
            [sys.executable, "-m", "sanxiang", *words],
            env={**os.environ, URL: url},
            capture_output=True,
            text=True,
            check=False,
        )
    if not done.stdout.startswith("{"):
        why = with_names((done.stderr.strip().splitlines() or [f"恢复程序退出 {done.returncode}"])[-1])
        return {
            **dict.fromkeys(("sha256", "made"), ""),
            "database": database, "tried": True, "ok": False, "why": why,
            "seconds": {}, "same_log": False, "newer": {},
        }  # fmt: skip
    told = json.loads(done.stdout)
    same, newer = _compared(told)
    shrunk = [name for name in GROWING if newer.get(name, 0) < 0]
    why = "" if told["verified"] else f"核验不通过：{told['faults'][0]['where']}：{told['faults'][0]['why']}"
    why = (
        why
        or ("备份里的账本与现在的不是同一份" if not same else "")
        or "".join(f"{name} 现在比备份时少" for name in shrunk)
    )
    return {
        "database": database, "tried": True, "ok": not why, "why": why,
        "sha256": told["sha256"], "made": told["made"], "seconds": told["seconds"], "rows": sum(told["rows"].values()),
        "files": told["files"], "same_log": same, "newer": newer, "faults": told["faults"][:SHOWN_FAULTS],
    }  # fmt: skip


GROWING = ("ledger_act", "ledger_opening", "ledger_entry", "cases_case", "cases_paper", "cases_evidence")
"""Tables from which nothing is ever taken: fewer rows than in a backup mean loss."""


def _compared(told: dict[str, Any]) -> tuple[bool, dict[str, int]]:
    """Has the living log the root that the backup says, and how many rows came since."""
    logs = [one for one in told["logs"] if one["size"]]
    same = all(
        Checkpoint.objects.filter(log=one["log"], size=one["size"], root=one["root"]).exists() for one in logs
    )
    newer = {}
    with connection.cursor() as cursor:
        for name in GROWING:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            newer[name] = int(cursor.fetchone()[0]) - told["rows"].get(name, 0)
    return same, newer


def in_words(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"恢复演练：{'通过' if report['ok'] else '不通过'}",
        f"备份 {report['file']}（{report['bytes']} 字节）",
    ]
    for one in report["trials"]:
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[one["database"]]
        if not one["tried"] or not one["seconds"]:
            lines.append(f"{name}：{one['why']}")
            continue
        seconds = one["seconds"]
        lines.append(
            f"{name}：恢复 {seconds['restore']} 秒，核验 {seconds['verify']} 秒，{one['rows']} 行，{one['files']} 个文件，"
            f"{'全部一致' if one['ok'] else one['why']}"
        )
    if report["newer"]:
        lines.append(
            f"备份以后新增：办理动作 {report['newer']['ledger_act']} 个，案件 {report['newer']['cases_case']} 件"
        )
    return "\n".join(lines)
