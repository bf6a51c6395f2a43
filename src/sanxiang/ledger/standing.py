"""How a log stands before outsiders: its newest checkpoint, who witnessed it up to where, and whether that is quorum."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log
from sanxiang.ledger.models import Checkpoint, Cosignature
from sanxiang.ledger.note import Key
from sanxiang.ledger.policy import NONE, Policy, Witness, judge, parse_policy

POLICY = "policy"
"""The policy file's name in the data folder."""

STAMPED = re.compile(r"[1-9][0-9]{0,17}")

LOOKED_AT = 50
"""Most checkpoints of which it is asked whether they have quorum; a witness that is further behind is away."""


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


def stamp_sizes(place: Path) -> list[int]:
    """The sizes of the checkpoints of which a folder holds a time stamp, the largest first; other files count for nothing."""
    names = (file.stem for file in place.glob("*.tsr")) if place.is_dir() else ()
    return sorted((int(name) for name in names if STAMPED.fullmatch(name)), reverse=True)


def standing_of(log: Log = ACTS) -> Standing:
    """How the log stands now. Four queries, however many witnesses there are."""
    newest = Checkpoint.objects.filter(log=log.row).exclude(note="").order_by("-size").first()
    if newest is None:
        return Standing()
    try:
        policy = policy_of()
    except PolicyUnsound as error:
        return Standing(newest.size, newest.created, fault=str(error))
    known = keys.known_keys(log.origin)
    last = _last_lines(log)
    return Standing(
        newest.size,
        newest.created,
        tuple(_seen(witness, last, known) for witness in policy.witnesses),
        policy.quorum != NONE,
        _size(_quorum(policy, log, known)),
    )


def _last_lines(log: Log) -> list[Cosignature]:
    """Of each witness the line under the largest checkpoint."""
    mine = Cosignature.objects.filter(checkpoint__log=log.row)
    tops = mine.values("witness").annotate(top=Max("checkpoint__size")).values_list("witness", "top")
    reached = set(tops)
    rows = mine.filter(checkpoint__size__in={size for _name, size in reached}).select_related("checkpoint")
    return [row for row in rows if (row.witness, row.checkpoint.size) in reached]


def _seen(witness: Witness, lines: Sequence[Cosignature], known: Sequence[Key]) -> Seen:
    """What a witness has seen, by its own verified line; a line that fails counts for nothing."""
    alone = Policy(witnesses=(witness,))
    best = Seen(witness.name, witness.key.name)
    for row in lines:
        try:
            at = judge(alone, f"{row.checkpoint.note}{row.line}\n", known).witnessed.get(witness.name)
        except ValueError:
            continue
        if at is not None and (best.size is None or row.checkpoint.size > best.size):
            best = Seen(witness.name, witness.key.name, row.checkpoint.size, moment(at))
    return best


def moment(seconds: int) -> datetime | None:
    """When a witness says that it was; None for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def witnessed_by_policy(log: Log = ACTS, most: int | None = None) -> Checkpoint | None:
    """The newest checkpoint, of `most` entries or fewer, that has quorum; None also where no policy asks for any."""
    try:
        policy = policy_of()
    except PolicyUnsound:
        return None
    return _quorum(policy, log, keys.known_keys(log.origin), most)


def _size(row: Checkpoint | None) -> int | None:
    return None if row is None else int(row.size)


def _quorum(policy: Policy, log: Log, known: Sequence[Key], most: int | None = None) -> Checkpoint | None:
    if policy.quorum == NONE:
        return None
    rows = Checkpoint.objects.filter(log=log.row).exclude(cosignatures=None).order_by("-size")
    if most is not None:
        rows = rows.filter(size__lte=most)
    for row in rows.prefetch_related("cosignatures")[:LOOKED_AT]:
        lines = "".join(f"{one.line}\n" for one in row.cosignatures.all())
        try:
            if judge(policy, row.note + lines, known).quorum:
                return row
        except ValueError:
            continue
    return None
