"""`sanxiang remind`: count and look at every running period now, as the server does once a minute."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say
from sanxiang.law.calendar import calendar_faults


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    text = "按现行放假安排重新推算期限，为临近期限和超期的事项登记提醒（服务运行时每分钟自动检查）"
    sub.add_parser("remind", help=text, parents=[common]).set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Count again by today's calendar, remind, and say how often."""
    if faults := calendar_faults(setup.start(args)):
        raise Wrong("\n".join(faults))
    moved = importlib.import_module("sanxiang.door.recount").recount()
    now = importlib.import_module("django.utils.timezone").now()
    lists = importlib.import_module("sanxiang.door.reviewing").remind_reviews(now)
    number = importlib.import_module("sanxiang.door.alerts").remind(now)
    told = f"登记提醒 {number} 次。" if number else "没有需要新提醒的事项。"
    told = f"{lists} 份清单到了定期核对的时候。{told}" if lists else told
    say(
        args,
        {"moved": moved, "reminded": number, "lists": lists},
        f"重新推算后有 {moved} 个期限变动。{told}" if moved else told,
    )
    return 0
