"""现场: the part of the desk that works without a network, and what it asks of the server while there is one.

The page and its worker are the same for everybody and hold nothing of anybody; what is taken along is asked for by a signed-in
officer, entered as a look, and locked on the device.
"""

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sanxiang.desk.outdoors.field_case import blank_forms, taken_along
from sanxiang.desk.room import room_of
from sanxiang.desk.sending import answer
from sanxiang.desk.who import Visitor, case_for, visitor_of
from sanxiang.door.administer import Unreadable, administer
from sanxiang.door.offline import Contact
from sanxiang.door.recording.field_devices import (
    REGISTER,
    devices_called,
    devices_in,
    is_gone,
    key_half,
    owner_of,
)
from sanxiang.law.guards import Refused
from sanxiang.people.models import Agency, Person

HERE = "/desk/field/"
SHELL = (
    "css/base.css", "css/parts.css", "css/desk.css", "css/media.css", "css/field.css", "img/mark.svg", "js/face.js", "js/vault.js",
    "js/drafts.js", "js/outbox.js", "js/field.js", "js/voice.js", "js/sha256.js", "vendor/tus.min.js",
)  # fmt: skip
"""What the page is made of, beside itself."""


@lru_cache(maxsize=1)
def build() -> str:
    """The digest of page and files: another build is another worker, which fetches all of them anew."""
    whole = hashlib.sha256(b"1")
    for name in SHELL:
        found = finders.find(name)
        with open(str(found), "rb") as file:
            whole.update(file.read())
    for template in ("desk/field.html", "desk/field_worker.js"):
        whole.update(render(HttpRequest(), template, {"build": ""}).content)
    return whole.hexdigest()[:12]


def files_of(build: str) -> dict[str, str]:
    """The addresses of the page's files; with the build in them they are never those of another page of the desk."""
    return {name: f"{static(name)}?v={build}" for name in SHELL}


@login_not_required
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page that opens without a network. Nobody's, so that it may be kept."""
    return render(request, "desk/field.html", {"build": build()})


@login_not_required
@require_GET
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: keeps this page and its files, nothing else."""
    files = json.dumps([HERE, *files_of(build()).values()])
    made = render(request, "desk/field_worker.js", {"build": build(), "files": files})
    made["Content-Type"] = "text/javascript; charset=utf-8"
    made["Service-Worker-Allowed"] = "/desk/"
    return made


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the desk on its first screen."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    told = {
        "name": "行政执法三项制度·办案工作台", "short_name": "办案", "lang": "zh-CN", "id": "/desk/", "start_url": HERE, "scope": "/desk/",
        "display": "standalone", "background_color": "#f6f5f1", "theme_color": "#16365c", "icons": icons,
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@login_not_required
@require_GET
@never_cache
def heard(request: HttpRequest) -> HttpResponse:
    """A device asks what is new: the time, whether it must forget everything, and for whoever is signed in what sending takes."""
    now, device = timezone.now(), request.GET.get("device", "")[:36]
    known = devices_called(device)
    told: dict[str, object] = {"now": now.isoformat(), "wipe": is_gone(known), "build": build()}
    if request.user.is_authenticated and not told["wipe"]:
        person = request.user
        told |= {"person": owner_of(person), "csrf": get_token(request), "days": settings.FIELD_DAYS}
        if device and all(one.person == person.pk for one in known):
            told |= {"key": key_half(person, device), "contact": contact_of(request, device, now)}
    return answer(told, 200)


def contact_of(request: HttpRequest, device: str, now: datetime) -> str:
    """How far the device's clock is behind, signed; "" where it did not tell its time."""
    try:
        clock = datetime.fromisoformat(request.GET.get("clock", ""))
    except ValueError:
        return ""
    if timezone.is_naive(clock):
        return ""
    return Contact(device, owner_of(cast(Person, request.user)), now, (now - clock).total_seconds()).signed()


@require_POST
def along(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A case to be taken along, by whoever works on it: one look, which names the device."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    if not visitor.works_in(case.agency_id):
        raise PermissionDenied("以监督身份查看的案件不能带到现场。")
    home, name = device_home(request, visitor)
    visitor.reading.carried_by(f"带到设备 {name}，保存 {settings.FIELD_DAYS} 天")
    return answer({**taken_along(room_of(visitor, case)), "agency": str(home.pk)}, 200)


@require_POST
def blanks(request: HttpRequest) -> HttpResponse:
    """The forms that open a case, to be taken along empty: what is found in a village may be nobody's case yet."""
    visitor = visitor_of(request)
    home, _ = device_home(request, visitor)
    return answer({**blank_forms(visitor, home), "agency": str(home.pk)}, 200)


def device_home(request: HttpRequest, visitor: Visitor) -> tuple[Agency, str]:
    """The agency in whose register the device stands, which enters itself the first time, and how it is called.

    Raises PermissionDenied for a device that was withdrawn, is another's, or does not name itself as devices do.
    """
    device, name = (request.POST.get(key, "").strip()[:60] for key in ("device", "name"))
    home = visitor.home
    if home is None:
        raise PermissionDenied("今天没有岗位，不能带出。")
    known = devices_called(device)
    if is_gone(known) or any(one.person != visitor.person.pk for one in known):
        raise PermissionDenied("这台设备已经停用，或者是别人登记的，不能带出。")
    if device not in devices_in(home.pk):
        try:
            administer(REGISTER, home, visitor.person, {"device": device, "name": name or "没有命名的设备"})
        except (Unreadable, Refused) as wrong:
            raise PermissionDenied(str(wrong)) from wrong
    return home, f"{name}（编号 {device[:8]}）"
