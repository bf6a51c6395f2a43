"""The `carries` marker: which requirement rows a test proves, and how it went, written for `make trace`.

`@pytest.mark.carries("KY-022", locality="kaiyuan")`: at most three rows to a test, all of one locality. Whether ids exist and belong
to the locality is judged by tools/write_trace.py, which fails on an unknown one.
"""

import json
from pathlib import Path

import pytest

AT_MOST = 3


def rows_of(item: pytest.Item) -> list[tuple[str, str]]:
    """(id, locality) of every row that the test claims; a malformed claim stops the run."""
    rows: list[tuple[str, str]] = []
    for mark in item.iter_markers("carries"):
        locality = mark.kwargs.get("locality")
        if not isinstance(locality, str) or not mark.args or not all(isinstance(a, str) for a in mark.args):
            raise pytest.UsageError(f"{item.nodeid}: carries() needs row ids and locality=…")
        rows += [(row, locality) for row in mark.args]
    if len(rows) > AT_MOST:
        raise pytest.UsageError(f"{item.nodeid}: carries {len(rows)} rows, at most {AT_MOST} are allowed")
    return rows


class Recorder:
    """Collects the outcome of each marked test; lives in the process that writes the report."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.rows: dict[str, list[list[str]]] = {}
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has passed when its call passed and neither set-up nor tear-down said otherwise."""
        claimed = [value for name, value in report.user_properties if name == "carries"]
        if not claimed:
            return
        self.rows[report.nodeid] = [str(value).split("@") for value in claimed]
        before = self.outcomes.get(report.nodeid)
        if report.outcome != "passed" or (report.when == "call" and before is None):
            self.outcomes[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        """Write the report, also for a run in which no test carried anything."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        tests = [
            {"test": test, "outcome": self.outcomes.get(test, "failed"), "rows": rows}
            for test, rows in sorted(self.rows.items())
        ]
        self.file.write_text(json.dumps(tests, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The report is asked for by `make test`; a run of a few tests must not overwrite it."""
    parser.addoption("--carries-report", metavar="FILE", help="write which requirement rows were proved")


def pytest_configure(config: pytest.Config) -> None:
    """With xdist the controller records; workers only run tests."""
    file = config.getoption("--carries-report")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(file)), "carries-recorder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """User properties travel with the report, from a worker too."""
    for item in items:
        item.user_properties += [("carries", f"{row}@{locality}") for row, locality in rows_of(item)]
