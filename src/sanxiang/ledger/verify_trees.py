"""The trees of an installation recomputed in one pass over the entries of a log, and everything that rests on them.

What is held against the entries: each checkpoint row's two roots, the frontiers, every tile and bundle on disk, the served
checkpoints with all their lines, the kept notes, and whatever somebody outside has seen.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from sanxiang.ledger import keys
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.logs import ACTS, ACTS_ROW, HASHES, Log, accesses
from sanxiang.ledger.models import Checkpoint, Entry
from sanxiang.ledger.models import Sequence as State
from sanxiang.ledger.served import root_of
from sanxiang.ledger.tlog.fault import Fault
from sanxiang.ledger.tlog.note import Key
from sanxiang.ledger.tlog.seen import Seen, compare
from sanxiang.ledger.tlog.tiles import WIDTH, Edge, bundle
from sanxiang.ledger.tlog.tree import Frontier, frontier_root, grow, leaf_hash, leaf_hashes
from sanxiang.ledger.verify_files import Look, look_at
from sanxiang.ledger.verify_notes import check_notes, check_served, check_stamps, place_of

Rows = Iterator[tuple[int, bytes]]
Roots = dict[int, dict[str, bytes]]


@dataclass
class Pass:
    """How far one pass over a log has come: both trees' frontiers and right edges."""

    frontiers: dict[str, Frontier] = field(default_factory=lambda: {h: Frontier(hash=h) for h in HASHES})
    edges: dict[str, Edge] = field(default_factory=lambda: {h: Edge(h) for h in HASHES})
    at: int = 0
    last: list[bytes] = field(default_factory=list)

    def roots(self) -> dict[str, bytes]:
        """The roots here."""
        return {hash: frontier_root(one) for hash, one in self.frontiers.items()}


def all_logs() -> list[Log]:
    """The acts' log, and that of each year in which anything was looked at and sequenced."""
    years = State.objects.exclude(id=ACTS_ROW).order_by("id").values_list("id", flat=True)
    return [ACTS, *(accesses(year) for year in years)]


def all_keys() -> dict[Key, int | None]:
    """Every key of this installation under the names of all its logs, and up to which size each retired one signed."""
    found: dict[Key, int | None] = {}
    for log in all_logs():
        for hash in HASHES:
            name = log.origin_of(hash)
            found |= dict.fromkeys(keys.known_keys(name, hash)) | keys.retired_sizes(name, log.row, hash)
    return found


def check_logs(seen: Sequence[Seen] = ()) -> Iterator[Fault]:
    """Every log of the installation, and the time stamps."""
    for log in all_logs():
        yield from check_log(log, seen)
    yield from check_stamps()
    names = {log.origin_of(hash) for log in all_logs() for hash in HASHES}
    for one in seen:
        if one.checkpoint.origin not in names:
            yield Fault("receipt", one.source, f"是另一本账 {one.checkpoint.origin} 的检查点", one.by)


def check_log(log: Log, seen: Sequence[Seen] = ()) -> Iterator[Fault]:
    """One log: rows, files, notes. The files are listed before the rows are read, so that what grows meanwhile is no fault."""
    served, faults = check_served(log)
    yield from faults
    sizes = {hash: head.size for hash, head in served.items()}
    inventories = {hash: look_at(log.folder(hash)) for hash in HASHES}
    state = State.objects.filter(id=log.row).first() or State(id=log.row, origin=log.origin)
    looks = {hash: Look(inventories[hash], hash, sizes.get(hash, 0), place_of(log, hash)) for hash in HASHES}
    mine = [one for one in seen if one.checkpoint.origin in (log.origin_of("sha256"), log.origin_of("sm3"))]
    wanted = sorted({one.checkpoint.size for one in mine} | {*sizes.values()})
    roots: Roots = {}
    passed = Pass()
    yield from _pass(log, passed, wanted, looks, roots)
    yield from _state(log, state, passed, roots)
    for hash, look in looks.items():
        head = served.get(hash)
        fits = head is not None and roots.get(head.size, {}).get(hash) == head.root
        yield from look.told(fits, _name(log))
        yield from look.left(passed.at)
    roots |= {passed.at: passed.roots()}
    for one in mine:
        root_at = partial(_root_at, roots, one.hash)
        yield from compare(one, passed.at, root_at, _leaf_at(log, one.hash))
    yield from check_notes(log)


def rows_of(log: Log) -> Rows:
    """Index and leaf of each entry of a log, in order."""
    acts = Entry.objects.order_by("idx").values_list("idx", "act__leaf")
    looks = Access.objects.filter(year=log.row, idx__isnull=False).order_by("idx").values_list("idx", "leaf")
    for idx, leaf in (acts if log.row == ACTS_ROW else looks).iterator(chunk_size=2000):
        yield int(idx or 0), bytes(leaf)


def _root_at(roots: Roots, hash: str, size: int) -> bytes:
    return roots[size][hash]


def _leaf_at(log: Log, hash: str) -> Callable[[int], bytes]:
    def find(index: int) -> bytes:
        if log.row == ACTS_ROW:
            leaf = Entry.objects.filter(idx=index).values_list("act__leaf", flat=True).first()
        else:
            leaf = Access.objects.filter(year=log.row, idx=index).values_list("leaf", flat=True).first()
        return leaf_hash(bytes(leaf or b""), hash)

    return find


def _name(log: Log) -> Callable[[int], str]:
    """How an entry is named: its index, and the act or look behind it."""

    def name(index: int) -> str:
        if log.row == ACTS_ROW:
            row = Entry.objects.filter(idx=index).values_list("act__label", "act_id").first()
            return f"条目 {index}（“{row[0]}”{row[1]}）" if row else f"条目 {index}"
        looked = Access.objects.filter(year=log.row, idx=index).values_list("watermark", flat=True).first()
        return f"{log.row} 年调阅条目 {index}（{looked or '不在数据库里'}）"

    return name


def _pass(log: Log, passed: Pass, wanted: list[int], looks: dict[str, Look], roots: Roots) -> Iterator[Fault]:
    """Every entry once, a tile's worth at a time."""
    checkpoints = Checkpoint.objects.filter(log=log.row).order_by("size").iterator(chunk_size=500)
    row = next(checkpoints, None)
    stops = iter(wanted)
    stop = next(stops, None)
    rows = rows_of(log)
    while True:
        batch = list(islice(rows, WIDTH))
        gap = next((at for at, (idx, _) in enumerate(batch) if idx != passed.at + at), len(batch))
        behind = batch[gap][0] if gap < len(batch) else None
        batch = batch[:gap]
        leaves = [leaf for _, leaf in batch]
        hashed = {hash: leaf_hashes(leaves, hash) for hash in HASHES}
        end, done = passed.at + len(leaves), 0
        while (row is not None and row.size <= end) or (stop is not None and stop <= end):
            size = min(one for one in (row.size if row else None, stop) if one is not None)
            _grow(passed, hashed, done, size - (end - len(leaves)))
            done = size - (end - len(leaves))
            if stop == size:
                roots[size] = passed.roots()
                stop = next(stops, None)
            if row is not None and row.size == size:
                yield from _checkpoint(log, row, passed.roots())
                row = next(checkpoints, None)
        _grow(passed, hashed, done, len(leaves))
        passed.at = end
        _files(passed, leaves, hashed, looks)
        if len(leaves) < WIDTH:
            break
    if behind is not None:
        where = f"{log.origin} 条目 {passed.at}"
        yield Fault("sequence", where, f"序号有缺口：下一条是 {behind}，从这里起树根无从重算")
    while row is not None:
        yield Fault("checkpoint", f"{log.origin} 在 {row.size} 条处的检查点", f"条目只有 {passed.at} 条")
        row = next(checkpoints, None)


def _grow(passed: Pass, hashed: dict[str, list[bytes]], start: int, end: int) -> None:
    for hash, hashes in hashed.items():
        passed.frontiers[hash] = grow(passed.frontiers[hash], hashes[start:end])


def _files(passed: Pass, leaves: list[bytes], hashed: dict[str, list[bytes]], looks: dict[str, Look]) -> None:
    """Hold the files of these entries against them; a batch narrower than a tile is the last one."""
    n, full = (passed.at - 1) // WIDTH, len(leaves) == WIDTH
    if leaves:
        looks["sha256"].hold("entries", n, leaves, lambda some: bundle(some))
    for hash, hashes in hashed.items():
        for tile in passed.edges[hash].append(hashes):
            if len(tile.hashes) == WIDTH:
                looks[hash].hold(str(tile.level), tile.n, tile.hashes, b"".join)
        if full:
            continue
        for level, rest in enumerate(passed.edges[hash].levels):
            if rest:
                looks[hash].hold(str(level), passed.at >> 8 * (level + 1), rest, b"".join)


def _checkpoint(log: Log, row: Checkpoint, roots: dict[str, bytes]) -> Iterator[Fault]:
    wrong = [hash for hash in HASHES if root_of(row, hash) != roots[hash].hex()]
    if wrong:
        where = f"{log.origin} 在 {row.size} 条处的检查点"
        yield Fault("checkpoint", where, f"记录的树根（{'、'.join(wrong)}）与条目重算的不符")


def _state(log: Log, state: State, passed: Pass, roots: Roots) -> Iterator[Fault]:
    """The row from which the sequencer goes on."""
    now = State.objects.filter(id=log.row).values_list("size", flat=True).first() or 0
    where = f"{log.origin} 的账本状态"
    if not state.size <= passed.at <= now:
        yield Fault("sequence", f"{where}：账本规模", f"记为 {state.size} 条，条目有 {passed.at} 条")
        return
    if state.origin not in ("", log.origin):
        yield Fault("frontier", where, f"名称记为 {state.origin}")
    if state.size != passed.at:
        return  # it has grown while we read
    frontier = state.frontier or {}
    if frontier and {*frontier} != {*HASHES}:  # an installation from before the trees has none
        yield Fault("frontier", where, "前沿应为 sha256、sm3 两项")
    for hash in HASHES:
        if frontier.get(hash, passed.frontiers[hash].peaks.hex()) != passed.frontiers[hash].peaks.hex():
            yield Fault("frontier", where, f"记录的前沿（{hash}）与条目重算的不符")
    if state.size and not Checkpoint.objects.filter(log=log.row, size=state.size).exists() and state.frontier:
        yield Fault("checkpoint", f"{log.origin} 在 {state.size} 条处的检查点", "不见了")
