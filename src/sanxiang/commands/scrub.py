"""`sanxiang scrub`: hash stored files again, as the server does at night, and name what is missing or altered."""

import argparse
import importlib
from collections.abc import Iterator
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say

WORDS = {"missing": "不见了", "altered": "被改动或者读不出来"}


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the command."""
    text = "重新计算文书、证据文件的校验值（服务每天凌晨自动核一部分），结果记入账本"
    one = sub.add_parser("scrub", help=text, parents=[common])
    one.add_argument("--all", action="store_true", help="从头核全部文件，不限时间")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 1 when a file is missing or altered."""
    setup.start(args)
    scrub = importlib.import_module("sanxiang.door.log.scrub")
    now = importlib.import_module("django.utils.timezone").now()
    fault = importlib.import_module("sanxiang.cases.shelves").StoreFault
    try:
        found = scrub.run(now, everything=args.all)
    except fault as away:
        raise Wrong(f"{away}。已经核过的不用重来") from away
    if found is None:
        raise Wrong("另一个进程正在巡检，请等它结束；刚刚中断的，十分钟后再试")
    bad = found["missing"] + found["altered"]
    lines = [line for one in found["faults"] for line in told(one)]
    verdict = f"核了 {found['read']} 个文件，{found['bytes'] / 1e6:.1f} MB，缺失 {found['missing']} 个，不符 {found['altered']} 个"
    after = f"；本轮还剩 {found['left']} 个" if found["left"] else "；本轮已经核完"
    say(args, {"ok": not bad, **found}, "\n".join([*lines, f"{verdict}{after}。"]))
    return 1 if bad else 0


def told(one: dict[str, Any]) -> list[str]:
    """A fault, once for each row that names the file."""
    models = importlib.import_module("sanxiang.cases.models")
    rows = {"paper": models.Paper, "evidence": models.Evidence, "derivative": models.Derivative}
    lines = []
    for cite in one["cited"]:
        case = models.Case.objects.get(pk=cite["case"])
        what = f"{rows[cite['kind']]._meta.verbose_name}“{rows[cite['kind']].objects.get(pk=cite['id'])}”"
        where = f"案件 {case.number or case.code}《{case.title}》的{what}"
        lines.append(f"- {where}：文件{WORDS[one['fault']]}（{one['digest']}）")
    return lines


LATE_DAYS = 3
"""Nights without a look before `doctor` says so: a server that is off over a weekend is no fault."""


def about_store() -> Iterator[dict[str, Any]]:
    """What `doctor` finds out about the place where papers and evidence lie."""
    place = importlib.import_module("django.conf").settings.STORE
    if place is None:
        yield {"what": "文件存储", "ok": True, "text": "存放在本机的数据目录"}
        return
    probe = importlib.import_module("sanxiang.cases.store_probe")
    wrong = probe.works(place)
    where = f"{place.endpoint} 的存储桶 {place.bucket}"
    yield {"what": "文件存储", "ok": not wrong, "text": wrong or f"{where}可以存取"}
    if not wrong:
        yield {"what": "对象锁定", "ok": True, "text": probe.lock(place).told}


def about_scrub() -> Iterator[dict[str, Any]]:
    """What `doctor` says of the nightly look."""
    row = importlib.import_module("sanxiang.cases.models").Scrub.objects.first()
    cn_date = importlib.import_module("sanxiang.cases.templatetags.show").cn_date
    today = importlib.import_module("django.utils.timezone").localdate()
    if row is None or row.ran_on is None:
        yield {"what": "文件巡检", "ok": True, "text": "还没有巡检过，服务每天凌晨自动进行"}
        return
    bad = row.last["missing"] + row.last["altered"]
    late = (today - row.ran_on).days > LATE_DAYS
    text = f"{cn_date(row.ran_on)}核了 {row.last['read']} 个文件，缺失 {row.last['missing']} 个，不符 {row.last['altered']} 个"
    if bad:
        text += "。请运行 sanxiang ledger verify 查明，并从备份恢复"
    elif late:
        text += "，之后没有再核。请检查 sanxiang serve 是否一直运行，或手工运行 sanxiang scrub"
    yield {"what": "文件巡检", "ok": not bad and not late, "text": text}
