"""What a witness shows and takes over HTTP: `add-checkpoint`, its verifier key, and one page that says how far it has seen."""

import base64
import hashlib
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Any

from sanxiang.ledger.tlog.note import encode_base64
from sanxiang.ledger.tlog.witness_store import REFUSALS, Refusal, Store, Watched, watched
from sanxiang.ledger.tlog.witnessing import BODY_LIMIT, WHY, Answer, add_checkpoint

TEXT, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
SHOWN = 20
"""Refusals shown of each log; the file has them all."""

_BEIJING = timezone(timedelta(hours=8))
_STATUS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    422: "Unprocessable Entity",
    503: "Service Unavailable",
}
_STYLE = """
body { font: 16px/1.7 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1b1f24; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
.alarm { border-left: .3rem solid #b3261e; padding-left: .8rem; }
"""
_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
        + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
        + "'",
    ),
]

Start = Callable[[str, list[tuple[str, str]]], Any]


def application(store: Store) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """The WSGI application of one witness."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        status, kind, body = _answered(store, environ)
        length = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start(f"{status} {_STATUS[status]}", [*length, *_HEADERS])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


def _answered(store: Store, environ: dict[str, Any]) -> Answer:
    try:
        return _route(store, environ)
    except (sqlite3.Error, OSError) as error:
        # Nothing was recorded, so nothing was cosigned: whoever asked may come again.
        print(f"见证人不能读写记录：{error}", file=sys.stderr)
        return 503, TEXT, "见证人暂时不能读写记录，请稍后再试\n".encode()


def _route(store: Store, environ: dict[str, Any]) -> Answer:
    path, method = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
    if path == "/add-checkpoint":
        if method != "POST":
            return 405, TEXT, "请用 POST 提交检查点\n".encode()
        return add_checkpoint(store, environ["wsgi.input"].read(BODY_LIMIT + 1), int(time.time()))
    if method not in ("GET", "HEAD"):
        return 405, TEXT, "这里只能读取\n".encode()
    if path == "/":
        return 200, HTML, page(store, watched(store)).encode()
    if path == "/vkey":
        return 200, TEXT, f"{store.vkey}\n".encode()
    for log in watched(store):
        if log.latest and path == f"/{hashlib.sha256(log.origin.encode()).hexdigest()}/checkpoint":
            return 200, TEXT, log.latest.note.encode()
    return 404, TEXT, "没有这一页\n".encode()


def page(store: Store, logs: list[Watched]) -> str:
    """All that the witness knows, in plain words."""
    name = escape(store.name)
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>账本见证人 {name}</title><style>{_STYLE}</style></head><body>
<h1>账本见证人 {name}</h1>
<p>本见证人只在一种情况下为账本签名：新送来的检查点是它见证过的内容的延长，原有条目一条未改、未删、未换次序。
只认有它签名的检查点的人，就能发现账本事后被改动、被退回，或者给不同的人看不同的账本。
见证人只看校验值，看不到条目写了什么，也不担保所写属实。</p>
{"".join(map(_section, logs)) or "<p>还没有登记账本。</p>"}
<h2>本见证人的验证密钥</h2>
<p><code>{escape(store.vkey)}</code></p>
<p>账本向本地址的 <code>add-checkpoint</code> 提交检查点（C2SP tlog-witness）。
每本账最近一次见证的检查点连同签名，可以按 <code>账本名称的 SHA-256/checkpoint</code> 取得。</p>
</body></html>
"""


def _section(log: Watched) -> str:
    seen = log.latest
    rows = [("已见证到", f"{seen.size} 条" if seen else "还没有见证过")]
    if seen:
        rows += [("根值", f"<code>{encode_base64(seen.root)}</code>"), ("见证时间", moment(seen.at))]
    rows += [("账本密钥", "<br>".join(f"<code>{escape(vkey)}</code>" for vkey in log.vkeys) or "已停止见证")]
    known = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return f"<h2>{escape(log.origin)}</h2><dl>{known}</dl>{_alarm(log)}{_refusals(log)}"


def _alarm(log: Watched) -> str:
    forks = [refusal for refusal in log.refusals if refusal.why == "fork"]
    if not forks:
        return ""
    return (
        f'<p class="alarm"><strong>这本账签过互相矛盾的检查点（{len(forks)} 处）。</strong>'
        f"两份签名都在见证人文件夹的 {REFUSALS} 里，是账本作假或密钥失窃的证据。</p>"
    )


def _refusals(log: Watched) -> str:
    if not log.refusals:
        return "<p>没有拒绝过。</p>"
    rows = "".join(f"<li>{_refusal(refusal)}</li>" for refusal in log.refusals[:SHOWN])
    more = f"，最近 {SHOWN} 次" if len(log.refusals) > SHOWN else ""
    return f"<p>拒绝过 {len(log.refusals)} 次{more}：</p><ul>{rows}</ul>"


def _refusal(refusal: Refusal) -> str:
    root = encode_base64(refusal.root)
    return f"{moment(refusal.at)}，{refusal.size} 条，根值 <code>{root}</code>：{WHY[refusal.why]}"


def moment(at: int) -> str:
    """A time in seconds since 1970 as people here read it."""
    return f"{datetime.fromtimestamp(at, _BEIJING):%Y年%m月%d日 %H:%M:%S}（北京时间）"
