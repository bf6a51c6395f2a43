"""A scheme's values in words that people read: codes become labels, days are written as papers write them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sanxiang.speech import cn_moment


def plain(value: Any) -> str:
    """A parameter's value: numbers and texts as they are, days as papers write them, lists a line each, tables label by label."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return named(value)
    if isinstance(value, (list, tuple)):
        texts = [plain(one) for one in value]
        return "\n".join(texts) if any("：" in t or len(t) > 12 for t in texts) else "、".join(texts)
    return NOT_STATED if value == "not-stated" else CODES.get(str(value)) or cn_moment(value)


_READ = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))
KEYS: dict[str, str] = _READ["keys"]
CODES: dict[str, str] = _READ["codes"]
NOT_STATED = "方案未载明"
HIDDEN_KEYS = ("id", "code", "derived", "optional")


def named(table: Mapping[str, Any]) -> str:
    """A table as one line: its label first, the rest in brackets."""
    label = str(table.get("label") or table.get("title") or table.get("kind") or "")
    label = CODES.get(label, label)
    rest = [
        f"{KEYS.get(key, key)}：{plain(value).replace(chr(10), '、')}"
        for key, value in table.items()
        if key not in ("label", "title", "kind", *HIDDEN_KEYS) and value not in (None, "", [], {}, False)
    ]
    return f"{label}（{'；'.join(rest)}）" if label and rest else label or "；".join(rest)


def papers_named(value: Any, labels: Mapping[str, str]) -> Any:
    """The value with each paper that a table of it lists by its label, not by its id."""
    if isinstance(value, (list, tuple)):
        return [papers_named(one, labels) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: [f"《{labels.get(one, one)}》" for one in told]
        if key == "papers" and isinstance(told, (list, tuple))
        else papers_named(told, labels)
        for key, told in value.items()
    }
