"""`sanxiang law`: dated statute texts, data of an installation; what a new version touches."""

import argparse
import importlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands import placing
from sanxiang.commands.output import Wrong, say
from sanxiang.law import citing
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
    one = verbs.add_parser("repeal", help="登记一部法律废止：引用它的清单条目各开一项复核", parents=[common])
    one.add_argument("name")
    one.add_argument("--on", metavar="DATE", required=True, help="从哪一天起失效")
    one.set_defaults(run=repeal)
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
    new, known = texts_in(folder)
    return len(new), known


def texts_in(folder: Path) -> tuple[list[tuple[str, date]], int]:
    """The same, with name and version of each text that is new."""
    if not folder.is_dir():
        raise Wrong(f"没有文件夹 {folder}，请写存放法律文本（名称(日期).md）的文件夹")
    statutes = importlib.import_module("sanxiang.registers.models").Statute.objects
    new: list[tuple[str, date]] = []
    known = 0
    for text in read_texts(folder):
        _, made = statutes.get_or_create(
            name=text.name,
            version=text.version,
            defaults={"articles": dict(text.articles), "digest": text.digest},
        )
        new += [(text.name, text.version)] if made else []
        known += not made
    return new, known


def import_them(args: argparse.Namespace) -> int:
    """Import."""
    setup.start(args)
    new, known = texts_in(Path(args.dir))
    told = importlib.import_module("sanxiang.oversight.law_changes").tell_amended
    newest = {citing.plain_name(name): day for name, day in sorted(new, key=lambda one: one[1])}
    reviews = {name: found for name, day in newest.items() if (found := told(name, day))}
    placing.place()
    lines = [f"《{name}》有改动，已请{'、'.join(found)}复核清单" for name, found in reviews.items()]
    value = {"new": len(new), "known": known, "reviews": reviews}
    say(args, value, "\n".join([f"新导入 {len(new)} 部，已有 {known} 部", *lines]))
    return 0


def repeal(args: argparse.Namespace) -> int:
    """The end of a law."""
    setup.start(args)
    try:
        day = date.fromisoformat(parse_day(args.on))
    except Unreadable as error:
        raise Wrong(str(error)) from error
    name = citing.plain_name(args.name)
    found = importlib.import_module("sanxiang.oversight.law_changes").tell_repealed(name, day)
    placing.place()
    text = f"已请{'、'.join(found)}复核清单" if found else "没有机关的清单引用它"
    say(
        args,
        {"name": name, "repealed_on": day.isoformat(), "reviews": found},
        f"《{name}》自{cn_day(day)}废止，{text}",
    )
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


def impact(args: argparse.Namespace) -> int:
    """What stands on this law: rules, registers, templates, running deadlines and open cases; what a new version touches first."""
    name = citing.plain_name(args.name)
    packs = [load_pack(pack) for pack in list_packs()]
    found: dict[str, list[dict[str, Any]]] = {
        "rules": [_as_row(rule) for rule in citing.rules_citing(packs, name)],
        "registers": [],
        "templates": [_as_row(rule) for rule in citing.templates_citing(packs, name)],
        "deadlines": [],
        "cases": [],
    }
    versions: Any = None
    if (setup.data_folder(args) / "secret.key").exists():
        setup.start(args)
        versions = _installed(name, found)
    if not any(found.values()) and not (versions and versions.days):
        raise Wrong(f"没有规则、清单、在办案件或者已导入的文本引用《{name}》，请核对名称，写法如 行政处罚法")
    for row in (row for rows in found.values() for row in rows):
        row["touched"] = versions.touches(tuple(row["articles"])) if versions else None
    days, changed = (versions.days, versions.changed) if versions else ((), ())
    value = {"name": name, "versions": [day.isoformat() for day in days], "changed": list(changed), **found}
    say(args, value, "\n".join(_told(value)))
    return 0


def _as_row(rule: citing.Cited) -> dict[str, Any]:
    """A rule or template as JSON."""
    first = rule.articles[0] if rule.articles else ""
    return {**vars(rule), "articles": list(rule.articles), "article": first}


def _installed(name: str, found: dict[str, list[dict[str, Any]]]) -> Any:
    """Add what the installation holds; the versions of the law that it knows."""
    oversight = importlib.import_module("sanxiang.oversight.impact")
    lost = importlib.import_module("sanxiang.door.pinned").PackLost
    today = importlib.import_module("django.utils.timezone").localdate()
    found["registers"] = oversight.registers_citing(name, today)
    try:
        found["cases"], found["deadlines"] = oversight.cases_citing(name)
    except lost as error:
        raise Wrong(str(error)) from error
    return oversight.versions_of(name)


LINES: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "rules": ("规则", lambda r: f"{r['place']}　{r['kind']} {r['id']}"),
    "registers": ("清单条目", lambda r: f"{r['agency']}　{r['register']}　{_entry(r)}{r['name']}"),
    "templates": ("文书模板", lambda r: f"{r['place']}　{r['id']}"),
    "deadlines": (
        "正在计算的期限",
        lambda r: f"{r['number'] or r['title']}　{r['label']}　{r['due'] or '方案未定'}",
    ),
    "cases": ("在办案件", lambda r: f"{r['number'] or '未立案'}　{r['title']}"),
}
"""What each group is called, and one line of it."""


def _entry(row: dict[str, Any]) -> str:
    """Where in a list an entry stands; matters granted to a town have no list."""
    return f"第 {row['version']} 版第 {row['row']} 行　" if row["row"] else ""


def _told(value: dict[str, Any]) -> list[str]:
    """The groups in words: what the newest version changed comes first and is marked."""
    lines = []
    if len(value["versions"]) > 1:
        new, old = (cn_day(date.fromisoformat(day)) for day in value["versions"][:2])
        what = "、".join(value["changed"]) or "没有改动条文"
        lines.append(f"《{value['name']}》{new}版本与{old}版本相比，改动的条文：{what}。受改动的标“※”")
    for key, (label, line) in LINES.items():
        # A national rule is every locality's; for people it stands once.
        rows = {(not row["touched"], line(row)): row for row in value[key]}
        lines.append(f"{label} {len(rows)} 处引用《{value['name']}》")
        lines += [
            f"  {'※' if row['touched'] else ''}{text}　{'、'.join(row['articles'])}"
            for (_, text), row in sorted(rows.items(), key=lambda item: item[0])
        ]
    return lines
