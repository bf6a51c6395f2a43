"""From a template of the pack and the facts of a case to the content of a paper. Nobody types a fact twice.

Templates are Jinja2 in a sandbox and give the line markup of `paper_markup`. An expression that is printed must
have a value: a fact that the case lacks is an error in Chinese that names paper and fact. `{% if x %}` and
`{{ x or '' }}` may ask for what is legitimately absent. Whatever is printed is literal, never markup.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from jinja2 import DictLoader, Template, TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from markupsafe import Markup

from sanxiang.cases.papers.markup import Content, parse, shield
from sanxiang.cases.papers.markup import TemplateError as MarkupError
from sanxiang.cases.templatetags.show import capital, cn_date, cn_datetime, yuan
from sanxiang.law.money import plain, unpaid
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Field, PaperRule
from sanxiang.law.scope import enforced_elsewhere, for_court, hearing_reasons
from sanxiang.law.stance import Named, stance, upheld_by
from sanxiang.speech import size_text

OWN_LABELS = {
    "agency": "行政机关",
    "agency.name": "机关名称",
    "agency.short": "机关代字",
    "agency.address": "机关地址",
    "agency.phone": "机关联系电话",
    "agency.account": "罚款缴纳账户",
    "agency.review_body": "行政复议机关",
    "agency.court": "行政诉讼管辖法院",
    "agency.uscc": "机关统一社会信用代码",
    "case.number": "立案号",
    "case.title": "案件名称",
    "case.cause": "案由",
    "actor.name": "经办人姓名",
    "actor.qualification": "法律职业资格证号",
    "remedies": "复议、诉讼的途径和期限",
    "officers": "执法人员及证件号",
}


PRINTED, WORD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL), re.compile(r"\w+(?:-\w+)*")

UNUSABLE = (TemplateError, MarkupError, TypeError, ValueError, ArithmeticError, LookupError)
"""What a template can do wrong while it runs."""


class PaperIncomplete(ValueError):
    """The case lacks what the paper must state; the message is Chinese and names paper and fact."""


class PaperBroken(ValueError):
    """The pack's template cannot be composed; the message names file, line and reason."""


@dataclass(frozen=True)
class PaperContext:
    """Everything that a template may print. The door gathers it; empty values count as absent.

    agency    name, short, address, phone, account, review_body, court, uscc
    case      id, number (立案号), title, cause, unit (name of the handling unit)
    state     the case's state after the act; data: the act's data; act: id, label, on (ISO day)
    officers  of this act, or else the handlers: name, number (证号)
    names     person id → name, for handlers, hosts, who is to be recused
    actor     who performs the act: name, post, qualification (法律职业资格证号)
    number    of this paper, "" if it bears none; date: its day; remedies: paragraphs of `law.remedies`
    evidence  kind (a code or a name), and where known title and proves of each piece
    papers    kind, title, number, on, maker, pages, note of those on file; file: the bound file (door.casefile.printed)
    timeline  n, label, on, by of the acts; past: act id → the data of its latest performance
    due       period id → its last day (ISO); public: what the public would read, by column, and why parts are `hidden`
    """

    pack: Pack
    agency: Mapping[str, Any]
    case: Mapping[str, Any]
    state: Mapping[str, Any]
    data: Mapping[str, Any]
    act: Mapping[str, Any]
    date: date
    number: str = ""
    officers: Sequence[Mapping[str, str]] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    actor: Mapping[str, Any] = field(default_factory=dict)
    remedies: Sequence[str] = ()
    evidence: Sequence[Mapping[str, Any]] = ()
    papers: Sequence[Mapping[str, Any]] = ()
    timeline: Sequence[Mapping[str, Any]] = ()
    past: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    due: Mapping[str, str] = field(default_factory=dict)
    public: Mapping[str, Any] = field(default_factory=dict)
    file: Mapping[str, Any] = field(default_factory=dict)


def compose(rule: PaperRule, context: PaperContext) -> Content:
    """The paper's content. Raises PaperIncomplete for a missing fact, PaperBroken for a bad template."""
    if not context.agency.get("name"):
        raise PaperIncomplete(_lacks(rule, OWN_LABELS["agency.name"], "请系统管理员在机关信息中填写"))
    if rule.remedies and not context.remedies:
        raise PaperIncomplete(
            _lacks(rule, "复议、诉讼的途径和期限", "请在机关信息中填写行政复议机关和管辖法院")
        )
    try:
        markup = _template(context.pack, rule.body).render(values_of(rule, context))
        page = parse(markup)
    except _Absent as error:
        raise PaperIncomplete(_lacks(rule, error.label, "请在案件、机关信息或者本步骤的表单中补齐")) from None
    except UNUSABLE as error:
        raise PaperBroken(
            f"{rule.place[0]}:{rule.place[1]}：文书《{rule.label}》的模板有误：{error}"
        ) from error
    return Content(
        paper=rule.id,
        title=rule.title or rule.label,
        agency="" if rule.kind == "party" else str(context.agency["name"]),
        number=context.number,
        date=context.date.isoformat(),
        layout=page.layout,
        seal=rule.seal,
        template=rule.template,
        signed_by=page.signed_by,
        blocks=page.blocks,
    )


def check_templates(pack: Pack) -> list[str]:
    """Syntax errors in the pack's templates and papers that acts name but the pack lacks: what `pack check` prints."""
    found = [
        f"{act.place[0]}:{act.place[1]}：行为 {act.id} 的文书 {paper} 没有模板"
        for act in pack.acts.values()
        for paper in act.papers
        if paper not in pack.papers
    ]
    for rule in pack.papers.values():
        try:
            _template(pack, rule.body)
        except TemplateError as error:
            found.append(f"{rule.place[0]}:{rule.place[1]}：文书 {rule.id} 的模板有误：{error}")
        if told := _tells_who_reported(pack, rule):
            found.append(
                f"{rule.place[0]}:{rule.place[1]}：文书 {rule.id} 送出本机关，不能印“{'”“'.join(told)}”，会暴露投诉举报人"
            )
    return found


def _tells_who_reported(pack: Pack, rule: PaperRule) -> list[str]:
    """Labels of what a paper that leaves the agency prints and that tells, if only sometimes, who reported."""
    if rule.kind == "internal":
        return []
    words = {word for printed in PRINTED.findall(rule.body) for word in WORD.findall(printed)}
    items = (item for act in pack.acts.values() for item in act.fields)
    return list(
        dict.fromkeys(item.label for item in items if item.secrecy == INFORMANT and item.name in words)
    )


def _lacks(rule: PaperRule, what: str, cure: str) -> str:
    return f"文书《{rule.label}》缺少“{what}”，{cure}"


class _Absent(Exception):
    """A value was printed that is not there."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


class _Asked(Undefined):
    """May be asked whether it is there, may not be printed, listed or looked into."""

    def _absent(self, *args: Any, **kwargs: Any) -> Any:
        if self._undefined_exception is SecurityError:
            raise SecurityError(self._undefined_message)
        owner = self._undefined_obj if isinstance(self._undefined_obj, _Facts) else None
        name = str(self._undefined_name)
        raise _Absent(owner.label_of(name) if owner else OWN_LABELS.get(name, name))

    __str__ = __iter__ = __len__ = __getitem__ = __call__ = __contains__ = _absent
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = _absent

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._absent()


class _Facts(dict[str, Any]):
    """A mapping that knows what its entries are called in Chinese; empty values are left out."""

    def __init__(self, values: Mapping[str, Any], path: str, labels: Callable[[str], str]) -> None:
        kept = {key: _present(value, f"{path}.{key}", labels) for key, value in values.items()}
        super().__init__({key: value for key, value in kept.items() if value not in (None, "", [], {}, ())})
        self.path, self.labels = path, labels

    def label_of(self, name: str) -> str:
        """What a missing entry is called: 住址或者住所 rather than facts.party.address."""
        return OWN_LABELS.get(f"{self.path}.{name}") or self.labels(name)


def _present(value: Any, path: str, labels: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return _Facts(value, path, labels)
    if isinstance(value, (list, tuple)):
        return [_present(item, path, labels) for item in value]
    return value


def _literal(value: Any) -> Markup:
    """What an expression prints: text from the case, shielded, or markup that a part has made."""
    if isinstance(value, Markup):
        return value
    if value is None:
        raise _Absent("（空值）")
    return Markup(shield(str(value)))


class _Sandbox(ImmutableSandboxedEnvironment):
    """Facts are looked up by name alone: a field called `items` is the field, not a method of the mapping."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The entry of that name, or a value that may only be asked for."""
        if isinstance(obj, _Facts):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


@cache
def _environment(digest: str) -> _Sandbox:
    """One environment a pack, its papers at hand for `{% include %}`."""
    environment = _Sandbox(
        undefined=_Asked,
        finalize=_literal,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=DictLoader({}),
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment


@cache
def _compiled(digest: str, body: str) -> Template:
    environment = _environment(digest)
    assert isinstance(environment.loader, DictLoader)
    return environment.from_string(_whole_lines(body, environment.loader.mapping))


def _template(pack: Pack, body: str) -> Template:
    loader = _environment(pack.digest).loader
    assert isinstance(loader, DictLoader)
    if not loader.mapping:
        bodies = {rule.id: rule.body for rule in pack.papers.values()}
        loader.mapping = {name: _whole_lines(part, bodies) for name, part in bodies.items()}
    return _compiled(pack.digest, body)


TAGS_ALONE = re.compile(r"(?:\s*(?:\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\}))+")
INCLUDED = re.compile(r"\{%[-+]?\s*include\s+['\"]([^'\"]+)['\"]")


def _whole_lines(body: str, bodies: Mapping[str, str]) -> str:
    """The template with the ends of all lines that print something; what ends in a tag would run into the next line.

    Jinja drops the line end after every tag (`trim_blocks`), which is right for a line of nothing but tags, unless it
    includes a part that does not end its own line. `+%}` keeps it.
    """
    return "\n".join(_whole_line(line.rstrip(" \t"), bodies) for line in body.split("\n"))


def _whole_line(line: str, bodies: Mapping[str, str]) -> str:
    if not line.endswith(("%}", "#}")) or line[-3] in "+-":
        return line
    ended = all(bodies.get(part, "\n").endswith("\n") for part in INCLUDED.findall(line))
    return line if ended and TAGS_ALONE.fullmatch(line) else f"{line[:-2]}+{line[-2:]}"


def values_of(rule: PaperRule, context: PaperContext) -> dict[str, Any]:
    """The names that a template knows."""
    words = Words(context)
    facts, data = {**context.state["facts"], **context.data}, context.data
    if rule.kind != "internal":  # what leaves the agency has nothing of whoever reported to print
        facts, data = ({k: v for k, v in told.items() if k not in words.secrets} for told in (facts, data))
    plan = facts.get("decision") or facts.get("proposal") or {}
    party = facts.get("party") or {}
    named = {
        **{name: getattr(context, name) for name in LISTED},
        "facts": facts,
        "data": data,
        "party": party,
        "plan": plan,
        "penalty": facts.get("decided") or plan,
        "property": context.state.get("property") or [],
    }
    return {
        **{name: _present(value, name, words.label) for name, value in named.items()},
        **{name: getattr(words, name) for name in ASKED},
        "state": context.state,
        "rule": rule,
        "number": context.number,
        "date": context.date,
        "remedies": [str(text) for text in context.remedies],
        "enforced_by": enforced_elsewhere(context.pack, dict(context.state)) or {},
        "upheld_by": upheld_by(dict(context.state)),
        "for_court": for_court(context.pack, dict(context.state)),
        "unpaid": plain(max(unpaid(dict(context.state)), Decimal(0))),
        "you": "单位" if party.get("kind") == "org" else "",
        "hearing_offered": bool(
            facts.get("offer_hearing") or hearing_reasons(context.pack, dict(context.state))
        ),
        "defence_days": context.data.get("defence_days") or words.parameter("defence.days"),
        **words.decision(),
    }


LISTED = ("agency", "case", "act", "officers", "evidence", "papers", "timeline", "actor", "public", "file")
ASKED = (
    "choice",
    "kind_name",
    "must",
    "person",
    "officers_line",
    "issued",
    "done_on",
    "due_on",
    "times",
    "said",
    "stance",
    "paper_title",
    "parameter",
    "secret",
)
INFORMANT = "informant"
"""The mark of what tells who reported (`door.sight`)."""
DECISIONS = ("penalty-decision", "spot-decision", "no-penalty-decision")


class Words:
    """How codes and ids of a case read in Chinese."""

    def __init__(self, context: PaperContext) -> None:
        self.context = context
        self.pack = context.pack
        self.known = {**context.state["facts"], **context.data}

    def label(self, name: str) -> str:
        """What a field is called: in this act, or else in any."""
        for item in _fields(self.pack, str(self.context.act.get("id"))):
            if item.name == name:
                return item.label
        return OWN_LABELS.get(name, name)

    def choice(self, where: str, code: Any) -> str:
        """The label of an option code, or of several. `where` is a field, or `act.field`; this act's own come first."""
        if not isinstance(code, (str, list, tuple)):
            raise _Absent(self.label(where))
        act, _, name = where.rpartition(".")
        found: dict[str, str] = {}
        for item in reversed(_fields(self.pack, act or str(self.context.act.get("id")))):
            if item.name == name:
                found.update(item.options)
        codes = [code] if isinstance(code, str) else code
        if unknown := [one for one in codes if one not in found]:
            raise _Absent(f"{self.label(name)}（代码 {'、'.join(map(str, unknown))} 没有对应的名称）")
        return "、".join(found[one] for one in codes)

    def must(self, value: Any) -> str:
        """Nothing in print, but the value has to be there: for what a part leaves blank where this paper may not."""
        return str(value)[:0]

    def kind_name(self, code: str) -> str:
        """What a piece of evidence is: one of the kinds of the law, or the paper or act that it comes from."""
        for item in _fields(self.pack, "add-evidence"):
            if item.name == "kind" and code in dict(item.options):
                return dict(item.options)[code]
        if code in self.pack.papers:
            return self.pack.papers[code].label
        makers = (a.label for a in self.pack.acts.values() for e in a.effects if e.get("kind") == code)
        return next(makers, code)

    def person(self, identity: Any) -> str:
        """The name of a person, or names of several, by id."""
        if not isinstance(identity, (str, int, list, tuple)):
            raise _Absent("人员姓名")
        many = identity if isinstance(identity, (list, tuple)) else [identity]
        if unknown := [str(one) for one in many if str(one) not in self.context.names]:
            raise _Absent(f"人员姓名（{'、'.join(unknown)}）")
        return "、".join(self.context.names[str(one)] for one in many)

    def officers_line(self) -> str:
        """The enforcing officers with their certificate numbers, as every external paper shows them."""
        if not self.context.officers:
            raise _Absent(OWN_LABELS["officers"])
        return "、".join(f"{one['name']}（执法证号：{one['number']}）" for one in self.context.officers)

    def issued(self, kind: str) -> Any:
        """An earlier paper of the case: status, on, number, served_on, way; empty when there is none."""
        return _present(self.context.state["papers"].get(kind) or {}, f"papers.{kind}", self.label)

    def decision(self) -> dict[str, str]:
        """Number and day of service of the decision in force."""
        found = [self.context.state["papers"].get(kind) or {} for kind in DECISIONS]
        first = next((paper for paper in found if paper), {})
        return {"decision_number": first.get("number", ""), "decision_served": first.get("served_on", "")}

    def done_on(self, act: str) -> Any:
        """The day on which an act was last performed; absent if never."""
        done = self.context.state["last"].get(act)
        rule = self.pack.acts.get(act)
        return done["on"] if done else _Asked(name=f"{rule.label if rule else act}的日期")

    def due_on(self, period: str) -> Any:
        """The last day of a period that runs; absent where it does not."""
        rule = self.pack.limits.get(period)
        return self.context.due.get(period) or _Asked(name=f"{rule.label if rule else period}的最后一日")

    def times(self, act: str) -> int:
        """How often an act has been performed."""
        return int((self.context.state["last"].get(act) or {"count": 1})["count"])

    def said(self, act: str, name: str) -> Any:
        """What an earlier act said; absent if it did not."""
        return (self.context.past.get(act) or {}).get(name) or _Asked(name=self.label(name))

    def stance(self) -> str:
        """What the party did against the decision within its periods: a clause without subject, "" where there is none yet."""
        told = {**self.context.past.get("record-remedy", {}), **self.context.past.get("end-remedy", {})}
        named = Named(str(told.get("remedy_organ") or ""), str(told.get("remedy_no") or ""))
        part = str(self.context.data.get("part") or "")
        return stance(dict(self.context.state), self.context.due, self.context.date, part, named)

    def paper_title(self, kind: str) -> str:
        """What a paper is called."""
        rule = self.pack.papers.get(kind)
        return (rule.title or rule.label) if rule else kind

    def secret(self, name: str) -> bool:
        """Would this fact of the case tell who reported it?"""
        return name in self.secrets

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The facts that would, as this case stands."""
        items = _fields(self.pack, str(self.context.act.get("id")))
        marked = (item for item in items if item.secrecy == INFORMANT)
        return frozenset(item.name for item in marked if item.mark(self.known) == INFORMANT)

    def parameter(self, key: str) -> Any:
        """The binding value of a parameter, "" where nothing is set."""
        return self.pack.setting(key, "")


def unstopped(value: Any) -> str:
    """A text without the stop that its writer ended it with."""
    return str(value).rstrip(" \n\u3000。；;.，,")


def sentence(value: Any) -> str:
    """A text that ends in one full stop, so that the next sentence can follow."""
    return unstopped(value) + "。"


def cn_minute(value: Any) -> Any:
    """2026年11月21日9时30分, as records write it; a day alone stays a day."""
    day, _, clock = str(cn_datetime(value)).partition(" ")
    hour, _, minute = clock.partition(":")
    return f"{day}{int(hour)}时{minute}分" if minute else day


FILTERS: dict[str, Callable[..., Any]] = {
    "cn_date": cn_date,
    "cn_minute": cn_minute,
    "sentence": sentence,
    "unstopped": unstopped,
    "yuan": yuan,
    "capital": capital,
    "size": size_text,
}
"""What templates may pipe a value through, besides what Jinja2 brings along."""

_FIELDS: dict[tuple[str, str], tuple[Field, ...]] = {}


def _fields(pack: Pack, act: str) -> tuple[Field, ...]:
    """All fields and columns of the pack, those of one act first."""
    key = (pack.digest, act)
    if key not in _FIELDS:
        acts = sorted(pack.acts.values(), key=lambda one: one.id != act)
        _FIELDS[key] = tuple(flat for one in acts for item in one.fields for flat in (item, *item.columns))
    return _FIELDS[key]
