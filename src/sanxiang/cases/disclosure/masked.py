"""公示: the public text of a decision, masked; what it lacks; what must not be in it. Pure over the case's state."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sanxiang.cases.disclosure.by_hand import joined, spans_by_hand, words_of
from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.disclosure.secrets import Secrets, held, left
from sanxiang.law.disclosure.masks import Reason, reasons_of
from sanxiang.law.disclosure.texts import columns_of, number_of, rule_of
from sanxiang.law.dossier import KIND_NAMES as PENALTIES
from sanxiang.law.facts import State
from sanxiang.law.money import money
from sanxiang.law.packs import Pack
from sanxiang.law.redact import Known, Person, Span, fold, holds_protected, put, redact, redact_parts
from sanxiang.law.redaction.orgs import organisations
from sanxiang.speech import yuan

FIELDS = (
    "number",
    "title",
    "party",
    "party_type",
    "party_code",
    "address",
    "facts",
    "basis",
    "result",
    "authority",
)
"""The columns of a publication that hold text: what is masked, searched, digested and emptied at withdrawal."""

SUMMARY = "summary"
"""The column of the plain summary; a text without one has no such column, so that its digest stays what it was."""

FOUR = {"执法机关": "authority", "执法对象": "party", "执法类别": "kind", "执法结论": "result"}
"""The result fields that 国办发〔2018〕118号 asks for at least, by the column that carries each."""

KIND_NAMES = {**PENALTIES, "other": "其他行政处罚"}
"""The kinds of penalty as the public reads them."""

BESIDE = re.compile(r"\(?(?:个体工商户|个体户|个体经营者?|经营者)\)?$|^(?:个体工商户|个体户)")
"""What is written beside the name of a sole trader who has none but their own."""

ORGANS = (*"店厂馆坊铺行部场站院堂社局府会队所村组校园", "中心", "集团")
"""How names of organisations end, beside the words that the rules know."""

KEPT = ("number", "authority")
"""Columns in which nothing is hidden: they say whose decision it is, and which."""

PLAIN = (*KEPT, "kind", "party_type")
"""Columns that hold no name in any case."""

WHY = {
    "person": "自然人姓名",
    "idcard": "身份证件号码",
    "passport": "护照等证件号码",
    "phone": "手机号码",
    "landline": "固定电话号码",
    "email": "电子邮箱",
    "wechat": "微信号",
    "qq": "QQ 号",
    "account": "网络账号",
    "bank": "银行账号",
    "address": "住址",
    "plate": "车牌号码",
    "certificate": "证件编号",
    "health": "健康信息",
    "school": "就读学校",
    "coordinates": "位置坐标",
    "number": "个人编号",
}
"""What was hidden, in words, by the kind that the rules found."""


@dataclass(frozen=True)
class Mask:
    """One thing that was hidden: in which column, what stands there now, why and by which article, and where it stood in the raw text.

    `type` is the kind that the rules found, "" for what the editor hid; `start` and `end` are code points of the raw column.
    """

    field: str
    replacement: str
    why: str
    citation: str = ""
    type: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class PublicText:
    """What the public would see, what was hidden from it, what it lacks, and what still leaks.

    `raw` are the columns before anything was hidden, for whoever works on the case; `files` are the digests of what goes out beside.
    """

    fields: dict[str, str]
    masks: tuple[Mask, ...]
    missing: tuple[str, ...]
    leaks: tuple[str, ...]
    raw: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted fields, and over the files that go out with them: what the editor saw is what the approver
        publishes.
        """
        told = {**self.fields, "files": list(self.files)} if self.files else self.fields
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain values for pages and API."""
        return {
            "fields": self.fields,
            "masks": [asdict(m) for m in self.masks],
            "missing": list(self.missing),
            "leaks": list(self.leaks),
            "digest": self.digest,
        }


Rows = list[dict[str, str]]
"""What an editor typed, line by line."""


def public_text(
    pack: Pack,
    state: State,
    agency: str,
    names: tuple[str, ...] = (),
    hide: Rows | None = None,
    keep: Rows | None = None,
    summary: str = "",
) -> PublicText:
    """The public form of a case's decision. `names` are the agency's officers, who stay; `hide` are the editor's own masks, and
    `keep` the words that a rule takes for somebody's and that are nobody's. A summary in plain words stands above it where one
    was written; it is masked like all else.
    """
    raw = _raw(pack, state, agency) | ({SUMMARY: summary} if summary else {})
    stays = tuple(str(row.get("text") or "") for row in keep or ())
    rows = list(hide or [])
    fields, masks = _masked(pack, state, raw, known_of(state, names, stays), rows)
    leaks = _leaks(state, fields, words_of(rows))
    return PublicText(fields, tuple(masks), _missing(pack, fields), leaks, raw)


def unfound(pack: Pack, state: State, agency: str, hide: Rows | None) -> tuple[str, ...]:
    """What the editor wants hidden and no column holds, or a column that is never masked: nothing would be hidden."""
    raw = [text for name, text in _raw(pack, state, agency).items() if name not in KEPT]
    rows = enumerate(hide or [], 1)
    lost = [n for n, row in rows if not any(any(spans_by_hand(text, [row])) for text in raw)]
    return tuple(f"第 {n} 项要隐去的文字在可以隐去的内容里找不到，请照决定书原文填写" for n in lost)


def natural(party: Mapping[str, Any]) -> bool:
    """Does the public know this party as a person: a citizen, or a sole trader 个体工商户 who has no trade name 字号?

    Such a business bears its operator's name, or one that the rules read as a person's. Its code is in the public register
    of businesses beside the operator's name, so it is kept back with the name; its address is as a rule a home.
    """
    if party.get("kind") != "individual-business":
        return party.get("kind") == "citizen"
    name, operator = (bare_name(str(party.get(key) or "")) for key in ("name", "legal_rep"))
    if not name or name == operator:
        return bool(name)
    told = f"经查，个体工商户{name}未经批准"
    at = told.index(name)
    whole = (at, at + len(name))
    return not name.endswith("记") and any(
        span.type == "person" and (span.start, span.end) == whole for span in redact(told).spans
    )


def bare_name(name: str) -> str:
    """A name as registers write it, without blanks and without 个体工商户 beside it."""
    return BESIDE.sub("", "".join(unicodedata.normalize("NFKC", name).split()))


def _raw(pack: Pack, state: State, agency: str) -> dict[str, str]:
    """The columns before anything is hidden: a penalty's from its decision, every other's as the pack puts it together."""
    rule = rule_of(pack, state)
    penal = _of_penalty(state, agency)
    if rule is None or not rule.columns:
        return penal
    told = dict.fromkeys(("title", "facts", "basis", "result"), "") | columns_of(pack, state, rule)
    act_type = pack.procedures[str(state["procedure"])].act_type
    kind = pack.printed_type(act_type) or ACT_TYPES[act_type]
    return {**penal, **told, "number": number_of(rule, state), "kind": kind}


def _of_penalty(state: State, agency: str) -> dict[str, str]:
    facts = state["facts"]
    party, decision = facts.get("party") or {}, facts.get("decided") or {}
    paper = state["papers"].get("penalty-decision") or state["papers"].get("spot-decision") or {}
    kinds = "、".join(KIND_NAMES.get(k, k) for k in decision.get("kinds", []))
    person = natural(party)
    return {
        "number": str(paper.get("number", "")),
        "title": f"{facts.get('cause', '')}案",
        "party": str(party.get("name", "")),
        "party_type": str(party.get("kind", "")),
        "party_code": "" if person else str(party.get("code", "")),
        "address": "" if person else str(party.get("address", "")),
        "facts": str(decision.get("found", "")),
        "basis": "；".join(
            x
            for x in (
                f"违反{decision.get('violated')}" if decision.get("violated") else "",
                f"依据{decision.get('basis')}" if decision.get("basis") else "",
            )
            if x
        ),
        "result": _result(decision, kinds),
        "authority": agency,
        "kind": kinds,
    }


def _result(decision: dict[str, Any], kinds: str) -> str:
    sums = (
        ("fine", "罚款"),
        ("confiscated_gains", "没收违法所得"),
        ("confiscated_value", "没收非法财物，价值"),
    )
    parts = [f"{label}{yuan(decision[key])}" for key, label in sums if money(decision.get(key)) > 0]
    if "confiscate-goods" in decision.get("kinds", []) and money(decision.get("confiscated_value")) <= 0:
        parts.append("没收非法财物")  # nothing can price them; to the public that is not nought 元
    rest = [
        KIND_NAMES.get(k, k)
        for k in decision.get("kinds", [])
        if k not in ("fine", "confiscate-gains", "confiscate-goods")
    ]
    return "；".join([*rest, *parts, *([str(decision["other"])] if decision.get("other") else [])]) or kinds


def _masked(
    pack: Pack, state: State, raw: dict[str, str], known: Known, hide: Rows
) -> tuple[dict[str, str], list[Mask]]:
    """The columns with what may not be read hidden, each person under one form in all of them; the editor's words before all."""
    reasons = reasons_of(pack)
    party = state["facts"].get("party") or {}
    # The name of an organisation or business stays, whoever it is called after.
    stays = PLAIN if natural(party) else (*PLAIN, "party")
    given = {name: text for name, text in raw.items() if text and name not in stays}
    shown, fields, masks = redact_parts(given, known), {}, list[Mask]()
    for name, text in raw.items():
        own = () if name in KEPT else spans_by_hand(text, hide)
        spans = joined(shown[name].spans if name in shown else (), own)
        if name == "party" and name in shown and not spans:
            # One character, or a company's name: no name to the rules.
            spans = (Span(0, len(text), "person", text[0] + "某"),)
        fields[name] = put(fold(text) if name in shown else text, spans)
        masks += [mask_of(name, span, reasons) for span in spans]
    return fields, masks


def mask_of(column: str, span: Span, reasons: Mapping[str, Reason]) -> Mask:
    """What was hidden: by a rule, with the reason that the pack gives for its kind; by the editor, with theirs."""
    if not span.type:
        return Mask(column, span.replacement, span.why, "", "", span.start, span.end)
    reason = reasons.get(span.type) or Reason(WHY.get(span.type, span.type))
    label = WHY.get(span.type, reason.label)
    return Mask(column, span.replacement, label, reason.citation, span.type, span.start, span.end)


def known_of(state: State, officers: tuple[str, ...], keep: tuple[str, ...] = ()) -> Known:
    """The case's own people and numbers, hidden wherever they occur, exactly; officers and the words of `keep` stay."""
    facts = state["facts"]
    party = facts.get("party") or {}
    people = [Person(name, "officer") for name in (*officers, *keep) if len(name) > 1]
    for key, role in (("legal_rep", "witness"), ("contact", "witness")):
        if party.get(key):
            people.append(Person(str(party[key]), role))
    person = natural(party)
    if person and party.get("name"):
        people.append(Person(_name_of(party), "minor" if party.get("minor") else "party"))
    people += [Person(name, "witness") for name in _beside(facts)]
    if facts.get("informant"):
        people.append(Person(str(facts["informant"]), "witness"))
    numbers = [str(party[k]) for k in ("code", "phone") if party.get(k) and (k == "phone" or person)]
    return Known(
        people=tuple(people),
        numbers=tuple(numbers),
        organisations=tuple(word for word in keep if len(word) > 2),
    )


def secrets_of(state: State, words: tuple[str, ...] = ()) -> Secrets:
    """What no file of this case may show in any of its layers: its people, a person's numbers and home, and these words of the
    editor.
    """
    facts = state["facts"]
    party = facts.get("party") or {}
    person = natural(party)
    names = [str(party[key]) for key in ("legal_rep", "contact") if party.get(key)]
    names += [_name_of(party)] if person else []
    names += [*_beside(facts), *([str(facts["informant"])] if facts.get("informant") else [])]
    own = ("code", "phone", "address") if person else ("phone",)
    values = tuple(str(party[key]) for key in own if party.get(key))
    return Secrets(tuple(dict.fromkeys(names)), values, words)


def _beside(facts: Mapping[str, Any]) -> list[str]:
    """People who are in the case beside the party: whom it is against, third parties, who applied too."""
    side = facts.get("respondent") or {}
    rows = [*(facts.get("third_parties") or ()), *(facts.get("co_applicants") or ())]
    named = [_name_of(side)] if side and natural(side) else []
    named += [str(side["legal_rep"])] if side.get("legal_rep") else []
    return named + [name for row in rows if personal(name := str(row.get("name") or "").strip())]


def personal(name: str) -> bool:
    """Is this a person's, where only a name was written? All that do not end like an organisation: names of many peoples are long."""
    return len(name) > 1 and (len(name) <= 4 or not name.endswith((*organisations()["strong"], *ORGANS)))


def _name_of(party: Mapping[str, Any]) -> str:
    """The person's name alone; of a citizen as it was given."""
    name = str(party.get("name") or "")
    return name if party.get("kind") == "citizen" else bare_name(name)


def _missing(pack: Pack, fields: dict[str, str]) -> tuple[str, ...]:
    """Columns that the locality's scheme (or, where it is silent, 118号) wants and the text lacks."""
    wanted = pack.setting("publish.fields") or list(FOUR)
    lacking = [name for name in wanted if name in FOUR and not fields.get(FOUR[name])]
    return tuple(lacking)


def _leaks(state: State, fields: dict[str, str], words: tuple[str, ...]) -> tuple[str, ...]:
    """Protected values and words of the editor that are still there: a last look over the finished text with fresh eyes."""
    found = [
        f"{name}：{WHY.get(span.type, span.type)}" for name, text in fields.items() for span in _spans(text)
    ]
    party = state["facts"].get("party") or {}
    stays, secrets = (PLAIN if natural(party) else (*PLAIN, "party")), secrets_of(state)
    found += [
        f"{name}：含有{trace.what}"
        for name, text in fields.items()
        if name not in stays
        for trace in held(name, text, secrets)
        if f"{name}：{trace.what}" not in found
    ]
    found += [
        f"{name}：第 {number} 项要隐去的文字没有隐去"
        for name, text in fields.items()
        if name not in KEPT
        for number in left(text, words)
    ]
    return tuple(found)


def _spans(text: str) -> list[Span]:
    return list(holds_protected(text))
