"""`sanxiang disclosure gaps`: which stages of publication are nobody's, in which agency and for which kind of information."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Put the command into the tree."""
    group = sub.add_parser("disclosure", help="公示的职责分工")
    verbs = group.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    text = "列出没有人负责的公示环节；有缺口时退出码为 1"
    verbs.add_parser("gaps", help=text, parents=[common]).set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Name the gaps of every agency that publishes; 1 where there are any."""
    setup.start(args)
    duties = importlib.import_module("sanxiang.door.registers.duties")
    timezone = importlib.import_module("django.utils.timezone")
    found = duties.gaps(timezone.localdate())
    rows = [
        {"agency": one.agency.name, "category": one.category, "lacking": list(one.lacking)} for one in found
    ]
    lines = [f"{one['agency']}，{one['category']}：{'、'.join(one['lacking'])}没有人负责" for one in rows]
    say(args, rows, "\n".join(lines) or "每个环节都有人负责。")
    return 1 if rows else 0
