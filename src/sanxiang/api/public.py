"""/public: what everybody may read, without signing in. The twin of the portal's search."""

from typing import Any, cast
from uuid import UUID

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router

from sanxiang.api import schemas
from sanxiang.api import schemas_public as public
from sanxiang.api.paging import BAD_CURSOR, only
from sanxiang.api.problems import NOWHERE, Problem, unreadable
from sanxiang.api.schemas import Json
from sanxiang.cases.disclosure.changes import Change, change_of, changes
from sanxiang.cases.disclosure.masked import FOUR
from sanxiang.cases.disclosure.published import origin_of, shown, source_number
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.cases.search.folding import TooMuch
from sanxiang.law.packs import Pack, usable_packs
from sanxiang.people.authority import uuid_of
from sanxiang.people.levels import level_of
from sanxiang.people.models import Agency
from sanxiang.speech import cn_day

router = Router(tags=["public"])

FIELDS = (
    "authority",
    "party",
    "kind",
    "result",
    "number",
    "title",
    "party_type",
    "party_code",
    "address",
    "facts",
    "basis",
    "decided_on",
)
"""What a published record may hold, in the order of the portal."""

COLUMNS = {**FOUR, "执法依据": "basis", "执法事实": "facts", "决定书文号": "number", "决定日期": "decided_on"}
"""The columns by the names that schemes give them; what has none stands in `x-required-labels` alone."""


@router.get("/decisions", auth=None, response=public.Decisions, by_alias=True, summary="查询公示的执法决定")
def list_decisions(request: HttpRequest, filters: Query[public.DecisionFilters]) -> Json:
    """The portal's own search: blank-separated terms, each inside one field; newest decision first."""
    only(request, public.DecisionFilters)
    try:
        page = asking.find(question(filters))
    except TooMuch as error:
        raise unreadable({"q": str(error)}) from error
    return {
        "items": [decision_row(row) for row in page.rows],
        "total": page.total,
        "over": asking.CAP if page.total is None else None,
        "cursor": str(page.cursor) if page.more and page.cursor is not None else None,
        "numbers": {
            name: {str(key): number for key, number in found.items()} for name, found in page.numbers.items()
        },
    }


def question(filters: public.DecisionFilters) -> asking.Query:
    """The filters in the search's own terms. Raises Problem."""
    agency = None
    if filters.agency:
        agency = agency_named(filters.agency)
        if agency is None:
            raise unreadable({"agency": f"agency：没有名称或编号为“{filters.agency}”的机关"})
    try:
        after = int(filters.cursor) if filters.cursor else None
    except ValueError:
        raise unreadable(BAD_CURSOR) from None
    if after is not None and abs(after) >= 2**62:
        raise unreadable(BAD_CURSOR)
    return asking.Query(
        q=filters.q,
        act_type=filters.act_type,
        agency=agency,
        among=among(filters.level),
        since=filters.from_,
        until=filters.to,
        party_type=filters.party_type,
        published_since=filters.published_from,
        published_until=filters.published_to,
        oldest=filters.order == "oldest",
        page=filters.page,
        after=after,
        limit=filters.limit,
        exact=filters.exact,
    )


def among(level: str) -> frozenset[UUID] | None:
    """The agencies of that level; any where none is asked for."""
    if not level:
        return None
    found = Agency.objects.only("name", "kind", "region")
    return frozenset(agency.pk for agency in found if level_of(agency) == level)


def agency_named(text: str) -> UUID | None:
    """The agency of that id or full name."""
    identity = uuid_of(text)
    wanted = models.Q(pk=identity) if identity else models.Q(name=text.replace("\0", ""))
    return Agency.objects.filter(wanted).values_list("pk", flat=True).first()


def decision_row(row: Publication) -> Json:
    """One decision in a list."""
    plain = (
        "id",
        "number",
        "title",
        "party",
        "act_type",
        "authority",
        "decided_on",
        "published_on",
        "external_id",
    )
    told = {name: getattr(row, name) for name in plain} | {"external_id": source_number(row.external_id)}
    return {
        **told,
        "origin": origin_of(row),
        "agency": row.agency.name,
        "url": reverse("decision", args=[row.pk]),
    }


@router.get("/decisions/{identity}", auth=None, response=public.Decision, summary="一份公示的执法决定")
def show_decision(request: HttpRequest, identity: str) -> Json:
    """The published text with its entry in the ledger. 410 with the reason after withdrawal; otherwise the same 404 for all."""
    key = uuid_of(identity)
    row = Publication.objects.filter(shown(), pk=key).select_related("agency").first() if key else None
    if row is not None and row.status == "withdrawn":
        raise Problem(
            "withdrawn", f"该信息已于{cn_day(row.withdrawn_on)}撤回：{row.withdrawal_reason or '未说明理由'}"
        )
    if row is None or row.status != "published":
        raise Problem("unknown", NOWHERE)
    more = (
        "party_type",
        "party_code",
        "address",
        "facts",
        "basis",
        "result",
        "source_published_on",
        "act",
        "leaf_hash",
    )
    return {**decision_row(row), **{name: getattr(row, name) for name in more}}


@router.get("/changes", auth=None, response=public.Changes, by_alias=True, summary="公示之后的变动")
def list_changes(request: HttpRequest, filters: Query[public.ChangeFilters]) -> Json:
    """What was withdrawn, ended or corrected, in the order of the log: ask again with the last cursor, and you have missed nothing."""
    only(request, public.ChangeFilters)
    after = filters.cursor or "-1"
    if not after.removeprefix("-").isdecimal() or not after.isascii() or len(after) > 18:
        raise unreadable(BAD_CURSOR)
    agency = agency_named(filters.agency) if filters.agency else None
    if filters.agency and agency is None:
        raise unreadable({"agency": f"agency：没有名称或编号为“{filters.agency}”的机关"})
    rows = [change_of(row) for row in changes(int(after), agency)[: filters.limit]]
    items = [{"kind": row.kind, "id": row.publication, **told(row)} for row in rows]
    return {"items": items, "cursor": str(rows[-1].number) if rows else filters.cursor or None}


def told(row: Change) -> Json:
    """What is told of a change: never a word of the text."""
    return {name: getattr(row, name) for name in ("number", "agency", "act_type", "on", "reason", "act")}


@router.get("/schema", auth=None, response=public.RecordSchemas, by_alias=True, summary="公示内容的格式")
def record_schemas(request: HttpRequest, filters: Query[schemas.LocalityFilters]) -> Json:
    """For each locality and kind of act: the fields of a published record, which are required, and by which article."""
    only(request, schemas.LocalityFilters)
    shipped = usable_packs()
    if filters.locality and filters.locality not in shipped:
        raise Problem("unknown", f"没有规则包“{filters.locality}”，可用：{'、'.join(shipped)}")
    packs = [pack for name, pack in shipped.items() if filters.locality in ("", name)]
    items = [record_schema(pack, kind) for pack in packs for kind in pack.act_types()]
    return {"items": items, "total": len(items)}


def record_schema(pack: Pack, kind: dict[str, Any]) -> Json:
    """The schema of one locality and kind: what the national norm asks and what the scheme adds to it."""
    code, label = str(kind["code"]), str(kind["label"])
    disclosed = (block for block in pack.of_kind("disclose") if block.data.get("act_type") == code)
    own = next((block for block in disclosed if block.data.get("fields")), None)
    value = pack.binding("publish.fields")
    names = list(dict.fromkeys([*(own.data["fields"] if own else value.value or ()), *FOUR]))
    required = {COLUMNS[name] for name in names if name in COLUMNS}
    return {
        "locality": pack.id,
        "name": pack.name,
        "act_type": code,
        "label": label,
        "citation": str(own.citation if own else value.citation),
        "provenance": str(own.data.get("provenance", "text")) if own else value.provenance,
        "schema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"{label}公示信息",
            "type": "object",
            "properties": {name: column(name) for name in FIELDS},
            "required": [name for name in FIELDS if name in required],
            "x-required-labels": names,
            "additionalProperties": False,
        },
    }


def column(name: str) -> Json:
    """One column of the published record as JSON Schema."""
    if name == "kind":
        return {"type": "string", "title": "执法类别", "minLength": 1}
    field = cast("models.Field[Any, Any]", Publication._meta.get_field(name))
    if isinstance(field, models.DateField):
        return {"type": "string", "format": "date", "title": str(field.verbose_name)}
    schema: Json = {"type": "string", "title": TITLES.get(name, str(field.verbose_name)), "minLength": 1}
    if isinstance(field, models.CharField):
        schema["maxLength"] = field.max_length
    if name == "party_type":
        schema["oneOf"] = [{"const": key, "title": label} for key, label in PARTY_TYPES]
    return schema


TITLES = {
    "authority": "执法机关",
    "party": "执法对象",
    "result": "执法结论",
    "party_type": "当事人类型",
    "party_code": "统一社会信用代码",
}
PARTY_TYPES = (("citizen", "公民"), ("individual-business", "个体工商户"), ("org", "法人或者其他组织"))
