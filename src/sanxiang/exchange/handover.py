"""Lists of open cases of an old system, read row by row and handed to the door's `take_over`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from sanxiang.cases.search.folding import fold
from sanxiang.door.administer import administer
from sanxiang.door.arriving import going_live
from sanxiang.door.arriving.takeover import Old, take_over
from sanxiang.door.attempts import Unreadable
from sanxiang.exchange import headers
from sanxiang.exchange.accounting import REJECTED, Progress, explained, place, trouble, wait_until_sequenced
from sanxiang.exchange.decisions import PARTY_TYPES, day_of, storable
from sanxiang.exchange.reading import Row, Unusable, as_text, open_table
from sanxiang.exchange.sidecar import Sidecar
from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.guards import Refused
from sanxiang.law.identifiers import identify
from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate, Person, Unit, in_force
from sanxiang.people.signin import fold_username
from sanxiang.speech import cn_day

ASKED = ("当事人", "案由", "立案号", "立案日期", "承办人", "案件阶段", "决定书文号", "决定日期")
"""The columns that say which case it is, whose, and how far it has gone."""
STAGES = (
    ("closed", "结案|归档|办结|销案|撤案|终结"),
    ("intake", "待立案|未立案|拟立案|案源|线索|初查|核查|受理|登记"),
    ("handling", "待决定|拟决定|未决定|审核|告知|听证|讨论|审批|审理|申辩"),
    ("execution", "执行|缴|催告"),
    ("decided", "决定|送达|公示"),
    ("investigation", "立案|调查|取证|办理|在办"),
)
"""Our stage by the words that old systems use for theirs; the first that fits counts."""

KINDS = {label: code for code, label in KIND_NAMES.items() if code != "other"}
"""Penalties by the words of the law; 其他 says nothing that a decision could be checked against."""
WAYS = {
    "直接": "direct",
    "留置": "leave",
    "委托": "entrust",
    "邮寄": "mail",
    "转交": "forward",
    "公告": "announce",
    "电子": "electronic",
}
SOURCES = {
    "检查": "inspection",
    "巡查": "inspection",
    "投诉": "complaint",
    "举报": "complaint",
    "移送": "transfer",
    "交办": "assigned",
    "媒体": "media",
    "监测": "monitoring",
}
COMPANY = re.compile(
    r"(公司|厂|店|局|社|院|校|中心|集团|银行|协会|委员会|合作社|事务所|工作室|部|处|站|所|行|场|矿)$"
)


@dataclass
class Outcome:
    """What became of a list of cases."""

    file: str
    agency: str
    rows: int = 0
    added: int = 0
    existing: int = 0
    rejected: int = 0
    cases: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rejected_file: str = ""

    def as_json(self) -> dict[str, Any]:
        """Counts and lists."""
        return dict(vars(self))


def load_cases(
    path: Path,
    agency: Agency,
    *,
    progress: Progress | None = None,
    now: datetime | None = None,
    go_live: date | None = None,
) -> Outcome:
    """Take over every case of a list that can be taken; each is a transaction of its own. Raises Unusable.

    `go_live` registers the day of going live where none is known yet; a day that contradicts the known one is refused.
    """
    moment = now or timezone.now()
    table = open_table(path, lambda header: header in headers.CASES, ASKED)
    outcome = Outcome(str(path), agency.name, remarks=list(table.remarks) + _opened(agency, go_live, moment))
    unknown = [h for h in table.headers if h and headers.plain(h) not in headers.CASES]
    if unknown:
        outcome.remarks.append(f"没有导入的栏目：{'、'.join(unknown)}")
    desk = Desk(agency, timezone.localtime(moment).date())
    try:
        with Sidecar(path, "rejected", REJECTED, settings.DATA / "imports") as rejected:
            for row in table.rows:
                reason = _take(row, agency, desk, outcome, moment)
                outcome.rows += 1
                if reason:
                    rejected.write([place(row), reason, row.raw])
                    outcome.rejected += 1
                    outcome.rejected_rows.append({"row": row.number, "sheet": row.sheet, "reason": reason})
                if progress:
                    progress(outcome.rows, max(table.size, outcome.rows))
            outcome.rejected_file = str(rejected.path) if rejected.lines else ""
        wait_until_sequenced()
    except (DatabaseError, OSError) as error:
        raise Unusable(
            f"{trouble(error)}；已接管的 {outcome.added} 件完好，排除后重新运行同一命令即可接着导入"
        ) from error
    return outcome


def _opened(agency: Agency, go_live: date | None, now: datetime) -> list[str]:
    """Nothing is taken over before the day of going live is on record; what was put on record is said. Raises Unusable."""
    window = going_live.window_of(agency)
    if go_live and window and window.go_live != go_live:
        raise Unusable(
            f"登记的上线日期是{cn_day(window.go_live)}，与 --go-live 给的{cn_day(go_live)}不同；"
            "去掉 --go-live，或者请系统管理员在“开放接管旧系统案件”中更正"
        )
    if go_live and window is None:
        try:
            administer(going_live.OPEN, agency, None, {"go_live": go_live.isoformat()}, now=now)
        except Refused as refused:
            raise Unusable(explained(refused)) from refused
        return [
            f"已登记{agency.name}的上线日期{cn_day(go_live)}：这一天及以后的立案、决定、送达在本系统办理。"
            "旧案都接管之后，请系统管理员办理“结束接管旧系统案件”"
        ]
    if missing := going_live.not_open(agency, window):
        raise Unusable(explained(Refused(missing)))
    return []


def _take(row: Row, agency: Agency, desk: "Desk", outcome: Outcome, now: datetime) -> str:
    """Take one row over; the reason when it cannot be taken."""
    if row.fault:
        return row.fault
    old, reasons = desk.read(row)
    if reasons:
        return "；".join(reasons)
    try:
        done = take_over(agency, old, now=now)
    except Unreadable as wrong:
        return "；".join(wrong.errors.values())
    except Refused as refused:
        return explained(refused)
    if done is None:
        outcome.existing += 1
        return ""
    outcome.added += 1
    outcome.cases.append({"row": row.number, "case": str(done.case.id), "code": done.case.code, "number": done.case.number,
                          "title": done.case.title, "stage": done.case.stage})  # fmt: skip
    return ""


@dataclass
class Desk:
    """Reads rows for one agency; remembers who works there."""

    agency: Agency
    today: date

    def __post_init__(self) -> None:
        enforcing = (roles.OFFICER, roles.UNIT_HEAD)
        people = Person.objects.filter(
            in_force(self.today, "posts__"), posts__agency=self.agency, posts__role__in=enforcing, active=True
        ).distinct()
        self.by_username = {p.username: str(p.id) for p in people}
        self.by_name: dict[str, list[str]] = {}
        for person in people:
            self.by_name.setdefault(person.name, []).append(str(person.id))
        certificates = Certificate.objects.filter(person__in=people).values_list("number", "person_id")
        self.by_certificate = {number: str(person) for number, person in certificates}
        self.units = {unit.name: unit for unit in Unit.objects.filter(agency=self.agency)}

    def read(self, row: Row) -> tuple[Old, list[str]]:
        """A row as the door takes it, and every reason why it cannot be taken."""
        cells = self.cells(row)
        reasons = [
            f"缺少“{label}”" for name, label in (("party", "当事人"), ("cause", "案由")) if not cells[name]
        ]
        days = {
            name: self.day(cells, name, reasons)
            for name in ("registered_on", "filed_on", "decided_on", "served_on")
        }
        stage = self.stage(cells, days, reasons)
        party = self.party(cells, reasons)
        handlers = self.handlers(cells["handlers"], reasons)
        unit = self.units.get(cells["unit"])
        if cells["unit"] and unit is None:
            reasons.append(f"本机关没有内设机构“{cells['unit']}”，请先设立或改正名称")
        fields = {
            "party": party,
            "cause": cells["cause"],
            "item": cells["item"],
            "summary": cells["summary"],
            "suspected": cells["suspected"],
        }
        fields |= {
            "occurred_on": cells["occurred_on"],
            "occurred_at": cells["occurred_at"],
            "source": word(SOURCES, cells["source"], "other"),
        }
        extended = cells["extended_days"].removesuffix("天")
        if extended and not extended.isdecimal():
            reasons.append(f"“已延长天数”应为整数，给的是“{extended[:20]}”")
        old = Old(
            key=self.key(cells), stage=stage, fields={k: v for k, v in fields.items() if v}, told_stage=cells["stage"],
            number=cells["number"], handlers=handlers, unit=unit,
            extended_days=int(extended) if extended.isdecimal() else 0, decision_no=cells["decision_no"],
            decision=self.decision(cells, reasons), served_way=word(WAYS, cells["served_way"], "direct"), **days,
        )  # fmt: skip
        return old, reasons

    def cells(self, row: Row) -> dict[str, str]:
        """The known columns as clean text, blank where there is none."""
        found = dict.fromkeys(headers.CASE_HEADERS, "")
        for header, value in row.cells.items():
            name = headers.CASES.get(headers.plain(header))
            if name and not found[name]:
                found[name] = storable(as_text(value))[0].strip()
                if name == "fine" and headers.unit_of(header) == "万元":
                    found[name] = in_yuan(found[name])
        return found

    def day(self, cells: Mapping[str, str], name: str, reasons: list[str]) -> date | None:
        """The day in a column; a text that is no day is a reason."""
        flags: list[str] = []
        found = day_of(cells[name], "bad", flags)
        if flags:
            reasons.append(
                f"“{headers.CASE_HEADERS[name][0]}”{cells[name][:30]} 不是有效的日期，请写成 2026-03-01 的样子"
            )
        return found

    def stage(self, cells: Mapping[str, str], days: Mapping[str, date | None], reasons: list[str]) -> str:
        """Our stage; without a word about it the days say how far the case is."""
        told = cells["stage"]
        if not told:
            return "decided" if days["decided_on"] else "investigation" if days["filed_on"] else "intake"
        found = next((stage for stage, words in STAGES if told == stage or re.search(words, told)), "")
        if found == "closed":
            reasons.append(f"案件阶段是“{told}”，已经办结的案件不接管；其决定可用 import decisions 导入")
        elif not found:
            reasons.append(f"案件阶段“{told[:20]}”不认识，请写案源、调查取证、审核告知、决定送达或执行")
        return found

    def party(self, cells: Mapping[str, str], reasons: list[str]) -> dict[str, str]:
        """The party as our forms have it; the kind follows from the code where the list does not say."""
        kind = PARTY_TYPES.get(cells["party_kind"], "") or kind_of(cells["party_code"], cells["party"])
        if not kind and cells["party"]:
            reasons.append("看不出当事人是公民、个体工商户还是单位，请加“当事人类型”一列")
        columns = {
            "name": "party",
            "code": "party_code",
            "address": "party_address",
            "phone": "party_phone",
            "legal_rep": "legal_rep",
        }
        return {"kind": kind} | {name: cells[column] for name, column in columns.items() if cells[column]}

    def handlers(self, text: str, reasons: list[str]) -> tuple[str, ...]:
        """The officers named, by account, certificate number or a name that only one of them bears."""
        found = []
        for word_ in dict.fromkeys(part for part in re.split(r"[、，,;；/\s]+", text) if part):
            named = self.by_name.get(word_, [])
            person = (
                self.by_username.get(fold_username(word_))
                or self.by_certificate.get(word_)
                or (named[0] if len(named) == 1 else "")
            )
            if person:
                found.append(person)
            elif named:
                reasons.append(f"本机关有 {len(named)} 名叫“{word_}”的执法人员，请改写账号")
            else:
                reasons.append(f"承办人“{word_[:30]}”在本机关没有在任的执法人员账号")
        return tuple(dict.fromkeys(found))

    def decision(self, cells: Mapping[str, str], reasons: list[str]) -> dict[str, Any]:
        """What was decided, where the list says so."""
        kinds = [part for part in re.split(r"[、，,;；/\s]+", cells["kinds"]) if part]
        strange = [kind for kind in kinds if kind not in KINDS and kind not in KINDS.values()]
        if strange:
            reasons.append(f"处罚种类“{'、'.join(strange)}”不认识，可写：{'、'.join(KINDS)}")
        decision = {
            "kinds": [KINDS.get(kind, kind) for kind in kinds],
            "fine": cells["fine"],
            "found": cells["found"],
            "basis": cells["basis"],
        }
        return {name: value for name, value in decision.items() if value}

    def key(self, cells: Mapping[str, str]) -> str:
        """The case's identity: its filing number, else party, cause and day of registration."""
        parts = (
            [cells["number"]]
            if cells["number"]
            else [cells["party"], cells["cause"], cells["registered_on"], cells["occurred_on"]]
        )
        return hashlib.sha256("\n".join(map(fold, parts)).encode()).hexdigest()[:32]


def kind_of(code: str, name: str) -> str:
    """What a party is, as far as its code or name shows it; empty when neither does."""
    if code and identify("uscc", code).valid:
        return "individual-business" if code.startswith("92") else "org"
    if code and identify("idcard", code).valid:
        return "citizen"
    return "org" if len(name) >= 4 and COMPANY.search(name) else ""


def word(table: Mapping[str, str], text: str, default: str) -> str:
    """The code for the first word of the table that occurs in the text."""
    return (
        next((code for label, code in table.items() if label in text or text == code), default)
        if text
        else default
    )


def in_yuan(text: str) -> str:
    """An amount given in 万元 as 元; what is no amount stays for the parser to refuse."""
    plain = text.removesuffix("万元").replace(",", "").strip()
    if not re.fullmatch(r"\d+(\.\d+)?", plain):
        return text
    whole, _, rest = plain.partition(".")
    rest = rest.ljust(4, "0")
    return f"{int(whole + rest[:4])}.{rest[4:]}".rstrip(".")
