"""What an officer says to a breach of the discipline of recording 记录纪律: an act of the agency, read back beside the breach."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sanxiang.cases.models import Case, Handler
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Refusal
from sanxiang.door.recording.breaches import KINDS, Breach, breaches
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act
from sanxiang.people import roles

EXPLAIN = "explain-breach"
NORM = Citation("国办发〔2018〕118号", "三（八）", "norm")
KEY = re.compile(r"([a-z-]+):([2-9A-Z]{10}):(\d{1,12})")
ABOVE = frozenset({roles.UNIT_HEAD, roles.RECORDING_SUPERVISOR, roles.AGENCY_HEAD})


@dataclass(frozen=True)
class Explanation:
    """What was said, by whom and on which day."""

    text: str
    by: str
    on: date


def key_of(row: Breach, code: str) -> str:
    """By which a breach is named: its kind, the code of its case, the step."""
    return f"{row.kind}:{code}:{row.n}"


def breaches_named(change: Change) -> list[Breach] | None:
    """The breaches of that name in this agency; None where the name is none."""
    match = KEY.fullmatch(str(change.data.get("breach") or "").strip())
    if match is None or match[1] not in KINDS:
        return None
    cases = Case.objects.filter(agency=change.agency, code=match[2])
    found = breaches(cases, date(1900, 1, 1), date(2999, 12, 31), change.day)
    return [one for one in found if one.kind == match[1] and one.n == int(match[3])]


def people_of(row: Breach) -> set[UUID | None]:
    """Whose it is, by their accounts: a namesake is somebody else. One query."""
    if row.kind == "removal":
        return set(Refusal.objects.filter(pk=row.n).values_list("by", flat=True))
    if row.kind == "not-archived":
        return set(Handler.objects.filter(case=row.case).values_list("person", flat=True))
    return set(Act.objects.filter(kind="case", subject=row.case, n=row.n).values_list("by", flat=True))


def sound_explanation(change: Change) -> list[Verdict]:
    """The breach is there, and is one's own, or one has the officers to answer for."""
    rows = breaches_named(change)
    if not change.data.get("breach"):
        return []
    if not rows:
        fact = "本机关的记录纪律中没有这一项"
        return [unmet("breach", NORM, fact, "在“记录纪律”页面上选择要说明的那一项")]
    own = change.by is not None and any(change.by.pk in people_of(one) for one in rows)
    if change.actor is None or own or change.actor.roles & ABOVE:
        return []
    fact = f"这一项列在{rows[0].officer}名下，{change.actor.name}不是本人"
    return [unmet("own", NORM, fact, f"由{rows[0].officer}本人或者机构、机关负责人说明")]


@admin_act(
    EXPLAIN,
    "说明记录纪律情况",
    (roles.OFFICER, roles.UNIT_HEAD, roles.ARCHIVIST, roles.RECORDING_SUPERVISOR, roles.AGENCY_HEAD),
    (
        asked("breach", "说明的是哪一项", longest=60, help="从“记录纪律”页面点“说明”进来的，已经填好"),
        asked("explanation", "原因和整改", "longtext"),
    ),
    NORM,
    group="evaluation",
    help="逾期上传、没有记录、有缺口等，由本人或者负责人写明原因；说明之后仍然列出，供评议考核时一并考虑",
    checks=sound_explanation,
    secrecy="case",
)
def explain_breach(change: Change) -> None:
    """Why it came to that; the breach stays, with the explanation beside it."""


def explanations(agencies: Collection[UUID]) -> dict[str, Explanation]:
    """The last explanation of each breach, by its key. Two queries."""
    return {
        str(said.get("breach")): Explanation(
            str(said.get("explanation") or ""), act.by_name, date.fromisoformat(act.on[:10])
        )
        for act, said in said_by((EXPLAIN,), agencies)
    }
