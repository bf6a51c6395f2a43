"""/public/bulk: which bulk file of all public decisions there is, with its digests. The twin of the portal's address."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema

from sanxiang.api.problems import Problem
from sanxiang.api.schemas import Json
from sanxiang.cases.disclosure import bulk

router = Router(tags=["public"])


class BulkFileOut(Schema):
    name: str
    size: int
    sha256: str
    sm3: str


class BulkOut(Schema):
    url: str
    built_at: datetime
    total: int = Field(description="文件里有多少条决定")
    removed: int = Field(description="changes.csv 里有多少条撤回、期满和信用修复")
    cursor: str = Field(description="文件反映到账本的哪一处；接着取 /public/changes?cursor=，为空的从头取")
    size: int
    sha256: str
    sm3: str
    files: list[BulkFileOut]


@router.get("/bulk", auth=None, response=BulkOut, summary="全部公示决定的整批文件")
def show_bulk(request: HttpRequest) -> Json:
    """The file's digests and the cursor from which changes go on. 503 while it is being made: a text in the last one had to go."""
    found = bulk.current()
    if found is None:
        raise Problem("making", "整批文件正在生成，请稍后再取；逐条数据见 /public/decisions")
    return bulk.told(found)
