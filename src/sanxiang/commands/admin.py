"""`sanxiang admin`: acts on an agency from the command line, through the same door as the pages."""

import argparse
import importlib
import uuid
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands import placing
from sanxiang.commands.act import person_of, read_input
from sanxiang.commands.importing import agency_of
from sanxiang.commands.output import Wrong, say

LIST = "list"


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    one = sub.add_parser(
        "admin",
        help="管理动作：机构、人员、岗位、证件、清单",
        parents=[common],
        description="ACT 写 list 时列出全部管理动作和各自的内容。建立账号和重置密码时自动生成初始密码，只输出一次。",
    )
    one.add_argument("act", metavar="ACT", help="管理动作，如 add-unit；list 列出全部")
    one.add_argument("--agency", metavar="NAME", help="在哪个机关办理，写登记的全称")
    one.add_argument("--as", dest="user", metavar="USER", help="以哪个账号办理；不写就是运维人员")
    one.add_argument("--input", metavar="FILE.json", help="内容；“-”为标准输入；不写则为空")
    one.set_defaults(run=lambda args: run(one, args))


def run(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Do one act, or list them."""
    if args.act == LIST:
        return list_acts(args)
    if not args.agency:
        parser.error("the following arguments are required: --agency")
    setup.start(args)
    door = importlib.import_module("sanxiang.door.administer")
    guards = importlib.import_module("sanxiang.law.guards")
    agency, by = agency_of(args.agency), person_of(args.user) if args.user else None
    told, act_id = read_input(args.input), uuid.uuid4()
    try:
        told |= first_password(door.known(args.act), told)
        row = door.administer(args.act, agency, by, told, channel="command", act_id=act_id)
    except door.Unknown as unknown:
        raise Wrong(str(unknown)) from unknown
    except guards.Refused as refused:
        rows = [v.as_json() for v in refused.verdicts]
        text = "\n".join(f"- {r['fact']}（{r['citation']}）。{r['cure']}" for r in rows)
        say(args, {"refused": rows}, f"不能办理：\n{text}")
        return 1
    except door.Unreadable as wrong:
        text = "\n".join(f"- {error}" for error in wrong.errors.values())
        say(args, {"errors": wrong.errors}, f"内容看不懂：\n{text}")
        return 1
    return done(args, agency, row, act_id, told)


def first_password(rule: Any, told: dict[str, Any]) -> dict[str, str]:
    """A first password for acts that give one, unless it was brought along."""
    if not rule.takes_secret or told.get("password") or told.get("password_hash"):
        return {}
    return {"password": importlib.import_module("sanxiang.people.passwords").first_password()}


def done(args: argparse.Namespace, agency: Any, row: Any, act_id: uuid.UUID, told: dict[str, Any]) -> int:
    """What was done, when it has its place in the log."""
    placing.place()
    act = importlib.import_module("sanxiang.ledger.models").Act.objects.get(pk=act_id)
    value = {
        "agency": agency.name,
        "act": act.name,
        "id": str(act.pk),
        "n": act.n,
        "leaf": act.leaf_hash,
        "row": str(row.pk),
    }
    secret = {"password": told.get("password"), "token": getattr(row, "text", None)}
    value |= {name: text for name, text in secret.items() if text}
    lines = [f"已办理：{act.label}（{agency.name}第 {act.n} 项）　{row.pk}"]
    lines += [f"初始密码：{told['password']}（只显示这一次）"] if told.get("password") else []
    lines += [f"令牌：{value['token']}（只显示这一次）"] if "token" in value else []
    say(args, value, "\n".join(lines))
    return 0


def list_acts(args: argparse.Namespace) -> int:
    """Every act with who may do it and what it asks, explained as the page explains it."""
    setup.start(args)
    acts = importlib.import_module("sanxiang.door.administer").ACTS
    rows = [
        {
            "act": act.id,
            "label": act.label,
            "by": list(act.by),
            "citation": act.citation,
            "help": act.rule.help,
            "fields": [
                {
                    "name": f.name,
                    "label": f.label,
                    "type": f.type,
                    "required": f.required,
                    "options": dict(f.options),
                    "help": f.help,
                }
                for f in act.rule.fields
            ],
        }
        for act in acts.values()
    ]
    say(args, rows, "\n".join(line for row in rows for line in explained(row)))
    return 0


def explained(row: dict[str, Any]) -> list[str]:
    """One act in words: what it asks, and beneath it what needs explaining."""
    asked = "、".join(
        f"{f['label']} {f['name']}" + ("" if f["required"] else "（选填）") for f in row["fields"]
    )
    helps = [
        *([row["help"]] if row["help"] else []),
        *(f"{f['name']}：{f['help']}" for f in row["fields"] if f["help"]),
    ]
    return [f"{row['label']}（{row['act']}）　{asked}", *(f"　　{text}" for text in helps)]
