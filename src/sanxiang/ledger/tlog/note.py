"""C2SP signed notes, log checkpoints and Ed25519 witness cosignatures; SM2 lines for the twin log.

Where implementations differ this one is strict: canonical base64, no leading zeros, 32-byte roots, every line of a
known key must verify. Lines of unknown keys are ignored once they have the form of a signature line.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sanxiang.ledger.tlog import sm2
from sanxiang.ledger.tlog.tree import HASH_SIZE, SIZE_LIMIT, empty_root

# Type bytes. signed-note leaves 0xff and a long name to whoever needs a type of his own; others skip such lines.
ED25519 = b"\x01"
COSIGNATURE_V1 = b"\x04"
SM2 = b"\xffsm2-sm3/v1\n"
_KEY_SIZES = {ED25519: 32, COSIGNATURE_V1: 32, SM2: sm2.PUBLIC_SIZE}
NOBODYS = "没有任何给定密钥的签名"
"""Said where none of the keys that are believed has signed."""
_LINES_LIMIT = 100
_BYTES_LIMIT = 1_000_000
_DASH = "\u2014 "
_DECIMAL = re.compile("0|[1-9][0-9]{0,18}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class Key:
    """A public key with its name: `kind` is the type bytes, ED25519, COSIGNATURE_V1 or SM2."""

    name: str
    kind: bytes
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which signature lines name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]


class Signer(Protocol):
    """Whatever signs for a key: software or a certified module (signing.py)."""

    @property
    def key(self) -> Key:
        """The key that the signatures verify with."""

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes, over the message as it is."""


@dataclass(frozen=True)
class Signature:
    """One signature line; `body` is what follows the key id."""

    name: str
    id: bytes
    body: bytes


@dataclass(frozen=True)
class Note:
    """A text, its last newline included, and its signature lines, none of them checked yet."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: who says that the log had this size and root. Extension lines carry no meaning for us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def decode_base64(text: str) -> bytes:
    """Standard base64, one spelling only: padding present, unused bits zero. ValueError otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("不是合法的 base64") from error
    if encode_base64(data) != text:
        raise ValueError("base64 写法不规范")
    return data


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_decimal(text: str) -> int:
    """A size, index or time: ASCII digits without leading zeros, below 2^63. ValueError otherwise."""
    if not _DECIMAL.fullmatch(text) or int(text) >= SIZE_LIMIT:
        raise ValueError("应为不带前导零、小于 2^63 的十进制数字")
    return int(text)


def check_name(name: str) -> None:
    """ValueError unless `name` can name a key: not empty, no blanks, no plus sign, no control characters."""
    if not name or "+" in name or _CONTROL.search(name) or any(character.isspace() for character in name):
        raise ValueError("密钥名称不能为空，不能含空白、加号或控制字符")
    _check_utf8(name)


def _check_utf8(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("文本不是合法的 UTF-8") from error


def public_key(seed: bytes) -> bytes:
    """The Ed25519 public key of a 32-byte seed."""
    return _private(seed).public_key().public_bytes_raw()


def _private(seed: bytes) -> Ed25519PrivateKey:
    if len(seed) != _KEY_SIZES[ED25519]:
        raise ValueError(f"Ed25519 种子应为 32 字节，收到 {len(seed)} 字节")
    return Ed25519PrivateKey.from_private_bytes(seed)


def format_vkey(key: Key) -> str:
    """`<name>+<key id>+<base64(type ‖ key)>`, as verifiers are given it."""
    return f"{key.name}+{key.id.hex()}+{encode_base64(key.kind + key.public)}"


def parse_vkey(text: str) -> Key:
    """Read a verifier key. ValueError when malformed, when the key id does not fit, or for a type we cannot check."""
    if text.count("+") < 2:
        raise ValueError("验证密钥应写作 名称+8 位标识+base64")
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    check_name(name)
    data = decode_base64(encoded)
    kind = next((kind for kind in _KEY_SIZES if data.startswith(kind)), None)
    if kind is None:
        raise ValueError(
            f"不支持验证密钥 {name} 的签名类型，只支持 Ed25519（01）、cosignature/v1（04）和 SM2（ff、sm2-sm3/v1）"
        )
    key = Key(name, kind, data.removeprefix(kind))
    if len(key.public) != _KEY_SIZES[kind] or key.id.hex() != key_id:
        raise ValueError(f"验证密钥 {name} 的密钥标识或长度不符")
    if kind == SM2:
        sm2.check_public(key.public)
    return key


def parse_note(text: str) -> Note:
    """Take a signed note apart without checking any signature; ValueError when it is malformed."""
    _check_utf8(text)
    if len(text.encode()) > _BYTES_LIMIT or _CONTROL.search(text):
        raise ValueError("签名文本过长或含有控制字符")
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise ValueError("签名文本缺少空行或签名行")
    signatures = tuple(_parse_line(line) for line in lines[:-1].split("\n"))
    if len(signatures) > _LINES_LIMIT:
        raise ValueError(f"签名行超过 {_LINES_LIMIT} 行")
    return Note(body + "\n", signatures)


def _parse_line(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise ValueError("签名行应以长破折号（U+2014）和空格开头")
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    check_name(name)
    data = decode_base64(encoded)
    if len(data) < 5:
        raise ValueError("签名行过短")
    return Signature(name, data[:4], data[4:])


def verified(note: Note, keys: Sequence[Key]) -> list[Key]:
    """The given keys that signed the note; ValueError when none did or when a given key's line fails."""
    known: dict[tuple[str, bytes], Key] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise ValueError(f"两把验证密钥的名称和标识相同：{key.name}")
    signers = []
    for signature in note.signatures:
        signer = known.get((signature.name, signature.id))
        if signer is None:
            continue
        if not _verifies(signer, note.text, signature.body):
            raise ValueError(f"{signer.name} 的签名不成立")
        signers.append(signer)
    if not signers:
        raise ValueError(NOBODYS)
    return signers


def _verifies(key: Key, text: str, body: bytes) -> bool:
    message = text.encode()
    if key.kind == COSIGNATURE_V1:
        time, body = int.from_bytes(body[:8], "big"), body[8:]
        if time >= SIZE_LIMIT:
            return False
        message = _cosigned(time, text)
    return signature_holds(key, message, body)


def signature_holds(key: Key, message: bytes, signature: bytes) -> bool:
    """Whether the bare signature over the message is this key's."""
    if key.kind == SM2:
        return sm2.verifies(key.public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _cosigned(time: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint, ready to sign."""
    return f"{origin}\n{size}\n{encode_base64(root)}\n"


def parse_checkpoint(text: str, hash: str = "sha256") -> Checkpoint:
    """Read the text of a checkpoint note; ValueError when malformed or when size 0 lacks the empty root."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise ValueError("检查点应有来源、大小、树根三行，每行以换行结尾，且不能有空行")
    origin, size, encoded, *extensions = lines
    root = decode_base64(encoded)
    if len(root) != HASH_SIZE:
        raise ValueError(f"检查点的树根应为 32 字节，实为 {len(root)} 字节")
    checkpoint = Checkpoint(origin, decode_decimal(size), root, tuple(extensions))
    if checkpoint.size == 0 and root != empty_root(hash):
        raise ValueError("大小为 0 的检查点必须带空树的根")
    return checkpoint


@dataclass(frozen=True)
class Opened:
    """A signed checkpoint once its signatures hold: its note, and which of the given keys signed it."""

    note: Note
    checkpoint: Checkpoint
    signers: tuple[Key, ...]


def open_signed(text: str, keys: Sequence[Key], hash: str = "sha256") -> Opened:
    """The checkpoint in a signed note and who signed it; each line is verified once. ValueError as `open_checkpoint`."""
    note = parse_note(text)
    signers = verified(note, keys)
    checkpoint = parse_checkpoint(note.text, hash)
    logs = [key.name for key in signers if key.kind != COSIGNATURE_V1]
    if logs and checkpoint.origin not in logs:
        raise ValueError(f"检查点来源与签名密钥名称不一致：{logs[0]}")
    return Opened(note, checkpoint, tuple(signers))


def open_checkpoint(text: str, keys: Sequence[Key], hash: str = "sha256") -> Checkpoint:
    """The checkpoint in a signed note once its signatures hold for these keys; ValueError with the reason otherwise.

    At least one key must have signed and no line of a given key may fail. When log keys (ED25519, SM2) are among the
    signers, one of them must bear the origin as its name; cosigners bear names of their own.
    """
    return open_signed(text, keys, hash).checkpoint


def sign(text: str, name: str, seed: bytes) -> str:
    """The signed note: `text` and one Ed25519 line. ValueError when no verifier would accept it."""
    check_name(name)
    private = _private(seed)
    key = Key(name, ED25519, public_key(seed))
    signed = f"{text}\n{_line(key, private.sign(text.encode()))}\n"
    if not text.endswith("\n") or parse_note(signed).text != text:
        raise ValueError("待签文本必须以换行结尾")
    return signed


def signed(text: str, signers: Sequence[Signer]) -> str:
    """The signed note: `text` and one line of each signer, in order. ValueError when no verifier would accept it.

    What a signer raises when it cannot sign goes through.
    """
    if any(signer.key.kind == COSIGNATURE_V1 for signer in signers):
        raise ValueError("联署密钥不能直接签署文本，联署用 cosign")
    for signer in signers:
        check_name(signer.key.name)
    lines = (_line(signer.key, signer.sign(text.encode())) for signer in signers)
    result = text + "\n" + "".join(f"{line}\n" for line in lines)
    if not text.endswith("\n") or parse_note(result).text != text:
        raise ValueError("待签文本必须以换行结尾")
    return result


def cosign(checkpoint: str, name: str, seed: bytes, time: int, hash: str = "sha256") -> str:
    """A witness's cosignature/v1 line, without newline, for a signed checkpoint; `time` in seconds since 1970.

    The signatures already there are not checked: which logs a witness trusts is its own affair.
    """
    check_name(name)
    private = _private(seed)
    if not 0 <= time < SIZE_LIMIT:
        raise ValueError("时间应为 0 到 2^63−1 之间的秒数")
    note = parse_note(checkpoint)
    parse_checkpoint(note.text, hash)
    key = Key(name, COSIGNATURE_V1, public_key(seed))
    return _line(key, time.to_bytes(8, "big") + private.sign(_cosigned(time, note.text)))


def _line(key: Key, body: bytes) -> str:
    return f"{_DASH}{key.name} {encode_base64(key.id + body)}"
