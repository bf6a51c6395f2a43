"""Is the paper in my hand the text that stands? The answer behind the QR code that each paper bears.

Whoever has the paper has its address, which nobody can guess; nothing of what the paper says is told here.
"""

import re
from typing import Any

from django.db.models import Q, QuerySet

from sanxiang.cases.models import Paper
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.ledger.models import Act, Opening
from sanxiang.people.authority import uuid_of
from sanxiang.square.log_acts import links_of

DIGEST = re.compile(r"[0-9a-f]{64}")
STANDING = ("issued", "served")
CORRECTING = "correct-paper"


def paper_found(asked: str) -> dict[str, Any] | None:
    """The answer about one paper; None where there is none of that address. Four queries at most."""
    key = uuid_of(asked)
    return answer_of(Paper.objects.filter(pk=key)) if key else None


def paper_of_file(digest: str) -> dict[str, Any] | None:
    """The answer about the paper whose PDF has this SHA-256; None where there is none. Of evidence nothing is said."""
    asked = digest.strip().lower()
    return (
        answer_of(Paper.objects.filter(Q(pdf=asked) | Q(sealed=asked))) if DIGEST.fullmatch(asked) else None
    )


def answer_of(rows: QuerySet[Paper]) -> dict[str, Any] | None:
    """The answer about the one paper there is among these rows."""
    row = rows.select_related("case__agency").defer("content").first()
    if row is None:
        return None
    corrected = corrected_on(row)
    if corrected:
        title = "这份文书已经更正，不是现行文本"
        text = f"{cn_date(corrected)}更正，以送达的更正通知书为准。"
    elif row.status not in STANDING:
        title, text = "这份文书已经失去效力，不是现行文本", "请向制作机关询问现在有效的决定。"
    else:
        title, text = (
            "现行文本",
            "本系统制作，没有更正、撤销或者作废。请逐项对照手上的文书，内容不一致的向制作机关询问。",
        )
    current = title == "现行文本"
    shown = (
        ("文书", row.label),
        ("文号", row.number),
        ("制作机关", row.case.agency.name),
        ("制作日期", cn_date(row.issued_on)),
        ("更正日期", cn_date(corrected) if corrected else ""),
        ("模板", row.template),
        ("内容校验值", row.digest),
        ("PDF 校验值", row.pdf),
        ("盖章的 PDF 校验值", row.sealed),
    )
    notice = {"tone": "green" if current else "red", "title": title, "text": text}
    told = [{"label": label, "value": value} for label, value in shown if value]
    return {"notice": notice, "rows": told, "links": links_of(row.act)}


def corrected_on(row: Paper) -> str:
    """The day on which this very paper was corrected, "" if never: a correction means the newest paper of its kind at that time."""
    # By the acts that made them: a paper's own `n` moves on when it is served.
    alike = Paper.objects.filter(case=row.case_id, kind=row.kind).values("act")
    made = dict(Act.objects.filter(pk__in=alike).values_list("pk", "n"))
    acts = (
        Opening.objects.filter(act__subject=row.case_id, act__name=CORRECTING, name="paper")
        .order_by("act__n")
        .values_list("value", "act__n", "act__on")
    )
    mine = made.get(row.act, row.n)
    for kind, n, on in acts:
        if kind == row.kind and n > mine and not any(mine < other < n for other in made.values()):
            return str(on)[:10]
    return ""
