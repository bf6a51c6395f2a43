"""`sanxiang exchange`: what waits for other systems, what they have, and files for the credit platform."""

import argparse
import importlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.importing import agency_of
from sanxiang.commands.output import Wrong, say


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
    one = verbs.add_parser(
        "export",
        help="写出双公示文件（报信用平台）",
        parents=[common],
        description=(
            "按2018版数据标准的字段表写出已公示的处罚或者许可，信用平台会退回的行不写出，逐行说明原因。"
            "文件里有自然人证件号码，只供上报，不得公开。"
        ),
    )
    one.add_argument(
        "table",
        choices=("creditchina-penalty", "creditchina-permit"),
        metavar="creditchina-penalty|creditchina-permit",
    )
    one.add_argument("--from", dest="first", required=True, metavar="年-月-日", help="决定日期从这一天起")
    one.add_argument("--to", dest="last", required=True, metavar="年-月-日", help="到这一天止")
    one.add_argument("--out", required=True, metavar="FILE.xlsx|csv", type=Path)
    one.add_argument("--agency", default="", metavar="NAME", help="只写这个机关的")
    one.set_defaults(run=export)


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
    pushed = latency(lines)
    say(args, {"connectors": told, "pushed": pushed}, "\n".join(lines or ["没有设置对接系统"]))
    return 1 if any(one["counts"]["dead"] for one in told) else 0


def latency(lines: list[str]) -> list[dict[str, Any]]:
    """How long pushes of case systems took over the last thirty days: the middle one and the slowest of twenty."""
    timezone = importlib.import_module("django.utils.timezone")
    agencies = dict(
        importlib.import_module("sanxiang.people.models").Agency.objects.values_list("pk", "name")
    )
    found = importlib.import_module("sanxiang.door.arriving.pushed").latencies(
        list(agencies), timezone.now() - timedelta(days=30)
    )
    told = []
    for agency, seconds in found.items():
        middle, slow = seconds[len(seconds) // 2], seconds[min(len(seconds) * 95 // 100, len(seconds) - 1)]
        told.append({"agency": agencies[agency], "count": len(seconds), "p50": middle, "p95": slow})
        lines.append(
            f"{agencies[agency]}　办案系统推送 {len(seconds)} 条，用时中位数 {middle:.1f} 秒，95% 在 {slow:.1f} 秒以内"
        )
    return told


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


def export(args: argparse.Namespace) -> int:
    """Write the file of 双公示. 1 where rows may not leave."""
    try:
        first, last = date.fromisoformat(args.first), date.fromisoformat(args.last)
    except ValueError:
        raise Wrong("--from、--to 要写成 2026-11-21 的样子") from None
    if args.out.suffix not in (".xlsx", ".csv"):
        raise Wrong(f"文件名“{args.out.name}”应以 .xlsx 或者 .csv 结尾")
    setup.start(args)
    files = importlib.import_module("sanxiang.exchange.creditchina.files")
    today = importlib.import_module("django.utils.timezone").localdate()
    agency = agency_of(args.agency) if args.agency else None
    try:
        done = files.export(args.table, first, last, args.out, agency=agency, today=today)
    except OSError as error:
        raise Wrong(f"{args.out} 写不了：{error.strerror}") from error
    lines = [f"写出 {done.exported} 行，没有写出 {done.refused} 行：{done.file}"]
    lines += [f"  {one['number'] or one['id']}：{one['reason']}" for one in done.reasons[:20]]
    lines += [f"全部原因在 {done.refused_file}"] if done.refused else []
    say(args, vars(done), "\n".join(lines))
    return 1 if done.refused else 0
