"""Conditions of signatures on papers: of the text that was shown, at a place that the paper has, before it is sealed."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.conditions.seals import STANDING
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.signatures import NEVER, OFFICER, WITNESSED, Asked, asked, standing, trace_of
from sanxiang.speech import role_name

WHO = {"party": "当事人一方", "third": "第三方人员", "witness": "见证人", "officer": "执法机关人员"}


def _paper(facts: Facts) -> Mapping[str, Any]:
    told: Mapping[str, Any] = facts.extra.get("signing") or {}
    return told


@condition("text-unchanged", asks="form", reads=("paper_id", "paper_digest"))
def text_unchanged(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """The paper is the case's own, stands, and reads as it did when it was shown to whoever signs."""
    paper = _paper(facts)
    if not paper:
        return Finding(False, "本案没有这份文书", "从案件页打开文书再签名")
    name = f"《{paper['label']}》"
    if paper["status"] not in STANDING:
        return Finding(False, f"{name}已经失去效力", "在现行的文书上签名")
    if paper["digest"] != paper["now"]:
        return Finding(
            False, f"{name}的文字与制作时的校验值不符", "请系统管理员核对账本查明原因，恢复后再签名"
        )
    met = facts.data.get("paper_digest") == paper["digest"]
    return Finding(
        met, f"{name}的文字{'就是' if met else '不是'}签名人看到的文字", "重新打开文书，核对后再签"
    )


@condition("signature-place", asks="form", reads=("paper_id", "place"))
def signature_place(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """The paper has such a place, whoever signs is whom it is for, and an officer's own signature is not refused."""
    paper, place = _paper(facts), str(facts.data.get("place") or "")
    if place not in paper.get("places", ()):
        return Finding(False, f"文书上没有“{place}”签名处", "按文书上印的签名处签名")
    want = asked(facts.pack, str(paper["kind"]), place)
    if facts.act.field("signs_as") is None:
        met = want.refusal != NEVER
        return Finding(
            met, f"“{place}”由{WHO[want.who]}签名", "拒绝签名只对当事人一方、第三方人员注明，执法人员应当签名"
        )
    if facts.data.get("signs_as") != want.who:
        return Finding(False, f"“{place}”由{WHO[want.who]}签名", "选择与签名处相符的身份")
    return _in_role(facts, want) or Finding(True, f"“{place}”由{WHO[want.who]}签名")


def _in_role(facts: Facts, want: Asked) -> Finding | None:
    """What stands in the way where a place is for people of certain posts, and whoever signs has none of them."""
    if not want.roles or facts.roles & set(want.roles):
        return None
    names = "或者".join(role_name(role) for role in want.roles)
    fact = f"“{want.place}”由{names}签名，{facts.actor.name}不是{names}"
    return Finding(False, fact, f"由{names}用自己的账号登录以后签名")


@condition("signature-drawn", asks="form", reads=())
def signature_drawn(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """There are strokes that can be a name; who cannot write types it and is photographed signing or giving a fingerprint."""
    text = str(facts.data.get("strokes") or "")
    cure = "请签名人重新手写；不能手写的，键入姓名，并拍下本人签名或者按指印的照片"
    if not text:
        photo = bool(facts.data.get("photo"))
        return Finding(photo, "没有手写笔迹" + ("，附有照片" if photo else "，也没有照片"), cure)
    try:
        trace = trace_of(text)
    except ValueError as wrong:
        return Finding(False, str(wrong), cure)
    same = [row for row in facts.state.get("signatures", ()) if row.get("trace") == trace]
    if same:
        return Finding(False, f"这份笔迹与第{same[0]['n']}步“{same[0]['place']}”的笔迹完全相同", cure)
    return Finding(True, "有手写笔迹")


@condition("signature-before-seal", asks="form", reads=("paper_id",))
def signature_before_seal(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """Nothing is written on a paper that bears a certificate's signature or the seal: they close the file."""
    closed = bool(_paper(facts).get("closed"))
    fact = "文书已经有证书签名或者电子印章" if closed else "文书还没有证书签名和电子印章"
    return Finding(not closed, fact, "手写签名在先，证书签名和用印在后；需要补签的另行制作文书")


@condition("signature-of-office", asks="form", reads=("paper_id", "place"))
def signature_of_office(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """A certificate signs where the agency's own people sign, once for each person and place."""
    paper, place = _paper(facts), str(facts.data.get("place") or "")
    here = place in paper.get("places", ()) and asked(facts.pack, str(paper["kind"]), place).who == OFFICER
    if not here:
        return Finding(
            False, f"“{place}”不是执法机关人员签名的地方", "选择执法人员、主持人、负责人等的签名处"
        )
    if wrong := _in_role(facts, asked(facts.pack, str(paper["kind"]), place)):
        return wrong
    rows = standing(facts.state, str(paper["id"]), str(paper["digest"]))
    twice = any(row["place"] == place and row.get("by") == facts.actor.id for row in rows)
    return Finding(
        not twice, f"{facts.actor.name}{'已经' if twice else '还没有'}在“{place}”签过名", "一处只签一次"
    )


@condition("refusal-witnessed", asks="form", reads=("paper_id", "place"))
def refusal_witnessed(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """Where the law wants a witness or a picture of a refusal, there is one of them."""
    paper, place = _paper(facts), str(facts.data.get("place") or "")
    if not paper or asked(facts.pack, str(paper["kind"]), place).refusal != WITNESSED:
        return Finding(True, "这份文书的拒签注明原因即可")
    met = bool(facts.data.get("refusal_witness") or facts.data.get("refusal_record"))
    fact = "拒绝签收有见证人或者照片、录像" if met else "拒绝签收既没有见证人，也没有照片、录像"
    return Finding(met, fact, "填写到场的见证人，或者上传送达过程的照片、录像")


SCANS = ("application/pdf", "image/jpeg", "image/png")


@condition("scan-of-paper", asks="form", reads=("scan",))
def scan_of_paper(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """What is put beside a paper as its original can be laid beside it on a page."""
    files = facts.data.get("scan") or ()
    odd = [str(one.get("name", "")) for one in files if one.get("mime") not in SCANS]
    fact = f"“{'、'.join(odd)}”不是 PDF、JPEG 或者 PNG" if odd else "扫描件是 PDF、JPEG 或者 PNG"
    return Finding(bool(files) and not odd, fact, "把原件扫描或者拍照成 PDF、JPEG、PNG 再登记")
