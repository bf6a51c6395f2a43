"""Registers 清单: a dated release is one act. What was in force on an earlier day stays what it was.

Where the scheme wants a list vetted first, only what was signed is released, whoever releases it and by whatever door.
"""

from collections.abc import Mapping
from typing import Any

from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.door.registers.changing import REPEALED, citing
from sanxiang.door.registers.drafting import ended
from sanxiang.door.registers.open_words import words_unclean
from sanxiang.door.registers.rows import row_faults
from sanxiang.door.registers.standing import chain_of_agency, open_draft, unsigned
from sanxiang.door.registers.typed import typed
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.bases import BEFORE, basis_of
from sanxiang.law.registers.kinds import KINDS, label_of
from sanxiang.ledger.leaf import digest_of
from sanxiang.people import roles
from sanxiang.registers.models import Filing, Recheck, Register, Release
from sanxiang.speech import cn_day

RELEASERS = (
    roles.LEGAL_REVIEWER,
    roles.SYSTEM_ADMIN,
    roles.SUPERVISOR,
    roles.DISCLOSURE_APPROVER,
    roles.AGENCY_HEAD,
)


def rows_meant(change: Change) -> list[dict[str, Any]]:
    """The rows that were told, else those of the draft."""
    told = change.data.get("rows")
    if told:
        return list(told)
    draft = open_draft(change.agency, str(change.data.get("kind", "")))
    return list(draft.rows) if draft else []


def sound_release(change: Change) -> list[Verdict]:
    """Rows that say what the scheme demands and were signed; and a day not before the last release."""
    data, kind = change.data, str(change.data.get("kind", ""))
    rows = rows_meant(change)
    if not rows:
        return [unmet("field:rows", basis_of(kind), "没有填写“内容”", "填写“内容”，或者先起草")]
    verdicts = row_faults(current(change.agency.locality), kind, rows)
    verdicts += typed(change, kind, rows) + unsigned(change.agency, kind, digest_of(rows))
    verdicts += words_unclean(kind, "说明", data.get("note"))
    begins = data.get("in_force_from")
    last = (
        Release.objects.filter(register__agency=change.agency, register__kind=kind)
        .order_by("-version")
        .values_list("in_force_from", flat=True)
        .first()
    )
    if begins and last and str(begins) < str(last):
        fact = f"施行日期{cn_day(begins)}早于现行版本的{cn_day(last)}，会改变以往某日有效的内容"
        verdicts.append(unmet("in-force-from", basis_of(kind), fact, "填写现行版本施行之日或者更晚的日期"))
    return verdicts


def meant(change: Change) -> Mapping[str, Any]:
    """What the ledger keeps: the rows themselves, wherever they came from."""
    return {"rows": rows_meant(change)}


@admin_act(
    "release-register",
    "发布清单版本",
    RELEASERS,
    (
        asked("kind", "清单", "choice", options=KINDS),
        asked("label", "清单名称", required=False, longest=120, help="不填就用本地方案的名称"),
        asked("in_force_from", "施行日期", "date", help="从这一天起以本版为准，直到下一版施行"),
        asked("rows", "内容", "rows", required=False, help="不填就发布已经起草的那一稿"),
        asked("note", "说明", "longtext", required=False),
    ),
    BEFORE,
    group="registers",
    help="发布之后不能修改，内容有变的再发布新的版本。方案规定先审核的清单，只能发布签署过的那一稿",
    checks=sound_release,
    target="kind",
    secrecy="case",
    adds=meant,
)
def release_register(change: Change) -> Release:
    """A dated release of a register; the releases before it stay."""
    data, kind = change.data, change.data["kind"]
    label = data.get("label") or label_of(current(change.agency.locality), kind)
    rows, draft = list(data["rows"]), open_draft(change.agency, kind)
    ours = draft if draft and draft.digest == digest_of(rows) else None
    release = released(change, kind, label, rows, data.get("note") or (ours.note if ours else ""))
    if ours:
        ended(ours, "released", change, release=release)
    return release


def released(
    change: Change, kind: str, label: str, rows: list[Any], note: str = "", *, closes: bool = False
) -> Release:
    """The next version of a register, in force from the day that the act names, or from the day of the act.

    Where it `closes`, no version before it is read by the public any more.
    """
    begins = change.data.get("in_force_from")
    register, fresh = Register.objects.get_or_create(
        agency=change.agency,
        kind=kind,
        defaults={"label": label, "n": change.n, "head": change.agency.head},
    )
    release = Release.objects.create(
        register=register,
        version=1 if fresh else Release.objects.filter(register=register).count() + 1,
        in_force_from=given_day(begins) if begins else change.day,
        rows=rows,
        digest=digest_of(rows),
        note=note,
        act=change.act_id,
        n=change.n,
    )
    if not fresh:
        closed = {"closed_through": release.version - 1} if closes else {}
        told = {"n": change.n, "label": label, "head": change.agency.head, **closed}
        Register.objects.filter(id=register.id).update(**told)
    follow(change, register, release)
    return release


def follow(change: Change, register: Register, release: Release) -> None:
    """What a new version brings with it: it is to be filed anew, and what was to be looked over has been."""
    chain = chain_of_agency(change.agency, register.kind)
    if chain.after:
        # Whoever vetted it has it already: only where nobody above did is there something to file.
        vetted = {} if chain.filed else {"filed_at": change.now, "filed_by": chain.after[0].organ}
        Filing.objects.create(release=release, opened_at=change.now, n=change.n, **vetted)
    settle(change, register, release)


def settle(change: Change, register: Register, release: Release) -> None:
    """A new version ends what was to be looked over; but what still cites a law that is gone stays open, with the entries it has now."""
    done = []
    for one in Recheck.objects.filter(register=register, closed_at=None):
        law = one.subject.removeprefix("《").removesuffix("》")
        left = citing(release, law, tuple(one.articles)) if one.cause == REPEALED else []
        if left:
            Recheck.objects.filter(pk=one.pk).update(version=release.version, entries=left, n=change.n)
        else:
            done.append(one.pk)
    by = change.by.name if change.by else "运维人员"
    told = {"closed_at": change.now, "closed_by": by, "replaced_by": release, "n": change.n}
    Recheck.objects.filter(pk__in=done).update(**told)
    Task.objects.filter(pk__in=done, closed_n=None).update(closed_n=change.n, closed_at=change.now)
