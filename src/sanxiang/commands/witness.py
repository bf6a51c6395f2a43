"""`sanxiang witness …`: a witness of other people's logs, on a machine of its own; no Django, no database server."""

import argparse
import time
from pathlib import Path
from typing import Any

from sanxiang.commands import web
from sanxiang.commands.output import Wrong, note, say
from sanxiang.commands.serve import port_number, refuse_taken
from sanxiang.commands.witness_site import application, moment
from sanxiang.ledger.tlog import witness_store
from sanxiang.ledger.tlog.note import encode_base64
from sanxiang.ledger.tlog.witness_store import Store, Unusable, Watched
from sanxiang.speech import trouble_of

FOLDER = "var/witness"


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """`witness` and its sub-commands."""
    title = (
        f"见证人：给别的机关的账本作见证。--data 是见证人自己的文件夹（默认 {FOLDER}），不是平台的数据目录"
    )
    witness = sub.add_parser("witness", parents=[common], help=title, description=title)
    commands = witness.add_subparsers(dest="witness", metavar="子命令", required=True)

    def one(name: str, words: str, function: Any) -> argparse.ArgumentParser:
        parser = commands.add_parser(name, parents=[common], help=words, description=words)
        parser.set_defaults(run=function)
        return parser

    made = one("init", "建立见证人，生成密钥，给出验证密钥", init)
    made.add_argument(
        "--name", required=True, metavar="NAME", help="见证人的名称，如 witness.sfj.example.gov.cn"
    )
    added = one("add-log", "登记一本账，或者给它加一把密钥", add_log)
    added.add_argument("vkey", metavar="VKEY", help="账本的验证密钥，由账本所在机关给出")
    added.add_argument("--origin", default="", metavar="O", help="账本的名称，默认是密钥的名称")
    removed = one("remove-log", "不再承认一把账本密钥（如已失窃）；见证过的记录仍然保留", remove_log)
    removed.add_argument("vkey", metavar="VKEY", help="不再承认的账本密钥，写法同登记时")
    one("list", "列出登记的账本，各见证到多少条，承认哪些密钥", list_logs)
    one("vkey", "给出见证人的验证密钥", vkey)
    served = one("serve", "启动见证服务；还没有见证人的先建立", serve)
    served.add_argument("--host", default="127.0.0.1", metavar="H")
    served.add_argument("--port", type=port_number, default=8090, metavar="N")
    served.add_argument("--name", default="", metavar="NAME", help="见证人的名称，第一次启动时必须写")
    served.add_argument(
        "--log",
        action="append",
        default=[],
        metavar="VKEY",
        help="登记这本账，可以写多次；已经去掉的密钥不再登记",
    )


def _folder(args: argparse.Namespace) -> Path:
    """The witness's own folder; never an installation's, whose keeper it is to watch."""
    folder = Path(getattr(args, "data", None) or FOLDER).resolve()
    if (folder / "secret.key").exists():
        raise Wrong(
            f"{folder} 是平台的数据目录。见证人要与账本分开，请用 --data 另指定文件夹，最好在别的机关的机器上"
        )
    return folder


def _opened(args: argparse.Namespace) -> Store:
    try:
        return witness_store.open_store(_folder(args))
    except Unusable as error:
        raise Wrong(str(error)) from error


def _made(args: argparse.Namespace) -> Store:
    try:
        return witness_store.make_store(_folder(args), args.name)
    except (Unusable, ValueError) as error:
        raise Wrong(f"不能建立见证人：{error}") from error
    except OSError as error:
        raise Wrong(f"不能建立见证人的文件夹 {error.filename}：{trouble_of(error)}") from error


def init(args: argparse.Namespace) -> int:
    """Make the folder and the key."""
    store = _made(args)
    say(
        args,
        {"name": store.name, "vkey": store.vkey, "folder": str(store.folder)},
        f"见证人已建立，文件夹 {store.folder}，其中 {witness_store.KEY} 是密钥，不能外传\n"
        f"验证密钥（交给账本所在机关和查验的人）：\n{store.vkey}",
    )
    return 0


def add_log(args: argparse.Namespace) -> int:
    """Watch a log."""
    origin = _watch(_opened(args), args.vkey, args.origin)
    say(args, {"origin": origin, "vkey": args.vkey}, f"已登记账本 {origin}")
    return 0


def _watch(store: Store, vkey: str, origin: str = "") -> str:
    try:
        return witness_store.add_log(store, vkey, int(time.time()), origin)
    except ValueError as error:
        raise Wrong(
            f"不能登记账本：{error}。请向账本所在机关核对它的验证密钥（sanxiang ledger vkey 的第一行）"
        ) from error


def remove_log(args: argparse.Namespace) -> int:
    """Believe a key no longer."""
    if not witness_store.remove_log(_opened(args), args.vkey):
        raise Wrong("没有登记过这把验证密钥，用 sanxiang witness list 查看")
    say(args, {"removed": args.vkey}, "已不再承认这把密钥")
    return 0


def list_logs(args: argparse.Namespace) -> int:
    """Each log, how far it was seen, what was refused, and the keys that are believed."""
    logs = witness_store.watched(_opened(args))
    say(args, [_record(log) for log in logs], "\n".join(map(_line, logs)) or "还没有登记账本")
    return 0


def _record(log: Watched) -> dict[str, Any]:
    seen = log.latest
    refused = [refusal.why for refusal in log.refusals]
    return {
        "origin": log.origin,
        "vkeys": list(log.vkeys),
        "size": seen.size if seen else None,
        "root": encode_base64(seen.root) if seen else None,
        "at": seen.at if seen else None,
        "refused": {why: refused.count(why) for why in ("fork", "rollback", "unproven")},
    }


def _line(log: Watched) -> str:
    seen = log.latest
    reached = f"见证到 {seen.size} 条，{moment(seen.at)}" if seen else "还没有见证过"
    refused = f"；拒绝过 {len(log.refusals)} 次" if log.refusals else ""
    stopped = "" if log.vkeys else "；已停止见证"
    keys = "".join(f"\n  账本密钥 {vkey}" for vkey in log.vkeys)
    return f"{log.origin}  {reached}{refused}{stopped}{keys}"


def vkey(args: argparse.Namespace) -> int:
    """The witness's own verifier key."""
    store = _opened(args)
    say(args, {"name": store.name, "vkey": store.vkey}, store.vkey)
    return 0


def serve(args: argparse.Namespace) -> int:
    """Make what is missing, then serve until SIGTERM."""
    if not (_folder(args) / witness_store.KEY).exists():
        if not args.name:
            raise Wrong("这里还没有见证人。第一次启动请写 --name 名称，如 --name witness.sfj.example.gov.cn")
        made = _made(args)
        note(f"见证人已建立，文件夹 {made.folder}，其中 {witness_store.KEY} 是密钥，不能外传")
    store = _opened(args)
    if args.name not in ("", store.name):
        raise Wrong(f"这里的见证人叫 {store.name}，名称不能改；要用别的名称，请用 --data 另建一个")
    for log in args.log:
        note(_begun(store, log))
    refuse_taken(args.host, args.port)
    note(f"见证服务已启动：http://{args.host}:{args.port}/　验证密钥：{store.vkey}　（Ctrl+C 停止）")
    settings = {**web.options(args.host, args.port), "worker_class": "sanxiang.commands.slow_client.Worker"}
    web.run(settings, lambda: application(store))
    return 0


def _begun(store: Store, log: str) -> str:
    """A log that the command line names is watched; not by a key that was taken back, or a restart would believe a stolen one."""
    if witness_store.removed(store, log):
        return (
            f"没有登记 {log}：这把密钥已经用 witness remove-log 去掉，重新启动不会再承认它。"
            "请从启动命令里删去这个 --log；确要重新承认的，用 sanxiang witness add-log"
        )
    return f"已登记账本 {_watch(store, log)}"
