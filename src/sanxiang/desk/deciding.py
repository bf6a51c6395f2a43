"""What a head is about to decide, beside the form in which it is decided: the draft, the review, the discussion, the defence."""

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk import case_parts as parts
from sanxiang.desk.history import opened
from sanxiang.desk.reviews import draft_of
from sanxiang.desk.room import Room, room_of
from sanxiang.desk.who import Visitor
from sanxiang.law.rules import Act
from sanxiang.people import roles

STAGE, GROUP = "handling", "决定"
TOLD = {
    "discuss": ("conclusion", "members"),
    "review-defence": ("defence_answer",),
    "waive-defence": ("waiver",),
    "report-hearing": ("record",),
}
"""Acts of which the head hears before deciding, the last of each, and the fields that say it."""


def before_deciding(visitor: Visitor, case: Case, act: Act) -> list[dict[str, str]]:
    """The lines for a head's own act at the end of a case; none for other acts or other people. Four queries."""
    heads = roles.AGENCY_HEAD in act.by and roles.AGENCY_HEAD in visitor.roles_in(case.agency_id)
    if not heads or act.group != GROUP or case.stage != STAGE:
        return []
    room = room_of(visitor, case)
    review = parts.review_text(case) or "没有送审"
    return [*draft_of(room), {"label": "法制审核", "value": review}, *said_of(room)]


def said_of(room: Room) -> list[dict[str, str]]:
    """What was discussed, heard and reported, as far as this reader may see it."""
    found: dict[str, dict[str, str]] = {}
    for step in room.steps:  # the newest first
        name, rule = step.act.name, room.pack.acts.get(step.act.name)
        if name in TOLD and name not in found and rule is not None:
            openings = [o for field in TOLD[name] for o in step.openings if o.name == field]
            lines = "\n".join(opened(o, rule, room.words, room.sight) for o in openings)
            found[name] = {"label": rule.label, "value": f"{cn_date(step.act.on[:10])}\n{lines}"}
    return [found[name] for name in TOLD if name in found]
