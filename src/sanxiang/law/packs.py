"""Load packs: the national one and a locality's, merged, checked, and identified by a digest."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from sanxiang.law import asking, borrowing
from sanxiang.law.blocks import Block, Instrument, PackError, read_blocks, text_of, toml_of
from sanxiang.law.places import NATIONAL, Shelf, shelf
from sanxiang.law.reading import (
    fill_fields,
    read_act,
    read_guard,
    read_limit,
    read_paper,
    read_procedure,
    read_section,
    read_stage,
    read_value,
)
from sanxiang.law.rules import Act, Guard, LimitRule, PaperRule, Parameter, Procedure, Section, Stage, Value
from sanxiang.law.shapes import misshapen

MANIFEST_KEYS = ("id", "name", "level", "extends")
IDENTITY_KEYS = ("doc_no", "issuer", "issued_on", "effective_from", "addressees")

T = TypeVar("T")


@dataclass(frozen=True)
class Pack:
    """One locality's law: the national rules and its own, ready to be asked."""

    id: str
    name: str
    digest: str
    manifest: Mapping[str, Any]
    instruments: Mapping[str, Instrument]
    parameters: Mapping[str, Parameter]
    values: Mapping[str, tuple[Value, ...]]
    procedures: Mapping[str, Procedure]
    acts: Mapping[str, Act]
    guards: tuple[Guard, ...]
    limits: Mapping[str, LimitRule]
    stages: tuple[Stage, ...]
    papers: Mapping[str, PaperRule]
    sections: Mapping[str, Section]
    blocks: tuple[Block, ...] = field(repr=False, default=())
    borrowings: tuple[borrowing.Borrowing, ...] = ()
    readings: dict[str, "Pack"] = field(repr=False, compare=False, default_factory=dict)

    def read_by(self, procedure: str) -> "Pack":
        """The pack as this procedure reads it, with what it borrows under its own articles (`law.borrowing`)."""
        if procedure not in self.readings:
            rules = borrowing.Reading(self.acts, self.guards, self.limits)
            found = borrowing.reading(rules, self.borrowings, procedure)
            self.readings[procedure] = (
                self
                if found is rules
                else replace(self, acts=found.acts, guards=found.guards, limits=found.limits, readings={})
            )
        return self.readings[procedure]

    def parameter(self, key: str, on: date | None = None) -> Value:
        """The locality's value of that day, or the national one, or "not set"."""
        day = on or date.max
        for value in self.values.get(key, ()):
            if value.in_force(day) or on is None:
                return value
        return Value(key, False, "operator")

    def national(self, key: str, on: date | None = None) -> Value | None:
        """The national norm behind a parameter, if there is one; where every row binds, all of them together."""
        found = [
            v
            for v in self.values.get(key, ())
            if v.provenance == "national" and (on is None or v.in_force(on))
        ]
        if len(found) > 1 and self._bound(key) == "all":
            return together(*found)
        return found[-1] if found else None

    def binding(self, key: str, on: date | None = None) -> Value:
        """The stricter of the locality's value and the national norm: a pack tightens, never silences.

        Where neither says anything, what operators keep to until they set their own: a value of theirs in the national pack.
        """
        own, nation, day = self.parameter(key, on), self.national(key, on), on or date.max
        bound = self._bound(key)
        if not own.is_set:
            return nation or next((v for v in self.values.get(key, ()) if v.is_set and v.in_force(day)), own)
        if nation is None or not nation.is_set or not bound:
            return own
        if bound == "all":
            return together(own, nation)
        stricter = min if bound == "max" else max
        return stricter(own, nation, key=lambda v: v.value)

    def _bound(self, key: str) -> str:
        return self.parameters[key].bound if key in self.parameters else ""

    def setting(self, key: str, default: Any = None) -> Any:
        """The binding value itself, or `default` where nothing is set."""
        value = self.binding(key)
        return value.value if value.is_set else default

    def acts_of(self, procedure: str) -> tuple[Act, ...]:
        """The acts of one procedure, in the order of the pack."""
        found = self._asked.get(procedure)
        if found is None:
            found = tuple(act for act in self.acts.values() if procedure in act.procedures)
            self._asked[procedure] = found
        return found

    def guards_of(self, act: str, procedure: str) -> list[Guard]:
        """The guards that stand before an act."""
        return [g for g in self._guards.get(act, ()) if not g.procedures or procedure in g.procedures]

    @cached_property
    def _asked(self) -> dict[str, tuple[Act, ...]]:
        """The acts of each procedure that was asked for."""
        return {}

    @cached_property
    def _guards(self) -> dict[str, tuple[Guard, ...]]:
        """The guards by the act that they stand before: every act that a page offers is asked for its own."""
        return grouped((act, guard) for guard in self.guards for act in dict.fromkeys(guard.on))

    @cached_property
    def _kinds(self) -> dict[str, tuple[Block, ...]]:
        """The blocks by kind: a pack has thousands, and some conditions look at one kind for every act."""
        return grouped((block.kind, block) for block in self.blocks)

    def limits_of(self, procedure: str) -> list[LimitRule]:
        """The periods of one procedure."""
        return [rule for rule in self.limits.values() if not rule.procedures or procedure in rule.procedures]

    def stages_of(self, procedure: str) -> list[Stage]:
        """The flowchart's nodes in order."""
        return sorted((s for s in self.stages if procedure in s.procedures), key=lambda s: s.order)

    def of_kind(self, kind: str) -> tuple[Block, ...]:
        """Raw blocks of a kind: list, record, disclose, mask, measure, example."""
        return self._kinds.get(kind, ())

    def listed(self, kind: str) -> Mapping[str, Any]:
        """What the locality's scheme says of a list 清单: its label and columns; empty where it says nothing."""
        return next((block.data for block in self.of_kind("list") if block.data.get("id") == kind), {})

    def act_types(self) -> list[dict[str, Any]]:
        """What this locality calls its acts, each with its canonical code."""
        return list(self.manifest.get("act_types", ()))

    def printed_type(self, code: str) -> str:
        """What this locality prints for a kind of act; "" where it names none. One label may stand for two (`also`)."""
        rows = (t for t in self.act_types() if code == t["code"] or code in t.get("also", ()))
        return next((str(t["label"]) for t in rows), "")


def grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    """What goes under each name, in its order."""
    found: dict[str, list[T]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one)
    return {name: tuple(many) for name, many in found.items()}


def together(first: Value, *others: Value) -> Value:
    """The first value with the rows that only the others have, each with the article that asks for it."""
    rows = list(first.value)
    for other in others:
        known = {row["id"] for row in rows}
        rows += [{"basis": str(other.citation), **row} for row in other.value if row["id"] not in known]
    return replace(first, value=rows) if len(rows) > len(first.value) else first


def list_packs(root: Path | None = None) -> list[str]:
    """Ids of the localities of that folder, else of those in use; the national pack is left out."""
    return _shelf(root).localities()


def usable_packs() -> dict[str, Pack]:
    """The packs in use by id; one that cannot be loaded, because somebody is just writing it, is left out."""
    found = {}
    for name in list_packs():
        with suppress(PackError):
            found[name] = load_pack(name)
    return found


def _shelf(root: Path | None) -> Shelf:
    """Where to look. Raises PackError when the folder named in the environment is not there."""
    told = Path(os.environ.get("SANXIANG_PACKS") or ".")
    if root is None and not told.is_dir():
        raise PackError(told, 1, "环境变量 SANXIANG_PACKS 所指的文件夹不存在，请改正或先建立它")
    return shelf(root)


def load_pack(name: str, root: Path | None = None) -> Pack:
    """A locality's pack merged with what it extends: of that folder, else of those in use. Raises PackError."""
    found = _shelf(root)
    if not (found.holding(name) / name / "pack.toml").is_file():
        known = "、".join(found.localities()) or "无"
        raise PackError(
            f"{name}/pack.toml",
            1,
            f"没有这个规则包。已有：{known}；新建用 sanxiang pack new {name} --from 已有编号，建在数据目录里的要写明 --data",
        )
    base, own = found.national.resolve(), found.holding(name).resolve()
    return _load(name, base, own, _stamp(base / NATIONAL, own / name))


def _stamp(*folders: Path) -> tuple[tuple[str, int, int], ...]:
    """What the pack's files look like from outside, so that an edited pack is read again."""
    return tuple(
        (name, told.st_mtime_ns, told.st_size)
        for folder in folders
        for name, told in sorted(_seen(str(folder)))
    )


def _seen(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """The pack's files below a folder. Asked at every call of `load_pack`, so without a Path for each."""
    if not os.path.isdir(folder):
        return
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir(follow_symlinks=False):
                yield from _seen(one.path)
            elif one.name.endswith((".md", ".toml")) and one.is_file():
                yield one.path, one.stat()


def _files(folder: Path) -> list[Path]:
    return sorted(Path(name) for name, _ in _seen(str(folder)))


@cache
def _load(name: str, base: Path, own: Path, stamp: tuple[tuple[str, int, int], ...]) -> Pack:
    """`base` holds the national pack and `own` the locality's, often the same folder."""
    manifest = _manifest(own, name)
    sources = {NATIONAL: base} if name == NATIONAL else {str(manifest["extends"]): base, name: own}
    instruments: dict[str, Instrument] = {}
    blocks: list[Block] = []
    for source, folder in sources.items():
        for file in sorted((folder / source).rglob("*.md")):
            shown = str(file.relative_to(folder))
            found, rules = read_blocks(text_of(file, shown), shown)
            for instrument in found:
                instruments.setdefault(instrument.id, instrument)
            blocks += rules
    pack = _assemble(name, manifest, _digest(sources), instruments, blocks, _parameters(base))
    _check_values(pack)
    return pack


def _digest(sources: Mapping[str, Path]) -> str:
    """SHA-256 over every file's name and bytes, wherever the pack lies: what a case pins when it is filed."""
    total = hashlib.sha256()
    for source, folder in sources.items():
        for file in _files(folder / source):
            total.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def _manifest(folder: Path, name: str) -> dict[str, Any]:
    file = folder / name / "pack.toml"
    shown = f"{name}/pack.toml"
    manifest = toml_of(text_of(file, shown), shown)
    missing = [
        key for key in MANIFEST_KEYS if key not in manifest and not (key == "extends" and name == NATIONAL)
    ]
    if name != NATIONAL:
        missing += [f"identity.{key}" for key in IDENTITY_KEYS if key not in manifest.get("identity", {})]
        missing += [key for key in ("basis", "act_types") if not manifest.get(key)]
    if missing:
        raise PackError(
            f"{name}/pack.toml", 1, f'缺少必填键：{"、".join(missing)}；方案没有写明的写 "not-stated"'
        )
    if manifest["id"] != name:
        raise PackError(f"{name}/pack.toml", 1, f"id 是 {manifest['id']!r}，与文件夹名 {name!r} 不同")
    return manifest


def _line_of(file: Path, word: str) -> int:
    """The first line that holds a word, to point at; 1 when none does."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if word and f'"{word}"' in line), 1)


def _parameters(folder: Path) -> dict[str, Parameter]:
    file = folder / NATIONAL / "parameters.toml"
    if not file.exists():
        return {}
    found = {}
    shown = f"{NATIONAL}/{file.name}"
    for raw in toml_of(text_of(file, shown), shown).get("parameter", []):
        missing = [key for key in ("key", "label", "group", "type") if key not in raw]
        if wrong := misshapen("parameter", raw) or (
            f"parameter 缺少 {'、'.join(missing)}" if missing else ""
        ):
            raise PackError(shown, _line_of(file, str(raw.get("key", raw.get("label", "")))), wrong)
        known = {key: raw[key] for key in Parameter.__dataclass_fields__ if key in raw}
        found[raw["key"]] = Parameter(**known)
    return found


def _assemble(
    name: str,
    manifest: dict[str, Any],
    digest: str,
    instruments: dict[str, Instrument],
    blocks: list[Block],
    parameters: dict[str, Parameter],
) -> Pack:
    kept = _replace(blocks)
    shared = {str(b.data["name"]): b.data for b in kept if b.kind == "field"}
    kept = asking.prepared([fill_fields(b, shared) if b.kind == "act" else b for b in kept], shared)
    procedures = _by_id(kept, "procedure", read_procedure)
    acts = borrowing.everywhere(_by_id(kept, "act", read_act), procedures)
    lent = []
    for block in (b for b in kept if b.kind == "borrow"):
        lent.append(borrowing.read_borrow(block))
        borrowing.lend(acts, block, lent[-1], procedures)
    return Pack(
        id=name,
        name=str(manifest["name"]),
        digest=digest,
        manifest=manifest,
        instruments=instruments,
        parameters=parameters,
        values=_values(kept, parameters),
        procedures=procedures,
        acts=acts,
        guards=tuple(_by_id(kept, "guard", read_guard).values()),
        limits=_by_id(kept, "limit", read_limit),
        stages=borrowing.lend_nodes(_stages(kept), lent),
        papers=_by_id(kept, "paper", read_paper),
        sections=_by_id(kept, "section", read_section),
        blocks=tuple(kept),
        borrowings=tuple(lent),
    )


def _replace(blocks: list[Block]) -> list[Block]:
    """Apply `instead_of`: the rule it names goes. Two that replace the same rule are an error showing both."""
    replaced: dict[tuple[str, str], Block] = {}
    for block in blocks:
        target = block.data.get("instead_of")
        if target is None:
            continue
        key = (block.kind, str(target))
        if key in replaced:
            other = replaced[key]
            raise block.error(f"与 {other.file}:{other.line} 同时替换规则 {target}，只能留一个")
        if not any(b.kind == block.kind and b.data.get("id") == target for b in blocks):
            raise block.error(f"要替换的规则 {target} 不存在")
        replaced[key] = block
    return [
        b for b in blocks if replaced.get((b.kind, str(b.data.get("id"))), b) is b or "instead_of" in b.data
    ]


def _by_id(blocks: list[Block], kind: str, read: Callable[[Block], T]) -> dict[str, T]:
    """Rules of one kind by id; the same id twice is an error naming both places."""
    found: dict[str, T] = {}
    seen: dict[str, Block] = {}
    for block in blocks:
        if block.kind != kind:
            continue
        rule = read(block)
        key = str(block.data["id"])
        if key in seen:
            raise block.error(f"{kind} {key} 已在 {seen[key].file}:{seen[key].line} 定义")
        seen[key], found[key] = block, rule
    return found


def _stages(blocks: list[Block]) -> tuple[Stage, ...]:
    """The nodes of the flowcharts, each with what a locality adds to its records."""
    read = _by_id(blocks, "stage", read_stage)
    more: dict[str, list[Mapping[str, Any]]] = {}
    for block in blocks:
        if block.kind == "stage" and (target := read[str(block.data["id"])].adds_to):
            if target not in read or read[target].adds_to:
                raise block.error(f"要补充记录的环节 {target} 不存在")
            more.setdefault(target, []).extend(read[str(block.data["id"])].records)
    return tuple(
        replace(stage, records=(*stage.records, *more.get(stage.id, ())))
        for stage in read.values()
        if not stage.adds_to
    )


def _values(blocks: list[Block], parameters: Mapping[str, Parameter]) -> dict[str, tuple[Value, ...]]:
    """Values by key, the locality's before the national ones, newer before older."""
    found: dict[str, list[Value]] = {}
    for block in blocks:
        if block.kind == "value":
            value = read_value(block)
            found.setdefault(value.key, []).append(value)
    for key, values in found.items():
        _refuse_twins(key, values, key in parameters and parameters[key].bound == "all")
        values.sort(
            key=lambda v: (
                v.place[0].startswith(NATIONAL),
                -(v.effective_from or date.min).toordinal(),
            )
        )
    return {key: tuple(values) for key, values in found.items()}


def _refuse_twins(key: str, values: list[Value], together: bool) -> None:
    """Two values of one source whose days overlap contradict one another, but two norms whose rows bind `together` do not."""
    for i, one in enumerate(values):
        for other in values[:i]:
            same = one.place[0].split("/")[0] == other.place[0].split("/")[0]
            same = same and not (together and str(one.citation) != str(other.citation))
            meet = (one.effective_from or date.min) <= (other.effective_to or date.max) and (
                other.effective_from or date.min
            ) <= (one.effective_to or date.max)
            if same and meet:
                raise PackError(
                    one.place[0],
                    one.place[1],
                    f"参数 {key} 在 {other.place[0]}:{other.place[1]} 已有同期的值",
                )


def _check_values(pack: Pack) -> None:
    """Every value's key is in the catalogue and its type fits; every locality states every parameter."""
    types: dict[str, Any] = {
        "int": int,
        "str": str,
        "bool": bool,
        "list": list,
        "table": dict,
        "date": (date, str),
    }
    for key, values in pack.values.items():
        if pack.parameters and key not in pack.parameters:
            raise PackError(values[0].place[0], values[0].place[1], f"参数 {key} 不在 parameters.toml 里")
        kind = types.get(pack.parameters[key].type) if key in pack.parameters else None
        for value in values:
            wrong = (
                kind
                and value.is_set
                and (not isinstance(value.value, kind) or (kind is int and isinstance(value.value, bool)))
            )
            if wrong:
                raise PackError(
                    *value.place, f"参数 {key} 的值 {value.value!r} 应为 {pack.parameters[key].type}"
                )


def unstated(pack: Pack) -> list[str]:
    """Parameters for which the locality says neither a value nor "not set"."""
    own = {v.key for values in pack.values.values() for v in values if not v.place[0].startswith(NATIONAL)}
    return [key for key in pack.parameters if key not in own]


def canonical(pack: Pack) -> str:
    """The pack's manifest as sorted JSON, for differences."""
    return json.dumps(pack.manifest, ensure_ascii=False, sort_keys=True, default=str)
