"""The shapes of requests and answers, in one place; the OpenAPI document is made from them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from sanxiang.api.schemas_files import DerivativeOut

Limit = Annotated[int, Field(ge=1, le=200, description="一页几条，最多 200")]
Cursor = Annotated[str, Field(max_length=300, description="上一页应答里的 cursor，原样写回")]
Key = Annotated[
    str,
    Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$", description="请求标识：同一标识只办一次"),
]
Json = dict[str, Any]


class Strict(Schema):
    """A request that may hold nothing but what it names."""

    model_config = {"extra": "forbid", "from_attributes": True}


# Saying no


class RefusedGuard(Schema):
    """One unmet condition: which, under which article, the fact, what would cure it."""

    guard: str
    citation: str = Field(description="依据的条款；只是没有填全（guard 以 field: 开头）的可以为空")
    fact: str
    cure: str


class Error(Schema):
    """Why the answer is no."""

    code: str
    message: str
    fields: dict[str, str] = Field(default_factory=dict, description="看不懂的栏目，逐项说明")
    refused: list[RefusedGuard] = Field(default_factory=list, description="全部未满足的办理条件")


class Failure(Schema):
    """The one shape of every answer that is not 2xx."""

    error: Error


# People and places


class AgencyOut(Schema):
    id: UUID
    name: str
    locality: str


class UnitOut(Schema):
    id: UUID
    name: str


class PersonOut(Schema):
    id: UUID
    name: str


class PostOut(Schema):
    agency: AgencyOut
    unit: UnitOut | None
    role: str
    label: str
    valid_until: date | None
    deputised: bool = Field(description="代理他人岗位")


class TokenOut(Schema):
    name: str
    scopes: list[str]
    expires_at: datetime


class Me(Schema):
    id: UUID
    username: str
    name: str
    posts: list[PostOut]
    agencies: list[UUID] = Field(description="可以查看其记录的机关")
    token: TokenOut | None


# The law


class ProcedureOut(Schema):
    id: str
    label: str
    act_type: str
    help: str
    citation: str


class Procedures(Schema):
    locality: str
    digest: str
    items: list[ProcedureOut]
    total: int


class ProcedureFull(ProcedureOut):
    start: str
    stages: list[Json]
    flow: list[Json]
    acts: list[Json]
    limits: list[Json]
    papers: list[Json]


class Scheme(Schema):
    id: str
    name: str
    seed: str
    level: str
    region: str
    digest: str
    identity: Json
    display_names: dict[str, str]
    basis: list[Json]
    act_types: list[Json]
    parameters: list[Json]


# Cases


class CaseFilters(Strict):
    stage: str = ""
    closed: bool | None = Field(None, description="true 只要已办结的，false 只要在办的")
    overdue: bool | None = Field(None, description="true 只要在办且已超期的")
    q: str = Field("", max_length=200, description="案名、当事人、立案号、查询码中含有的文字")
    agency: UUID | None = None
    cursor: Cursor = ""
    limit: Limit = 50


class NewCase(Strict):
    procedure: str
    agency: UUID | None = Field(None, description="办案机关；只在一个机关任职的可以不写")
    unit: UUID | None = Field(None, description="承办机构")
    data: Json = Field(description="首个步骤的内容，按 GET /procedures/{id} 里的 schema")
    idempotency_key: Key | None = None


class ActIn(Strict):
    data: Json = Field(default_factory=dict, description="按 GET /cases/{id}/acts 里的 schema")
    idempotency_key: Key | None = None


class PaperRef(Schema):
    id: UUID
    kind: str
    label: str
    number: str


class ActDone(Schema):
    """An act that has been done."""

    case: UUID
    act: UUID = Field(description="账本条目编号")
    name: str
    n: int = Field(description="本案第几步")
    leaf_hash: str
    stage: str
    closed: str
    papers: list[PaperRef]


class CaseRow(Schema):
    id: UUID
    number: str
    title: str
    party: str
    act_type: str
    procedure: str
    stage: str
    stage_label: str
    closed: str
    agency: AgencyOut
    unit: UnitOut | None
    filed_on: date | None
    decided_on: date | None
    next_due: date | None
    overdue: bool
    opened_at: datetime
    n: int


class Cases(Schema):
    items: list[CaseRow]
    total: int
    cursor: str | None = Field(description="下一页；没有下一页时为 null")


class StageOut(Schema):
    id: str
    label: str
    state: str = Field(description="done 已办、now 正在、todo 未到、skipped 不需要")
    date: str
    actor: str


class RecordOut(Schema):
    label: str
    content: str
    mode: str
    carrier: str
    n: int = Field(description="由本案第几步形成；0 表示还没有")
    on: str


class LinkOut(Schema):
    label: str = Field(description="本地方案对环节的称呼")
    canonical: list[str] = Field(description="对应的规范环节")
    recorded: bool
    records: list[RecordOut]


class ClockOut(Schema):
    id: str
    label: str
    citation: str
    side: str
    event: str
    start: date
    n: int | None
    unit: str
    due: date | None = Field(description="届满日；方案未定的为 null")
    at: datetime | None = Field(description="以小时计的，届满时刻")
    days_left: int | None
    provisional: bool
    suspended: bool
    ended: date | None
    explanation: list[str]


class TaskOut(Schema):
    id: UUID
    kind: str
    title: str
    role: str
    role_label: str
    due: date | None
    overdue: bool
    provisional: bool
    citation: str
    opened_at: datetime


class TaskWithCase(TaskOut):
    agency: UUID
    case: UUID | None
    case_number: str
    case_title: str


class Tasks(Schema):
    items: list[TaskWithCase]
    total: int
    cursor: str | None


class TaskFilters(Strict):
    overdue: bool | None = None
    cursor: Cursor = ""
    limit: Limit = 50


class PaperOut(PaperRef):
    issued_on: date
    status: str
    digest: str
    pdf: str
    n: int
    address: str | None = Field(description="PDF 的地址；无权查看的为 null")


class EvidenceOut(Schema):
    id: UUID
    title: str | None
    filename: str | None
    mime: str
    size: int
    digest: str
    sm3: str
    n: int
    withheld: bool
    derivatives: list[DerivativeOut]


class ReviewOut(Schema):
    round: int
    submitted_on: date
    outcome: str
    opinion: str
    reviewer: str
    given_on: date | None


class ActName(Schema):
    id: str
    label: str


class CaseFull(CaseRow):
    code: str = Field(description="查询码，本机关查找案件时使用")
    pack: str
    pack_digest: str
    head: str = Field(description="本案账本链首")
    facts: Json
    withheld: list[str] = Field(description="因保密而未给出的事实")
    handlers: list[PersonOut]
    former_handlers: list[PersonOut]
    recused: list[PersonOut]
    stages: list[StageOut]
    links: list[LinkOut] = Field(description="全过程记录：本地方案的各环节及其记录")
    clocks: list[ClockOut]
    tasks: list[TaskOut]
    papers: list[PaperOut]
    evidence: list[EvidenceOut]
    reviews: list[ReviewOut]
    publication: Json
    payments: list[Json]
    remedies: list[Json]
    property: list[Json]
    open_acts: list[ActName]


class ActOut(Schema):
    id: str
    label: str
    group: str
    help: str
    citation: str
    by: list[str]
    open: bool
    unmet: list[RefusedGuard] = Field(description="现在不能办理的全部原因")
    notices: list[str] = Field(description="当日有效的清单对这一步的提示，不影响办理")
    schema_: Json = Field(alias="schema", description="办理内容的 JSON Schema")


class Acts(Schema):
    case: UUID
    stage: str
    items: list[ActOut]
    total: int


class TimelineFilters(Strict):
    after: int = Field(0, ge=0, description="只要第几步以后的")
    limit: Limit = 200


class Said(Schema):
    name: str
    label: str
    value: Any
    withheld: bool = False
    erased: bool = False


class Entry(Schema):
    n: int
    id: UUID
    name: str
    label: str
    at: datetime
    on: str
    by: UUID | None
    by_name: str
    role: str
    back_dated: bool
    leaf_hash: str
    index: int | None = Field(description="账本序号；尚未编入的为 null")
    fields: list[Said]
    papers: list[Json]


class Timeline(Schema):
    case: UUID
    items: list[Entry]
    total: int
    back_dated: int = Field(description="其中补录的步数")
    people: dict[str, str] = Field(description="出现的人员：编号到姓名")
    more: bool


# Files and registers


class FileOut(Schema):
    digest: str
    sm3: str
    size: int
    name: str
    mime: str
    receipt: str = Field(description="收据：办理时连同其余各项原样写进文件栏目")


class RegisterFilters(Strict):
    agency: UUID | None = None
    on: date | None = Field(None, description="哪一天有效的；不写就是今天")


class RegisterOut(Schema):
    kind: str
    label: str
    agency: UUID
    version: int
    in_force_from: date
    digest: str
    note: str
    rows: list[Json]
    total: int


class LocalityFilters(Strict):
    locality: str = Field("", max_length=60, description="规则包编号；只在一地任职的可以不写")
