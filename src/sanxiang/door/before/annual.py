"""证件年度审验: one act for the whole list. Who failed or did not attend enforces no more from that day on, and leaves the roster."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sanxiang.door.admin.people import changed
from sanxiang.door.admin.rules import CERTIFICATES, INBOUND, Change, admin_act, asked, given_day, unmet
from sanxiang.law.guards import Verdict
from sanxiang.law.rules import Field
from sanxiang.people import roles
from sanxiang.people.models import Certificate, Post, in_force

INSPECT = "inspect-certificates"
NUMBER, OUTCOME = "证件编号", "审验结果"
PASSED, FAILED, ABSENT = "合格", "不合格", "未参加"
OUTCOMES = (PASSED, FAILED, ABSENT)
COLUMNS = (NUMBER, "姓名", OUTCOME, "说明")


def held_here(change: Change) -> dict[str, Certificate]:
    """Certificates of those who hold a post in the agency today, by number. One query."""
    people = Post.objects.filter(in_force(change.day), agency=change.agency).values("person")
    rows = Certificate.objects.filter(person__in=people, revoked_on=None).select_related("person")
    return {row.number: row for row in rows}


def sound_batch(change: Change) -> list[Verdict]:
    """Each row is a certificate of the agency's own people, once, with an outcome; who passed is covered until a day to come."""
    held, seen, verdicts = held_here(change), set[str](), []
    for number, row in enumerate(change.data.get("rows") or (), 1):
        card, outcome = str(row.get(NUMBER, "")), str(row.get(OUTCOME, ""))
        faults = [
            (f"证件编号“{card}”不是本机关在岗人员的证件", card not in held),
            (f"证件编号“{card}”前面已有一行", card in seen),
            (f"没有写明审验结果，填{'、'.join(OUTCOMES)}之一", outcome not in OUTCOMES),
            (f"姓名与证件登记的“{held[card].person.name}”不符" if card in held else "", bool(
                card in held and row.get("姓名") and row["姓名"] != held[card].person.name
            )),
            (f"证件“{card}”来自{held[card].source}，年度审验在那里登记，再由那里报来" if card in held else "", bool(
                card in held and held[card].source and change.by is not None and change.channel != INBOUND
            )),
        ]  # fmt: skip
        seen.add(card)
        verdicts += [
            unmet(f"row:{number}", CERTIFICATES, f"第 {number} 行：{fact}", "改正这一行再提交")
            for fact, wrong in faults
            if wrong
        ]
    until = change.data.get("inspected_until")
    if until and given_day(until) < change.day:
        verdicts.append(
            unmet("inspected-until", CERTIFICATES, "审验有效至已经过去", "填写下一次审验之前的最后一天")
        )
    return verdicts


@admin_act(
    INSPECT,
    "登记年度审验结果",
    (roles.SECURITY_ADMIN, roles.SUPERVISOR),
    (
        asked("year", "审验年度", longest=10, help="如 2026"),
        asked("inspected_until", "合格的，审验有效至", "date"),
        replace(
            asked(
                "rows",
                "审验结果",
                "rows",
                help="每张证件一行；结果填合格、不合格或者未参加。没有列入的证件不变",
            ),
            columns=tuple(Field(name, name, required=False) for name in COLUMNS),
        ),
    ),
    CERTIFICATES,
    group="certificates",
    help="可以上传表格。不合格和未参加的，当天起不列入执法人员清单，不能办案",
    checks=sound_batch,
)
def inspect_certificates(change: Change) -> None:
    """Who passed is covered until the day told; everybody else until yesterday at the latest."""
    held, until = held_here(change), given_day(change.data["inspected_until"])
    yesterday = change.day - timedelta(days=1)
    for row in change.data["rows"]:
        card: Any = held[str(row[NUMBER])]
        covered = until if row[OUTCOME] == PASSED else min(card.inspected_until or yesterday, yesterday)
        changed(card, change.n, {"inspected_until": covered})
