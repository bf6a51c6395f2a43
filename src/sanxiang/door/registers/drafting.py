"""Drafts of lists: made and changed by those who keep the list, signed by the organs that the scheme names, by digest.

Whoever drafted a version does not vet it. A change after a signature makes a new edition, which nobody has signed.
"""

from typing import Any

from sanxiang.cases import store
from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.door.pinned import current
from sanxiang.door.registers.open_words import words_unclean
from sanxiang.door.registers.rows import row_faults
from sanxiang.door.registers.standing import Stand, chain_of_agency, open_draft, signable, stands_of
from sanxiang.door.registers.typed import typed
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.bases import BEFORE, basis_of
from sanxiang.law.registers.chain import OUTSIDE
from sanxiang.law.registers.kinds import KINDS, label_of
from sanxiang.ledger.leaf import digest_of
from sanxiang.people import roles
from sanxiang.registers.models import Draft, Opinion
from sanxiang.speech import cn_day

DRAFTERS = (
    roles.OFFICER,
    roles.UNIT_HEAD,
    roles.LEGAL_REVIEWER,
    roles.AGENCY_HEAD,
    roles.WINDOW_CLERK,
    roles.SYSTEM_ADMIN,
)
OUTCOMES = {"agreed": "同意", "returned": "退回修改"}
NORM = Citation("国办发〔2018〕118号", "二（四）", "norm")


def draft_of(change: Change) -> Draft | None:
    """The draft that is meant, as it stands under the lock."""
    found = change.found.get("draft")
    return Draft.objects.filter(pk=found.pk).first() if isinstance(found, Draft) else None


def still_open(draft: Draft | None) -> list[Verdict]:
    """A draft that was released or dropped is past."""
    if draft is None or not draft.ended:
        return []
    return [unmet("draft-open", basis_of(draft.kind), f"这份草稿{draft.get_ended_display()}", "另起一稿")]


# Drafting.


def sound_draft(change: Change) -> list[Verdict]:
    """Every row says what the scheme demands; and something is new."""
    data, kind = change.data, str(change.data.get("kind", ""))
    rows = list(data.get("rows") or [])
    verdicts = row_faults(current(change.agency.locality), kind, rows) + typed(change, kind, rows)
    verdicts += words_unclean(kind, "更新说明", data.get("note"))
    before = open_draft(change.agency, kind)
    told = (digest_of(rows), data.get("note") or "", list(data.get("rejected") or []))
    if before and told == (before.digest, before.note, before.rejected):
        verdicts.append(unmet("nothing", basis_of(kind), "与现有草稿相同，没有任何改动", "改动之后再保存"))
    return verdicts


@admin_act(
    "draft-register",
    "起草清单",
    DRAFTERS,
    (
        asked("kind", "清单", "choice", options=KINDS),
        asked("rows", "内容", "rows"),
        asked("rejected", "退回的行", "rows", required=False, help="导入时有问题、没有收进草稿的行"),
        asked("note", "更新说明", "longtext", required=False, help="这一版改了什么、为什么，公开时一并显示"),
    ),
    BEFORE,
    group="registers",
    help="保存之后由方案规定的机构审核；已经签署的，改动之后签署失效",
    checks=sound_draft,
    target="kind",
    secrecy="case",
)
def draft_register(change: Change) -> Draft:
    """The draft of a list; a changed one becomes the next edition."""
    data, by = change.data, change.by
    kind, rows = data["kind"], list(data["rows"])
    draft = open_draft(change.agency, kind) or Draft(agency=change.agency, kind=kind, edition=0)
    digest = digest_of(rows)
    draft.edition += digest != draft.digest
    draft.label = label_of(current(change.agency.locality), kind)
    draft.rows, draft.digest, draft.note = rows, digest, data.get("note") or ""
    draft.rejected = list(data.get("rejected") or [])
    draft.drafters = list(dict.fromkeys([*draft.drafters, *([str(by.pk)] if by else [])]))
    draft.drafted_by = by.name if by else "运维人员"
    draft.edited_at, draft.n = change.now, change.n
    draft.save()
    return draft


@admin_act(
    "drop-draft",
    "作废清单草稿",
    DRAFTERS,
    (asked("draft", "草稿", "register-draft"), asked("reason", "理由", "longtext")),
    BEFORE,
    group="registers",
    checks=lambda change: still_open(draft_of(change)),
    target="draft",
    secrecy="case",
)
def drop_draft(change: Change) -> Draft:
    """A draft that is not wanted any more."""
    draft: Draft = change.found["draft"]
    return ended(draft, "dropped", change)


def ended(draft: Draft, how: str, change: Change, **more: Any) -> Draft:
    """The draft is past."""
    Draft.objects.filter(pk=draft.pk).update(ended=how, n=change.n, **more)
    draft.refresh_from_db()
    return draft


# Signing.


def sound_signature(change: Change) -> list[Verdict]:
    """The step is this person's, the edition is the one that was seen, and whoever drafted does not vet."""
    draft = draft_of(change)
    if draft is None:
        return []
    chain, verdicts = chain_of_agency(change.agency, draft.kind), still_open(draft)
    if change.by and str(change.by.pk) in draft.drafters:
        fact = f"{change.by.name}参与起草了这份清单，起草的人不能审核"
        verdicts.append(unmet("own-draft", chain.citation, fact, "由没有参与起草的审核人员签署"))
    if signable(change, draft, chain) is None:
        waits = [one.step.label for one in stands_of(draft, chain) if not one.done]
        fact = (
            f"现在等的是{'、'.join(waits)}，不是本岗位"
            if waits
            else f"这份清单{chain.label}，没有等待签署的一步"
        )
        verdicts.append(unmet("step", chain.citation, fact, f"按方案的顺序办理：{chain.label}"))
    return verdicts + same_text(change, draft) + reason_given(change)


def same_text(change: Change, draft: Draft) -> list[Verdict]:
    """What is signed is what was looked at."""
    told = str(change.data.get("digest") or "")
    if told == draft.digest:
        return []
    fact = f"校验值与第{draft.edition}稿不一致，签署的不是现在这一稿"
    return [unmet("digest", NORM, fact, "打开草稿重新核对之后再签署")]


def reason_given(change: Change) -> list[Verdict]:
    """Who sends back says what is wrong."""
    if change.data.get("outcome") != "returned" or change.data.get("opinion"):
        return []
    return [unmet("opinion", NORM, "退回没有写明意见", "写明哪些条目要改、怎么改")]


OUTCOME = (
    asked("draft", "草稿", "register-draft"),
    asked("outcome", "意见", "choice", options=OUTCOMES),
    asked("opinion", "具体意见", "longtext", required=False, help="退回的写明哪些条目要改"),
)


@admin_act(
    "sign-register",
    "审核清单并签署",
    (roles.LEGAL_REVIEWER, roles.SUPERVISOR),
    (
        *OUTCOME,
        asked(
            "digest", "这一稿的校验值", help="签署的是这个校验值对应的内容，之后有改动签署就失效", longest=64
        ),
    ),
    NORM,
    group="registers",
    checks=sound_signature,
    target="draft",
    secrecy="case",
)
def sign_register(change: Change) -> Opinion:
    """An organ's word on one edition."""
    draft: Draft = change.found["draft"]
    stand = signable(change, draft, chain_of_agency(change.agency, draft.kind))
    assert stand is not None and change.by is not None
    organ = change.agency.name if stand.step.who != OUTSIDE else stand.step.organ
    return said(
        change, stand, draft, organ=organ, person=change.by, name=change.by.name, signed_on=change.day
    )


def said(change: Change, stand: Stand, draft: Draft, **more: Any) -> Opinion:
    """Put on record what was said of the draft as it stands."""
    return Opinion.objects.create(
        draft=draft,
        step=stand.step.id,
        edition=draft.edition,
        digest=draft.digest,
        agreed=change.data["outcome"] == "agreed",
        opinion=change.data.get("opinion") or "",
        act=change.act_id,
        n=change.n,
        **more,
    )


# The recorded answer of an organ that has no account here.


def outside_stand(change: Change, draft: Draft) -> Stand | None:
    """The step of an outside organ that waits."""
    stands = stands_of(draft, chain_of_agency(change.agency, draft.kind))
    return next((one for one in stands if not one.done and one.step.who == OUTSIDE), None)


def sound_reply(change: Change) -> list[Verdict]:
    """There is a step outside that waits, the letter is here, and its day is not to come."""
    draft = draft_of(change)
    if draft is None:
        return []
    chain, verdicts = chain_of_agency(change.agency, draft.kind), still_open(draft)
    if outside_stand(change, draft) is None:
        fact = f"这份清单{chain.label}，没有等待外部机关答复的一步"
        verdicts.append(unmet("step", chain.citation, fact, f"按方案的顺序办理：{chain.label}"))
    files = change.data.get("files") or []
    if not all(store.evidence().exists(str(one["digest"])) for one in files):
        verdicts.append(unmet("files", chain.citation, "复函没有上传完整", "重新上传复函"))
    day = change.data.get("replied_on")
    if day and str(day) > change.day.isoformat():
        fact = f"复函日期{cn_day(day)}还没有到"
        verdicts.append(unmet("replied-on", chain.citation, fact, "填写复函上的日期"))
    return verdicts + same_text(change, draft) + reason_given(change)


@admin_act(
    "record-reply",
    "登记外部机关的复函",
    (roles.LEGAL_REVIEWER, roles.AGENCY_HEAD, roles.SYSTEM_ADMIN),
    (
        *OUTCOME,
        asked("digest", "送去的那一稿的校验值", longest=64),
        asked("number", "复函文号", longest=120),
        asked("replied_on", "复函日期", "date"),
        asked("files", "复函", "file", help="复函的扫描件或者电子件"),
    ),
    NORM,
    group="registers",
    help="司法行政部门在本系统没有账号的，登记它的书面答复；有账号的由它自己签署",
    checks=sound_reply,
    target="draft",
    secrecy="case",
)
def record_reply(change: Change) -> Opinion:
    """A letter of the outside organ, with its number and its file."""
    draft: Draft = change.found["draft"]
    stand = outside_stand(change, draft)
    assert stand is not None
    more = {"number": change.data["number"], "files": list(change.data["files"])}
    by = change.by.name if change.by else "运维人员"
    name = f"复函（{by}登记）"
    return said(
        change,
        stand,
        draft,
        organ=stand.step.organ,
        name=name,
        signed_on=given_day(change.data["replied_on"]),
        **more,
    )
