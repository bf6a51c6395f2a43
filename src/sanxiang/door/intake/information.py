"""依申请公开 by whoever has no account: an application handed in, and followed with the receipt's code alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from sanxiang.door.administer import administer
from sanxiang.door.asking.acts import OUTCOMES, SUPPLEMENT
from sanxiang.door.asking.register import REGISTER, Application, answering, application_of
from sanxiang.door.attempts import Unreadable
from sanxiang.door.files.file_requests import FORMS
from sanxiang.door.intake import NotTaken
from sanxiang.door.intake.knocks import CODE, SPEAK, knocked, too_many
from sanxiang.door.intake.receipts import code_of, flaw_of, key_of, read
from sanxiang.door.intake.voices import BLANK, OFTEN, PUBLIC, UNKNOWN
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act
from sanxiang.people.models import Agency

__all__ = ["FORMS", "Asked", "apply", "asked_with", "who_answer"]


def who_answer(on: date) -> set[UUID]:
    """The agencies in which somebody answers applications on that day."""
    return set(answering(on).values_list("agency", flat=True))


@dataclass(frozen=True)
class Asked:
    """An application as its applicant sees it; neither who asked nor for what."""

    code: str
    number: str
    agency: str
    received: str
    due: str
    limit: str
    extended: str
    third: bool
    outcome: str
    reason: str
    where: str
    answer_no: str
    answered: str

    @property
    def waits(self) -> bool:
        """Is it the applicant's turn, to say more exactly what is asked for?"""
        return self.outcome == OUTCOMES[SUPPLEMENT]


def apply(agency: Agency, told: Mapping[str, str], token: str, address: str) -> Asked:
    """Take an application in, once; the receipt. The day on which both know of it is today (第三十一条). Raises NotTaken."""
    code = code_of(token)
    key = key_of(code)
    if not Act.objects.filter(pk=key).exists():
        if flaw := flaw_of(token):
            raise NotTaken(flaw)
        if too_many(SPEAK, address, f"information {agency.pk}"):
            raise NotTaken(OFTEN)
        try:
            data = {**{name: value for name, value in told.items() if value}, "via": "square"}
            administer(REGISTER, agency, None, data, channel="page", act_id=key, stranger=PUBLIC)
        except Unreadable as unreadable:
            raise NotTaken(*unreadable.errors.values()) from unreadable
        except Refused as refused:
            raise NotTaken(
                *(f"{one.fact}，{one.cure}。" for one in refused.verdicts if not one.met)
            ) from refused
        except IntegrityError:
            pass  # the same form, sent twice at once
        knocked(SPEAK, address, f"information {agency.pk}")
    found = application_of(key)
    assert found is not None
    return _seen(found, code)


def asked_with(code: str, address: str) -> Asked:
    """How it stands. Raises NotTaken for a wrong code and for one tried after too many wrong ones: in the same words."""
    if not code.strip():
        raise NotTaken(BLANK)
    found = None if too_many(CODE, address) else application_of(key_of(code))
    if found is None or not read(code):
        knocked(CODE, address)
        raise NotTaken(UNKNOWN)
    return _seen(found, code)


def _seen(one: Application, code: str) -> Asked:
    answer = one.answer
    agency = Agency.objects.filter(pk=one.agency).values_list("name", flat=True).first() or ""
    return Asked(
        code, one.number, agency, one.received.isoformat(), one.due, str(one.told.get("limit") or ""),
        str(one.extended.get("why_longer") or ""), bool(one.consulted), OUTCOMES.get(one.outcome, ""),
        str(answer.get("reason") or ""), str(answer.get("where") or ""), str(answer.get("answer_no") or ""),
        timezone.localtime(one.answered_at).date().isoformat() if one.answered_at else "",
    )  # fmt: skip
