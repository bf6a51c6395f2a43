"""`sanxiang import`: decisions of the past, open cases of an old system, lists of officers."""

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tqdm import tqdm

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, note, say

EVERY = 5
"""Seconds between two lines of progress where there is no terminal."""
SHOWN = 20
"""Rows named on the screen; all of them stand in the file beside."""


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the group."""
    group = sub.add_parser("import", help="导入历史决定、在办案件、执法人员", parents=[common])
    verbs = group.add_subparsers(dest="verb", metavar="种类", required=True)
    one = verbs.add_parser(
        "decisions",
        help="导入已公示的历史决定",
        parents=[common],
        description=(
            "逐行导入，坏行记入同名的 .rejected.csv（行号、原因、原文），不影响其他行；"
            "含身份证号或手机号的行留待核对，不公示。重复运行不会重复。"
        ),
    )
    _file(one, "FILE.jsonl|csv|xlsx")
    one.add_argument("--publish", action="store_true", help="同时公示到门户")
    one.set_defaults(run=decisions)
    one = verbs.add_parser(
        "cases",
        help="接管旧系统的在办案件",
        parents=[common],
        description=(
            "每行一件：当事人、案由、立案日期、立案号、承办人账号、案件阶段等。承办人须持有效执法证。重复运行不会重复。"
            "第一次运行须写上线日期，这一天及以后立案、决定、送达的不能接管。"
        ),
    )
    _file(one, "FILE.xlsx|csv")
    one.add_argument("--go-live", metavar="年-月-日", help="上线日期，如 2026-11-21；已登记的不用写")
    one.set_defaults(run=cases)
    _people(verbs, common)


def _people(verbs: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    one = verbs.add_parser(
        "people",
        help="导入行政执法人员清单",
        parents=[common],
        description=(
            "每行一人一证：姓名、单位、证件编号、执法类别、执法区域、证件有效期等；另有“账号”列的用该账号，否则以证件编号为账号。"
        ),
    )
    _file(one, "FILE.xlsx|csv")
    one.add_argument("--passwords", metavar="FILE.csv", help="给新账号生成初始密码，写入这个文件")
    one.add_argument(
        "--source",
        metavar="平台名称",
        default="",
        help="清单来自哪个平台；证件内容以后只能随它更新",
    )
    one.set_defaults(run=people)


def _file(parser: argparse.ArgumentParser, shape: str) -> None:
    parser.add_argument("file", metavar=shape, type=Path)
    parser.add_argument("--agency", required=True, metavar="NAME", help="本机构里登记的机关全称")


def agency_of(name: str) -> Any:
    """The agency of that name, in use. Raises Wrong with the names there are."""
    agencies = importlib.import_module("sanxiang.people.models").Agency.objects.filter(active=True)
    found = agencies.filter(name=name).first()
    if found is None:
        names = list(agencies.order_by("name").values_list("name", flat=True)[:6])
        known = (
            f"已登记的有：{'、'.join(names[:5])}{'等' if len(names) > 5 else ''}"
            if names
            else "还没有登记任何机关"
        )
        raise Wrong(
            f"没有机关“{name}”，{known}；请用登记的全称，或先运行 sanxiang init --locality 规则包编号 --agency {name}"
        )
    return found


class Bar:
    """Progress on stderr: a bar on a terminal, else a line every few seconds."""

    def __init__(self, unit: str) -> None:
        self.unit, self.told, self.done = unit, time.monotonic(), 0
        self.bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is."""
        if sys.stderr.isatty():
            if self.bar is None:
                self.bar = tqdm(total=total, unit=self.unit, desc="导入", file=sys.stderr)
            self.bar.total = total
            self.bar.update(done - self.done)
        elif time.monotonic() - self.told >= EVERY:
            self.told = time.monotonic()
            note(f"已处理 {done}/{total} {self.unit}")
        self.done = done

    def close(self) -> None:
        """Leave the last state standing."""
        if self.bar is not None:
            self.bar.close()


def run(args: argparse.Namespace, module: str, unit: str, work: Callable[[Any, Any, Bar], Any]) -> Any:
    """Do the import with progress; what cannot be used becomes a sentence."""
    setup.start(args)
    reading = importlib.import_module("sanxiang.exchange.reading")
    errors = importlib.import_module("django.db").DatabaseError
    bar = Bar(unit)
    try:
        return work(importlib.import_module(f"sanxiang.exchange.{module}"), agency_of(args.agency), bar)
    except reading.Unusable as unusable:
        raise Wrong(str(unusable)) from unusable
    except errors as error:
        raise Wrong(f"数据库不能使用（{str(error).splitlines()[0]}），请运行 sanxiang doctor 检查") from error
    except KeyboardInterrupt as stop:
        raise Wrong("已中断；写入了的整批完好，重新运行同一命令即可接着导入") from stop
    finally:
        bar.close()


def decisions(args: argparse.Namespace) -> int:
    """Import a list of decisions."""
    outcome = run(
        args,
        "loading",
        "行",
        lambda module, agency, bar: module.load_decisions(
            args.file, agency, publish=args.publish, progress=bar
        ),
    )
    return ended(args, outcome, [told(outcome)])


def told(outcome: Any) -> str:
    """The summary for people."""
    flags = importlib.import_module("sanxiang.exchange.flags")
    counts = {
        "新增": outcome.added,
        "已存在": outcome.existing,
        "更新": outcome.updated,
        "待核": outcome.held,
        "标记": outcome.flagged,
        "退回": outcome.rejected,
    }
    lines = [
        f"{outcome.file}：共 {outcome.rows} 行，用时 {outcome.seconds:.1f} 秒，{'已公示到门户' if outcome.published else '存为待公示'}。",
        "　".join(f"{name} {count}" for name, count in counts.items()),
    ]
    if outcome.flags:
        lines.append(
            "标记："
            + "；".join(f"{flags.label(code)} {count}" for code, count in outcome.flags.most_common())
        )
    if outcome.held_rows:
        lines.append(f"待核（不公示）{len(outcome.held_rows)} 行，见 {outcome.held_file}")
        lines += [
            f"  第 {r['row']} 行 {r['external_id']}：{'；'.join(r['reasons'])}"
            for r in outcome.held_rows[:SHOWN]
        ]
    lines += refusals(outcome)
    if outcome.changed:
        lines.append(
            f"已公示、来源内容有变而没有改动的 {len(outcome.changed)} 条：{'、'.join(outcome.changed[:SHOWN])}"
        )
    return "\n".join(lines + outcome.remarks)


def ended(args: argparse.Namespace, outcome: Any, lines: list[str]) -> int:
    """Say what became of the file. Exit 1 when every row was refused; with some taken or known 0, the others are listed."""
    nothing = outcome.rows > 0 and outcome.rejected == outcome.rows
    if nothing:
        lines = [*lines, f"什么也没有导入。按逐行原因改好 {outcome.file} 之后，重新运行同一命令"]
    say(args, outcome.as_json(), "\n".join(lines))
    return 1 if nothing else 0


def refusals(outcome: Any) -> list[str]:
    """The rows that were refused, the first of them by name."""
    if not outcome.rejected_rows:
        return []
    shown = [f"  第 {r['row']} 行：{r['reason']}" for r in outcome.rejected_rows[:SHOWN]]
    return [f"退回 {outcome.rejected} 行，原文和原因逐行记在 {outcome.rejected_file}", *shown]


def cases(args: argparse.Namespace) -> int:
    """Take over open cases."""
    day = _day(args.go_live)
    outcome = run(
        args,
        "handover",
        "件",
        lambda module, agency, bar: module.load_cases(args.file, agency, progress=bar, go_live=day),
    )
    lines = [
        f"{outcome.file}：共 {outcome.rows} 行。",
        f"新增 {outcome.added}　已存在 {outcome.existing}　退回 {outcome.rejected}",
    ]
    lines += [f"  {c['number'] or '未立案'}　{c['title']}　查询码 {c['code']}" for c in outcome.cases[:SHOWN]]
    return ended(args, outcome, [*lines, *refusals(outcome), *outcome.remarks])


def _day(text: str | None) -> date | None:
    """The day of going live. Raises Wrong."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Wrong(f"--go-live 的“{text}”不是有效的日期，请写成 2026-11-21 的样子") from None


def people(args: argparse.Namespace) -> int:
    """Import officers."""
    passwords = Path(args.passwords) if args.passwords else None
    outcome = run(
        args,
        "officers",
        "人",
        lambda module, agency, bar: module.load_officers(
            args.file, agency, passwords=passwords, progress=bar, source=args.source
        ),
    )
    lines = [
        f"{outcome.file}：共 {outcome.rows} 行。",
        f"新增 {outcome.added}　已存在 {outcome.existing}　更新 {outcome.updated}　退回 {outcome.rejected}",
    ]
    if outcome.passwords_file and outcome.added:
        lines.append(f"初始密码写在 {outcome.passwords_file}，请当面交付后删除")
    return ended(args, outcome, [*lines, *refusals(outcome), *outcome.remarks])
