"""What the ledger costs (issue: bench of the ledger), on the database of the environment.

ratio        an act's rows with its leaf, chain and place in the queue ÷ the same rows without, 32 clients
ratio_live   the same while sequencer, both trees and both signatures run on the same cores, and a witness on loopback; in the
             rounds of bare rows between, these stand still
delay        seconds from the acknowledgement of an act to the first served checkpoint that covers it, under that load;
             `witnessed` up to the first one that bears the witness's line
bytes        what an act takes, in the database and in the files of both trees
"""

import argparse
import json
import multiprocessing
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection

from bench import door, door_modes
from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Act, Checkpoint, Cosignature, Entry, Opening
from sanxiang.ledger.sequencer import sequence_all

CLIENTS, ACTS_A_ROUND, ROUNDS = 32, 640, 5
NAME = "witness.bench.test"


def client(pipe: Connection, barrier: Barrier, case: str, officers: list[str]) -> None:
    """One client of `door.client`'s kind, which also tells when each of its acts was acknowledged."""
    run = door_modes.modes(uuid.UUID(case), {"officers": officers, **door.EVIDENCE})
    while (order := pipe.recv()) is not None:
        mode, acts = order
        barrier.wait()
        began, told = time.perf_counter(), []
        for _ in range(acts):
            run[mode]()
            told.append(time.time())
        pipe.send((began, time.perf_counter(), told))
    connection.close()


@contextmanager
def sequencer(folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The worker's loops in a process and session of their own, as `serve` starts them, with a witness beside them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = keys.vkey(keys.origin())
    words = ["witness", "serve", "--data", str(folder / "witness"), "--port", str(port), "--name", NAME]
    witness = subprocess.Popen(
        [sys.executable, "-m", "sanxiang", *words, "--log", ours], stderr=subprocess.DEVNULL
    )
    theirs = answered(f"http://127.0.0.1:{port}/vkey")
    policy = f"log {ours}\nwitness w {theirs} http://127.0.0.1:{port}\nquorum w\n"
    (settings.DATA / "policy").write_text(policy, encoding="utf-8")
    program = (
        "import django; django.setup(); from sanxiang.door import worker; worker.begin(); worker.stop.wait()"
    )
    loop = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    try:
        yield [loop, witness]
    finally:
        for process in (loop, witness):
            process.terminate()
            process.wait()
        (settings.DATA / "policy").unlink()


def answered(address: str) -> str:
    """The first line at an address, once somebody answers there."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return str(answer.readline().decode().strip())
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


class Watch:
    """Reads the served checkpoint all the time, and notes when each size was first seen, with and without the witness."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, int]] = []
        self.witnessed: list[tuple[float, int]] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Look every five milliseconds."""
        file, last = ACTS.folder("sha256") / "checkpoint", ""
        while not self.over.wait(0.005):
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            if text and text != last:
                last, size = text, int(text.split("\n")[1])
                self.seen.append((time.time(), size))
                if NAME in text:
                    self.witnessed.append((time.time(), size))

    def delays(self, told: dict[int, float], seen: list[tuple[float, int]]) -> list[float]:
        """How long each index waited for the first checkpoint that covers it."""
        found, at = [], 0
        for index in sorted(told):
            while at < len(seen) and seen[at][1] <= index:
                at += 1
            if at < len(seen):
                found.append(max(0.0, seen[at][0] - told[index]))
        return found


def measure(clients: int, acts: int, rounds: int) -> dict[str, Any]:
    """Rates of rows and ledger in interleaved rounds, without and with the live sequencer; delays; bytes."""
    cases, officers = door_modes.prepare(clients)
    keys.make_keys()
    sequence_all()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    pipes = []
    for case in cases:
        ours, theirs = context.Pipe()
        context.Process(target=client, args=(theirs, barrier, str(case), officers), daemon=True).start()
        pipes.append(ours)
    once(pipes, "ledger", 2)
    rates: dict[str, list[float]] = {"rows": [], "ledger": [], "rows_beside": [], "live": []}
    told: list[float] = []
    for _ in range(rounds):
        for mode in ("rows", "ledger"):
            rates[mode].append(once(pipes, mode, acts)[0])
    sequence_all()
    with tempfile.TemporaryDirectory() as folder, sequencer(Path(folder)) as processes:
        wait_signed()
        watch = Watch()
        first = Entry.objects.count()
        for _ in range(rounds):
            with stopped(processes):
                rates["rows_beside"].append(once(pipes, "rows", acts)[0])
            rate, times = once(pipes, "ledger", acts)
            rates["live"].append(rate)
            told += times
            wait_signed()
            time.sleep(2)  # the witness, too
        watch.over.set()
    for pipe in pipes:
        pipe.send(None)
    return {"clients": clients, **shown(rates, watch, first, sorted(told))}


@contextmanager
def stopped(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Let these stand still, so that the baseline is measured in turns with the product and on the same amount of data."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


def wait_signed() -> None:
    """Until everything that was done has its place under a served checkpoint."""
    file, acts = (
        ACTS.folder("sha256") / "checkpoint",
        Act.objects.filter(label__gt="").exclude(leaf=b"").count(),
    )
    while not file.exists() or int(file.read_text().split("\n")[1]) < acts:
        time.sleep(0.1)


def once(pipes: list[Connection], mode: str, acts: int) -> tuple[float, list[float]]:
    """One round with all clients: acts a second over the whole span, and when each was acknowledged."""
    for pipe in pipes:
        pipe.send((mode, acts))
    spans = [pipe.recv() for pipe in pipes]
    took = max(end for _, end, _ in spans) - min(start for start, _, _ in spans)
    return acts * len(pipes) / took, [at for _, _, times in spans for at in times]


def shown(rates: dict[str, list[float]], watch: Watch, first: int, told: list[float]) -> dict[str, Any]:
    """Medians. Acknowledgements in their order stand for the indexes in theirs: who was told first waits no shorter."""
    by_index = {first + place: at for place, at in enumerate(told)}
    ratio = {
        name: round(statistics.median(a / b for a, b in zip(rates[mode], rates[base], strict=True)), 3)
        for name, mode, base in (("ratio", "ledger", "rows"), ("ratio_live", "live", "rows_beside"))
    }
    return {
        "database": connection.vendor,
        "per_second": {mode: round(statistics.median(values), 1) for mode, values in rates.items()},
        **ratio,
        "delay": spread(watch.delays(by_index, watch.seen)),
        "witnessed": spread(watch.delays(by_index, watch.witnessed)),
        "bytes": sizes(),
    }


def spread(values: list[float]) -> dict[str, float]:
    """Median, 99 in a hundred, the longest, in seconds; and of how many."""
    ordered = sorted(values)
    if not ordered:
        return {"acts": 0}
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    found = {
        name: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 3) for name, part in at.items()
    }
    return {"acts": len(ordered), **found}


def sizes() -> dict[str, Any]:
    """Bytes an act: its leaf; the hashes of both trees; the bundles; the ledger's rows with their indexes, table by table. The rows
    are those of the whole run, half of which had no sequencer beside it and so fewer checkpoints than acts in a quiet office."""
    entries = Entry.objects.count()
    leaves = sum(
        len(bytes(leaf)) for leaf in Act.objects.filter(entry__isnull=False).values_list("leaf", flat=True)
    )
    tiles = [folder_size(ACTS.folder(hash) / "tile", "entries") for hash in ("sha256", "sm3")]
    bundles = folder_size(ACTS.folder("sha256") / "tile" / "entries", "")
    return {
        "leaf": round(leaves / entries, 1),
        "tiles_sha256": round(tiles[0] / entries, 1),
        "tiles_sm3": round(tiles[1] / entries, 1),
        "bundles": round(bundles / entries, 1),
        "rows": {name: round(size / Act.objects.count(), 1) for name, size in table_sizes().items()},
    }


def table_sizes() -> dict[str, int]:
    """Bytes of the ledger's tables with their indexes; nothing where the database cannot say."""
    names = [model._meta.db_table for model in (Act, Opening, Entry, Checkpoint, Cosignature)]
    if connection.vendor == "postgresql":
        asked = "SELECT pg_total_relation_size(%s)"
    else:
        asked = "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = %s)"
    try:
        with connection.cursor() as cursor:
            found = {}
            for name in names:
                cursor.execute(asked, [name])
                found[name] = int(cursor.fetchone()[0])
            return found
    except OperationalError:  # an SQLite that was built without dbstat
        return {}


def folder_size(folder: Path, without: str) -> int:
    """Bytes of all files below a folder, but for one of its folders."""
    return sum(
        os.path.getsize(file)
        for file in folder.rglob("*")
        if file.is_file() and (not without or without not in file.relative_to(folder).parts)
    )


def main() -> None:
    """Measure; JSON on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--acts", type=int, default=ACTS_A_ROUND, help="acts a round, over all clients")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args()
    print(json.dumps(measure(args.clients, max(args.acts // args.clients, 4), args.rounds)))


if __name__ == "__main__":
    main()
