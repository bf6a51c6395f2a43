"""What the API takes and gives of lists 清单."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from sanxiang.api.schemas import Json, Strict


class OnFilters(Strict):
    on: date | None = Field(None, description="哪一天有效的；不写就是今天，以后的日子按今天")


class ChangesFilters(Strict):
    from_: int | None = Field(None, alias="from", ge=1, description="较早的版本号")
    to: int | None = Field(None, ge=1, description="较晚的版本号；不写就是最新的版本")


class Version(Schema):
    version: int
    in_force_from: date
    digest: str
    note: str


class PublicRegister(Version):
    agency: UUID
    kind: str
    label: str
    rows: list[Json]
    total: int
    versions: list[Version]


class ChangedColumn(Schema):
    entry: str
    column: str
    before: str
    after: str


class RegisterChanges(Schema):
    from_: int | None = Field(None, alias="from")
    to: int
    added: list[str]
    removed: list[str]
    changed: list[ChangedColumn]


class OrganVersion(Version):
    agency: UUID
    name: str
    total: int
    pending: bool = Field(description="机关已有更新的版本，还没有收录")
    taken_down: bool = Field(description="机关已经撤下，note 是理由")


class DistrictRegister(Schema):
    government: str
    kind: str
    organs: list[OrganVersion]
    counts: dict[str, int]
    rows: list[dict[str, Any]]
    total: int


class RegisterActDone(Schema):
    """An act on a list that has been done."""

    act: str
    row: str
    leaf_hash: str
