"""What tests of pushed records share: a record as a case system hands it in, and that system with its token."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from api_client import Api
from sanxiang.demo.people import Office
from sanxiang.people.tokens import issue_token

FIRM, CARD = "91350100M000100Y43", "".join(("110105", "19491231", "002X"))
RECORD: dict[str, Any] = {
    "id": "OA-2026-0001", "record_type": "penalty", "doc_no": "东水罚〔2026〕31号", "title": "取水案", "party": "云溪明湖石料有限公司",
    "party_type": "org", "party_code": FIRM, "facts": "未经批准取水。", "basis": "《水法》第六十九条", "result": "罚款20,000元",
}  # fmt: skip


def pusher(office: Office, who: str = "disclosure-approver", *scopes: str) -> Api:
    """A case system with a token of that post."""
    post = office.people[who].posts.get()
    text = issue_token(
        post, "办案系统", scopes or ("push", "read"), timezone.now() + timedelta(days=90), timezone.now()
    )[0]
    return Api(token=text)
