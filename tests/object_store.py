"""A real S3 server for tests: OpenStack Swift with its `s3api`, over sockets of 127.0.0.1, in a temporary folder.

Debian's `python3-swift` alone is enough: the four servers are started here, as whoever runs the tests, and no service of the
system is touched. No memcached either: Swift asks it for tokens and remembered containers, and does without when it is away.
"""

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = "/usr/bin/python3"
"""Debian's own: what apt installs, no virtual environment sees."""
REGION = "us-east-1"
START_SECONDS = 30
KINDS = ("account", "container", "object")

SERVER = """
import sys
from swift.common import utils
utils.set_swift_dir({folder!r})
utils.validate_hash_conf()
from swift.common.storage_policy import reload_storage_policies
reload_storage_policies()
from swift.common.wsgi import run_wsgi
callback = None
if {name!r} == "object-server":
    from swift.obj.server import global_conf_callback as callback
sys.exit(run_wsgi({conf!r}, {name!r}, global_conf_callback=callback) if callback else run_wsgi({conf!r}, {name!r}))
"""
RINGS = """
from swift.common.ring import RingBuilder
for kind, port in {ports!r}.items():
    builder = RingBuilder(2, 1, 0)
    builder.add_dev(dict(id=0, region=1, zone=1, ip="127.0.0.1", port=port, device="disk", weight=1,
                         replication_ip="127.0.0.1", replication_port=port))
    builder.rebalance()
    builder.get_ring().save({folder!r} + "/" + kind + ".ring.gz")
"""
PIPELINE = (
    "catch_errors cache listing_formats s3api tempauth copy slo dlo versioned_writes symlink proxy-server"
)


class NoObjectStore(Exception):
    """Swift cannot be started here; the message says why."""


@dataclass
class ObjectStore:
    """A running server, where it stands and who may enter."""

    folder: Path
    ports: dict[str, int]
    secret: str
    key: str = "test:tester"
    servers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.ports['proxy']}"

    def start(self, *kinds: str) -> None:
        """Start these servers, or all, and wait until each takes connections."""
        for kind in kinds or tuple(self.ports):
            conf, name = str(self.folder / f"{kind}.conf"), f"{kind}-server"
            code = SERVER.format(folder=str(self.folder), conf=conf, name=name)
            with (self.folder / f"{kind}.log").open("ab") as log:
                self.servers[kind] = subprocess.Popen(
                    [PYTHON, "-c", code],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
                    start_new_session=True,
                )
        patience = time.monotonic() + START_SECONDS
        for kind in kinds or tuple(self.ports):
            while not _listening(self.ports[kind]):
                if self.servers[kind].poll() is not None or time.monotonic() > patience:
                    raise NoObjectStore((self.folder / f"{kind}.log").read_text(errors="replace")[-3000:])
                time.sleep(0.05)

    def stop(self, *kinds: str) -> None:
        """Stop these servers, or all."""
        for kind in kinds or tuple(self.servers):
            server = self.servers.pop(kind)
            # Each has a session of its own, and workers in it; its data is not worth a farewell.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    def pieces(self) -> list[Path]:
        """The files in which the server keeps the bytes of objects."""
        return list((self.folder / "disks").rglob("*.data"))


def installed() -> bool:
    """Is Swift's code on this machine?"""
    if not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", "import swift"], capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def running() -> Iterator[ObjectStore]:
    """An S3 server for the time of the block. Raises NoObjectStore."""
    if not installed():
        raise NoObjectStore("本机没有 OpenStack Swift，请管理员执行 apt-get install python3-swift 后重试")
    folder = Path(tempfile.mkdtemp(prefix="sanxiang-s3-"))
    server = ObjectStore(folder, _free_ports("proxy", *KINDS), secrets.token_hex(12))
    try:
        _prepare(server)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(server: ObjectStore) -> None:
    """Settings and rings: one disk, one copy."""
    folder = server.folder
    (folder / "disks" / "disk").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        f"[swift-hash]\nswift_hash_path_suffix = {secrets.token_hex(8)}\n"
        "[storage-policy:0]\nname = Policy-0\ndefault = yes\n"
    )
    (folder / "memcache.conf").write_text("")
    common = f"swift_dir = {folder}\nbind_ip = 127.0.0.1\nuser = {getpass.getuser()}\nworkers = 0\nlog_level = WARNING\n"
    for kind in KINDS:
        (folder / f"{kind}.conf").write_text(
            f"[DEFAULT]\n{common}bind_port = {server.ports[kind]}\ndevices = {folder}/disks\nmount_check = false\n"
            f"fallocate_reserve = 0\n[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
        )
    filters = "".join(
        f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in PIPELINE.split()[:-1] if name not in OWN
    )
    # Nobody listens on port 1: the memory of the proxy is away, and it says so at once.
    filters += "[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:1\nerror_suppression_limit = 1\n"
    filters += f"[filter:s3api]\nuse = egg:swift#s3api\nlocation = {REGION}\n"
    account, user = server.key.split(":")
    filters += (
        f"[filter:tempauth]\nuse = egg:swift#tempauth\nuser_{account}_{user} = {server.secret} .admin\n"
    )
    filters += "[filter:versioned_writes]\nuse = egg:swift#versioned_writes\nallow_object_versioning = true\n"
    (folder / "proxy.conf").write_text(
        f"[DEFAULT]\n{common}bind_port = {server.ports['proxy']}\n[pipeline:main]\npipeline = {PIPELINE}\n{filters}"
        "[app:proxy-server]\nuse = egg:swift#proxy\nallow_account_management = true\naccount_autocreate = true\n"
    )
    rings = RINGS.format(ports={kind: server.ports[kind] for kind in KINDS}, folder=str(folder))
    made = subprocess.run([PYTHON, "-c", rings], capture_output=True, text=True, check=False)
    if made.returncode:
        raise NoObjectStore(made.stderr[-3000:])


OWN = ("cache", "s3api", "tempauth", "versioned_writes")
"""Parts of the pipeline with settings of their own."""


def _free_ports(*names: str) -> dict[str, int]:
    """A port for each that nobody listens on just now."""
    found = {}
    with contextlib.ExitStack() as held:
        for name in names:
            probe = held.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            found[name] = int(probe.getsockname()[1])
    return found


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
