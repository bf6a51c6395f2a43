"""Conditions of sound and film 音像记录: given or explained where the scheme has a step recorded, and settled before closing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.recordings import recorded, unfilmed, unrecorded
from sanxiang.speech import cn_day

Args = Mapping[str, Any]


@condition("recording-given", asks="form")
def recording_given(facts: Facts, args: Args) -> Finding:
    """What the scheme has recorded in sound or film comes with the recording, or with the reason why there is none."""
    met = recorded(facts.data) or bool(str(facts.data.get("no_recording") or "").strip())
    text = f"本地方案要求“{facts.act.label}”作音像记录，没有上传照片、音像，也没有写明理由"
    cure = "上传照片、录音、录像；确实没有的，填写“没有音像记录的理由”"
    return Finding(met, "已附音像记录，或者写明了没有的理由" if met else text, cure)


def named(rows: Iterable[Mapping[str, Any]]) -> str:
    """Steps as the timeline numbers them: 第5步现场检查（2026年2月11日）."""
    return "、".join(f"第{row['n']}步{row['label']}（{cn_day(row['on'])}）" for row in rows)


@condition("recordings-settled")
def recordings_settled(facts: Facts, args: Args) -> Finding:
    """No step that had to be recorded is left without a recording or a reason; one reason given at the end is for all."""
    left = named(unrecorded(facts.state))
    met = not left or bool(str(facts.data.get("no_recording") or "").strip())
    text = f"必须作音像记录而没有，也没有写明理由：{left}" if left else "应当作音像记录的都有交代"
    cure = "用“收集证据”补入视听资料，写明是第几步的；确实没有的，在本步骤填写“没有音像记录的理由”"
    return Finding(met, text, cure)


@condition("recordings-only", asks="form", reads=("kind",))
def recordings_only(facts: Facts, args: Args) -> Finding:
    """Once decided, no evidence is gathered any more: only the recording of a step already taken is put on file."""
    over = facts.state["stage"] in ("decided", "execution", "closed")
    met = not over or (facts.data.get("kind") == "audiovisual" and bool(facts.data.get("files")))
    text = "已经作出决定，不再收集证据，只能补入此前步骤的音像记录" if over else "还没有作出决定"
    return Finding(met, text, "证据种类选“视听资料”，上传文件，写明补入的是第几步的音像记录")


@condition("recording-of", asks="form", reads=("record_of",))
def recording_of(facts: Facts, args: Args) -> Finding:
    """What comes in for a step named is for one that lacks its recording: for another it would settle nothing, unnoticed."""
    given, left = facts.data.get("record_of"), unfilmed(facts.state)
    met = not given or any(row["n"] == int(given) for row in left)
    text = f"第{given}步{'是' if met else '不是'}应当作音像记录而没有记录的步骤"
    cure = f"还没有音像记录的是：{named(left)}" if left else "应当作音像记录的都有记录，不用填写步骤号"
    return Finding(met, text if given else "没有填写步骤号", cure)
