"""A form's answer as its script reads it: for what was filled in without a network and is sent when it is back."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sanxiang.door.offline import MARK, Offline, contact
from sanxiang.door.perform import Done
from sanxiang.door.recording.field_devices import devices_called, is_gone, owner_of
from sanxiang.ledger.models import Opening
from sanxiang.people.models import Person

CLOCK, SIGNED = "offline-clock", "offline-contact"
"""What a form brings along that was filled in without a network: the device's time, and its last contact."""


def by_script(request: HttpRequest) -> bool:
    """Does a script ask, which wants to know what became of the form and not to see a page?"""
    return request.method == "POST" and request.headers.get("Accept", "") == "application/json"


def offline_of(request: HttpRequest) -> Offline | None:
    """That the form was filled in without a network, and when.

    A contact of somebody else's, or of a device that was withdrawn, counts for nothing.
    """
    if not (told := request.POST.get(CLOCK, "")):
        return None
    try:
        clock = datetime.fromisoformat(told)
    except ValueError:
        clock = timezone.now()
    last = contact(request.POST.get(SIGNED, ""))
    mine = last is not None and last.person == owner_of(cast(Person, request.user))
    sound = last if last is not None and mine and not is_gone(devices_called(last.device)) else None
    aware = clock if timezone.is_aware(clock) else timezone.make_aware(clock)
    return Offline(aware, sound, digest_of(request))


def digest_of(request: HttpRequest) -> str:
    """A keyed digest of what was filled in, without the times and keys that go along with each sending."""
    around = {"csrfmiddlewaretoken", "nonce", CLOCK, SIGNED}
    told = sorted((name, values) for name, values in request.POST.lists() if name not in around)
    return salted_hmac("sanxiang.field-form", json.dumps(told), algorithm="sha256").hexdigest()


def another(done: Done, offline: Offline | None) -> bool:
    """Was this act done with a form of the same key that said something else? Then what was changed since is not done."""
    if offline is None:
        return False
    told = Opening.objects.filter(act=done.act, name=MARK, erased_by=None).values_list("value", flat=True)
    first = str((told.first() or {}).get("form") or "")
    return bool(first) and first != offline.form


def another_answer() -> JsonResponse:
    """409: the first sending had arrived after all, its answer was lost, and the form was changed since."""
    text = "上一次报送的内容已经办成，只是答复没有收到；之后的修改没有办。请到案件页核对，要改的另行更正，再弃用这一项"
    return answer({"errors": [text], "verdicts": [], "warnings": []}, 409)


def done_answer(done: Done, said: str) -> JsonResponse:
    """201: the act is done, now or when the same form came first."""
    told = {
        "case": str(done.case.pk),
        "act": str(done.act.pk),
        "said": said,
        "href": f"/desk/cases/{done.case.pk}/",
    }
    return answer({"done": told}, 201)


def wrong_answer(
    errors: Mapping[str, str], verdicts: Sequence[Mapping[str, Any]], warnings: Sequence[str]
) -> JsonResponse:
    """422: what must be put right, by field, every guard that is not met, with article and cure, or what must be heeded first."""
    unmet = [{k: one[k] for k in ("guard", "citation", "fact", "cure")} for one in verdicts if not one["met"]]
    told = {"errors": list(errors.values()) if not unmet else [], "verdicts": [] if warnings else unmet}
    return answer(told | {"warnings": list(warnings)}, 422)


def answer(told: Mapping[str, Any], status: int) -> JsonResponse:
    """Chinese as it is written."""
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
