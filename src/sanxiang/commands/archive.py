"""`sanxiang archive`: the file of a case to hand over."""

import argparse
import importlib
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.act import case_of, looked, person_of
from sanxiang.commands.output import Wrong, say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("archive", help="案卷：制作移交包", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser(
        "export", help="把一件案卷连同合成文件、目录、证明导出为 BagIt 移交包", parents=[common]
    )
    one.add_argument("case", metavar="CASE", help="案件编号、查询码或立案号")
    one.add_argument("dir", metavar="DIR", help="移交包所在的文件夹，里面建一个以查询码命名的子文件夹")
    one.add_argument("--as", dest="user", default="", metavar="USER", help="以谁的名义导出，不写为运维人员")
    one.add_argument("--reason", default="", metavar="CODE;TEXT", help="调阅事由，写成“代码;说明”")
    one.add_argument(
        "--confined",
        action="store_true",
        help="连同限定知悉范围的材料一并导出，须以可以知悉的人员的名义并写明事由",
    )
    one.set_defaults(run=export)
    add_transfer(verbs, common)


def add_transfer(verbs: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the hand-over of several files."""
    one = verbs.add_parser(
        "transfer", help="成批移交案卷：逐件登记移交，确定移交清单，制作移交包", parents=[common]
    )
    one.add_argument("file", metavar="FILE.zip", help="移交包写到这个文件，不能已经存在")
    one.add_argument("--as", dest="user", required=True, metavar="USER", help="办理移交的档案员")
    one.add_argument("--to", required=True, choices=("room", "archives", "successor"), help="移交到")
    one.add_argument("--receiver", required=True, metavar="NAME", help="接收单位和接收人")
    one.add_argument("--case", action="append", default=[], metavar="CASE", help="只移交这些（可以写几次）")
    one.add_argument("--year", default="", metavar="YEAR", help="登记年度")
    one.add_argument("--type", default="", metavar="TYPE", help="行为种类")
    one.add_argument("--unit", default="", metavar="NAME", help="办案机构")
    one.set_defaults(run=transfer)


def transfer(args: argparse.Namespace) -> int:
    """Exit 1 where a file of the batch was not handed over; the list says which and why."""
    setup.start(args)
    person, target = person_of(args.user), Path(args.file)
    if target.exists():
        raise Wrong(f"{target} 已经存在，请换一个文件名")
    batches = importlib.import_module("sanxiang.door.batches")
    refused = importlib.import_module("sanxiang.law.guards").Refused
    unreadable = importlib.import_module("sanxiang.door.attempts").Unreadable
    wanted = {"year": args.year, "type": args.type, "unit": args.unit}
    try:
        agency = batches.agency_of(person)
        codes = args.case or [case.code for case in batches.still_here(agency, wanted)]
        told = {
            "handed_to": args.to,
            "receiver": args.receiver,
            "copies": ["electronic"],
            "cases": " ".join(codes),
        }
        one = batches.handed_over(agency, person, told, "command")
    except refused as wrong:
        raise Wrong("；".join(f"{v.fact}。{v.cure}" for v in wrong.verdicts if not v.met)) from wrong
    except unreadable as wrong:
        raise Wrong("；".join(wrong.errors.values())) from wrong
    write_package(one, person, target)
    left = list(one.listed.get("left") or ())
    lines = [
        f"{one.number}：移交 {len(one.rows)} 件，移交包 {target}",
        *(f"- 没有移交 {x['案卷']}：{x['原因']}" for x in left),
    ]
    value = {
        "number": one.number,
        "handed": [dict(row) for row in one.rows],
        "left": left,
        "package": str(target),
    }
    say(args, value, "\n".join(lines))
    return 1 if left else 0


def write_package(one: Any, person: Any, target: Path) -> None:
    """The package as a file: whole under its name, or not there."""
    door = importlib.import_module("sanxiang.door.files.transfer")
    package = importlib.import_module("sanxiang.cases.dossier.package").package
    for row in one.rows:
        looked(case_of(row["code"]), "dossier", person, "")
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("wb") as out:
            for piece in package(one.number, door.lists_of(one), door.bags_of(one, person.name)):
                out.write(piece)
        beside.rename(target)
    except lost() as missing:
        raise Wrong(f"移交已经登记，移交包没有写成：{missing}。运行 sanxiang ledger verify 查明") from missing
    finally:
        beside.unlink(missing_ok=True)


def export(args: argparse.Namespace) -> None:
    """Write the bag; a folder that is there already is not touched."""
    setup.start(args)
    case, person = case_of(args.case), person_of(args.user) if args.user else None
    if case.stage != "archived":
        raise Wrong(f"案件“{case.title}”还没有归档，归档之后再制作移交包")
    if args.confined and (
        person is None or str(person.pk) not in case.state.get("cleared", ()) or not args.reason
    ):
        raise Wrong(
            "限定知悉范围的材料只能以本案可以知悉的人员的名义导出，并写明事由：--as 账号 --reason 代码;说明"
        )
    target = Path(args.dir) / case.code
    if target.exists():
        raise Wrong(f"{target} 已经存在，请换一个文件夹，或者先移走")
    looked(case, "dossier", person, args.reason)
    transfer, volume = (
        importlib.import_module(f"sanxiang.{name}")
        for name in ("door.files.transfer", "cases.dossier.volume")
    )
    try:
        told = transfer.dossier_of(
            case, args.confined, person.name if person else "运维人员", args.reason.partition(";")[2]
        )
        size = written(told, target)
    except (volume.Unbound, lost()) as missing:
        raise Wrong(f"没有导出：{missing}。运行 sanxiang ledger verify 查明") from missing
    say(
        args,
        {"bag": str(target), "files": size},
        f"已导出 {target}，{size} 个文件。核对：bagit.py --validate {target}",
    )


def lost() -> type[Exception]:
    """What a file that is gone raises."""
    found: type[Exception] = importlib.import_module("sanxiang.cases.dossier.bundle").Lost
    return found


def written(told: Any, target: Path) -> int:
    """Make the zip beside the folder and unpack it there: the bag is whole or not there. How many files it has."""
    bundle = importlib.import_module("sanxiang.cases.dossier.bundle")
    told.check()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        zipped = Path(folder) / "bag.zip"
        with zipped.open("wb") as out:
            for piece in bundle.bundle(told):
                out.write(piece)
        with zipfile.ZipFile(zipped) as made:
            made.extractall(folder)
            count = len(made.namelist())
        (Path(folder) / target.name).rename(target)
    return count
