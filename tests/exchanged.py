"""What tests of the exchange share: a connector of an office to a far end, a round of delivery at the clock's time, the commands."""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from far_end import FarEnd
from play import Clock
from sanxiang.cli import main
from sanxiang.door.administer import administer
from sanxiang.door.models import Connector, Outgoing
from sanxiang.exchange.delivery import deliver_due
from sanxiang.people.models import Agency


def connect(agency: Agency, side: FarEnd, code: str, name: str, *carries: str, **more: Any) -> Connector:
    """A system set up by the administrator."""
    told = {"code": code, "name": name, "url": side.url, "carries": list(carries), **more}
    found: Connector = administer("set-connector", agency, None, told)
    return found


def round_of(clock: Clock, hours: float = 0) -> int:
    """Deliver what is due, some hours on."""
    clock.now += timedelta(hours=hours)
    return deliver_due(clock.now)


def states() -> dict[str, int]:
    """How many messages stand where."""
    found: dict[str, int] = {}
    for state in Outgoing.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """A command's exit code and what it says in JSON."""
    capsys.readouterr()
    with patch("sanxiang.commands.exchange.setup.start"):
        code = main(["exchange", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)
