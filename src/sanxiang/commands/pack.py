"""`sanxiang pack`: list, check, show, compare and copy packs."""

import argparse
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sanxiang.commands.output import Wrong, say
from sanxiang.law.blocks import PackError
from sanxiang.law.check import check, unverified
from sanxiang.law.copying import Naming, copy_pack, still_copied
from sanxiang.law.describe import PROVENANCE_NAMES, described, parameters
from sanxiang.law.packs import Pack, list_packs, load_pack
from sanxiang.law.places import NATIONAL, new_home, own_folder, shelf
from sanxiang.speech import trouble_of


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
    one = verbs.add_parser(
        "new",
        help="以已有规则包为起点新建一个",
        parents=[common],
        description=(
            "写入 SANXIANG_PACKS，没有就写入 --data 的 localities 文件夹，都没有写明就写入源码的 packs。"
            "ID 与 --from 相同时，得到一份可以自己改的同名规则包，用它代替随程序来的那一份。"
        ),
    )
    one.add_argument("id", metavar="ID", help="新规则包的编号，如 mycounty")
    one.add_argument("--from", dest="source", required=True, metavar="ID", help="照哪一个规则包")
    one.add_argument("--name", metavar="NAME", help="机关或地方的名称")
    one.add_argument("--region", metavar="CODE", help="GB/T 2260 的六位区划代码")
    one.add_argument(
        "--scheme", metavar="TITLE", help="本地方案的名称，页面按它引用；不写就是“名称＋三项制度实施方案”"
    )
    one.add_argument("--doc-no", metavar="NO", help="本地方案的文号")
    one.set_defaults(run=new)


def loaded(name: str) -> Pack:
    """The pack, or a sentence that says what is wrong with it."""
    try:
        return load_pack(name)
    except PackError as error:
        raise Wrong(str(error)) from error


def list_them(args: argparse.Namespace) -> int:
    """Ids, names, levels, digests and folders; a pack that cannot be used with its error. Exit 1 when there is such a one."""
    rows = [_row(name) for name in list_packs()]
    lines = [
        f"{r['id']:<12} 不能使用：{r['error']}"
        if "error" in r
        else f"{r['id']:<12} {r['name']}（{r['level']}，{r['region'] or '没有写区划代码'}）"
        for r in rows
    ]
    say(args, rows, "\n".join(lines))
    return 1 if any("error" in row for row in rows) else 0


def _row(name: str) -> dict[str, str]:
    """One pack of the list."""
    folder = str(shelf().holding(name) / name)
    try:
        pack = load_pack(name)
    except PackError as error:
        return {"id": name, "error": str(error), "folder": folder}
    told = pack.manifest
    return {
        "id": name,
        "name": pack.name,
        "seed": told.get("seed", ""),
        "level": told["level"],
        "region": told.get("region", ""),
        "digest": pack.digest,
        "folder": folder,
    }


def check_them(args: argparse.Namespace) -> int:
    """Complaints with file, line and reason; exit 1 when there are any. What is unfinished but lawful is only remarked."""
    laws = Path(args.laws) if args.laws else None
    if laws is not None and not laws.is_dir():
        raise Wrong(f"没有文件夹 {laws}，--laws 要指向存放法律文本的文件夹")
    names, root = _meant(args.path)
    found = {name: check(name, root, laws) for name in names}
    errors = [{"pack": name, "error": e} for name, many in found.items() for e in many]
    remarks = [
        {"pack": name, "remark": remark}
        for name, many in found.items()
        if not many
        for remark in _remarks(load_pack(name, root))
    ]
    text = "\n".join(e["error"] for e in errors) or f"没有问题：{'、'.join(found)}"
    lines = [text, *(f"提醒：{r['pack']}　{r['remark']}" for r in remarks)]
    say(args, {"ok": not errors, "packs": names, "errors": errors, "remarks": remarks}, "\n".join(lines))
    return 1 if errors else 0


def _meant(told: str | None) -> tuple[list[str], Path | None]:
    """Which packs, and in which folder: all in use, one by its id, a folder that is a pack, or one that holds packs."""
    if not told:
        return [NATIONAL, *list_packs()], None
    folder = Path(told).resolve()
    if not folder.is_dir():
        return [told], None
    if (folder / "pack.toml").exists() or list(folder.glob("*.md")):
        return [folder.name], folder.parent
    return [NATIONAL, *list_packs(folder)], folder


def _remarks(pack: Pack) -> list[str]:
    """What a pack that passes still leaves to do."""
    found = []
    if pack.name == pack.id:
        found.append("pack.toml 的 name 还是编号，请写机关或地方的名称")
    if pack.id != NATIONAL and not pack.manifest.get("region"):
        found.append("pack.toml 没有写 region（六位区划代码），证件的执法区域无法核对")
    found += [f"条号待核：{place}，请对照原文把标题改为“第…条”" for place in unverified(pack)]
    if lacking := without_papers(pack):
        found.append(
            f"方案列出的执法行为还没有成套文书模板：{'、'.join(lacking)}；写出程序和文书之前，本系统不能办理"
        )
    if unbound := without_file(pack):
        found.append(f"方案列出的执法行为还没有案卷模板（封面、目录、备考表）：{'、'.join(unbound)}")
    if copied := still_copied(pack):
        found.append(f"还有 {len(copied)} 处规则照抄自别处、没有对照本地方案核对，第一处在 {copied[0]}")
    return found


def without_papers(pack: Pack) -> list[str]:
    """The kinds of acts of the scheme for which no procedure makes a paper of its own.

    What several kinds share (a receipt of service, a cover of the file) is no set of papers of any of them.
    """
    own = set()
    for act in pack.acts.values():
        kinds = {pack.procedures[name].act_type for name in act.procedures if name in pack.procedures}
        own |= kinds if act.papers and len(kinds) == 1 else set()
    return _kinds_beside(pack, own)


def without_file(pack: Pack) -> list[str]:
    """The kinds of acts of the scheme whose cases no act binds with a cover, an index and a note of the file."""
    bound = set()
    for act in pack.acts.values():
        if set(FILE_PAPERS) <= set(act.papers):
            bound |= {pack.procedures[name].act_type for name in act.procedures if name in pack.procedures}
    return _kinds_beside(pack, bound)


FILE_PAPERS = ("file-cover", "file-index", "file-note")
"""What every bound file has (档案法 第十四条)."""


def _kinds_beside(pack: Pack, found: set[str]) -> list[str]:
    """What the scheme calls the kinds that are not among these; a label for two kinds needs both."""
    kinds = ((str(one["label"]), {one["code"], *one.get("also", ())}) for one in pack.act_types())
    return [label for label, codes in kinds if codes - found]


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
    lines += [
        f"{p['label']}：{told(p)}　[{PROVENANCE_NAMES[p['provenance']]}] {p['citation']}{beside(p)}"
        for p in rows
    ]
    say(args, value, "\n".join(lines))
    return 0


def told(value: dict[str, Any]) -> str:
    """A value in words, on one line."""
    return str(value["shown"]).replace("\n", "、")


def beside(row: dict[str, Any]) -> str:
    """What binds where it is not the locality's own value: a scheme that is silent is not above the law."""
    binding = row["binding"]
    if (row["value"], row["set"]) == (binding["value"], binding["set"]):
        return ""
    joined = row["set"] and row["provenance"] == binding["provenance"]
    label = "与国家规定合并适用" if joined else f"适用{PROVENANCE_NAMES[binding['provenance']]}"
    if binding["provenance"] == "operator" and not row["set"]:
        label = "没有设定之前参照法律"
    return f"；{label}：{told(binding)}　{binding['citation']}"


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
    """Start a locality from the pack of another, in the folder that the operator keeps; no Python is written."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", args.id) or args.id == NATIONAL:
        raise Wrong(f"编号 {args.id!r} 不合用：小写字母开头，只含小写字母、数字和连字符，2 到 31 个字符")
    told = _naming(args)
    pack, target = loaded(args.source), new_home().absolute() / args.id
    if target.exists():
        raise Wrong(f"{target} 已经存在，请换一个编号或先删除它")
    if args.id in list_packs() and args.id != pack.id:
        raise Wrong(f"编号 {args.id} 已经用在 {shelf().holding(args.id) / args.id}，请换一个编号")
    source = shelf().holding(pack.id) / pack.id
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and renamed: half a pack is never found.
        with TemporaryDirectory(dir=target.parent) as beside:
            draft = Path(beside) / args.id
            if args.id == pack.id:
                shutil.copytree(source, draft)
            else:
                copy_pack(pack, source, draft, told)
            draft.rename(target)
    except OSError as error:
        raise Wrong(
            f"不能写入 {target}（{trouble_of(error)}），请用 --data 指定有写权限的数据目录"
        ) from error
    rows = still_copied(loaded(args.id))
    value = {"id": args.id, "name": load_pack(args.id).name, "folder": str(target), "copied": len(rows)}
    say(args, value, _next_steps(value, target))
    return 0


def _naming(args: argparse.Namespace) -> Naming:
    """How the new locality is called; without --name by its id, which `pack check` then remarks on."""
    told = {key: (getattr(args, key) or "").strip() for key in ("name", "region", "scheme", "doc_no")}
    for text in told.values():
        if len(text) > 120 or not text.isprintable():
            raise Wrong(f"“{text[:20]}”不合用：名称和文号写在一行里，不超过 120 个字")
    if told["region"] and not re.fullmatch(r"\d{6}(\d{3}){0,2}", told["region"], re.ASCII):
        raise Wrong(f"区划代码“{told['region']}”不合用，请写 GB/T 2260 的六位数字，如 210112")
    return Naming(args.id, told["name"] or args.id, told["region"], told["scheme"], told["doc_no"])


def _next_steps(made: dict[str, Any], target: Path) -> str:
    """What to do with the new pack, as commands that can be copied."""
    own = target.parent == own_folder().absolute()
    data = f" --data {target.parent.parent}" if own else ""
    what = f"照抄来的 {made['copied']} 处规则都注明了出处，等待核对" if made["copied"] else "内容与原来相同"
    lines = [
        f"已建立 {target}，{what}。",
        "一、对照本地方案改好 pack.toml 和各 .md：核对过的规则删去 from 一行，方案没有写的写 set = false；",
        f"二、检查：sanxiang pack check {made['id']}{data}",
        f"三、启用：sanxiang init --locality {made['id']} --agency 机关名称{data}",
    ]
    return "\n".join(lines if made["copied"] else lines[:3])
