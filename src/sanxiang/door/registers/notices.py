"""What lists say beside an act: who is not on the list of officers, what is to be recorded in sound or film and how.

Certificates decide who enforces, and the pack decides what refuses; a list informs. Asked only for an act's own form and for
the acts that the API offers, never for each button of a case page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.law.facts import Actor, Officer
from sanxiang.law.lists import Row, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording.book import APPROVAL, pending, unfilmed
from sanxiang.law.recording.duty import LEVEL_NAMES, Asked, owed
from sanxiang.law.recording.means import said
from sanxiang.law.rules import Act
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.registers.releases import in_force
from sanxiang.speech import cn_day

OFFICERS, RECORDED = "officers", "av-items"
NUMBERS = ("证件编号", "执法证号", "执法证件编号", "证件号码", "证号")
NAMES = ("姓名", "name")
LATER = "之后取得的，结案之前用“补入音像记录”补入"
AT_ONCE = {
    "FULL": f"写明开始和结束的时刻，音像从头到尾连续不断，逐段上传；{LATER}，缺口要说明并经批准",
    "REQUIRED": f"照片、录音、录像随本表上传；{LATER}，没有的写明理由，经批准才能结案",
    "CIRCUMSTANCE": f"录了的随本表上传，没有录的写明理由；{LATER}",
}


@dataclass(frozen=True)
class Lists:
    """The lists of an agency in force on a day that inform: rows by kind; a kind without a list is not there."""

    rows: Mapping[str, list[dict[str, Any]]]
    began: Mapping[str, date]

    @property
    def recorded(self) -> dict[str, Any] | None:
        """The list of what is recorded, as the engine reads it; None where there is none."""
        return as_listed(self.rows[RECORDED], self.began[RECORDED]) if RECORDED in self.rows else None


def as_listed(rows: list[dict[str, Any]], began: date) -> dict[str, Any]:
    """A list of what is recorded, and by what name it is cited."""
    return {"rows": rows, "source": f"本机关{cn_day(began)}起施行的音像记录事项清单"}


def lists_of(agency: Agency, on: date) -> Lists:
    """One query."""
    wanted = in_force(on).filter(register__agency=agency, register__kind__in=(OFFICERS, RECORDED))
    found = {one.register.kind: one for one in wanted}
    return Lists(
        {kind: one.rows for kind, one in found.items()},
        {kind: one.in_force_from for kind, one in found.items()},
    )


def notices(
    lists: Lists, case: Case, pack: Pack, act: Act, actor: Actor, officers: Iterable[Officer]
) -> list[str]:
    """Sentences for this act on this case. No query."""
    return [*_unlisted(lists, act, actor, officers), *_to_record(lists, case, pack, act), *_steps(case, act)]


# 行政执法人员清单


def on_list(lists: Lists, name: str, certificates: Iterable[str]) -> bool:
    """Is there a row with one of these certificates, or of this name where the row states no certificate? True without a list."""
    rows, numbers = lists.rows.get(OFFICERS), set(certificates)
    return rows is None or any(_is(row, name, numbers) for row in rows)


def _is(row: Row, name: str, numbers: set[str]) -> bool:
    stated = cell(row, NUMBERS)
    return stated in numbers if stated.strip("—-") else cell(row, NAMES) == name


def _unlisted(lists: Lists, act: Act, actor: Actor, officers: Iterable[Officer]) -> Iterator[str]:
    enforcing = act.enforcement or any(item.type == "officers" for item in act.fields)
    people: dict[str, Actor | Officer] = {one.id: one for one in officers} if enforcing else {}
    if roles.OFFICER in act.by and roles.OFFICER in actor.roles:
        people[actor.id] = actor
    missing = [
        p.name for p in people.values() if not on_list(lists, p.name, [c.number for c in p.certificates])
    ]
    if missing:
        yield (
            f"{'、'.join(missing)}不在本机关{cn_day(lists.began[OFFICERS])}起施行的行政执法人员清单上。"
            "能否执法以执法证为准；清单有遗漏的，请发布新的版本"
        )


# 音像记录事项清单


def _to_record(lists: Lists, case: Case, pack: Pack, act: Act) -> Iterator[str]:
    duty = owed(Asked(pack, act, case.state, {}, lists.recorded))
    if duty.level != "NONE":
        means = said(dict.fromkeys(form for one in duty.demands for form in one.forms))
        by = f"，手段为{means}" if means else ""
        yield f"这一步{LEVEL_NAMES[duty.level]}：{duty.why}{by}。{AT_ONCE[duty.level]}"


def _steps(case: Case, act: Act) -> Iterator[str]:
    """Where a form asks for the number of a step: which steps there are."""
    if act.field("record_of") is None:
        return
    rows = pending(case.state) if act.id == APPROVAL else unfilmed(case.state)
    told = "、".join(f"第{row['n']}步{row['label']}（{cn_day(row['on'])}）" for row in rows)
    what = "有说明待批准的" if act.id == APPROVAL else "还没有音像记录或者记录不符合要求的"
    yield f"{what}步骤：{told or '没有'}"
