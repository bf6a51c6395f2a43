"""What came into the store stays: whoever tries to delete or replace it is refused, and the attempt is kept.

No act takes a paper or a file of evidence away, so there is no guard to ask; this is the answer at every address that one
might try it at, the same whether what it names exists or not.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.attempts import attempt
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Refused, Verdict
from sanxiang.people.models import Person, Post

ACT, LABEL = "remove-kept", "删除或者替换已存入的材料"
METHODS = frozenset({"DELETE", "PUT", "PATCH"})
"""No address takes these; HTTP has them for deleting and replacing."""

RECORDED = Citation("行政处罚法", "第四十七条")
FACT = "账本、案卷、文书和证据文件存入后不能删除，也不能替换"
CURE = "传错的，另行登记正确的材料并写明情况；文书有误的，办理更正"


def refuse_removal(
    by: Person, case: uuid.UUID | None, posts: Iterable[Post], *, channel: str, now: datetime | None = None
) -> list[Verdict]:
    """Keep the attempt and say why not. One on no case of ours counts where the person works."""
    known = Case.objects.filter(id=case).values_list("id", "agency").first() if case else None
    found, agency = known or (None, next((post.agency_id for post in posts), None))
    verdicts = [Verdict("kept", False, str(RECORDED), FACT, CURE)]
    try:
        with attempt(ACT, by, now=now or timezone.now(), channel=channel, case=found, agency=agency):
            raise Refused(verdicts)
    except Refused as refused:
        return refused.verdicts
