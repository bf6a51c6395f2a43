"""Uses of records 全过程记录的运用: for what the records of cases were used, and what came of it.

The schemes name six purposes. A use is an act of the agency and nothing else: the register is read from the ledger, so it cannot
say anything else than the ledger does.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.pinned import current
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.speech import cn_day

USE = "register-use"
NORM = Citation("国办发〔2018〕118号", "三（十）", "norm")
PURPOSES = {
    "file-evaluation": "案卷评查",
    "supervision": "执法监督",
    "assessment": "评议考核",
    "public-opinion": "舆情应对",
    "decision-making": "行政决策",
    "credit": "社会信用体系建设",
}
MOST_CASES = 50


def purposes_of(pack: Pack) -> dict[str, str]:
    """The purposes that the locality's scheme names, in its words."""
    named = pack.parameter("record.uses")
    return {str(row["id"]): str(row["label"]) for row in named.value} if named.is_set else dict(PURPOSES)


def cases_named(change: Change) -> list[Case]:
    """The agency's cases with these numbers or codes."""
    named = [str(one) for one in change.data.get("cases") or ()]
    rows = Case.objects.filter(Q(number__in=named) | Q(code__in=named), agency=change.agency)
    return list(rows.only("number", "code", "title"))


def sound_use(change: Change) -> list[Verdict]:
    """A purpose of the scheme, cases that are there, and a day that has come."""
    named = [str(one) for one in change.data.get("cases") or ()]
    there = {text for case in cases_named(change) for text in (case.number, case.code)}
    known, verdicts = purposes_of(current(change.agency.locality)), []
    if (purpose := change.data.get("purpose")) and purpose not in known:
        fact = f"本地方案没有列出“{PURPOSES.get(purpose, purpose)}”这一方面"
        verdicts.append(unmet("purpose", NORM, fact, f"从方案列出的方面中选择：{'、'.join(known.values())}"))
    if missing := [text for text in named if text not in there]:
        fact = f"本机关没有编号为“{'、'.join(missing[:5])}”的案件"
        verdicts.append(unmet("cases", NORM, fact, "照案件页填写立案号或者查询码，多件用顿号隔开"))
    if len(named) > MOST_CASES:
        fact = f"填了 {len(named)} 件案件，一次最多 {MOST_CASES} 件"
        verdicts.append(unmet("cases", NORM, fact, "分几次登记"))
    if (on := change.data.get("used_on")) and str(on) > change.day.isoformat():
        verdicts.append(unmet("used-on", NORM, f"运用日期{cn_day(on)}还没有到", "填写实际运用的日期"))
    return verdicts


@admin_act(
    USE,
    "登记记录的运用",
    (roles.LEGAL_REVIEWER, roles.ARCHIVIST, roles.RECORDING_SUPERVISOR, roles.AGENCY_HEAD, roles.SUPERVISOR),
    (
        asked("purpose", "用于", "choice", options=PURPOSES),
        asked("cases", "涉及的案件", "multi", help="立案号或者查询码，多件用顿号隔开"),
        asked("used_on", "运用日期", "date"),
        asked("user", "运用的单位和人员", longest=200),
        asked("outcome", "运用的结果", "longtext", help="发现了什么、作了什么决定、改进了什么"),
    ),
    NORM,
    group="archives",
    help="全过程记录用于案卷评查、执法监督、评议考核、舆情应对、行政决策和社会信用体系建设的，逐次登记",
    checks=sound_use,
    secrecy="case",
)
def register_use(change: Change) -> None:
    """One use: the act itself is its record."""


@dataclass(frozen=True)
class Use:
    """One use as the ledger has it."""

    agency: UUID
    purpose: str
    cases: tuple[str, ...]
    on: str
    user: str
    outcome: str
    by: str


def uses_in(agencies: Collection[UUID], year: int) -> list[Use]:
    """The uses of a year, the newest first. Two queries."""
    found = [_use(act, told) for act, told in said_by((USE,), agencies)]
    return sorted((use for use in found if use.on[:4] == str(year)), key=lambda use: use.on, reverse=True)


def _use(act: Act, told: dict[str, Any]) -> Use:
    text = {name: str(told.get(name) or "") for name in ("purpose", "used_on", "user", "outcome")}
    cases = tuple(map(str, told.get("cases") or ()))
    return Use(
        act.subject, text["purpose"], cases, text["used_on"], text["user"], text["outcome"], act.by_name
    )


def counted(uses: Iterable[Use], purposes: Collection[str]) -> dict[str, int]:
    """How often records were used for each purpose; what never happened counts 0."""
    seen = Counter(use.purpose for use in uses)
    return {purpose: seen[purpose] for purpose in purposes}


def year_of(text: str, today: date) -> int | None:
    """The year asked for, this one when none is; None when it is no year."""
    if not text:
        return today.year
    return int(text) if text.isascii() and text.isdigit() and 1900 <= int(text) <= 2999 else None
