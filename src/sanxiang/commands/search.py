"""`sanxiang search`: the portal's own search, with the exact total."""

import argparse
from itertools import islice
from typing import Any

from sanxiang.commands.django import start
from sanxiang.commands.output import Wrong, say


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Hang the command into the tree."""
    parser = sub.add_parser("search", parents=[common], help="查询已公示的执法决定，与门户的查询相同")
    parser.add_argument("query", metavar="QUERY", help="查询词，用空格分开，须同时出现；空文字列出全部")
    parser.add_argument(
        "--limit", metavar="N", type=positive, default=20, help="最多列出多少条（默认 20，不设上限）"
    )
    parser.set_defaults(run=run)


def positive(text: str) -> int:
    """A whole number from 0 on; anything else is wrong usage."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"“{text}”应为 0 以上的整数")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Print total and results, newest first."""
    start(args)
    from sanxiang.cases.disclosure import published
    from sanxiang.cases.search import asking
    from sanxiang.cases.search.folding import TooMuch

    query = asking.Query(q=args.query)
    try:
        total = asking.count(query)
        rows = list(islice(asking.stream(query), args.limit))
    except TooMuch as refused:
        raise Wrong(str(refused)) from None
    lines = [
        f"{row.decided_on or '日期不详'}  {row.number or '（无文号）'}  {row.title or row.party}  {row.authority}"
        for row in rows
    ]
    say(
        args,
        {"total": total, "results": [published.record(row) for row in rows]},
        "\n".join([f"共 {total} 条", *lines]),
    )
    return 0
