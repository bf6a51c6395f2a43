"""`sanxiang redact`: what the public may not read, hidden; one text, standard input, or a file of JSON lines."""

import argparse
import json
import sys
from typing import Any

from sanxiang.commands.output import Wrong
from sanxiang.commands.table import decode, read_bytes
from sanxiang.law.redact import Known, KnownError, known_from, redact

KNOWN_FORM = (
    '已知信息文件：{"people":[{"name":"姓名","role":"party|officer|witness|minor|other"}],"numbers":["号码"],'
    '"agency":{"phones":["电话"],"accounts":["账号"]},"organisations":["单位名称"]}'
)


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Put the command into the tree."""
    parser = sub.add_parser(
        "redact",
        parents=[common],
        help="隐去不宜公开的个人信息",
        description=(
            "按最严的规则隐去自然人姓名（本机关执法人员除外）、证件号码、联系方式、账号、住址等；"
            "单位名称、信用代码、文号、金额、日期和本机关的电话、账户保留。" + KNOWN_FORM
        ),
    )
    parser.add_argument("file", nargs="?", metavar="FILE|-", help="文本文件；- 为标准输入")
    parser.add_argument("--known", metavar="FILE.json", help="本案已登记的人员和号码，逐字匹配")
    parser.add_argument(
        "--batch", metavar="FILE.jsonl", help='批量：每行 {"id","text"}，逐行输出带 id 的结果'
    )
    parser.set_defaults(run=run, refuse=parser.error)


def run(args: argparse.Namespace) -> int:
    """Redact one text, or every line of a file."""
    known = read_known(args.known) if args.known else Known()
    if args.batch:
        return batch(args.batch, known)
    if not args.file:
        args.refuse(
            "没有给出文本，应如 sanxiang redact 文件.txt；用 - 读标准输入，用 --batch 给出 JSONL 文件"
        )
    data = sys.stdin.buffer.read() if args.file == "-" else read_bytes(args.file)
    result = redact(decode(data, "标准输入" if args.file == "-" else args.file), known)
    if getattr(args, "json", False):
        print(json.dumps(result.as_data(), ensure_ascii=False))
    else:
        sys.stdout.write(result.text)
    return 0


def batch(path: str, known: Known) -> int:
    """One line in, one line out; a line that cannot be used answers with its error."""
    text = decode(sys.stdin.buffer.read() if path == "-" else read_bytes(path), path)
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            print(json.dumps(answer(line, number, known), ensure_ascii=False))
    return 0


def answer(line: str, number: int, known: Known) -> dict[str, object]:
    """The result of one JSON line."""
    try:
        row = json.loads(line)
    except ValueError:
        return refusal(None, f"第 {number} 行不是 JSON，请每行写一个对象")
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return refusal(
            row.get("id") if isinstance(row, dict) else None, f"第 {number} 行缺少文字的 text，请补上"
        )
    return {"id": row.get("id")} | redact(row["text"], known).as_data()


def refusal(row_id: object, error: str) -> dict[str, object]:
    """What a bad line gets."""
    return {"id": row_id, "text": None, "spans": None, "error": error}


def read_known(path: str) -> Known:
    """The case's own people and numbers."""
    try:
        return known_from(json.loads(decode(read_bytes(path), path)))
    except KnownError as error:
        raise Wrong(f"{path}：{error}") from None
    except ValueError:
        raise Wrong(f"{path} 不是 JSON，请写成 {KNOWN_FORM.removeprefix('已知信息文件：')}") from None
