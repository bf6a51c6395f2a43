"""Acts on people: accounts by the system administrator; posts, leave and certificates by the security administrator.

The two never meet in one person (三员分立): an account alone can sign in and do nothing, and who grants posts makes no accounts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from sanxiang.door.admin.rules import (
    SEPARATION,
    Change,
    admin_act,
    asked,
    backwards,
    day,
    given_day,
    unmet,
)
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency, Leave, Person, Post, in_force
from sanxiang.people.signin import fold_username
from sanxiang.speech import cn_day

REVIEWERS = Citation("行政处罚法", "第五十八条")
DRESS = Citation("国务院办公厅关于全面推行三项制度的指导意见", "二（五）")

NAME = asked("name", "姓名", longest=60)
PHONE = asked("phone", "电话", required=False, longest=40)
PERSON = asked("person", "人员", "person")


def sound_account(change: Change) -> list[Verdict]:
    """An account name that can be typed and is free."""
    name = fold_username(change.data.get("username") or "")
    if any(sign.isspace() for sign in name):
        return [unmet("username", SEPARATION, f"账号“{name}”中间有空格", "去掉空格")]
    if name and Person.objects.filter(username=name).exists():
        return [
            unmet(
                "taken:username",
                SEPARATION,
                f"账号“{name}”已经有人使用",
                "换一个账号，或直接给已有的人员授予岗位",
            )
        ]
    return []


@admin_act(
    "add-person",
    "建立人员账号",
    (roles.SYSTEM_ADMIN,),
    (
        asked("username", "账号", longest=60, help="登录用，建立之后不能改。可用姓名全拼、工号或执法证号"),
        NAME,
        PHONE,
        asked(
            "qualification_number",
            "法律职业资格证号",
            required=False,
            longest=60,
            help="从事法制审核的人员填写",
        ),
    ),
    SEPARATION,
    group="people",
    help="账号建立后能登录、不能办事，由安全管理员授予岗位才有权限。初始密码由系统生成，只显示一次",
    checks=sound_account,
    takes_secret=True,
)
def add_person(change: Change) -> Person:
    """An account without any post: it can sign in and do nothing until the security administrator grants a post."""
    data = change.data
    person = Person(
        username=fold_username(data["username"]), name=data["name"], phone=data.get("phone") or "", n=change.n
    )
    give_password(person, change.secret)
    if data.get("qualification_number"):
        person.has_legal_qualification, person.qualification_number = True, data["qualification_number"]
    person.save(force_insert=True)
    return person


def give_password(person: Person, secret: Mapping[str, str]) -> None:
    """The password told beside the act, as text or as a hash; without one nobody can sign in. Raises ValidationError."""
    if secret.get("password_hash"):
        person.password = secret["password_hash"]
        return
    if secret.get("password"):
        validate_password(secret["password"], person)
    person.set_password(secret.get("password"))


def person_now(agency: Agency, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a person."""
    return {name: getattr(found["person"], name) for name in ("name", "phone", "active")}


def last_admin_stays(change: Change) -> list[Verdict]:
    """Nobody shuts out the last holder of an administrator's post: the agency could never be administered again."""
    person = change.found.get("person")
    if person is None or change.data.get("active") is not False:
        return []
    held = Post.objects.filter(in_force(change.day), person=person, role__in=roles.ADMIN_ROLES)
    return [verdict for post in held for verdict in alone(post, change.day)]


def alone(post: Post, on: date) -> list[Verdict]:
    """A verdict when nobody else holds this administrator's role in this agency."""
    others = Post.objects.filter(in_force(on), agency=post.agency_id, role=post.role, person__active=True)
    if others.exclude(person=post.person_id).exists():
        return []
    label = roles.LABELS[post.role]
    return [unmet("last-admin", SEPARATION, f"这是本机关唯一的{label}", f"先给另一人授予{label}岗位")]


@admin_act(
    "change-person",
    "变更人员信息",
    (roles.SYSTEM_ADMIN,),
    (
        PERSON,
        NAME,
        PHONE,
        asked("active", "账号可用", "bool", required=False, help="停用之后不能登录，办过的事情仍然留存"),
    ),
    SEPARATION,
    group="people",
    checks=last_admin_stays,
    current=person_now,
    target="person",
)
def change_person(change: Change) -> Person:
    """Name, telephone, or whether the account may be used."""
    values = {k: ("" if v is None else v) for k, v in change.data.items() if k != "person"}
    return changed(change.found["person"], change.n, values)


def changed(row: Any, n: int, values: Mapping[str, Any]) -> Any:
    """The row with new values; its number grows, whichever agency acted before."""
    type(row).objects.filter(pk=row.pk).update(**values, n=max(n, row.n + 1))
    row.refresh_from_db()
    return row


@admin_act(
    "reset-password",
    "重置密码",
    (roles.SYSTEM_ADMIN,),
    (PERSON,),
    SEPARATION,
    group="people",
    help="本人忘记密码时使用。新的初始密码由系统生成，只显示一次；该人其他设备上的登录全部退出",
    target="person",
    takes_secret=True,
)
def reset_password(change: Change) -> Person:
    """A new first password; the ledger knows that there was one, and nothing of it."""
    person: Person = change.found["person"]
    if not change.secret:
        raise ValidationError("没有新的密码")
    give_password(person, change.secret)
    person.save(update_fields=["password"])
    return person


def qualification_now(agency: Agency, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is on record of the qualification."""
    began = found["person"].started_review_on
    number = found["person"].qualification_number
    return {"qualification_number": number, "started_review_on": began.isoformat() if began else None}


def uniform_now(agency: Agency, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is on record of the uniform."""
    return {"uniformed": bool(found["person"].uniformed)}


def sound_qualification(change: Change) -> list[Verdict]:
    """Something is on record afterwards, and nobody began in the future."""
    number, began = change.value("qualification_number"), change.value("started_review_on")
    if not number and not began:
        fact = "法律职业资格证号和初次从事法制审核日期都没有填写"
        return [unmet("qualification", REVIEWERS, fact, "至少填写一项")]
    if began and str(began) > change.day.isoformat():
        fact = f"初次从事法制审核日期{cn_day(began)}晚于今天（{cn_day(change.day)}）"
        return [unmet("began", REVIEWERS, fact, "核对日期")]
    return []


@admin_act(
    "record-qualification",
    "登记法律职业资格",
    (roles.SECURITY_ADMIN,),
    (
        PERSON,
        asked(
            "qualification_number",
            "法律职业资格证号",
            required=False,
            longest=60,
            help="没有取得的不填；2018年1月1日起初次从事法制审核的，没有证号不能出具审核意见",
        ),
        asked(
            "started_review_on",
            "初次从事法制审核日期",
            "date",
            required=False,
            help="2017年12月31日及以前已经从事的，没有法律职业资格也可以继续审核，以任职文件上的日期为准",
        ),
    ),
    REVIEWERS,
    group="certificates",
    help="2018年1月1日起初次从事行政处罚决定法制审核的人员，应当取得国家统一法律职业资格；此前已经从事的，登记起始日期",
    checks=sound_qualification,
    current=qualification_now,
    target="person",
)
def record_qualification(change: Change) -> Person:
    """The national legal qualification of somebody who reviews decisions, and since when they do."""
    number = change.value("qualification_number") or ""
    began = day(change.value("started_review_on"))
    values = {
        "has_legal_qualification": bool(number),
        "qualification_number": number,
        "started_review_on": began,
    }
    return changed(change.found["person"], change.n, values)


@admin_act(
    "record-uniform",
    "登记着装要求",
    (roles.SECURITY_ADMIN,),
    (
        PERSON,
        asked(
            "uniformed",
            "国家规定统一着装、佩戴标识",
            "bool",
            required=False,
            help="按国家规定统一着执法服装的人员选“是”；执法时要逐次填写着装和标识的情况",
        ),
    ),
    DRESS,
    group="certificates",
    help="国家规定统一着执法服装、佩戴执法标识的，执法时按规定着装、佩戴；登记之后，这些人员亮证时必须填写着装情况",
    current=uniform_now,
    target="person",
)
def record_uniform(change: Change) -> Person:
    """Whether the state prescribes a uniform for this person."""
    return changed(change.found["person"], change.n, {"uniformed": bool(change.value("uniformed"))})


def sound_post(change: Change) -> list[Verdict]:
    """三员分立, no second post of the same kind, an account that is in use, and a period in its order."""
    data, person = change.data, change.found.get("person")
    verdicts = backwards(change, SEPARATION, "任职")
    if person is None or not data.get("role") or not data.get("valid_from"):
        return verdicts
    if not person.active:
        verdicts.append(unmet("inactive", SEPARATION, f"{person.name}的账号已停用", "先由系统管理员恢复账号"))
    overlapping = Post.objects.filter(person=person).exclude(valid_until__lt=data["valid_from"])
    if data.get("valid_until"):
        overlapping = overlapping.exclude(valid_from__gt=data["valid_until"])
    for post in overlapping.select_related("agency"):
        held = f"{person.name}已是{post.agency.name}{roles.LABELS[post.role]}"
        same = (post.role, post.agency_id, str(post.unit_id or "")) == (
            data["role"],
            change.agency.pk,
            data.get("unit") or "",
        )
        if not roles.compatible(post.role, data["role"]):
            fact = f"{held}；三员分立，管理岗位之间不得兼任，也不得兼任办案岗位"
            verdicts.append(unmet("separate", SEPARATION, fact, "换一个人，或先免去原岗位"))
        elif same and post.deputy_for_id is None and not data.get("deputy_for"):
            verdicts.append(
                unmet("twice", SEPARATION, f"{held}，任职期间重叠", "不必重复授予；期间有变的先免去原岗位")
            )
    return verdicts


@admin_act(
    "grant-post",
    "授予岗位",
    (roles.SECURITY_ADMIN,),
    (
        PERSON,
        asked("role", "岗位", "choice", options=roles.LABELS),
        asked(
            "unit",
            "内设机构",
            "unit",
            required=False,
            help="承办人、承办机构负责人、法制审核人员要写明所在机构",
        ),
        asked("title", "职务", required=False, longest=60),
        asked("valid_from", "任职起", "date"),
        asked("valid_until", "任职止", "date", required=False, help="不填就是一直有效"),
        asked(
            "deputy_for",
            "代理哪个岗位",
            "post",
            required=False,
            help="常设副职填写：被代理的人离岗、离任时才行使职权",
        ),
    ),
    SEPARATION,
    group="posts",
    help="权限只来自岗位。执法还要有有效的执法证，两样缺一不可",
    checks=sound_post,
)
def grant_post(change: Change) -> Post:
    """A role in the agency, with dates."""
    data = change.data
    return Post.objects.create(
        person_id=data["person"],
        agency=change.agency,
        unit_id=data.get("unit"),
        role=data["role"],
        title=data.get("title") or "",
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        deputy_for_id=data.get("deputy_for"),
        n=change.n,
    )


def sound_end(change: Change) -> list[Verdict]:
    """The last administrator stays, and no post ends before it began."""
    post, ends = change.found.get("post"), change.data.get("valid_until")
    if post is None or not ends:
        return []
    verdicts = alone(post, max(given_day(ends), change.day)) if post.role in roles.ADMIN_ROLES else []
    if str(ends) < str(post.valid_from):
        verdicts.append(
            unmet(
                "period", SEPARATION, f"任职止{cn_day(ends)}早于任职起{cn_day(post.valid_from)}", "核对日期"
            )
        )
    return verdicts


@admin_act(
    "end-post",
    "免去岗位",
    (roles.SECURITY_ADMIN,),
    (asked("post", "岗位", "post"), asked("valid_until", "任职止", "date", help="最后一天仍然有效")),
    SEPARATION,
    group="posts",
    checks=sound_end,
    target="post",
)
def end_post(change: Change) -> Post:
    """A post ends on a day."""
    ended: Post = changed(change.found["post"], change.n, {"valid_until": day(change.data["valid_until"])})
    return ended


def sound_leave(change: Change) -> list[Verdict]:
    """Another person deputises; a unit's head sends only the unit's own officers on leave, never those above."""
    data, person = change.data, change.found.get("person")
    verdicts = backwards(change, SEPARATION, "离岗")
    if person is not None and data.get("deputy") == str(person.pk):
        verdicts.append(unmet("deputy", SEPARATION, f"代理人就是{person.name}本人", "另选一人代理，或不填"))
    actor = change.actor
    if person is None or actor is None or actor.roles & {roles.SECURITY_ADMIN}:
        return verdicts
    held = Post.objects.filter(in_force(change.day), person=person)
    if any(post.role != roles.OFFICER or str(post.unit_id) not in actor.units for post in held):
        fact = f"{person.name}不是本机构的承办人，或另有其他岗位"
        verdicts.append(unmet("own-unit", SEPARATION, fact, "请安全管理员登记"))
    return verdicts


@admin_act(
    "record-leave",
    "登记离岗代理",
    (roles.SECURITY_ADMIN, roles.UNIT_HEAD),
    (
        PERSON,
        asked("deputy", "代理人", "person", required=False, help="离岗期间由代理人行使其办案岗位的职权"),
        asked("valid_from", "离岗起", "date"),
        asked("valid_until", "离岗止", "date", required=False, help="最后一天仍算离岗"),
    ),
    SEPARATION,
    group="posts",
    checks=sound_leave,
)
def record_leave(change: Change) -> Leave:
    """Days off duty, with a deputy."""
    data = change.data
    return Leave.objects.create(
        person_id=data["person"],
        deputy_id=data.get("deputy"),
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )


def sound_return(change: Change) -> list[Verdict]:
    """Nobody comes back before leaving."""
    leave, ends = change.found.get("leave"), change.data.get("valid_until")
    if leave is None or not ends or str(ends) >= str(leave.valid_from):
        return []
    return [
        unmet("period", SEPARATION, f"离岗止{cn_day(ends)}早于离岗起{cn_day(leave.valid_from)}", "核对日期")
    ]


@admin_act(
    "end-leave",
    "登记返岗",
    (roles.SECURITY_ADMIN,),
    (asked("leave", "离岗记录", "leave"), asked("valid_until", "离岗止", "date", help="返岗的前一天")),
    SEPARATION,
    group="posts",
    checks=sound_return,
    target="leave",
)
def end_leave(change: Change) -> Leave:
    """A leave ends on a day."""
    ended: Leave = changed(change.found["leave"], change.n, {"valid_until": day(change.data["valid_until"])})
    return ended
