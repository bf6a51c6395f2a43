"""Texts that a form brings along because the case or a register holds them already: to be read, put right and sent.

Nothing here decides anything: what is sent is what the officer left standing, and the door judges it like what was typed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.desk.words import PROPERTY
from sanxiang.door.registers.items import row_of
from sanxiang.law.dossier import KIND_NAMES, admitted
from sanxiang.law.facts import Facts, State
from sanxiang.law.forms import MAX_TEXT
from sanxiang.law.lists import cell
from sanxiang.law.money import money, ordered, owed, paid, unpaid
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Field
from sanxiang.law.scope import GOODS, MONEY_KINDS, NOTHING_TO_DO, standing
from sanxiang.speech import cn_day, yuan

BASIS = ("处罚依据", "依据", "实施依据", "设定依据")
VIOLATED = ("违反条款", "违法条款", "违反的规定", "违则")
"""Columns of the list of items, as schemes and offices call them."""

FROM_ITEM = {
    "basis": BASIS,
    "told_basis": BASIS,
    "suspected": VIOLATED,
    "violated": VIOLATED,
}
"""Fields that the chosen item answers, and the columns of its row in which the answer may stand."""


@dataclass(frozen=True)
class Suggestion:
    """A text for one field, and the sentence that says where it comes from; `pieces` are acts and names that went into it."""

    text: str
    source: str
    pieces: tuple[tuple[int, str], ...] = ()


def suggestions(facts: Facts, case: Case) -> dict[str, Suggestion]:
    """What may stand in the act's fields, by the name that the form gives them. At most one query."""
    asked = dict(asked_of(facts))
    found = {
        name: Suggestion(text, "已按选定的执法事项从事项清单带出，与本案不同的请改")
        for name, text in provisions(facts, case, asked).items()
    }
    if (listed := evidence_text(facts.pack, facts.state)).text:
        found |= {name: listed for name, item in asked.items() if item.name == "evidence_text"}
    if performed := performed_text(facts.state, facts.pack) if "performed" in asked else "":
        found["performed"] = Suggestion(performed, "已按缴款、延期、催告等记录拟好，与实际不同的请改")
    if urged := urged_text(facts.state) if "urged" in asked else "":
        found["urged"] = Suggestion(urged, "已按还没有缴清的数额和法定的十日拟好，与实际不同的请改")
    return found


def asked_of(facts: Facts) -> Iterator[tuple[str, Field]]:
    """The act's fields and the columns of its groups, under the names of the form. Rows are typed."""
    for item in facts.act.fields:
        yield item.name, item
        if item.type != "rows":
            yield from ((f"{item.name}-{column.name}", column) for column in item.columns)


def provisions(facts: Facts, case: Case, asked: Mapping[str, Field]) -> dict[str, str]:
    """What the list of items of the day says of the item that the case was opened for; longer texts do not fit a citation."""
    wanted = {name: item for name, item in asked.items() if item.name in FROM_ITEM}
    stated = str(facts.state["facts"].get("item") or "")
    row = row_of(case.agency, facts.on, stated) if wanted and stated else {}
    texts = {name: cell(row, FROM_ITEM[item.name]) for name, item in wanted.items()}
    return {name: text for name, text in texts.items() if text and len(text) <= MAX_TEXT["text"]}


def evidence_text(pack: Pack, state: State) -> Suggestion:
    """The evidence that counts, a line for each act that brought some, with what it proves where that was said."""
    lines, pieces = [], []
    counted = sorted(admitted(state), key=lambda piece: int(piece["n"]))
    for number, (n, group) in enumerate(groupby(counted, key=lambda piece: int(piece["n"])), 1):
        found = list(group)
        name, kind = str(found[0].get("title") or ""), evidence_kind(pack, str(found[0].get("kind") or ""))
        called = f"{kind}：{name}" if kind and name not in kind else kind or name
        if found[0].get("kind") == "preservation":
            called = f"物证：先行登记保存的{things_of(state, n)}"
        count = f"，共{len(found)}件" if len(found) > 1 else ""
        proves = f"，证明：{found[0]['proves']}" if found[0].get("proves") else ""
        lines.append(f"{number}. {called}{count}{proves}")
        pieces.append((n, name or kind))
    source = "已按证据清单拟好，没有证明内容的请补写，与实际不同的请改"
    return Suggestion("\n".join(lines), source, tuple(pieces))


def things_of(state: State, n: int) -> str:
    """The things that an act took into care, by name and number."""
    return "、".join(f"{p['name']}{p.get('quantity') or ''}" for p in state["property"] if p.get("n") == n)


def evidence_kind(pack: Pack, code: str) -> str:
    """What a piece of evidence is: one of the kinds of the law, or the paper that it comes from; "" for neither."""
    item = pack.acts["add-evidence"].field("kind") if "add-evidence" in pack.acts else None
    named = dict(item.options) if item else {}
    return named.get(code) or (pack.papers[code].label if code in pack.papers else "")


def urged_text(state: State) -> str:
    """What money is urged, and within which days (行政强制法第三十五条、第五十四条); "" where none is owed."""
    left = unpaid(state)
    late = money(state["facts"].get("late_fine")) - paid(state, kind="late")
    sums = [f"尚未缴清的罚没款{yuan(left)}"] if left > 0 else []
    sums += [f"加处罚款{yuan(late)}"] if late > 0 and not waived(state) else []
    return f"自收到本催告书之日起十日（工作日）内，缴纳{'、'.join(sums)}。" if sums else ""


def performed_text(state: State, pack: Pack) -> str:
    """How the decision was carried out, as far as the record says: sums, deferral, urging, the court, things in care."""
    told = [text for tell in PERFORMED for text in tell(state, pack)]
    return "；".join(told) + "。" if told else ""


def _money(state: State, pack: Pack) -> Iterator[str]:
    due, rows = owed(state), [p for p in state["payments"] if p.get("kind", "principal") == "principal"]
    if due <= 0:
        return
    yield f"应缴罚没款{yuan(due)}" + (f"，当事人于{'、'.join(map(payment, rows))}" if rows else "")
    left = unpaid(state)
    yield "已全部缴清" if left <= 0 else f"尚未缴清{yuan(left)}"


def payment(row: Mapping[str, Any]) -> str:
    """One payment: the day, the sum, the receipt; what is below zero was given back."""
    amount = money(row["amount"])
    what = f"缴纳{yuan(amount)}" if amount >= 0 else f"获退{yuan(-amount)}"
    receipt = f"（票据号{row['receipt']}）" if row.get("receipt") else ""
    return f"{cn_day(row['on'])}{what}{receipt}"


def _deferral(state: State, pack: Pack) -> Iterator[str]:
    plan = state["facts"].get("instalments") or []
    if state["facts"].get("deferral") and plan:
        rows = "、".join(f"{cn_day(row['due'])}前{yuan(row['amount'])}" for row in plan)
        yield f"经批准{'分期' if len(plan) > 1 else '延期'}缴纳（{rows}）"


def _late(state: State, pack: Pack) -> Iterator[str]:
    imposed, come = money(state["facts"].get("late_fine")), paid(state, kind="late")
    if imposed > 0:
        left = imposed - come
        rest = "已缴清" if left <= 0 else f"减免{yuan(left)}" if waived(state) else f"尚未缴清{yuan(left)}"
        yield f"加处罚款{yuan(imposed)}，已缴{yuan(come)}，{rest}"


def waived(state: State) -> bool:
    """Was the additional fine that was imposed last waived since?"""
    last = {act: state["last"].get(act, {}).get("n", -1) for act in ("waive-late-fine", "impose-late-fine")}
    return bool(last["waive-late-fine"] > last["impose-late-fine"])


STEPS = {
    "urge": "催告履行",
    "apply-to-court": "申请人民法院强制执行",
    "court-accepts": "法院",
    "record-performance": "登记了其他履行情况",
    "end-execution": "终结执行",
}
"""Acts of coercion and performance that a closing report tells of, in their order."""


def _steps(state: State, pack: Pack) -> Iterator[str]:
    result = pack.acts["court-accepts"].field("court_result") if "court-accepts" in pack.acts else None
    said = dict(result.options).get(str(state["facts"].get("court_result")), "") if result else ""
    for act, words in STEPS.items():
        if act in state["last"]:
            yield f"{cn_day(state['last'][act]['on'])}{words}{said if act == 'court-accepts' else ''}"


def _others(state: State, pack: Pack) -> Iterator[str]:
    kinds = list(ordered(state).get("kinds", ()))
    spoken = [KIND_NAMES.get(kind, kind) for kind in kinds if kind in NOTHING_TO_DO]
    if spoken:
        yield f"{'、'.join(spoken)}随决定书送达执行完毕"
    rest = [KIND_NAMES.get(kind, kind) for kind in kinds if kind not in NOTHING_TO_DO | MONEY_KINDS]
    if rest and "record-performance" not in state["last"]:
        yield f"{'、'.join(rest)}没有履行登记"
    if GOODS in standing(state):
        yield "没收的财物没有全部交出"


def _things(state: State, pack: Pack) -> Iterator[str]:
    things = [f"{p['name']}{PROPERTY.get(p['status'], '')}" for p in state["property"]]
    if things:
        yield f"涉案财物：{'、'.join(things)}"


Teller = Callable[[State, Pack], Iterator[str]]
PERFORMED: tuple[Teller, ...] = (_money, _deferral, _late, _steps, _others, _things)
