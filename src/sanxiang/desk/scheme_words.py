"""Rules of a pack in a line of words each, for the page that shows them beside their article."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sanxiang.law.blocks import Block
from sanxiang.law.packs import Pack
from sanxiang.law.worded import papers_named, plain
from sanxiang.speech import role_name

UNITS = {"working": "个工作日", "calendar": "日", "month": "个月", "year": "年", "hours": "小时"}

CONDITIONS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("conditions.toml").read_text(encoding="utf-8")
)


def rule_text(pack: Pack, block: Block) -> dict[str, str]:
    """What the rule is called and what it says."""
    title, text = READERS.get(block.kind, _plain)(pack, block.data)
    note = str(block.data.get("note", ""))
    return {"title": title, "text": text, "note": note, "article": block.citation.article}


def acts_named(pack: Pack, ids: Any) -> str:
    """Acts by their labels."""
    many = ids if isinstance(ids, (list, tuple)) else [ids]
    return "、".join(pack.acts[i].label if i in pack.acts else str(i) for i in many)


def _plain(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    return str(data.get("label") or data.get("matter") or data.get("title") or data.get("field") or ""), ""


def _act(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    by = "、".join(map(role_name, data.get("by", ()))) or "系统到期自动"
    papers = "、".join(f"《{pack.papers[p].label}》" for p in data.get("papers", ()) if p in pack.papers)
    return str(data["label"]), "；".join(x for x in (f"由{by}办理", f"制作{papers}" if papers else "") if x)


def _guard(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    args = data.get("args", {})
    words = {
        "acts": "或者".join(_event(pack, name) for name in args.get("acts", ())),
        "asked": acts_named(pack, args.get("asked", "")),
        "n": args.get("n", 2),
        "paper": pack.papers[args["paper"]].label if args.get("paper") in pack.papers else "文书",
        "clock": _clocks(pack, args.get("clock", ())) or "期限",
        "label": args.get("label", "所列事项"),
        "text": args.get("text", "期限"),
        "cure": args.get("cure", "见办理时的说明"),
        "least": args.get("least", 1),
        "most": args.get("most", "规定"),
    }
    return acts_named(pack, data["on"]), CONDITIONS[data["needs"]].format(**words)


def _clocks(pack: Pack, given: Any) -> str:
    """Periods by their labels; a guard may ask for whichever of several is running."""
    many = given if isinstance(given, list | tuple) else [given]
    return "或者".join(pack.limits[one].label for one in many if one in pack.limits)


def _paper(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    makers = [act.label for act in pack.acts.values() if data["id"] in act.papers]
    return str(data["label"]), f"由“{'”“'.join(makers)}”制作" if makers else "其他文书的组成部分"


def _limit(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    if "key" in data:
        value = pack.binding(data["key"])
        length = f"{value.value}{UNITS[data['unit']]}" if value.is_set else "方案未定"
    else:
        length = f"{data['n']}{UNITS[data['unit']]}"
    started = "、".join(_event(pack, name) for name in data.get("start", ()))
    return str(data["label"]), f"{length}，自{started}起算"


def _event(pack: Pack, name: str) -> str:
    act, _, paper = name.partition(":")
    label = acts_named(pack, act)
    return f"{label}《{pack.papers[paper].label}》" if paper in pack.papers else label


def _value(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    known = pack.parameters.get(data["key"])
    is_set = data.get("set", "value" in data)
    return known.label if known else str(data["key"]), said(pack, data.get("value")) if is_set else "方案未定"


def said(pack: Pack, value: Any) -> str:
    """A value in words, papers by their labels."""
    return plain(papers_named(value, {name: paper.label for name, paper in pack.papers.items()}))


def _stage(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    return str(data["label"]), f"由{data['actor']}办理" if data.get("actor") else ""


def _list(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    return str(data["label"]), "、".join(map(str, data.get("fields", ())))


def _public(pack: Pack, data: dict[str, Any]) -> tuple[str, str]:
    """Of which procedures, and from which papers the text is taken, or why there is none."""
    kinds = (pack.procedures[name].label for name in data.get("procedures", ()) if name in pack.procedures)
    papers = (f"《{pack.papers[kind].label}》" for kind in data.get("papers", ()) if kind in pack.papers)
    why = str(data.get("none") or "")
    return "、".join(dict.fromkeys(kinds)), f"不公示：{why}" if why else "摘自" + "".join(
        dict.fromkeys(papers)
    )


READERS: dict[str, Callable[[Pack, dict[str, Any]], tuple[str, str]]] = {
    "act": _act,
    "guard": _guard,
    "limit": _limit,
    "value": _value,
    "stage": _stage,
    "list": _list,
    "paper": _paper,
    "public": _public,
}
