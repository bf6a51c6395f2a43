"""抽取: first the lists and a secret seed are committed to, then a value that nobody knew is there, and both decide together.

The commitment is public at once, the seed only with the draw. Whoever changes a list or the seed in between changes a digest that
stands in the ledger. Names of people stay inside: the public sees salted digests, with which the draw can be made all the same.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.inspection.plans import COURSE, PLAN_FIELD, known_plan, plan_named
from sanxiang.door.inspection.tasks import open_tasks
from sanxiang.law.drawing import order, pool
from sanxiang.law.drawing.pool import Candidate, Pool
from sanxiang.law.guards import Verdict
from sanxiang.law.lists import Row, cell
from sanxiang.ledger.logs import ACTS as LOG
from sanxiang.ledger.models import Checkpoint, Entry, Opening
from sanxiang.people import roles
from sanxiang.people.models import Certificate
from sanxiang.registers.inspection.drawn import COMMIT, DRAW, LOG_VALUE, OPEN, OUTSIDE, Plan
from sanxiang.registers.releases import rows_in_force
from sanxiang.speech import cn_moment

DRAWERS = (roles.UNIT_HEAD, roles.LEGAL_REVIEWER, roles.AGENCY_HEAD)
SOURCES = {LOG_VALUE: "执法台账的检查点", OUTSIDE: "机关以外公开的数值（开奖号码、收盘指数等）"}
KINDS = {pool.OBJECTS: "检查对象库", pool.INSPECTORS: "检查人员库"}


def pool_of(change: Change, plan: Plan, salted: bool = False) -> Pool:
    """Who can be drawn today for this plan, out of the two libraries. Three queries. `salted`: with fresh salts."""
    rows, merged = pool.once(rows_in_force(change.agency, pool.OBJECTS, change.day) or [])
    found: list[Candidate] = []
    left_out = []
    for row in rows:
        one = pool.candidate(row, secrets.token_hex(16) if salted else "")
        if why := pool.not_drawable(row, plan.told.get("trades") or ()):
            left_out.append({"name": one.name, "token": one.token, "why": why})
        else:
            found.append(one)
    inspectors = rows_in_force(change.agency, pool.INSPECTORS, change.day) or []
    officers, without = certified(inspectors, change.day)
    barred = {pair: why for pair, why in pool.conflicts(found, inspectors).items() if pair[1] in officers}
    return Pool(tuple(found), officers, barred, tuple(merged), (*left_out, *without))


def certified(rows: Sequence[Row], on: date) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Officers of the library with a certificate for inspections that counts on that day, and those without. One query."""
    numbers = [cell(row, (pool.CARD,)) for row in rows]
    cards = Certificate.objects.filter(number__in=numbers, person__active=True, valid_from__lte=on)
    valid = {
        one.number
        for one in cards.filter(valid_until__gte=on)
        if "inspection" in one.categories and not stopped(one, on)
    }
    officers, without = {}, []
    for row, number in zip(rows, numbers, strict=True):
        name = cell(row, (pool.PERSON,))
        if number in valid:
            officers[pool.card_token(number)] = name
        else:
            without.append({"name": name, "token": number, "why": "没有当日有效的行政检查执法证"})
    return officers, without


def stopped(one: Certificate, on: date) -> bool:
    """Is the certificate revoked, suspended or without this year's inspection on that day?"""
    suspended = one.suspended_from and one.suspended_from <= on and on <= (one.suspended_until or date.max)
    lapsed = one.inspected_until is not None and one.inspected_until < on
    return bool(suspended or lapsed or (one.revoked_on and one.revoked_on <= on))


def can_commit(change: Change) -> list[Verdict]:
    """The plan is approved, both libraries are there, and conflicts leave enough officers for every object."""
    plan, verdicts = known_plan(change, "已批准")
    moment, source = change.data.get("not_before"), change.data.get("source")
    if moment and datetime.fromisoformat(str(moment)) <= timezone.localtime(change.now).replace(tzinfo=None):
        fact = f"公开值的时间{cn_moment(str(moment))}已经到了，那时的值可能有人知道"
        verdicts.append(unmet("not-before", COURSE, fact, "填写以后的时间"))
    if source == OUTSIDE and not change.data.get("source_text"):
        verdicts.append(
            unmet("source", COURSE, "没有写明用哪一个公开的数值", "写到期号，如“某彩票第几期开奖号码”")
        )
    if plan is None or verdicts:
        return verdicts
    found = pool_of(change, plan)
    for kind, there in ((pool.OBJECTS, found.objects), (pool.INSPECTORS, found.officers)):
        if not there:
            fact = f"{KINDS[kind]}里没有可以抽取的"
            verdicts.append(unmet(kind, COURSE, fact, f"发布{KINDS[kind]}，或者核对计划的范围"))
    return verdicts or enough(found, int(plan.told["each"]))


def enough(found: Pool, each: int) -> list[Verdict]:
    """Every object has officers who may go there."""
    tokens = {one.token: one.name for one in found.objects}
    short = order.too_few(tokens, found.officers, found.barred, each)
    names = "、".join(tokens[token] for token in short[:5])
    fact = f"回避之后，“{names}”等 {len(short)} 个对象不足 {each} 名检查人员"
    return [unmet("officers", COURSE, fact, "补充检查人员库，或者联合其他部门的人员")] if short else []


def lists_of(found: Mapping[str, Any]) -> tuple[str, str, str]:
    """The three lists as they are committed to, out of what the ledger keeps of them."""
    barred = [(str(one), str(other)) for one, other in found["barred"]]
    return order.listed(found["objects"]), order.listed(found["officers"]), order.paired(barred)


def committed(change: Change) -> dict[str, Any]:
    """The lists, the seed and what is published of them."""
    plan = plan_named(change)
    assert plan is not None  # `can_commit` has refused
    found, seed = pool_of(change, plan, salted=True), secrets.token_hex(32)
    public: dict[str, Any] = {
        "objects": sorted(one.token for one in found.objects),
        "officers": sorted(found.officers),
        "barred": sorted([*pair] for pair in found.barred),
        "names": {one.token: one.name for one in found.objects if not one.natural},
    }
    count = order.how_many(len(public["objects"]), Decimal(str(plan.told["ratio"]).rstrip("%％")))
    source = source_line(change.data)
    text = order.commitment(
        plan.number, seed, source, lists_of(public), count, max(order.LEAST, int(plan.told["each"]))
    )
    inside = {
        "seed": seed,
        "roster": [
            {"token": one.token, "name": one.name, "code": one.code, "address": one.address, "salt": one.salt}
            for one in found.objects
        ],
        "people": dict(found.officers),
        "conflicts": [[*pair, why] for pair, why in sorted(found.barred.items())],
        "merged": list(found.merged),
        "left_out": list(found.left_out),
    }
    counts = {"merged_rows": len(found.merged), "left_out_rows": len(found.left_out)}
    return {**public, **inside, **counts, "commitment": text}


def source_line(data: Mapping[str, Any]) -> str:
    """Whence the value comes, in one line."""
    moment = cn_moment(str(data["not_before"]))
    if data["source"] == OUTSIDE:
        return f"{moment}以后公开的：{' '.join(str(data['source_text']).split())}"
    return f"执法台账在{moment}以后签出的第一个检查点的根值"


PUBLIC_OF_COMMITMENT = (
    *("plan", "source", "source_text", "not_before", "commitment"),
    *("objects", "officers", "barred", "names", "merged_rows", "left_out_rows"),
)
"""What of a commitment anybody may read at once: everything but the seed and the people."""


@admin_act(
    COMMIT,
    "封存抽查名单和种子",
    DRAWERS,
    (
        PLAN_FIELD,
        asked("source", "公开值取自", "choice", options=SOURCES),
        asked(
            "source_text",
            "哪一个公开的数值",
            longest=200,
            required=False,
            help="取自机关以外的必填，写到期号",
        ),
        asked("not_before", "公开值不早于", "datetime", help="以后的时间：到时才有，现在谁也不知道"),
    ),
    COURSE,
    group="inspection",
    help="系统核对两个库，合并重复的对象，除去回避的人员，生成保密的种子；名单和种子的校验值当即公开，之后都改不了",
    checks=can_commit,
    secrecy="case",
    public=PUBLIC_OF_COMMITMENT,
    adds=committed,
)
def commit_draw(change: Change) -> None:
    """From here on nobody can change who may be drawn, nor the seed."""


# The draw.


def value_of(change: Change, plan: Plan) -> dict[str, str]:
    """The public value: the log's own checkpoint, or what was told from outside; {} where it is not there yet."""
    if plan.committed.get("source") == OUTSIDE:
        text = " ".join(str(change.data.get("value") or "").split())
        return {"value": text} if text else {}
    return value_in_log(plan)


def time_of(plan: Plan) -> datetime:
    """The stated time of a plan that was committed to."""
    return timezone.make_aware(datetime.fromisoformat(str(plan.committed["not_before"])))


def value_in_log(plan: Plan) -> dict[str, str]:
    """The first checkpoint that was signed after the stated time, whatever entry it was made for; {} before. Two queries."""
    moment = time_of(plan)
    place = Entry.objects.filter(act=plan.commit).values_list("idx", flat=True).first()
    if place is None:
        return {}
    later = Checkpoint.objects.filter(log=LOG.row, created__gte=moment, size__gt=place).exclude(note="")
    row = later.order_by("size").first()
    return {"value": row.root, "checkpoint": row.note} if row else {}


def can_draw(change: Change) -> list[Verdict]:
    """It is committed to and not drawn yet, and the value is there."""
    plan, verdicts = known_plan(change, "已封存，等待抽取")
    if plan is None or verdicts:
        return verdicts
    moment = str(plan.committed["not_before"])
    if timezone.localtime(change.now).replace(tzinfo=None) < datetime.fromisoformat(moment):
        fact = f"公开值不早于{cn_moment(moment)}，现在还没有到"
        return [unmet("not-before", COURSE, fact, "到时再抽取")]
    if not value_of(change, plan):
        return [unmet("value", COURSE, "公开值还没有", value_awaited(plan))]
    return []


def value_awaited(plan: Plan) -> str:
    """What has to come before the draw, and by whom."""
    if plan.committed.get("source") == OUTSIDE:
        return f"填写公开值：{plan.committed.get('source_text')}"
    if plan.opened_at:
        noted = cn_moment(timezone.localtime(plan.opened_at).isoformat())
        return f"系统{noted}已在账本里记下“到抽取时间”，签出检查点就有，通常几秒；久等没有的，请系统管理员查看账本的签名"
    return (
        "不用办别的：系统每分钟看一次，到时间的在账本里记一笔“到抽取时间”，随后几秒签出检查点。"
        "两分钟以后还没有的，请系统管理员查看服务是否在运行"
    )


def time_has_come(change: Change) -> list[Verdict]:
    """It waits for the log's value, the stated time is over, and that was not noted before."""
    plan, verdicts = known_plan(change, "已封存，等待抽取")
    if plan is None or verdicts:
        return verdicts
    if plan.committed.get("source") != LOG_VALUE or plan.opened_at or change.now < time_of(plan):
        return [
            unmet(
                "time", COURSE, "没有到抽取时间、已经记过，或者公开值不取自账本", "不用办理，系统到时自己记入"
            )
        ]
    return []


@admin_act(
    OPEN,
    "到抽取时间",
    (),
    (PLAN_FIELD,),
    COURSE,
    group="inspection",
    help="到封存时写明的时间，系统自己记入账本，使账本当即签出检查点",
    checks=time_has_come,
    secrecy="public",
)
def open_draw(change: Change) -> None:
    """The log has an entry of that time, therefore a checkpoint, though nobody does anything that evening."""


def drawn(change: Change) -> dict[str, Any]:
    """The seed comes out, the value joins it, and the lists as committed to are ordered by both."""
    plan = plan_named(change)
    assert plan is not None  # `can_draw` has refused
    seed = str(Opening.objects.get(act=plan.commit, name="seed").value)
    value, lines = value_of(change, plan), plan.commitment
    key = order.key_of(seed, value["value"])
    chosen = order.drawn(key, plan.committed["objects"], int(lines["count"]))
    barred = {(one, other) for one, other in plan.committed["barred"]}
    rows = order.assigned(key, chosen, plan.committed["officers"], barred, int(lines["each"]))
    return {**value, "seed": seed, "result": [list(row) for row in rows]}


@admin_act(
    DRAW,
    "公开种子并抽取",
    DRAWERS,
    (
        PLAN_FIELD,
        asked(
            "value",
            "公开值",
            longest=200,
            required=False,
            help="取自机关以外的，照公布的填写；取自账本的不填",
        ),
        asked("witnesses", "现场见证", longest=200, required=False, help="谁在场见证；没有的不填"),
    ),
    COURSE,
    group="inspection",
    help="种子和公开值一起决定抽到谁、派谁去；结果记入账本，不能改，任何人可以重算",
    checks=can_draw,
    secrecy="public",
    adds=drawn,
)
def hold_draw(change: Change) -> None:
    """Objects and officers are drawn; each object is a task from now on."""
    open_tasks(change)
