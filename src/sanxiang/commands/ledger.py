"""`sanxiang ledger`: recompute everything against the database and name the first thing that does not fit."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("ledger", help="执法台账：核验", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("verify", help="重新计算全部条目，与数据库和文件核对", parents=[common])
    one.add_argument("dir", nargs="?", metavar="DIR", help="数据目录")
    one.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    """Exit 1 at the first fault; all faults are listed, up to a hundred."""
    if args.dir:
        args.data = args.dir
    setup.start(args)
    verifying = importlib.import_module("sanxiang.door.verifying")
    faults = []
    for fault in verifying.verify_all():
        faults.append(fault.as_json())
        if len(faults) == 100:
            break
    entries = importlib.import_module("sanxiang.ledger.models").Entry.objects.count()
    value = {
        "valid": not faults,
        "entries": entries,
        "first": faults[0] if faults else None,
        "faults": faults,
    }
    text = (
        f"核验通过：{entries} 条台账条目与案件、文书、证据、公示全部一致。"
        if not faults
        else "核验不通过：\n" + "\n".join(f"- {f['where']}：{f['why']}" for f in faults)
    )
    say(args, value, text)
    return 1 if faults else 0
