"""The whole check of a log that was handed over as files: no database, no key of ours, nothing but the folder and a verifier key.

Memory is bounded by the subjects, not by the entries: for each the number and hash of its last leaf (about 300 bytes), and 64
bytes for every 256 entries. Two million cases take some 600 MB.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.fault import FILES, WITNESS, Fault
from sanxiang.ledger.tlog.note import ED25519, SM2, Checkpoint, Key
from sanxiang.ledger.tlog.policy import judge, parse_policy
from sanxiang.ledger.tlog.seen import Seen, compare
from sanxiang.ledger.tlog.tile_proofs import folder_fetch, root_at
from sanxiang.ledger.tlog.tiles import WIDTH, positions, tile_path
from sanxiang.ledger.tlog.tree import HASH_SIZE
from sanxiang.ledger.tlog.verify_branches import Branch, broken, check_branches
from sanxiang.ledger.tlog.verify_bundles import (
    Chain,
    Read,
    Stretch,
    entries_of,
    excuse_for_now,
    read_stretch,
    width_at,
)
from sanxiang.ledger.tlog.verify_lines import Ring, key_line, opened
from sanxiang.ledger.tlog.verify_tiles import CHANGED, GONE, Tree, check_tree

EXTRA, TWIN, KEYS, POLICY, SUMS = "extra", "extra/log-sm3", "extra/vkeys", "extra/policy", "extra/sha256sums"
AT_ONCE = 256
"""Bundles that a worker reads at a time."""
ALONE = 4 * AT_ONCE * WIDTH
"""Entries below which starting more processes takes longer than it saves."""


@dataclass(frozen=True)
class Asked:
    """What whoever verifies brings along: keys that he trusts, a policy, and how much is to be looked at."""

    vkeys: tuple[Key, ...] = ()
    policy: str = ""
    hashes_only: bool = False
    jobs: int = 0
    until: Mapping[Key, int] = field(default_factory=dict)
    """Up to which size those keys signed that he knows to be retired."""


@dataclass
class Found:
    """What the folder turned out to be."""

    faults: list[Fault] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    key: str = ""
    trusted: bool = False
    """The key was given, not read from the folder itself."""
    twin: bool = False
    subjects: int = 0
    witnessed: dict[str, int] = field(default_factory=dict)
    quorum: bool | None = None
    witnessed_size: int | None = None
    """How many entries the checkpoint has that the policy takes for witnessed."""


def is_export(folder: Path) -> bool:
    """Is this a log as files, and not the data folder of an installation?"""
    return not (folder / "secret.key").exists() and (
        (folder / "checkpoint").exists() or (folder / "tile").is_dir()
    )


def keys_in(folder: Path) -> dict[Key, int | None]:
    """The verifier keys that the folder itself names, and up to which size each signed that it says is retired; a line that is
    no key counts as none."""
    found = {}
    for line in _text(folder / KEYS).splitlines():
        try:
            key, until = key_line(line)
        except ValueError:
            continue
        found[key] = until
    return found


def known_keys(folder: Path, asked: Asked) -> dict[Key, int | None]:
    """The keys that were given, then the folder's own; and up to which size each signed. That a key was retired counts whoever
    says so: a stolen one that was given by hand signs no further than another."""
    own = keys_in(folder)
    found: dict[Key, int | None] = {}
    for key in (*asked.vkeys, *own):
        ends = [end for end in (asked.until.get(key), own.get(key)) if end is not None]
        found[key] = min(ends, default=None)
    return found


def _ring(hash: str, kind: bytes, keys: Iterable[Key], until: Mapping[Key, int | None]) -> Ring:
    return Ring("", hash, [key for key in keys if key.kind == kind], until)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def verify_export(folder: Path, asked: Asked = Asked(), seen: Iterable[Seen] = ()) -> Found:
    """Hold the folder against itself, the keys and what was seen of the log before. Never raises for what is in the folder."""
    found = Found(trusted=bool(asked.vkeys))
    known = known_keys(folder, asked)
    ring = _ring("sha256", ED25519, asked.vkeys or known, known)
    found.checkpoint = _opened(folder, "checkpoint", ring, found)
    found.faults += _sums(folder)
    if found.checkpoint is None:
        return found
    twin = None if asked.hashes_only else _twin(folder, _ring("sm3", SM2, known, known), found)
    found.faults += _check_entries(folder, asked, found, twin)
    found.faults += _strays(folder, found.checkpoint.size, twin.size if twin else None)
    if not asked.hashes_only:
        _witnesses(folder, asked, found, ring)
    for one in seen:
        found.faults += _compared(folder, one, found.checkpoint, twin)
    return found


def _opened(folder: Path, path: str, ring: Ring, found: Found) -> Checkpoint | None:
    """The signed checkpoint at a path, or the reason why there is none."""
    try:
        text = (folder / path).read_bytes().decode()
        if not ring.keys:
            raise ValueError("没有可用来核对的验证密钥，请用 --vkey 给出")
        head = opened(text, ring)
        if ring.hash == "sha256":
            found.key = note.format_vkey(head.signers[0])
        if any(line.name != head.checkpoint.origin for line in head.note.signatures):
            raise ValueError("检查点里夹有别人的签名行，应放在 extra/ 之下")
        return head.checkpoint
    except OSError:
        found.faults.append(Fault("checkpoint", path, GONE, FILES))
    except ValueError as error:
        found.faults.append(Fault("checkpoint", path, str(error), FILES))
    return None


def _twin(folder: Path, ring: Ring, found: Found) -> Checkpoint | None:
    """The checkpoint of the same entries over SM3, where the folder has one."""
    if not (folder / TWIN).exists() or found.checkpoint is None or not ring.keys:
        return None
    path = f"{TWIN}/checkpoint"
    head = _opened(folder, path, ring, found)
    ours = found.checkpoint
    if head is not None and (head.origin, head.size) != (f"{ours.origin}-sm3", ours.size):
        why = f"是 {head.origin} 在 {head.size} 条处的，与 {ours.origin} 的 {ours.size} 条不是一对"
        found.faults.append(Fault("checkpoint", path, why, FILES))
        return None
    found.twin = head is not None
    return head


def _stretches(folder: Path, size: int, twin: bool, chains: bool) -> list[Stretch]:
    bundles = -(-size // WIDTH)
    place = folder / TWIN if twin else None
    return [
        Stretch(folder, first, min(first + AT_ONCE, bundles), size, place, chains)
        for first in range(0, bundles, AT_ONCE)
    ]


def _read_all(tasks: list[Stretch], size: int, jobs: int) -> Iterator[Read]:
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    if workers < 2 or (size < ALONE and not jobs):
        yield from map(read_stretch, tasks)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(read_stretch, tasks)


def _check_entries(folder: Path, asked: Asked, found: Found, twin: Checkpoint | None) -> Iterator[Fault]:
    """Entries, chains and both trees."""
    head = found.checkpoint
    if head is None:
        return
    all_read = Read({"sha256": [], "sm3": []}, {}, {"sha256": {}, "sm3": {}})
    heads: dict[bytes, tuple[int, str]] = {}
    tasks = _stretches(folder, head.size, twin is not None, not asked.hashes_only)
    for read in _read_all(tasks, head.size, asked.jobs):
        for hash, roots in read.roots.items():
            all_read.roots[hash] += roots
            all_read.disputed[hash] |= read.disputed[hash]
        all_read.last |= read.last
        yield from read.faults
        if not all_read.missing:  # behind a hole every chain through it would seem broken
            all_read.changed |= read.changed
            all_read.excused += read.excused
            yield from _joined(heads, read.chains, all_read)
            all_read.branches += read.branches
            all_read.recovered += read.recovered
        all_read.missing += read.missing
    yield from check_branches(_all_entries(folder, head.size), all_read.branches, all_read.recovered)
    found.subjects = len(heads)
    yield from _check_trees(folder, head, twin, all_read)


def _check_trees(folder: Path, head: Checkpoint, twin: Checkpoint | None, read: Read) -> Iterator[Fault]:
    """Both trees under their signed roots, then the links that nothing excuses after all."""
    for hash, signed in (("sha256", head), ("sm3", twin)):
        if signed is not None:
            place, named = (folder, "") if hash == "sha256" else (folder / TWIN, f"{TWIN}/")
            tiles, last, disputed = read.roots[hash], read.last.get(hash), read.disputed[hash]
            tree = Tree(place, hash, head.size, signed.root, tiles, last, disputed, named)
            told = list(check_tree(tree))
            yield from told
            if hash == "sha256":
                wrong = {fault.where for fault in told if fault.what == "tile" and fault.why == CHANGED}
                yield from (fault for n, fault in read.excused if tree.path(0, n) in wrong)


def _all_entries(folder: Path, size: int) -> Iterator[bytes]:
    """Every entry once more; of a bundle that cannot be read, which was told, nothing."""
    for n in range(-(-size // WIDTH)):
        try:
            yield from entries_of((folder / f"tile/entries/{tile_path(n, width_at(n, size))}").read_bytes())
        except (OSError, ValueError):
            continue


def _joined(
    heads: dict[bytes, tuple[int, str]], chains: dict[bytes, Chain], all_read: Read
) -> Iterator[Fault]:
    """The chains of a stretch behind those of the stretches before."""
    for subject, (n, previous, index, last, reached) in chains.items():
        before = heads.get(subject, (0, ""))
        if n != before[0] + 1 or previous.decode() != before[1]:
            if previous in all_read.changed:  # the one before it was changed, and is told
                excuse_for_now(all_read, previous, broken(index, subject, before[0], n))
            elif n <= before[0]:
                all_read.branches.append(Branch(index, subject, before[0], n, previous))
            else:
                yield broken(index, subject, before[0], n)
        heads[subject] = (last, reached)


def _strays(folder: Path, size: int, twin: int | None) -> Iterator[Fault]:
    """Nothing but the tiles of this size stands under tile/: a folder for strangers has each position once."""
    for place, entries, limit in ((folder, True, size), (folder / TWIN, False, twin)):
        if limit is None or not (place / "tile").is_dir():
            continue
        wanted = set(positions(limit, entries))
        for file in (place / "tile").rglob("*"):
            if file.is_file() and file.relative_to(place / "tile").as_posix() not in wanted:
                yield Fault("tile", file.relative_to(folder).as_posix(), "多出来的文件", FILES)


def _sums(folder: Path) -> Iterator[Fault]:
    """Each file under extra/ that is no tile is what the list of digests says."""
    try:
        lines = (folder / SUMS).read_bytes().decode().split("\n")
    except FileNotFoundError:
        return  # another software's log
    except (OSError, UnicodeDecodeError):
        yield Fault("extra", SUMS, "读不出来，文件被改动", FILES)
        return
    if lines.pop():
        yield Fault("extra", SUMS, "最后一行没有换行，文件被改动", FILES)
    for line in lines:
        digest, _, name = line.partition("  ")
        if not name or ".." in name.split("/") or len(digest) != 2 * HASH_SIZE:
            yield Fault("extra", SUMS, f"有一行读不懂：{line[:80]}", FILES)
            continue
        try:
            data = (folder / EXTRA / name).read_bytes()
        except (OSError, ValueError):
            yield Fault("extra", f"{EXTRA}/{name}", f"{GONE}（{SUMS} 里列有）", FILES)
            continue
        if hashlib.sha256(data).hexdigest() != digest:
            yield Fault("extra", f"{EXTRA}/{name}", f"{CHANGED}（与 {SUMS} 不符）", FILES)


def _witnesses(folder: Path, asked: Asked, found: Found, ring: Ring) -> None:
    """The checkpoint with the witnesses' lines, and what they are worth by the policy.

    It may be an earlier one than the folder's: the newest waits for its witnesses, which is no fault. An earlier one
    must be the same log's, by the tiles, which the entries have confirmed.
    """
    path = f"{EXTRA}/checkpoint.witnessed"
    text, plain = _text(folder / path), _text(folder / "checkpoint")
    try:
        rules = asked.policy or _rules(folder / POLICY)
        if not text and not rules:
            return
        policy = parse_policy(rules) if rules else None
    except ValueError as error:
        found.faults.append(Fault("policy", POLICY, str(error), FILES))
        return
    try:
        _not_retired(folder, asked, text)
        if policy is not None:
            logs = [*ring.keys, *(log.key for log in policy.logs)]
            opened(text or plain, replace(ring, keys=logs))
            judged = judge(policy, text or plain, ring.keys)
            _same_log(folder, judged.checkpoint, text or plain, plain)
            found.witnessed, found.quorum = judged.witnessed, judged.quorum
            if not judged.quorum:
                raise ValueError("见证人的签名不够见证规则所要的数目")
            found.witnessed_size = judged.checkpoint.size
        elif text:
            _same_log(folder, opened(text, ring).checkpoint, text, plain)
    except ValueError as error:
        found.faults.append(Fault("cosignature", path if text else "checkpoint", str(error), WITNESS))


def _not_retired(folder: Path, asked: Asked, text: str) -> None:
    """ValueError, with the cure, for what a key signed that was changed since, where only the new one was given."""
    if not asked.vkeys or not text:
        return
    lines = {(line.name, line.id) for line in note.parse_note(text).signatures}
    named = [key for key in keys_in(folder) if key.kind == ED25519 and (key.name, key.id) in lines]
    if named and not set(named) & set(asked.vkeys):
        raise ValueError(
            "它是换密钥以前签的，新密钥的检查点还没有够见证数。停用的验证密钥在 extra/vkeys 里，与机关公布过的核对之后，"
            f"再加上 --vkey '{note.format_vkey(named[0])}'"
        )


def _rules(file: Path) -> str:
    """The folder's own policy; "" where it has none. ValueError for one that cannot be read."""
    try:
        return file.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError("见证规则读不出来，应为 UTF-8 编码的文件") from error


def _same_log(folder: Path, witnessed: Checkpoint, text: str, plain: str) -> None:
    """ValueError unless what was witnessed is the folder's checkpoint, or an earlier one of the same log."""
    ours = note.parse_note(plain)
    if note.parse_note(text).text == ours.text:
        return
    head = note.parse_checkpoint(ours.text)
    if witnessed.origin != head.origin or witnessed.size >= head.size:
        raise ValueError("与 checkpoint 不是同一个检查点，也不是它从前的")
    if root_at(folder_fetch(folder), witnessed.size) != witnessed.root:
        raise ValueError(f"见证过的前 {witnessed.size} 条与这里的前 {witnessed.size} 条不是同一本账")


def _compared(folder: Path, seen: Seen, head: Checkpoint, twin: Checkpoint | None) -> Iterator[Fault]:
    """A receipt against the tiles, which the entries have confirmed."""
    ours, place = (head, folder) if seen.hash == "sha256" else (twin, folder / TWIN)
    if ours is None or seen.checkpoint.origin != ours.origin:
        yield Fault("receipt", seen.source, f"是另一本账 {seen.checkpoint.origin} 的检查点", seen.by)
        return
    fetch = folder_fetch(place)

    def leaf_at(index: int) -> bytes:
        tile = fetch(0, index // WIDTH, min(WIDTH, head.size - index // WIDTH * WIDTH))
        return tile[index % WIDTH * HASH_SIZE :][:HASH_SIZE]

    try:
        yield from compare(seen, head.size, lambda size: root_at(fetch, size, seen.hash), leaf_at)
    except ValueError as error:
        yield Fault("tile", seen.source, f"无从对照：{error}", FILES)
