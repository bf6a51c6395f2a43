"""Slips of the person who sets an installation up: each gets a Chinese sentence with its cure, and nothing stops for it."""

from collections.abc import Callable

import pytest

from installation import Installation

BUREAU = "某某县水务局"


@pytest.fixture(scope="module")
def county(installations: Callable[[], Installation]) -> Installation:
    """A bureau as `init` leaves it."""
    made = installations()
    assert made.run("init", "--locality", "kaiyuan", "--agency", BUREAU).returncode == 0
    return made


def refused(made: Installation, *words: str, stdin: str = "") -> str:
    """What a command says that answers no; it never shows its insides."""
    done = made.run(*words, stdin=stdin)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_a_holiday_notice_mistyped_stops_nothing_and_is_named(county: Installation) -> None:
    file = county.data / "calendar" / "2027.toml"
    file.parent.mkdir()
    file.write_text('year = 2027\nnotice = "试字〔2026〕1号"\nissued_on = 2026-02-30\nstatus = "published"\n')
    try:
        (found,) = [c for c in county.json("doctor", code=1)["checks"] if not c["ok"]]
        assert found["what"] == "放假安排" and "2027.toml" in found["text"] and "第 3 行" in found["text"]
        assert "2027.toml" in refused(county, "remind")
        assert "2027.toml" in refused(county, "workday", "2027-01-04")
        with county.serve():
            pass
        assert "2027.toml" in (county.data / "serve.log").read_text()
    finally:
        file.unlink()
    assert county.json("doctor")["ok"]
