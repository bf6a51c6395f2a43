"""`sanxiang serve`: web, worker and sequencer in one process tree; a clean stop on SIGTERM."""

import argparse
import gc
import importlib
import socket
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands import web
from sanxiang.commands.output import Wrong, note
from sanxiang.law.blocks import PackError
from sanxiang.law.calendar import calendar_faults
from sanxiang.law.packs import load_pack
from sanxiang.speech import trouble_of

LONGEST_LINE = 8190
"""Bytes of a request line; gunicorn takes no more. A Chinese character in a search takes nine."""


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    one = sub.add_parser("serve", help="启动网页、后台任务和账本编号", parents=[common])
    one.add_argument("--host", default="127.0.0.1", metavar="H")
    one.add_argument("--port", type=port_number, default=8000, metavar="N")
    one.add_argument("--workers", type=int, default=1, metavar="N")
    one.set_defaults(run=run)


def port_number(text: str) -> int:
    """A port as typed. Raises argparse.ArgumentTypeError."""
    if text.isascii() and text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}”不是端口号，请写 1 到 65535 的整数，如 8000")


def run(args: argparse.Namespace) -> int:
    """Serve an installation."""
    setup.start(args)
    refuse_taken(args.host, args.port)  # before the upgrade: another server may be at work on the old shape
    setup.migrated()
    for flaw in unusable_packs():
        note(f"注意：{flaw}。适用它的机关现在不能办案，请改好后用 sanxiang pack check 检查")
    for fault in calendar_faults(importlib.import_module("django.conf").settings.DATA):
        note(f"注意：{fault}。改好之前这份安排不算数，所涉年份的期限按暂定推算")
    return run_server(args.host, args.port, args.workers)


def unusable_packs() -> list[str]:
    """What is wrong with the packs that agencies here stand under."""
    agencies = importlib.import_module("sanxiang.people.models").Agency.objects
    found = []
    for name in agencies.order_by("locality").values_list("locality", flat=True).distinct():
        try:
            load_pack(name)
        except PackError as error:
            found.append(str(error))
    return found


def run_server(host: str, port: int, workers: int) -> int:
    """gunicorn with threads, and the loops in a process beside its workers."""
    refuse_taken(host, port)
    keeper = importlib.import_module("sanxiang.commands.background").Keeper
    importlib.import_module("sanxiang.door.worker")  # once, for all processes that are forked from this one
    note(f"服务已启动：http://{host}:{port}/　（Ctrl+C 停止）")
    web.run(options(host, port, workers), application, keeper)
    return 0


def application() -> Any:
    """The site; each web worker loads its own."""
    return importlib.import_module("sanxiang.wsgi").application


def options(host: str, port: int, workers: int) -> dict[str, Any]:
    """How gunicorn is set."""
    return {
        **web.options(host, port),
        "workers": workers,
        "worker_class": "sanxiang.commands.long_request.Worker",
        "limit_request_line": LONGEST_LINE,
        "timeout": 120,
        "accesslog": None,
        "post_fork": post_fork,
        "post_worker_init": settle,
        "forwarded_allow_ips": believed(),
        "forwarder_headers": "",  # else a visitor moves our addresses about by a header SCRIPT_NAME
    }


def believed() -> str:
    """Whose word gunicorn takes for it that the visitor came by https: the named proxies', and this machine's own."""
    proxies = importlib.import_module("django.conf").settings.PROXIES
    return ",".join(["127.0.0.1", "::1", *map(str, proxies)])


def post_fork(server: object, worker: object) -> None:
    """In each worker: a connection to the database is nobody else's."""
    importlib.import_module("django.db").connections.close_all()


def settle(worker: object = None) -> None:
    """Packs and code stay for good: the collector, which walks them in the middle of somebody's page, need not look at them."""
    gc.collect()
    gc.freeze()


def refuse_taken(host: str, port: int) -> None:
    """Say plainly that the port is taken, instead of retrying for minutes."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Wrong(
                f"端口 {port} 用不了（{trouble_of(error)}），请用 --port 换一个，或停掉占用它的程序"
            ) from error
