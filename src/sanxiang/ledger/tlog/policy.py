"""C2SP tlog-policy: whose signatures a checkpoint needs before it is believed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sanxiang.ledger.tlog.note import (
    COSIGNATURE_V1,
    NOBODYS,
    Checkpoint,
    Key,
    decode_decimal,
    format_vkey,
    open_signed,
    parse_vkey,
)

NONE = "none"
"""The quorum that asks for nobody."""

_BLANK = " \t"
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_TIME_SIZE = 8


@dataclass(frozen=True)
class KnownLog:
    """A log that is believed; its key bears the origin as its name."""

    key: Key
    url: str = ""


@dataclass(frozen=True)
class Witness:
    """A witness under the policy's own name for it; `url` is its submission prefix, if it is asked from here."""

    name: str
    key: Key
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Counts as one witness once `threshold` of its members have witnessed."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A policy file taken apart; groups stand after the groups they name."""

    logs: tuple[KnownLog, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE


@dataclass(frozen=True)
class Judgement:
    """What the signatures under a checkpoint are worth by a policy."""

    checkpoint: Checkpoint
    witnessed: dict[str, int]
    """When each witness that cosigned did so, in seconds since 1970, by the policy's names."""
    quorum: bool


def parse_policy(text: str) -> Policy:
    """Read a policy file. ValueError names the line and what is wrong with it."""
    if text.startswith("\ufeff"):
        raise ValueError("见证规则以字节序标记（BOM）开头，请另存为不带 BOM 的 UTF-8")
    draft = _Draft()
    for at, line in enumerate(text.split("\n"), 1):
        try:
            draft.take(line)
        except ValueError as error:
            raise ValueError(f"见证规则第 {at} 行有误：{error}") from error
    if draft.quorum is None:
        raise ValueError("见证规则缺少 quorum 行；不要求见证的，写 quorum none")
    return Policy(tuple(draft.logs), tuple(draft.witnesses), tuple(draft.groups), draft.quorum)


@dataclass
class _Draft:
    """A policy as far as it has been read."""

    logs: list[KnownLog] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None
    defined: set[str] = field(default_factory=set)
    grouped: set[str] = field(default_factory=set)

    def take(self, line: str) -> None:
        """One line. ValueError says what is wrong with it."""
        if _FORBIDDEN.search(line):
            raise ValueError("含有控制字符，只能用制表符和换行（不能用 Windows 换行）")
        words = [word for word in re.split(f"[{_BLANK}]+", line) if word]
        if not words or words[0].startswith("#"):
            return
        kinds = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        if words[0] not in kinds:
            raise ValueError(f"不认识“{words[0]}”，每行以 log、witness、group、quorum 或 # 开头")
        kinds[words[0]](words[1:])

    def _log(self, words: list[str]) -> None:
        if len(words) not in (1, 2):
            raise ValueError("应写作 log 验证密钥 [网址]")
        key = parse_vkey(words[0])
        if key.kind == COSIGNATURE_V1:
            raise ValueError("这是见证人的密钥，不是账本的密钥")
        if any(log.key.public == key.public for log in self.logs):
            raise ValueError("这把账本密钥前面已经写过")
        self.logs.append(KnownLog(key, *words[1:]))

    def _witness(self, words: list[str]) -> None:
        if len(words) not in (2, 3):
            raise ValueError("应写作 witness 名称 验证密钥 [网址]")
        key = parse_vkey(words[1])
        if key.kind != COSIGNATURE_V1:
            raise ValueError("这不是见证人的密钥，见证人密钥的类型为 04（cosignature/v1）")
        if any(witness.key.public == key.public for witness in self.witnesses):
            raise ValueError("这把见证人密钥前面已经写过")
        self._define(words[0])
        self.witnesses.append(Witness(words[0], key, *words[2:]))

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise ValueError("应写作 group 名称 门槛 成员…，门槛是 all、any 或数字")
        name, threshold, *members = words
        for member in members:
            self._must_be_defined(member)
            if member in self.grouped:
                raise ValueError(f"“{member}”只能归入一个组一次")
            self.grouped.add(member)
        self.groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
        self._define(name)

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1:
            raise ValueError("应写作 quorum 名称，或 quorum none")
        if self.quorum is not None:
            raise ValueError("quorum 只能写一行")
        if words[0] != NONE:
            self._must_be_defined(words[0])
        self.quorum = words[0]

    def _define(self, name: str) -> None:
        if name == NONE:
            raise ValueError("none 另有含义，不能作名称")
        if name in self.defined:
            raise ValueError(f"名称“{name}”前面已经用过")
        self.defined.add(name)

    def _must_be_defined(self, name: str) -> None:
        if name not in self.defined:
            raise ValueError(f"前面没有叫“{name}”的见证人或组")


def _threshold(text: str, members: int) -> int:
    named = {"all": members, "any": 1}
    threshold = named[text] if text in named else decode_decimal(text)
    if not 1 <= threshold <= members:
        raise ValueError(f"门槛应为 1 到 {members}，写的是 {threshold}")
    return threshold


def format_policy(policy: Policy) -> str:
    """The policy file, without comments; `parse_policy` reads it back."""
    lines = [["log", format_vkey(log.key), log.url] for log in policy.logs]
    lines += [["witness", one.name, format_vkey(one.key), one.url] for one in policy.witnesses]
    lines += [["group", one.name, str(one.threshold), *one.members] for one in policy.groups]
    lines += [["quorum", policy.quorum]]
    return "".join(" ".join(words).rstrip() + "\n" for words in lines)


def judge(policy: Policy, checkpoint: str, logs: Sequence[Key] = (), hash: str = "sha256") -> Judgement:
    """What a signed checkpoint is worth: who witnessed it and when, and whether that is quorum.

    ValueError when no log of the policy (or of `logs`, for a policy that names none) signed it or when the line of a
    known key fails. Times are the witnesses' word; of several lines of one witness the latest counts.
    """
    known = [log.key for log in policy.logs] + list(logs)
    opened = open_signed(checkpoint, [*known, *(witness.key for witness in policy.witnesses)], hash)
    if not set(opened.signers) & set(known):
        raise ValueError(NOBODYS)
    times: dict[str, int] = {}
    for witness in policy.witnesses:
        mine = (witness.key.name, witness.key.id)
        lines = [line.body[:_TIME_SIZE] for line in opened.note.signatures if (line.name, line.id) == mine]
        if lines:
            times[witness.name] = int.from_bytes(max(lines), "big")
    return Judgement(opened.checkpoint, times, _is_quorum(policy, set(times)))


def _is_quorum(policy: Policy, witnessed: set[str]) -> bool:
    """Groups stand in an order in which each can be counted from those before."""
    for group in policy.groups:
        if sum(member in witnessed for member in group.members) >= group.threshold:
            witnessed.add(group.name)
    return policy.quorum == NONE or policy.quorum in witnessed
