"""`sanxiang pack`: list, check, show, compare and copy packs."""

import argparse
import re
import shutil
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sanxiang.commands.output import Wrong, say
from sanxiang.law.blocks import PackError
from sanxiang.law.check import check, check_all
from sanxiang.law.describe import PROVENANCE_NAMES, described, parameters
from sanxiang.law.packs import NATIONAL, Pack, list_packs, load_pack
from sanxiang.law.places import packs_root


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("pack", help="规则包：列出、检查、查看、比较、新建", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    verbs.add_parser("list", help="列出规则包", parents=[common]).set_defaults(run=list_them)
    one = verbs.add_parser("check", help="检查一个或全部规则包", parents=[common])
    one.add_argument("path", nargs="?", metavar="PATH", help="规则包的文件夹或编号；不写则检查全部")
    one.add_argument("--laws", metavar="DIR", help="法律文本文件夹，核对每一处引用的条文")
    one.set_defaults(run=check_them)
    one = verbs.add_parser("show", help="查看全部参数及来源", parents=[common])
    one.add_argument("id")
    one.set_defaults(run=show)
    one = verbs.add_parser("diff", help="比较两个规则包的参数", parents=[common])
    one.add_argument("a")
    one.add_argument("b")
    one.set_defaults(run=diff)
    one = verbs.add_parser("new", help="从已有规则包复制一个新的", parents=[common])
    one.add_argument("id")
    one.add_argument("--from", dest="source", required=True, metavar="ID")
    one.set_defaults(run=new)


def loaded(name: str) -> Pack:
    """The pack, or a sentence that says what is wrong with it."""
    try:
        return load_pack(name)
    except PackError as error:
        raise Wrong(str(error)) from error


def list_them(args: argparse.Namespace) -> int:
    """Ids, names, levels and digests."""
    rows = []
    for name in list_packs():
        pack = loaded(name)
        rows.append(
            {
                "id": name,
                "name": pack.name,
                "seed": pack.manifest.get("seed", ""),
                "level": pack.manifest["level"],
                "region": pack.manifest.get("region", ""),
                "digest": pack.digest,
            }
        )
    say(args, rows, "\n".join(f"{r['id']:<12} {r['name']}（{r['level']}，{r['region']}）" for r in rows))
    return 0


def check_them(args: argparse.Namespace) -> int:
    """Complaints with file, line and reason; exit 1 when there are any."""
    laws = Path(args.laws) if args.laws else None
    if laws is not None and not laws.is_dir():
        raise Wrong(f"没有文件夹 {laws}，--laws 要指向存放法律文本的文件夹")
    if args.path:
        folder = Path(args.path)
        found = _check_path(folder, laws) if folder.is_dir() else {args.path: check(args.path, laws=laws)}
    else:
        found = check_all(laws=laws)
    errors = [{"pack": name, "error": e} for name, many in found.items() for e in many]
    text = "\n".join(e["error"] for e in errors) or f"没有问题：{'、'.join(found)}"
    say(args, {"ok": not errors, "packs": list(found), "errors": errors}, text)
    return 1 if errors else 0


def _check_path(folder: Path, laws: Path | None) -> dict[str, list[str]]:
    """A folder that is one pack, or that holds packs."""
    folder = folder.resolve()
    if not ((folder / "pack.toml").exists() or list(folder.glob("*.md"))):
        return check_all(folder, laws)
    if (folder.parent / NATIONAL).is_dir():
        return {folder.name: check(folder.name, folder.parent, laws)}
    with TemporaryDirectory() as beside:
        # A pack that lies anywhere is checked on the shipped national one, which the loader wants beside it.
        shutil.copytree(packs_root() / NATIONAL, Path(beside) / NATIONAL)
        shutil.copytree(folder, Path(beside) / folder.name)
        return {folder.name: check(folder.name, Path(beside), laws)}


def show(args: argparse.Namespace) -> int:
    """Manifest and parameters."""
    pack = loaded(args.id)
    rows = parameters(pack)
    value = {
        "id": pack.id,
        "name": pack.name,
        "digest": pack.digest,
        "manifest": dict(pack.manifest),
        "parameters": rows,
        "instruments": [
            {"id": i.id, "name": i.name, "kind": i.kind, "number": i.number}
            for i in pack.instruments.values()
        ],
        "procedures": [
            {"id": p.id, "label": p.label, "act_type": p.act_type} for p in pack.procedures.values()
        ],
    }
    lines = [f"{pack.name}（{pack.id}）"]
    lines += [f"{p['label']}：{told(p)}　[{PROVENANCE_NAMES[p['provenance']]}] {p['citation']}" for p in rows]
    say(args, value, "\n".join(lines))
    return 0


def told(value: dict[str, Any]) -> str:
    """A value in words, on one line."""
    return str(value["shown"]).replace("\n", "、")


def diff(args: argparse.Namespace) -> int:
    """Parameters that differ."""
    a, b = loaded(args.a), loaded(args.b)
    rows: list[dict[str, Any]] = []
    for key, known in a.parameters.items():
        one, other = described(a.parameter(key)) or {}, described(b.parameter(key)) or {}
        if (one["value"], one["set"]) != (other["value"], other["set"]):
            rows.append({"key": key, "label": known.label, args.a: one, args.b: other})
    text = "\n".join(f"{r['label']}：{told(r[args.a])} → {told(r[args.b])}" for r in rows) or "参数相同"
    say(args, rows, text)
    return 0


def new(args: argparse.Namespace) -> int:
    """Copy a pack under a new id; no Python is written."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", args.id):
        raise Wrong(f"编号 {args.id!r} 不合用：小写字母开头，只含小写字母、数字和连字符，2 到 31 个字符")
    loaded(args.source)
    root = packs_root()
    target = root / args.id
    if target.exists():
        raise Wrong(f"{target} 已经存在，请换一个编号或先删除它")
    shutil.copytree(root / args.source, target)
    manifest = target / "pack.toml"
    text = manifest.read_text(encoding="utf-8")
    old = tomllib.loads(text)
    text = re.sub(r"(?m)^id\s*=.*$", f'id = "{args.id}"', text, count=1)
    if "seed" in old:
        text = re.sub(r"(?m)^seed\s*=.*$", f'seed = "{args.id.upper()}"', text, count=1)
    manifest.write_text(text, encoding="utf-8")
    say(
        args,
        {"id": args.id, "folder": str(target)},
        f"已建立 {target}。改好 pack.toml 和各 .md 之后运行：sanxiang pack check {args.id}",
    )
    return 0
