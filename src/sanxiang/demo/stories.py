"""Whole cases as lists of steps: who does what on which day. The demonstration and the story tests play the same ones."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from sanxiang.cases.models import Case
from sanxiang.demo.matters import WATER, Matter, Remit, matter
from sanxiang.demo.people import Office
from sanxiang.door.disclosure.public_files import text_of
from sanxiang.door.gather import calendar, pack_of
from sanxiang.door.perform import Done, open_case, perform

UNFILMED = {"no_recording": "演示案卷不附音像文件，录像存执法记录仪采集站"}
"""Why a step has no recording, for schemes that ask."""

APPROVED = {"exceptions_approved": True}
"""The head who closes the case lets the reasons stand."""

Data = Callable[[Office, Case | None], Mapping[str, Any]]


TO_HEARING = 8
"""Working days from the notice to the hearing: seven lie between."""


@dataclass(frozen=True)
class Step:
    """One act: working days after the step before, by whom, and with what data."""

    act: str
    who: str
    data: Data
    after: int = 0


def two(office: Office) -> list[str]:
    """The two officers who handle demonstration cases."""
    return [office.id("officer1"), office.id("officer2")]


def shown(office: Office, case: Case | None) -> dict[str, Any]:
    """Certificates shown to the person on site."""
    return {
        "officers": two(office),
        "shown_to": [
            {"name": "现场负责人", "relation": "当事人的工作人员"},
            {"name": "顾长庚", "relation": "当事人"},
        ],
        "mode": "shown",
        "place": "当事人生产场所",
        "dress": dressed(two(office)),
    }


def dressed(officers: list[str]) -> list[dict[str, str]]:
    """Everybody in uniform, the certificate worn."""
    return [{"officer": one, "uniform": "yes", "badge": "yes"} for one in officers]


def told(office: Office, case: Case | None) -> dict[str, Any]:
    """Notice and explanation with all four elements."""
    return {
        "officers": two(office),
        "told_reason": "对涉嫌违法行为进行检查",
        "told_basis": "《行政处罚法》第五十五条",
        "told_content": "查看现场，制作笔录，提取证据",
        "told_rights": "有陈述、申辩和申请回避的权利，有如实说明和协助的义务",
        "explained": "逐项说明检查的依据、范围和配合事项",
        "answer": "表示清楚，同意配合",
        "signed": "signed",
    }


def told_on_spot(office: Office, fine: str, which: int) -> dict[str, Any]:
    """What is intended, why and on what ground, told by word of mouth before a decision on the spot."""
    about = matter(fine, which, office.remit)
    return {
        "officers": two(office),
        "told_reason": about.found,
        "told_basis": about.basis,
        "told_kinds": list(about.kinds),
        "told_fine": fine,
        "told_rights": "有陈述、申辩和申请回避的权利，有如实说明和协助的义务",
        "explained": "逐项说明认定的事实、处罚的依据和幅度",
        "answer": "表示清楚，没有异议",
    }


def inspected(office: Office, about: Matter) -> dict[str, Any]:
    """An on-site record."""
    return {
        "officers": two(office),
        "place": "当事人生产场所",
        "began": None,
        "ended": None,
        "present": "现场负责人",
        "signed": "signed",
        "record": f"{about.seen}执法人员拍照四张，测量数据已当场核对。",
        **UNFILMED,
    }


FIRMS = ("清源建材", "广济食品", "松涛木业", "明湖石料", "北辰农机", "德润养殖", "恒丰砂场", "瑞云印务")
CITIZENS = ("顾长庚", "尤望舒", "滕青禾", "冉秋水")


def party(kind: str = "org", which: int = 0) -> dict[str, Any]:
    """An invented party; no such person or firm exists."""
    if kind == "citizen":
        return {
            "kind": "citizen",
            "name": CITIZENS[which % 4],
            "address": f"演示县云溪镇柳林村 {which + 1} 号",
            "phone": "0000-1234567",
        }
    return {
        "kind": "org",
        "name": f"云溪{FIRMS[which % 8]}有限公司",
        "address": f"演示县工业园 {which + 1} 号",
        "legal_rep": CITIZENS[which % 4],
        "phone": "0000-1234567",
    }


def penalty(
    fine: str, kinds: tuple[str, ...] = (), which: int = 0, remit: Remit = WATER, **more: str
) -> dict[str, Any]:
    """What is to be decided; without `kinds`, what the matter's article has."""
    about = matter(fine, which, remit)
    return {
        "kinds": list(kinds or about.kinds),
        "fine": fine,
        "found": about.found,
        "evidence_text": "现场检查笔录一份、照片四张、当事人陈述一份，证明位置、事实和数量。",
        "violated": about.violated,
        "basis": about.basis,
        "discretion": "首次违法、及时停止、后果较轻，适用从轻档次。",
        "correction": about.correction,
        "perform_by": "自收到本决定书之日起十五日内到指定银行或者通过电子支付系统缴纳罚款。",
        **more,
    }


def decided_on_spot(office: Office, fine: str, which: int) -> dict[str, Any]:
    """The decision handed over where the offence was found, signed by the party."""
    return {
        "officers": two(office),
        "decision": penalty(fine, which=which, remit=office.remit),
        "signed": "signed",
    }


def summary(fine: str = "200", kind: str = "org", which: int = 0) -> list[Step]:
    """简易程序: from the scene to the sealed file."""
    return [
        Step(
            "start-summary",
            "officer1",
            lambda o, c: {
                "party": party(kind, which),
                "cause": matter(fine, which, o.remit).cause,
                "occurred_on": None,
                "occurred_at": "当事人生产场所",
                "officers": two(o),
            },
        ),
        Step("show-certificate", "officer1", shown),
        Step("inspect", "officer1", lambda o, c: inspected(o, matter(fine, which, o.remit))),
        Step("tell-on-spot", "officer1", lambda o, c: told_on_spot(o, fine, which)),
        Step("decide-on-spot", "officer1", lambda o, c: decided_on_spot(o, fine, which)),
        Step(
            "serve-on-spot",
            "officer1",
            lambda o, c: {"officers": two(o), "receiver": "当事人的法定代表人", **UNFILMED},
        ),
        Step("file-record", "officer1", lambda o, c: {"filed_with": "政策法规股"}, 1),
        *published(),
        Step(
            "record-payment",
            "officer1",
            lambda o, c: {"amount": fine, "towards": "principal", "receipt": "演示票据 0001"},
            2,
        ),
        *closed(),
    ]


SUMMARY = "有人违反了规定，经过调查核实，机关依法作出了处理。"
"""What stands in plain words above each decision; the ways against it are told by the page, as the decision states them."""


def published() -> list[Step]:
    """The public text is prepared by one person and confirmed by another."""
    return [
        Step("prepare-publication", "disclosure-editor", lambda o, c: {"plain_summary": SUMMARY}, 1),
        Step("publish", "disclosure-approver", lambda o, c: {"digest": digest_of(c)}, 1),
    ]


def digest_of(case: Case | None) -> str:
    """What the approver sees on the page and sends back."""
    return text_of(case, pack_of(case)).digest if case else ""


def closed() -> list[Step]:
    """结案 and 归档."""
    return [
        Step("close", "agency-head", lambda o, c: {"performed": "罚款已全部缴纳", **APPROVED}, 1),
        Step(
            "archive",
            "archivist",
            lambda o, c: {"retention": "30", "checked": "材料齐全，页码连续"},
            3,
        ),
    ]


def investigated(fine: str, kinds: tuple[str, ...], kind: str, which: int = 0, **flags: bool) -> list[Step]:
    """普通程序 up to the draft decision."""
    return [
        *filed(fine, kind, which, **flags),
        Step("show-certificate", "officer1", shown, 1),
        Step("notify-on-site", "officer1", told),
        Step("inspect", "officer1", lambda o, c: inspected(o, matter(fine, which, o.remit))),
        Step("interview", "officer2", lambda o, c: interviewed(o, matter(fine, which, o.remit)), 2),
        Step("conclude-investigation", "officer1", lambda o, c: concluded(o, fine, kinds, which), 5),
        Step(
            "draft-decision", "officer1", lambda o, c: {"decision": penalty(fine, kinds, which, o.remit)}, 1
        ),
    ]


def interviewed(office: Office, about: Matter) -> dict[str, Any]:
    """An interview with the party's head."""
    return {
        "officers": two(office),
        "place": "询问室",
        "began": None,
        "ended": None,
        "interviewee": "顾长庚",
        "relation": "法定代表人",
        "signed": "signed",
        "record": f"问：这件事是什么时候开始的？答：今年三月。{about.asked}",
        **UNFILMED,
    }


def concluded(office: Office, fine: str, kinds: tuple[str, ...], which: int) -> dict[str, Any]:
    """The investigators' report and proposal."""
    report = "事实清楚，证据充分，建议给予行政处罚。"
    plan = penalty(fine, kinds, which, office.remit)
    return {"proposal_outcome": "penalty", "proposal": plan, "report": report}


def filed(fine: str, kind: str, which: int, **flags: bool) -> list[Step]:
    """A clue, and the filing of the case."""
    return [
        Step(
            "register-clue",
            "officer1",
            lambda o, c: {
                "source": "complaint",
                "summary": "群众反映当事人有违法行为，附照片两张",
                "informant": "匿名群众甲",
                "party": party(kind, which),
                "cause": matter(fine, which, o.remit).cause,
                "occurred_on": None,
                "occurred_at": "演示县工业园 6 号",
            },
        ),
        Step(
            "file",
            "agency-head",
            lambda o, c: {
                "officers": two(o),
                "suspected": matter(fine, which, o.remit).violated,
                "opinion": "同意立案",
                **flags,
            },
            2,
        ),
    ]


def notified() -> list[Step]:
    """告知, served."""
    return [
        Step("notify-penalty", "officer1", lambda o, c: {"defence_days": 5}, 1),
        Step("serve", "officer1", lambda o, c: served("penalty-notice", o, c), 1),
    ]


def served(paper: str, office: Office, case: Case | None) -> dict[str, Any]:
    """A paper handed over in person."""
    return {
        "paper": paper,
        "officers": two(office),
        "way": "direct",
        "served_on": None,
        "place": "当事人住所",
        "receiver": "顾长庚（当事人的负责人或者本人）",
        "proof": "当面签收",
        **UNFILMED,
    }


def reviewed(after: int = 1) -> list[Step]:
    """法制审核, passed."""
    return [
        Step("submit-for-review", "officer1", lambda o, c: {"note": "材料齐全，请予审核"}, after),
        Step(
            "give-opinion",
            "legal-reviewer",
            lambda o, c: {
                "outcome": "agree",
                "mode": "written",
                "responsible": o.id("legal-reviewer"),
                "opinion": "主体合法，事实清楚，证据充分，适用法律正确，程序合法，裁量适当。",
            },
            2,
        ),
    ]


def executed(fine: str) -> list[Step]:
    """From the decision to the sealed file."""
    return [
        Step("decide", "agency-head", lambda o, c: {"opinion": "同意处罚建议"}, 1),
        Step("serve", "officer1", lambda o, c: served("penalty-decision", o, c), 2),
        Step("enter-execution", "officer1", lambda o, c: {}),
        Step("serve", "officer1", lambda o, c: served("payment-notice", o, c)),
        *published(),
        Step(
            "record-payment",
            "officer1",
            lambda o, c: {"amount": fine, "towards": "principal", "receipt": "演示票据 0002"},
            4,
        ),
        *closed(),
    ]


def ordinary(fine: str = "2000", kind: str = "org", which: int = 0) -> list[Step]:
    """普通程序 without a hearing request: told, nothing said within the period, reviewed where due, decided."""
    return [
        *investigated(fine, (), kind, which),
        *notified(),
        Step("waive-defence", "officer1", lambda o, c: {"waiver": "当事人书面表示没有意见，不再陈述申辩"}, 1),
        Step("waive-hearing", "officer1", lambda o, c: {"waiver": "当事人书面表示不要求听证"}),
        *reviewed(),
        *discussed(),
        *executed(fine),
    ]


def discussed() -> list[Step]:
    """集体讨论."""
    return [
        Step(
            "discuss",
            "agency-head",
            lambda o, c: {
                "members": [
                    {"person": o.id("agency-head"), "post": "局长", "view": "同意"},
                    {"person": o.id("deputy-head"), "post": "副局长", "view": "同意"},
                ],
                "present": "法制审核人员、承办人",
                "conclusion": "一致同意处罚建议",
            },
            1,
        )
    ]


def hearing(fine: str = "90000", which: int = 1) -> list[Step]:
    """普通程序 with a hearing: defence, hearing, report, review, discussion, decision."""
    return [
        *investigated(fine, (), "org", which, complex=True),
        *notified(),
        *heard(),
        *reviewed(),
        *discussed(),
        *executed(fine),
    ]


def heard() -> list[Step]:
    """听证, from the request to the report."""
    reviewer = "legal-reviewer"
    return [
        Step("request-hearing", reviewer, lambda o, c: {"asked_for": "认为事实认定有误，要求听证"}, 2),
        Step("notify-hearing", reviewer, summoned, 1),
        Step("serve", "officer1", lambda o, c: served("hearing-notice", o, c)),
        Step("hold-hearing", reviewer, held, TO_HEARING),
        Step("report-hearing", reviewer, reported, 1),
    ]


def summoned(office: Office, case: Case | None) -> dict[str, Any]:
    """Time, place and host of the hearing."""
    host = office.id("legal-reviewer")
    return {"hearing_at": None, "hearing_place": "本机关听证室", "host": host, "open_hearing": True}


def held(office: Office, case: Case | None) -> dict[str, Any]:
    """The record of the hearing, under the host whom the notice named."""
    record = "调查人员陈述事实和建议，当事人申辩，双方举证质证，当事人作最后陈述。"
    told = {"host": office.id("legal-reviewer"), "came": "both", "attended": "当事人及其代理人、调查人员"}
    return {**told, "record": record, "signed": "signed", **UNFILMED}


def reported(office: Office, case: Case | None) -> dict[str, Any]:
    """The host's report."""
    return {
        "record": "事实有现场记录和照片佐证，建议维持处罚建议。",
        "excluded_basis": "本行业行政处罚程序规章关于听证期间不计入办案期限的规定（演示）",
    }


def play(
    steps: list[Step], office: Office, procedure: str, start: datetime, until: int | None = None
) -> Iterator[Done]:
    """Perform the steps from `start` on, skipping working days as they say; each yields what was done."""
    moment, case = start, None
    for position, step in enumerate(steps[:until]):
        moment = later(moment, step.after)
        by, data = office.people[step.who], dated(step.act, dict(step.data(office, case)), moment)
        if position == 0:
            done = open_case(
                procedure, office.agency, by, data, unit=office.brigade, channel="demo", now=moment
            )
        else:
            assert case is not None
            done = perform(step.act, case.id, by, data, channel="demo", now=moment)
        case = done.case
        yield done


def later(moment: datetime, working_days: int) -> datetime:
    """Some working days later; without any, twenty minutes."""
    if not working_days:
        return moment + timedelta(minutes=20)
    table = calendar()
    while working_days:
        moment += timedelta(days=1)
        working_days -= table.is_workday(moment.date())
    return moment


def dated(act: str, data: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """Fill in the days that a story leaves open with the day on which it is played, by the clock on the wall."""
    moment = localtime(moment)
    day = moment.date()
    began = max(moment - timedelta(minutes=15), moment.replace(hour=0, minute=0))  # a record keeps to one day
    fills = {
        "began": f"{began:%Y-%m-%dT%H:%M}",
        "ended": f"{day}T{moment:%H:%M}",
        "occurred_on": (day - timedelta(days=20)).isoformat(),
        "served_on": day.isoformat(),
        "applied_on": day.isoformat(),
        "received_on": day.isoformat(),
        "hearing_at": f"{later(moment, TO_HEARING).date()}T09:30",
        "planned_from": day.isoformat(),
        "planned_to": (day + timedelta(days=20)).isoformat(),
        "inspected_on": day.isoformat(),
        "posted_at": f"{moment:%Y-%m-%dT%H:%M}",
        "down_at": f"{moment:%Y-%m-%dT%H:%M}",
        "correct_by": (day + timedelta(days=5)).isoformat(),
    }
    filled = {k: fills.get(k, v) if v is None else v for k, v in data.items()}
    return {k: _reckoned(v, moment) for k, v in filled.items()}


RECKONED = re.compile(r"([+-]\d+)([dw])(T\d\d:\d\d)?")
"""A day that a story tells from the day on which it is played: -260d, +3w (working days), +14wT09:30."""


def _reckoned(value: Any, moment: datetime) -> Any:
    if isinstance(value, Mapping):
        return {k: _reckoned(v, moment) for k, v in value.items()}
    if isinstance(value, list):
        return [_reckoned(one, moment) for one in value]
    found = RECKONED.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    count = int(found[1])
    there = later(moment, count) if found[2] == "w" else moment + timedelta(days=count)
    return f"{there.date()}{found[3] or ''}"
