"""`sanxiang ledger`: recompute everything, or one case; give out the log, its keys and its proofs."""

import argparse
import importlib
import uuid
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands import recovering, rotating, verify_log
from sanxiang.commands.output import Wrong, say
from sanxiang.commands.signing import brought_up
from sanxiang.speech import trouble_of


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser(
        "ledger", help="账本：核验、导出、验证密钥、证明、换密钥、恢复之后补缺", parents=[common]
    )
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    verify_log.add(verbs, common)
    recovering.add(verbs, common)
    one = verbs.add_parser("export", help="把账本写成外人可以自行核验的文件", parents=[common])
    one.add_argument("dir", metavar="DIR", help="新目录")
    one.set_defaults(run=export)
    one = verbs.add_parser("vkey", help="显示核验账本签名的验证密钥，第一行是现用的", parents=[common])
    one.set_defaults(run=vkey)
    one = verbs.add_parser("prove", help="取一步办理的存在性证明（.tlog-proof）", parents=[common])
    one.add_argument("act", metavar="ACT_ID", help="账本编号")
    one.set_defaults(run=prove)
    rotating.add(verbs, common)
    told = "原来的时钟快了、现在的才对：照现在的时钟继续办理"
    one = verbs.add_parser("accept-clock", help=told, parents=[common])
    one.set_defaults(run=accept_clock)


def export(args: argparse.Namespace) -> int:
    """The log as static files, with what belongs to it under extra/."""
    setup.start(args)
    exporting = importlib.import_module("sanxiang.ledger.export")
    unsound = importlib.import_module("sanxiang.ledger.standing").PolicyUnsound
    target = Path(args.dir).resolve()
    try:
        exporting.check_ready(target)
        brought_up()
        _tell_export(target)
        brought_up()
        size = exporting.export(target)
    except (exporting.NotEmpty, exporting.Lacking, unsound) as error:
        raise Wrong(str(error)) from error
    except OSError as error:
        raise Wrong(f"写不进 {target}（{trouble_of(error)}），请换一个有空间、可写的目录") from error
    say(args, {"dir": str(target), "entries": size}, f"已写出 {size} 条的账本：{target}")
    return 0


def _tell_export(target: Path) -> None:
    """That the log is taken away is an act, and stands in what is taken away. Raises Wrong."""
    try:
        importlib.import_module("sanxiang.door.log.taking").taken("exported", {"dir": str(target)})
    except importlib.import_module("django.db").Error as error:
        told = str(error).splitlines()[0]
        raise Wrong(
            f"数据库写不进去（{told}）。导出要先记入账本，所以没有导出，请检查数据库和磁盘"
        ) from error


def vkey(args: argparse.Namespace) -> int:
    """The verifier keys, one a line."""
    setup.start(args)
    keys = importlib.import_module("sanxiang.ledger.keys")
    door = importlib.import_module("sanxiang.door.log.keys")
    try:
        keys.make_missing(unsigned=keys.lost() and not door.signed_before())
        for hash in keys.VKEYS:
            keys.vkey(
                keys.origin(), hash
            )  # the public lines stand without; that the private key is lost is told here
        lines = keys.every_vkey_line()
    except keys.Unsound as error:
        raise Wrong(str(error)) from error
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


def accept_clock(args: argparse.Namespace) -> int:
    """The clock went ahead and was put right: acts are taken again, and that it was so is an act of the installation."""
    setup.start(args)
    clock = importlib.import_module("sanxiang.ledger.clock")
    now = importlib.import_module("django.utils.timezone").now()
    wrong = clock.latest()
    if wrong is None or wrong <= now:
        raise Wrong("服务器时钟没有比账本慢，不需要这一步")
    told = {"wrong": wrong.isoformat(), "now": now.isoformat()}
    door = importlib.import_module("sanxiang.door.log.installation")
    door.record("accept-clock", door.LABELS["accept-clock"], told)
    clock.accept()
    text = f"账本里 {wrong.isoformat()} 的时间作废，从现在起照服务器时钟 {now.isoformat()} 办理；这件事已经记入账本。"
    say(args, told, text)
    return 0
