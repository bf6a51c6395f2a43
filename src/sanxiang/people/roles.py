"""The roles that a post can carry (design.md §7). A role says who may act; to enforce takes a certificate.

Anonymous visitors, parties and machine clients are no posts: they hold no role of this list.
"""

OFFICER = "officer"
UNIT_HEAD = "unit-head"
AGENCY_HEAD = "agency-head"
LEGAL_REVIEWER = "legal-reviewer"
COUNSEL = "counsel"
DISCLOSURE_EDITOR = "disclosure-editor"
DISCLOSURE_APPROVER = "disclosure-approver"
ARCHIVIST = "archivist"
WINDOW_CLERK = "window-clerk"
RECORDING_SUPERVISOR = "recording-supervisor"
SUPERVISOR = "supervisor"
SYSTEM_ADMIN = "system-admin"
SECURITY_ADMIN = "security-admin"
AUDIT_ADMIN = "audit-admin"

LABELS: dict[str, str] = {
    OFFICER: "承办人",
    UNIT_HEAD: "承办机构负责人",
    AGENCY_HEAD: "行政机关负责人",
    LEGAL_REVIEWER: "法制审核人员",
    COUNSEL: "法律顾问（公职律师）",
    DISCLOSURE_EDITOR: "公示员",
    DISCLOSURE_APPROVER: "公示审核人",
    ARCHIVIST: "档案员",
    WINDOW_CLERK: "窗口人员",
    RECORDING_SUPERVISOR: "记录监督员",
    SUPERVISOR: "行政执法监督人员",
    SYSTEM_ADMIN: "系统管理员",
    SECURITY_ADMIN: "安全管理员",
    AUDIT_ADMIN: "审计管理员",
}

ADMIN_ROLES = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})
"""三员分立: whoever holds one of these holds no other role of any kind on the same day."""

CASE_ROLES = frozenset(LABELS) - ADMIN_ROLES
"""Everything that touches a case or its publication, watching included."""

ACROSS_ROLES = frozenset({SUPERVISOR, LEGAL_REVIEWER})
"""In a supervising agency (司法局, formerly 法制办) these see every agency below their government."""


def compatible(one: str, other: str) -> bool:
    """Whether one person may hold both roles on the same day (三员分立, GB/T 22239-2019 8.1.4.2)."""
    return one == other or not ({one, other} & ADMIN_ROLES)
