"""`sanxiang ledger verify`: the installation against itself, one case, or a log that was handed over as files.

The last needs neither database nor Django: whoever checks an agency's log has no installation of his own.
"""

import argparse
import hashlib
import importlib
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sanxiang.commands import django as setup
from sanxiang.commands.act import REASON, case_of, looked
from sanxiang.commands.output import Wrong, say
from sanxiang.ledger.tlog.fault import FINDERS, Fault
from sanxiang.ledger.tlog.note import Key
from sanxiang.ledger.tlog.seen import Seen, read_seen
from sanxiang.ledger.tlog.verify_export import Asked, Found, is_export, known_keys, verify_export
from sanxiang.ledger.tlog.verify_lines import key_line
from sanxiang.speech import trouble_of

STATES = {"whole": "完好", "missing": "缺失", "altered": "不符", "open": "未到"}
MOST = 100
"""Faults that are told."""
SEEN_LIMIT, SECONDS = 1_000_000, 10.0


def add(verbs: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the verb."""
    one = verbs.add_parser(
        "verify", help="重新计算全部条目，与数据库和文件核对；或者核验导出的账本目录", parents=[common]
    )
    one.add_argument(
        "dir", nargs="?", metavar="DIR", help="数据目录；或者 ledger export 写出的目录，核验它不需要数据库"
    )
    one.add_argument("--case", metavar="CASE", help="只核验一个案件，逐项列出全部链接")
    one.add_argument("--reason", default="", metavar="CODE;TEXT", help=REASON)
    one.add_argument(
        "--vkey",
        action="append",
        default=[],
        metavar="VKEY",
        help="导出目录应由这把验证密钥核对签名（可以写几次）",
    )
    one.add_argument(
        "--seen",
        "--old-checkpoint",
        action="append",
        default=[],
        metavar="URL|FILE",
        help="与见证人最后见证的，或者有人从前留下的检查点、.tlog-proof 对照（可以写几次）",
    )
    one.add_argument("--policy", metavar="FILE", help="按这份见证规则判断联署，代替目录里的那份")
    one.add_argument("--hashes-only", action="store_true", help="只核对 SHA-256 的条目、瓦片和树根")
    one.add_argument("--jobs", type=int, default=0, metavar="N", help="同时用几个进程（默认同处理器数）")
    one.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    """Exit 1 when anything does not fit; all faults are listed, up to a hundred."""
    if args.dir and is_export(Path(args.dir)):
        return of_export(args, Path(args.dir).resolve())
    if args.dir and not (Path(args.dir) / "secret.key").exists():
        raise Wrong(f"{args.dir} 里没有导出的账本（checkpoint、tile），也不是本系统的数据目录，请核对路径")
    if args.dir:
        args.data = args.dir
    setup.start(args)
    return of_case(args) if args.case else of_installation(args)


def of_installation(args: argparse.Namespace) -> int:
    """Database, files, papers and evidence."""
    verifying = importlib.import_module("sanxiang.door.verifying.database")
    models = importlib.import_module("sanxiang.ledger.models")
    seen = of_others(args)
    tally = Counter[str]()
    faults = list(islice(verifying.verify_all(seen, tally), MOST))
    entries, waiting = models.Entry.objects.count(), models.Pending.objects.count()
    lost = models.Act.objects.filter(kind="lost").count()
    value = {"valid": not faults, "entries": entries, "pending": waiting, "lost": lost, **told(faults)}
    value["seals"] = {name: tally[name] for name in ("papers", "files", "untrusted")}
    text = said(faults) or f"核验通过：{entries} 条账本条目与案件、文书、证据、公示、账本文件全部一致。"
    text += sealed(tally)
    if seen and not faults:
        text += f"\n{compared(seen)}"
    if lost:
        text += (
            f"\n其中 {lost} 条只补回了账本里的条目，办理的内容在恢复备份时已经丢失；补回这件事记在账本里。"
        )
    if waiting:
        text += f"\n另有 {waiting} 条还没有编号，服务运行时自动编入，编入之后再核验。"
    say(args, value, text)
    return 1 if faults else 0


def sealed(tally: Mapping[str, int]) -> str:
    """How many signed and sealed files were looked at, as a line; "" where there are none."""
    if not tally["files"]:
        return ""
    strange = (
        f"，其中 {tally['untrusted']} 个的签发者现在不受信任或者证书已到期" if tally["untrusted"] else ""
    )
    return f"\n签名、盖章逐个核对：{tally['papers']} 份文书、{tally['files']} 个文件{strange}。"


def of_others(args: argparse.Namespace) -> list[Seen]:
    """What others have seen of this installation's logs. Raises Wrong."""
    if not args.seen:
        return []
    unsound = importlib.import_module("sanxiang.ledger.keys").Unsound
    try:
        known = importlib.import_module("sanxiang.ledger.verify_trees").all_keys()
    except unsound as error:
        raise Wrong(str(error)) from error
    return [read_one(source, known | given(args) | known) for source in args.seen]


def given(args: argparse.Namespace) -> dict[Key, int | None]:
    """The keys named on the command line, and up to which size each signed where that stands behind it. Raises Wrong."""
    return dict(_vkey(text) for text in args.vkey)


def _vkey(text: str) -> tuple[Key, int | None]:
    try:
        return key_line(text)
    except ValueError as error:
        told = f"--vkey 后面的“{text}”不是验证密钥：{error}。账本的验证密钥由账本所在机关公布（/log/vkey 的第一行）"
        raise Wrong(told) from error


def told(faults: list[Fault]) -> dict[str, Any]:
    """The faults as values, and how many were found by whose means."""
    values = [fault.as_json() for fault in faults]
    by = Counter(fault.by for fault in faults)
    return {"first": values[0] if values else None, "faults": values, "by": dict(by)}


def said(faults: Iterable[Fault]) -> str:
    """The faults in words; "" where there are none."""
    lines = [f"- {f.where}：{f.why}（由{FINDERS[f.by]}发现）" for f in faults]
    return "\n".join(["核验不通过：", *lines]) if lines else ""


def read_one(source: str, keys: Mapping[Key, int | None]) -> Seen:
    """What a witness serves or somebody kept. Raises Wrong."""
    try:
        text = fetched(source, keys) if urlsplit(source).scheme in ("http", "https") else read_text(source)
        return read_seen(text, source, keys)
    except ValueError as error:
        raise Wrong(
            f"{source} 不能用来对照：{error}。若是用更早或者更新的密钥签的，请用 --vkey 给出那把验证密钥"
        ) from error


def read_text(source: str) -> str:
    """A file's text. Raises Wrong."""
    try:
        return Path(source).read_text(encoding="utf-8")
    except OSError as error:
        raise Wrong(f"{source} 读不出来（{trouble_of(error)}），请核对路径") from error
    except UnicodeDecodeError as error:
        raise no_text(source) from error


def no_text(source: str) -> Wrong:
    """A film, a picture."""
    return Wrong(
        f"{source} 不是文本文件。检查点、.tlog-proof 和见证规则都是 UTF-8 文本，请核对是不是指错了文件"
    )


def fetched(url: str, keys: Iterable[Key]) -> str:
    """The checkpoint at an address; of a witness's own address, the one that it keeps of our log. Raises Wrong."""
    if not url.endswith("/checkpoint"):
        name = next((key.name for key in keys), "")
        url = f"{url.rstrip('/')}/{hashlib.sha256(name.encode()).hexdigest()}/checkpoint"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            data: bytes = answer.read(SEEN_LIMIT)
        return data.decode()
    except (urllib.error.URLError, OSError) as error:
        raise Wrong(f"{url} 取不到检查点（{error}），请核对地址，或者稍后再试") from error
    except UnicodeDecodeError as error:
        raise no_text(url) from error


def of_export(args: argparse.Namespace, folder: Path) -> int:
    """A folder that somebody was handed."""
    if args.case:
        raise Wrong("导出的账本里没有案件的内容，--case 只能用于数据目录")
    keys = given(args)
    policy = read_text(args.policy) if args.policy else ""
    until = {key: end for key, end in keys.items() if end is not None}
    asked = Asked(tuple(keys), policy, args.hashes_only, args.jobs, until)
    seen = [read_one(source, known_keys(folder, asked)) for source in args.seen]
    found = verify_export(folder, asked, seen)
    faults = found.faults[:MOST]
    head = found.checkpoint
    value = {
        "valid": not faults,
        "origin": head.origin if head else None,
        "entries": head.size if head else None,
        "root": head.root.hex() if head else None,
        "vkey": found.key or None,
        "trusts": "given" if found.trusted else "folder",
        "twin": found.twin,
        "subjects": found.subjects,
        "witnessed": found.witnessed,
        "quorum": found.quorum,
        "witnessed_size": found.witnessed_size,
        **told(faults),
    }
    say(args, value, said(faults) or passed(found, seen))
    return 1 if faults else 0


def compared(seen: Iterable[Seen]) -> str:
    """With what was seen elsewhere this agrees, one line each."""
    lines = []
    for one in seen:
        entry = f"，其中序号 {one.proof.index} 的一条也在原处" if one.proof else ""
        lines.append(f"已与 {one.source} 对照：那时的 {one.checkpoint.size} 条原样都在{entry}。")
    return "\n".join(lines)


def passed(found: Found, seen: Sequence[Seen]) -> str:
    """What was found good, and what that rests on."""
    head = found.checkpoint
    size = head.size if head else 0
    twin = "两棵树" if found.twin else "树（SHA-256）"
    lines = [
        f"核验通过：{size} 条条目、{found.subjects} 个对象的步骤链、{twin}的全部瓦片与签名的检查点一致。"
    ]
    if not found.twin:
        lines.append("SM3 的那棵树没有核对：没有要求，或者没有它、没有它的验证密钥。")
    if not found.trusted:
        lines.append(
            f"验证密钥取自这个目录本身：{found.key}\n请向账本的主人核对这把密钥，再用 --vkey 给出，才算数。"
        )
    if found.quorum is not None:
        reached = size if found.witnessed_size is None else found.witnessed_size
        rest = f"，其后 {size - reached} 条还在等候见证" if reached < size else ""
        lines.append(f"见证：{'、'.join(found.witnessed) or '无'}，前 {reached} 条符合见证规则{rest}。")
    lines.append(
        compared(seen)
        or "这只说明目录前后一致。历史是否改写后重新签过名，要用见证人或者从前留下的检查点对照（--seen）。"
    )
    return "\n".join(lines)


def of_case(args: argparse.Namespace) -> int:
    """Every link of one case; exit 1 when one is missing or altered."""
    of_case = importlib.import_module("sanxiang.door.verifying.case")
    case = case_of(args.case)
    looked(case, "verify", None, args.reason)
    links = of_case.links_of(case)
    broken = [link for link in links if link.state in (of_case.MISSING, of_case.ALTERED)]
    value = {
        "valid": not broken,
        "case": str(case.id),
        "links": [link.as_json() for link in links],
        "broken": [link.as_json() for link in broken],
    }
    lines = [line_of(of_case, link) for link in links]
    total = f"共 {len(links)} 项，缺失或者不符 {len(broken)} 项。"
    verdict = f"核验不通过：{total}" if broken else f"核验通过：{total}"
    say(args, value, "\n".join([*lines, verdict]))
    return 1 if broken else 0


def line_of(of_case: Any, link: Any) -> str:
    """One link as a line."""
    late = "（补录）" if link.late else ""
    why = f"：{link.why}" if link.why else ""
    return f"{STATES[link.state]} {of_case.KINDS[link.kind]} {link.label}{late}{why}"
