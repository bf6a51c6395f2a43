"""Nobody is typed into the roster: each of its rows is that of a certificate with which somebody may enforce today."""

from collections.abc import Mapping, Sequence
from typing import Any

from sanxiang.door.admin.rules import CERTIFICATES, Change, unmet
from sanxiang.law.guards import Verdict
from sanxiang.registers.before.roster import KIND, rows_for

NUMBER = "证件编号"
MOST = 20


def typed(change: Change, kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    """Rows of the roster that are not what the certificates say. Four queries; none for any other list."""
    if kind != KIND:
        return []
    held = {row[NUMBER]: row for row in rows_for(change.agency, change.day)}
    verdicts = []
    for number, row in enumerate(rows, 1):
        mine = held.get(str(row.get(NUMBER, "")))
        wrong = [name for name, value in (mine or {}).items() if value != str(row.get(name, ""))]
        if mine is None:
            fact = f"第 {number} 行“{row.get('姓名', '')}”没有今日有效的执法证件"
        elif wrong:
            fact = f"第 {number} 行的“{'、'.join(wrong)}”与证件和任职登记不符"
        else:
            continue
        cure = "人员清单由执法证件生成，不能手工填写；先登记、变更证件或者任职，再用生成的内容"
        verdicts.append(unmet(f"typed:{number}", CERTIFICATES, fact, cure))
    return verdicts[:MOST]
