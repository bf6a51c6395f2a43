"""重算一次双随机抽取，只用 Python 3：python3 recompute.py 文件夹，或者 python3 recompute.py 抽取页面的网址

Reads the six public files of a draw, holds the lists and the seed against what was committed to, draws again and compares. It
imports nothing of the platform that made the draw. Exit 0: the same; 1: not the same; 2: could not be read.
"""

import hashlib
import sys
import urllib.error
import urllib.request
from pathlib import Path

MISSING = {
    "commit.txt": "还没有封存，或者网址不是抽取页面的",
    "draw.txt": "还没有抽取的，抽取之后才有",
    "result.txt": "还没有抽取的，抽取之后才有",
}
LINES = (("commit.txt", "rule"), ("draw.txt", "seed"), ("draw.txt", "value"))
FILES = ("commit.txt", "objects.txt", "officers.txt", "barred.txt", "draw.txt", "result.txt")


class Unread(Exception):
    """There is nothing to hold against anything."""


def digest(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fetch(place: str, name: str) -> str:
    """One file of a folder or a web address. Raises Unread where it is not there, or a web page came instead."""
    why = MISSING.get(name, "请从抽取页面下载")
    try:
        text = bytes_of(place, name).decode("utf-8")
    except (FileNotFoundError, urllib.error.HTTPError) as error:
        if getattr(error, "code", 404) not in (404, 410):
            raise
        raise Unread(f"缺少文件 {name}（{why}）") from error
    if any(mark in text[:500].lower() for mark in ("<!doctype", "<html")):
        raise Unread(f"{name} 是一个网页，不是要的文件（{why}）")
    return text


def bytes_of(place: str, name: str) -> bytes:
    """What stands there."""
    if not place.startswith(("http://", "https://")):
        return (Path(place) / name).read_bytes()
    with urllib.request.urlopen(place.rstrip("/") + "/" + name) as answer:
        return bytes(answer.read())


def pairs_in(text: str) -> dict[str, str]:
    """Lines of “name value”."""
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


def draw_again(files: dict[str, str]) -> str:
    """The result that follows from the lists, the seed and the value."""
    told, drawn = pairs_in(files["commit.txt"]), pairs_in(files["draw.txt"])
    key = digest(drawn["seed"] + "|" + drawn["value"])
    barred = set(files["barred.txt"].splitlines())
    objects = sorted(
        files["objects.txt"].splitlines(), key=lambda one: (digest(f"{key}|object|{one}"), one.encode())
    )
    lines = []
    for one in objects[: int(told["count"])]:
        officers = [who for who in files["officers.txt"].splitlines() if f"{one} {who}" not in barred]
        officers.sort(key=lambda who: (digest(f"{key}|officer|{one}|{who}"), who.encode()))
        lines.append(" ".join([one, *officers[: int(told["each"])]]))
    return "".join(line + "\n" for line in lines)


def faults_of(files: dict[str, str]) -> list[str]:
    """What does not hold: a list or the seed that is not the committed one, another result."""
    told, faults = pairs_in(files["commit.txt"]), []
    if told.get("rule") != "sanxiang-draw-1":
        return [f"不认识的抽取规则 {told.get('rule')}"]
    for name, kind in (("objects", "对象名单"), ("officers", "人员名单"), ("barred", "回避名单")):
        if digest(files[f"{name}.txt"]) != told.get(f"{name}-sha256"):
            faults.append(f"{kind} {name}.txt 与封存的校验值不符")
    if digest(pairs_in(files["draw.txt"])["seed"]) != told.get("seed-sha256"):
        faults.append("种子与封存的校验值不符")
    if draw_again(files) != files["result.txt"]:
        faults.append("照公布的算法重算，结果与公布的不同")
    return faults


def main() -> int:
    """The answer in a sentence."""
    if len(sys.argv) != 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    try:
        files = {name: fetch(sys.argv[1], name) for name in FILES}
        for name, line in LINES:
            if line not in pairs_in(files[name]):
                raise Unread(f"{name} 里没有“{line}”一行，请重新下载")
        faults = faults_of(files)
    except Unread as error:
        print(f"没有重算：{error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError) as error:
        print(f"没有重算：文件读不出来（{error}）", file=sys.stderr)
        return 2
    for fault in faults:
        print(f"不成立：{fault}")
    if not faults:
        print(f"成立：重算的结果与公布的相同，抽到 {len(files['result.txt'].splitlines())} 个对象")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
