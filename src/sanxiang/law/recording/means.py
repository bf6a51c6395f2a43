"""The means of recording 记录手段: what a file is, what a clip says of itself, what fulfils which demand."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MEANS = {"audio": "录音", "video": "录像", "photo": "照相", "cctv": "视频监控"}
SAME = {"body-camera": "video", "camcorder": "video", "camera": "photo", "recorder": "audio"}
"""Devices that some schemes name where others name what they make."""

WORDS = (
    ("cctv", re.compile("视频监控|监控")),
    ("audio", re.compile("录音")),
    ("video", re.compile("录像|摄像|视频(?!监控)|执法记录仪")),
    ("photo", re.compile("照相|拍照|照片|摄影")),
)
NOTHING = frozenset({"无", "不录", "不需要", "不记录", "文字", "文字记录", "否", "没有", "/", "—", "-"})
"""What a cell says where nothing is to be recorded in sound or film."""

SUFFIXES = {
    "photo": ("jpg", "jpeg", "png", "gif", "bmp", "webp", "heic", "tif", "tiff"),
    "audio": ("mp3", "wav", "m4a", "aac", "amr", "ogg", "flac", "wma"),
    "video": ("mp4", "mov", "avi", "mkv", "webm", "m4v", "3gp", "mts", "ts", "mpg", "mpeg", "wmv", "flv"),
}
KINDS = {"image": "photo", "audio": "audio", "video": "video"}

Clip = dict[str, str]
"""One recording: means, began and ended (the minute, or "" where nobody stated them), device, name and digest of its file; its
place where one is stated."""


def normal(forms: Iterable[str]) -> tuple[str, ...]:
    """Means by our own four names, each once, in order."""
    return tuple(dict.fromkeys(SAME.get(form, form) for form in forms))


def means_in(text: str) -> tuple[str, ...]:
    """The means that a cell of a list names: 录像、照相."""
    return tuple(name for name, pattern in WORDS if pattern.search(text))


def said(forms: Iterable[str]) -> str:
    """Means as a sentence has them: 录音、录像或者视频监控."""
    *most, last = [MEANS.get(form, form) for form in forms] or [""]
    return f"{'、'.join(most)}或者{last}" if most else last


def means_of(file: Mapping[str, Any]) -> str:
    """What a file is by its type, else by its name; "" where neither says so."""
    kind = KINDS.get(str(file.get("mime") or "").partition("/")[0], "")
    ending = str(file.get("name") or "").rpartition(".")[2].lower()
    return kind or next((name for name, endings in SUFFIXES.items() if ending in endings), "")


def may_be(means: str, file: Mapping[str, Any]) -> bool:
    """Can this file be a recording by these means? A photograph is no film, whatever its row says."""
    known = means_of(file)
    return not known or means == known or (known == "video" and means in ("cctv", "audio"))


def files_in(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of footage that an act brings."""
    found = [*(data.get("photos") or ()), *((data.get("files") or ()) if _sights(data) else ())]
    return [file for file in found if isinstance(file, Mapping)]


def _sights(data: Mapping[str, Any]) -> bool:
    """Are the act's `files` footage? Evidence says of which kind it is; where nothing is said, they are."""
    return str(data.get("kind", "audiovisual")) == "audiovisual"


def file_of(row: Mapping[str, Any], place: int, files: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The file that a clip's row is about: the one it names, else the one in its own place."""
    name = str(row.get("file") or "")
    if name:
        return next((file for file in files if file.get("name") == name), None)
    return files[place] if place < len(files) else None


def clips_of(data: Mapping[str, Any]) -> list[Clip]:
    """What an act brings in sound and film: each stated clip with its file, and each file of which nothing is stated."""
    files, found, told = files_in(data), [], set()
    for place, row in enumerate(data.get("clips") or ()):
        file = file_of(row, place, files)
        if file is not None:
            told.add(id(file))
            found.append(_clip(str(row.get("means") or means_of(file)), row, file))
    return [*found, *(_clip(means_of(file), {}, file) for file in files if id(file) not in told)]


def _clip(means: str, row: Mapping[str, Any], file: Mapping[str, Any]) -> Clip:
    times = {key: str(row.get(key) or "") for key in ("began", "ended", "device")}
    times |= {"place": str(row["place"])} if row.get("place") else {}
    return {"means": means, **times, "name": str(file.get("name", "")), "digest": str(file.get("digest", ""))}


def fits(clip: Mapping[str, str], forms: Iterable[str]) -> bool:
    """Is the clip made by one of these means? Where none is named, any will do."""
    wanted = tuple(forms)
    return not wanted or clip["means"] in wanted
