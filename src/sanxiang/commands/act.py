"""`sanxiang act`: the door from the command line."""

import argparse
import importlib
import json
import sys
import uuid
from pathlib import Path
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands import placing
from sanxiang.commands.output import Wrong, say
from sanxiang.law import describe
from sanxiang.speech import in_brackets, json_spot, trouble_of

NO_CASE = "没有编号为“{}”的案件，可用案件编号、查询码或立案号"
"""The same sentence for a case that is not there and for one that is not for the caller's eyes."""


REASON = "调阅事由，写成“代码;说明”；不写时，承办、经办的记为履行职责，其余记为运维核查"


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("act", help="办理动作：列出可办的，或办理一步", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("list", help="列出案件现在可以办的步骤", parents=[common])
    one.add_argument("case", metavar="CASE")
    one.add_argument("--as", dest="user", required=True, metavar="USER")
    one.add_argument("--reason", default="", metavar="CODE;TEXT", help=REASON)
    one.set_defaults(run=list_acts)
    one = verbs.add_parser("perform", help="办理一步", parents=[common])
    one.add_argument("case", metavar="CASE")
    one.add_argument("act", metavar="ACT")
    one.add_argument("--as", dest="user", required=True, metavar="USER")
    one.add_argument("--input", metavar="FILE.json", help="这一步的内容；“-”为标准输入；不写则为空")
    one.set_defaults(run=perform)
    one = verbs.add_parser("open", help="新建案件（办理程序的第一步）", parents=[common])
    one.add_argument("procedure", metavar="PROCEDURE")
    one.add_argument("--agency", required=True, metavar="NAME")
    one.add_argument("--as", dest="user", required=True, metavar="USER")
    one.add_argument("--input", metavar="FILE.json")
    one.set_defaults(run=open_one)


def person_of(username: str) -> Any:
    """The account named, in use."""
    people = importlib.import_module("sanxiang.people.models")
    found = people.Person.objects.filter(username=username.lower(), active=True).first()
    if found is None:
        raise Wrong(f"没有在用的账号“{username}”，请核对 --as 后面的账号名")
    return found


def case_of(text: str) -> Any:
    """A case by id, query code or filing number."""
    cases = importlib.import_module("sanxiang.cases.models").Case.objects.select_related("agency", "unit")
    try:
        found = cases.filter(id=uuid.UUID(text)).first()
    except ValueError:
        found = cases.filter(code=text.upper()).first() or cases.filter(number=text).first()
    if found is None:
        raise Wrong(NO_CASE.format(text))
    return found


def visible(text: str, person: Any) -> Any:
    """The case called so, if the person's agency may see it at all."""
    case = case_of(text)
    authority = importlib.import_module("sanxiang.people.authority")
    timezone = importlib.import_module("django.utils.timezone")
    if case.agency_id not in authority.agencies_visible(person, timezone.localdate()):
        raise Wrong(NO_CASE.format(text))
    return case


def looked(case: Any, kind: str, person: Any, reason: str) -> None:
    """Record that this case was looked at here; nothing is printed unless that is done."""
    console = importlib.import_module("sanxiang.door.looks.console")
    database = importlib.import_module("django.db")
    try:
        console.look(case, kind, person, reason)
    except ValueError as wrong:
        raise Wrong(str(wrong)) from wrong
    except database.Error as error:
        raise Wrong(f"调阅记录写不进去，所以没有列出内容：{error}。请检查数据库和磁盘后再试") from error


def read_input(path: str | None) -> dict[str, Any]:
    """The act's data out of a JSON file."""
    if path is None:
        return {}
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
        value = json.loads(text)
    except OSError as error:
        raise Wrong(f"读不了 {path}：{trouble_of(error)}，请核对文件名和权限") from error
    except json.JSONDecodeError as error:
        example = '{"字段名": "值"}'
        raise Wrong(f"{path} 不是 JSON：{json_spot(error)}。请写成 {example} 的样子") from error
    except UnicodeDecodeError as error:
        raise Wrong(f"{path} 不是 UTF-8 编码，请用 UTF-8 另存") from error
    except RecursionError as error:
        raise Wrong(f"{path} 嵌套太深，请按“字段名: 值”的对象来写") from error
    if not isinstance(value, dict):
        raise Wrong(f'{path} 应是一个 JSON 对象，如 {{"reason": "…"}}')
    return value


def named(data: dict[str, Any], pack: Any, act: str) -> dict[str, Any]:
    """The act's data with people by id, however the file names them: id, account or certificate number.

    Raises Unreadable: nobody is left out in silence because a name finds no one, or two.
    """
    found, errors = dict(data), {}
    for item in pack.acts[act].fields if act in pack.acts else ():
        value = data.get(item.name)
        told: list[Any] = value if item.type == "officers" and isinstance(value, list) else [value]
        if item.type not in ("officers", "person") or not all(isinstance(one, str) and one for one in told):
            continue
        ids = {one: people_called(one) for one in told}
        wrong = [
            f"“{one}”{'不止一人' if many else '查无此人'}" for one, many in ids.items() if len(many) != 1
        ]
        if wrong:
            errors[item.name] = f"{item.label}：{'、'.join(wrong)}，请写账号、执法证号或者人员编号"
        else:
            found[item.name] = [ids[one][0] for one in told] if item.type == "officers" else ids[told[0]][0]
    if errors:
        raise importlib.import_module("sanxiang.door.attempts").Unreadable(errors)
    return found


def people_called(text: str) -> list[str]:
    """Ids of the people whom an account or a certificate number names, two at most; an id stands for itself."""
    try:
        return [str(uuid.UUID(text))]
    except ValueError:
        people = importlib.import_module("sanxiang.people.models").Person.objects
        query = importlib.import_module("django.db.models").Q
        which = people.filter(query(username=text.lower()) | query(certificates__number=text)).distinct()
        return [str(one) for one in which.values_list("id", flat=True)[:2]]


def list_acts(args: argparse.Namespace) -> int:
    """Every act with what stands in its way."""
    setup.start(args)
    door = importlib.import_module("sanxiang.door.perform")
    person = person_of(args.user)
    case = visible(args.case, person)
    looked(case, "acts", person, args.reason)
    rows = [
        {
            "act": o.act.id,
            "label": o.act.label,
            "open": o.is_open,
            "unmet": [v.as_json() for v in o.unmet],
            "fields": [
                {"name": f.name, "label": f.label, "type": f.type, "required": f.required}
                for f in o.act.fields
            ],
            "schema": describe.act_schema(o.act),
        }
        for o in door.open_acts(case, person)
    ]
    lines = [
        f"{'可办' if r['open'] else '不可'}　{r['label']}（{r['act']}）"
        + ("" if r["open"] else f"　{r['unmet'][0]['fact']}{in_brackets(r['unmet'][0]['citation'])}")
        for r in rows
    ]
    say(args, rows, "\n".join(lines))
    return 0


def perform(args: argparse.Namespace) -> int:
    """Do one act."""
    setup.start(args)
    door = importlib.import_module("sanxiang.door.perform")
    person = person_of(args.user)
    case = visible(args.case, person)
    pack, data = importlib.import_module("sanxiang.door.gather").pack_of(case), read_input(args.input)
    return _done(
        args,
        lambda: door.perform(args.act, case.id, person, named(data, pack, args.act), channel="command"),
    )


def open_one(args: argparse.Namespace) -> int:
    """Open a case."""
    setup.start(args)
    door = importlib.import_module("sanxiang.door.perform")
    people = importlib.import_module("sanxiang.people.models")
    agency = people.Agency.objects.filter(name=args.agency).first()
    if agency is None:
        raise Wrong(f"没有机关“{args.agency}”，请写登记的全称")
    person = person_of(args.user)
    post = person.posts.filter(agency=agency, unit__isnull=False).select_related("unit").first()
    unit = post.unit if post else None
    pack = importlib.import_module("sanxiang.door.pinned").current(agency.locality)
    first = next((a.id for a in pack.acts_of(args.procedure) if a.first), "")
    data = read_input(args.input)
    return _done(
        args,
        lambda: door.open_case(
            args.procedure, agency, person, named(data, pack, first), unit=unit, channel="command"
        ),
    )


def _done(args: argparse.Namespace, action: Any) -> int:
    """Run the act; a refusal prints every verdict and exits 1."""
    door = importlib.import_module("sanxiang.door.perform")
    guards = importlib.import_module("sanxiang.law.guards")
    try:
        done = action()
    except guards.Refused as refused:
        rows = [v.as_json() for v in refused.verdicts]
        text = "不能办理：\n" + "\n".join(
            f"- {r['fact']}{in_brackets(r['citation'])}。{r['cure']}" for r in rows
        )
        say(args, {"refused": rows}, text)
        return 1
    except door.Unreadable as wrong:
        say(
            args,
            {"errors": wrong.errors},
            "内容看不懂：\n" + "\n".join(f"- {e}" for e in wrong.errors.values()),
        )
        return 1
    except door.Unknown as unknown:
        raise Wrong(str(unknown)) from unknown
    placing.place()
    value = {
        "case": str(done.case.id),
        "code": done.case.code,
        "act": done.act.name,
        "id": str(done.act.id),
        "n": done.act.n,
        "leaf": done.act.leaf_hash,
        "stage": done.case.stage,
        "number": done.case.number,
    }
    say(args, value, f"已办理：{done.act.label}（第 {done.act.n} 步）。案件 {done.case.id}")
    return 0
