"""Reading the csv files of batch commands: any usual Chinese encoding, or one sentence that says what to do."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sanxiang.commands.output import Wrong, note
from sanxiang.speech import trouble_of

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_bytes(path: str) -> bytes:
    """The file's bytes, or a sentence."""
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise Wrong(f"找不到文件 {path}，请检查路径") from None
    except OSError as error:
        raise Wrong(f"文件 {path} 读不出来：{trouble_of(error)}，请检查路径和权限") from None


def decode(data: bytes, name: str) -> str:
    """Text from bytes: a byte-order mark decides, then UTF-8, then GB 18030; anything else is refused."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return decode_as(data[len(mark) :], encoding, name)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Wrong(f"{name} 是 Excel 工作簿，不是文本，请在表格软件里另存为“CSV UTF-8”再用")
    if b"\0" in data:
        raise Wrong(f"{name} 不是文本文件，请提供 UTF-8 编码的文本")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = decode_as(data, "gb18030", name)
        note(f"{name} 不是 UTF-8，已按 GB 18030（GBK）读取")
        return text


def decode_as(data: bytes, encoding: str, name: str) -> str:
    """Decode, or say that the encoding is not known."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Wrong(f"{name} 的文字编码无法识别，请另存为 UTF-8 编码再用") from None


def read_rows(
    path: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[dict[str, str]]:
    """The rows of a csv file by column name, cells exactly as written; missing cells are empty, empty lines skipped."""
    text = decode(read_bytes(path), path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Wrong(f"{path} 不是合格的 CSV（{error}），请检查引号是否成对，或在表格软件里重新另存") from None
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in required if name not in header]
    if missing:
        found = "、".join(header) if header else "空文件"
        raise Wrong(f"{path} 第一行缺少列 {'、'.join(missing)}（现有：{found}），请补上列名，用英文逗号分隔")
    places = {name: header.index(name) for name in (*required, *optional) if name in header}
    for row in rows[1:]:
        if any(row):
            yield {name: row[at] if at < len(row) else "" for name, at in places.items()}


def parse_date(text: str) -> date:
    """A date written YYYY-MM-DD; Wrong says what is amiss and how to write it."""
    match = re.fullmatch(
        r"(\d{4})\s*(?:[-/.年]|－)?\s*(\d{1,2})\s*(?:[-/.月]|－)?\s*(\d{1,2})\s*日?", text.strip()
    )
    if not match:
        raise Wrong(f"“{text}”不是日期，请写成 2026-03-01 的样子")
    year, month, day = map(int, match.groups())
    try:
        value = date(year, month, day)
    except ValueError:
        raise Wrong(f"日期“{text}”在日历上不存在，请改成真实的日期，写成 2026-03-01 的样子") from None
    if text.strip() != value.isoformat():
        raise Wrong(f"日期“{text}”写法不对，请写成 {value.isoformat()}")
    return value
