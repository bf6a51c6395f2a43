"""Stop signing a log: something outside has seen more of it than the database knows (trust.md §1.3 I7).

Whoever signs on after a database was set back makes two histories under one name, and the log is worth nothing from then on.
What belongs into it is still taken in and waits; the operator is told what is missing. Each log stands still by itself.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.ledger.files import sync, write
from sanxiang.ledger.logs import ACTS, ACTS_ROW, Log, log_of

FILE = "log-halted"
WITNESS = "见证人 "
"""What stands before a witness's name where it is the source of a halt."""


class Halted(Exception):
    """Nothing is signed until an operator has looked; the message is a Chinese sentence."""


def _file(log: Log) -> Path:
    data: Path = settings.DATA
    return data / (f"{FILE}.json" if log.row == ACTS_ROW else f"{FILE}-{log.row}.json")


def _keep(log: Log, told: dict[str, Any]) -> None:
    told = {**told, "log": log.row, "at": datetime.now(UTC).isoformat()}
    write(_file(log), json.dumps(told, ensure_ascii=False).encode())
    sync(_file(log).parent)


def halt(source: str, outside: int, inside: int, anew: bool = False, log: Log = ACTS) -> Halted:
    """Keep that somebody outside knows a log of `outside` entries while the database has `inside`; the exception to raise.

    What was kept before stands, but for `anew`: then everybody was asked again.
    """
    told = {"source": source, "outside": outside, "inside": inside}
    if anew or not _file(log).exists():
        _keep(log, told)
    return Halted(sentence({**told, "log": log.row}))


def wait(source: str, inside: int, log: Log = ACTS, nobody: bool = False) -> None:
    """Sign nothing until somebody outside could be asked what it has seen: a database was restored just now.

    `nobody`: there is no one to ask, and the operator has to say so.
    """
    told = {"source": source, "outside": inside, "inside": inside, "unasked": True}
    _keep(log, {**told, "nobody": True} if nobody else told)


def halted(log: Log = ACTS) -> dict[str, Any] | None:
    """Why nothing of a log is signed; None where all is well."""
    try:
        found: dict[str, Any] = json.loads(_file(log).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return {**found, "log": log.row}  # the first releases knew of the acts' log alone and did not say


def halts() -> list[dict[str, Any]]:
    """The same for every log that stands still, the acts' first."""
    data: Path = settings.DATA
    years = sorted(file.stem.removeprefix(f"{FILE}-") for file in data.glob(f"{FILE}-*.json"))
    logs = [ACTS, *(log_of(int(year)) for year in years if year.isascii() and year.isdigit())]
    return [told for log in logs if (told := halted(log))]


def resume(log: Log = ACTS) -> None:
    """An operator has put things right."""
    _file(log).unlink(missing_ok=True)
    sync(_file(log).parent)


def sentence(told: dict[str, Any]) -> str:
    """The state in one sentence, with what to do."""
    outside, inside, log = told["outside"], told["inside"], log_of(told.get("log", ACTS_ROW))
    name = log.name
    goes_on = "调阅照常进行、逐条记录" if log.below else "办理照常进行"
    if told.get("nobody"):
        return (
            f"数据库刚从备份恢复，没有人可问：备份之后{name}在别处签到过第几条，无从知道。确认之前不编号、不签名，{goes_on}、排队等候。"
            "请先停掉原来的服务；还有账本目录、镜像或者检查点的，运行 sanxiang ledger recover --from 给出它；"
            "确实都没有的，运行 sanxiang ledger recover --nobody-saw-more 确认，确认记入账本"
        )
    if told.get("unasked"):
        return (
            f"数据库刚从备份恢复，还没有问过{told['source']}见过多少条{name}。问清之前不编号、不签名，{goes_on}、排队等候。"
            "能问到时请运行 sanxiang ledger recover"
        )
    if outside > inside:
        return (
            f"{told['source']}已经见过 {outside} 条的账本，数据库只有 {inside} 条：数据库被退回过。"
            f"{name}已停止编号和签名，{goes_on}、排队等候。请运行 sanxiang ledger recover 查看缺了哪些、如何补回"
        )
    return (
        f"{told['source']}见过的{name}与数据库在第 {outside} 条以内不同：历史被改动过。"
        f"{name}已停止编号和签名，{goes_on}、排队等候。{_cure_of_fork(told['source'])}"
    )


def _cure_of_fork(source: str) -> str:
    """A witness may be wrong itself; whoever it was, nobody goes on before somebody has looked."""
    if not source.startswith(WITNESS):
        return "请运行 sanxiang ledger verify 查明，不要自行处理"
    return (
        f"请运行 sanxiang ledger verify --seen 它的网址 查明，请{source} 的运维人员出示它见证过的检查点，两相核对；"
        "查清之前不要自行处理。查清是见证人错了的，照 docs/operate.zh-CN.md“见证人错了”一节办"
    )
