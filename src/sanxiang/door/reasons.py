"""Why somebody looks at a case 调阅事由, and whose duty it is to: who acts on a case need not be asked.

What a duty is follows the course of a case. Everybody else who may see it at all says why first; the list of reasons is
that of the schemes (监督检查, 案卷评查, …), with a sentence in one's own words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.models import Task
from sanxiang.door.tasks import waiting_for
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Person, Post

DUTY, CONSOLE = "duty", "console"
OFFERED = {
    "supervise": "监督检查",
    "file-review": "案卷评查",
    "litigation": "复议诉讼应诉",
    "complaint": "投诉举报核查",
    "guidance": "业务指导",
    "party": "当事人查阅申请",
    "defence": "执法人员申辩",
    "other": "其他",
}
"""What one may choose."""
LABELS = {DUTY: "履行职责", CONSOLE: "运维核查", **OFFERED, "": "未说明事由"}
LONGEST_TEXT, LONGEST_TICKET = 200, 100


@dataclass(frozen=True)
class Reason:
    """A reason as it was given; `ticket` is the number of the approval or notice that it rests on."""

    code: str
    text: str = ""
    ticket: str = ""


BY_DUTY = Reason(DUTY)


def lacking(reason: Reason, outside: bool) -> dict[str, str]:
    """What a reason does not say yet, by field. One of the list and a sentence; for a case of another agency (`outside`)
    the number of the approval or notice that it rests on. Asked on pages, in the API and on the command line alike."""
    errors = {}
    if reason.code not in OFFERED:
        errors["reason"] = "没有选择调阅事由，请选择一项"
    if not reason.text:
        errors["text"] = "没有写明为什么调阅，请用一句话写明"
    if outside and not reason.ticket:
        errors["ticket"] = "调阅其他机关的案件，请填写批准文号、监督检查通知号或者来函文号"
    return errors


def is_outside(case: Case, posts: Iterable[Post]) -> bool:
    """Does the case belong to an agency in which none of these posts is?"""
    return all(post.agency_id != case.agency_id for post in posts)


def duty_of(case: Case, person: Person, posts: Iterable[Post]) -> str:
    """The role in which the case is this person's business as it stands; "" where it is not. Two queries at most.

    Its handlers and who stands in for them; officers of its unit while nobody handles it; the heads of its unit and agency;
    the reviewers once it was handed to them; who publishes, once it is decided; the archivists once it is closed; and
    whoever has an open task on it; and until the day is over whoever did a step of it, to see what came of that.
    """
    here = [post for post in posts if post.agency_id == case.agency_id]
    if not here:
        return ""
    acting = next((post.role for post in here if _acts(case, post)), "")
    if acting:
        return acting
    if str(person.pk) in case.state["handlers"]:
        return here[0].role
    waiting = Task.objects.filter(waiting_for(person, here), case=case).values_list("role", flat=True)
    if role := waiting.first():
        return str(role)
    morning = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = Act.objects.filter(subject=case.pk, by=person.pk, at__gte=morning).order_by("-n")
    return done.values_list("role", flat=True).first() or ""


def _acts(case: Case, post: Post) -> bool:
    """Is the case at a point at which it is this post's?"""
    handlers = case.state["handlers"]
    if post.role == roles.OFFICER:
        return str(post.person_id) in handlers or (not handlers and _in_unit(case, post))
    if post.role == roles.UNIT_HEAD:
        return _in_unit(case, post)
    stands = {
        roles.AGENCY_HEAD: True,
        roles.LEGAL_REVIEWER: bool(case.state["review"]),
        roles.COUNSEL: bool(case.state["review"]),
        roles.DISCLOSURE_EDITOR: bool(case.decided_on),
        roles.DISCLOSURE_APPROVER: bool(case.decided_on),
        roles.ARCHIVIST: bool(case.closed),
    }
    return stands.get(post.role, False)


def _in_unit(case: Case, post: Post) -> bool:
    """Does the post count in the case's unit: there, in the unit above it, or in the whole agency?"""
    unit = case.unit
    return unit is None or post.unit_id in (None, unit.pk, unit.parent_id)
