"""`sanxiang ledger recover`: which entries a restored database lacks, and bring back those whose leaves somebody has."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say

MOST = 50


def add(verbs: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the verb."""
    one = verbs.add_parser("recover", help="恢复备份之后：列出账本缺了哪些条目，从别处补回", parents=[common])
    one.add_argument(
        "--from", dest="sources", action="append", default=[], metavar="DIR|URL",
        help="有账本文件的地方：原数据目录、镜像目录或网址、上级平台的副本，可以写多个",
    )  # fmt: skip
    one.add_argument("--accept", action="store_true", help="把找到的条目补回，补全之后恢复签名")
    one.set_defaults(run=recover)


def recover(args: argparse.Namespace) -> int:
    """List what is missing; with --accept bring it back. Exit 1 as long as nothing may be signed."""
    setup.start(args)
    recovering = importlib.import_module("sanxiang.custody.recover")
    outside = importlib.import_module("sanxiang.custody.outside")
    stopped = importlib.import_module("sanxiang.ledger.halt")
    troubles = (outside.Unusable, recovering.Busy, importlib.import_module("sanxiang.ledger.publish").Halted,
                importlib.import_module("sanxiang.ledger.keys").Unsound)  # fmt: skip
    try:
        found = recovering.lack([outside.source_of(text) for text in args.sources])
        lost = recovering.accept(found) if args.accept and found.missing else None
        if lost is None:
            outside.judge(
                [*found.sights, outside.Sight("之前", found.outside if found.unknown else found.inside)]
            )
    except troubles as error:
        raise Wrong(str(error)) from error
    told = stopped.halted()
    value = {**recovering.dumps(found), "accepted": lost, "halted": stopped.sentence(told) if told else ""}
    say(args, value, "\n".join(_lines(value)))
    return 1 if told else 0


def _lines(value: dict[str, Any]) -> list[str]:
    lines = [f"{one['source']}：{one['why'] or ('与数据库的历史不同' if one['fork'] else str(one['size']) + ' 条')}"
             for one in value["asked"]]  # fmt: skip
    lines.append(f"数据库 {value['inside']} 条，外面见过 {value['outside']} 条")
    lines += map(_line, value["missing"][:MOST])
    if len(value["missing"]) > MOST:
        lines.append(f"  ……共 {len(value['missing'])} 条，全部列出用 --json")
    if value["unknown"]:
        first, last = value["unknown"]
        lines.append(f"第 {first} 至 {last} 条的内容没有找到：请用 --from 给出有账本文件的地方（原数据目录、镜像、上级平台的副本）。"
                     "处处都没有的，只能换一个新的账本名称重新开始，见 docs/operate.zh-CN.md")  # fmt: skip
    if value["accepted"] is not None:
        lines.append(
            f"已补回 {len(value['missing'])} 条，其中 {value['accepted']} 个办理动作的内容已随数据库丢失，请按纸质材料补办"
        )
    elif value["missing"]:
        lines.append("核对之后加 --accept 补回")
    return [*lines, value["halted"] or "账本可以签名"]


def _line(one: dict[str, Any]) -> str:
    """One missing entry."""
    known = "　办理动作在，只缺序号" if one["known"] else ""
    subject = f"对象 {one['subject']} 第 {one['n']} 步"
    return (
        f"  第 {one['index']} 条　{one['at']}　{one['name']}（{one['role']}）　{subject}　{one['act']}{known}"
    )
