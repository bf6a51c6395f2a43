"""The record of who looked at what 调阅记录, read back: in words, by watermark, by person, case and day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sanxiang.cases.models import Case, Handler, Paper
from sanxiang.door.reading import BUNDLE, KINDS, OF_NOBODY
from sanxiang.door.reasons import LABELS
from sanxiang.ledger.access import RESULTS
from sanxiang.ledger.access_row import Access
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency
from sanxiang.speech import role_name

CHANNELS = {
    "page": "网页",
    "api": "接口",
    "inbound": "其他系统报送",
    "command": "命令行",
    "import": "导入",
}
"""By which way somebody looked, or tried an act."""


@dataclass(frozen=True)
class Line:
    """One entry with what its keys stand for."""

    row: Access
    case: str
    agency: str
    own_agency: str
    object: str

    @property
    def what(self) -> str:
        """What was looked at."""
        kind = KINDS.get(self.row.kind, self.row.kind)
        copies = f"，{self.row.copies}份" if self.row.copies else ""
        return f"{kind} {self.object}".strip() + self.part + copies

    @property
    def part(self) -> str:
        """Which bytes of a file, or entries of a log, were opened, counted from 0; nothing for all of it."""
        first, last = self.row.first_byte, self.row.last_byte
        unit = "条" if self.row.kind == BUNDLE else "字节"
        return "" if first is None else f"（第 {first} 至 {last} {unit}）"

    @property
    def why(self) -> str:
        """The reason in words."""
        return why_of(self.row)

    @property
    def role(self) -> str:
        """The role in words; nobody's at the console."""
        return role_name(self.row.role) if self.row.role else ""

    @property
    def own(self) -> str:
        """The agency of the post in which one looked; entries of the first release do not say."""
        return self.own_agency or ("（当时没有记录）" if self.row.role else "")


def why_of(row: Access) -> str:
    """Why somebody looked, in words."""
    return "，".join(filter(None, (LABELS.get(row.reason, row.reason), row.text, row.ticket)))


@dataclass(frozen=True)
class Asked:
    """What of the record is wanted. Days are days of the installation's clock, both ends included."""

    person: str = ""
    case: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    mark: str = ""


def by_mark(text: str) -> Access | None:
    """The entry that a watermark leads back to; blanks and small letters of whoever typed it do not matter."""
    mark = "".join(text.replace("\0", "").split()).upper()
    return Access.objects.filter(watermark=mark).first() if mark else None


def looks_at(agencies: Collection[UUID], asked: Asked) -> QuerySet[Access]:
    """The entries about these agencies' records, newest first."""
    rows = Access.objects.defer("leaf").order_by("-at", "-id")
    rows = rows if asked.kind in OF_NOBODY else rows.filter(agency__in=agencies)
    if asked.person:
        rows = rows.filter(by_name__icontains=asked.person)
    if asked.case:
        key = uuid_of(asked.case)
        called = Q(pk=key) if key else Q(number__icontains=asked.case) | Q(code__iexact=asked.case)
        rows = rows.filter(case__in=Case.objects.filter(called, agency__in=agencies).values("pk"))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.mark:
        rows = rows.filter(watermark="".join(asked.mark.split()).upper())
    if asked.since:
        rows = rows.filter(at__gte=midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=midnight(asked.until + timedelta(days=1)))
    return rows


def latest(case: Case, but: UUID, most: int) -> list[Access]:
    """The newest looks at a case by others than whoever asks, each with the name of the agency of its post. One query."""
    own = Agency.objects.filter(pk=OuterRef("own_agency")).values("name")[:1]
    rows = Access.objects.filter(case=case.pk, agency=case.agency_id).exclude(by=but).defer("leaf")
    return list(rows.annotate(own_name=Subquery(own)).order_by("-at", "-id")[:most])


def at_cases_of(person: UUID) -> QuerySet[Access]:
    """The looks by others at the cases that somebody handles, newest first."""
    cases = Handler.objects.filter(person=person).values("case")
    rows = Access.objects.filter(case__in=cases).exclude(by=person).defer("leaf")
    return rows.order_by("-at", "-id")


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def lines_of(rows: Iterable[Access]) -> list[Line]:
    """The entries in words. Three queries, whatever their number."""
    rows = list(rows)
    cases = {
        key: number or f"查询码 {code}"
        for key, number, code in Case.objects.filter(pk__in={row.case for row in rows}).values_list(
            "pk", "number", "code"
        )
    }
    papers = {
        key: f"《{label}》{number}"
        for key, label, number in Paper.objects.filter(pk__in={row.object for row in rows}).values_list(
            "pk", "label", "number"
        )
    }
    keys = {key for row in rows for key in (row.agency, row.own_agency) if key}
    names = dict(Agency.objects.filter(pk__in=keys).values_list("pk", "name"))

    def called(found: dict[UUID, str], key: UUID | None) -> str:
        return found.get(key, "") if key else ""

    return [
        Line(
            row,
            called(cases, row.case),
            called(names, row.agency),
            called(names, row.own_agency),
            called(papers, row.object),
        )
        for row in rows
    ]


def as_json(line: Line) -> dict[str, Any]:
    """Plain values for programs."""
    row = line.row
    plain = (
        "by_name",
        "role",
        "kind",
        "digest",
        "first_byte",
        "last_byte",
        "copies",
        "reason",
        "text",
        "ticket",
        "address",
        "channel",
        "result",
    )
    return {
        "watermark": row.watermark,
        "id": str(row.id),
        "at": row.at.isoformat(),
        "by": str(row.by or ""),
        **{name: getattr(row, name) for name in plain},
        "own_agency": line.own_agency,
        "agency": line.agency,
        "case": str(row.case or ""),
        "case_name": line.case,
        "object": str(row.object or ""),
        "object_name": line.object,
        "leaf_hash": row.leaf_hash,
        "index": row.idx,
    }


HEAD = (
    "水印编号", "时间", "调阅人", "岗位", "调阅人所属机关", "案件所属机关", "案件", "内容", "校验值", "事由", "渠道", "来源地址", "结果",
)  # fmt: skip


def cells(line: Line) -> list[str]:
    """One entry as a row of a table under `HEAD`."""
    row = line.row
    return [
        row.watermark,
        f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}",
        row.by_name,
        line.role,
        line.own,
        line.agency,
        line.case,
        line.what,
        row.digest,
        line.why,
        CHANNELS.get(row.channel, row.channel),
        row.address,
        RESULTS.get(row.result, row.result),
    ]


def labelled(line: Line) -> list[tuple[str, str]]:
    """One entry with the name of each of its values."""
    return list(zip(HEAD, cells(line), strict=True))
