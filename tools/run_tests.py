"""`make test` and `make deep`: on SQLite, then, but for the browser stories, on a PostgreSQL of our own.

`make test` runs every test on SQLite and on PostgreSQL those that could go otherwise there; `make deep` the long ones, and on
PostgreSQL all the rest.

What follows the options goes to pytest: `python tools/run_tests.py -k penalty`.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import postgres
import system

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"
NO_TESTS = 5
"""pytest's exit code when nothing was selected: right for a selection that fits one database only."""


def pytest(label: str, selection: str, words: list[str], environment: dict[str, str]) -> int:
    """One run; its reports are what `make trace` reads. Old reports of the same name go first: a crash leaves none."""
    reports = REPORTS / f"{label}.xml", REPORTS / f"carries-{label}.json"
    for report in reports:
        report.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="sanxiang-test-") as data:
        command = [sys.executable, "-m", "pytest", "-m", selection, "-n", "2", "--dist", "loadfile"]
        command += ["--no-loadscope-reorder"]  # the order of tests/conftest.py: long files first
        command += [
            f"--junitxml={reports[0]}",
            f"--carries-report={reports[1]}",
            "-o",
            f"junit_suite_name={label}",
            *words,
        ]
        # Hundreds of tests start `sanxiang`: where Python may keep nothing, each would compile the whole source again.
        compiled = {"PYTHONDONTWRITEBYTECODE": ""}
        here = {**os.environ, **compiled, **environment, "SANXIANG_DATA": data}
        return subprocess.run(command, cwd=ROOT, env=here, stdin=subprocess.DEVNULL, check=False).returncode


def on_sqlite(deep: bool, words: list[str]) -> int:
    """Everything, browser stories included where a browser can be had."""
    selection = "deep" if deep else "not deep"
    browser = system.chromium()
    if browser is None:
        selection += " and not browser"
    label = "deep-sqlite" if deep else "sqlite"
    here = {"SANXIANG_DATABASE_URL": "", "SANXIANG_CHROMIUM": str(browser or "")}
    return pytest(label, selection, words, here)


def on_postgresql(deep: bool, words: list[str]) -> int:
    """What asks a database, but the browser stories, in a server that is gone afterwards; both forms together ask all."""
    label = "deep-postgresql" if deep else "postgresql"
    now = "(deep or not storage)" if deep else "storage and not deep"
    selection = f"database and not browser and {now}"
    with postgres.running() as url:
        return pytest(label, selection, words, {"SANXIANG_DATABASE_URL": url})


def main() -> int:
    """Both databases, whatever the first said; 0 only when both are green."""
    parser = argparse.ArgumentParser(description="在两种数据库上运行测试")
    parser.add_argument("--deep", action="store_true", help="只运行耗时的深度测试")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="只用一种数据库")
    args, words = parser.parse_known_args()
    signal.signal(signal.SIGTERM, postgres.leave)
    system.ensure()
    REPORTS.mkdir(parents=True, exist_ok=True)
    codes = []
    try:
        for name, run in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
            if args.only in (None, name):
                print(f"── {name} ──", flush=True)
                codes.append(run(args.deep, words))
    except postgres.NoServer as reason:
        raise SystemExit(str(reason)) from reason
    return int(any(code not in (0, NO_TESTS) for code in codes) or all(code == NO_TESTS for code in codes))


if __name__ == "__main__":
    sys.exit(main())
