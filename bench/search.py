"""Portal search over HTTP against the same SQL sent straight to the database (issue: bench c).

Made-up decisions enter as imports do, batch by batch, each with a valid leaf; real ones are added when their file is there.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.door.administer import create_agency
from sanxiang.door.arriving.imported import Record, import_batch
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.people.models import Agency

PLACES = [
    "云溪",
    "柳林",
    "松涛",
    "明湖",
    "北辰",
    "德润",
    "恒丰",
    "瑞云",
    "清源",
    "广济",
    "长安",
    "永安",
    "新河",
    "东岭",
    "西岗",
    "南湾",
]
TRADES = [
    "建材",
    "食品",
    "木业",
    "石料",
    "农机",
    "养殖",
    "砂场",
    "印务",
    "化工",
    "物流",
    "医药",
    "酒店",
    "渔业",
    "矿业",
    "置业",
    "水产",
]
WRONGS = [
    "未经批准擅自取水",
    "超标排放污水",
    "占用耕地建设厂房",
    "未按规定公示信息",
    "无证开采砂石",
    "违法处置弃渣",
    "擅自改变土地用途",
    "未办理检疫手续",
]
LAWS = ["水法", "土地管理法", "水土保持法", "矿产资源法", "防洪法", "城乡规划法", "河道管理条例", "测绘法"]
RESULTS = ["罚款", "警告", "没收违法所得", "责令停产停业", "吊销许可证件", "通报批评"]
QUERIES = (
    "擅自取水",
    "罚款",
    "水法 第六十九条",
    "云溪清源",
    "2024",
    "吊销许可证件 矿业",
    "建",
    "公示信息",
    "有限公司 柳林",
    "〔2023〕12号",
    "没有这样的词语",
)
SEED = 20261121


def records(count: int) -> Iterator[Record]:
    """Made-up decisions; the same ones every time."""
    pick = random.Random(SEED)
    for i in range(count):
        day = date(2015, 1, 1) + timedelta(days=pick.randrange(4200))
        place, trade, wrong, law = (pick.choice(words) for words in (PLACES, TRADES, WRONGS, LAWS))
        texts = {
            "number": f"演罚〔{day.year}〕{i}号",
            "title": f"{place}{trade}有限公司{wrong}案",
            "party": f"{place}{trade}有限公司",
            "address": f"{pick.choice(PLACES)}镇{pick.choice(PLACES)}路{pick.randrange(1, 300)}号",
            "facts": f"经查，当事人于{day.year}年{day.month}月在{pick.choice(PLACES)}村{wrong}，数量{pick.randrange(10, 9000)}立方米，"
            * 2,
            "basis": f"违反《{law}》第{pick.choice('四五六七')}十{pick.choice('一二三四五六七八九')}条",
            "result": f"{pick.choice(RESULTS)}{pick.randrange(1, 500) * 100}元",
            "authority": f"{pick.choice(PLACES)}县演示局",
        }
        yield Record(f"M{i:07d}", pick.choice(("penalty", "licence")), texts, day, day, day)


def fill(count: int) -> dict[str, Any]:
    """Bring the database to `count` published decisions; rows a second while doing so."""
    call_command("migrate", verbosity=0)
    agency = Agency.objects.filter(name="测量局").first() or create_agency(
        {"name": "测量局", "region": "990001", "locality": "kaiyuan"}
    )
    have, began, batch = Publication.objects.filter(agency=agency).count(), time.perf_counter(), []
    for number, record in enumerate(records(count)):
        if number >= have:
            batch.append(record)
        if len(batch) == 2000 or (number == count - 1 and batch):
            import_batch(agency, batch, publish=True)
            batch = []
    sequence_all()
    seconds = time.perf_counter() - began
    return {"rows": count, "written": count - have, "rows_per_second": round((count - have) / seconds, 1)}


@contextlib.contextmanager
def server() -> Iterator[int]:
    """The product's own server on a free port, stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "sanxiang", "serve", "--port", str(port)]
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


def over_http(port: int, rounds: int) -> list[float]:
    """Seconds of each search over one kept connection."""
    client, times = http.client.HTTPConnection("127.0.0.1", port), []
    for _ in range(rounds):
        for query in QUERIES:
            began = time.perf_counter()
            client.request("GET", f"/decisions/?q={quote(query)}")
            answer = client.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != 200:
                raise RuntimeError(f"{query}: HTTP {answer.status}")
    return times


def statements() -> list[list[tuple[str, Any]]]:
    """The SQL that each query of the mix leads to, as the product sends it."""
    found = []
    for query in QUERIES:
        with CaptureQueriesContext(connection) as captured:
            asking.find(asking.Query(q=query))
        found.append(
            [
                (q["sql"].replace("%", "%%"), None)
                for q in captured.captured_queries
                if q["sql"].startswith(("SELECT", "WITH"))
            ]
        )
    return found


def straight(plans: list[list[tuple[str, Any]]], rounds: int) -> list[float]:
    """Seconds of the same statements with nothing around them."""
    times = []
    with connection.cursor() as cursor:
        for _ in range(rounds):
            for plan in plans:
                began = time.perf_counter()
                for sql, _ in plan:
                    cursor.execute(sql.replace("%%", "%"))
                    cursor.fetchall()
                times.append(time.perf_counter() - began)
    return times


def p95(times: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return round(statistics.quantiles(times, n=20)[-1] * 1000, 2)


def measure(count: int, rounds: int) -> dict[str, Any]:
    """Fill, warm up, and time HTTP and SQL in turn."""
    filled = fill(count)
    plans = statements()
    http_times: list[float] = []
    sql_times: list[float] = []
    with server() as port:
        over_http(port, 1)
        for _ in range(rounds):
            http_times += over_http(port, 4)
            sql_times += straight(plans, 4)
    middle = round(statistics.median(http_times) * 1000, 2)
    result = {"http_p50_ms": middle, "http_p95_ms": p95(http_times), "raw_p95_ms": p95(sql_times)}
    return {
        **filled,
        **result,
        "http/raw": round(p95(http_times) / max(p95(sql_times), 0.01), 2),
        "queries": list(QUERIES),
    }


def main() -> None:
    """JSON on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[12065, 200000])
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    found = {str(count): measure(count, args.rounds) for count in args.rows}
    print(json.dumps({"database": connection.vendor, **found}, ensure_ascii=False))


if __name__ == "__main__":
    main()
