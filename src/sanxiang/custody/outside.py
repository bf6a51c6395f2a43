"""What was seen of our log elsewhere: kept files, mirrors, single checkpoints, witnesses (trust.md §1.3 I7).

After a restore nothing is signed before all of them were asked: whoever has seen more than the database knows proves that
acts are missing, and a signature now would begin a second history.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanxiang.custody.shown_log import entries_of
from sanxiang.ledger import keys
from sanxiang.ledger.halt import halt, halted, resume, wait
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.models import Sequence as Row
from sanxiang.ledger.note import Checkpoint as Head
from sanxiang.ledger.note import open_checkpoint
from sanxiang.ledger.policy import Witness
from sanxiang.ledger.sequencer import leaves_from
from sanxiang.ledger.standing import PolicyUnsound, policy_of
from sanxiang.ledger.tile_proofs import consistency, folder_fetch
from sanxiang.ledger.tiles import WIDTH, tile_path
from sanxiang.ledger.tree import Frontier, frontier_root, grow, leaf_hash
from sanxiang.ledger.witnesses import Ahead, Away, Forked, Refused, submit

SECONDS = 10.0
LIMIT = 32 << 20
"""Most bytes of one file from elsewhere: a bundle of 256 longest leaves has half of it."""

Read = Callable[[str], bytes | None]


class Unusable(ValueError):
    """What was named cannot be read, or is not of this log; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Source:
    """A place that has files of our log, by its name for people."""

    name: str
    read: Read
    tiles: bool = True

    def head(self) -> tuple[Head, str]:
        """The checkpoint there, once it is known to be ours, and its text. Raises Unusable, keys.Unsound."""
        data = self.read("checkpoint")
        if data is None:
            raise Unusable(f"{self.name}里没有检查点（checkpoint 文件），请核对地址")
        try:
            text = data.decode()
            return open_checkpoint(text, keys.known_keys(ACTS.origin)), text
        except ValueError as error:
            raise Unusable(f"{self.name}的检查点不是本账本签的（{error}），请核对是不是同一份账本") from error

    def leaves(self, start: int, size: int) -> list[bytes] | None:
        """The entries from an index up to the size of the checkpoint there; None where bundles lack. Raises Unusable."""
        found: list[bytes] = []
        for n in range(start // WIDTH, -(-size // WIDTH)):
            width = min(WIDTH, size - n * WIDTH)
            data = self.read(f"tile/entries/{tile_path(n, width)}")
            if data is None and width < WIDTH:
                data = self.read(f"tile/entries/{tile_path(n)}")
            if data is None:
                return None
            try:
                found += entries_of(data)[:width]
            except ValueError as error:
                raise Unusable(f"{self.name}的 tile/entries/{tile_path(n, width)} 不完整") from error
        return found[start % WIDTH :]


def source_of(text: str) -> Source:
    """A web address, a folder (a mirror, an export, a data folder, its log folder), or a checkpoint file. Raises Unusable."""
    if text.startswith(("http://", "https://")):
        return Source(f"镜像 {text}", _reader_of_web(text.rstrip("/")))
    place = Path(text)
    if place.is_file():
        return Source(
            f"检查点 {text}", lambda name: place.read_bytes() if name == "checkpoint" else None, False
        )
    if not place.is_dir():
        raise Unusable(f"没有 {text}：请写检查点文件、账本目录或者镜像网址")
    if not (place / "checkpoint").is_file() and (place / "log" / "checkpoint").is_file():
        place = place / "log"
    return Source(f"目录 {place}", _reader_of_folder(place))


def own_files() -> Source:
    """The files that this installation itself serves."""
    return Source("本机的账本文件", _reader_of_folder(ACTS.folder("sha256")))


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
    """What one of them said: how much it has seen; `fork`: other than what we have; `why`: it could not be asked."""

    source: str
    size: int = 0
    fork: bool = False
    why: str = ""


def inside() -> int:
    """How many entries the database has."""
    return int(Row.objects.filter(id=ACTS.row).values_list("size", flat=True).first() or 0)


def sight_of(source: Source) -> Sight:
    """Hold a source's checkpoint against the database. Raises Unusable."""
    try:
        head, _text = source.head()
    except keys.Unsound as error:
        return Sight(source.name, why=str(error))
    if head.size > inside():
        return Sight(source.name, head.size)
    grown = grow(Frontier(), (leaf_hash(leaf) for leaf in leaves_from(0, head.size)))
    return Sight(source.name, head.size, fork=frontier_root(grown) != head.root)


def witnesses() -> list[Witness]:
    """Those of the policy file that can be asked. Raises Unusable for a malformed file."""
    try:
        return [one for one in policy_of().witnesses if one.url]
    except PolicyUnsound as error:
        raise Unusable(str(error)) from error


def ask(witness: Witness) -> Sight:
    """How much a witness has seen: it is shown our newest signed checkpoint and says if it knows more."""
    name = f"见证人 {witness.name}"
    row = Checkpoint.objects.filter(log=ACTS.row).exclude(note="").order_by("-size").first()
    size = row.size if row else 0
    fetch = folder_fetch(ACTS.folder("sha256"))

    def prove(old: int) -> Sequence[bytes]:
        return consistency(fetch, old, size)

    try:
        note = row.note if row else keys.empty_checkpoint(ACTS.origin)
        submit(witness.url, witness.key, note, size, prove, SECONDS)
    except Ahead as ahead:
        return Sight(name, ahead.size)
    except Forked:
        return Sight(name, size, fork=True)
    except Refused as refused:
        return Sight(
            name, size, fork=refused.status == 422, why="" if refused.status == 422 else str(refused)
        )
    except (Away, keys.Unsound, ValueError) as error:
        return Sight(name, why=str(error))
    return Sight(name, size)


def heard() -> list[Sight]:
    """Why the log stands still already, as somebody's word: it counts until it is answered. A fork is nobody's to answer here."""
    told = halted()
    if told is None or told.get("unasked"):
        return []
    return [Sight(told["source"], told["outside"], fork=told["outside"] <= told["inside"])]


def judge(sights: Iterable[Sight], restored: bool = False) -> None:
    """Halt by the worst of what was said, or go on. Acts go on being taken in either way.

    That somebody could not be asked stops only what was `restored` just now, or stands still already.
    """
    known, own = list(sights), inside()
    forks = [one for one in known if one.fork]
    unasked = [one for one in known if one.why]
    ahead = max(known, key=lambda one: one.size, default=Sight(""))
    if forks:
        halt(forks[0].source, min(forks[0].size, own), own, anew=True)
    elif ahead.size > own:
        halt(ahead.source, ahead.size, own, anew=True)
    elif unasked and (restored or halted()):
        wait("、".join(one.source for one in unasked), own)
    elif not unasked:
        resume()


NOT_ASKED = Sight("见证人", why="没有询问")
"""Whoever restores on trial asks nobody, so what was restored may not sign."""
