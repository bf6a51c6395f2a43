"""`sanxiang token`: give a program its key to the API, see who has one, take it back."""

import argparse
import importlib
from datetime import timedelta
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, note, say
from sanxiang.speech import cn_day, role_name

LONGEST = 365


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("token", help="接口令牌：签发、列出、停用", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="动作", required=True)
    one = verbs.add_parser("issue", help="签发一个令牌；令牌只显示这一次", parents=[common])
    one.add_argument("user", metavar="USER", help="令牌代表的账号")
    one.add_argument("--name", required=True, metavar="TEXT", help="用途，如“市平台对接”")
    one.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=("read", "act", "push"),
        help="read 查看，act 办理和上传，push 推送公示和其他系统报送的内容；可写多次",
    )
    one.add_argument("--role", default="", metavar="ROLE", help="账号有几个岗位时，写明哪一个")
    one.add_argument("--days", type=int, default=90, metavar="N", help=f"有效天数，最多 {LONGEST}，默认 90")
    one.set_defaults(run=issue)
    verbs.add_parser("list", help="列出在用的令牌", parents=[common]).set_defaults(run=list_them)
    one = verbs.add_parser("revoke", help="停用一个令牌", parents=[common])
    one.add_argument("id", metavar="ID")
    one.set_defaults(run=revoke)


def issue(args: argparse.Namespace) -> int:
    """A new token, on stdout; what to do with it, on stderr."""
    setup.start(args)
    if not 1 <= args.days <= LONGEST:
        raise Wrong(f"有效天数 {args.days} 不合用，请写 1 到 {LONGEST}")
    today = importlib.import_module("django.utils.timezone").localdate()
    post = post_of(args.user, args.role, today)
    told = {
        "post": str(post.pk),
        "name": args.name,
        "scopes": sorted(set(args.scope)),
        "expires_on": today + timedelta(days=args.days),
    }
    issued = administered("issue-token", post.agency, told)
    row = issued.row
    note("令牌只显示这一次，请立即交给对接方保存。")
    value = {
        "id": str(row.pk),
        "token": issued.text,
        "agency": post.agency.name,
        "role": post.role,
        "expires_at": row.expires_at.isoformat(),
    }
    say(args, value, issued.text)
    return 0


def post_of(username: str, role: str, today: Any) -> Any:
    """The one post of the account that counts today. Raises Wrong when there is none, or more than one."""
    people = importlib.import_module("sanxiang.people.models")
    posts = people.Post.objects.filter(
        people.in_force(today), person__username=username.lower()
    ).select_related("agency")
    found = [post for post in posts if role in ("", post.role)]
    if not found:
        raise Wrong(f"账号“{username}”今天没有{f'“{role}”' if role else ''}岗位，请核对账号名和 --role")
    if len(found) > 1:
        raise Wrong(
            f"账号“{username}”有几个岗位，请用 --role 写明哪一个：{'、'.join(post.role for post in found)}"
        )
    return found[0]


def administered(act: str, agency: Any, told: dict[str, Any]) -> Any:
    """The act on the agency, by the operator; a refusal as a sentence."""
    door = importlib.import_module("sanxiang.door.administer")
    guards = importlib.import_module("sanxiang.law.guards")
    try:
        return door.administer(act, agency, None, told)
    except (guards.Refused, door.Unreadable) as refused:
        raise Wrong(str(refused)) from refused


def list_them(args: argparse.Namespace) -> int:
    """Tokens that still hold, with the last time each was used."""
    setup.start(args)
    people = importlib.import_module("sanxiang.people.models")
    now = importlib.import_module("django.utils.timezone").now()
    living = people.MachineToken.objects.filter(revoked_at=None, expires_at__gt=now).select_related(
        "post__agency", "post__person"
    )
    rows = [
        {
            "id": str(t.pk), "name": t.name, "scopes": t.scopes, "username": t.post.person.username, "role": t.post.role,
            "agency": t.post.agency.name, "expires_at": t.expires_at.isoformat(),
            "last_used_at": t.last_used_at.isoformat() if t.last_used_at else None,
        }
        for t in living.order_by("expires_at")
    ]  # fmt: skip
    lines = [
        f"{r['id']}　{r['name']}　{r['username']}（{role_name(r['role'])}，{r['agency']}）　到期 {cn_day(r['expires_at'])}"
        for r in rows
    ]
    say(args, rows, "\n".join(lines) or "没有在用的令牌")
    return 0


def revoke(args: argparse.Namespace) -> int:
    """Take a token back."""
    setup.start(args)
    people = importlib.import_module("sanxiang.people.models")
    key = importlib.import_module("sanxiang.people.authority").uuid_of(args.id)
    row = people.MachineToken.objects.filter(pk=key).select_related("post__agency").first()
    if row is None:
        raise Wrong(f"没有编号为“{args.id}”的令牌，用 sanxiang token list 查看")
    administered("revoke-token", row.post.agency, {"token": str(row.pk)})
    say(args, {"id": str(row.pk), "revoked": True}, f"已停用令牌 {row.name}")
    return 0
