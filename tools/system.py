"""What the tests need from the operating system, and where it stands: a PostgreSQL server, Chromium, and the code of an S3 server.

As root on Debian the missing packages are installed; otherwise one sentence names what an administrator must install.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

GO_SOURCES = Path("/usr/share/gocode")
"""Where Debian puts the sources of Go libraries."""
GO_PACKAGES = ("golang-go", "golang-golang-x-mod-dev")
CHROMIUM_NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    """stdout belongs to the tests."""
    print(text, file=sys.stderr, flush=True)


def postgres_folder() -> Path | None:
    """The folder that holds initdb and postgres: the newest of Debian's versions, otherwise where the PATH points."""
    folders = [f for f in Path("/usr/lib/postgresql").glob("*/bin") if (f / "initdb").exists()]
    if folders:
        return max(folders, key=lambda f: [int(n) for n in re.findall(r"\d+", f.parent.name)])
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


def chromium() -> Path | None:
    """The browser that stories drive. Ubuntu's package of that name is an empty hull around a snap: not counted."""
    if chosen := os.environ.get("SANXIANG_CHROMIUM"):
        return Path(chosen)
    for name in CHROMIUM_NAMES:
        if (found := shutil.which(name)) and not is_snap(Path(found)):
            return Path(found)
    return None


def is_snap(browser: Path) -> bool:
    """True for the launcher scripts that only start (or advertise) a snap."""
    return "/snap/" in str(browser.resolve()) or b"snap" in browser.read_bytes()[:4000].lower()


def on_ubuntu() -> bool:
    """Ubuntu has no Chromium package that could be driven; browser stories are skipped there."""
    release = Path("/etc/os-release")
    return release.exists() and bool(re.search(r"^ID=.?ubuntu", release.read_text(), re.MULTILINE))


def go() -> Path | None:
    """The Go compiler, where the library of the checksum database is there too."""
    found = shutil.which("go")
    library = GO_SOURCES / "src/golang.org/x/mod/sumdb/tlog"
    return Path(found) if found and library.is_dir() else None


def missing() -> list[str]:
    """Names of the Debian packages that are needed and not there."""
    packages = [] if postgres_folder() else ["postgresql"]
    if chromium() is None and not on_ubuntu():
        packages.append("chromium")
    return packages


def has_swift() -> bool:
    """Can Debian's Python start OpenStack Swift, the S3 server of the store's tests? It brings no service of the system."""
    python = Path("/usr/bin/python3")
    return (
        python.exists()
        and subprocess.run([python, "-c", "import swift"], capture_output=True, check=False).returncode == 0
    )


def apt(*words: str) -> bool:
    """Run apt-get without questions; its talk goes to stderr."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-y", *words], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    return done.returncode == 0


def ensure() -> None:
    """Install what is missing, or stop with the one sentence that says what must be installed by whom."""
    packages, welcome = missing(), [] if has_swift() else ["python3-swift"]
    if packages + welcome and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"正在安装系统软件包：{' '.join(packages + welcome)} …")
        apt("update")
        # One after the other: where there is no Swift to be had, the others must come all the same.
        for some in filter(None, (packages, welcome)):
            apt("install", "--no-install-recommends", *some)
        packages = missing()
    if packages:
        raise SystemExit(f"缺少系统软件包，请管理员执行 apt-get install {' '.join(packages)} 后重试。")
    if go() is None:
        say(f"本机没有 {'、'.join(GO_PACKAGES)}，由外人的 Go 程序核验账本的测试将跳过。")
    if chromium() is None:
        say("本机没有可驱动的 Chromium（Ubuntu 只提供 snap），浏览器测试将跳过。")
    if not has_swift():
        say("本机没有 OpenStack Swift（apt-get install python3-swift），对象存储的测试将跳过。")


if __name__ == "__main__":
    ensure()
