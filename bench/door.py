"""Acts through the door against the same rows written without ledger and guards (issue: bench a).

Modes, per act on a case of one's own, each one durable transaction over the same ORM:
  door    `perform`: parse, judge, transition, leaf, chain, rows
  rows    lock the case, update it, insert the act's row and its content rows: no guards, no leaf, no queue
  ledger  `rows`, with the leaf built, chained and queued: what the ledger alone adds
  bare    lock the case and update it: what a system without any history would write
  raw     the statements of `rows` in SQL, without an ORM
"""

import argparse
import json
import multiprocessing
import statistics
import time
import uuid
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection

from bench import door_modes

MODES = ("door", "rows", "ledger", "bare", "raw")
EVIDENCE = {"kind": "statement", "title": "情况说明一份", "proves": "证明取水数量", "source_of": "当事人提供"}
"""A piece for which no paper is made: the rows compared with have none, and `bench.papers` measures papers by themselves."""


def client(pipe: Connection, barrier: Barrier, case: str, officers: list[str]) -> None:
    """One client: waits for (mode, acts), does them together with the others, answers its end time."""
    run = door_modes.modes(uuid.UUID(case), {"officers": officers, **EVIDENCE})
    while (order := pipe.recv()) is not None:
        mode, acts = order
        barrier.wait()
        began = time.perf_counter()
        for _ in range(acts):
            run[mode]()
        pipe.send((began, time.perf_counter()))
    connection.close()


def measure(clients: int, acts: int, rounds: int) -> dict[str, Any]:
    """Acts a second for each mode, medians over interleaved rounds, and the ratios."""
    cases, officers = door_modes.prepare(clients)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    pipes, workers = [], []
    for case in cases:
        ours, theirs = context.Pipe()
        worker = context.Process(target=client, args=(theirs, barrier, str(case), officers), daemon=True)
        worker.start()
        pipes.append(ours)
        workers.append(worker)
    rates: dict[str, list[float]] = {mode: [] for mode in MODES}
    once(pipes, "door", 3)
    for _ in range(rounds):
        for mode in MODES:
            rates[mode].append(once(pipes, mode, acts))
    for pipe in pipes:
        pipe.send(None)
    for worker in workers:
        worker.join(20)
    return shown(rates)


def once(pipes: list[Connection], mode: str, acts: int) -> float:
    """One round of one mode with all clients; acts a second over the whole span."""
    for pipe in pipes:
        pipe.send((mode, acts))
    spans = [pipe.recv() for pipe in pipes]
    return acts * len(pipes) / (max(end for _, end in spans) - min(start for start, _ in spans))


def shown(rates: dict[str, list[float]]) -> dict[str, Any]:
    """Medians, and the median of the ratios round by round."""
    ratio = {
        f"{a}/{b}": round(statistics.median(x / y for x, y in zip(rates[a], rates[b], strict=True)), 3)
        for a, b in (("door", "rows"), ("ledger", "rows"), ("door", "bare"), ("door", "raw"))
    }
    return {"per_second": {m: round(statistics.median(r), 1) for m, r in rates.items()}, "ratio": ratio}


def main() -> None:
    """Measure on the database that the environment names; JSON on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--acts", type=int, default=160, help="acts a round, over all clients")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    found = {f"{n} clients": measure(n, max(args.acts // n, 8), args.rounds) for n in args.clients}
    print(json.dumps({"database": connection.vendor, **found}))


if __name__ == "__main__":
    main()
