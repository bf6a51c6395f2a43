"""`sanxiang backup`, `restore`: keep the whole installation in one file, make one out of it, try whether that works."""

import argparse
import errno
import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say
from sanxiang.commands.progress import Progress
from sanxiang.custody.archive import Damaged, check
from sanxiang.speech import size_text, trouble_of


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the commands."""
    one = sub.add_parser("backup", help="备份整个安装到一个文件；服务不用停", parents=[common])
    one.add_argument("file", nargs="?", metavar="FILE", help="新文件，放在数据目录以外")
    one.add_argument("--with-files", action="store_true", help="文书和证据存在 S3 时也取回来放进备份")
    one.add_argument("--without-keys", action="store_true", help="不放签名密钥和 secret.key（另行保管的）")
    one.add_argument(
        "--drill", action="store_true", help="演练：把 FILE（不写时取最近一次备份）恢复到临时目录并核验"
    )
    one.set_defaults(run=backup)
    one = sub.add_parser("restore", help="从备份恢复到空的数据目录和空的数据库", parents=[common])
    one.add_argument("file", metavar="FILE", help="备份文件")
    one.add_argument(
        "--seen", action="append", default=[], metavar="FILE|DIR|URL",
        help="别处保存的账本：检查点文件、账本目录或者镜像网址，可以写多个",
    )  # fmt: skip
    erased = one.add_mutually_exclusive_group()
    erased.add_argument("--erasures", metavar="FILE", help="备份之后依法删除内容的清单 erasures.jsonl")
    erased.add_argument("--no-erasures", action="store_true", help="确认备份之后没有依法删除过内容")
    one.add_argument("--no-verify", action="store_true", help="恢复之后不核验全部账本")
    one.add_argument("--no-witnesses", action="store_true", help="不询问见证人；问过之前不签名")
    one.set_defaults(run=restore)


def backup(args: argparse.Namespace) -> int:
    """One file with everything."""
    if args.drill:
        return drill(args)
    if not args.file:
        raise Wrong("请写备份文件名，如 sanxiang backup /backup/sanxiang-20260101.tar")
    if not (folder := Path(args.file).resolve().parent).is_dir():
        raise Wrong(f"没有文件夹 {folder}。请核对路径，备份的磁盘是否挂载好了；确实没有的，先建立它")
    setup.start(args)
    making = importlib.import_module("sanxiang.custody.backup")
    unmigrated()
    told = guarded(Path(args.file), making, lambda progress: making.backup(
        Path(args.file), args.with_files, not args.without_keys, progress
    ))  # fmt: skip
    shown = {key: told[key] for key in ("file", "at", "bytes", "sha256", "rows", "logs", "files", "listed")}
    more = ("missing", "altered", "unrecorded", "keys", "seconds")
    value = {**shown, **{key: told[key] for key in more}}
    say(args, value, "\n".join(_told_backup(value)))
    return 0


def unmigrated() -> None:
    """Refuse a database that this version has not brought to its shape. Raises Wrong."""
    executor = importlib.import_module("django.db.migrations.executor").MigrationExecutor
    made = executor(importlib.import_module("django.db").connection)
    if made.migration_plan(made.loader.graph.leaf_nodes()):
        raise Wrong(
            "数据库还没有升级到本程序的结构，不能备份。请用原来版本的程序备份，或者先启动一次 sanxiang serve 完成升级"
        )


def _told_backup(value: dict[str, Any]) -> list[str]:
    files = value["files"]
    lines = [
        f"已备份到 {value['file']}（{size_text(value['bytes'])}，用时 {value['seconds']} 秒）",
        f"数据库 {len(value['rows'])} 张表 {sum(value['rows'].values())} 行，文书和证据 {files['count']} 个",
        f"SHA-256 {value['sha256']}",
    ]
    if value["listed"]:
        lines.append(
            f"文书和证据在 S3 存储桶里，备份只列了 {value['listed']} 个校验值；要连文件一起备份，加 --with-files"
        )
    if value["missing"]:
        first = _with_names(value["missing"][0])
        lines.append(f"注意：数据库引用的 {len(value['missing'])} 个文件不在存储里，例如 {first}")
    if value["altered"]:
        first = _with_names(value["altered"][0])
        lines.append(f"注意：{len(value['altered'])} 个文件的内容与校验值不符，例如 {first}")
    if value["unrecorded"]:
        lines.append(f"注意：这次备份没有能记入账本，{value['unrecorded']}。请另行登记谁在什么时候备份了什么")
    held, cure = (
        ("密钥和个人信息", "；密钥另行保管的，备份时加 --without-keys") if value["keys"] else ("个人信息", "")
    )
    lines.append(
        f"请把备份和数据目录里的 erasures.jsonl 一起存到另一台机器上。备份没有加密，里面有{held}，只让保管人能读，"
        f"离开本机之前用 age 或者 gpg 加密{cure}"
    )
    return lines


def _with_names(text: str) -> str:
    return str(importlib.import_module("sanxiang.custody.naming").with_names(text))


def guarded(file: Path, module: Any, work: Callable[[Progress], Any]) -> Any:
    """Do it with a bar; a full disk and the like end in one sentence. Raises Wrong."""
    progress = Progress()
    try:
        return work(progress)
    except (module.Unready, Damaged) as error:
        raise Wrong(str(error)) from error
    except OSError as error:
        raise Wrong(told_trouble(file, error)) from error
    finally:
        progress.end()


def told_trouble(file: Path, error: OSError) -> str:
    """What the machine could not do, and what to do."""
    if error.errno is None:
        return str(error)  # the store's own sentence
    where = error.filename or file
    cure = "请清理空间或换一块磁盘" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "请核对路径和权限"
    return f"{where}：{trouble_of(error)}。{cure}，没有留下不完整的文件"


def checked(file: Path) -> tuple[dict[str, Any], str]:
    """The manifest of a backup that is whole, and the digest of the file. Raises Wrong."""
    try:
        with file.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        return check(file), digest
    except Damaged as error:
        raise Wrong(f"{error}。请换用另一份备份") from error
    except OSError as error:
        raise Wrong(f"备份 {file} 读不出来：{trouble_of(error)}，请核对路径和权限") from error


def restore(args: argparse.Namespace) -> int:
    """Everything out of one file."""
    began = monotonic()
    file = Path(args.file).resolve()
    manifest, digest = checked(file)
    folder = setup.data_folder(args)
    _refuse_unfit(args, folder)
    for (
        text
    ) in args.seen:  # before anything is made: the command that is put right shall find the folder as it was
        if not text.startswith(("http://", "https://")) and not Path(text).exists():
            raise Wrong(f"没有 {text}：--seen 请写检查点文件、账本目录或者镜像网址")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    setup.start(args, must_exist=False)
    making = importlib.import_module("sanxiang.custody.restore")
    outside = importlib.import_module("sanxiang.custody.outside")
    log_of = importlib.import_module("sanxiang.ledger.logs").log_of
    try:
        seen = [outside.source_of(text) for text in args.seen]
        wanted = making.Wanted(
            file, file.stat().st_size, digest, Path(args.erasures) if args.erasures else None, seen,
            not args.no_witnesses,
        )  # fmt: skip
        done = guarded(folder, making, lambda progress: making.restore(wanted, manifest, progress))
    except ValueError as error:  # what was named cannot be used
        raise Wrong(str(error)) from error
    restored = monotonic() - began
    faults, unordered = ([], []) if args.no_verify else verified(making.ahead_of_rows(done))
    value = {
        "data": str(folder), "sha256": digest, **_value(manifest, done),
        "inside": {one.log: outside.inside(log_of(one.log)) for one in done.sights},
        "verified": None if args.no_verify else not faults, "faults": faults, "unordered": unordered,
        "seconds": {"restore": round(restored, 2), "verify": round(monotonic() - began - restored, 2)},
    }  # fmt: skip
    say(args, value, "\n".join(_told_restore(value)))
    return 1 if faults else 0


def _value(manifest: dict[str, Any], done: Any) -> dict[str, Any]:
    """What was restored, as plain values."""
    return {
        "made": manifest["made"], "logs": manifest["logs"], "rows": done.rows, "files": done.files,
        "skipped": done.skipped, "altered": manifest["altered"], "listed": manifest["listed"], "made_again": done.tiles_made_again,
        "erased": done.erased, "forgot": done.forgot, "vague": done.vague, "refused": done.refused,
        "keys": manifest["keys"], "halted": done.halted,
        "asked": [vars(one) for one in done.sights],
    }  # fmt: skip


def _refuse_unfit(args: argparse.Namespace, folder: Path) -> None:
    """The question of erasures is answered, and the folder is empty. Raises Wrong."""
    if folder.exists() and not folder.is_dir():
        raise Wrong(f"{folder} 是文件，不是目录，请换一个目录")
    kept = {"log", "log-sm3", "erasures.jsonl"}
    found = sorted(one.name for one in folder.iterdir() if one.name not in kept) if folder.is_dir() else []
    if found:
        raise Wrong(
            f"数据目录 {folder} 不是空的（有 {found[0]}），请换一个新目录；只允许留有 log、log-sm3、erasures.jsonl"
        )
    if args.erasures and not Path(args.erasures).is_file():
        raise Wrong(
            f"没有删除清单 {args.erasures}，请核对路径；没有删除过内容的安装，备份时也会写一份空的清单"
        )
    if not (args.erasures or args.no_erasures or (folder / "erasures.jsonl").is_file()):
        raise Wrong("备份之后依法删除过的内容，恢复后要再删一次：请用 --erasures 给出原数据目录里的 erasures.jsonl；"
                    "确认没有删除过的，写 --no-erasures")  # fmt: skip


def verified(ahead: tuple[str, ...]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The first faults of what was restored; apart from them the erasures whose orders were lost with the database.
    Of files that are `ahead` of the rows the halt speaks."""
    verify_all = importlib.import_module("sanxiang.door.verifying.database").verify_all
    unordered = importlib.import_module("sanxiang.ledger.verify").UNORDERED
    found: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    for fault in verify_all():
        if fault.by == "files" and fault.where.startswith(ahead):
            continue
        found[fault.what == unordered].append(fault.as_json())
        if len(found[0]) == 100:
            break
    return found


def _told_restore(value: dict[str, Any]) -> list[str]:
    lines = [
        f"已恢复到 {value['data']}：数据库 {sum(value['rows'].values())} 行，文书和证据 {value['files']} 个，"
        f"用时 {value['seconds']['restore']} 秒",
        f"依法删除的内容又删除了 {value['erased']} 项",
    ]
    if value["forgot"]:
        lines.append(f"案件里也一并删除，各记一步“恢复备份后再次依法删除”：{'、'.join(value['forgot'])}")
    if value["vague"]:
        lines.append(
            f"删除清单由旧版本写成，没有写明删的是哪一项：{'、'.join(value['vague'])}的账本内容已删，案件里还有，请负责人再办一次“决定并删除个人信息”"
        )
    lines += _told_refused(value["refused"])
    if value["unordered"]:
        lines.append(
            f"有 {len(value['unordered'])} 次依法删除，作出决定的办理动作不在这个数据库里："
            "请运行 sanxiang ledger recover --from 从原来的账本文件补回；补回之前 sanxiang ledger verify 逐一指出"
        )
    if value["listed"]:
        lines.append(
            f"备份里没有文书和证据，只列了 {value['listed']} 个；它们应当还在原来的 S3 存储桶里，请照原样设置 SANXIANG_STORE"
        )
    if value["skipped"]:
        first = _with_names(value["altered"][0])
        lines.append(f"注意：{value['skipped']} 个文件在备份的时候就已损坏，没有放回，例如 {first}")
    if value["made_again"]:
        lines.append(f"账本文件不全，服务启动后由数据库重新生成：{'、'.join(value['made_again'])}")
    if not value["keys"]:
        lines.append(f"备份里没有密钥：请把保管的密钥放回 {value['data']}/keys，再启动服务")
    if value["verified"] is not None:
        first = value["faults"][0] if value["faults"] else {}
        fits = "除上面说的依法删除以外，核验通过" if value["unordered"] else "核验通过"
        lines.append(fits if value["verified"] else f"核验不通过：{first['where']}：{first['why']}")
    lines += [line for one in value["asked"] if (line := _asked(one, value["inside"]))]
    lines.append(value["halted"] or f"下一步：sanxiang doctor --data {value['data']}，再启动 sanxiang serve")
    return lines


REFUSED_SHOWN = 20


def _told_refused(refused: list[str]) -> list[str]:
    """What the list of erasures names and the law keeps."""
    if not refused:
        return []
    more = f"；……共 {len(refused)} 项，全部列出用 --json" if len(refused) > REFUSED_SHOWN else ""
    return [
        f"注意：删除清单里有 {len(refused)} 项不是可以依法删除的内容，没有删：{'；'.join(refused[:REFUSED_SHOWN])}{more}。"
        "清单可能被人改过，请核对它从哪里来；确实应当删除的，由办案人员照“提请删除个人信息”重新办理"
    ]


def _asked(one: dict[str, Any], inside: dict[int, int]) -> str:
    """That a place outside was asked and agrees, or was not asked; what else it said halts the log, and is told there."""
    outside = importlib.import_module("sanxiang.custody.outside")
    if one["why"]:
        return "" if one["source"] == outside.NOBODY else f"没有问到 {one['source']}：{one['why']}"
    if one["fork"] or one["size"] > inside[one["log"]]:
        return ""
    name = importlib.import_module("sanxiang.ledger.logs").log_of(one["log"]).name
    return f"已核对：{one['source']}见过{name} {one['size']} 条，与恢复的一致"


def drill(args: argparse.Namespace) -> int:
    """Restore a backup on trial; exit 1 when something does not hold."""
    setup.start(args)
    drilling = importlib.import_module("sanxiang.custody.drill")
    try:
        report = drilling.drill(Path(args.file).resolve() if args.file else None)
    except drilling.NoBackup as error:
        raise Wrong(str(error)) from error
    except OSError as error:
        raise Wrong(told_trouble(Path(args.file or ""), error)) from error
    say(args, report, drilling.in_words(report))
    return 0 if report["ok"] else 1


OFTEN = 30
"""Days after which a backup or a drill is overdue."""


def about_backups(folder: Path) -> Any:
    """For `doctor`: when the last backup and the last drill were. A new installation has thirty days to begin."""
    places = importlib.import_module("sanxiang.custody.places")
    now = importlib.import_module("django.utils.timezone").now()
    age = (now.timestamp() - (folder / "secret.key").stat().st_mtime) / 86400
    for what, name, cure in (
        ("backup", "备份", "请运行 sanxiang backup FILE"),
        ("drill", "恢复演练", "请运行 sanxiang backup --drill"),
    ):
        days = places.days_since(what, now)
        told = "还没有做过" if days is None else "今天做过" if days == 0 else f"{days} 天以前做过"
        failed = places.drill_trouble() if what == "drill" else ""
        ok = not failed and (age if days is None else days) < OFTEN
        told += f"，{failed}" if failed else ""
        todo = days is None
        yield {"what": name, "ok": ok, "todo": todo, "text": f"{told}，{cure}" if todo or not ok else told}
