"""`python -m bench`: every measurement, on SQLite and on the PostgreSQL of SANXIANG_DATABASE_URL; one JSON object."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def run(module: str, database: str, words: list[str]) -> Any:
    """One measurement in a process and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="sanxiang-bench-") as folder:
        environment = {
            **os.environ,
            "SANXIANG_DATA": folder,
            "SANXIANG_DATABASE_URL": database,
            "PYTHONPATH": "src:.:tests",
        }
        Path(folder, "secret.key").write_text("bench" * 12)
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{module}", *words],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        return {"failed": f"bench.{module}", "exit": done.returncode}
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows")
    args = parser.parse_args()
    url = os.environ.get("SANXIANG_DATABASE_URL", "")
    door = ["--rounds", "2", "--acts", "64"] if args.quick else []
    rows = ["--rows", "12065", "--rounds", "2"] if args.quick else []
    found: dict[str, Any] = {"door": [run("door", "", door)]}
    if url:
        found["door"].append(run("door", url, door))
    costs = ["--rounds", "2", "--acts", "128"] if args.quick else []
    found["ledger"] = [run("ledger", "", costs)]
    if url and not args.quick:
        found["ledger"].append(run("ledger", url, costs))
    found |= {
        "proofs": run("proofs", "", []),
        "verify": run("verify", "", ["--entries", "20000", "--rounds", "1"] if args.quick else []),
        "ingest": run("ingest", "", ["--megabytes", "64", "--rounds", "2"] if args.quick else []),
        "papers": run("papers", "", []),
        "pages": run("pages", "", []),
        "long_case": run("long_case", "", ["--rounds", "5", "--part", "5"] if args.quick else []),
        "search": [run("search", "", rows)],
    }
    if url and not args.quick:
        found["search"].append(run("search", url, rows))
    print(json.dumps(found, ensure_ascii=False))
    return int("failed" in json.dumps(found))


if __name__ == "__main__":
    sys.exit(main())
