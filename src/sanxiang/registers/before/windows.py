"""窗口岗位公示: what stands on the sign of each window, in the fields of the scheme, and which windows lack something.

Sign and badge are made from one record. What the agency is registered with (its name, telephones) and the way to ask for progress
need not be typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.packs import Pack
from sanxiang.law.registers.kinds import WINDOW_COLUMNS
from sanxiang.people.models import Agency
from sanxiang.registers.before.told import Told

KIND = "window"
WINDOW, PLACE, MODE = WINDOW_COLUMNS
NAME, DUTIES = "姓名", "窗口职责"
MODES = {"board": "公示牌", "badge": "胸牌"}
PROGRESS = ("办理进度查询方式", "办理进度查询")
BY_CODE = "扫描二维码，或者在公示平台“办理进度”页凭查询码查询"


@dataclass(frozen=True)
class Sign:
    """What one window shows of one person on duty."""

    agency: str
    window: str
    place: str
    mode: str
    fields: tuple[tuple[str, str], ...]
    """The fields of the sign with what they say; "" where nothing is said."""
    beside: tuple[tuple[str, str], ...]
    """What is on record of the window and not on the sign: its duties where the scheme asks for them."""
    lacking: tuple[str, ...]

    @property
    def title(self) -> str:
        """The window, and who sits there."""
        name = dict(self.fields).get(NAME, "")
        return f"{self.window}　{name}" if name else self.window


def signed_fields(pack: Pack | None) -> tuple[tuple[str, ...], bool]:
    """The fields of a sign, and whether each is demanded: where the scheme names none, those of its list, of which some must be said."""
    if pack is None:
        return (NAME, DUTIES), False
    value = pack.parameter("window.fields")
    if value.is_set:
        return tuple(map(str, value.value)), True
    return tuple(map(str, pack.listed(KIND).get("fields", ()))) or (NAME, DUTIES), False


def known(organ: Agency) -> dict[str, str]:
    """What need not be typed."""
    told = {"单位": organ.name, **dict.fromkeys(PROGRESS, BY_CODE)}
    told |= dict.fromkeys(("咨询服务方式", "咨询服务"), f"电话 {organ.phone}" if organ.phone else "")
    phone = f"电话 {organ.complaint_phone}" if organ.complaint_phone else ""
    return told | dict.fromkeys(("投诉举报渠道", "投诉举报"), phone)


def signs_of(told: Told) -> list[Sign]:
    """The signs of one agency, window by window."""
    return [sign_of(told, row) for row in told.rows(KIND)]


def sign_of(told: Told, row: Mapping[str, Any]) -> Sign:
    """One row as a sign. Where no field is demanded a sign that says nothing of its own lacks all."""
    names, demanded = signed_fields(told.pack)
    given = known(told.organ)
    fields = tuple((name, str(row.get(name) or given.get(name, ""))) for name in names)
    own = [name for name in names if row.get(name)]
    duties = bool(told.pack and told.pack.setting("window.duties"))
    lacking = tuple(name for name, said in fields if not said) if demanded else ()
    if not demanded and not own:
        lacking = ("岗位工作信息",)
    if duties and not row.get(DUTIES):
        lacking = (*lacking, DUTIES)
    if not row.get(PLACE):
        lacking = (*lacking, PLACE)
    beside = ((DUTIES, str(row[DUTIES])),) if row.get(DUTIES) and DUTIES not in names else ()
    mode = next((key for key, label in MODES.items() if row.get(MODE) in (key, label)), "board")
    return Sign(told.organ.name, str(row[WINDOW]), str(row.get(PLACE, "")), mode, fields, beside, lacking)


def lacking(told: Told) -> list[Sign]:
    """The windows whose sign lacks something."""
    return [sign for sign in signs_of(told) if sign.lacking]


def strangers(told: Told, staff: frozenset[str]) -> list[Sign]:
    """The signs that name somebody who holds no post in the agency today."""
    return [sign for sign in signs_of(told) if (name := dict(sign.fields).get(NAME)) and name not in staff]
