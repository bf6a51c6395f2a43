"""The log's side of C2SP tlog-witness: hand a checkpoint to a witness, bring its cosignature home."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from sanxiang.ledger.tlog.note import (
    Key,
    decode_decimal,
    encode_base64,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
)

SIZE_TYPE = "text/x.tlog.size"
PROOF_LIMIT = 63
"""Most hashes that a request may carry: a proof between sizes below 2^63 never needs more."""
_ANSWER_LIMIT = 65_536
_CHUNK = 4096

Prove = Callable[[int], Sequence[bytes]]
"""Consistency proof from an older size to the checkpoint's."""


class Ahead(Exception):
    """The witness has cosigned a larger tree of this log than the one handed in: ours was rolled back, or another
    process of ours was faster."""

    def __init__(self, size: int) -> None:
        super().__init__(f"见证人已见证到 {size} 条，比送去的检查点多")
        self.size = size


class Refused(Exception):
    """The witness answered and did not cosign, or what it answered does not verify. `status` is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Forked(Refused):
    """The witness has cosigned another history under our name, `size` entries long: another root for this very size, or one
    from which no proof leads to ours."""

    def __init__(self, status: int, reason: str, size: int) -> None:
        super().__init__(status, reason)
        self.size = size


class Away(Exception):
    """The witness could not be reached, or cannot serve just now; try again later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def submit(url: str, key: Key, checkpoint: str, old: int, prove: Prove, timeout: float = 10.0) -> list[str]:
    """The cosignature lines, without newlines, of the witness with that key and submission prefix.

    `old` is the size that we believe it to have cosigned last, 0 when we know nothing; if it says otherwise it is
    asked once more, from the size that it named. `timeout`: seconds of silence that end a request, and the most that its
    answer's body may take. Only lines that verify are returned, at least one.
    Raises Ahead, Refused (Forked), Away; ValueError for a checkpoint or address that is malformed, and what `prove` raises.
    """
    address = _address(url)
    size = parse_checkpoint(parse_note(checkpoint).text).size
    if old > size:
        raise Ahead(old)
    said = None
    for first in (True, False):
        status, kind, body = _post(
            address, request_body(old, prove(old) if 0 < old < size else [], checkpoint), timeout
        )
        if status != 409:
            if status == 422 and old:  # `old` is what it has cosigned itself, else it had answered 409
                raise Forked(422, _REASONS[422], old)
            return _lines(checkpoint, key, status, body)
        said = _size(kind, body)
        if said > size:
            raise Ahead(said)
        if said == old == size:
            raise Forked(409, f"见证人在 {size} 条处见过另一个根值：同一名称下有两本账", size)
        if first:
            old = said
    raise Refused(409, f"见证人先后报出不同的大小（{said} 条），请稍后再送")


def request_body(old: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """The body of an add-checkpoint request."""
    return "".join(
        [f"old {old}\n", *(encode_base64(value) + "\n" for value in proof), "\n", checkpoint]
    ).encode()


def with_lines(checkpoint: str, lines: Sequence[str]) -> str:
    """The checkpoint with cosignature lines below its others; a line of the same key that was there gives way."""
    head, _, tail = checkpoint.rpartition("\n\n")
    fresh = {_signer(line) for line in lines}
    kept = [line for line in tail[:-1].split("\n") if _signer(line) not in fresh]
    return head + "\n\n" + "".join(line + "\n" for line in [*kept, *lines])


def _signer(line: str) -> tuple[str, bytes]:
    (signature,) = parse_note(f"-\n\n{line}\n").signatures
    return signature.name, signature.id


def _address(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError(f"见证人网址“{url}”应以 http:// 或 https:// 开头")
    return url.rstrip("/") + "/add-checkpoint"


class _AsItCame(urllib.request.HTTPErrorProcessor):
    """Every status is an answer; nothing is redirected, so nobody can lead us elsewhere."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        """The answer itself."""
        return response

    https_response = http_response


def _post(address: str, body: bytes, timeout: float) -> tuple[int, str, bytes]:
    """Status, content type and body of the answer. Raises Away."""
    headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "sanxiang"}
    request = urllib.request.Request(address, body, headers, method="POST")
    end = time.monotonic() + timeout
    try:
        with urllib.request.build_opener(_AsItCame).open(request, timeout=timeout) as answer:
            status, kind = answer.status, answer.headers.get_content_type()
            text = _read(answer, end)
    except TimeoutError as error:
        raise Away(f"见证人 {timeout:g} 秒内没有答复") from error
    except urllib.error.URLError as error:
        late = isinstance(error.reason, TimeoutError)
        raise Away(
            f"见证人 {timeout:g} 秒内没有答复" if late else f"连不上见证人（{error.reason}）"
        ) from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Away(f"与见证人的连接中断，或者它的答复读不懂（{type(error).__name__}）") from error
    if status >= 500 or status == 429:
        raise Away(f"见证人暂时不能见证（HTTP {status}）")
    return status, kind, text


def _read(answer: Any, end: float) -> bytes:
    """The body, up to a limit and a moment: a witness must not be able to hold us up by dripping."""
    body = b""
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > _ANSWER_LIMIT:
            raise http.client.HTTPException("the answer is too long")
        if time.monotonic() > end:
            raise TimeoutError
    if answer.length:
        raise http.client.IncompleteRead(body, answer.length)
    return body


def _size(kind: str, body: bytes) -> int:
    try:
        text = body.decode("ascii")
        if kind != SIZE_TYPE or not text.endswith("\n"):
            raise ValueError("不是大小")
        return decode_decimal(text[:-1])
    except ValueError as error:
        raise Refused(409, "见证人说大小不符，却没有按规定报出它的大小") from error


_REASONS = {
    400: "见证人读不懂送去的检查点（HTTP 400）",
    403: "见证人不认这本账的签名密钥（HTTP 403）：请见证人登记现用的验证密钥",
    404: "见证人没有登记这本账（HTTP 404）：请见证人登记本账本的验证密钥，并核对见证人网址",
    422: "见证人认为一致性证明不成立（HTTP 422）：本账本与它见证过的内容接不上",
}


def _lines(checkpoint: str, key: Key, status: int, body: bytes) -> list[str]:
    """The witness's own lines in a good answer, each verified; lines of keys we do not know are left out."""
    if status != 200:
        raise Refused(status, _REASONS.get(status, f"见证人没有见证（HTTP {status}）"))
    text = parse_note(checkpoint).text
    try:
        answer = body.decode()
        note = parse_note(f"{text}\n{answer}")
        if note.text != text:
            raise ValueError("答复里夹有空行")
        lines = zip(note.signatures, answer.split("\n"), strict=False)
        mine = [line for found, line in lines if (found.name, found.id) == (key.name, key.id)]
        for line in mine:
            open_checkpoint(f"{text}\n{line}\n", [key])
    except ValueError as error:
        raise Refused(200, f"见证人的答复不能采用：{error}") from error
    if not mine:
        raise Refused(200, f"见证人的答复里没有 {key.name} 的签名，请核对登记的见证人验证密钥")
    return mine
