"""The log in plain words: how far it is signed, who has witnessed it, by which keys, and how to check it without us."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.ledger import keys
from sanxiang.ledger.halt import WITNESS, halted
from sanxiang.ledger.health import unseen_since
from sanxiang.ledger.logs import ACTS, accesses
from sanxiang.ledger.models import Act, Checkpoint
from sanxiang.ledger.served import FILES
from sanxiang.ledger.standing import (
    Seen,
    Standing,
    daily_stamps,
    is_daily,
    policy_text,
    stamped_at,
    stamps_folder,
    standing_of,
)
from sanxiang.ledger.tlog.stranger import SCRIPT
from sanxiang.ledger.tlog.verify_branches import INSTALLATION
from sanxiang.ledger.verify import ANCHOR
from sanxiang.ledger.witness_trouble import troubles
from sanxiang.square.log_acts import TEXT, download
from sanxiang.square.offline import trust
from sanxiang.square.page import page, public, unreadable

SHOWN_STAMPS = 10
USUAL = timedelta(minutes=5)
"""How long witnesses may take before the page says so."""
UNREAD = {
    "tone": "amber",
    "title": "账本的密钥读不出来",
    "text": "在修复之前，这里说不出账本签到哪里、谁见证过。从前保存的检查点和证明仍然可以核验。",
}


@public
def log_page(request: HttpRequest) -> HttpResponse:
    """The page of the log."""
    now, judged = timezone.now(), trust()
    made = bool(judged["vkeys"])
    standing = standing_of() if made else Standing()
    unread = not made and keys.made()
    year, stamps = timezone.localdate(now).year, daily_stamps(stamps_folder(), SHOWN_STAMPS)
    context = {
        "section": "log", "standing": standing, "notice": UNREAD if unread else notice_of(standing), "unread": unread,
        "witnesses": witnesses_table(standing),
        "origin": keys.origin(), "vkeys": keys.vkey_lines()[:2] if made else [], "retired": retired_table() if made else {},
        "policy": judged["policy"], "stamps": stamps_table(stamps), "stamp": next(iter(stamps), None), "anchor": newest_anchor(),
        "year": year, "accesses": newest_size(accesses(year).row) if made else 0, "site_address": site_address(request),
    }  # fmt: skip
    return page(request, "square/log.html", context)


def site_address(request: HttpRequest) -> str:
    """Where this site is reached: as the operator said, else where the reader has just reached it."""
    address = settings.PUBLIC_ADDRESS if settings.ADDRESS_TOLD else request.build_absolute_uri("/")
    return address.rstrip("/")


@public
def policy(request: HttpRequest) -> HttpResponse:
    """The policy file as it is (C2SP tlog-policy)."""
    try:
        text = policy_text()
    except ValueError as error:
        return unreadable(f"见证规则读不出来：{error}。")
    if not text:
        raise Http404("本账本没有设见证规则")
    return download(text.encode(), TEXT, "policy")


@public
def script(request: HttpRequest) -> HttpResponse:
    """The stranger's script."""
    return download(SCRIPT.encode(), TEXT, "check.sh")


@public
def stamp(request: HttpRequest, size: int) -> HttpResponse:
    """A reply of the time stamp authority, as it came; that one was asked for by a decision is nobody's business."""
    if not is_daily(stamps_folder(), size):
        raise Http404("没有这个时间戳")
    return download(
        (stamps_folder() / f"{size}.tsr").read_bytes(), "application/timestamp-reply", f"{size}.tsr"
    )


@public
def stamped(request: HttpRequest, size: int) -> HttpResponse:
    """The very bytes that were stamped: the checkpoint of that size with the log's own line."""
    row = Checkpoint.objects.filter(log=ACTS.row, size=size).exclude(note="").first()
    if row is None or not is_daily(stamps_folder(), size):
        raise Http404("没有这个时间戳")
    return download(row.note.encode(), TEXT, f"{size}.checkpoint")


def notice_of(standing: Standing) -> dict[str, Any]:
    """In one sentence: may a stranger rely on it, and up to where?"""
    told = halted()
    return stopped(told) if told else _notice_of(standing)


def stopped(told: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is signed: somebody outside has seen more, or other. Where the files and the server lie is nobody's business."""
    since = cn_datetime(timezone.localtime(datetime.fromisoformat(told["at"])))
    who = "平台公布过的检查点" if told["source"] == FILES else "平台以外的一份记录"
    who = told["source"] if told["source"].startswith(WITNESS) else who
    if told.get("unasked"):
        why = "数据库从备份恢复过，备份之后在别处签到过第几条，还没有查清。"
    elif told["outside"] > told["inside"]:
        why = f"{who}见过 {told['outside']:,} 条的账本，平台只有 {told['inside']:,} 条：平台的数据被退回过。"
    else:
        why = f"{who}见过的账本，前 {told['outside']:,} 条与平台的不同：同一本账有两份历史。"
    text = f"{why}从{since}起不再编号、签署，办理照常进行、排队等候，查清之后才继续。从前保存的检查点和证明请留好，可以拿来对照。"
    return {"tone": "red", "title": "账本已停止签名", "text": text}


def _notice_of(standing: Standing) -> dict[str, Any]:
    if not standing.size:
        text = "第一步办理编入账本、签署检查点之后，这里会给出大小、时间和密钥。"
        return {"tone": "amber", "title": "账本还没有签署检查点", "text": text}
    if standing.fault:
        text = f"{standing.fault}。在改正之前，这里说不出谁见证过。"
        return {"tone": "amber", "title": "见证规则读不出来", "text": text}
    if not standing.wanted:
        text = (
            "还没有登记外部见证人：平台若把整本账重做一遍、重新签名，从未保存过检查点的人看不出来。"
            "请自己保存一份检查点，以后拿它比对，改动就瞒不过去。"
        )
        return {"tone": "amber", "title": "没有外部见证", "text": text}
    if standing.quorum is None:
        refusing = _refusing(standing)
        text = f"{refusing} 拒绝见证。{_REFUSED}" if refusing else ""
        return {
            "tone": "amber",
            "title": "还没有达到规定的见证人数",
            "text": f"{text}各见证人见证到哪里，见下表。",
        }
    refusing = _refusing(standing)
    if refusing:
        text = f"前 {standing.quorum:,} 条已经按规则见证。{_rest(standing, standing.quorum)}{_REFUSED}"
        return {"tone": "amber", "title": f"{refusing} 拒绝见证", "text": text}
    text = _rest(standing, standing.quorum)
    if standing.retired:
        text += "最近见证过的检查点是停用的密钥签的，核验它和现在取到的证明，要用下面“停用的密钥”里的那一把。"
    return {"tone": "green", "title": f"前 {standing.quorum:,} 条已经按规则见证", "text": text}


_REFUSED = "拒绝的原因由平台和见证人查明，请先不要只凭平台自己的签名就相信这本账。"


def _refusing(standing: Standing) -> str:
    """The witnesses that answered and did not sign; "" where there are none."""
    told = troubles()
    names = [one.name for one in standing.witnesses if told.get(one.name, {}).get("refused")]
    return f"{WITNESS}{'、'.join(names)}" if names else ""


def _rest(standing: Standing, quorum: int) -> str:
    """What is not witnessed yet, and since when where that takes unusually long."""
    since, rest = unseen_since(quorum), standing.size - quorum
    if since is None or not rest:
        return "已经签署的全部见证完毕。"
    if timezone.now() - since < USUAL:
        return f"最近的 {rest:,} 条已经签署，还在等候见证，通常一分钟之内完成。"
    return f"最近的 {rest:,} 条已经签署，从{cn_datetime(timezone.localtime(since))}起没有够数的见证，这些只有平台自己的签名。"


def witnesses_table(standing: Standing) -> dict[str, Any]:
    """Who has witnessed up to where, and when by their own clock."""
    columns = [{"label": "见证人"}, {"label": "见证到", "num": True}, {"label": "见证时间"}]
    return {
        "caption": "外部见证人",
        "columns": columns,
        "rows": [_witness(one) for one in standing.witnesses],
    }


def _witness(seen: Seen) -> dict[str, Any]:
    reached = f"前 {seen.size:,} 条" if seen.size is not None else "还没有"
    when = cn_datetime(timezone.localtime(seen.at)) if seen.at else ""
    return {"cells": [{"text": seen.name, "sub": seen.key}, {"text": reached}, {"text": when}]}


def retired_table() -> dict[str, Any]:
    """The keys that signed before."""
    columns = [{"label": "停用的验证密钥"}, {"label": "签到", "num": True}, {"label": "停用时间"}]
    rows = [{"cells": _retired(row)} for row in keys.retired()]
    return {"caption": "停用的密钥", "columns": columns, "rows": rows}


def _retired(row: Mapping[str, Any]) -> list[dict[str, str]]:
    when = cn_datetime(timezone.localtime(datetime.fromisoformat(row["at"])))
    tree = "账本" if row["hash"] == "sha256" else "国密账本"
    return [{"text": row["vkey"], "sub": tree}, {"text": f"前 {row['until']:,} 条"}, {"text": when}]


def stamps_table(sizes: Sequence[int]) -> dict[str, Any]:
    """The newest daily stamps with what they were given for."""
    columns = [
        {"label": "检查点", "num": True},
        {"label": "时间戳的时间"},
        {"label": "时间戳"},
        {"label": "所盖的检查点"},
    ]
    rows = [{"cells": _stamp(size)} for size in sizes]
    return {"caption": "每天的时间戳", "columns": columns, "rows": rows}


def _stamp(size: int) -> list[dict[str, str]]:
    at = stamped_at(stamps_folder(), size)
    return [
        {"text": f"前 {size:,} 条"},
        {"text": cn_datetime(timezone.localtime(at)) if at else ""},
        {"text": f"{size}.tsr", "href": reverse("log-stamp", args=[size])},
        {"text": f"{size}.checkpoint", "href": reverse("log-stamped", args=[size])},
    ]


def newest_size(log: int) -> int:
    """How many entries of a log are signed."""
    found = (
        Checkpoint.objects.filter(log=log).exclude(note="").order_by("-size").values_list("size", flat=True)
    )
    return found.first() or 0


def newest_anchor() -> UUID | None:
    """The act that wrote the two trees' checkpoints into both for the last time."""
    acts = Act.objects.filter(subject=UUID(INSTALLATION.decode()), name=ANCHOR).order_by("-n")
    return acts.values_list("pk", flat=True).first()
