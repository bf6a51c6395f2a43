"""带出设备: on which devices an officer takes cases along, and the way to make one forget them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.administer import Unreadable, administer
from sanxiang.door.recording.field_devices import GIVE_BACK, FieldDevice, devices_in
from sanxiang.law.guards import Refused

HERE = "/desk/field/devices/"


@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """One's own devices; those of the agency are the security administrator's, under 管理."""
    visitor = visitor_of(request)
    home = visitor.home
    if request.method == "POST":
        if home is None:
            raise PermissionDenied("今天没有岗位，请安全管理员停用设备。")
        try:
            administer(GIVE_BACK, home, visitor.person, {"device": request.POST.get("device", "")})
            messages.success(request, "已停用。这台设备下次连上服务器时，清除带到现场的全部内容。")
        except (Unreadable, Refused) as wrong:
            messages.error(request, str(wrong))
        return redirect(HERE)
    found = devices_in(home.pk).values() if home else ()
    mine = [one for one in found if one.person == visitor.person.pk]
    context = {"in_use": [one for one in mine if one.ended is None], "table": table_of(mine)}
    return page(request, visitor, "desk/field_devices.html", context, section="cases")


def table_of(mine: list[FieldDevice]) -> dict[str, Any]:
    """One line a device, the newest first."""
    rows = [
        {
            "cells": [
                {"text": one.name, "sub": one.id, "strong": True},
                {"text": cn_datetime(one.since)},
                {"text": f"{cn_date(one.ended)}停用" if one.ended else "在用", "sub": one.why},
            ]
        }
        for one in reversed(mine)
    ]
    columns = [{"label": x} for x in ("设备", "登记", "状态")]
    empty = {"title": "还没有带出设备", "text": "在案件页点“带到现场”，设备就登记在这里。"}
    return {"caption": "我的带出设备", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}
