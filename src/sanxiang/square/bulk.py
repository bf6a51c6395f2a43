"""The bulk file: every public decision in one zip, as table and line by line, with what was taken away since and all digests.

Made beside the web and never in a request: a fresh file first, then the switch that names it, then the old one goes.
"""

import csv
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from sanxiang.cases.csv_lines import lines, safe
from sanxiang.cases.disclosure import bulk, published
from sanxiang.cases.disclosure.changes import KINDS, change_of, changes
from sanxiang.cases.hashing import Digests
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.ledger.files import sync, write
from sanxiang.speech import cn_day
from sanxiang.square import open_data
from sanxiang.square.page import FRESH, public, unreadable

PIECE = 1 << 20
TABLE, ROWS, CHANGES, README = "decisions.csv", "decisions.jsonl", "changes.csv", "说明.txt"
MANIFESTS = (("manifest-sha256.txt", "sha256"), ("manifest-sm3.txt", "sm3"))
HEAD = ("编号（账本）", "变动", "公示编号", "机关", "行为种类", "日期", "理由", "账本编号")
NOT_NOW = "整批文件正在重新生成（上一份里有已经撤回、期满或者更正的决定），请稍后再取；逐条数据见 /open-data/decisions.json"
NOT_YET = "整批文件还没有生成，请稍后再取；逐条数据见 /open-data/decisions.json"
TOLD = """本文件是截至{day}正在公示的全部执法决定，共 {total:,} 条。
decisions.csv：表格，UTF-8，首行是字段名称。decisions.jsonl：一行一条（JSON）。两者内容相同。
changes.csv：撤回、公开期满、信用修复和更正。除更正外，都请从副本中删除；更正的，以 decisions 中的为准。
此后的变动：/api/v1/public/changes?cursor={cursor}
manifest-sha256.txt、manifest-sm3.txt：各文件的校验值。
{licence}
"""


def build_when_due() -> bool:
    """Make the file anew where there is none, where it may not be given out, or where it lacks something and is old enough."""
    last = bulk.newest()
    if last and last.path.exists() and not bulk.overtaken(last):
        age = timezone.now() - last.built
        if timedelta(0) <= age < timedelta(minutes=settings.BULK_MINUTES) or not bulk.grown(last):
            return False
    build()
    return True


def build() -> bulk.Bulk:
    """Make the file and put it in the place of the last one."""
    place = bulk.folder()
    place.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        making = Making(Path(stack.enter_context(tempfile.TemporaryDirectory(dir=place))))
        made = making.all()
        os.replace(making.ids, made.path.with_suffix(".ids"))
        os.replace(making.zipped, made.path)
    sync(place)
    write(place / bulk.SWITCH, json.dumps(vars(made), ensure_ascii=False).encode())
    sync(place)
    for old in place.iterdir():
        if old.is_file() and old.name != bulk.SWITCH and old.stem != made.name:
            old.unlink(missing_ok=True)
    return made


class Making:
    """One file while it is made. What changed is read first: what changes from then on has a later number."""

    def __init__(self, here: Path) -> None:
        self.zipped, self.ids, self.table = here / "new.zip", here / "new.ids", here / TABLE
        self.begun: datetime = timezone.now()
        self.held: list[bytes] = []
        self.ends: date | None = None
        self.files: list[dict[str, Any]] = []
        self.cursor, self.removed = "", 0

    def all(self) -> bulk.Bulk:
        """Everything, in order."""
        with zipfile.ZipFile(self.zipped, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as out:
            self.add(out, CHANGES, lines(HEAD, self.changed()))
            with self.table.open("w", encoding="utf-8", newline="") as table:
                self.add(out, ROWS, self.rows(table))
            with self.table.open(encoding="utf-8", newline="") as table:
                self.add(out, TABLE, iter(lambda: table.read(PIECE), ""))
            self.add(out, README, [self.readme()])
            for name, algorithm in MANIFESTS:
                told = "".join(f"{one[algorithm]}  {one['name']}\n" for one in self.files if algorithm in one)
                out.writestr(name, told)
        self.ids.write_bytes(b"".join(sorted(self.held)))
        sha256, sm3 = _digests(self.zipped)
        return bulk.Bulk(
            f"decisions-{sha256[:16]}", self.begun.isoformat(), self.cursor, len(self.held), self.removed,
            self.ends.isoformat() if self.ends else "", self.zipped.stat().st_size, sha256, sm3, tuple(self.files),
        )  # fmt: skip

    def add(self, out: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
        """One file of the zip with both digests, piece by piece."""
        digests, size = Digests(), 0
        try:
            with out.open(name, "w", force_zip64=True) as entry:
                for piece in pieces:
                    data = piece.encode()
                    entry.write(data)
                    digests.update(data)
                    size += len(data)
        finally:
            sha256, sm3 = digests.end()
        self.files.append({"name": name, "size": size, "sha256": sha256, "sm3": sm3})

    def changed(self) -> Iterator[tuple[Any, ...]]:
        """What became of publications, in the order of the log."""
        for row in map(change_of, changes().iterator()):
            self.cursor, self.removed = str(row.number), self.removed + (row.kind != "corrected")
            kind = published.ACT_TYPES.get(row.act_type, row.act_type)
            yield row.number, KINDS[row.kind], row.publication, row.agency, kind, row.on, row.reason, row.act

    def rows(self, table: IO[str]) -> Iterator[str]:
        """Each decision as a line of JSON; the same as a line of the table goes beside, so that both say the same."""
        writer = csv.writer(table)
        table.write("\ufeff")
        writer.writerow(published.COLUMNS.values())
        batch: list[str] = []
        for row in asking.stream(asking.Query()):
            self.hold(row)
            writer.writerow([safe(str(cell)) if cell is not None else "" for cell in open_data.cells(row)])
            batch.append(json.dumps(published.record(row), ensure_ascii=False) + "\n")
            if len(batch) == asking.BATCH:
                yield "".join(batch)
                batch.clear()
        yield "".join(batch)

    def hold(self, row: Publication) -> None:
        """Note that it is in the file, under which act, and until when."""
        self.held.append(row.pk.bytes + (row.act.bytes if row.act else bytes(bulk.KEY)))
        if row.display_until and (self.ends is None or row.display_until < self.ends):
            self.ends = row.display_until

    def readme(self) -> str:
        """What is in the zip, for people."""
        return TOLD.format(
            day=cn_day(timezone.localtime(self.begun).date()),
            total=len(self.held),
            cursor=self.cursor,
            licence=settings.LICENCE or open_data.LICENCE,
        )


def _digests(path: Path) -> tuple[str, str]:
    digests = Digests()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digests.update(piece)
    finally:
        found = digests.end()
    return found


@public
def bulk_zip(request: HttpRequest) -> HttpResponseBase:
    """The file, unless a text in it must go: then 503 until it is made anew."""
    found = bulk.current()
    if found is None:
        return _not_now()
    try:
        response = FileResponse(found.path.open("rb"), content_type="application/zip")
    except FileNotFoundError:  # a newer one took its place at this moment
        return _not_now()
    response["Content-Disposition"] = f'attachment; filename="{found.name}.zip"'
    response["Content-Length"] = str(found.size)
    response["ETag"], response["Cache-Control"] = f'"{found.sha256}"', FRESH
    return response


@public
def bulk_told(request: HttpRequest) -> HttpResponse:
    """Which file it is, what is in it, its digests, and the cursor from which changes go on."""
    found = bulk.current()
    if found is None:
        return _not_now()
    response = JsonResponse(bulk.told(found), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = FRESH
    return response


def _not_now() -> HttpResponse:
    response = unreadable(NOT_NOW if bulk.newest() else NOT_YET)
    response["Retry-After"] = "60"
    return response
