"""The result sheet 评查结果: every flaw under its item, what it takes, and what is left of a hundred."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.door import casefile, gather
from sanxiang.door.pinned import current
from sanxiang.door.verifying.database import check_case
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.casefile import MAIN, PARTS, arranged, frozen
from sanxiang.law.file_check import lacking
from sanxiang.law.packs import Pack
from sanxiang.law.standard import WHOLE, Item, item_for, items_of
from sanxiang.oversight.evaluation.face import faced
from sanxiang.oversight.evaluation.retrace import Flaw, Retrace, retrace_case

GRADES = ((Decimal(90), "优秀"), (Decimal(80), "良好"), (Decimal(60), "合格"))


@dataclass(frozen=True)
class Line:
    """One item with the flaws under it and what they take; `overruled` says why an evaluator thought otherwise."""

    item: Item
    flaws: tuple[Flaw, ...] = ()
    overruled: str = ""
    by_hand: Decimal | None = None

    @property
    def taken(self) -> Decimal:
        """Points that the item takes away."""
        if self.by_hand is not None:
            return self.by_hand
        if self.overruled or self.item.fatal:
            return Decimal(0)
        return min(self.item.deduct * len(self.flaws), self.item.points)

    @property
    def fails(self) -> bool:
        """Does the file fail by it?"""
        return self.item.fatal and bool(self.flaws) and not self.overruled


@dataclass(frozen=True)
class Sheet:
    """What an evaluation found of one file."""

    lines: tuple[Line, ...]
    faithful: bool = True
    unknown: tuple[str, ...] = field(default=())

    def after(self, opinions: Iterable[Mapping[str, Any]]) -> "Sheet":
        """The sheet with an evaluator's opinions: 不成立 lifts an item, 成立 puts one there, 另行扣分 takes other points."""
        said = {str(row.get("项目")): row for row in opinions}
        return replace(self, lines=tuple(_told(line, said.get(line.item.label)) for line in self.lines))

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Everything that was found."""
        return tuple(flaw for line in self.lines for flaw in line.flaws)

    @property
    def fatal(self) -> tuple[Line, ...]:
        """The items that fail the file."""
        return tuple(line for line in self.lines if line.fails)

    @property
    def score(self) -> Decimal:
        """Points left of a hundred; none where the file fails."""
        return (
            Decimal(0)
            if self.fatal
            else max(WHOLE - sum((x.taken for x in self.lines), Decimal(0)), Decimal(0))
        )

    @property
    def parts(self) -> list[dict[str, str]]:
        """Each part of the standard with its points and what is left of them."""
        found: dict[str, list[Decimal]] = {}
        for line in self.lines:
            if line.item.points:
                own = found.setdefault(line.item.part, [Decimal(0), Decimal(0)])
                own[0], own[1] = own[0] + line.item.points, own[1] + line.taken
        return [
            {
                "part": part,
                "points": f"{of.normalize():f}",
                "left": f"{max(of - taken, Decimal(0)).normalize():f}",
            }
            for part, (of, taken) in found.items()
        ]

    @property
    def grade(self) -> str:
        """优秀、良好、合格 or 不合格."""
        return next((word for least, word in GRADES if self.score >= least), "不合格")


def _told(line: Line, row: Mapping[str, Any] | None) -> Line:
    """A line after an opinion on its item."""
    if row is None:
        return line
    why = str(row.get("理由") or "")
    if row.get("意见") == "不成立":
        return replace(line, overruled=why)
    if row.get("意见") == "成立":
        flaw = Flaw(f"judged:{line.item.id}", "judged", line.item.citation, why, "", 0, "评查人判断")
        return replace(line, flaws=(*line.flaws, flaw), by_hand=None if line.item.fatal else line.item.points)
    return replace(line, by_hand=Decimal(str(row.get("扣分") or "0")), overruled=why)


def sheet_of(case: Case) -> Sheet:
    """A case of the database, evaluated."""
    found = retrace_case(case)
    found.flaws += at_the_end(case, found)
    return drawn(standard_of(case), found)


def standard_of(case: Case) -> list[Item]:
    """The standard in force today: the law of a case stays what it was, how files are measured does not."""
    return items_of(current(case.pack))


def at_the_end(case: Case, found: Retrace) -> list[Flaw]:
    """What the file lacks as it stands, and what of it is not as its steps made it."""
    pack = gather.pack_of(case)
    missing = [
        Flaw("lacking:service" if "送达回证" in one.what else "lacking:file", "lacking", one.citation, one.what, one.cure, 0, "案卷")
        for one in lacking(pack, case.state)
    ]  # fmt: skip
    broken = [
        Flaw(f"file:{fault.what}", "file", "", f"{fault.where}：{fault.why}", "由审计管理员核对账本，恢复原件", 0, "案卷")
        for fault in check_case(next(case_files([case])))
    ]  # fmt: skip
    return [*missing, *broken, *on_its_face(case, pack)]


def on_its_face(case: Case, pack: Pack) -> list[Flaw]:
    """The face of a file that is bound, against what it would be if it were bound today."""
    if MAIN not in (case.state.get("file") or {}):
        return []
    kept = {str(row["ref"]) for part in PARTS for row in case.state["file"].get(part, ())}
    papers, evidence = casefile.rows_of(case)
    items = [one for one in casefile.items_of(case, pack, papers, evidence) if one.ref in kept]
    taken = casefile.taken(case, str(case.state["facts"].get("archive_no") or ""))
    return list(faced(pack, case.state, frozen(arranged(pack, items)), taken))


def drawn(items: list[Item], found: Retrace, overruled: Mapping[str, str] | None = None) -> Sheet:
    """The flaws put under the items of the standard."""
    under: dict[str, list[Flaw]] = {}
    for flaw in once(found.flaws):
        item = item_for(flaw, items)
        if item is not None:
            under.setdefault(item.id, []).append(flaw)
    lines = tuple(Line(i, tuple(under.get(i.id, ())), (overruled or {}).get(i.id, "")) for i in items)
    return Sheet(lines, found.faithful, tuple(found.unknown))


def once(flaws: Iterable[Flaw]) -> list[Flaw]:
    """One flaw is told once, though several rules saw it in the same step."""
    return list({(flaw.rule, flaw.fact, flaw.n): flaw for flaw in flaws}.values())
