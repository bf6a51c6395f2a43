"""投诉举报、异议、纠错、意见建议 by whoever has no account: handed in, and followed with the receipt's code alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from sanxiang.cases.recording.receiving import LARGEST, Unacceptable, receive
from sanxiang.door.administer import administer
from sanxiang.door.attempts import Unreadable
from sanxiang.door.intake import NotTaken, TooOften
from sanxiang.door.intake.knocks import CODE, SPEAK, knocked, too_many
from sanxiang.door.intake.receipts import code_of, flaw_of, key_of, read
from sanxiang.door.voices.acts import LONGEST, MOST_FILES, OUTCOMES, SHORTEST
from sanxiang.door.voices.register import REGISTER, Voice, voice_of
from sanxiang.door.voices.retention import told_how_long
from sanxiang.door.voices.subjects import ABOUT, KINDS, Subject, subject_of
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act
from sanxiang.people.models import Agency
from sanxiang.speech import role_name

__all__ = ["ABOUT", "KINDS", "LONGEST", "MOST_FILES", "Receipt", "Standing", "Subject", "followed", "spoken", "subject_of",
           "told_how_long"]  # fmt: skip

PUBLIC = "社会公众"
"""Under this name the ledger has them all: a name that somebody gave stands in the act's own closed fields alone."""
BIGGEST = 20 << 20
"""Bytes of one file."""
OFTEN = "同一处网络半小时内就同一对象已经提交了几次，请过半小时再提交，或者拨打该机关的投诉举报电话。"
UNKNOWN = "没有这个查询码，或者抄错了，请照回执核对。连续多次输错的，半小时内不再核对。"
BLANK = "请填写查询码。"
"""Nothing was tried, and nothing is counted."""
assert BIGGEST < LARGEST


@dataclass(frozen=True)
class Receipt:
    """What whoever spoke takes away."""

    code: str
    number: str
    kind: str
    about: str
    agency: str
    desk: str
    received: str
    due: str
    limit: str


@dataclass(frozen=True)
class Standing:
    """How it stands, for whoever has the code. Neither what was said nor who said it."""

    number: str
    kind: str
    about: str
    agency: str
    desk: str
    received: str
    due: str
    limit: str
    state: str
    forwards: tuple[tuple[str, str, str], ...]
    outcome: str
    reply: str
    answered: str


def spoken(
    agency: Agency,
    told: Mapping[str, str],
    files: Sequence[Any],
    token: str,
    address: str,
    via: str = "square",
) -> Receipt:
    """Take in what somebody says about an agency, once, and give the receipt. Raises NotTaken."""
    code = code_of(token)
    key, about = key_of(code), f"{told.get('about')} {told.get('key') or agency.pk}"
    if not Act.objects.filter(pk=key).exists():
        blanks = _blanks(told, files)
        if via == "square" and (flaw := flaw_of(token)):
            blanks.append(flaw)
        if blanks:
            raise NotTaken(*blanks)
        if too_many(SPEAK, address, about):
            raise TooOften(OFTEN)
        knocked(SPEAK, address, about)
        _register(agency, {**told, "via": via, "files": _kept(files)}, key)
    found = voice_of(key)
    assert found is not None
    return _receipt(found, code)


def _blanks(told: Mapping[str, str], files: Sequence[Any]) -> list[str]:
    """What must be filled in first, in sentences."""
    wrong = [] if told.get("kind") in KINDS else ["请选择类别。"]
    text = str(told.get("text") or "").strip()
    if not SHORTEST <= len(text) <= LONGEST:
        wrong.append(f"请写明反映的内容，{SHORTEST} 到 {LONGEST} 个字。")
    if len(files) > MOST_FILES:
        wrong.append(f"最多附 {MOST_FILES} 个文件。")
    big = [str(file.name) for file in files if (file.size or 0) > BIGGEST]
    return [*wrong, *(f"文件“{name}”超过 {BIGGEST >> 20} MB，请缩小后再选。" for name in big)]


def _kept(files: Sequence[Any]) -> list[dict[str, Any]]:
    """The files with what they are, each checked as evidence is. Raises NotTaken."""
    try:
        return [receive(file, str(file.name), str(file.content_type or "")) for file in files]
    except Unacceptable as refused:
        raise NotTaken(f"{refused}。") from refused


def _register(agency: Agency, told: Mapping[str, Any], key: Any) -> None:
    data = {name: value for name, value in told.items() if value}
    channel = "page" if told["via"] == "square" else "api"
    try:
        administer(REGISTER, agency, None, data, channel=channel, act_id=key, stranger=PUBLIC)
    except Unreadable as unreadable:
        raise NotTaken(*unreadable.errors.values()) from unreadable
    except Refused as refused:
        raise NotTaken(*(f"{one.fact}，{one.cure}。" for one in refused.verdicts if not one.met)) from refused
    except IntegrityError:
        pass  # the same form, sent twice at once


def _receipt(one: Voice, code: str) -> Receipt:
    limit = str(one.told.get("limit") or "")
    agency = _name(one.agency)
    return Receipt(
        code,
        one.number,
        one.label,
        one.title,
        agency,
        _desk(one, agency),
        one.received.isoformat(),
        one.due,
        limit,
    )


def _name(key: Any) -> str:
    return Agency.objects.filter(pk=key).values_list("name", flat=True).first() or ""


def _desk(one: Voice, agency: str) -> str:
    """Who answers, as the public is told."""
    if one.desk is None:
        return str(one.forwards[-1].get("to_name") or "") if one.forwards else ""
    return f"{agency if one.desk == one.agency else _name(one.desk)}（{role_name(one.role)}）"


def followed(code: str, address: str) -> Standing:
    """How it stands. Raises NotTaken for a wrong code and for one tried after too many wrong ones: in the same words."""
    if not code.strip():
        raise NotTaken(BLANK)
    found = None if too_many(CODE, address) else voice_of(key_of(code))
    if found is None or not read(code):
        knocked(CODE, address)
        raise NotTaken(UNKNOWN)
    agency, told = _name(found.agency), found.answer
    return Standing(
        found.number, found.label, found.title, agency, _desk(found, agency), found.received.isoformat(), found.due,
        str(found.told.get("limit") or ""), found.state,
        tuple((str(row["on"]), str(row.get("to_name") or ""), str(row.get("reason") or "")) for row in found.forwards),
        OUTCOMES.get(str(told.get("outcome")), ""), str(told.get("reply") or ""),
        timezone.localtime(found.answered_at).date().isoformat() if found.answered_at else "",
    )  # fmt: skip
