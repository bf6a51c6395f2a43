"""Portal search over HTTP against the same SQL sent straight to the database (issue: bench c).

The decisions are real ones where they are at hand, else made-up (`bench.corpus`); the questions are drawn from them (`bench.mix`).
"""

import argparse
import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import corpus, mix
from sanxiang.cases.search import asking

Times = dict[str, list[float]]


def fill(count: int) -> dict[str, Any]:
    """Bring the database to `count` published decisions; rows a second while doing so."""
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    written = corpus.load(count)
    return {
        "rows": count,
        "real": bool(corpus.real()),
        "rows_per_second": round(written / (time.perf_counter() - began), 1),
    }


@contextlib.contextmanager
def server(workers: int = 2) -> Iterator[int]:
    """The product's own server on a free port, stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "sanxiang", "serve", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(
        command, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": "src"}
    ) as process:
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


def over_http(port: int, questions: list[tuple[str, mix.Ask]]) -> Times:
    """Seconds of each question by its kind, over one kept connection."""
    client, times = http.client.HTTPConnection("127.0.0.1", port), defaultdict(list)
    for kind, ask in questions:
        began = time.perf_counter()
        fetch(client, "/decisions/", ask)
        times[kind].append(time.perf_counter() - began)
    return times


def fetch(client: http.client.HTTPConnection, path: str, ask: mix.Ask) -> None:
    """One question; RuntimeError for anything but an answer."""
    client.request("GET", f"{path}?{urlencode(ask)}")
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} {ask}: HTTP {answer.status}")


def searches_per_second(port: int, ask: list[mix.Ask], clients: int = 8, seconds: float = 7) -> float:
    """How many of these questions to the interface for programs eight clients get answered in a second."""
    end, done = time.perf_counter() + seconds, [0] * clients

    def one(place: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < end:
            fetch(client, "/api/v1/public/decisions", ask[(done[place] * clients + place) % len(ask)])
            done[place] += 1

    threads = [threading.Thread(target=one, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(done) / seconds, 1)


def straight(questions: list[tuple[str, mix.Ask]]) -> list[float]:
    """Seconds of the statements that questions of words alone lead to, with nothing around them."""
    times = []
    for words in [ask["q"] for _, ask in questions if set(ask) == {"q"}]:
        with CaptureQueriesContext(connection) as captured:
            asking.find(asking.Query(q=words))
        times.append(sum(float(one["time"]) for one in captured.captured_queries))
    return times


def p95(times: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return round(statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000, 1)


def p50(times: list[float]) -> float:
    """The middle one in milliseconds."""
    return round(statistics.median(times) * 1000, 1)


def measure(count: int, rounds: int, each: int) -> dict[str, Any]:
    """Fill, warm up, time the mix over HTTP some rounds over, then what eight clients get."""
    filled = fill(count)
    questions = list(mix.questions(each, count))
    raw = straight(questions)
    with server() as port:
        over_http(port, questions[: 4 * len(mix.KINDS)])
        taken = [over_http(port, questions) for _ in range(rounds)]
        common = searches_per_second(port, [{"q": words} for words in mix.FREQUENT])
        rare = searches_per_second(port, [ask for kind, ask in questions if kind == "number"])
    whole = [[second for times in one.values() for second in times] for one in taken]
    kinds = {
        kind: {"p50": p50(all_of), "p95": p95(all_of), "worst": round(max(all_of) * 1000, 1)}
        for kind in mix.KINDS
        if (all_of := [second for one in taken for second in one[kind]])
    }
    return {
        **filled, "questions": len(questions), "p50_ms": [p50(one) for one in whole], "p95_ms": [p95(one) for one in whole],
        "p95_ms_middle": statistics.median(p95(one) for one in whole), "raw_p95_ms": p95(raw), "kinds": kinds,
        "common_per_second": common, "number_per_second": rare,
    }  # fmt: skip


def main() -> None:
    """JSON on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[12065, 200000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=30, help="questions of each kind")
    parser.add_argument(
        "--truth", type=int, default=50, help="questions of each length held against the texts"
    )
    args = parser.parse_args()
    found: dict[str, Any] = {}
    for count in args.rows:
        found[str(count)] = measure(count, args.rounds, args.each)
        if count <= 20_000:
            found[str(count)]["agreement"] = mix.agreement(args.truth)
    print(json.dumps({"database": connection.vendor, **found}, ensure_ascii=False))


if __name__ == "__main__":
    main()
