"""What `doctor` says of the log: does it grow, is it signed, has an outsider seen it, is the clock right?"""

import importlib
from typing import Any

MOST_WAITING = 10_000
PATIENCE = 60
"""Seconds that an act may wait for its place or its signature before somebody should look."""


def about_log() -> Any:
    """Findings: ledger, signature, witness, clock."""
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
    if told := stopped.halted():
        yield {"what": "账本签名", "ok": False, "text": stopped.sentence(told)}
        return
    keys = importlib.import_module("sanxiang.ledger.keys")
    try:
        keys.vkey_lines()
    except keys.Unsound as error:
        yield {"what": "账本签名", "ok": False, "text": str(error)}
        return
    signed = models.Checkpoint.objects.filter(log=1).exclude(note="").order_by("-size")
    seen = signed.exclude(cosignatures=None).first()
    told = f"签到第 {signed[0].size} 条" if signed else "还没有签过，服务启动之后开始"
    if unsigned > PATIENCE:
        told += f"，之后的已有 {unsigned:.0f} 秒没有签；请查看 sanxiang serve 的日志"
    yield {"what": "账本签名", "ok": unsigned <= PATIENCE, "text": told}
    witnessed = (
        f"外部见证到第 {seen.size} 条"
        if seen
        else "还没有外部见证：只有本机见过的账本，本机改了没有人看得出来，见 docs/ledger.md"
    )
    yield {"what": "账本见证", "ok": True, "text": witnessed}
