"""`sanxiang init`, `demo`, `doctor`: make an installation, make a demonstration, look an installation over."""

import argparse
import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.custody import about_backups
from sanxiang.commands.log_health import about_log
from sanxiang.commands.output import Wrong, note, say
from sanxiang.commands.scrub import about_scrub, about_store
from sanxiang.commands.serve import port_number
from sanxiang.commands.witness_health import about_address
from sanxiang.law.blocks import PackError
from sanxiang.law.calendar import calendar_faults
from sanxiang.law.packs import list_packs, load_pack
from sanxiang.law.places import own_folder

FIRST_POSTS = (
    ("sysadmin", "系统管理员", "system-admin"),
    ("secadmin", "安全管理员", "security-admin"),
    ("audadmin", "审计管理员", "audit-admin"),
)


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the commands."""
    one = sub.add_parser("init", help="建立数据目录、数据库、密钥、机关和首批账号", parents=[common])
    one.add_argument("--locality", required=True, metavar="ID", help="规则包编号")
    one.add_argument("--agency", metavar="NAME", help="机关名称")
    one.set_defaults(run=init)
    one = sub.add_parser("demo", help="建立演示数据并启动", parents=[common])
    one.add_argument("--once", action="store_true", help="只建立数据，不启动")
    one.add_argument("--port", type=port_number, default=8000, metavar="N")
    one.add_argument("--laws", metavar="DIR", help="同时导入法律文本")
    one.set_defaults(run=demo)
    sub.add_parser("doctor", help="检查安装", parents=[common]).set_defaults(run=doctor)


def init(args: argparse.Namespace) -> int:
    """Create what is missing; what is there stays."""
    try:
        pack = load_pack(args.locality)
    except PackError as error:
        raise Wrong(f"{error}。改好并用 sanxiang pack check {args.locality} 检查通过之后再运行") from error
    folder = setup.start(args, must_exist=False)
    setup.migrated()
    importlib.import_module("sanxiang.ledger.keys").make_keys()
    accounts = _first_accounts(args.agency or pack.name, args.locality, str(pack.manifest.get("region", "")))
    value = {
        "data": str(folder),
        "agency": args.agency or pack.name,
        "locality": args.locality,
        "accounts": accounts,
    }
    lines = [f"数据目录：{folder}", f"机关：{value['agency']}（规则包 {args.locality}）"]
    lines += [f"账号 {a['username']}（{a['role']}）　密码 {a['password']}" for a in accounts] or [
        "账号已经存在，没有改动"
    ]
    if accounts:
        lines.append("密码只显示这一次，请分别交给三个人，首次登录时更换")
    lines.append(
        f"下一步：sanxiang serve --data {folder}，用 sysadmin 登录 /desk/，“管理”页列出办第一件案件还缺什么"
    )
    say(args, value, "\n".join(lines))
    return 0


def _first_accounts(name: str, locality: str, region: str) -> list[dict[str, str]]:
    """The agency and the three administrators, with passwords shown this once."""
    people = importlib.import_module("sanxiang.people.models")
    door = importlib.import_module("sanxiang.door.administer")
    today = importlib.import_module("django.utils.timezone").localdate()
    first_password = importlib.import_module("sanxiang.people.passwords").first_password
    agency = people.Agency.objects.filter(name=name).first()
    if agency is None:
        kind = "government" if name.endswith("人民政府") else "department"
        agency = door.create_agency({"name": name, "locality": locality, "region": region, "kind": kind})
    made = []
    for username, label, role in FIRST_POSTS:
        if people.Person.objects.filter(username=username).exists():
            continue
        password = first_password()
        person = door.administer(
            "add-person", agency, None, {"username": username, "name": label, "password": password}
        )
        door.administer("grant-post", agency, None, {"person": person, "role": role, "valid_from": today})
        made.append({"username": username, "role": label, "password": password})
    return made


def demo(args: argparse.Namespace) -> int:
    """The five localities with people and cases at every stage, then the server."""
    if not getattr(args, "data", None) and not os.environ.get("SANXIANG_DATA"):
        args.data = "var/demo"
    # Papers bear the address at which they can be checked: it must be the one that this demonstration answers on.
    if not os.environ.get("SANXIANG_ORIGINS"):
        os.environ.setdefault("SANXIANG_ADDRESS", f"http://127.0.0.1:{args.port}")
    folder = setup.start(args, "var/demo", must_exist=False)
    setup.migrated()
    build = importlib.import_module("sanxiang.demo.build")
    importlib.import_module("sanxiang.ledger.keys").make_keys()
    fresh = not build.is_built()
    if fresh:
        note("正在建立演示数据……")
        build.build(note)
    if args.laws:
        importlib.import_module("sanxiang.commands.law").import_texts(Path(args.laws))
    summary = build.summary()
    say(args, {"data": str(folder), "built": fresh, **summary}, _shown(summary, args.port))
    shown_to_all(folder, summary["parties"])
    importlib.import_module("sanxiang.ledger.publish").publish()
    if args.once:
        return 0
    sys.stdout.flush()
    return _serve_afresh(folder, args.port)


def shown_to_all(folder: Path, parties: list[dict[str, str]]) -> None:
    """The page of the parties offers these in a demonstration; nowhere else is there such a file."""
    name = importlib.import_module("sanxiang.square.party").DEMO_PARTIES
    (folder / name).write_text(json.dumps(parties, ensure_ascii=False), encoding="utf-8")


def _serve_afresh(folder: Path, port: int) -> int:
    """Serve in a process of its own: typst's threads do not outlive a fork, so a process that has set papers
    would leave its web workers waiting for ever at the first paper."""
    words = ["serve", "--data", str(folder), "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "sanxiang", *words])


def _shown(summary: dict[str, Any], port: int) -> str:
    lines = [
        f"公示门户：http://127.0.0.1:{port}/",
        f"办案桌面：http://127.0.0.1:{port}/desk/",
        f"接口文档：http://127.0.0.1:{port}/api/v1/docs",
        f"已有 {summary['cases']} 件案件、{summary['acts']} 个办理动作、{summary['published']} 条公示。",
        f"当事人页面：http://127.0.0.1:{port}/party/（下面各填一组查询码和代码）",
        *(f"  {p['code']}　{p['id_number']}　{p['party']}　{p['agency']}" for p in summary["parties"]),
        f"投诉、纠错的查询：http://127.0.0.1:{port}/voices/status/（下面各是一件已经答复的投诉的查询码）",
        *(f"  {r['code']}　{r['agency']}" for r in summary["receipts"]),
        f"所有账号的密码：{summary['password']}",
    ]
    return "\n".join(
        [
            *lines,
            *(f"  {a['username']:<24}{a['name']}　{a['role']}　{a['agency']}" for a in summary["accounts"]),
        ]
    )


def doctor(args: argparse.Namespace) -> int:
    """Disk, database, migrations, fonts, packs, keys, ledger: each with what to do."""
    folder = setup.start(args)
    found = list(_findings(folder))
    text = "\n".join(f"{_label(f)}　{f['what']}：{f['text']}" for f in found)
    say(args, {"ok": all(f["ok"] for f in found), "checks": found}, text)
    return 0 if all(f["ok"] for f in found) else 1


def _label(found: dict[str, Any]) -> str:
    """Nothing is wrong where something has yet to be set up, but nobody should read that all is done."""
    if not found["ok"]:
        return "注意"
    return "待办" if found.get("todo") else "正常"


def _findings(folder: Path) -> Any:
    free = shutil.disk_usage(folder).free
    yield {
        "what": "磁盘",
        "ok": free > 2**30,
        "text": f"剩余 {free // 2**20} MB" + ("" if free > 2**30 else "，请清理或扩容"),
    }
    shut = not folder.stat().st_mode & 0o077
    told = "权限正确" if shut else f"本机其他账号也能进入，请执行 chmod 700 {folder}"
    yield {"what": "数据目录", "ok": shut, "text": told}
    key = (folder / "secret.key").stat().st_mode & 0o077 if (folder / "secret.key").exists() else 1
    yield {"what": "密钥", "ok": not key, "text": "权限正确" if not key else "请执行 chmod 600 secret.key"}
    executor = importlib.import_module("django.db.migrations.executor").MigrationExecutor
    connection = importlib.import_module("django.db").connection
    pending = executor(connection).migration_plan(executor(connection).loader.graph.leaf_nodes())
    yield {
        "what": "数据库",
        "ok": not pending,
        "text": "结构是最新的"
        if not pending
        else f"有 {len(pending)} 项升级未执行，备份之后重新启动 sanxiang serve，启动时自动执行",
    }
    yield from about_store()
    yield from _papers()
    yield from _packs(bool(pending))
    faults = calendar_faults(folder)
    yield {"what": "放假安排", "ok": not faults, "text": "；".join(faults) or "可以使用"}
    if pending:
        return  # tables that an upgrade is to make cannot be asked
    yield from about_log()
    yield about_address()
    yield from about_scrub()
    yield from about_backups(folder)


def _papers() -> Any:
    """Can papers be set?"""
    fonts = importlib.import_module("sanxiang.cases.papers.fonts")
    able = fonts.can_show("行政处罚决定书〔〕")
    told = f"{fonts.fonts_folder()} 里没有中文字体，文书排不了版；请把 SANXIANG_FONTS 设为存放宋体、仿宋字体的文件夹"
    yield {"what": "字体", "ok": able, "text": "可以排印文书" if able else told}


def _packs(unmigrated: bool) -> Any:
    """Every pack that there is, and every one that an agency needs."""
    names = list_packs()
    for name in names:
        try:
            load_pack(name)
            yield {"what": f"规则包 {name}", "ok": True, "text": "可以使用"}
        except PackError as error:
            yield {
                "what": f"规则包 {name}",
                "ok": False,
                "text": f"{error}；改好后用 sanxiang pack check 检查",
            }
    if unmigrated:
        return
    agencies = importlib.import_module("sanxiang.people.models").Agency.objects.exclude(locality__in=names)
    for name, agency in agencies.values_list("locality", "name").order_by("locality", "name"):
        place = own_folder().absolute() / name
        told = f"{agency}适用的规则包 {name} 找不到；请从备份放回 {place}，或把 SANXIANG_PACKS 设为它所在的文件夹"
        yield {"what": f"规则包 {name}", "ok": False, "text": told}
