"""`sanxiang requirements`: the obligations of the schemes, and which of them a test has proved. Reads two files, no database."""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sanxiang.commands.output import Wrong, say
from sanxiang.law.packs import usable_packs

ROOT = Path(__file__).resolve().parents[3]
ROWS = ROOT / "docs" / "requirements.csv"
TRACE = ROOT / "docs" / "trace.json"


@dataclass(frozen=True)
class Requirement:
    """One obligation: the capability it belongs to, how it is built, where, and whether a test has proved it."""

    id: str
    capability: str
    status: str
    mechanism: str
    where: str


def add(sub: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Hang the command into the tree."""
    parser = sub.add_parser("requirements", parents=[common], help="逐条列出各地方案要求及其验证状态")
    parser.add_argument("--locality", metavar="L", help="只列一地，如 laizhou")
    parser.set_defaults(run=run)


def read(file: Path) -> str:
    """The text of a file that belongs to the checkout."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as reason:
        raise Wrong(
            f"读不到 {file.name}（{reason.strerror}）：请在完整的源码目录中运行，或用 make trace 重新生成。"
        ) from reason


def seeds() -> dict[str, str]:
    """Locality → the letters before its row numbers, from the pack manifests."""
    seeds = {name: str(pack.manifest.get("seed", "")) for name, pack in usable_packs().items()}
    return {name: seed for name, seed in seeds.items() if seed}


def requirements() -> Iterator[Requirement]:
    """All rows in the order of the file; a row without a proof is open."""
    trace = json.loads(read(TRACE))
    for row in csv.DictReader(read(ROWS).splitlines()):
        status = trace.get(row["id"], {}).get("status", "open")
        yield Requirement(row["id"], row["capability"], status, row["mechanism"], row["where"])


def of_locality(locality: str) -> list[Requirement]:
    """The rows of one locality; a locality that came later has none."""
    known = seeds()
    if locality not in known:
        raise Wrong(f"没有名为 {locality} 的地方规则包；现有：{'、'.join(known) or '（无）'}。")
    return [row for row in requirements() if row.id.startswith(known[locality] + "-")]


def run(args: argparse.Namespace) -> int:
    """Print the rows; for people also how many are proved."""
    rows = of_locality(args.locality) if args.locality else list(requirements())
    signs = {"carried": "已验证", "open": "未验证"}
    lines = [f"{row.id}  {row.capability}  {signs[row.status]}  {row.mechanism}".rstrip() for row in rows]
    carried = sum(row.status == "carried" for row in rows)
    say(args, [asdict(row) for row in rows], "\n".join([*lines, f"共 {len(rows)} 条，已验证 {carried} 条。"]))
    return 0
