"""What tests of lawful erasure share: the two acts, all that the database says of a case, what the verification finds."""

import json

from play import Play
from sanxiang.cases.models import Case
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.verify import Fault

BASIS = "《个人信息保护法》第四十七条第一款第一项"
WHY = {"erasure_ground": "third", "erasure_basis": BASIS, "reason": "本人申请"}


def faults() -> list[Fault]:
    """What the verification finds."""
    sequence_all()
    return list(verify_all())


def said_of(case: Case) -> str:
    """All that the database says of the case outside its papers, the openings' salts included."""
    rows = Opening.objects.filter(act__subject=case.pk).values_list("name", "salt", "value")
    return json.dumps([case.state, case.title, *map(list, rows)], ensure_ascii=False)


def erase(play: Play, what: str) -> Act:
    """Propose by the archivist, decide by the head."""
    play.do("propose-erasure", "archivist", erase_what=what, **WHY)
    return play.do("erase-data", "agency-head", erase_what=what, opinion="同意删除").act
