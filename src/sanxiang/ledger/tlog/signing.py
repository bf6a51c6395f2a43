"""Who signs: software keys, or an outside program that holds the key, such as the driver of a certified module."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanxiang.ledger.tlog import note, sm2
from sanxiang.ledger.tlog.note import Key
from sanxiang.ledger.tlog.note import Signer as Signer

SIGNATURE_SIZE = 64
COMMAND_SECONDS = 10.0
_HEX = re.compile(f"[0-9a-fA-F]{{{2 * SIGNATURE_SIZE}}}")


class CannotSign(Exception):
    """The key's holder gave no signature that holds; the message says what happened and where to look."""


@dataclass(frozen=True)
class _Ed25519Signer:
    key: Key
    private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass(frozen=True)
class _Sm2Signer:
    key: Key
    private: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        return sm2.sign(self.private, self.key.public, message)


@dataclass(frozen=True)
class _CommandSigner:
    key: Key
    command: tuple[str, ...]
    seconds: float

    def sign(self, message: bytes) -> bytes:
        signature = self._answer(message)
        if not note.signature_holds(self.key, message, signature):
            raise self._trouble("的回答不是这把公钥的签名，请核对配置的公钥与程序所用的密钥是否一对")
        return signature

    def _answer(self, message: bytes) -> bytes:
        try:
            done = subprocess.run(
                self.command, input=message, capture_output=True, timeout=self.seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise self._trouble(f"在 {self.seconds:g} 秒内没有回答，请检查密码模块是否在线") from error
        except OSError as error:
            raise self._trouble(f"无法启动（{error.strerror}），请检查路径和执行权限") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
            raise self._trouble(
                f"以退出码 {done.returncode} 结束，请检查密码模块。程序说：{said or '（无）'}"
            )
        answer = done.stdout.decode("ascii", "replace").strip()
        if not _HEX.fullmatch(answer):
            raise self._trouble(f"应在标准输出回答 {SIGNATURE_SIZE} 字节签名的十六进制，请检查程序")
        return bytes.fromhex(answer)

    def _trouble(self, what: str) -> CannotSign:
        return CannotSign(f"{self.key.name} 的签名程序 {self.command[0]} {what}")


def ed25519_signer(name: str, seed: bytes) -> Signer:
    """Sign with an Ed25519 seed of 32 bytes. ValueError for a name or seed that cannot be one."""
    note.check_name(name)
    public = note.public_key(seed)
    return _Ed25519Signer(Key(name, note.ED25519, public), Ed25519PrivateKey.from_private_bytes(seed))


def sm2_signer(name: str, private: bytes) -> Signer:
    """Sign with an SM2 private key of 32 bytes. ValueError for a name or key that cannot be one."""
    note.check_name(name)
    return _Sm2Signer(Key(name, note.SM2, sm2.public_key(private)), private)


def command_signer(
    name: str, kind: bytes, public: bytes, command: Sequence[str], seconds: float = COMMAND_SECONDS
) -> Signer:
    """Have an outside program sign: it gets the message on stdin and answers the signature in hex on stdout.

    The key never comes here. Each answer is held against `public` before it is used, so that a wrong module or a wrong
    key is noticed before anything is published. No shell reads the command. `sign` raises CannotSign.
    ValueError for a name, kind or key that cannot be one.
    """
    key = note.parse_vkey(note.format_vkey(Key(name, kind, public)))
    if not command or not command[0]:
        raise ValueError(f"{name} 的签名程序是空的，请写出程序的路径及其参数")
    return _CommandSigner(key, tuple(command), seconds)
