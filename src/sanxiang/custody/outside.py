"""What was seen of our log elsewhere: kept files, mirrors, single checkpoints, witnesses (trust.md §1.3 I7).

After a restore nothing is signed before all of them were asked: whoever has seen more than the database knows proves that
acts are missing, and a signature now would begin a second history.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils import timezone

from sanxiang.custody.restored_log import leaves_of
from sanxiang.custody.shown_log import entries_of
from sanxiang.ledger import asking, keys
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.halt import WITNESS, halt, halted, halts, resume, wait
from sanxiang.ledger.logs import ACTS, ACTS_ROW, Log, accesses, log_of
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.models import Sequence as Row
from sanxiang.ledger.served import FILES
from sanxiang.ledger.standing import PolicyUnsound, policy_of
from sanxiang.ledger.tlog.note import Checkpoint as Head
from sanxiang.ledger.tlog.policy import Policy, Witness
from sanxiang.ledger.tlog.tiles import WIDTH, tile_path
from sanxiang.ledger.tlog.tree import Frontier, frontier_root, grow, leaf_hash
from sanxiang.ledger.tlog.verify_lines import Ring, opened

SECONDS = 10.0
LIMIT = 32 << 20
"""Most bytes of one file from elsewhere: a bundle of 256 longest leaves has half of it."""

Read = Callable[[str], bytes | None]


class Unusable(ValueError):
    """What was named cannot be read, or is not of this log; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Source:
    """A place that has files of our logs, by its name for people."""

    name: str
    read: Read
    tiles: bool = True
    text: str = ""
    """As the operator named it."""

    def once(self) -> "Source":
        """The same place, as it is now: whoever asks several times for a checkpoint hears the same, and it is read once."""
        told: dict[str, bytes | None] = {}

        def read(name: str) -> bytes | None:
            if not name.endswith("checkpoint"):
                return self.read(name)  # of a bundle each is asked for once, and all would fill the memory
            if name not in told:
                told[name] = self.read(name)
            return told[name]

        return replace(self, read=read)

    def top(self) -> str:
        """The name of the log whose checkpoint lies here, unproved; "" where there is none. Raises Unusable."""
        data = self.read("checkpoint")
        return (data or b"").split(b"\n", 1)[0].decode(errors="replace")

    def below(self, log: Log) -> str | None:
        """Where in this place the files of a log begin; None where it has none of it. Raises Unusable."""
        top, looks = self.top(), f"{ACTS.origin}/access/"
        if not log.below:  # what is nobody's is asked as the acts' log, and said to be none
            return "" if top and not top.startswith(looks) else None
        if top == log.origin:
            return ""
        below = f"{log.below.removeprefix('/')}/"
        return below if self.tiles and self.read(f"{below}checkpoint") is not None else None

    def head(self, log: Log = ACTS) -> tuple[Head, str]:
        """The checkpoint of a log there, once it is known to be ours, and its text. Raises Unusable, keys.Unsound.

        A key that was retired says nothing of what came after: whoever stole it could have us take in what he made up.
        """
        below = self.below(log)
        data = None if below is None else self.read(f"{below}checkpoint")
        if data is None:
            raise Unusable(f"{self.name}里没有{log.name}的检查点（checkpoint 文件），请核对地址")
        try:
            text, known = data.decode(), keys.known_keys(log.origin)
            ring = Ring(log.origin, "sha256", known, keys.retired_sizes(log.origin, log.row))
            return opened(text, ring).checkpoint, text
        except ValueError as error:
            raise Unusable(
                f"{self.name} 的检查点没有本账本的有效签名（{error}）。请核对是不是同一份账本；"
                "备份之后换过密钥的，这份备份里没有新的密钥，请改用换钥之后做的备份"
            ) from error

    def leaves(self, log: Log, start: int, size: int) -> list[bytes] | None:
        """The entries from an index up to the size of the checkpoint there; None where bundles lack. Raises Unusable."""
        found: list[bytes] = []
        entries = f"{self.below(log) or ''}tile/entries/"
        for n in range(start // WIDTH, -(-size // WIDTH)):
            width = min(WIDTH, size - n * WIDTH)
            data = self.read(entries + tile_path(n, width))
            if data is None and width < WIDTH:
                data = self.read(entries + tile_path(n))
            if data is None:
                return None
            try:
                found += entries_of(data)[:width]
            except ValueError as error:
                raise Unusable(f"{self.name}的 {entries}{tile_path(n, width)} 不完整") from error
        return found[start % WIDTH :]


def source_of(text: str) -> Source:
    """A web address, a folder (a mirror, an export, a data folder, its log folder), or a checkpoint file. Raises Unusable."""
    if text.startswith(("http://", "https://")):
        return Source(f"镜像 {text}", _reader_of_web(text.rstrip("/")), text=text)
    place = Path(text)
    if place.is_file():
        return Source(f"检查点 {text}", _reader_of_file(place), False, str(place.resolve()))
    if not place.is_dir():
        raise Unusable(f"没有 {text}：请写检查点文件、账本目录或者镜像网址")
    if not (place / "checkpoint").is_file() and (place / "log" / "checkpoint").is_file():
        place = place / "log"
    return Source(f"目录 {place}", _reader_of_folder(place), text=str(place.resolve()))


def own_files() -> Source:
    """The files that this installation itself serves."""
    return Source(FILES, _reader_of_folder(ACTS.folder("sha256")))


def _reader_of_file(place: Path) -> Read:
    def read(name: str) -> bytes | None:
        return place.read_bytes() if name == "checkpoint" else None

    return read


def _reader_of_folder(place: Path) -> Read:
    def read(name: str) -> bytes | None:
        file = place / name
        return file.read_bytes() if file.is_file() else None

    return read


def _reader_of_web(address: str) -> Read:
    def read(name: str) -> bytes | None:
        try:
            with urllib.request.urlopen(f"{address}/{name}", timeout=SECONDS) as answer:
                return bytes(answer.read(LIMIT))
        except urllib.error.HTTPError as error:
            if error.code in (403, 404, 410):
                return None
            raise Unusable(f"镜像 {address}/{name} 答复 HTTP {error.code}，请稍后再试") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unusable(f"镜像 {address} 连不上，请核对地址、稍后再试") from error

    return read


@dataclass(frozen=True)
class Sight:
    """What one of them said of a log: how much it has seen; `fork`: other than what we have; `why`: it could not be asked."""

    source: str
    size: int = 0
    fork: bool = False
    why: str = ""
    log: int = ACTS_ROW


def logs_since() -> list[Log]:
    """The acts' log, and that of each year from the first checkpoint on: what a database lacks may be a whole year."""
    now = timezone.localdate().year
    first = Checkpoint.objects.filter(log=ACTS_ROW).order_by("size").values_list("created", flat=True).first()
    return _logs(range(min(now, timezone.localtime(first).year) if first else now, now + 1))


def logs_here() -> list[Log]:
    """Those into which this installation may write from now on."""
    return _logs([timezone.localdate().year])


def _logs(years: Iterable[int]) -> list[Log]:
    rows = set(Row.objects.exclude(id=ACTS_ROW).values_list("id", flat=True))
    looked = set(Access.objects.order_by().values_list("year", flat=True).distinct())
    return [ACTS, *(accesses(year) for year in sorted({*years, *rows, *looked}))]


def inside(log: Log = ACTS) -> int:
    """How many entries of a log the database has."""
    return int(Row.objects.filter(id=log.row).values_list("size", flat=True).first() or 0)


def sights_of(source: Source, logs: Iterable[Log]) -> list[Sight]:
    """What a place has of each of these logs; nothing where it has none of one. Raises Unusable."""
    return [sight_of(source, log) for log in logs if source.below(log) is not None]


def sight_of(source: Source, log: Log = ACTS) -> Sight:
    """Hold a source's checkpoint against the database. Raises Unusable."""
    try:
        head, _text = source.head(log)
    except keys.Unsound as error:
        return Sight(source.name, why=str(error), log=log.row)
    if head.size > inside(log):
        return Sight(source.name, head.size, log=log.row)
    grown = grow(Frontier(), (leaf_hash(leaf) for leaf in leaves_of(log.row, head.size)))
    return Sight(source.name, head.size, fork=frontier_root(grown) != head.root, log=log.row)


def witnesses() -> list[Witness]:
    """Those of the policy file that can be asked. Raises Unusable for a malformed file."""
    return [one for one in _policy().witnesses if one.url]


def in_policy() -> set[str]:
    """The names of all witnesses of the policy file. Raises Unusable for a malformed file."""
    return {one.name for one in _policy().witnesses}


def _policy() -> Policy:
    try:
        return policy_of()
    except PolicyUnsound as error:
        raise Unusable(str(error)) from error


def ask(witness: Witness) -> Sight:
    """How much a witness has seen: it is shown our newest signed checkpoint and says if it knows more."""
    name = f"{WITNESS}{witness.name}"
    try:
        told = asking.ask(witness, asking.newest_note(), SECONDS)
    except keys.Unsound as error:
        return Sight(name, why=str(error))
    return Sight(name, told.size, told.fork, told.why)


def heard(wrong: str = "") -> list[Sight]:
    """Why a log stands still already, as somebody's word: it counts until it is answered. A fork is nobody's to answer here.

    What the witness said that an operator finds `wrong`, by its name, no longer counts.
    """
    return [
        Sight(told["source"], told["outside"], fork=told["outside"] <= told["inside"], log=told["log"])
        for told in halts()
        if not told.get("unasked") and not (wrong and told["source"] == f"{WITNESS}{wrong}")
    ]


def unheard(sights: Sequence[Sight]) -> list[Sight]:
    """For each log that stands still because somebody, or nobody, was to be asked: nobody, unless there is somebody outside
    now. Where the witness that could not be asked has left the policy, our own files came out of the backup and say nothing."""
    told = {one.log for one in sights if one.source != FILES}
    return [nobody(one["log"]) for one in halts() if one.get("unasked") and one["log"] not in told]


def judge(sights: Iterable[Sight], restored: bool = False) -> None:
    """Halt each log by the worst of what was said of it, or let it go on. What belongs into it is taken in either way.

    That somebody could not be asked stops only what was `restored` just now, or stands still already.
    """
    said: dict[int, list[Sight]] = {}
    for one in sights:
        said.setdefault(one.log, []).append(one)
    for row, known in said.items():
        _judge(log_of(row), known, restored)


def _judge(log: Log, known: list[Sight], restored: bool) -> None:
    own = inside(log)
    forks = [one for one in known if one.fork]
    unasked = [one for one in known if one.why]
    ahead = max(known, key=lambda one: one.size)
    if forks:
        halt(forks[0].source, min(forks[0].size, own), own, anew=True, log=log)
    elif ahead.size > own:
        halt(ahead.source, ahead.size, own, anew=True, log=log)
    elif unasked and (restored or halted(log)):
        alone = all(one.source == NOBODY for one in unasked)
        wait("、".join(one.source for one in unasked), own, log, nobody=alone)
    elif not unasked:
        resume(log)


NOT_ASKED = Sight("见证人", why="没有询问")
"""Whoever restores on trial asks nobody, so what was restored may not sign."""

NOBODY = "外面的人"


def nobody(row: int) -> Sight:
    """There is no one who could say how much of a log was seen outside."""
    return Sight(NOBODY, why="没有人可问", log=row)
