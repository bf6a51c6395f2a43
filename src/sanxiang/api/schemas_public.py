"""The shapes of what everybody may ask and read without signing in."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from sanxiang.api.schemas import Cursor, Json, Limit, Strict


class DecisionFilters(Strict):
    q: str = Field("", description="以空格分开的词，每个词都要出现在某一栏里")
    act_type: str = ""
    agency: str = Field("", max_length=120, description="机关的编号或全称")
    from_: date | None = Field(None, alias="from", description="决定日期起")
    to: date | None = Field(None, description="决定日期止")
    party_type: Literal["", "citizen", "individual-business", "org"] = ""
    level: Literal["", "province", "city", "county", "town"] = Field("", description="机关层级")
    published_from: date | None = Field(None, description="公示日期起")
    published_to: date | None = Field(None, description="公示日期止")
    order: Literal["", "oldest"] = Field("", description="oldest 从旧到新；不写从新到旧")
    cursor: Cursor = ""
    page: Annotated[int, Field(ge=1, le=10_000_000)] = 1
    limit: Limit = 20
    exact: bool = Field(False, description="超过 10000 条时也给出准确总数")


class DecisionRow(Schema):
    id: UUID
    number: str
    title: str
    party: str
    act_type: str
    authority: str
    agency: str
    decided_on: date | None
    published_on: date | None
    origin: str = Field(
        description="case 本平台办理，taken-over 接管旧系统案件、决定由旧系统作出，import 历史导入，pushed 由办案系统推送"
    )
    external_id: str | None
    url: str = Field(description="公示页面的地址，只有这一个")


class Numbers(Schema):
    act_type: dict[str, int]
    agency: dict[str, int] = Field(description="按机关的编号")
    party_type: dict[str, int]


class Decisions(Schema):
    items: list[DecisionRow]
    total: int | None = Field(description="总数；超过 10000 条且没有要求准确总数的为 null")
    over: int | None = Field(description="总数没有数完时，至少超过这个数")
    cursor: str | None
    numbers: Numbers = Field(
        description="按种类、机关、当事人类型各有多少条；total 为 null 时只数了前 10000 条"
    )


class Decision(DecisionRow):
    party_type: str
    party_code: str
    address: str
    facts: str
    basis: str
    result: str
    source_published_on: date | None
    act: UUID | None = Field(description="账本条目编号")
    leaf_hash: str


class RecordSchema(Schema):
    """What a published record of one locality and kind must and may hold."""

    locality: str
    name: str
    act_type: str
    label: str
    citation: str
    provenance: str
    schema_: Json = Field(alias="schema")


class RecordSchemas(Schema):
    items: list[RecordSchema]
    total: int


class ChangeFilters(Strict):
    agency: str = Field("", max_length=120, description="机关的编号或全称")
    cursor: Cursor = ""
    limit: Limit = 100


class ChangeOut(Schema):
    number: int = Field(description="变动在账本中的序号，只增不减")
    kind: str = Field(
        description="withdrawn 撤回，expired 公开期满，repaired 信用修复、停止公示，corrected 更正"
    )
    id: UUID = Field(description="公示编号")
    agency: str
    act_type: str
    on: date | None
    reason: str
    act: UUID | None


class Changes(Schema):
    items: list[ChangeOut]
    cursor: str | None = Field(description="最后一条的序号；下次从这里接着取，没有新的变动就原样给回")
