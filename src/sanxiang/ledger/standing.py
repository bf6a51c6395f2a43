"""How a log stands before outsiders: its newest checkpoint, who witnessed it up to where, and whether that is quorum."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log
from sanxiang.ledger.models import Checkpoint, Cosignature
from sanxiang.ledger.tlog.note import Key, format_vkey, parse_note
from sanxiang.ledger.tlog.policy import NONE, Policy, Witness, judge, parse_policy
from sanxiang.ledger.tlog.stamping import told_time

POLICY = "policy"
"""The policy file's name in the data folder."""

STAMPS, ROOTS = "stamps", "tsa-roots"
"""The folders in the data folder: of the time stamp authority's replies, and of the certificates it must answer under."""

STAMPED = re.compile(r"[1-9][0-9]{0,17}")

LOOKED_AT = 20
"""Of each witness so many of its latest lines are looked at: there are hundreds of thousands, and the last tells how far it is."""


@dataclass(frozen=True)
class Seen:
    """What a witness of the policy has cosigned last; `size` None: nothing yet."""

    name: str
    key: str
    size: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """The newest signed checkpoint, and what the policy makes of it. `wanted`: does the policy ask for anybody?"""

    size: int = 0
    created: datetime | None = None
    witnesses: tuple[Seen, ...] = ()
    wanted: bool = False
    quorum: int | None = None
    """The largest size whose checkpoint has quorum."""
    retired: str = ""
    """The verifier key of that checkpoint, where it was changed since; "" where it is in force."""
    fault: str = ""
    """Why the policy file cannot be read; a Chinese sentence."""


class PolicyUnsound(ValueError):
    """The policy file cannot be read, or is not well formed; the message is a Chinese sentence that ends with the cure."""


def policy_file() -> Path | None:
    """The policy file, if there is one."""
    file: Path = settings.DATA / POLICY
    return file if file.is_file() else None


def policy_text() -> str:
    """The policy as it is written; "" where there is none. Raises PolicyUnsound where it cannot be read."""
    try:
        return (settings.DATA / POLICY).read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise PolicyUnsound("见证规则文件 policy 不是 UTF-8 编码，请另存为 UTF-8") from error
    except OSError as error:
        raise PolicyUnsound("见证规则文件 policy 打不开，请检查它的权限和所在的磁盘") from error


def policy_of() -> Policy:
    """The installation's policy; one that asks for nobody where there is none. Raises PolicyUnsound."""
    text = policy_text()
    try:
        return parse_policy(text) if text else Policy()
    except ValueError as error:
        raise PolicyUnsound(f"{error}。请改正数据目录里的 {POLICY} 文件") from error


def stamps_folder() -> Path:
    """Where the replies of the time stamp authority lie; each bears the size of the checkpoint that was stamped."""
    place: Path = settings.DATA / STAMPS
    return place


def stamp_sizes(place: Path) -> list[int]:
    """The sizes of the checkpoints of which a folder holds a time stamp, the largest first; other files count for nothing."""
    names = (file.stem for file in place.glob("*.tsr")) if place.is_dir() else ()
    return sorted((int(name) for name in names if STAMPED.fullmatch(name)), reverse=True)


def stamped_at(place: Path, size: int) -> datetime | None:
    """When the authority stamped the checkpoint of that size, by its own reply; None where that cannot be read. Never by the
    file's time: a restore writes them all anew."""
    try:
        return _told(place / f"{size}.tsr")
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=100_000)
def _told(file: Path) -> datetime:
    return told_time(file.read_bytes())


def is_daily(place: Path, size: int) -> bool:
    """Is this the first stamp of its day? Whatever came later was asked for by a decision: to show it would tell when one was
    made that nobody may know of yet."""
    sizes = stamp_sizes(place)
    if size not in sizes:
        return False
    return _first(place, size, next((one for one in sizes if one < size), None))


def daily_stamps(place: Path, most: int) -> list[int]:
    """The newest of the daily stamps, so many."""
    sizes = stamp_sizes(place)
    pairs = zip(sizes, [*sizes[1:], None], strict=False)
    return list(islice((size for size, before in pairs if _first(place, size, before)), most))


def _first(place: Path, size: int, before: int | None) -> bool:
    """Was a stamp the first of its day? No, where it or the one before cannot be read: then nobody knows."""
    day, earlier = _day(place, size), None if before is None else _day(place, before)
    return day is not None and (before is None or (earlier is not None and earlier < day))


def _day(place: Path, size: int) -> date | None:
    at = stamped_at(place, size)
    return None if at is None else timezone.localdate(at)


def standing_of(log: Log = ACTS) -> Standing:
    """How the log stands now. Two queries, and one for each witness of the policy, however long the log is."""
    newest = Checkpoint.objects.filter(log=log.row).exclude(note="").order_by("-size").first()
    if newest is None:
        return Standing()
    try:
        policy = policy_of()
    except PolicyUnsound as error:
        return Standing(newest.size, newest.created, fault=str(error))
    known = keys.known_keys(log.origin)
    lines = {one.name: last_lines(log, one.name) for one in policy.witnesses}
    row = _quorum(policy, lines, known)
    return Standing(
        newest.size,
        newest.created,
        tuple(_seen(one, lines[one.name], known) for one in policy.witnesses),
        policy.quorum != NONE,
        None if row is None else int(row.size),
        "" if row is None else _retired(row.note, known),
    )


def _retired(text: str, known: Sequence[Key]) -> str:
    """Which of the keys that are in force no longer signed a note; "" where the one in force did."""
    lines = {(line.name, line.id) for line in parse_note(text).signatures}
    signers = [key for key in known if (key.name, key.id) in lines]
    return "" if not signers or known[0] in signers else format_vkey(signers[0])


def last_lines(log: Log, witness: str, most: int | None = None, limit: int = LOOKED_AT) -> list[Cosignature]:
    """A witness's latest lines, the newest first, under checkpoints of `most` entries or fewer.

    Rows of checkpoints are written in the order of their sizes, so their keys stand in that order; of a log that is shown
    to no witness there are none.
    """
    rows = Cosignature.objects.filter(witness=witness).order_by("-checkpoint_id").select_related("checkpoint")
    if most is not None:
        top = Checkpoint.objects.filter(log=log.row, size__lte=most).order_by("-size")
        rows = rows.filter(checkpoint_id__lte=top.values_list("id", flat=True).first() or 0)
    return [row for row in rows[:limit] if row.checkpoint.log == log.row]


def last_cosigned(log: Log = ACTS) -> Checkpoint | None:
    """The newest checkpoint with a witness's line, whoever that is."""
    row = Cosignature.objects.order_by("-checkpoint_id").select_related("checkpoint").first()
    return row.checkpoint if row is not None and row.checkpoint.log == log.row else None


def _seen(witness: Witness, lines: Iterable[Cosignature], known: Sequence[Key]) -> Seen:
    """What a witness has seen, by its own verified line; a line that fails counts for nothing."""
    alone = Policy(witnesses=(witness,))
    for row in lines:
        try:
            at = judge(alone, f"{row.checkpoint.note}{row.line}\n", known).witnessed.get(witness.name)
        except ValueError:
            continue
        if at is not None:
            return Seen(witness.name, witness.key.name, row.checkpoint.size, moment(at))
    return Seen(witness.name, witness.key.name)


def moment(seconds: int) -> datetime | None:
    """When a witness says that it was; None for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def witnessed_by_policy(log: Log = ACTS, most: int | None = None) -> Checkpoint | None:
    """The newest checkpoint, of `most` entries or fewer, that has quorum; None also where no policy asks for any.

    Raises PolicyUnsound.
    """
    policy = policy_of()
    lines = {one.name: last_lines(log, one.name, most) for one in policy.witnesses}
    return _quorum(policy, lines, keys.known_keys(log.origin))


def _quorum(
    policy: Policy, last: Mapping[str, Sequence[Cosignature]], known: Sequence[Key]
) -> Checkpoint | None:
    """Looked for where each witness was last seen: one that went away long ago still tells up to where all were there."""
    rows = {line.checkpoint_id: line.checkpoint for lines in last.values() for line in lines}
    if policy.quorum == NONE or not rows:
        return None
    under: dict[int, str] = dict.fromkeys(rows, "")
    for line in Cosignature.objects.filter(checkpoint__in=rows).order_by("checkpoint_id", "witness"):
        under[line.checkpoint_id] += f"{line.line}\n"
    for row in sorted(rows.values(), key=lambda one: one.size, reverse=True):
        try:
            if judge(policy, row.note + under[row.pk], known).quorum:
                return row
        except ValueError:
            continue
    return None
