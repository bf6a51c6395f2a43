"""`sanxiang dock`: the recordings of a docking station's folder come in; officers confirm on the desk of which step they are."""

import argparse
import importlib
import mimetypes
import os
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from sanxiang.commands import django as setup
from sanxiang.commands.act import person_of
from sanxiang.commands.importing import agency_of
from sanxiang.commands.output import Wrong, say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    one = sub.add_parser(
        "dock",
        help="从采集站文件夹导入音像",
        parents=[common],
        description=(
            "按文件名读出设备、时间，逐个收入；收不下的列出原因，不影响其他文件，重复运行不会重复。"
            "收入之后由执法人员在“采集站导入”页面确认属于哪一案件的哪一步。"
        ),
    )
    one.add_argument("folder", metavar="FOLDER", type=Path)
    one.add_argument("--agency", required=True, metavar="NAME", help="登记的机关全称")
    one.add_argument("--as", dest="user", required=True, metavar="USER", help="以哪个账号导入")
    one.add_argument(
        "--device", default="", metavar="SERIAL", help="整个文件夹是这台设备的；不写就从文件名读"
    )
    one.set_defaults(run=run)


def own_file(path: Path, folder: Path) -> BinaryIO:
    """A file of the folder itself, opened; a link would bring in whatever it points at. Raises OSError with the reason."""
    if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
        raise OSError("是指向别处的链接，不是采集站里的文件")
    return open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb")


def run(args: argparse.Namespace) -> int:
    """Take the folder in. 1 where a file could not be taken."""
    if not args.folder.is_dir():
        raise Wrong(f"没有文件夹“{args.folder}”")
    setup.start(args)
    docking = importlib.import_module("sanxiang.door.dock_folder")
    guards = importlib.import_module("sanxiang.law.guards")
    files = [
        (
            path.relative_to(args.folder).as_posix(),
            mimetypes.guess_type(path.name)[0] or "",
            partial(own_file, path, args.folder),
        )
        for path in sorted(args.folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    told = {"device": args.device, "source": args.folder.name}
    try:
        done = docking.take_in(agency_of(args.agency), person_of(args.user), files, **told)
    except guards.Refused as refused:
        raise Wrong("；".join(f"{v.fact}。{v.cure}" for v in refused.verdicts)) from refused
    lines = [f"收入 {len(done.taken)} 个，已经导入过 {len(done.known)} 个，没有收 {len(done.rejected)} 个"]
    lines += [f"- {name}：{why}" for name, why in done.rejected]
    say(args, vars(done), "\n".join(lines))
    return 1 if done.rejected else 0
