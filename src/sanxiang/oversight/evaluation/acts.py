"""Acts of file evaluation 案卷评查: draw a sample, put an evaluation on record, appeal against it, decide the appeal.

What the program finds by itself is added to the act, so that the ledger keeps the drawn list and every flaw as they were that day.
The register of evaluations is read from the ledger (`results`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.rules import Field
from sanxiang.oversight.evaluation.sheet import Sheet, sheet_of, standard_of
from sanxiang.people import roles
from sanxiang.speech import cn_day

DRAW, EVALUATE, APPEAL, DECIDE = "draw-sample", "evaluate-file", "appeal-evaluation", "decide-appeal"
NAMES = (DRAW, EVALUATE, APPEAL, DECIDE)
EVALUATORS = (roles.SUPERVISOR, roles.LEGAL_REVIEWER)
NORM = Citation("国办发〔2018〕118号", "三（十）", "norm")
STANDS, FALLS = "stands", "falls"
MOST = 500


def case_named(change: Change) -> Case | None:
    """The agency's case of that number or code."""
    text = str(change.data.get("case") or "")
    rows = Case.objects.select_related("agency").filter(Q(number=text) | Q(code=text), agency=change.agency)
    return rows.first() if text else None


def known_case(change: Change) -> list[Verdict]:
    """There is such a case, and it is closed: an open file is checked by its officer, and evaluated when it is done."""
    text, case = str(change.data.get("case") or ""), case_named(change)
    if not text:
        return []
    if case is None:
        fact = f"{change.agency.name}没有编号为“{text}”的案件"
        return [unmet("case", NORM, fact, "照案件页填写立案号或者查询码")]
    if not case.closed:
        fact = "案件还没有办结，不能评查"
        return [unmet("closed", NORM, fact, "办结之后再评查；办理之中的，承办人可以用“案卷自查”")]
    return []


def sound_opinions(change: Change) -> list[Verdict]:
    """Each opinion is on an item of the standard, says why, and takes no more than the item has."""
    case = case_named(change)
    if case is None:
        return []
    items = {item.label: item for item in standard_of(case)}
    verdicts = []
    for number, row in enumerate(change.data.get("opinions") or (), 1):
        item, taken = items.get(str(row.get("项目") or "")), points(row)
        if item is None:
            fact = f"第 {number} 行的项目“{row.get('项目', '')}”不在评查标准里"
            verdicts.append(unmet(f"row:{number}", NORM, fact, "照结果表上的项目名称填写"))
        elif not str(row.get("理由") or "").strip():
            fact = f"第 {number} 行“{item.label}”没有写理由"
            verdicts.append(unmet(f"row:{number}", NORM, fact, "改变系统的判断要写明理由"))
        elif row.get("意见") not in OPINIONS:
            fact = f"第 {number} 行的意见“{row.get('意见', '')}”看不懂"
            verdicts.append(unmet(f"row:{number}", NORM, fact, f"填写：{'、'.join(OPINIONS)}"))
        elif row.get("意见") == BY_HAND and (taken is None or taken > item.points):
            fact = f"第 {number} 行“{item.label}”的扣分应为 0 到 {item.points} 之间的数"
            verdicts.append(unmet(f"row:{number}", NORM, fact, "填写实际扣分"))
    return verdicts


BY_HAND = "另行扣分"
OPINIONS = ("不成立", "成立", BY_HAND)
"""What an evaluator may say of an item: it does not hold, it holds though no rule found it, or it takes another number of points."""


def points(row: Mapping[str, Any]) -> Decimal | None:
    """The points of a row; None where it states none that can be read."""
    try:
        found = Decimal(str(row.get("扣分") or ""))
    except InvalidOperation:
        return None
    return found if found >= 0 else None


def findings(sheet: Sheet) -> list[dict[str, Any]]:
    """The flaws as the ledger keeps them: item, step, fact, article."""
    return [
        {
            "item": line.item.label,
            "n": flaw.n,
            "step": flaw.label,
            "fact": flaw.fact,
            "article": flaw.citation,
        }
        for line in sheet.lines
        for flaw in line.flaws
    ]


def judged(change: Change) -> dict[str, Any]:
    """What the program finds in the file today, and what is left of a hundred after the evaluator's opinions."""
    case = case_named(change)
    assert case is not None  # `known_case` has refused
    return told_of(case, sheet_of(case).after(change.data.get("opinions") or ()))


def told_of(case: Case, sheet: Sheet) -> dict[str, Any]:
    """A sheet as the ledger keeps it."""
    return {
        "case_id": str(case.pk),
        "title": case.title,
        "n": case.n,
        "findings": findings(sheet),
        "score": f"{sheet.score.normalize():f}",
        "grade": sheet.grade,
        "failed": [line.item.label for line in sheet.fatal],
        "parts": sheet.parts,
        "taken": {line.item.label: f"{line.taken.normalize():f}" for line in sheet.lines if line.taken},
    }


OPINION_ROWS: Field = replace(
    asked(
        "opinions",
        "评查人的意见",
        "rows",
        required=False,
        help="与系统判断不同的才填：项目照结果表，意见填“不成立”“成立”或者“另行扣分”，写明理由",
    ),
    columns=tuple(Field(name, name, required=False) for name in ("项目", "意见", "扣分", "理由")),
)


CASE = asked("case", "案件", longest=60, help="立案号或者查询码")
BATCH = asked("batch", "评查批次", longest=100)


@admin_act(
    EVALUATE,
    "登记案卷评查结果",
    EVALUATORS,
    (
        CASE,
        asked("batch", "评查批次", longest=100, help="例如“2026年上半年案卷评查”"),
        OPINION_ROWS,
        asked("conclusion", "评查意见", "longtext"),
    ),
    NORM,
    group="evaluation",
    help="系统按评查标准逐步核对全卷，评查人可以写明理由改变单项的判断",
    checks=lambda change: [*known_case(change), *sound_opinions(change)],
    secrecy="case",
    adds=judged,
)
def evaluate_file(change: Change) -> None:
    """One file, evaluated."""


def drawn(change: Change) -> dict[str, Any]:
    """The cases that the seed draws out of those closed in the period."""
    first, last = str(change.data["first"])[:10], str(change.data["last"])[:10]
    rows = (
        Case.objects.filter(agency=change.agency).exclude(closed="").only("number", "code", "title", "state")
    )
    pool = [case for case in rows if first <= closed_on(case) <= last]
    chosen = draw(str(change.data["seed"]), {str(case.code): case for case in pool}, int(change.data["size"]))
    return {
        "pool": len(pool),
        "drawn": [
            {"case": case.number or case.code, "title": case.title, "id": str(case.pk)} for case in chosen
        ],
    }


def closed_on(case: Case) -> str:
    """The day on which the case came into its last stage."""
    return str(case.state.get("since") or "")[:10]


def draw(seed: str, pool: Mapping[str, Case], size: int) -> list[Case]:
    """The first of all in the order of SHA-256 over seed and code: whoever knows the seed draws the same again."""
    order = sorted(pool, key=lambda code: hashlib.sha256(f"{seed}|{code}".encode()).hexdigest())
    return [pool[code] for code in order[:size]]


def sound_draw(change: Change) -> list[Verdict]:
    """A number of files that can be drawn, and a period that does not run backwards."""
    verdicts, size = [], change.data.get("size")
    if size is not None and not 1 <= int(size) <= MOST:
        verdicts.append(unmet("size", NORM, f"抽取 {size} 件", f"填写 1 到 {MOST} 之间的数"))
    first, last = change.data.get("first"), change.data.get("last")
    if first and last and str(first) > str(last):
        fact = f"起日{cn_day(first)}晚于止日{cn_day(last)}"
        verdicts.append(unmet("period", NORM, fact, "核对办结日期的起止"))
    return verdicts


@admin_act(
    DRAW,
    "抽取评查案卷",
    EVALUATORS,
    (
        BATCH,
        asked("first", "办结日期起", "date"),
        asked("last", "办结日期止", "date"),
        asked("size", "抽取件数", "number"),
        asked(
            "seed", "抽取种子", longest=100, help="现场议定的任意文字或者数字；同样的种子总是抽出同样的案卷"
        ),
    ),
    NORM,
    group="evaluation",
    help="按种子随机抽取，抽取的结果记入账本，任何人可以用同样的种子重算",
    checks=sound_draw,
    secrecy="case",
    adds=drawn,
)
def draw_sample(change: Change) -> None:
    """A sample of closed files."""


@admin_act(
    APPEAL,
    "对评查结果提出异议",
    (roles.AGENCY_HEAD, roles.UNIT_HEAD),
    (
        CASE,
        BATCH,
        asked("reason", "异议和理由", "longtext"),
    ),
    NORM,
    group="evaluation",
    checks=known_case,
    secrecy="case",
)
def appeal(change: Change) -> None:
    """The agency does not agree with an evaluation."""


@admin_act(
    DECIDE,
    "答复评查异议",
    EVALUATORS,
    (
        CASE,
        BATCH,
        asked("upheld", "原结果", "choice", options={STANDS: "维持", FALLS: "改变"}),
        OPINION_ROWS,
        asked("conclusion", "答复意见", "longtext"),
    ),
    NORM,
    group="evaluation",
    checks=lambda change: [*known_case(change), *sound_opinions(change)],
    secrecy="case",
    adds=judged,
)
def decide_appeal(change: Change) -> None:
    """The appeal is answered; the new sheet stands for the old one."""
