"""`sanxiang exchange`: what waits for other systems, what they have, and files for the credit platform."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("exchange", help="与其他系统的数据交换：待发、对账", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("status", help="每个对接系统有多少消息等待、送到、没有送到", parents=[common])
    one.set_defaults(run=status)
    one = verbs.add_parser("reconcile", help="问每个对接系统有什么，列出差别", parents=[common])
    one.add_argument("--connector", metavar="代号", default="", help="只对这一个系统")
    one.set_defaults(run=reconcile)
    one = verbs.add_parser("deliver", help="现在就发送到期的消息（平时由服务自己发送）", parents=[common])
    one.set_defaults(run=deliver)


def connectors(code: str = "") -> list[Any]:
    """The connectors in use, of this code or all."""
    rows = importlib.import_module("sanxiang.door.models").Connector.objects.filter(active=True)
    rows = rows.filter(code=code) if code else rows
    return list(rows.select_related("agency").order_by("agency__name", "code"))


def status(args: argparse.Namespace) -> int:
    """Where the messages of each connector stand. 1 where something was given up."""
    setup.start(args)
    reconciling = importlib.import_module("sanxiang.exchange.reconciling")
    lines, told = [], []
    for one in reconciling.standing(connectors()):
        counts = one["counts"]
        named = "　".join(f"{label} {counts[state]}" for state, label in reconciling.STATES.items())
        lines.append(f"{one['connector'].agency.name}　{one['connector'].name}：{named}")
        oldest = one["oldest"].isoformat() if one["oldest"] else None
        told.append({"connector": one["connector"].code, "name": one["connector"].name, "agency": one["connector"].agency.name,
                     "counts": counts, "oldest": oldest})  # fmt: skip
    say(args, told, "\n".join(lines or ["没有设置对接系统"]))
    return 1 if any(one["counts"]["dead"] for one in told) else 0


def reconcile(args: argparse.Namespace) -> int:
    """Ask each other side what it has. 1 where anything differs, or somebody does not answer."""
    setup.start(args)
    reconciling = importlib.import_module("sanxiang.exchange.reconciling")
    lines, told = [], []
    for connector in connectors(args.connector):
        found = reconciling.reconcile(connector)
        told.append({"connector": connector.code, "name": connector.name, **found})
        if "error" in found:
            lines.append(f"{connector.name}：{found['error']}")
            continue
        lines.append(
            f"{connector.name}：本方应有 {found['ours']}，对方有 {found['theirs']}，差别 {len(found['differences'])}"
        )
        lines += [f"  {one['subject']}　{one['label']}　{one['why']}" for one in found["differences"]]
    say(args, told, "\n".join(lines or ["没有设置对接系统"]))
    return 1 if any(one["differences"] or "error" in one for one in told) else 0


def deliver(args: argparse.Namespace) -> int:
    """One round of the delivery loop."""
    setup.start(args)
    done = importlib.import_module("sanxiang.exchange.delivery").deliver_due()
    say(args, {"answered": done}, f"得到答复 {done} 条")
    return 0
