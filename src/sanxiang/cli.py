"""The command line: one argparse tree, one module a group of commands in `sanxiang.commands`."""

import argparse
import importlib
import os
import sys
from typing import NoReturn

from sanxiang.commands.output import Wrong
from sanxiang.law.blocks import PackError

COMMANDS = {
    "tlog": "tlog",
    "workday": "calendar",
    "deadline": "calendar",
    "identify": "identify",
    "redact": "redact",
    "pack": "pack",
    "procedure": "procedure",
    "law": "law",
    "init": "install",
    "demo": "install",
    "doctor": "install",
    "serve": "serve",
    "archive": "archive",
    "backup": "custody",
    "restore": "custody",
    "act": "act",
    "admin": "admin",
    "token": "token",
    "ledger": "ledger",
    "witness": "witness",
    "access": "access",
    "remind": "reminding",
    "scrub": "scrub",
    "import": "importing",
    "dock": "docking",
    "exchange": "exchange",
    "disclosure": "disclosure",
    "search": "search",
    "requirements": "requirements",
}
"""Which module of `sanxiang.commands` knows a command. Only that one is loaded: a date need not wait for Django."""

GROUPS = tuple(dict.fromkeys(COMMANDS.values()))
"""Every module, in the order in which `--help` lists them."""


class ChineseParser(argparse.ArgumentParser):
    """Argparse with Chinese errors; wrong usage exits 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"命令写法有误：{translate(message)}。用 {self.prog} --help 查看用法。\n")


def translate(message: str) -> str:
    """Turn argparse's English reason into Chinese, keeping the words the user typed."""
    for english, chinese in (
        ("the following arguments are required:", "缺少参数"),
        ("unrecognized arguments:", "不认识的参数"),
        ("invalid choice:", "不在可选范围内："),
        ("choose from", "可选"),
        ("expected one argument", "需要一个值"),
        ("expected at least one argument", "至少需要一个值"),
        ("invalid int value:", "应为整数："),
        ("argument ", "参数 "),
    ):
        message = message.replace(english, chinese)
    return message


def build(wanted: str | None = None) -> argparse.ArgumentParser:
    """The command tree: the group that knows `wanted`, or all of them."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="数据目录（默认取 SANXIANG_DATA，否则 var/sanxiang）",
    )
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="只输出 JSON")
    parser = ChineseParser(prog="sanxiang", description="三项：行政执法三项制度平台", parents=[common])
    sub = parser.add_subparsers(dest="command", metavar="命令", required=True, parser_class=ChineseParser)
    for name in (COMMANDS[wanted],) if wanted in COMMANDS else GROUPS:
        importlib.import_module(f"sanxiang.commands.{name}").add(sub, common)
    return parser


def command_in(words: list[str]) -> str | None:
    """The command among the words; the folder after --data is none, whatever it is called."""
    spoken = [word for before, word in zip(["", *words], words, strict=False) if before != "--data"]
    return next((word for word in spoken if word in COMMANDS), None)


def _database_faults() -> tuple[type[Exception], ...]:
    """What a database that is missing tables or not there raises; asked only when something was raised."""
    found = sys.modules.get("django.db.utils")
    return (found.OperationalError, found.ProgrammingError) if found else ()


def _store_faults() -> tuple[type[Exception], ...]:
    """What a store of files that is away raises, in Chinese already."""
    found = sys.modules.get("sanxiang.cases.shelves")
    return (found.StoreFault,) if found else ()


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 the answer is no, 2 wrong usage."""
    words = sys.argv[1:] if argv is None else argv
    args = build(command_in(words)).parse_args(words)
    if getattr(args, "data", None):
        os.environ["SANXIANG_DATA"] = args.data
    try:
        return int(args.run(args) or 0)
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except PackError as broken:
        print(f"规则包不能使用：{broken}。改好后用 sanxiang pack check 检查", file=sys.stderr)
        return 1
    except _database_faults() as fault:
        reason = str(fault).splitlines()[0]
        print(
            f"数据库打不开或者没有建完（{reason}）。请再运行一次 sanxiang init；仍不行，核对 --data 和数据库设置",
            file=sys.stderr,
        )
        return 1
    except _store_faults() as fault:
        print(f"{fault}。", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; nothing is wrong with us
        return 1


if __name__ == "__main__":
    sys.exit(main())
