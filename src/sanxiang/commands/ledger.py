"""`sanxiang ledger`: recompute everything, or one case, against the database and name what does not fit."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.act import case_of
from sanxiang.commands.output import say

STATES = {"whole": "完好", "missing": "缺失", "altered": "不符", "open": "未到"}


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("ledger", help="账本：核验", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("verify", help="重新计算全部条目，与数据库和文件核对", parents=[common])
    one.add_argument("dir", nargs="?", metavar="DIR", help="数据目录")
    one.add_argument("--case", metavar="CASE", help="只核验一个案件，逐项列出全部链接")
    one.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    """Exit 1 at the first fault; all faults are listed, up to a hundred."""
    if args.dir:
        args.data = args.dir
    setup.start(args)
    if args.case:
        return verify_case(args)
    verifying = importlib.import_module("sanxiang.door.verifying")
    faults = []
    for fault in verifying.verify_all():
        faults.append(fault.as_json())
        if len(faults) == 100:
            break
    models = importlib.import_module("sanxiang.ledger.models")
    entries, waiting = models.Entry.objects.count(), models.Pending.objects.count()
    value = {
        "valid": not faults,
        "entries": entries,
        "pending": waiting,
        "first": faults[0] if faults else None,
        "faults": faults,
    }
    text = (
        f"核验通过：{entries} 条账本条目与案件、文书、证据、公示全部一致。"
        if not faults
        else "核验不通过：\n" + "\n".join(f"- {f['where']}：{f['why']}" for f in faults)
    )
    if waiting:
        text += f"\n另有 {waiting} 条还没有编号，服务运行时自动编入，编入之后再核验。"
    say(args, value, text)
    return 1 if faults else 0


def verify_case(args: argparse.Namespace) -> int:
    """Every link of one case; exit 1 when one is missing or altered."""
    of_case = importlib.import_module("sanxiang.door.verifying_case")
    case = case_of(args.case)
    links = of_case.links_of(case)
    broken = [link for link in links if link.state in (of_case.MISSING, of_case.ALTERED)]
    value = {
        "valid": not broken,
        "case": str(case.id),
        "links": [link.as_json() for link in links],
        "broken": [link.as_json() for link in broken],
    }
    lines = [line_of(of_case, link) for link in links]
    told = f"共 {len(links)} 项，缺失或者不符 {len(broken)} 项。"
    verdict = f"核验不通过：{told}" if broken else f"核验通过：{told}"
    say(args, value, "\n".join([*lines, verdict]))
    return 1 if broken else 0


def line_of(of_case: Any, link: Any) -> str:
    """One link as a line."""
    late = "（补录）" if link.late else ""
    why = f"：{link.why}" if link.why else ""
    return f"{STATES[link.state]} {of_case.KINDS[link.kind]} {link.label}{late}{why}"
