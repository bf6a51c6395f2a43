"""R6: what stands beside the ledger is down: acts are still taken, alarms are visible, and the rest catches up afterwards."""

import contextlib
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import psycopg
import pytest
from figures import count, told
from places import durable, installation_on
from watching import check_history, metric, signed_up_to, watching

from authority import authority
from crowd import Crowd, check_promises, crowd_in, server
from installation import Installation
from processes import soon
from sanxiang.ledger.sequencer import ADVISORY_KEY
from sanxiang.ledger.tlog.note import parse_vkey
from witnessed import running_witness

pytestmark = pytest.mark.deep
DOWN = count("DOWN", 5)
"""Seconds for which something is down; ten minutes are 600."""
NAME = "witness.sfj.example.test"


def said(place: Installation, words: str) -> bool:
    """Do these stand in the server's log?"""
    return words in (place.data / "serve.log").read_text(errors="replace")


@contextlib.contextmanager
def working(place: Installation, crowd: Crowd, **env: str) -> Iterator[str]:
    """A server with this environment, and clients at work; afterwards they have ended."""
    crowd.over.clear()
    with server(place, urlparse(crowd.address).port or 0, env=env):
        crowd.begin(2)
        crowd.progress()
        yield crowd.address
        crowd.end()


def lag(address: str) -> int:
    """Entries that nothing is signed over."""
    return metric(address, "ledger_entries") - metric(address, "ledger_signed")


def test_the_signing_module_is_down(tmp_path: Path) -> None:
    place = installation_on(tmp_path / "data")
    crowd = crowd_in(place)
    public = parse_vkey(place.json("ledger", "vkey")["sm3"]).public.hex()
    with watching(crowd.address) as watcher:
        with working(place, crowd):
            pass
        before = len(crowd.acks)
        broken = {"SANXIANG_SM2_COMMAND": "/bin/false", "SANXIANG_SM2_PUBLIC": public}
        with working(place, crowd, **broken) as address:
            time.sleep(DOWN)
            crowd.end()
            soon(lambda: metric(address, "ledger_waiting") == 0)
            unsigned = lag(address)
            assert len(crowd.acks) > before and unsigned > 0
            assert metric(address, "ledger_unsigned_seconds") >= DOWN - 1
        assert "/bin/false" in (place.data / "serve.log").read_text(errors="replace")
        with working(place, crowd) as address:
            drained = soon(lambda: lag(address) == 0)
            crowd.end()
            signed_up_to(address)
            time.sleep(0.3)
    figures = check_promises(place, crowd)
    figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told("R6", "signer", down_s=DOWN, unsigned_meanwhile=unsigned, drained_s=drained, **figures)


def test_the_sequencer_stands_still(tmp_path: Path) -> None:
    with durable("postgresql", tmp_path) as (place, database):
        assert database is not None
        crowd = crowd_in(place)
        with watching(crowd.address) as watcher, working(place, crowd) as address:
            with psycopg.connect(database.url, autocommit=True) as holder:
                holder.execute(f"SELECT pg_advisory_lock({ADVISORY_KEY})")
                entries, before = metric(address, "ledger_entries"), len(crowd.acks)
                time.sleep(DOWN)
                soon(lambda: len(crowd.acks) > before)
                waiting = metric(address, "ledger_waiting")
                assert metric(address, "ledger_entries") <= entries + 10 and waiting > 0
            drained = soon(lambda: metric(address, "ledger_waiting") == 0)
            crowd.end()
            signed_up_to(address)
            time.sleep(0.3)
        figures = check_promises(place, crowd)
        figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told("R6", "sequencer", down_s=DOWN, waited=waiting, drained_s=drained, **figures)


def test_witness_and_time_stamp_authority_are_down(tmp_path: Path) -> None:
    place = installation_on(tmp_path / "data")
    crowd = crowd_in(place)
    ours = place.json("ledger", "vkey")["vkey"]
    folder = tmp_path / "witness"
    with authority(tmp_path / "tsa") as tsa:
        (place.data / "tsa-roots").mkdir()
        (place.data / "tsa-roots" / "root.pem").write_text(tsa.root, encoding="ascii")
        with running_witness(folder, "--name", NAME, logs=[ours]) as witness:
            theirs = witness.get("/vkey")[2].decode().split("\n")[0]
            policy = f"log {ours}\nwitness sfj {theirs} %s\nquorum sfj\n"
            (place.data / "policy").write_text(policy % witness.address, encoding="utf-8")
        good, tsa.answer = (
            tsa.answer,
            lambda query: b"",
        )  # the witness is gone, the authority answers nonsense
        with working(place, crowd, SANXIANG_TSA_URL=tsa.url) as address:
            before = len(crowd.acks)
            time.sleep(DOWN)
            crowd.progress()
            # A witness is waited for at first, and then no longer.
            soon(lambda: metric(address, "ledger_signed") > 0)
            assert metric(address, "ledger_witnessed") == 0
            soon(lambda: said(place, "见证人 sfj") and said(place, "时间戳"))
            taken, tsa.answer = len(crowd.acks) - before, good
            with running_witness(folder, "--name", NAME, logs=[ours]) as witness:
                (place.data / "policy").write_text(policy % witness.address, encoding="utf-8")
                back = time.monotonic()
                soon(lambda: any((place.data / "stamps").glob("*.tsr")), 90)
                stamped = round(time.monotonic() - back, 2)
                crowd.end()
                signed_up_to(address)
                size = metric(address, "ledger_signed")
                soon(lambda: metric(address, "ledger_witnessed") >= size, 90)
                witnessed = round(time.monotonic() - back, 2)
    figures = check_promises(place, crowd)
    told(
        "R6",
        "witness_and_authority",
        down_s=DOWN,
        taken_meanwhile=taken,
        witnessed_s=witnessed,
        stamped_s=stamped,
        **figures,
    )


def test_nothing_is_shown_that_cannot_be_written_down(tmp_path: Path) -> None:
    place = installation_on(tmp_path / "data")
    crowd = crowd_in(place)
    with working(place, crowd) as address:
        crowd.end()
        case = crowd.acks[0][1]
        status, body = shown(address, crowd, case)
        assert status == 200 and "云溪" in body
        with sqlite3.connect(place.data / "sanxiang.sqlite3", timeout=30) as rows:
            assert rows.execute("SELECT count(*) FROM ledger_access").fetchone()[0] == 1
            rows.execute(
                "CREATE TRIGGER down BEFORE INSERT ON ledger_access BEGIN SELECT RAISE(ABORT, 'down'); END"
            )
        refused = [shown(address, crowd, ack[1]) for ack in crowd.acks[:10]]
        assert all(status in (500, 503) and "云溪" not in body for status, body in refused), refused[0]
        with sqlite3.connect(place.data / "sanxiang.sqlite3", timeout=30) as rows:
            rows.execute("DROP TRIGGER down")
        assert shown(address, crowd, case)[0] == 200
    told("R6", "access_log", looks_refused=len(refused), shown_unwritten=0)


def shown(address: str, crowd: Crowd, case: str) -> tuple[int, str]:
    """Status and body of the whole case, as the API shows it."""
    request = urllib.request.Request(
        f"{address}/api/v1/cases/{case}", headers={"Authorization": f"Bearer {crowd.token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
