"""Run a command beside a PostgreSQL of its own: `python tools/postgres.py [--durable] -- COMMAND…`.

The server lives in a temporary folder on a free port of 127.0.0.1, under an ordinary user when we are root, and is gone
afterwards, also when the command fails. The command finds it in SANXIANG_DATABASE_URL.
"""

import argparse
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from system import postgres_folder

START_SECONDS = 60
STOP_SECONDS = 20
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
"""Only for tests: their data need not survive a power cut. Benches pass --durable."""


class NoServer(Exception):
    """PostgreSQL cannot be started here; the message says why."""


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as: nobody special unless we are root, which initdb refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServer("以 root 运行时需要名为 postgres 或 nobody 的普通用户来启动 PostgreSQL。")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(user: pwd.struct_passwd | None, *words: str, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a PostgreSQL program as `user`, with its talk in a log beside the data."""
    with (cwd / "log").open("ab") as log:
        return subprocess.Popen(
            words,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(cwd)},
            start_new_session=True,  # Ctrl-C must reach the tests first; the server is stopped after them
        )


def log_of(folder: Path) -> str:
    """The last lines of the server's log, for a person to read."""
    return "\n".join((folder / "log").read_text(errors="replace").splitlines()[-15:])


def create(binaries: Path, folder: Path, user: pwd.struct_passwd | None, password: str) -> None:
    """initdb: UTF-8, password needed even on this machine."""
    secret = folder / "password"
    secret.write_text(password)
    if user:
        for path in (folder, secret):
            os.chown(path, user.pw_uid, user.pw_gid)
    words = ["-D", str(folder / "data"), "-U", "sanxiang", f"--pwfile={secret}", "-A", "scram-sha-256"]
    made = command(
        user, str(binaries / "initdb"), *words, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", cwd=folder
    )
    if made.wait() != 0:
        raise NoServer(f"PostgreSQL 数据目录未能建立：\n{log_of(folder)}")


def answers(binaries: Path, port: int) -> bool:
    """True once the server takes connections."""
    words = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(words, check=False).returncode == 0


def start(
    binaries: Path, folder: Path, user: pwd.struct_passwd | None, durable: bool
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server; another try when somebody took the port in between."""
    for _attempt in range(3):
        port = free_port()
        settings = [
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
            "max_connections=200",
        ]
        settings += ["shared_buffers=256MB", *([] if durable else FAST)]
        options = [word for setting in settings for word in ("-c", setting)]
        server = command(user, str(binaries / "postgres"), "-D", str(folder / "data"), *options, cwd=folder)
        patience = time.monotonic() + START_SECONDS
        while server.poll() is None and time.monotonic() < patience:
            if answers(binaries, port):
                return server, port
            time.sleep(0.1)
        stop(server)
    raise NoServer(f"PostgreSQL 未能启动：\n{log_of(folder)}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then without asking."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)


@contextlib.contextmanager
def running(durable: bool = False) -> Iterator[str]:
    """A PostgreSQL for the time of the block; yields its address for SANXIANG_DATABASE_URL."""
    binaries = postgres_folder()
    if binaries is None:
        raise NoServer("本机没有 PostgreSQL 服务器，请管理员执行 apt-get install postgresql 后重试。")
    user, password = unprivileged(), secrets.token_hex(12)
    folder = Path(tempfile.mkdtemp(prefix="sanxiang-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        create(binaries, folder, user, password)
        server, port = start(binaries, folder, user, durable)
        # The database "postgres" always exists; Django makes test databases beside it.
        yield f"postgresql://sanxiang:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def leave(number: int, frame: FrameType | None) -> None:
    """Turn a SIGTERM into an exit that runs the clean-up above."""
    raise SystemExit(128 + number)


def main() -> int:
    """The command line above."""
    parser = argparse.ArgumentParser(description="在临时 PostgreSQL 旁运行一条命令")
    parser.add_argument("--durable", action="store_true", help="按真实耐久要求写盘（测速用）")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="要运行的命令")
    args = parser.parse_args()
    words = args.command[1:] if args.command[:1] == ["--"] else args.command
    signal.signal(signal.SIGTERM, leave)
    try:
        with running(args.durable) as url:
            here = {**os.environ, "SANXIANG_DATABASE_URL": url}
            return subprocess.run(words, env=here, check=False).returncode
    except NoServer as reason:
        print(reason, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
