"""How we speak to another system: one JSON document a message, one question about what it has (docs/exchange.md)."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sanxiang.door.exchange.connectors import NoCredential, secret_of
from sanxiang.door.models import Connector, Outgoing

TIMEOUT = 10.0
"""Seconds that an answer is waited for."""
LONGEST = 32 * 1024 * 1024
"""Bytes of an answer that are read at most."""
LATER = (408, 425, 429)
"""Answers below 500 after which the same may be tried again."""

TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (ConnectionRefusedError, "那个地址上没有服务，连接被拒绝"),
    (ConnectionError, "连接中断"),
    (TimeoutError, "等候超过十秒"),
    (socket.gaierror, "找不到那个地址"),
    (ssl.SSLCertVerificationError, "对方的证书不可信"),
    (json.JSONDecodeError, "回答的不是约定的格式"),
)


class Away(Exception):
    """The other side is not there, or says to come again; the message is a Chinese sentence."""


class Rejected(Exception):
    """The other side has read the message and will not have it; the message is a Chinese sentence."""


class _Straight(urllib.request.HTTPRedirectHandler):
    """No redirects: a credential goes where the connector says and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """None means: an answer of 300 and more is an error."""
        return


OPENER = urllib.request.build_opener(_Straight)


def asked(connector: Connector, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> Any:
    """The JSON that the other side answers. Raises Away or Rejected."""
    text = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    try:
        secret = secret_of(connector)
        headers |= {"Authorization": f"Bearer {secret}"} if secret else {}
        headers |= {"Idempotency-Key": key} if key else {}
        request = urllib.request.Request(connector.url + path, text, headers)
        with OPENER.open(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read(LONGEST) or b"{}")
    except urllib.error.HTTPError as error:
        raise refusal(error) from error
    except NoCredential as error:
        raise Away(str(error)) from error
    except (OSError, ValueError) as error:
        raise Away(f"{connector.name}没有答复：{trouble(error)}"[:500]) from error


def trouble(error: OSError | ValueError) -> str:
    """Why nobody answered, in words for what happens every day; for the rest what the machine says."""
    cause = getattr(error, "reason", error)
    for kind, words in TROUBLES:
        if isinstance(cause, kind):
            return words
    return str(cause)


def refusal(error: urllib.error.HTTPError) -> Away | Rejected:
    """What an answer that is no yes means, with the other side's own words."""
    try:
        said = json.loads(error.read(100_000))
        words = str(said.get("error") or said.get("message") or said) if isinstance(said, dict) else str(said)
    except (OSError, ValueError):
        words = ""
    told = f"对方答复 {error.code}{f'：{words}' if words else ''}"[:500]
    return Away(told) if error.code >= 500 or error.code in LATER else Rejected(told)


def send(message: Outgoing) -> str:
    """Hand one message over; the receipt. Raises Away or Rejected."""
    body = {
        "key": message.key,
        "event": message.event,
        "subject": message.subject,
        "agency": message.agency.name,
        "agency_code": message.agency.uscc,
        "act": str(message.act or ""),
        "made_at": message.made_at.isoformat(),
        "digest": message.digest,
        "record": message.payload,
    }
    said = asked(message.connector, "/messages", body, message.key)
    receipt = str(said.get("receipt") or "") if isinstance(said, dict) else ""
    if not receipt:
        raise Away("对方的答复里没有回执编号")
    return receipt[:300]


def held(connector: Connector) -> dict[str, str]:
    """What the other side has of ours: the digest by subject. Raises Away or Rejected."""
    found: dict[str, str] = {}
    after = ""
    while True:
        page, following = page_of(asked(connector, f"/records?after={quote(after, safe='')}"))
        if page and page.keys() <= found.keys():
            raise Away(f"对方没有照格式翻页：“{after[:80]}”之后列出的，前面都列过了")
        found |= page
        if not following or not page:
            return found
        after = following


def page_of(said: Any) -> tuple[dict[str, str], str]:
    """One page of what the other side has, and after which subject to ask next. Raises Away."""
    rows = said.get("records") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise Away("对方没有照格式列出它有的记录")
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        told = [row.get(name) if isinstance(row, dict) else None for name in ("subject", "digest")]
        if not all(isinstance(one, str) and one for one in told):
            raise Away(f"对方没有照格式列出它有的记录：第 {number} 条没有写明 subject 和 digest")
        found[str(told[0])] = str(told[1])
    return found, str(said.get("next") or "")
