"""What a head or a reviewer is about to decide, beside the form: the clue, the draft, the review, the discussion, the defence."""

from collections.abc import Mapping

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


CLUE = {"register-clue": ("summary",), "preliminary-check": ("record",)}
"""What a head hears before a case is opened or not."""

FILING, OPINION = ("file", "decline-filing"), "give-opinion"
TITLES = {**dict.fromkeys(FILING, "线索和核查"), OPINION: "送审的内容"}


def before_deciding(visitor: Visitor, case: Case, act: Act) -> list[dict[str, str]]:
    """The lines for a head's own act where a case is opened or ends, and for the opinion of the review; none for other acts
    or other people. Four queries."""
    mine = {roles.AGENCY_HEAD, roles.LEGAL_REVIEWER} & set(act.by) & visitor.roles_in(case.agency_id)
    if mine and act.id in FILING:
        return said_of(room_of(visitor, case), CLUE)
    heads = roles.AGENCY_HEAD in mine and act.group == GROUP
    if not (heads or (mine and act.id == OPINION)) or case.stage != STAGE:
        return []
    room = room_of(visitor, case)
    review = parts.review_text(case) or "没有送审"
    return [*draft_of(room), {"label": "法制审核", "value": review}, *said_of(room, TOLD)]


def said_of(room: Room, told: Mapping[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """What was found, discussed, heard and reported, as far as this reader may see it."""
    found: dict[str, dict[str, str]] = {}
    for step in room.steps:  # the newest first
        name, rule = step.act.name, room.pack.acts.get(step.act.name)
        if name in told and name not in found and rule is not None:
            openings = [o for field in told[name] for o in step.openings if o.name == field]
            lines = "\n".join(opened(o, rule, room.words, room.sight) for o in openings)
            found[name] = {"label": rule.label, "value": f"{cn_date(step.act.on[:10])}\n{lines}"}
    return [found[name] for name in told if name in found]
