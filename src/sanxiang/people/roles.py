"""The roles that a post can carry (design.md §7). A role says who may act; to enforce takes a certificate.

Anonymous visitors, parties and machine clients are no posts: they hold no role of this list.
"""

from sanxiang.speech import ROLE_NAMES

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

LABELS: dict[str, str] = dict(ROLE_NAMES)
"""What people call each role: the table that the law's refusals use too."""

ADMIN_ROLES = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})
"""三员分立: whoever holds one of these holds no other role of any kind on the same day."""

CASE_ROLES = frozenset(LABELS) - ADMIN_ROLES
"""Everything that touches a case or its publication, watching included."""

ACROSS_ROLES = frozenset({SUPERVISOR, LEGAL_REVIEWER})
"""In a supervising agency (司法局, formerly 法制办) these see every agency below their government."""


def compatible(one: str, other: str) -> bool:
    """Whether one person may hold both roles on the same day (三员分立, GB/T 22239-2019 8.1.4.2)."""
    return one == other or not ({one, other} & ADMIN_ROLES)
