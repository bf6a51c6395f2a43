"""Files of the demonstration that were evaluated: a sample, results, one judged otherwise by hand, one disputed and answered."""

from datetime import datetime, timedelta
from typing import Any

from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.oversight.evaluation.results import register

BATCH = "上半年案卷评查"
WHERE = ("kaiyuan", "laizhou")
"""In these two localities; the others have the page before anybody used it."""
DRAWN = 3
BY_HAND = {
    "项目": "说理充分，裁量适当",
    "意见": "另行扣分",
    "扣分": "1",
    "理由": "裁量的理由写得简单，没有说明为什么取这一档",
}


def evaluate(office: Office, now: datetime) -> None:
    """Three files drawn, two evaluated; the head disputes the second, and the answer takes the points back."""
    reviewer, head = office.people["legal-reviewer"], office.people["agency-head"]
    day = now.date()
    told: dict[str, Any] = {"batch": BATCH, "size": str(DRAWN), "seed": "抽签单第七号"}
    told |= {"first": (day - timedelta(days=365)).isoformat(), "last": day.isoformat()}
    administer("draw-sample", office.agency, reviewer, told, now=now - timedelta(hours=3))
    [sample], _ = register([office.agency.pk])
    chosen = [one["case"] for one in sample.drawn]
    results: list[tuple[str, list[dict[str, str]], str]] = [
        (chosen[0], [], "程序合法，文书齐全。"),
        (chosen[1], [BY_HAND], "程序合法，说理可以加强。"),
    ]
    for hours, (case, opinions, conclusion) in enumerate(results):
        said = {"case": case, "batch": BATCH, "opinions": opinions, "conclusion": conclusion}
        administer("evaluate-file", office.agency, reviewer, said, now=now - timedelta(hours=2 - hours))
    dispute = {"case": chosen[1], "batch": BATCH, "reason": "裁量的理由在集体讨论记录里已经逐条写明。"}
    administer("appeal-evaluation", office.agency, head, dispute, now=now - timedelta(minutes=40))
    answer = {
        "case": chosen[1],
        "batch": BATCH,
        "upheld": "falls",
        "conclusion": "讨论记录写明了理由，采纳异议。",
    }
    administer("decide-appeal", office.agency, reviewer, answer, now=now - timedelta(minutes=20))
