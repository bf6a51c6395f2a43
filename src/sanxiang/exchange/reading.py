"""Files as counties have them: lines of JSON, csv in any usual Chinese encoding, Excel workbooks. Row by row, nothing judged.

A file that cannot be read at all raises Unusable, one Chinese sentence with the cure. A row that cannot be read is
yielded with its reason, so that its neighbours still count.
"""

import codecs
import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from sanxiang.exchange.headers import plain
from sanxiang.speech import trouble_of

HEADER_ROWS = 20
"""A title, a unit line, notes: the headers stand within the first rows."""

LONGEST_CELL = 32 * 1024 * 1024
UNPACKED = 2 * 1024**3
"""A workbook that unpacks to more than this is a bomb or no list."""

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_TEXT = {
    b"PK\x03\x04": "Excel 工作簿或压缩包",
    OLE: "旧版 Excel 或 Word 文件",
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"\x1f\x8b": "压缩包",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
}
EMPTY = "{name} 是空文件，没有可导入的内容；请核对导出是否成功后重新提供"


Known = Callable[[str], bool]
"""Says of a header, in plain form, whether it is one that the list in question may have."""


class Unusable(ValueError):
    """A file that cannot be used at all; the message is one Chinese sentence with the cure."""


@dataclass(frozen=True)
class Row:
    """One row: its number as people count it, its cells by header, the row as it stood, or why it cannot be read."""

    number: int
    cells: Mapping[str, Any]
    raw: str
    fault: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Table:
    """A file that could be opened: its kind, about how many rows, the headers found (none for JSON lines), the rows."""

    kind: str
    size: int
    rows: Iterator[Row]
    headers: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)


def open_table(path: Path, known: Known, asks: Sequence[str] = ()) -> Table:
    """The file as rows. `known` says of a header whether it is one we look for; the header row is where most are.

    `asks` are the columns to be named to who brings a table that has none of them.

    Raises Unusable for a file that is missing, a folder, forbidden, empty, damaged, locked or of another kind.
    """
    head = first_bytes(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in READERS:
        raise Unusable(
            f"{path.name} 的类型“{path.suffix or '无扩展名'}”不支持，请提供 .jsonl、.csv 或 .xlsx 文件"
        )
    try:
        return READERS[kind](path, head, known)
    except NoHeaders as lacking:
        example = f"，如“{'”“'.join(asks)}”" if asks else ""
        raise Unusable(f"{lacking}，请在表头写明栏目名{example}") from None


def first_bytes(path: Path) -> bytes:
    """The first bytes of a file that is there, readable and not empty. Raises Unusable."""
    try:
        with path.open("rb") as source:
            head = source.read(8192)
    except FileNotFoundError:
        raise Unusable(f"找不到文件 {path}，请检查路径和文件名") from None
    except IsADirectoryError:
        raise Unusable(f"{path} 是文件夹，请指明其中的文件") from None
    except PermissionError:
        raise Unusable(f"没有读取 {path} 的权限，请让文件所有者授予读权限，或换有权限的账户运行") from None
    except OSError as error:
        raise Unusable(f"文件 {path} 读不出来（{trouble_of(error)}），请检查磁盘和路径") from None
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise Unusable(EMPTY.format(name=path.name))
    return head


# --- text ---------------------------------------------------------------------------------------------------------


def read_lines(path: Path, head: bytes, known: Known) -> Table:
    """Lines of JSON, streamed: one object a line."""
    encoding, lines = encoding_of(path, head)
    table = Table("jsonl", lines, json_rows(path, encoding))
    if encoding == "gb18030":
        table.remarks.append("文件不是 UTF-8，已按 GB 18030（GBK）读取")
    return table


def json_rows(path: Path, encoding: str) -> Iterator[Row]:
    """Each line that is not blank, as an object or with the reason why it is none."""
    with path.open("r", encoding=encoding, errors=MARKED, newline="\n") as source:
        for number, line in enumerate(source, start=1):
            text = line.rstrip("\r\n")
            if text.strip():
                yield json_row(number, text)


def json_row(number: int, text: str) -> Row:
    """One line as a row."""
    if undecodable(text):
        return Row(number, {}, text, "这一行的文字编码已损坏，请从原系统重新导出")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return Row(number, {}, text, f"不是合格的 JSON，错在第 {error.pos + 1} 个字符处")
    except (ValueError, RecursionError):
        return Row(number, {}, text, "JSON 的数字过长或嵌套过深，无法读取")
    if not isinstance(value, dict):
        return Row(number, {}, text, "应为一个 JSON 对象（以花括号包住的一组字段）")
    return Row(number, value, text)


def undecodable(text: str) -> bool:
    """Did bytes of the file not fit its encoding? They stand in the text as lone surrogates U+DC80 to U+DCFF."""
    return not text.isascii() and BROKEN.search(text) is not None


def mark_broken(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that do not fit the encoding, in every codec; UTF-16 knows no surrogateescape."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + max(byte, 0x80)) for byte in bad), error.end


MARKED = "sanxiang-marked"
codecs.register_error(MARKED, mark_broken)
BROKEN = re.compile("[\udc80-\udcff]")


def encoding_of(path: Path, head: bytes) -> tuple[str, int]:
    """The text encoding and the number of lines. Raises Unusable for what is no text.

    A mark decides. Otherwise a file is GB 18030 when none of its lines beyond ASCII is valid UTF-8; one broken line in a
    UTF-8 file must not turn its neighbours into other characters.
    """
    for mark, name in NOT_TEXT.items():
        if head.startswith(mark):
            raise Unusable(
                f"{path.name} 实际上是{name}，不是文本；请在原软件里另存为“CSV UTF-8”，或把扩展名改回 .xlsx"
            )
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding, count_lines(path)
    if sum(byte < 32 and byte not in b"\t\n\r" for byte in head) > len(head) // 20:
        raise Unusable(f"{path.name} 不是文本文件，请提供 UTF-8 编码的文本")
    good = bad = lines = 0
    with path.open("rb") as source:
        for line in source:
            lines += 1
            if not line.isascii():
                valid = is_utf8(line)
                good, bad = good + valid, bad + (not valid)
    return ("gb18030" if bad and not good else "utf-8"), lines


def is_utf8(data: bytes) -> bool:
    """Are these bytes UTF-8?"""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def count_lines(path: Path) -> int:
    """Lines of a file; of UTF-16 about as many."""
    with path.open("rb") as source:
        return sum(1 for _ in source)


# --- csv ----------------------------------------------------------------------------------------------------------


def read_csv(path: Path, head: bytes, known: Known) -> Table:
    """A csv file with Chinese headers; comma, tab or semicolon."""
    encoding, _ = encoding_of(path, head)
    with path.open("r", encoding=encoding, errors=MARKED, newline="") as source:
        lines = list(source)
    for delimiter in (",", "\t", ";"):
        records = list(islice(csv_records(lines, delimiter), HEADER_ROWS))
        at = header_at([cells for _, cells, _, _ in records], known)
        if at is not None:
            break
    else:
        raise NoHeaders(no_headers(path, [lines[0]]))
    top, headers = records[at][0], [str(cell) for cell in records[at][1]]
    rows = table_rows(headers, (record for record in csv_records(lines, delimiter) if record[0] > top), known)
    table = Table("csv", max(len(lines) - top, 0), rows, tuple(headers))
    if encoding == "gb18030":
        table.remarks.append("文件不是 UTF-8，已按 GB 18030（GBK）读取")
    return table


Record = tuple[int, Sequence[Any], str, str]
"""Number, cells, the row as it stood, fault."""


class Lines:
    """Lines that a csv reader takes one by one and that can be gone back to."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def csv_records(lines: list[str], delimiter: str) -> Iterator[Record]:
    """Every record, numbered as a spreadsheet would. A stray quotation mark costs its own line, not all that follow."""
    csv.field_size_limit(LONGEST_CELL)
    source = Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number = 0
    while source.at < len(lines):
        start, number = source.at, number + 1
        try:
            cells = next(reader)
        except csv.Error as error:
            source.at = start + 1
            yield number, [], lines[start].rstrip("\r\n"), f"引号不成对或写法有误（{error}），请补全引号"
            continue
        except StopIteration:
            return
        raw = "".join(lines[start : source.at]).rstrip("\r\n")
        broken = "这一行的文字编码已损坏，请从原系统重新导出" if undecodable(raw) else ""
        yield number, cells, raw, broken


def header_at(records: Sequence[Sequence[Any]], known: Known) -> int | None:
    """Which row holds the headers: the one with most of what we look for, at least two; None when none does."""
    scores = [sum(known(plain(cell)) for cell in cells if cell not in (None, "")) for cells in records]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 else None


def table_rows(
    headers: Sequence[str], records: Iterator[Record], known: Known, sheet: str = ""
) -> Iterator[Row]:
    """Records below the headers as rows. Empty ones are skipped, as spreadsheets end in them, and a second row of headers
    (the codes of the data standard below the Chinese names)."""
    for number, cells, raw, fault in records:
        filled = [cell for cell in cells if cell not in (None, "") and str(cell).strip()]
        if fault:
            yield Row(number, {}, raw, fault, sheet)
        elif filled and not (len(filled) > 1 and all(known(plain(cell)) for cell in filled)):
            yield Row(number, by_header(headers, cells), raw, "", sheet)


def by_header(headers: Sequence[str], cells: Sequence[Any]) -> dict[str, Any]:
    """Cells under their headers; of two columns with the same header the first that is filled."""
    found: dict[str, Any] = {}
    for header, cell in zip(headers, cells, strict=False):
        if header and found.get(header) in (None, ""):
            found[header] = cell
    return found


class NoHeaders(Unusable):
    """No row near the top names columns that we know."""


def no_headers(path: Path, first: Sequence[Any]) -> str:
    """The sentence for a table whose headers we do not know."""
    seen = "、".join(str(cell).strip() for cell in first if str(cell).strip())[:60]
    seen = "".join(sign for sign in seen if sign.isprintable())
    top = f"首行是“{seen}”" if seen else "没有内容"
    return f"{path.name} 的前 {HEADER_ROWS} 行里找不到认识的表头（{top}）"


# --- Excel --------------------------------------------------------------------------------------------------------


def read_workbook(path: Path, head: bytes, known: Known) -> Table:
    """Every visible sheet of a workbook that has headers we know."""
    book = open_workbook(path, head)
    found, first = [], list[Any]()
    for meta in book.sheets_metadata:
        if meta.visible != calamine.SheetVisibleEnum.Visible or meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = sheet_of(path, book, meta.name)
        if sheet is None:
            continue
        top = list(islice(sheet.iter_rows(), HEADER_ROWS))
        at, first = header_at(top, known), first or next(iter(top), [])
        if at is not None:
            found.append((meta.name, sheet, at, [str(cell) for cell in top[at]]))
    if not found:
        raise NoHeaders(no_headers(path, first))
    rows = (
        row
        for name, sheet, at, headers in found
        for row in sheet_rows(sheet, at, headers, known, name if len(found) > 1 else "")
    )
    size = sum(max(sheet.total_height - at - 1, 0) for _, sheet, at, _ in found)
    return Table("xlsx", size, rows, tuple(h for _, _, _, headers in found for h in headers))


def sheet_of(path: Path, book: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet | None:
    """One sheet, None when it is empty. Raises Unusable when it is damaged."""
    try:
        sheet = book.get_sheet_by_name(name)
    except calamine.CalamineError:
        raise Unusable(f"{path.name} 的工作表“{name}”已损坏，请在表格软件里打开后另存为新的 .xlsx") from None
    return sheet if sheet.start is not None else None


def open_workbook(path: Path, head: bytes) -> calamine.CalamineWorkbook:
    """The workbook, or one sentence that says what is wrong with it."""
    if head.startswith(OLE):
        if ENCRYPTED in path.read_bytes():
            raise Unusable(f"{path.name} 设了打开密码，请在表格软件里去掉密码、另存后再导入")
    elif not head.startswith(b"PK"):
        raise Unusable(
            f"{path.name} 不是 Excel 工作簿（内容与扩展名不符），请在表格软件里另存为 .xlsx；文本请用 .csv"
        )
    elif not zipfile.is_zipfile(path):
        raise Unusable(f"{path.name} 不完整，可能没有传完或下载中断；请重新导出或重新传送后再导入")
    try:
        if head.startswith(b"PK") and unpacked(path) > UNPACKED:
            raise Unusable(f"{path.name} 解开后超过 2 GB，请拆成几个文件再导入")
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise Unusable(f"{path.name} 设了打开密码，请在表格软件里去掉密码、另存后再导入") from None
    except (calamine.CalamineError, zipfile.BadZipFile, RuntimeError, OSError):
        raise Unusable(
            f"{path.name} 已损坏或不是 Excel 工作簿，请在表格软件里打开后另存为新的 .xlsx"
        ) from None


def unpacked(path: Path) -> int:
    """Bytes that a workbook takes when unpacked, as it says itself."""
    with zipfile.ZipFile(path) as parts:
        return sum(part.file_size for part in parts.infolist())


def sheet_rows(
    sheet: calamine.CalamineSheet, at: int, headers: Sequence[str], known: Known, name: str
) -> Iterator[Row]:
    """The rows of a sheet below its headers."""
    records = (
        (number, cells, "", "") for number, cells in enumerate(sheet.iter_rows(), start=1) if number > at + 1
    )
    for row in table_rows(headers, records, known, name):
        raw = json.dumps(row.cells, ensure_ascii=False, default=as_text)
        yield Row(row.number, row.cells, raw, row.fault, row.sheet)


def as_text(value: object) -> str:
    """A cell as text: whole numbers without a decimal point, days as ISO days."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if (value.hour, value.minute, value.second) == (0, 0, 0)
            else value.isoformat(" ")
        )
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


READERS: dict[str, Callable[[Path, bytes, Known], Table]] = {
    "jsonl": read_lines,
    "ndjson": read_lines,
    "csv": read_csv,
    "txt": read_csv,
    "tsv": read_csv,
    "xlsx": read_workbook,
    "xlsm": read_workbook,
    "xls": read_workbook,
}
