"""检查对象库、检查人员库: rows as offices keep them, made into those who can be drawn. Duplicates become one, and what became of
each row that is left out is kept with its reason."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sanxiang.law.drawing.order import TOKEN, Pair, digest
from sanxiang.law.identifiers import identify
from sanxiang.law.lists import Row, cell

OBJECTS, INSPECTORS = "inspection-objects", "inspectors"
CODE, NAME, NUMBER, ADDRESS = "统一社会信用代码", "对象名称", "对象编号", "地址"
KIND, TRADE, STATUS = "对象类别", "行业", "经营状态"
OBJECT_COLUMNS = (NUMBER, NAME, CODE, KIND, ADDRESS, TRADE, "信用等级", "风险等级", STATUS)
PERSON, CARD, BARRED, WHY = "姓名", "执法证号", "回避对象", "回避理由"
INSPECTOR_COLUMNS = (PERSON, CARD, "单位", "专长", BARRED, WHY)

NATURAL = ("自然人", "个人", "个体工商户", "农户")
"""Kinds of objects whose names are those of people: the public sees a digest in their place."""
ORGANISED = ("企业", "公司", "法人", "组织", "机关", "单位", "合作社", "学校", "医院", "机构")
"""What 对象类别 says of those that are no person, though the list has no code for them."""
BORN = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
"""An identity number that stands where the code of an organisation should (GB 11643)."""
WORKING = ("", "存续", "在营", "在业", "开业", "正常", "正常经营")
PARTS = re.compile(r"[、，,;；\n]+")


@dataclass(frozen=True)
class Candidate:
    """One object that can be drawn. `token` stands for it in the public list; with `salt` it shows whose it is."""

    token: str
    name: str
    code: str
    address: str
    natural: bool
    salt: str = ""
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pool:
    """Everybody of the two libraries, sorted out. `merged` and `left_out` tell why a row is not drawn by itself."""

    objects: tuple[Candidate, ...]
    officers: Mapping[str, str]
    barred: Mapping[Pair, str]
    merged: tuple[dict[str, str], ...] = ()
    left_out: tuple[dict[str, str], ...] = ()


def object_fault(row: Row) -> str:
    """What is wrong with a row of 检查对象库; "" where nothing is."""
    code = cell(row, (CODE,)).upper()
    if any(identify("idcard", cell(row, (name,)).upper()).valid for name in (NUMBER, CODE, NAME)):
        return "写了身份证号码：对象库不登记自然人的证件号码，用机关自编的对象编号"
    if code and not (judged := identify("uscc", code)).valid:
        return f"“{CODE}”{code}不成立：{judged.reason}"
    if not code and not cell(row, (ADDRESS,)):
        return f"“{CODE}”和“{ADDRESS}”都没有填写，分不清是谁"
    return ""


def inspector_fault(row: Row) -> str:
    """What is wrong with a row of 检查人员库."""
    if cell(row, (BARRED,)) and not cell(row, (WHY,)):
        return f"写了“{BARRED}”，没有写“{WHY}”"
    return ""


def plain(text: str) -> str:
    """A name or an address without what differs by hand alone."""
    return re.sub(r"\s+", "", text).translate(str.maketrans("（）", "()")).casefold()


def once(rows: Iterable[Row]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows without duplicates, and what was merged: the same code, or the same name at the same address.

    The first row stays and takes over what it lacks. Two codes are two objects, whatever their names.
    """
    kept: list[dict[str, str]] = []
    by_code: dict[str, dict[str, str]] = {}
    by_place: dict[tuple[str, str], dict[str, str]] = {}
    merged = []
    for number, raw in enumerate(rows, 1):
        row = {str(name): str(value).strip() for name, value in raw.items()}
        code, name, where = row.get(CODE, "").upper(), plain(row.get(NAME, "")), plain(row.get(ADDRESS, ""))
        same, why = by_code.get(code) if code else None, "统一社会信用代码相同"
        if same is None and name and where:
            same, why = by_place.get((name, where)), "名称和地址相同"
            same = None if same and code and same.get(CODE) and same[CODE].upper() != code else same
        if same is None:
            kept.append(row)
        else:
            merged.append(
                {"row": str(number), "name": row.get(NAME, ""), "into": same.get(NAME, ""), "why": why}
            )
            same.update({key: value for key, value in row.items() if value and not same.get(key)})
            row = same
        by_code.setdefault(row.get(CODE, "").upper() or code, row)
        by_place.setdefault((name, where), row)
    return kept, merged


def is_person(kind: str, code: str) -> bool:
    """Is an object of that 对象类别 and code to be taken for a person, whose name is not published? In doubt it is.

    The codes of sole traders 个体工商户 begin with 92 (GB 32100); who has neither such a code nor a kind that says
    organisation may be a farmer, a fisher or an operator under whatever word the list has for them.
    """
    if any(word in kind for word in NATURAL) or code.startswith("92") or BORN.fullmatch(code):
        return True
    return not (TOKEN.fullmatch(code) or any(word in kind for word in ORGANISED))


def candidate(row: Mapping[str, str], salt: str) -> Candidate:
    """An object with the token that stands for it: its code; for a person, or without a code, a salted digest."""
    code, name, address = row.get(CODE, "").upper(), row.get(NAME, ""), row.get(ADDRESS, "")
    natural = is_person(row.get(KIND, ""), code)
    if code and not natural and TOKEN.fullmatch(code):
        return Candidate(code, name, code, address, False, row=row)
    known = row.get(NUMBER) or code or f"{plain(name)}/{plain(address)}"
    return Candidate(f"x{digest(f'{salt}|{known}')[:32]}", name, code, address, natural, salt, row)


def not_drawable(row: Mapping[str, str], trades: Iterable[str]) -> str:
    """Why an object is left out; "" where it can be drawn."""
    status, trade = row.get(STATUS, ""), row.get(TRADE, "")
    if status not in WORKING:
        return f"经营状态为“{status}”"
    wanted = [one for one in trades if one]
    return f"行业“{trade}”不在本计划范围" if wanted and not any(one in trade for one in wanted) else ""


def card_token(number: str) -> str:
    """The token of an officer: the certificate's number, which the public list of officers has as well."""
    return "".join(number.split()).replace("|", "")


def conflicts(objects: Iterable[Candidate], inspectors: Iterable[Row]) -> dict[Pair, str]:
    """Pairs of an object and an officer who must stay away from it, each with the reason as registered."""
    known: dict[str, list[str]] = {}
    for one in objects:
        for word in {one.code, plain(one.name), one.row.get(NUMBER, "")} - {""}:
            known.setdefault(word, []).append(one.token)
    found = {}
    for row in inspectors:
        card, why = card_token(cell(row, (CARD,))), cell(row, (WHY,))
        for word in PARTS.split(cell(row, (BARRED,))):
            for token in known.get(word.strip().upper(), known.get(plain(word), [])):
                found[token, card] = why
    return found
