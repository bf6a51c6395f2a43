"""What every room says in the same words: what a role is called, how a day or an amount reads. It knows no other room.

The record keeps ISO dates, plain amounts and codes; people read 2026年11月27日, 12,000元 and 执法人员.
"""

import errno
import json
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")

ROLE_NAMES = {
    "officer": "执法人员",
    "unit-head": "承办机构负责人",
    "agency-head": "行政机关负责人",
    "legal-reviewer": "法制审核人员",
    "counsel": "法律顾问、公职律师",
    "disclosure-editor": "公示员",
    "disclosure-approver": "公示审核人",
    "archivist": "档案员",
    "window-clerk": "窗口人员",
    "recording-supervisor": "记录监督员",
    "supervisor": "行政执法监督人员",
    "system-admin": "系统管理员",
    "security-admin": "安全管理员",
    "audit-admin": "审计管理员",
}
"""Every role that a post can carry, by code. 承办人 is no role: it is who handles one case."""


TROUBLES = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只能读取",
    errno.EADDRINUSE: "已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ENAMETOOLONG: "文件名太长",
}
"""What the machine says when it cannot, in Chinese; anything else goes by its number."""


def trouble_of(error: OSError) -> str:
    """Why the machine could not, in Chinese."""
    return TROUBLES.get(error.errno or 0, f"系统错误 {error.errno}")


def json_spot(error: json.JSONDecodeError) -> str:
    """Where a JSON text is not one."""
    return f"第 {error.lineno} 行第 {error.colno} 个字符处写法有误"


def role_name(role: str) -> str:
    """What a role is called, on pages, in papers, refusals and answers of the API alike."""
    return ROLE_NAMES.get(role, role)


def cn_day(value: Any) -> str:
    """A day, or the day of a moment, given as date or as ISO text; what is no date stays as it stands, nothing is ""."""
    found = _read(value)
    return f"{found.year}年{found.month}月{found.day}日" if isinstance(found, date) else found


def cn_moment(value: Any) -> str:
    """A day with its hour where one is known: 2026年11月27日9时20分."""
    found = _read(value)
    if not isinstance(found, datetime):
        return cn_day(found)
    return f"{cn_day(found)}{found.hour}时{found.minute:02d}分"


def in_brackets(text: str) -> str:
    """A remark after a sentence: （…）; nothing for nothing."""
    return f"（{text}）" if text else ""


def yuan(value: Any) -> str:
    """3,000元, or 3,000.50元 when there are jiao or fen. Amounts are in yuan; nothing is "", what is no amount stays.

    No ¥ in front: 会计基础工作规范 allows the sign or the unit, never both.
    """
    amount = amount_of(value)
    if amount is None:
        return "" if value is None else str(value)
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f}元" if whole else f"{amount:,.2f}元"


def amount_of(value: Any) -> Decimal | None:
    """Yuan rounded half up to fen; None for what is no amount."""
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        return None
    return amount.quantize(CENT, rounding=ROUND_HALF_UP) if amount.is_finite() else None


def size_text(size: Any) -> str:
    """1.4 MB; sizes as people compare them, given in bytes."""
    number = float(size)
    for unit in ("B", "KB", "MB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} GB"


def _read(value: Any) -> date | str:
    """A date, a moment where hours are given, or the text itself."""
    if isinstance(value, date):
        return value
    text = "" if value is None else str(value).strip()
    if text[4:5] != "-":
        return text  # 20260101 is a number of something, though fromisoformat would take it for a day
    try:
        return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        return text
