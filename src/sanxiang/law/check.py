"""Check packs: what they name exists, every threshold has its examples, every cited article stands in the statute."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sanxiang.law import procedure
from sanxiang.law.blocks import PackError
from sanxiang.law.effects import EFFECTS
from sanxiang.law.examples import run_examples
from sanxiang.law.packs import NATIONAL, Pack, list_packs, load_pack, unstated
from sanxiang.law.scope import known_condition

ARTICLE = re.compile(r"^第[一二三四五六七八九十百千零〇]+条(之[一二三四五六七八九十]+)?")


def check(name: str, root: Path | None = None, laws: Path | None = None) -> list[str]:
    """Every complaint about one pack, each with file and line where there is one; empty when all is well."""
    try:
        pack = load_pack(name, root)
    except PackError as error:
        return [str(error)]
    found = [*_names(pack), *_reachable(pack), *run_examples(pack)]
    if name != NATIONAL:
        found += [f"{name}/：没有交代参数 {key}（写 value，或写 set = false）" for key in unstated(pack)]
    if laws is not None:
        found += _citations(pack, laws)
    return found


def check_all(root: Path | None = None, laws: Path | None = None) -> dict[str, list[str]]:
    """The complaints about the national pack and every locality."""
    return {name: check(name, root, laws) for name in [NATIONAL, *list_packs(root)]}


def _at(place: tuple[str, int]) -> str:
    return f"{place[0]}:{place[1]}："


def _names(pack: Pack) -> Iterator[str]:
    """Guards, acts and limits name only what exists."""
    conditions = procedure.known_conditions()
    for guard in pack.guards:
        if guard.needs not in conditions:
            yield f"{_at(guard.place)}guard {guard.id} 用了不存在的条件 {guard.needs}；可用：{'、'.join(sorted(conditions))}"
        yield from (f"{_at(guard.place)}guard {guard.id} 针对的动作 {a} 不存在" for a in guard.on if a not in pack.acts)
        yield from (f"{_at(guard.place)}guard {guard.id} 的 when 看不懂：{w}" for w in guard.when if not known_condition(w))
    for act in pack.acts.values():
        yield from (f"{_at(act.place)}act {act.id} 的效果 {e.get('do')} 不存在" for e in act.effects if e.get("do") not in EFFECTS)
        yield from (f"{_at(act.place)}act {act.id} 的文书 {p} 没有模板" for p in act.papers if p not in pack.papers)
        for name in act.procedures:
            if name not in pack.procedures:
                yield f"{_at(act.place)}act {act.id} 所属程序 {name} 不存在"
                continue
        known = {s for p in act.procedures if p in pack.procedures for s, _ in pack.procedures[p].stages} | {"*", ""}
        yield from (f"{_at(act.place)}act {act.id} 的阶段 {s} 不存在" for s in (*act.stages, act.to) if s not in known)
    for rule in pack.limits.values():
        if rule.key and pack.parameters and rule.key not in pack.parameters:
            yield f"{_at(rule.place)}limit {rule.id} 的参数 {rule.key} 不在 parameters.toml 里"
        named = {a.split(":")[0] for a in (*rule.start, *rule.stop)}
        yield from (f"{_at(rule.place)}limit {rule.id} 的动作 {a} 不存在" for a in sorted(named) if a not in pack.acts)


def _reachable(pack: Pack) -> Iterator[str]:
    """Each procedure can be begun."""
    for rule in pack.procedures.values():
        if not any(a.first for a in pack.acts_of(rule.id)):
            yield f"程序 {rule.label} 没有第一步（first = true 的 act）"


def _citations(pack: Pack, laws: Path) -> Iterator[str]:
    """Every cited article of an instrument whose text we have exists in the version in force."""
    texts: dict[str, set[str]] = {}
    for block in pack.blocks:
        instrument = next((i for i in pack.instruments.values() if i.name == block.citation.instrument and i.file), None)
        if instrument is None:
            continue
        file = version_on(laws, instrument.file, instrument.version)
        if file is None:
            yield f"{block.file}:{block.line}：{laws} 里没有《{instrument.name}》的文本"
            continue
        articles = texts.setdefault(str(file), articles_of(file))
        article = ARTICLE.match(block.citation.article)
        if article is None or article[0] not in articles:
            yield f"{block.file}:{block.line}：《{instrument.name}》（{file.name}）没有{block.citation.article}"


def version_on(laws: Path, name: str, version: date | None) -> Path | None:
    """The file `name(date).md` of the version named, or the newest."""
    found = sorted(laws.glob(f"{name}(*).md"))
    exact = [f for f in found if version and f"({version.isoformat()})" in f.name]
    return (exact or found or [None])[-1]


def articles_of(file: Path) -> set[str]:
    """The numbers of the articles in a statute's text."""
    return {m[0] for line in file.read_text(encoding="utf-8").splitlines() if (m := ARTICLE.match(line.lstrip("#* ").strip()))}
