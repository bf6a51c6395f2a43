"""The papers of answers to requests for a file, held against what the answers name."""

from collections.abc import Iterator

from sanxiang.cases import store
from sanxiang.cases.papers.typeset import intact
from sanxiang.door.files.asked_files import NAMES
from sanxiang.door.files.file_requests import FILES
from sanxiang.ledger.models import Opening
from sanxiang.ledger.verify import Fault


def check_requests() -> Iterator[Fault]:
    """Every paper that an answer names is in the store as it was made."""
    rows = Opening.objects.filter(
        act__name__in=NAMES, name__in=[f"{one}_pdf" for one in FILES], erased_by=None
    )
    for digest in rows.values_list("value", flat=True).iterator(chunk_size=2000):
        if digest and intact(store.papers(), str(digest)) is None:
            yield Fault("file-request", f"查阅、复制申请的文书 {digest}", "文件不见了，或者与制作时不同")
