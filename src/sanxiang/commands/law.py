"""`sanxiang law`: dated statute texts, data of an installation; what a new version touches."""

import argparse
import importlib
import re
from datetime import date
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say
from sanxiang.law.forms import Unreadable, parse_day
from sanxiang.law.packs import list_packs, load_pack
from sanxiang.law.statutes import read_texts
from sanxiang.speech import cn_day


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("law", help="法律文本：导入、列出、查看、影响", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("import", help="导入一个文件夹里的法律文本", parents=[common])
    one.add_argument("dir", metavar="DIR")
    one.set_defaults(run=import_them)
    verbs.add_parser("list", help="列出已导入的文本", parents=[common]).set_defaults(run=list_them)
    one = verbs.add_parser("show", help="查看某一条在某一天的文字", parents=[common])
    one.add_argument("name")
    one.add_argument("article")
    one.add_argument("--on", metavar="DATE")
    one.set_defaults(run=show)
    one = verbs.add_parser(
        "impact", help="哪些规则、清单、文书、期限和在办案件引用这部法律", parents=[common]
    )
    one.add_argument("name")
    one.set_defaults(run=impact)


def import_texts(folder: Path) -> tuple[int, int]:
    """Take in every text of a folder; what is there already is left. Returns new and known."""
    if not folder.is_dir():
        raise Wrong(f"没有文件夹 {folder}，请写存放法律文本（名称(日期).md）的文件夹")
    statutes = importlib.import_module("sanxiang.registers.models").Statute.objects
    new = known = 0
    for text in read_texts(folder):
        _, made = statutes.get_or_create(
            name=text.name,
            version=text.version,
            defaults={"articles": dict(text.articles), "digest": text.digest},
        )
        new, known = new + made, known + (not made)
    return new, known


def import_them(args: argparse.Namespace) -> int:
    """Import."""
    setup.start(args)
    new, known = import_texts(Path(args.dir))
    say(args, {"new": new, "known": known}, f"新导入 {new} 部，已有 {known} 部")
    return 0


def list_them(args: argparse.Namespace) -> int:
    """List."""
    setup.start(args)
    rows = [
        {"name": s.name, "version": s.version.isoformat(), "articles": len(s.articles)}
        for s in importlib.import_module("sanxiang.registers.models").Statute.objects.order_by(
            "name", "version"
        )
    ]
    say(
        args,
        rows,
        "\n".join(f"《{r['name']}》{cn_day(r['version'])}版本，{r['articles']} 条" for r in rows)
        or "还没有导入法律文本：sanxiang law import DIR",
    )
    return 0


def show(args: argparse.Namespace) -> int:
    """One article as it stood on a day."""
    setup.start(args)
    try:
        day = date.fromisoformat(parse_day(args.on)) if args.on else date.today()
    except Unreadable as error:
        raise Wrong(str(error)) from error
    found = (
        importlib.import_module("sanxiang.registers.models")
        .Statute.objects.filter(name=args.name, version__lte=day)
        .order_by("-version")
        .first()
    )
    if found is None:
        raise Wrong(f"没有导入《{args.name}》在{cn_day(day)}之前的文本；先运行 sanxiang law import DIR")
    article = args.article if args.article.startswith("第") else f"第{args.article}条"
    text = found.articles.get(article)
    if text is None:
        raise Wrong(f"《{args.name}》（{cn_day(found.version)}）没有{article}")
    say(
        args,
        {"name": found.name, "version": found.version.isoformat(), "article": article, "text": text},
        f"《{found.name}》{article}（{cn_day(found.version)}版本）\n{text}",
    )
    return 0


def _imported(folder: Path, args: argparse.Namespace) -> bool:
    """Is there a text of this name in the installation, if there is one?"""
    if not (folder / "secret.key").exists():
        return False
    return bool(
        importlib.import_module("sanxiang.registers.models").Statute.objects.filter(name=args.name).exists()
    )


def impact(args: argparse.Namespace) -> int:
    """Rules, papers, limits and open cases that stand on this law."""
    rules = []
    for name in list_packs():
        for block in load_pack(name).blocks:
            if block.citation.instrument == args.name:
                rules.append(
                    {
                        "pack": name,
                        "kind": block.kind,
                        "id": str(block.data.get("id", block.data.get("key", ""))),
                        "article": block.citation.article,
                        "place": f"{block.file}:{block.line}",
                    }
                )
    folder = setup.data_folder(args)
    cases: list[dict[str, str]] = []
    if (folder / "secret.key").exists():
        setup.start(args)
        rows = (
            importlib.import_module("sanxiang.cases.models")
            .Case.objects.filter(closed="")
            .only("id", "title", "number", "state")
        )
        pattern = re.compile(re.escape(args.name))
        cases = [
            {"id": str(c.id), "number": c.number, "title": c.title}
            for c in rows
            if pattern.search(str(c.state["facts"]))
        ]
    if not rules and not cases and not _imported(folder, args):
        raise Wrong(f"没有规则、在办案件或者已导入的文本引用《{args.name}》，请核对名称，写法如 行政处罚法")
    unique = {(r["kind"], r["id"], r["place"]) for r in rules}
    lines = [f"规则 {len(unique)} 处，在办案件 {len(cases)} 件引用《{args.name}》"] + [
        f"  {r[2]}　{r[0]} {r[1]}" for r in sorted(unique)
    ]
    say(args, {"name": args.name, "rules": rules, "cases": cases}, "\n".join(lines))
    return 0
