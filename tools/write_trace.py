"""`make trace`: write docs/trace.json from the reports of the last test runs.

A row is carried when a marked test passed and none failed, on any database, in the locality it belongs to.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from sanxiang.commands.requirements import ROWS, TRACE, seeds

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"


class Claim(NamedTuple):
    """That a test proves a row, and how the test went."""

    row: str
    locality: str
    test: str
    outcome: str
    run: str
    tried: bool
    """Does the mark name a change of the pack that the test must notice?"""


def claims(reports: Path) -> list[Claim]:
    """Every marked test of every report."""
    found: list[Claim] = []
    for file in sorted(reports.glob("carries-*.json")):
        run = file.stem.removeprefix("carries-")
        for entry in json.loads(file.read_text(encoding="utf-8")):
            named = (entry["row"], entry["locality"], entry["test"], entry["outcome"])
            found.append(Claim(*named, run, bool(entry["change"])))
    return found


def errors(kinds: dict[str, str], found: list[Claim]) -> list[str]:
    """Marks that name no row, or a row of another locality, or one that the pack settles and no change of the pack tries."""
    letters, wrong = seeds(), []
    tried = {claim.row for claim in found if claim.tried}
    for claim in found:
        if claim.row not in kinds:
            wrong.append(f"{claim.test}：没有编号为 {claim.row} 的要求")
        elif letters.get(claim.locality) != claim.row.split("-")[0]:
            wrong.append(f"{claim.test}：{claim.row} 不属于 {claim.locality}")
        elif kinds[claim.row] == "config" and claim.row not in tried:
            wrong.append(f"{claim.test}：{claim.row} 由规则包决定，标记须写明 change=")
    return sorted(set(wrong))


def state(found: list[Claim]) -> dict[str, object]:
    """What trace.json says about one row."""
    outcomes = {claim.outcome for claim in found}
    carried = "passed" in outcomes and "failed" not in outcomes
    passed = [claim for claim in found if claim.outcome == "passed"]
    return {
        "status": "carried" if carried else "open",
        "tests": sorted({claim.test for claim in passed}),
        "runs": sorted({claim.run for claim in passed}),
    }


def table(rows: list[dict[str, str]], trace: dict[str, dict[str, object]]) -> list[str]:
    """Carried of all, capability by capability and locality by locality; a dash where the scheme has no such row."""
    letters = list(seeds().values())
    counted: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row in rows:
        done = trace[row["id"]]["status"] == "carried"
        for key in (
            (row["capability"], row["id"][:2]),
            (row["capability"], ""),
            ("合计", row["id"][:2]),
            ("合计", ""),
        ):
            counted[key].append(done)

    def line(code: str) -> str:
        cells = [counted.get((code, one), []) for one in (*letters, "")]
        shown = [f"{sum(c)}/{len(c)}" if c else "—" for c in cells]
        whole = counted[code, ""]
        return (
            f"{code:<5}" + "".join(f"{cell:>8}" for cell in shown) + f"{100 * sum(whole) / len(whole):>6.0f}%"
        )

    head = "     " + "".join(f"{name:>8}" for name in (*letters, "全部"))
    return [head, *(line(code) for code in sorted({row["capability"] for row in rows})), line("合计")]


def main() -> int:
    """Write the file, or say which marks are wrong."""
    parser = argparse.ArgumentParser(description="由测试报告写出 docs/trace.json")
    parser.add_argument("--reports", type=Path, default=REPORTS, help="测试报告目录")
    parser.add_argument("--out", type=Path, default=TRACE, help="写到哪个文件")
    args = parser.parse_args()
    if not any(args.reports.glob("carries-*.json")):
        raise SystemExit(f"{args.reports} 里没有测试报告：请先运行 make test。")
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [row["id"] for row in rows]
    found = claims(args.reports)
    if wrong := errors({row["id"]: row["kind"] for row in rows}, found):
        raise SystemExit("\n".join(wrong))
    by_row = defaultdict(list)
    for claim in found:
        by_row[claim.row].append(claim)
    trace = {row: state(by_row[row]) for row in ids}
    args.out.write_text(json.dumps(trace, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    carried = sum(entry["status"] == "carried" for entry in trace.values())
    print("\n".join(table(rows, trace)))
    print(f"{len(ids)} 条要求，已验证 {carried} 条；已写入 {args.out.name}。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
