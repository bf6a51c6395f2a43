"""`sanxiang workday` and `sanxiang deadline`: working days and the ends of periods, one or by the file."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any

from sanxiang.commands.output import Wrong, note, say
from sanxiang.commands.table import parse_date, read_rows
from sanxiang.law.calendar import (
    WEEKDAYS,
    Calendar,
    calendar_faults,
    installation_calendar,
    national_calendar,
)
from sanxiang.law.clock import ClockError, Due, due
from sanxiang.law.places import data_folder
from sanxiang.speech import cn_day


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Put both commands into the tree."""
    workday = sub.add_parser(
        "workday",
        parents=[common],
        help="某日是不是工作日",
        description=("按国务院办公厅历年放假通知判断工作日（含调休）。批量文件是 CSV，有列 date。"),
    )
    workday.add_argument("dates", nargs="*", metavar="DATE", help="日期，写作 2026-10-10")
    workday.add_argument("--batch", metavar="FILE.csv", help="批量：有列 date 的 CSV 文件，输出 JSON 数组")
    workday.set_defaults(run=run_workday, refuse=workday.error)
    deadline = sub.add_parser(
        "deadline",
        parents=[common],
        help="推算期限届满日",
        description=(
            "起算日当日不计入。批量文件是 CSV，有列 id,start_date,n,unit,extend（extend 为 0 或 1），输出 JSON 数组。"
        ),
    )
    deadline.add_argument("--from", dest="start", metavar="DATE", help="起算事件发生之日，写作 2026-09-28")
    deadline.add_argument("--days", metavar="N", help="天数")
    deadline.add_argument("--unit", choices=("working", "calendar"), help="working 工作日，calendar 自然日")
    deadline.add_argument(
        "--extend", action="store_true", help="自然日期限届满日遇休息日的，顺延到下一个工作日"
    )
    deadline.add_argument("--batch", metavar="FILE.csv", help="批量：CSV 文件")
    deadline.set_defaults(run=run_deadline, refuse=deadline.error)


def run_workday(args: argparse.Namespace) -> int:
    """Answer for each date; in a batch a bad date answers for itself."""
    calendar = calendar_of(args)
    if args.batch:
        say(args, [workday_row(calendar, row["date"]) for row in read_rows(args.batch, ("date",))])
        return 0
    if not args.dates:
        args.refuse("没有给出日期，应如 sanxiang workday 2026-10-10，或用 --batch 给出 CSV 文件")
    days = [parse_date(text) for text in args.dates]
    say(
        args,
        [workday_answer(calendar, day) for day in days],
        "\n".join(workday_text(calendar, day) for day in days),
    )
    warn(sorted({day.year for day in days if calendar.provisional(day)}))
    return 0


def workday_answer(calendar: Calendar, day: date) -> dict[str, Any]:
    """The contract's object; a year without a notice is marked as such."""
    answer: dict[str, Any] = {"date": day.isoformat(), "workday": calendar.is_workday(day)}
    return answer | ({"provisional": True} if calendar.provisional(day) else {})


def workday_row(calendar: Calendar, text: str) -> dict[str, Any]:
    """One row of a batch."""
    try:
        return workday_answer(calendar, parse_date(text))
    except Wrong as wrong:
        return {"date": text, "workday": None, "error": str(wrong)}


def workday_text(calendar: Calendar, day: date) -> str:
    """One line for people."""
    kind = calendar.kind(day)
    word = "工作日" if calendar.is_workday(day) else "非工作日"
    more = "" if kind == word else f"（{kind}）"
    return f"{cn_day(day)} 星期{WEEKDAYS[day.weekday()]} {word}{more}{'（暂定）' if calendar.provisional(day) else ''}"


def run_deadline(args: argparse.Namespace) -> int:
    """One due date, or a file of them."""
    calendar = calendar_of(args)
    if args.batch:
        rows = read_rows(args.batch, ("id", "start_date", "n", "unit"), ("extend",))
        say(args, [deadline_row(calendar, row) for row in rows])
        return 0
    lacking = [
        name
        for name, value in (("--from", args.start), ("--days", args.days), ("--unit", args.unit))
        if value is None
    ]
    if lacking:
        args.refuse(
            f"缺少 {'、'.join(lacking)}，应如 sanxiang deadline --from 2026-09-28 --days 7 --unit working"
        )
    result = count(calendar, args.start, args.days, args.unit, args.extend)
    say(args, deadline_answer(result), "\n".join((f"届满日 {cn_day(result.date)}", *result.steps)))
    return 0


def deadline_answer(result: Due) -> dict[str, Any]:
    """The contract's object; a result that leans on an unpublished year is marked as such."""
    return {"due": result.date.isoformat()} | ({"provisional": True} if result.provisional else {})


def deadline_row(calendar: Calendar, row: dict[str, str]) -> dict[str, Any]:
    """One row of a batch; a row that cannot be counted answers with its error."""
    try:
        extend = row.get("extend", "").strip() or "0"
        if extend not in ("0", "1"):
            raise Wrong(f"extend 只能是 0 或 1，现在是“{extend}”")
        result = count(calendar, row["start_date"], row["n"], row["unit"].strip(), extend == "1")
        return {"id": row["id"]} | deadline_answer(result)
    except Wrong as wrong:
        return {"id": row["id"], "due": None, "error": str(wrong)}


def count(calendar: Calendar, start: str, n: str, unit: str, extend: bool) -> Due:
    """Parse and count, with every fault as one sentence."""
    if not re.fullmatch(r"\d+", n.strip(), re.ASCII):
        raise Wrong(f"天数“{n}”应为 0 以上的整数，如 7")
    if unit not in ("working", "calendar"):
        raise Wrong(f"单位“{unit}”不认识，请写 working（工作日）或 calendar（自然日）")
    try:
        return due(calendar, parse_date(start), int(n), unit, extend)
    except ClockError as error:
        raise Wrong(str(error)) from None


def calendar_of(args: argparse.Namespace) -> Calendar:
    """The shipped calendar, under this installation's own years where it has any."""
    folder = Path(args.data) if getattr(args, "data", None) else data_folder()
    if not folder.is_dir():
        return national_calendar()
    if faults := calendar_faults(folder):
        raise Wrong("\n".join(faults))
    return installation_calendar(folder)


def warn(years: list[int]) -> None:
    """Say on stderr which years' answers may still change."""
    if years:
        note(f"{'、'.join(map(str, years))} 年没有放假通知，按周末和法定节假日推算，结果暂定")
