"""One form for every act: from the pack's fields to the parts of a page.

Names in the form: a field is `name`; the columns of a group are `name-column`, those of rows `name-0-column`; files that
were uploaded before a refusal come back as signed receipts in `name-kept`, so that nobody uploads twice. `posted` reads
what comes back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from sanxiang.desk.demanded import days_told, demanded
from sanxiang.desk.picks import Pick, drawn
from sanxiang.desk.posted import GROUPS, LARGEST_TEXT, RECEIPT_SALT
from sanxiang.desk.suggestions import Suggestion
from sanxiang.desk.words import PROPERTY
from sanxiang.law.clocks import length
from sanxiang.law.conditions.people import officer_flaw
from sanxiang.law.facts import Facts, Officer
from sanxiang.law.forms import MAX_TEXT, asked_one_by_one, carried, clean
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, Field, LimitRule, PaperRule, Section
from sanxiang.law.scope import holds
from sanxiang.law.taking_part import never_handled
from sanxiang.law.wording import beside
from sanxiang.speech import size_text

BLANK_ROWS = 2
LONG_ROWS = 4
KINDS = {"person": "choice", "paper": "choice", "officers": "people", "multi": "multichoice", "rows": "table"}
RECORD_HINT = "不填就是记录结束的那一天；早于今天的，案卷里会注明是补录"
NOW_HINT = "不填就是现在。事后补录的，填实际发生的时间，案卷里会注明是补录"
THEN_HINT = "补录以前的办理，先在下面填办理时间，再按那一天核对执法证"


@dataclass(frozen=True)
class Offer:
    """What the form may offer and already knows: the law's view of the act, people and rows of the case to choose, values
    computed, texts that are suggested, what lists say, and the case's facts as far as whoever fills it in may see them."""

    facts: Facts
    officers: tuple[dict[str, Any], ...] = ()
    people: tuple[dict[str, str], ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)
    suggested: Mapping[str, Suggestion] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    picks: Mapping[str, Pick] = field(default_factory=dict)
    shown: Mapping[str, Any] | None = None

    @property
    def told(self) -> Mapping[str, Any]:
        """The standing facts that the form may bring along."""
        return self.facts.state["facts"] if self.shown is None else self.shown

    @property
    def act(self) -> Act:
        """The act being filled in."""
        return self.facts.act

    @property
    def pack(self) -> Pack:
        """The pack that asks."""
        return self.facts.pack


def fields_of(
    offer: Offer, typed: Mapping[str, Any] | None, errors: Mapping[str, str], more: str = ""
) -> list[dict[str, Any]]:
    """The form's parts in order. `typed` is what was sent, None on first sight; `more` names rows that want more room."""
    parts: list[dict[str, Any]] = []
    for item in offer.act.fields:
        if _never(item, offer.facts):
            continue
        value = known_value(offer, item) if typed is None else typed.get(item.name)
        part = _draw(offer, item, item.name, value) | {"error": errors.get(item.name, "")}
        part |= beside(offer.pack, offer.act, item.name)
        if item.type == "rows" and not item.each:
            part = _more_rows(offer, item, part, item.name == more)
        section = offer.pack.sections.get(item.section)
        into = parts if section is None else _opened(parts, section)
        into += [part, *_receipts(item, value)]
    if not offer.act.today_only:
        parts.append(
            {
                "kind": "datetime",
                "name": "on",
                "label": "办理时间",
                "value": (typed or {}).get("on", ""),
                "hint": RECORD_HINT if offer.act.field("ended") else NOW_HINT,
                "error": errors.get("on", ""),
                "recheck": _other_day(offer),
            }
        )
    return parts


def _opened(drawn: list[dict[str, Any]], section: Section) -> list[dict[str, Any]]:
    """The fields under a section's heading; the heading is drawn where its first field stands."""
    name = f"section-{section.id}"
    if not drawn or drawn[-1]["name"] != name:
        drawn.append(
            {
                "kind": "section",
                "name": name,
                "label": section.label,
                "hint": section.help,
                "citation": str(section.citation),
                "required": True,
                "fields": [],
            }
        )
    fields: list[dict[str, Any]] = drawn[-1]["fields"]
    return fields


def _never(item: Field, facts: Facts) -> bool:
    """A condition on the case, not on the form, that does not hold: nobody needs to see the field."""
    asks_form = item.when.removeprefix("not:").startswith("data:")
    return bool(item.when) and not asks_form and not holds(item.when, facts)


def known_value(offer: Offer, item: Field) -> Any:
    """What the house knows already, so that nobody types it twice; blanks are filled with what it suggests."""
    value = _stated(offer, item)
    if item.columns and item.type != "rows":
        more = {
            c.name: s.text
            for c in item.columns
            if (s := offer.suggested.get(f"{item.name}-{c.name}")) is not None
        }
        return {**more, **(value or {})} or None
    suggested = offer.suggested.get(item.name)
    return suggested.text if value in (None, "") and suggested else value


def _stated(offer: Offer, item: Field) -> Any:
    if item.name in offer.known:
        return offer.known[item.name]
    facts = offer.told
    if item.type == "officers" and not any(e["do"] == "handlers" for e in offer.act.effects):
        return list(offer.facts.state["handlers"])
    taken = carried(item, facts)
    if item.columns:
        own = facts.get(item.name) if item.fact else None
        newer = item.from_fact and _told_at(offer, item.from_fact) > _told_at(offer, item.name)
        return taken if newer or not own else own
    if taken is not None and (not item.fact or _told_at(offer, item.from_fact) > _told_at(offer, item.name)):
        return taken
    return facts.get(item.name, item.default) if item.fact else item.default


def untouched(offer: Offer, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, without groups that nobody has to fill in and that came back just as the page had them filled in."""
    kept = dict(raw)
    facts = offer.told
    for item in offer.act.fields:
        grouped = item.columns and item.type != "rows" and not item.required
        stated = item.fact and facts.get(item.name)
        if grouped and not stated and same(raw.get(item.name), known_value(offer, item)):
            kept[item.name] = {}
    return kept


def same(sent: Any, given: Any) -> bool:
    """Does a group come back as it was? A browser sends lines with other ends, and amounts as they are typed."""
    if not isinstance(sent, Mapping) or not isinstance(given, Mapping):
        return False
    return {k: _plain_text(v) for k, v in sent.items()} == {
        k: _plain_text(v) for k, v in given.items() if v not in (None, "", [], False)
    }


def _plain_text(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else clean(str(value))


def _told_at(offer: Offer, fact: str) -> int:
    """At which act of the case a fact was last stated; -1 if never."""
    last = offer.facts.state["last"]
    names = {path.partition(".")[0] for path in fact.split("|")}
    tellers = (a.id for a in offer.pack.acts.values() if any(f.name in names and f.fact for f in a.fields))
    return max((int(last[a]["n"]) for a in tellers if a in last), default=-1)


def _draw(offer: Offer, item: Field, name: str, value: Any) -> dict[str, Any]:
    """One field as the shared parts read it."""
    part: dict[str, Any] = {
        "kind": KINDS.get(item.type, item.type),
        "name": name,
        "label": item.label,
        "value": value,
        "hint": _hint(offer, item, name, value),
        "required": (item.required and not item.when) or demanded(item, offer.facts),
        "optional": item.wanted,
    }
    if item.type in GROUPS or (item.columns and item.type != "rows"):
        row = value or {}
        return part | {
            "kind": "group",
            "fields": [
                _draw(offer, c, f"{name}-{c.name}", row.get(c.name))
                for c in item.columns
                if _open_column(offer, item, c)
            ],
        }
    return drawn(offer.picks, name, part | DRAW.get(item.type, _plain)(offer, item, part))


def _days_hint(offer: Offer, rule: LimitRule) -> str:
    """Why the days must be told here, or what holds when they are not."""
    days = length(rule, offer.pack)
    if days is None:
        return f"本单位的方案没有定{rule.label}（方案未定），法律也没有写天数，必须在告知书里写明"
    return f"本单位的{rule.label}是 {days} 个工作日，不填就按它告知；填得更长的，按填的告知"


def _hint(offer: Offer, item: Field, name: str, value: Any) -> str:
    """The pack's help, what the field was filled in with, and when it is wanted at all."""
    rule = days_told(item, offer.facts)
    told = [_days_hint(offer, rule)] if rule else [item.help] if item.help else []
    source = _source(offer, name, value)
    told += source
    if item.type == "longtext" and item.default and value == item.default:
        told.append("已写好通常的内容，与本案不同的请改")
    if item.type == "officers" and not offer.act.today_only and _other_day(offer):
        told.append(THEN_HINT)
    if item.name == "receiver" and value and not set("（，、") & set(str(value)):
        told.append("案件里没有记这个人与受送达人的关系，请补写")
    filled = item.from_fact and not item.columns and carried(item, offer.told) is not None
    if filled and not source:
        told.append("已按案件里的内容填好，与实际不同的请改")
    if item.when.startswith("data:"):
        name, _, wanted = item.when[len("data:") :].partition("=")
        other = offer.act.field(name)
        if other is not None:
            labels = [dict(other.options).get(one, one or "是") for one in wanted.split("|")]
            told.append(f"“{other.label}”为“{'、'.join(labels)}”时填写")
    return "；".join(told)


def _source(offer: Offer, name: str, value: Any) -> list[str]:
    """Where a suggested text comes from; of an older text, which pieces came after it was written."""
    found = offer.suggested.get(name)
    if found is None:
        return []
    if value == found.text:
        return [found.source]
    written = max(_told_at(offer, fact) for fact in WRITTEN_IN)
    late = [label for n, label in found.pieces if n > written >= 0]
    return [f"这段文字写好之后又有：{'、'.join(late)}，请补写"] if late else []


WRITTEN_IN = ("decision", "proposal")
"""Where a text about the evidence was written last."""


def _plain(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    if item.type == "longtext":
        return {"maxlength": item.max_length or MAX_TEXT["longtext"], "rows": LONG_ROWS}
    return {"kind": item.type if item.type in PLAIN else "text", "maxlength": item.max_length or None}


PLAIN = ("date", "datetime", "number", "money", "bool")


MOST_SHOWN = 12
"""So many choices can be looked through; longer lists of plain words are searched by typing."""


def searched(item: Field) -> bool:
    """Is this chosen by typing some of its words?"""
    return (
        item.type == "choice"
        and len(item.options) > MOST_SHOWN
        and all(code == name for code, name in item.options)
    )


def _choices(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    """All of them to see; of a long list those that hold what is typed. Without scripts the browser itself does that."""
    if searched(item):
        told = f"共 {len(item.options)} 项，键入几个字查找"
        hint = f"{part['hint']}；{told}" if part["hint"] else told
        return {"kind": "text", "suggestions": [name for name, _ in item.options], "hint": hint}
    return {"choices": [{"value": code, "label": label} for code, label in item.options]}


def _multi(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    """Fixed options, or the things now in care where the act disposes of some."""
    moves = any(e["do"] == "property-out" and e.get("field") == item.name for e in offer.act.effects)
    held = [
        {
            "value": p["id"],
            "label": f"{p['id']} {p['name']}",
            "hint": f"{p.get('quantity', '')} {PROPERTY.get(p['status'], '')}".strip(),
        }
        for p in offer.facts.state["property"]
        if moves and p["status"] in ("held", "kept")
    ]
    options = [(code, label) for code, label in item.options if _open_kind(offer, item, code)]
    return {
        "choices": held or [{"value": code, "label": label} for code, label in options],
        "value": part["value"] or [],
    }


def _open_kind(offer: Offer, item: Field, code: str) -> bool:
    """Of the kinds of penalty, those that the act's rules leave open: on the spot only 警告 and 罚款."""
    rules = offer.pack.guards_of(offer.act.id, offer.facts.state["procedure"])
    limits = [g.args["allowed"] for g in rules if g.needs == "kinds-within"]
    return item.name != "kinds" or all(code in allowed for allowed in limits)


KIND_OF = {
    "confiscated_gains": "confiscate-gains",
    "confiscated_value": "confiscate-goods",
    "confiscated_list": "confiscate-goods",
    "other_heavy": "other",
    "other": "other",
    "perform_days": "other",
}
"""Columns of a penalty that speak of one kind alone."""


def _open_column(offer: Offer, item: Field, column: Field) -> bool:
    """A column is asked for where the act's rules leave its kind open."""
    kinds = next((one for one in item.columns if one.name == "kinds"), None)
    return kinds is None or column.name not in KIND_OF or _open_kind(offer, kinds, KIND_OF[column.name])


def _officers(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    """Who may be named. Nobody who cannot be chosen is chosen beforehand."""
    offered = _offered(offer)
    closed = {o["value"] for o in offered if o["reason"]}
    return {
        "choices": offered,
        "value": [one for one in part["value"] or [] if one not in closed],
        "none_text": "请先办理立案或者变更承办人，确定承办人员。",
    }


def _offered(offer: Offer) -> list[dict[str, Any]]:
    """The officers shown: where the law wants the case's own handlers, nobody else is offered."""
    handlers = offer.facts.state["handlers"]
    only_handlers = any(
        g.needs == "officers-are-handlers"
        and not (g.args.get("once_named") and never_handled(offer.facts.state))
        for g in offer.pack.guards_of(offer.act.id, offer.facts.state["procedure"])
    )
    return [o for o in offer.officers if not only_handlers or o["value"] in handlers]


def _other_day(offer: Offer) -> bool:
    """Is somebody shown who cannot be chosen on the day of the act, and might be on another?"""
    return any(o["reason"] and o["certified"] for o in _offered(offer))


def _person(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    return {"choices": list(offer.people), "draw": "select"}


def goes_out(rule: PaperRule, act: Act) -> bool:
    """Is it a paper to be served: for somebody outside, not posted for everybody, and not made by serving?"""
    return rule.kind == "external" and not rule.posted and rule.id not in act.papers


def _papers(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    """The papers that the case has, by kind; the newest of each stands for it. To be served: what goes out and does not
    itself come of serving, and where only one numbered paper still has to go, that one."""
    serves = any(effect["do"] == "serve" for effect in offer.act.effects)
    rules = offer.pack.papers
    made = {
        kind: paper
        for kind, paper in offer.facts.state["papers"].items()
        if kind in rules and (not serves or goes_out(rules[kind], offer.act))
    }
    waiting = [k for k, paper in made.items() if paper.get("number") and paper.get("status") != "served"]
    choices = [
        {
            "value": kind,
            "label": f"{rules[kind].label} {paper.get('number', '')}".strip(),
            "hint": "已送达" if paper.get("status") == "served" else "",
        }
        for kind, paper in made.items()
    ]
    known = waiting[0] if serves and len(waiting) == 1 else None
    return {"choices": choices, "draw": "select", "value": part["value"] or known}


def _file(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    return {"multiple": True, "max_text": LARGEST_TEXT, "value": None}


def _one_by_one(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    """One field for each thing that the rows answer, under its own words, its number going along unseen."""
    sent = part["value"]
    typed = {str(row.get("no")): row for row in sent or ()}
    fields = []
    for n, words in enumerate(asked_one_by_one(item, offer.facts.state), 1):
        number, *answers = [(f"{item.name}-{n}-{c.name}", c) for c in item.columns]
        fields.append({"kind": "hidden", "name": number[0], "value": n})
        for name, column in answers:
            told = (typed.get(str(n)) or {}).get(column.name)
            drawn = _draw(offer, column, name, told) | {"label": f"第 {n} 项　{words}", "required": True}
            fields.append(drawn | {"error": "" if sent is None or told else f"没有填写“{column.label}”"})
    return {"kind": "group", "fields": fields, "required": True}


def _rows(offer: Offer, item: Field, part: dict[str, Any]) -> dict[str, Any]:
    if item.each:
        return _one_by_one(offer, item, part)
    rows = part["value"] if isinstance(part["value"], list) else []
    return {
        "columns": [{"label": c.label} for c in item.columns],
        "value": None,
        "rows": [_row(offer, item, str(n), row) for n, row in enumerate(rows)],
        "blank": _row(offer, item, "__i__", {}),
    }


def _row(offer: Offer, item: Field, number: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_draw(offer, c, f"{item.name}-{number}-{c.name}", row.get(c.name)) for c in item.columns]


def _more_rows(offer: Offer, item: Field, part: dict[str, Any], asked: bool) -> dict[str, Any]:
    """Empty rows at the end, because the page must work without scripts; more of them when asked."""
    have = len(part["rows"])
    empty = [
        _row(offer, item, str(have + n), {})
        for n in range(BLANK_ROWS + (3 if asked else 0) - (1 if have and not asked else 0))
    ]
    return part | {"rows": part["rows"] + empty, "more": item.name}


def _receipts(item: Field, value: Any) -> list[dict[str, Any]]:
    """Files that came in before a refusal."""
    if item.type != "file" or not value:
        return []
    texts = [signing.dumps(one, salt=RECEIPT_SALT) for one in value]
    choices = [
        {"value": text, "label": one["name"], "hint": size_text(one["size"])}
        for text, one in zip(texts, value, strict=True)
    ]
    label = "已经上传的文件（不用的取消勾选）"
    return [
        {
            "kind": "multichoice",
            "name": f"{item.name}-kept",
            "label": label,
            "choices": choices,
            "value": texts,
        }
    ]


DRAW: dict[str, Callable[[Offer, Field, dict[str, Any]], dict[str, Any]]] = {
    "choice": _choices,
    "multi": _multi,
    "officers": _officers,
    "person": _person,
    "paper": _papers,
    "file": _file,
    "rows": _rows,
}


def officer_choices(facts: Facts, officers: tuple[Officer, ...], act_type: str) -> tuple[dict[str, Any], ...]:
    """Officers to choose from, each with certificate and with what is wrong with it on the day of the act.

    Whom the door would refuse on that day cannot be chosen. What is recorded later may lie in a certificate's better
    days: the form judges by the day that was typed.
    """
    out = set(facts.state["recused"])
    guards = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    certified = facts.act.today_only or any(guard.needs == "certified" for guard in guards)
    offered = []
    for officer in officers:
        flaw = "已决定回避" if officer.id in out else officer_flaw(officer, facts, act_type)
        numbers = "、".join(f"执法证 {c.number}" for c in officer.certificates) or "没有执法证"
        closed = bool(flaw) and (certified or officer.id in out)
        offered.append(
            {
                "value": officer.id,
                "name": officer.name,
                "numbers": [c.number for c in officer.certificates],
                "detail": numbers if closed or not flaw else f"{numbers}（{flaw}）",
                "reason": flaw if closed else "",
                "certified": bool(officer.certificates) and officer.id not in out,
            }
        )
    return tuple(offered)
