"""Lists of enforcement officers 行政执法人员清单: accounts, posts and certificates, each by an act on the agency.

The operator at the console does all of it. An administrator does the part that is theirs (三员分立): the system
administrator's upload makes units and accounts, the same list uploaded by the security administrator gives posts and
certificates to the accounts that are there.
"""

import csv
import os
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from sanxiang.door.admin.certificates import kinds_here
from sanxiang.door.admin.rules import INBOUND
from sanxiang.door.administer import Unreadable, administer
from sanxiang.exchange.accounting import REJECTED, Progress, explained, place, trouble, wait_until_sequenced
from sanxiang.exchange.decisions import ACT_TYPES, day_of
from sanxiang.exchange.headers import plain
from sanxiang.exchange.reading import Row, Unusable, as_text, open_table
from sanxiang.exchange.sidecar import Sidecar
from sanxiang.law.conditions.people import NATIONWIDE
from sanxiang.law.guards import Refused
from sanxiang.law.lists import cell
from sanxiang.law.packs import load_pack
from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate, Person, Post, Unit, in_force
from sanxiang.people.passwords import first_password
from sanxiang.people.roster import HEADERS, RosterLine, read_roster
from sanxiang.people.signin import fold_username
from sanxiang.speech import trouble_of

SOURCE_ID = frozenset({"平台编号", "来源编号", "人员编号"})
"""The number under which the platform knows the officer, where the list came from one."""
ACCOUNT = frozenset({"账号", "用户名", "登录名", "登录账号"})
APPOINTED = frozenset({"任职起", "任职日期", "任职时间", "上岗日期"})
KNOWN = (
    frozenset(plain(spelling) for spellings in HEADERS.values() for spelling in spellings)
    | ACCOUNT
    | APPOINTED
    | SOURCE_ID
)
ACCOUNTS, POSTS, CARDS = "accounts", "posts", "cards"
"""The parts of the work: units and accounts, posts with certificates, certificates alone."""
ASKED = ("姓名", "单位", "内设机构", "证件编号", "执法类别", "执法区域", "证件有效期", "考试合格日期")
"""The columns that a list cannot do without, and those without which nobody can enforce."""
REGION = re.compile(r"^(.{2,9}?[省市县区旗])")
UNIT_KINDS = (("brigade", "队"), ("station", "所"), ("institution", "中心"))
"""What a unit that the list names and we do not know is taken for, by the end of its name."""


@dataclass
class Outcome:
    """What became of a list of officers."""

    file: str
    agency: str
    rows: int = 0
    added: int = 0
    existing: int = 0
    updated: int = 0
    rejected: int = 0
    accounts: list[dict[str, str]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rejected_file: str = ""
    passwords_file: str = ""

    def as_json(self) -> dict[str, Any]:
        """Counts and lists."""
        return dict(vars(self))


@dataclass(frozen=True)
class Officer:
    """A line of the list with what the roster does not read: the account, and the day of the appointment."""

    line: RosterLine
    account: str
    appointed: date | None
    source_id: str = ""


@dataclass
class Office:
    """Writes officers into one agency by acts on it."""

    agency: Agency
    now: datetime
    outcome: Outcome
    passwords: TextIO | None = None
    by: Person | None = None
    makes: frozenset[str] = frozenset({ACCOUNTS, POSTS})
    source: str = ""
    """The platform that the list came from."""
    channel: str = "import"

    def take(self, officer: Officer) -> None:
        """One officer with one certificate; all of it or nothing. Raises Refused or ValueError with a sentence."""
        line = officer.line
        if line.agency != self.agency.name:
            raise ValueError(f"单位是“{line.agency}”，不是“{self.agency.name}”；请在该单位名下导入")
        held = Certificate.objects.select_related("person").filter(kind=line.kind, number=line.number).first()
        with transaction.atomic():
            if held is not None:
                self.renew(held, line)
                return
            if ACCOUNTS in self.makes:
                self.unit(line.unit)
            person, fresh = self.person(officer)
            if POSTS in self.makes:
                self.appoint(person, officer)
            if self.makes & {POSTS, CARDS}:
                sourced = (
                    {"source": self.source, "source_id": officer.source_id or line.number}
                    if self.source
                    else {}
                )
                self.act("issue-certificate", certificate_of(person, line) | sourced)
            elif not fresh:
                self.outcome.existing += 1
                return
            self.outcome.added += 1
            self.outcome.accounts.append(
                {"username": person.username, "name": person.name, "new": "是" if fresh else "否"}
            )

    def renew(self, held: Certificate, line: RosterLine) -> None:
        """A certificate that is known: later dates are taken over, and kinds and area where they were blank."""
        if held.person.name != line.name:
            raise ValueError(f"证件编号 {line.number} 已登记在“{held.person.name}”名下，请核对")
        if self.source and held.source not in (None, self.source):
            raise ValueError(f"证件编号 {line.number} 来自{held.source}，不由{self.source}更改")
        new = {
            "valid_until": line.valid_until,
            "inspected_until": line.inspected_until,
            "exam_passed_on": line.exam_passed_on,
        }
        changed: dict[str, Any] = {n: day for n, day in new.items() if day and day != getattr(held, n)}
        listed = certificate_of(held.person, line)
        changed |= {name: listed[name] for name in ("categories", "area") if not getattr(held, name)}
        if changed and self.makes & {POSTS, CARDS}:
            self.act("change-certificate", {"certificate": held, **changed})
            self.outcome.updated += 1
        else:
            self.outcome.existing += 1
        if self.passwords is not None and not held.person.has_usable_password():
            held.person.set_password(self.password(held.person))
            held.person.save(update_fields=["password"])

    def person(self, officer: Officer) -> tuple[Person, bool]:
        """The person named by the account, or a new one. A namesake without an account named is nobody's guess."""
        line = officer.line
        username = fold_username(officer.account or line.number)
        known = Person.objects.filter(username=username).first()
        if known is not None:
            if known.name != line.name:
                raise ValueError(f"账号 {username} 是“{known.name}”的，请核对")
            return known, False
        namesake = Person.objects.filter(name=line.name, active=True, posts__agency=self.agency).first()
        if namesake is not None and not officer.account:
            raise ValueError(
                f"本机关已有“{line.name}”（账号 {namesake.username}）；请加“账号”一列：同一人写原账号，另一人写新账号"
            )
        if ACCOUNTS not in self.makes:
            raise ValueError(f"还没有账号 {username}；请系统管理员先导入同一份清单建立账号")
        told = Person(username=username, name=line.name)
        data = {"username": username, "name": line.name, "phone": line.phone, "password": self.password(told)}
        return self.act("add-person", data), True

    def password(self, person: Person) -> str | None:
        """A first password, kept in the file before it counts; None when none is asked for."""
        if self.passwords is None:
            return None
        made = first_password()
        csv.writer(self.passwords).writerow([person.name, person.username, made])
        self.passwords.flush()
        return made

    def appoint(self, person: Person, officer: Officer) -> None:
        """The post of an officer, from the day given or today."""
        today = timezone.localtime(self.now).date()
        posts = Post.objects.filter(in_force(today), person=person, agency=self.agency, role=roles.OFFICER)
        if not posts.exists():
            data = {
                "person": person,
                "role": roles.OFFICER,
                "title": officer.line.title,
                "unit": self.unit(officer.line.unit),
            }
            self.act("grant-post", {**data, "valid_from": officer.appointed or today})

    def unit(self, name: str) -> Unit | None:
        """The unit of that name; one that is not there yet is set up."""
        if not name:
            return None
        known = Unit.objects.filter(agency=self.agency, name=name).first()
        if known is not None:
            return known
        if ACCOUNTS not in self.makes:
            raise ValueError(f"本机关没有“{name}”这个内设机构；请系统管理员先设立")
        kind = next((kind for kind, end in UNIT_KINDS if name.endswith(end)), "office")
        enforcing = kind == "brigade" or "执法" in name or "监察" in name
        made: Unit = self.act("add-unit", {"name": name, "kind": kind, "is_enforcement": enforcing})
        self.outcome.units.append(name)
        return made

    def act(self, name: str, data: Mapping[str, Any]) -> Any:
        """An act on the agency, by the operator or by the administrator who uploaded the list."""
        told = {k: v for k, v in data.items() if v not in (None, "")}
        return administer(name, self.agency, self.by, told, now=self.now, channel=self.channel)


def load_officers(path: Path, agency: Agency, *, passwords: Path | TextIO | None = None, progress: Progress | None = None,
                  now: datetime | None = None, by: Person | None = None, makes: frozenset[str] | None = None,
                  source: str = "") -> Outcome:  # fmt: skip
    """Take in every officer of a list who can be taken. Raises Unusable.

    First passwords are written to `passwords`, a new file or a stream. `by` with `makes` is an administrator and the
    part of the work that is theirs.
    """
    moment = now or timezone.now()
    table = open_table(path, KNOWN.__contains__, ASKED)
    outcome = Outcome(str(path), agency.name, remarks=list(table.remarks))
    rows = list(table.rows)
    lines, reasons = read(rows, agency, timezone.localtime(moment).date())
    try:
        with ExitStack() as stack:
            rejected = stack.enter_context(Sidecar(path, "rejected", REJECTED, settings.DATA / "imports"))
            secret = stack.enter_context(secret_file(passwords)) if isinstance(passwords, Path) else passwords
            office = Office(
                agency, moment, outcome, secret, by, makes or frozenset({ACCOUNTS, POSTS}), source
            )
            for at, row in enumerate(rows):
                reason = reasons.get(at) or tried(office, lines.get(at))
                outcome.rows += 1
                if reason:
                    rejected.write([place(row), reason, row.raw])
                    outcome.rejected += 1
                    outcome.rejected_rows.append(
                        {"row": row.number, "sheet": row.sheet, "reason": reason, "raw": row.raw}
                    )
                if progress:
                    progress(outcome.rows, len(rows))
            outcome.rejected_file = str(rejected.path) if rejected.lines else ""
        wait_until_sequenced()
    except (DatabaseError, OSError) as error:
        raise Unusable(
            f"{trouble(error)}；已导入的 {outcome.added} 人完好，排除后重新运行同一命令即可接着导入"
        ) from error
    outcome.passwords_file = str(passwords) if isinstance(passwords, Path) and kept(passwords) else ""
    outcome.remarks += remarks(outcome, [officer.line for officer in lines.values()], bool(passwords))
    return outcome


def take_cards(
    rows: list[Row], agency: Agency, by: Person, source: str, *, now: datetime | None = None
) -> Outcome:
    """Certificates that a platform hands in for officers who have an account here; each row is an act of its own, or is told why not."""
    moment = now or timezone.now()
    outcome = Outcome("", agency.name)
    lines, reasons = read(rows, agency, timezone.localtime(moment).date())
    office = Office(agency, moment, outcome, None, by, frozenset({CARDS}), source, INBOUND)
    for at, row in enumerate(rows):
        outcome.rows += 1
        if reason := reasons.get(at) or tried(office, lines.get(at)):
            outcome.rejected += 1
            outcome.rejected_rows.append({"row": row.number, "sheet": "", "reason": reason, "raw": row.raw})
    return outcome


def tried(office: Office, officer: Officer | None) -> str:
    """Take one officer; the reason when that cannot be."""
    if officer is None:
        return ""
    try:
        office.take(officer)
    except Refused as refused:
        return explained(refused)
    except (Unreadable, ValueError) as wrong:
        return str(wrong)
    return ""


def read(rows: list[Row], agency: Agency, today: date) -> tuple[dict[int, Officer], dict[int, str]]:
    """The rows that can be used and the reasons against the others, both by place in the list."""
    cells = [{"单位": agency.name, **row.cells} if not row.fault else {} for row in rows]
    types = {f"行政{label}": code for label, code in ACT_TYPES.items()} | dict(ACT_TYPES)
    types |= {str(kind["label"]): str(kind["code"]) for kind in load_pack(agency.locality).act_types()}
    accepted, refused = read_roster(cells, types, regions())
    reasons = {at: row.fault for at, row in enumerate(rows) if row.fault} | {
        r.row - 2: "；".join(r.reasons) for r in refused
    }
    officers, kinds = {}, kinds_here(agency)
    for line in accepted:
        if kinds and line.kind not in kinds:
            known = "”“".join(kinds)
            reasons[line.row - 2] = f"证件名称“{line.kind}”不在本方案认可之列，请照“{known}”填写所属的一种"
        raw = {plain(header): as_text(value).strip() for header, value in rows[line.row - 2].cells.items()}
        account = cell(raw, ACCOUNT)
        flags: list[str] = []
        appointed = day_of(cell(raw, APPOINTED), "bad", flags)
        if flags or (appointed and appointed > today):
            reasons[line.row - 2] = "“任职起”不是今天以前的有效日期，请写成 2026-03-01 的样子"
        officers[line.row - 2] = Officer(line, account, appointed, cell(raw, SOURCE_ID))
    return officers, reasons


def regions() -> dict[str, str]:
    """Names of counties and districts by which the agencies here are called, with their codes."""
    named = {}
    for name, code in Agency.objects.exclude(region="").values_list("name", "region"):
        if found := REGION.match(name):
            named[found[1]] = code
    return named


def certificate_of(person: Person, line: RosterLine) -> dict[str, Any]:
    """A line's certificate as the act takes it. A code of a province or city covers what begins with its digits."""
    areas = [
        re.sub(r"(00)+$", "", code) if len(code) == 6 and code != NATIONWIDE else code for code in line.area
    ]
    return {
        "person": person, "number": line.number, "kind": line.kind, "categories": list(line.categories), "area": areas,
        "valid_from": line.valid_from, "valid_until": line.valid_until, "inspected_until": line.inspected_until,
        "exam_passed_on": line.exam_passed_on,
    }  # fmt: skip


def remarks(outcome: Outcome, lines: list[RosterLine], passwords: bool) -> list[str]:
    """What the operator should know about those taken."""
    found = []
    unexamined = sum(line.exam_passed_on is None for line in lines)
    if unexamined:
        found.append(f"{unexamined} 人没有“考试合格日期”，登记考试合格之前不能执法")
    idle = [line for line in lines if not set(line.categories) & set(ACT_TYPES.values())]
    if idle:
        told = "、".join(f"{line.name}（{'、'.join(line.categories)}）" for line in idle[:5])
        found.append(
            f"{len(idle)} 人的执法类别里没有行为种类，不能据此执法：{told}；请照证件补登“行政处罚”等种类"
        )
    if outcome.units:
        found.append(f"新设内设机构：{'、'.join(outcome.units)}；请核对其类型")
    if any(account["new"] == "是" for account in outcome.accounts) and not passwords:
        found.append("新账号没有密码，还不能登录；再运行一次并加 --passwords FILE.csv 可生成初始密码")
    return found


def kept(passwords: Path) -> bool:
    """Does the file hold a password? One that holds none goes: it would stand in the way of the next run."""
    if len(passwords.read_bytes().splitlines()) > 1:
        return True
    passwords.unlink()
    return False


def secret_file(path: Path) -> TextIO:
    """A new file that its owner alone can read. Raises Unusable when there is one already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Unusable(f"{path} 已经存在；为免覆盖密码，请换一个文件名") from None
    except OSError as error:
        raise Unusable(f"不能写入 {path}（{trouble_of(error)}），请换一个有写权限的位置") from None
    file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
    csv.writer(file).writerow(["姓名", "账号", "初始密码"])
    return file
