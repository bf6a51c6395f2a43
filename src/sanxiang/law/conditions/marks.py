"""Conditions of marks 标注: they lead from something that is there to something that is there."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts, State
from sanxiang.law.guards import Finding, condition

Args = Mapping[str, Any]
WHOLE = "先收入录音、录像，再制作它所反映的笔录"
CURE = "在音像的播放页面上选择那一秒和文书的段落，再提交"


def _to_tie(facts: Facts, args: Args) -> bool:
    """Has the case sound, film or pictures to mark, and a paper to tie them to?"""
    heard = any(piece.get("kind") == "audiovisual" for piece in facts.state["evidence"])
    return "mark" in facts.extra or (heard and bool(facts.state["papers"]))


@condition("mark-known", asks="form", there=_to_tie)
def mark_known(facts: Facts, args: Args) -> Finding:
    """The recording is one of this case and has that second, the paper has that paragraph.

    A recording that was not read yet, or cannot be, tells no length (0): any second may be marked then.
    """
    told = facts.extra.get("mark") or {}
    if not _to_tie(facts, args):
        return Finding(False, "本案还没有可以标注的音像，或者还没有可以衔接的文书", WHOLE)
    second, paragraph = int(facts.data.get("second") or 0), int(facts.data.get("paragraph") or 0)
    if not told.get("clip"):
        return Finding(False, "本案没有校验值为这一串的音像文件", CURE)
    if told["seconds"] and not 0 <= second <= told["seconds"]:
        return Finding(False, f"这段音像长{told['seconds']:.0f}秒，没有第{second}秒", CURE)
    if not 1 <= paragraph <= told["paragraphs"]:
        return Finding(False, f"这份文书有{told['paragraphs']}段，没有第{paragraph}段", CURE)
    return Finding(True, f"第{second}秒，第{paragraph}段")


def standing(state: State) -> list[Mapping[str, Any]]:
    """The marks that nobody has taken back."""
    return [one for one in state.get("marks", ()) if not one.get("withdrawn")]


@condition(
    "mark-standing", asks="form", reads=("mark_no",), there=lambda facts, args: bool(standing(facts.state))
)
def mark_standing(facts: Facts, args: Args) -> Finding:
    """What is taken back is a mark that stands."""
    number, marks = str(facts.data.get("mark_no") or ""), standing(facts.state)
    met = any(str(one["n"]) == number for one in marks)
    there = "、".join(f"第{one['n']}步（第{one['second']}秒）" for one in marks)
    if not there:
        return Finding(False, "本案没有可以撤回的音像标注", "先在音像的播放页面上标注；没有标注的不用撤回")
    return Finding(met, f"第{number}步{'是' if met else '不是'}现有的标注", f"现有的标注是：{there}")
