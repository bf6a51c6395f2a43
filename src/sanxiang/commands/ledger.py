"""`sanxiang ledger`: recompute everything, or one case; give out the log, its keys and its proofs."""

import argparse
import importlib
import uuid
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.act import case_of
from sanxiang.commands.output import Wrong, say
from sanxiang.speech import trouble_of

STATES = {"whole": "完好", "missing": "缺失", "altered": "不符", "open": "未到"}


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("ledger", help="账本：核验、导出、公钥、证明、换密钥", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("verify", help="重新计算全部条目，与数据库和文件核对", parents=[common])
    one.add_argument("dir", nargs="?", metavar="DIR", help="数据目录")
    one.add_argument("--case", metavar="CASE", help="只核验一个案件，逐项列出全部链接")
    one.set_defaults(run=verify)
    one = verbs.add_parser("export", help="把账本写成外人可以自行核验的文件", parents=[common])
    one.add_argument("dir", metavar="DIR", help="新目录")
    one.set_defaults(run=export)
    one = verbs.add_parser("vkey", help="显示核验账本签名的公钥，第一行是现用的", parents=[common])
    one.set_defaults(run=vkey)
    one = verbs.add_parser("prove", help="取一步办理的存在性证明（.tlog-proof）", parents=[common])
    one.add_argument("act", metavar="ACT_ID", help="账本编号")
    one.set_defaults(run=prove)
    one = verbs.add_parser("rotate", help="换一把签名密钥；旧密钥签过的仍然可以核验", parents=[common])
    one.set_defaults(run=rotate)


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


def brought_up() -> None:
    """Everything that waits has its place and is signed. Raises Wrong."""
    publishing = importlib.import_module("sanxiang.ledger.publish")
    try:
        importlib.import_module("sanxiang.ledger.sequencer").sequence_all()
        publishing.publish()
    except publishing.TROUBLES as error:
        raise Wrong(str(error)) from error


def export(args: argparse.Namespace) -> int:
    """The log as static files, with what belongs to it under extra/."""
    setup.start(args)
    brought_up()
    exporting = importlib.import_module("sanxiang.ledger.export")
    target = Path(args.dir).resolve()
    try:
        size = exporting.export(target)
    except exporting.NotEmpty as error:
        raise Wrong(str(error)) from error
    except OSError as error:
        raise Wrong(f"写不进 {target}（{trouble_of(error)}），请换一个有空间、可写的目录") from error
    say(args, {"dir": str(target), "entries": size}, f"已写出 {size} 条的账本：{target}")
    return 0


def vkey(args: argparse.Namespace) -> int:
    """The verifier keys, one a line."""
    setup.start(args)
    keys = importlib.import_module("sanxiang.ledger.keys")
    keys.make_missing(unsigned=True)
    lines = keys.vkey_lines()
    say(args, {"vkey": lines[0], "sm3": lines[1], "retired": keys.retired()}, "\n".join(lines))
    return 0


def prove(args: argparse.Namespace) -> int:
    """The proof of one act, ready for any verifier of tlog-proof."""
    setup.start(args)
    brought_up()
    proving = importlib.import_module("sanxiang.ledger.proving")
    models = importlib.import_module("sanxiang.ledger.models")
    try:
        act = models.Act.objects.filter(id=uuid.UUID(args.act)).first()
    except ValueError:
        act = None
    if act is None:
        raise Wrong(f"账本里没有编号为 {args.act} 的办理动作，请核对编号")
    try:
        text = proving.proof_of(act.id)
    except proving.NotYet as error:
        raise Wrong(str(error)) from error
    say(args, {"act": str(act.id), "leaf": bytes(act.leaf).hex(), "proof": text}, text.rstrip("\n"))
    return 0


def rotate(args: argparse.Namespace) -> int:
    """A new key signs from now on; that it was changed is an act, and both keys stand in it."""
    setup.start(args)
    brought_up()
    old, new = importlib.import_module("sanxiang.door.keys").change_key()
    brought_up()
    text = (
        f"已换新密钥。\n停用：{old}\n现用：{new}\n请把新的公钥告知见证方和上级平台；旧检查点仍用旧公钥核验。"
    )
    say(args, {"retired": old, "vkey": new}, text)
    return 0
