"""`sanxiang identify`: official identifiers, judged exactly as written."""

import argparse
from typing import Any

from sanxiang.commands.output import say
from sanxiang.commands.table import read_rows
from sanxiang.law.identifiers import KINDS, identify

NAMES = {
    "uscc": "统一社会信用代码",
    "idcard": "居民身份证号码（含港澳台居民居住证）",
    "orgcode": "组织机构代码（带连字符）",
}


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Put the command into the tree."""
    parser = sub.add_parser(
        "identify",
        parents=[common],
        help="校验统一社会信用代码、身份证号、组织机构代码",
        description=(
            "照原样校验，不改大小写、全半角和空格；改写后有效的，理由里写明。批量文件是 CSV，有列 id,kind,value。"
        ),
    )
    parser.add_argument("--batch", metavar="FILE.csv", help="批量：CSV 文件，输出 JSON 数组")
    parser.set_defaults(run=run, refuse=parser.error)
    kinds = parser.add_subparsers(dest="kind", metavar="种类", parser_class=type(parser))
    for kind in KINDS:
        one = kinds.add_parser(kind, parents=[common], help=NAMES[kind], description=NAMES[kind])
        one.add_argument("values", nargs="+", metavar="VALUE", help="号码")
        one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Judge the values given, or a file of them; exit 1 when a given value is invalid."""
    if args.batch:
        say(args, [row_verdict(row) for row in read_rows(args.batch, ("id", "kind", "value"))])
        return 0
    if not args.kind:
        args.refuse("没有给出号码，应如 sanxiang identify uscc 号码，或用 --batch 给出 CSV 文件")
    verdicts = [identify(args.kind, value) for value in args.values]
    lines = [f"{one.value}  {'有效' if one.valid else '无效：' + one.reason}" for one in verdicts]
    say(args, [one.as_data() for one in verdicts], "\n".join(lines))
    return 0 if all(one.valid for one in verdicts) else 1


def row_verdict(row: dict[str, str]) -> dict[str, object]:
    """One row of a batch; an unknown kind makes the value invalid with that reason."""
    kind = row["kind"].strip()
    if kind not in KINDS:
        reason = f"种类“{row['kind']}”不认识，只能是 {'、'.join(KINDS)}"
        return {"id": row["id"], "value": row["value"], "valid": False, "reason": reason}
    return {"id": row["id"]} | identify(kind, row["value"]).as_data()
