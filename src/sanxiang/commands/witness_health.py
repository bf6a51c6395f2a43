"""What `doctor` says of those outside: does each witness of the policy follow, may a stranger judge by the policy, and do the
codes on papers lead to a place that he can reach?"""

import importlib
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 300
"""Seconds that a witness may take: it is asked again after a minute at most, and its network may be slow."""
HERE = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")


def about_witnesses() -> dict[str, Any]:
    """Is the policy well formed and about this log, and has each of its witnesses come as far as the log?"""
    standing = importlib.import_module("sanxiang.ledger.standing")
    try:
        policy = standing.policy_of()
    except standing.PolicyUnsound as error:
        return {"what": "账本见证", "ok": False, "text": str(error)}
    stands = standing.standing_of()
    addresses = {one.name: one.url for one in policy.witnesses}
    faults = [
        *_keys(policy),
        *(fault for one in stands.witnesses if (fault := _trouble(one.name))),
        *(fault for one in stands.witnesses if (fault := _late(stands, one, addresses))),
    ]
    if faults:
        return {"what": "账本见证", "ok": False, "text": "；".join(faults)}
    if not policy.witnesses:
        alone = "还没有外部见证：只有本机见过的账本，本机改了没有人看得出来，见 docs/ledger.md"
        return {"what": "账本见证", "ok": True, "todo": True, "text": alone}
    reached = "，".join(f"{one.name} 见证到第 {one.size or 0} 条" for one in stands.witnesses)
    quorum = f"；按规则见证到第 {stands.quorum} 条" if stands.quorum else ""
    return {"what": "账本见证", "ok": True, "text": reached + quorum}


def _late(stands: Any, seen: Any, addresses: dict[str, str]) -> str:
    """What is wrong with a witness that does not follow; "" while it does."""
    now = importlib.import_module("django.utils.timezone").now()
    since = importlib.import_module("sanxiang.ledger.health").unseen_since(seen.size or 0)
    if since is None or (now - since).total_seconds() <= PATIENCE:
        return ""
    shown = importlib.import_module("sanxiang.cases.templatetags.show").cn_datetime(since)
    reached = f"只见证到第 {seen.size} 条" if seen.size else "还没有见证过"
    told = f"见证人 {seen.name} {reached}，落后 {stands.size - (seen.size or 0)} 条，从{shown}起没有跟上"
    if not addresses[seen.name]:
        return f"{told}：policy 里它那一行没有网址，检查点送不出去，请补上"
    return (
        f"{told}。请确认 sanxiang serve 在运行、{addresses[seen.name]} 连得上，并请它登记本账本现用的验证密钥"
    )


def _trouble(name: str) -> str:
    """Does it refuse our checkpoints, or did we begin to sign without having heard from it? "" for neither."""
    told = importlib.import_module("sanxiang.ledger.witness_trouble").troubles().get(name)
    if told is None:
        return ""
    at = importlib.import_module("datetime").datetime.fromisoformat(told["at"])
    since = importlib.import_module("sanxiang.cases.templatetags.show").cn_datetime(at)
    if told["unasked"]:
        return (
            f"{since}没有问到见证人 {name} 见过多少条（{told['why']}），先继续编号和签名了：问到之前，"
            "数据库是否被退回过，无从知道。请确认它的网址连得上、它登记了本账本现用的验证密钥；服务会接着问"
        )
    return f"见证人 {name} 从{since}起拒绝见证：{told['why']}"


def _keys(policy: Any) -> list[str]:
    """What is wrong with the log lines of the policy: by them strangers know whose checkpoints these are."""
    keys = importlib.import_module("sanxiang.ledger.keys")
    note = importlib.import_module("sanxiang.ledger.tlog.note")
    vkeys = [line.split(" ")[0] for line in keys.vkey_lines()]
    named = [note.format_vkey(log.key) for log in policy.logs]
    cure = f"请改成 log {vkeys[0]}"
    faults = [
        f"policy 里的 log {one} 不是本账本现用或者停用的密钥，外人按它认不出本账本，{cure}"
        for one in named
        if one not in vkeys
    ]
    if named and not faults and not {*named} & {*vkeys[:2]}:
        faults = [f"policy 里只有停用的密钥，外人按它核验不了新的检查点，{cure}"]
    return faults


def about_address() -> dict[str, Any]:
    """Can whoever has a paper reach what its code leads to?"""
    address = importlib.import_module("django.conf").settings.PUBLIC_ADDRESS
    if _reachable(address):
        return {"what": "公众网址", "ok": True, "text": f"文书上的二维码指向 {address}"}
    made = importlib.import_module("sanxiang.cases.models").Paper.objects.exists()
    told = (
        f"文书上的二维码指向 {address}，别人的手机打不开。请把 SANXIANG_ADDRESS 设为公众打开本网站的地址"
        "（如 https://zfj.example.gov.cn）并重新启动服务（这里看的是本命令的环境变量，应与服务的相同）"
    )
    told += "；已经制作的文书，二维码不会改变" if made else "，再制作第一份文书"
    return {"what": "公众网址", "ok": not made, "todo": True, "text": told}


def _reachable(address: str) -> bool:
    """Is it a web address of another machine than the reader's own?"""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and (parts.hostname or "") not in HERE
    except ValueError:
        return False
