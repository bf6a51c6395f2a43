"""Conditions of sound and film 音像记录: given or explained where the act owes it, and settled before closing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.recording.book import (
    Standing,
    at_closing,
    new_row,
    open_rows,
    pending,
    row_of,
    standing,
    unfilmed,
)
from sanxiang.law.recording.coverage import minutes, moment
from sanxiang.law.recording.duty import LEVEL_NAMES, duty_of
from sanxiang.law.recording.means import MEANS, clips_of, file_of, files_in, may_be, said
from sanxiang.law.recording.metadata import lacking
from sanxiang.speech import cn_day, cn_moment

Args = Mapping[str, Any]
LATE = "用“补入音像记录”补入，写明是第几步的"
MORE = "应当记录的步骤都有交代；另有音像的，在办案阶段用“收集证据”作为视听资料收入"


@condition("recording-given", asks="form", reads=("way",))
def recording_given(facts: Facts, args: Args) -> Finding:
    """What must be recorded, or recorded as circumstances allow, comes with a matching recording or with the reason why not."""
    duty = duty_of(facts)
    if duty.level == "NONE":
        return Finding(True, f"“{facts.act.label}”不要求音像记录")
    now = standing({**new_row(facts, duty, 1), "reason": ""})
    reason = str(facts.data.get("no_recording") or "").strip()
    if now.kind == "recorded" or reason:
        return Finding(True, "已附音像记录，或者写明了没有的理由")
    text = f"“{facts.act.label}”{LEVEL_NAMES[duty.level]}：{duty.why}。{_lack(now, clips_of(facts.data))}，也没有写明理由"
    wanted = said(dict.fromkeys(form for d in now.unmet for form in d["forms"])) or "照片、录音、录像"
    span = "，逐段填写起止时间" if duty.level == "FULL" else ""
    return Finding(False, text, f"上传{wanted}{span}；确实没有的，填写“没有音像记录的理由”")


def _lack(now: Standing, clips: Iterable[Mapping[str, str]]) -> str:
    """What is missing of it: all, the right means, or stretches of time."""
    brought = list(dict.fromkeys(MEANS.get(clip["means"], "其他文件") for clip in clips))
    if not brought:
        return "没有上传音像记录"
    if now.level == "FULL":
        return f"全程记录有缺口：{spoken(now)}"
    wanted = "；".join(said(d["forms"]) for d in now.unmet)
    return f"要求{wanted}，上传的是{'、'.join(brought)}"


def spoken(now: Standing) -> str:
    """The holes of footage that must be whole, in words."""
    told = [
        f"{cn_moment(hole[0])}至{cn_moment(hole[1])}（{minutes(hole)}分钟）"
        for hole in now.holes
        if moment(hole[0]) and moment(hole[1])
    ]
    return "、".join(told) or "没有写明活动的起止时间"


@condition("recording-span", asks="form", reads=("way",))
def recording_span(facts: Facts, args: Args) -> Finding:
    """Of what must be recorded whole, the act tells from which minute to which it lasted: else no hole can be seen."""
    if duty_of(facts).level != "FULL":
        return Finding(True, "不要求全程音像记录")
    told = [str(facts.data.get(a) or facts.data.get(b) or "") for a, b in SPANS]
    began, ended = map(moment, told)
    met = began is not None and ended is not None and began < ended
    text = (
        "写明了活动的起止时间"
        if met
        else f"“{facts.act.label}”应当全程音像记录，没有写明从几时几分到几时几分"
    )
    return Finding(met, text, "填写开始时间和结束时间，写到分钟，结束晚于开始")


SPANS = (("began", "activity_began"), ("ended", "activity_ended"))


@condition("clips-true", asks="form", reads=("clips",))
def clips_true(facts: Facts, args: Args) -> Finding:
    """Each stated clip is one of the files that come with it, by means that such a file can be, and ends after it began."""
    files, wrong = files_in(facts.data), []
    for place, row in enumerate(facts.data.get("clips") or ()):
        file = file_of(row, place, files)
        if file is None:
            wrong.append(f"第 {place + 1} 段没有对应的文件")
        elif row.get("means") and not may_be(str(row["means"]), file):
            wrong.append(f"第 {place + 1} 段写的是{MEANS[row['means']]}，文件“{file['name']}”不是")
        began, ended = str(row.get("began") or ""), str(row.get("ended") or "")
        if bool(began) != bool(ended) or (began and ended <= began):
            wrong.append(f"第 {place + 1} 段的结束时间不晚于开始时间，或者只写了一个")
        elif ended and ended > facts.now.isoformat(timespec="minutes")[:16]:
            wrong.append(f"第 {place + 1} 段的结束时间{cn_moment(ended)}还没有到")
    text = "；".join(wrong) or "各段音像记录与文件相符"
    return Finding(not wrong, text, "每段写明文件名、手段和起止时间，与上传的文件一一对应")


@condition("metadata-given", asks="form", reads=("clips",))
def metadata_given(facts: Facts, args: Args) -> Finding:
    """Each recording says of itself what the agency's own standard in force on the day wants of its kind."""
    standard = facts.extra.get("record_standard")
    wrong = lacking(clips_of(facts.data), standard["rows"]) if standard else []
    if not wrong:
        return Finding(True, "音像记录写明了记录信息规范要求的信息，或者没有这样的规范")
    text = f"没有写明{standard['source']}要求采集的信息：{'；'.join(wrong)}" if standard else ""
    return Finding(False, text, "在“各段音像记录”里逐段填写所缺的信息，再提交")


def named(rows: Iterable[Mapping[str, Any]]) -> str:
    """Steps as the timeline numbers them: 第5步现场检查（2026年2月11日）."""
    return "、".join(f"第{row['n']}步{row['label']}（{cn_day(row['on'])}）" for row in rows)


def open_named(rows: Iterable[Mapping[str, Any]]) -> str:
    """Steps that keep a case open, each with what it still lacks."""
    told = []
    for row in rows:
        now = standing(row)
        lack = f"全程记录有缺口：{spoken(now)}" if now.kind == "partial" else LACK[now.kind]
        told.append(f"{named([row])}{lack}")
    return "；".join(told)


LACK = {"missing": "没有音像记录", "pending": "说明了理由，还没有批准"}


@condition("recordings-settled", asks="form")
def recordings_settled(facts: Facts, args: Args) -> Finding:
    """No step that had to be recorded is left open: recorded as demanded, or explained and, where it must be, approved."""
    rows = at_closing(facts.state.get("recordings", ()), facts.data, 1)
    left = open_rows(rows)
    if not left:
        return Finding(True, "应当作音像记录的都有交代")
    approvable = any(standing(row).kind == "pending" for row in left)
    head = (
        "；已经说明的，由负责人“批准音像记录例外”，或者在本步骤勾选“批准音像记录例外”" if approvable else ""
    )
    explain = (
        "确实没有的，用“说明音像记录情况”写明理由"
        if _by_act(facts)
        else "确实没有的，在本步骤填写“没有音像记录的理由”"
    )
    return Finding(
        False, f"应当作音像记录的步骤没有办结：{open_named(left)}", f"{_way(facts)}；{explain}{head}"
    )


def _by_act(facts: Facts) -> bool:
    return "explain-recording" in facts.pack.acts


def _way(facts: Facts) -> str:
    """How footage comes in afterwards, by what the pack offers."""
    return LATE if "add-recording" in facts.pack.acts else "用“收集证据”补入视听资料，写明是第几步的"


@condition("recordings-only", asks="form", reads=("kind",))
def recordings_only(facts: Facts, args: Args) -> Finding:
    """Once decided, no evidence is gathered any more: only the recording of a step already taken is put on file."""
    over = facts.state["stage"] in ("decided", "execution", "closed")
    met = not over or (facts.data.get("kind") == "audiovisual" and bool(facts.data.get("files")))
    text = "已经作出决定，不再收集证据，只能补入此前步骤的音像记录" if over else "还没有作出决定"
    return Finding(met, text, "证据种类选“视听资料”，上传文件，写明补入的是第几步的音像记录")


def _step_left(facts: Facts, args: Args) -> bool:
    """Is a step left for which footage, or its absence, can be told? Where the field may stay blank, nothing is asked."""
    item = facts.act.field("record_of")
    return item is None or not item.required or bool(unfilmed(facts.state))


@condition("recording-of", asks="form", reads=("record_of",), there=_step_left)
def recording_of(facts: Facts, args: Args) -> Finding:
    """What comes in for a step named is for one that lacks its recording: for another it would settle nothing, unnoticed."""
    if not (given := facts.data.get("record_of")):
        return Finding(True, "没有填写步骤号")
    left = unfilmed(facts.state)
    met = any(row["n"] == int(given) for row in left)
    text = f"第{given}步{'是' if met else '不是'}应当作音像记录而没有记录的步骤"
    if not _step_left(facts, args):
        return Finding(False, "没有应当作音像记录而没有记录的步骤", MORE)
    cure = f"还没有音像记录的是：{named(left)}" if left else "应当作音像记录的都有记录，不用填写步骤号"
    return Finding(met, text, cure)


@condition(
    "recording-explained",
    asks="form",
    reads=("record_of",),
    there=lambda facts, args: bool(pending(facts.state)),
)
def recording_explained(facts: Facts, args: Args) -> Finding:
    """A head approves what somebody has explained."""
    waiting = pending(facts.state)
    given = facts.data.get("record_of")
    if not waiting:
        return Finding(False, "现在没有说明待批准", "经办人先办理“说明音像记录情况”")
    met = any(str(row["n"]) == str(given) for row in waiting)
    text = f"第{given}步{'有' if met else '没有'}说明待批准"
    return Finding(met, text if given else "没有填写步骤号", f"待批准的是：{named(waiting)}")


@condition("recording-not-own", asks="form", reads=("record_of",))
def recording_not_own(facts: Facts, args: Args) -> Finding:
    """Nobody approves what they explained themselves."""
    row = row_of(facts.state, facts.data.get("record_of")) or {}
    own = row.get("by") == facts.actor.id
    text = f"第{row.get('n')}步的说明是{facts.actor.name}自己写的" if own else "说明由他人写明"
    return Finding(not own, text, "由没有写这份说明的负责人批准")


@condition("recording-head", asks="form", reads=("record_of",))
def recording_head(facts: Facts, args: Args) -> Finding:
    """Where footage of a whole process is wholly missing, the head of the agency answers for it, not that of the unit."""
    row = row_of(facts.state, facts.data.get("record_of"))
    whole = row is not None and standing(row).level == "FULL" and not row.get("clips")
    met = not whole or "agency-head" in facts.roles or facts.data.get("agreed") != "yes"
    text = "应当全程音像记录而完全没有记录的，由本机关负责人批准" if whole else "由承办机构负责人批准即可"
    return Finding(met, text, "请本机关负责人办理“批准音像记录例外”")


@condition("waiver-open", asks="form", reads=("record_of", "exception"))
def waiver_open(facts: Facts, args: Args) -> Finding:
    """Text may stand in for sound and film only where the scheme says so, and never for what must be recorded whole."""
    if facts.data.get("exception") != "waiver":
        return Finding(True, "不是申请免录")
    value, row = (
        facts.pack.binding("av.text_sufficiency_waiver"),
        row_of(facts.state, facts.data.get("record_of")),
    )
    if not (value.is_set and value.value is True):
        return Finding(
            False, "本地方案没有规定文字足够的可以不作音像记录", "改选“没有音像记录”，写明理由，由负责人批准"
        )
    demands = (row or {}).get("demands", ())
    whole = [d for d in demands if d["level"] == "FULL" or not d.get("waiver")]
    if whole:
        text = f"{whole[0]['label']}应当全程音像记录，不能以文字代替（{whole[0]['cite']}）"
        return Finding(False, text, "补入音像记录；有缺口的改选“全程记录有中断”，写明原因")
    return Finding(True, f"文字记录能够全面有效记录的，可以不作音像记录（{value.citation}）")


@condition("matters-with-interest", asks="form", reads=("interests",))
def matters_with_interest(facts: Facts, args: Args) -> Finding:
    """An interest once found is not taken back by leaving it out: the recordings owed for it were owed."""
    kept = set(facts.state["facts"].get("interests") or ())
    given = set(facts.data.get("interests") or ())
    met = kept <= given
    return Finding(
        met, "已认定的权益都在其中" if met else "已经认定的权益不能去掉", "保留已经认定的，只作增加"
    )


SITE = ("点位编号", "设置地点")


@condition("monitor-announced", asks="form", reads=("monitor_site",))
def monitor_announced(facts: Facts, args: Args) -> Finding:
    """Electronic monitoring equipment stands where the agency has made known that it does: at a site of its list.

    Without a list, acts of the types in `unlisted` say which equipment it is and where its place was made known.
    """
    rows = facts.extra.get("monitor_sites")
    told = str(facts.data.get("monitor_site") or "").strip()
    if rows is None:
        asked = facts.pack.procedures[facts.state["procedure"]].act_type in args.get("unlisted", ())
        text = "本机关没有发布电子技术监控设备清单"
        silent = f"{text}，也没有写明设置地点在哪里向社会公布"
        cure = "写明监控设备的设置地点、在哪里和何时公布；没有公布的先公布，或者发布电子技术监控设备清单"
        return (
            Finding(bool(told), f"{text}，写明的是“{told}”" if told else silent, cure)
            if asked
            else Finding(True, text)
        )
    known = {str(row[name]).strip() for row in rows for name in SITE if row.get(name)}
    met = any(one in told for one in known)
    text = f"监控点位“{told}”{'在' if met else '不在'}已公布的清单上" if told else "没有写明是哪一处监控设备"
    return Finding(met, text, "照清单填写点位编号或者设置地点；清单没有的，先发布新的版本")
