"""Files made from evidence held against the acts that brought them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sanxiang.cases import store
from sanxiang.cases.derived import TOLD, told_of
from sanxiang.cases.models import Derivative
from sanxiang.door.verifying.rows import CaseFile, different, stored
from sanxiang.ledger.models import Act
from sanxiang.ledger.verify import Fault


def check_derivatives(file: CaseFile) -> Iterator[Fault]:
    """Every derivative that an act told of is in the list and in the store, as it was made; and there is no other."""
    rows = {(str(row.act), str(row.id)): row for row in file.derivatives}
    for act in file.acts:
        for name, told in file.said(act).items():
            if name.startswith(TOLD):
                row = rows.pop((str(act.id), name.removeprefix(TOLD)), None)
                yield from _derivative(act, name, told, row)
    for row in rows.values():
        yield Fault("evidence", label(row), "没有对应的办理动作")


def _derivative(act: Act, name: str, told: Any, row: Derivative | None) -> Iterator[Fault]:
    if row is None:
        yield Fault("evidence", f"衍生文件（{name.removeprefix(TOLD)}）", "不见了")
        return
    said = told if isinstance(told, Mapping) else {}
    pairs = {key: (value, said.get(key)) for key, value in told_of(row).items()} | {"n": (row.n, act.n)}
    if wrong := different(pairs):
        yield Fault("evidence", label(row), f"{wrong}与账本不符")
    yield from stored(store.evidence(), row.digest, "evidence", label(row))


def label(row: Derivative) -> str:
    """How a derivative is named: by its kind and its original's key."""
    return f"证据（{row.evidence_id}）的{row.get_kind_display()}（{row.id}）"
