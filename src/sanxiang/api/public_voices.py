"""/public/voices: 投诉举报、异议、纠错、意见建议 without an account, and how they stand by the receipt's code: the twin of the form.

The codes stand in bodies alone, never in addresses: those are written down by everything on the way.
"""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from sanxiang.api.problems import NOWHERE, Problem, unreadable
from sanxiang.api.schemas import Json, Strict
from sanxiang.door.intake import NotTaken, TooOften
from sanxiang.door.intake.receipts import form_token, ours
from sanxiang.door.intake.voices import ABOUT, KINDS, LONGEST, followed, spoken, subject_of
from sanxiang.people.proxies import source

router = Router(tags=["public"])
NOT_OURS = "token：不是从 GET /public/voices/form 取得的，请重新取得"


class FormOut(Schema):
    token: str = Field(description="提交时带上；同一个 token 提交几次也只登记一次")
    kinds: dict[str, str]
    about: dict[str, str]


class VoiceIn(Strict):
    """What somebody wants to say; name and contact may be left out."""

    kind: str = Field(description="、".join(f"{key} {label}" for key, label in KINDS.items()))
    about: str = Field("agency", description="、".join(f"{key} {label}" for key, label in ABOUT.items()))
    key: str = Field(
        max_length=120,
        description="反映的对象：机关、决定的编号，执法人员的证件编号，清单写“机关编号/清单代号”",
    )
    text: str = Field(max_length=LONGEST)
    name: str = Field("", max_length=60)
    contact: str = Field("", max_length=200)
    token: str = Field(
        "", max_length=300, description="GET /public/voices/form 给的；不带的，重复提交会登记几次"
    )


class VoiceOut(Schema):
    number: str
    kind: str
    about: str
    agency: str
    desk: str
    received: str
    due: str
    limit: str


class ReceiptOut(VoiceOut):
    code: str = Field(description="查询码，只给这一次")


class CodeIn(Strict):
    code: str = Field(max_length=60)


class ForwardOut(Schema):
    on: str
    to: str
    reason: str


class StandingOut(VoiceOut):
    state: str
    forwards: list[ForwardOut]
    outcome: str
    reply: str
    answered: str


@router.get("/voices/form", auth=None, response=FormOut, summary="提交投诉、纠错和意见之前取得 token")
def voice_form(request: HttpRequest) -> Json:
    """A token for one voice, the kinds and what they may be about."""
    return {"token": form_token(), "kinds": dict(KINDS), "about": dict(ABOUT)}


@router.post("/voices", auth=None, response={201: ReceiptOut}, summary="投诉举报、异议、纠错、意见建议")
def speak(request: HttpRequest, body: VoiceIn) -> Status[Json]:
    """Take in what somebody says, with the bounds of the portal's form, and give the receipt with its code."""
    if body.token and not ours(body.token):
        raise unreadable({"token": NOT_OURS})
    subject = subject_of(body.about, body.key, timezone.localdate()) if body.about in ABOUT else None
    if subject is None:
        raise Problem("unknown", NOWHERE)
    told = {**body.dict(exclude={"token"}), "about": subject.about, "key": subject.key}
    try:
        receipt = spoken(subject.agency, told, (), body.token or form_token(), source(request), via="api")
    except NotTaken as refused:
        raise problem_of(refused) from refused
    return Status(201, vars(receipt))


@router.post("/voices/status", auth=None, response=StandingOut, summary="凭查询码查询办理情况和答复")
def voice_status(request: HttpRequest, body: CodeIn) -> Json:
    """Neither what was said nor who said it. Wrong codes read alike, and are bounded as on the page."""
    try:
        found = followed(body.code, source(request))
    except NotTaken as refused:
        raise problem_of(refused) from refused
    forwards = [{"on": on, "to": to, "reason": reason} for on, to, reason in found.forwards]
    return {**vars(found), "forwards": forwards}


def problem_of(refused: NotTaken) -> Problem:
    """The sentences of the intake in the API's one shape."""
    often = isinstance(refused, TooOften)
    return Problem("too-often" if often else "not-taken", " ".join(str(text) for text in refused.args))
