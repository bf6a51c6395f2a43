"""The catalogue of a file for programs: as a table, and as XML with the metadata that an archive takes electronic files in by.

The XML follows the idea of DA/T 48 (one package of metadata around the files it names) and the elements that DA/T 46 asks of a file and
of each thing in it; it claims no schema of either, for neither publishes one.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from sanxiang.cases.csv_lines import lines
from sanxiang.law.casefile import PARTS, pages_of

HEAD = (
    "部分",
    "顺序号",
    "文号",
    "责任者",
    "题名",
    "日期",
    "页号",
    "备注",
    "类目",
    "形式",
    "校验值（SHA-256）",
    "电子文件",
)
FORMS = {"paper": "文书", "pdf": "扫描件", "image": "图片", "slip": "附卷载体"}

Rows = Mapping[str, Iterable[Mapping[str, Any]]]
Files = Mapping[str, str]
"""By reference of an item, the name of its file in the package; none for what is withheld."""


def as_csv(rows: Rows, agency: str, files: Files) -> bytes:
    """Both parts as one table."""
    table = (
        (
            PARTS[part], number, row["number"], row["maker"] or agency, row["title"], row["on"], row["pages"], row["note"], row["group"],
            FORMS.get(row["form"], ""), row["digest"] if row["ref"] in files else "", files.get(row["ref"], ""),
        )
        for part in PARTS
        for number, row in enumerate(rows.get(part, ()), 1)
    )  # fmt: skip
    return "".join(lines(HEAD, table)).encode()


ADDED = ("序号", "题名", "收到日期", "来自", "归入", "页号", "补充归档日期", "原因")


def added_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """What was added behind a bound file, one line each; the bound catalogue stays as it is."""
    table = (
        (n, row["title"], row["came_on"], row["came_from"], PARTS[row["belongs_to"]], pages_of(row), row["on"], row["reason"])
        for n, row in enumerate(rows, 1)
    )  # fmt: skip
    return "".join(lines(ADDED, table)).encode()


def as_xml(rows: Rows, told: Mapping[str, str], files: Files) -> bytes:
    """The file's own metadata in `told`, by their names, then each thing in each part."""
    root = ElementTree.Element("电子案卷")
    own = ElementTree.SubElement(root, "案卷元数据")
    for name, value in told.items():
        ElementTree.SubElement(own, name).text = printable(value)
    for part, label in PARTS.items():
        listed = list(rows.get(part, ()))
        held = ElementTree.SubElement(root, "卷内文件", {"部分": label, "件数": str(len(listed))})
        for number, row in enumerate(listed, 1):
            one = ElementTree.SubElement(held, "文件", {"顺序号": str(number)})
            told_of = {
                "文号": row["number"],
                "责任者": row["maker"] or told.get("立档单位名称", ""),
                "题名": row["title"],
                "日期": row["on"],
                "页号": row["pages"],
                "页数": str(row["count"]),
                "类目": row["group"],
                "形式": FORMS.get(row["form"], ""),
                "备注": row["note"],
            }
            for name, value in told_of.items():
                ElementTree.SubElement(one, name).text = printable(value)
            if row["ref"] in files:
                ElementTree.SubElement(one, "电子文件", {"SHA-256": row["digest"]}).text = files[row["ref"]]
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def printable(value: object) -> str:
    """Text without the signs that XML cannot hold."""
    return (
        "".join(sign for sign in str(value or "") if sign in "\t\n\r" or sign >= " ")
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )
