"""`sanxiang remind`: look at every running period now, as the server does once a minute."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    text = "检查期限，为临近期限和超期的事项登记提醒（服务运行时每分钟自动检查）"
    sub.add_parser("remind", help=text, parents=[common]).set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Remind, and say how often."""
    setup.start(args)
    now = importlib.import_module("django.utils.timezone").now()
    number = importlib.import_module("sanxiang.door.alerts").remind(now)
    say(args, {"reminded": number}, f"登记提醒 {number} 次。" if number else "没有需要新提醒的事项。")
    return 0
