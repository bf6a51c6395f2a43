"""案卷: what belongs into which part of a file, in which order, on which pages, and what it still lacks. Pure.

Packs state the classes (`file` blocks): the part, the place in it, which papers and which kinds of evidence. What no class names
goes by its nature: what was written to the party into the open part 正卷, what the agency wrote for itself into the inner part 副卷.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import as_tuple

MAIN, SUB = "main", "sub"
PARTS = {MAIN: "正卷", SUB: "副卷"}
LAST = 10_000
"""The place of what no class names: behind all that is named."""
ARCHIVE = "archive"
"""The act that closes the file."""
OUT_OF_FILE = frozenset(
    {"file-cover", "file-index", "file-note", "file-cover-sub", "file-index-sub", "file-note-sub"}
)
"""What encloses the file and bears no page number."""
BESIDE = frozenset({"evidence-sheet", "media-note"})
"""Papers that go with the record or the evidence of their act, wherever that stands."""


@dataclass(frozen=True)
class FileClass:
    """One class 类目 of a part: `papers` by id, `evidence` by kind, `words` of which the title of a document has one."""

    id: str
    part: str
    label: str
    order: int
    papers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    citation: str = ""


@dataclass(frozen=True)
class Item:
    """One thing that goes into the file: a paper, or a piece of evidence. `serves` is the paper of which this is the receipt."""

    ref: str
    kind: str
    title: str
    n: int
    on: str
    count: int = 0
    number: str = ""
    maker: str = ""
    note: str = ""
    evidence: bool = False
    serves: str = ""
    digest: str = ""
    decides: bool = False
    """Was it made by an act that decides the case?"""
    form: str = ""
    """How it becomes pages: `paper`, `pdf`, `image`, or `slip` for what is kept as it is."""


@dataclass(frozen=True)
class Placed:
    """An item in its place: which class, and the first page."""

    item: Item
    group: FileClass
    first: int = 0

    @property
    def pages(self) -> str:
        """As the index prints it: “4”, “5-7”; nothing for what has no pages."""
        last = self.first + self.item.count - 1
        return (
            "" if not self.item.count else str(self.first) if last == self.first else f"{self.first}-{last}"
        )


def classes_of(pack: Pack) -> list[FileClass]:
    """The classes that the pack states, in their order."""
    found = [
        FileClass(
            id=str(block.data["id"]),
            part=str(block.data["part"]),
            label=str(block.data["label"]),
            order=int(block.data["order"]),
            papers=as_tuple(block.data.get("papers")),
            evidence=as_tuple(block.data.get("evidence")),
            words=as_tuple(block.data.get("words")),
            citation=str(block.citation),
        )
        for block in pack.of_kind("file")
    ]
    return sorted(found, key=lambda one: (one.part, one.order))


def misfiled(pack: Pack) -> list[str]:
    """Classes that say what nobody understands, and papers that name no class: what `pack check` prints."""
    found, known = [], set(FileClass.__dataclass_fields__) - {"citation"}
    for block in pack.of_kind("file"):
        at, data = f"{block.file}:{block.line}：file {block.data.get('id', '')} ", block.data
        found += [f"{at}缺少 {key}" for key in ("id", "part", "label", "order") if key not in data]
        found += [f"{at}不认识的键 {key}" for key in data if key not in known and key != "instead_of"]
        if data.get("part") not in PARTS:
            found.append(f"{at}的 part 应为 {'、'.join(PARTS)}")
        found += [
            f"{at}列的文书 {name} 不存在" for name in as_tuple(data.get("papers")) if name not in pack.papers
        ]
    ids = {str(block.data.get("id")) for block in pack.of_kind("file")}
    for rule in pack.papers.values():
        if rule.file and rule.file not in ids:
            found.append(
                f"{rule.place[0]}:{rule.place[1]}：文书 {rule.id} 的 file 应为一个类目：{'、'.join(sorted(ids))}"
            )
        if rule.to not in ("", "organ", "nobody"):
            found.append(f"{rule.place[0]}:{rule.place[1]}：文书 {rule.id} 的 to 应为 organ 或者 nobody")
    return found


def arranged(pack: Pack, items: Iterable[Item]) -> dict[str, list[Placed]]:
    """Every item in its part and place, counted through from page 1 in each part."""
    given, rows = list(items), classes_of(pack)
    leads = _leads(pack, rows, given)
    where = {item.ref: _class_of(pack, rows, item, leads) for item in given}
    shelves: dict[str, list[tuple[tuple[Any, ...], Placed]]] = {MAIN: [], SUB: []}
    keys: dict[str, tuple[Any, ...]] = {}
    for place, item in enumerate(given):
        group = where[item.ref]
        keys[item.ref] = (group.order, item.n, item.evidence, item.kind == "media-note", place)
    known = {item.ref for item in given}
    for item in given:
        group, key = where[item.ref], (*keys[item.ref], 0, 0)
        if item.serves in known:
            group, key = where[item.serves], (*keys[item.serves], item.n, keys[item.ref][-1] + 1)
        shelves[group.part].append((key, Placed(item, group)))
    return {
        part: _paged(placed for _, placed in sorted(rows, key=lambda row: row[0]))
        for part, rows in shelves.items()
    }


def _paged(rows: Iterable[Placed]) -> list[Placed]:
    found, page = [], 1
    for row in rows:
        found.append(replace(row, first=page))
        page += row.item.count
    return found


def _named(pack: Pack, rows: list[FileClass], item: Item) -> FileClass | None:
    """The class that names this item: its paper rule's own word first, then the classes' lists."""
    if not item.evidence:
        told = pack.papers[item.kind].file if item.kind in pack.papers else ""
        found = next((row for row in rows if row.id == told), None) if told else None
        return found or next((row for row in rows if item.kind in row.papers), None)
    by_word = next((row for row in rows if any(word in item.title for word in row.words)), None)
    return by_word or next((row for row in rows if item.kind in row.evidence), None)


def _leads(pack: Pack, rows: list[FileClass], items: Iterable[Item]) -> dict[int, FileClass]:
    """By act, the class in which all that it brought stands: that of its record, or else that of its evidence."""
    found: dict[int, tuple[bool, FileClass]] = {}
    for item in items:
        group = None if item.kind in BESIDE else _named(pack, rows, item)
        if group and (item.n not in found or (found[item.n][0] and not item.evidence)):
            found[item.n] = (item.evidence, group)
    return {n: group for n, (_, group) in found.items()}


def _class_of(pack: Pack, rows: list[FileClass], item: Item, leads: Mapping[int, FileClass]) -> FileClass:
    if item.evidence or item.kind in BESIDE:
        return leads.get(item.n) or _named(pack, rows, item) or _fallback(rows, "main-evidence")
    return _named(pack, rows, item) or leads.get(item.n) or _fallback(rows, _by_nature(pack, item))


def _by_nature(pack: Pack, item: Item) -> str:
    """The class of a paper that no class names: inside what was written for the agency itself, else by whose it is."""
    rule = pack.papers.get(item.kind)
    kind = rule.kind if rule else ""
    if kind == "internal":
        return "sub-other"
    return "main-party" if kind == "party" else "main-decision" if item.decides else "main-papers"


def _fallback(rows: list[FileClass], name: str) -> FileClass:
    found = next((row for row in rows if row.id == name), None)
    return found or FileClass(name, SUB if name.startswith(SUB) else MAIN, "其他材料", LAST)


def frozen(parts: Mapping[str, Iterable[Placed]]) -> dict[str, Any]:
    """The arrangement as JSON: what the case keeps of it and what papers print."""
    return {part: [row_of(row) for row in rows] for part, rows in parts.items()}


def row_of(row: Placed) -> dict[str, Any]:
    """One line of the catalogue."""
    item = row.item
    return {
        "ref": item.ref,
        "kind": item.kind,
        "class": row.group.id,
        "group": row.group.label,
        "title": item.title,
        "number": item.number,
        "maker": item.maker,
        "on": item.on,
        "first": row.first,
        "count": item.count,
        "pages": row.pages,
        "note": item.note,
        "form": item.form,
        "digest": item.digest,
        "n": item.n,
    }


def total(rows: Iterable[Mapping[str, Any]]) -> int:
    """The pages of a part."""
    return sum(int(row["count"]) for row in rows)


# Archive number and retention

RETENTIONS = {"permanent": "永久", "30": "30年", "10": "10年"}
LONGER = {"permanent": 1_000, "30": 30, "10": 10}
RETENTION_CODES = {"permanent": "Y", "30": "D30", "10": "D10"}
"""永久、定期30年、定期10年 as archivists write them in an archive number."""


def pages_of(row: Mapping[str, Any]) -> str:
    """The page numbers of what was added to a bound file: 补1 to 补3."""
    first, last = int(row["first"]), int(row["first"]) + int(row["count"]) - 1
    return f"补{first}" if last == first else f"补{first}至补{last}"


def archive_number(pack: Pack, act_type: str, year: int, retention: str, ordinal: int) -> str:
    """全宗号-类别-年度-保管期限-案卷号, of those parts that the place has settled; where it settled none, year and ordinal."""
    told = pack.setting("archive.number") or {}
    parts = {
        "fonds": str(told.get("fonds") or ""),
        "class": str((told.get("classes") or {}).get(act_type) or ""),
        "year": str(year),
        "retention": RETENTION_CODES.get(retention, ""),
        "file": f"{ordinal:04d}",
    }
    wanted = as_tuple(told.get("parts")) or ("year", "file")
    return "-".join(parts[name] for name in wanted if parts.get(name))


def retention_due(pack: Pack, state: State, act_type: str) -> tuple[str, str]:
    """The shortest retention that the place's rule allows this case, and where the rule stands; "" where nothing is settled."""
    value = pack.binding("archive.retention")
    for row in value.value if value.is_set else ():
        procedures, types = as_tuple(row.get("procedures")), as_tuple(row.get("act_types"))
        if (not procedures or state["procedure"] in procedures) and (not types or act_type in types):
            return str(row["keep"]), str(value.citation or "")
    return "", ""


def kept_under(pack: Pack) -> str:
    """The article by which a case of this procedure is filed and kept, as the procedure's own law has it."""
    return str(pack.acts[ARCHIVE].citation)


def too_short(given: str, wanted: str) -> bool:
    """Is the retention given shorter than the rule's?"""
    return bool(wanted) and LONGER.get(given, 0) < LONGER.get(wanted, 0)
