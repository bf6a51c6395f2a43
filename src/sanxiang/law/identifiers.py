"""Check digits of official identifiers, judged exactly as written.

Nothing is repaired: where another way of writing (case, width, blanks, hyphen) would pass, the reason says which.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import mul

from sanxiang.law.calendar import china_today

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: no I, O, S, V, Z."""
USCC_WEIGHTS = tuple(pow(3, k, 31) for k in range(17))
USCC_VALUES = {char: value for value, char in enumerate(USCC_CHARS)}
USCC_FIRST = "123456789ANY"
ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_VALUES = {char: value for value, char in enumerate(ORG_CHARS)}
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
PROVINCES = frozenset(
    region + digit
    for region, digits in (
        ("1", "12345"),
        ("2", "123"),
        ("3", "1234567"),
        ("4", "123456"),
        ("5", "01234"),
        ("6", "12345"),
        ("7", "1"),
        ("8", "123"),
    )
    for digit in digits
)
"""GB/T 2260 province parts; 81, 82, 83 stand in residence permits of people from Hongkong, Macao and Taiwan."""
NATIONWIDE = "10"
"""Area 100000 in a unified code: registered by an organ of the state itself."""
EARLIEST_BIRTH = 1880


@dataclass(frozen=True)
class Verdict:
    """Whether a value is valid; if not, why, in Chinese. The reason of a valid value is empty."""

    value: str
    valid: bool
    reason: str = ""

    def as_data(self) -> dict[str, object]:
        """The JSON form of the contract."""
        return {"value": self.value, "valid": self.valid, "reason": self.reason}


def identify(kind: str, value: str, today: date | None = None) -> Verdict:
    """Judge `value` as a `uscc`, `idcard` or `orgcode`. Raises KeyError for another kind."""
    fault = FAULTS[kind](value, today or china_today())
    if not fault:
        return Verdict(value, True)
    cure = repaired(kind, value, today or china_today())
    return Verdict(value, False, f"{fault}；若是“{cure}”则有效，请照此填写" if cure else fault)


def repaired(kind: str, value: str, today: date) -> str:
    """The same characters written properly, when that passes; else an empty string."""
    form = re.sub(r"[\s\-‐‑‒–—―－·.]", "", unicodedata.normalize("NFKC", value)).upper()
    if kind == "orgcode" and len(form) == 9:
        form = f"{form[:8]}-{form[8:]}"
    return form if form != value and not FAULTS[kind](form, today) else ""


def uscc_fault(value: str, today: date) -> str:
    """Why a unified social credit code (GB 32100-2015) is invalid, or an empty string."""
    if fault := shape_fault(value, 18, USCC_CHARS, "统一社会信用代码", "0—9 和不含 I、O、S、V、Z 的大写字母"):
        return fault
    if value[0] not in USCC_FIRST:
        return f"第 1 位“{value[0]}”不是登记管理部门代码（应为 1—9、A、N、Y）"
    if not value[2:8].isdigit() or (value[2:4] not in PROVINCES and value[2:4] != NATIONWIDE):
        return f"第 3—8 位“{value[2:8]}”不是行政区划代码（省级部分不存在）"
    if org_check(value[8:16]) != value[16]:
        return f"第 17 位（组织机构代码校验码）应为 {org_check(value[8:16])}，现在是 {value[16]}"
    if uscc_check(value) != value[17]:
        return f"第 18 位（校验码）应为 {uscc_check(value)}，现在是 {value[17]}"
    return ""


def idcard_fault(value: str, today: date) -> str:
    """Why a citizen's identity number (GB 11643, residence permits included) is invalid, or an empty string."""
    if re.fullmatch(r"[0-9]{15}", value):
        longer = f"{value[:6]}19{value[6:]}"
        return f"15 位旧号码已停用，18 位号码可能是 {longer}{id_check(longer)}，请核对证件"
    if fault := shape_fault(value, 18, "0123456789X", "身份证号码", "数字，末位可为大写 X"):
        return fault
    if not value[:17].isdigit():
        return "X 只能出现在第 18 位"
    if value[:2] not in PROVINCES:
        foreign = "（首位 9 的外国人永久居留身份证不属此类）" if value[0] == "9" else ""
        return f"第 1—2 位“{value[:2]}”不是省级区划代码{foreign}"
    try:
        birth = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return f"第 7—14 位“{value[6:14]}”不是真实的日期"
    if not date(EARLIEST_BIRTH, 1, 1) <= birth <= today:
        return f"出生日期 {birth} 应在 {EARLIEST_BIRTH} 年至今天之间"
    if id_check(value) != value[17]:
        return f"第 18 位（校验码）应为 {id_check(value)}，现在是 {value[17]}"
    return ""


def orgcode_fault(value: str, today: date) -> str:
    """Why an organisation code (GB 11714, with its hyphen) is invalid, or an empty string."""
    match = re.fullmatch(r"([0-9A-Z]{8})-([0-9X])", value)
    if not match:
        return "组织机构代码应为 8 位数字或大写字母、连字符“-”和 1 位校验码，如 12345678-X 的样子"
    if org_check(match[1]) != match[2]:
        return f"校验码应为 {org_check(match[1])}，现在是 {match[2]}"
    return ""


def shape_fault(value: str, length: int, allowed: str, name: str, letters: str) -> str:
    """Wrong length or a character that cannot occur."""
    if value != value.strip() or re.search(r"\s", value):
        return f"{name}里有空白"
    for place, char in enumerate(value, 1) if set(value).difference(allowed) else ():
        if char not in allowed:
            return f"第 {place} 位“{char}”不合规定，{name}只用{letters}"
    return "" if len(value) == length else f"{name}应为 {length} 位，现在是 {len(value)} 位"


def uscc_check(value: str) -> str:
    """The 18th character of a unified code from its first 17."""
    total = sum(map(mul, map(USCC_VALUES.__getitem__, value[:17]), USCC_WEIGHTS))
    return USCC_CHARS[-total % 31]


def org_check(body: str) -> str:
    """The check digit of an organisation code from its 8 characters (GB 11714)."""
    total = sum(map(mul, map(ORG_VALUES.__getitem__, body), ORG_WEIGHTS))
    return "0123456789X0"[11 - total % 11]


def id_check(value: str) -> str:
    """The 18th character of an identity number from its first 17 digits (GB 11643)."""
    return ID_CHECKS[sum(int(char) * weight for char, weight in zip(value, ID_WEIGHTS, strict=False)) % 11]


FAULTS: Mapping[str, Callable[[str, date], str]] = {
    "uscc": uscc_fault,
    "idcard": idcard_fault,
    "orgcode": orgcode_fault,
}
KINDS = tuple(FAULTS)
