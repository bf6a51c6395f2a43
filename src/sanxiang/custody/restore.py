"""Make an installation out of a backup, in an empty data folder and an empty database; all of it, or nothing.

What was erased by law since is erased again, what is missing is found out before anything is signed, and the whole is
recomputed. The key that keeps people signed in comes last: until it lies there the folder counts as not initialised.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError

from sanxiang.cases import store
from sanxiang.custody import loading, places
from sanxiang.custody.archive import DATA, KEYS, LOGS, PIECE, STORE, TABLES, Damaged, Member, members
from sanxiang.custody.outside import (
    NOT_ASKED,
    Sight,
    Source,
    ask,
    heard,
    inside,
    judge,
    logs_here,
    logs_since,
    nobody,
    own_files,
    sights_of,
    witnesses,
)
from sanxiang.custody.places import SECRET
from sanxiang.custody.restored_log import check_files, kept_logs
from sanxiang.door.erasing import rebuild
from sanxiang.door.log.erasing_again import erase_again
from sanxiang.door.log.installation import LABELS, record
from sanxiang.ledger import erased
from sanxiang.ledger.files import write
from sanxiang.ledger.halt import halts, sentence
from sanxiang.ledger.logs import ACTS_ROW, HASHES, log_of
from sanxiang.ledger.served import FILES
from sanxiang.ledger.verify_notes import place_of

Tell = Callable[[str, int, int], None]
KEPT = frozenset({"log", "log-sm3", erased.FILE})
"""What may lie in the folder already: what was kept when only the database was lost."""


Unready = loading.Unfit


@dataclass(frozen=True)
class Wanted:
    """How to restore."""

    archive: Path
    size: int
    sha256: str
    erasures: Path | None = None
    seen: Sequence[Source] = ()
    witnesses: bool = True


@dataclass
class Restored:
    """What came of it."""

    rows: dict[str, int]
    files: int = 0
    skipped: int = 0
    tiles_made_again: list[str] = field(default_factory=list)
    erased: int = 0
    forgot: list[str] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)

    @property
    def halted(self) -> str:
        """Why nothing is signed; "" where all is well."""
        return "\n".join(map(sentence, halts()))


def restore(wanted: Wanted, manifest: dict[str, Any], tell: Tell) -> Restored:
    """Restore a backup that was checked. Raises Unfit, Damaged, Unusable, OSError, StoreFault; then nothing is left behind:
    what nobody outside was asked about would sign as if nobody had seen more."""
    if count := loading.occupied():
        raise loading.Unfit(
            f"数据库不是空的（有 {count} 张表）。请新建一个空数据库，把 SANXIANG_DATABASE_URL 指向它"
        )
    for source in wanted.seen:
        if not source.top():
            raise loading.Unfit(f"{source.name}里没有检查点（checkpoint 文件），请核对地址")
    root: Path = settings.DATA
    before, kept = {one.name for one in root.iterdir()} & KEPT, kept_logs()
    with ExitStack() as undo:
        undo.callback(_clear, root, before)
        _put_small(wanted.archive)
        done = Restored(_load(wanted.archive, manifest, tell))
        put = _put_logs(wanted.archive)
        _put_store(wanted.archive, manifest, done, tell)
        loading.bring_forward()
        done.tiles_made_again = check_files(manifest["logs"], put)
        _tell_and_erase(wanted, manifest, done)
        look_outside(wanted, done, kept)
        _put_secret(wanted.archive)
        undo.pop_all()
    return done


def _clear(root: Path, kept: set[str]) -> None:
    """A restore that did not succeed leaves nothing but what had been there."""
    loading.clear()
    for one in root.iterdir():
        if one.name not in kept:
            shutil.rmtree(one) if one.is_dir() else one.unlink()


def _load(archive: Path, manifest: dict[str, Any], tell: Tell) -> dict[str, int]:
    tables = loading.make_schema(manifest["migrations"])
    loading.fit(tables, manifest["columns"])
    pieces = [name for name in manifest["members"] if name.startswith(f"{TABLES}/")]

    def told() -> Any:
        for number, piece in enumerate(members(archive, TABLES), 1):
            tell("数据库", number, len(pieces))
            yield piece

    try:
        rows = loading.load(tables, manifest["columns"], told())
    except (IntegrityError, DataError) as error:
        raise loading.Unfit(f"备份里的数据放不进这个数据库：{str(error).splitlines()[0]}") from error
    for name, count in manifest["rows"].items():
        if rows[name] != count:
            raise Damaged(f"表 {name} 应有 {count} 行，备份里有 {rows[name]} 行")
    return rows


def _put(member: Member, path: Path, mode: int) -> None:
    write(path, member.file.read())
    path.chmod(mode)


def _put_small(archive: Path) -> None:
    """Keys first: without the log's name nothing about the log can be asked."""
    root: Path = settings.DATA
    for member in members(archive, KEYS, DATA):
        if member.parts[0] == DATA and places.judged_anew(member.below):
            continue  # the first releases kept it
        if member.parts[0] == DATA and member.below != erased.FILE:
            _put(member, root / member.below, 0o640)
        elif member.parts[0] == DATA:
            _merge_erasures(member)
        elif member.below != SECRET:
            (root / member.below).parent.mkdir(mode=0o700, exist_ok=True)
            _put(member, root / member.below, 0o600)


def _merge_erasures(member: Member) -> None:
    """What was erased before the backup stays listed beside what the folder had kept."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA, prefix=".new-") as beside:
        beside.write(member.file.read())
        beside.flush()
        erased.add(list(erased.listed(Path(beside.name))))


def _put_secret(archive: Path) -> None:
    root: Path = settings.DATA
    for member in members(archive, KEYS):
        if member.below == SECRET:
            _put(member, root / SECRET, 0o600)
            return
    (root / SECRET).write_text(str(settings.SECRET_KEY))
    (root / SECRET).chmod(0o600)


def _put_logs(archive: Path) -> set[int]:
    """The files of the logs of which the folder has kept none; which these are."""
    wanted = {int(member.parts[1]) for member in members(archive, LOGS)} - kept_logs()
    for member in members(archive, LOGS):
        _, row, hash, *below = member.parts
        if int(row) in wanted:
            write(log_of(int(row)).folder(hash).joinpath(*below), member.file.read())
    return wanted


def _put_store(archive: Path, manifest: dict[str, Any], done: Restored, tell: Tell) -> None:
    altered, total = set(manifest["altered"]), manifest["files"]["count"]
    for member in members(archive, STORE):
        if member.below in altered:
            done.skipped += 1
            continue
        shelf, digest = store.shelf(member.parts[1]), member.parts[2]
        shelf.room.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=shelf.room, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as out:
                shutil.copyfileobj(member.file, out, PIECE)
                out.flush()
                os.fchmod(out.fileno(), 0o440)
                os.fsync(out.fileno())
            shelf.put(Path(fresh), digest)
        finally:
            Path(fresh).unlink(missing_ok=True)
        done.files += 1
        tell("文书和证据", done.files, total)


def _tell_and_erase(wanted: Wanted, manifest: dict[str, Any], done: Restored) -> None:
    """The act of the installation that says what was restored; then what was erased since is erased again."""
    told = {"made": manifest["made"], "bytes": wanted.size, "sha256": wanted.sha256, "logs": manifest["logs"]}
    told = {**told, "software": manifest["software"], "database": manifest["database"]}
    record("restored", LABELS["restored"], told)
    if wanted.erasures is not None:
        erased.add(list(erased.listed(wanted.erasures)))
    again = erase_again(erased.listed())
    done.erased, done.forgot = again.openings, again.cases
    done.vague, done.refused = again.vague, again.refused
    if again.openings:
        loading.tidy()
    rebuild()


def look_outside(wanted: Wanted, done: Restored, kept: set[int]) -> None:
    """Has anybody seen more than was restored? Halts if so, as long as somebody could not be asked, and each log of which
    there was nobody to ask: neither a place outside nor files that were `kept` here."""
    logs, sights = logs_since(), heard()
    sights += sights_of(own_files().once(), logs)
    outside = [one for source in wanted.seen for one in sights_of(source.once(), logs)]
    if wanted.witnesses:
        outside += [ask(witness) for witness in witnesses()]
    elif witnesses():
        outside.append(NOT_ASKED)
    told = kept | {one.log for one in outside}
    # The folder of the acts' log was kept whole: a year that is not in it was never signed here.
    alone = [] if ACTS_ROW in kept else [one.row for one in logs_here() if one.row not in told]
    done.sights = [*sights, *outside, *map(nobody, alone)]
    places.remember("restored", {"seen": [one.text for one in wanted.seen]})
    judge(done.sights, restored=True)


def ahead_of_rows(done: Restored) -> tuple[str, ...]:
    """How the files' names begin of each log of which the folder had kept more than was restored. That they do not fit the
    rows is why the log is held, and no second fault; `recover` holds them against what was signed."""
    rows = {one.log for one in done.sights if one.source == FILES and one.size > inside(log_of(one.log))}
    trees = [place_of(log_of(row), hash) for row in sorted(rows) for hash in HASHES]
    return tuple(f"{tree}/{part}" for tree in trees for part in ("checkpoint", "tile/"))
