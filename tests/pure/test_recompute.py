"""What the two published tools say where there is nothing to hold against anything yet: in Chinese, and never that it does not hold."""

import subprocess
import sys
from pathlib import Path

import pytest

from sanxiang.law.drawing import order
from source_tree import ROOT

TOOLS = ROOT / "src/sanxiang/square/inspection"
WAYS = (
    pytest.param([sys.executable, "-I", str(TOOLS / "recompute.py")], id="python"),
    pytest.param(["sh", str(TOOLS / "recompute.sh")], id="shell"),
)
SEED, VALUE = "5e" * 32, "开奖号码 3 1 4"
PAGE = '<!doctype html>\n<html lang="zh-CN"><title>没有这一页</title></html>\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The six files of a small draw."""
    objects, officers, barred = ["甲", "乙", "丙", "丁"], ["A1", "A2", "A3"], {("甲", "A1")}
    lists = (order.listed(objects), order.listed(officers), order.paired(barred))
    key = order.key_of(SEED, VALUE)
    rows = order.assigned(key, order.drawn(key, objects, 2), officers, barred, 2)
    files = dict(zip(("objects.txt", "officers.txt", "barred.txt"), lists, strict=True))
    files["commit.txt"] = order.commitment("一号", SEED, "开奖号码", lists, 2, 2)
    files["draw.txt"] = f"seed {SEED}\nvalue {VALUE}\n"
    files["result.txt"] = "".join(f"{' '.join(row)}\n" for row in rows)
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def told(way: list[str], folder: Path) -> tuple[int, str]:
    """The code and every word of one run."""
    run = subprocess.run(
        [*way, str(folder)], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False
    )
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize("way", WAYS)
def test_before_the_draw_it_is_said_that_nothing_was_drawn(way: list[str], folder: Path) -> None:
    """A file that is not there, a web page saved in its place, half a file: each is named, nothing is called false."""
    assert told(way, folder) == (0, "成立：重算的结果与公布的相同，抽到 2 个对象\n")
    kept = (folder / "draw.txt").read_text("utf-8")
    (folder / "draw.txt").unlink()
    assert told(way, folder) == (2, "没有重算：缺少文件 draw.txt（还没有抽取的，抽取之后才有）\n")
    (folder / "draw.txt").write_text(PAGE, "utf-8")
    assert told(way, folder) == (
        2,
        "没有重算：draw.txt 是一个网页，不是要的文件（还没有抽取的，抽取之后才有）\n",
    )
    (folder / "draw.txt").write_text(f"seed {SEED}\n", "utf-8")
    assert told(way, folder) == (2, "没有重算：draw.txt 里没有“value”一行，请重新下载\n")
    (folder / "draw.txt").write_text(kept, "utf-8")
    (folder / "objects.txt").write_text(PAGE, "utf-8")
    assert told(way, folder) == (2, "没有重算：objects.txt 是一个网页，不是要的文件（请从抽取页面下载）\n")


@pytest.mark.parametrize("way", WAYS)
def test_what_was_changed_still_does_not_hold(way: list[str], folder: Path) -> None:
    (folder / "draw.txt").write_text(f"seed 0{SEED}\nvalue {VALUE}\n", "utf-8")
    code, text = told(way, folder)
    assert code == 1 and "不成立：种子与封存的校验值不符" in text
