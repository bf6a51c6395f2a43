"""One row of a list of decisions: read, flagged, held back or refused with a reason. No database.

A row is bad only when it cannot be read, has no id, or holds a value of a wrong type. What is missing is flagged; what
holds somebody's card or mobile number is kept but not shown; all other text stays as it stands.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sanxiang.door.arriving.imported import Record
from sanxiang.exchange import headers
from sanxiang.exchange.flags import HELD
from sanxiang.exchange.reading import Row, as_text
from sanxiang.law.identifiers import identify
from sanxiang.law.redact import holds_protected

COLUMNS = {
    "doc_no": "number",
    "title": "title",
    "party": "party",
    "party_type": "party_type",
    "party_code": "party_code",
    "address": "address",
    "facts": "facts",
    "basis": "basis",
    "result": "result",
    "authority": "authority",
}
"""Our JSON field → the publication's column."""

JSON_FIELDS = ("id", "record_type", *COLUMNS, "decision_date", "publish_date")
MISSING = {
    "record_type": "no-type",
    "doc_no": "no-number",
    "title": "no-title",
    "party": "no-party",
    "party_type": "no-party-type",
    "party_code": "no-code",
    "address": "no-address",
    "facts": "no-facts",
    "basis": "no-basis",
    "result": "no-result",
    "authority": "no-authority",
    "decision_date": "no-decision-date",
    "publish_date": "no-publish-date",
}
ACT_TYPES = {
    "permit": "licence",
    "许可": "licence",
    "处罚": "penalty",
    "强制": "coercion",
    "征收": "levy",
    "收费": "fee",
    "检查": "inspection",
    "确认": "confirmation",
    "裁决": "adjudication",
    "征用": "requisition",
} | {
    code: code
    for code in (
        "licence",
        "penalty",
        "coercion",
        "levy",
        "fee",
        "inspection",
        "confirmation",
        "adjudication",
        "requisition",
    )
}
PARTY_TYPES = {
    "org": "org",
    "法人及非法人组织": "org",
    "法人": "org",
    "法人或其他组织": "org",
    "法人或者其他组织": "org",
    "企业": "org",
    "单位": "org",
    "citizen": "citizen",
    "person": "citizen",
    "自然人": "citizen",
    "公民": "citizen",
    "个人": "citizen",
    "individual-business": "individual-business",
    "individual": "individual-business",
    "个体工商户": "individual-business",
    "个体": "individual-business",
}
MORE = (
    "violation",
    "kind",
    "fine",
    "confiscated",
    "licence_taken",
    "certificate",
    "certificate_no",
    "valid_from",
    "valid_until",
    "shown_until",
    "authority_code",
    "source",
    "source_code",
    "state",
    "remark",
    "legal_rep",
)
"""Columns of the data standard for which a publication has no place: they go into the ledger with the record."""

DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\s*\d{1,2}:\d{2}.*)?|(\d{4})(\d{2})(\d{2})"
)
ODD_BRACKETS = re.compile(r"[\[［【﹝(（]\s*\d{4}\s*[\]］】﹞)）]")
DIGITS = re.compile(r"\d(?:[\s\-‐-―－]{0,2}\d){10}")
"""Eleven digits, perhaps grouped: only such a text can hold a card or mobile number, and few do."""
MOBILE = re.compile(
    r"(?<![0-9A-Za-z)\].第])1[3-9]\d{9}(?![0-9A-Za-z号])(?!\s*(?:元|万|亿|吨|平方|立方|米|公斤|千克|亩))"
)
"""A mobile number, whoever's it is: also a line that an agency gives for complaints waits for somebody to look at it."""
PLANE_ENDS = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
UNSTORABLE = re.compile(f"[\0\ud800-\udfff\ufdd0-\ufdef{PLANE_ENDS}]")
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
EXACT = 10**15
SERIAL_DAYS = range(18_264, 73_051)
"""Spreadsheets count days from 1899-12-30; these are the years 1950 to 2099."""


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, and why."""

    row: Row
    reason: str


@dataclass
class Reader:
    """Reads the rows of one file for one agency. Keeps in mind which derived ids it has given out."""

    agency: str
    today: date
    limits: Mapping[str, int]
    table: bool = False
    derive: bool = False
    unknown: dict[str, None] = field(default_factory=dict)
    given: dict[str, list[str]] = field(default_factory=dict)

    def read(self, rows: Iterator[Row]) -> Iterator[tuple[Row, Record | Refusal]]:
        """Each row with what became of it."""
        for row in rows:
            yield row, self.one(row)

    def one(self, row: Row) -> Record | Refusal:
        """One row as a record, or the reason why it is none."""
        if row.fault:
            return Refusal(row, row.fault)
        cells, wrong = self.cells(row)
        if wrong:
            return Refusal(row, wrong)
        act_type = act_type_of(cells["record_type"])
        if act_type is None:
            return Refusal(
                row, f"类型“{cells['record_type'][:20]}”不认识，应为 penalty（行政处罚）或 permit（行政许可）"
            )
        digest = hashlib.sha256(row.raw.encode("utf-8", "surrogateescape")).hexdigest()
        flags: list[str] = []
        name = self.identity(row, cells, digest, flags)
        if isinstance(name, Refusal):
            return name
        return self.record(row, name, act_type, cells, digest, flags)

    def cells(self, row: Row) -> tuple[dict[str, str], str]:
        """The known fields as text, and what is wrong with their types."""
        if self.table:
            return self.table_cells(row), ""
        cells = dict.fromkeys(JSON_FIELDS, "")
        for name, value in row.cells.items():
            if name not in cells:
                self.unknown[name] = None
            elif value is not None and not isinstance(value, str):
                return cells, f"“{name}”应为文字，给的是{kind_name(value)}"
            else:
                cells[name] = value or ""
        return cells, ""

    def table_cells(self, row: Row) -> dict[str, str]:
        """The cells of a table by field; of several columns for one field the first that is filled."""
        cells = dict.fromkeys((*JSON_FIELDS, *MORE), "")
        for header, value in row.cells.items():
            name = headers.decision_field(header)
            if name is None:
                self.unknown[header] = None
            elif name != "private" and not cells[name].strip():
                cells[name] = as_text(value)
                if name in ("fine", "confiscated") and cells[name]:
                    cells[name] += headers.unit_of(header) or "万元"
        if not cells["record_type"].strip():
            cells["record_type"] = type_by_headers(row.cells)
        return cells

    def identity(self, row: Row, cells: Mapping[str, str], digest: str, flags: list[str]) -> str | Refusal:
        """The row's id; in a table without such a column, one that follows from number, party and day."""
        name = cells["id"].strip() if self.table else cells["id"]
        if self.derive:
            return self.derived(row, cells, digest, flags)
        if not name.strip():
            return Refusal(row, "没有 id（记录编号），无法判断是否已经导入")
        if UNSTORABLE.search(name):
            return Refusal(row, "id（记录编号）含有无法保存的字符")
        longest = self.limits.get("external_id", 120)
        if len(name) > longest:
            return Refusal(row, f"id（记录编号）有 {len(name)} 个字，最多 {longest} 个字")
        if any(
            isinstance(v, float) and abs(v) >= EXACT
            for h, v in row.cells.items()
            if headers.decision_field(h) == "id"
        ):
            return Refusal(row, "id（记录编号）被表格软件存成了数字，末位已经失真；请把该列设为文本后重填")
        return name

    def derived(self, row: Row, cells: Mapping[str, str], digest: str, flags: list[str]) -> str | Refusal:
        """Rows with the same number, party and day but other content are told apart by their order in the file."""
        parts = [cells["doc_no"].strip(), cells["party"].strip(), cells["decision_date"].strip()]
        if not any(parts):
            return Refusal(row, "没有编号列，也没有文号、当事人、决定日期，无法识别这条记录")
        flags.append("id-derived")
        key = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
        seen = self.given.setdefault(key, [])
        if digest not in seen:
            seen.append(digest)
        place = seen.index(digest)
        return f"auto-{key}" + (f"-{place + 1}" if place else "")

    def record(
        self, row: Row, name: str, act_type: str, cells: dict[str, str], digest: str, flags: list[str]
    ) -> Record:
        """The record with everything that is odd about it."""
        flags += [MISSING[key] for key in MISSING if not cells[key].strip()]
        flags += lossy(row) if self.table else []
        if self.table and not cells["result"].strip() and (made := composed(cells)):
            cells["result"] = made
            flags.append("composed")
        texts, whole = self.texts(cells, flags)
        decided = day_of(cells["decision_date"], "bad-decision-date", flags)
        published = day_of(cells["publish_date"], "bad-publish-date", flags)
        texts["party_type"] = PARTY_TYPES.get(texts["party_type"].strip(), texts["party_type"])
        flags += self.oddities(texts, decided, published)
        flags += protected(row, self.table)
        usable = (day for day in (decided, published) if day and day <= self.today)
        sort_on = next(usable, None)
        if sort_on is None:
            flags.append("sorted-by-import")
        extra = ("record_type", "decision_date", "publish_date", *(MORE if self.table else ()))
        source = {key: storable(cells[key])[0] for key in extra if cells[key]}
        codes = tuple(dict.fromkeys(flags))
        return Record(
            external_id=name,
            act_type=act_type,
            texts=texts,
            decided_on=decided,
            source_published_on=published,
            sort_on=sort_on or self.today,
            flags=codes,
            held=bool(HELD & set(codes)),
            whole=whole,
            source=source | {"authority": texts["authority"]},
            row_digest=digest,
        )

    def texts(self, cells: Mapping[str, str], flags: list[str]) -> tuple[dict[str, str], dict[str, str]]:
        """The texts as the columns take them, and in full those that do not fit."""
        texts, whole = {}, {}
        for key, column in COLUMNS.items():
            text, found = storable(cells[key])
            flags += found
            longest = self.limits.get(column)
            if longest and len(text) > longest:
                whole[column], text = text, text[: longest - 1] + "…"
                flags.append("too-long")
            texts[column] = text
        return texts, whole

    def oddities(
        self, texts: Mapping[str, str], decided: date | None, published: date | None
    ) -> Iterator[str]:
        """What does not fit together."""
        if texts["authority"].strip() and texts["authority"].strip() != self.agency:
            yield "other-organ"
        if texts["party_code"].strip() and not identify("uscc", texts["party_code"]).valid:
            yield "bad-code"
        if ODD_BRACKETS.search(texts["number"]):
            yield "odd-brackets"
        if decided and decided > self.today:
            yield "future-decision-date"
        if decided and published and published < decided:
            yield "publish-before-decision"


def act_type_of(text: str) -> str | None:
    """The canonical code of an act type, "" when none is given, None when it is not known."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("行政").casefold()
    return ACT_TYPES.get(plain) if plain else ""


def type_by_headers(cells: Mapping[str, Any]) -> str:
    """What a table is about, by its headers: penalties or permits; empty when both or neither."""
    text = "".join(map(headers.plain, cells))
    penalty, permit = "处罚" in text or "CF_" in text, "许可" in text or "XK_" in text
    return "penalty" if penalty and not permit else "permit" if permit and not penalty else ""


def kind_name(value: object) -> str:
    """What a JSON value is called in a sentence."""
    if isinstance(value, bool):
        return "真假值"
    return {int: "数字", float: "数字", list: "列表", dict: "对象"}.get(type(value), "其他类型")


def storable(text: str) -> tuple[str, list[str]]:
    """The text without what no database takes (NUL, half characters), and flags that say so."""
    if text.isprintable():
        return text, []
    clean = UNSTORABLE.sub("\ufffd", text)
    flags = ["unstorable"] if clean != text else []
    return clean, flags + (["control"] if CONTROL.search(clean) else [])


def day_of(text: str, flag: str, flags: list[str]) -> date | None:
    """The day in a text; a text that is no day is flagged."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    match = DAY.fullmatch(plain)
    try:
        if match:
            year, month, day = (int(part) for part in match.groups() if part)
            return date(year, month, day)
        if plain.isascii() and plain.isdigit() and int(plain) in SERIAL_DAYS:
            return (datetime(1899, 12, 30) + timedelta(days=int(plain))).date()
    except ValueError:
        pass
    flags.append(flag)
    return None


def lossy(row: Row) -> list[str]:
    """Numbers beyond 15 digits are rounded in spreadsheets; what they held is lost."""
    return (
        ["lossy-number"] if any(isinstance(v, float) and abs(v) >= EXACT for v in row.cells.values()) else []
    )


def composed(cells: Mapping[str, str]) -> str:
    """A result out of the columns that state it in parts, each as it stands."""
    parts = (("kind", ""), ("fine", "罚款"), ("confiscated", "没收"), ("licence_taken", ""))
    return "；".join(label + cells[key].strip() for key, label in parts if cells[key].strip())


def protected(row: Row, table: bool) -> list[str]:
    """Flags for card and mobile numbers anywhere in the row but its id and the columns that are never taken."""
    found: list[str] = []
    for header, value in row.cells.items():
        name = headers.decision_field(header) if table else header
        if name in ("id", "private") or value is None:
            continue
        text = (
            as_text(value) if not isinstance(value, (list, dict)) else json.dumps(value, ensure_ascii=False)
        )
        if DIGITS.search(text):
            found += [PROTECTED.get(span.type, "holds-protected") for span in holds_protected(text)]
            found += ["holds-mobile"] if MOBILE.search(unicodedata.normalize("NFKC", text)) else []
    return found


PROTECTED = {"idcard": "holds-idcard", "phone": "holds-mobile"}


def known_header(header: str) -> bool:
    """Is this a column of a list of decisions?"""
    return header in headers.DECISIONS
