"""`sanxiang access`: which look at a record a watermark leads back to."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("access", help="调阅记录：按水印编号查调阅人", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("show", help="水印编号对应的调阅记录", parents=[common])
    one.add_argument("watermark", metavar="WATERMARK", help="文书页脚、文件名或者调阅说明里的十位编号")
    one.set_defaults(run=show)


def show(args: argparse.Namespace) -> int:
    """One entry, and whether it still is what its leaf commits to; exit 1 where it is not."""
    setup.start(args)
    told = importlib.import_module("sanxiang.door.looks.accesses")
    found = told.by_mark(args.watermark)
    if found is None:
        raise Wrong(f"没有水印编号“{args.watermark}”的调阅记录；编号为十位大写字母和数字，不含 0、1、I、L、O")
    why = importlib.import_module("sanxiang.ledger.access").fault_of(found)
    line = told.lines_of([found])[0]
    value = {**told.as_json(line), "valid": not why, "fault": why}
    text = "\n".join(f"{label}：{value}" for label, value in told.labelled(line) if value)
    verdict = f"核验不通过：{why}" if why else "核验通过：内容与日志叶子一致。"
    say(args, value, f"{text}\n{verdict}")
    return 1 if why else 0
