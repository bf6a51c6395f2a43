"""Check packs: what they name exists, every rule has its examples, every cited article stands in the statute."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sanxiang.law import borrowing, procedure
from sanxiang.law.articles import PLACE, bare_article
from sanxiang.law.blocks import Block, Instrument, PackError
from sanxiang.law.casefile import misfiled
from sanxiang.law.citing import NATION, texts_in
from sanxiang.law.disclosure.texts import flaws
from sanxiang.law.effects import EFFECTS
from sanxiang.law.examples import own, refused_guards, run_examples
from sanxiang.law.formats import shortened, unsourced
from sanxiang.law.numerals import number
from sanxiang.law.packs import Pack, load_pack, unstated
from sanxiang.law.places import NATIONAL
from sanxiang.law.recording.matrix import ELEMENTS
from sanxiang.law.rules import Act, Field, Guard, Stage, as_tuple
from sanxiang.law.scope import known_condition
from sanxiang.law.statutes import articles

MENTIONED = re.compile(rf"《(?:{NATION})?([^《》]+)》((?:、?{PLACE.pattern})+)")
"""Any instrument between its marks with the articles that follow, as packs write them; `citing` looks for one law, bare too."""

ITEM = re.compile(r"^[（(]([一二三四五六七八九十]+)[）)]")

Texts = dict[str, list[str]]
"""A statute's articles by number, each as its paragraphs and items in order."""


def check(name: str, root: Path | None = None, laws: Path | None = None) -> list[str]:
    """Every complaint about one pack, each with file and line where there is one; empty when all is well."""
    try:
        pack = load_pack(name, root)
    except PackError as error:
        return [str(error)]
    found = [
        *_headings(pack),
        *_guards(pack),
        *_acts(pack),
        *_limits(pack),
        *_stages(pack),
        *_papers(pack),
        *misfiled(pack),
        *_borrowed(pack),
        *flaws(pack),
        *run_examples(pack),
        *_covered(pack),
    ]
    if name != NATIONAL:
        found += [f"{name}/：没有交代参数 {key}（写 value，或写 set = false）" for key in unstated(pack)]
        found += [*shortened(pack, load_pack(NATIONAL, root)), *unsourced(pack)]
    if laws is not None:
        found += _citations(pack, laws)
    return found


def _at(place: tuple[str, int]) -> str:
    return f"{place[0]}:{place[1]}："


# Articles

STATUTES = frozenset({"law", "regulation", "rule"})
"""Kinds of instrument that are made of articles."""
UNCHECKED = "（条号待核）"
"""Begins the heading of a rule whose article nobody has looked up: refusals then say so instead of inventing one."""


def _headings(pack: Pack) -> Iterator[str]:
    """Every rule taken from a statute stands under the number of its article, or says that the number is not verified."""
    for block in _once_a_heading(pack):
        article = block.citation.article
        if (
            block.citation.kind in STATUTES
            and not article.startswith(UNCHECKED)
            and not bare_article(article)
        ):
            yield (
                f"{block.file}:{block.line}：《{block.citation.instrument}》的标题“{article}”没有条号，"
                f"请写“第…条”；没有核对到条号的，以“{UNCHECKED}”开头"
            )


def unverified(pack: Pack) -> list[str]:
    """The pack's own headings whose article is still to be looked up, each with file and line."""
    return [
        f"{block.file}:{block.line} {block.citation}"
        for block in _once_a_heading(pack)
        if block.citation.article.startswith(UNCHECKED) and block.file.split("/")[0] == pack.id
    ]


def _once_a_heading(pack: Pack) -> Iterable[Block]:
    """The first block under each heading."""
    found: dict[tuple[str, str, str], Block] = {}
    for block in pack.blocks:
        found.setdefault((block.file, block.citation.instrument, block.citation.article), block)
    return found.values()


# Names


def _guards(pack: Pack) -> Iterator[str]:
    """Guards name conditions, acts, papers, clocks and fields that exist."""
    conditions = procedure.known_conditions()
    for guard in pack.guards:
        at = f"{_at(guard.place)}guard {guard.id} "
        if guard.needs not in conditions:
            yield f"{at}用了不存在的条件 {guard.needs}；可用：{'、'.join(sorted(conditions))}"
        yield from (f"{at}针对的动作 {a} 不存在" for a in guard.on if a not in pack.acts)
        yield from (f"{at}的 when 看不懂：{w}" for w in guard.when if not known_condition(w))
        yield from (f"{at}{text}" for text in _arguments(guard, pack))


def _arguments(guard: Guard, pack: Pack) -> Iterator[str]:
    """What stands in a guard's `args`, by the name under which it stands."""
    args: Mapping[str, Any] = guard.args
    acts = [
        *args.get("acts", ()),
        *args.get("after", ()),
        *args.get("by", ()),
        *as_tuple(args.get("asked")),
        *as_tuple(args.get("act")),
    ]
    yield from (f"的动作 {a} 不存在" for a in acts if not _event(a, pack))
    papers = [*as_tuple(args.get("paper")), *args.get("papers", ())]
    yield from (f"的文书 {p} 没有模板" for p in papers if p not in pack.papers)
    clocks = [*as_tuple(args.get("clock")), *args.get("clocks", ())]
    yield from (f"的期限 {c} 不存在" for c in clocks if c not in pack.limits)
    if "key" in args and args["key"] not in pack.parameters:
        yield f"的参数 {args['key']} 不在 parameters.toml 里"
    for act in (pack.acts[a] for a in guard.on if a in pack.acts):
        if isinstance(args.get("field"), str) and not _field(act, args["field"], pack):
            yield f"：动作 {act.id} 没有字段 {args['field']}"


def _field(act: Act, name: str, pack: Pack) -> bool:
    """A field of the act, or a fact that some act states."""
    return act.field(name) is not None or any(
        f.name == name and f.fact for a in pack.acts.values() for f in a.fields
    )


def _event(name: str, pack: Pack) -> bool:
    """An act, an act on one paper, or an act with one field."""
    act, _, field = name.partition("+")
    act, _, paper = act.partition(":")
    rule = pack.acts.get(act)
    return (
        rule is not None
        and (not paper or paper in pack.papers)
        and (not field or rule.field(field) is not None)
    )


def _acts(pack: Pack) -> Iterator[str]:
    """Acts name effects, papers, procedures, stages, periods and conditions that exist; each procedure can be begun."""
    for act in pack.acts.values():
        at = f"{_at(act.place)}act {act.id} "
        yield from (f"{at}的效果 {e.get('do')} 不存在" for e in act.effects if e.get("do") not in EFFECTS)
        yield from (
            f"{at}的效果 {e['do']} 用的期限 {c} 不存在"
            for e in act.effects
            for c in _clocks_of(e)
            if c not in pack.limits
        )
        yield from (f"{at}的文书 {p} 没有模板" for p in act.papers if p not in pack.papers)
        yield from (f"{at}所属程序 {p} 不存在" for p in act.procedures if p not in pack.procedures)
        known = {s for p in act.procedures if p in pack.procedures for s, _ in pack.procedures[p].stages} | {
            "*",
            "",
        }
        yield from (f"{at}的阶段 {s} 不存在" for s in (*act.stages, act.to) if s not in known)
        yield from (f"{at}的条件看不懂：{w}" for w in _conditions_of(act) if not known_condition(w))
        due = dict.fromkeys(str(o["limit"]) for o in act.opens if o.get("limit"))
        yield from (f"{at}的任务用的期限 {c} 不存在" for c in due if c not in pack.limits)
        headings = dict.fromkeys(f.section for f in act.fields if f.section)
        yield from (f"{at}的字段分组 {s} 没有定义" for s in headings if s not in pack.sections)
    for rule in pack.procedures.values():
        if not any(a.first for a in pack.acts_of(rule.id)):
            yield f"程序 {rule.label} 没有第一步（first = true 的 act）"


def _borrowed(pack: Pack) -> list[str]:
    """What procedures borrow exists."""
    guards = {guard.id for guard in pack.guards}
    known = {
        "procedures": pack.procedures,
        "guards": guards,
        "drops": guards,
        "limits": pack.limits,
        "starts": pack.limits,
        "labels": pack.acts,
        "nodes": {stage.id for stage in pack.stages},
        "stages": {name for rule in pack.procedures.values() for name, _ in rule.stages},
    }
    started = [
        f"{one.citation} 的 borrow 中期限 {limit} 的起算动作 {event} 不存在"
        for one in pack.borrowings
        for limit, events in one.starts.items()
        for event in as_tuple(events)
        if not _event(event, pack)
    ]
    known |= {"before": guards}
    placed = [
        f"{one.citation} 的 borrow 中规则 {guard} 所把关的动作 {act} 不存在"
        for one in pack.borrowings
        for guard, acts in one.before.items()
        for act in as_tuple(acts)
        if str(act) not in pack.acts
    ]
    return borrowing.flaws(pack.borrowings, known) + started + placed


def _papers(pack: Pack) -> Iterator[str]:
    """Papers are made under conditions that exist."""
    for paper in pack.papers.values():
        wrong = [w for w in paper.when if not known_condition(w)]
        yield from (f"{_at(paper.place)}paper {paper.id} 的 when 看不懂：{w}" for w in wrong)


def _clocks_of(effect: Mapping[str, Any]) -> Iterable[str]:
    return [*as_tuple(effect.get("clock")), *effect.get("clocks", ()), *as_tuple(effect.get("ends"))]


def _conditions_of(act: Act) -> list[str]:
    fields: list[Field] = [*act.fields, *(c for f in act.fields for c in f.columns)]
    asked = [str(w) for row in (*act.effects, *act.opens) for w in as_tuple(row.get("when"))]
    return [*(f.when for f in fields if f.when), *asked]


def _limits(pack: Pack) -> Iterator[str]:
    """Periods name parameters, acts and other periods that exist."""
    for rule in pack.limits.values():
        at = f"{_at(rule.place)}limit {rule.id} "
        if rule.key and pack.parameters and rule.key not in pack.parameters:
            yield f"{at}的参数 {rule.key} 不在 parameters.toml 里"
        yield from (f"{at}的动作 {a} 不存在" for a in (*rule.start, *rule.stop) if not _event(a, pack))
        yield from (f"{at}所接的期限 {a} 不存在" for a in rule.after if a not in pack.limits)
        yield from (f"{at}的 when 看不懂：{w}" for w in rule.when if not known_condition(w))


def _stages(pack: Pack) -> Iterator[str]:
    """Links name acts that exist, and their records state what the locality's matrix asks for."""
    matrix = pack.parameter("recording.matrix")
    wanted = [str(m) for m in (matrix.value if matrix.is_set else ())]
    for stage in pack.stages:
        events = [*stage.done_by, *(str(a) for r in stage.records for a in r.get("acts", ()))]
        yield from (f"环节 {stage.label} 的动作 {a} 不存在" for a in events if not _event(a, pack))
        yield from (f"环节 {stage.label} 的条件看不懂：{w}" for w in stage.when if not known_condition(w))
        yield from _records(stage, wanted, pack)
        yield from _course(stage, pack)


def _course(stage: Stage, pack: Pack) -> Iterator[str]:
    """What a link waits for, and what carries it on, exists."""
    guards = {rule.id for rule in pack.guards}
    items = (*stage.settled_by, *stage.next, *stage.hears)
    rules = {name for item in items for key in ("guard", "until", "once") for name in as_tuple(item.get(key))}
    acts = {*(item["act"] for item in items if "act" in item), *stage.again_after}
    yield from (f"环节 {stage.label} 的规则 {r} 不存在" for r in sorted(rules - guards))
    yield from (f"环节 {stage.label} 的动作 {a} 不存在" for a in sorted(acts - set(pack.acts)))
    whens = (item["when"] for item in items if "when" in item)
    yield from (f"环节 {stage.label} 的条件看不懂：{w}" for w in whens if not known_condition(w))
    known = {other.id for other in pack.stages}
    yield from (f"环节 {stage.label} 所伴随的环节 {b} 不存在" for b in sorted(set(stage.beside) - known))


def _records(stage: Stage, wanted: list[str], pack: Pack) -> Iterator[str]:
    for record in stage.records:
        lacking = [m for m in wanted if not str(record.get(ELEMENTS.get(m, m)) or "").strip()]
        if lacking:
            label = record.get("label", "")
            yield f"{pack.id}/：环节“{stage.label}”的记录“{label}”没有写明{'、'.join(lacking)}（recording.matrix 要求）"


# Examples


def _covered(pack: Pack) -> Iterator[str]:
    """Every guard of the pack's own is seen to refuse, and every period of its own is counted, in some example."""
    refused = refused_guards(pack)
    counted = {str(b.data["limit"]) for b in own(pack) if "limit" in b.data}
    for guard in pack.guards:
        if guard.place[0].split("/")[0] == pack.id and guard.id not in refused:
            yield f"{_at(guard.place)}guard {guard.id} 没有被它拒绝的示例（example）"
    for rule in pack.limits.values():
        if rule.place[0].split("/")[0] == pack.id and rule.id not in counted:
            yield f"{_at(rule.place)}limit {rule.id} 没有计算的示例（example）"


# Citations


def _citations(pack: Pack, laws: Path) -> Iterator[str]:
    """Every cited article of an instrument whose text we have exists in the version in force."""
    read: dict[Path, Texts] = {}
    for block in pack.blocks:
        instrument = _instrument(pack, block.citation.instrument)
        if instrument is not None:
            yield from (
                f"{block.file}:{block.line}：{t}"
                for t in _cited(instrument, block.citation.article, laws, read)
            )
        for name, cited in _mentions(block):
            named = _instrument(pack, name)
            for found in PLACE.finditer(cited) if named is not None else ():
                yield from (
                    f"{block.file}:{block.line}：文字中的{t}" for t in _cited(named, found[0], laws, read)
                )


def _instrument(pack: Pack, name: str) -> Instrument | None:
    return next((i for i in pack.instruments.values() if i.name == name and i.file), None)


def _cited(instrument: Instrument | None, article: str, laws: Path, read: dict[Path, Texts]) -> Iterator[str]:
    if instrument is None:
        return
    file = version_on(laws, instrument.file, instrument.version)
    if file is None:
        found = "、".join(f.name for f in sorted(laws.glob(f"{instrument.file}(*).md"))) or "没有任何版本"
        yield f"{laws} 里没有《{instrument.name}》{instrument.version or ''} 的文本（{found}）"
        return
    if newer := _newer(laws, instrument, file):
        yield f"《{instrument.name}》已有新文本 {newer.name}，规则仍按 {instrument.version}；核对后改用，或写明 effective_to"
    texts = read.setdefault(file, articles_of(file))
    if flaw := missing(texts, article):
        yield f"《{instrument.name}》（{file.name}）{flaw}"


def _mentions(block: Block) -> Iterator[tuple[str, str]]:
    """Articles named in the texts of a rule: what papers print, remarks, cures."""
    for text in texts_in(block.data):
        yield from ((m[1], m[2]) for m in MENTIONED.finditer(text))


def version_on(laws: Path, name: str, version: date | None) -> Path | None:
    """The file `name(date).md` of the version named, or the newest where none is named."""
    found = sorted(laws.glob(f"{name}(*).md"))
    if version is None:
        return found[-1] if found else None
    return next((f for f in found if f"({version.isoformat()})" in f.name), None)


def _newer(laws: Path, instrument: Instrument, file: Path) -> Path | None:
    """A later text that an instrument without an end leaves unheeded."""
    newest = version_on(laws, instrument.file, None)
    return newest if newest and newest.name > file.name and instrument.effective_to is None else None


def articles_of(file: Path) -> Texts:
    """The articles of a statute's text: number, and under it its lines, one a paragraph or item."""
    texts: Texts = {}
    for name, text in articles(file.read_text(encoding="utf-8-sig")):
        texts.setdefault(name, []).extend(filter(None, text.split("\n")))
    return texts


def missing(texts: Texts, article: str) -> str:
    """What of “第四十五条第二款第一项” the statute does not have; empty when it is all there."""
    cited = PLACE.match(article)
    if cited is None or cited[1] not in texts:
        return f"没有{article}"
    lines = texts[cited[1]]
    paragraphs = [i for i, line in enumerate(lines) if not ITEM.match(line)]
    if cited[2] and number(cited[2]) > len(paragraphs):
        return f"{cited[1]}只有 {len(paragraphs)} 款，没有第{cited[2]}款"
    items = {found[1] for line in lines if (found := ITEM.match(line))}
    return f"{cited[1]}没有第{cited[3]}项" if cited[3] and cited[3] not in items else ""
