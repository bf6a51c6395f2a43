"""From what people type to what acts take: one parser for pages, API, commands and imports."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sanxiang.law.facts import State
from sanxiang.law.identifiers import identify
from sanxiang.law.rules import Act, Field

MAX_TEXT = {"text": 500, "longtext": 20000}
"""Longer input is refused with its length, not cut."""


HEX = re.compile(r"[0-9a-f]{64}")
FILE_TEXTS = {"digest": "校验值", "name": "文件名", "sm3": "SM3 校验值", "mime": "文件类型"}
LONGEST = {"name": 200, "mime": 100}


class Unreadable(ValueError):
    """A value that cannot be what the field asks for; the message is Chinese and says how to cure it."""


def parse(act: Act, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The act's data in canonical JSON form, and a Chinese error by field name where a value cannot be read.

    Dates become ISO days, amounts plain decimals in 元, texts NFC without control characters. Keys that the act
    does not ask for are refused by name, so that nothing slips in beside the form.
    """
    data: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for item in act.fields:
        if item.name not in raw:
            continue
        try:
            value = parse_field(item, raw[item.name])
        except Unreadable as error:
            errors[item.name] = f"{item.label}：{error}"
            continue
        if value not in (None, "", [], {}):
            data[item.name] = value
    known = {f.name for f in act.fields} | {"on", "reason_for_access"}
    for name in sorted(set(raw) - known):
        errors[name] = f"{act.label}没有“{name}”这一项，请删去"
    if raw.get("on") not in (None, ""):
        try:
            data["on"] = parse_moment(str(raw["on"]))
        except Unreadable as error:
            errors["on"] = f"办理时间：{error}"
    return data, errors


def parse_field(item: Field, value: Any) -> Any:
    """One value by the field's type. Raises Unreadable."""
    if value is None or value == "":
        return None
    if item.type in ("text", "longtext"):
        return _text(item, value)
    if item.type in PARSERS:
        return PARSERS[item.type](item, value)
    if item.type in ("rows", "party", "penalty", "record", "service") or item.columns:
        return _table(item, value)
    return _text(item, value)


def carried(item: Field, facts: Mapping[str, Any]) -> Any:
    """What the case's standing facts already say of a field, so that nobody types it twice; None where they say nothing."""
    for path in filter(None, item.from_fact.split("|")):
        value: Any = facts
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        if value not in (None, "", [], {}):
            return value
    found = {c.name: value for c in item.columns if (value := carried(c, facts)) is not None}
    return found or None


def asked_one_by_one(item: Field, state: State) -> list[str]:
    """In words, the things that the rows of this field answer, in the order of their numbers from 1."""
    found: Any = state
    for key in item.each.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return ["：".join(str(v) for v in one.values()) for one in found or ()]


def clean(text: str) -> str:
    """NFC, without control characters but line breaks and tabs."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn")
    ).strip()


def _text(item: Field, value: Any) -> str:
    if not isinstance(value, (str, int)):
        raise Unreadable("应为文字")
    text = clean(str(value))
    longest = item.max_length or MAX_TEXT.get(item.type, 500)
    if len(text) > longest:
        cure = "请删减或放到附件里" if item.type == "longtext" else "请核对，写得短一些"
        raise Unreadable(f"有 {len(text)} 个字，最多 {longest} 个字，{cure}")
    return text


def parse_day(text: str) -> str:
    """A day written 2026-11-21, 2026/11/21 or 2026年11月21日, as ISO."""
    plain = (
        text.strip()
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        year, month, day = (int(p) for p in plain[:10].strip("-").split("-"))
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unreadable(f"“{text}”不是有效的日期，请写成 2026-11-21 的形式") from None


def parse_code(text: str) -> str:
    """An identity number (GB 11643) or unified code (GB 32100), checked; other papers' numbers as they are written.

    Blanks, width and case are put right. A number of 18 places that is neither, or digits of another length, is a slip of
    the pen: it would stand in the decision and be looked up by everybody. 15 digits are old numbers, still found in files.
    """
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    verdicts = {kind: identify(kind, code) for kind in ("uscc", "idcard")}
    if any(v.valid for v in verdicts.values()) or (code.isdigit() and len(code) == 15):
        return code
    if len(code) == 18 and code.isalnum():
        kind = "idcard" if code[:17].isdigit() and code[6:8] in ("18", "19", "20") else "uscc"
        raise Unreadable(f"“{text}”不对：{verdicts[kind].reason}。请照证件或营业执照核对")
    if code.isdigit() or len(code) > 18:
        raise Unreadable(f"“{text}”有 {len(code)} 位，身份证件号码和统一社会信用代码都是 18 位，请核对")
    return code


def parse_moment(text: str) -> str:
    """A day, with or without a time of day."""
    head, _, tail = text.strip().replace("T", " ").partition(" ")
    day = parse_day(head)
    if not tail:
        return day
    try:
        return f"{day}T{datetime.strptime(tail[:5], '%H:%M').time().isoformat('minutes')}"
    except ValueError:
        raise Unreadable(f"“{text}”的时间看不懂，请写成 2026-11-21 09:30 的形式") from None


def parse_money(text: Any) -> str:
    """An amount in 元 with at most two decimals, never negative."""
    plain = unicodedata.normalize("NFKC", str(text)).replace(",", "").replace("元", "").strip()
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Unreadable(f"“{text}”不是金额，请只写数字，单位是元") from None
    if not value.is_finite() or value < 0 or value >= Decimal("1e13"):
        raise Unreadable(f"“{text}”超出金额范围")
    if value != value.quantize(Decimal("0.01")):
        raise Unreadable(f"“{text}”最多写到分")
    return f"{value.normalize():f}" if value != value.to_integral() else f"{value.quantize(Decimal(1)):f}"


def _number(item: Field, value: Any) -> int:
    try:
        number = int(unicodedata.normalize("NFKC", str(value)).strip())
    except ValueError:
        raise Unreadable(f"“{value}”应为整数") from None
    if abs(number) > 2**53 - 1:
        raise Unreadable("数字太大")
    return number


def _choice(item: Field, value: Any) -> str:
    allowed = dict(item.options)
    if str(value) not in allowed:
        raise Unreadable(f"“{value}”不在可选项里：{'、'.join(f'{v}（{k}）' for k, v in item.options)}")
    return str(value)


def _multi(item: Field, value: Any) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [_choice(item, v) for v in values] if item.options else [str(v) for v in values]


def _bool(item: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value) in ("true", "on", "1", "是"):
        return True
    if str(value) in ("false", "off", "0", "否"):
        return False
    raise Unreadable("请选“是”或“否”")


def _people(item: Field, value: Any) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return list(dict.fromkeys(str(v) for v in values if v))


def _table(item: Field, value: Any) -> Any:
    """A group of fields (one row) or several rows; empty rows are dropped."""
    many = item.type == "rows"
    rows = value if many and isinstance(value, list) else [value]
    if any(not isinstance(row, Mapping) for row in rows):
        raise Unreadable("应为表格的若干行" if many else "应为一组字段")
    parsed = [found for row in rows if (found := _row(item, row))]
    return parsed if many else (parsed[0] if parsed else {})


def _row(item: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    known = {c.name: c for c in item.columns}
    if item.columns and (strange := sorted(set(row) - set(known))):
        raise Unreadable(f"没有“{'、'.join(strange)}”这些栏目")
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, column in known.items():
        try:
            value = parse_field(column, row.get(name))
        except Unreadable as error:
            wrong[name] = f"{column.label}：{error}"
            continue
        if value not in (None, "", [], {}):
            found[name] = value
    lacking = [c.label for c in item.columns if c.required and c.name not in {*found, *wrong}]
    if (found or wrong) and lacking:
        wrong["-"] = f"还缺：{'、'.join(lacking)}"
    if wrong:
        raise Unreadable("；".join(wrong.values()))
    return found


def _files(item: Field, value: Any) -> list[dict[str, Any]]:
    """Files as the store described them when they came in; the same bytes twice are one piece."""
    if not isinstance(value, list):
        raise Unreadable("应为文件的列表，每个文件照上传时的应答填写")
    found: dict[str, dict[str, Any]] = {}
    for one in value:
        file = _file(one)
        found.setdefault(file["digest"], file)
    return list(found.values())


def _file(one: Any) -> dict[str, Any]:
    if not isinstance(one, Mapping) or set(one) - {*FILE_TEXTS, "size"}:
        raise Unreadable("每个文件写明 digest、name、size，可加 sm3、mime，照上传时的应答填写")
    texts = {key: one[key] for key in FILE_TEXTS if one.get(key) not in (None, "")}
    for key, text in texts.items():
        if not isinstance(text, str) or len(text) > LONGEST.get(key, 64):
            raise Unreadable(f"{FILE_TEXTS[key]}应为不超过 {LONGEST.get(key, 64)} 个字符的文字")
    for key in ("digest", "sm3"):
        if not HEX.fullmatch(texts.get(key, "" if key == "digest" else "0" * 64)):
            raise Unreadable(f"{FILE_TEXTS[key]}应为 64 位十六进制小写字符，请先上传文件")
    if "name" not in texts:
        raise Unreadable("缺少文件名（name）")
    size = one.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise Unreadable("文件大小（size）应为大于 0 的整数，单位是字节")
    return {**texts, "name": clean(texts["name"]), "size": size}


PARSERS: dict[str, Callable[[Field, Any], Any]] = {
    "date": lambda item, value: parse_day(str(value)),
    "datetime": lambda item, value: parse_moment(str(value)),
    "money": lambda item, value: parse_money(value),
    "party-code": lambda item, value: parse_code(_text(item, value)),
    "number": _number,
    "choice": _choice,
    "multi": _multi,
    "bool": _bool,
    "officers": _people,
    "person": lambda item, value: str(value),
    "paper": lambda item, value: str(value),
    "act": lambda item, value: str(value),
    "file": _files,
}
