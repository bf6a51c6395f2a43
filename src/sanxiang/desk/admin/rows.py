"""The rows of a register as a form has them: typed in a table, taken from the release before, or read from an uploaded list."""

import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from sanxiang.door.pinned import current
from sanxiang.door.registers.standing import open_draft
from sanxiang.exchange.headers import plain
from sanxiang.exchange.reading import READERS, Row, Unusable, as_text, open_table
from sanxiang.law.forms import clean
from sanxiang.law.own_rules import COLUMNS, FIGURE, TEXT, RuleKind, kinds_of
from sanxiang.law.registers.kinds import columns_of
from sanxiang.law.rules import Field
from sanxiang.people.models import Agency
from sanxiang.registers.before import roster
from sanxiang.registers.models import Release

MOST_CELLS = 1000
"""A form with more cells than this would be refused by the server; longer lists are uploaded."""
MOST_COLUMNS = 40
LONGEST = 2000
NAME_KEPT = 60
FAULTS_TOLD = 10
ROW = re.compile(r"rows-\d{1,4}-(.{1,60})$")


def columns_for(agency: Agency, kind: str, more: Iterable[str] = ()) -> tuple[Field, ...]:
    """The columns that the table offers: the scheme's, what the newest release had besides, and what was brought along."""
    if rule := rule_kind(agency, kind):
        names = COLUMNS if rule.sets else [name for name in COLUMNS if name != FIGURE]
        types = {TEXT: "longtext"}
        return tuple(Field(n, n, types.get(n, "text"), required=False, max_length=LONGEST) for n in names)
    named = dict.fromkeys(name for name, _ in columns_of(current(agency.locality), kind))
    there = drafted_rows(agency, kind) or newest_rows(agency, kind)
    named |= dict.fromkeys(columns_in(there)) | dict.fromkeys(more)
    # Which cells must be filled in the door says row by row; here a half-typed row is kept.
    return tuple(Field(name, name, "text", required=False, max_length=LONGEST) for name in named)


def rule_kind(agency: Agency, kind: str) -> RuleKind | None:
    """The rule document of that kind that the agency's scheme asks for."""
    return kinds_of(current(agency.locality)).get(kind)


def first_rows(agency: Agency, kind: str) -> list[dict[str, Any]]:
    """What a form of rows begins with: the roster as the certificates make it, the release before, or the chapters that are wanted."""
    if kind == roster.KIND:
        return roster.rows_for(agency, timezone.localdate())
    rule = rule_kind(agency, kind)
    begun = [{COLUMNS[0]: name} for name in (rule.chapters if rule else ())]
    return drafted_rows(agency, kind) or newest_rows(agency, kind) or begun


def drafted_rows(agency: Agency, kind: str) -> list[dict[str, Any]]:
    """The rows of the open draft; none where there is none, or too many for a form."""
    draft = open_draft(agency, kind)
    return [] if draft is None or too_many(draft.rows) else list(draft.rows)


def columns_in(rows: Any) -> tuple[str, ...]:
    """The columns of some rows, in the order in which they first come."""
    return tuple(dict.fromkeys(key for row in rows or () for key in row))[:MOST_COLUMNS]


def columns_sent(post: QueryDict) -> tuple[str, ...]:
    """The columns of the rows that a form sent: those of an upload come back with it."""
    found = (ROW.match(name) for name in post)
    return tuple(dict.fromkeys(clean(match[1]) for match in found if match))[:MOST_COLUMNS]


def newest_rows(agency: Agency, kind: str) -> list[dict[str, Any]]:
    """The rows of the newest release, to go on from; none where there are too many for a form."""
    rows = (
        Release.objects.filter(register__agency=agency, register__kind=kind)
        .order_by("-version")
        .values_list("rows", flat=True)
        .first()
    )
    return [] if rows is None or too_many(rows) else list(rows)


def too_many(rows: Any) -> bool:
    """More cells than a form can carry."""
    return isinstance(rows, list) and sum(len(row) for row in rows if isinstance(row, Mapping)) > MOST_CELLS


def rows_from(
    request: HttpRequest, agency: Agency, kind: str, raw: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """What was typed with the rows of an uploaded list in the place of its own; and why that list cannot be used."""
    upload = request.FILES.get("file")
    if "rows" not in raw or not isinstance(upload, UploadedFile):
        return raw, ""
    columns = {plain(item.name): item.name for item in columns_for(agency, kind)}
    try:
        return {**raw, "rows": read_list(upload, columns)}, ""
    except Unusable as unusable:
        return raw, str(unusable)


def read_list(upload: UploadedFile, columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Every row of an uploaded list by column; columns that nobody asked for are kept as they are. Raises Unusable."""
    with tempfile.TemporaryDirectory() as folder:
        path = stored(upload, Path(folder))
        rows = list(open_table(path, columns.__contains__, list(columns.values())).rows)
    if faults := [f"第 {row.number} 行：{row.fault}" for row in rows if row.fault]:
        more = f"；还有 {len(faults) - FAULTS_TOLD} 行" if len(faults) > FAULTS_TOLD else ""
        raise Unusable("；".join(faults[:FAULTS_TOLD]) + more + "。改好后重新上传")
    found = [cells for row in rows if (cells := cells_of(row, columns))]
    if not found:
        raise Unusable(f"{path.name} 里没有内容，请在栏目名称下面填写各行")
    return found


def stored(upload: UploadedFile, folder: Path) -> Path:
    """The upload as a file that readers can open, under its own name. Raises Unusable for a strange ending."""
    name = Path(upload.name or "清单")
    if name.suffix.lower().lstrip(".") not in READERS:
        raise Unusable(f"不能读取“{name.suffix or name.name}”类型的文件，请上传 .xlsx、.xls 或 .csv")
    path = folder / f"{name.stem[:NAME_KEPT]}{name.suffix.lower()}"
    with path.open("wb") as target:
        for chunk in upload.chunks():
            target.write(chunk)
    return path


def cells_of(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """One row with the columns under their own names."""
    texts = {str(header): as_text(value).strip() for header, value in row.cells.items()}
    return {columns.get(plain(header), header): text for header, text in texts.items() if text and header}
