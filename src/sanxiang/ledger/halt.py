"""Stop signing: something outside has seen more of this log than the database knows (trust.md §1.3 I7).

Whoever signs on after a database was set back makes two histories under one name, and the log is worth nothing from then on.
Acts are still taken in and wait; the operator is told what is missing.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.ledger.files import sync, write


class Halted(Exception):
    """Nothing is signed until an operator has looked; the message is a Chinese sentence."""


def _file() -> Path:
    place: Path = settings.DATA / "log-halted.json"
    return place


def halt(source: str, outside: int, inside: int, anew: bool = False) -> Halted:
    """Keep that somebody outside knows a log of `outside` entries while the database has `inside`; the exception to raise.

    What was kept before stands, but for `anew`: then everybody was asked again.
    """
    told = {"source": source, "outside": outside, "inside": inside, "at": datetime.now(UTC).isoformat()}
    if anew or not _file().exists():
        write(_file(), json.dumps(told, ensure_ascii=False).encode())
        sync(_file().parent)
    return Halted(sentence(told))


def wait(source: str, inside: int) -> None:
    """Sign nothing until somebody outside could be asked what it has seen: a database was restored just now."""
    told = {"source": source, "outside": inside, "inside": inside, "at": datetime.now(UTC).isoformat()}
    write(_file(), json.dumps({**told, "unasked": True}, ensure_ascii=False).encode())
    sync(_file().parent)


def halted() -> dict[str, Any] | None:
    """Why nothing is signed; None where all is well."""
    try:
        found: dict[str, Any] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def resume() -> None:
    """An operator has put things right."""
    _file().unlink(missing_ok=True)
    sync(_file().parent)


def sentence(told: dict[str, Any]) -> str:
    """The state in one sentence, with what to do."""
    outside, inside = told["outside"], told["inside"]
    if told.get("unasked"):
        return (
            f"数据库刚从备份恢复，还没有问过{told['source']}见过多少条账本。问清之前不编号、不签名，办理照常进行、排队等候。"
            "能问到时请运行 sanxiang ledger recover"
        )
    if outside > inside:
        return (
            f"{told['source']}已经见过 {outside} 条的账本，数据库只有 {inside} 条：数据库被退回过。"
            "已停止编号和签名，办理照常进行、排队等候。请运行 sanxiang ledger recover 查看缺了哪些、如何补回"
        )
    return (
        f"{told['source']}见过的账本与数据库在第 {outside} 条以内不同：历史被改动过。"
        "已停止编号和签名。请运行 sanxiang ledger verify 查明，不要自行处理"
    )
