"""Start Django for commands that need the data folder; pure commands never import it."""

import argparse
import importlib
import os
from pathlib import Path

from sanxiang.commands.output import Wrong
from sanxiang.speech import trouble_of


def data_folder(args: argparse.Namespace, default: str = "var/sanxiang") -> Path:
    """The data folder: --data, SANXIANG_DATA, or the default in the working directory."""
    return Path(getattr(args, "data", None) or os.environ.get("SANXIANG_DATA") or default).resolve()


def start(args: argparse.Namespace, default: str = "var/sanxiang", must_exist: bool = True) -> Path:
    """Point the settings at the data folder and set Django up. Raises Wrong where nothing was initialised."""
    folder = data_folder(args, default)
    if must_exist and not (folder / "secret.key").exists():
        raise Wrong(
            f"数据目录 {folder} 还没有初始化。先运行：sanxiang init --locality 规则包编号 --agency 机关名称 --data {folder}"
        )
    try:
        (folder / "static").mkdir(parents=True, exist_ok=True)
        shut(folder)
    except OSError as error:
        raise Wrong(f"不能建立数据目录 {folder}：{trouble_of(error)}。换一个有写权限的目录") from error
    os.environ["SANXIANG_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiang.settings")
    try:
        importlib.import_module("sanxiang.settings")
    except ValueError as error:
        raise Wrong(f"设置有误：{error}") from error
    importlib.import_module("django").setup()
    return folder


OURS = {"static", "localities", "calendar"}
"""What a data folder may hold before anything was initialised in it."""


def shut(folder: Path) -> None:
    """Close a data folder that is new to everybody else on the machine: cases and informants are in it.

    A folder that holds anything besides ours is somebody's; `doctor` says what to do about one that stands open.
    """
    if {there.name for there in folder.iterdir()} <= OURS:
        folder.chmod(0o700)


def migrated() -> None:
    """Bring the database to this version's shape."""
    call_command = importlib.import_module("django.core.management").call_command
    call_command("migrate", verbosity=0, interactive=False)
