"""What `doctor` says of the log: does it grow, is it signed, has an outsider seen it, is the clock right?"""

import importlib
from typing import Any

from sanxiang.commands.witness_health import about_witnesses

MOST_WAITING = 10_000
PATIENCE = 60
"""Seconds that an act may wait for its place or its signature before somebody should look."""


def about_log() -> Any:
    """Findings: ledger, signature, looks, witnesses, clock."""
    models = importlib.import_module("sanxiang.ledger.models")
    health = importlib.import_module("sanxiang.ledger.health")
    waiting, since = models.Pending.objects.count(), health.waiting_seconds()
    told = f"{models.Entry.objects.count()} 条，待编号 {waiting} 条"
    late = since > PATIENCE
    if late:
        told += f"，最早的已等了 {since:.0f} 秒；请确认 sanxiang serve 在运行，并查看它的日志"
    yield {"what": "账本", "ok": waiting < MOST_WAITING and not late, "text": told}
    yield from _signing(models, health.unsigned_seconds())
    clock = importlib.import_module("sanxiang.ledger.clock")
    behind = clock.behind()
    told = clock.sentence(behind) if behind > clock.MOST else "没有比账本慢"
    yield {"what": "时钟", "ok": behind <= clock.MOST, "text": told}


def _signing(models: Any, unsigned: float) -> Any:
    """Is the log signed up to its end, has an outsider seen it, can its key be read?"""
    stopped = importlib.import_module("sanxiang.ledger.halt")
    for told in stopped.halts():
        if told["log"] != 1:
            name = importlib.import_module("sanxiang.ledger.logs").log_of(told["log"]).name
            yield {"what": name, "ok": False, "text": stopped.sentence(told)}
    if told := stopped.halted():
        yield {"what": "账本签名", "ok": False, "text": stopped.sentence(told)}
        return
    keys = importlib.import_module("sanxiang.ledger.keys")
    try:
        for hash in keys.VKEYS:
            keys.vkey(keys.origin(), hash)
    except keys.Unsound as error:
        yield {"what": "账本签名", "ok": False, "text": str(error)}
        return
    signed = models.Checkpoint.objects.filter(log=1).exclude(note="").order_by("-size").first()
    told = f"签到第 {signed.size} 条" if signed else "还没有签过，服务启动之后开始"
    if unsigned > PATIENCE:
        told += f"，之后的已有 {unsigned:.0f} 秒没有签；请查看 sanxiang serve 的日志"
    yield {"what": "账本签名", "ok": unsigned <= PATIENCE, "text": told}
    yield _looks(importlib.import_module("sanxiang.ledger.health"))
    yield about_witnesses()


def _looks(health: Any) -> dict[str, Any]:
    """Are the logs of looks signed up to their ends?"""
    logs = importlib.import_module("sanxiang.ledger.verify_trees").all_logs()[1:]
    faults = [
        f"{log.row} 年的调阅账本已有 {late:.0f} 秒没有签"
        for log in logs
        if (late := health.unsigned_seconds(log)) > PATIENCE
    ]
    if (late := health.unplaced_look_seconds()) > PATIENCE:
        faults.append(f"最早的一次调阅等候编号已有 {late:.0f} 秒")
    told = "；".join(faults) + "。请确认 sanxiang serve 在运行，并查看它的日志"
    return {"what": "调阅账本", "ok": not faults, "text": told if faults else "签到最新"}
