"""After the release: a version is filed with the government's legal office, which then admits it to the page of the government."""

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.registers.standing import chain_of_agency, in_legal_office
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.bases import BEFORE, basis_of
from sanxiang.people import roles
from sanxiang.registers.models import Filing


def filing_of(change: Change) -> Filing | None:
    """The filing that is meant, as it stands under the lock."""
    found = change.found.get("filing")
    rows = Filing.objects.select_related("release__register")
    return rows.filter(pk=found.pk).first() if isinstance(found, Filing) else None


def newest(filing: Filing) -> list[Verdict]:
    """What a later version has replaced is neither filed nor admitted any more."""
    register = filing.release.register
    if not register.releases.filter(version__gt=filing.release.version).exists():
        return []
    fact = f"第{filing.release.version}版已有更新的版本"
    return [unmet("newest", basis_of(register.kind), fact, "办理最新的版本")]


def sound_filing(change: Change) -> list[Verdict]:
    """Not filed yet."""
    filing = filing_of(change)
    if filing is None:
        return []
    cite = chain_of_agency(change.agency, filing.release.register.kind).citation
    done = [unmet("filed", cite, "这一版已经报备", "等待统一公示")] if filing.filed_at else []
    return done + newest(filing)


@admin_act(
    "file-register",
    "报备清单",
    (roles.LEGAL_REVIEWER, roles.AGENCY_HEAD, roles.DISCLOSURE_APPROVER, roles.SYSTEM_ADMIN),
    (asked("filing", "清单版本", "register-filing"),),
    BEFORE,
    group="registers",
    help="把已经公示的版本报政府法制机构备案，由它统一公示",
    checks=sound_filing,
    target="filing",
    secrecy="case",
)
def file_register(change: Change) -> Filing:
    """Filed."""
    found: Filing = change.found["filing"]
    by = change.by.name if change.by else "运维人员"
    Filing.objects.filter(pk=found.pk).update(filed_at=change.now, filed_by=by, n=change.n)
    found.refresh_from_db()
    return found


def sound_admission(change: Change) -> list[Verdict]:
    """Filed and not admitted, by the legal office alone."""
    filing = filing_of(change)
    if filing is None:
        return []
    cite = chain_of_agency(change.agency, filing.release.register.kind).citation
    verdicts = newest(filing)
    if not filing.filed_at:
        verdicts.append(unmet("filed", cite, "机关还没有报备这一版", "等机关报备之后再收录"))
    if filing.admitted_at:
        verdicts.append(unmet("admitted", cite, "这一版已经收录", "不必重复办理"))
    if not in_legal_office(change):
        fact = "统一公示由政府法制机构（司法行政部门）办理"
        verdicts.append(unmet("legal-office", cite, fact, "由政府法制机构的监督人员办理"))
    return verdicts


@admin_act(
    "admit-register",
    "收录清单、统一公示",
    (roles.SUPERVISOR,),
    (asked("filing", "清单版本", "register-filing"),),
    BEFORE,
    group="registers",
    help="收录之后，政府的统一公示页显示这一版",
    checks=sound_admission,
    target="filing",
    secrecy="case",
)
def admit_register(change: Change) -> Filing:
    """Told on the page of the government."""
    found: Filing = change.found["filing"]
    by = change.by.name if change.by else "运维人员"
    Filing.objects.filter(pk=found.pk).update(admitted_at=change.now, admitted_by=by, n=change.n)
    found.refresh_from_db()
    return found
