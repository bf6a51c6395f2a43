"""The `carries` marker: which requirement rows a test proves, and how it went, written for `make trace`.

`@pytest.mark.carries("KY-022", locality="kaiyuan")`: at most three rows to a test, all of one locality. Whether ids exist and belong to
the locality is judged by tools/write_trace.py, which fails on an unknown one.

A row of kind `config` also names a change to the locality's pack under which the test must fail:
`carries("LZ-001", locality="laizhou", change=("187号", "188号"))`. The text is replaced wherever the pack has it; `make deep` tries it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

AT_MOST = 3


def claims_of(item: pytest.Item) -> list[dict[str, Any]]:
    """{row, locality, change} for every row that the test claims; a malformed claim stops the run."""
    claims: list[dict[str, Any]] = []
    for mark in item.iter_markers("carries"):
        locality, change = mark.kwargs.get("locality"), mark.kwargs.get("change")
        unknown = set(mark.kwargs) - {"locality", "change"}
        if (
            unknown
            or not isinstance(locality, str)
            or not mark.args
            or not all(isinstance(a, str) for a in mark.args)
        ):
            raise pytest.UsageError(f"{item.nodeid}: carries() needs row ids and locality=…")
        if change is not None and (
            len(change) != 2 or not all(isinstance(text, str) and text for text in change)
        ):
            raise pytest.UsageError(f"{item.nodeid}: change= needs the text as it is and as it must not be")
        claims += [{"row": row, "locality": locality, "change": change} for row in mark.args]
    if len(claims) > AT_MOST:
        raise pytest.UsageError(f"{item.nodeid}: carries {len(claims)} rows, at most {AT_MOST} are allowed")
    return claims


def write(file: Path, value: object) -> None:
    """JSON for tools and people."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class Recorder:
    """Collects the outcome of each marked test; lives in the process that writes the report."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.claims: dict[str, list[dict[str, Any]]] = {}
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has passed when its call passed and neither set-up nor tear-down said otherwise."""
        claims = [json.loads(str(value)) for name, value in report.user_properties if name == "carries"]
        if not claims:
            return
        self.claims[report.nodeid] = claims
        if report.outcome != "passed" or (report.when == "call" and report.nodeid not in self.outcomes):
            self.outcomes[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        """Write the report, also for a run in which no test carried anything."""
        write(
            self.file,
            [
                {"test": test, "outcome": self.outcomes.get(test, "failed"), **claim}
                for test, claims in sorted(self.claims.items())
                for claim in claims
            ],
        )


class Lister:
    """Writes all claims of a collection, for `make deep`."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """One entry a claim, in the order of the tests."""
        write(
            self.file, [{"test": item.nodeid, **claim} for item in session.items for claim in claims_of(item)]
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Reports are asked for by make; a run of a few tests must not overwrite them."""
    parser.addoption("--carries-report", metavar="FILE", help="write which requirement rows were proved")
    parser.addoption("--carries-list", metavar="FILE", help="write which rows the collected tests claim")


def pytest_configure(config: pytest.Config) -> None:
    """With xdist the controller records; workers only run tests."""
    if hasattr(config, "workerinput"):
        return
    if report := config.getoption("--carries-report"):
        config.pluginmanager.register(Recorder(Path(report)), "carries-recorder")
    if listing := config.getoption("--carries-list"):
        config.pluginmanager.register(Lister(Path(listing)), "carries-lister")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """User properties travel with the report, from a worker too."""
    for item in items:
        item.user_properties += [("carries", json.dumps(claim)) for claim in claims_of(item)]
