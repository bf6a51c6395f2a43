"""A real time stamp authority on 127.0.0.1: certificates by openssl, each reply by `openssl ts -reply`."""

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from openssl import openssl

_CONFIG = """\
[req]
distinguished_name = nobody
[nobody]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[stamps]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[signs]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
accuracy = secs:1
"""


@dataclass
class Authority:
    """Where it answers, the certificate that a stranger trusts it by, and `answer`, which a test may replace."""

    folder: Path
    sends: tuple[str, ...]
    url: str = ""
    answer: Callable[[bytes], bytes] = field(default=lambda query: b"", repr=False)
    turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def root_file(self) -> Path:
        """The root certificate (PEM)."""
        return self.folder / "root.pem"

    @property
    def root(self) -> str:
        """The root certificate's text."""
        return self.root_file.read_text(encoding="ascii")

    def reply(self, query: bytes) -> bytes:
        """What `openssl ts -reply` answers; a query that it cannot read is refused in a reply as well."""
        with self.turn, tempfile.TemporaryDirectory() as place:
            asked, given = Path(place, "query"), Path(place, "reply")
            asked.write_bytes(query)
            chain = self.folder / "chain.pem"
            chain.write_bytes(b"".join((self.folder / f"{name}.pem").read_bytes() for name in self.sends))
            words = [
                "-config",
                self.folder / "config",
                "-section",
                "here",
                "-queryfile",
                asked,
                "-out",
                given,
            ]
            words += ["-signer", self.folder / "leaf.pem", "-inkey", self.folder / "leaf.key"]
            openssl("ts", "-reply", *words, *(["-chain", chain] if self.sends else []), code=None)
            return given.read_bytes()

    def accepts(self, reply: bytes, data: bytes) -> bool:
        """Whether `openssl ts -verify`, which a stranger would run, accepts the stamp."""
        with tempfile.TemporaryDirectory() as place:
            Path(place, "reply").write_bytes(reply)
            Path(place, "data").write_bytes(data)
            words = ["-in", Path(place, "reply"), "-data", Path(place, "data"), "-CAfile", self.root_file]
            return openssl("ts", "-verify", *words, code=None).returncode == 0


@contextlib.contextmanager
def authority(
    folder: Path, *, middle: bool = False, sends: tuple[str, ...] = (), use: str = "stamps"
) -> Iterator[Authority]:
    """An authority for the time of the block, its files in the empty `folder`.

    With `middle` an intermediate certificate stands between root and leaf. `sends` names certificates ("root",
    "middle") that each reply carries beside the leaf's own. `use` "signs" gives it a certificate that is not for
    time stamps.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config").write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    _certificate(folder, "root", "root", None)
    if middle:
        _certificate(folder, "middle", "root", "root")
    _certificate(folder, "leaf", use, "middle" if middle else "root")
    one = Authority(folder, sends)
    one.answer = one.reply
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(one))
    one.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


def _certificate(folder: Path, name: str, extensions: str, issuer: str | None) -> None:
    key, request, config = folder / f"{name}.key", folder / f"{name}.csr", folder / "config"
    subject = ("-subj", f"/CN={name} of the authority in {folder.name}", "-config", config)
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    openssl("req", "-new", "-key", key, "-out", request, *subject)
    signs = (
        ("-CA", folder / f"{issuer}.pem", "-CAkey", folder / f"{issuer}.key", "-CAcreateserial")
        if issuer
        else ("-signkey", key)
    )
    how = ("-days", "3650", "-extfile", config, "-extensions", extensions)
    openssl("x509", "-req", "-in", request, "-out", folder / f"{name}.pem", *signs, *how)


def _handler(one: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            good = self.headers["Content-Type"] == "application/timestamp-query" and self.path == "/tsa"
            body = one.answer(query) if good else b""
            self.send_response(200 if good else 404)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests say what matters."""

    return Handler
