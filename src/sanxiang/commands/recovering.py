"""`sanxiang ledger recover`: which entries a restored database lacks, and bring back those whose leaves somebody has."""

import argparse
import importlib
from datetime import datetime
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say
from sanxiang.commands.signing import written_out
from sanxiang.speech import cn_moment, role_name

MOST = 50


def add(verbs: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the verb."""
    one = verbs.add_parser("recover", help="恢复备份之后：列出账本缺了哪些条目，从别处补回", parents=[common])
    one.add_argument(
        "--from", dest="sources", action="append", default=[], metavar="DIR|URL",
        help="有账本文件的地方：原数据目录、镜像目录或网址、上级平台的副本，可以写多个；不写时用恢复时 --seen 给出的",
    )  # fmt: skip
    one.add_argument("--accept", action="store_true", help="把找到的条目补回，补全之后恢复签名")
    told = "确认原来的服务已停，没有人见过比备份更多的账本；记入账本，恢复签名"
    one.add_argument("--nobody-saw-more", action="store_true", help=told)
    told = "查清是这个见证人错了、并已从 policy 删去它；记入账本，别处也没有见过更多的，恢复签名"
    one.add_argument("--witness-wrong", default="", metavar="NAME", help=told)
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
        sources = [outside.source_of(text) for text in args.sources] or remembered(recovering, outside)
        found = recovering.lack(sources, args.witness_wrong)
        if args.witness_wrong:
            recovering.dismiss(args.witness_wrong)
        if args.nobody_saw_more:
            found = recovering.confirm(found)
        lost = recovering.accept(found) if args.accept else None
        outside.judge(found.sights)
        if args.accept and not stopped.halts():
            written_out()
    except troubles as error:
        raise Wrong(str(error)) from error
    value = {**recovering.dumps(found), "halted": "\n".join(map(stopped.sentence, stopped.halts()))}
    for one in (value, *value["looks"]):
        one["accepted"] = (lost or {}).get(one["log"])
    say(args, value, "\n".join(_lines(value)))
    return 1 if value["halted"] else 0


def remembered(recovering: Any, outside: Any) -> list[Any]:
    """The places named when the database was restored, as far as they can still be read."""
    found = []
    for text in recovering.seen_at_restore():
        try:
            source = outside.source_of(text)
            found += [source] if source.top() else []
        except outside.Unusable:
            continue
    return found


def _lines(value: dict[str, Any]) -> list[str]:
    lines = [_asked(one) for one in value["asked"]]
    for one in (value, *value["looks"]):
        lines += _of_log(one)
    return [*lines, value["halted"] or "账本可以签名"]


def name_of(row: int) -> str:
    """What a log is called."""
    return str(importlib.import_module("sanxiang.ledger.logs").log_of(row).name)


def _asked(one: dict[str, Any]) -> str:
    said = one["why"] or ("与数据库的历史不同" if one["fork"] else f"{one['size']} 条")
    return f"{name_of(one['log'])}，{one['source']}：{said}"


def _of_log(value: dict[str, Any]) -> list[str]:
    """What is missing of one log, and what was done about it."""
    name, missing = name_of(value["log"]), value["missing"]
    lines = [f"{name}：数据库 {value['inside']} 条，外面见过 {value['outside']} 条"]
    lines += map(_line, missing[:MOST])
    if len(missing) > MOST:
        lines.append(f"  ……共 {len(missing)} 条，全部列出用 --json")
    if value["unknown"]:
        first, last = value["unknown"]
        cure = ("处处都没有的，只能换一个新的账本名称重新开始" if value["log"] == 1
                else "处处都没有的，这一年的调阅账本不再签名，调阅照常记录")  # fmt: skip
        lines.append(f"{name}第 {first} 至 {last} 条的内容没有找到：请用 --from 给出有账本文件的地方（原数据目录、镜像、上级平台的副本）。"
                     f"{cure}，见 docs/operate.zh-CN.md")  # fmt: skip
    if value["accepted"] is not None:
        lines.append(_accepted(value))
    elif missing:
        lines.append("核对之后加 --accept 补回")
    return lines


def _accepted(value: dict[str, Any]) -> str:
    missing, lost = value["missing"], value["accepted"]
    if value["log"] != 1:
        return f"已补回 {len(missing)} 条，其中 {lost} 条调阅的内容已随数据库丢失，只留下时间"
    paper = sum(1 for one in missing if not one["known"] and not one["own"])
    redo = f"；其中 {paper} 个属于案件和机构，请按纸质材料补办" if paper else "；都是安装自身的记录，不用补办"
    return f"已补回 {len(missing)} 条，其中 {lost} 个办理动作的内容已随数据库丢失{redo if lost else ''}"


def _line(one: dict[str, Any]) -> str:
    """One missing entry, by Beijing time."""
    at = cn_moment(_local(one["at"]))
    if "look" in one:
        return (
            f"  序号 {one['index']}　{at}　调阅　{one['look']}{'　记录在，只缺序号' if one['known'] else ''}"
        )
    known = "　办理动作在，只缺序号" if one["known"] else ""
    subject = "本安装" if one["own"] else f"对象 {one['subject']} 第 {one['n']} 步"
    who = "运维人员" if one["role"] == "operator" else role_name(one["role"])
    return f"  序号 {one['index']}　{at}　{one['label']}（{who}）　{subject}　{one['act']}{known}"


def _local(text: str) -> datetime:
    zone = importlib.import_module("django.utils.timezone").get_current_timezone()
    return datetime.fromisoformat(text).astimezone(zone)
