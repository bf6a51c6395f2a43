"""Under which article somebody may speak: 行政处罚法 第七十五条 is about penalties alone."""

from sanxiang.cases.models import Publication
from sanxiang.door.pinned import current
from sanxiang.door.voices.subjects import DECISION, LIST
from sanxiang.law.blocks import Citation
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency

PENALTY = Citation("行政处罚法", "第七十五条")
DISCLOSED = Citation("政府信息公开条例", "第五十一条")
CORRECT = Citation("政府信息公开条例", "第四十一条")
NORM = Citation("国办发〔2018〕118号", "二（四）", "norm")
REPLY = "complaint.reply_limit"


def basis_of(about: str, key: str, agency: Agency) -> Citation:
    """What gives the right to speak of this: of a penalty, of what was made public, else the locality's own scheme."""
    if about == DECISION:
        identity = uuid_of(key)
        rows = Publication.objects.filter(pk=identity, act_type="penalty") if identity else None
        return PENALTY if rows is not None and rows.exists() else DISCLOSED
    if about == LIST:
        return DISCLOSED
    own = current(agency.locality).parameter(REPLY).citation
    return own if own is not None and own.kind == "scheme" else NORM
