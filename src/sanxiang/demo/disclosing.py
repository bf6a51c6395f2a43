"""事后公示 of the demonstration beyond the plain case: every kind of act, four stages, a correction, a withdrawal, an end of display."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Publication
from sanxiang.demo.people import Office
from sanxiang.demo.stories import SUMMARY, Step, digest_of
from sanxiang.door.administer import administer
from sanxiang.door.expiring import expire_due
from sanxiang.door.perform import perform
from sanxiang.law.own_rules import kinds_of
from sanxiang.law.packs import Pack

BEFORE = {
    "licence": "lic-close",
    "coercive-measure": "release-measure",
    "inspection": "close-inspection",
    "levy": "levy-payment",
    "fee": "levy-payment",
    "land-levy": "land-pay",
    "requisition": "req-call-back",
    "confirmation": "cfm-close",
    "adjudication": "adj-close",
}
"""Procedure: the act before which its decision is made public."""
RULE, SHOWN_DAYS = "rule-ex-post", "365"
"""How long a decision is shown, where the scheme leaves it to the agency's own rule."""
NOTE = "原来的说明没有写作出处理以前听取过当事人的意见，现已补上；处罚的事实、依据和金额没有变化。"
BETTER = "有人违反了规定，经过调查核实，机关听取了他的意见，依法作出了处理。"
VETTED = "与决定书一致，隐去恰当，同意公示。"
WHY = "行政复议机关撤销了原处罚决定，原文不再公示。"


def disclosed(procedure: str, steps: list[Step]) -> list[Step]:
    """The story with its decision made public on the day on which it goes on."""
    place = next(n for n, step in enumerate(steps) if step.act == BEFORE[procedure])
    return [*steps[:place], *at_once(), *steps[place:]]


def at_once() -> list[Step]:
    """Prepared and confirmed the same day: nothing else in the story moves."""
    return [
        Step("prepare-publication", "disclosure-editor", lambda o, c: {"plain_summary": SUMMARY}),
        Step("publish", "disclosure-approver", lambda o, c: {"digest": digest_of(c)}),
    ]


def in_stages(steps: list[Step]) -> list[Step]:
    """The story with all four stages of publication, each by somebody else."""
    found: list[Step] = []
    for step in steps:
        if step.act == "prepare-publication":
            found.append(
                Step(
                    "collect-publication",
                    "officer1",
                    lambda o, c: {"collected": "决定书已送达，内容已核对。"},
                )
            )
        if step.act == "publish":
            found.append(Step("vet-publication", "unit-head", lambda o, c: {"vetting": VETTED}))
        found.append(step)
    return found


def rule_on_display(office: Office, pack: Pack, now: datetime) -> None:
    """The agency's own rule on how long decisions are shown, where the scheme asks for one."""
    kind = kinds_of(pack).get(RULE)
    if kind is None or "publish.display_period" not in {key for keys in kind.sets.values() for key in keys}:
        return
    rows = [
        {"章节": name, "内容": f"{name}按本规定执行。"}
        | ({"数值": SHOWN_DAYS} if "publish.display_period" in kind.sets.get(name, ()) else {})
        for name in kind.chapters
    ]
    told: dict[str, Any] = {"kind": RULE, "rows": rows, "in_force_from": now.date().isoformat()}
    told |= {"title": f"{office.agency.name}事后公开规定", "owner": office.legal.name, "basis": "本地方案"}
    administer("release-rule", office.agency, None, told, now=now)


def follow_up(office: Office, now: datetime) -> None:
    """One decision is put right, one is withdrawn after a review, and what was shown long enough goes."""
    shown = Publication.objects.filter(agency=office.agency, status="published", act_type="penalty")
    oldest = list(shown.exclude(display_until__lt=timezone.localdate(now)).order_by("published_on", "pk")[:2])
    withdraw(office, oldest[0], now)
    correct(office, oldest[1], now)
    expire_due(now)


def withdraw(office: Office, row: Publication, now: datetime) -> None:
    """The body of review revoked the decision; it is taken down within the three days, with the reason."""
    told = {
        "revoked_how": "revoked",
        "undone_by": "review",
        "revoked_by": f"{office.agency.review_body}演示复决〔{now.year}〕1号",
        "reason": "认定的面积没有测绘成果支持，主要证据不足。",
    }
    _done(office, row, "revoke-decision", "agency-head", told, now - timedelta(days=9))
    _done(
        office,
        row,
        "withdraw-publication",
        "disclosure-approver",
        {"withdrawal_ground": "review", "public_reason": WHY},
        now - timedelta(days=8),
    )


def correct(office: Office, row: Publication, now: datetime) -> None:
    """Something is wrong in a published text: it is prepared and confirmed anew, and both versions are told of."""
    day = now - timedelta(days=6)
    told = {
        "error_source": "public",
        "found_wrong_on": timezone.localdate(day).isoformat(),
        "public_note": NOTE,
    }
    _done(office, row, "correct-publication", "disclosure-editor", told, day)
    plain = {"plain_summary": BETTER}
    _done(office, row, "prepare-publication", "disclosure-editor", plain, day + timedelta(hours=1))
    row.refresh_from_db()
    seen = {"digest": digest_of(row.case)}
    _done(office, row, "publish", "disclosure-approver", seen, day + timedelta(hours=2))


def _done(office: Office, row: Publication, act: str, who: str, told: dict[str, Any], now: datetime) -> None:
    assert row.case_id is not None
    perform(act, row.case_id, office.people[who], told, channel="demo", now=now)
