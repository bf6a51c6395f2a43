"""How late something came 及时: what was taken in the field into the store, a closed case into the archive. Pure."""

from datetime import date

from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import Limit, due
from sanxiang.law.packs import Pack

EVIDENCE, FILMS = "evidence.upload_limit", "av.archive_limit"
"""The parameters: how soon evidence comes in, and how soon sound and film do where the scheme says that apart."""


def limit_for(pack: Pack, film: bool, on: date) -> tuple[int, str] | None:
    """How many working days there are, and under what; None where the scheme leaves it open (方案未定).

    Sound and film are evidence too: where both are settled, the shorter of the two holds.
    """
    values = [pack.binding(key, on) for key in ((FILMS, EVIDENCE) if film else (EVIDENCE,))]
    found = [(int(value.value), str(value.citation or "")) for value in values if value.is_set]
    return min(found, default=None)


def days_over(calendar: Calendar, taken: date, came: date, working_days: int) -> int:
    """Calendar days after the last day; 0 for what came in time."""
    last = due(calendar, Limit("", taken, working_days, "working", False)).date
    return max((came - last).days, 0)
