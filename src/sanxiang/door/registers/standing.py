"""How far a draft has come on the way that its scheme prescribes: which step is signed, by whom, and whether that still holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from sanxiang.door.admin.rules import Change, unmet
from sanxiang.door.pinned import current
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.chain import IN_HOUSE, Chain, Step, chain_of
from sanxiang.law.registers.kinds import label_of
from sanxiang.people import roles
from sanxiang.people.authority import Duties, agencies_reached, duties_of
from sanxiang.people.models import Agency
from sanxiang.registers.models import Draft, Opinion
from sanxiang.speech import cn_day


@dataclass(frozen=True)
class Stand:
    """One step of the chain for one draft."""

    step: Step
    signature: Opinion | None
    void: bool = False
    """Signed, but of an edition that was changed afterwards."""

    @property
    def done(self) -> bool:
        """Agreed to, as the draft stands."""
        return bool(self.signature and self.signature.agreed and not self.void)

    @property
    def text(self) -> str:
        """In words."""
        one = self.signature
        if one is None:
            return "还没有签署"
        said = f"{one.organ}{one.name}于{cn_day(one.signed_on)}"
        number = f"（{one.number}）" if one.number else ""
        if self.void:
            return f"{said}签署的是第{one.edition}稿，此后内容有改动，签署失效"
        return f"{said}{'同意' if one.agreed else '退回'}{number}{'：' + one.opinion if one.opinion else ''}"


def open_draft(agency: Agency, kind: str) -> Draft | None:
    """The one draft of a list that is neither released nor dropped."""
    return Draft.objects.filter(agency=agency, kind=kind, ended="").first()


def stands_of(draft: Draft, chain: Chain, signatures: Iterable[Opinion] | None = None) -> list[Stand]:
    """Each step that must be signed, with the last that was said of it. One query without the signatures."""
    told = list(draft.signatures.order_by("n") if signatures is None else signatures)
    found = []
    for step in chain.signed:
        last = next((one for one in reversed(told) if one.step == step.id), None)
        void = bool(last and (last.edition, last.digest) != (draft.edition, draft.digest))
        found.append(Stand(step, last, void))
    return found


def chain_of_agency(agency: Agency, kind: str) -> Chain:
    """The chain of one of its lists, by the scheme of today."""
    return chain_of(current(agency.locality), kind)


def unsigned(agency: Agency, kind: str, digest: str) -> list[Verdict]:
    """Every step that still stands between these rows and the public."""
    chain = chain_of_agency(agency, kind)
    if not chain.signed:
        return []
    draft, label = open_draft(agency, kind), label_of(current(agency.locality), kind)
    cure = f"在“清单”里起草、由{chain.signed[0].organ}签署之后再发布"
    if draft is None or draft.digest != digest:
        what = "这一版没有送审" if draft is None else f"要发布的内容与送审的第{draft.edition}稿不一致"
        text = f"《{label}》公开之前由{'、'.join(step.label for step in chain.signed)}，{what}"
        return [unmet(f"signed:{chain.signed[0].id}", chain.citation, text, cure)]
    return [
        unmet(f"signed:{one.step.id}", chain.citation, f"《{label}》{one.step.label}：{one.text}", cure)
        for one in stands_of(draft, chain)
        if not one.done
    ]


def may_sign(step: Step, agency: Agency, duties: Duties, reached: dict[str, frozenset[object]]) -> bool:
    """In-house: a legal reviewer of the agency itself. Outside: whoever supervises it from the government's legal office."""
    posts = duties.own + duties.borrowed
    if step.who == IN_HOUSE:
        return any(post.agency_id == agency.pk and post.role == roles.LEGAL_REVIEWER for post in posts)
    above = any(
        post.role == roles.SUPERVISOR and post.agency.is_supervisor and post.agency_id != agency.pk
        for post in posts
    )
    return above and agency.pk in reached.get(roles.SUPERVISOR, frozenset())


def signable(change: Change, draft: Draft, chain: Chain) -> Stand | None:
    """The first step that is not agreed to and that this person signs; None where there is none."""
    if change.by is None:
        return None
    duties = duties_of(change.by, change.day)
    reached: dict[str, frozenset[object]] = {**agencies_reached(change.by, change.day, duties)}
    for one in stands_of(draft, chain):
        if not one.done and may_sign(one.step, change.agency, duties, reached):
            return one
    return None


def in_legal_office(change: Change) -> bool:
    """Does whoever acts sit in the government's legal office above the agency?"""
    if change.by is None:
        return False
    duties = duties_of(change.by, change.day)
    reached: dict[str, frozenset[object]] = {**agencies_reached(change.by, change.day, duties)}
    return may_sign(Step("aggregate", "legal-supervisor", ""), change.agency, duties, reached)
