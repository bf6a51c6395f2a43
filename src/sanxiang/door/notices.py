"""What lists say beside an act, and no guard judges: who is not on the list of officers, what must be recorded in sound or film.

Certificates decide who enforces, and the pack decides what refuses; a list informs. Asked only for an act's own form and for
the acts that the API offers, never for each button of a case page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.cases.models import Case, Evidence
from sanxiang.law.facts import Actor, Officer
from sanxiang.law.lists import Row, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recordings import DEMANDED, to_record
from sanxiang.law.rules import Act
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.registers.releases import in_force
from sanxiang.speech import cn_day, in_brackets

OFFICERS, RECORDED = "officers", "av-items"
NUMBERS = ("证件编号", "执法证号", "执法证件编号", "证件号码", "证号")
NAMES = ("姓名", "name")
FORMS = ("记录方式", "音像形式", "音像记录方式")
NOTHING = frozenset({"无", "不录", "不需要", "不记录", "文字", "文字记录"})
"""What a row says whose matter is not to be recorded in sound or film."""
SUPPLY = "归档之前可以用“收集证据”补入视听资料；没有的，在“执行情况”里写明理由"


@dataclass(frozen=True)
class Lists:
    """The lists of an agency in force on a day that inform: rows by kind; a kind without a list is not there."""

    rows: Mapping[str, list[dict[str, Any]]]
    began: Mapping[str, date]


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
    """Sentences for this act on this case. No query but at 结案, where it is two."""
    found = [*_unlisted(lists, act, actor, officers), *_to_record(lists, pack, act)]
    return [*found, *_unrecorded(lists, pack, case)] if act.id == "close" and case.state["n"] else found


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


def _to_record(lists: Lists, pack: Pack, act: Act) -> Iterator[str]:
    why = reasons(lists, pack, act)
    if why:
        yield f"这一步必须作音像记录：{'；'.join(why)}。照片、录音、录像随本表上传；之后取得的，归档之前用“收集证据”作为视听资料补入"


def reasons(lists: Lists, pack: Pack, act: Act) -> list[str]:
    """Why this act must be recorded in sound or film: matters of the scheme and of the list that name it."""
    if act.field("photos") is None:
        return []
    scheme = [
        f"本地方案列为必须记录的“{block.data['label']}”{in_brackets(str(block.citation))}"
        for block in pack.of_kind("record")
        if block.data["level"] in DEMANDED and act.id in block.data.get("acts", ())
    ]
    known = names_of(pack, act)
    rows = [row for row in lists.rows.get(RECORDED, ()) if cell(row, FORMS) not in NOTHING]
    named = [f"{one}{in_brackets(cell(row, FORMS))}" for row in rows for one in _parts(row) if one in known]
    told = "、".join(dict.fromkeys(named))
    return [*scheme, *([f"本机关{cn_day(lists.began[RECORDED])}起施行的清单列有“{told}”"] if told else [])]


def names_of(pack: Pack, act: Act) -> set[str]:
    """What lists call this act: its label, the steps of the flowchart that it does, the scheme's matters for it."""
    short = re.split("[（）]", act.label)
    matters = [b.data["label"] for b in pack.of_kind("record") if act.id in b.data.get("acts", ())]
    steps = [
        stage.label
        for stage in pack.stages
        if any(name.partition(":")[0] == act.id for name in stage.done_by)
    ]
    plain = [one.removeprefix("举行").removesuffix("文书") for one in short]
    return {act.label, *short, *plain, *matters, *steps} - {""}


def _parts(row: Row) -> list[str]:
    return [
        part.strip()
        for name, cell in row.items()
        if name not in FORMS
        for part in re.split("[、，；/\n]", str(cell))
    ]


def _unrecorded(lists: Lists, pack: Pack, case: Case) -> Iterator[str]:
    """Acts of the agency's own list that brought neither pictures nor sound, nor has the file any of that day.

    Those of the scheme are asked for by the closing itself.
    """
    acts = pack.acts.items()
    wanted = [name for name, act in acts if reasons(lists, pack, act) and not to_record(pack, name)]
    if not wanted:
        return
    brought = set(Evidence.objects.filter(case=case).values_list("n", flat=True))
    films = {int(piece["n"]) for piece in case.state["evidence"] if piece.get("kind") == "audiovisual"}
    done = list(
        LedgerAct.objects.filter(subject=case.pk).order_by("n").values_list("n", "name", "label", "on")
    )
    days = {on[:10] for n, name, _, on in done if n in films and name == "add-evidence"}
    gaps = [
        f"第{n}步{label}{in_brackets(cn_day(on))}"
        for n, name, label, on in done
        if name in wanted and n not in brought and on[:10] not in days
    ]
    if gaps:
        yield f"必须作音像记录而案卷里没有照片、音像：{'、'.join(gaps)}。" + SUPPLY
