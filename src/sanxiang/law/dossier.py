"""What a legal review covers: exactly this draft and this evidence, pinned by a digest; and how two penalties compare."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import State
from sanxiang.law.numerals import chinese
from sanxiang.speech import yuan

PART_NAMES = {
    "draft": "决定草案",
    "evidence": "证据清单",
    "defence": "陈述申辩及复核",
    "hearing": "听证报告",
    "voices": "听取的陈述、申辩和意见",
    "party": "当事人信息",
    "cause": "案由",
    "item": "执法事项",
    "deed": "违法行为的时间、地点",
    "circumstances": "认定的处罚情节",
    "found": "发现日期",
    "apart": "不是同一违法行为的理由",
}
MATTER = {
    "cause": ("cause",),
    "item": ("item",),
    "deed": ("occurred_on", "occurred_until", "continuing", "occurred_at"),
    "circumstances": ("circumstances",),
}
"""What is decided about, beside the draft: the party was told of it, so another matter needs another notice. The article
that is suspected to be broken is settled at filing and stands, as it is then found, in the draft."""
GROUNDS = {"found": ("found_on",), "apart": ("separate_act",)}
"""What only the reviewers judge by: whether the time to punish has run out, whether this deed was punished before."""
REACHING = frozenset({"phone", "contact"})
"""How a party is reached, which is nothing that is decided."""
PASSING = ("agree", "pass", "agree-with-advice")
"""Outcomes of a review that let a decision go ahead; every other outcome stops it."""


def digest(value: Any) -> str:
    """SHA-256 over sorted, compact JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def admitted(state: State) -> list[dict[str, Any]]:
    """The evidence that counts: what was excluded as unlawful does not (行政处罚法第四十六条第三款)."""
    return [e for e in state["evidence"] if not e.get("excluded")]


def numbered(title: str, state: State) -> str:
    """The title of a piece of evidence, or where the list has that one already, the title with a number: 照片之二."""
    known = {e.get("title") for e in state["evidence"]}
    if title not in known:
        return title
    more = (f"{title}之{chinese(k)}" for k in range(2, 1000))
    return next((name for name in more if name not in known), title)


def who(party: Mapping[str, Any]) -> str:
    """The party as far as it is decided about, by digest: another telephone number makes no other party."""
    return digest({k: v for k, v in party.items() if k not in REACHING and v not in (None, "", False)})


def matter(state: State, names: Mapping[str, tuple[str, ...]] = MATTER) -> dict[str, str]:
    """What the case is about, part by part, each by digest; what was never stated and what was left blank are one."""
    facts = state["facts"]
    return {name: digest([facts.get(key) or "" for key in keys]) for name, keys in names.items()}


def parts(state: State) -> dict[str, str]:
    """The reviewed things, each by digest, so that a later change can be named."""
    last = state["last"]
    return {
        "draft": digest(state["facts"].get("decision") or {}),
        "evidence": digest([[e["id"], e["digest"]] for e in admitted(state)]),
        "defence": digest([(last.get(a) or {}).get("n") for a in ("record-defence", "review-defence")]),
        "hearing": digest((last.get("report-hearing") or {}).get("n")),
        "voices": digest(state.get("voices") or []),
        "party": who(state["facts"].get("party") or {}),
        **matter(state),
        **matter(state, GROUNDS),
    }


def changed(state: State) -> list[str]:
    """Which parts differ from what was submitted for review.

    An older pin has fewer parts: it holds for those that it has. Its party is that party in one piece.
    """
    pinned = state["review"].get("parts") or {}
    now = parts(state) if pinned else {}
    moved = [name for name in now if name in pinned and pinned[name] != now[name]]
    same = "party" in moved and same_party(pinned["party"], state)
    return [PART_NAMES[name] for name in moved if not (same and name == "party")]


def same_party(pinned: str, state: State) -> bool:
    """Is the party of the case the one of this digest? Digests made by older programs are of all that is known of it."""
    party = state["facts"].get("party") or {}
    return pinned in (who(party), digest(party))


def told_otherwise(notice: Mapping[str, Any], state: State) -> list[str]:
    """In what the case is another one than the party was told of; a notice of an older program says less of that."""
    told, now = notice.get("about") or {}, matter(state)
    found = [PART_NAMES[name] for name in now if name in told and told[name] != now[name]]
    other = notice.get("to") is not None and not same_party(notice["to"], state)
    return found + (["当事人"] if other else [])


KIND_NAMES = {
    "warning": "警告",
    "criticism": "通报批评",
    "fine": "罚款",
    "confiscate-gains": "没收违法所得",
    "confiscate-goods": "没收非法财物",
    "suspend-licence": "暂扣许可证件",
    "downgrade": "降低资质等级",
    "revoke-licence": "吊销许可证件",
    "restrict-business": "限制开展生产经营活动",
    "stop-business": "责令停产停业",
    "close-business": "责令关闭",
    "restrict-occupation": "限制从业",
    "other": "法律、行政法规规定的其他行政处罚",
}
"""The kinds of penalty as the form of a decision names them (行政处罚法第九条)."""

SUMS = ("fine", "confiscated_gains", "confiscated_value")
SUM_NAMES = {"fine": "罚款", "confiscated_gains": "没收违法所得", "confiscated_value": "没收非法财物"}


def heavier(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """In what respects one penalty is heavier than another; empty when it is not."""
    found = [
        f"{SUM_NAMES[s]}由{yuan(old.get(s) or 0)}增至{yuan(new[s])}"
        for s in SUMS
        if in_fen(new.get(s)) > in_fen(old.get(s))
    ]
    return found + [
        f"增加处罚种类“{KIND_NAMES.get(k, k)}”" for k in new.get("kinds", []) if k not in old.get("kinds", [])
    ]


TEXTS = {
    "found": "违法事实",
    "violated": "违反的规定",
    "basis": "处罚依据",
    "confiscated_list": "没收的财物",
    "other": "其他处罚内容",
}


DUTIES = {"correction": "责令改正的内容", "perform_by": "履行方式和期限"}
"""What a decision orders beside the penalty, in words."""


def different(new: Mapping[str, Any], old: Mapping[str, Any], texts: Mapping[str, str] = TEXTS) -> list[str]:
    """Which words of one penalty differ from those of another, as far as a party must have been told them."""
    return [label for name, label in texts.items() if (new.get(name) or "") != (old.get(name) or "")]


DROPPED = ("confiscated_list", "other", "correction")
"""Words that go with what is dropped: without them a penalty is lighter, not another one."""


def beyond(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """In what respects a changed penalty is heavier than the old one, or rests on something else; empty when neither."""
    kept = {name: new.get(name) or old.get(name) for name in DROPPED}
    texts = {**TEXTS, "correction": DUTIES["correction"]}
    return [*heavier(new, old), *(f"{label}与原决定不同" for label in different({**new, **kept}, old, texts))]


def amended(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A decision after a change: a form that names the kinds says all of it, any other only what became different."""
    return dict(given) if given.get("kinds") else {**old, **given}


def in_fen(value: Any) -> int:
    """An amount in fen as a whole number, so that sums compare exactly."""
    whole, _, rest = str(value or "0").partition(".")
    return int(whole or "0") * 100 + int((rest + "00")[:2])
