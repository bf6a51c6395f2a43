"""Ties between cases held against the acts that made them."""

from collections.abc import Iterator

from sanxiang.cases.models import CaseLink
from sanxiang.door.linking import TOLD
from sanxiang.door.verifying.rows import CaseFile, different
from sanxiang.law.relations import linked
from sanxiang.ledger.verify import Fault


def check_links(file: CaseFile) -> Iterator[Fault]:
    """Every tie that an act told of is there and in the state, as it was made; and there is no other."""
    rows = {(str(row.act), str(row.other_id)): row for row in file.links}
    for act in file.acts:
        for name, told in file.said(act).items():
            if not name.startswith(TOLD):
                continue
            other = name.removeprefix(TOLD)
            row = rows.pop((str(act.id), other), None)
            if row is None:
                yield Fault("link", f"案件关联 {told.get('number')}（{other}）", f"不见了（{file.label}）")
            elif wrong := different({"how": (row.how, told.get("how")), "n": (row.n, act.n)}):
                yield Fault("link", label(row), f"{wrong}与账本不符")
    for row in rows.values():
        yield Fault("link", label(row), "没有对应的办理动作")
    kept = {(one["case"], one["how"]) for one in linked(file.case.state)}
    if kept != {(str(row.other_id), row.how) for row in file.links}:
        yield Fault("link", file.label, "案件关联与案件状态不符")


def label(row: CaseLink) -> str:
    """How a tie is named."""
    return f"案件关联（{row.id}）"
